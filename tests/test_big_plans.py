"""Big plans: what is too big is said at once, and what is not stays small on every page."""

import json
from pathlib import Path
from typing import Any

import pytest
from clinic import HOSPITAL, House, new_house
from hypothesis import given
from hypothesis import strategies as st

from floorplans.limits import Limits
from floorplans.reading import read
from navkit.findings import LANGUAGES, NavkitError
from navkit.join import join
from navkit.venue import Venue
from server import console, listing, picturing
from server.building import parsed
from server.files import path_of

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
    whole = picturing.drawings(venue, venue.levels[0].id, LANGUAGES)
    monkeypatch.setattr(picturing, "MOST_SHAPES", 50)
    few = picturing.drawings(venue, venue.levels[0].id, LANGUAGES)

    assert not whole["en"].is_simplified and few["en"].is_simplified
    assert len(few["en"].svg) < len(whole["en"].svg) / 5
    assert few["en"].svg.count("<path") == 1


def test_a_drawing_has_a_bound_however_fine_its_lines_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    venue = venue_of(tmp_path, grid(49, corners=200))
    monkeypatch.setattr(picturing, "MOST_BYTES", 20_000)

    for drawn in picturing.drawings(venue, venue.levels[0].id, LANGUAGES).values():
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


@given(st.dictionaries(st.text(), _JSON) | _JSON, st.booleans())
def test_what_is_read_item_by_item_is_what_was_written(said: Any, is_dense: bool) -> None:
    text = json.dumps(said, separators=(",", ":") if is_dense else None, ensure_ascii=False)

    assert parsed(text) == json.loads(text)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    house = new_house(tmp_path_factory.mktemp("big") / "data").hire()
    house.build(plan=grid(100))
    return house


def test_a_level_with_more_than_a_page_can_hold_is_searched_and_clicked(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(console, "MOST_SPOTS", 5)
    monkeypatch.setattr(console, "MOST_CHOICES", 5)
    address = f"{BASE}/builds/1/levels/1F"
    clerk = house.clerk("editor")

    page = clerk.get(address).text
    found = clerk.get(f"{address}?q=1-42").text
    clicked = clerk.get(f"{address}?px=20&py=20").text
    chosen = clerk.get(f"{address}?thing=1-42").text

    assert page.count('class="spot') == 0 and page.count("<option") == 6
    assert 'name="q"' in page and "还有" in page
    assert 'value="1-42"' in found
    assert clicked.count('class="spot chosen') == 1
    assert chosen.count('class="spot chosen') == 1 and 'value="1-42" selected' in chosen
    assert 'name="do" value="rename"' in chosen


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


def test_all_findings_of_a_code_can_be_read(house: House) -> None:
    clerk, made = house.clerk("viewer"), house.job(1).result
    [(code, pages)] = list(made["findings"].items())[:1]
    review = clerk.get(f"{BASE}/builds/1").text

    assert f"{BASE}/builds/1/findings/{code}" in review
    for number in range(1, len(pages) + 1):
        assert clerk.get(f"{BASE}/builds/1/findings/{code}?page={number}").status_code == 200
    assert clerk.get(f"{BASE}/builds/1/findings/{code}?page=99").status_code == 404
    assert clerk.get(f"{BASE}/builds/1/findings/none").status_code == 404


def test_a_build_from_before_drawings_were_made_says_so(house: House) -> None:
    made = dict(house.job(1).result)
    for part in ("drawings", "findings"):
        del made[part]
    house.rows.run("UPDATE jobs SET result = ? WHERE id = 1", json.dumps(made))

    page = house.clerk("editor").get(f"{BASE}/builds/1/levels/1F")

    assert page.status_code == 200 and "还没有画出平面图" in page.text
    assert house.clerk("editor").get(f"{BASE}/builds/1").status_code == 200
