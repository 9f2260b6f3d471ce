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
    most_actions: int
    breath_cm: int
    breath_s: int
    most_on_a_card: int
    soon_cm: int
    exit_cm: int
    fine_grain_cm: int
    coarse_from_cm: int
    coarse_grain_cm: int
    few_min: int
    fine_grain_min: int
    many_min: int
    coarse_grain_min: int
    most_legs: int
    long_cm: int
    passed_share: float
    passed_near_cm: int
    passed_every_cm: int
    most_passed: int
    too_far_cm: int
    past_cm: int
    stub_cm: int
    waypoint_far_cm: int
    mouth_before_cm: int
    mouth_jamb_cm: int
    side_way_cm: int
    most_counted: int
    most_steps: int
    one_floor: float
    ends_cm: int
    ends_aside_deg: int
    landmark_near_m: float
    landmark_edge_on_deg: int
    landmark_approach_cm: int
    landmark_every_cm: int
    in_sight_m: float
    most_doors: int
    beside_cm: int
    landmark_straight_deg: int
    arm_cm: int
    form_far_cm: int
    corner_cm: int
    board_near_m: float
    board_facing_deg: int
    stripe_near_cm: int
    stripe_apart_cm: int
    stripe_least_cm: int
    stripe_end_cm: int
    stripe_on_cm: int
    opening_deep_m: float
    opening_wall_cm: int
    looks_aside_m: float
    believed_share: float
    within_reach_cm: int
    rival_cm: int
    wide_cm: int
    begun_cm: int
    own_cm: int
    joined_cm: int
    path_cm: int
    doorway_cm: int
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
