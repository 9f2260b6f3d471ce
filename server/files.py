"""Files by their content: everything uploaded or built, kept once under its SHA-256."""

import hashlib
import os
import re
import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from navkit.findings import NavkitError
from server.lasting import sync

ORPHANED_S = 3 * 3600.0
"""Nothing is made for so long: a build is given up after two hours."""

_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Files:
    """`blobs/` of a data folder for what is kept, `work/` for what is being made."""

    folder: Path

    @property
    def _blobs(self) -> Path:
        return self.folder / "blobs"

    @property
    def clips(self) -> Path:
        """What was spoken once: a build that says it again, or goes on after a crash, is quick."""
        return self.folder / "clips"

    @property
    def work(self) -> Path:
        """Where things are made before they are whole."""
        return self.folder / "work"

    def prepare(self) -> None:
        """Make the folders; sweep what was being made when a server died, long ago: what is
        younger may belong to another process that is alive."""
        self._blobs.mkdir(parents=True, exist_ok=True)
        self.work.mkdir(parents=True, exist_ok=True)
        for entry in self.work.iterdir():
            if time.time() - entry.stat().st_mtime < ORPHANED_S:
                continue
            if entry.is_dir():
                shutil.rmtree(entry, ignore_errors=True)
            else:
                entry.unlink(missing_ok=True)

    def path(self, sha256: str) -> Path:
        """Where the content of that hash is, or would be."""
        if not _SHA256.fullmatch(sha256):
            raise NavkitError("no-such-content", sha256[:64])
        return self._blobs / sha256[:2] / sha256

    def keep(self, content: bytes) -> str:
        """Keep it for good, and return its hash: after a power cut it is there whole."""
        sha256 = hashlib.sha256(content).hexdigest()
        place = self.path(sha256)
        if not place.exists():
            place.parent.mkdir(exist_ok=True)
            number, beside = tempfile.mkstemp(dir=self.work, prefix="blob-")
            with os.fdopen(number, "wb") as out:
                out.write(content)
                out.flush()
                os.fsync(out.fileno())
            Path(beside).replace(place)
            for folder in (place.parent, self._blobs):
                sync(folder)
        return sha256

    def read(self, sha256: str) -> bytes:
        """The content of that hash."""
        try:
            return self.path(sha256).read_bytes()
        except OSError:
            raise NavkitError("no-such-content", sha256) from None
