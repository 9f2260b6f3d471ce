"""Closures by the duty desk: stored and on phones or neither, read alike everywhere."""

import errno
import html
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from clinic import HOSPITAL, House, deed
from crashes import watched
from served import Server, serving
from signed_clinic import BASE, PHRASE, new_signed_house
from test_server_console import token
from werkzeug.test import TestResponse

from navkit.plan.plausible import LONGEST
from navkit.venue.periods import now_at
from navkit.venue.venue import Venue
from navkit.words.findings import NavkitError
from navkit.words.languages import languages
from server.pages.context import now_ms
from server.press import closable, closures, publishing, trust
from server.press.signing import PASSPHRASE
from server.staff.people import Person
from server.words.saying import book

pytestmark = pytest.mark.process

ZONE = ZoneInfo("Asia/Shanghai")
DESK = Person(4, "desk", "desk", "duty-desk", "", "en")
API = f"/api/v1/hospitals/{HOSPITAL}"
DAY_MS = 24 * 3600_000
YEAR = int(now_at(now_ms(), ZONE)[:4]) + 1
"""Of what is planned."""
REASON = {"zh-Hans": "检修", "en": "maintenance"}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(PASSPHRASE, PHRASE)
        made = new_signed_house(tmp_path_factory.mktemp("closures"))
        made.publish(made.build())
        yield made


@pytest.fixture(autouse=True)
def all_open(house: House) -> None:
    house.rows.run("DELETE FROM closures")
    closures.write(house.rows, house.settings.press, now_ms(), HOSPITAL)


class Program:
    """A program of the duty desk."""

    def __init__(self, house: House) -> None:
        self._client = house.app.test_client()
        self._headers = token(house, "desk")

    def close(self, target: str = "L", **said: Any) -> TestResponse:
        asked = {"target": target, "reason": REASON, **said}
        return self._client.post(f"{API}/closures", json=asked, headers=self._headers)

    def open(self, closure: int) -> TestResponse:
        return self._client.delete(f"{API}/closures/{closure}", headers=self._headers)

    def get(self, path: str) -> Any:
        answer = self._client.get(f"{API}/{path}", headers=self._headers)
        assert answer.status_code == 200, answer.text
        return answer.json


@pytest.fixture
def program(house: House) -> Program:
    return Program(house)


@pytest.fixture(autouse=True)
def again(house: House) -> None:
    """Signing in is counted by name and address."""
    house.rows.run("DELETE FROM tries")


def stored(house: House) -> list[dict[str, Any]]:
    return house.rows.all("SELECT * FROM closures WHERE withdrawn_ms = 0 ORDER BY id")


def signed(house: House) -> list[dict[str, Any]]:
    """The signed file that phones read."""
    path = trust.closures_path(HOSPITAL)
    of_role = trust.opened(house.settings.folder).targets[f"{HOSPITAL}-closures"].signed.targets
    file = house.settings.folder / "public" / trust.kept_path(path, of_role[path].hashes["sha512"])
    rows: list[dict[str, Any]] = json.loads(file.read_bytes())["closures"]
    return rows


def read_by_phones_of_old(rows: list[dict[str, Any]]) -> list[str]:
    """The rules of phones that are out there: one row that breaks them, and nothing is closed."""
    for one in rows:
        assert isinstance(one["target"], str) and one["target"]
        for time in (one["start"], one["end"]):
            assert re.fullmatch(r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2})?", time), time
        assert all(isinstance(text, str) for text in one["reason"].values())
    return [one["target"] for one in rows]


def later(**apart: float) -> str:
    """A time from now, on the hospital's clock."""
    return now_at(now_ms() + int(timedelta(**apart).total_seconds() * 1000), ZONE)


# ------------------------------------------------------------------- times


@pytest.mark.parametrize(
    ("start", "end", "kept"),
    [
        ("", f"{YEAR}-12-31T08:00:00", ("", f"{YEAR}-12-31T08:00")),
        ("", f"{YEAR}-12-31", ("", f"{YEAR + 1}-01-01T00:00")),
        (f"{YEAR}-12-30", f"{YEAR}-12-31 08:00", (f"{YEAR}-12-30T00:00", f"{YEAR}-12-31T08:00")),
        (
            f"{YEAR}-12-30T08:00:59",
            f"{YEAR}-12-31T08:00:01",
            (f"{YEAR}-12-30T08:00", f"{YEAR}-12-31T08:01"),
        ),
        ("", f" {YEAR}-12-31T08:00:00.5 ", ("", f"{YEAR}-12-31T08:01")),
        ("", f"{YEAR}-12-31T08:00Z", ("", f"{YEAR}-12-31T16:00")),
        ("", f"{YEAR}-12-31T08:00:00+08:00", ("", f"{YEAR}-12-31T08:00")),
    ],
)
def test_a_time_that_is_oddly_written_leaves_everything_closed_on_every_phone(
    house: House, program: Program, start: str, end: str, kept: tuple[str, str]
) -> None:
    """By way of the API and of the desk's form alike."""
    program.close("S")
    answer = program.close("L", start=start, end=end)
    form = {"because": "full", "start": start, "end": end}
    assert house.clerk("desk").post(f"{BASE}/desk/E", **form).status_code == 303

    said: Any = answer.json
    assert answer.status_code == 201
    assert (said["start"], said["end"]) == kept
    assert read_by_phones_of_old(signed(house)) == ["S", "L", "E"]
    assert {(one["start"], one["end"]) for one in signed(house)} == {("", ""), kept}
    plain = json.loads((house.settings.press.folder(HOSPITAL) / closures.NAME).read_bytes())
    assert (plain["version"], plain["closures"]) == (1, signed(house))


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"end": "2020-01-01T08:00"}, "closure-over"),
        ({"end": "2020-01-01"}, "closure-over"),
        ({"start": f"{YEAR}-03-02T09:30", "end": f"{YEAR}-03-02T09:30"}, "closure-ends-first"),
        ({"start": f"{YEAR}-03-02T09:30:59", "end": f"{YEAR}-03-02T09:30"}, "closure-ends-first"),
        ({"end": "soon"}, "bad-closure-time"),
        ({"end": f"{YEAR}-02-30"}, "bad-closure-time"),
        ({"start": f"{YEAR}-12-31T24:00"}, "bad-closure-time"),
        ({"start": "２０９６-12-31"}, "bad-closure-time"),
        ({"end": "2206-01-01T08:00"}, "closure-far"),
        ({"start": "2062-01-01", "end": "2062-02-01"}, "closure-far"),
        ({"start": "1926-01-01"}, "closure-far"),
        ({"daily": {"from": "22", "to": "06:00"}}, "closure-hours-unreadable"),
        ({"daily": {"from": "22:00"}}, "closure-hours-unreadable"),
        ({"daily": {"from": "22:00", "to": "24:00"}}, "closure-hours-unreadable"),
        ({"daily": {"from": "22:00", "to": "22:00"}}, "closure-hours-alike"),
        ({"daily": {"from": "22:00", "to": "06:00", "days": [0]}}, "closure-days-unreadable"),
        ({"daily": {"from": "22:00", "to": "06:00", "days": ["1"]}}, "closure-days-unreadable"),
        ({"daily": "22-6"}, "request-refused"),
        ({"reason": {}}, "closure-reason-missing"),
        ({"reason": {"en": " \t\n"}}, "closure-reason-missing"),
        ({"reason": {"en": "\u200b \u200d"}}, "text-unseen"),
        ({"reason": {"fr": "panne"}}, "closure-reason-unknown"),
        ({"reason": {"en": 7}}, "closure-reason-unknown"),
        ({"reason": {"en": "x" * 121}}, "text-too-long"),
        ({"reason": {"en": "🚑" * 3000}}, "text-too-long"),
        ({"reason": {"en": "a\0b"}}, "text-unseen"),
        ({"reason": {"en": "a\ud83d"}}, "text-unseen"),
        ({"reason": {"en": "a\u202eb"}}, "text-unseen"),
        ({"target": "nowhere"}, "not-closable"),
        ({"target": ""}, "not-closable"),
        ({"replaces": 999}, "not-closed"),
        ({"replaces": True}, "request-refused"),
        ({"end": None}, "request-refused"),
    ],
)
def test_what_is_refused_is_told_in_words_and_not_stored(
    house: House, program: Program, said: dict[str, Any], code: str
) -> None:
    before = (stored(house), signed(house), closures.number(house.rows, HOSPITAL))

    answer = program.close(**{"target": "L", **said})

    assert answer.status_code == (409 if code == "not-closed" else 400)
    assert answer.json and answer.json["code"] == code
    closures.write(house.rows, house.settings.press, now_ms(), HOSPITAL)
    assert (stored(house), signed(house), closures.number(house.rows, HOSPITAL)) == before


@pytest.mark.parametrize("page", [f"{BASE}/desk/L", f"{BASE}/desk/L?replaces=0"])
def test_a_form_that_is_refused_keeps_what_was_typed(house: House, page: str) -> None:
    typed = {"start": later(days=1), "end": "2020-01-01T08:00", "reason-en": 'wet "paint" <b>'}

    answer = house.clerk("desk").post(f"{BASE}/desk/L", because="own", page=page, **typed)

    assert answer.status_code == 400 and stored(house) == []
    fields = dict(re.findall(r'<input[^>]* name="([^"]+)"[^>]* value="([^"]*)"', answer.text))
    assert {name: html.unescape(fields[name]) for name in typed} == typed
    assert "2020-01-01 08:00" in answer.text


def test_who_was_slower_sees_the_other_and_may_change_it(house: House, program: Program) -> None:
    """The page comes back with what is closed by now, and with what was typed."""
    made: Any = program.close(end=later(days=1)).json
    desk, form = house.clerk("desk"), {"because": "own", "reason-en": "smoke", "end": later(days=2)}

    answer = desk.post(f"{BASE}/desk/L", page=f"{BASE}/desk/L", **form)

    assert answer.status_code == 409
    assert re.search(rf'<input type="radio" name="replaces" value="{made["id"]}"', answer.text)
    assert 'value="smoke"' in answer.text
    assert desk.post(f"{BASE}/desk/L", replaces=made["id"], **form).status_code == 303
    assert [one["reason"] for one in signed(house)] == [{"en": "smoke"}]


def test_closures_are_as_many_as_phones_can_carry_and_no_more(
    house: House, program: Program
) -> None:
    """The one too many is refused before it is stored, and never comes later."""
    long = {tag: chr(0x1F691) * LONGEST["reason"] for tag in ("zh-Hans", "zh-Hant", "en")}
    things = [one["id"] for one in program.get("closable")["closable"]]
    answers = [program.close(thing, reason=long) for thing in things[:30]]
    refused = [answer for answer in answers if answer.status_code != 201]

    assert refused
    assert {answer.json["code"] for answer in refused if answer.json} == {"closures-too-many"}
    publishing.restore(house.rows, house.settings.press, now_ms())
    assert len(stored(house)) == len(signed(house)) == len(answers) - len(refused)
    assert read_by_phones_of_old(signed(house)) == [row["target"] for row in stored(house)]
    assert program.open(stored(house)[0]["id"]).status_code == 204
    assert program.close(things[-1], reason=long).status_code == 201


# ------------------------------------------------------------------- what fails


@pytest.mark.parametrize("stays_full", [False, True])
@pytest.mark.parametrize("act", ["close", "reopen"])
def test_when_any_write_fails_it_is_neither_stored_nor_on_phones(
    house: House, act: str, stays_full: bool
) -> None:
    """At a disk that is full, where not even what was can be written again, the next start does it;
    there is always room for names, and all that is left when rows are written are names."""
    press, public = house.settings.press, house.settings.folder / "public"
    first = closures.close(deed(house.rows, now_ms(), DESK), press, {"S"}, "S", "", "", REASON)

    def done() -> None:
        if act == "close":
            closures.close(deed(house.rows, now_ms(), DESK), press, {"L"}, "L", "", "", REASON)
        else:
            closures.reopen(deed(house.rows, now_ms(), DESK), press, first["id"])

    failed = 0
    for number in range(100):
        before, told = house.rows.all("SELECT * FROM closures"), signed(house)
        left = [number]

        def fails(_: int, left: list[int] = left) -> None:
            left[0] -= 1
            if left[0] == -1 or (stays_full and left[0] < 0):
                raise OSError(errno.ENOSPC, "No space left on device")

        try:
            with watched(public, fails, only="write" if stays_full else ""):
                done()
            break
        except OSError:
            failed += 1
        if stays_full:
            publishing.restore(house.rows, press, now_ms())
        assert house.rows.all("SELECT * FROM closures") == before
        plain = json.loads((press.folder(HOSPITAL) / closures.NAME).read_bytes())
        assert signed(house) == plain["closures"] == told

    assert failed >= (5 if stays_full else 12)
    assert [one["target"] for one in signed(house)] == (["S", "L"] if act == "close" else [])


def test_when_nobody_can_sign_nothing_is_stored(
    house: House, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trust, "close", lambda *_: (_ for _ in ()).throw(OSError(errno.ENOSPC, "")))
    desk = house.clerk("desk")

    answers = [program.close(), desk.post(f"{BASE}/desk/L", because="full")]

    assert [answer.status_code for answer in answers] == [507, 507]
    monkeypatch.undo()
    publishing.restore(house.rows, house.settings.press, now_ms())
    assert stored(house) == signed(house) == []
    assert program.get("closures")["closures"] == []


# ------------------------------------------------------------------- planned, running, over


def sections(text: str) -> dict[str, list[str]]:
    """Of the desk's page: under each heading, what is listed as closed, by its label."""
    said = {}
    for part in re.split(r"<h2[^>]*>|<details><summary>", text)[1:]:
        title, _, rest = part.partition("</")
        said[title] = re.findall(r"<strong>([^<]+)</strong><br><bdi>", rest)
    return said


def words(key: str) -> str:
    return book("zh-Hans")[key]


def test_the_desk_shows_what_is_closed_what_is_planned_and_what_is_over(
    house: House, program: Program
) -> None:
    for number in range(8):
        at_ms = now_ms() - (10 - number) * DAY_MS
        closures.close(
            deed(house.rows, at_ms, DESK),
            house.settings.press,
            {"1F-02"},
            "1F-02",
            "",
            now_at(at_ms + 3600_000, ZONE),
            REASON,
        )
    program.close("S", start=later(days=7), end=later(days=8))
    program.close("1F-01")

    page = house.clerk("desk").get(f"{BASE}/desk").text
    shown = sections(page)

    assert [label.split(" ")[0] for label in shown[words("closed")]] == ["101"]
    assert len(shown[words("planned")]) == 1
    assert len(shown[words("past")]) == 5
    assert f'href="{BASE}/desk/S"' in page, "what is planned can be closed now"
    assert [one["state"] for one in program.get("closures")["closures"]] == ["planned", "running"]
    assert [one["target"] for one in signed(house)] == ["S", "1F-01"], "what is over is left out"
    overview = house.clerk("admin").get("/").text
    assert words("closures-are").format(count=1) in overview
    assert words("closures-are").format(count=1) in house.clerk("desk").get(BASE).text
    metrics = house.app.test_client().get("/metrics", headers=token(house, "desk")).text
    assert "navkit_closures 1\n" in metrics


def test_a_closure_is_over_when_its_time_is(house: House) -> None:
    at_ms = now_ms()
    closures.close(
        deed(house.rows, at_ms, DESK),
        house.settings.press,
        {"L"},
        "L",
        "",
        now_at(at_ms + 120_000, ZONE),
        REASON,
    )
    number = stored(house)[0]["id"]

    states = [
        [row["state"] for row in closures.current(house.rows, HOSPITAL, at_ms + apart_ms)]
        for apart_ms in (0, 60_000, 120_000, DAY_MS)
    ]

    assert states == [["running"], ["running"], [], []]
    assert closures.past(house.rows, HOSPITAL, at_ms + DAY_MS, 5)[0]["id"] == number
    with pytest.raises(NavkitError) as refused:
        closures.reopen(deed(house.rows, at_ms + DAY_MS, DESK), house.settings.press, number)
    assert refused.value.finding.code == "not-closed"


def test_opening_is_true_at_once_on_every_screen(house: House, program: Program) -> None:
    made: Any = program.close().json
    desk, other = house.clerk("desk"), house.clerk("editor")

    answer = desk.post(f"{BASE}/closures/{made['id']}/reopen")

    assert answer.status_code == 303
    assert words("reopened") in desk.get(f"{BASE}/desk").text
    for clerk in (desk, other):
        page = clerk.get(f"{BASE}/desk").text
        assert sections(page)[words("closed")] == []
        assert f'href="{BASE}/desk/L"' in page
        assert words("closures-are").format(count=0) in clerk.get(BASE).text
    assert program.get("closures")["closures"] == signed(house) == stored(house) == []


# ------------------------------------------------------------------- one thing, closed twice


def test_what_is_closed_is_not_closed_again_and_the_other_is_named(
    house: House, program: Program
) -> None:
    program.close(end=later(days=2))

    answers = [
        program.close(),
        program.close(start=later(days=1), end=later(days=3)),
        program.close(end=later(hours=1)),
    ]
    page = house.clerk("desk").post(f"{BASE}/desk/L", because="full")

    assert {answer.status_code for answer in (*answers, page)} == {409}
    assert all(a.json["code"] == "closure-overlaps" for a in answers if a.json)
    until = stored(house)[0]["end_at"].replace("T", " ")
    assert all(until in answer.text and "desk" in answer.text for answer in (*answers, page))
    assert len(stored(house)) == len(signed(house)) == 1


def test_times_of_one_thing_may_follow_each_other(house: House, program: Program) -> None:
    times = [later(days=n) for n in range(1, 5)]
    program.close(start=times[1], end=times[2])

    answers = [program.close(start=times[0], end=times[1]), program.close(start=times[2])]

    assert [answer.status_code for answer in answers] == [201, 201]
    assert program.close(start=times[3]).status_code == 409
    assert program.close("S", start=times[3]).status_code == 201


def test_a_closure_is_lengthened_without_being_open_in_between(
    house: House, program: Program
) -> None:
    first: Any = program.close(end=later(hours=1)).json
    desk = house.clerk("desk")
    page = desk.get(f"{BASE}/desk/L?replaces={first['id']}").text
    assert f'value="{first["end"]}"' in page and f'value="{REASON["zh-Hans"]}"' in page

    desk.post(f"{BASE}/desk/L", because="own", end=later(hours=3), replaces=first["id"],
              **{"reason-en": "still out of order"})  # fmt: skip

    assert [one["end"] for one in signed(house)] == [later(hours=3)]
    [row] = stored(house)
    again = program.close(end=later(hours=5), replaces=first["id"])
    assert again.status_code == 409, "somebody else was faster"
    assert program.close("S", replaces=row["id"]).status_code == 409, "it is of another thing"
    assert program.close(end=later(hours=5), replaces=row["id"]).status_code == 201
    assert len(stored(house)) == len(signed(house)) == 1


def test_opening_one_of_two_does_not_say_that_it_is_open(house: House) -> None:
    """As two were stored before they were kept apart."""
    for number in range(2):
        house.rows.run(
            "INSERT INTO closures (hospital, target, start_at, end_at, reason, person, made_ms)"
            " VALUES (?, 'L', '', '', ?, 'desk', ?)",
            *(HOSPITAL, json.dumps(REASON), number),
        )
    desk = house.clerk("desk")
    said = []
    for row in stored(house):
        desk.post(f"{BASE}/closures/{row['id']}/reopen")
        said.append(desk.get(f"{BASE}/desk").text)

    assert words("reopened") not in said[0] and len(sections(said[0])[words("closed")]) == 1
    assert "仍然停用" in said[0]
    assert words("reopened") in said[1] and signed(house) == []


@contextmanager
def at_once(count: int) -> Iterator[list[threading.Thread]]:
    threads: list[threading.Thread] = []
    yield threads
    assert len(threads) == count
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_four_people_close_one_lift_at_once_and_three_are_told(house: House) -> None:
    """By http, at a server in a process of its own."""
    statuses = []
    with serving(house.settings.folder, **{PASSPHRASE: PHRASE}) as server:
        clerks = [server.clerk(name, HOSPITAL) for name in ("desk", "editor", "second", "admin")]
        with at_once(4) as threads:
            for clerk in clerks:
                token_ = clerk.token()

                def close(clerk: Any = clerk, token_: str = token_) -> None:
                    form = {"csrf_token": token_, "because": "full"}
                    answer = clerk.client.post(f"{BASE}/desk/L", data=form)
                    statuses.append(answer.status_code)

                threads.append(threading.Thread(target=close))
        assert sorted(statuses) == [303, 409, 409, 409]
        assert len(stored(house)) == 1
        assert read_by_phones_of_old(closed_over_http(server)) == ["L"]


def closed_over_http(server: Server) -> list[dict[str, Any]]:
    status, content = server.ask("GET", f"/h/{HOSPITAL}/closures.json")
    assert status == 200
    rows: list[dict[str, Any]] = json.loads(content)["closures"]
    return rows


# ------------------------------------------------------------------- what can be closed


def test_all_that_can_be_closed_is_listed_a_page_at_a_time(program: Program) -> None:
    whole = program.get("closable")
    first, pages = 0, []
    while first is not None:
        page = program.get(f"closable?most=7&first={first}")
        assert len(page["closable"]) <= 7 and page["count"] == whole["count"]
        pages += page["closable"]
        first = page["next"]

    assert pages == whole["closable"] and whole["next"] is None
    assert len({one["id"] for one in pages}) == len(pages) == whole["count"]
    assert [one["id"] for one in pages[:3]] == ["L", "S", "E"], "lifts, stairs, entrances first"
    for one in (pages[0], pages[2], pages[-1]):
        assert program.close(one["id"]).status_code == 201


@pytest.mark.parametrize(
    "asked", ["first=-1", "first=x", "most=0", "most=201", "most=1e9", "first=" + "9" * 30]
)
def test_a_page_that_there_is_none_of_is_refused(house: House, asked: str) -> None:
    client = house.app.test_client()
    answer = client.get(f"{API}/closable?{asked}", headers=token(house, "viewer"))

    assert answer.status_code == 400 and answer.json and set(answer.json) == {"code", "text"}


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        ("正门", "E"),
        ("main ENTRANCE", "E"),
        ("1号电梯", "L"),
        ("１０１", "1F-01"),
        ("心内科", "1F-01"),
        ("Cardiology", "1F-01"),
        ("看心脏", "1F-01"),
        ("Room 205", "2F-05"),
        ("2层诊室5", "2F-05"),
        ("1F-01-D", "1F-01-D"),
        ("2F 走廊", "2F-C"),
        ("2樓 走廊", "2F-C"),
        ("corridor floor 2", "2F-C"),
    ],
)
def test_what_is_meant_is_found_first_at_the_desk_and_by_programs(
    house: House, program: Program, asked: str, first: str
) -> None:
    assert program.get(f"closable?q={asked}")["closable"][0]["id"] == first
    page = house.clerk("desk").get(f"{BASE}/desk", query_string={"q": asked}).text
    found = page[page.index('id="else"') :]
    links = re.findall(rf'href="{BASE}/desk/([^"?]+)"', found)
    assert links[0] == first


@pytest.mark.parametrize("asked", ["心内科", "101", "1层诊室1", "Room 101"])
def test_a_door_is_found_by_the_rooms_that_it_joins(program: Program, asked: str) -> None:
    found = program.get(f"closable?q={asked}")["closable"]

    assert "1F-01-D" in [one["id"] for one in found]
    assert len(found) < 20


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        ("门诊正门", "mz-1F-D-main"),
        ("急诊 入口", "yj-1F-D-er"),
        ("連廊", "mz-2F-BR"),
        ("放射科 门", "yj-1F-101-D"),
        ("门诊楼 1号楼梯", "mz-S1"),
    ],
)
def test_in_a_large_hospital_what_is_meant_comes_first(
    example_venue: Venue, asked: str, first: str
) -> None:
    things = closable.closable(example_venue)

    assert closable.found(things, asked)[0].id == first
    assert all(one.labels[tag] for one in things for tag in languages())


def test_nothing_is_found_where_nothing_is_meant(program: Program) -> None:
    assert program.get("closable?q=zzz 电梯")["closable"] == []
    assert program.get("closable?q=%00")["closable"] == []


# ------------------------------------------------------------------- what is stored already


def test_what_cannot_be_read_is_told_to_the_desk_and_never_to_phones(
    house: House, program: Program
) -> None:
    program.close("S")
    for start, end in [("明天", ""), ("", "31.12.2096"), ("2096-12-31T08:00:00", "")]:
        house.rows.run(
            "INSERT INTO closures (hospital, target, start_at, end_at, reason, person, made_ms)"
            " VALUES (?, 'L', ?, ?, ?, 'desk', 1)",
            *(HOSPITAL, start, end, json.dumps(REASON)),
        )
    closures.write(house.rows, house.settings.press, now_ms(), HOSPITAL)
    desk = house.clerk("desk")
    page = desk.get(f"{BASE}/desk").text

    assert len(sections(page)[words("unreadable")]) == 3 and "明天" in page
    assert read_by_phones_of_old(signed(house)) == ["S"]
    assert [one["target"] for one in program.get("closures")["closures"]] == ["S"]
    assert program.close("L").status_code == 201, "the lift can be closed all the same"
    for row in stored(house):
        if row["start_at"] or row["end_at"]:
            assert desk.post(f"{BASE}/closures/{row['id']}/reopen").status_code == 303
    assert words("unreadable") not in sections(desk.get(f"{BASE}/desk").text)


def test_a_closure_of_what_the_map_no_longer_has_says_so(house: House) -> None:
    closures.close(
        deed(house.rows, now_ms(), DESK), house.settings.press, {"gone"}, "gone", "", "", REASON
    )

    page = house.clerk("desk").get(f"{BASE}/desk").text

    assert words("not-on-map") in page and sections(page)[words("closed")] == ["gone"]


# ------------------------------------------------------------------- several, and every night


def test_several_things_are_closed_for_one_reason_all_or_none(house: House) -> None:
    desk = house.clerk("desk")
    page = desk.get(f"{BASE}/desk", query_string={"q": "1F"}).text
    assert 'type="checkbox" name="target" value="1F-01"' in page
    asked = f"{BASE}/close?target=1F-01&target=1F-02&target=S"
    assert "1层诊室1" in desk.get(asked).text
    desk.post(f"{BASE}/desk/S", because="full")

    form = {"target": ["1F-01", "1F-02", "S"], "because": "cleaning", "page": asked}
    refused = desk.post(f"{BASE}/close", **form)

    assert refused.status_code == 409 and len(stored(house)) == 1, "none of the three"
    assert desk.post(f"{BASE}/close", **form, instead="1").status_code == 303
    assert {one["target"]: one["reason"]["en"] for one in signed(house)} == dict.fromkeys(
        ("1F-01", "1F-02", "S"), "Being cleaned"
    )
    assert words("closed-several").format(count=3) in desk.get(f"{BASE}/desk").text
    assert desk.get(f"{BASE}/close").status_code == 404
    assert desk.get(f"{BASE}/close?target=gone").status_code == 404


def test_every_night_is_told_to_phones_of_old_night_by_night(house: House) -> None:
    """And renewed as nights pass; what was reopened is open at once."""
    desk, press = house.clerk("desk"), house.settings.press
    form = {"because": "own", "reason-en": "at night", "start": later(days=1)}
    hours = {"from": "22:00", "to": "06:00"}
    assert desk.post(f"{BASE}/desk/L", **form, **hours).status_code == 303

    nights = signed(house)
    assert read_by_phones_of_old(nights) == ["L"] * len(nights) and 13 <= len(nights) <= 14
    assert all(one["start"].endswith("22:00") and one["end"].endswith("06:00") for one in nights)
    assert len({one["start"][:10] for one in nights}) == len(nights)
    page = desk.get(f"{BASE}/desk").text
    assert "每天 22:00–06:00" in page and f'href="{BASE}/desk/L"' in page
    [told] = Program(house).get("closures")["closures"]
    assert told["daily"] == {"from": "22:00", "to": "06:00", "days": [1, 2, 3, 4, 5, 6, 7]}
    assert Program(house).close(start=f"{nights[5]['start'][:10]}T23:00").status_code == 409
    number = closures.number(house.rows, HOSPITAL)
    assert closures.renew(house.rows, press, now_ms()) == []
    assert closures.renew(house.rows, press, now_ms() + 3 * DAY_MS) == [HOSPITAL]
    assert signed(house)[-1]["start"] > nights[-1]["start"]
    assert closures.number(house.rows, HOSPITAL) == number + 1

    [row] = stored(house)
    assert desk.post(f"{BASE}/closures/{row['id']}/reopen").status_code == 303
    assert signed(house) == [] == Program(house).get("closures")["closures"]


def test_a_week_of_nights_is_seven_and_the_desk_says_so(house: House) -> None:
    """Also after its closure was changed and left as it was."""
    desk = house.clerk("desk")
    first, last = later(days=1)[:10], f"{later(days=8)[:10]}T06:00"
    form = {"because": "own", "reason-en": "at night", "from": "22:00", "to": "06:00"}
    form |= {"start": f"{first}T15:01", "end": last}

    for replaces in (0, None):
        number = stored(house)[-1]["id"] if replaces is None else 0
        assert desk.post(f"{BASE}/desk/L", **form, replaces=number).status_code == 303
        nights = signed(house)
        assert len(nights) == 7 and nights[-1]["end"] == last
        page = desk.get(f"{BASE}/desk").text
        assert f"共 7 次，第一次从 {first} 22:00 开始，最后一次到 {last.replace('T', ' ')}" in page
        form["start"], form["end"] = nights[0]["start"], nights[-1]["end"]


def test_what_is_broken_is_closed_at_once_whatever_is_planned(house: House) -> None:
    desk = house.clerk("desk")
    night = {"because": "own", "reason-en": "at night", "from": "22:00", "to": "06:00"}
    assert desk.post(f"{BASE}/desk/L", **night, start=later(days=1)).status_code == 303
    [plan] = stored(house)

    form = {"because": "out-of-order", "page": f"{BASE}/desk/L"}
    assert desk.post(f"{BASE}/desk/L", **form, replaces=0).status_code == 303

    told = [one for one in signed(house) if not one["start"]]
    assert [one["end"] for one in told] == [""] and len(signed(house)) > 13
    refused = desk.post(f"{BASE}/desk/L", **form, replaces=0)
    assert refused.status_code == 409, "it is closed at this moment"
    label = Program(house).get("closable?q=L")["closable"][0]["names"]["zh-Hans"]
    alert = re.search(r'role="alert"[^>]*>([^<]*)', refused.text)
    assert alert and alert[1].startswith(label)
    later_too = desk.post(f"{BASE}/desk/L", **form, start=later(days=3), end=later(days=5))
    assert later_too.status_code == 409, "a plan beside a plan"

    broken = stored(house)[-1]
    assert desk.post(f"{BASE}/closures/{broken['id']}/reopen").status_code == 303
    page = desk.get(f"{BASE}/desk").text
    assert words("reopened") in page and f"{label} 的停用计划还在：每天 22:00–06:00" in page
    assert [one["id"] for one in stored(house)] == [plan["id"]]


def test_a_lift_that_breaks_during_its_nightly_plan_is_closed_at_once_and_the_plan_stays(
    house: House, program: Program
) -> None:
    desk = house.clerk("desk")
    hours = {"from": later(hours=-1)[11:], "to": later(hours=1)[11:]}
    night = {"because": "own", "reason-en": "at night", **hours}
    assert desk.post(f"{BASE}/desk/L", **night).status_code == 303
    [plan] = stored(house)
    page = desk.get(f"{BASE}/desk").text
    assert re.search(r'href="[^"]*/desk/L" aria-label="[^"]*现在坏了', page)

    assert desk.post(f"{BASE}/desk/L", because="out-of-order", replaces=0).status_code == 303

    broken = stored(house)[-1]
    assert [one["id"] for one in stored(house)] == [plan["id"], broken["id"]]
    assert ("", "") in {(one["start"], one["end"]) for one in signed(house)}
    again = desk.post(f"{BASE}/desk/L", because="out-of-order", page=f"{BASE}/desk/L")
    assert again.status_code == 409, "one breakdown is one closure"
    answer = desk.post(f"{BASE}/closures/{broken['id']}/reopen")
    said = desk.get(f"{BASE}/desk").text
    assert answer.status_code == 303 and words("reopened") not in said
    assert [one["id"] for one in stored(house)] == [plan["id"]]
    state = program.get("closures")["closures"]
    assert [one["target"] for one in state] == ["L"] and len(signed(house)) > 13


def test_the_desk_and_phones_go_by_the_hospitals_clock(house: House) -> None:
    page = house.clerk("desk").get(f"{BASE}/desk").text
    assert f"（Asia/Shanghai），现在是 {later()[:10]}" in page

    plain = json.loads((house.settings.press.folder(HOSPITAL) / closures.NAME).read_bytes())

    assert plain["zone"] == "Asia/Shanghai"


def test_without_own_words_the_fold_of_times_stays_open(house: House) -> None:
    typed = {"start": later(days=1), "end": later(days=2)}

    answer = house.clerk("desk").post(
        f"{BASE}/desk/L", because="own", page=f"{BASE}/desk/L", **typed
    )

    assert answer.status_code == 400 and typed["end"] in answer.text
    fold = answer.text[answer.text.index("<details") :]
    assert fold.startswith("<details open>") and 'role="alert"' in fold[: fold.index("</details>")]


def test_a_form_with_hours_that_is_refused_keeps_them(house: House) -> None:
    typed = {"from": "22:00", "to": "22:00", "reason-en": "at night"}

    answer = house.clerk("desk").post(
        f"{BASE}/desk/L", because="own", page=f"{BASE}/desk/L", days=["2", "4"], **typed
    )

    assert answer.status_code == 400 and 'value="22:00"' in answer.text and stored(house) == []
    ticked = re.findall(r'name="days" value="(\d)" checked', answer.text)
    assert ticked == ["2", "4"] and 'value="at night"' in answer.text


def test_a_level_is_closed_as_a_whole_and_told_room_by_room(house: House, program: Program) -> None:
    first = program.get("closable?q=2F")["closable"][0]
    assert (first["id"], first["kind"]) == ("level:2F", "level")
    made: Any = program.close("level:2F").json
    desk = house.clerk("desk")

    told = read_by_phones_of_old(signed(house))
    assert "2F-C" in told and not any(one.startswith(("1F", "level")) for one in told)
    assert "2F-L" not in told, "the lift still serves other levels"
    assert program.close("2F-C").status_code == 201
    row = next(row for row in stored(house) if row["target"] == "2F-C")
    desk.post(f"{BASE}/closures/{row['id']}/reopen")
    assert "仍然停用" in desk.get(f"{BASE}/desk").text, "its level is closed"
    house.rows.run("UPDATE closures SET members = '[\"gone\"]' WHERE id = ?", made["id"])
    publishing.restore(house.rows, house.settings.press, now_ms())
    assert read_by_phones_of_old(signed(house)) == told, "as the map has it that is published"
    assert program.open(made["id"]).status_code == 204 and signed(house) == []


def test_what_closing_does_is_shown_before_it_is_signed(house: House, program: Program) -> None:
    """The only lift of the clinic: nobody in a wheelchair comes upstairs, and stairs are left."""
    desk = house.clerk("desk")
    asked = f"{BASE}/close/effects?target=L"
    assert asked in desk.get(f"{BASE}/desk/L").text

    said = desk.get(asked).text
    effects = {one["profile"]: one for one in program.get("impact?target=L")["effects"]}

    upstairs = {f"2F-{number:02}" for number in range(1, 15)}
    venue = {one["id"] for one in program.get("closable?q=2F")["closable"]}
    assert upstairs <= venue and len(effects["wheelchair"]["unreachable"]) >= 14
    assert effects["walk"]["unreachable"] == []
    count = len(effects["wheelchair"]["unreachable"])
    who = "轮椅"
    assert who in said and f"有 {count} 个地方走不到" in said
    assert stored(house) == []
    nothing = desk.get(f"{BASE}/close/effects?target=1F-01-D").text
    assert "走不到" in nothing
    program.close("L")
    assert program.get("impact?target=L")["effects"][1]["unreachable"] == [], "closed already"
    answer = house.app.test_client().get(f"{API}/impact", headers=token(house, "desk"))
    assert answer.status_code == 400


def test_things_are_chosen_on_the_map(house: House) -> None:
    desk = house.clerk("desk")
    page = desk.get(f"{BASE}/desk-map/1F?target=1F-01").text

    assert f"{BASE}/desk-map/1F?target=1F-01&amp;target=L" in page, "a lift, not one stop of it"
    assert f"{BASE}/close?target=1F-01" in page and "level:1F" in html.unescape(page)
    assert desk.get(f"{BASE}/desk-map/9F").status_code == 404
    assert f"{BASE}/desk-map/2F" in desk.get(f"{BASE}/desk").text
