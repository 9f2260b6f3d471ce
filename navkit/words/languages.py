"""Languages: which there are, their words, and which is nearest to what somebody reads.

They are found, not listed: see `navkit/words/folders.py`. An unknown tag is a `NavkitError` that
lists the known ones.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from navkit.words import folders
from navkit.words.findings import NavkitError
from navkit.words.folders import Language, WordsError


def languages() -> tuple[str, ...]:
    """Their tags, in order."""
    return tuple(_all())


def default_language() -> str:
    """The language that is used if nobody has asked for one."""
    return languages()[0]


def language_of(tag: str) -> Language:
    """The description of a language."""
    found = _all()
    if tag not in found:
        raise NavkitError("unknown-language", tag, known=", ".join(found))
    return found[tag]


def words(tag: str, name: str) -> Mapping[str, Any]:
    """The content of a language's files with this name, such as ``screen``."""
    return folders.words(language_of(tag), name)


def by_language(name: str, *path: str) -> dict[str, Any]:
    """One entry of the files with this name, in every language that has it."""
    found = {}
    for tag in languages():
        entry: Any = words(tag, name)
        for key in path:
            entry = entry.get(key, {})
        if entry:
            found[tag] = entry
    return found


def nearest(asked: Iterable[str]) -> str:
    """The language nearest to what a browser or a system asks for, the most wanted first; empty
    if none is near."""
    return folders.nearest(asked, _all().values())


def _all() -> Mapping[str, Language]:
    try:
        return folders.languages()
    except WordsError as error:
        raise NavkitError(error.code, error.where, **error.slots) from None
