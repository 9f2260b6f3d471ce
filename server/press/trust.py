"""What phones trust: a repository of The Update Framework, its roles, and how it changes.

Rules take a repository, keys and the time, and return a `Change`: files in the order in which they
must be written, the pointer (`timestamp.json`) last. `commit` writes one. Versions never go
down: undoing is publishing old content again. `docs/publishing.md` says who may sign what.
"""

import json
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

from tuf.api.exceptions import UnsignedMetadataError
from tuf.api.metadata import (
    TOP_LEVEL_ROLE_NAMES,
    DelegatedRole,
    Delegations,
    Metadata,
    MetaFile,
    Root,
    Snapshot,
    T,
    TargetFile,
    Targets,
    Timestamp,
)
from tuf.api.serialization import DeserializationError
from tuf.api.serialization.json import JSONSerializer

from navkit.plan.typed_json import to_json
from navkit.venue.venue import Closure
from navkit.words.findings import NavkitError
from server.data.alone import alone
from server.data.lasting import about_to_last, write_lasting
from server.press import catalogue
from server.press.catalogue import Listed
from server.press.keys import Keyring, Secret
from server.press.keys import write as write_key_page
from server.press.leading import CONTENT, KEPT_DAYS, fits, is_hashed, leads

LIFE = {
    "root": timedelta(days=3 * 365),
    "targets": timedelta(days=180),
    "map": timedelta(days=180),
    "closures": timedelta(days=7),
    "snapshot": timedelta(days=14),
    "timestamp": timedelta(hours=24),
}
"""How long a role's signature is valid: short if a clock renews it, long if people do."""

PUBLIC, KEYS = "public", "keys"
"""Folders of a data folder: what phones read, and what only this account may read."""

METADATA = "metadata"
POINTER = f"{METADATA}/timestamp.json"
HASHES = ["sha512"]
"""Hashes that phones can compute with the library that verifies signatures."""

CLOSURES = {"format": "navkit-closures", "version": 1}
CLOSURES_BYTES = 65536
RELEASE_BYTES = 4096
"""Maximum size of either that a phone reads. The same in `exporter/runtime/client/trust.js`."""

HOSPITAL = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_PATIENCE_S = 30.0


@dataclass(frozen=True)
class Standing:
    """What a role has signed: its version, its expiry, whose keys count."""

    version: int
    expires: datetime
    keyids: tuple[str, ...]


@dataclass(frozen=True)
class Repository:
    """Everything that is signed and current. Metadata are values here: rules change copies."""

    root: Metadata[Root]
    timestamp: Metadata[Timestamp]
    snapshot: Metadata[Snapshot]
    targets: Mapping[str, Metadata[Targets]]
    """By role: ``targets``, and for each hospital its ``…-map`` and ``…-closures``."""
    names: frozenset[str]
    """Existing files of metadata, including those that an interrupted change has left."""

    @property
    def files(self) -> frozenset[str]:
        """What the pointer refers to: paths in the public folder."""
        signed = [_file(role, md) for role, md in self.targets.items()]
        contents = [
            kept_path(path, target.hashes["sha512"])
            for md in self.targets.values()
            for path, target in md.signed.targets.items()
        ]
        return frozenset((*signed, _file("snapshot", self.snapshot), *contents))

    @property
    def hospitals(self) -> tuple[str, ...]:
        maps = (role for role in self.targets if role.endswith("-map"))
        return tuple(sorted(role.removesuffix("-map") for role in maps))

    @property
    def standings(self) -> dict[str, Standing]:
        """By role."""
        top = {
            "root": self.root.signed,
            "snapshot": self.snapshot.signed,
            "timestamp": self.timestamp.signed,
        }
        signed = {**top, **{role: md.signed for role, md in self.targets.items()}}
        return {
            role: Standing(one.version, one.expires, tuple(_keyids(role, self.root, self.targets)))
            for role, one in signed.items()
        }


@dataclass(frozen=True)
class Change:
    """Files to write, in this order: ``(path in the public folder, content)``."""

    files: tuple[tuple[str, bytes], ...]
    keys: Keyring
    """Including the keys that it has made."""
    when: datetime


# --------------------------------------------------------------------- paths


def map_path(hospital: str) -> str:
    return f"h/{hospital}/map/release.json"


def closures_path(hospital: str) -> str:
    return f"h/{hospital}/closures.json"


def kept_path(path: str, sha512: str) -> str:
    """The path of a target: beside its older versions, by its hash."""
    folder, _, name = path.rpartition("/")
    return f"{folder}/{sha512}.{name}"


def _kind(role: str) -> str:
    """The purpose of a hospital's role, else the role itself: the key in `LIFE`."""
    return role if role in TOP_LEVEL_ROLE_NAMES else role.rpartition("-")[2]


# ----------------------------------------------------------------- a change


class _Draft:
    """A change under construction. Roles are edited one by one; `done` binds and signs them."""

    def __init__(self, repository: Repository, keys: Keyring, now: datetime) -> None:
        self._names = repository.names
        self._keys = keys
        self._now = now
        self.root = deepcopy(repository.root)
        self.timestamp = deepcopy(repository.timestamp)
        self.snapshot = deepcopy(repository.snapshot)
        self.targets = deepcopy(dict(repository.targets))
        self._edited: set[str] = set()
        self._retiring: dict[str, Secret] = {}
        self._contents: list[tuple[str, bytes]] = []

    def content(self, path: str, content: bytes) -> TargetFile:
        """Add a target's content."""
        target = TargetFile.from_data(path, content, HASHES)
        self._contents.append((kept_path(path, target.hashes["sha512"]), content))
        return target

    def next_root(self) -> Root:
        """The next root, to be edited."""
        return self._next("root", self.root)

    def next_targets(self, role: str) -> Targets:
        """What ``targets`` or a hospital's role is to sign next, to be edited."""
        return self._next(role, self.targets.setdefault(role, _unsigned(Targets())))

    def delegate(self, secret: Secret, path: str) -> None:
        """Delegate `path` to the role of this key, and to no other."""
        delegations = self.next_targets("targets").delegations
        assert delegations and delegations.roles is not None
        role, keyid = secret.role, secret.public.keyid
        delegations.keys[keyid] = secret.public
        delegations.roles[role] = DelegatedRole(role, [keyid], 1, True, paths=[path])

    def next_snapshot(self) -> Snapshot:
        return self._next("snapshot", self.snapshot)

    def is_half_over(self, role: str, md: Metadata[T]) -> bool:
        return md.signed.expires - self._now < LIFE[_kind(role)] / 2

    def retire(self, role: str, secret: Secret) -> None:
        """Have this change signed by a role's old key as well, so that phones that have not seen
        the new root yet can follow."""
        self._retiring[role] = secret

    def done(self) -> Change:
        """Files come before the files that refer to them."""
        signed = {
            role: self._sign(role, md) for role, md in self.targets.items() if role in self._edited
        }
        if signed or self.is_half_over("snapshot", self.snapshot):
            self.next_snapshot()
        for role, content in signed.items():
            of_role = MetaFile.from_data(self.targets[role].signed.version, content, HASHES)
            self.snapshot.signed.meta[f"{role}.json"] = of_role
        files = [(_file(role, self.targets[role]), content) for role, content in signed.items()]
        if "snapshot" in self._edited:
            content = self._sign("snapshot", self.snapshot)
            of_snapshot = MetaFile.from_data(self.snapshot.signed.version, content, HASHES)
            self.timestamp.signed.snapshot_meta = of_snapshot
            files.append((_file("snapshot", self.snapshot), content))
        self._next("timestamp", self.timestamp)
        files.append((POINTER, self._sign("timestamp", self.timestamp)))
        if "root" in self._edited:
            files.append((_file("root", self.root), self._sign("root", self.root)))
        files.sort(key=lambda file: leads(file[0]))
        return Change((*self._contents, *files), self._keys, self._now)

    def _next(self, role: str, md: Metadata[T]) -> T:
        """Give it the next version, also above any that an interrupted change left: it may be
        in a cache. A skipped root could never be reached."""
        if role not in self._edited:
            taken = [0] if role == "root" else _versions(self._names, role)
            md.signed.version = max(md.signed.version, *taken) + 1
            md.signed.expires = self._now + LIFE[_kind(role)]
            self._edited.add(role)
        return md.signed

    def _sign(self, role: str, md: Metadata[T]) -> bytes:
        md.signatures.clear()
        md.sign(self._keys.secret(role, _keyids(role, self.root, self.targets)).signer)
        if role in self._retiring:
            md.sign(self._retiring[role].signer, append=True)
        return md.to_bytes(JSONSerializer(compact=True))


def _keyids(role: str, root: Metadata[Root], targets: Mapping[str, Metadata[Targets]]) -> list[str]:
    """Ids of the keys that may sign for a role."""
    delegator = root if role in TOP_LEVEL_ROLE_NAMES else targets["targets"]
    return list(delegator.signed.get_delegated_role(role).keyids)


def _file(role: str, md: Metadata[T]) -> str:
    return f"{METADATA}/{md.signed.version}.{role}.json"


def _unsigned(signed: T) -> Metadata[T]:
    """Metadata without a version yet."""
    signed.version = 0
    return Metadata(signed)


def _versions(names: Iterable[str], role: str) -> list[int]:
    """Versions of a role in a folder, and 0."""
    found = (re.fullmatch(rf"(\d+)\.{re.escape(role)}\.json", name) for name in names)
    return [0, *(int(match[1]) for match in found if match)]


# --------------------------------------------------------------------- rules


def found(keys: Keyring, now: datetime) -> Change:
    """A repository without hospitals, with new keys for its roles."""
    root = Root()
    for role in sorted(TOP_LEVEL_ROLE_NAMES):
        keys, secret = keys.made(role)
        root.add_key(secret.public, role)
    nothing = Repository(
        _unsigned(root), _unsigned(Timestamp()), _unsigned(Snapshot(meta={})), {}, frozenset()
    )
    draft = _Draft(nothing, keys, now)
    draft.next_root()
    draft.next_targets("targets").delegations = Delegations({}, {})
    return draft.done()


def add_hospital(repository: Repository, keys: Keyring, hospital: str, now: datetime) -> Change:
    """A hospital with new keys: it has no map yet, and nothing is closed."""
    if not HOSPITAL.fullmatch(hospital):
        raise NavkitError("hospital-name", hospital)
    if hospital in repository.hospitals:
        raise NavkitError("hospital-twice", hospital)
    keys, map_key = keys.made(f"{hospital}-map")
    keys, closures_key = keys.made(f"{hospital}-closures")
    draft = _Draft(repository, keys, now)
    for secret, path in ((map_key, f"h/{hospital}/map/*"), (closures_key, closures_path(hospital))):
        draft.delegate(secret, path)
    draft.next_targets(f"{hospital}-map")
    _lay_closures(draft, hospital, ())
    return draft.done()


def publish(
    repository: Repository, keys: Keyring, hospital: str, release: bytes, now: datetime
) -> Change:
    """The map of a hospital is the one of this `release.json`. To take a wrong map back, publish
    the previous one again."""
    _must_know(repository, hospital)
    if len(release) > RELEASE_BYTES or b'"navkit-release"' not in release:
        raise NavkitError("release-unreadable", hospital)
    draft = _Draft(repository, keys, now)
    path = map_path(hospital)
    draft.next_targets(f"{hospital}-map").targets[path] = draft.content(path, release)
    return draft.done()


def close(
    repository: Repository,
    keys: Keyring,
    hospital: str,
    closures: Sequence[Closure],
    now: datetime,
    emergency: str = "",
    zone: str = "",
) -> Change:
    """What is closed in a hospital besides what its map says: exactly these closures; and the
    local time since which there is an emergency, empty for none. `zone` is the time zone of all
    these times, empty if phones go by their own clocks."""
    _must_know(repository, hospital)
    draft = _Draft(repository, keys, now)
    _lay_closures(draft, hospital, closures, emergency, zone)
    return draft.done()


def _lay_closures(
    draft: _Draft,
    hospital: str,
    closures: Sequence[Closure],
    emergency: str = "",
    zone: str = "",
) -> None:
    signed = draft.next_targets(f"{hospital}-closures")
    content = closures_file(closures, signed.version, emergency, zone)
    if len(content) > CLOSURES_BYTES:
        raise NavkitError("closures-too-many", hospital, count=str(len(closures)))
    path = closures_path(hospital)
    signed.targets[path] = draft.content(path, content)


def closures_file(
    closures: Sequence[Closure], number: int, emergency: str = "", zone: str = ""
) -> bytes:
    """`closures.json`, in ASCII: phones may have no decoder."""
    whole = {**CLOSURES, "number": number, "closures": to_json(tuple(closures))}
    if zone:
        whole["zone"] = zone
    if emergency:
        # Older readers ignore what they do not know, and read the closures.
        whole["emergency"] = {"since": emergency}
    return (json.dumps(whole, separators=(",", ":")) + "\n").encode("ascii")


def list_hospitals(
    repository: Repository, keys: Keyring, listed: Sequence[Listed], now: datetime
) -> Change:
    """Which hospitals phones may open besides their own: exactly these."""
    for one in listed:
        if not one.repository:
            _must_know(repository, one.id)
    content = catalogue.content_of(listed)
    draft = _Draft(repository, keys, now)
    signed = draft.next_targets("targets")
    signed.targets[catalogue.PATH] = draft.content(catalogue.PATH, content)
    return draft.done()


def tick(repository: Repository, keys: Keyring, now: datetime) -> Change:
    """What a clock does every hour: it confirms that this is still the newest, and renews whatever
    is half expired and needs no person."""
    draft = _Draft(repository, keys, now)
    for role, md in repository.targets.items():
        if _kind(role) == "closures" and draft.is_half_over(role, md):
            draft.next_targets(role)
    return draft.done()


def renew(repository: Repository, keys: Keyring, roles: Sequence[str], now: datetime) -> Change:
    """Sign the same again, with a new expiry: for ``root``, ``targets`` and hospitals' roles."""
    draft = _Draft(repository, keys, now)
    for role in roles:
        if role == "root":
            draft.next_root()
        elif role in repository.targets:
            draft.next_targets(role)
        else:
            raise _unknown_role(repository, role)
    return draft.done()


def rotate(repository: Repository, keys: Keyring, role: str, now: datetime) -> Change:
    """A new key for a role: to a phone that has seen this change the old one is worthless."""
    if role not in repository.standings:
        raise _unknown_role(repository, role)
    is_top = role in TOP_LEVEL_ROLE_NAMES
    old = _keyids(role, repository.root, repository.targets)
    retired = _old_key(keys, role, old) if is_top else None
    keys, secret = keys.made(role)
    draft = _Draft(repository, keys, now)
    if retired:
        draft.retire(role, retired)
    signed = draft.next_root() if is_top else draft.next_targets("targets")
    for keyid in old:
        signed.revoke_key(keyid, role)
    signed.add_key(secret.public, role)
    if role in repository.targets:
        draft.next_targets(role)
    elif role == "snapshot":
        draft.next_snapshot()
    return draft.done()


def _old_key(keys: Keyring, role: str, keyids: Sequence[str]) -> Secret | None:
    """The previous key, if it is not lost. The root's must not be lost."""
    try:
        return keys.secret(role, keyids)
    except NavkitError as error:
        if role == "root" or error.finding.code != "key-missing":
            raise
        return None


def _must_know(repository: Repository, hospital: str) -> None:
    if hospital not in repository.hospitals:
        raise NavkitError("hospital-unknown", hospital, known=", ".join(repository.hospitals))


def _unknown_role(repository: Repository, role: str) -> NavkitError:
    return NavkitError("role-unknown", role, known=", ".join(repository.standings))


# ---------------------------------------------------------------------- disk


def read(public: Path) -> Repository | None:
    """What is published in a folder: everything that the pointer refers to. None if there is
    nothing."""
    if not (public / POINTER).exists():
        return None
    folder = public / METADATA
    names = frozenset(file.name for file in folder.iterdir())
    timestamp = _load(folder / "timestamp.json", Timestamp)
    version = timestamp.signed.snapshot_meta.version
    snapshot = _load(folder / f"{version}.snapshot.json", Snapshot)
    return Repository(
        root=_load(folder / f"{max(_versions(names, 'root'))}.root.json", Root),
        timestamp=timestamp,
        snapshot=snapshot,
        targets={
            name.removesuffix(".json"): _load(folder / f"{of_role.version}.{name}", Targets)
            for name, of_role in snapshot.signed.meta.items()
        },
        names=names,
    )


def catalogue_in(public: Path, repository: Repository) -> bytes | None:
    """The catalogue that is signed, None for none."""
    signed = repository.targets["targets"].signed.targets.get(catalogue.PATH)
    if signed is None:
        return None
    try:
        return (public / kept_path(catalogue.PATH, signed.hashes["sha512"])).read_bytes()
    except OSError:
        raise NavkitError("trust-damaged", str(public / catalogue.PATH)) from None


def damaged(public: Path) -> list[str]:
    """Paths of signed files that are missing or altered; those that refer to others
    first. Empty if nothing has been signed."""
    names = [file.name for file in (public / METADATA).glob("*.json")]
    if not names:
        return []
    newest = max(1, *_versions(names, "root"))
    paths = [f"{METADATA}/{version}.root.json" for version in range(1, newest + 1)]
    wrong = [path for path in (*paths, POINTER) if not _is_whole(public, path)]
    try:
        repository = read(public)
    except NavkitError as error:
        # An unreadable file reports itself; what it refers to is unknown.
        path = Path(error.finding.where).relative_to(public).as_posix()
        return [*dict.fromkeys((*wrong, path))]
    leading = sorted(repository.files if repository else ())
    return wrong + [path for path in leading if not _is_whole(public, path)]


def _is_whole(public: Path, path: str) -> bool:
    try:
        return is_as_signed(public, path, (public / path).read_bytes())
    except OSError:
        return False


def is_as_signed(public: Path, path: str, content: bytes) -> bool:
    """Whether a file matches its name and the newest keys, or a root its own keys."""
    if is_hashed(path):
        return fits(path, content)
    version, _, role = path.removeprefix(f"{METADATA}/").removesuffix(".json").rpartition(".")
    try:
        md: Metadata[Any] = Metadata.from_bytes(content)
        if version and md.signed.version != int(version):
            return False
        _signer(public, role, md).verify_delegate(role, md.signed_bytes, md.signatures)
    except (NavkitError, OSError, ValueError, DeserializationError, UnsignedMetadataError):
        return False
    return True


def _signer(public: Path, role: str, md: Metadata[Any]) -> Root | Targets:
    """Who says which keys sign for a role."""
    if role == "root":
        return cast(Root, md.signed)
    names = [file.name for file in (public / METADATA).iterdir()]
    above = "root" if role in TOP_LEVEL_ROLE_NAMES else "targets"
    newest = public / METADATA / f"{max(_versions(names, above))}.{above}.json"
    return (_load(newest, Root) if above == "root" else _load(newest, Targets)).signed


def opened(data: Path) -> Repository:
    """What is published from a data folder; `NavkitError` if nothing is."""
    repository = read(data / PUBLIC)
    if not repository:
        raise NavkitError("trust-unfounded", str(data))
    return repository


def _load(file: Path, kind: type[T]) -> Metadata[T]:
    try:
        md: Metadata[T] = Metadata.from_bytes(file.read_bytes())
    except (OSError, DeserializationError):
        raise NavkitError("trust-damaged", str(file)) from None
    if not isinstance(md.signed, kind):
        raise NavkitError("trust-damaged", str(file))
    return md


def establish(data: Path, keys: Keyring, now: datetime, envelope: Path) -> None:
    """Create a repository in a data folder that has none; the root's key goes into `envelope`."""
    with _alone(data):
        if read(data / PUBLIC):
            raise NavkitError("trust-founded", str(data))
        _write(data, found(keys, now), envelope)


def commit(
    data: Path, decide: Callable[[Repository], Change], envelope: Path | None = None
) -> Repository:
    """Change what is published, one at a time among all threads and processes; returns the new
    state.

    New keys are stored before anything needs them; a new root's key goes into `envelope`. If
    this is interrupted, phones see either the old state or the whole change. Files that were
    superseded long ago are deleted.
    """
    with about_to_commit(data, decide, envelope):
        pass
    return opened(data)


@contextmanager
def about_to_commit(
    data: Path, decide: Callable[[Repository], Change], envelope: Path | None = None
) -> Iterator[None]:
    """The same in two steps: on entry everything is written that can be refused, and on exit
    phones are pointed to it, unless an exception was raised."""
    with _alone(data):
        before = opened(data)
        change = decide(before)
        _date(data / PUBLIC, _superseded(before, change), change.when)
        with _about_to_write(data, change, envelope):
            yield
        _sweep(data / PUBLIC, opened(data), change.when)


def _superseded(before: Repository, change: Change) -> list[str]:
    """What the pointer refers to before a change, and no longer after it."""
    names = {_unprefixed(path) for path, _ in change.files}
    written = {path for path, _ in change.files}
    return [path for path in sorted(before.files - written) if _unprefixed(path) in names]


def _unprefixed(path: str) -> str:
    """A path without the version or hash before its name."""
    folder, _, name = path.rpartition("/")
    return f"{folder}/{name.partition('.')[2] if name.count('.') > 1 else name}"


def _date(public: Path, paths: Sequence[str], when: datetime) -> None:
    """Set the date of files to when they were superseded. This happens before: if the change is
    interrupted they are still current, and dated again by the change that succeeds."""
    for path in paths:
        # A partly restored folder can still be published from.
        with suppress(FileNotFoundError):
            os.utime(public / path, (when.timestamp(), when.timestamp()))


def _sweep(public: Path, current: Repository, now: datetime) -> None:
    """Remove files that were superseded so long ago that no phone is still reading them."""
    oldest_s = (now - timedelta(days=KEPT_DAYS)).timestamp()
    for file in _old_files(public, current):
        # What cannot be removed now is removed with the next change.
        with suppress(OSError):
            if file.stat().st_mtime < oldest_s:
                file.unlink()


def _old_files(public: Path, current: Repository) -> Iterator[Path]:
    """Superseded files. Roots never are: a phone follows all of them. Nor are files that an
    interrupted change left above the current version: their number is not used again."""
    for role, standing in current.standings.items():
        if role != "root":
            for version in _versions(current.names, role):
                if 0 < version < standing.version:
                    yield public / METADATA / f"{version}.{role}.json"
    contents = ("h/*.json", "h/*/*.json", "h/*/map/*.json")
    for file in (file for pattern in contents for file in public.glob(pattern)):
        path = file.relative_to(public).as_posix()
        if re.fullmatch(CONTENT, file.name) and path not in current.files:
            yield file


def _write(data: Path, change: Change, envelope: Path | None) -> None:
    with _about_to_write(data, change, envelope):
        pass


@contextmanager
def _about_to_write(data: Path, change: Change, envelope: Path | None) -> Iterator[None]:
    """All files except the last, whose content is written beside its place."""
    for name, text in change.keys.made_pages.items():
        folder = envelope if name.startswith("root-") else data / KEYS
        assert folder, "whoever makes a root's key says where it goes"
        write_key_page(folder, name, text)
    *first, (last, pointer) = change.files
    for path, content in first:
        write_lasting(data / PUBLIC / path, content)
    with about_to_last(data / PUBLIC / last, pointer):
        yield


@contextmanager
def _alone(data: Path) -> Iterator[None]:
    try:
        with alone(data / KEYS / "lock", _PATIENCE_S):
            yield
    except TimeoutError:
        raise NavkitError("trust-busy", str(data)) from None
