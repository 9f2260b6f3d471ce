"""The words of the console: `console.json` of each language, one key a sentence."""

from collections.abc import Mapping

from navkit.words import languages


def book(language: str) -> Mapping[str, str]:
    """All words of a language."""
    return languages.words(language, "console")


def say(language: str, key: str, /, **slots: object) -> str:
    """One sentence, its slots filled."""
    return book(language)[key].format_map(slots)


def language_named(tag: str, language: str) -> str:
    """What a reader of `language` calls the language `tag`: by its own name, where no other is
    known."""
    return book(language).get(f"language-{tag}") or languages.language_of(tag).name


def language_of(chosen: str, accepted: str = "") -> str:
    """What was chosen, else what is nearest to a browser's `Accept-Language`."""
    if chosen in languages.languages():
        return chosen
    asked = [part.partition(";")[0].strip() for part in accepted.split(",")]
    return languages.nearest(asked) or languages.default_language()
