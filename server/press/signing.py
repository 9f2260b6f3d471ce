"""Who signs what phones read: the keys in a data folder, if somebody has made them.

Without keys nothing is signed, and pages use the release beside them. With keys, maps
need the publishers' passphrase; closures and the hourly timestamp need none.
"""

import hashlib
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from navkit.venue.venue import Closure
from navkit.words.findings import NavkitError
from server.press import catalogue, keys, trust
from server.press.catalogue import Listed
from server.press.keys import Keyring

PASSPHRASE = "NAVKIT_PUBLISHING_PASSPHRASE"
"""The variable for the passphrase, instead of typing it."""


@dataclass(frozen=True)
class Signer:
    """Signs in a data folder. Each act is done once: what is already signed is left as it is."""

    data: Path

    def signs(self, hospital: str) -> bool:
        """Whether phones are to accept only signed maps of this hospital."""
        repository = trust.read(self.data / trust.PUBLIC)
        return repository is not None and hospital in repository.hospitals

    def has_map(self, hospital: str) -> bool:
        """Whether a map of this hospital was ever signed: its page then follows signatures."""
        return self.signs(hospital) and bool(
            trust.opened(self.data).targets[f"{hospital}-map"].signed.targets
        )

    @property
    def is_lost(self) -> bool:
        """Whether keys were made here, and what they have signed is gone."""
        return trust.read(self.data / trust.PUBLIC) is None and bool(
            keys.read(self.data / trust.KEYS)
        )

    def asks(self, hospital: str) -> bool:
        """Whether publishing requires the passphrase."""
        return self.signs(hospital) and not os.environ.get(PASSPHRASE)

    def check(self, hospital: str, passphrase: str) -> None:
        """`NavkitError` if a map could not be signed with that passphrase."""
        if self.signs(hospital):
            role = f"{hospital}-map"
            known = trust.opened(self.data).standings[role].keyids
            self._keyring(passphrase).secret(role, known)

    def release(self, hospital: str, content: bytes, now_ms: int, passphrase: str = "") -> bytes:
        """Sign a release; returns the root that its page trusts, empty if nothing is signed."""
        if not self.signs(hospital):
            return b""
        if not self._has(hospital, "map", trust.map_path(hospital), content):
            ring = self._keyring(passphrase)
            trust.commit(
                self.data, lambda r: trust.publish(r, ring, hospital, content, _time(now_ms))
            )
        version = trust.opened(self.data).root.signed.version
        # As it is on disk: its bytes were signed.
        return (self.data / trust.PUBLIC / trust.METADATA / f"{version}.root.json").read_bytes()

    def closures(
        self, hospital: str, closures: Sequence[Closure], now_ms: int, emergency: str, zone: str
    ) -> None:
        """Sign the closures, and since when there is an emergency, empty for none; all times are
        those of a time zone."""
        with self.about_to_close(hospital, closures, now_ms, emergency, zone):
            pass

    @contextmanager
    def about_to_close(
        self, hospital: str, closures: Sequence[Closure], now_ms: int, emergency: str, zone: str
    ) -> Iterator[None]:
        """The same in two steps: phones are pointed to it on exit, unless an exception was
        raised."""
        if not self.signs(hospital):
            yield
            return
        content = self.closures_content(hospital, closures, emergency, zone)
        if self._has(hospital, "closures", trust.closures_path(hospital), content):
            yield
            return
        ring = self._keyring("")
        with trust.about_to_commit(
            self.data,
            lambda r: trust.close(r, ring, hospital, closures, _time(now_ms), emergency, zone),
        ):
            yield

    def closures_content(
        self, hospital: str, closures: Sequence[Closure], emergency: str, zone: str
    ) -> bytes:
        """The file of closures, as it was signed last if nothing has changed."""
        version = trust.opened(self.data).standings[f"{hospital}-closures"].version
        return trust.closures_file(closures, version, emergency, zone)

    def catalogue(self, own: Sequence[Listed], now_ms: int, passphrase: str = "") -> None:
        """Sign which hospitals this server has, besides those of others that are listed already.
        One hospital alone needs no catalogue; without the publishers' key it stays as it is."""
        repository = trust.read(self.data / trust.PUBLIC)
        ring = self._keyring(passphrase)
        if repository is None or not _opens(ring, "targets", repository):
            return
        before = trust.catalogue_in(self.data / trust.PUBLIC, repository)
        listed = catalogue.renewed(own, before)
        if len(listed) > 1 and catalogue.content_of(listed) != before:
            trust.commit(self.data, lambda r: trust.list_hospitals(r, ring, listed, _time(now_ms)))

    def tick(self, now_ms: int) -> None:
        """What a clock signs every hour."""
        if trust.read(self.data / trust.PUBLIC):
            ring = self._keyring("")
            trust.commit(self.data, lambda r: trust.tick(r, ring, _time(now_ms)))

    def _has(self, hospital: str, kind: str, path: str, content: bytes) -> bool:
        signed = trust.opened(self.data).targets[f"{hospital}-{kind}"].signed.targets.get(path)
        digest = hashlib.sha512(content).hexdigest()
        return signed is not None and signed.hashes.get("sha512") == digest

    def _keyring(self, passphrase: str) -> Keyring:
        said = passphrase or os.environ.get(PASSPHRASE, "")
        return Keyring(keys.read(self.data / trust.KEYS), lambda kind: said)


def _opens(ring: Keyring, role: str, repository: trust.Repository) -> bool:
    """Whether the key of a role is here, and its passphrase was said."""
    try:
        ring.secret(role, repository.standings[role].keyids)
    except NavkitError:
        return False
    return True


def _time(now_ms: int) -> datetime:
    return datetime.fromtimestamp(now_ms / 1000, UTC)
