"""Floors that no drawing shows: made, drawn on at once, built, published, and downloaded."""

import html
from typing import Any

import pytest
from clinic import HOSPITAL, House, new_house
from test_server_drawing import Pen, unreached

from navkit.venue import corrections
from navkit.venue.join import join
from navkit.words.findings import Finding, NavkitError
from server.builds import drafts
from server.builds.building import read_plans, read_venue
from server.builds.floors import labels_in, new_floors

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
