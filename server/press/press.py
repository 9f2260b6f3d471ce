"""Where publications go: the files that phones read."""

import gzip
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from server.data.files import Files
from server.data.lasting import write_lasting
from server.press.leading import leads
from server.press.signing import Signer

_PACKED = (".json", ".js", ".css", ".html", ".svg", ".webmanifest")
"""What gets smaller: kept packed beside, so that no server packs it for each phone."""


@dataclass(frozen=True)
class Press:
    """Where publications go, and who vouches for them."""

    files: Files
    public: Path
    signer: Signer

    def folder(self, hospital: str) -> Path:
        """What phones read of a hospital."""
        return self.public / "h" / hospital


def put_all(public: Path, pages: Mapping[str, bytes]) -> None:
    """Write files by path, what leads to others last; what packs well is kept packed beside."""
    for path in sorted(pages, key=leads):
        if name := packed_name(path):
            put(public / name, packed(pages[path]))
        put(public / path, pages[path])


def packed_name(path: str) -> str:
    """Under which name a file of the public folder lies packed too, empty where it does not."""
    return f"{path}.gz" if path.endswith(_PACKED) and "/stick/" not in path else ""


def packed(content: bytes) -> bytes:
    """As phones fetch it."""
    return gzip.compress(content, 9, mtime=0)


def put(file: Path, content: bytes) -> None:
    """Write a file that is not as it should be; what is keeps its date, and phones their copy."""
    try:
        is_so = file.read_bytes() == content
    except OSError:
        # Not there, or where the disk does not give it any more.
        is_so = False
    if not is_so:
        write_lasting(file, content)
