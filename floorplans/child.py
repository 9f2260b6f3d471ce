"""Drawings by strangers, read in a separate process.

A parser that crashes, hangs or swells harms nothing else: the result is a code. The
child has its own interpreter, an empty environment, an empty folder and resource limits,
and runs in a sandbox where the system has one. Nothing in its answer is trusted.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import Any

from floorplans import reading, under
from floorplans.check_answer import plans_in, under_in
from floorplans.in_child import OUT_OF_MEMORY
from floorplans.limits import LIMITS, Limits
from floorplans.sandbox import wall
from floorplans.sheet import Json, parse_json
from floorplans.under import Under
from navkit.plan.plan import Plan
from navkit.plan.typed_json import to_json
from navkit.words.findings import PlanError

Read = Callable[[Sequence[Path], Limits], tuple[Plan, ...]]

_START = "import sys; sys.path[:] = sys.argv[1:]; from floorplans.in_child import main; main()"
ENVIRONMENT = {"MALLOC_ARENA_MAX": "2", "OPENBLAS_NUM_THREADS": "1", "OSMIUM_POOL_THREADS": "1"}
"""Every thread reserves address space, which is limited."""
_ENDING_S = 2.0
"""A killed process does nothing more after this, even on a busy machine; the system may list it
as dead for longer if nobody asks how it ended."""


def read_apart(
    paths: Sequence[Path], limits: Limits = LIMITS, read: Read = reading.read
) -> tuple[Plan, ...]:
    """What `read` makes of `paths`; a `PlanError` if it refuses or fails.

    `read` must be a module-level function: the child finds it by its name.
    """
    where, answer = _answered("plans", paths, limits, read)
    try:
        plans, refusal = plans_in(answer)
    except (PlanError, ValueError) as error:
        raise PlanError("reading-garbled", where) from error
    if refusal:
        raise PlanError(refusal.code, refusal.where or where, **refusal.slots)
    return plans


def under_apart(path: Path, page: int = 1, limits: Limits = LIMITS) -> Under:
    """A picture to draw over, see `floorplans.under`; a `PlanError` if that refuses or fails."""
    where, answer = _answered("under", [path], limits, under.read, page)
    try:
        found, refusal = under_in(answer)
    except (PlanError, ValueError) as error:
        raise PlanError("reading-garbled", where) from error
    if refusal or found is None:
        assert refusal
        raise PlanError(refusal.code, refusal.where or where, **refusal.slots)
    return found


def _answered(
    called: str, paths: Sequence[Path], limits: Limits, read: Callable[..., Any], *more: int
) -> tuple[str, Json]:
    """The files, as findings name them, and what the child answers: `called` is the name of the
    member with what was read."""
    names = [reading.spelt(path.name) for path in paths]
    where = ", ".join(names[:3]) + (" …" if len(names) > 3 else "")
    absolute = [str(path.absolute()) for path in paths]
    question = {
        "read": f"{read.__module__}:{read.__qualname__}",
        "paths": absolute,
        "limits": to_json(limits),
        "answers": called,
        "more": more,
    }
    try:
        with (
            TemporaryDirectory(prefix="navkit-", ignore_cleanup_errors=True) as folder,
            TemporaryFile() as asked,
            TemporaryFile() as answered,
        ):
            asked.write(json.dumps(question).encode())
            asked.seek(0)
            child = subprocess.Popen(
                [*wall()([*_import_path(), *absolute], folder), *_python(), *_import_path()],
                stdin=asked,
                stdout=answered,
                stderr=subprocess.DEVNULL,
                cwd=folder,
                env=_environment(folder),
                start_new_session=True,
            )
            try:
                status = child.wait(limits.wall_s)
            except subprocess.TimeoutExpired:
                status = None
            finally:
                _end(child)
            answered.seek(0)
            answer = answered.read(limits.plan_bytes + 1)
    except OSError as error:
        raise PlanError("reading-not-started", where, why=str(error.strerror)) from error
    return where, _understood(status, answer, where, limits)


def _python() -> list[str]:
    """`-I`: nothing from the environment, the current folder or the user's own packages."""
    return [sys.executable, "-I", "-X", "utf8", "-c", _START]


def _import_path() -> list[str]:
    """Where this process finds its modules, and where it found this package."""
    own = str(Path(__file__).parents[1])
    return [*(str(Path(entry).absolute()) for entry in sys.path if entry), own]


def _environment(folder: str) -> dict[str, str]:
    # Without SYSTEMROOT Windows starts no Python.
    kept = {name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ}
    return {**ENVIRONMENT, "TMPDIR": folder, "TEMP": folder, **kept}


def _end(child: "subprocess.Popen[bytes]") -> None:
    """Kill it and its whole group, and wait until they do nothing more."""
    until_s = time.monotonic() + _ENDING_S
    while hasattr(os, "killpg") and time.monotonic() < until_s:
        try:
            os.killpg(child.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            break
        child.poll()
        time.sleep(0.01)
    child.kill()
    child.wait()


def _understood(status: int | None, answer: bytes, where: str, limits: Limits) -> Json:
    """The answer; how the child ended, if it gave none, as an error."""
    ended_by = _signal(status)
    if status is None or ended_by in ("SIGALRM", "SIGXCPU"):
        allowed_s = limits.cpu_s if ended_by == "SIGXCPU" else limits.wall_s
        raise PlanError("reading-took-too-long", where, limit=f"{allowed_s:g}")
    if len(answer) > limits.plan_bytes:
        raise PlanError("plan-too-large", where, limit=str(limits.plan_bytes // 2**20))
    if status == OUT_OF_MEMORY or ended_by == "SIGKILL":
        # Only a system without memory kills it from outside.
        raise PlanError("reading-out-of-memory", where, limit=str(limits.memory_bytes // 2**20))
    if status:
        raise PlanError("reading-crashed", where, what=ended_by or f"exit code {status}")
    try:
        return parse_json(answer, where, limits)
    except (PlanError, ValueError) as error:
        raise PlanError("reading-garbled", where) from error


def _signal(status: int | None) -> str:
    """The signal that ended a process, else ``""``. Shells and sandboxes add 128 to its number."""
    with suppress(ValueError):
        return signal.Signals(-status if status < 0 else status - 128).name if status else ""
    return ""
