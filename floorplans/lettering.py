"""Pieces of text as they are painted, letter by letter or word by word, as labels of lines."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from floorplans.cad import Xy

_NARROW = 0.55
"""Width of a letter as a share of its size, on average. Chinese characters are as wide as high."""
_MIDDLE = 0.35
"""How far the middle of letters is above their base line, as a share of their size."""
_SAME_LINE = 0.4
_WORD = 0.2
"""A gap of this many sizes is a blank."""
_OVERLAP = 0.4
"""Letters of one label overlap by less."""
_APART = 1.2
"""A wider gap separates labels."""
_NEXT_LINE = 2.0
"""The next line of a label is not further down."""
_ALIKE = 0.7
"""Letters of one label have sizes that differ by less."""


@dataclass(frozen=True)
class Piece:
    """Letters on one base line; y grows upwards."""

    text: str
    left: float
    right: float
    base: float
    size: float


def width_of(text: str, size: float) -> float:
    """About how wide a text is."""
    return sum(size if _is_wide(one) else _NARROW * size for one in text)


def _is_wide(letter: str) -> bool:
    return unicodedata.east_asian_width(letter) in "WF"


@dataclass
class _Label:
    lines: list[str]
    left: float
    right: float
    top: float
    """The base of the first line."""
    last: Piece
    stacked: bool = False
    """Whether it is one letter below the other."""

    def takes(self, piece: Piece) -> bool:
        """Whether `piece` goes on with it, which adds it."""
        last, size = self.last, max(self.last.size, piece.size)
        if min(last.size, piece.size) < _ALIKE * size:
            return False
        gap, down = piece.left - last.right, last.base - piece.base
        if abs(down) <= _SAME_LINE * size and -_OVERLAP * size <= gap <= _APART * size:
            blank = " " if gap > _WORD * size and not self.lines[-1].endswith(" ") else ""
            self.lines[-1] += blank + piece.text
        elif (
            0 < down <= _NEXT_LINE * size
            and self.left - size <= piece.right
            and (piece.left <= self.right + size)
        ):
            self._below(piece, size)
        else:
            return False
        self.left, self.right = min(self.left, piece.left), max(self.right, piece.right)
        self.last = piece
        return True

    def _below(self, piece: Piece, size: float) -> None:
        """Chinese labels of one character below the other are one line."""
        one = len(self.lines[-1]) == 1 or self.stacked
        centred = abs((piece.left + piece.right) - (self.last.left + self.last.right)) < size / 2
        if one and centred and len(piece.text.strip()) == 1 and _is_wide(piece.text.strip()):
            self.lines[-1] += piece.text.strip()
            self.stacked = True
        else:
            self.lines.append(piece.text)

    def told(self) -> tuple[str, Xy]:
        lines = [" ".join(line.split()) for line in self.lines]
        middle = (self.top + self.last.base) / 2 + _MIDDLE * self.last.size
        return "\n".join(filter(None, lines)), ((self.left + self.right) / 2, middle)


def labels(pieces: Iterable[Piece]) -> list[tuple[str, Xy]]:
    """Texts with the middle of each, of pieces in the order in which they are painted."""
    found: list[_Label] = []
    for piece in pieces:
        if not piece.text or (found and found[-1].takes(piece)):
            continue
        found.append(_Label([piece.text], piece.left, piece.right, piece.base, piece))
    return [told for told in (one.told() for one in found) if told[0]]
