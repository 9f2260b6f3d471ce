"""A code hangs on a wall, and its reader looks at the wall: else "go right" leads into it."""

import json
from pathlib import Path

import pytest
from drawn import parse

from navkit.venue import corrections
from navkit.venue.join import join
from navkit.venue.venue import Venue

HALL = """
+-----------------------+
|     {upper}                 |
|                       |
|           H           |
|                       |
|                 {lower}     |
+--ooo------------------+
|                       |
|           G           |
+-----------------------+

H: hall 大厅 | Hall
G: corridor
"""


def looks_away(upper: str, lower: str = " ") -> list[tuple[str, dict[str, object]]]:
    venue = join([parse(HALL.format(upper=upper, lower=lower))])
    return [
        (found.where, dict(found.slots))
        for found in venue.findings
        if found.code == "code-looks-away"
    ]


@pytest.mark.parametrize(
    ("mark", "is_wrong"), [("^", False), ("v", True), ("<", True), ("*", False)]
)
def test_who_reads_a_code_on_the_upper_wall_looks_up(mark: str, is_wrong: bool) -> None:
    assert looks_away(mark) == ([("1F, code1", {"bearing": "0"})] if is_wrong else [])


def test_each_code_is_named_with_the_bearing_of_its_wall() -> None:
    assert looks_away("v", "^") == [
        ("1F, code1", {"bearing": "0"}),
        ("1F, code2", {"bearing": "180"}),
    ]


def test_a_code_far_from_all_walls_may_look_anywhere() -> None:
    stand = HALL.replace("          H           ", "    >     H           ")

    found = join([parse(stand.format(upper=" ", lower=" "))]).findings

    assert "code-looks-away" not in {one.code for one in found}


def test_an_opening_is_no_wall() -> None:
    through = HALL.replace("|                 {lower}     |", "|  v                    |")

    found = join([parse(through.format(upper=" ", lower=" "))]).findings

    assert [one.where for one in found if one.code == "code-looks-away"] == ["1F, code1"]


@pytest.mark.parametrize(("bearing_deg", "is_wrong"), [(0, False), (20, False), (90, True)])
def test_codes_that_staff_add_are_checked_too(
    bearing_deg: int, is_wrong: bool, tmp_path: Path
) -> None:
    added = {
        "do": "add-anchor",
        "id": "K",
        "space": "H",
        "point": [6, -1],
        "bearing_deg": bearing_deg,
    }
    file = tmp_path / "corrections.json"
    file.write_text(f'{{"navkit-corrections": 1, "changes": [{json.dumps(added)}]}}')

    drawn = join([parse(HALL.format(upper=" ", lower=" "))], None, corrections.read(file))

    assert ("code-looks-away" in {found.code for found in drawn.findings}) == is_wrong


def test_the_codes_of_the_example_look_at_their_walls(example_venue: Venue) -> None:
    found = [one.where for one in example_venue.findings if one.code == "code-looks-away"]

    assert (len(example_venue.anchors), found) == (38, [])


def corrected(**change: object) -> Venue:
    said = corrections.parse({"navkit-corrections": 1, "changes": [change]}, "c.json")
    return join([parse(HALL.format(upper="v", lower=" "))], None, said)


def test_staff_turn_a_code_that_a_drawing_has() -> None:
    (drawn,) = corrected(do="set-venue", region="CN").anchors

    turned = corrected(do="set-anchor", id=drawn.id, bearing_deg=0, code="A1")

    (anchor,) = turned.anchors
    assert (anchor.bearing_deg, anchor.code, anchor.point) == (0, "A1", drawn.point)
    assert turned.findings == ()


def test_staff_move_a_code_into_another_space() -> None:
    (drawn,) = corrected(do="set-venue", region="CN").anchors

    (moved,) = corrected(do="set-anchor", id=drawn.id, space="G", point=[6, -8]).anchors
    (lost,) = corrected(do="set-anchor", id=drawn.id, space="X", point=[6, -8]).anchors

    assert (moved.space, moved.point) == ("G", (6, -8))
    assert (lost.space, lost.point) == (drawn.space, drawn.point)


def test_staff_name_a_code_or_take_it_away() -> None:
    (drawn,) = corrected(do="set-venue", region="CN").anchors

    (named,) = corrected(do="rename", id=drawn.id, names={"en": "Hall"}).anchors

    assert named.names["en"] == "Hall"
    assert corrected(do="remove", id=drawn.id).anchors == ()
