"""The release: a small file beside a bundle that names the newest index and its date.

Described in `docs/bundle-format.md`. The same index and date give the same bytes.
"""

import hashlib
import json
from datetime import date

FORMAT = "navkit-release"
VERSION = 1
NAME = "release.json"


def index_name(index: bytes) -> str:
    """The index's file name where several versions may lie side by side."""
    return name_of_index(hashlib.sha256(index).hexdigest())


def name_of_index(sha256: str) -> str:
    """The same, for an index with that hash."""
    return f"index-{sha256[:16]}.json"


def release(index: bytes, issued: date) -> bytes:
    """`release.json` for the bytes of an index; its last member is the hash of all before it."""
    said = {
        "format": FORMAT,
        "version": VERSION,
        "index": {
            "name": index_name(index),
            "bytes": len(index),
            "sha256": hashlib.sha256(index).hexdigest(),
        },
        "issued": issued.isoformat(),
    }
    before = json.dumps(said, separators=(",", ":")).removesuffix("}")
    return f'{before},"check":"{hashlib.sha256(before.encode()).hexdigest()}"}}\n'.encode()
