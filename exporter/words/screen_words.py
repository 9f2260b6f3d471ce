"""Words of the screen, in every language there is: `words/`, and why there is no way."""

import json
from importlib import resources
from pathlib import Path
from typing import Any

from navkit.words.findings import LANGUAGES

_WORDS = Path(__file__).parent


def screen_words() -> dict[str, dict[str, Any]]:
    """By language. `reasons` are the sentences of `navkit/messages/` for `no-route…`, by code."""
    file = resources.files("navkit").joinpath("messages", "venue.json")
    messages = json.loads(file.read_text(encoding="utf-8"))
    found = {}
    for tag in LANGUAGES:
        words = json.loads((_WORDS / f"{tag}.json").read_text(encoding="utf-8"))
        reasons = {code: m[tag] for code, m in messages.items() if code.startswith("no-route")}
        found[tag] = {**words, "reasons": reasons}
    return found
