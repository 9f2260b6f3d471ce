"""Floors that no drawing shows: made, drawn on at once, built, published, and downloaded."""

import html
from typing import Any

import pytest
from clinic import HOSPITAL, House, new_house
from test_server_drawing import Pen, unreached

from floorplans import geojson
from floorplans.sheet import Sheet
from navkit.venue import corrections, directory
from navkit.venue.join import join
from navkit.venue.venue import Space
from navkit.words.findings import Finding, NavkitError
from server.builds import drafts
from server.builds.building import read_plans, read_venue
from server.builds.floors import labels_in, new_floors, renumbered

BASE = f"/hospitals/{HOSPITAL}"
Change = dict[str, Any]


def box(left: float, bottom: float, width: float, depth: float) -> list[list[float]]:
    right, top = left + width, bottom + depth
    return [[left, bottom], [right, bottom], [right, top], [left, top]]


@pytest.fixture
def house(tmp_path: Any) -> House:
    """A hospital without any file."""
    return new_house(tmp_path / "data").hire()


def make(house: House, **form: str) -> Any:
    clerk = house.clerk("editor")
    page = f"{BASE}/floors"
    seen = drafts.latest(house.rows, HOSPITAL, "corrections", drafts.CORRECTIONS).version
    return clerk.post(page, page=page, seen=str(seen), **form)


def draw_a_floor(pen: Pen) -> None:
    """A corridor with two rooms and a lift::

    | 1 | 2 |
    corridor L
    """
    pen.draw("add-space", outline=box(0, 0, 20, 3), kind="corridor")
    number = pen.level[0]
    for n in (1, 2):
        left = 10 * (n - 1)
        names = {"en": f"Room {number}0{n}"}
        pen.draw("add-space", outline=box(left, 3, 10, 5), ref=f"{number}0{n}", names=names)
        pen.draw("add-door", point=[left + 5, 3])


def test_a_hospital_without_any_file_is_drawn_built_and_published(house: House) -> None:
    """From nothing to a way over two floors; no page waits for a build."""
    answer = make(house, labels="1F, 2F")
    assert answer.status_code == 303
    ground, upper = Pen(house, 0, "1F"), Pen(house, 0, "2F")
    assert ground.clerk.get(answer.location).location == f"{BASE}/builds/0/levels/1F/draw"
    assert ground.clerk.get(f"{BASE}/builds/0/levels/1F/draw").status_code == 200
    assert ground.now()["spaces"] == []

    for pen in (ground, upper):
        draw_a_floor(pen)
        pen.draw("add-space", outline=box(20, 0, 3, 3), kind="elevator")
        pen.draw("add-door", point=[20, 1.5])
    state = ground.draw("add-door", point=[0, 1.5])
    assert state["reached"] == {"walk": 2, "wheelchair": 2}
    assert not unreached(upper.now())
    assert state["findings"] == []

    assert ground.clerk.post(f"{BASE}/builds").status_code == 303
    house.work()
    job = house.job(1)
    assert job.state == "done", job.result
    venue = read_venue(house.settings.press.files, job.result["venue"])
    assert [level.label for level in venue.levels] == ["1F", "2F"]
    (lift,) = venue.connectors
    assert len(lift.stops) == 2
    assert {space["id"] for space in ground.now()["spaces"]} == {
        space.id for space in venue.spaces if space.level == "1F"
    }


def test_a_new_floor_of_a_drawn_hospital_opens_at_once(house: House) -> None:
    house.build()
    assert make(house, labels="3F", building="h").status_code == 303

    pen = Pen(house, 1, "3F")
    draw_a_floor(pen)
    state = pen.draw("add-space", outline=box(42, 5, 3, 3), kind="stairs")

    # The stairs of the drawing, S, go up to 2F at this place.
    stop = next(one["id"] for one in state["spaces"] if one["kind"] == "stairs")
    assert state["stops"][stop] == ["1F", "2F", "3F"]
    assert [one.text for one in [pen.clerk.get(f"{BASE}/builds/1/levels/3F/draw")]]


@pytest.mark.parametrize(
    ("typed", "labels"),
    [
        ("1F, 2F", ["1F", "2F"]),
        ("1F 2F\n1F", ["1F", "2F"]),
        ("B1、1F、屋顶", ["B1", "1F", "屋顶"]),
        ("1-3F", ["1F", "2F", "3F"]),
        ("一至三层", ["一层", "二层", "三层"]),
        ("Ground floor, Roof garden", ["Ground floor", "Roof garden"]),
        (" , ", []),
    ],
)
def test_labels_are_read_as_they_are_typed(typed: str, labels: list[str]) -> None:
    assert labels_in(typed) == labels


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"labels": ""}, "form-empty"),
        ({"labels": "屋顶"}, "floor-order-unclear"),
        ({"labels": "1F", "ordinal": "high"}, "not-a-number"),
        ({"labels": "1F", "building": "nowhere"}, "no-such-thing"),
        ({"labels": ",".join(f"{n}F" for n in range(1, 60))}, "too-many-floors"),
        ({"labels": "x" * 30, "ordinal": "1"}, "text-too-long"),
    ],
)
def test_floors_that_cannot_be_made_are_refused_in_words(
    house: House, form: dict[str, str], code: str
) -> None:
    answer = make(house, **form)

    assert answer.status_code == 400
    told = html.unescape(answer.get_data(as_text=True))
    with pytest.raises(NavkitError) as refused:
        corrections.parse({"navkit-corrections": 1, "changes": new_floors((), (), form)}, "c.json")
    said = refused.value.finding
    assert said.code == code
    assert Finding(code, "", said.slots).text("zh-Hans").split("。")[0] in told
    assert form["labels"] in told
    assert not drafts.latest(house.rows, HOSPITAL, "corrections", drafts.CORRECTIONS).version


def test_a_floor_is_made_once(house: House) -> None:
    make(house, labels="1F")

    assert make(house, labels="1F").status_code == 400


def test_floors_of_a_new_building_have_its_name(house: House) -> None:
    house.build()
    make(house, labels="1F", **{"name-en": "East Wing"})
    page = house.clerk("editor").get(f"{BASE}/floors").get_data(as_text=True)
    said = drafts.latest(house.rows, HOSPITAL, "corrections", drafts.CORRECTIONS)
    changes = drafts.changes_of(drafts.content_of(house.settings.press.files, said))

    assert "East Wing" in page
    assert [one["do"] for one in changes] == ["add-building", "add-level"]
    assert changes[1] == {
        "do": "add-level", "id": "b1-1F", "label": "1F", "ordinal": 0.0, "building": "b1"
    }  # fmt: skip


def test_a_floor_that_a_drawing_shows_by_now_stays_as_it_is_drawn(house: House) -> None:
    """What staff drew before stays on it."""
    said = [
        {"do": "add-level", "id": "1F", "label": "Ground", "ordinal": 0},
        {"do": "add-space", "id": "1F-d1", "level": "1F", "outline": box(50, 0, 5, 5)},
    ]
    changes = corrections.parse({"navkit-corrections": 1, "changes": said}, "c.json")
    house.build()

    plans = read_plans(house.settings.press.files, house.job(1).result["plans"])

    venue = join(plans, None, changes)

    assert [level.label for level in venue.levels] == ["1F", "2F"]
    assert "1F-d1" in venue.space_by_id
    assert not [f for f in venue.findings if f.where.startswith("c.json")]


# ------------------------------------------------------------------- shafts, and floors alike


def two_floors(house: House, floors: str = "1F, 2F, 3F") -> tuple[Pen, Pen]:
    make(house, labels=floors)
    ground, upper = Pen(house, 0, "1F"), Pen(house, 0, "2F")
    draw_a_floor(ground)
    return ground, upper


def test_a_lift_stops_where_staff_say_at_once(house: House) -> None:
    """It is drawn on the other floors as it is here, or joined with what stands there."""
    ground, upper = two_floors(house)
    draw_a_floor(upper)
    state = ground.draw("add-space", outline=box(20, 0, 3, 3), kind="elevator")
    lift = state["spaces"][-1]["id"]
    upper.draw("add-space", outline=box(20.5, 0.5, 3, 3), kind="elevator")
    assert {f["code"] for f in upper.draw("no-door", spaces=["2F-d2", "2F-d3"])["findings"]} >= {
        "lift-one-stop"
    } or upper.now()["stops"]["2F-d4"] == ["1F", "2F"]

    answer = ground.send(version=state["version"] + 2, stops={"id": lift, "levels": ["2F", "3F"]})

    assert answer.status_code == 200, answer.get_data(as_text=True)
    assert answer.get_json()["stops"][lift] == ["1F", "2F", "3F"]
    third = Pen(house, 0, "3F").now()
    (stop,) = third["spaces"]
    assert stop["kind"] == "elevator" and third["stops"][stop["id"]] == ["1F", "2F", "3F"]
    assert not [f for f in third["findings"] if f["code"] == "lift-one-stop"]
    assert len([one for one in upper.now()["spaces"] if one["kind"] == "elevator"]) == 1


def test_a_lift_joins_that_of_a_floor_drawn_apart(house: House) -> None:
    """Both floors are drawn from other origins: the nearest lift is offered by name and joined, and
    no second one is drawn."""
    ground, upper = two_floors(house, "1F, 2F")
    draw_a_floor(upper)
    lift = ground.draw("add-space", outline=box(8, 3.5, 3, 3), kind="elevator")["spaces"][-1]["id"]
    upper.draw("add-space", outline=box(60, 0, 3, 3), kind="elevator", names={"en": "Far"})
    upper.draw("add-space", outline=box(21, 0, 3, 3), kind="elevator", names={"en": "Lift B"})
    upper.draw("add-space", outline=box(12, -3, 3, 3), kind="stairs")
    state = ground.now()
    assert state["joins"][lift] == {"2F": {"name": "Lift B · 2F", "metres": "13"}}

    answer = ground.send(version=state["version"], stops={"id": lift, "levels": ["2F"]})

    assert answer.status_code == 200, answer.get_data(as_text=True)
    assert answer.get_json()["joins"] == {lift: {}}
    lifts = [one for one in upper.now()["spaces"] if one["kind"] == "elevator"]
    served = {one["names"]["en"]: upper.now()["stops"][one["id"]] for one in lifts}
    assert served == {"Far": ["2F"], "Lift B": ["1F", "2F"]}


def test_the_lift_of_another_shaft_is_not_joined(house: House) -> None:
    """Beside a lift that stops at both floors, another that is to stop there is drawn there."""
    ground, upper = two_floors(house, "1F, 2F")
    for pen in (ground, upper):
        pen.draw("add-space", outline=box(40, 0, 3, 3), kind="elevator")
    lift = ground.draw("add-space", outline=box(50, 0, 3, 3), kind="elevator")["spaces"][-1]["id"]
    state = ground.now()
    assert state["joins"][lift] == {}

    answer = ground.send(version=state["version"], stops={"id": lift, "levels": ["2F"]})

    assert answer.get_json()["stops"][lift] == ["1F", "2F"]
    assert len([one for one in upper.now()["spaces"] if one["kind"] == "elevator"]) == 2


def test_no_shaft_is_drawn_over_rooms(house: House) -> None:
    ground, upper = two_floors(house, "1F, 2F")
    draw_a_floor(upper)
    state = ground.draw("add-space", outline=box(8, 3.5, 3, 3), kind="elevator")
    before = upper.now()

    answer = ground.send(
        version=before["version"], stops={"id": state["spaces"][-1]["id"], "levels": ["2F"]}
    )

    assert answer.status_code == 400
    assert answer.get_json()["code"] == "shaft-over-rooms"
    assert "2F" in answer.get_json()["text"] and "201, 202" in answer.get_json()["text"]
    assert upper.now()["spaces"] == before["spaces"]


def test_an_only_floor_asks_for_no_other_stops(house: House) -> None:
    def asks() -> bool:
        page = house.clerk("editor").get(f"{BASE}/builds/0/levels/1F/draw")
        return 'data-do="stops"' in page.get_data(as_text=True)

    make(house, labels="1F")
    assert not asks()
    make(house, labels="2F")
    assert asks()


def test_a_floor_tells_nothing_of_the_directory_that_only_the_house_can_tell(house: House) -> None:
    """Rows of rooms on other floors: what is said while one floor is drawn is what is said of all
    of them together."""
    make(house, labels="二层, 三层")
    ground, upper = Pen(house, 0, "二层"), Pen(house, 0, "三层")
    rows = [f"科室{n},{n},{floor}" for n, floor in ((301, "三层"), (302, "三楼"), (302, ""))]
    text = "\n".join(["name,rooms,floor", *rows])
    for number, pen in ((2, ground), (3, upper)):
        for n in (1, 2):
            ref = f"{number}0{n}"
            pen.draw(
                "add-space", outline=box(10 * n, 3, 10, 5), ref=ref, names={"zh-Hans": f"诊室{ref}"}
            )
    house.clerk("editor").upload("directory", "directory.csv", text.encode())
    newest = drafts.latest(house.rows, HOSPITAL, "directory", drafts.DIRECTORY)
    assert newest.sha256

    told = {f["code"] for pen in (ground, upper) for f in pen.now()["findings"]}

    said = corrections.parse(corrections.decode(ground.content(), "c.json"), "c.json")
    whole = join((), directory.read_content(text.encode(), "directory.csv"), said)
    assert not [f for f in whole.findings if f.code.startswith("directory-")]
    assert not [code for code in told if code.startswith("directory-")], told


@pytest.mark.parametrize(
    "stops",
    [
        {"id": "1F-d1", "levels": ["2F"]},
        {"id": "nothing", "levels": ["2F"]},
        {"id": "1F-d1", "levels": [7]},
        {"id": "1F-d1"},
    ],
)
def test_a_room_stops_nowhere(house: House, stops: Any) -> None:
    ground, _ = two_floors(house)

    assert ground.send(version=ground.now()["version"], stops=stops).status_code == 400


def test_a_floor_is_copied_with_numbers_of_its_own(house: House) -> None:
    ground, upper = two_floors(house)
    ground.draw("add-space", outline=box(20, 0, 3, 3), kind="elevator")
    ground.draw("add-door", point=[20, 1.5])
    before = ground.draw("add-door", point=[0, 1.5])

    answer = ground.send(version=before["version"], copy=["2F", "3F"])
    assert answer.status_code == 200, answer.get_data(as_text=True)
    there = upper.now()

    assert len(there["spaces"]) == len(before["spaces"])
    assert {one["ref"]: one["names"].get("en", "") for one in there["spaces"] if one["ref"]} == {
        "201": "Room 201",
        "202": "Room 202",
    }
    # The way out of the house is not copied.
    assert len(there["doors"]) == len(before["doors"]) - 1
    assert not unreached(there) and there["reached"] == {"walk": 2, "wheelchair": 2}
    lift = next(one["id"] for one in there["spaces"] if one["kind"] == "elevator")
    assert there["stops"][lift] == ["1F", "2F", "3F"]
    again = ground.send(version=answer.get_json()["version"], copy=["2F"])
    assert again.get_json()["code"] == "nothing-to-copy"

    made = answer.get_json()["version"]
    assert ground.back(made, before["version"]).status_code == 200
    assert upper.now()["spaces"] == []


@pytest.mark.parametrize(
    ("text", "old", "new", "meant"),
    [
        ("401", 4, 5, "501"),
        ("4012", 4, 11, "11012"),
        ("4-01", 4, 5, "5-01"),
        ("A401", 4, 5, "A501"),
        ("Ward 4", 4, 5, "Ward 4"),
        ("1401", 4, 5, "1401"),
        ("诊室401、402", 4, 5, "诊室501、502"),
        ("1024", 10, 11, "1124"),
        ("42", 4, 5, "42"),
        ("", 4, 5, ""),
    ],
)
def test_numbers_are_those_of_the_new_floor(text: str, old: int, new: int, meant: str) -> None:
    assert renumbered(text, old, new) == meant


def test_what_was_drawn_is_a_drawing_that_imports_to_the_same_venue(house: House) -> None:
    ground, _ = two_floors(house, "1F, 2F")
    ground.draw("add-space", outline=box(20, 0, 3, 3), kind="elevator", names={"en": "Lift A"})
    ground.draw("add-door", point=[20, 1.5])
    ground.draw("set-kind", id="1F-d2", kind="room", category="consult")
    ground.draw("reshape", id="1F-d3", outline=box(10, 3, 10, 6))
    ground.draw("restrict", id="1F-d3", access="staff")
    before = ground.draw("add-door", point=[0, 1.5])
    ground.send(version=before["version"], copy=["2F"])
    said = drafts.latest(house.rows, HOSPITAL, "corrections", drafts.CORRECTIONS)
    content = house.settings.press.files.read(said.sha256)
    drawn = join((), None, corrections.parse(corrections.decode(content, ""), ""))

    answer = ground.clerk.get(f"{BASE}/floors/drawn.geojson")
    sheet = Sheet("drawn.geojson", answer.data)
    venue = join([geojson.read([sheet], "drawn.geojson")])

    assert venue.levels == drawn.levels
    assert {s.id: facts_of(s) for s in venue.spaces} == {s.id: facts_of(s) for s in drawn.spaces}
    assert {d.id: d for d in venue.doors} == {d.id: d for d in drawn.doors}
    assert venue.connectors == drawn.connectors
    assert {p.id: p for p in venue.places} == {p.id: p for p in drawn.places}
    assert not [f for f in venue.findings if f.severity == "error"]


def facts_of(space: Space) -> tuple[Any, ...]:
    """All that is known of a space but its shaft, which the connector says."""
    return (
        space.level, space.kind, space.category, space.names, space.ref, space.access,
        space.outline.normalize().wkt,
    )  # fmt: skip
