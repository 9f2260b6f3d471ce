"""Files and folders given to a command: checked before any work is done.

A command that works for minutes and then cannot write has wasted them, and one that writes into
a folder of somebody else's files may delete them.
"""

import os
from collections.abc import Callable, Iterable, Mapping
from itertools import combinations
from pathlib import Path
from typing import Any

import click

from navkit.words.findings import NavkitError


class GivenPath(click.Path):
    """A path on the command line, converted to `Path`."""

    def __init__(self) -> None:
        super().__init__(path_type=Path)

    def look(self, path: Path) -> None:
        """`NavkitError` if this path cannot be used."""


class OutputFile(GivenPath):
    """A file to write. An existing file is overwritten; parent folders are created."""

    def look(self, path: Path) -> None:
        if path.is_dir() or not _has_name(path):
            raise NavkitError("output-is-folder", str(path))
        if path.exists() and not path.is_file():
            # A device or a pipe would be replaced by a file of its name.
            raise NavkitError("output-is-device", str(path))
        _look_above(path)


class OutputFolder(GivenPath):
    """A folder to write into: a new one, an empty one, or one that `is_ours`."""

    def __init__(self, is_ours: Callable[[Path], bool]) -> None:
        super().__init__()
        self._is_ours = is_ours

    def look(self, path: Path) -> None:
        if not _has_name(path):
            raise NavkitError("output-without-name", str(path))
        if path.is_dir():
            # Dot files may stay: a site is often kept under version control.
            found = sorted(e.name for e in path.iterdir() if not e.name.startswith("."))
            if found and not self._is_ours(path):
                raise NavkitError("output-not-ours", str(path), found=", ".join(found[:3]))
        elif path.exists():
            raise NavkitError("output-is-file", str(path))
        _look_above(path / "x")


def whatever_it_holds(folder: Path) -> bool:
    """For a folder that is shared: new files go beside the existing ones."""
    return folder.is_dir()


class DataFolder(GivenPath):
    """A folder of keys and of a server: a new one or any existing one, but not a whole disk."""

    def look(self, path: Path) -> None:
        if not Path(os.path.realpath(path)).name:
            raise NavkitError("output-without-name", str(path))
        if path.exists() and not path.is_dir():
            raise NavkitError("output-is-file", str(path))
        _look_above(path / "x")


class InputFolder(GivenPath):
    """A folder to read from, which must exist."""

    def look(self, path: Path) -> None:
        if not path.is_dir():
            raise NavkitError("no-such-folder", str(path))


def look_at(parameters: Iterable[click.Parameter], values: Mapping[str, Any]) -> None:
    """Check all paths that a command was given; nothing may be written over what is read or written
    elsewhere. `NavkitError` says which cannot be used."""
    outputs: list[Path] = []
    inputs: list[Path] = []
    for parameter in parameters:
        value = values.get(parameter.name or "")
        for path in value if isinstance(value, tuple) else (value,):
            if not isinstance(path, Path):
                continue
            if isinstance(parameter.type, GivenPath):
                parameter.type.look(path)
            is_output = isinstance(parameter.type, OutputFile | OutputFolder)
            (outputs if is_output else inputs).append(path)
    pairs = [*combinations(outputs, 2), *((out, given) for out in outputs for given in inputs)]
    for output, other in pairs:
        if output.absolute() == other.absolute() or _is_same_file(output, other):
            raise NavkitError("output-is-given-twice", str(output))


def _has_name(path: Path) -> bool:
    """Whether a sibling of it can be named: not for `.`, `..` and `/`."""
    return path.name not in ("", "..")


def _look_above(path: Path) -> None:
    """Whether a new file can be created there, as far as can be seen without creating one."""
    above = next(parent for parent in path.absolute().parents if parent.exists())
    if not above.is_dir():
        raise NavkitError("output-is-file", str(above))
    if not os.access(above, os.W_OK | os.X_OK):
        raise NavkitError("output-not-allowed", str(above))


def _is_same_file(one: Path, other: Path) -> bool:
    return one.exists() and other.exists() and one.samefile(other)
