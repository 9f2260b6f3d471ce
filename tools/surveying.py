"""The picture of `navkit mapping --svg`: what each layer is taken for, file by file."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from exporter.paper.hypertext import tag
from floorplans.mapping import UNKNOWN
from floorplans.survey import WIDE, paths_of
from navkit.plan.plan import Plan
from navkit.words.findings import Finding
from tools.terminal import words

PAINT: Mapping[str, tuple[str, float]] = {
    "ignored": ("#c8c8c8", 0.8),
    "outline": ("#7f7f7f", 2.0),
    "room": ("#1f77b4", 1.5),
    "path": ("#8c564b", 1.5),
    "stairs": ("#9467bd", 1.5),
    "lift": ("#2ca02c", 1.5),
    "window": ("#17becf", 1.5),
    "wall": ("#000000", 1.5),
    "door": ("#d62728", 2.0),
    "label": ("#555555", 0.8),
    UNKNOWN: ("#ff00d4", 1.5),
}
"""The colour and the width of the lines of each role, in the order in which they are painted: what
nobody knows is on top, and dashed for whoever sees no colours."""

_MARGIN, _LINE, _SIGN = 40.0, 22.0, 40.0
_LEGEND = 560.0
"""How wide the legend is, beside the first file."""
_FILLED = ("room", "stairs", "lift")
_LETTER = 8.0
_LAYERS = 5
"""So many layers of a role are named."""
_WIDEST = 75
"""Letters of them that stand beside each other."""


def picture(plan: Plan) -> bytes:
    """An SVG of what `floorplans.survey.survey_drawn` found."""
    sheets = sorted({(level.ordinal, level.label) for level in plan.levels})
    legend = [*_legend(plan)]
    down = _MARGIN
    parts: list[Element] = []
    for number, title in sheets:
        drawn, high = _sheet(plan, number)
        parts.append(_text(_MARGIN, down, title, 16))
        place = {"x": f"{_MARGIN:g}", "y": f"{down + 12:g}", "width": f"{WIDE:g}"}
        box = f"{-WIDE / 2:g} {-high / 2:g} {WIDE:g} {high:g}"
        parts.append(tag("svg", *drawn, **place, height=f"{high:g}", viewBox=box))
        down += high + 20 + 2 * _MARGIN
    right = WIDE + 3 * _MARGIN
    parts += [tag("g", *legend, transform=f"translate({right:g} {_MARGIN:g})")]
    wide, high = right + _LEGEND, max(down, 2 * _MARGIN + _LINE * len(legend))
    whole = tag(
        "svg",
        tag("rect", width="100%", height="100%", fill="#ffffff"),
        *parts,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {wide:g} {high:g}",
        width=f"{wide:g}",
        height=f"{high:g}",
        font_family="sans-serif",
    )
    return ('<?xml version="1.0"?>\n' + ElementTree.tostring(whole, "unicode")).encode()


def _sheet(plan: Plan, number: float) -> tuple[list[Element], float]:
    """What one file draws, around 0, 0, and how high it is."""
    found = paths_of(plan, number)
    drawn = [
        tag(
            "path",
            d=found.paths[role],
            fill=colour if role in _FILLED else "none",
            fill_opacity="0.15",
            stroke=colour,
            stroke_width=f"{width:g}",
            stroke_dasharray="6 3" if role == UNKNOWN else None,
        )
        for role, (colour, width) in PAINT.items()
        if role in found.paths
    ]
    for x, y, said, role in found.words:
        colour, _ = PAINT[role]
        drawn.append(_text(x, y, said, _LETTER, fill=colour, text_anchor="middle"))
    return drawn, found.high


def _legend(plan: Plan) -> Iterator[Element]:
    """A row for each role: its colour, what is on its layers, and which these are."""
    layers: dict[str, list[Finding]] = defaultdict(list)
    for finding in plan.findings:
        if finding.code == "layer-seen":
            layers[str(finding.slots["role"])].append(finding)
    down = 0.0
    for role, (colour, width) in reversed([*PAINT.items()]):
        found = layers.get(role, [])
        counts = {
            kind: sum(int(str(one.slots[kind])) for one in found)
            for kind in ("lines", "areas", "arcs", "texts")
        }
        what = [words(f"mapping-{kind}", count=count) for kind, count in counts.items() if count]
        yield tag(
            "line",
            x1=0,
            y1=f"{down - 5:g}",
            x2=_SIGN - 8,
            y2=f"{down - 5:g}",
            stroke=colour,
            stroke_width=f"{2 * width:g}",
            stroke_dasharray="6 3" if role == UNKNOWN else None,
        )
        name = words("mapping-unknown" if role == UNKNOWN else f"mapping-{role}")
        said = ", ".join(what) or words("mapping-nothing")
        said = words("mapping-row", role=name, counts=said)
        yield _text(_SIGN, down, said, 15, font_weight="bold" if role == UNKNOWN else None)
        down += _LINE
        if found:
            yield _text(_SIGN, down, _named(found), 12, fill="#555555")
            down += _LINE


def _named(found: Sequence[Finding]) -> str:
    names = ", ".join(one.where for one in found[:_LAYERS])
    names = names if len(names) <= _WIDEST else f"{names[:_WIDEST]} …"
    return names + (f" (+{len(found) - _LAYERS})" if len(found) > _LAYERS else "")


def _text(x: float, y: float, text: str, size: float, **facts: object) -> Element:
    seen = "".join(letter for letter in text if letter.isprintable())
    return tag("text", seen, x=f"{x:g}", y=f"{y:g}", font_size=f"{size:g}", **facts)
