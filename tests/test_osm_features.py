"""GeoJSON with OpenStreetMap's tags is read as the same drawing in `.osm` is."""

import json
from pathlib import Path
from typing import Any

import pytest
from drawn_osm import Drawing

import floorplans
from floorplans.osm_features import tags_of
from floorplans.sheet import Json
from navkit.plan.plan import Plan
from navkit.venue.join import join
from navkit.words.findings import count_by_code

CASES = Path(__file__).parents[1].parent / "shared" / "cases" / "drawings"
WRITTEN = ["flat", "nested", "text", "hstore"]


@pytest.fixture
def house() -> Drawing:
    """Two storeys with a corridor and a room each; a lift, steps and a staircase between them."""
    drawing = Drawing()
    for level, id in (("0", 1), ("1", 11)):
        drawing.box(id, 0, 0, 30, 4, indoor="corridor", level=level)
        drawing.box(id + 1, 0, 4, 8, 8, indoor="room", level=level, name=f'Clinic "{level}"')
    drawing.node(3, 4, door="hinged", width="0.6 m", level="0;1")
    drawing.node(0, 2, entrance="main", name__zh="\u5927\u95e8")
    drawing.node(29, 2, highway="elevator", level="0;1", width="1.1", length="1.4")
    drawing.way(3, (24, 1), (28, 1), highway="steps", level="0;1", incline="up")
    drawing.box(4, 10, 4, 4, 4, indoor="room", stairs="yes", level="0;1")
    drawing.box(5, 16, 4, 4, 4, indoor="room", level="0", access="private", room="yes")
    drawing.box(6, -5, -5, 40, 30, building="hospital", operator="City", name="Klinikum")
    return drawing


def said(plan: Plan) -> dict[str, Any]:
    """All that a plan says, whatever the order of its parts and the names of points."""
    return {
        "spaces": {
            (s.key, s.level, s.kind, s.category, s.access, s.connector, str(s.names), s.ref)
            for s in plan.spaces
        },
        "areas": sorted(round(space.outline.area, 2) for space in plan.spaces),
        "doors": {(d.key, d.level, d.kind, d.width_m, d.spaces, d.entrance) for d in plan.doors},
        "paths": {(p.key, p.levels, p.kind, p.oneway) for p in plan.paths},
        "shafts": {(c.key, c.kind, c.cabin_m) for c in plan.connectors},
        "levels": {(level.key, level.ordinal, level.label) for level in plan.levels},
        "names": plan.names,
        "findings": count_by_code(plan.findings),
    }


@pytest.mark.parametrize("written", WRITTEN)
def test_it_is_read_as_the_same_drawing_in_osm(
    written: str, house: Drawing, tmp_path: Path
) -> None:
    expected = house.read(tmp_path)
    if written in ("text", "hstore"):
        # There an id is a number without a kind, so that a way has another key.
        plan = house.read_features(tmp_path, written)
        assert len(plan.spaces) == len(expected.spaces)
        assert said(plan)["findings"] == said(expected)["findings"]
        return

    assert said(house.read_features(tmp_path, written)) == said(expected)


def test_in_metres_and_without_ids_it_is_a_building_too(tmp_path: Path) -> None:
    rooms = [("corridor", 0, 0, 20, 3), ("room", 0, 3, 8, 6), ("room", 8, 3, 8, 6)]
    features: list[dict[str, Any]] = [
        {
            "type": "Feature",
            "properties": {"indoor": kind, "level": "0", "building": "yes"},
            "geometry": {
                "type": "Polygon",
                "coordinates": [
                    [[x, y], [x + w, y], [x + w, y + h], [x, y + h], [x, y]],
                ],
            },
        }
        for kind, x, y, w, h in rooms
    ]
    door = {"type": "LineString", "coordinates": [[2, 3], [3, 3]]}
    features.append({"type": "Feature", "properties": {"indoor": "door"}, "geometry": door})
    features[-1]["properties"]["level"] = 0
    file = tmp_path / "floor.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "units": "m", "features": features}))

    (plan,) = floorplans.read([file])

    assert sorted(round(space.outline.area) for space in plan.spaces) == [48, 48, 60]
    assert {level.building for level in plan.levels} == {""}
    venue = join([plan])
    (drawn,) = (door for door in venue.doors if not door.guessed)
    assert len({space.id for space in venue.spaces}) == 3
    assert all(drawn.spaces)


def test_tags_in_every_wrapping() -> None:
    tags = {"indoor": "room", "name": 'a "b"', "level": "1"}

    nested: dict[str, Json] = dict(tags)
    assert tags_of({"tags": nested, "id": "7", "type": "way"}) == tags
    assert tags_of({"tags": json.dumps(tags)}) == tags
    assert (
        tags_of({"other_tags": r'"indoor"=>"room","name"=>"a \"b\"","level"=>"1"', "name": None})
        == tags
    )
    assert tags_of({**tags, "level": 1, "@id": "way/7", "@version": 3}) == tags
    assert tags_of({"wheelchair": True, "elevator": False}) == {
        "wheelchair": "yes",
        "elevator": "no",
    }


def test_other_peoples_geojson_is_not_taken_for_openstreetmaps(tmp_path: Path) -> None:
    """An indoor property is no tag where storeys are written in another way."""
    square = [[0, 0], [9, 0], [9, 9], [0, 9], [0, 0]]
    feature = {
        "type": "Feature",
        "properties": {"indoor": "room", "floor": "2F", "type": "office", "name": "Office"},
        "geometry": {"type": "Polygon", "coordinates": [square]},
    }
    file = tmp_path / "rooms.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "units": "m", "features": [feature]}))

    (plan,) = floorplans.read([file])

    assert [level.label for level in plan.levels] == ["2F"]


def read_case(name: str) -> Plan:
    if not CASES.is_dir():
        pytest.skip(f"the drawings that failed are not here: {CASES}")
    (plan,) = floorplans.read([CASES / name])
    return plan


def test_building_yes_is_no_name_of_a_building() -> None:
    plan = read_case("07-building-yes.geojson")

    venue = join([plan])
    assert len(venue.levels) == 1
    assert {frozenset(door.spaces) for door in venue.doors} == {
        frozenset({"A", "C"}),
        frozenset({"B", "C"}),
    }
    assert plan.building_names == {}


def test_nested_tags_are_read_as_the_properties() -> None:
    plan = read_case("20-osm-tags-nested.geojson")

    assert [level.ordinal for level in plan.levels] == [0, 1]
    assert {str(dict(s.names)) for s in plan.spaces if s.names} == {
        "{'': 'Clinic 0'}",
        "{'': 'Clinic 1'}",
    }
    assert (len(plan.doors), len(plan.connectors)) == (2, 1)


def test_lift_steps_and_staircase_join_the_storeys() -> None:
    plan = read_case("21-osm-lift-in-geojson.geojson")

    assert sorted(connector.kind for connector in plan.connectors) == ["elevator", "stairs"]
    assert [(path.kind, path.levels) for path in plan.paths] == [("stairs", ("0", "1"))]
