"""What staff do at the console, by its forms alone: no script runs in these tests."""

import gzip
import html
import json
import re
from datetime import date
from importlib import resources
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from clinic import DIRECTORY, HOSPITAL, PASSWORD, ROOMS, House, drawing, new_house
from drawn_dxf import dxf, ward

from exporter.paper.levels import picture_of
from exporter.site.site import site
from floorplans.reading import READERS
from navkit.guide import Guide
from navkit.words.languages import languages
from server.builds import drafts, jobs, mending, review
from server.builds.building import read_bundle, read_review, read_venue
from server.pages import bodies, console, context
from server.press import closures, leading, publishing
from server.staff import audit, people
from server.words import saying

BASE = f"/hospitals/{HOSPITAL}"
CLOSURES = f"/h/{HOSPITAL}/closures.json"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    """A clinic whose first version is on phones."""
    made = new_house(tmp_path_factory.mktemp("console") / "data").hire()
    made.publish(made.build())
    return made


def venue(house: House, job: int) -> Any:
    return read_venue(house.settings.press.files, house.job(job).result["venue"])


def reviewed(house: House, job: int) -> dict[str, Any]:
    return read_review(house.settings.press.files, house.job(job).result)


def text(answer: Any) -> str:
    return html.unescape(re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True)))


def public(house: House) -> dict[str, bytes]:
    folder = house.settings.press.folder(HOSPITAL)
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file() and file.suffix != ".gz"
    }


# ------------------------------------------------------------------- words


def test_every_word_is_said_in_every_language() -> None:
    books = [saying.book(tag) for tag in languages()]
    slots = [
        {key: sorted(re.findall(r"\{(\w+)\}", said)) for key, said in b.items()} for b in books
    ]

    assert slots[0] == slots[1] == slots[2]


def test_every_word_that_a_page_says_is_there() -> None:
    pages = Path(console.__file__).parent
    said = {
        key
        for file in (*pages.glob("templates/**/*.html"), *pages.glob("*.py"))
        for page in [file.read_text(encoding="utf-8")]
        for key in re.findall(r"""say\(['"]([\w-]+)['"][,)]""", page)
    }

    assert said - set(saying.book("en")) == set()
    assert len(said) > 100


# ------------------------------------------------------------------- hospitals


@pytest.mark.process
@pytest.mark.parametrize(
    "form",
    [
        {"id": HOSPITAL},
        {"id": "Upper"},
        {"id": "a/../b"},
        {"id": "x"},
        {"id": "fine", "timezone": "Nowhere/Else"},
        {"id": "fine", "timezone": "../../etc/passwd"},
    ],
)
def test_a_hospital_without_a_sound_name_is_refused(house: House, form: dict[str, str]) -> None:
    before = publishing.hospitals(house.rows)
    said = {"timezone": "Asia/Shanghai", **form}

    assert house.clerk("admin").post("/hospitals", **said).status_code == 400
    assert publishing.hospitals(house.rows) == before


# ------------------------------------------------------------------- sources


def test_two_editors_get_a_conflict_page_and_nothing_is_lost(tmp_path: Path) -> None:
    house = new_house(tmp_path / "data").hire()
    li, wang = house.clerk("editor"), house.clerk("second")
    old = b"name,rooms\nA,101\n"
    li.upload("directory", "d.csv", old)
    seen = {"li": li.seen(), "wang": wang.seen()}
    of_li, of_wang = old + b"B,102\n", old + b"C,103\n"
    li.upload("directory", "d.csv", of_li, seen["li"])

    conflict = wang.upload("directory", "d.csv", of_wang, seen["wang"])

    assert conflict.status_code == 409
    page = text(conflict)
    assert "editor" in page and "名称: B · 房间: 102" in page and "名称: C · 房间: 103" in page

    form = conflict.get_data(as_text=True)
    values = dict(re.findall(r'name="(mine)" value="([^"]+)"', form))
    wang.post(f"{BASE}/sources/directory/directory.csv/replace", **values)

    files = house.settings.press.files
    versions = [
        files.read(drafts.version_of(house.rows, HOSPITAL, "directory", "directory.csv", n).sha256)
        for n in (1, 2, 3)
    ]
    assert versions == [old, of_li, of_wang]


@pytest.mark.process
@pytest.mark.parametrize(
    ("kind", "name", "content", "code"),
    [
        ("drawing", "plan.exe", b"MZ", "upload-not-taken"),
        ("drawing", "plan.geojson", b"", "upload-empty"),
        ("directory", "d.csv", b"a,b\n1,2\n", "directory-without-columns"),
        ("corrections", "c.json", b"{}", "corrections-foreign"),
        ("corrections", "c.json", b"[" * 100_000, "corrections-not-json"),
        ("nothing", "c.json", b"{}", "upload-empty"),
    ],
)
def test_what_is_plainly_wrong_is_refused_at_once(
    house: House, kind: str, name: str, content: bytes, code: str
) -> None:
    before = house.sources()
    house.app.extensions["navkit-limits"].reset()
    answer = house.clerk("editor").upload(kind, name, content)
    said = people.NavkitError(code, formats="", field="").finding

    assert answer.status_code == 400
    assert said.text("zh-Hans").split("{")[0][:12] in text(answer)
    assert house.sources() == before


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.geojson", "passwd.geojson"),
        ("C:\\plans\\1F.GeoJSON", "1F.GeoJSON"),
        (".hidden.geojson", "hidden.geojson"),
        ("门诊楼 1F (新).geojson", "门诊楼 1F (新).geojson"),
        ('a"b<c>.geojson', "a_b_c_.geojson"),
        ("1F【改】.geojson", "1F【改】.geojson"),
        ("📐 一层（新）.geojson", "📐 一层（新）.geojson"),
        ("a?b.geojson", "a？b.geojson"),
    ],
)
def test_a_file_is_kept_under_a_name_of_its_own(given: str, kept: str) -> None:
    assert drafts.clean_name("drawing", given) == kept


def test_names_that_differ_stay_apart() -> None:
    given = ["a?", "a!", "a*", "a", "1F【改】", "1F（改）", "1F(改)", "1F[改]", "１楼①", "1楼①"]
    kept = [drafts.clean_name("drawing", f"{name}.geojson") for name in given]

    assert len(set(kept)) == len(given)


@pytest.mark.process
def test_two_files_that_would_be_one_are_refused(house: House) -> None:
    editor, before = house.clerk("editor"), house.sources()

    with pytest.raises(people.NavkitError) as refused:
        drafts.clean_name("drawing", "楼" * 121 + ".geojson")

    assert refused.value.finding.code == "upload-name-long"
    form = {"csrf_token": editor.token(), "kind": "drawing", "seen": "{}"}
    both = [(BytesIO(drawing()), name) for name in ("a<.geojson", "a>.geojson")]
    answer = editor.client.post(f"{BASE}/sources", data={**form, "files": both})
    assert answer.status_code == 400
    assert house.sources() == before


def test_eleven_uploads_within_a_minute_are_one_too_many(tmp_path: Path) -> None:
    house = new_house(tmp_path / "data").hire()
    editor, other = house.clerk("editor"), house.clerk("second")
    answers = [editor.upload("drawing", f"{n}.geojson", drawing()).status_code for n in range(11)]

    assert answers == [303] * 10 + [429]
    assert other.upload("drawing", "x.geojson", drawing()).status_code == 303


@pytest.mark.process
def test_what_is_too_large_is_refused_before_it_is_looked_at(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor = house.clerk("editor")
    monkeypatch.setattr(bodies, "MOST_BYTES", 20_000)
    monkeypatch.setattr(drafts, "MOST_BYTES", {"directory": 5_000})
    before = house.sources()

    assert editor.upload("drawing", "x.geojson", b" " * 20_000).status_code == 413
    assert editor.upload("directory", "d.csv", b"," * 5_001).status_code == 413
    assert house.sources() == before


@pytest.mark.process
def test_an_upload_comes_back_as_a_file_and_never_as_a_page(house: House) -> None:
    answer = house.clerk("viewer").get(f"{BASE}/sources/drawing/plan.geojson")

    assert answer.data == drawing()
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Security-Policy"] == "sandbox"


@pytest.mark.process
def test_a_drawing_that_cannot_be_read_fails_its_build_in_words(tmp_path: Path) -> None:
    house = new_house(tmp_path / "data").hire()
    job = house.build(plan=b'{"type": "FeatureCollection", "features": [NaN]}')
    page = house.clerk("editor").get(f"{BASE}/builds/{job}")

    assert house.job(job).state == "failed"
    assert page.status_code == 200
    assert "plan.geojson" in text(page)


@pytest.mark.process
def test_whatever_can_be_read_can_be_handed_in_with_its_mapping(tmp_path: Path) -> None:
    house = new_house(tmp_path / "data").hire()
    editor = house.clerk("editor")
    layers = b'unit = "mm"\n[files]\n"1F.dxf" = { level = "7", ordinal = 6 }\n'

    assert editor.upload("drawing", "1F.dxf", dxf(*ward(1000))).status_code == 303
    assert editor.upload("drawing", "mapping.toml", layers).status_code == 303
    editor.post(f"{BASE}/builds")
    house.work()

    (job,) = jobs.last(house.rows, HOSPITAL)
    assert job.state == "done"
    built = venue(house, job.id)
    assert [(level.label, level.ordinal) for level in built.levels] == [("7", 6)]
    assert {space.ref for space in built.spaces} >= {"101", "102"}


def test_no_format_that_is_read_is_missing_among_those_handed_in() -> None:
    assert set(READERS) <= set(drafts.SUFFIXES["drawing"])


# ------------------------------------------------------------------- the directory


@pytest.mark.process
def test_a_row_of_the_directory_is_edited_and_heard_of_in_the_next_build(tmp_path: Path) -> None:
    house = new_house(tmp_path / "data").hire()
    editor = house.clerk("editor")
    editor.upload("directory", "d.csv", DIRECTORY)
    row = ["心内科", "Cardiology", "101", "Mo-Fr 08:00-17:00", "看心脏"]
    new = ["心血管内科", "Cardiology", "101", "Mo-Fr 07:30-17:00", "看心脏"]

    assert editor.post(f"{BASE}/directory/0", seen=row, cell=new).status_code == 303

    place = next(p for p in venue(house, house.build()).places if p.names.get("zh-Hans") == new[0])
    assert (place.hours.text, place.aliases) == ("Mo-Fr 07:30-17:00", ("看心脏",))


def test_two_people_on_one_row_are_a_conflict_and_on_two_rows_are_none(tmp_path: Path) -> None:
    house = new_house(tmp_path / "data").hire()
    li, wang = house.clerk("editor"), house.clerk("second")
    li.upload("directory", "d.csv", DIRECTORY)
    first = ["心内科", "Cardiology", "101", "Mo-Fr 08:00-17:00", "看心脏"]
    second = ["眼科", "Ophthalmology", "205", "", ""]

    li.post(f"{BASE}/directory/0", seen=first, cell=["心内一科", *first[1:]])

    assert (
        wang.post(f"{BASE}/directory/1", seen=second, cell=["眼科二", *second[1:]]).status_code
        == 303
    )
    refused = wang.post(f"{BASE}/directory/0", seen=first, cell=["心脏科", *first[1:]])
    assert refused.status_code == 409
    assert "心脏科" in text(refused) and "心内一科" in text(refused)


# ------------------------------------------------------------------- review and mending


@pytest.mark.process
def test_a_lift_drawn_in_two_is_seen_and_joined_by_a_form(tmp_path: Path) -> None:
    house = new_house(tmp_path / "data").hire()
    house.publish(house.build())
    job = house.build(plan=drawing(whole=False))
    editor = house.clerk("editor")
    page = text(editor.get(f"{BASE}/builds/{job}"))

    assert saying.say("zh-Hans", "doubt-lost-places") in page
    assert saying.say("zh-Hans", "pairs") in page
    refused = editor.post(f"{BASE}/builds/{job}/propose")
    assert refused.status_code == 400, "nobody has ticked what is lost"

    level = editor.get(f"{BASE}/builds/{job}/levels/1F?thing=1F-L").text
    version = re.search(r'name="version" value="(\d+)"', level)
    assert version and '<option value="2F-L">' in level
    said = {"do": "join-shaft", "thing": "1F-L", "other": "2F-L", "version": version[1]}
    assert editor.post(f"{BASE}/corrections", job=job, **said).status_code == 303
    editor.post(f"{BASE}/builds")
    house.work()
    mended = max(row["id"] for row in house.rows.all("SELECT id FROM jobs"))

    assert reviewed(house, mended)["reach"]["wheelchair"]["lost"] == []
    assert "lost-places" not in review.doubts(reviewed(house, mended))


@pytest.mark.process
def test_what_is_drawn_again_keeps_its_ids_published_or_not(tmp_path: Path) -> None:
    """The second drawing has ids of its own; the draft that it replaces was never published."""
    house = new_house(tmp_path / "data").hire()
    first = house.build()
    before = venue(house, first)
    again = house.build(plan=drawing().replace(b'"1F-0', b'"A-RM$1F-0'))
    after = venue(house, again)

    assert {s.id for s in after.spaces} == {s.id for s in before.spaces}
    assert {d.id for d in after.doors} == {d.id for d in before.doors}
    assert house.build(plan=drawing().replace(b'"1F-0', b'"A-RM$1F-0')) == again


def change(house: House, **form: str) -> dict[str, Any]:
    return mending.change_of(form, venue(house, 1))


@pytest.mark.process
def test_each_form_is_a_change_that_an_import_understands(house: House) -> None:
    """What the console writes is what `navkit import --corrections` reads, and finds its target."""
    changes = [
        change(house, do="rename", thing="1F-03", ref="103", **{"name-en": "X-ray"}),
        change(house, do="restrict", thing="1F-04", access="staff"),
        change(house, do="set-kind", thing="1F-05", kind="hall"),
        change(house, do="set-door", thing="1F-06-D", width_m="0,85", step_free="no"),
        change(house, do="add-door", thing="1F-03", other="1F-04", width_m="0.9", why="rebuilt"),
        change(house, do="close", thing="L", start="2026-03-02T09:30", end="2026-03-02T10:00"),
        change(house, do="landmark", thing="1F-07"),
    ]
    content = drafts.corrections_file(changes)
    assert drafts.changes_of(content) == changes
    house.clerk("editor").upload("corrections", "c.json", content)
    job = house.build()
    made = venue(house, job)
    house.clerk("editor").post(
        f"{BASE}/sources/corrections/corrections.json/remove",
        version=drafts.latest(house.rows, HOSPITAL, "corrections", "corrections.json").version,
    )

    assert [f.code for f in made.findings if f.code == "correction-without-target"] == []
    assert made.space_by_id["1F-03"].names["en"] == "X-ray"
    assert made.space_by_id["1F-04"].access == "staff"
    assert made.space_by_id["1F-05"].kind == "hall"
    assert made.door_by_id["1F-06-D"].width_m == 0.85
    assert made.door_by_id["added:1F-03~1F-04"].middle == (18.0, 10.5)


@pytest.mark.process
def test_a_door_goes_where_somebody_clicked(house: House) -> None:
    """On the wall that both rooms share, at x 18 from y 8 to 13; never beyond its ends."""

    def point(**clicked: str) -> list[float]:
        made = change(house, do="add-door", thing="1F-03", other="1F-04", **clicked)
        found: list[float] = made["point"]
        return found

    assert point() == [18, 10.5]
    assert point(x="17.2", y="9.4") == [18, 9.4]
    assert point(x="17.2", y="99") == pytest.approx([18, 13], abs=0.05)
    picture = picture_of(venue(house, 1), "1F")
    assert picture.metres(*picture.view.point((17.2, 9.4))) == (17.2, 9.4)


@pytest.mark.process
@pytest.mark.parametrize(
    "form",
    [
        {"do": "rename", "thing": "1F-03"},
        {"do": "add-door", "thing": "1F-01", "other": "1F-07"},
        {"do": "add-door", "thing": "1F-01", "other": "nowhere"},
        {"do": "set-door", "thing": "1F-06-D", "width_m": "wide"},
        {"do": "demolish", "thing": "1F-01"},
        {"do": "restrict", "thing": "1F-01", "access": "everybody"},
    ],
)
def test_a_form_that_says_nothing_sensible_changes_nothing(
    house: House, form: dict[str, str]
) -> None:
    before = drafts.latest(house.rows, HOSPITAL, "corrections", "corrections.json")

    answer = house.clerk("editor").post(
        f"{BASE}/corrections", job=1, version=before.version, **form
    )

    assert answer.status_code == 400
    assert drafts.latest(house.rows, HOSPITAL, "corrections", "corrections.json") == before


@pytest.mark.process
def test_review_tells_what_a_lift_taken_away_costs(house: House) -> None:
    job = house.build(plan=drawing(lift=False))
    found = reviewed(house, job)

    upstairs = {p.id for p in venue(house, job).places if p.spaces and p.spaces[0].startswith("2F")}
    assert set(found["reach"]["wheelchair"]["lost"]) == upstairs | {"L"}
    assert set(found["reach"]["wheelchair"]["steps"]) == upstairs
    assert found["reach"]["walk"]["lost"] == ["L"], "the lift itself is a place"
    assert found["changes"]["connectors"]["removed"] == ["L"]
    assert len(found["golden"]) >= 20
    lost = {(w["goal"], w["profile"]) for w in found["golden"] if w["verdict"] == "lost"}
    assert lost and lost <= {(place, "wheelchair") for place in upstairs} | {("L", "walk")}
    assert "lost-places" in review.doubts(found) and "lost-ways" in review.doubts(found)


@pytest.mark.process
def test_a_room_that_becomes_open_to_visitors_must_be_seen(tmp_path: Path) -> None:
    house = new_house(tmp_path / "data").hire()
    house.publish(house.build(plan=drawing(staff=["1F-05"])))
    job = house.build()

    assert reviewed(house, job)["opened"] == ["1F-05"]
    assert "opened" in review.doubts(reviewed(house, job))


@pytest.mark.process
def test_the_golden_ways_are_the_same_for_the_same_places(house: House) -> None:
    one = Guide(venue(house, 1))

    pairs = review.golden_pairs(one)
    assert pairs == review.golden_pairs(one)
    assert len({goal for _, goal, _ in pairs}) == review.GOLDEN


@pytest.mark.real_plans
def test_a_golden_way_begins_at_a_door_that_leads_there(clinic: Guide) -> None:
    """Five of the clinic's outer doors belong to stores that lead nowhere else."""
    pairs = review.golden_pairs(clinic)

    assert {start for start, _, _ in pairs} == {"B1", "B10", "B17", "B21"}
    verdicts = {way["verdict"] for way in review.compare(None, clinic)["golden"]}
    assert verdicts == {"new"}


@pytest.mark.process
def test_the_middle_of_a_shared_wall_lies_on_both(house: House) -> None:
    spaces = venue(house, 1).space_by_id
    x, y = mending.shared_point(spaces["1F-03"], spaces["1F-C"]) or (0, 0)

    assert (x, y) == (15.0, 8.0)
    assert mending.shared_point(spaces["1F-01"], spaces["1F-07"]) is None


@pytest.mark.process
def test_the_preview_is_the_page_on_the_drafts_bundle(house: House) -> None:
    viewer = house.clerk("viewer")
    job = house.job(1)
    pages = site(read_bundle(house.settings.press.files, job.result), date.today())
    there = {
        path: viewer.get(f"{BASE}/builds/1/preview/{path}")
        for path in pages
        if path.startswith("bundle/") or path == "index.html"
    }

    # A draft is not to be installed.
    link = b'<link rel="manifest" href="manifest.webmanifest">\n'
    assert link in pages["index.html"]
    assert {path: answer.data for path, answer in there.items()} == {
        path: pages[path].replace(link, b"") for path in there
    }
    assert viewer.get(f"{BASE}/builds/1/preview/sw.js").status_code == 404
    assert house.clerk().get(f"{BASE}/builds/1/preview/").status_code == 302


# ------------------------------------------------------------------- publishing


@pytest.mark.process
def test_nobody_publishes_alone(tmp_path: Path) -> None:
    house = new_house(tmp_path / "data").hire()
    job = house.build()
    editor = house.clerk("editor")
    editor.post(f"{BASE}/builds/{job}/propose")
    number = publishing.history(house.rows, HOSPITAL)[0]["id"]

    assert editor.post(f"{BASE}/publications/{number}", decision="yes").status_code == 403
    assert (
        house.clerk("desk").post(f"{BASE}/publications/{number}", decision="yes").status_code == 403
    )
    assert not house.settings.press.folder(HOSPITAL).exists()
    assert (
        house.clerk("second").post(f"{BASE}/publications/{number}", decision="yes").status_code
        == 303
    )
    assert publishing.published(house.rows, HOSPITAL)["version"] == 1  # type: ignore[index]


@pytest.mark.process
def test_what_was_reviewed_against_an_older_version_is_built_again(tmp_path: Path) -> None:
    house = new_house(tmp_path / "data").hire()
    old = house.build()
    house.publish(house.build(plan=drawing(staff=["1F-01"])))

    refused = house.clerk("editor").post(f"{BASE}/builds/{old}/propose")

    assert refused.status_code == 409


@pytest.mark.process
def test_undo_is_old_content_under_a_higher_version(tmp_path: Path) -> None:
    house = new_house(tmp_path / "data").hire()
    house.publish(house.build())
    first = public(house)
    house.publish(house.build(plan=drawing(lift=False)))
    assert public(house)["bundle/index.json"] != first["bundle/index.json"]
    assert set(first) <= set(public(house)), "a phone half through the first goes on with it"

    house.clerk("second").post(f"{BASE}/undo", version=1)

    now = publishing.published(house.rows, HOSPITAL)
    assert now and (now["version"], now["undo_of"]) == (3, 1)
    assert {path: public(house)[path] for path in first} == first


@pytest.mark.process
def test_files_of_old_versions_are_swept_after_a_month(tmp_path: Path) -> None:
    house = new_house(tmp_path / "data").hire()
    house.publish(house.build())
    first = set(public(house))
    house.publish(house.build(plan=drawing(lift=False)))
    later = context.now_ms() + (leading.KEPT_DAYS + 1) * 24 * 3600_000

    publishing.write(house.rows, house.settings.press, later, HOSPITAL)

    bundle = read_bundle(house.settings.press.files, house.job(2).result)
    pages = site(bundle, date.today())
    assert set(public(house)) == {*pages, "closures.json"}
    assert first - set(public(house))


@pytest.mark.process
def test_what_phones_read_is_written_anew_from_what_is_kept(house: House) -> None:
    before = public(house)
    for path in before:
        (house.settings.press.folder(HOSPITAL) / path).unlink()

    publishing.restore(house.rows, house.settings.press, context.now_ms())

    assert public(house) == before


@pytest.mark.process
def test_a_version_number_is_never_given_twice(house: House) -> None:
    versions = [
        row["version"] for row in publishing.history(house.rows, HOSPITAL) if row["version"]
    ]

    assert sorted(versions) == list(range(1, len(versions) + 1))


# ------------------------------------------------------------------- closures


@pytest.mark.process
def test_a_lift_is_closed_in_two_taps_and_opened_in_one(house: House) -> None:
    desk = house.clerk("desk")
    number = json.loads(desk.get(CLOSURES).data)["number"]
    first = desk.get(f"{BASE}/desk").text
    link = re.search(rf'href="({BASE}/desk/L)"', first)
    assert link
    second = desk.get(link[1]).text
    assert 'name="because" value="out-of-order"' in second

    desk.post(link[1], because="out-of-order")

    closed = json.loads(desk.get(CLOSURES).data)
    assert closed["number"] == number + 1
    assert [c["target"] for c in closed["closures"]] == ["L"]
    assert closed["closures"][0]["reason"] == {
        tag: saying.say(tag, "because-out-of-order") for tag in languages()
    }
    assert closed["closures"][0]["start"] == "", "a phone whose clock is slow must not wait"
    assert len(desk.get(CLOSURES).data) < 4096

    again = re.search(r'action="([^"]+/reopen)"', desk.get(f"{BASE}/desk").text)
    assert again
    desk.post(again[1])

    opened = json.loads(desk.get(CLOSURES).data)
    assert (opened["number"], opened["closures"]) == (number + 2, [])


@pytest.mark.process
@pytest.mark.parametrize(
    "form",
    [
        {"start": "tomorrow"},
        {"start": "2026-03-02T09:30", "end": "2026-03-02T09:00"},
        {"end": "2026-13-02T09:00"},
    ],
)
def test_a_closure_at_an_impossible_time_is_refused(house: House, form: dict[str, str]) -> None:
    before = house.clerk().get(CLOSURES).data

    assert house.clerk("desk").post(f"{BASE}/desk/L", because="full", **form).status_code == 400
    assert house.clerk().get(CLOSURES).data == before


@pytest.mark.process
def test_closures_are_cached_by_nobody_and_bundles_by_everybody(house: House) -> None:
    phone = house.clerk()
    closures = phone.get(CLOSURES)
    assert closures.headers["Cache-Control"] == "no-cache"
    same = phone.get(CLOSURES, headers={"If-None-Match": closures.headers["ETag"]})
    assert (same.status_code, same.data) == (304, b"")
    name = json.loads(phone.get(f"/h/{HOSPITAL}/bundle/release.json").data)["index"]["name"]
    part = phone.get(f"/h/{HOSPITAL}/bundle/{name}", headers={"Range": "bytes=10-19"})
    whole = phone.get(f"/h/{HOSPITAL}/bundle/{name}")
    assert (part.status_code, part.data) == (206, whole.data[10:20])
    assert "immutable" in whole.headers["Cache-Control"]


@pytest.mark.process
def test_phones_get_everything_packed_that_gets_smaller(house: House) -> None:
    phone = house.clerk()
    for path, content in public(house).items():
        if path.startswith("stick/") or path == "closures.json":
            continue
        plain = phone.get(f"/h/{HOSPITAL}/{path}")
        packed = phone.get(f"/h/{HOSPITAL}/{path}", headers={"Accept-Encoding": "gzip, br"})

        assert plain.data == content and plain.content_encoding is None, path
        if path.endswith((".json", ".js", ".html", ".css")):
            assert packed.content_encoding == "gzip", path
            assert gzip.decompress(packed.data) == content
            assert packed.mimetype == plain.mimetype
        assert plain.headers["Vary"] == "Accept-Encoding"


@pytest.mark.process
def test_starting_again_changes_no_file(house: House) -> None:
    """A phone that has asked before is answered with 304."""
    folder = house.settings.press.folder(HOSPITAL)
    before = {file: file.stat().st_mtime_ns for file in folder.rglob("*") if file.is_file()}

    publishing.restore(house.rows, house.settings.press, context.now_ms())

    assert {f: f.stat().st_mtime_ns for f in folder.rglob("*") if f.is_file()} == before


@pytest.mark.process
@pytest.mark.parametrize("path", ["../navkit.db", "%2e%2e/navkit.db", "bundle/../../../navkit.db"])
def test_nothing_beside_the_public_files_is_served(house: House, path: str) -> None:
    assert house.clerk().get(f"/h/{HOSPITAL}/{path}").status_code == 404


# ------------------------------------------------------------------- programs


def token(house: House, name: str) -> dict[str, str]:
    page = house.clerk(name).post("/account/tokens", label="a program", old=PASSWORD).text
    secret = re.search(r"navkit_[\w-]+", page)
    assert secret
    return {"Authorization": f"Bearer {secret[0]}"}


@pytest.mark.process
def test_a_program_closes_and_opens_as_its_owner_may(house: House) -> None:
    client, url = house.app.test_client(), f"/api/v1/hospitals/{HOSPITAL}/closures"
    desk, viewer = token(house, "desk"), token(house, "viewer")

    assert client.post(url, json={"target": "L"}).status_code == 401
    assert client.post(url, json={"target": "L"}, headers=viewer).status_code == 403
    made = client.post(url, json={"target": "L", "reason": {"en": "Fire drill"}}, headers=desk)
    assert made.status_code == 201
    assert client.get(url).json["closures"][0]["reason"] == {"en": "Fire drill"}  # type: ignore[index]
    assert client.delete(f"{url}/{made.json['id']}", headers=desk).status_code == 204  # type: ignore[index]
    assert client.delete(f"{url}/{made.json['id']}", headers=desk).status_code == 409  # type: ignore[index]


@pytest.mark.process
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{",
        b'{"target": 1}',
        b'{"target": "nowhere"}',
        b'{"target": "L", "reason": 3}',
        b'{"target": "L", "end": {}}',
    ],
)
def test_a_program_that_talks_nonsense_is_told_so(house: House, body: bytes) -> None:
    answer = house.app.test_client().post(
        f"/api/v1/hospitals/{HOSPITAL}/closures",
        data=body,
        headers={**token(house, "desk"), "Content-Type": "application/json"},
    )

    assert answer.status_code == 400
    assert set(answer.json or {}) == {"code", "text"}


@pytest.mark.process
def test_every_address_for_programs_is_described(house: House) -> None:
    text_ = resources.files("server.pages").joinpath("openapi.json").read_text(encoding="utf-8")
    described = {
        (method, path)
        for path, said in json.loads(text_)["paths"].items()
        for method in said
        if method != "parameters"
    }
    served = {
        (method.lower(), re.sub(r"<(?:int:)?(\w+)>", r"{\1}", rule.rule))
        for rule in house.app.url_map.iter_rules()
        if rule.endpoint.startswith("api.")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }

    assert served == described


@pytest.mark.process
def test_the_zip_is_the_published_bundle(house: House) -> None:
    phone = house.clerk()
    said = phone.get(f"/api/v1/hospitals/{HOSPITAL}").json["publication"]
    answer = phone.get(said["zip"])

    assert answer.data[:2] == b"PK"
    again = phone.get(said["zip"], headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


# ------------------------------------------------------------------- the log


@pytest.mark.process
def test_the_log_tells_who_did_what_and_that_it_is_whole(house: House) -> None:
    house.clerk("desk").post(f"{BASE}/desk/S", because="full")
    for closure in closures.current(house.rows, HOSPITAL, context.now_ms()):
        house.clerk("desk").post(f"{BASE}/closures/{closure['id']}/reopen")
    said = {row["action"] for row in audit.last(house.rows, 1000)}
    page = text(house.clerk("admin").get("/log"))

    assert {"put", "build", "propose", "publish", "close", "reopen", "sign-in"} <= said
    assert saying.say("zh-Hans", "log-whole") in page
    assert PASSWORD not in str(audit.last(house.rows, 1000))
    assert all(f"deed-{deed}" in saying.book("en") for deed in said)


@pytest.mark.process
def test_every_room_is_on_the_map_and_in_the_list(house: House) -> None:
    page = house.clerk("viewer").get(f"{BASE}/builds/1/levels/1F").text

    for number in range(1, ROOMS + 1):
        assert f"?thing=1F-{number:02}#mend" in page
        assert f'<option value="1F-{number:02}"' in page


# ------------------------------------------------------------------- voice


@pytest.mark.process
def test_a_build_speaks_where_the_server_has_a_voice_and_says_nothing_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))
    settings = context.Settings(tmp_path / "data", voice="bursts:Bursts")
    house = House(settings).hire()
    house.publish(house.build())

    index = json.loads(public(house)[next(n for n in public(house) if "bundle/index-" in n)])
    told = {one["where"] for one in reviewed(house, 1)["findings"] if "unsayable" in one["code"]}
    assert "zh-Hans" in index["voice"]
    assert set(index["voice"]) == set(languages()) - told
    clips = {file: file.stat().st_mtime_ns for file in house.settings.press.files.clips.rglob("*")}
    assert len(clips) > 50

    house.build(plan=drawing(staff=["1F-05"]))
    assert {file: file.stat().st_mtime_ns for file in clips} == clips


@pytest.mark.process
def test_a_build_without_the_voice_that_was_asked_for_says_so(tmp_path: Path) -> None:
    settings = context.Settings(tmp_path / "data", voice="nowhere:Nothing")
    house = House(settings).hire()

    job = house.build()

    assert house.job(job).state == "done"
    assert "voice-without" in {one["code"] for one in reviewed(house, job)["findings"]}
    assert house.job(job).result["voices"] == dict.fromkeys(languages(), 0)
    page = text(house.clerk("viewer").get(f"{BASE}/builds/{job}"))
    assert page.count(saying.book("zh-Hans")["text-only"]) == len(languages())
