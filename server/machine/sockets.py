"""waitress as a hospital needs it: phones have their own threads, slow clients are cut off,
and oversized requests are refused before they are read.

Uses monotonic time, never the wall clock, which may be set back.
"""

import socket
import struct
import time
from collections.abc import Callable
from contextlib import suppress
from copy import copy
from typing import Any

from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import MultiSocketServer, TcpWSGIServer
from waitress.task import ThreadedTaskDispatcher
from waitress.utilities import RequestEntityTooLarge

from navkit.words.findings import Finding
from server.pages.bodies import BODILESS
from server.words import saying

THREADS = 8
"""For the console and programs, which may wait for the database."""
PHONE_THREADS = 4
"""For files and health, which wait for nothing."""
MOST_CONNECTIONS = 1000

GRACE_S = 30.0
LEAST_BYTES_S = 2500.0
"""A request, or an answer, may take this long, plus the time its bytes take at 20 kbit/s:
half of what a phone has at the edge of a network. Guesses."""
IDLE_S = 60.0
"""How long an idle connection is kept."""
LOOK_S = 1.0
"""How often to look for slow connections."""

_AT_ONCE = struct.pack("ii", 1, 0)
"""To close without waiting for unsent data."""

PHONE_PATHS = ("/h/", "/metadata/", "/healthz", "/static/")

MostBytes = Callable[[str, str, str], int]
"""Maximum length of a request's body, by method, path and content type."""


def allowed_s(moved_bytes: int) -> float:
    """How long a transfer of that size may have taken."""
    return GRACE_S + moved_bytes / LEAST_BYTES_S


class TooLong(RequestEntityTooLarge):  # type: ignore[misc]
    """The message for oversized requests: no page is made before a request is read."""

    def __init__(self, languages: str) -> None:
        super().__init__("")
        self._text = Finding("request-too-large", "").text(saying.language_of("", languages))

    def to_response(self, ident: str | None = None) -> tuple[str, list[tuple[str, str]], bytes]:
        kind = ("Content-Type", "text/plain; charset=utf-8")
        return f"{self.code} {self.reason}", [kind], f"{self._text}\n".encode()


class Parser(HTTPRequestParser):  # type: ignore[misc]
    """Knows from the header of a request how long its body may be."""

    adj: Any
    content_length: int

    def __init__(self, adj: Adjustments, most_bytes: MostBytes) -> None:
        super().__init__(adj)
        self._most_bytes = most_bytes

    def parse_header(self, header_plus: bytes) -> None:
        super().parse_header(header_plus)
        kind = self.headers.get("CONTENT_TYPE", "")
        most = self._most_bytes(self.command, self.path, kind)
        # waitress refuses a body whose length equals its limit.
        self.adj = copy(self.adj)
        self.adj.max_request_body_size = most + 1
        is_refused = self.content_length > most or (self.chunked and self.command in BODILESS)
        if is_refused:
            self.error = TooLong("")
            self.content_length, self.body_rcv = 0, None
            # waitress would tell the client to continue, and wait for the body.
            self.expect_continue = False

    def received(self, data: bytes) -> int:
        taken = int(super().received(data))
        if isinstance(self.error, RequestEntityTooLarge):
            self.error = TooLong(self.headers.get("ACCEPT_LANGUAGE", ""))
        return taken


class Channel(HTTPChannel):  # type: ignore[misc]
    """One connection, and since when it receives or sends."""

    def __init__(self, server: "Server", *rest: Any, **named: Any) -> None:
        self._most_bytes = server.most_bytes
        self._since_s = time.monotonic()
        self._moved_bytes = 0
        super().__init__(server, *rest, **named)

    def parser_class(self, adj: Adjustments) -> Parser:
        """waitress creates one parser per request by this name."""
        return Parser(adj, self._most_bytes)

    def _begin(self) -> None:
        self._since_s, self._moved_bytes = time.monotonic(), 0

    def received(self, data: bytes) -> bool:
        if self.request is None:
            self._begin()
        self._moved_bytes += len(data)
        return bool(super().received(data))

    def write_soon(self, data: Any) -> int:
        if not self.total_outbufs_len:
            self._begin()
        return int(super().write_soon(data))

    def send(self, data: bytes, do_close: bool = True) -> int:
        sent = int(super().send(data, do_close=do_close))
        self._moved_bytes += sent
        return sent

    def service(self) -> None:
        super().service()
        if not self.total_outbufs_len:
            self._begin()

    def is_slow(self, now_s: float) -> bool:
        """Whether it has taken too long; never while the server itself is working."""
        taken_s = now_s - self._since_s
        if self.total_outbufs_len:
            return taken_s > allowed_s(self._moved_bytes)
        if self.requests:
            return False
        return taken_s > (IDLE_S if self.request is None else allowed_s(self._moved_bytes))

    def cut(self) -> None:
        """End it. waitress closes a socket once it is writable, which that of a client that never
        reads never is; the data that the system holds for it is discarded too."""
        self.will_close = True
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
        with suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)


class Lanes:
    """Threads for phones and threads for everything else: requests that wait for the database delay
    only each other."""

    def __init__(self) -> None:
        self._phones, self._others = ThreadedTaskDispatcher(), ThreadedTaskDispatcher()
        self._phones.set_thread_count(PHONE_THREADS)
        self._others.set_thread_count(THREADS)

    def add_task(self, channel: Channel) -> None:
        """Answer the next request of a connection. One that could not be read has no path."""
        path = getattr(channel.requests[0], "path", PHONE_PATHS[0])
        lane = self._phones if path.startswith(PHONE_PATHS) else self._others
        lane.add_task(channel)

    def shutdown(self, cancel_pending: bool = True, timeout: float = 5) -> None:
        """Let running requests finish, then end."""
        for lane in (self._others, self._phones):
            lane.shutdown(cancel_pending, timeout)


class Server(TcpWSGIServer):  # type: ignore[misc]
    """One listening address."""

    channel_class = Channel

    def __init__(self, *rest: Any, most_bytes: MostBytes, **named: Any) -> None:
        self.most_bytes = most_bytes
        self._look_s = 0.0
        super().__init__(*rest, **named)

    def readable(self) -> bool:
        """Called in every turn of the loop."""
        now_s = time.monotonic()
        if now_s >= self._look_s:
            self._look_s = now_s + LOOK_S
            # A thread that answers removes a channel whose phone is gone.
            for channel in list(self.active_channels.values()):
                if channel.is_slow(now_s):
                    channel.cut()
        return bool(super().readable())

    def maintenance(self, now: float) -> None:
        """waitress's own, by the wall clock."""


def listen(application: Any, host: str, port: int, most_bytes: MostBytes) -> MultiSocketServer:
    """A server at a port of all addresses of a host; `run` serves, `close` ends it. `OSError`
    if the port is taken."""
    adj = Adjustments(
        host=host,
        port=port,
        ident=None,
        # `Proxies` decides which of them is trusted.
        clear_untrusted_proxy_headers=False,
        connection_limit=MOST_CONNECTIONS,
        asyncore_use_poll=True,
    )
    sockets: dict[int, Any] = {}
    lanes = Lanes()
    try:
        servers = [
            Server(
                application, sockets, dispatcher=lanes, adj=adj, sockinfo=one, most_bytes=most_bytes
            )
            for one in adj.listen
        ]
    except OSError:
        lanes.shutdown(timeout=0)
        wasyncore.close_all(sockets)
        raise
    places = [(one.effective_host, one.effective_port) for one in servers]
    return MultiSocketServer(sockets, adj, places, lanes, servers[0].log_info)
