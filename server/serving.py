"""A server on this machine: its data folder, its administrator, its worker, its pages."""

import errno
import json
import logging
import os
import socket
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from sqlite3 import Connection
from typing import TextIO

from flask import Flask

from navkit.words.findings import LOG_LANGUAGE, Finding, NavkitError
from server.data import rows
from server.data.alone import hold
from server.data.rows import Rows
from server.machine import forgetting, modes, sockets
from server.machine.worker import Worker
from server.pages.app import create_app
from server.pages.bodies import most_bytes_at
from server.pages.context import Settings, now_ms
from server.press import closures, copying, publishing, scrubbing
from server.press.press import Press
from server.press.signing import Signer
from server.staff import people
from server.staff.deed import Deed
from server.staff.roles import NOBODY

log = logging.getLogger("navkit.server")

ADMINISTRATOR = "admin"
PASSWORD = "NAVKIT_ADMIN_PASSWORD"
HOUR_S = 3600.0
TURN_S = 0.0005
"""How long a computing thread keeps others waiting. An answer takes dozens of switches: with
Python's 5 ms, /healthz took 2.3 s beside a search on the largest floor."""
WATCH_S = 60.0
"""A file for phones that is gone is restored after this time."""

LOOK_S, RETRY_S = 10.0, 60.0
"""How often to check for changes to copy, and how long to wait after a failure."""

_USUAL = ("copy-busy", "nothing-to-copy", "scrub-busy")
"""Expected: other processes do the same work, and a new server has nothing yet."""


def from_environment(folder: Path) -> Settings:
    """Settings for a data folder; everything else comes from the environment."""
    proxies = os.environ.get("NAVKIT_PROXIES") or "0"
    if not (proxies.isascii() and proxies.isdigit() and len(proxies) < 3):
        raise NavkitError("setting-no-number", "NAVKIT_PROXIES", said=proxies)
    hosts = tuple(filter(None, os.environ.get("NAVKIT_HOSTS", "").split(",")))
    # Absolute: the file server would look for a relative folder beside its own code.
    return Settings(
        folder.resolve(),
        database=os.environ.get("NAVKIT_DATABASE", ""),
        hosts=hosts,
        https=os.environ.get("NAVKIT_HTTPS", "") == "1",
        proxies=int(proxies),
        voice=os.environ.get("NAVKIT_VOICE", ""),
        limits=os.environ.get("NAVKIT_LIMITS", "memory://"),
        copy_to=os.environ.get("NAVKIT_PUBLISH_TO", ""),
    )


def prepare(settings: Settings) -> list[Finding]:
    """Create the folder and the tables, and update what phones read; returns what failed."""
    modes.make(settings.folder)
    # Private files are in a closed folder; what phones read is for everybody.
    os.umask(0o022)
    settings.press.files.prepare()
    rows.migrate(settings.address)
    lost = Finding("metadata-lost", "", {"folder": str(settings.folder)})
    told = [lost] if settings.press.signer.is_lost else []
    connection = rows.connect(settings.address)
    try:
        return told + publishing.restore(connection, settings.press, now_ms())
    finally:
        connection.close()


def occupy(settings: Settings, *, shared: bool) -> Connection:
    """Hold the data folder as long as the returned connection is open: one `navkit serve`, or
    processes of one service that share it. `NavkitError` if another server uses it."""
    modes.make(settings.folder)
    try:
        return hold(settings.folder / "keys" / "lock-serving", shared=shared)
    except TimeoutError:
        raise NavkitError("folder-taken", folder=str(settings.folder)) from None


def first_start(settings: Settings, ask: Callable[[], str]) -> bool:
    """Create the administrator if there is nobody yet; returns whether there was nobody."""
    connection = rows.connect(settings.address)
    try:
        if people.everyone(connection):
            return False
        typed = os.environ.get(PASSWORD, "")
        password = typed or ask()
        if not password:
            raise NavkitError("password-needed")
        try:
            by_itself = Deed(connection, now_ms(), NOBODY, "")
            people.add(by_itself, ADMINISTRATOR, password, "administrator")
        except NavkitError as refused:
            where = PASSWORD if typed else refused.finding.where
            raise NavkitError(refused.finding.code, where, **refused.finding.slots) from None
    finally:
        connection.close()
    return True


def log_to(stream: TextIO) -> None:
    """One line of JSON per request: no address, no destination, no position."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(_Lines())
    log.handlers[:] = [handler]
    log.setLevel(logging.INFO)
    log.propagate = False


class _Lines(logging.Formatter):
    """Messages are JSON already; the time is put before them."""

    def format(self, record: logging.LogRecord) -> str:
        return f'{{"at":"{self.formatTime(record)}",{record.getMessage()[1:]}'


def clock(signer: Signer) -> None:
    """Sign the timestamp now and every hour, as long as the process lives: it tells phones that
    their data is still the newest."""

    def sign() -> float:
        signer.tick(now_ms())
        return HOUR_S

    _again_and_again("clock", sign)


def copier(settings: Settings) -> None:
    """Copy what phones read to its destination whenever it has changed, as long as the process
    lives. `NavkitError` if nothing can ever be copied there."""
    if not settings.copy_to:
        return
    copying.place_at(settings.copy_to)
    copied = ""

    def copy() -> float:
        nonlocal copied
        copied = copy_changed(settings, copied)
        return LOOK_S if copied else RETRY_S

    _again_and_again("copier", copy)


def keeper(settings: Settings) -> None:
    """Delete expired data every hour, and tell phones of the next nights of what is closed every
    night; every minute check that the files for phones are there,
    and once a day every byte of all files. Runs as long as the process
    lives."""

    def with_rows(act: Callable[[Rows], None]) -> None:
        connection = rows.connect(settings.address)
        try:
            act(connection)
        finally:
            connection.close()

    def watch() -> float:
        with_rows(lambda found: scrubbing.watch(found, settings.press, now_ms()))
        return WATCH_S

    def scrub() -> float:
        with_rows(lambda found: scrub_daily(found, settings.press))
        return HOUR_S

    def renew() -> float:
        with_rows(lambda found: renew_closures(found, settings.press))
        return HOUR_S

    def forget() -> float:
        with_rows(lambda found: forgetting.forget(found, now_ms()))
        return HOUR_S

    _again_and_again("forget", forget)
    _again_and_again("renew", renew)
    _again_and_again("watch", watch)
    _again_and_again("scrub", scrub)


def renew_closures(found: Rows, press: Press) -> None:
    """Write the next periods of closures that repeat."""
    for hospital in closures.renew(found, press, now_ms()):
        log.info(json.dumps({"renewed": hospital}))


def scrub_daily(found: Rows, press: Press) -> None:
    """Scrub, unless that was done within the last day; slowly, because others need the disk too."""
    if now_ms() - scrubbing.last_scrub_ms(found) < scrubbing.DAY_MS:
        return
    done = scrubbing.scrub(
        found, press, now_ms(), rest=lambda bytes_: time.sleep(bytes_ / scrubbing.BYTES_A_S)
    )
    told = {"scrubbed": done.files, "bytes": done.bytes, "healed": len(done.healed)}
    log.info(json.dumps({**told, "damaged": len(done.damaged)}))


def _again_and_again(name: str, act: Callable[[], float]) -> None:
    """Repeat something in a thread of its own, each time after as many seconds as it returns.
    Errors are logged and it is retried: a full disk will be emptied some day."""

    def run() -> None:
        while True:
            try:
                pause_s = act()
            except NavkitError as error:
                if error.finding.code not in _USUAL:
                    log.error(json.dumps({name: error.finding.code}))
                pause_s = RETRY_S
            except Exception as error:
                log.error(json.dumps({name: type(error).__name__, "why": str(error)[:200]}))
                pause_s = RETRY_S
            time.sleep(pause_s)

    threading.Thread(target=run, name=name, daemon=True).start()


def copy_changed(settings: Settings, copied: str) -> str:
    """Copy if anything has changed since the last copy; returns the stamp of what is copied now,
    empty if that failed."""
    try:
        stamp = copying.stamp(settings.press.public)
        if stamp != copied:
            now = datetime.now(UTC)
            copying.copy(settings.folder, settings.copy_to, now, lambda act, path: None)
        return stamp
    except NavkitError as error:
        told = {"copy": error.finding.code, **error.finding.slots}
    except OSError as error:
        told = {"copy": "cannot-read", "why": str(error.strerror)}
    if told["copy"] not in _USUAL:
        log.error(json.dumps(told, ensure_ascii=False))
    return ""


def claim(host: str, port: int) -> None:
    """`NavkitError` if another program has the port, or this machine has no such address:
    then nothing is created."""
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except (socket.gaierror, TypeError, UnicodeError):
            raise NavkitError("host-not-here", host) from None
        except OSError as error:
            if error.errno == errno.EADDRNOTAVAIL:
                raise NavkitError("host-not-here", host) from None
            raise NavkitError("port-taken", port=str(port)) from None


def serve(settings: Settings, host: str, port: int) -> None:
    """Serve until stopped, with a worker beside it."""
    sys.setswitchinterval(TURN_S)
    log_to(sys.stderr)
    copier(settings)
    app = create_app(settings)
    try:
        server = sockets.listen(app, host, port, partial(most_bytes_at, app.url_map))
    except OSError:
        raise NavkitError("port-taken", port=str(port)) from None
    worker = Worker(settings.address, settings.folder)
    worker.start()
    clock(settings.press.signer)
    keeper(settings)
    try:
        server.run()
    finally:
        worker.stop()
        server.close()


def application() -> Flask:
    """For gunicorn and similar: `gunicorn 'server.serving:application()'`, with NAVKIT_DATA.
    Each process has a worker; leases keep them from doing the same work."""
    settings = from_environment(Path(os.environ.get("NAVKIT_DATA", "data")))
    occupied = occupy(settings, shared=True)
    sys.setswitchinterval(TURN_S)
    log_to(sys.stderr)
    for finding in [*prepare(settings), *modes.tighten(settings.folder)]:
        log.warning(json.dumps({"told": finding.code, "why": finding.text(LOG_LANGUAGE)}))
    Worker(settings.address, settings.folder).start()
    clock(settings.press.signer)
    copier(settings)
    keeper(settings)
    app = create_app(settings)
    app.extensions["navkit-occupied"] = occupied
    return app
