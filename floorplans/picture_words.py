"""The words on a picture, by a recogniser whose models are installed with it.

Names that are written downwards, one character below the other, are read too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from rapidocr import RapidOCR

from floorplans.picture_file import Dots
from floorplans.sheet import legible

LONGEST_READ = 2000
"""Dots of the longer side in which the recogniser looks for words. More costs memory."""
_ENLARGED = 1.6
"""Names on a wall picture are small: enlarged, more of them are found. More costs time."""
_LEAST_SCORE = 0.5
_ALL = slice(None)
_STEEP = (2 * np.pi) ** 0.5
SURE = 0.92
"""A word with a lower score is shown to staff as doubtful. A guess."""


@dataclass(frozen=True)
class Word:
    """A text and its box: left, top, right, bottom, in dots of the picture."""

    text: str
    score: float
    """How sure the recogniser is, 0 to 1."""
    box: tuple[float, float, float, float]

    @property
    def middle(self) -> tuple[float, float]:
        left, top, right, bottom = self.box
        return (left + right) / 2, (top + bottom) / 2

    @property
    def glyph(self) -> float:
        """The height of its letters, in dots."""
        left, top, right, bottom = self.box
        return min(right - left, bottom - top)


@cache
def _recogniser() -> Any:
    return RapidOCR(
        params={
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            "Global.use_cls": False,
            "Global.log_level": "critical",
            "Global.max_side_len": LONGEST_READ,
            "Global.text_score": _LEAST_SCORE,
            "Rec.rec_batch_num": 2,
        }
    )


def words_on(dots: Dots, rows: slice = _ALL, columns: slice = _ALL) -> list[Word]:
    """All that can be read in some rows and columns, from top to bottom."""
    left, top = columns.start or 0, rows.start or 0
    dots = dots[rows, columns]
    factor = min(_ENLARGED, LONGEST_READ / max(dots.shape[:2]))
    how = cv2.INTER_CUBIC if factor > 1 else cv2.INTER_AREA
    larger = cv2.resize(dots, None, fx=factor, fy=factor, interpolation=how)
    found = _recogniser()(cv2.cvtColor(larger, cv2.COLOR_RGB2BGR))
    if found.boxes is None:
        return []
    words = [
        Word(legible(text), float(score), _box(corners / factor + np.array([left, top])))
        for text, score, corners in zip(found.txts, found.scores, found.boxes, strict=True)
    ]
    return sorted((word for word in words if word.text), key=lambda word: word.box[1])


def _box(corners: NDArray[np.float64]) -> tuple[float, float, float, float]:
    left, top = corners.min(axis=0)
    right, bottom = corners.max(axis=0)
    return float(left), float(top), float(right), float(bottom)


def blur_of(dots: Dots, words: Sequence[Word]) -> float:
    """How far letters are blurred, as a share of their boxes' height: the median of all words.

    A sharp edge of a given contrast that is blurred by s dots is nowhere steeper than the contrast
    over 2.5 s.
    """
    grey = cv2.cvtColor(dots, cv2.COLOR_RGB2GRAY).astype(np.float32)
    across = np.gradient(grey)
    steep = np.hypot(across[0], across[1])
    shares = []
    for word in words:
        left, top, right, bottom = (max(0, round(one)) for one in word.box)
        here, slopes = grey[top:bottom, left:right], steep[top:bottom, left:right]
        if here.size:
            contrast = float(np.percentile(here, 98) - np.percentile(here, 2))
            most = float(np.percentile(slopes, 98))
            shares.append(contrast / (_STEEP * max(most, 1.0)) / max(word.glyph, 1.0))
    return float(np.median(shares)) if shares else 0.0


def mask_of(words: Sequence[Word], shape: tuple[int, int], margin: int = 2) -> NDArray[np.bool_]:
    """Where words are written, with a margin in dots."""
    mask = np.zeros(shape, dtype=bool)
    for word in words:
        left, top, right, bottom = (round(one) for one in word.box)
        rows = slice(max(0, top - margin), bottom + margin + 1)
        mask[rows, max(0, left - margin) : right + margin + 1] = True
    return mask
