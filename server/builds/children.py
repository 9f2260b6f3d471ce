"""Child processes of the server: which program they run, and which environment they get."""

import os
import sys
from pathlib import Path

from floorplans.child import ENVIRONMENT

_KEPT = ("PATH", "LANG", "LC_ALL", "TMPDIR", "SYSTEMROOT", "OPENBLAS_CORETYPE")
"""All that a child gets of the server's environment: no password and no address."""


def command(module: str, *words: str) -> list[str]:
    """One of our modules as a program. `-P`: a folder called `server` in the current directory is
    not ours."""
    return [sys.executable, "-P", "-m", module, *words]


def environment() -> dict[str, str]:
    """The environment of such a program."""
    ours = str(Path(__file__).parents[2])
    paths = os.pathsep.join(filter(None, (ours, os.environ.get("PYTHONPATH"))))
    kept = {key: os.environ[key] for key in _KEPT if key in os.environ}
    return kept | {"PYTHONPATH": paths, "PYTHONUTF8": "1", **ENVIRONMENT}
