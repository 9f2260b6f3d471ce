"""Names that a drawing has only in another script, written in the reader's by OpenCC.

`derives` in `language.json` says from which names, by which of OpenCC's tables. A name made so is
marked (`Called.derived`) and counted as a finding: nobody has said that it is right. Without
OpenCC names are shown as they are.
"""

from functools import cache
from typing import Protocol

from navkit.words.folders import Language


class _Converter(Protocol):
    def convert(self, text: str) -> str: ...


def is_there() -> bool:
    """Whether OpenCC is installed (`navkit[traditional]`)."""
    try:
        import opencc  # noqa: F401
    except ImportError:
        return False
    return True


def derived(text: str, tag: str, language: Language) -> str:
    """A name with this tag in the script of a language; the same text if there is nothing to do."""
    table = dict(language.derives).get(tag)
    return converted(text, table) if table and is_there() else text


def converted(text: str, table: str) -> str:
    """A text by one of OpenCC's tables; it has to be there."""
    return _converter(table).convert(text)


@cache
def _converter(table: str) -> _Converter:
    import opencc

    made: _Converter = opencc.OpenCC(table)
    return made
