"""Words of the screen, in every language there is."""

from typing import Any

from navkit.words.languages import language_of, languages, words


def screen_words() -> dict[str, dict[str, Any]]:
    """By language. `reasons` are the sentences of findings `no-route…`, by code."""
    return {
        tag: {
            "name": language_of(tag).name,
            **words(tag, "screen"),
            "reasons": {
                code: sentence
                for code, sentence in words(tag, "findings").items()
                if code.startswith("no-route")
            },
        }
        for tag in languages()
    }
