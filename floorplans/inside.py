"""What runs in the child that `floorplans.child` starts: bounds itself, reads, answers in JSON.

The question comes by standard input, the answer goes where standard output led; what parsers
print goes nowhere. A refusal is an answer too; anything else is told by how the process ends.
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
"""Exit code: there was not even enough for a sentence."""
_OPEN_FILES = 64
_MORE_TASKS = 64
"""Threads and processes that reading may start: osmium has some threads."""
_MORE_BYTES = 2**20
"""Of an answer that is too large, so that it is seen to be."""


def main() -> None:
    question = json.load(sys.stdin.buffer)
    module, _, name = question["read"].partition(":")
    read = getattr(import_module(module), name)
    limits = from_json(Limits, question["limits"])
    answer_to = _silenced()
    _bound(limits)
    answer = _answer(lambda: read([Path(path) for path in question["paths"]], limits))
    with os.fdopen(answer_to, "wb") as out:
        out.write(answer)
    # The usual way out would wait for whatever threads a parser has left.
    os._exit(0)


def _silenced() -> int:
    """Where the answer goes; standard output, which parsers write to, leads nowhere."""
    answer_to = os.dup(1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    return answer_to


def _bound(limits: Limits) -> None:
    if hasattr(signal, "alarm"):
        # Ends it where nobody is left who would.
        signal.alarm(math.ceil(limits.wall_s) + 1)
    bounds = {
        "RLIMIT_AS": limits.memory_bytes,
        "RLIMIT_CPU": limits.cpu_s,
        "RLIMIT_FSIZE": limits.plan_bytes + _MORE_BYTES,
        "RLIMIT_NOFILE": _OPEN_FILES,
        "RLIMIT_CORE": 0,
    }
    with suppress(OSError):
        # Of all users: the bound counts whatever else this one has running.
        tasks = Path("/proc/loadavg").read_text(encoding="ascii").split()[3]
        bounds["RLIMIT_NPROC"] = int(tasks.partition("/")[2]) + _MORE_TASKS
    restrain(bounds)


def restrain(bounds: Mapping[str, int]) -> None:
    """Bound this process and its children, as far as the system can: macOS bounds no addresses,
    Windows nothing of this."""
    with suppress(ImportError):
        import resource

        for name, most in bounds.items():
            with suppress(AttributeError, OSError, ValueError):
                # One more, so that time that is up is told from being killed.
                resource.setrlimit(getattr(resource, name), (most, most + 1))


def _answer(read: Callable[[], Any]) -> bytes:
    try:
        return json.dumps({"plans": to_json(read())}).encode()
    except NavkitError as error:
        finding = error.finding
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    except Exception as error:
        finding = Finding("reading-failed", "", {"what": name_of(error)})
    return json.dumps({"refused": to_json(finding)}).encode()


def name_of(error: Exception) -> str:
    """Its kind and the line it came from: what whoever mends it needs, and nothing of the file."""
    last = extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__}, {Path(last.filename).name}:{last.lineno}"
