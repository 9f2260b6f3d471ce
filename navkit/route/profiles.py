"""Profiles: how somebody travels. Data in `profiles.json`, with a source for every number; their
names are in `places.json` of each language."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from navkit.plan.typed_json import from_json
from navkit.words.findings import NavkitError
from navkit.words.languages import by_language, languages

DEFAULT_PROFILES = ("walk", "wheelchair")
"""The profiles for which scripted routes are made."""


@dataclass(frozen=True)
class Profile:
    """What is forbidden (a filter), what is disliked (a factor ≥ 1), and the walking speed."""

    id: str
    names: Mapping[str, str]
    speed_mps: float
    access: str
    """`public`, or `staff` for those who may also pass where visitors may not."""
    forbidden: tuple[str, ...]
    """Kinds of edge never used, such as ``stairs``."""
    forbidden_doors: tuple[str, ...]
    """Kinds of door never used, such as ``revolving``."""
    step_free: bool
    """Whether ways known not to be step-free are forbidden; unknown ones are reported instead."""
    min_door_m: float
    min_passage_m: float
    max_slope: float
    min_cabin_m: tuple[float, float]
    stairs_up_s_per_m: float
    stairs_down_s_per_m: float
    escalator_s_per_m: float
    lift_wait_s: float
    lift_floor_s: float
    door_s: Mapping[str, float]
    factors: Mapping[str, float]
    """Cost per second by kind of edge, 1 by default."""
    lift_side: bool
    """Whether it matters on which side a lift opens: who rolls in may not be able to turn."""
    sighted: bool
    """Whether the walker finds their way by what must be seen, such as signs that hang."""
    untold: tuple[str, ...]
    """Kinds of cues that the walker is not told, such as ``too-far``: they ask for eyes."""
    spared: Mapping[str, int]
    """How much of a choice of `kinds.json` a walker is led over who has not asked for it: storeys
    by stairs, times out of a building and in again; no limit for other choices."""
    group: str = ""
    """The group that the walker belongs to, such as `fever`; empty if they say nothing."""


@cache
def _figures() -> dict[str, Any]:
    text = resources.files("navkit.route").joinpath("profiles.json").read_text(encoding="utf-8")
    figures: dict[str, Any] = json.loads(text)
    return figures


def profile_data() -> dict[str, dict[str, Any]]:
    """`{id: fields}` with defaults filled in: as in the bundle."""
    data = _figures()
    return {
        key: {**data["default"], "names": by_language("places", "profiles", key), **fields}
        for key, fields in data["profiles"].items()
    }


def profiles() -> dict[str, Profile]:
    """All profiles by id."""
    return _profiles(languages())


@cache
def _profiles(_: tuple[str, ...]) -> dict[str, Profile]:
    """Of these languages."""
    return {
        key: from_json(Profile, {"id": key, "group": "", **row})
        for key, row in profile_data().items()
    }


def profile(profile_id: str) -> Profile:
    """The profile with that id. `NavkitError` lists the known ones."""
    if profile_id not in profiles():
        raise NavkitError("unknown-profile", profile_id, known=", ".join(profiles()))
    return profiles()[profile_id]
