"""What staff have said of a hospital outlives a new version of its drawing, handed in at the
console: corrections of nearly every verb, on a floor of which every wall has moved and all ids are
new. Where drawing and correction disagree, somebody is asked."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from clinic import HOSPITAL, House, drawing, new_house
from redrawn import every_wall_moves_a_little, ids_are_numbered_anew
from shapely import Point

from navkit.venue.venue import Venue
from server.builds import drafts
from server.builds.building import read_venue
from server.data.files import Files

pytestmark = [pytest.mark.process, pytest.mark.rest]

BASE = f"/hospitals/{HOSPITAL}"


def named(text: str) -> dict[str, str]:
    return {"zh-Hans": text}


SAID: list[dict[str, Any]] = [
    {"do": "rename", "id": "1F-03", "names": named("X光室"), "ref": "103A"},
    {"do": "rename", "id": "1F-13", "names": named("旧诊室")},
    {"do": "restrict", "id": "1F-09", "access": "staff"},
    {"do": "set-kind", "id": "1F-04", "kind": "room", "category": "toilet"},
    {"do": "landmark", "id": "1F-05"},
    {"do": "landmark", "id": "2F-05", "landmark": False},
    {"do": "set-entry", "id": "1F-06", "names": named("请按门铃")},
    {"do": "set-level", "id": "2F", "label": "2楼"},
    {"do": "set-connector", "id": "L", "wait_s": 70},
    {"do": "rename", "id": "L", "names": named("西侧电梯")},
    {"do": "set-door", "id": "2F-02-D", "width_m": 1.2, "kind": "automatic"},
    {"do": "restrict", "id": "2F-03-D", "access": "staff"},
    {"do": "set-use", "id": "2F-04", "hours": "Mo-Fr 08:00-17:00"},
    {"do": "close", "id": "2F-11", "reason": named("装修")},
    {"do": "add-anchor", "id": "code-1", "code": "H1-1", "space": "1F-C", "point": [8, 6.5]},
    {"do": "add-anchor", "id": "code-2", "code": "H2-1", "space": "2F-C", "point": [30, 6.5]},
    {"do": "add-board", "id": "sign", "space": "1F-C", "point": [10, 7.9], "bearing_deg": 180,
     "text": "诊室", "arrow": "right", "leads": ["1F-06"]},
    {"do": "add-stripe", "id": "line", "level": "1F", "colour": "red", "leads": ["S"],
     "course": [[21, 6.5], [38, 6.5]]},
    {"do": "add-door", "spaces": ["1F-01", "1F-02"], "point": [6, 10.5], "id": "between"},
    {"do": "add-door", "spaces": ["1F-10"], "point": [15, 0], "id": "side", "entrance": True},
    {"do": "add-space", "id": "kiosk", "level": "1F", "kind": "room", "names": named("小卖部"),
     "outline": [[0, 13], [6, 13], [6, 16], [0, 16]]},
    {"do": "add-door", "spaces": ["kiosk", "1F-01"], "point": [3, 13], "id": "kiosk-door"},
    {"do": "remove", "id": "2F-14"},
    {"do": "split", "id": "2F-01", "line": [[3, 7], [3, 14]], "new": "2F-01b", "point": [1, 10],
     "names": named("更衣室")},
    {"do": "merge", "spaces": ["2F-06", "2F-07"]},
    {"do": "cut-out", "id": "2F-08", "outline": [[1, 1], [2, 1], [2, 2], [1, 2]]},
    {"do": "reshape", "id": "1F-07", "outline": [[36, 8], [41, 8], [41, 13], [36, 13]]},
    {"do": "set-speech", "language": "zh-Hans", "choices": {"one": "幺"}},
    {"do": "set-day", "date": "2027-02-07", "as": "Mo"},
]  # fmt: skip
GONE = "1F-13"
"""A room that the new drawing leaves out."""


def again() -> bytes:
    """The next version of the drawing, by another hand."""
    files = {"plan.geojson": json.loads(drawing())}
    features = files["plan.geojson"]["features"]
    features[:] = [one for one in features if not str(one["id"]).startswith(GONE)]
    moved = ids_are_numbered_anew(every_wall_moves_a_little(files).files)
    return json.dumps(moved.files["plan.geojson"], ensure_ascii=False).encode()


@dataclass
class Twice:
    """The hospital before and after its new drawing."""

    house: House
    jobs: tuple[int, int]

    def venue(self, number: int) -> Venue:
        job = self.house.job(self.jobs[number])
        return read_venue(Files(self.house.settings.folder), str(job.result["venue"]))


@pytest.fixture(scope="module")
def twice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Twice]:
    house = new_house(tmp_path_factory.mktemp("redrawn") / "data").hire()
    editor = house.clerk("editor")
    house.build()
    sent = editor.upload("corrections", "c.json", drafts.corrections_file(SAID))
    assert sent.status_code == 303, sent.text
    editor.post(f"{BASE}/builds")
    house.work()
    before = max(row["id"] for row in house.rows.all("SELECT id FROM jobs"))
    after = house.build(plan=again())
    yield Twice(house, (before, after))


def wrong(venue: Venue) -> list[tuple[str, str]]:
    return [(f.code, f.where) for f in venue.findings if f.code.startswith("correction-")]


def told(venue: Venue) -> dict[str, Any]:
    """What each correction has made of the venue."""
    spaces, doors, places = venue.space_by_id, venue.door_by_id, venue.place_by_id
    lift = next(one for one in venue.connectors if one.id == "L")
    anchors = {one.id: one for one in venue.anchors}
    return {
        "renamed": (spaces["1F-03"].names["zh-Hans"], spaces["1F-03"].ref),
        "staff": (spaces["1F-09"].access, doors["2F-03-D"].access),
        "toilet": spaces["1F-04"].category,
        "landmarks": (places["1F-05"].landmark, places["2F-05"].unsaid),
        "bell": dict(places["1F-06"].entry),
        "level": venue.level_by_id["2F"].label,
        "lift": (lift.wait_s, lift.names["zh-Hans"]),
        "door": (doors["2F-02-D"].width_m, doors["2F-02-D"].kind),
        "hours": spaces["2F-04"].hours.text,
        "closed": [one.target for one in venue.closures],
        "codes": {key: (one.code, one.space) for key, one in anchors.items()},
        "codes inside": all(
            spaces[one.space].outline.contains(Point(one.point)) for one in anchors.values()
        ),
        "sign": [(one.id, one.space, one.leads) for one in venue.boards],
        "line": [(one.id, one.level) for one in venue.stripes],
        "doors": [sorted(doors[key].spaces) for key in ("between", "side", "kiosk-door")],
        "entrance": doors["side"].entrance,
        "kiosk": spaces["kiosk"].names["zh-Hans"],
        "removed": "2F-14" in spaces,
        "split": spaces["2F-01b"].names["zh-Hans"],
        "merged": ("2F-07" in spaces, round(spaces["2F-06"].outline.area / 60)),
        "cut out": len(spaces["2F-08"].outline.interiors),
        "reshaped": round(spaces["1F-07"].outline.area / 5),
        "speech": dict(venue.speech["zh-Hans"].choices),
        "day": venue.dates["2027-02-07"],
    }


def test_corrections_of_many_verbs_hold_on_the_first_drawing(twice: Twice) -> None:
    assert len(SAID) >= 25 and len({one["do"] for one in SAID}) >= 20
    assert wrong(twice.venue(0)) == []
    assert told(twice.venue(0))["removed"] is False


def test_all_of_them_hold_on_the_next_drawing(twice: Twice) -> None:
    before, after = twice.venue(0), twice.venue(1)

    assert told(after) == told(before)
    assert set(after.space_by_id) == set(before.space_by_id) - {GONE}, "nothing has come back"
    assert [{one.id for one in venue.removed} for venue in (before, after)] == 2 * [
        {"2F-14", "2F-07"}
    ]
    [kept] = twice.house.rows.all(
        "SELECT sha256 FROM sources WHERE kind = 'corrections' ORDER BY version DESC LIMIT 1"
    )
    assert drafts.changes_of(Files(twice.house.settings.folder).read(kept["sha256"])) == SAID


def test_where_the_drawing_has_no_such_room_any_more_somebody_is_asked(twice: Twice) -> None:
    """By its name and its place, with the line of the correction, on the worklist."""
    assert wrong(twice.venue(1)) == [("correction-target-gone", "corrections.json:3")]

    page = twice.house.clerk("editor").get(f"{BASE}/builds/{twice.jobs[1]}/worklist").text

    assert "旧诊室" in page and "correction-target-gone" not in page
