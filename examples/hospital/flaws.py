"""The slips of the draughtsman, and the corrections that staff would write for them."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from layout import Connector, Hospital, names_of


def flawed(hospital: Hospital, flaws: list[Mapping[str, Any]]) -> Hospital:
    """The hospital as it is drawn, with the flaws that `data/flaws.json` lists."""
    for flaw in flaws:
        wanted = flaw["id"]
        if flaw["flaw"] == "missing-door":
            doors = tuple(door for door in hospital.doors if door.id != wanted)
            if len(doors) == len(hospital.doors):
                raise ValueError(f"There is no door {wanted} to leave out.")
            hospital = replace(hospital, doors=doors)
            continue
        hospital.space(wanted)
        changed: dict[str, Any] = {}
        if flaw["flaw"] == "other-shaft":
            true = next(c for c in hospital.connectors if c.id == hospital.space(wanted).connector)
            other = Connector(flaw["connector"], true.kind, true.names, {})
            hospital = replace(hospital, connectors=(*hospital.connectors, other))
            changed = {"connector": flaw["connector"]}
        elif flaw["flaw"] == "wrong-name":
            changed = {"names": {"zh-Hans": flaw["name"]}}
        elif flaw["flaw"] == "wrong-access":
            changed = {"access": flaw["access"]}
        elif flaw["flaw"] == "wrong-kind":
            changed = {"kind": flaw["kind"]}
        spaces = tuple(
            replace(space, **changed) if space.id == wanted else space for space in hospital.spaces
        )
        hospital = replace(hospital, spaces=spaces)
    return hospital


def corrections(hospital: Hospital, flaws: list[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What fixes each flaw, read from the hospital as it truly is."""
    return [_correction(hospital, flaw) for flaw in flaws]


def _correction(hospital: Hospital, flaw: Mapping[str, Any]) -> dict[str, Any]:
    why = {"why": flaw["why"]}
    if flaw["flaw"] == "missing-door":
        door = next(door for door in hospital.doors if door.id == flaw["id"])
        middle = door.line.interpolate(0.5, normalized=True)
        return {
            "do": "add-door",
            "id": door.id,
            "level": door.level,
            "spaces": list(door.spaces),
            "point": [round(middle.x, 3), round(middle.y, 3)],
            "width_m": door.width_m,
            "kind": door.kind,
            "entrance": door.entrance,
        } | why
    space = hospital.space(flaw["id"])
    if flaw["flaw"] == "other-shaft":
        shaft = [one.id for one in hospital.spaces if one.connector == space.connector]
        return {
            "do": "join-shaft",
            "spaces": shaft,
            "connector": space.connector,
            "kind": space.kind,
        } | why
    if flaw["flaw"] == "wrong-name":
        names = names_of([space.names[tag] for tag in ("zh-Hans", "zh-Hant", "en")])
        return {"do": "rename", "id": space.id, "names": names} | why
    if flaw["flaw"] == "wrong-access":
        return {"do": "restrict", "id": space.id, "access": space.access} | why
    return {"do": "set-kind", "id": space.id, "kind": space.kind} | why
