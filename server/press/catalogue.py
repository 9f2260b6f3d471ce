"""The catalogue: which hospitals a client may open besides its own, and whose signatures count.

It is one more signed file, `h/catalogue.json`; docs/publishing.md describes it. A hospital in
another repository has a root of its own in it.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from navkit.words.findings import NavkitError

PATH = "h/catalogue.json"
KIND = {"format": "navkit-catalogue", "version": 1}
MOST_BYTES = 262144
"""Maximum size that a phone reads. The same in `exporter/runtime/client/trust.js`."""

_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_ADDRESS = re.compile(r"https?://[^\s?#\"'<>]+")
_REPOSITORY = re.compile(r"(?!/)[^\s?#\"'<>:]+|https://[^\s?#\"'<>]+")
_ROOT = re.compile(r'\s*\{.*"root".*\}\s*', re.DOTALL | re.ASCII)


@dataclass(frozen=True)
class Listed:
    """A hospital, or a campus with a map of its own."""

    id: str
    names: Mapping[str, str]
    """By language."""
    address: str = ""
    """Where its page is: a code on a wall whose link begins so is one of its codes."""
    repository: str = ""
    """Where its signed files are, relative to this repository or by https; empty for here."""
    root: str = ""
    """The text of its `root.json`, if its repository is another one."""


def content_of(listed: Iterable[Listed]) -> bytes:
    """The file, in ASCII: phones may have no decoder."""
    rows = [{name: v for name, v in asdict(one).items() if v} for one in listed]
    content = json.dumps({**KIND, "hospitals": rows}, separators=(",", ":")).encode("ascii")
    if len(content) > MOST_BYTES:
        raise NavkitError("catalogue-too-long", count=str(len(rows)))
    return content + b"\n"


def listed_in(content: bytes) -> tuple[Listed, ...]:
    """The hospitals of a file that `content_of` has made."""
    return tuple(Listed(**row) for row in json.loads(content)["hospitals"])


def read_list(file: Path) -> tuple[Listed, ...]:
    """Hospitals as somebody has written them: `root` names a file beside the list."""
    try:
        rows = json.loads(file.read_text(encoding="utf-8"))["hospitals"]
    except (OSError, ValueError, RecursionError, LookupError, TypeError):
        rows = None
    if not isinstance(rows, list) or not rows:
        raise NavkitError("catalogue-unreadable", str(file))
    found: list[Listed] = []
    for number, row in enumerate(rows, 1):
        one = _listed(row, file, number)
        if any(one.id == other.id for other in found):
            raise _wrong(file, number, "id")
        found.append(one)
    return tuple(found)


def _listed(row: Any, file: Path, number: int) -> Listed:
    """One row, checked field by field."""
    said: dict[str, Any] = {"names": {}, **(row if isinstance(row, dict) else {})}
    names = said["names"] if isinstance(said["names"], dict) else {}
    is_named = any(isinstance(name, str) and name.strip() for name in names.values())
    root, rooted = said.get("root", ""), said.get("repository", "")
    text = _text_of(file.parent / root) if isinstance(root, str) and root else ""
    right = {
        "id": _is(_ID, said.get("id")),
        "names": is_named and all(isinstance(name, str) for name in names.values()),
        "address": _is(_ADDRESS, said.get("address", "")) or not said.get("address"),
        "repository": _is(_REPOSITORY, rooted) or not rooted,
        "root": _is(_ROOT, text) if rooted else not root,
    }
    if wrong := next((field for field, is_right in right.items() if not is_right), ""):
        raise _wrong(file, number, wrong)
    if unknown := next((field for field in said if field not in right), ""):
        raise _wrong(file, number, unknown)
    return Listed(said["id"], names, said.get("address", ""), rooted, text)


def _text_of(file: Path) -> str:
    try:
        return file.read_bytes().decode("ascii")
    except (OSError, ValueError):
        return ""


def _is(pattern: re.Pattern[str], value: object) -> bool:
    return isinstance(value, str) and bool(pattern.fullmatch(value))


def _wrong(file: Path, number: int, field: str) -> NavkitError:
    return NavkitError("catalogue-row", str(file), number=str(number), field=field)


def renewed(own: Sequence[Listed], before: bytes | None) -> tuple[Listed, ...]:
    """This server's hospitals, and those of other repositories that were listed before."""
    others = [one for one in listed_in(before) if one.repository] if before else []
    taken = {one.id for one in others}
    return (*(one for one in own if one.id not in taken), *others)
