"""nginx, set up as in `docs/deploying.md`, serves phones what navkit itself would serve them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import front
import pytest
from clinic import HOSPITAL, PHRASE, House, new_house
from served import Server, free_port

from navkit.venue.venue import write_whole
from server.pages.app import create_app

pytestmark = [
    pytest.mark.process,
    pytest.mark.skipif(not front.NGINX, reason="nginx is not here: apt-get install nginx"),
]

OWN = {
    "server",
    "date",
    "connection",
    "etag",
    "last-modified",
    "accept-ranges",
    "content-disposition",
    "transfer-encoding",
    "content-length",
}
"""Headers that each server has of its own, and how it cuts the content into pieces."""

Answer = tuple[int, Mapping[str, str], bytes]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    """A clinic whose pages are signed, and which is closed to what comes without https."""
    folder = tmp_path_factory.mktemp("deploying")
    made = new_house(folder / "data").hire().with_keys(folder / "envelope")
    made.publish(made.build(), PHRASE)
    made.clerk("desk").post(f"/hospitals/{HOSPITAL}/desk/L", because="full")
    made.app = create_app(replace(made.settings, https=True))
    return made


@pytest.fixture(scope="module")
def nginx(house: House, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("front") / "nginx"
    with front.nginx(folder, house.settings.folder, free_port()) as server:
        yield server


def by_navkit(house: House, path: str, **headers: str) -> Answer:
    answer = house.app.test_client().get(path, headers=headers, buffered=True)
    return answer.status_code, lower(answer.headers.items()), answer.data


def by_nginx(nginx: Server, path: str, **headers: str) -> Answer:
    status, said, content = nginx.answer("GET", path, b"", headers)
    return status, lower(said), content


def lower(headers: object) -> Mapping[str, str]:
    return {key.lower(): value for key, value in headers}  # type: ignore[attr-defined]


def comparable(answer: Answer) -> Answer:
    status, headers, content = answer
    return status, {k: v for k, v in headers.items() if k not in OWN}, content


def paths(house: House) -> list[str]:
    """Addresses of all that phones may read."""
    public = house.settings.press.public
    files = [file.relative_to(public).as_posix() for file in public.rglob("*") if file.is_file()]
    return sorted(f"/{file}" for file in files if not file.endswith(".gz"))


def test_every_file_is_served_alike(house: House, nginx: Server) -> None:
    asked = [f"/h/{HOSPITAL}/", *paths(house)]

    for path in asked:
        for coding in ({}, {"Accept-Encoding": "gzip"}):
            ours, theirs = by_navkit(house, path, **coding), by_nginx(nginx, path, **coding)
            for name, its, our in zip(
                ("status", "headers", "content"), comparable(theirs), comparable(ours), strict=True
            ):
                assert its == our, (path, name)

    assert {Path(path).suffix for path in asked} >= {".html", ".js", ".css", ".json"}
    assert any(path.startswith("/metadata/") for path in asked)


def test_what_never_changes_is_kept_for_good_and_nothing_else(house: House, nginx: Server) -> None:
    kept = {
        path: by_nginx(nginx, path)[1]["cache-control"].endswith("immutable")
        for path in paths(house)
    }

    assert not kept["/metadata/timestamp.json"]
    assert not kept[f"/h/{HOSPITAL}/closures.json"]
    assert not kept[f"/h/{HOSPITAL}/bundle/release.json"]
    assert not kept[f"/h/{HOSPITAL}/index.html"]
    assert kept["/metadata/1.root.json"]
    assert all(kept[path] for path in kept if re.search("/bundle/[a-z]+-", path))
    assert any(kept[path] for path in kept if "closures.json" in path)


@pytest.mark.parametrize(
    "path",
    [
        "/metadata/2.root.json",
        f"/h/{HOSPITAL}/bundle/level-0123456789abcdef.json",
        f"/h/{HOSPITAL}/{'0' * 128}.closures.json",
        f"/h/{HOSPITAL}/nothing",
    ],
)
def test_what_is_not_there_yet_is_asked_for_again(path: str, house: House, nginx: Server) -> None:
    """A phone that asked for the next root a minute too early must not miss it for a day."""
    for status, headers, _ in (by_nginx(nginx, path), by_navkit(house, path)):
        assert (status, headers["cache-control"]) == (404, "no-cache")
        assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("coding", [{}, {"Accept-Encoding": "gzip"}], ids=["whole", "packed"])
def test_a_download_goes_on_and_an_unchanged_file_is_not_sent_again(
    coding: dict[str, str], house: House, nginx: Server
) -> None:
    public = house.settings.press.public
    path = next(f"/{f.relative_to(public)}" for f in public.rglob("bundle/level-*.json"))
    for by in (lambda **h: by_nginx(nginx, path, **h), lambda **h: by_navkit(house, path, **h)):
        _, headers, whole = by(**coding)
        etag = headers["etag"]
        status, _, rest = by(**coding, **{"Range": "bytes=100-", "If-Range": etag})

        assert etag.startswith('"'), "weak: nothing goes on where it was cut off"
        assert by(**coding, **{"If-None-Match": etag})[0] == 304
        # nginx cuts no file that it has packed: the whole is as good, only longer.
        assert (status, rest) in [(206, whole[100:])] + [(200, whole)] * bool(coding)
        assert by(**coding, **{"Range": "bytes=100-", "If-Range": '"old"'})[::2] == (200, whole)


def test_two_versions_of_one_second_are_two_to_whoever_asks_whether_it_changed(
    house: House, nginx: Server
) -> None:
    file, path = house.settings.press.public / "h" / "number.json", "/h/number.json"
    etag = ""
    for number in range(5):
        write_whole(file, str(number).encode())
        status, headers, content = by_nginx(nginx, path, **{"If-None-Match": etag})
        etag = headers["etag"]

        assert (status, content) == (200, str(number).encode())
    file.unlink()


def test_the_console_is_handed_on_with_the_address_of_whoever_asks(
    house: House, tmp_path: Path
) -> None:
    with front.gunicorn(house.settings.folder) as application:
        folder = tmp_path / "nginx"
        with front.nginx(folder, house.settings.folder, application.port) as server:
            status, headers, _ = by_nginx(server, "/sign-in", **{"X-Forwarded-For": "6.6.6.6"})
            assert server.clerk("viewer", HOSPITAL).get(f"/hospitals/{HOSPITAL}").status_code == 200

    assert (status, headers["cache-control"]) == (200, "no-store")
    assert "nonce" in headers["content-security-policy"]
