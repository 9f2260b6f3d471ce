"""Signing keys: how they are made, sealed with a passphrase, stored, and printed for the safe.

A key is a page of text that a person can print, and type in again: `docs/publishing.md` shows one.
Keys that only people use need a passphrase; keys that a clock or a duty desk uses at night are
open, in a file that only the server's own account can read.
"""

import base64
import hashlib
import re
import secrets
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from securesystemslib.signer import CryptoSigner, SSlibKey

from navkit.words.findings import NavkitError
from server.data.lasting import write_lasting

FIRST_LINE = "navkit-key 1"
SAFE, PUBLISHING = "safe", "publishing"
"""The two passphrases: of the envelope in the safe, and of those who publish maps."""

LEAST_PASSPHRASE = 12
"""Characters of a passphrase. A guess: a sealed page may be copied and attacked offline."""

SCRYPT = {"n": 2**17, "r": 8, "p": 1, "maxmem": 2**28}
"""Cost of trying one passphrase: 128 MB and half a second. Source: OWASP's cheat sheet on
storing passwords."""

SALT_BYTES, NONCE_BYTES = 16, 12
GROUP, GROUPS = 4, 8
"""Letters per group, groups per line: as many as people copy without losing their place."""

TYPED = str.maketrans("018", "OIB")
"""Digits that the alphabet does not have, mapped to the letter that was meant."""

_NAME = re.compile(r"[a-z][a-z0-9-]*")


def passphrase_of(role: str) -> str:
    """The passphrase that seals the keys of a role; empty if they are open."""
    if role == "root":
        return SAFE
    return PUBLISHING if role == "targets" or role.endswith("-map") else ""


@dataclass(frozen=True)
class Secret:
    """A private key, opened."""

    role: str
    seed: bytes = field(repr=False)

    @cached_property
    def signer(self) -> CryptoSigner:
        return CryptoSigner(Ed25519PrivateKey.from_private_bytes(self.seed))

    @property
    def public(self) -> SSlibKey:
        return self.signer.public_key


def file_name(role: str, keyid: str) -> str:
    """Name of a key's page: a new key of a role is stored beside the old one."""
    return f"{role}-{keyid[:8]}.txt"


def new(role: str) -> Secret:
    """A new random key."""
    return Secret(role, secrets.token_bytes(32))


# --------------------------------------------------------------------- pages


def page(secret: Secret, passphrase: str = "") -> str:
    """A key as text, sealed if there is a passphrase."""
    content, way = secret.seed, "open"
    if passphrase:
        salt, nonce = secrets.token_bytes(SALT_BYTES), secrets.token_bytes(NONCE_BYTES)
        box = ChaCha20Poly1305(_stretched(passphrase, salt))
        named = _bound(secret.role, secret.public.keyid)
        content, way = salt + nonce + box.encrypt(nonce, secret.seed, named), "sealed"
    letters = base64.b32encode(content).decode().rstrip("=")
    size = GROUP * GROUPS
    lines = [letters[i : i + size] for i in range(0, len(letters), size)]
    body = [f"{_grouped(line)} /{_check(line)}" for line in lines]
    head = [FIRST_LINE, f"role {secret.role}", f"id {secret.public.keyid}", way]
    return "\n".join([*head, *body, ""])


def opened(text: str, where: str, passphrase: str = "") -> Secret:
    """The key of a page, as printed or as typed in again.

    `NavkitError` if it is not a page, if a line was mistyped, or if the passphrase is
    missing or wrong.
    """
    role, keyid, is_sealed, lines = _parts(text, where)
    letters = ""
    for number, line in enumerate(lines, start=1):
        typed, _, check = line.upper().translate(TYPED).partition("/")
        group = re.sub(r"\s", "", typed)
        if _check(group) != check.strip():
            raise NavkitError("key-line-wrong", where, number=str(number), role=role)
        letters += group
    content = base64.b32decode(letters + "=" * (-len(letters) % 8))
    if is_sealed:
        content = _unsealed(content, passphrase, role, keyid, where)
    secret = Secret(role, content)
    if secret.public.keyid != keyid:
        raise NavkitError("key-unreadable", where)
    return secret


def _parts(text: str, where: str) -> tuple[str, str, bool, list[str]]:
    """Role, id, whether it is sealed, and the lines of letters."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    found = re.fullmatch(
        rf"{FIRST_LINE}\nrole ({_NAME.pattern})\nid ([0-9a-f]{{64}})\n(sealed|open)",
        "\n".join(lines[:4]),
    )
    if not found or len(lines) < 5:
        raise NavkitError("key-unreadable", where)
    return found[1], found[2], found[3] == "sealed", lines[4:]


def _unsealed(content: bytes, passphrase: str, role: str, keyid: str, where: str) -> bytes:
    if not passphrase:
        raise NavkitError("key-sealed", where, role=role)
    salt, rest = content[:SALT_BYTES], content[SALT_BYTES:]
    box = ChaCha20Poly1305(_stretched(passphrase, salt))
    try:
        return box.decrypt(rest[:NONCE_BYTES], rest[NONCE_BYTES:], _bound(role, keyid))
    except InvalidTag:
        raise NavkitError("passphrase-wrong", where, role=role) from None


def _stretched(passphrase: str, salt: bytes) -> bytes:
    """A key derived from a passphrase, the same however a keyboard composes its letters."""
    plain = unicodedata.normalize("NFKC", passphrase)
    return hashlib.scrypt(plain.encode(), salt=salt, dklen=32, **SCRYPT)


def _bound(role: str, keyid: str) -> bytes:
    """What a sealed key is bound to: under another name it does not open."""
    return f"{FIRST_LINE}\n{role}\n{keyid}".encode()


def _grouped(line: str) -> str:
    return " ".join(line[i : i + GROUP] for i in range(0, len(line), GROUP))


def _check(line: str) -> str:
    """Two letters that detect a mistyped line, except for one in a thousand."""
    return base64.b32encode(hashlib.sha256(line.encode()).digest()).decode()[:2]


# ------------------------------------------------------------------- keyring


class Keyring:
    """The available keys: pages by the name of their file, opened when they are needed."""

    def __init__(
        self, pages: Mapping[str, str], passphrase: Callable[[str], str] = lambda kind: ""
    ) -> None:
        """`passphrase` returns that of `SAFE` or of `PUBLISHING`, empty if it is unknown."""
        self.pages = pages
        self.made_pages: dict[str, str] = {}
        self._passphrase = passphrase
        self._opened: dict[str, Secret] = {}

    def secret(self, role: str, keyids: Iterable[str]) -> Secret:
        """The key of a role with one of these ids; `NavkitError` if it is missing or stays
        sealed."""
        wanted = set(keyids)
        for name, text in self.pages.items():
            own_role, keyid, _, _ = _parts(text, name)
            if own_role != role or keyid not in wanted:
                continue
            if keyid not in self._opened:
                self._opened[keyid] = opened(text, name, self._passphrase_of(role))
            return self._opened[keyid]
        raise NavkitError("key-missing", role, ids=", ".join(key[:8] for key in sorted(wanted)))

    def made(self, role: str) -> tuple["Keyring", Secret]:
        """A keyring with a new key for this role too."""
        passphrase = self._passphrase_of(role)
        if passphrase_of(role) and len(passphrase) < LEAST_PASSPHRASE:
            raise NavkitError("passphrase-short", role, least=str(LEAST_PASSPHRASE))
        secret = new(role)
        made = {file_name(role, secret.public.keyid): page(secret, passphrase)}
        ring = Keyring({**self.pages, **made}, self._passphrase)
        ring.made_pages = {**self.made_pages, **made}
        ring._opened = {**self._opened, secret.public.keyid: secret}
        return ring, secret

    def _passphrase_of(self, role: str) -> str:
        kind = passphrase_of(role)
        return self._passphrase(kind) if kind else ""


def read(folder: Path) -> dict[str, str]:
    """The pages of keys in a folder."""
    return {file.name: file.read_text(encoding="utf-8") for file in sorted(folder.glob("*.txt"))}


def write(folder: Path, name: str, text: str) -> Path:
    """Store a page in a folder that only this account can open."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    write_lasting(folder / name, text.encode("utf-8"))
    return folder / name
