"""A repository of The Update Framework in which a test controls every byte."""

import json
from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import (
    DelegatedRole,
    Delegations,
    Metadata,
    MetaFile,
    Root,
    Snapshot,
    TargetFile,
    Targets,
    Timestamp,
)
from tuf.api.serialization.json import JSONSerializer

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
DAY = timedelta(days=1)
TOP = ("root", "targets", "snapshot", "timestamp")
OWN = ("renmin-map", "renmin-closures")
ROLES = (*TOP, *OWN)
PATHS = {"renmin-map": "h/renmin/map/release.json", "renmin-closures": "h/renmin/closures.json"}
HASHES = ["sha512"]
POINTER = "metadata/timestamp.json"


@cache
def key(name: str) -> CryptoSigner:
    """A key by a name; making some is cheap, making hundreds is not."""
    return CryptoSigner.generate_ed25519()


def closures(*targets: str) -> bytes:
    """A `closures.json` that closes these."""
    said = [{"target": one, "start": "", "end": "", "reason": {"en": "works"}} for one in targets]
    whole = {"format": "navkit-closures", "version": 1, "number": 1, "closures": said}
    return json.dumps(whole).encode()


@dataclass(frozen=True)
class Step:
    """What a phone finds when it looks, and when."""

    files: dict[str, bytes]
    now: datetime = NOW
    endless: frozenset[str] = frozenset()
    """Files that never end."""


@dataclass
class Forge:
    """One hospital's repository, in memory."""

    hashes: bool = True
    """Whether snapshot and timestamp say lengths and hashes."""
    consistent: bool = True
    files: dict[str, bytes] = field(default_factory=dict)
    signers: dict[str, list[CryptoSigner]] = field(default_factory=dict)
    signed: dict[str, Any] = field(default_factory=dict)
    """What each role says: change it, then `write` or `publish`."""

    def __post_init__(self) -> None:
        self.signers = {role: [key(role)] for role in ROLES}
        root = Root(expires=NOW + 1000 * DAY, consistent_snapshot=self.consistent)
        for role in TOP:
            root.add_key(key(role).public_key, role)
        self.signed = {
            "root": root,
            "targets": Targets(expires=NOW + 180 * DAY, delegations=Delegations({}, {})),
            "snapshot": Snapshot(expires=NOW + 14 * DAY, meta={}),
            "timestamp": Timestamp(expires=NOW + DAY),
            "renmin-map": Targets(expires=NOW + 180 * DAY),
            "renmin-closures": Targets(expires=NOW + 7 * DAY),
        }
        for role in OWN:
            self.delegate("targets", role, PATHS[role])
        self.offer("renmin-map", b'{"release":1}')
        self.offer("renmin-closures", closures())
        self.write("root")
        self.publish("targets", *OWN, bump=False)
        self.first_root = self.files["metadata/1.root.json"]

    # -- changing

    def delegate(self, by: str, role: str, *paths: str, terminating: bool = True) -> None:
        delegations = self.signed[by].delegations
        public = key(role).public_key
        delegations.keys[public.keyid] = public
        delegations.roles[role] = DelegatedRole(role, [public.keyid], 1, terminating, list(paths))

    def offer(self, role: str, content: bytes, path: str = "") -> str:
        """A target of a role; returns its file."""
        path = path or PATHS[role]
        entry = TargetFile.from_data(path, content, HASHES)
        self.signed[role].targets[path] = entry
        name = entry.get_prefixed_paths()[0] if self.consistent else path
        self.files[name] = content
        return name

    def content_of(self, role: str) -> str:
        """The file of a role's target."""
        entry = self.signed[role].targets[PATHS[role]]
        return str(entry.get_prefixed_paths()[0]) if self.consistent else PATHS[role]

    def delegator(self, role: str) -> Any:
        """Whose threshold and keys count for a role."""
        holder = self.signed["root"] if role in TOP else self.signed["targets"].delegations
        return holder.roles[role]

    def rotate(self, role: str, name: str) -> CryptoSigner:
        """Another key for a role; what names it is still to be written."""
        holder = self.signed["root" if role in TOP else "targets"]
        old = list(self.delegator(role).keyids)
        for keyid in old:
            holder.revoke_key(keyid, role)
        holder.add_key(key(name).public_key, role)
        self.signers[role] = [key(name)]
        return key(name)

    # -- writing

    def name(self, role: str) -> str:
        if role == "timestamp":
            return POINTER
        is_versioned = self.consistent or role == "root"
        return f"metadata/{self.signed[role].version if is_versioned else ''}.{role}.json".replace(
            "/.", "/"
        )

    def write(
        self,
        role: str,
        signers: Sequence[CryptoSigner] | None = None,
        edit: Callable[[dict[str, Any]], None] = lambda data: None,
    ) -> bytes:
        """Sign what a role says. `edit` changes what is written after it has been signed."""
        md = Metadata(deepcopy(self.signed[role]))
        for signer in self.signers[role] if signers is None else signers:
            md.sign(signer, append=True)
        data = json.loads(md.to_bytes(JSONSerializer(compact=True)))
        edit(data)
        content = json.dumps(data, separators=(",", ":")).encode()
        self.files[self.name(role)] = content
        return content

    def bind(self, role: str) -> None:
        """Have snapshot or timestamp say of a role what is written of it."""
        content = self.files[self.name(role)]
        version = self.signed[role].version
        meta = MetaFile.from_data(version, content, HASHES) if self.hashes else MetaFile(version)
        if role == "snapshot":
            self.signed["timestamp"].snapshot_meta = meta
        else:
            self.signed["snapshot"].meta[f"{role}.json"] = meta

    def publish(self, *roles: str, bump: bool = True) -> None:
        """The next version of these, and of all that leads to them."""
        for role in roles:
            self.signed[role].version += bump
            self.write(role)
            self.bind(role)
        self.point(bump=bump)

    def point(self, *, bump: bool = True) -> None:
        """The next snapshot and timestamp."""
        self.signed["snapshot"].version += bump
        self.write("snapshot")
        self.bind("snapshot")
        self.signed["timestamp"].version += bump
        self.write("timestamp")

    def next_root(self, *also: CryptoSigner, only: Sequence[CryptoSigner] | None = None) -> None:
        """The next root, signed by its own keys and these."""
        self.signed["root"].version += 1
        self.write("root", only if only is not None else [*self.signers["root"], *also])

    def step(self, days: float = 0, endless: str = "", **_: Any) -> Step:
        """As it is now, `days` later."""
        return Step(dict(self.files), NOW + days * DAY, frozenset({endless} - {""}))
