"""Big plans: too big ones are refused at once, and permitted ones stay small on every page."""

import json
import time
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from clinic import HOSPITAL, House, new_house
from hypothesis import given
from hypothesis import strategies as st

from floorplans.limits import Limits
from floorplans.reading import read
from navkit.venue.join import join
from navkit.venue.venue import Venue
from navkit.words.findings import NavkitError
from navkit.words.languages import languages
from server.builds import drafts, listing, merging, offload, picturing
from server.builds.building import parsed
from server.data.files import path_of
from server.pages import levels

BASE = f"/hospitals/{HOSPITAL}"


def grid(count: int, levels: int = 1, corners: int = 4) -> bytes:
    """Corridors of 5 m by 4 m side by side, with as many corners each."""
    side = int(count**0.5)
    features: list[dict[str, Any]] = [
        {"type": "Feature", "id": "h", "geometry": None,
         "properties": {"type": "building", "name": {"zh-Hans": "楼"}}},
    ]  # fmt: skip
    for level in range(1, levels + 1):
        key = f"{level}F"
        features.append(
            {"type": "Feature", "id": key, "geometry": None,
             "properties": {"type": "level", "ordinal": level - 1, "label": key, "building": "h"}},
        )  # fmt: skip
        for number in range(count):
            x, y = number % side * 5.0, number // side * 4.0
            bottom = [[x + 5 * i / (corners - 3), y] for i in range(corners - 2)]
            ring = [*bottom, [x + 5, y + 4], [x, y + 4], [x, y]]
            features.append({
                "type": "Feature", "id": f"{level}-{number}",
                "geometry": {"type": "Polygon", "coordinates": [ring]},
                "properties": {"type": "space", "level": f"{level}F", "kind": "corridor",
                               "ref": str(number)}})  # fmt: skip
    return json.dumps(
        {"type": "FeatureCollection", "navkit": 1, "units": "m", "features": features}
    ).encode()


def venue_of(folder: Path, plan: bytes) -> Venue:
    (folder / "plan.geojson").write_bytes(plan)
    return join(read([folder / "plan.geojson"]), None, ())


@pytest.mark.parametrize(
    ("levels", "limits", "code", "count"),
    [
        (1, Limits(spaces_of_level=99), "too-many-spaces-on-level", "100"),
        (3, Limits(spaces=299), "too-many-spaces", "300"),
    ],
)
def test_a_plan_over_the_limit_says_how_many_and_how_many_may_be(
    tmp_path: Path, levels: int, limits: Limits, code: str, count: str
) -> None:
    (tmp_path / "plan.geojson").write_bytes(grid(100, levels))

    with pytest.raises(NavkitError) as refused:
        read([tmp_path / "plan.geojson"], limits)

    finding = refused.value.finding
    assert finding.code == code
    assert finding.slots == {"count": count, "limit": str(int(count) - 1)}
    assert read([tmp_path / "plan.geojson"], Limits(spaces_of_level=100, spaces=300))


def test_storeys_of_several_files_count_together(tmp_path: Path) -> None:
    for name in ("a.geojson", "b.geojson"):
        (tmp_path / name).write_bytes(grid(60))

    with pytest.raises(NavkitError) as refused:
        read([tmp_path / "a.geojson", tmp_path / "b.geojson"], Limits(spaces_of_level=100))

    assert refused.value.finding.slots["count"] == "120"


def test_a_full_level_is_drawn_with_fewer_lines_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    venue = venue_of(tmp_path, grid(100))
    whole = picturing.drawings(venue, venue.levels[0].id, languages())
    monkeypatch.setattr(picturing, "MOST_SHAPES", 50)
    few = picturing.drawings(venue, venue.levels[0].id, languages())

    assert not whole["en"].is_simplified and few["en"].is_simplified
    assert len(few["en"].svg) < len(whole["en"].svg) / 5
    assert few["en"].svg.count("<path") == 1


def test_a_drawing_has_a_bound_however_fine_its_lines_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    venue = venue_of(tmp_path, grid(49, corners=200))
    monkeypatch.setattr(picturing, "MOST_BYTES", 20_000)

    for drawn in picturing.drawings(venue, venue.levels[0].id, languages()).values():
        assert drawn.is_simplified and len(drawn.svg.encode()) <= 20_000
    spots = list(picturing.spots(venue, venue.levels[0].id))
    assert sum(len(spot.path) for spot in spots) < 100 * len(spots)


def test_every_finding_is_on_a_page_and_no_page_has_more_than_it_can_hold() -> None:
    venue = Venue({}, None, (), (), (), (), (), (), ())
    found = [
        {"code": code, "severity": severity, "where": f"{code}-{n}", "slots": {}}
        for code, severity, count in (("a", "note", 1234), ("b", "error", 3), ("c", "warning", 51))
        for n in range(count)
    ]
    reach = {"walk": {"before": 0, "after": 9, "new": [], "lost": ["x"] * 999, "steps": []}}
    said = {"findings": found, "reach": reach, "changes": {}, "opened": ["y"] * 999}

    short = listing.bounded(venue, said)

    assert [(g["code"], g["count"], len(g["rows"])) for g in short["groups"]] == [
        ("b", 3, 3),
        ("c", 51, 50),
        ("a", 1234, 50),
    ]
    assert short["reach"]["walk"]["counts"]["lost"] == 999
    assert len(short["reach"]["walk"]["lost"]) == len(short["opened"]) == listing.LISTED
    groups = listing.by_code(listing.rows(venue, found))
    pages = listing.pages(groups["a"])
    assert [row["finding"] for page in pages for row in page] == found[:1234]
    assert max(map(len, pages)) == listing.OF_PAGE


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.floats(allow_nan=False),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@pytest.mark.slow
@given(st.dictionaries(st.text(), _JSON) | _JSON, st.booleans())
def test_what_is_read_item_by_item_is_what_was_written(said: Any, is_dense: bool) -> None:
    text = json.dumps(said, separators=(",", ":") if is_dense else None, ensure_ascii=False)

    assert parsed(text) == json.loads(text)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    house = new_house(tmp_path_factory.mktemp("big") / "data").hire()
    house.build(plan=grid(100))
    return house


@pytest.mark.rest
@pytest.mark.slow
def test_a_level_with_more_than_a_page_can_hold_is_searched_and_clicked(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(levels, "MOST_SPOTS", 5)
    monkeypatch.setattr(levels, "MOST_CHOICES", 5)
    address = f"{BASE}/builds/1/levels/1F"
    clerk = house.clerk("editor")

    page = clerk.get(address).text
    found = clerk.get(f"{address}?q=1-42").text
    clicked = clerk.get(f"{address}?px=20&py=20").text
    chosen = clerk.get(f"{address}?thing=1-42").text

    # Five rooms and five places of a hundred, and none.
    things = page.partition('<select name="thing"')[2].partition("</select>")[0]
    assert page.count('class="spot') == 0 and things.count("<option") == 1 + 5 + 5
    assert 'name="q"' in page and "还有" in page
    assert 'value="1-42"' in found
    assert clicked.count('class="spot chosen') == 1
    assert chosen.count('class="spot chosen') == 1 and 'value="1-42" selected' in chosen
    assert 'name="do" value="rename"' in chosen
    choices = chosen.partition('name="thing">')[2].partition("</select>")[0]
    assert choices.count("<option") == 1 + 1 + 5 + 5, (
        "the level, what is chosen, five others, and five places"
    )


@pytest.mark.process
def test_a_drawing_is_made_by_the_build_and_asked_for_once(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(picturing, "drawings", None)
    monkeypatch.setattr(picturing, "draw_floor", None)
    clerk = house.clerk("viewer")

    first = clerk.get(f"{BASE}/builds/1/levels/1F.svg")
    again = clerk.get(
        f"{BASE}/builds/1/levels/1F.svg", headers={"If-None-Match": first.headers["ETag"]}
    )

    sha256, _ = house.job(1).result["drawings"]["1F"]["zh-Hans"]
    assert first.data == (house.settings.folder / path_of(sha256)).read_bytes()
    assert (again.status_code, again.data) == (304, b"")
    assert first.headers["Cache-Control"] == "private, no-cache"
    assert house.clerk().get(f"{BASE}/builds/1/levels/1F.svg").status_code == 302


@pytest.mark.process
def test_all_findings_of_a_code_can_be_read(house: House) -> None:
    clerk, made = house.clerk("viewer"), house.job(1).result
    [(code, pages)] = list(made["findings"].items())[:1]
    review = clerk.get(f"{BASE}/builds/1").text

    assert f"{BASE}/builds/1/findings/{code}" in review
    for number in range(1, len(pages) + 1):
        assert clerk.get(f"{BASE}/builds/1/findings/{code}?page={number}").status_code == 200
    assert clerk.get(f"{BASE}/builds/1/findings/{code}?page=99").status_code == 404
    assert clerk.get(f"{BASE}/builds/1/findings/none").status_code == 404


@pytest.mark.process
def test_a_build_from_before_drawings_were_made_says_so(house: House) -> None:
    made = dict(house.job(1).result)
    for part in ("drawings", "findings"):
        del made[part]
    house.rows.run("UPDATE jobs SET result = ? WHERE id = 1", json.dumps(made))

    page = house.clerk("editor").get(f"{BASE}/builds/1/levels/1F")

    assert page.status_code == 200 and "还没有画出平面图" in page.text
    assert house.clerk("editor").get(f"{BASE}/builds/1").status_code == 200


# ------------------------------------------------------------------- sheets


def directory(count: int) -> bytes:
    rows = "".join(f"科室{n},Department {n},{n},Mo-Fr 08:00-17:00,\n" for n in range(count))
    return f"name,name_en,rooms,hours,aliases\n{rows}".encode()


def corrections(count: int) -> bytes:
    return drafts.corrections_file(
        [{"do": "rename", "id": f"1-{n}", "names": {"en": f"Room {n}"}} for n in range(count)]
    )


@pytest.mark.process
def test_what_is_large_is_worked_on_apart_with_the_same_outcome(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before, after = directory(3_000), directory(3_002)
    tables, changes = [], []
    add = partial(offload.do, drafts._added)
    for small_bytes in (10**9, 0):
        monkeypatch.setattr(offload, "SMALL_BYTES", small_bytes)
        tables.append(
            (
                drafts.table_part(before, "department 29", 0, 5),
                drafts.table_row(before, 7),
                offload.do(merging.difference, "directory", before, after),
                offload.do(drafts._told_of, "directory", before, after),
            )
        )
        changes.append(
            (
                drafts.changes_part(corrections(300), 200, 50),
                add(corrections(3), corrections(2), [{"do": "x", "id": "9"}], ()),
                add(corrections(3), corrections(2), [{"do": "x", "id": "1-2"}], ()),
                offload.do(drafts._without, corrections(3), {"do": "x"}, 1),
            )
        )
        with pytest.raises(NavkitError) as refused:
            drafts.check_content("directory", "d.csv", b"neither,nor\n" + b"1,2\n" * 10)
        assert refused.value.finding.code == "directory-without-columns"

    assert tables[0] == tables[1] and tables[0][0].count == 111
    assert changes[0] == changes[1]
    assert [bool(content) for content, _ in changes[0][1:3]] == [True, False]
    assert len(changes[0][0][0]) == 50


@pytest.mark.process
def test_what_fails_apart_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(offload, "SMALL_BYTES", 0)

    with pytest.raises(NavkitError) as refused:
        offload.do(drafts._table_part, b"name,rooms\nCT,101\n", None, "no number")

    assert refused.value.finding.code == "sheet-took-too-long"


@pytest.mark.process
@pytest.mark.parametrize(
    ("kind", "content", "limit"),
    [("directory", directory(10_001), "10000"), ("corrections", corrections(10_001), "10000")],
)
def test_a_sheet_with_too_many_rows_says_how_many_may_be(
    kind: str, content: bytes, limit: str
) -> None:
    with pytest.raises(NavkitError) as refused:
        drafts.check_content(kind, "file", content)

    finding = refused.value.finding
    assert (finding.code, finding.slots["limit"]) == ("too-many-rows", limit)
    assert finding.slots["count"] == str(int(limit) + 1)


@pytest.mark.slow
def test_what_a_long_sheet_changes_is_told_in_a_moment() -> None:
    theirs, mine = directory(10_000), directory(10_000).replace(b"Department", b"Dept")

    began_s = time.process_time()
    told = drafts._told_of("directory", theirs, mine)

    assert time.process_time() - began_s < 5
    assert told["more"] == 10_000 - drafts.MOST_TOLD


@pytest.mark.process
def test_long_corrections_are_shown_page_by_page_and_taken_back_from_any(house: House) -> None:
    clerk = house.clerk("editor")
    assert clerk.upload("corrections", "c.json", corrections(450)).status_code == 303
    pages = [clerk.get(f"{BASE}/corrections?page={n}").text for n in (1, 2, 3)]

    clerk.post(f"{BASE}/corrections/449/remove", version=1)

    assert [page.count("<tr>") - 1 for page in pages] == [200, 200, 50]
    assert "Room 449" in pages[2] and f"{BASE}/corrections/449/remove" in pages[2]
    assert "Room 449" not in clerk.get(f"{BASE}/corrections?page=3").text


@pytest.mark.process
def test_limits_are_said_before_anybody_uploads(house: House) -> None:
    page = house.clerk("editor").get(BASE).text

    assert "每层最多 5000 个房间和走廊，总共最多 10000 个" in page
    assert "最多 10000 行" in page
