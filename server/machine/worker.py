"""The worker: leases builds and runs each in a child process, reporting its progress.

Nothing is parsed in the process that serves pages. A child that crashes fails its build.
"""

import json
import logging
import os
import queue
import secrets
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from server.builds import children, jobs
from server.data.files import DAMAGED
from server.data.rows import Rows, connect
from server.press import scrubbing

LOOK_S = 0.5
"""How often a worker with nothing to do looks for a build."""
BEAT_S = 1.0
"""How often a worker reports that it is alive."""
RETRY_S = 10.0
"""How long it waits after an error."""

log = logging.getLogger("navkit.server")


def now_ms() -> int:
    """Milliseconds since 1970."""
    return time.time_ns() // 1_000_000


class Worker:
    """Works until it is told to stop."""

    def __init__(self, address: str, folder: Path) -> None:
        self._address = address
        self._folder = folder
        self._name = f"{os.getpid()}-{secrets.token_hex(4)}"
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._loop, name="worker", daemon=True)

    def start(self) -> None:
        """Start, in a thread of its own."""
        self._thread.start()

    def stop(self) -> None:
        """Leave the current job to others, and end."""
        self._stop.set()
        self._thread.join(timeout=10)

    def _loop(self) -> None:
        """A full disk or an unreachable database does not end it: both come back."""
        while not self._stop.is_set():
            try:
                self._work()
            except Exception as error:
                log.error(json.dumps({"worker": type(error).__name__, "why": str(error)[:200]}))
                self._stop.wait(RETRY_S)

    def _work(self) -> None:
        rows = connect(self._address)
        try:
            while not self._stop.is_set():
                if not self.work_once(rows):
                    self._stop.wait(LOOK_S)
        finally:
            rows.close()

    def work_once(self, rows: Rows) -> bool:
        """Do the next build, if there is one."""
        job = jobs.lease(rows, now_ms(), self._name)
        if job is None:
            return False
        with tempfile.TemporaryDirectory(dir=self._folder / "work", prefix="build-") as folder:
            self._build(rows, job, Path(folder))
        return True

    def _build(self, rows: Rows, job: jobs.Job, folder: Path) -> None:
        child = subprocess.Popen(
            children.command("server.builds.building", str(self._folder)),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
            env=children.environment() | {"HOME": str(folder)},
        )
        try:
            self._attend(rows, job, child, {**job.request, "folder": str(folder)})
        finally:
            with suppress(OSError):
                child.kill()
            child.wait()
            for pipe in (child.stdin, child.stdout):
                with suppress(OSError):
                    pipe.close()  # type: ignore[union-attr]

    def _attend(
        self, rows: Rows, job: jobs.Job, child: "subprocess.Popen[str]", request: Mapping[str, Any]
    ) -> None:
        lines: queue.Queue[str | None] = queue.Queue()
        threading.Thread(target=_listen, args=(child, lines), daemon=True).start()
        with suppress(OSError):
            assert child.stdin
            child.stdin.write(json.dumps(request) + "\n")
            child.stdin.flush()
        began_s, progress = time.monotonic(), ""
        while time.monotonic() - began_s < jobs.LONGEST_S and not self._stop.is_set():
            try:
                line = lines.get(timeout=BEAT_S)
            except queue.Empty:
                line = "{}"
            if line is None:
                if _ended_by(child) == "SIGXCPU":
                    break
                jobs.give_back(rows, self._name, job.id)
                return
            said = _parsed(line)
            if "made" in said:
                jobs.end(rows, now_ms(), self._name, job.id, "done", said["made"])
                return
            if "refused" in said:
                if said["refused"]["code"] == DAMAGED:
                    damaged = said["refused"]["slots"]["file"]
                    scrubbing.alarm(rows, now_ms(), damaged, scrubbing.CHANGED)
                jobs.end(rows, now_ms(), self._name, job.id, "failed", said["refused"])
                return
            progress = str(said.get("note", progress))[:200]
            if not jobs.renew(rows, now_ms(), self._name, job.id, progress):
                return
        if self._stop.is_set():
            jobs.give_back(rows, self._name, job.id)
            return
        slow = {"code": "build-too-slow", "where": "", "slots": {}}
        jobs.end(rows, now_ms(), self._name, job.id, "failed", slow)


def _listen(child: "subprocess.Popen[str]", lines: "queue.Queue[str | None]") -> None:
    """Pass on the child's lines, and finally that it has died."""
    assert child.stdout
    with suppress(ValueError, OSError):
        for line in child.stdout:
            lines.put(line)
    lines.put(None)


def _ended_by(child: "subprocess.Popen[str]") -> str:
    """The signal that ended it; empty if none did."""
    status = child.wait()
    return signal.Signals(-status).name if status < 0 else ""


def _parsed(line: str) -> dict[str, Any]:
    """A line of the child's, empty if it is something else."""
    try:
        said = json.loads(line)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}
