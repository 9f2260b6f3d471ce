"""The thresholds of guidance from `rules.json`: each with its unit, meaning and source.

R and M with a number are rules of the guidance reference; a guess is marked as one.
"""

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any


@dataclass(frozen=True)
class Rules:
    """The thresholds; `rules.json` says what each means."""

    straight_deg: int
    slight_deg: int
    bend_deg: int
    back_deg: int
    ahead_deg: int
    towards_deg: int
    goes_on_deg: int
    wobble_cm: int
    aside_cm: int
    drift_cm: int
    spur_cm: int
    one_turn_cm: int
    jog_cm: int
    near_cm: int
    soon_cm: int
    exit_cm: int
    told_cm: int
    fine_grain_cm: int
    coarse_from_cm: int
    coarse_grain_cm: int
    long_cm: int
    passed_share: float
    too_far_cm: int
    most_counted: int
    one_floor: float
    landmark_near_m: float
    landmark_edge_on_deg: int
    landmark_approach_cm: int
    landmark_straight_deg: int
    photo_near_m: float
    photo_same_way_deg: int


@cache
def rule_data() -> dict[str, dict[str, Any]]:
    """`{name: {value, unit, means, source}}`."""
    text = resources.files("navkit.guidance").joinpath("rules.json").read_text(encoding="utf-8")
    data: dict[str, dict[str, Any]] = json.loads(text)
    return data


@cache
def rules() -> Rules:
    """The thresholds by name: a bundle has them as `guidance`, too."""
    return Rules(**{name: row["value"] for name, row in rule_data().items()})
