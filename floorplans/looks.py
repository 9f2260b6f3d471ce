"""How things look, as names of layers: where nobody has named anything, staff tick colours."""

from collections.abc import Sequence

from floorplans.mapping import proposed_of


def fill(colour: str) -> str:
    """Of an area; `colour` is ``#rrggbb`` or ``pattern``."""
    return f"fill {colour}"


def stroke(colour: str, width: float) -> str:
    """Of a line, `width` in the drawing's units."""
    return f"stroke {colour or 'none'} {width:.3g}"


def layer_of(layers: Sequence[str], look: str) -> str:
    """Named layers from the outside in, and how it looks where no name says what it is."""
    return "/".join(layers if proposed_of("/".join(layers)) else (*layers, look))


def text_layer_of(layers: Sequence[str], colour: str, size: float) -> str:
    """Texts are labels in whatever layer they are, unless it is one of notes or furniture."""
    role = proposed_of("/".join(layers))
    if role in ("label", "room", "ignored"):
        return "/".join(layers)
    look = "text" if role else " ".join(filter(None, ("text", colour, f"{size:.3g}")))
    return "/".join((*layers, look))
