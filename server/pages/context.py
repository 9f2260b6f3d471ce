"""The request in hand: who asks, of which hospital, in which language, and its connection."""

import threading
import time
from dataclasses import dataclass
from pathlib import Path

from flask import current_app, g, request, session
from limits import parse
from limits.storage import Storage, storage_from_string
from limits.strategies import FixedWindowRateLimiter

from navkit.words.findings import NavkitError
from server.data.files import Files
from server.data.rows import LARGEST, Patience, Row, Rows, connect
from server.press.press import Press
from server.press.signing import Signer
from server.staff import devices, factors
from server.staff.deed import Deed
from server.staff.factors import Seal
from server.staff.roles import Person
from server.words import saying

UPLOADS = "10 per minute"
"""Of one person."""
REPORTS = "20 per minute"
"""From one address: a hospital's phones may share one."""

SET_BACK_S = 5.0
"""A clock that is corrected by less was not set back."""

AT_ONCE = Patience(wait_s=2.0, seats=threading.BoundedSemaphore(7))
"""Who asks by http waits two seconds for other writers, and seven at a time do: as many as wait
where one of eight threads writes. One thread is left for those who only read. Guesses."""


@dataclass(frozen=True)
class Settings:
    """What whoever runs the server decides."""

    folder: Path
    database: str = ""
    """`postgresql://…`; empty is SQLite in the folder."""
    hosts: tuple[str, ...] = ()
    """Names the server answers to; empty is any."""
    https: bool = False
    """Whether cookies travel by https only."""
    proxies: int = 0
    """How many servers stand between phones and this one, each telling who asked it."""
    voice: str = ""
    """The engine that builds make clips with; empty is none."""
    limits: str = "memory://"
    """Where uploads are counted: several processes need one place, such as Redis."""

    copy_to: str = ""
    """Where what phones read is copied to whenever it changes; empty is nowhere."""

    @property
    def address(self) -> str:
        return self.database or str(self.folder / "navkit.db")

    @property
    def press(self) -> Press:
        return Press(Files(self.folder), self.folder / "public", Signer(self.folder))


def rows() -> Rows:
    """The connection of this request."""
    if "rows" not in g:
        g.rows = connect(settings().address, AT_ONCE)
    found: Rows = g.rows
    return found


def settings() -> Settings:
    """What whoever runs the server has decided."""
    found: Settings = current_app.config["NAVKIT"]
    return found


def seal() -> Seal:
    """What opens the secrets of second factors."""
    return factors.seal_of(settings().folder)


def now_ms() -> int:
    """Milliseconds since 1970."""
    return time.time_ns() // 1_000_000


def person() -> Person:
    """Who has signed in."""
    found: Person = g.person
    return found


def files() -> Files:
    """What was put in and built."""
    return settings().press.files


def session_secret() -> str:
    """What the cookie says of who has signed in; empty where nobody has."""
    return str(session.get("secret", ""))


def deed() -> Deed:
    """What whoever has signed in does now: for the hospital that the address names, and where it
    names none, for that of their account."""
    where = g.hospital["id"] if g.hospital else person().hospital
    return Deed(rows(), now_ms(), person(), where)


def session_keys() -> list[str]:
    """What cookies are signed with, the newest first."""
    config = current_app.config
    return [config["SECRET_KEY"], *config["SECRET_KEY_FALLBACKS"]]


def device() -> devices.Device:
    """The browser that asks."""
    return devices.read(request.cookies.get(devices.COOKIE, ""), session_keys())


def hospital() -> Row:
    """The hospital that the address names."""
    found: Row = g.hospital
    return found


def language() -> str:
    """The language of whoever reads."""
    found: str = g.language
    return found


def row_number(text: str) -> int:
    """A whole number of a form; `ValueError` where it is none that a row can have."""
    found = int(text)
    if not 0 <= found <= LARGEST:
        raise ValueError(text)
    return found


def say(key: str, /, **slots: object) -> str:
    """The console's words, in the reader's language."""
    return saying.say(g.language, key, **slots)


def upload_limit() -> None:
    """Count an upload of this person; `NavkitError` where there were too many."""
    _limit("upload", UPLOADS, str(person().id), "too-many-uploads")


def report_limit(address: str) -> None:
    """Count a report from an address; `NavkitError` where there were too many."""
    _limit("report", REPORTS, address, "too-many-reports")


def kept_at(address: str) -> Storage:
    """Where uploads and reports are counted, as `Settings.limits` names it."""
    found = storage_from_string(address)
    assert isinstance(found, Storage), "nothing here waits asynchronously"
    return found


def _limit(what: str, most: str, whose: str, code: str) -> None:
    counted: Storage = current_app.extensions["navkit-limits"]
    if settings().limits.startswith("memory"):
        _forget_the_future(counted)
    if not FixedWindowRateLimiter(counted).hit(parse(most), what, whose):
        raise NavkitError(code)


def _forget_the_future(counted: Storage) -> None:
    """Counters in memory end by the clock: where that was set back, they would hold until it has
    come so far again. Redis counts the seconds itself."""
    kept = current_app.extensions
    ahead_s = time.time() - time.monotonic()
    if ahead_s < kept.get("navkit-ahead-s", ahead_s) - SET_BACK_S:
        counted.reset()
    kept["navkit-ahead-s"] = ahead_s
