"""Small uploads that make every finding which a build can give, and how each is answered.

Most are the bad files of tests/test_bad_input.py and tests/bad_files.py, by their names there.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bad_files import CLASSES
from test_bad_input import BAD, GOOD, native, text, zipped

File = tuple[str, bytes]

GOOD_DRAWING: File = ("mended.geojson", text(native(*GOOD)).encode())
_TABLE: Mapping[str, Any] = json.loads(
    Path(__file__).with_suffix(".json").read_text(encoding="utf-8")
)


@dataclass(frozen=True)
class Case:
    """What somebody uploads, and what is to be answered."""

    codes: frozenset[str]
    """Of which this is the proof."""
    sources: tuple[tuple[Any, ...], ...]
    """The kind of an upload, and its files."""
    answers: Mapping[str, tuple[str, Mapping[str, Any]]] = field(default_factory=dict)
    """By code, the answer that is followed and what is typed there; of others the reason why it is
    so, or, where there can be none, another file."""


def _bytes(content: Any) -> bytes:
    if isinstance(content, Mapping):
        return zipped({name: _bytes(one) for name, one in content.items()})
    return content.encode() if isinstance(content, str) else bytes(content)


def _bad_files(named: frozenset[str]) -> dict[str, File]:
    """Bad files by their names."""
    found = {name: (file, content) for name, (file, content, _) in BAD.items()}
    for kind in {one.partition(": ")[0] for one in named} & CLASSES.keys():
        for name, bad in CLASSES[kind]().items():
            is_folder = isinstance(bad.content, Mapping)
            found[f"{kind}: {name}"] = (bad.name + ".zip" * is_folder, bad.content)
    return {name: (found[name][0], _bytes(found[name][1])) for name in named}


_BAD = _bad_files(frozenset([*_TABLE["read"], *_TABLE["refused"].values()]))

CASES: Mapping[str, Case] = {
    name: Case(frozenset(codes.split()), (("drawing", _BAD[name]),))
    for name, codes in _TABLE["read"].items()
}
REFUSED: Mapping[str, File] = {
    **{code: _BAD[name] for code, name in _TABLE["refused"].items()},
    "file-too-large": ("a.geojson", b" " * (2**18 + 1)),
}
