"""A copy of what phones read, on another host: a folder, or a bucket that speaks S3.

First everything is planned, then it is executed in the order of `leads`, with deletions last: if it
is interrupted, phones find either what was there before or what is new, and the next copy resumes.
Packed files (`….gz`) are not copied: a host packs by itself, and a bucket would not know when to
send one.
"""

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit
from urllib.request import url2pathname

from navkit.words.findings import NavkitError
from server.data.alone import alone
from server.data.files import DAMAGED
from server.data.lasting import write_lasting
from server.press.leading import (
    KEPT_DAYS,
    LAST,
    cache_control,
    content_type,
    fits,
    is_for_good,
    is_hashed,
    is_root,
    leads,
)

FIRST_ROOT = "metadata/1.root.json"
LOCK = "work/copying"
PATIENCE_S = 5.0


@dataclass(frozen=True)
class Own:
    """A file of the public folder."""

    path: str
    size_bytes: int
    md5: str
    """Empty if the name already identifies the content."""
    read: Callable[[], bytes]


@dataclass(frozen=True)
class Kept:
    """A file of a copy."""

    size_bytes: int
    md5: str
    put: datetime


@dataclass(frozen=True)
class Plan:
    """The steps of a copy, in this order; `kept` is the number of files that are already there."""

    sent: tuple[Own, ...]
    swept: tuple[str, ...]
    kept: int


class Place(Protocol):
    """The destination of a copy. All its refusals are `NavkitError`s."""

    def files(self) -> Mapping[str, Kept]:
        """The files there, by path."""

    def put(self, path: str, content: bytes) -> None:
        """Write a file: concurrent readers get the old one or the new one, complete."""

    def remove(self, path: str) -> None:
        """Remove a file."""


# -------------------------------------------------------------------- deciding


def plan(own: Sequence[Own], there: Mapping[str, Kept], now: datetime) -> Plan:
    """Send whatever is missing or different there.

    Sweep what only navkit can have written, what the source no longer has, and what was put
    there more than `KEPT_DAYS` ago. The source itself keeps superseded files for as long.
    """
    names = {file.path for file in own}
    oldest = now - timedelta(days=KEPT_DAYS)
    sent = tuple(file for file in own if not _is_there(file, there.get(file.path)))
    swept = tuple(
        path
        for path, kept in sorted(there.items())
        if path not in names and is_for_good(path) and not is_root(path) and kept.put < oldest
    )
    return Plan(sent, swept, len(own) - len(sent))


def _is_there(file: Own, kept: Kept | None) -> bool:
    return bool(kept and kept.size_bytes == file.size_bytes and file.md5 in ("", kept.md5))


# ----------------------------------------------------------------------- doing


def copy(data: Path, address: str, now: datetime, tell: Callable[[str, str], None]) -> Plan:
    """Bring the copy at an address up to date. `tell` is called for each file, `sent` or
    `swept`."""
    public, place = data / "public", place_at(address)
    try:
        with alone(data / LOCK, PATIENCE_S):
            own = taken(public)
            if not own:
                raise NavkitError("nothing-to-copy", str(data))
            there = place.files()
            _must_be_of_this(own, there, address)
            found = plan(own, there, now)
            for file in found.sent:
                place.put(file.path, file.read())
                tell("sent", file.path)
            for path in found.swept:
                place.remove(path)
                tell("swept", path)
            return found
    except TimeoutError:
        raise NavkitError("copy-busy", str(data)) from None


def _must_be_of_this(own: Sequence[Own], there: Mapping[str, Kept], address: str) -> None:
    """Phones that trust another repository would refuse everything from then on."""
    first = next((file for file in own if file.path == FIRST_ROOT), None)
    if FIRST_ROOT in there and not (first and _is_there(first, there[FIRST_ROOT])):
        raise NavkitError("copy-of-another", shown(address))


def taken(public: Path) -> list[Own]:
    """What there is to copy, in the order in which it is sent.

    Files that refer to others are read before those are listed: during a publication, they never
    refer to files that were not there yet.
    """
    found: list[Own] = []
    for rank in range(LAST, -1, -1):
        for path in _paths(public):
            # Meanwhile the server may delete files that nothing refers to any more.
            with suppress(FileNotFoundError):
                if leads(path)[0] == rank:
                    found.append(_own(public / path, path))
    return sorted(found, key=lambda file: (leads(file.path), file.path))


def stamp(public: Path) -> str:
    """Changes whenever there may be something to copy."""
    found = [(path, (public / path).stat()) for path in sorted(_paths(public))]
    return _md5(repr([(path, of.st_mtime_ns, of.st_size) for path, of in found]).encode())


def _paths(public: Path) -> list[str]:
    files = (file for file in public.rglob("*") if file.is_file())
    # Files being written are hidden.
    return [
        file.relative_to(public).as_posix()
        for file in files
        if file.suffix != ".gz" and not file.name.startswith(".")
    ]


def _own(file: Path, path: str) -> Own:
    if is_hashed(path):
        return Own(path, file.stat().st_size, "", lambda: _whole(file, path))
    content = file.read_bytes()
    return Own(path, len(content), _md5(content), lambda: content)


def _whole(file: Path, path: str) -> bytes:
    """`NavkitError` if it is damaged: a copy would be trusted by its name for ever."""
    content = file.read_bytes()
    if not fits(path, content):
        raise NavkitError(DAMAGED, file=f"public/{path}")
    return content


def _md5(content: bytes) -> str:
    """To detect changes in the way buckets report them; trust is based on signatures."""
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


# ---------------------------------------------------------------------- places


class Folder:
    """A folder on this machine, or a mounted one."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def files(self) -> dict[str, Kept]:
        with _refusals(str(self._folder)):
            return {path: self._kept(self._folder / path) for path in _paths(self._folder)}

    def _kept(self, file: Path) -> Kept:
        content = file.read_bytes()
        put = datetime.fromtimestamp(file.stat().st_mtime, UTC)
        return Kept(len(content), _md5(content), put)

    def put(self, path: str, content: bytes) -> None:
        with _refusals(str(self._folder)):
            write_lasting(self._folder / path, content)

    def remove(self, path: str) -> None:
        with _refusals(str(self._folder)):
            (self._folder / path).unlink(missing_ok=True)


class Bucket:
    """A bucket. Credentials and the endpoint are where all S3 tools look for them: the environment
    (`AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_ENDPOINT_URL`) or `~/.aws`."""

    def __init__(self, address: str) -> None:
        try:
            import fsspec

            self._s3: Any = fsspec.filesystem(
                "s3", use_listings_cache=False, skip_instance_cache=True
            )
        except ImportError:
            raise NavkitError("bucket-missing") from None
        self._address = address
        self._root = address.removeprefix("s3://").strip("/")

    def files(self) -> dict[str, Kept]:
        with _refusals(self._address):
            found = self._s3.find(self._root, detail=True)
        return {
            name.removeprefix(f"{self._root}/"): Kept(
                about["size"], about["ETag"].strip('"'), about["LastModified"]
            )
            for name, about in found.items()
        }

    def put(self, path: str, content: bytes) -> None:
        kind = content_type(path)
        letters = "; charset=utf-8" if kind.startswith("text/") else ""
        with _refusals(self._address):
            self._s3.pipe_file(
                f"{self._root}/{path}",
                content,
                ContentType=f"{kind}{letters}",
                CacheControl=cache_control(path),
            )

    def remove(self, path: str) -> None:
        with _refusals(self._address):
            self._s3.rm_file(f"{self._root}/{path}")


def place_at(address: str) -> Place:
    """The destination for `s3://bucket/prefix`, `file:///folder` or a plain folder."""
    if "://" not in address:
        return Folder(Path(address))
    said = urlsplit(address)
    if "@" in said.netloc or said.query or said.fragment:
        raise NavkitError("copy-credentials", shown(address))
    if said.scheme == "s3" and said.netloc:
        return Bucket(address)
    if said.scheme == "file" and said.netloc in ("", "localhost"):
        return Folder(Path(url2pathname(said.path)))
    raise NavkitError("copy-address", shown(address))


def shown(address: str) -> str:
    """An address, or a text that contains one, without credentials."""
    return re.sub(r"(?<=//)[^/\s\"]*@|[?#][^\s\"]*", "", address)


@contextmanager
def _refusals(address: str) -> Iterator[None]:
    try:
        yield
    # The errors of s3fs and the libraries below it have no other common base class.
    except Exception as error:
        why = getattr(error, "strerror", None) or str(error) or type(error).__name__
        raise NavkitError("copy-refused", shown(address), why=shown(why).split("\n")[0]) from None
