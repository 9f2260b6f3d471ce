"""Kinds of spaces, doors, access, edges and connectors, as `kinds.json` lists them.

Bundles number them in that order: a new one is put at the end of its list. For a space, ``edge``
is how it is walked (none: it is not), ``circulation`` marks open floor, ``shaft`` what joins
levels. For a connector, ``edge`` is what leads from level to level. ``parts`` and ``choices`` are
walkers' words for several kinds of edges.
"""

import json
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any


@cache
def kinds() -> Mapping[str, Mapping[str, Any]]:
    """All lists by name; the keys of each are in the order of bundles."""
    text = resources.files("navkit.plan").joinpath("kinds.json").read_text(encoding="utf-8")
    lists: Mapping[str, Mapping[str, Any]] = json.loads(text)
    return lists


def marked(mark: str) -> frozenset[str]:
    """The kinds of spaces with that mark: ``circulation`` or ``shaft``."""
    return frozenset(kind for kind, row in kinds()["spaces"].items() if row.get(mark))
