"""Processes of our own beside the server: which program they run, and what they are told."""

import os
import sys
from pathlib import Path

from floorplans.child import ENVIRONMENT

_KEPT = ("PATH", "LANG", "LC_ALL", "TMPDIR", "SYSTEMROOT", "OPENBLAS_CORETYPE")
"""Of the server's environment, all that a child is told: no password and no address."""


def command(module: str, *words: str) -> list[str]:
    """A module of ours as a program. `-P`: a folder called `server` where the server was begun is
    not ours."""
    return [sys.executable, "-P", "-m", module, *words]


def environment() -> dict[str, str]:
    """What such a program is told."""
    ours = str(Path(__file__).parents[2])
    paths = os.pathsep.join(filter(None, (ours, os.environ.get("PYTHONPATH"))))
    kept = {key: os.environ[key] for key in _KEPT if key in os.environ}
    return kept | {"PYTHONPATH": paths, "PYTHONUTF8": "1", **ENVIRONMENT}
