"""Input at the console: refused with a message beside the form, and nothing typed is lost."""

import html
import json
import random
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from clinic import DIRECTORY, HOSPITAL, House, drawing, new_house
from test_server_access import pages
from werkzeug.datastructures import MultiDict

from navkit.words.findings import Finding
from server.builds import drafts, listing, mending
from server.builds.building import read_venue
from server.pages import refilling
from server.press import publishing
from server.staff import audit

BASE = f"/hospitals/{HOSPITAL}"
ROW = ["心内科", "Cardiology", "101", "Mo-Fr 08:00-17:00", "看心脏"]
EMOJI = "😀" * 3000
ZERO_WIDTH = "CT\N{ZERO WIDTH SPACE}"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    made = new_house(tmp_path_factory.mktemp("typed") / "data").hire()
    made.publish(made.build())
    return made


def venue(house: House, job: int = 1) -> Any:
    return read_venue(house.settings.press.files, house.job(job).result["venue"])


class _Forms(HTMLParser):
    """Every form of a page: where it goes, and its fields with their values."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, str, MultiDict[str, str]]] = []
        self._select = ""
        self._open = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {key: value or "" for key, value in attrs}
        if tag == "form":
            self._open = True
            self.forms.append((said.get("method", "get"), said.get("action", ""), MultiDict()))
        elif not self._open:
            return
        elif tag == "select":
            self._select = said["name"]
        elif tag == "option" and "selected" in said:
            self.forms[-1][2].add(self._select, said["value"])
        elif tag == "input" and said.get("name"):
            self.forms[-1][2].add(said["name"], said.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = False
        elif tag == "select":
            self._select = ""


def forms(page: str) -> list[tuple[str, MultiDict[str, str]]]:
    """The forms of a page that send something: where to, and what."""
    reader = _Forms()
    reader.feed(page)
    return [(action, fields) for method, action, fields in reader.forms if method == "post"]


def stored(house: House) -> dict[str, list[dict[str, Any]]]:
    """Everything that a form might put in, but for what is counted by the way."""
    tables = ("hospitals", "people", "tokens", "sources", "jobs", "publications", "closures")
    return {table: house.rows.all(f"SELECT * FROM {table}") for table in tables}


# ------------------------------------------------------------------- plausibility, at the form


@pytest.mark.process
@pytest.mark.parametrize(
    ("do", "thing", "typed", "code"),
    [
        ("set-door", "1F-06-D", {"width_m": "900"}, "value-out-of-range"),
        ("set-door", "1F-06-D", {"width_m": "0.01"}, "value-out-of-range"),
        ("set-door", "1F-06-D", {"width_m": "wide"}, "not-a-number"),
        ("rename", "1F-03", {"name-en": EMOJI}, "text-too-long"),
        ("rename", "1F-03", {"name-zh-Hans": ZERO_WIDTH}, "text-unseen"),
        ("rename", "1F-03", {"name-zh-Hans": "  ", "name-en": "", "ref": ""}, "form-empty"),
        ("restrict", "1F-03", {"access": "随便"}, "value-not-listed"),
        ("add-door", "1F-03", {"other": "1F-04", "width_m": "90"}, "value-out-of-range"),
        ("close", "1F-03", {"start": "2026-13-40T99:99"}, "form-field"),
        ("restrict", "1F-03", {"access": "staff", "why": "x" * 2000}, "text-too-long"),
    ],
)
def test_an_implausible_value_is_refused_beside_its_field(
    house: House, do: str, thing: str, typed: dict[str, str], code: str
) -> None:
    """The same page comes back, with the sentence, and everything that was typed in its place."""
    editor = house.clerk("editor")
    address = f"{BASE}/builds/1/levels/1F?thing={thing}"
    asked = [fields for _, fields in forms(editor.get(address).text) if fields.get("do") == do]
    before = drafts.latest(house.rows, HOSPITAL, "corrections", drafts.CORRECTIONS)
    sent = {**asked[0].to_dict(), **typed, "why": typed.get("why", "because <I> say & so")}

    answer = editor.post(f"{BASE}/corrections", **sent)

    assert answer.status_code == 400
    assert "corrections.json" not in answer.text and "docs/" not in answer.text
    (back,) = [fields for _, fields in forms(answer.text) if fields.get("do") == do]
    kept = {**sent, **({"access": ""} if code == "value-not-listed" else {})}
    for name in {*typed, "why", "version", "thing", "job"} - {"access"}:
        assert back[name] == kept[name], name
    said = re.search(r'<p class="trouble"[^>]*>([^<]*)</p>', answer.text)
    assert said and "{" not in said[1] and len(said[1]) > 4
    slots = ("field", "value", "least", "most", "length", "character", "known")
    sentence = Finding(code, "", dict.fromkeys(slots, "▮")).text("zh-Hans")
    assert all(part in html.unescape(said[1]) for part in sentence.split("▮"))
    assert drafts.latest(house.rows, HOSPITAL, "corrections", drafts.CORRECTIONS) == before


@pytest.mark.process
def test_a_row_is_not_emptied_without_a_word(house: House) -> None:
    editor = house.clerk("editor")
    fields = next(f for _, f in forms(editor.get(f"{BASE}/directory/0").text) if "cell" in f)
    empty = [" "] * len(ROW)

    answer = editor.post(f"{BASE}/directory/0", **{**fields.to_dict(), "seen": ROW, "cell": empty})

    assert answer.status_code == 400
    assert "这一行的格子都是空的" in answer.text
    held = drafts.latest(house.rows, HOSPITAL, "directory", drafts.DIRECTORY)
    assert house.settings.press.files.read(held.sha256) == DIRECTORY


@pytest.mark.process
@pytest.mark.parametrize(
    ("cell", "value", "code"),
    [
        (0, "", "directory-row-incomplete"),
        (0, EMOJI, "text-too-long"),
        (0, ZERO_WIDTH, "text-unseen"),
        (3, "看情况", "directory-hours"),
        (2, "9" * 5000, "text-too-long"),
    ],
)
def test_an_implausible_row_is_refused_at_its_cell(
    house: House, cell: int, value: str, code: str
) -> None:
    editor = house.clerk("editor")
    page = editor.get(f"{BASE}/directory/0").text
    (_, fields) = next(form for form in forms(page) if "cell" in form[1])
    cells = [*ROW[:cell], value, *ROW[cell + 1 :]]

    answer = editor.post(f"{BASE}/directory/0", **{**fields.to_dict(), "seen": ROW, "cell": cells})

    assert answer.status_code == 400
    (_, back) = next(form for form in forms(answer.text) if "cell" in form[1])
    assert back.getlist("cell") == cells and back.getlist("seen") == ROW
    # The sentence stands just before the label of the cell that it speaks of.
    after = answer.text.partition('id="refused"')[2].partition("<label>")[2]
    column = ["name", "name_en", "rooms", "hours", "aliases"][cell]
    assert re.match(rf'[^<]+ <span class="soft">{column}</span> <input', after)
    assert "directory.csv" not in answer.text
    assert (
        house.settings.press.files.read(
            drafts.latest(house.rows, HOSPITAL, "directory", drafts.DIRECTORY).sha256
        )
        == DIRECTORY
    )


@pytest.mark.process
def test_what_a_file_says_wrongly_is_told_at_upload_with_its_line(house: House) -> None:
    house.app.extensions["navkit-limits"].reset()
    content = b"""{"navkit-corrections": 1, "changes": [
  {"do": "restrict", "id": "1F-03", "access": "staff"},
  {"do": "set-door", "id": "1F-06-D", "width_m": 900}
]}"""
    before = stored(house)

    answer = house.clerk("editor").upload("corrections", "mine.json", content)

    assert answer.status_code == 400
    assert "mine.json:3" in answer.text and "900" in answer.text
    assert stored(house) == before


# ------------------------------------------------------------------- hand-made requests


@pytest.mark.process
@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"name-zh-Hans": "", "name-en": " "}, "name-zh-Hans"),
        ({"name-zh-Hans": EMOJI}, "name-zh-Hans"),
        ({"name-zh-Hans": ZERO_WIDTH}, "name-zh-Hans"),
        ({"address": "javascript:alert(1)"}, "address"),
        ({"address": "data:text/html,x"}, "address"),
        ({"address": "//maps.example/h/a/"}, "address"),
        ({"address": "https:///h/a/"}, "address"),
        ({"address": "https://user:pass@maps.example/"}, "address"),
        ({"address": "https://maps.example/?q"}, "address"),
        ({"address": "https://maps.example/#javascript:"}, "address"),
        ({"address": "https://ex ample/"}, "address"),
        ({"address": "https://maps.example:99999/"}, "address"),
        ({"address": "https://maps.example/" + "a" * 4000}, "address"),
        ({"timezone": "Asia"}, "timezone"),
        ({"timezone": "Moon/Crater"}, "timezone"),
        ({"timezone": "../../etc/passwd"}, "timezone"),
        ({"timezone": ""}, "timezone"),
        ({"id": "a" * 300}, "id"),
    ],
)
def test_a_hospital_is_not_made_of_nonsense(house: House, said: dict[str, str], field: str) -> None:
    admin = house.clerk("admin")
    fields = next(f for a, f in forms(admin.get("/").text) if a == "/hospitals").to_dict()
    sent = {**fields, "id": "fine", "name-zh-Hans": "好", "timezone": "Asia/Shanghai", **said}
    before = stored(house)

    answer = admin.post("/hospitals", **sent)

    assert answer.status_code == 400
    back = next(f for a, f in forms(answer.text) if a == "/hospitals")
    assert {name: back[name] for name in said} == said
    assert stored(house) == before


@pytest.mark.parametrize("address", ["https://maps.example/h/a/", "http://10.0.0.5:8080/h/a/",
                                     "https://[::1]/", "https://地图.example/h/a/"])  # fmt: skip
def test_an_address_that_phones_can_be_sent_to_is_taken(address: str) -> None:
    publishing.check_description({"en": "A"}, "Asia/Shanghai", address)


ODD = ("", "x" * 3000, EMOJI[:200], "-1", "1e999", "9" * 40, "\0", "a\rb", "../..", "[", '{"a":',
       "null", "随便", "javascript:1", ZERO_WIDTH)  # fmt: skip


@pytest.mark.process
def test_no_form_with_odd_fields_is_an_error_of_the_server_or_stores_them(
    tmp_path: Path,
) -> None:
    """Every form, with its fields missing, twice, or holding what nobody would type."""
    house = new_house(tmp_path / "data").hire()
    house.publish(house.build())
    admin = house.clerk("admin")
    level = f"{BASE}/builds/1/levels/1F?thing="
    inside = ("directory/0", "directory", "corrections", "builds/1", "history", "desk/L")
    shown = ("/", BASE, *(f"{BASE}/{page}" for page in inside), level + "1F-03",
             level + "1F-06-D", "/people", "/account")  # fmt: skip
    seen: dict[tuple[str, str], MultiDict[str, str]] = {}
    for page in shown:
        for action, fields in forms(admin.get(page).text):
            seen[action or page, fields.get("do", "") + fields.get("kind", "")] = fields
    chance, failed, tried = random.Random(1), [], 0
    for (action, _), fields in seen.items():
        if action in ("/sign-out", "/account/password", "/people/1", "/language"):
            continue
        for number in range(14):
            sent = MultiDict(
                (name, chance.choice(ODD) if chance.random() < 0.7 else value)
                for name, value in fields.items(multi=True)
                if name not in ("csrf_token", "page") and chance.random() < 0.8
                for _ in range(chance.choice((1, 1, 2)))
            )
            sent["csrf_token"], sent["page"] = fields["csrf_token"], fields["page"]
            if number % 5 == 0:
                sent["page"] = chance.choice(ODD)
            answer = admin.client.post(action, data=sent)
            tried += 1
            if answer.status_code >= 500:
                failed.append((action, sent, answer.status_code))
    text = json.dumps(stored(house), ensure_ascii=False)

    assert failed == []
    assert tried > 250
    for odd in (ODD[1], EMOJI[:200], ZERO_WIDTH):
        assert odd not in text, odd[:20]
    assert {row["address"] for row in publishing.hospitals(house.rows)} == {""}


@pytest.mark.process
def test_no_address_that_takes_a_form_fails_on_odd_fields(tmp_path: Path) -> None:
    """Hand-made requests: each address of the console, whether or not a page has a form for it."""
    house = new_house(tmp_path / "data").hire()
    house.publish(house.build())
    admin, chance = house.clerk("admin"), random.Random(2)
    token = admin.token()
    names = ("name", "id", "seen", "cell", "mine", "how", "version", "now", "job", "do", "thing",
             "other", "kind", "files", "instead", "decision", "because", "start", "end", "role",
             "hospital", "password", "page", "names", "timezone", "address", "x", "y")  # fmt: skip
    failed, tried = [], 0
    for endpoint, method, address in pages(house):
        if method != "POST" or not endpoint.startswith("console."):
            continue
        if endpoint in ("console.sign_out", "console.change_password", "console.signing_in"):
            continue
        for _ in range(6):
            sent = MultiDict(
                (name, chance.choice(ODD))
                for name in names
                for _ in range(chance.choice((0, 0, 1, 2)))
            )
            sent["csrf_token"] = token
            answer = admin.client.post(address, data=sent)
            tried += 1
            if answer.status_code >= 500:
                failed.append((address, sent, answer.status_code))

    assert failed == []
    assert tried > 150


@pytest.mark.process
def test_each_refused_form_comes_back_on_its_page(house: House) -> None:
    """Of signing in, people, a password and a program, too: everything but passwords."""
    nobody = house.clerk()
    fields = next(f for a, f in forms(nobody.get("/sign-in").text) if "name" in f)
    refused = nobody.post("/sign-in", **{**fields.to_dict(), "name": "li", "password": "wrong one"})
    assert refused.status_code == 401
    back = next(f for a, f in forms(refused.text) if "name" in f)
    assert (back["name"], back["password"]) == ("li", "")

    admin = house.clerk("admin")
    fields = next(f for a, f in forms(admin.get("/people").text) if a == "/people")
    said = {"name": "zhao", "shown": "赵 <b>", "role": "duty-desk", "password": "short"}
    refused = admin.post("/people", **{**fields.to_dict(), **said})
    assert refused.status_code == 400
    back = next(f for a, f in forms(refused.text) if a == "/people")
    assert {name: back[name] for name in said} == {**said, "password": ""}


@pytest.mark.process
def test_a_form_whose_page_is_elsewhere_is_refused_as_before(house: House) -> None:
    """Neither a page of another site, of nobody, nor one that this person may not open."""
    editor = house.clerk("editor")
    elsewhere = ("https://evil.example/", "//evil.example/", "/people", "/nowhere", "/sign-out",
                 f"/h/{HOSPITAL}/", f"{BASE}/builds/1/preview/", "", "/%00",
                 "/?" + "a" * 5000)  # fmt: skip
    for page in elsewhere:
        answer = editor.post(f"{BASE}/corrections", job=1, do="rename", thing="1F-03", page=page)
        assert answer.status_code == 400, page
        assert "evil" not in answer.text


@pytest.mark.process
def test_what_another_site_has_filled_in_is_not_shown_as_a_form(house: House) -> None:
    editor = house.clerk("editor")
    (_, fields) = next(
        form for form in forms(editor.get(f"{BASE}/directory/0").text) if "cell" in form[1]
    )
    sent = {**fields.to_dict(), "seen": ROW, "cell": ["evil", *ROW[1:]]}

    answer = editor.client.post(
        f"{BASE}/directory/0", data=sent, headers={"Sec-Fetch-Site": "cross-site"}
    )

    assert answer.status_code == 400 and "evil" not in answer.text


@pytest.mark.process
def test_a_form_that_stood_open_too_long_comes_back_with_a_good_token(house: House) -> None:
    editor = house.clerk("editor")
    (_, fields) = next(
        form for form in forms(editor.get(f"{BASE}/directory/0").text) if "cell" in form[1]
    )
    sent = {**fields.to_dict(), "seen": ROW, "cell": ROW, "csrf_token": "old"}

    answer = editor.client.post(f"{BASE}/directory/0", data=sent)

    assert answer.status_code == 400
    (_, back) = next(form for form in forms(answer.text) if "cell" in form[1])
    assert back.getlist("cell") == ROW
    again = editor.client.post(f"{BASE}/directory/0", data=back.to_dict(flat=False))
    assert again.status_code == 303


def test_only_the_form_that_was_sent_is_filled() -> None:
    one = '<form method="post" action="/a"><input type="hidden" name="k" value="1">'
    two = one.replace('"1"', '"2"')
    page = f"""<p>&amp; &#20013;</p><details><summary>x</summary>
{one}<label>N <input name="n"></label><input type="password" name="p"></form></details>
{two}<label>N <input name="n" value="old"></label><input type="password" name="p">
<select name="s"><option value="a" selected>A</option><option value="b">B</option></select>
<input type="checkbox" name="c" value="x"><input type="checkbox" name="c" value="y" checked>
<textarea name="t">old &lt;</textarea></form>"""
    typed = MultiDict(
        {"k": "2", "n": '"<&>', "s": "b", "c": "x", "t": "</textarea>", "p": "secret"}
    )

    filled = refilling.refilled(page, "/p", "/a", typed, "No <b>", "n")

    assert filled
    first, _, second = filled.partition(two)
    assert first == page.partition(two)[0]
    assert second.startswith(
        '<p class="trouble" role="alert" id="refused" tabindex="-1" autofocus>No &lt;b&gt;</p>'
        '<label>N <input name="n" value="&quot;&lt;&amp;&gt;">'
    )
    assert '<option value="a">A</option><option value="b" selected>B' in second
    assert '<input type="checkbox" name="c" value="x" checked>' in second
    assert '<input type="checkbox" name="c" value="y">' in second
    assert '<textarea name="t">&lt;/textarea&gt;</textarea>' in second
    assert "secret" not in filled
    assert refilling.refilled(page, "/p", "/elsewhere", typed, "No") is None


# ------------------------------------------------------------------- what a form can be about


@pytest.mark.process
def test_no_form_that_is_offered_leads_to_a_correction_without_target(tmp_path: Path) -> None:
    """Every form of every kind of thing, guessed doors among them, is found by the next build."""
    house = new_house(tmp_path / "data").hire()
    plan = json.loads(drawing())
    # Without their doors, two rooms of the ground floor get guessed ones.
    plan["features"] = [f for f in plan["features"] if f.get("id") not in ("1F-03-D", "1F-09-D")]
    job = house.build(plan=json.dumps(plan).encode())
    made, editor = venue(house, job), house.clerk("editor")
    guessed = next(door for door in made.doors if door.guessed)
    page = editor.get(f"{BASE}/builds/{job}/levels/1F?thing={guessed.id}").text
    asked = {fields["do"] for _, fields in forms(page) if "do" in fields}
    assert asked == {"add-door", "close", "no-door"}
    refused = editor.post(
        f"{BASE}/corrections", job=job, do="set-door", thing=guessed.id, width_m="1"
    )
    assert refused.status_code == 400

    typed = {"name-en": "New", "access": "public", "kind": "hall", "width_m": "1.1", "why": "x",
             "label": "1F", "direction": "both", "is_verified": "1"}  # fmt: skip
    place = next(p.id for p in made.places)
    things = [guessed.id, "1F-05", "1F-06-D", "1F-L", "L", "E", place, "1F"]
    others = {"add-door": mending.neighbours, "no-door": mending.neighbours,
              "join-shaft": mending.other_stops}  # fmt: skip
    changes = []
    for thing in things:
        # What is taken away cannot be changed too, and a guess is there, or closed, or not.
        contrary = {"remove"} if thing != guessed.id else {"close", "no-door"}
        for do in sorted(mending.offered(made, thing) - contrary):
            space = made.space_by_id.get(thing)
            other = others.get(do)
            said = {**typed, "do": do, "thing": thing}
            said |= {"other": other(made, space)[0].id} if other and space else {}
            said |= {"kind": "hinged"} if do == "set-door" else {}
            changes.append(mending.change_of(said, made))
    assert len(changes) > 25
    changes.append(mending.change_of({"do": "remove", "thing": "1F-14"}, made))
    changes.append(mending.change_of({"do": "remove", "thing": "2F-13-D"}, made))
    editor.upload("corrections", "c.json", drafts.corrections_file(changes))
    after = venue(house, house.build(plan=json.dumps(plan).encode()))
    assert [f.slots for f in after.findings if f.code == "correction-without-target"] == []


@pytest.mark.process
def test_a_real_door_beside_a_guessed_one_takes_its_place(tmp_path: Path) -> None:
    house = new_house(tmp_path / "data").hire()
    plan = json.loads(drawing())
    plan["features"] = [f for f in plan["features"] if f.get("id") != "1F-03-D"]
    made = venue(house, house.build(plan=json.dumps(plan).encode()))
    guessed = next(door for door in made.doors if door.guessed)
    said = {"do": "add-door", "thing": "1F-03", "other": "1F-C"}
    assert "1F-C" in {space.id for space in mending.neighbours(made, made.space_by_id["1F-03"])}
    change = mending.change_of(said, made)
    house.clerk("editor").upload("corrections", "c.json", drafts.corrections_file([change]))

    after = venue(house, house.build(plan=json.dumps(plan).encode()))

    assert guessed.id not in after.door_by_id
    assert not any(door.guessed for door in after.doors)


@pytest.mark.process
def test_renaming_a_room_that_the_directory_names_says_so(house: House) -> None:
    """眼科 is what the directory calls 205: the form leads to its row."""
    page = house.clerk("editor").get(f"{BASE}/builds/1/levels/2F?thing=2F-05").text

    form = page.partition('value="rename"')[2].partition("</form>")[0]
    assert "眼科" in form and f'href="{BASE}/directory/1"' in form
    other = house.clerk("editor").get(f"{BASE}/builds/1/levels/2F?thing=2F-06").text
    assert f"{BASE}/directory/" not in other.partition('value="rename"')[2]


# ------------------------------------------------------------------- from a finding to its thing


@pytest.mark.process
def test_a_finding_leads_to_the_thing_that_it_speaks_of_whatever_its_name(tmp_path: Path) -> None:
    """By names with brackets and commas; a row of the directory by its line."""
    house = new_house(tmp_path / "data").hire()
    plan = json.loads(drawing())
    plan["features"] = [f for f in plan["features"] if f.get("id") != "1F-03-D"]
    for feature in plan["features"]:
        if feature.get("id") == "1F-03":
            feature["properties"]["name"] = {"zh-Hans": "C147 (PATIENT ADMIN., RECEPT.)"}
    editor = house.clerk("editor")
    table = "name,rooms,hours\nA,101,看情况\nB,999,\n,102,\n".encode()
    asked = editor.upload("directory", "d.csv", table)
    (_, sent) = next(f for f in forms(asked.text) if f[0].endswith("/replace"))
    editor.post(f"{BASE}/sources/directory/directory.csv/replace", **sent.to_dict())
    page = editor.get(f"{BASE}/builds/{house.build(plan=json.dumps(plan).encode())}").text

    told = re.findall(r"<li>.*?</li>", page, re.DOTALL)
    named = [one for one in told if "103 C147 (PATIENT ADMIN., RECEPT.)" in one]
    (guessed,) = (one for one in named if "thing=guess:" not in one)
    assert "levels/1F?thing=1F-03" in guessed
    for line, said in ((2, "看情况"), (3, "999"), (4, "directory.csv:4")):
        (row,) = (one for one in told if said in one)
        assert f'href="{BASE}/directory/{line - 2}"' in row


@pytest.mark.process
@pytest.mark.parametrize(
    ("where", "slots", "thing"),
    [
        ("1F, 1F-03 (A (B), C)", {}, "1F-03"),
        ("1F, 1F-03（甲，乙）", {}, "1F-03"),
        ("plan.geojson, 1F-03", {}, "1F-03"),
        ("1F", {"a": "1F-03", "b": "1F-C"}, "1F-03"),
        ("1F", {"id": "1F-06-D", "a": "1F-03"}, "1F-06-D"),
        ("1F", {"area": "3.5"}, "1F"),
        ("elsewhere", {}, ""),
    ],
)
def test_a_thing_is_found_by_its_id_in_any_finding(
    house: House, where: str, slots: dict[str, str], thing: str
) -> None:
    finding = {"code": "opening-assumed", "severity": "note", "where": where, "slots": slots}
    (row,) = listing.rows(venue(house), [finding])

    assert row["thing"] == thing


# ------------------------------------------------------------------- what a hospital is called


@pytest.mark.process
def test_a_hospital_has_one_name_and_an_administrator_changes_it(tmp_path: Path) -> None:
    """What the console calls it is what phones show, whatever the drawing says; until it is
    published again the page says which name phones show still."""
    house = new_house(tmp_path / "data").hire()
    house.publish(house.build())
    admin, page = house.clerk("admin"), f"{BASE}/description"
    (_, fields) = next(f for f in forms(admin.get(page).text) if f[0] == page)
    sent = {**fields.to_dict(), "name-zh-Hans": "市民医院", "address": "https://maps.example/h/a/"}
    # Each browser has a token of its own.
    sent.pop("csrf_token")

    assert house.clerk("editor").post(page, **sent).status_code == 403
    assert admin.post(page, **sent).status_code == 303

    told = html.unescape(house.clerk("viewer").get(BASE).text)
    assert "手机上显示的还是“小诊所”" in told
    address = (house.settings.press.folder(HOSPITAL) / "address.js").read_text()
    assert "https://maps.example/h/a/" in address
    (row,) = (row for row in audit.last(house.rows, 20) if row["action"] == "change-hospital")
    assert "小诊所" in row["said"] and "市民医院" in row["said"]

    house.publish(house.build())
    index = (house.settings.press.folder(HOSPITAL) / "bundle" / "index.json").read_text()
    assert json.loads(index)["names"]["zh-Hans"] == "市民医院"
    told = html.unescape(house.clerk("viewer").get(BASE).text)
    assert "手机上显示的还是" not in told
    assert "图纸里写的医院名称是“小诊所”" in told


def test_a_hospital_is_not_described_by_nonsense_or_over_somebody_else(tmp_path: Path) -> None:
    house = new_house(tmp_path / "data").hire()
    admin, page = house.clerk("admin"), f"{BASE}/description"
    (_, fields) = next(f for f in forms(admin.get(page).text) if f[0] == page)
    before = stored(house)["hospitals"]
    for wrong in (
        {"name-zh-Hans": "", "name-en": ""},
        {"address": "javascript:alert(1)"},
        {"timezone": "Nowhere"},
        {"seen": ""},
        {"seen": "[]"},
    ):
        assert admin.post(page, **{**fields.to_dict(), **wrong}).status_code in (400, 409), wrong
    assert stored(house)["hospitals"] == before

    assert admin.post(page, **{**fields.to_dict(), "name-en": "First"}).status_code == 303
    late = admin.post(page, **{**fields.to_dict(), "name-en": "Second"})
    assert late.status_code == 409 and "Second" in late.text
    assert publishing.hospitals(house.rows)[0]["names"]["en"] == "First"
