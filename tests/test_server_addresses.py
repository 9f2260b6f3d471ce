"""Addresses that nobody types: none makes the server fail, none leads elsewhere, and public
pages set no cookie."""

import re
import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from shutil import copytree
from urllib.parse import quote, unquote

import front
import pytest
from clinic import HOSPITAL, Clerk, House, new_house
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from served import Server, serving

from server.staff.roles import ANYONE, routes

pytestmark = pytest.mark.process


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    made = new_house(tmp_path_factory.mktemp("addresses") / "data").hire()
    made.publish(made.build())
    return made


@pytest.fixture(scope="module")
def clerk(house: House) -> Clerk:
    return house.clerk("admin")


# ------------------------------------------------------------------- leading elsewhere

ODD = st.sampled_from(
    ["/", "\\", "\t", "\n", "\r", "\0", " ", "\x0b", "\x1f", "\x7f", "\u2028", "\uff0f", "\u2215",
     "@", "%09", "%0a", "%5c", "%2f", "//", "?", "#", ":", "evil.example", "http:", "javascript:",
     "account", "[", "]", "..", "."]
)  # fmt: skip


def leads_to(location: str) -> str:
    """The host that a browser goes to from an address it is sent to: it leaves out controls, and
    takes a backslash for a slash. Source: the URL standard of WHATWG. Empty: the same host."""
    plain = re.sub("[\t\n\r]", "", location.strip("".join(map(chr, range(0x21))))).replace(
        "\\", "/"
    )
    found = re.match(r"(?:[a-zA-Z][a-zA-Z0-9+.-]*:/*|//+)([^/?#]*)", plain)
    return found[0] if found else ""


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.differing_executors])
@given(st.one_of(st.lists(ODD, max_size=6).map("".join), st.text(max_size=12)))
def test_whoever_chooses_a_language_stays_here(back: str) -> None:
    clerk = _kept["clerk"]
    for told in (back, f"/{back}", f"/\t{back}"):
        form = {"csrf_token": _kept["token"], "language": "en", "back": told}
        location = clerk.client.post("/language", data=form).location

        assert leads_to(location) == "", (told, location)
        assert location.isascii() and location.isprintable()


_kept: dict[str, object] = {}


@pytest.fixture(autouse=True, scope="module")
def one_browser(clerk: Clerk) -> None:
    _kept.update(clerk=clerk, token=clerk.token())


@pytest.mark.parametrize(
    "back",
    ["/\t/evil.example", "/%09/evil.example", "/\\evil.example", "/\r\n/evil.example",
     "/／evil.example", "//evil.example", "https://evil.example/", "\t//evil.example", "/nowhere",
     "/sign-out", f"/h/{HOSPITAL}/", "/healthz", "http:/account", "[", "", "account"],
)  # fmt: skip
def test_where_nothing_of_the_console_is_one_goes_to_the_overview(clerk: Clerk, back: str) -> None:
    assert clerk.post("/language", language="en", back=back).location == "/"


@pytest.mark.parametrize(
    "back",
    ["/", "/account", "/sign-in", f"/hospitals/{HOSPITAL}", f"/hospitals/{HOSPITAL}/desk/电梯 1"],
)
def test_one_comes_back_to_the_page_one_was_on(clerk: Clerk, back: str) -> None:
    location = clerk.post("/language", language="en", back=back).location

    assert unquote(location) == back and location == quote(back)


# ------------------------------------------------------------------- odd paths

PARTS = (
    b"%0a", b"%0d%0a", b"%00", b"%09", b"%7f", b"%ff%fe", b"%ed%a0%80", b"%", b"%zz", b"%e2%80%a8",
    b"%c0%af", b"\xff\xfe", b"a" * 5000, b"a" * 70000, b"%5c", b"..%2f..", b"%2f%2fx", b";", b"%3f",
    b"?a=%00", b"?%ff", b"?version=%0a", b"?x=\xff", b"#f", b"%0a/", b"//x", b"/%0ax", b"\\x",
)  # fmt: skip
BASES = (
    b"", b"/", b"/h", b"/h/", b"/h/" + HOSPITAL.encode() + b"/", b"/metadata/", b"/static/",
    b"/hospitals/" + HOSPITAL.encode() + b"/", b"/api/v1/hospitals/", b"/sign-in", b"/healthz",
    b"http://x/", b"/language", b"/metrics", b"/hospitals/renmin/sources/drawing/",
)  # fmt: skip


@pytest.fixture(scope="module", params=["navkit serve", "gunicorn"])
def either(
    request: pytest.FixtureRequest, house: House, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    start = {"navkit serve": serving, "gunicorn": front.gunicorn}[request.param]
    data = tmp_path_factory.mktemp("either") / "data"
    with start(copytree(house.settings.folder, data)) as started:
        yield started


def status_of(server: Server, line: bytes, more: bytes) -> int:
    """What is answered to a request as it is, 0 for nothing."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as one:
        with suppress(BrokenPipeError, ConnectionResetError):
            one.sendall(line + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + more + b"\r\n")
        said = b""
        with suppress(ConnectionResetError):
            while len(said) < 12 and (piece := one.recv(12)):
                said += piece
    return int(said[9:12] or 0)


def test_no_path_makes_the_server_fail(either: Server) -> None:
    cookie = either.clerk("admin", HOSPITAL).client.get_cookie("navkit")
    assert cookie
    for more in (b"", f"Cookie: navkit={cookie.value}\r\n".encode()):
        for method in (b"GET", b"POST"):
            answers = {
                base + part: status_of(either, method + b" " + base + part, more)
                for base in BASES
                for part in PARTS
            }
            failed = {path[:60]: status for path, status in answers.items() if status >= 500}

            assert not failed, (method, failed)


# ------------------------------------------------------------------- cookies


def test_what_anybody_may_read_sets_no_cookie_and_depends_on_none(house: House) -> None:
    """Neither where it is there nor where it is not, and neither for a stranger nor for staff."""
    open_to_all = [
        rule.rule.replace("<hospital>", HOSPITAL).replace("<path:path>", "{}").replace(
            "<path:filename>", "{}")
        for rule in house.app.url_map.iter_rules()
        if routes()[rule.endpoint] == ANYONE and not rule.endpoint.startswith("console.")
    ]  # fmt: skip
    names = ("index.html", "nothing", "bundle/release.json", "console.css", "%0a", "a/../b", "")
    paths = {path.format(name) for path in open_to_all for name in names}
    paths |= {
        "/metrics",
        "/nowhere",
        f"/h/nobody/{names[0]}",
        "/api/v1/nowhere",
        "/api/nowhere",
        "/h/",
    }
    clerk = house.clerk("viewer")
    for client in (house.app.test_client(), clerk.client):
        marked = []
        for path in sorted(paths):
            for method in ("GET", "HEAD", "POST", "DELETE"):
                answer = client.open(path, method=method, buffered=True)
                lost = method in ("POST", "DELETE") or answer.status_code in (404, 405)
                if "Set-Cookie" in answer.headers:
                    marked.append((method, path, "sets one"))
                if "cookie" in answer.headers.get("Vary", "").lower() and not lost:
                    marked.append((method, path, "depends on one"))

        assert len(paths) > 20 and not marked


def test_a_page_that_is_not_there_is_told_in_the_language_that_was_chosen(clerk: Clerk) -> None:
    clerk.post("/language", language="en", back="/")
    answer = clerk.get("/nowhere")

    assert (answer.status_code, "Set-Cookie" in answer.headers) == (404, False)
    assert "there is no such page" in answer.text.lower()
    assert "<form" not in answer.text
    clerk.post("/language", language="zh-Hans", back="/")


def test_files_ask_the_database_for_nothing(house: House, tmp_path: Path) -> None:
    moved = Path(copytree(house.settings.folder, tmp_path / "data"))
    other = House(house.settings.__class__(moved))
    other.rows.close()
    (moved / "navkit.db").write_bytes(b"this is no database" * 100)
    for beside in moved.glob("navkit.db-*"):
        beside.unlink()
    client = other.app.test_client()

    assert client.get(f"/h/{HOSPITAL}/", buffered=True).status_code == 200
    assert client.get(f"/h/{HOSPITAL}").status_code == 308
    assert client.get("/healthz").data == b"database: damaged\n"
    answer = client.get("/api/v1/hospitals")
    assert (answer.status_code, answer.json["code"]) == (503, "database-damaged")
    assert int(answer.headers["Retry-After"]) > 0
