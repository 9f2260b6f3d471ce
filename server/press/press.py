"""Where publications go: the files that phones read."""

import gzip
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from server.data.files import Files
from server.data.lasting import write_lasting
from server.press.leading import leads
from server.press.signing import Signer

_PACKED = (".json", ".js", ".css", ".html", ".svg", ".webmanifest")
"""Suffixes that compress well: stored packed too, so that no server packs them for each phone."""


@dataclass(frozen=True)
class Press:
    """Where publications go, and who signs them."""

    files: Files
    public: Path
    signer: Signer

    def folder(self, hospital: str) -> Path:
        """What phones read of a hospital."""
        return self.public / "h" / hospital


def put_all(public: Path, pages: Mapping[str, bytes]) -> None:
    """Write files by path, those that refer to others last; compressible ones are packed too."""
    for path, content in changed(public, pages).items():
        write_lasting(public / path, content)


def changed(public: Path, pages: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files to be written so that these pages and their packed copies are in place, in order.
    Files that are packed already are not packed again."""
    found: dict[str, bytes] = {}
    for path in sorted(pages, key=leads):
        if (name := packed_name(path)) and not unpacks(_there(public / name), pages[path]):
            found[name] = packed(pages[path])
        if _there(public / path) != pages[path]:
            found[path] = pages[path]
    return found


def _there(file: Path) -> bytes | None:
    """None if it is missing or unreadable."""
    try:
        return file.read_bytes()
    except OSError:
        return None


def packed_name(path: str) -> str:
    """The name of a public file's packed copy, empty if it has none."""
    return f"{path}.gz" if path.endswith(_PACKED) and "/stick/" not in path else ""


def packed(content: bytes) -> bytes:
    """As phones fetch it."""
    return gzip.compress(content, 9, mtime=0)


def unpacks(there: bytes | None, content: bytes) -> bool:
    """Whether that is this content, packed. Unpacking takes a tenth of the time of packing."""
    try:
        return there is not None and gzip.decompress(there) == content
    except (OSError, EOFError, zlib.error):
        return False


def put(file: Path, content: bytes) -> None:
    """Write a file if its content differs; an unchanged one keeps its date, and phones their
    cache."""
    if _there(file) != content:
        write_lasting(file, content)
