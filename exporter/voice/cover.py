"""Which clips make up a clause: the fewest whose texts, concatenated, are what is said.

The phone does the same (`exporter/runtime/client/voice.js`): the index of a voice is a list of
texts, and any clause that can be assembled from them can be spoken, scripted or not.
The kinds of characters and all rules are those of `tests/conformance/voice.json`.
"""

from collections.abc import Sequence
from functools import cache

_WORDS = ((48, 11775), (65296, 65381))
_SEPARATORS = (
    *((0, 47), (58, 64), (91, 96), (123, 169), (171, 177), (180, 180), (182, 184), (187, 187)),
    *((191, 191), (215, 215), (247, 247), (8192, 8303), (8592, 9215), (9472, 10101)),
    *((11776, 11903), (12288, 12292), (12296, 12320), (12336, 12336), (12349, 12351)),
    *((12539, 12539), (65024, 65055), (65072, 65135), (65279, 65295), (65306, 65312)),
    *((65339, 65344), (65371, 65381), (65504, 65535)),
)
_APOSTROPHES = "'\u2019"


@cache  # A venue's texts are long, and written in few characters.
def _within(character: str, ranges: tuple[tuple[int, int], ...]) -> bool:
    return any(first <= ord(character) <= last for first, last in ranges)


def _is_separator(text: str, i: int) -> bool:
    return not 0 <= i < len(text) or _within(text[i], _SEPARATORS)


def _is_letter(text: str, i: int) -> bool:
    return not _is_separator(text, i) and _within(text[i], _WORDS)


def _is_in_word(text: str, i: int) -> bool:
    """Whether there is a letter or a digit at `i`, or an apostrophe between two."""
    between = _is_letter(text, i - 1) and _is_letter(text, i + 1)
    return _is_letter(text, i) or (text[i] in _APOSTROPHES and between)


def trimmed(text: str) -> str:
    """A text without separators at its ends."""
    first, end = 0, len(text)
    while first < end and _is_separator(text, first):
        first += 1
    while end > first and _is_separator(text, end - 1):
        end -= 1
    return text[first:end]


class Texts:
    """Texts of clips with which to cover many clauses."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._text: dict[str, str] = {}
        for text in texts:
            if trimmed(text):
                self._text.setdefault(trimmed(text), text)
        self._lengths = sorted({len(text) for text in self._text})

    def cover(self, speech: str) -> list[str] | None:
        """The fewest texts that make up a speech, None if it cannot be covered.

        Separators between texts are skipped, and no text begins or ends within a word. Among
        solutions of equal size, the longest first text wins, then the longest second, and so on.
        """
        count = len(speech)
        inside = [
            0 < i < count and _is_in_word(speech, i - 1) and _is_in_word(speech, i)
            for i in range(count + 1)
        ]
        best: list[tuple[int, str, int] | None] = [None] * count + [(0, "", count)]
        for i in range(count - 1, -1, -1):
            if _is_separator(speech, i):
                rest = best[i + 1]
                best[i] = rest and (rest[0], "", i + 1)
                continue
            for length in self._lengths if not inside[i] else ():
                end = i + length
                if end > count or inside[end] or (rest := best[end]) is None:
                    continue
                text, here = self._text.get(speech[i:end]), best[i]
                if text is not None and (here is None or rest[0] + 1 <= here[0]):
                    best[i] = (rest[0] + 1, text, end)
        texts, at = [], 0
        while at < count:
            step = best[at]
            if step is None:
                return None
            texts += [step[1]] if step[1] else []
            at = step[2]
        return texts
