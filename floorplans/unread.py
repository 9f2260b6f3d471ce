"""Formats that cannot be read, recognised by their first bytes or else by the file name.

The table is `unread.json`: the code of the sentence that says what can be done with the format
today, its name, its suffixes, and how it is recognised.
"""

import io
import json
import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any
from xml.parsers import expat

from floorplans.sheet import Sheet
from navkit.words.findings import PlanError

HEAD_BYTES = 64 * 2**10
"""Enough to recognise any of them."""


@dataclass(frozen=True)
class Format:
    """A format that cannot be read."""

    code: str
    """Code of the sentence that says what can be done with it."""
    name: str
    suffixes: tuple[str, ...]
    begins: "re.Pattern[str] | None"
    """How its files begin, bytes read as Latin-1."""
    root: frozenset[str]
    """Local names of the root element, if the format is XML."""
    holds: tuple[str, ...]
    """Prefixes of the file names in it, if the format is a zip."""

    def is_held(self, names: Iterable[str]) -> bool:
        """Whether files with these names make up this format."""
        return bool(self.holds) and any(name.startswith(self.holds) for name in names)

    def refusal(self, where: str) -> PlanError:
        return PlanError(self.code, where, format=self.name)


@cache
def _formats() -> tuple[Format, ...]:
    text = resources.files("floorplans").joinpath("unread.json").read_text(encoding="utf-8")
    return tuple(map(_format, json.loads(text)))


def _format(row: dict[str, Any]) -> Format:
    return Format(
        code=row["code"],
        name=row["name"],
        suffixes=tuple(row["suffixes"]),
        begins=re.compile(row["begins"], re.IGNORECASE) if "begins" in row else None,
        root=frozenset(row.get("root", ())),
        holds=tuple(row.get("holds", ())),
    )


def recognised(sheet: Sheet) -> Format | None:
    """The format of a file whose content is clearly of one that cannot be read."""
    head = sheet.content[:HEAD_BYTES]
    text = head.removeprefix(b"\xef\xbb\xbf").decode("latin-1")
    root = root_of(head)
    inside = _names(sheet.content) if head.startswith(b"PK\3\4") else ()
    found = [
        one
        for one in _formats()
        if (one.begins and one.begins.match(text)) or root in one.root or one.is_held(inside)
    ]
    if sheet.suffix == ".ifczip":
        found = [one for one in found if one.code != "format-zip"]
    # Old documents of Office and of Revit begin alike.
    return next((one for one in found if sheet.suffix in one.suffixes), next(iter(found), None))


def by_name(name: str) -> Format | None:
    """The format whose suffix a name has."""
    suffix = Sheet(name, b"").suffix
    return next((one for one in _formats() if suffix in one.suffixes), None)


def of_archive(names: Iterable[str]) -> Format | None:
    """The format that is a zip of files with these names."""
    inside = tuple(names)
    return next((one for one in _formats() if one.is_held(inside)), None)


def _names(content: bytes) -> tuple[str, ...]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return tuple(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return ()


class _FoundError(Exception):
    """Its text is the name of the root element."""


def root_of(head: bytes) -> str:
    """The local name of the root element of XML; ``""`` for anything else."""

    def found(name: str, *_: object) -> None:
        raise _FoundError(name)

    parser = expat.ParserCreate()
    # A doctype names the root too, and nothing that it declares is read.
    parser.StartDoctypeDeclHandler = found
    parser.StartElementHandler = found
    try:
        parser.Parse(head, False)
    except _FoundError as error:
        return str(error).rpartition(":")[2]
    except (expat.ExpatError, LookupError, ValueError):
        return ""
    return ""
