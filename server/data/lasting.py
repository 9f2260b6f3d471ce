"""Writing that survives a power cut."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from navkit.venue.venue import about_to_write


def write_lasting(file: Path, content: bytes) -> None:
    """Write completely, and do not return before the disk has the file under its name.

    So anything written after it is never there without it.
    """
    with about_to_last(file, content):
        pass


@contextmanager
def about_to_last(file: Path, content: bytes) -> Iterator[None]:
    """The same in two steps: on exit it gets its name, unless an exception was raised."""
    made = [parent for parent in file.parents if not parent.exists()]
    with about_to_write(file, content):
        yield
    for folder in {file.parent, *(parent.parent for parent in made)}:
        sync(folder)


def sync(folder: Path) -> None:
    """Make a rename in it durable."""
    if os.name == "nt":
        return  # Windows syncs names by itself, and cannot open a folder.
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
