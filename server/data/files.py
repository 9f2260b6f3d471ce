"""Content-addressed files: everything uploaded or built, stored once under its SHA-256.

Disks lose bits. Every file read is compared with its hash; on a mismatch a copy is read from
the files for phones, and the file is rewritten from it. Without a copy, nothing is returned.
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
"""The code for a file that is no longer as it was stored."""

ORPHANED_S = 3 * 3600.0
"""Nothing takes this long: a build is stopped after two hours."""

_TRUSTED_S = 600
"""For this long a verified file is served without being read again."""

log = logging.getLogger("navkit.server")

_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Files:
    """`blobs/` of a data folder for stored files, `work/` for unfinished ones."""

    folder: Path

    @property
    def _blobs(self) -> Path:
        return self.folder / "blobs"

    @property
    def clips(self) -> Path:
        """Cache of clips: a build that needs one again, or resumes after a crash, is quick."""
        return self.folder / "clips"

    @property
    def work(self) -> Path:
        """Where unfinished files are."""
        return self.folder / "work"

    def prepare(self) -> None:
        """Create the folders; delete unfinished files of a server that died long ago: more recent
        ones may belong to another running process."""
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
        """Where the content with that hash is, or would be."""
        if not _SHA256.fullmatch(sha256):
            raise NavkitError("no-such-content", sha256[:64])
        return self.folder / path_of(sha256)

    def hashes(self) -> list[str]:
        """All stored hashes."""
        return [file.name for file in self._blobs.glob("??/*") if _SHA256.fullmatch(file.name)]

    def keep(self, content: bytes) -> str:
        """Store it for good, and return its hash: after a power cut the file is there and complete,
        and a damaged file in its place is repaired."""
        sha256 = hashlib.sha256(content).hexdigest()
        if _read(self.path(sha256)) != content:
            self._write(sha256, content)
        return sha256

    def read(self, sha256: str) -> bytes:
        """The content with that hash; `NavkitError` if it is missing or damaged."""
        content = _read(self.path(sha256))
        if content is not None and _hash(content) == sha256:
            return content
        if self.heal(sha256):
            return self.path(sha256).read_bytes()
        if not self.path(sha256).exists():
            raise NavkitError("no-such-content", sha256)
        raise NavkitError(DAMAGED, sha256, file=path_of(sha256))

    def whole(self, sha256: str) -> Path:
        """The path of that content, to be served in chunks; an error as for `read`."""
        if not _is_trusted(self.path(sha256), int(time.monotonic() // _TRUSTED_S)):
            self.read(sha256)
        return self.path(sha256)

    def is_whole(self, sha256: str) -> bool:
        """Whether it is there and intact."""
        return _hash_of(self.path(sha256)) == sha256

    def heal(self, sha256: str, spare: Path | None = None) -> bool:
        """Rewrite it from a copy: in another data folder, `spare`, or in the files for phones.
        False if there is none; then the existing file is left as it is."""
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
        """Beside it first, then in place: if the disk is full, the existing file stays."""
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
    """Path in a data folder of the content with that hash."""
    return f"blobs/{sha256[:2]}/{sha256}"


def _read(file: Path) -> bytes | None:
    """None if it is missing or unreadable."""
    try:
        return file.read_bytes()
    except OSError:
        return None


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _hash_of(file: Path) -> str:
    """In chunks, for files that are too large for memory; empty if it cannot be read."""
    try:
        with file.open("rb") as content:
            return hashlib.file_digest(content, "sha256").hexdigest()
    except OSError:
        return ""


@lru_cache(maxsize=256)
def _is_trusted(file: Path, _since: int) -> bool:
    return _hash_of(file) == file.name
