"""A small clinic on two floors, and people at its server's console, for tests of the server."""

import html
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher
from flask import Flask
from sharing import SharingWorker
from werkzeug.test import Client, TestResponse

from server import serving
from server.builds import jobs
from server.data import rows
from server.data.rows import Rows
from server.machine.worker import Worker, now_ms
from server.pages.app import create_app
from server.pages.context import Settings
from server.press import keys, publishing, trust
from server.press.keys import Keyring
from server.staff import passwords, people
from server.staff.deed import Deed
from server.staff.roles import NOBODY, Person

passwords.hasher = lambda: PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""Tests sign in hundreds of times: a hash that is worth attacking would take most of their time."""

SCRYPT_N = keys.SCRYPT["n"]
keys.SCRYPT["n"] = 2**4
"""They type passphrases as often. Keys that a process of `navkit` opens are sealed at the product's
cost, `SCRYPT_N`."""

HOSPITAL = "renmin"
PASSWORD = "correct horse 7"
PHRASE = "correct horse battery"
ROOMS = 14
PEOPLE = {
    "admin": "administrator",
    "editor": "editor",
    "second": "editor",
    "desk": "duty-desk",
    "viewer": "viewer",
    "auditor": "auditor",
}


def deed(connection: Rows, at_ms: int, who: str | Person = "", hospital: str = HOSPITAL) -> Deed:
    """What somebody does: a person, one by a name that need not be anybody's, or nobody."""
    if isinstance(who, str) and who:
        known = rows.one(connection, "SELECT * FROM people WHERE name = ?", who)
        said = known or {**vars(NOBODY), "name": who}
        who = Person(**{field: said[field] for field in vars(NOBODY)})
    return Deed(connection, at_ms, who or NOBODY, hospital)


def _feature(shape: str, points: Any, **said: Any) -> dict[str, Any]:
    key = said.pop("id", None)
    geometry = {"type": shape, "coordinates": points} if shape else None
    return {"type": "Feature", "id": key, "geometry": geometry, "properties": said}


def _box(left: float, bottom: float, right: float, top: float) -> list[list[list[float]]]:
    ring = [[left, bottom], [right, bottom], [right, top], [left, top], [left, bottom]]
    return [ring]


def drawing(*, staff: Iterable[str] = (), lift: bool = True, whole: bool = True) -> bytes:
    """Two floors, each a corridor with rooms on both sides, a lift and stairs at its ends::

    | 01 | 02 | … | 07 |
    L    corridor      S
    | 08 | 09 | … | 14 |
    """
    features = [_feature("", None, type="building", id="h", name={"zh-Hans": "门诊楼"})]
    shafts = [("L", "elevator", "1号电梯")] if lift else []
    shafts += [] if whole else [("M", "elevator", "电梯")]
    for key, kind, name in [*shafts, ("S", "stairs", "东楼梯")]:
        features.append(_feature("", None, type="connector", id=key, kind=kind,
                                 name={"zh-Hans": name, "en": key}))  # fmt: skip
    for floor in (1, 2):
        level = f"{floor}F"
        features.append(
            _feature("", None, type="level", id=level, ordinal=floor - 1, label=level, building="h")
        )
        common = {"type": "space", "level": level}
        features.append(
            _feature("Polygon", _box(0, 5, 42, 8), id=f"{level}-C", kind="corridor", **common)
        )
        for number in range(1, ROOMS + 1):
            left = 6.0 * ((number - 1) % 7)
            bottom, top, wall = (8, 13, 8) if number <= 7 else (0, 5, 5)
            key = f"{level}-{number:02}"
            name = {"zh-Hans": f"{floor}层诊室{number}", "en": f"Room {floor}{number:02}"}
            features.append(
                _feature("Polygon", _box(left, bottom, left + 6, top), id=key, kind="room",
                         ref=f"{floor}{number:02}", name=name, category="consult",
                         access="staff" if key in staff else "public", **common)
            )  # fmt: skip
            line = [[left + 2, wall], [left + 3, wall]]
            features.append(_feature("LineString", line, id=f"{key}-D", type="door",
                                     level=level, kind="hinged", width_m=1.0))  # fmt: skip
        for key, kind, x in [("L", "elevator", -3), ("S", "stairs", 42)]:
            if key == "S" or lift:
                edge = 0 if key == "L" else 42
                shaft = key if whole or key == "S" or floor == 1 else "M"
                features.append(_feature("Polygon", _box(x, 5, x + 3, 8), id=f"{level}-{key}",
                                         kind=kind, connector=shaft, **common))  # fmt: skip
                opening = [[edge, 6], [edge, 7]]
                features.append(_feature("LineString", opening, id=f"{level}-{key}-D",
                                         type="door", level=level, kind="open"))  # fmt: skip
    entrance = [[20, 0], [21, 0]]
    features.append(_feature("LineString", entrance, id="E", type="door", level="1F",
                             kind="automatic", entrance=True, width_m=1.5,
                             name={"zh-Hans": "正门", "en": "Main entrance"}))  # fmt: skip
    collection = {
        "type": "FeatureCollection",
        "navkit": 1,
        "units": "m",
        "name": {"zh-Hans": "小诊所", "zh-Hant": "小診所", "en": "Small Clinic"},
        "features": features,
    }
    return json.dumps(collection, ensure_ascii=False).encode()


DIRECTORY = (
    "name,name_en,rooms,hours,aliases\n"
    "心内科,Cardiology,101,Mo-Fr 08:00-17:00,看心脏\n"
    "眼科,Ophthalmology,205,,\n"
).encode()


@dataclass
class House:
    """A server's data folder, and the application on it."""

    settings: Settings
    app: Flask = field(init=False)
    rows: Rows = field(init=False)

    def __post_init__(self) -> None:
        serving.prepare(self.settings)
        self.app = create_app(self.settings)
        self.rows = rows.connect(self.settings.address)

    def hire(self) -> "House":
        """Everybody of PEOPLE, and the clinic."""
        for name, role in PEOPLE.items():
            people.add(deed(self.rows, now_ms()), name, PASSWORD, role)
        publishing.add_hospital(
            deed(self.rows, now_ms(), "admin"),
            {"zh-Hans": "小诊所", "en": "Small Clinic"},
            "Asia/Shanghai",
            "",
        )
        return self

    def with_keys(self, envelope: Path) -> "House":
        """Keys of the clinic, the root's in another folder."""
        data, now = self.settings.folder, datetime.now(UTC)
        trust.establish(data, Keyring({}, lambda kind: PHRASE), now, envelope)
        pages = {**keys.read(data / "keys"), **keys.read(envelope)}
        ring = Keyring(pages, lambda kind: PHRASE)
        trust.commit(data, lambda r: trust.add_hospital(r, ring, HOSPITAL, now))
        return self

    def work(self, anew: bool = False) -> None:
        """Do all builds that wait; in child processes, if they are about building."""
        kind = Worker if anew else SharingWorker
        worker = kind(self.settings.address, self.settings.folder)
        while worker.work_once(self.rows):
            pass

    def clerk(self, name: str = "", password: str = PASSWORD) -> "Clerk":
        """Somebody at a browser, signed in unless nameless."""
        clerk = Clerk(self.app.test_client())
        if name:
            answer = clerk.post("/sign-in", name=name, password=password)
            assert answer.status_code == 303, answer.get_data(as_text=True)
        return clerk

    def build(self, name: str = "editor", plan: bytes | None = None, *, anew: bool = False) -> int:
        """Upload a drawing and build; the job's number."""
        clerk = self.clerk(name)
        answer = clerk.upload("drawing", "plan.geojson", plan or drawing())
        assert answer.status_code == 303, answer.get_data(as_text=True)
        if not any(s for s in self.sources() if s == "directory.csv"):
            clerk.upload("directory", "directory.csv", DIRECTORY)
        answer = clerk.post(f"/hospitals/{HOSPITAL}/builds")
        assert answer.status_code == 303, answer.get_data(as_text=True)
        self.work(anew)
        return int(answer.location.rpartition("/")[2])

    def sources(self) -> list[str]:
        """Names of what was put in."""
        return [row["name"] for row in self.rows.all("SELECT name FROM sources")]

    def job(self, number: int) -> jobs.Job:
        """A build by its number."""
        found = jobs.job(self.rows, HOSPITAL, number)
        assert found
        return found

    def publish(self, job: int, passphrase: str = "") -> None:
        """Two people say yes, having ticked whatever there is to tick."""
        for name, verb in (("editor", "propose"), ("second", "decide")):
            clerk = self.clerk(name)
            page = clerk.get(f"/hospitals/{HOSPITAL}/builds/{job}").get_data(as_text=True)
            ticks = re.findall(r'name="seen" value="([^"]+)"', page)
            action = re.search(r'action="([^"]+)"[^>]*>(?:(?!</form>).)*?'
                               + ("name=\"note\"" if verb == "propose" else 'value="yes"'),
                               page, re.DOTALL)  # fmt: skip
            assert action, page
            path = html.unescape(action[1])
            answer = clerk.post(path, seen=ticks, decision="yes", passphrase=passphrase)
            assert answer.status_code == 303, answer.get_data(as_text=True)


@dataclass
class Clerk:
    """Somebody at a browser: forms carry the token of the page that they were on."""

    client: Client
    hospital: str = HOSPITAL

    def get(self, path: str, **said: Any) -> TestResponse:
        return self.client.get(path, buffered=True, **said)

    def token(self) -> str:
        """What a form of this browser carries."""
        page = self.client.get("/account").get_data(as_text=True)
        if 'name="csrf_token"' not in page:
            page = self.client.get("/sign-in").get_data(as_text=True)
        found = re.search(r'name="csrf_token" value="([^"]+)"', page)
        assert found, page
        return found[1]

    def post(self, path: str, **form: Any) -> TestResponse:
        return self.client.post(path, data={"csrf_token": self.token(), **form})

    def seen(self) -> str:
        """The versions that the hospital's page shows now."""
        page = self.get(f"/hospitals/{self.hospital}").get_data(as_text=True)
        found = re.search(r'name="seen" value="([^"]*)"', page)
        return html.unescape(found[1]) if found else "{}"

    def upload(
        self, kind: str, name: str, content: bytes, seen: Mapping[str, int] | str | None = None
    ) -> TestResponse:
        versions = self.seen() if seen is None else seen
        form = {
            "csrf_token": self.token(),
            "kind": kind,
            "seen": versions if isinstance(versions, str) else json.dumps(versions),
            "files": (BytesIO(content), name),
        }
        return self.client.post(
            f"/hospitals/{self.hospital}/sources", data=form, content_type="multipart/form-data"
        )


def new_house(folder: Path, database: str = "") -> House:
    """A server with nobody in it, on SQLite or on PostgreSQL."""
    return House(Settings(folder, database=database))
