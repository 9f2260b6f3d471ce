"""Files by their content: everything uploaded or built, kept once under its SHA-256.

Disks lose bits. What is read is compared with its hash; what does not fit is read from a copy among
the files that phones read, and written anew from there. Where there is none, nothing is given out.
"""

import hashlib
import json
import logging
import os
import re
import shutil
import tempfile
import time
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from navkit.words.findings import NavkitError
from server.data.lasting import sync

DAMAGED = "content-damaged"
"""The code of what is no longer as it was kept."""

ORPHANED_S = 3 * 3600.0
"""Nothing is made for so long: a build is given up after two hours."""

_TRUSTED_S = 600
"""For so long a file that was found whole is handed out without being read once more."""

log = logging.getLogger("navkit.server")

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
        for folder in (self._blobs, self.work, self.clips):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
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
        return self.folder / path_of(sha256)

    def hashes(self) -> list[str]:
        """All that are kept."""
        return [file.name for file in self._blobs.glob("??/*") if _SHA256.fullmatch(file.name)]

    def keep(self, content: bytes) -> str:
        """Keep it for good, and return its hash: after a power cut it is there whole, and it is
        whole where what lay there was damaged."""
        sha256 = hashlib.sha256(content).hexdigest()
        if _read(self.path(sha256)) != content:
            self._write(sha256, content)
        return sha256

    def read(self, sha256: str) -> bytes:
        """The content of that hash; `NavkitError` where it is not there, or not as it was."""
        content = _read(self.path(sha256))
        if content is not None and _hash(content) == sha256:
            return content
        if self.heal(sha256):
            return self.path(sha256).read_bytes()
        if not self.path(sha256).exists():
            raise NavkitError("no-such-content", sha256)
        raise NavkitError(DAMAGED, sha256, file=path_of(sha256))

    def whole(self, sha256: str) -> Path:
        """Where that content lies, to be handed out in pieces; an error as for `read`."""
        if not _is_trusted(self.path(sha256), int(time.monotonic() // _TRUSTED_S)):
            self.read(sha256)
        return self.path(sha256)

    def is_whole(self, sha256: str) -> bool:
        """Whether it is there, and as it was."""
        return _hash_of(self.path(sha256)) == sha256

    def heal(self, sha256: str, spare: Path | None = None) -> bool:
        """Write it anew from a copy: in another data folder, `spare`, or in what phones read.
        False where there is none; then what lies there is left as it is."""
        folders = [folder for folder in (spare, self.folder) if folder]
        places = [spare / path_of(sha256)] if spare else []
        places += [
            place
            for folder in folders
            for place in folder.glob(f"public/h/*/bundle/*-{sha256[:16]}.*")
        ]
        content = next((c for c in map(_read, places) if c and _hash(c) == sha256), None)
        if content is None:
            return False
        self._write(sha256, content)
        log.warning(json.dumps({"healed": path_of(sha256)}))
        return True

    def _write(self, sha256: str, content: bytes) -> None:
        """Beside, then in place: where the disk is full, what lay there stays."""
        place = self.path(sha256)
        place.parent.mkdir(exist_ok=True)
        number, beside = tempfile.mkstemp(dir=self.work, prefix="blob-")
        try:
            with os.fdopen(number, "wb") as out:
                out.write(content)
                out.flush()
                os.fsync(out.fileno())
            Path(beside).replace(place)
        except BaseException:
            Path(beside).unlink(missing_ok=True)
            raise
        for folder in (place.parent, self._blobs):
            sync(folder)


def path_of(sha256: str) -> str:
    """Where in a data folder the content of that hash lies."""
    return f"blobs/{sha256[:2]}/{sha256}"


def _read(file: Path) -> bytes | None:
    """None where it is not there, or where the disk does not give it."""
    try:
        return file.read_bytes()
    except OSError:
        return None


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _hash_of(file: Path) -> str:
    """In pieces, for files larger than memory should hold; empty where it cannot be read."""
    try:
        with file.open("rb") as content:
            return hashlib.file_digest(content, "sha256").hexdigest()
    except OSError:
        return ""


@lru_cache(maxsize=256)
def _is_trusted(file: Path, _since: int) -> bool:
    return _hash_of(file) == file.name
