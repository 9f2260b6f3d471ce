"""Speech programs, run as separate processes: JSON on stdin, JSON on stdout."""

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import threading
import weakref
from pathlib import Path
from typing import IO, Any

from navkit.words.findings import NavkitError

TIMEOUT_S = 60.0
"""A clause takes a tenth of a second; a hung engine is killed."""

_of_this_thread = threading.local()
"""Programs that wait, by name: threads make clips at the same time, and each asks its own."""


def ask(program: str, request: dict[str, Any], engine: str) -> Any:
    """The answer of a module of `exporter.voice`, run in a new process.

    `NavkitError` that names the engine if it crashes or hangs.
    """
    try:
        done = subprocess.run(
            _command(program),
            input=json.dumps(request).encode(),
            capture_output=True,
            check=True,
            timeout=TIMEOUT_S,
            env=_environment(),
        )
    except (OSError, subprocess.SubprocessError) as error:
        noise: bytes = getattr(error, "stderr", b"") or str(error).encode()
        raise _broken(engine, noise) from error
    return json.loads(done.stdout)


def ask_waiting(program: str, request: dict[str, Any], engine: str) -> Any:
    """The same by a process that the program forks from itself, on systems that can.

    The program waits for this thread's next request, and ends with the thread. Starting Python
    and importing are two thirds of a clip's time.
    """
    try:
        waiting = getattr(_of_this_thread, program, None) or _Waiting(program)
    except OSError as error:
        raise _broken(engine, str(error).encode()) from error
    setattr(_of_this_thread, program, waiting)
    told = waiting.answer(json.dumps(request).encode())
    if not told:
        delattr(_of_this_thread, program)
        raise _broken(engine, waiting.noise())
    return json.loads(told)


class _Waiting:
    """A running program, and what it writes on stderr."""

    def __init__(self, program: str) -> None:
        self._noise = tempfile.TemporaryFile()  # noqa: SIM115
        self.process = subprocess.Popen(
            [*_command(program), str(TIMEOUT_S)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._noise,
            env=_environment(),
        )
        weakref.finalize(self, _end, self.process, self._noise)

    def answer(self, request: bytes) -> bytes:
        """Empty if the program has ended."""
        assert self.process.stdin and self.process.stdout
        self._noise.seek(0)
        self._noise.truncate()
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.write(request + b"\n")
            self.process.stdin.flush()
        return self.process.stdout.readline()

    def noise(self) -> bytes:
        """What it wrote on stderr since the last request."""
        self.process.wait()
        self._noise.seek(0)
        return self._noise.read()


def _end(process: subprocess.Popen[bytes], noise: IO[bytes]) -> None:
    """It ends when there is nothing more to read."""
    process.communicate()
    noise.close()


def _command(program: str) -> list[str]:
    return [sys.executable, "-P", "-m", program]


def _environment() -> dict[str, str]:
    ours = str(Path(__file__).parents[2])
    paths = os.pathsep.join(filter(None, (ours, os.environ.get("PYTHONPATH"))))
    return os.environ | {"PYTHONPATH": paths}


def _broken(engine: str, noise: bytes) -> NavkitError:
    reason = noise.decode(errors="replace").strip().rpartition("\n")[2]
    return NavkitError("voice-engine-broken", engine=engine, reason=reason)
