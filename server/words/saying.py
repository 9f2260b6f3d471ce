"""The words of the console: `console.json` of each language, one key per sentence."""

from collections.abc import Mapping

from navkit.words import languages


def book(language: str) -> Mapping[str, str]:
    """All words of a language."""
    return languages.words(language, "console")


def say(language: str, key: str, /, **slots: object) -> str:
    """One sentence with its slots filled in."""
    return book(language)[key].format_map(slots)


def language_named(tag: str, language: str) -> str:
    """The name of the language `tag` for a reader of `language`: its own name, if no other is
    known."""
    return book(language).get(f"language-{tag}") or languages.language_of(tag).name


def language_of(chosen: str, accepted: str = "") -> str:
    """The chosen language, else the nearest to a browser's `Accept-Language`."""
    if chosen in languages.languages():
        return chosen
    asked = [part.partition(";")[0].strip() for part in accepted.split(",")]
    return languages.nearest(asked) or languages.default_language()
