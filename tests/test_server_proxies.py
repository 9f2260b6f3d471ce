"""Behind its proxies the server knows who asks, and by https or not; it accepts only its own forms.

Through nginx as in `docs/deploying.md`, before both servers, from several addresses.
"""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import front
import pytest
from clinic import HOSPITAL, PASSWORD, House, new_house
from hypothesis import given
from hypothesis import strategies as st
from served import Server, serving

from server.pages.context import Settings
from server.pages.proxies import Proxies, address_in, nth_from_right
from server.staff import people

pytestmark = pytest.mark.process

needs_nginx = pytest.mark.skipif(not front.NGINX, reason="nginx is not here: apt-get install nginx")
SERVERS: dict[str, Callable[..., AbstractContextManager[Server]]] = {
    "navkit serve": serving,
    "gunicorn": front.gunicorn,
}


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return front.pair_for_tls(tmp_path_factory.mktemp("tls") / "pair.pem")


@pytest.fixture(params=SERVERS)
def started(request: pytest.FixtureRequest) -> Callable[..., AbstractContextManager[Server]]:
    return SERVERS[request.param]


@pytest.fixture
def house(tmp_path: Path) -> House:
    made = new_house(tmp_path / "data").hire()
    made.rows.close()
    return made


def wrong(server: Server, source: str, count: int, **headers: str) -> set[int]:
    """What is answered to so many wrong passwords of the administrator from one address."""
    clerk = replace(server, source=source).browser()
    token = clerk.token()
    form = {"csrf_token": token, "name": "admin", "password": "wrong wrong 1"}
    return {
        clerk.client.post("/sign-in", data=form, headers=headers).status_code for _ in range(count)
    }


def report(server: Server, source: str, number: int, **headers: str) -> int:
    """A phone's report; what is answered."""
    body = f'{{"id": "{number:032x}", "bundle": "00", "level": "1F", "from": [0, 0], "to": [1, 1],'
    body += ' "text": "x", "language": "en", "profile": "walk"}'
    path = f"/api/v1/hospitals/{HOSPITAL}/reports"
    said = {"Content-Type": "application/json", **headers}
    return replace(server, source=source).ask("POST", path, body.encode(), **said)[0]


# ------------------------------------------------------------------- whose address


@needs_nginx
def test_behind_nginx_each_address_has_its_own_tries_and_reports(
    house: House, tmp_path: Path, started: Callable[..., AbstractContextManager[Server]]
) -> None:
    data = house.settings.folder
    with (
        started(data, NAVKIT_PROXIES="1") as application,
        front.nginx(tmp_path / "nginx", data, application.port) as server,
    ):
        guesses = [wrong(server, f"127.0.0.{n}", 1) for n in range(10, 15)]
        spoofed = [wrong(server, "127.0.0.20", 1, **{"X-Forwarded-For": f"6.6.6.{n}"})
                   for n in range(people.TRIES_OF_ONE + 1)]  # fmt: skip
        reports = [report(server, f"127.0.1.{n}", n) for n in range(1, 24)]
        signed_in = replace(server, source="127.0.0.16").clerk("admin", HOSPITAL)

        assert signed_in.get("/people").status_code == 200
    assert guesses == [{401}] * 5
    assert spoofed == [{401}] * people.TRIES_OF_ONE + [{429}]
    assert reports == [204] * 23


@pytest.mark.rest
@needs_nginx
def test_behind_two_proxies_the_second_from_the_right_counts(
    house: House, tmp_path: Path, started: Callable[..., AbstractContextManager[Server]]
) -> None:
    data = house.settings.folder
    with (
        started(data, NAVKIT_PROXIES="2") as application,
        front.nginx(tmp_path / "inner", data, application.port) as inner,
        front.nginx(tmp_path / "outer", data, inner.port) as server,
    ):
        guesses = [wrong(server, f"127.0.0.{n}", 1) for n in range(10, 15)]
        spoofed = wrong(server, "127.0.0.20", people.TRIES_OF_ONE + 1,
                        **{"X-Forwarded-For": '6.6.6.6, "'})  # fmt: skip
        signed_in = replace(server, source="127.0.0.16").clerk("admin", HOSPITAL)

        assert signed_in.get("/people").status_code == 200
    assert guesses == [{401}] * 5
    assert spoofed == {401, 429}


def test_without_proxies_no_header_is_believed(
    house: House, started: Callable[..., AbstractContextManager[Server]]
) -> None:
    with started(house.settings.folder, NAVKIT_PROXIES="0") as server:
        said = [
            wrong(server, "127.0.0.9", 1, **{"X-Forwarded-For": f"6.6.6.{n}",
                  "X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.example"})
            for n in range(people.TRIES_OF_ONE + 1)
        ]  # fmt: skip

    assert said == [{401}] * people.TRIES_OF_ONE + [{429}]


def seen(count: int, **headers: str) -> tuple[str, str]:
    """Which address and scheme an application sees."""
    told: dict[str, Any] = {}

    def application(environ: Any, start: Any) -> list[bytes]:
        told.update(environ)
        return []

    said = {f"HTTP_{key}": value for key, value in headers.items()}
    # As gunicorn leaves the scheme, for clients on its own machine.
    scheme = headers.get("X_FORWARDED_PROTO", "http")
    environ = {"REMOTE_ADDR": "10.9.9.9", "wsgi.url_scheme": scheme, **said}
    Proxies(application, count, "http")(environ, lambda *_: lambda _: None)
    return told["REMOTE_ADDR"], told["wsgi.url_scheme"]


@given(
    st.lists(st.ip_addresses().map(str), min_size=1, max_size=5),
    st.integers(1, 6),
    st.text(st.characters(max_codepoint=0x7E, min_codepoint=0x20), max_size=20),
)
def test_whatever_a_visitor_writes_the_nth_from_the_right_is_who_asks(
    hops: list[str], count: int, written: str
) -> None:
    address, scheme = seen(
        count, X_FORWARDED_FOR=", ".join([written, *hops]), X_FORWARDED_PROTO=f"{written}, https"
    )

    if count <= len(hops):
        assert ip_address(address) == ip_address(address_in(hops[-count]))
    assert count > 1 or scheme == "https"
    assert seen(0, X_FORWARDED_FOR=", ".join(hops), X_FORWARDED_PROTO="https") == (
        "10.9.9.9",
        "http",
    )


@pytest.mark.parametrize(
    ("told", "address"),
    [
        ("1.2.3.4", "1.2.3.4"),
        ("1.2.3.4:80", "1.2.3.4"),
        ("2001:db8::1", "2001:db8::1"),
        ("[2001:db8::1]:80", "2001:db8::1"),
        ("::ffff:1.2.3.4", "1.2.3.4"),
        ("unknown", ""),
        ("", ""),
        ("[", ""),
        ("evil.example", ""),
    ],
)
def test_an_address_is_read_with_or_without_a_port(told: str, address: str) -> None:
    assert address_in(told) == address


def test_an_element_is_counted_from_the_right() -> None:
    assert [nth_from_right('a, "b, c', n) for n in range(5)] == ["", "c", '"b', "a", ""]


# ------------------------------------------------------------------- forms by https


@needs_nginx
def test_behind_https_all_forms_work_and_those_of_other_sites_are_refused(
    house: House,
    pair: Path,
    tmp_path: Path,
    started: Callable[..., AbstractContextManager[Server]],
) -> None:
    data = house.settings.folder
    with (
        started(data, NAVKIT_PROXIES="1", NAVKIT_HTTPS="1") as application,
        front.nginx(tmp_path / "nginx", data, application.port, pair) as server,
    ):
        clerk = server.clerk("admin", HOSPITAL)
        ours, host = f"https://127.0.0.1:{server.port}", f"127.0.0.1:{server.port}"

        def posted(**headers: str) -> int:
            said = {key.replace("_", "-"): value for key, value in headers.items()}
            form = {"csrf_token": clerk.token(), "label": "x", "old": PASSWORD}
            answer = clerk.client.post("/account/tokens", data=form, headers=said)
            return answer.status_code

        page = clerk.get("/account")
        assert page.headers["Referrer-Policy"] == "same-origin"
        assert "Secure" in server.browser().get("/sign-in").headers["Set-Cookie"]
        accepted = {
            "as a program": posted(),
            "as an old browser": posted(Referer=f"{ours}/account"),
            "as a browser": posted(Origin=ours, Referer=f"{ours}/account"),
            "as a new one": posted(Origin=ours, Sec_Fetch_Site="same-origin"),
        }
        refused = {
            "another site": posted(Origin="https://evil.example"),
            "by its referrer": posted(Referer="https://evil.example/account"),
            "a sandbox": posted(Origin="null"),
            "another port": posted(Origin="https://127.0.0.1:1"),
            "without https": posted(Origin=f"http://{host}"),
            "as the browser says": posted(Origin=ours, Sec_Fetch_Site="cross-site"),
            "nonsense": posted(Origin="https://["),
        }

    assert set(accepted.values()) == {200}, accepted
    assert set(refused.values()) == {400}, refused


# ------------------------------------------------------------------- shutting others out


def tried(server: Any, clerk: Any, password: str) -> int:
    form = {"csrf_token": clerk.token(), "name": "admin", "password": password}
    return int(clerk.client.post("/sign-in", data=form).status_code)


def test_nobody_shuts_somebody_out_of_a_browser_where_they_have_signed_in(tmp_path: Path) -> None:
    house = new_house(tmp_path / "data").hire()
    own = house.clerk("admin")
    own.post("/sign-out")
    for number in range(500):
        house.rows.run(
            "INSERT INTO tries (name, address, at_ms) SELECT 'admin', ?, made_ms FROM people"
            " WHERE name = 'admin'",
            f"6.6.{number // 250}.{number % 250}",
        )
    thief = house.clerk()
    here = [tried(house, thief, f"guess {n}") for n in range(people.TRIES_OF_ONE + 1)]

    assert here[-1] == 429
    assert tried(house, house.clerk(), PASSWORD) == 429, "at the thief's own address"
    assert tried(house, own, PASSWORD) == 303


def test_guesses_from_everywhere_shut_nobody_out_of_a_new_browser(tmp_path: Path) -> None:
    house = new_house(tmp_path / "data").hire()
    for number in range(500):
        house.rows.run(
            "INSERT INTO tries (name, address, at_ms) SELECT 'admin', ?, made_ms FROM people"
            " WHERE name = 'admin'",
            f"6.6.{number // 250}.{number % 250}",
        )

    assert tried(house, house.clerk(), PASSWORD) == 303


def test_a_browser_that_is_known_may_guess_no_more_often_than_another(tmp_path: Path) -> None:
    house = new_house(tmp_path / "data").hire()
    own = house.clerk("admin")
    own.post("/sign-out")
    guesses = [tried(house, own, f"guess {n}") for n in range(people.TRIES_OF_ONE + 1)]

    assert guesses == [401] * people.TRIES_OF_ONE + [429]
    assert tried(house, house.clerk(), PASSWORD) == 303


def test_the_cookie_of_a_browser_is_out_of_reach_and_its_own(tmp_path: Path) -> None:
    house = new_house(tmp_path / "data").hire()
    desk = house.clerk("desk")
    cookie = desk.client.get_cookie("navkit-device")
    assert cookie
    others = house.clerk()
    for value in (cookie.value, cookie.value[:-2] + "xx", "{}", ""):
        others.client.set_cookie("navkit-device", value)
        tries = [tried(house, others, f"guess {n}") for n in range(people.TRIES_OF_ONE)]
        assert set(tries) <= {401, 429}

    assert cookie.http_only and cookie.same_site == "Lax" and cookie.max_age
    assert tried(house, others, PASSWORD) == 429, "another person's browser is not the admin's"


def test_two_people_at_one_browser_are_both_known(tmp_path: Path) -> None:
    house = new_house(tmp_path / "data").hire()
    shared = house.clerk("admin")
    shared.post("/sign-out")
    assert shared.post("/sign-in", name="desk", password=PASSWORD).status_code == 303
    shared.post("/sign-out")
    thief = house.clerk()
    for number in range(people.TRIES_OF_ONE + 1):
        tried(house, thief, f"guess {number}")

    assert tried(house, shared, PASSWORD) == 303


def test_a_clock_that_ran_ahead_and_was_set_back_shuts_nobody_out(tmp_path: Path) -> None:
    house, year_ms = House(Settings(tmp_path / "data")).hire(), 365 * 24 * 3600_000

    def tried_at(at_ms: int, password: str) -> str:
        try:
            people.sign_in(house.rows, at_ms, "admin", password, "::1")
        except people.NavkitError as error:
            return error.finding.code
        return ""

    now_ms = 1_770_000_000_000
    assert {tried_at(now_ms + year_ms, f"guess {n}") for n in range(5)} == {"sign-in-wrong"}
    assert tried_at(now_ms + year_ms, PASSWORD) == "too-many-tries"
    assert tried_at(now_ms, PASSWORD) == ""


def test_a_session_from_the_future_has_ended_and_one_signs_in_anew(tmp_path: Path) -> None:
    house, day_ms = House(Settings(tmp_path / "data")).hire(), 24 * 3600_000
    now_ms = 1_770_000_000_000
    ahead = people.sign_in(house.rows, now_ms + 300 * day_ms, "admin", PASSWORD, "::1")
    right = people.sign_in(house.rows, now_ms, "admin", PASSWORD, "::1")

    assert people.signed_in(house.rows, now_ms + 1000, ahead) is None
    assert people.signed_in(house.rows, now_ms + 1000, right)


def test_counters_of_a_clock_that_was_set_back_count_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = House(Settings(tmp_path / "data")).hire()
    real, client = time.time, house.app.test_client()
    path, report = f"/api/v1/hospitals/{HOSPITAL}/reports", {"id": "0" * 32}

    def statuses() -> list[int]:
        return [client.post(path, json=report).status_code for _ in range(22)]

    with monkeypatch.context() as patch:
        patch.setattr(time, "time", lambda: real() + 365 * 24 * 3600)
        ahead = statuses()
    back = statuses()

    assert ahead == back == [400] * 20 + [429] * 2
