"""What runs in the child that `floorplans.child` starts: sets its limits, reads, answers in JSON.

The question is read from standard input, the answer goes to the original standard output;
whatever parsers print is discarded. A refusal is an answer too; any other failure shows in the
exit status.
"""

import json
import math
import os
import signal
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from traceback import extract_tb
from typing import Any

from floorplans.limits import Limits
from navkit.plan.typed_json import from_json, to_json
from navkit.words.findings import Finding, NavkitError

OUT_OF_MEMORY = 99
"""Exit code: there was not even enough memory for a message."""
_OPEN_FILES = 64
_MORE_TASKS = 64
"""Threads and processes that reading may start: osmium uses several threads."""
_MORE_BYTES = 2**20
"""Margin by which an answer may exceed its limit, so that it is seen to be too large."""


def main() -> None:
    question = json.load(sys.stdin.buffer)
    module, _, name = question["read"].partition(":")
    read = getattr(import_module(module), name)
    limits = from_json(Limits, question["limits"])
    answer_to = _silenced()
    _bound(limits)
    paths = [Path(path) for path in question["paths"]]
    answer = _answer(question["answers"], lambda: read(paths, limits, *question["more"]))
    with os.fdopen(answer_to, "wb") as out:
        out.write(answer)
    # A normal exit would wait for any threads that a parser has left.
    os._exit(0)


def _silenced() -> int:
    """Where the answer goes; standard output, which parsers write to, is discarded."""
    answer_to = os.dup(1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    return answer_to


def _bound(limits: Limits) -> None:
    if hasattr(signal, "alarm"):
        # Ends the child if the caller that enforces the time limit is gone.
        signal.alarm(math.ceil(limits.wall_s) + 1)
    bounds = {
        "RLIMIT_AS": limits.memory_bytes,
        "RLIMIT_CPU": limits.cpu_s,
        "RLIMIT_FSIZE": limits.plan_bytes + _MORE_BYTES,
        "RLIMIT_NOFILE": _OPEN_FILES,
        "RLIMIT_CORE": 0,
    }
    with suppress(OSError):
        # Counts all users: the limit includes whatever else this user is running.
        tasks = Path("/proc/loadavg").read_text(encoding="ascii").split()[3]
        bounds["RLIMIT_NPROC"] = int(tasks.partition("/")[2]) + _MORE_TASKS
    restrain(bounds)


def restrain(bounds: Mapping[str, int]) -> None:
    """Limit this process and its children, as far as the system can: macOS does not limit address
    space, Windows limits nothing."""
    with suppress(ImportError):
        import resource

        for name, most in bounds.items():
            with suppress(AttributeError, OSError, ValueError):
                # One more, so that exceeding the time can be told from being killed.
                resource.setrlimit(getattr(resource, name), (most, most + 1))


def _answer(called: str, read: Callable[[], Any]) -> bytes:
    try:
        return json.dumps({called: to_json(read())}).encode()
    except NavkitError as error:
        finding = error.finding
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    except Exception as error:
        finding = Finding("reading-failed", "", {"what": name_of(error)})
    return json.dumps({"refused": to_json(finding)}).encode()


def name_of(error: Exception) -> str:
    """The kind of error and its line: what a maintainer needs, and nothing of the file."""
    last = extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__}, {Path(last.filename).name}:{last.lineno}"
