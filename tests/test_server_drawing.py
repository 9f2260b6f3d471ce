"""What staff draw on a level: each stroke answered with the level as it is then, and taken back."""

import html
import json
import random
import shutil
import time
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from clinic import HOSPITAL, House, deed, drawing, new_house
from conftest import REST
from shapely import LineString
from werkzeug.test import TestResponse

from floorplans.reading import read
from navkit.plan.typed_json import to_json as plans_to_json
from navkit.venue.venue import Venue
from navkit.venue.venue import to_json as venue_to_json
from navkit.words.findings import Finding
from server.builds import drafts
from server.builds import drawing as drawing_now
from server.builds.building import read_venue
from server.data.files import Files

BASE = f"/hospitals/{HOSPITAL}"
BESIDE = [[42, 0], [48, 0], [48, 5], [42, 5]]
"""Ground beside room 14, below the stairs."""


@dataclass
class Pen:
    """Somebody who draws on a level of a build."""

    house: House
    job: int
    level: str = "1F"
    who: str = "editor"

    def __post_init__(self) -> None:
        self.clerk = self.house.clerk(self.who)
        self.path = f"{BASE}/builds/{self.job}/levels/{self.level}/draw.json"
        self.token = self.clerk.token() if self.who != "auditor" else ""

    def send(self, **said: Any) -> TestResponse:
        return self.clerk.client.post(
            self.path, json=said, headers={"X-CSRFToken": self.token}, buffered=True
        )

    def now(self) -> dict[str, Any]:
        found: dict[str, Any] = self.clerk.get(self.path).get_json()
        return found

    def draw(self, do: str, **change: Any) -> dict[str, Any]:
        answer = self.send(version=self.now()["version"], changes=[{"do": do, **change}])
        assert answer.status_code == 200, answer.get_data(as_text=True)
        found: dict[str, Any] = answer.get_json()
        return found

    def back(self, made: int, before: int) -> TestResponse:
        return self.send(made=made, back=before)

    def content(self) -> bytes:
        """The corrections as they are stored."""
        found = drafts.latest(self.house.rows, HOSPITAL, "corrections", drafts.CORRECTIONS)
        return drafts.content_of(self.house.settings.press.files, found)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> House:
    house = new_house(tmp_path_factory.mktemp("drawing") / "data").hire()
    house.build()
    return house


@pytest.fixture
def pen(built: House, tmp_path: Path) -> Pen:
    """The house as it was built, and no stroke in it yet."""
    shutil.copytree(built.settings.folder, tmp_path / "data")
    return Pen(House(replace(built.settings, folder=tmp_path / "data")), 1)


def unreached(state: dict[str, Any]) -> set[str]:
    return {space["id"] for space in state["spaces"] if space["unreached"]}


def test_a_room_is_red_until_it_has_a_door(pen: Pen) -> None:
    assert not unreached(pen.now())

    pen.draw("remove", id="1F-14-D")
    pen.draw("no-door", spaces=["1F-14", "1F-C"])
    shut = pen.draw("no-door", spaces=["1F-14", "1F-13"])
    open_again = pen.draw("add-door", point=[39.2, 5.1])

    assert unreached(shut) == {"1F-14"}
    assert [f["code"] for f in shut["findings"] if f["thing"] == "1F-14"]
    assert not unreached(open_again)
    assert not [f for f in open_again["findings"] if f["thing"] == "1F-14"]


def test_a_wheelchair_needs_the_lift(tmp_path_factory: pytest.TempPathFactory) -> None:
    house = new_house(tmp_path_factory.mktemp("no-lift") / "data").hire()
    pen = Pen(house, house.build(plan=drawing(lift=False)), level="2F")

    state = pen.now()

    assert state["reached"] == {"walk": state["rooms"], "wheelchair": 0}


def test_what_is_drawn_is_what_the_next_build_has(pen: Pen) -> None:
    pen.draw("add-space", outline=BESIDE, kind="room", names={"en": "Store"})
    pen.draw("add-door", point=[42, 2.5])
    state = pen.draw("reshape", id="1F-08", outline=[[0, 1], [6, 1], [6, 5], [0, 5]])

    assert pen.clerk.post(f"{BASE}/builds").status_code == 303
    pen.house.work()
    files = pen.house.settings.press.files
    venue = read_venue(files, pen.house.job(pen.job + 1).result["venue"])

    here = {space.id: space for space in venue.spaces if space.level == "1F"}
    assert {space["id"] for space in state["spaces"]} == {*here}
    assert here["1F-d1"].names == {"en": "Store"}
    assert here["1F-08"].outline.bounds == (0, 1, 6, 5)
    assert {door["id"] for door in state["doors"]} == {
        door.id for door in venue.doors if door.spaces[0] in here
    }
    assert "added:1F-14~1F-d1" in venue.door_by_id or "added:1F-d1~1F-14" in venue.door_by_id


def test_a_door_on_an_outer_wall_is_an_entrance(pen: Pen) -> None:
    state = pen.draw("add-door", point=[3, 0])

    (door,) = (one for one in state["doors"] if one["id"].startswith("added:"))
    assert door["entrance"] and door["spaces"] == ["1F-08", ""]


def test_a_door_of_a_room_in_a_hall_leads_into_the_hall(pen: Pen) -> None:
    """The hall goes round the room: its wall there is the edge of a hole."""
    pen.draw("add-space", outline=[[-30, 0], [-10, 0], [-10, 20], [-30, 20]], kind="hall")
    pen.draw("add-space", outline=[[-22, 8], [-18, 8], [-18, 12], [-22, 12]], kind="room")

    state = pen.draw("add-door", point=[-18, 10])

    (door,) = (one for one in state["doors"] if one["id"].startswith("added:"))
    assert {*door["spaces"]} == {"1F-d1", "1F-d2"}
    assert not door["entrance"]


def test_a_room_is_cut_in_two_and_the_larger_part_stays_what_it_is(pen: Pen) -> None:
    state = pen.draw("split", id="1F-08", line=[[2, 0.1], [2, 4.9]])

    by_id = {space["id"]: space for space in state["spaces"]}
    assert by_id["1F-08"]["ref"] == "108"
    assert (by_id["1F-d1"]["ref"], by_id["1F-d1"]["category"]) == ("", "consult")
    (door,) = (one for one in state["doors"] if one["id"] == "1F-08-D")
    assert door["spaces"] == ["1F-08", "1F-C"]
    assert "1F-d1" in {one["thing"] for one in state["findings"]}


def test_rooms_put_together_and_what_is_cut_out_are_strokes(pen: Pen) -> None:
    one = pen.draw("merge", spaces=["1F-08", "1F-09", "1F-10"])
    assert not {"1F-09", "1F-10"} & {space["id"] for space in one["spaces"]}
    assert not unreached(one)
    assert one["rooms"] == 12

    ring = [[20, 6], [22, 6], [22, 7], [20, 7]]
    changes: list[dict[str, Any]] = [
        {"do": "cut-out", "outline": ring},
        {"do": "add-space", "outline": ring, "kind": "closed"},
    ]
    cut = pen.send(version=one["version"], changes=changes).get_json()

    (hall,) = (space for space in cut["spaces"] if space["id"] == "1F-C")
    assert len(hall["holes"]) == 1
    assert drafts.changes_of(pen.content())[1]["id"] == "1F-C"


def test_a_way_is_tried_on_the_level_as_it_is_now(pen: Pen) -> None:
    """From the room at one point to the room at the other; a door that is gone is not walked."""
    ends = [[3, 2], [40, 11]]

    def way(who: str, language: str = "en") -> TestResponse:
        pen.clerk.client.post("/language", data={"csrf_token": pen.token, "language": language})
        return pen.clerk.client.post(
            pen.path.replace("draw.json", "draw/way.json"),
            json={"ends": ends, "profile": who},
            headers={"X-CSRFToken": pen.token},
        )

    found = way("walk").get_json()
    assert len(found["steps"]) >= 2
    assert "107" in found["steps"][-1]
    line = LineString(found["line"])
    assert 40 < line.length < 60
    pen.draw("no-door", spaces=["1F-07", "1F-C"])
    pen.draw("remove", id="1F-07-D")
    pen.draw("no-door", spaces=["1F-07", "1F-06"])
    shut = way("walk")
    assert shut.status_code == 400
    assert len(shut.get_json()["text"]) > 10
    ends[1] = [400, 400]
    assert way("walk").get_json()["code"] == "nothing-walked-here"
    assert way("fly").get_json()["code"] == "form-field"


def test_who_else_has_the_level_open_is_told(pen: Pen) -> None:
    other = Pen(pen.house, pen.job, who="second")
    path = pen.path.replace("draw.json", "draw/others.json")

    assert pen.clerk.get(path).get_json() == {"version": 0, "others": [], "told": ""}
    other.draw("rename", id="1F-03", names={"en": "Theirs"})
    assert other.clerk.get(path).get_json()["others"] == ["editor"]
    seen = pen.clerk.get(path).get_json()
    assert (seen["version"], seen["others"]) == (1, ["second"])
    assert "second" in seen["told"]


def test_of_two_shapes_of_one_room_both_are_shown_and_one_is_taken(pen: Pen) -> None:
    other = Pen(pen.house, pen.job, who="second")
    theirs = [[0, 1], [6, 1], [6, 5], [0, 5]]
    other.draw("reshape", id="1F-08", outline=theirs)
    mine = {"do": "reshape", "id": "1F-08", "outline": [[0, 2], [6, 2], [6, 5], [0, 5]]}

    answer = pen.send(version=0, changes=[mine])

    said = answer.get_json()
    assert answer.status_code == 409, said
    assert (said["person"], said["both"], said["changes"]) == ("second", False, [mine])

    def lowest(side: str) -> float:
        (room,) = (one for one in said[side] if one["meant"])
        return float(min(y for _, y in room["ring"]))

    assert (lowest("theirs"), lowest("mine")) == (1, 2)
    taken = pen.send(version=said["version"], changes=[mine], instead=said["instead"])
    assert taken.status_code == 200
    assert drafts.changes_of(pen.content()) == [mine]


def test_two_who_say_different_things_of_one_room_may_have_both(pen: Pen) -> None:
    other = Pen(pen.house, pen.job, who="second")
    other.draw("rename", id="1F-08", names={"en": "Theirs"})
    mine = {"do": "restrict", "id": "1F-08", "access": "staff"}

    said = pen.send(version=0, changes=[mine]).get_json()

    assert said["both"]
    assert pen.send(version=said["version"], changes=said["changes"]).status_code == 200
    assert len(drafts.changes_of(pen.content())) == 2


def some_strokes(count: int) -> list[dict[str, Any]]:
    """Strokes by chance, always the same ones."""
    chance = random.Random(7)
    strokes = []
    for number in range(count):
        room = f"1F-{chance.randint(1, 14):02}"
        x, y = chance.randint(-40, -10), chance.randint(0, 9)
        square = [[x, y], [x + 3, y], [x + 3, y + 3], [x, y + 3]]
        strokes.append(
            chance.choice(
                [
                    {"do": "rename", "id": room, "names": {"en": f"N{number}"}},
                    {"do": "restrict", "id": room, "access": "staff"},
                    {"do": "set-kind", "id": room, "kind": "hall"},
                    {"do": "reshape", "id": room, "outline": square},
                    {"do": "add-space", "outline": square, "kind": "room"},
                    {"do": "add-door", "point": [chance.randint(1, 40), 5]},
                    {"do": "no-door", "spaces": [room, "1F-C"]},
                ]
            )
        )
    return strokes


def test_strokes_taken_back_leave_the_first_state_and_drawn_again_the_last(pen: Pen) -> None:
    pen.draw("rename", id="1F-01", names={"en": "First"})
    kept = [(pen.now()["version"], pen.content(), pen.now())]
    for stroke in some_strokes(25):
        pen.draw(**stroke)
        kept.append((pen.now()["version"], pen.content(), pen.now()))

    for (before, content, state), (made, _, _) in reversed([*pairwise(kept)]):
        answer = pen.back(made, before)
        assert answer.status_code == 200
        assert pen.content() == content
        assert {**answer.get_json(), "version": 0} == {**state, "version": 0}
    for (before, _, _), (made, content, _) in pairwise(kept):
        assert pen.back(before, made).status_code == 200
        assert pen.content() == content


def test_many_rooms_change_in_one_stroke_and_one_undo(pen: Pen) -> None:
    """A whole row of rooms: one version, so that one undo takes all of it back."""
    before = pen.draw("restrict", id="1F-14", access="staff")["version"]
    content = pen.content()
    row = [f"1F-{number:02}" for number in range(1, 8)]
    changes = [
        {"do": "rename", "id": room, "ref": f"A4{n:02}", "names": {}}
        for n, room in enumerate(row, 1)
    ]
    changes += [{"do": "set-kind", "id": room, "kind": "room", "category": "exam"} for room in row]

    state = pen.send(version=before, changes=changes).get_json()

    assert state["version"] == before + 1
    named = {space["id"]: space["ref"] for space in state["spaces"]}
    assert [named[room] for room in row] == [f"A4{n:02}" for n in range(1, 8)]
    assert {s["category"] for s in state["spaces"] if s["id"] in row} == {"exam"}
    assert pen.back(before + 1, before).status_code == 200
    assert pen.content() == content


def test_a_stroke_is_stored_whole_or_not_at_all(pen: Pen) -> None:
    changes = [{"do": "rename", "id": "1F-01", "names": {"en": "A"}}, {"do": "fly"}]

    assert pen.send(version=0, changes=changes).status_code == 400
    assert not pen.content()


def test_a_room_and_its_door_are_one_stroke(pen: Pen) -> None:
    changes: list[dict[str, Any]] = [
        {"do": "add-space", "outline": BESIDE, "kind": "room"},
        {"do": "add-door", "point": [42, 2.5]},
    ]

    state = pen.send(version=0, changes=changes).get_json()

    assert state["version"] == 1
    assert not unreached(state)


def test_a_room_that_was_taken_away_leaves_its_id_to_nobody(pen: Pen) -> None:
    pen.draw("add-space", outline=BESIDE, kind="room")
    pen.draw("remove", id="1F-d1")

    state = pen.draw("add-space", outline=BESIDE, kind="room")

    assert "1F-d2" in {space["id"] for space in state["spaces"]}


def random_stroke(chance: random.Random, number: int) -> list[dict[str, Any]]:
    """Of every kind that there is, of one change or of several."""
    rooms = [f"1F-{n:02}" for n in range(1, 15)]
    room, other = chance.sample(rooms, 2)
    x, y = chance.randint(-40, -10), chance.randint(0, 9)
    square = [[x, y], [x + 3, y], [x + 3, y + 3], [x, y + 3]]
    strokes: list[list[dict[str, Any]]] = [
        [{"do": "rename", "id": room, "names": {"en": f"N{chance.randint(1, 9)}"}}],
        [{"do": "restrict", "id": one, "access": "staff"} for one in chance.sample(rooms, 5)],
        [{"do": "set-kind", "id": room, "kind": "hall", "category": "waiting"}],
        [{"do": "set-door", "id": f"{room}-D", "kind": "sliding", "entrance": False}],
        [{"do": "reshape", "id": one, "outline": square} for one in (room, other)],
        [{"do": "add-space", "id": f"d{number}", "level": "1F", "outline": square, "kind": "room"}],
        [{"do": "add-door", "spaces": [room, "1F-C"], "point": [chance.randint(1, 40), 5]}],
        [{"do": "no-door", "spaces": [room, "1F-C"]}],
        [{"do": "remove", "id": room}],
        [{"do": "merge", "spaces": [room, other], "points": [[1, 2], [3, 4]]}],
        [{"do": "cut-out", "id": "1F-C", "outline": square}],
        [
            {
                "do": "split",
                "id": room,
                "line": [[x, y], [x + 3, y]],
                "new": f"d{number}",
                "point": [x, y + 1],
            }
        ],
    ]
    return chance.choice(strokes)


def test_three_hundred_random_strokes_taken_back_leave_the_first_state(pen: Pen) -> None:
    """Byte for byte; on the way some are taken back and drawn again. Shapes of one room replace
    each other, as the page sends them."""
    pen.draw("rename", id="1F-01", names={"en": "First"})
    first, state = pen.content(), pen.now()
    files, who = pen.house.settings.press.files, deed(pen.house.rows, 1, "editor")
    chance, past = random.Random(300), []
    version = state["version"]
    for number in range(300):
        changes = random_stroke(chance, number)
        instead = drawing_now.superseded(changes, drafts.changes_of(pen.content()))
        made = drafts.add_corrections(who, files, changes, version, instead).version
        if made != version:
            past.append((version, made))
        version = made
        if chance.random() < 0.2:
            before, made = past[-1]
            kept = pen.content()
            drafts.turn_back(who, files, made, before)
            version = drafts.turn_back(who, files, before, made).version
            assert pen.content() == kept
            past[-1] = (before, made)

    for before, made in reversed(past):
        drafts.turn_back(who, files, made, before)

    assert len(past) > 250
    assert pen.content() == first
    assert {**pen.now(), "version": 0} == {**state, "version": 0}


RECHECKED_S = 1.0
"""Within which what is wrong with a changed level of the example is told, at p95 on two cores."""


@REST
def test_a_changed_level_of_the_example_is_checked_again_within_a_second(
    example_drawings: Path, example_venue: Venue, tmp_path: Path
) -> None:
    """Every stroke is another one, so that nothing is known of it; the best of three rounds
    counts, since the machine has other work."""
    for folder in ("blobs", "work"):
        (tmp_path / folder).mkdir()
    files = Files(tmp_path)
    plans = plans_to_json(read([example_drawings / "plans"]))
    base = drafts.changes_of((example_drawings / "corrections.json").read_bytes())
    built = drawing_now.Made(
        level="",
        plans=files.keep(json.dumps({"plans": plans}).encode()),
        venue=files.keep(json.dumps(venue_to_json(example_venue)).encode()),
        corrections=files.keep(drafts.corrections_file(base)),
        directory=files.keep((example_drawings / "directory.csv").read_bytes()),
    )

    def told(level: str, changes: list[dict[str, Any]]) -> float:
        said = files.keep(drafts.corrections_file([*base, *changes]))
        made, began = replace(built, level=level), time.perf_counter()
        now = drawing_now.level_now(files, made, said, built.directory)
        assert drawing_now.state(files, made, said, now, "en")["spaces"]
        return time.perf_counter() - began

    rooms = [one for one in example_venue.spaces if one.kind == "room"]
    chance, rounds = random.Random(95), []
    for number in range(3):
        took_s = []
        for one in chance.sample(rooms, 20):
            # Somebody has opened the level before they draw on it.
            told(one.level, [])
            x, y = one.outline.representative_point().coords[0]
            name = {"do": "rename", "id": one.id, "names": {"en": f"Room {number}"}}
            hole = {"do": "cut-out", "id": one.id, "outline": _square(x, y)}
            took_s.append(told(one.level, [name, hole]))
        rounds.append(sorted(took_s)[-2])
    print(f"a changed level is told within {min(rounds):.2f} s at p95, {sorted(rounds)}")

    assert min(rounds) <= RECHECKED_S


def _square(x: float, y: float, side: float = 0.4) -> list[list[float]]:
    return [[x, y], [x + side, y], [x + side, y + side], [x, y + side]]


def of(state: dict[str, Any], code: str) -> dict[str, Any]:
    (found,) = (one for one in state["findings"] if one["code"] == code)
    return found


def test_a_guessed_door_is_confirmed_or_refused_where_it_is_told(pen: Pen) -> None:
    guessed = pen.draw("remove", id="1F-14-D")
    (answer,) = of(guessed, "door-guessed")["answers"]

    confirmed = pen.send(version=guessed["version"], changes=answer["changes"]).get_json()
    assert not confirmed["findings"]
    assert not [door for door in confirmed["doors"] if door["guessed"]]
    pen.back(confirmed["version"], guessed["version"])
    refused = pen.send(version=pen.now()["version"], changes=answer["refuse"]).get_json()
    assert "1F-C" not in {
        space for door in refused["doors"] if "1F-14" in door["spaces"] for space in door["spaces"]
    }


def test_a_room_without_a_door_is_offered_likely_ones(pen: Pen) -> None:
    pen.draw("remove", id="1F-14-D")
    shut = pen.draw("no-door", spaces=["1F-14", "1F-C"])
    answers = of(shut, "space-without-door")["answers"]

    assert answers and answers[0]["why"]
    changed = pen.send(version=shut["version"], changes=answers[0]["changes"])
    assert changed.status_code == 200
    assert not unreached(changed.get_json())


def test_an_undo_keeps_what_somebody_else_has_drawn_since(pen: Pen) -> None:
    other = Pen(pen.house, pen.job, who="second")
    before = pen.draw("rename", id="1F-01", names={"en": "Mine"})["version"]
    made = pen.draw("rename", id="1F-02", names={"en": "Mine too"})["version"]
    other.draw("rename", id="1F-03", names={"en": "Theirs"})

    assert pen.back(made, before).status_code == 200

    said = {change["id"] for change in drafts.changes_of(pen.content())}
    assert said == {"1F-01", "1F-03"}


def test_what_somebody_else_has_taken_back_cannot_be_taken_back_again(pen: Pen) -> None:
    other = Pen(pen.house, pen.job, who="second")
    before = pen.draw("rename", id="1F-01", names={"en": "A"})["version"]
    made = pen.draw("rename", id="1F-02", names={"en": "B"})["version"]
    other.back(made, before)
    other.draw("rename", id="1F-03", names={"en": "C"})

    answer = pen.back(made, before)

    assert answer.status_code == 409
    assert answer.get_json()["code"] == "changed-meanwhile"


def test_two_who_change_one_room_at_once_are_told(pen: Pen) -> None:
    other = Pen(pen.house, pen.job, who="second")
    seen = pen.now()["version"]
    other.draw("rename", id="1F-01", names={"en": "Theirs"})

    change = {"do": "rename", "id": "1F-01", "names": {"en": "Mine"}}
    answer = pen.send(version=seen, changes=[change])

    assert answer.status_code == 409


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"version": 0, "changes": [{"do": "add-door", "point": [-500, 5]}]}, "no-wall-here"),
        ({"version": 0, "changes": [{"do": "add-door", "point": "here"}]}, "form-field"),
        ({"version": 0, "changes": [{"do": "fly"}]}, "correction-unknown"),
        (
            {"version": 0, "changes": [{"do": "split", "id": "1F-01", "line": [[1, 9], [2, 9]]}]},
            "split-nowhere",
        ),
        ({"version": 0, "changes": [{"do": "split", "id": "1F-01", "line": "x"}]}, "form-field"),
        (
            {"version": 0, "changes": [{"do": "merge", "spaces": ["1F-01", "1F-07"]}]},
            "merge-apart",
        ),
        ({"version": 0, "changes": [{"do": "merge", "spaces": 7}]}, "merge-apart"),
        (
            {
                "version": 0,
                "changes": [{"do": "cut-out", "outline": [[20, 4], [22, 4], [22, 9], [20, 9]]}],
            },
            "cut-nowhere",
        ),
        ({"version": 0, "changes": [{"do": "cut-out", "outline": [[1, 2], [3]]}]}, "form-field"),
        ({"version": -1, "changes": [{"do": "remove", "id": "1F-01"}]}, "request-refused"),
        ({"version": True, "changes": [{"do": "remove", "id": "1F-01"}]}, "request-refused"),
        ({"made": 7, "back": "x"}, "request-refused"),
        ({"made": 7, "back": 0}, "request-refused"),
        ({}, "request-refused"),
        ({"version": 0, "changes": ["x"]}, "request-refused"),
        (
            {"version": 0, "changes": [{"do": "reshape", "id": "1F-01", "outline": [[0, 0]] * 3}]},
            "correction-field",
        ),
    ],
)
def test_what_cannot_be_drawn_is_refused_in_words(
    pen: Pen, said: dict[str, Any], code: str
) -> None:
    answer = pen.send(**said)

    assert answer.status_code == 400
    assert answer.get_json()["code"] == code
    assert len(answer.get_json()["text"]) > 10
    assert not pen.content()


def test_who_may_only_look_draws_nothing(pen: Pen) -> None:
    viewer = Pen(pen.house, pen.job, who="viewer")

    answer = viewer.send(version=0, changes=[{"do": "remove", "id": "1F-01"}])

    assert answer.status_code == 403
    assert viewer.now()["rooms"] == 14


def test_a_build_that_kept_no_drawings_says_so(pen: Pen) -> None:
    result = {key: v for key, v in pen.house.job(pen.job).result.items() if key != "plans"}
    pen.house.rows.run("UPDATE jobs SET result = ? WHERE id = ?", json.dumps(result), pen.job)

    page = pen.clerk.get(pen.path.replace("draw.json", "draw"))

    assert page.status_code == 400
    told = Finding("build-without-plans").text("zh-Hans")
    assert told in html.unescape(page.get_data(as_text=True))


def mark(state: dict[str, Any], kind: str) -> dict[str, Any]:
    (found,) = state[kind]
    return dict(found)


SIGN = {"point": [10, 6.5], "bearing_deg": 90, "text": "眼科", "arrow": "left"}


def test_a_sign_hangs_where_it_is_drawn_and_is_changed_as_a_whole(pen: Pen) -> None:
    goals = pen.now()["goals"]
    eye = next(key for key, name in goals.items() if name.startswith("1层诊室5"))

    drawn = mark(pen.draw("add-board", **SIGN, leads=[eye]), "boards")
    before = pen.content()
    turned = pen.draw("add-board", **SIGN | {"bearing_deg": 180}, id=drawn["id"], leads=[eye])

    assert drawn["leads"] == [{"id": eye, "label": goals[eye]}]
    assert mark(turned, "boards") == {**drawn, "bearing_deg": 180}
    (change,) = drafts.changes_of(pen.content())
    assert (change["do"], change["space"]) == ("add-board", "1F-C")
    assert pen.back(2, 1).status_code == 200
    assert pen.content() == before
    assert pen.draw("remove", id=drawn["id"])["boards"] == []


def test_a_sign_that_two_change_is_a_conflict(pen: Pen) -> None:
    """And no file comes of it in which it hangs twice."""
    drawn = mark(pen.draw("add-board", **SIGN, leads=["1F-05"]), "boards")
    seen = pen.now()["version"]
    again = {"do": "add-board", "id": drawn["id"], "leads": ["1F-05"]}
    other = Pen(pen.house, 1, who="second")
    other.draw("add-board", **SIGN | {"text": "口腔科"}, id=drawn["id"], leads=["1F-05"])

    answer = pen.send(version=seen, changes=[again | SIGN | {"arrow": "right"}])
    said = answer.get_json()
    settled = pen.send(version=said["version"], changes=said["changes"], instead=said["instead"])

    assert answer.status_code == 409
    board = mark(settled.get_json(), "boards")
    assert (board["text"], board["arrow"]) == ("眼科", "right")
    assert len(drafts.changes_of(pen.content())) == 1


def test_what_others_draw_meanwhile_hinders_no_change_of_a_sign(pen: Pen) -> None:
    drawn = mark(pen.draw("add-board", **SIGN, leads=["1F-05"]), "boards")
    seen = pen.now()["version"]
    Pen(pen.house, 1, who="second").draw("rename", id="1F-01", names={"en": "Reception"})

    again = {"do": "add-board", "id": drawn["id"], "leads": ["1F-05"]}
    answer = pen.send(version=seen, changes=[again | SIGN | {"arrow": "right"}])

    assert mark(answer.get_json(), "boards")["arrow"] == "right"
    assert len(drafts.changes_of(pen.content())) == 2


def test_a_line_on_the_floor_is_told_where_it_leaves_the_floor(pen: Pen) -> None:
    line = {"colour": "blue", "leads": ["1F-07"]}

    drawn = pen.draw("add-stripe", **line, course=[[2, 6.5], [40, 6.5], [40, 60]])
    key = mark(drawn, "stripes")["id"]
    mended = pen.draw("add-stripe", **line, id=key, course=[[2, 6.5], [38, 6.5]])

    told = [one for one in drawn["findings"] if one["thing"] == key]
    assert [one["code"] for one in told] == ["stripe-outside"]
    assert key not in told[0]["text"]
    assert mark(mended, "stripes")["label"] == "蓝色地线"
    assert not [one for one in mended["findings"] if one["thing"] == key]


def test_a_code_faces_its_wall_and_one_that_looks_away_is_turned_by_a_button(pen: Pen) -> None:
    drawn = mark(pen.draw("add-anchor", point=[10, 7.5]), "anchors")
    away = pen.draw("set-anchor", id=drawn["id"], bearing_deg=180)
    (told,) = (one for one in away["findings"] if one["thing"] == drawn["id"])
    (answer,) = told["answers"]
    moved = pen.draw("set-anchor", id=drawn["id"], point=[22.5, 7.5])

    assert (drawn["bearing_deg"], drawn["code"]) == (0, "A1-01")
    assert told["code"] == "code-looks-away"
    assert answer["changes"] == [{"do": "set-anchor", "id": drawn["id"], "bearing_deg": 0}]
    assert mark(moved, "anchors")["bearing_deg"] == 180
    assert [one["do"] for one in drafts.changes_of(pen.content())] == ["add-anchor", "set-anchor"]
    assert not [
        one for one in pen.draw(**answer["changes"][0])["findings"] if one["thing"] == drawn["id"]
    ]


def test_what_hangs_where_nobody_walks_is_refused(pen: Pen) -> None:
    change = {"do": "add-anchor", "point": [-300, 0]}

    answer = pen.send(version=pen.now()["version"], changes=[change])

    assert answer.status_code == 400
    assert answer.get_json()["code"] == "nothing-walked-here"


def test_a_room_is_noticed_in_passing(pen: Pen) -> None:
    def room(state: dict[str, Any]) -> dict[str, Any]:
        return next(dict(one) for one in state["spaces"] if one["id"] == "1F-05")

    place = room(pen.now())["place"]

    assert room(pen.draw("landmark", id=place, landmark=True))["landmark"] == "yes"
    assert room(pen.draw("landmark", id=place, landmark=False))["landmark"] == "never"


def over_there(pen: Pen, left: float) -> None:
    """A corridor of another building, east of the clinic."""
    pen.draw("add-building", id="east", names={"en": "East Wing", "zh-Hans": "东楼"})
    pen.draw("add-level", id="east-2F", label="2F", ordinal=1, building="east")
    ring = [[left, 0], [left + 9, 0], [left + 9, 8], [left, 8]]
    pen.draw("add-space", id="east-C", level="east-2F", outline=ring, kind="corridor")


def bridged(pen: Pen, *ends: list[float]) -> TestResponse:
    return pen.send(version=pen.now()["version"], crossing={"ends": [*ends], "level": "east-2F"})


def test_a_bridge_leads_from_a_wall_here_to_one_of_another_building(pen: Pen) -> None:
    over_there(pen, 60)

    state = bridged(pen, [42, 2.5], [60, 2.5]).get_json()

    (bridge,) = state["bridges"]
    corridor = next(one for one in state["spaces"] if one["id"] == "1F-d1")
    assert bridge["to"] == "东楼 2F"
    assert corridor["kind"] == "corridor"
    assert {tuple(one["spaces"]) for one in state["doors"]} >= {("1F-14", "1F-d1")}
    assert pen.clerk.post(f"{BASE}/builds").status_code == 303
    pen.house.work()
    files = pen.house.settings.press.files
    venue = read_venue(files, pen.house.job(pen.job + 1).result["venue"])
    assert {*venue.door_by_id[bridge["id"]].spaces} == {"1F-d1", "east-C"}
    assert pen.draw("remove", id=bridge["id"])["bridges"] == []


def test_two_buildings_that_touch_are_joined_by_a_door_alone(pen: Pen) -> None:
    over_there(pen, 42.2)
    before = len(drafts.changes_of(pen.content()))

    state = bridged(pen, [42, 2.5], [42.2, 2.5]).get_json()

    assert [one["to"] for one in state["bridges"]] == ["东楼 2F"]
    (door,) = drafts.changes_of(pen.content())[before:]
    assert door["spaces"] == ["1F-14", "east-C"]


def test_a_bridge_without_a_wall_at_its_end_is_refused(pen: Pen) -> None:
    over_there(pen, 60)

    assert bridged(pen, [42, 2.5], [80, 30]).get_json()["code"] == "no-wall-here"
    nowhere = pen.send(
        version=pen.now()["version"], crossing={"ends": [[42, 2], [60, 2]], "level": "2F"}
    )
    assert nowhere.get_json()["code"] == "no-such-thing"


def test_a_ramp_is_as_steep_as_staff_say(pen: Pen) -> None:
    state = pen.draw("set-kind", id="1F-C", kind="ramp", slope=0.2)

    (ramp,) = (one for one in state["spaces"] if one["id"] == "1F-C")
    assert ramp["slope"] == 0.2
    assert state["reached"]["wheelchair"] < state["reached"]["walk"]
