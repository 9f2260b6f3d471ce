"""Passwords, names, tokens, sessions, second factors, two people, and the entries of the log."""

import contextlib
import csv
import hashlib
import html
import io
import json
import re
import stat
import time
from pathlib import Path
from typing import Any

import pyotp
import pytest
from clinic import HOSPITAL, PASSWORD, Clerk, House, deed, new_house
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from navkit.words.findings import NavkitError
from navkit.words.languages import languages
from server import serving
from server.data import lookalikes
from server.pages import context, telling
from server.staff import audit, factors, holders, passwords, people, sessions, tokens
from server.staff.roles import Person, roles
from server.words import saying
from tools import serving as asking

BASE = f"/hospitals/{HOSPITAL}"
NOW = 1_770_000_000_000
OTHER = "battery staple 8"
TICKS = ["errors", "lost-places", "lost-ways", "opened", "no-places"]
OWN = ("wang", "王伟", HOSPITAL, "人民医院", "Renmin Hospital")


@pytest.fixture
def house(tmp_path: Path) -> House:
    return new_house(tmp_path / "data").hire()


def code_of(error: pytest.ExceptionInfo[NavkitError]) -> str:
    return error.value.finding.code


def number_of(house: House, name: str) -> int:
    return next(int(one["id"]) for one in people.everyone(house.rows) if one["name"] == name)


def person_of(house: House, name: str) -> Person:
    found = people.signed_in(house.rows, context.now_ms(), session_of(house, name))
    assert found
    return found


def session_of(house: House, name: str, password: str = PASSWORD) -> str:
    return people.sign_in(house.rows, context.now_ms(), name, password, "::9")


def logged(house: House) -> list[str]:
    return [row["action"] for row in audit.last(house.rows, 1000)]


def said_on(answer: TestResponse) -> str:
    found = re.search(r'class="trouble"[^>]*>(.*?)</p>', answer.text, re.DOTALL)
    return html.unescape(found[1]) if found else ""


# ------------------------------------------------------------------- passwords


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("short one", "password-length"),
        ("x" * 201, "password-length"),
        ("1234567890", "password-number"),
        ("138-0013-8000", "password-number"),
        ("11010519491231002X", "password-number"),
        ("19900101zhang", "password-number"),
        ("woaini1314", "password-common"),
        ("5201314520", "password-number"),
        ("a123456789", "password-common"),
        ("Password123!", "password-common"),
        ("p@ssw0rd1234", "password-common"),
        ("1qaz2wsx3edc", "password-common"),
        ("qwertyuiop[]", "password-keyboard"),
        ("!@#$%^&*()", "password-keyboard"),
        ("zxcvbnm,./", "password-keyboard"),
        ("aaaaaaaaaaaa", "password-repeats"),
        ("aa11bb22cc", "password-repeats"),
        ("abcdefghijkl", "password-repeats"),
        ("abcabcabcabc", "password-repeats"),
        ("一二三四五六七八九十", "password-common"),
        ("navkit2026!", "password-own"),
        ("ｎａｖｋｉｔ-ｎａｖｋｉｔ", "password-own"),
        ("wang123456", "password-own"),
        ("王伟王伟王伟王伟王伟", "password-own"),
        ("wangwei@8888", "password-own"),
        ("renminyiyuan", "password-own"),
        ("Renmin@2026", "password-own"),
    ],
)
def test_what_is_guessed_first_is_refused_and_told_why(password: str, code: str) -> None:
    with pytest.raises(NavkitError) as refused:
        passwords.check(password, OWN)

    assert code_of(refused) == code
    for language in languages():
        assert refused.value.finding.text(language)


@pytest.mark.parametrize(
    "password",
    [
        PASSWORD,
        OTHER,
        "今天天气很好我们去医院",
        "lift key under the mat",
        "7rT-kq2m-Vx",
        "门 诊 楼 东 侧 第 三",
    ],
)
def test_length_is_enough_without_signs_and_capitals(password: str) -> None:
    passwords.check(password, OWN)


@pytest.mark.parametrize("letters", ["4@8({[<369&#!1/|0$5+7%2", "a1", "19900101", "ab4@"])
def test_no_password_keeps_the_server_busy(letters: str) -> None:
    """Signs that may stand for letters would take zxcvbn a minute."""
    began_s = time.process_time()
    with contextlib.suppress(NavkitError):
        passwords.check((letters * 200)[:200], OWN)

    assert time.process_time() - began_s < 2


def test_a_long_password_counts_by_its_better_end() -> None:
    for password in ("1234567890" * 4 + "lift key under the mat", "lift key under it" + "a1" * 30):
        passwords.check(password, OWN)


@given(st.text(max_size=300))
def test_any_text_is_a_password_or_is_refused_in_a_sentence(password: str) -> None:
    try:
        passwords.check(password, OWN)
    except NavkitError as refused:
        assert refused.finding.text("en")


def test_a_password_is_the_same_however_it_was_composed(house: House) -> None:
    people.add(deed(house.rows, NOW), "li", "Zoe\u0308 ｌｉｆｔ ﬁx", "editor")

    assert session_of(house, "li", "Zo\u00eb lift fix")


def test_nobody_comes_in_by_a_password_that_is_reset_meanwhile(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = number_of(house, "editor")

    def reset_meanwhile(kept: str, password: str) -> bool:
        people.change(deed(house.rows, NOW, "admin"), number, password=OTHER)
        return True

    monkeypatch.setattr(passwords, "matches", reset_meanwhile)
    with pytest.raises(NavkitError) as refused:
        session_of(house, "editor")
    assert code_of(refused) == "sign-in-wrong"
    assert sessions.listed(house.rows, context.now_ms(), number) == []


def test_one_from_before_passwords_were_normalised_still_opens(house: House) -> None:
    raw = passwords.hasher().hash("Zoe\u0308 ｌｉｆｔ ﬁx")
    house.rows.run("UPDATE people SET password = ? WHERE name = 'editor'", raw)

    assert session_of(house, "editor", "Zoe\u0308 ｌｉｆｔ ﬁx")


def test_a_weak_password_of_before_is_changed_before_anything_else(house: House) -> None:
    weak = passwords.hashed("1234567890")
    house.rows.run("UPDATE people SET password = ? WHERE name = 'editor'", weak)
    editor = house.clerk("editor", "1234567890")

    for path in ("/", BASE, "/account", f"{BASE}/desk"):
        assert editor.get(path).location == "/account/password", path
    assert editor.post(f"{BASE}/builds").status_code == 403
    page = editor.get("/account/password").text
    assert saying.say("zh-Hans", "password-is-weak") in page

    assert (
        editor.post("/account/password", old="1234567890", password="1234567890").status_code == 400
    )
    assert editor.post("/account/password", old="1234567890", password=OTHER).status_code == 303
    assert editor.get(BASE).status_code == 200
    assert house.clerk("editor", OTHER).get(BASE).status_code == 200


def test_what_was_made_or_changed_for_somebody_keeps_the_rules(house: House) -> None:
    admin = house.clerk("admin")
    refused = admin.post("/people", name="zhao", password="zhao-zhao 88", role="editor")

    assert refused.status_code == 400
    assert "您的名字" in said_on(refused)
    number = number_of(house, "editor")
    assert admin.post(f"/people/{number}", password="xiaozhensuo").status_code == 400
    assert house.clerk("editor").get(BASE).status_code == 200


# ------------------------------------------------------------------- names


@pytest.mark.parametrize(
    "other",
    [
        "WANG",
        "Wang",
        "ｗａｎｇ",
        "wa\u200dng",
        "\u2060wang",
        "w\u0430ng",
        " wang ",
        "wang\ufe0f",
        "ᴡang",
    ],
)
def test_a_name_that_looks_like_anothers_is_taken(house: House, other: str) -> None:
    people.add(deed(house.rows, NOW), "wang", PASSWORD, "editor")

    with pytest.raises(NavkitError) as refused:
        people.add(deed(house.rows, NOW), other, PASSWORD, "editor")
    assert code_of(refused) == "person-exists"
    assert session_of(house, other)


@pytest.mark.parametrize("other", ["аdmin", "ADМIN", "adrnin", "ɑdmin", "admın"])
def test_nobody_is_called_nearly_admin(house: House, other: str) -> None:
    with pytest.raises(NavkitError):
        people.add(deed(house.rows, NOW), other, PASSWORD, "editor")


@pytest.mark.parametrize("nothing", ["", "  ", "\u200b\u200d", "\u3164", "\u202e", "x" * 61])
def test_a_name_that_nobody_sees_is_none(house: House, nothing: str) -> None:
    with pytest.raises(NavkitError) as refused:
        people.add(deed(house.rows, NOW), nothing, PASSWORD, "editor")
    assert code_of(refused) == "person-without-name"


def test_people_of_like_names_are_told_apart(house: House) -> None:
    for name in ("王伟", "王玮", "张三", "張三", "li1", "li2"):
        people.add(deed(house.rows, NOW), name, PASSWORD, "viewer")


@given(st.text(max_size=60))
def test_a_key_of_a_key_is_itself(name: str) -> None:
    key = lookalikes.key_of(name)

    assert lookalikes.key_of(key) == key
    assert lookalikes.key_of(lookalikes.cleaned(name)) == key


@given(st.text(alphabet=st.characters(max_codepoint=0x7E, min_codepoint=0x20), max_size=60))
def test_capitals_make_no_other_key(name: str) -> None:
    assert lookalikes.key_of(name.upper()) == lookalikes.key_of(name.lower())


def test_guesses_are_counted_however_the_name_is_written(house: House) -> None:
    """Or five guesses would be five for each way to write it."""
    for name in ("admin", "ADMIN", "Admin", "ａｄｍｉｎ", "аdmin"):
        with pytest.raises(NavkitError):
            people.sign_in(house.rows, NOW, name, "guess guess 1", "::7")

    with pytest.raises(NavkitError) as refused:
        people.sign_in(house.rows, NOW, "aDmin", PASSWORD, "::7")
    assert code_of(refused) == "too-many-tries"


# ------------------------------------------------------------------- tokens


def bearer(house: House, secret: str, target: str = "nothing") -> int:
    """What an answer to a program is: 400 where it may close, since there is no such thing."""
    answer = house.app.test_client().post(
        f"/api/v1/hospitals/{HOSPITAL}/closures",
        json={"target": target},
        headers={"Authorization": f"Bearer {secret}"},
    )
    return answer.status_code


def token_on(answer: TestResponse) -> str:
    found = re.search(r"navkit_[\w-]+", answer.text)
    assert found, answer.text
    return found[0]


def test_a_token_needs_the_password_and_a_day_on_which_it_ends(house: House) -> None:
    desk = house.clerk("desk")

    assert desk.post("/account/tokens", label="ward", days="30").status_code == 401
    assert desk.post("/account/tokens", label="ward", days="30", old="wrong").status_code == 401
    for days in ("0", "366", "99999"):
        assert desk.post("/account/tokens", label="w", days=days, old=PASSWORD).status_code == 400
    made = desk.post("/account/tokens", label="ward", days="30", old=PASSWORD)
    assert bearer(house, token_on(made)) == 400
    [row] = tokens.listed(house.rows, context.now_ms(), person_of(house, "desk").id)
    assert row["expires_ms"] - row["made_ms"] == 30 * tokens.DAY_MS


def test_a_token_ends_by_itself(house: House) -> None:
    secret = tokens.add(deed(house.rows, NOW, person_of(house, "desk")), "ward")
    end_ms = NOW + tokens.USUAL_DAYS * tokens.DAY_MS

    assert people.by_token(house.rows, end_ms - 1, secret)
    assert people.by_token(house.rows, end_ms, secret) is None


def test_when_a_token_was_used_is_written_once_an_hour(house: House) -> None:
    who = person_of(house, "desk")
    secret = tokens.add(deed(house.rows, NOW, who), "ward")

    def used_ms() -> int:
        return int(tokens.listed(house.rows, NOW, who.id)[0]["used_ms"])

    assert used_ms() == 0
    for minute in range(61):
        people.by_token(house.rows, NOW + minute * 60_000, secret)
    assert used_ms() == NOW
    people.by_token(house.rows, NOW + tokens.USED_EVERY_MS + 1, secret)
    assert used_ms() == NOW + tokens.USED_EVERY_MS + 1


@pytest.mark.parametrize("way", ["changed", "reset", "barred"])
def test_a_token_ends_with_the_password_that_it_was_made_by(house: House, way: str) -> None:
    desk, admin = house.clerk("desk"), house.clerk("admin")
    secret = token_on(desk.post("/account/tokens", label="ward", old=PASSWORD))
    number = number_of(house, "desk")
    if way == "changed":
        assert desk.post("/account/password", old=PASSWORD, password=OTHER).status_code == 303
    elif way == "reset":
        assert admin.post(f"/people/{number}", password=OTHER).status_code == 303
    else:
        admin.post(f"/people/{number}", barred="yes")
        admin.post(f"/people/{number}", barred="no")

    assert bearer(house, secret) == 401


def test_a_token_may_what_its_owner_may_now(house: House) -> None:
    secret = token_on(house.clerk("desk").post("/account/tokens", label="ward", old=PASSWORD))
    assert bearer(house, secret) == 400

    house.clerk("admin").post(f"/people/{number_of(house, 'desk')}", role="viewer")

    assert bearer(house, secret) == 403


def test_a_token_of_somebody_else_is_not_there_and_leaves_no_entry(house: House) -> None:
    """Nor does one of another hospital, nor one that was withdrawn before."""
    people.add(deed(house.rows, NOW), "guest", PASSWORD, "administrator", hospital="elsewhere")
    desk, guest = house.clerk("desk"), house.clerk("guest")
    secret = token_on(desk.post("/account/tokens", label="ward", old=PASSWORD))
    number = tokens.listed(house.rows, context.now_ms(), person_of(house, "desk").id)[0]["id"]
    before = len(logged(house))

    for token in (number, 999):
        assert guest.post(f"/account/tokens/{token}/withdraw").status_code == 404
    assert len(logged(house)) == before
    assert bearer(house, secret) == 400
    assert desk.post(f"/account/tokens/{number}/withdraw").status_code == 303
    assert desk.post(f"/account/tokens/{number}/withdraw").status_code == 404
    assert logged(house).count("withdraw-token") == 1
    assert bearer(house, secret) == 401


# ------------------------------------------------------------------- sessions

PHONE = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/120 Mobile MicroMessenger/8.0"


def test_sessions_are_listed_and_ended_one_by_one(house: House) -> None:
    here, there, third = house.clerk("editor"), house.clerk(), house.clerk("editor")
    form = {"csrf_token": there.token(), "name": "editor", "password": PASSWORD}
    there.client.post("/sign-in", data=form, headers={"User-Agent": PHONE})
    page = here.get("/account").text

    assert "微信 · Android" in page and "127.0.0.1" in page
    keys = re.findall(r'name="session" value="(\w+)"', page)
    mine = house.rows.all("SELECT hash FROM sessions WHERE browser = ?", PHONE)
    assert len(keys) == 3 and mine[0]["hash"] in keys

    assert here.post("/account/sessions/end", session=mine[0]["hash"]).status_code == 303
    assert there.get(BASE).status_code == 302
    assert third.get(BASE).status_code == here.get(BASE).status_code == 200
    assert here.post("/account/sessions/end-others").status_code == 303
    assert third.get(BASE).status_code == 302
    assert here.get(BASE).status_code == 200


def test_nobody_ends_the_session_of_somebody_else(house: House) -> None:
    editor, desk = house.clerk("editor"), house.clerk("desk")
    key = sessions.key_of(session_of(house, "editor"))
    before = len(logged(house))

    assert desk.post("/account/sessions/end", session=key).status_code == 404
    assert desk.post("/account/sessions/end-others").status_code == 303
    assert len(logged(house)) == before
    assert editor.get(BASE).status_code == 200


def test_another_password_gives_the_session_another_secret(house: House) -> None:
    """What somebody has copied of the cookie before is good for nothing."""
    editor = house.clerk("editor")
    copied = editor.client.get_cookie("navkit")
    assert copied
    editor.post("/account/password", old=PASSWORD, password=OTHER)
    thief = house.app.test_client()
    thief.set_cookie("navkit", copied.value)

    assert editor.get(BASE).status_code == 200
    assert thief.get(BASE).status_code == 302


def test_an_administrator_changes_their_own_password_like_everybody(house: House) -> None:
    """Or who finds the console open could."""
    admin = house.clerk("admin")
    number = number_of(house, "admin")

    assert admin.post(f"/people/{number}", password=OTHER).status_code == 400
    assert admin.post(f"/people/{number}/factor").status_code == 400
    assert house.clerk("admin").get("/people").status_code == 200


def test_role_and_password_in_one_save_both_count(house: House) -> None:
    number = number_of(house, "viewer")
    admin = house.clerk("admin")
    admin.post(f"/people/{number}", role="editor", password=OTHER, barred="no")

    page = admin.get("/people").text
    assert "已保存 viewer：角色：查看者 → 编辑; 有了新密码" in page
    assert person_now(house, number)["role"] == "editor"
    assert house.clerk("viewer", OTHER).post(f"{BASE}/builds").status_code == 400
    [changed] = [r for r in audit.last(house.rows, 9) if r["action"] == "change-person"]
    assert telling.told("en", changed) == ["viewer", "role: Viewer → Editor"]


def test_where_one_of_both_is_refused_neither_counts(house: House) -> None:
    number = number_of(house, "viewer")
    answer = house.clerk("admin").post(f"/people/{number}", role="editor", password="1234567890")

    assert answer.status_code == 400
    assert person_now(house, number)["role"] == "viewer"


def person_now(house: House, number: int) -> Any:
    return next(one for one in people.everyone(house.rows) if one["id"] == number)


# ------------------------------------------------------------------- the second factor


@pytest.mark.parametrize(
    ("at_s", "code"),
    [
        (59, "94287082"),
        (1111111109, "07081804"),
        (1111111111, "14050471"),
        (1234567890, "89005924"),
        (2000000000, "69279037"),
        (20000000000, "65353130"),
    ],
)
def test_codes_are_those_of_rfc_6238(at_s: int, code: str) -> None:
    """Its appendix B has eight digits of SHA-1; six are their end."""
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"

    assert factors._step(secret, at_s * 1000, code[-6:]) == at_s // factors.STEP_S
    assert factors._step(secret, (at_s + 30) * 1000, code[-6:]) == at_s // factors.STEP_S
    assert factors._step(secret, (at_s + 90) * 1000, code[-6:]) == 0


def enrol(house: House, clerk: Clerk, password: str = PASSWORD) -> tuple[str, list[str]]:
    """Set up a second factor as the pages lead there: the telephone's secret, and the paper."""
    clerk.post("/account/factor/begin")
    page = clerk.get("/account/factor").text
    found = re.search(r'class="code">([A-Z2-7]{32})<', page)
    assert found, page
    paper = clerk.post("/account/factor", code=pyotp.TOTP(found[1]).now(), old=password)
    codes = re.findall(r'<li class="code">([\w-]+)</li>', paper.text)
    assert len(codes) == factors.RECOVERY_CODES, paper.text
    return found[1], codes


def next_code(secret: str, steps: int = 1) -> str:
    return pyotp.TOTP(secret).at(context.now_ms() // 1000 + steps * factors.STEP_S)


def test_with_a_second_factor_the_password_alone_opens_nothing(house: House) -> None:
    editor = house.clerk("editor")
    secret, _ = enrol(house, editor)
    assert editor.get(BASE).status_code == 200, "here it was shown"
    thief = house.clerk("editor")

    for path in ("/", BASE, "/account", "/account/password", "/account/factor"):
        assert thief.get(path).location == "/sign-in/code", path
    assert thief.post(f"{BASE}/builds").status_code == 403
    assert thief.post("/account/factor/remove", old=PASSWORD, code="000000").status_code == 403
    assert thief.post("/sign-in/code", code="12345").status_code == 401
    assert thief.post("/sign-in/code", code=next_code(secret)).status_code == 303
    assert thief.get(BASE).status_code == 200


def test_a_code_is_good_once(house: House) -> None:
    secret, _ = enrol(house, house.clerk("editor"))
    code = next_code(secret)
    first, second = house.clerk("editor"), house.clerk("editor")

    assert first.post("/sign-in/code", code=code).status_code == 303
    assert second.post("/sign-in/code", code=code).status_code == 401
    assert second.get(BASE).status_code == 302


def test_codes_are_guessed_five_times_and_no_more(house: House) -> None:
    secret, _ = enrol(house, house.clerk("editor"))
    thief = house.clerk("editor")
    tried = [thief.post("/sign-in/code", code="0000000").status_code for _ in range(5)]

    assert tried == [401] * 5
    assert thief.post("/sign-in/code", code=next_code(secret)).status_code == 429


def test_codes_are_guessed_ten_times_from_wherever(house: House) -> None:
    """There are a million, of which three are right: fifty guesses a quarter of an hour, as of
    passwords, would find one within months."""
    enrol(house, house.clerk("editor"))
    editor, seal = person_of(house, "editor"), factors.seal_of(house.settings.folder)
    told = []
    for number in range(12):
        with pytest.raises(NavkitError) as refused:
            audit.ASKED_FROM.set(f"10.0.0.{number}")
            factors.use(deed(house.rows, NOW, editor), seal, "000000x")
        told.append(code_of(refused))
    audit.ASKED_FROM.set("")

    assert told == ["code-wrong"] * 10 + ["too-many-tries"] * 2


def test_codes_on_paper_are_good_once_each_and_kept_as_hashes(house: House) -> None:
    _, codes = enrol(house, house.clerk("editor"))
    kept = str(house.rows.all("SELECT * FROM recovery_codes"))
    assert not any(code in kept or code.replace("-", "") in kept for code in codes)
    first, second = house.clerk("editor"), house.clerk("editor")

    assert first.post("/sign-in/code", code=codes[0].lower().replace("-", " ")).status_code == 303
    assert second.post("/sign-in/code", code=codes[0]).status_code == 401
    assert second.post("/sign-in/code", code=codes[1]).status_code == 303
    again = second.post("/account/factor/recovery", old=PASSWORD)
    new = re.findall(r'<li class="code">([\w-]+)</li>', again.text)
    third = house.clerk("editor")
    assert third.post("/sign-in/code", code=codes[2]).status_code == 401
    assert third.post("/sign-in/code", code=new[0]).status_code == 303


def test_the_secret_of_a_telephone_is_sealed(house: House) -> None:
    secret, codes = enrol(house, house.clerk("editor"))
    key = house.settings.folder / "keys" / "factors"

    assert secret not in str(house.rows.all("SELECT * FROM factors"))
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    key.unlink()
    clerk = house.clerk("editor")
    lost = clerk.post("/sign-in/code", code=next_code(secret))
    assert lost.status_code == 400 and "keys/factors" in said_on(lost)
    assert clerk.post("/sign-in/code", code=codes[0]).status_code == 303


def test_who_has_no_factor_that_is_demanded_gets_one_before_anything_else(house: House) -> None:
    desk, admin = house.clerk("desk"), house.clerk("admin")
    token = token_on(desk.post("/account/tokens", label="ward", old=PASSWORD))
    assert admin.post("/people/factors", demanded=["duty-desk"]).status_code == 303

    for path in ("/", BASE, f"{BASE}/desk", "/account", "/sign-in/code"):
        assert desk.get(path).location == "/account/factor", path
    assert desk.post(f"{BASE}/desk/L", because="full").status_code == 403
    assert bearer(house, token) == 403
    assert saying.say("zh-Hans", "factor-is-demanded") in desk.get("/account/factor").text
    enrol(house, desk)
    assert desk.get(BASE).status_code == 200
    assert bearer(house, token) == 400
    assert house.clerk("viewer").get(BASE).status_code == 200, "another role"


def test_only_who_administers_all_hospitals_demands(house: House) -> None:
    people.add(deed(house.rows, NOW), "chief", PASSWORD, "administrator", hospital=HOSPITAL)

    assert house.clerk("chief").post("/people/factors", demanded=["viewer"]).status_code == 403
    assert house.clerk("admin").post("/people/factors", demanded=["nobody"]).status_code == 400
    assert factors.demanded(house.rows) == set()


def test_an_administrator_takes_a_factor_away_that_is_lost(house: House) -> None:
    editor, admin = house.clerk("editor"), house.clerk("admin")
    enrol(house, editor)
    number = number_of(house, "editor")

    assert editor.post(f"/people/{number}/factor").status_code == 403
    assert admin.post(f"/people/{number}/factor").status_code == 303
    assert editor.get(BASE).status_code == 302, "signs in anew"
    assert house.clerk("editor").get(BASE).status_code == 200
    assert logged(house).count("reset-factor") == 1
    assert admin.post(f"/people/{number}/factor").status_code == 400, "there is none any more"


def test_a_factor_is_set_up_and_given_up_only_with_the_password(house: House) -> None:
    editor = house.clerk("editor")
    editor.post("/account/factor/begin")
    secret = re.search(r'class="code">([A-Z2-7]{32})<', editor.get("/account/factor").text)
    assert secret
    code = pyotp.TOTP(secret[1]).now()
    assert editor.post("/account/factor", code=code, old="wrong").status_code == 401
    assert editor.post("/account/factor", code="000", old=PASSWORD).status_code == 401
    assert not factors.is_there(house.rows, number_of(house, "editor"))
    assert editor.post("/account/factor", code=code, old=PASSWORD).status_code == 200

    assert editor.post("/account/factor/begin").status_code == 409
    give_up = {"old": PASSWORD, "code": next_code(secret[1])}
    assert editor.post("/account/factor/remove", **{**give_up, "old": "wrong"}).status_code == 401
    assert editor.post("/account/factor/remove", **{**give_up, "code": "0"}).status_code == 401
    assert editor.post("/account/factor/remove", **give_up).status_code == 303
    assert not factors.is_there(house.rows, number_of(house, "editor"))


# ------------------------------------------------------------------- two accounts, two people


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> House:
    """A clinic with a build, and people whom an administrator has made at the console."""
    made = new_house(tmp_path_factory.mktemp("two") / "data").hire()
    admin = made.clerk("admin")
    for name in ("li", "zhao"):
        assert admin.post("/people", name=name, password=PASSWORD, role="editor").status_code == 303
    people.add(deed(made.rows, context.now_ms()), "third", PASSWORD, "administrator")
    made.build()
    return made


def agreed(house: House, proposer: str, approver: str, password: str = PASSWORD) -> TestResponse:
    """One proposes, and the other says yes."""
    assert house.clerk(proposer).post(f"{BASE}/builds/1/propose", seen=TICKS).status_code == 303
    [row] = house.rows.all("SELECT id FROM publications WHERE state = 'proposed'")
    with pytest.MonkeyPatch.context() as patch:
        # Whether they may is asked; what is written then is asked elsewhere.
        patch.setattr("server.press.publishing.write", lambda *_: None)
        answer = house.clerk(approver, password).post(
            f"{BASE}/publications/{row['id']}", seen=TICKS, decision="yes"
        )
    house.rows.run("UPDATE publications SET state = 'declined', version = 0")
    return answer


@pytest.mark.process
def test_whoever_proposes_approves_through_no_account_that_they_made(built: House) -> None:
    for proposer, approver in (("admin", "li"), ("li", "admin")):
        refused = agreed(built, proposer, approver)
        assert refused.status_code == 403
        assert "li" in said_on(refused) and "admin" in said_on(refused)
    assert agreed(built, "li", "li").status_code == 403


@pytest.mark.process
def test_who_can_confirm_is_named_before_anything_is_proposed(built: House) -> None:
    """The names on the page are those of `holders.why_not`, and the administrator reads that it is
    none of those whose password is theirs."""
    for proposer, missing in (("admin", {"li", "zhao"}), ("li", {"admin", "li"})):
        said = [*holders.seconds(built.rows, HOSPITAL, proposer)]
        assert not missing & {*said} and proposer not in said and "third" in said
        page = built.clerk(proposer).get(f"{BASE}/builds/1").text
        assert saying.say("zh-Hans", "seconds-are", names=", ".join(said)) in page
    assert saying.say("zh-Hans", "password-by-you") in built.clerk("admin").get("/people").text


@pytest.mark.process
def test_a_sole_administrator_who_made_everybody_lets_them_publish(built: House) -> None:
    assert agreed(built, "li", "zhao").status_code == 303


@pytest.mark.process
def test_changing_ones_password_does_not_make_the_account_ones_own(built: House) -> None:
    """The maker could have signed in to change it."""
    built.clerk("zhao").post("/account/password", old=PASSWORD, password=OTHER)
    assert agreed(built, "admin", "zhao", OTHER).status_code == 403

    built.clerk("third").post(f"/people/{number_of(built, 'zhao')}", password=PASSWORD)
    assert agreed(built, "admin", "zhao").status_code == 303, "its maker knows it no longer"
    assert agreed(built, "third", "zhao").status_code == 403
    assert agreed(built, "li", "zhao").status_code == 303


@pytest.mark.process
def test_neither_through_an_account_that_an_account_of_theirs_has_made(tmp_path: Path) -> None:
    house = new_house(tmp_path / "data").hire()
    for maker, name in (("admin", "second-me"), ("second-me", "third-me")):
        form = {"name": name, "password": PASSWORD, "role": "administrator"}
        assert house.clerk(maker).post("/people", **form).status_code == 303
    house.build()
    assert agreed(house, "admin", "third-me").status_code == 403
    assert agreed(house, "editor", "third-me").status_code == 303

    # What third-me gives a password could be admin's hand too, at that moment and afterwards.
    house.clerk("third-me").post(f"/people/{number_of(house, 'second')}", password=OTHER)
    assert agreed(house, "admin", "second", OTHER).status_code == 403
    assert agreed(house, "editor", "second", OTHER).status_code == 303


@pytest.mark.process
def test_taking_a_factor_away_ties_two_accounts_as_well(tmp_path: Path) -> None:
    house = new_house(tmp_path / "data").hire()
    house.build()
    enrol(house, house.clerk("second"))
    assert (
        house.clerk("admin").post(f"/people/{number_of(house, 'second')}/factor").status_code == 303
    )

    assert agreed(house, "admin", "second").status_code == 403
    people.add(deed(house.rows, NOW), "other", PASSWORD, "administrator")
    house.clerk("other").post(f"/people/{number_of(house, 'second')}", password=OTHER)
    assert agreed(house, "admin", "second", OTHER).status_code == 403, "the factor is still theirs"


# ------------------------------------------------------------------- the log


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> House:
    """A clinic in which a little has happened."""
    made = new_house(tmp_path_factory.mktemp("log") / "data").hire()
    made.publish(made.build())
    editor = made.clerk("editor")
    row = ["心内科", "Cardiology", "101", "Mo-Fr 08:00-17:00", "看心脏"]
    edited = [*row[:4], "=1+1"]
    assert editor.post(f"{BASE}/directory/0", seen=row, cell=edited).status_code == 303
    change = {"do": "rename", "thing": "1F-03", "job": "1", "name-zh-Hans": "放射科"}
    assert editor.post(f"{BASE}/corrections", **change).status_code == 303
    made.clerk("desk").post(f"{BASE}/desk/L", because="full")
    admin = made.clerk("admin")
    admin.post("/people", name="guest", password=PASSWORD, role="auditor", hospital="elsewhere")
    admin.post(f"/people/{number_of(made, 'viewer')}", role="duty-desk", barred="yes")
    admin.post("/people/factors", demanded=["auditor"])
    admin.post("/people/factors")
    return made


@pytest.mark.process
def test_an_entry_says_where_it_came_from_and_what_changed(lived: House) -> None:
    page = html.unescape(lived.clerk("auditor").get("/log").text)

    assert "127.0.0.1" in page
    for words in (
        "科室名录（Excel 或 CSV）：directory.csv，第 2 版",
        "原因：人多，暂停进入",
        "心内科，别名：看心脏 → =1+1",
        "新增：改名 编号 1F-03、名称 简体 放射科",
        "角色：查看者 → 值班台",
        "不能登录：否 → 是",
        "角色：（无） → 审计员",
    ):
        assert words in page, words
    shown = re.findall(r'<td class="told">(.*?)</td>', page, re.DOTALL)
    assert not any(re.search("[0-9a-f]{64}", words) for words in shown)


@pytest.mark.process
@pytest.mark.parametrize("language", languages())
def test_every_deed_and_field_of_the_log_has_words(lived: House, language: str) -> None:
    for row in audit.every(lived.rows):
        assert f"deed-{row['action']}" in saying.book(language)
        for field in json.loads(row["said"]):
            known = f"field-{field}" in saying.book(language)
            used = "{" + field + "}" in saying.book(language).get(f"log-{row['action']}", "")
            assert known or used or field in ("changed", "sha256"), (row["action"], field)


def sealed(row: dict[str, Any]) -> str:
    """The hash as docs/server.md has it, written by hand."""
    fields = ["number", "at_ms", "person", "hospital", "action", "said", "before"]
    fields += ["address"] if row["address"] else []
    text = json.dumps([row[name] for name in fields], ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.process
def test_the_export_is_checked_without_the_server(lived: House) -> None:
    answer = lived.clerk("auditor").get("/log/export.jsonl")
    lines = [json.loads(line) for line in answer.text.splitlines()]

    assert [line["number"] for line in lines] == list(range(1, len(lines) + 1))
    assert lines[-1]["action"] == "export-log"
    before = ""
    for line in lines:
        assert line["before"] == before and line["hash"] == sealed(line)
        before = line["hash"]
    assert "attachment" in answer.headers["Content-Disposition"]


@pytest.mark.process
def test_the_table_opens_in_a_spreadsheet_and_computes_nothing(lived: House) -> None:
    with lived.rows.write():
        audit.note(deed(lived.rows, NOW, '=HYPERLINK("http://evil")', "＋cmd"), "put", name="x")
    answer = lived.clerk("auditor").get("/log/export.csv")
    table = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))
    cells = [cell for row in table for cell in row]

    assert answer.data.startswith(b"\xef\xbb\xbf")
    assert len({len(row) for row in table}) == 1
    assert not [cell for cell in cells if cell[:1] in tuple("=+-@\t\r＝＋－＠") and cell]
    assert '\'=HYPERLINK("http://evil")' in cells
    assert [row["number"] for row in audit.every(lived.rows)] == [int(r[0]) for r in table[1:]]


@pytest.mark.process
def test_looking_at_people_is_in_the_log(lived: House) -> None:
    before = logged(lived).count("look-people")
    people.add(deed(lived.rows, NOW), "curious", PASSWORD, "administrator")
    curious = lived.clerk("curious")
    for _ in range(3):
        curious.get("/people")
    curious.get("/log")
    curious.get("/log/export.csv")

    assert logged(lived).count("look-people") == before + 1, "once for one looking"
    mine = {row["action"] for row in audit.last(lived.rows, 99) if row["person"] == "curious"}
    assert {"sign-in", "look-people", "look-log", "export-log"} <= mine


def test_a_cell_is_computed_by_no_spreadsheet_however_it_begins() -> None:
    row = dict.fromkeys(("person", "address", "hospital", "action", "said", "before"), "")
    for text in ("=1", "+1", "-1", "@x", "\t=1", "\r=1", "＝1", "'=1", "1=1", "", "王"):
        entry = {**row, "number": 1, "at_ms": 0, "hash": text}
        [_, line] = audit.as_csv([entry], lambda _: "", lambda entry: str(entry["hash"]))
        [cells] = csv.reader(io.StringIO(line, newline=""))

        is_formula = text.startswith(("=", "+", "-", "@", "\t", "\r", "＝"))
        assert cells[7] == cells[-1] == (f"'{text}" if is_formula else text)


@pytest.mark.process
def test_an_auditor_sees_the_log_and_nothing_else(lived: House) -> None:
    auditor = lived.clerk("auditor")
    assert auditor.get("/").location == "/log"
    for path in (BASE, "/people", f"{BASE}/history", f"{BASE}/desk"):
        assert auditor.get(path).status_code in (403, 404), path
    assert roles()["auditor"] == {"own", "audit"}


@pytest.mark.process
def test_an_auditor_of_one_hospital_reads_its_log_only(lived: House) -> None:
    guest = lived.clerk("guest")
    page = guest.get("/log").text
    export = guest.get("/log/export.jsonl").text.splitlines()

    assert "directory.csv" not in page
    assert {json.loads(line)["hospital"] for line in export} == {"elsewhere"}


@pytest.mark.process
def test_a_log_of_years_is_read_in_parts(lived: House, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = [row["number"] for row in audit.every(lived.rows)]
    monkeypatch.setattr(audit, "BATCH", 7)

    assert [row["number"] for row in audit.every(lived.rows)] == whole
    assert audit.check(lived.rows) == 0


@pytest.mark.process
def test_older_entries_are_a_click_away(lived: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.pages.audit_log.MOST_ENTRIES", 5)
    auditor, seen = lived.clerk("auditor"), []
    path = "/log"
    while path:
        page = auditor.get(path).text
        seen += re.findall(r"<tr><td>(\d+)</td>", page)
        link = re.search(r'href="(/log\?before=\d+)"', page)
        path = link[1] if link else ""

    assert [int(number) for number in seen] == list(range(int(seen[0]), 0, -1))


@pytest.mark.process
def test_an_address_that_is_changed_breaks_the_chain(lived: House) -> None:
    number = next(row["number"] for row in audit.every(lived.rows) if row["address"])
    for other in ("10.9.9.9", ""):
        with pytest.raises(ZeroDivisionError), lived.rows.write():
            lived.rows.run("UPDATE audit SET address = ? WHERE number = ?", other, number)
            assert audit.check(lived.rows) == number
            raise ZeroDivisionError
    assert audit.check(lived.rows) == 0


# ------------------------------------------------------------------- the first start


def test_the_first_start_keeps_the_rules_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the environment, and at the prompt, which asks again."""
    house = new_house(tmp_path / "data")
    monkeypatch.setenv(serving.PASSWORD, "1234567890")
    with pytest.raises(NavkitError) as refused:
        serving.first_start(house.settings, lambda: "")
    assert code_of(refused) == "password-number" and serving.PASSWORD in str(refused.value)
    monkeypatch.delenv(serving.PASSWORD)

    typed = iter(["1234567890", "admin-admin-1", PASSWORD])
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("click.prompt", lambda *_, **__: next(typed))
    assert serving.first_start(house.settings, asking._ask_password)
    assert house.clerk("admin").get("/").status_code == 200


@pytest.mark.process
def test_who_may_not_agree_is_told_on_the_page_already(built: House) -> None:
    assert built.clerk("admin").post(f"{BASE}/builds/1/propose", seen=TICKS).status_code == 303
    pages = {name: built.clerk(name).get(f"{BASE}/builds/1").text for name in ("li", "editor")}

    assert 'value="yes"' not in pages["li"] and "第三位管理员" in pages["li"]
    assert 'value="yes"' in pages["editor"]
