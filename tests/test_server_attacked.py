"""Through real sockets: clients that are slow, send too much or lock the database do not keep
anybody else waiting."""

import socket
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from select import select
from shutil import copytree
from subprocess import check_output
from urllib.parse import urlencode

import front
import pytest
from clinic import HOSPITAL, Clerk, House, new_house
from served import Pulse, Server, percentile, serving

from server.machine import sockets
from server.pages.health import FRESH_S, PASSING_S

pytestmark = pytest.mark.process

HEALTH_MS = 250.0
LONGEST_ANSWER_S = 2.0
"""How long the database is waited for, and a little."""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    made = new_house(tmp_path_factory.mktemp("attacked") / "data").hire()
    made.publish(made.build())
    made.rows.close()
    return made


@pytest.fixture(scope="module")
def server(house: House) -> Iterator[Server]:
    with serving(house.settings.folder) as started:
        yield started


def cookies(clerk: Clerk) -> str:
    """Those of a browser, as it sends them."""
    found = (clerk.client.get_cookie(name) for name in ("navkit", "navkit-device"))
    return "; ".join(f"{one.key}={one.value}" for one in found if one)


def form_of_an_upload(clerk: Clerk) -> tuple[bytes, str]:
    """The beginning of a form with a file, and the head of the request but for how long it is."""
    mark = "8f6a"
    fields = {"csrf_token": clerk.token(), "kind": "drawing", "seen": "{}"}
    form = "".join(
        f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    )
    form += f'--{mark}\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\n'
    head = f"POST /hospitals/{HOSPITAL}/sources HTTP/1.1\r\nHost: x\r\nCookie: {cookies(clerk)}\r\n"
    return form.encode(), f"{head}Content-Type: multipart/form-data; boundary={mark}\r\n"


@contextmanager
def locked(data: Path, mode: str = "BEGIN IMMEDIATE") -> Iterator[None]:
    """Another program that has begun to write and does not end."""
    other = sqlite3.connect(data / "navkit.db", isolation_level=None)
    try:
        other.execute(mode)
        yield
        other.execute("ROLLBACK")
    finally:
        other.close()


# ------------------------------------------------------------------- a locked database


@pytest.mark.alone
def test_a_locked_database_is_told_in_time_and_keeps_nobody_from_reading(
    house: House, server: Server
) -> None:
    clerk = server.clerk("desk", HOSPITAL)
    form = urlencode({"csrf_token": clerk.token(), "because": "full"}).encode()
    said = {"Cookie": cookies(clerk), "Content-Type": "application/x-www-form-urlencoded"}
    desk, ends_s = f"/hospitals/{HOSPITAL}/desk", time.monotonic() + 5
    taken: dict[str, list[tuple[int, float]]] = {"close": [], "file": [], "page": []}

    def timed(what: str, *asked: object) -> None:
        began_s = time.monotonic()
        status, *_ = server.answer(*asked)  # type: ignore[arg-type]
        taken[what].append((status, time.monotonic() - began_s))

    def close() -> None:
        while time.monotonic() < ends_s:
            timed("close", "POST", f"{desk}/L", form, said)

    def read() -> None:
        while time.monotonic() < ends_s:
            timed("file", "GET", f"/h/{HOSPITAL}/", b"", {})
            timed("page", "GET", desk, b"", said)

    # A lock is passing for who was well a moment ago.
    assert server.ask("GET", "/healthz") == (200, b"ok\n")
    with locked(house.settings.folder), ThreadPoolExecutor(18) as pool, Pulse(server) as pulse:
        for act in [pool.submit(what) for what in [close] * 16 + [read] * 2]:
            act.result()
        status, headers, content = server.answer("POST", f"{desk}/L", form, said)
    time.sleep(2 * FRESH_S)
    healthy = server.ask("GET", "/healthz")

    assert status == 503 and int(dict(headers)["Retry-After"]) > 0
    assert "数据库正被占用" in content.decode()
    assert {status for status, _ in taken["close"]} == {503}
    assert {status for status, _ in taken["file"] + taken["page"]} == {200}
    assert max(s for _, s in taken["close"]) < LONGEST_ANSWER_S + 2
    assert max(s for _, s in taken["file"]) < 1
    assert pulse.statuses.keys() == {"200", "503"} and pulse.statuses["503"] > 20
    assert healthy == (200, b"ok\n")


def test_health_says_what_is_wrong(house: House, server: Server) -> None:
    with locked(house.settings.folder), Pulse(server):
        time.sleep(2 * PASSING_S)
        said = server.ask("GET", "/healthz")

    assert said == (503, b"database: locked\n")


# ------------------------------------------------------------------- who is slow


@contextmanager
def slow_clients(server: Server, count: int, head: bytes) -> Iterator[Counter[str]]:
    """Each sends one byte a second, and comes again when it is cut off."""
    stop, ends = threading.Event(), Counter[str]()

    def send() -> None:
        while not stop.is_set():
            with suppress(OSError), socket.create_connection(("127.0.0.1", server.port)) as one:
                one.sendall(head)
                while not stop.wait(1):
                    one.sendall(b"x")
                return
            ends["cut"] += 1

    clients = [threading.Thread(target=send, daemon=True) for _ in range(count)]
    for client in clients:
        client.start()
    yield ends
    stop.set()
    for client in clients:
        client.join()


HEAD = b"GET /healthz HTTP/1.1\r\nHost: slow.example\r\nX-Slow: "
BODY = b"POST /sign-in HTTP/1.1\r\nHost: slow.example\r\nContent-Length: 10000\r\n\r\n"


@pytest.mark.alone
def test_health_is_told_in_time_whatever_happens(house: House, server: Server) -> None:
    """With 32 slow clients, eight uploads under way, and a database that is locked for a while."""
    clerk = server.clerk("editor", HOSPITAL)
    form, more = form_of_an_upload(clerk)
    size = len(form) + 8 * 2**20
    head = f"{more}Content-Length: {size}\r\n\r\n"

    def pieces() -> Iterator[bytes]:
        yield form
        for _ in range(128):
            time.sleep(0.05)
            yield b"x" * 2**16

    uploads = [threading.Thread(target=send, args=(server, head, pieces())) for _ in range(8)]
    with (
        slow_clients(server, 16, HEAD),
        slow_clients(server, 16, BODY),
        Pulse(server) as pulse,
    ):
        for each in uploads:
            each.start()
        time.sleep(2)
        with locked(house.settings.folder):
            time.sleep(4)
        for each in uploads:
            each.join()

    assert percentile(pulse.taken_ms, 0.99) <= HEALTH_MS
    assert max(pulse.taken_ms) <= 1000
    assert pulse.statuses.keys() <= {"200", "503"} and pulse.statuses["200"] > 50


class Clock:
    """Moves by itself and by hand."""

    def __init__(self) -> None:
        self._ahead_s = 0.0

    def monotonic(self) -> float:
        return time.monotonic() + self._ahead_s

    def time(self) -> float:
        return time.time()

    def forward(self, seconds: float) -> None:
        self._ahead_s += seconds


class Listening:
    """waitress in a thread of this process, whose seconds pass by hand."""

    def __init__(self, content: bytes, clock: Clock, patch: pytest.MonkeyPatch) -> None:
        def application(environ: object, start: Callable[..., object]) -> list[bytes]:
            start("200 OK", [("Content-Length", str(len(content)))])
            return [content]

        patch.setattr(sockets, "time", clock)
        self._served = sockets.listen(application, "127.0.0.1", 0, lambda *_: 10_000)
        self.port = int(self._served.effective_listen[0][1])
        self._thread = threading.Thread(target=self._served.run, daemon=True)
        self._thread.start()

    def wait_until_nobody_is_there(self) -> None:
        until_s = time.monotonic() + 20
        while any(isinstance(one, sockets.Channel) for one in list(self._served.map.values())):
            assert time.monotonic() < until_s, "nobody is cut off"
            time.sleep(0.1)

    def stop(self) -> None:
        self._served.close()
        self._thread.join(10)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def listening(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Iterator[Listening]:
    made = Listening(bytes(60 * 2**20), clock, monkeypatch)
    yield made
    made.stop()


def is_cut(one: socket.socket, within_s: float = 10.0) -> bool:
    """Whether the other side hangs up."""
    one.settimeout(within_s)
    try:
        return one.recv(1) == b""
    except TimeoutError:
        return False
    except OSError:
        return True


@pytest.mark.parametrize("head", [b"", HEAD, BODY], ids=["nothing", "a head", "a body"])
def test_who_sends_byte_by_byte_is_cut_off(head: bytes, listening: Listening, clock: Clock) -> None:
    with socket.create_connection(("127.0.0.1", listening.port)) as one:
        one.sendall(head)
        for _ in range(4):
            one.sendall(b"x" if head else b"")
            clock.forward(sockets.GRACE_S / 5)
            time.sleep(0.05)
        assert not is_cut(one, within_s=2.5), "it has not taken too long yet"
        clock.forward(sockets.GRACE_S + sockets.IDLE_S)

        assert is_cut(one)


def test_who_reads_byte_by_byte_is_cut_off_and_who_reads_steadily_is_not(
    listening: Listening, clock: Clock
) -> None:
    with socket.create_connection(("127.0.0.1", listening.port)) as one:
        one.sendall(b"GET /h/x HTTP/1.1\r\nHost: x\r\n\r\n")
        come = 0
        while come < 10 * 2**20:
            come += len(one.recv(2**20))
        # As long as its bytes take at the slowest speed that is allowed.
        clock.forward(come / sockets.LEAST_BYTES_S)
        time.sleep(1.5)
        steadily = len(one.recv(2**20))
        clock.forward(sockets.allowed_s(61 * 2**20))
        listening.wait_until_nobody_is_there()
        rest = 0
        with suppress(OSError):
            while piece := one.recv(2**20):
                rest += len(piece)

    assert steadily > 0
    assert come + steadily + rest < 60 * 2**20, "it was sent whole to whoever does not read"


def test_a_clock_set_back_lets_nobody_hold_a_connection(
    listening: Listening, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_connection(("127.0.0.1", listening.port)) as one:
        one.sendall(HEAD)
        time.sleep(0.5)
        monkeypatch.setattr(time, "time", lambda: 0.0)
        clock.forward(sockets.GRACE_S + 1)

        assert is_cut(one)


# ------------------------------------------------------------------- who sends too much


MB = 2**20
GROWTH_KB = 40_000
"""What a process may take more, at its peak, for a body of 63 MB that it does not want."""

PATHS = (
    ("POST", "/sign-in"),
    ("POST", "/language"),
    ("POST", f"/api/v1/hospitals/{HOSPITAL}/reports"),
    ("POST", f"/api/v1/hospitals/{HOSPITAL}/closures"),
    ("POST", f"/hospitals/{HOSPITAL}/sources"),
    ("POST", "/nowhere"),
    ("GET", "/healthz"),
    ("GET", f"/h/{HOSPITAL}/"),
    ("GET", "/sign-in"),
)


@pytest.fixture(scope="module", params=["navkit serve", "gunicorn"])
def either(
    request: pytest.FixtureRequest, house: House, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    start = {"navkit serve": serving, "gunicorn": front.gunicorn}[request.param]
    data = tmp_path_factory.mktemp("either") / "data"
    with start(copytree(house.settings.folder, data)) as started:
        yield started


def send(server: Server, head: str, pieces: Iterable[bytes]) -> tuple[int, int]:
    """The status of the answer, 0 where there was none, and how much was sent until it came."""
    sent = 0
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as one:
        with suppress(OSError):
            one.sendall(head.encode("ascii"))
            for piece in pieces:
                if select([one], [], [], 0)[0]:
                    break
                one.sendall(piece)
                sent += len(piece)
        with suppress(OSError):
            said = one.recv(64)
            return (int(said.split(b" ")[1]) if said else 0), sent
    return 0, sent


def chunks(total: int, piece: int = 2**16) -> Iterator[bytes]:
    for _ in range(total // piece):
        yield f"{piece:x}\r\n".encode() + b"x" * piece + b"\r\n"
    yield b"0\r\n\r\n"


def peaks_kb(port: int) -> dict[str, int]:
    """The most memory that each process at a port has ever had."""
    found = check_output(["ss", "-Hltnp", f"sport = :{port}"], text=True)
    numbers = {part.split(",")[0] for part in found.split("pid=")[1:]}
    said = {n: Path(f"/proc/{n}/status").read_text(encoding="ascii") for n in numbers}
    return {n: int(text.split("VmHWM:")[1].split()[0]) for n, text in said.items()}


@pytest.mark.parametrize(("method", "path"), PATHS)
def test_a_body_that_nobody_wants_is_not_read(either: Server, method: str, path: str) -> None:
    head = f"{method} {path} HTTP/1.1\r\nHost: x\r\nContent-Type: {{kind}}\r\n"
    before = peaks_kb(either.port)
    statuses = set()
    for kind in ("application/x-www-form-urlencoded", "application/json"):
        chunked = head.format(kind=kind) + "Transfer-Encoding: chunked\r\n\r\n"
        statuses.add(send(either, chunked, chunks(63 * MB))[0])
        long = head.format(kind=kind) + f"Content-Length: {63 * MB}\r\n\r\n"
        statuses.add(send(either, long, [b"x" * MB] * 63)[0])
    after = peaks_kb(either.port)

    assert statuses <= {400, 401, 404, 413, 0}, statuses
    assert before.keys() == after.keys(), "a process has died"
    assert all(after[n] - before[n] < GROWTH_KB for n in after), (before, after)
    assert either.ask("GET", "/healthz")[0] == 200


def test_a_length_that_is_a_lie_holds_nobody(either: Server) -> None:
    head = "POST /sign-in HTTP/1.1\r\nHost: x\r\n"
    answers = {
        lie: send(either, f"{head}Content-Length: {lie}\r\n\r\n", [b"a=b"])[0]
        for lie in ("-1", "1e3", "99999999999999999999", "0x10", "1, 2")
    }

    assert set(answers.values()) <= {400, 411, 413}, answers
    assert either.ask("GET", "/healthz")[0] == 200


def test_an_upload_in_chunks_lies_on_the_disk_and_not_in_memory(either: Server) -> None:
    form, head = form_of_an_upload(either.clerk("editor", HOSPITAL))

    def body() -> Iterator[bytes]:
        for piece in (form, *[b"x" * MB] * 63, b"\r\n--8f6a--\r\n"):
            yield f"{len(piece):x}\r\n".encode() + piece + b"\r\n"
        yield b"0\r\n\r\n"

    before = peaks_kb(either.port)
    head += "Transfer-Encoding: chunked\r\n\r\n"
    status, _ = send(either, head, body())
    after = peaks_kb(either.port)

    assert status == 400, "a drawing has another suffix"
    assert before.keys() == after.keys(), "a process has died"
    assert all(after[n] - before[n] < GROWTH_KB for n in after), (before, after)
