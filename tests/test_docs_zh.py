"""The pages for clerks quote buttons and headings as the console shows them."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = sorted((ROOT / "docs" / "zh").glob("*.md"))
WORDS = ROOT / "server" / "words" / "zh-Hans" / "console.json"
QUOTED = re.compile("【([^】\n]*)】")
SLOT = re.compile(r"\{[a-z_]+\}")
"""A slot of a word; the pages write … in its place."""
LONGEST_LINE = 200


def as_quoted(word: str) -> str:
    return re.sub(r"\s", "", SLOT.sub("…", word))


def shown() -> set[str]:
    """Every word of the console, as a page may quote it."""
    return set(map(as_quoted, texts(json.loads(WORDS.read_text(encoding="utf-8")))))


def texts(words: object) -> Iterator[str]:
    if isinstance(words, str):
        yield words
    elif isinstance(words, dict):
        for word in words.values():
            yield from texts(word)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_a_page_quotes_is_on_the_console(page: Path) -> None:
    known = shown()

    quoted = QUOTED.findall(page.read_text(encoding="utf-8"))
    assert [
        word for word in quoted if as_quoted(word).strip() and as_quoted(word) not in known
    ] == []
    assert quoted


def test_every_page_is_short_and_named_on_the_first() -> None:
    first = (ROOT / "docs" / "zh" / "README.md").read_text(encoding="utf-8")

    for page in PAGES:
        lines = page.read_text(encoding="utf-8").splitlines()
        assert len(lines) <= 80 and max(map(len, lines)) <= LONGEST_LINE, page.name
        assert page.name == "README.md" or f"({page.name})" in first
