"""Words of the screen, in every language there is, and what a client must know of each."""

from typing import Any

from exporter.words.voices import voicing
from navkit.words.languages import language_of, languages, words


def screen_words() -> dict[str, dict[str, Any]]:
    """By language. `reasons` are the sentences of findings `no-route…`, by code; `fallbacks` and
    `nearest` are as in `language.json`; `voices` say which of a browser's
    to take.
    """
    return {
        tag: {
            "name": language_of(tag).name,
            **words(tag, "screen"),
            "reasons": {
                code: sentence
                for code, sentence in words(tag, "findings").items()
                if code.startswith("no-route")
            },
            "fallbacks": language_of(tag).fallbacks,
            "nearest": language_of(tag).nearest,
            "voices": {"begin": voicing(tag).browser, "espeak": not voicing(tag).has_pinyin},
        }
        for tag in languages()
    }
