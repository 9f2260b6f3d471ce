"""Pages of one file for staff: nothing is loaded, no program runs, every text is escaped.

A page works from a disk, in an e-mail and in print. Its links lead to its own parts, drawings
included, by ids.
"""

import hashlib
from base64 import b64encode
from functools import cache
from importlib import resources
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

Part = Element | str | None


def tag(name: str, /, *inside: Part, **facts: object) -> Element:
    """An element with what is inside it; None is left out. `class_` is written as ``class``,
    `aria_label` as ``aria-label``; an attribute that is None is left out too."""
    made = Element(
        name,
        {
            key.rstrip("_").replace("_", "-"): str(value)
            for key, value in facts.items()
            if value is not None
        },
    )
    for part in inside:
        if isinstance(part, str):
            _append_text(made, part)
        elif part is not None:
            made.append(part)
    return made


def _append_text(into: Element, text: str) -> None:
    if len(into):
        into[-1].tail = (into[-1].tail or "") + text
    else:
        into.text = (into.text or "") + text


@cache
def _style() -> str:
    return resources.files("exporter.paper").joinpath("hypertext.css").read_text(encoding="utf-8")


def page(title: str, language: str, *body: Part) -> bytes:
    """A whole page in UTF-8. Its policy lets a browser load nothing, and use no style but its
    own."""
    style = _style()
    digest = b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", http_equiv="Content-Security-Policy", content=policy),
        tag("title", title),
        tag("style", style),
    )
    whole = tag("html", head, tag("body", *body), lang=language)
    text = ElementTree.tostring(whole, encoding="unicode", method="html")
    # A drawing may have names with halves of characters, which no encoding can write.
    return f"<!doctype html>\n{text}\n".encode("utf-8", "replace")
