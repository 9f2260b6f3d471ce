"""The colours of lines on the floor: their names are in `guidance.json` of each language."""

import json
from collections.abc import Mapping
from functools import cache
from importlib import resources


@cache
def colours() -> Mapping[str, str]:
    """How each colour is drawn on a map, ``#rrggbb``, by its key; white is drawn in a light grey,
    or nobody would see it."""
    file = resources.files("navkit.plan").joinpath("colours.json")
    table: Mapping[str, str] = json.loads(file.read_text(encoding="utf-8"))
    return table
