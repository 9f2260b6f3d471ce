"""Floors that staff make without a drawing: from what is typed to corrections."""

import re
from collections.abc import Collection, Mapping, Sequence
from itertools import count
from typing import Any

from navkit.plan.storeys import ordinals_of, posted_number, run_of
from navkit.venue.venue import Level
from navkit.words.findings import NavkitError
from navkit.words.languages import languages

Change = dict[str, Any]

MOST_AT_ONCE = 40
"""Floors of one form. A guess: the tallest hospital towers have 30."""

_BETWEEN = re.compile(r"[,，、;；\n]+")
_NO_ID = re.compile(r"[^\w.-]+")
"""Signs that an id in an address cannot have."""


def labels_in(text: str) -> list[str]:
    """The labels that somebody typed, in order, each once: ``1F, 2F``, ``1F 2F`` and ``1-3F``."""
    found: list[str] = []
    for part in filter(None, map(str.strip, _BETWEEN.split(text))):
        words = part.split()
        is_each_one = all(posted_number(word) is not None for word in words)
        for one in words if is_each_one else [" ".join(words)]:
            found += run_of(one) or [one]
    return list(dict.fromkeys(found))


def new_floors(
    levels: Sequence[Level], buildings: Collection[str], form: Mapping[str, str]
) -> list[Change]:
    """The corrections that make the floors of a form: `labels`, and where their labels do not say
    it, `ordinal` of the first, counted from 0 at the ground floor; `building` is the id of a known
    one, or `name-TAG` those of a new one.

    `NavkitError` if a floor is there already, or nobody can tell where it is.
    """
    labels = labels_in(form.get("labels", ""))
    if not labels:
        raise NavkitError("form-empty", field="labels")
    if len(labels) > MOST_AT_ONCE:
        raise NavkitError("too-many-floors", field="labels", most=str(MOST_AT_ONCE))
    changes, building = _building(levels, buildings, form)
    here = [level for level in levels if level.building == building]
    if twice := next((one for one in labels if one in {level.label for level in here}), ""):
        raise NavkitError("floor-there-already", field="labels", label=twice)
    told = ordinals_of([*(level.label for level in here), *labels])
    taken = {level.id for level in levels}
    for number, label in enumerate(labels):
        ordinal = _ordinal(form, number)
        ordinal = told.get(label) if ordinal is None else ordinal
        if ordinal is None:
            raise NavkitError("floor-order-unclear", field="ordinal", label=label)
        key = _free(label, building, taken)
        taken.add(key)
        change: Change = {"do": "add-level", "id": key, "label": label, "ordinal": ordinal}
        changes.append(change | ({"building": building} if building else {}))
    return changes


def _building(
    levels: Sequence[Level], buildings: Collection[str], form: Mapping[str, str]
) -> tuple[list[Change], str]:
    """The correction that makes a new building, if there is one, and the id of the building."""
    names = {tag: text for tag in languages() if (text := form.get(f"name-{tag}", "").strip())}
    if not names:
        building = form.get("building", "")
        if building and building not in buildings:
            raise NavkitError("no-such-thing", field="building")
        return [], building
    taken = {*buildings, *(level.building for level in levels), *(level.id for level in levels)}
    key = next(one for n in count(1) if (one := f"b{n}") not in taken)
    return [{"do": "add-building", "id": key, "names": names}], key


def _ordinal(form: Mapping[str, str], number: int) -> float | None:
    """As typed for the first of several floors, which follow each other upwards."""
    text = form.get("ordinal", "").strip()
    if not text:
        return None
    try:
        return float(int(text) + number)
    except ValueError:
        raise NavkitError("not-a-number", field="ordinal") from None


def _free(label: str, building: str, taken: Collection[str]) -> str:
    """An id that says which floor it is."""
    plain = _NO_ID.sub("-", label).strip("-.") or "floor"
    inside = f"{building}-{plain}" if building else plain
    free = next((one for one in (plain, inside) if one not in taken), "")
    return free or next(one for n in count(2) if (one := f"{inside}-{n}") not in taken)
