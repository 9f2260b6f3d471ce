"""The sandbox: what stands between a child and the rest of the machine, as a command prefix."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cache, partial
from tempfile import TemporaryDirectory

Wall = Callable[[Sequence[str], str], list[str]]
"""Takes the visible paths and the writable folder, returns how the command begins."""

_TRYING_S = 10


def _bubblewrap(program: str, seen: Sequence[str], folder: str) -> list[str]:
    """No network, no other process, and of the disk only Python and the visible paths."""
    python = ("/usr", "/lib", "/lib64", "/etc/ld.so.cache", sys.prefix, sys.base_prefix)
    return [
        *(program, "--unshare-all", "--die-with-parent", "--proc", "/proc", "--dev", "/dev"),
        *(word for path in (*python, *seen) for word in ("--ro-bind-try", path, path)),
        *("--bind", folder, folder, "--remount-ro", "/", "--chdir", folder, "--"),
    ]


def _namespaces(program: str, seen: Sequence[str], folder: str) -> list[str]:
    """No network and no other process. `sh` is process 1: all others end with it."""
    allowed = () if os.geteuid() == 0 else ("--user",)
    apart = ("--net", "--ipc", "--pid", "--fork", "--kill-child")
    return [program, *allowed, *apart, "--", "/bin/sh", "-c", '"$@"; exit $?', "sh"]


def _none(seen: Sequence[str], folder: str) -> list[str]:
    return []


_WALLS = (("bwrap", _bubblewrap), ("unshare", _namespaces))
"""By the program that builds it, best first; both exist on Linux only."""


@cache
def wall() -> Wall:
    """The first that is installed and permitted, which only a trial shows; else none."""
    for name, build in _WALLS:
        program = shutil.which(name)
        if program and _stands(partial(build, program)):
            return partial(build, program)
    return _none


def _stands(wall: Wall) -> bool:
    with TemporaryDirectory() as folder, suppress(OSError, subprocess.TimeoutExpired):
        tried = subprocess.run(
            [*wall([], folder), sys.executable, "-I", "-c", ""],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            env={},
            timeout=_TRYING_S,
        )
        return tried.returncode == 0
    return False
