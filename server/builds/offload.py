"""Work on large files in a separate process, so that no page waits until another's file is read.

    python -m server.builds.offload < question > answer

Small files are handled at once, in place: that takes less time than starting a process.
"""

import pickle
import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any, TypeVar

from floorplans.in_child import restrain
from navkit.words.findings import NavkitError
from server.builds import children

T = TypeVar("T")

SMALL_BYTES = 100_000
"""Size of a small file: read in less than a tenth of a second."""
PATIENCE_S = 60.0
BOUNDS = {"RLIMIT_AS": 2 * 2**30, "RLIMIT_CPU": 60, "RLIMIT_CORE": 0}


def do(act: Callable[..., T], *given: object) -> T:
    """What `act` returns for its arguments; a `NavkitError` that it raises is raised here.

    `act` must be a module-level function: the other process finds it by its name.
    """
    if sum(len(one) for one in given if isinstance(one, bytes)) <= SMALL_BYTES:
        return act(*given)
    return apart(act, *given)


def apart(act: Callable[..., T], *given: object) -> T:
    """The same, always in another process: for files that are larger than they look."""
    question = pickle.dumps((act.__module__, act.__name__, given))
    try:
        done = subprocess.run(
            children.command("server.builds.offload"),
            input=question,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=PATIENCE_S,
            env=children.environment(),
            check=True,
        )
    except (subprocess.SubprocessError, MemoryError):
        raise NavkitError("sheet-took-too-long") from None
    answer: tuple[T | None, NavkitError | None] = pickle.loads(done.stdout)
    made, refusal = answer
    if refusal:
        raise refusal
    return made  # type: ignore[return-value]


def main() -> None:
    """Answer the one question on standard input."""
    restrain(BOUNDS)
    module, name, given = pickle.load(sys.stdin.buffer)
    answer: tuple[Any, NavkitError | None]
    try:
        answer = (getattr(import_module(module), name)(*given), None)
    except NavkitError as refusal:
        answer = (None, refusal)
    pickle.dump(answer, sys.stdout.buffer)


if __name__ == "__main__":
    main()
