"""Writing that outlives a power cut."""

import os
from pathlib import Path

from navkit.venue import write_whole


def write_lasting(file: Path, content: bytes) -> None:
    """Write whole, and do not come back before the disk has the file under its name.

    What is written after it is then never there without it.
    """
    made = [parent for parent in file.parents if not parent.exists()]
    write_whole(file, content)
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
