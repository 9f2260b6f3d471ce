"""What phones read: which files refer to which, which are immutable, their HTTP headers.

Code that writes or copies these files does so in the order of `leads`: if it is interrupted at
any moment, whatever a phone finds refers only to files that exist.
"""

import gzip
import hashlib
import mimetypes
import re
import zlib
from base64 import b64decode

KEPT_DAYS = 30
"""How long superseded files are kept: a phone that is half through a download still finds the
files of its version."""

CONTENT = r"[0-9a-f]{128}\.[a-z]+\.json"
"""Pattern for a signed file's content, named by its hash."""

_HASHED = re.compile(
    r"h/[^/]+/(?:(?:bundle|stick)/[a-z]+-[0-9a-f]{16}\.[a-z0-9]{1,5}(?:\.js)?(?:\.gz)?"
    rf"|(?:map/)?{CONTENT})|h/{CONTENT}"
)
_PIECE_BYTES = 2**16
_METADATA = re.compile(r"metadata/(?:(\d+)\.)?([\w-]+)\.json")

_RANKS = (
    (re.compile(r"metadata/\d+\.snapshot\.json|metadata/1\.root\.json"), 2),
    (re.compile(r"metadata/timestamp\.json"), 3),
    # A new root, which nothing refers to, comes when everything that it requires is there.
    (re.compile(r"metadata/\d+\.root\.json"), 4),
    (_METADATA, 1),
    (re.compile(r"h/[^/]+/(?:bundle/release\.json|stick/release\.json\.js)"), 6),
    (re.compile(r"h/[^/]+/sw\.js"), 7),
)
_PAGE = 5
"""After the metadata: a page contains the newest root, and requests what that has signed."""
LAST = 7

_TYPES = {
    ".webmanifest": "application/manifest+json",
    ".js": "text/javascript",
    ".webp": "image/webp",
}
"""Types that not every machine knows."""


def is_hashed(path: str) -> bool:
    """Whether a file of the public folder is named by its content: it refers to nothing."""
    return bool(_HASHED.fullmatch(path))


def fits(path: str, content: bytes) -> bool:
    """Whether that is the content by which a file of the public folder is named."""
    folder, _, name = path.rpartition("/")
    if name.endswith(".gz"):
        try:
            return fits(path.removesuffix(".gz"), gzip.decompress(content))
        except (OSError, EOFError, zlib.error):
            return False
    if re.fullmatch(CONTENT, name):
        return name.startswith(hashlib.sha512(content).hexdigest())
    on_stick = folder.endswith("/stick")
    found = _hash_in(name.removesuffix(".js"), content) if on_stick else _hash(content)
    return bool(found) and name.partition("-")[2].startswith(found[:16])


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _hash_in(name: str, content: bytes) -> str:
    """The hash of a stick script's content, empty if it is not one."""
    head, tail = f'navkitStick("{name}","'.encode(), b'");\n'
    if not (content.startswith(head) and content.endswith(tail)):
        return ""
    found = hashlib.sha256()
    # In chunks, so that other threads can run in between.
    for at in range(len(head), len(content) - len(tail), _PIECE_BYTES):
        piece = content[at : min(at + _PIECE_BYTES, len(content) - len(tail))]
        try:
            found.update(b64decode(piece, validate=True))
        except ValueError:
            return ""
    return found.hexdigest()


def is_root(path: str) -> bool:
    """Whether it is a root: phones follow all of them, one by one."""
    return path.startswith("metadata/") and path.endswith(".root.json")


def is_for_good(path: str) -> bool:
    """Whether it is immutable: of the metadata only `timestamp.json` is ever rewritten."""
    found = _METADATA.fullmatch(path)
    return is_hashed(path) or bool(found and found[1])


def leads(path: str) -> tuple[int, int]:
    """The later, the more a file of the public folder refers to; roots in their order."""
    if is_hashed(path):
        return 0, 0
    found = _METADATA.fullmatch(path)
    rank = next((rank for pattern, rank in _RANKS if pattern.fullmatch(path)), _PAGE)
    return rank, int((found and found[1]) or 0)


def content_type(path: str) -> str:
    """The content type that a host sends for a file."""
    kind = _TYPES.get(f".{path.rpartition('.')[2]}") or mimetypes.guess_type(path)[0]
    return kind or "application/octet-stream"


def cache_control(path: str) -> str:
    """How long a host lets phones cache a file without revalidation."""
    return "public, max-age=31536000, immutable" if is_for_good(path) else "no-cache"
