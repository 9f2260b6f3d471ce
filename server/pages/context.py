"""The current request: who asks, for which hospital, in which language, and its connection."""

import time
from dataclasses import dataclass
from pathlib import Path

from flask import current_app, g, request, session
from limits import parse
from limits.storage import Storage, storage_from_string
from limits.strategies import FixedWindowRateLimiter

from navkit.words.findings import NavkitError
from server.data.files import Files
from server.data.rows import LARGEST, Row, Rows, connect
from server.data.turns import Patience
from server.press.press import Press
from server.press.signing import Signer
from server.staff import devices, factors
from server.staff.deed import Deed
from server.staff.factors import Seal
from server.staff.roles import Person
from server.words import saying

UPLOADS = "10 per minute"
"""Per person."""
REPORTS = "20 per minute"
"""Per address: a hospital's phones may share one."""

SET_BACK_S = 5.0
"""A correction of the clock by less does not count as setting it back."""

AT_ONCE = Patience(wait_s=2.0, seats=7)
"""HTTP requests wait for another write for two seconds, and at most seven at a time: as many as can
wait while one of eight threads writes. One thread is left for those that only read. Guesses."""


@dataclass(frozen=True)
class Settings:
    """The operator's settings."""

    folder: Path
    database: str = ""
    """`postgresql://…`; empty means SQLite in the folder."""
    hosts: tuple[str, ...] = ()
    """Names the server answers to; empty means any."""
    https: bool = False
    """Whether cookies are sent by https only."""
    proxies: int = 0
    """How many proxies are between phones and this server, each adding the address it saw."""
    voice: str = ""
    """The speech engine for builds; empty means none."""
    limits: str = "memory://"
    """Where uploads are counted: several processes need one place, such as Redis."""

    copy_to: str = ""
    """Where the files for phones are copied whenever they change; empty means nowhere."""

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
    """The operator's settings."""
    found: Settings = current_app.config["NAVKIT"]
    return found


def seal() -> Seal:
    """The key to the secrets of second factors."""
    return factors.seal_of(settings().folder)


def now_ms() -> int:
    """Milliseconds since 1970."""
    return time.time_ns() // 1_000_000


def person() -> Person:
    """The signed-in person."""
    found: Person = g.person
    return found


def files() -> Files:
    """Stored sources and builds."""
    return settings().press.files


def session_secret() -> str:
    """The session secret in the cookie; empty if nobody has signed in."""
    return str(session.get("secret", ""))


def deed() -> Deed:
    """What the signed-in person does now: for the hospital in the address, or, if it
    has none, for that of their account."""
    where = g.hospital["id"] if g.hospital else person().hospital
    return Deed(rows(), now_ms(), person(), where)


def session_keys() -> list[str]:
    """Keys for signing cookies, the newest first."""
    config = current_app.config
    return [config["SECRET_KEY"], *config["SECRET_KEY_FALLBACKS"]]


def device() -> devices.Device:
    """The browser that asks."""
    return devices.read(request.cookies.get(devices.COOKIE, ""), session_keys())


def hospital() -> Row:
    """The hospital in the address."""
    found: Row = g.hospital
    return found


def language() -> str:
    """The reader's language."""
    found: str = g.language
    return found


def row_number(text: str) -> int:
    """A whole number in a form; `ValueError` if no row can have it."""
    found = int(text)
    if not 0 <= found <= LARGEST:
        raise ValueError(text)
    return found


def say(key: str, /, **slots: object) -> str:
    """The console's words, in the reader's language."""
    return saying.say(g.language, key, **slots)


def upload_limit() -> None:
    """Count an upload of this person; `NavkitError` if there were too many."""
    _limit("upload", UPLOADS, str(person().id), "too-many-uploads")


def report_limit(address: str) -> None:
    """Count a report from an address; `NavkitError` if there were too many."""
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
    """Counters in memory expire by the clock: if it was set back, they would last until it has
    caught up. Redis counts the seconds itself."""
    kept = current_app.extensions
    ahead_s = time.time() - time.monotonic()
    if ahead_s < kept.get("navkit-ahead-s", ahead_s) - SET_BACK_S:
        counted.reset()
    kept["navkit-ahead-s"] = ahead_s
