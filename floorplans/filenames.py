"""What the names of a drawing's files and folders say, where the drawing itself does not."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import cast

from floorplans.classify import Class
from floorplans.labels import words
from floorplans.storeys import label_in_name
from navkit.plan.plan import SpaceKind
from navkit.words.findings import Finding

_IN_WORDS = re.compile(r"storey|story|level|floor|ordinal")
_NUMBER = re.compile(r"-?\d{1,2}")


@dataclass(frozen=True)
class Said:
    """By the name of one file and of the folders that it is in; what nothing says is empty."""

    storey: str = ""
    storey_by: str = ""
    """The file's or folder's name that says it: ``"2F/"``."""
    building: str = ""
    """The folder that all floors of a building are in."""
    kind: Class | None = None
    """What the areas of the file are."""


def said_by(sheets: Iterable[str]) -> dict[str, Said]:
    """What each of `sheets`, paths with forward slashes, is by its name and its folders."""
    paths = {sheet: _parts(sheet) for sheet in sheets}
    storeys = {sheet: _storey(parts, paths.values()) for sheet, parts in paths.items()}
    houses = {sheet: _house(parts, storeys[sheet][1]) for sheet, parts in paths.items()}
    of_storey: dict[str, set[str]] = defaultdict(set)
    for sheet, (storey, _) in storeys.items():
        if storey and houses[sheet]:
            of_storey[storey].add(houses[sheet])
    several = any(len(names) > 1 for names in of_storey.values())
    in_all = set.intersection(*(_tokens(parts[-1]) for parts in paths.values())) if paths else set()
    # The name of a single file says what the drawing is, and not what its areas are.
    is_layered = len(paths) > 1
    return {
        sheet: Said(
            *storeys[sheet],
            building=house if several or _names_house(house) else "",
            kind=_kind(paths[sheet], in_all) if is_layered else None,
        )
        for sheet, house in houses.items()
    }


def _kind(parts: tuple[str, ...], in_all: set[str]) -> Class | None:
    """What the areas of a file are by its name, else by the whole name of a folder.

    The name must say nothing else, the storey, general words such as "plan" and words `in_all`
    names of files apart: "void-in-hall" says of no area what it is, "rooms and corridors" of no
    single one.
    """
    *folders, stem = parts
    bare = " ".join(stem.casefold().split(label_in_name(stem) or None))
    said = _tokens(bare) - in_all - set(words()["folders"])
    kinds = {_kind_of(word) for word in said} or {""}
    for folder in reversed(folders):
        if kinds == {""}:
            kinds = {_kind_of(folder.casefold())}
    (kind, *others) = kinds
    return Class(cast(SpaceKind, kind)) if kind and not others else None


def class_of_word(text: str) -> Class | None:
    """What a word for a kind of area means: "walkways"."""
    kind = _kind_of(text.casefold())
    return Class(cast(SpaceKind, kind)) if kind else None


def _kind_of(word: str) -> str:
    """The kind that a word means; empty for none. Chinese puts what it is last: 住院部走廊."""
    for kind, known in words()["file_kinds"].items():
        if any(word == one or (not one.isascii() and word.endswith(one)) for one in known):
            return str(kind)
    return ""


def is_outline(sheet: str) -> bool:
    """Whether a file is called after whole floors or buildings, and nothing else."""
    return _parts(sheet)[-1].casefold() in words()["outlines"]


def _parts(sheet: str) -> tuple[str, ...]:
    """The folders from the top, then the file without its suffix."""
    path = PurePosixPath(sheet)
    return (*path.parts[:-1], path.name.partition(".")[0])


def _tokens(part: str) -> set[str]:
    return set(re.findall(r"[^\W\d_]+", part.casefold()))


def _storey(parts: tuple[str, ...], every: Iterable[tuple[str, ...]]) -> tuple[str, str]:
    """(label, the name that says it): the file's, else the deepest folder's that says one.

    A bare number is a storey if the files or folders beside it are numbers too.
    """
    for depth in range(len(parts) - 1, -1, -1):
        part = parts[depth]
        name = part if depth == len(parts) - 1 else f"{part}/"
        if found := label_in_name(part):
            return found, name
        if _NUMBER.fullmatch(part):
            beside = {p[depth] for p in every if len(p) > depth and p[:depth] == parts[:depth]}
            if len(beside) > 1 and all(map(_NUMBER.fullmatch, beside)):
                return part, name
    return "", ""


def _house(parts: tuple[str, ...], storey_by: str) -> str:
    """The deepest folder that is called after neither a storey nor what is in it."""
    generic = set(words()["folders"])
    for part in reversed(parts[:-1]):
        says_other = (
            f"{part}/" == storey_by
            # Houses are called by letters too, and B may be a basement.
            or (len(part) > 1 and label_in_name(part))
            or part in generic
            or _tokens(part) <= generic
            or _kind_of(part.casefold())
            or _is_role(part)
        )
        if not says_other:
            return part
    return ""


def _is_role(part: str) -> bool:
    tokens = _tokens(part)
    if any(one in words()[role] for role in ("doors", "walls", "paths") for one in {part} | tokens):
        return True
    # "Outpatient Building" is a house, "building outlines" is none.
    outlines = {*words()["outlines"], *words()["folders"]}
    return part in outlines or (bool(tokens) and tokens <= outlines)


def _names_house(folder: str) -> bool:
    return any(
        word in _tokens(folder) or (not word.isascii() and word in folder)
        for word in words()["houses"]
    )


def shown(used: Iterable[tuple[Said, int]], where: str) -> Iterable[Finding]:
    """Each rule that was used, once, with how many things it was used for."""
    storeys: Counter[tuple[str, str]] = Counter()
    buildings = set()
    for one, count in used:
        buildings.add(one.building)
        # A file that is called "storey 0" in words says it as plainly as a property does.
        if one.storey and not (one.storey_by[-1] != "/" and _IN_WORDS.match(one.storey)):
            storeys[one.storey, one.storey_by] += count
    for (storey, by), count in sorted(storeys.items()):
        slots = {"level": storey, "name": by, "count": str(count)}
        yield Finding("storey-from-name", where, slots)
    for building in sorted(buildings - {""}):
        yield Finding("building-from-folder", where, {"building": building})
