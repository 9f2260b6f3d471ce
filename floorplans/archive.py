"""Zip archives from strangers: unpacked in memory, entry by entry, or refused."""

import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import PurePosixPath

from floorplans.limits import Limits
from floorplans.sheet import UNSEEN, Sheet
from navkit.plan import encodings
from navkit.words.findings import PlanError

_RATIO_MATTERS_BYTES = 1_000_000
"""Below this size the compression ratio does not matter."""
_IS_UTF8 = 0x800
"""Set in an entry whose name is UTF-8. Windows in Chinese writes names in its own encoding."""


def unpack(name: str, content: bytes, limits: Limits) -> list[Sheet]:
    """The files of an archive in order of name, without folders and system files.

    An archive in the archive is a folder of that name; one that cannot be read is left as it is.
    """
    return _Unpacking(name, limits).sheets("", content, depth=1)


class _Unpacking:
    """Counts the bytes and files of an archive and of all archives in it."""

    def __init__(self, name: str, limits: Limits) -> None:
        self.name = name
        self.limits = limits
        self.left = limits.unpacked_bytes
        self.entries = 0
        self.seen: set[str] = set()

    def sheets(self, folder: str, content: bytes, depth: int) -> list[Sheet]:
        try:
            with zipfile.ZipFile(BytesIO(content)) as archive:
                return self._sheets(folder, archive, depth)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError) as error:
            raise PlanError("zip-broken", self.name) from error
        except (NotImplementedError, RuntimeError) as error:
            raise PlanError("zip-not-readable", self.name) from error

    def _sheets(self, folder: str, archive: zipfile.ZipFile, depth: int) -> list[Sheet]:
        entries = archive.infolist()
        self.entries += len(entries)
        if self.entries > self.limits.zip_entries:
            raise PlanError("zip-too-many-files", self.name, limit=str(self.limits.zip_entries))
        if sum(entry.file_size for entry in entries) > self.left:
            raise self._too_large()
        sheets: list[Sheet] = []
        for path, entry in sorted(self._named(folder, entries), key=lambda named: named[0]):
            content = self._content(archive, path, entry)
            if path.lower().endswith(".zip"):
                sheets += self._nested(path, content, depth + 1)
            else:
                sheets.append(Sheet(path, content, self.limits))
        return sheets

    def _nested(self, path: str, content: bytes, depth: int) -> list[Sheet]:
        if depth > self.limits.zip_depth:
            raise PlanError("zip-in-zip", self.name, entry=path, limit=str(self.limits.zip_depth))
        try:
            return self.sheets(path[: -len(".zip")] + "/", content, depth)
        except PlanError as error:
            if error.finding.code not in ("zip-broken", "zip-not-readable"):
                raise
            return [Sheet(path, content, self.limits)]

    def _named(
        self, folder: str, entries: Sequence[zipfile.ZipInfo]
    ) -> Iterator[tuple[str, zipfile.ZipInfo]]:
        """Entries that are files, with their paths; a name in no Unicode is read by comparison."""
        old = [e.orig_filename.encode("cp437") for e in entries if not e.flag_bits & _IS_UTF8]
        reading = encodings.read(b"\n".join(old))
        encoding = reading.encoding if reading else "cp437"
        for entry in entries:
            name = entry.filename
            if not entry.flag_bits & _IS_UTF8:
                name = name.encode("cp437").decode(encoding)
            path = _safe_path(self.name, name, entry)
            if path is None:
                continue
            if (folder + path).casefold() in self.seen:
                raise PlanError("zip-name-twice", self.name, entry=path)
            self.seen.add((folder + path).casefold())
            yield folder + path, entry

    def _content(self, archive: zipfile.ZipFile, path: str, entry: zipfile.ZipInfo) -> bytes:
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            # Some methods allocate gigabytes before the first byte.
            raise PlanError("zip-not-readable", self.name)
        bomb = entry.file_size > _RATIO_MATTERS_BYTES and (
            entry.file_size > self.limits.zip_ratio * max(entry.compress_size, 1)
        )
        if bomb:
            raise PlanError("zip-bomb", self.name, entry=path)
        most = min(self.left, self.limits.file_bytes)
        with archive.open(entry) as stream:
            content = stream.read(most + 1)
        if len(content) > most:
            raise self._too_large()
        self.left -= len(content)
        return content

    def _too_large(self) -> PlanError:
        return PlanError("zip-too-large", self.name, limit=str(self.limits.unpacked_bytes // 2**20))


def _safe_path(name: str, written: str, entry: zipfile.ZipInfo) -> str | None:
    path = written.replace("\\", "/")
    parts = PurePosixPath(path).parts
    unsafe = path.startswith("/") or ".." in parts or re.match(r"[A-Za-z]:", path)
    if unsafe or UNSEEN.search(path):
        raise PlanError("zip-path-unsafe", name, entry=path[:80])
    if entry.external_attr >> 28 == 0xA:
        raise PlanError("zip-link", name, entry=path[:80])
    if not parts or path.endswith("/") or "__MACOSX" in parts or parts[-1].startswith("."):
        return None
    return "/".join(parts)
