"""Which kind of browser sends a request, in its owner's words: from a table in `browsers.json`."""

import json
from collections.abc import Mapping
from functools import cache
from importlib import resources


@cache
def _book() -> Mapping[str, list[tuple[str, str]]]:
    file = resources.files("server.pages").joinpath("browsers.json")
    book: Mapping[str, list[tuple[str, str]]] = json.loads(file.read_text(encoding="utf-8"))
    return book


def kind_of(agent: str) -> tuple[str, str]:
    """Browser and system of a `User-Agent`, each empty if unknown."""
    browser, system = (
        next((name for mark, name in _book()[part] if mark in agent), "")
        for part in ("browsers", "systems")
    )
    return browser, system
