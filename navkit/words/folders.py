"""Where words are: one folder per language, `words/<tag>/` in each package that speaks.

A language from outside is one folder, named by its tag, with the files of all packages. The
environment variable `NAVKIT_WORDS` names it; several are separated as in PATH. Texts that such a
language lacks are taken from the first of its fallbacks that has all words.

A variety of another language (`varies` in `language.json`) has a table of `terms` that it says
instead, and only those texts for which the table is not enough.

This module only reads; other modules use `navkit/words/languages.py`.
"""

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from string import Formatter
from typing import Any

VARIABLE = "NAVKIT_WORDS"

_PACKAGES = ("navkit", "floorplans", "exporter", "server", "tools")
"""Packages that speak: side by side wherever navkit is installed; none is imported here."""
_HOME = Path(__file__).parents[2]

_LANGUAGE = "language"
"""The file that describes a language; a folder without it is not one."""
_SENTENCES = ("findings", "evidence", "guidance", "places", "screen", "paper", "console")
"""Files that every language needs; the others are optional features, such as a voice."""
_ECHO = "echo"
"""Headings of the table in which a hospital reads its directory again."""
_OWN = {"speech", "cuts", "numbers"}
"""Members that only some phrases need: if left out, they are empty, not another language's."""
_WHOLE = {"spoken", "grammar"}
"""Members whose parts belong together: rules, not sentences."""

_VERB = {"is"}
"""The slot that any sentence about a name may have: its verb (`grammar`)."""


class WordsError(Exception):
    """A folder of words that cannot be used: a finding's code, where, and its slots."""

    def __init__(self, code: str, where: str, /, **slots: str) -> None:
        super().__init__(code, where, slots)
        self.code, self.where, self.slots = code, where, slots


@dataclass(frozen=True)
class Language:
    """What `language.json` says about a language."""

    tag: str
    name: str
    """As its readers write it."""
    short: str
    """For a button."""
    order: float
    """Languages are listed by it; the first is used if nobody has asked for one."""
    fallbacks: tuple[str, ...]
    """Tags of names to show if there is none in this language, the best first."""
    nearest: tuple[str, ...]
    """Further tags for which it is the nearest, such as ``zh-TW``."""
    varies: str
    """The language of navkit's that it is a variety of; empty if it has words of its own."""
    terms: tuple[tuple[str, str], ...]
    """Words of that language and what a variety says instead. Its folder has only texts for which
    that is not enough."""
    derives: tuple[tuple[str, str], ...]
    """Tags of names from which it derives those it has not, and OpenCC's table for each."""
    folders: tuple[Path, ...]
    is_outside: bool

    @cached_property
    def chain(self) -> tuple[str, ...]:
        """Itself and its fallbacks."""
        return (self.tag, *self.fallbacks)


@cache
def built_in() -> dict[str, Language]:
    """navkit's own languages, by tag, in order."""
    places = [_HOME / package / "words" for package in _PACKAGES]
    found = {}
    for file in _HOME.joinpath("navkit", "words").glob(f"*/{_LANGUAGE}.json"):
        tag = file.parent.name
        folders = tuple(folder / tag for folder in places if (folder / tag).is_dir())
        found[tag] = _language(tag, folders, is_outside=False)
    return dict(sorted(found.items(), key=lambda item: (item[1].order, item[0])))


def languages() -> dict[str, Language]:
    """All languages, by tag, those from outside last. `WordsError` if one is unusable."""
    return _with_outside(os.environ.get(VARIABLE, ""))


@cache
def _with_outside(named: str) -> dict[str, Language]:
    found = dict(built_in())
    for folder in map(Path, filter(None, named.split(os.pathsep))):
        tag = folder.resolve().name
        if tag in found:
            raise WordsError("words-there-already", str(folder), tag=tag)
        one = _language(tag, (folder,), is_outside=True)
        _check_slots(one)
        found[tag] = one
    return found


def nearest(asked: Iterable[str], known: Iterable[Language]) -> str:
    """The known language nearest to one of the tags, such as ``zh-TW`` or ``en_US.UTF-8``: the one
    that shares the most with it. Empty if none is near."""
    begins = [(tag.casefold(), one.tag) for one in known for tag in (one.tag, *one.nearest)]
    for wanted in asked:
        said = wanted.partition(".")[0].replace("_", "-").casefold()
        fits = [fit for fit in begins if f"{said}-".startswith(f"{fit[0]}-")]
        if fits:
            return max(fits, key=lambda fit: len(fit[0]))[1]
    return ""


def named(names: Mapping[str, str], language: Language) -> str:
    """The name that a reader of a language is shown: the nearest there is, else empty."""
    return names.get(tag_of(names, language), "")


def tag_of(names: Mapping[str, str], language: Language) -> str:
    """The tag of that name."""
    given = (tag for tag in (*language.chain, *sorted(names)) if names.get(tag))
    return next(given, "")


def _language(tag: str, folders: tuple[Path, ...], *, is_outside: bool) -> Language:
    said = _read(folders, _LANGUAGE)
    try:
        return Language(
            tag=tag,
            name=_text(said["name"]),
            short=_text(said.get("short", said["name"])),
            order=float(said.get("order", "inf")),
            fallbacks=tuple(map(_text, said["fallbacks"])),
            nearest=tuple(map(_text, said.get("nearest", ()))),
            varies=_text(said.get("varies", "")),
            terms=tuple((_text(one), _text(other)) for one, other in said.get("terms", {}).items()),
            derives=tuple(
                (_text(one), _text(table)) for one, table in said.get("derives", {}).items()
            ),
            folders=folders,
            is_outside=is_outside,
        )
    except (AttributeError, KeyError, TypeError, ValueError):
        raise WordsError("words-unreadable", str(folders[0] / f"{_LANGUAGE}.json")) from None


def _text(said: object) -> str:
    if not isinstance(said, str):
        raise TypeError(said)
    return said


def _read(folders: Iterable[Path], name: str) -> dict[str, Any]:
    """All members of files with this name in these folders; none if there is no such file."""
    said: dict[str, Any] = {}
    for folder in folders:
        file = folder / f"{name}.json"
        try:
            said.update(json.loads(file.read_text(encoding="utf-8")))
        except FileNotFoundError:
            continue
        except (OSError, ValueError, TypeError, RecursionError):
            raise WordsError("words-unreadable", str(file)) from None
    return said


@cache
def words(language: Language, name: str) -> Mapping[str, Any]:
    """The content of a language's files with this name, completed from its fallback."""
    own = _read(language.folders, name)
    if language.varies:
        terms = dict(language.terms) if name in (*_SENTENCES, _ECHO) else {}
        return _merged(own, _in_terms(words(_behind(language), name), terms))
    if not language.is_outside or name not in _SENTENCES:
        return own
    return _filled(own, words(_behind(language), name))


def _behind(language: Language) -> Language:
    """What it is a variety of, else the first of the fallbacks that has all words."""
    known = built_in()
    near = (language.varies, *language.fallbacks)
    return next((known[tag] for tag in near if tag in known), _first())


def _first() -> Language:
    return next(iter(built_in().values()))


def _filled(own: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """`own`, and from `other` what it lacks, in the order of `other`."""
    filled: dict[str, Any] = {}
    for key, theirs in other.items():
        if key in _OWN:
            filled[key] = own.get(key, {})
        elif isinstance(theirs, Mapping) and key not in _WHOLE:
            filled[key] = _filled(own.get(key, {}), theirs)
        else:
            filled[key] = own.get(key, theirs)
    return filled


def _in_terms(said: Any, terms: Mapping[str, str]) -> Any:
    """The same texts, with words replaced; where several fit, the longest is."""
    longest = sorted(terms, key=len, reverse=True)
    return _replaced(said, re.compile("|".join(map(re.escape, longest)) or "(?!)"), terms)


def _replaced(said: Any, theirs: re.Pattern[str], terms: Mapping[str, str]) -> Any:
    if isinstance(said, str):
        return theirs.sub(lambda match: terms[match[0]], said)
    if isinstance(said, Mapping):
        return {
            key: value if key in _WHOLE else _replaced(value, theirs, terms)
            for key, value in said.items()
        }
    return [_replaced(one, theirs, terms) for one in said] if isinstance(said, list) else said


def _merged(own: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """`other` with what `own` has instead; lists are replaced as a whole."""
    merged = {**other, **own}
    for key, theirs in other.items():
        if isinstance(theirs, Mapping) and isinstance(own.get(key), Mapping):
            merged[key] = _merged(own[key], theirs)
    return merged


def missing(language: Language) -> list[str]:
    """What a language leaves to its fallback, as ``screen: find.title``; a variety leaves nothing,
    for the words of what it varies are its own."""
    found: list[str] = []
    if language.varies:
        return found
    for name in _SENTENCES:
        own = dict(_sentences(_read(language.folders, name)))
        theirs = _sentences(_read(_behind(language).folders, name))
        found += [f"{name}: {path}" for path, _ in theirs if path not in own]
    return found


def _check_slots(language: Language) -> None:
    """A sentence may leave a slot out, but use no other than the same sentence elsewhere."""
    for name in _SENTENCES:
        theirs = dict(_sentences(_read(_behind(language).folders, name)))
        try:
            own = list(_sentences(_read(language.folders, name)))
        except (AttributeError, TypeError):
            raise WordsError("words-unreadable", str(language.folders[0])) from None
        for path, text in own:
            known = slots(theirs.get(path, text)) | _VERB
            if not slots(text) <= known:
                raise WordsError(
                    "words-slot",
                    f"{language.folders[0]}, {name}: {path}",
                    text=text,
                    known=", ".join(f"{{{slot}}}" for slot in sorted(known)) or "-",
                )


def _sentences(said: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, str]]:
    """Every text of a file, with its path; without those that only some phrases need."""
    for key, value in said.items():
        if key in _OWN | _WHOLE:
            continue
        if isinstance(value, Mapping):
            yield from _sentences(value, f"{before}{key}.")
        else:
            for text in value if isinstance(value, list) else (value,):
                yield f"{before}{key}", _text(text)


def slots(text: str) -> set[str]:
    """The names in braces of a template; a lone ``{``, which nothing fills, counts as one too."""
    try:
        return {name for _, name, _, _ in Formatter().parse(text) if name is not None}
    except ValueError:
        return {"{"}


@cache
def severities() -> dict[str, str]:
    """``error``, ``warning`` or ``note``, by code."""
    return {
        code: severity
        for package in _PACKAGES
        for code, severity in _read((_HOME / package / "words",), "severity").items()
    }
