"""Lettering: how wide text is, and where its lines break, without access to a font.

Widths are estimates in ems, on the wide side, so that text set by them stays inside its box
whichever generic font a machine has.
"""

import re
import unicodedata

FONTS = '"Noto Sans CJK SC","Noto Sans SC","Microsoft YaHei","PingFang SC",sans-serif'

LEADING = 1.4
"""Distance of base lines, in ems. Guidelines for older readers ask for at least 1.3."""

_WIDE_LATIN = frozenset("MWmw@%—…")
_NARROW_LATIN = frozenset(" .,:;'!|()[]iljtfI")

_NEVER_FIRST = "，。、；：？！”’）》」』】〉—,.;:?!)]}%…"
_NEVER_LAST = "“‘（《「『【〈([{"

_WORD = r"[A-Za-z0-9À-ɏ'’./&+#~_–-]"


def _atoms(*kinds: str) -> re.Pattern[str]:
    """Units that are never broken: one of `kinds`, with the punctuation that must not be at the
    beginning or the end of a line; and blanks."""
    return re.compile(
        rf"[{re.escape(_NEVER_LAST)}]*(?:{'|'.join(kinds)})[{re.escape(_NEVER_FIRST)}]*|\s+"
    )


_ATOMS = _atoms(rf"{_WORD}+", r"\S")
"""Words, and Chinese characters."""
_COUNTED_ATOMS = _atoms(rf"{_WORD}*\d[\u4e00-\u9fff]", rf"{_WORD}+", r"\S")
"""In sentences a number also stays with the Chinese character that it counts."""


def width_em(text: str) -> float:
    """Width of a line of text in ems, estimated."""
    width = 0.0
    for character in text:
        if unicodedata.east_asian_width(character) in "WFA":
            width += 1.0
        elif character in _WIDE_LATIN:
            width += 0.95
        elif character in _NARROW_LATIN:
            width += 0.36
        elif character.isupper():
            width += 0.7
        else:
            width += 0.6
    return width


def wrapped(text: str, width: float) -> list[str]:
    """`text` in lines no wider than `width` ems: Chinese by character, English by word.

    No line begins with ，。 or ends with an opening bracket. A word wider than a line is cut.
    """
    return _filled(_COUNTED_ATOMS, text, width)


def _filled(atoms: re.Pattern[str], text: str, width: float) -> list[str]:
    lines = [""]
    for atom in atoms.findall(text.strip()):
        if atom.isspace():
            lines[-1] += " "
            continue
        if lines[-1] and width_em(lines[-1] + atom) > width:
            lines[-1] = lines[-1].rstrip()
            lines.append("")
        while width_em(atom) > width and len(atom) > 1:
            fits = max(
                1, next(n for n in range(len(atom), 0, -1) if n == 1 or _fits(atom, n, width))
            )
            lines[-1] += atom[:fits]
            lines.append("")
            atom = atom[fits:]
        lines[-1] += atom
    lines[-1] = lines[-1].rstrip()
    return lines


def _fits(atom: str, count: int, width: float) -> bool:
    """Whether the first `count` characters fit and the rest may begin a line."""
    return width_em(atom[:count]) <= width and atom[count : count + 1] not in _NEVER_FIRST


def evenly(text: str, width: float) -> list[str]:
    """The fewest lines that fit into `width` ems, as equal in length as possible: for labels."""
    lines = _filled(_ATOMS, text, width)
    while True:
        narrower = max(map(width_em, lines)) - 0.1
        if narrower <= 0:
            return lines
        closer = _filled(_ATOMS, text, narrower)
        if len(closer) > len(lines) or breaks(text, narrower):
            return lines
        lines = closer


def breaks(text: str, width: float) -> bool:
    """Whether lines of `width` ems would cut a word."""
    return any(width_em(atom) > width for atom in _ATOMS.findall(text))
