"""Zip archives from strangers: unpacked in memory, entry by entry, or refused."""

import re
import zipfile
import zlib
from io import BytesIO
from pathlib import PurePosixPath

from floorplans.limits import Limits
from floorplans.sheet import UNSEEN, Sheet
from navkit.words.findings import PlanError

_RATIO_MATTERS_BYTES = 1_000_000
"""Below this size the compression ratio does not matter."""


def unpack(name: str, content: bytes, limits: Limits) -> list[Sheet]:
    """The files of an archive in order of name, without folders and system files."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return _unpack(name, archive, limits)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError) as error:
        raise PlanError("zip-broken", name) from error
    except (NotImplementedError, RuntimeError) as error:
        raise PlanError("zip-not-readable", name) from error


def _unpack(name: str, archive: zipfile.ZipFile, limits: Limits) -> list[Sheet]:
    entries = archive.infolist()
    if len(entries) > limits.zip_entries:
        raise PlanError("zip-too-many-files", name, limit=str(limits.zip_entries))
    if sum(entry.file_size for entry in entries) > limits.unpacked_bytes:
        raise PlanError("zip-too-large", name, limit=str(limits.unpacked_bytes // 2**20))
    sheets: list[Sheet] = []
    seen: set[str] = set()
    left = limits.unpacked_bytes
    for entry in sorted(entries, key=lambda entry: entry.filename):
        path = _safe_path(name, entry)
        if path is None:
            continue
        if path.casefold() in seen:
            raise PlanError("zip-name-twice", name, entry=path)
        seen.add(path.casefold())
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            # Some methods allocate gigabytes before the first byte.
            raise PlanError("zip-not-readable", name)
        bomb = entry.file_size > _RATIO_MATTERS_BYTES and (
            entry.file_size > limits.zip_ratio * max(entry.compress_size, 1)
        )
        if bomb:
            raise PlanError("zip-bomb", name, entry=path)
        with archive.open(entry) as stream:
            content = stream.read(min(left, limits.file_bytes) + 1)
        if len(content) > min(left, limits.file_bytes):
            raise PlanError("zip-too-large", name, limit=str(limits.unpacked_bytes // 2**20))
        left -= len(content)
        if path.lower().endswith(".zip"):
            raise PlanError("zip-in-zip", name, entry=path)
        sheets.append(Sheet(path, content, limits))
    return sheets


def _safe_path(name: str, entry: zipfile.ZipInfo) -> str | None:
    path = entry.filename.replace("\\", "/")
    parts = PurePosixPath(path).parts
    unsafe = path.startswith("/") or ".." in parts or re.match(r"[A-Za-z]:", path)
    if unsafe or UNSEEN.search(path):
        raise PlanError("zip-path-unsafe", name, entry=path[:80])
    if entry.external_attr >> 28 == 0xA:
        raise PlanError("zip-link", name, entry=path[:80])
    if not parts or path.endswith("/") or "__MACOSX" in parts or parts[-1].startswith("."):
        return None
    return "/".join(parts)
