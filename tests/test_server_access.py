"""Who may do what: every page by every role, sign-in, forms, headers, and what is logged."""

import json
import logging
import re
from collections.abc import Mapping
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from clinic import HOSPITAL, PASSWORD, PEOPLE, Clerk, House, deed, new_house
from flask import Flask, url_for
from flask.testing import FlaskClient

from server.builds import drafts
from server.pages import context
from server.pages.app import create_app
from server.staff import factors, people, sessions, tokens
from server.staff.roles import ANYONE, owing, roles, routes

NOW = 1_770_000_000_000
VALUES: Mapping[str, Any] = {
    "hospital": HOSPITAL,
    "job": 1,
    "level": "1F",
    "kind": "drawing",
    "name": "plan.geojson",
    "path": "index.html",
    "target": "L",
    "place": "1F-03",
    "sha256": "0" * 64,
    "walk": 999,
    "closure": 999,
    "publication": 999,
    "number": 999,
    "token": 999,
    "version": 1,
    "report": "0" * 32,
    "build": 1,
    "code": "door-guessed",
    "filename": "console.css",
    "form": "csv",
}
"""For every blank in an address."""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    made = new_house(tmp_path_factory.mktemp("access") / "data").hire()
    made.publish(made.build())
    return made


@pytest.fixture(scope="module")
def clerks(house: House) -> dict[str, Clerk]:
    return {PEOPLE[name]: house.clerk(name) for name in PEOPLE}


def pages(house: House, values: Mapping[str, Any] = VALUES) -> list[tuple[str, str, str]]:
    """Endpoint, method and address of everything that can be asked for."""
    with house.app.test_request_context():
        return [
            (
                rule.endpoint,
                method,
                url_for(
                    rule.endpoint, _method=method, **{name: values[name] for name in rule.arguments}
                ),
            )
            for rule in house.app.url_map.iter_rules()
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
        ]


@pytest.mark.process
def test_every_page_says_who_may_open_it(house: House) -> None:
    known = {rule.endpoint for rule in house.app.url_map.iter_rules()}
    deeds = set().union(*roles().values()) | {ANYONE}

    assert known == set(routes())
    assert set(routes().values()) <= deeds


@pytest.mark.process
def test_every_role_opens_what_it_may_and_nothing_else(
    house: House, clerks: dict[str, Clerk]
) -> None:
    """The whole matrix: 403 exactly where the table says no. Programs are asked by their token."""
    shown = {}
    for name, role in PEOPLE.items():
        who = people.signed_in(
            house.rows,
            context.now_ms(),
            people.sign_in(house.rows, context.now_ms(), name, PASSWORD, "::2"),
        )
        assert who
        shown[role] = tokens.add(deed(house.rows, context.now_ms(), who), "matrix")
    wrong = []
    asked = 0
    for endpoint, method, address in pages(house):
        # These would end the session that the others are asked with.
        if endpoint in ("console.sign_out", "console.change_password", "console.signing_in"):
            continue
        for role, clerk in clerks.items():
            allowed = routes()[endpoint] == ANYONE or routes()[endpoint] in roles()[role]
            # To who may not look at it a hospital is not there.
            sees = "look" in roles()[role] or f"/{HOSPITAL}" not in address
            headers = {}
            if not endpoint.startswith("console."):
                headers["Authorization"] = f"Bearer {shown[role]}"
            form = {"csrf_token": clerk.token()} if method == "POST" else None
            answer = clerk.client.open(
                address, method=method, data=form, headers=headers, buffered=True
            )
            asked += 1
            refusal = 403 if sees else 404
            if (answer.status_code != refusal) != allowed or answer.status_code >= 500:
                wrong.append((endpoint, method, role, answer.status_code))

    # Their passwords were wrong on purpose.
    house.rows.run("DELETE FROM tries")

    assert wrong == []
    assert asked > 300


HOSPITALS = {"all": "", "own": HOSPITAL, "other": "elsewhere"}
FACTORS = ("none", "not shown", "shown", "demanded")
"""Of somebody: has none, has one and has not shown a code, has shown it, has none where the role
needs one."""


def answer_expected(
    endpoint: str, method: str, named: bool, role: str, hospital: str, factor: str
) -> int:
    """What the tables say, computed again in another way than the server does."""
    needed, may, page = routes()[endpoint], roles()[role], endpoint.startswith("console.")
    if needed == ANYONE:
        return 200
    duty = {"not shown": "code" if page else "", "demanded": "factor"}.get(factor, "")
    if duty and endpoint not in owing()[duty]:
        return 302 if page and method == "GET" else 403
    if named and ("look" not in may or hospital == "other"):
        return 404
    return 200 if needed in may else 403


@pytest.mark.slow
def test_role_by_page_by_hospital_by_factor(tmp_path: Path) -> None:
    """The whole matrix, with pages that do nothing: only permissions are checked."""
    house = new_house(tmp_path / "data").hire()
    app = create_app(house.settings)
    app.config["WTF_CSRF_ENABLED"] = False
    app.view_functions = {endpoint: lambda **_: "" for endpoint in app.view_functions}
    with app.test_request_context():
        asked = [
            (
                rule.endpoint,
                method,
                "hospital" in rule.arguments,
                url_for(rule.endpoint, **{name: VALUES[name] for name in rule.arguments}),
            )
            for rule in app.url_map.iter_rules()
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
        ]
    now_ms, wrong, count = context.now_ms(), [], 0
    for factor, role, hospital in product(FACTORS, roles(), HOSPITALS):
        factors.demand(deed(house.rows, now_ms), roles() if factor == "demanded" else ())
        client, headers = somebody(house, app, role, HOSPITALS[hospital], factor)
        for endpoint, method, named, address in asked:
            if not named and hospital == "other":
                continue
            mine = {} if endpoint.startswith("console.") else headers
            got = client.open(address, method=method, headers=mine).status_code
            count += 1
            if got != answer_expected(endpoint, method, named, role, hospital, factor):
                wrong.append((endpoint, method, role, hospital, factor, got))

    assert wrong == []
    assert count > 3000


def somebody(
    house: House, app: Flask, role: str, hospital: str, factor: str
) -> tuple[FlaskClient, dict[str, str]]:
    """A browser in which such a person is signed in, and their program's token."""
    now_ms, name = context.now_ms(), f"{role} of {hospital or 'all'} with {factor}"
    number = people.add(deed(house.rows, now_ms), name, PASSWORD, role, hospital=hospital)
    secret = sessions.begin(house.rows, now_ms, number)
    who = people.signed_in(house.rows, now_ms, secret)
    assert who
    if factor in ("not shown", "shown"):
        factors.begin(deed(house.rows, now_ms, who), factors.seal_of(house.settings.folder))
        house.rows.run("UPDATE factors SET confirmed_ms = 1 WHERE person = ?", number)
    if factor == "shown":
        factors.mark(house.rows, now_ms, secret)
    client = app.test_client()
    with client.session_transaction() as kept:
        kept["secret"] = secret
    token = tokens.add(deed(house.rows, now_ms, who), "matrix")
    return client, {"Authorization": f"Bearer {token}"}


@pytest.mark.process
@pytest.mark.parametrize("huge", ["9" * 30, "-1", "nan", "1e999"])
def test_no_number_is_too_large_for_the_server(tmp_path: Path, huge: str) -> None:
    """In an address, where it is whole, and in every field of a form that is a number."""
    house = new_house(tmp_path / "data").hire()
    house.build()
    clerk = house.clerk("admin")
    fields = ("version", "job", "x", "y", "width_m", "px", "py")
    typed = dict.fromkeys(fields, huge) | {"seen": '{"drawing/plan.geojson": ' + huge + "}"}
    changes: list[dict[str, str]] = [
        {"do": "add-door", "thing": "1F-03", "other": "1F-04"},
        {"do": "set-door", "thing": "1F-06-D"},
    ]
    addresses = [*pages(house)]
    if huge.isdecimal():
        whole = {n: int(huge) if isinstance(v, int) else v for n, v in VALUES.items()}
        addresses += pages(house, whole)
    failed = []
    for endpoint, method, address in addresses:
        if endpoint in ("console.sign_out", "console.change_password", "console.signing_in"):
            continue
        forms = [{}, *({**change, "job": "1"} for change in changes)] if method == "POST" else [{}]
        for form in forms:
            data = {**typed, **form, "csrf_token": clerk.token()} if method == "POST" else None
            query = typed if method == "GET" else None
            answer = clerk.client.open(
                address, method=method, data=data, query_string=query, buffered=True
            )
            if answer.status_code >= 500:
                failed.append((method, address, form, answer.status_code))

    assert failed == []
    assert "NaN" not in changes_file(house) and "Infinity" not in changes_file(house)


ODD = ("x" * 300, "字" * 100, "a%00b", "%ff%fe", "%ed%a0%80", "..%2f..%2fnavkit.db", "a/" * 500)
"""Names that no file has or could have, and those of files that nobody may have."""


@pytest.mark.process
@pytest.mark.parametrize("odd", ODD)
def test_an_odd_name_is_not_there_for_anybody(
    house: House, clerks: dict[str, Clerk], odd: str
) -> None:
    bases = (
        *("/", "/h/", f"/h/{HOSPITAL}/", f"/h/{HOSPITAL}/bundle/", "/metadata/", "/static/"),
        *("/api/v1/hospitals/", "/hospitals/", f"/hospitals/{HOSPITAL}/builds/1/preview/"),
        *(f"/hospitals/{HOSPITAL}/{part}/" for part in ("sources/drawing", "desk", "builds")),
    )
    for client in (house.app.test_client(), clerks["administrator"].client):
        answers = {base: client.get(base + odd, buffered=True).status_code for base in bases}
        assert set(answers.values()) <= {302, 400, 401, 403, 404}, answers


def changes_file(house: House) -> str:
    """The stored corrections."""
    found = drafts.latest(house.rows, HOSPITAL, "corrections", drafts.CORRECTIONS)
    return house.settings.press.files.read(found.sha256).decode() if found.sha256 else ""


@pytest.mark.process
def test_who_has_not_signed_in_sees_nothing_of_the_console(house: House) -> None:
    stranger = house.clerk()
    seen = []
    for endpoint, method, address in pages(house):
        if routes()[endpoint] == ANYONE:
            continue
        form = {"csrf_token": stranger.token()}
        answer = stranger.client.open(address, method=method, data=form, buffered=True)
        signs_in = answer.status_code in (302, 303) and answer.location.endswith("/sign-in")
        if answer.status_code != 401 and not signs_in:
            seen.append((endpoint, answer.status_code))

    assert seen == []


def test_a_page_that_is_not_in_the_table_is_open_to_nobody(tmp_path: Path) -> None:
    house = new_house(tmp_path / "data").hire()
    house.app.add_url_rule("/forgotten", "forgotten", lambda: "secret")

    assert house.clerk("admin").get("/forgotten").status_code == 403


@pytest.mark.process
def test_who_belongs_to_one_hospital_sees_no_other(house: House) -> None:
    people.add(deed(house.rows, NOW), "guest", PASSWORD, "editor", hospital="elsewhere")
    guest = house.clerk("guest")

    people.add(deed(house.rows, NOW), "chief", PASSWORD, "administrator", hospital="elsewhere")
    chief = house.clerk("chief")

    assert chief.post("/hospitals", id="mine", timezone="Asia/Shanghai").status_code == 403
    assert set(re.findall(r"<h2>(\w+) ", chief.get("/people").text)) == {"guest", "chief"}
    assert guest.get(f"/hospitals/{HOSPITAL}").status_code == 404
    assert guest.post(f"/hospitals/{HOSPITAL}/builds").status_code == 404
    assert HOSPITAL not in guest.get("/").get_data(as_text=True)


# ------------------------------------------------------------------- signing in


def test_a_password_is_guessed_five_times_and_no_more(tmp_path: Path) -> None:
    house = new_house(tmp_path / "data").hire()
    thief = house.clerk()
    tried = [
        thief.post("/sign-in", name="admin", password=f"guess {n}").status_code
        for n in range(people.TRIES_OF_ONE)
    ]

    assert tried == [401] * people.TRIES_OF_ONE
    assert thief.post("/sign-in", name="admin", password=PASSWORD).status_code == 429
    assert house.clerk().post("/sign-in", name="editor", password=PASSWORD).status_code == 303


def test_behind_a_proxy_each_visitor_has_tries_of_their_own(tmp_path: Path) -> None:
    house = House(context.Settings(tmp_path / "data", proxies=1)).hire()

    def tried(address: str, password: str) -> int:
        clerk = house.clerk()
        form = {"csrf_token": clerk.token(), "name": "admin", "password": password}
        headers = {"X-Forwarded-For": f"6.6.6.6, {address}"}
        return clerk.client.post("/sign-in", data=form, headers=headers).status_code

    for number in range(people.TRIES_OF_ONE):
        assert tried("10.0.0.1", f"guess {number}") == 401
    assert tried("10.0.0.1", PASSWORD) == 429
    assert tried("10.0.0.2", PASSWORD) == 303


def test_after_a_quarter_of_an_hour_one_may_try_again(tmp_path: Path) -> None:
    house = new_house(tmp_path / "data").hire()

    def tried(at_ms: int, password: str) -> str:
        try:
            people.sign_in(house.rows, at_ms, "admin", password, "::1")
        except people.NavkitError as error:
            return error.finding.code
        return ""

    assert {tried(NOW, f"guess {n}") for n in range(5)} == {"sign-in-wrong"}
    assert tried(NOW + people.TRIES_MS - 1, PASSWORD) == "too-many-tries"
    assert tried(NOW + people.TRIES_MS + 1, PASSWORD) == ""


def test_a_clock_that_is_put_back_by_seconds_forgives_no_guess(tmp_path: Path) -> None:
    house = new_house(tmp_path / "data").hire()
    said = []
    for at_ms in (NOW, NOW + 1, NOW - 1, NOW + 2, NOW - 3000, NOW - 3001):
        with pytest.raises(people.NavkitError) as error:
            people.sign_in(house.rows, at_ms, "admin", "a guess", "::1")
        said.append(error.value.finding.code)

    assert said == ["sign-in-wrong"] * people.TRIES_OF_ONE + ["too-many-tries"]


@pytest.mark.process
def test_a_name_that_nobody_has_is_refused_like_a_wrong_password(house: House) -> None:
    stranger = house.clerk()
    known = stranger.post("/sign-in", name="viewer", password="wrong wrong 1")
    unknown = stranger.post("/sign-in", name="nobody", password="wrong wrong 1")

    assert known.status_code == unknown.status_code == 401
    told = [re.search('class="trouble".*?</p>', a.get_data(as_text=True)) for a in (known, unknown)]
    assert told[0] and told[1] and told[0][0] == told[1][0]


@pytest.mark.process
def test_signing_out_ends_the_session_on_the_server(house: House) -> None:
    clerk = house.clerk("viewer")
    cookie = clerk.client.get_cookie("navkit")
    assert cookie
    clerk.post("/sign-out")
    thief = house.app.test_client()
    thief.set_cookie("navkit", cookie.value)

    assert thief.get(f"/hospitals/{HOSPITAL}").status_code == 302


def test_whoever_is_barred_is_out_at_once(tmp_path: Path) -> None:
    house = new_house(tmp_path / "data").hire()
    editor, admin = house.clerk("editor"), house.clerk("admin")
    number = next(p["id"] for p in people.everyone(house.rows) if p["name"] == "editor")

    admin.post(f"/people/{number}", barred="yes")

    assert editor.get(f"/hospitals/{HOSPITAL}").status_code == 302
    assert house.clerk().post("/sign-in", name="editor", password=PASSWORD).status_code == 401


@pytest.mark.process
def test_the_last_administrator_stays(house: House) -> None:
    admin = house.clerk("admin")
    number = next(p["id"] for p in people.everyone(house.rows) if p["name"] == "admin")

    assert admin.post(f"/people/{number}", role="viewer").status_code == 400
    assert admin.get("/people").status_code == 200


def test_another_password_signs_everybody_else_out(tmp_path: Path) -> None:
    house = new_house(tmp_path / "data").hire()
    here, there = house.clerk("editor"), house.clerk("editor")

    done = here.post("/account/password", old=PASSWORD, password="battery staple 8")

    assert done.status_code == 303
    assert there.get(f"/hospitals/{HOSPITAL}").status_code == 302
    assert house.clerk("editor", "battery staple 8")


# ------------------------------------------------------------------- forms, headers, logs


@pytest.mark.process
def test_a_form_from_elsewhere_does_nothing(house: House) -> None:
    clerk = house.clerk("desk")
    before = house.rows.all("SELECT * FROM closures")
    posts = [
        (endpoint, address)
        for endpoint, method, address in pages(house)
        if method == "POST" and endpoint.startswith("console.")
    ]

    answers = {e: clerk.client.post(address, data={}).status_code for e, address in posts}

    assert {e: code for e, code in answers.items() if code != 400} == {}
    assert len(posts) > 15
    assert house.rows.all("SELECT * FROM closures") == before


@pytest.mark.process
def test_a_cookie_opens_nothing_of_the_api(house: House) -> None:
    clerk = house.clerk("admin")
    answer = clerk.client.post(
        f"/api/v1/hospitals/{HOSPITAL}/closures", json={"target": "L"}, buffered=True
    )

    assert answer.status_code == 401


@pytest.mark.process
def test_every_answer_is_guarded(house: House, clerks: dict[str, Clerk]) -> None:
    for path in ("/", "/account", f"/hospitals/{HOSPITAL}", f"/h/{HOSPITAL}/", "/nowhere"):
        answer = clerks["administrator"].get(path)
        policy = answer.headers["Content-Security-Policy"]

        assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy, path
        assert "unsafe" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        is_public = path.startswith(("/h/", "/nowhere"))
        policy = "no-referrer" if is_public else "same-origin"
        assert answer.headers["Referrer-Policy"] == policy


@pytest.mark.process
def test_no_two_pages_share_a_nonce(clerks: dict[str, Clerk]) -> None:
    policies = {
        clerks["viewer"].get("/account").headers["Content-Security-Policy"] for _ in range(3)
    }

    assert len(policies) == 3


@pytest.mark.process
def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(house: House) -> None:
    clerk = house.clerk()
    answer = clerk.post("/sign-in", name="viewer", password=PASSWORD)
    cookie = answer.headers["Set-Cookie"]

    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie


def test_a_name_that_is_not_ours_is_not_answered(tmp_path: Path) -> None:
    settings = context.Settings(tmp_path / "data", hosts=("maps.hospital.example",))
    house = House(settings)

    assert house.clerk().get("/sign-in", headers={"Host": "evil.example"}).status_code == 400
    good = house.clerk().get("/sign-in", headers={"Host": "maps.hospital.example"})
    assert good.status_code == 200


@pytest.mark.process
def test_the_way_back_after_choosing_a_language_stays_on_this_server(house: House) -> None:
    clerk = house.clerk("viewer")
    for back in ("https://evil.example/", "//evil.example", "/\\evil.example", ""):
        assert clerk.post("/language", language="en", back=back).location == "/"
    assert clerk.post("/language", language="en", back="/account").location == "/account"


@pytest.mark.process
def test_logs_tell_no_place_no_address_and_no_person_by_name(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    clerk = house.clerk("desk")
    with caplog.at_level(logging.INFO, "navkit.server"):
        clerk.get(f"/hospitals/{HOSPITAL}/desk?q=oncology")
        clerk.get(f"/h/{HOSPITAL}/index.html?to=oncology")
        clerk.get(f"/hospitals/{HOSPITAL}/builds/1/levels/1F?thing=1F-03")
    lines = [json.loads(record.getMessage()) for record in caplog.records]

    assert {line["endpoint"] for line in lines} == {
        "console.desk",
        "public.file",
        "console.level",
    }
    assert {key for line in lines for key in line} == {
        "endpoint",
        "method",
        "status",
        "ms",
        "person",
    }


@pytest.mark.process
def test_metrics_are_counts_that_name_no_place(house: House) -> None:
    viewer = people.signed_in(
        house.rows,
        context.now_ms(),
        people.sign_in(house.rows, context.now_ms(), "viewer", PASSWORD, "::3"),
    )
    assert viewer
    secret = tokens.add(deed(house.rows, context.now_ms(), viewer), "prometheus")
    answer = house.clerk().get("/metrics", headers={"Authorization": f"Bearer {secret}"})
    lines = [line for line in answer.get_data(as_text=True).splitlines() if line[0] != "#"]

    assert answer.status_code == 200
    assert all(
        re.fullmatch(r'[a-z_]+(\{[a-z]+="[\w.-]+"(,[a-z]+="\w+")?\})? \d+', x) for x in lines
    )
    assert 'navkit_jobs{state="done"} 1' in lines
    assert "navkit_publications_total 1" in lines


@pytest.mark.process
def test_health_needs_no_token(house: House) -> None:
    assert house.clerk().get("/healthz").get_data() == b"ok\n"
