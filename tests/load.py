"""Load limits of the server on this machine, set up as in `docs/deploying.md`: a table.

`python tests/load.py` makes a small published clinic, starts gunicorn behind nginx and plain
nginx for comparison, all on 127.0.0.1, and sends requests. Read the ratios: the load generator
uses the same cores.
"""

import os
import random
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from shutil import copytree

import front
from clinic import HOSPITAL, House, new_house
from served import Pulse, Server, percentile, serving

LARGE_BYTES = 300_000
CONNECTIONS = 32
SECONDS = 5
ROUNDS = 3

STAFF = 50
CLICKING_S = 40.0
BETWEEN_CLICKS_S = (0.5, 1.5)
"""Faster than anybody reads."""

SLOW = 32
SLOW_S = 20.0
SLOW_HEAD = b"GET /healthz HTTP/1.1\r\nHost: slow.example\r\nX-Slow: " + b"a" * 10_000
SLOW_BODY = b"POST /sign-in HTTP/1.1\r\nHost: slow.example\r\nContent-Length: 10000\r\n\r\n"

GOALS = {"files": 1000.0, "unchanged": 5000.0, "staff": 200.0, "slow": 250.0}
"""Answers a second, and milliseconds within which 99 of 100 are answered."""


def main() -> None:
    missing = [
        name for name, found in (("nginx", front.NGINX), ("wrk", shutil.which("wrk"))) if not found
    ]
    if missing:
        sys.exit(f"To measure, this needs: apt-get install {' '.join(missing)}")
    print(f"{os.cpu_count()} cores, load before: {_load()}", file=sys.stderr)
    with tempfile.TemporaryDirectory(prefix="navkit-load-") as place, ExitStack() as stack:
        folder = Path(place)
        house = new_house(folder / "data").hire()
        house.publish(house.build())
        data = house.settings.folder
        application = stack.enter_context(front.gunicorn(data))
        servers = {
            "as deployed": stack.enter_context(
                front.nginx(folder / "nginx", data, application.port)
            ),
            "plain nginx": stack.enter_context(
                front.plain_nginx(folder / "plain", data / "public")
            ),
            "gunicorn alone": application,
        }
        rates = {
            "files": _rates(servers, _large_file(house), changed=True),
            "unchanged": _rates(servers, f"/h/{HOSPITAL}/closures.json", changed=False),
        }
        clicks_ms = _staff(servers["as deployed"])
        slow = {"as deployed": _slow(servers["as deployed"])}
        # A folder is for one server.
        copied = Path(copytree(data, folder / "copied" / "data"))
        alone = stack.enter_context(serving(copied))
        slow["navkit serve alone"] = _slow(alone)
    print(_table(rates, clicks_ms, slow))
    print(f"load after: {_load()}", file=sys.stderr)


def _load() -> str:
    return " ".join(f"{number:.1f}" for number in os.getloadavg())


def _large_file(house: House) -> str:
    """The address of a file as large as a floor's, beside the bundle: there nothing is swept."""
    content = random.Random(1).randbytes(LARGE_BYTES)
    (house.settings.press.folder(HOSPITAL) / "large.json").write_bytes(content)
    return f"/h/{HOSPITAL}/large.json"


def _rates(servers: Mapping[str, Server], path: str, *, changed: bool) -> Mapping[str, float]:
    """Answers a second by server, the median of rounds in turn."""
    found: dict[str, list[float]] = {name: [] for name in servers}
    for _ in range(ROUNDS):
        for name, server in servers.items():
            _, headers, content = server.answer("GET", path, b"", {})
            etag = dict(headers)["ETag"]
            asked = {} if changed else {"If-None-Match": etag}
            assert server.answer("GET", path, b"", asked)[0] == (200 if changed else 304)
            assert not changed or len(content) == LARGE_BYTES
            found[name].append(_wrk(server, path, asked))
    return {name: statistics.median(each) for name, each in found.items()}


def _wrk(server: Server, path: str, headers: Mapping[str, str]) -> float:
    words = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s"]
    for name, value in headers.items():
        words += ["-H", f"{name}: {value}"]
    address = f"http://127.0.0.1:{server.port}{path}"
    said = subprocess.run([*words, address], capture_output=True, text=True, check=True).stdout
    assert "Non-2xx" not in said and "Socket errors" not in said, said
    found = re.search(r"Requests/sec: +([\d.]+)", said)
    assert found, said
    return float(found[1])


def _staff(server: Server) -> Sequence[float]:
    """How long each click took of people who look at one page after another."""
    base = f"/hospitals/{HOSPITAL}"
    pages = (base, f"{base}/builds/1", f"{base}/builds/1/levels/1F", f"{base}/directory",
             f"{base}/builds/1/levels/2F.svg", f"{base}/corrections", f"{base}/history",
             f"{base}/desk", f"{base}/desk/L", "/account")  # fmt: skip
    clerks = [server.clerk("editor", HOSPITAL) for _ in range(STAFF)]
    until_s = time.monotonic() + CLICKING_S

    def click(number: int) -> list[float]:
        draw, taken_ms = random.Random(number), []
        while time.monotonic() < until_s:
            time.sleep(draw.uniform(*BETWEEN_CLICKS_S))
            page, began_s = draw.choice(pages), time.monotonic()
            answer = clerks[number].get(page)
            taken_ms.append((time.monotonic() - began_s) * 1000)
            assert answer.status_code == 200, (page, answer.status_code)
        return taken_ms

    with ThreadPoolExecutor(STAFF) as pool:
        return [one for each in pool.map(click, range(STAFF)) for one in each]


@contextmanager
def _slow_clients(server: Server) -> Iterator[None]:
    """Some send a header, some a body, one byte a second; clients that are cut off reconnect."""
    stop = threading.Event()

    def send(text: bytes, at_once: int) -> None:
        while not stop.is_set():
            with socket.create_connection(("127.0.0.1", server.port)) as one:
                try:
                    one.sendall(text[:at_once])
                    for byte in (*text[at_once:], *b"x" * 10_000):
                        if stop.wait(1):
                            return
                        one.sendall(bytes([byte]))
                except OSError:
                    continue

    clients = [
        threading.Thread(
            target=send, args=(text, len(text) if text is SLOW_BODY else 20), daemon=True
        )
        for text in (SLOW_HEAD, SLOW_BODY) * (SLOW // 2)
    ]
    for client in clients:
        client.start()
    yield
    stop.set()
    for client in clients:
        client.join()


def _slow(server: Server) -> Pulse:
    """The health of a server on which slow clients hang."""
    with _slow_clients(server):
        time.sleep(3)
        with Pulse(server) as pulse:
            time.sleep(SLOW_S)
    return pulse


def _table(
    rates: Mapping[str, Mapping[str, float]], clicks_ms: Sequence[float], slow: Mapping[str, Pulse]
) -> str:
    said = {"files": "files of 300 KB a second", "unchanged": "answers “unchanged” (304) a second"}
    lines = ["| | goal | as deployed | plain nginx | ratio | gunicorn alone |",
             "|---|--:|--:|--:|--:|--:|"]  # fmt: skip
    for what, by in rates.items():
        ours, plain, alone = (by[name] for name in ("as deployed", "plain nginx", "gunicorn alone"))
        lines.append(
            f"| {said[what]} | ≥ {GOALS[what]:,.0f} | {ours:,.0f} | {plain:,.0f} |"
            f" {ours / plain:.2f} | {alone:,.0f} |"
        )
    lines += ["", "| 99 of 100 answers within | goal | measured | half of them | answers |",
              "|---|--:|--:|--:|--:|"]  # fmt: skip
    rows = [(f"{STAFF} people at the console, a page a second each", "staff", clicks_ms, "all 200")]
    for name, pulse in slow.items():
        statuses = ", ".join(f"{number} × {status}" for status, number in pulse.statuses.items())
        rows.append(
            (f"/healthz with {SLOW} slow clients, {name}", "slow", pulse.taken_ms, statuses)
        )
    for what, goal, taken_ms, answers in rows:
        p50, p99 = (percentile(list(taken_ms), share) for share in (0.5, 0.99))
        lines.append(f"| {what} | {GOALS[goal]:.0f} ms | {p99:.0f} ms | {p50:.0f} ms | {answers} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
