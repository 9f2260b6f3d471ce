"""A server in a separate process, as `navkit serve` runs it, or beside a test; its http clients."""

import os
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path
from typing import Any

from clinic import HOSPITAL, PASSWORD, Clerk
from flask import Flask
from waitress.server import create_server
from werkzeug.test import Client
from werkzeug.wrappers import Request

ROOT = Path(__file__).parents[1]
PATIENCE_S = 60.0
"""For one answer. Whatever takes longer hangs."""
STARTING_S = 60.0


@dataclass
class Server:
    """Where it is, and how often it has answered what."""

    port: int
    statuses: Counter[int] = field(default_factory=Counter)
    source: str = ""
    """The address that asks; one of this machine's 127.0.0.0/8."""
    tls: ssl.SSLContext | None = None

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, Any]:
        """Status and content of one answer."""
        status, _, content = self.answer(method, path, body, headers)
        return status, content

    def browser(self, hospital: str = HOSPITAL) -> Clerk:
        """Somebody at a browser, not signed in."""
        return Clerk(Client(self._over_http), hospital)

    def clerk(self, name: str, hospital: str, password: str = PASSWORD) -> Clerk:
        """Somebody at a browser, signed in."""
        clerk = self.browser(hospital)
        assert clerk.post("/sign-in", name=name, password=password).status_code == 303
        return clerk

    def _over_http(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        """As an application of this process, so that cookies and forms are as in other tests."""
        asked = Request(environ)
        body, said = asked.get_data(), {k: v for k, v in asked.headers if k != "Host"}
        # Large content is in a file.
        environ["wsgi.input"].close()
        status, headers, content = self.answer(
            asked.method, asked.full_path.rstrip("?"), body, said
        )
        start(f"{status} -", headers)
        return [content]

    def answer(
        self, method: str, path: str, body: bytes, headers: dict[str, str]
    ) -> tuple[int, list[tuple[str, str]], bytes]:
        """Status, headers and content of one answer, over a connection of its own."""
        source = (self.source, 0) if self.source else None
        place = {"host": "127.0.0.1", "port": self.port, "source_address": source}
        connection = (
            HTTPSConnection(**place, timeout=PATIENCE_S, context=self.tls)
            if self.tls
            else HTTPConnection(**place, timeout=PATIENCE_S)
        )
        try:
            connection.request(method, path, body or None, headers)
            answer = connection.getresponse()
            self.statuses[answer.status] += 1
            return answer.status, answer.getheaders(), answer.read()
        finally:
            connection.close()


def free_port() -> int:
    """One that nobody has at this moment."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


@contextmanager
def process(words: list[str], log: Path, **environment: str) -> Iterator[None]:
    """A program, as long as it is needed; it is asked to stop, and made to where it does not."""
    with log.open("wb") as told:
        running = subprocess.Popen(
            words, cwd=ROOT, stdout=told, stderr=told, env={**os.environ, **environment}
        )
        try:
            yield
        finally:
            with suppress(ProcessLookupError):
                running.send_signal(signal.SIGINT)
            try:
                running.wait(20)
            except subprocess.TimeoutExpired:
                running.kill()
                running.wait()


@contextmanager
def serving(folder: Path, **environment: str) -> Iterator[Server]:
    """`navkit serve` on a data folder in which there is somebody already."""
    server = Server(free_port())
    command = "from tools.cli import main; main()"
    words = [sys.executable, "-c", command, "serve", "--data", str(folder)]
    log = folder.with_name("served.log")
    with process([*words, "--port", str(server.port)], log, **environment):
        until_answers(server, "/healthz")
        yield server


@contextmanager
def beside(app: Flask, threads: int = 4) -> Iterator[str]:
    """An application by http as `navkit serve` serves it, in a thread of this process; its
    address."""
    server = create_server(app, host="127.0.0.1", port=0, threads=threads)

    def run() -> None:
        # Who closes it takes the sockets away under its loop.
        with suppress(OSError):
            server.run()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        server.close()
        thread.join(timeout=1)


@contextmanager
def idling(folder: Path) -> Iterator[Server]:
    """A server with nothing to do but to say that it is well, to tell other servers from the
    machine."""
    folder.mkdir()
    (folder / "healthz").write_text("ok\n", encoding="ascii")
    server = Server(free_port())
    words = [sys.executable, "-m", "http.server", str(server.port), "--bind", "127.0.0.1"]
    with process([*words, "--directory", str(folder)], folder.with_name("idled.log")):
        until_answers(server, "/healthz")
        yield server


def until_answers(server: Server, path: str) -> None:
    """Wait until it is there."""
    until_s = time.monotonic() + STARTING_S
    while True:
        with suppress(OSError, HTTPException):
            server.ask("GET", path)
            server.statuses.clear()
            return
        assert time.monotonic() < until_s, f"nothing answers at port {server.port}"
        time.sleep(0.05)


class Pulse:
    """Asks `/healthz` every so often for as long as it is entered: statuses, and how long each
    answer took from the moment at which it was due to be asked for, so that a server that stands
    still is not asked less."""

    def __init__(self, server: Server, every_s: float = 0.05) -> None:
        self._server = Server(server.port)
        self._every_s = every_s
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._beat, daemon=True)
        self.taken_ms: list[float] = []
        self.statuses: Counter[str] = Counter()

    def _beat(self) -> None:
        due_s = time.monotonic()
        while not self._stop.wait(max(0.0, due_s - time.monotonic())):
            try:
                said = str(self._server.ask("GET", "/healthz")[0])
            except (OSError, HTTPException) as error:
                said = type(error).__name__
            self.statuses[said] += 1
            self.taken_ms.append((time.monotonic() - due_s) * 1000)
            due_s += self._every_s

    def __enter__(self) -> "Pulse":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()


def percentile(taken_ms: list[float], share: float) -> float:
    """The time within which that share of them was done."""
    return sorted(taken_ms)[min(len(taken_ms) - 1, int(share * len(taken_ms)))]
