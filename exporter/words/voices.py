"""How voices are chosen and used, by language: the optional `voice.json` of each."""

from dataclasses import dataclass

from navkit.words.languages import words

USUAL_WORDS_PER_MINUTE = 155
"""Calm, for older listeners. pyttsx3's default is 200."""


@dataclass(frozen=True)
class Voicing:
    """Voices of one language."""

    has_pinyin: bool
    """Whether its characters are pronounced by pinyin, as Mandarin's are."""
    words_per_minute: int
    system: tuple[str, ...]
    """Tags of voices in systems, lower case, the best first. Cantonese is another language.

    espeak in Mandarin is understood as badly from pinyin as from characters, but from pinyin it
    uses our readings of ambiguous characters.
    """
    browser: tuple[str, ...]
    """Prefixes of the tags of voices in browsers, the best first. For Mandarin not plain `zh`
    or `cmn`, which is espeak's, nor Hong Kong's, which is Cantonese."""


def voicing(language: str) -> Voicing:
    """From its file, else by its tag alone."""
    said = words(language, "voice")
    tags = (language.lower(),)
    return Voicing(
        has_pinyin=said.get("pinyin", False),
        words_per_minute=said.get("words_per_minute", USUAL_WORDS_PER_MINUTE),
        system=tuple(said.get("system", tags)),
        browser=tuple(said.get("browser", tags)),
    )
