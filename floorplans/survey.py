"""Which layers drawings by CAD have, and what each is taken for: before they are imported."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from shapely import Polygon

from floorplans import cad_plan, reading
from floorplans.cad import Drawing
from floorplans.control import read_control
from floorplans.limits import LIMITS, Limits
from floorplans.mapping import UNKNOWN
from navkit.plan.plan import Plan
from navkit.words.findings import Finding, PlanError


def survey(paths: Sequence[Path], limits: Limits = LIMITS) -> tuple[Plan, ...]:
    """A plan without anything drawn, with a finding `layer-seen` for each layer, the most used
    first, and `file-surveyed` for each file. It has the form of every answer of the child."""
    sheets = [one for one in reading.sheets_of(paths, limits) if reading.is_cad(one)]
    if not sheets:
        raise PlanError("no-cad-inside", reading.spelt(paths[0].name) if paths else "")
    layers = cad_plan.layers_beside(sheets)
    drawings: list[Drawing] = []
    counts: dict[str, Counter[str]] = {}
    for sheet in sheets:
        drawings += cad_plan.drawings_of(sheet)
    for drawing in drawings:
        for shape in drawing.shapes:
            kind = "areas" if isinstance(shape.drawn, Polygon) else "lines"
            counts.setdefault(shape.layer, Counter())[kind] += 1
        for arc in drawing.arcs:
            counts.setdefault(arc.layer, Counter())["arcs"] += 1
        for words in drawing.words:
            counts.setdefault(words.layer, Counter())["texts"] += 1
    found = [
        Finding("layer-seen", layer, {"role": layers.role_of(layer) or UNKNOWN, **_said(count)})
        for layer, count in sorted(counts.items(), key=lambda item: -item[1].total())
    ]
    files = [Finding("file-surveyed", one.sheet) for one in drawings]
    known = cad_plan.control_of(drawings, read_control(sheets[0].beside))
    placed = known.control.findings(known.fit()) if known else ()
    return (Plan("survey", None, findings=(*found, *files, *placed)),)


def _said(count: Counter[str]) -> dict[str, str]:
    return {kind: str(count[kind]) for kind in ("lines", "areas", "arcs", "texts")}
