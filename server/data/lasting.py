"""Writing that outlives a power cut."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from navkit.venue.venue import about_to_write


def write_lasting(file: Path, content: bytes) -> None:
    """Write whole, and do not come back before the disk has the file under its name.

    What is written after it is then never there without it.
    """
    with about_to_last(file, content):
        pass


@contextmanager
def about_to_last(file: Path, content: bytes) -> Iterator[None]:
    """The same in two steps: on leaving it takes its name, unless something was raised."""
    made = [parent for parent in file.parents if not parent.exists()]
    with about_to_write(file, content):
        yield
    for folder in {file.parent, *(parent.parent for parent in made)}:
        sync(folder)


def sync(folder: Path) -> None:
    """Make a rename in it last."""
    if os.name == "nt":
        return  # Windows writes names down by itself, and opens no folder.
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
