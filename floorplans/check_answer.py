"""Checks every part of a child's answer: plans that can be joined, or a refusal."""

import base64
from collections.abc import Iterable

import numpy as np
import shapely

from floorplans.picture_file import is_webp
from floorplans.sheet import Json
from floorplans.under import LONGEST_PX, Under
from navkit.plan.plan import Plan
from navkit.plan.typed_json import from_json
from navkit.words.findings import Finding
from navkit.words.languages import languages

_BOUND_M = 1e8
"""Points further than this from the origin are nowhere on Earth."""


def plans_in(answer: Json) -> tuple[tuple[Plan, ...], Finding | None]:
    """Plans, or why there are none. A `ValueError` if the answer is neither."""
    members = answer if isinstance(answer, dict) else {}
    if members.keys() == {"refused"}:
        refusal = from_json(Finding, members["refused"])
        _check_findings([refusal])
        return (), refusal
    if members.keys() == {"plans"}:
        plans = from_json(tuple[Plan, ...], members["plans"])
        for plan in plans:
            _check(plan)
        return plans, None
    raise ValueError("neither plans nor a refusal")


def under_in(answer: Json) -> tuple[Under | None, Finding | None]:
    """A picture to draw over, or why there is none. A `ValueError` if the answer is neither."""
    members = answer if isinstance(answer, dict) else {}
    if members.keys() != {"under"}:
        return None, plans_in(answer)[1]
    found = from_json(Under, members["under"])
    if not is_webp(base64.b64decode(found.content, validate=True)):
        raise ValueError("another kind of file")
    sides = (found.width_px, found.height_px)
    if not all(1 <= side <= LONGEST_PX for side in sides) or found.pages < 1:
        raise ValueError("a picture of impossible size")
    return found, None


def _check(plan: Plan) -> None:
    """What the field types do not guarantee: that the plan can be joined and named."""
    _check_findings(plan.findings)
    used = [
        *(space.level for space in plan.spaces),
        *(door.level for door in plan.doors),
        *(level for path in plan.paths for level in path.levels),
        *(level for level, _ in (*plan.walls, *plan.floors)),
        *(point.level for point in plan.points),
        *(anchor.level for anchor in plan.anchors),
    ]
    if not set(used) <= {level.key for level in plan.levels}:
        raise ValueError("something is on a level that is not there")
    frame = plan.frame
    if frame and not (abs(frame.origin_lon_deg) <= 180 and abs(frame.origin_lat_deg) <= 90):
        raise ValueError("the origin is nowhere on Earth")
    outlines = [*(space.outline for space in plan.spaces), *(floor for _, floor in plan.floors)]
    if not shapely.is_valid(outlines).all():
        raise ValueError("an outline crosses itself")
    shapes = [
        *outlines,
        *(door.line for door in plan.doors),
        *(path.points for path in plan.paths),
        *(line for _, line in plan.walls),
        *(point.point for point in plan.points),
        *(anchor.point for anchor in plan.anchors),
    ]
    if (np.abs(shapely.bounds(shapes)) > _BOUND_M).any():
        raise ValueError("something is nowhere on Earth")


def _check_findings(findings: Iterable[Finding]) -> None:
    for finding in findings:
        for language in languages():
            try:
                finding.text(language)
            except KeyError as error:
                raise ValueError(f"nothing is said by {finding.code}") from error
