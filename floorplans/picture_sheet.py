"""A photo of a picture on a wall, made into that picture: its corners squared, its light evened.

Nothing is done to a picture that fills its file.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from floorplans.picture_file import Dots

Corners = NDArray[np.float32]
"""Four of x and y: left upper, right upper, right lower, left lower."""

_LOOKED_AT = 600
"""Dots of the longer side of the picture in which corners are looked for."""
_LEAST_SHEET, _MOST_SHEET = 0.25, 0.98
"""Shares of a photo between which a sheet in it is believed."""
_BENT = 0.02
"""How far the outline of a sheet may be off a quadrangle, as a share of its length."""
_UNEVEN = 0.06
"""Differences of light, as a share, below which it is left as it is."""
_PAPER_CHROMA = 0.12
"""How coloured paper is at most, as a share of its light."""
_LEAST_PAPER = 0.15
"""Share of a block that is not coloured if it counts."""
_BLOCKS, _LEAST_BLOCKS = 16, 40
_ORDER, _ROUNDS = 3, 12
_BELOW, _LITTLE = 0.98, 0.05
_EVEN = 252.0


@dataclass(frozen=True)
class Straight:
    """A picture without its wall, and what was done to it."""

    dots: Dots
    matrix: NDArray[np.float64]
    """Three by three: from dots of the file to dots of this."""
    is_photo: bool


def straightened(dots: Dots) -> Straight:
    """The sheet alone if the file is a photo of one, else the picture as it is."""
    corners = _corners(dots)
    matrix: NDArray[np.float64] = np.eye(3)
    if corners is None:
        return Straight(dots, matrix, is_photo=False)
    upper, right, lower, left = (
        float(np.linalg.norm(corners[i] - corners[(i + 1) % 4])) for i in range(4)
    )
    width, height = round(max(upper, lower)), round(max(left, right))
    whole = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float32)
    matrix = cv2.getPerspectiveTransform(corners, whole)
    square = cv2.warpPerspective(dots, matrix, (width, height), flags=cv2.INTER_CUBIC)
    return Straight(evened(square), matrix, is_photo=True)


def _corners(dots: Dots) -> Corners | None:
    """Of the bright sheet on a darker wall; None if there is none, or it fills the file."""
    factor = min(1.0, _LOOKED_AT / max(dots.shape[:2]))
    small = cv2.resize(dots, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    strongest = cv2.GaussianBlur(small.max(axis=2), (5, 5), 0)
    _, bright = cv2.threshold(strongest, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    closed = cv2.morphologyEx(bright, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8))
    outlines, _ = cv2.findContours(closed, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    if not outlines:
        return None
    largest = cv2.convexHull(max(outlines, key=cv2.contourArea))
    share = cv2.contourArea(largest) / (small.shape[0] * small.shape[1])
    if not _LEAST_SHEET < share < _MOST_SHEET:
        return None
    four = cv2.approxPolyDP(largest, _BENT * cv2.arcLength(largest, True), True)
    if len(four) != 4:
        return None
    spots = four.reshape(4, 2).astype(np.float32)
    rows, columns = small.shape[:2]
    within = (spots > 1).all() and (spots < np.array([columns - 2, rows - 2])).all()
    return _in_order(spots) / factor if within else None


def _in_order(spots: Corners) -> Corners:
    middle = spots.mean(axis=0)
    angle = np.arctan2(spots[:, 1] - middle[1], spots[:, 0] - middle[0])
    ordered: Corners = spots[np.argsort(angle)]
    return ordered


def evened(dots: Dots) -> Dots:
    """Without the light that falls on it: paper is as bright everywhere.

    A smooth surface is laid on top of what is brightest in each block of the picture: paper, where
    there is any.
    """
    rows, columns = dots.shape[:2]
    light = cv2.GaussianBlur(dots.max(axis=2).astype(np.float32), (0, 0), 2)
    darkest = dots.min(axis=2).astype(np.float32)
    light[light - darkest > _PAPER_CHROMA * np.maximum(light, 1)] = 0
    spots, brightest = [], []
    for y in np.linspace(0, rows, _BLOCKS + 1)[:-1].astype(int):
        for x in np.linspace(0, columns, _BLOCKS + 1)[:-1].astype(int):
            block = light[y : y + rows // _BLOCKS, x : x + columns // _BLOCKS]
            if (block > 0).mean() > _LEAST_PAPER:
                spots.append((x / columns + 0.5 / _BLOCKS, y / rows + 0.5 / _BLOCKS))
                brightest.append(float(np.percentile(block[block > 0], 90)))
    if len(spots) < _LEAST_BLOCKS:
        return dots
    table, values = _terms(*np.array(spots).T), np.array(brightest)
    counts = np.ones_like(values)
    for _ in range(_ROUNDS):
        weights, *_rest = np.linalg.lstsq(table * counts[:, None], values * counts, rcond=None)
        # What is below is coloured, or pale grey; what is above is paper for sure.
        counts = np.where(values < _BELOW * (table @ weights), _LITTLE, 1.0)
    y, x = np.mgrid[:rows, :columns]
    terms = _terms((x / columns).ravel(), (y / rows).ravel())
    surface = (terms @ weights).reshape(rows, columns)
    surface = np.clip(surface, 0.3 * values.max(), 1.1 * values.max()).astype(np.float32)
    if float(surface.max() / surface.min()) < 1 + _UNEVEN:
        return dots
    even = dots.astype(np.float32) * (_EVEN / surface)[..., None]
    whole: Dots = np.clip(even, 0, 255).astype(np.uint8)
    return whole


def _terms(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
    """Of a surface of the third order; one row for each spot."""
    x, y = 2 * x - 1, 2 * y - 1
    powers = [(a, b) for a in range(_ORDER + 1) for b in range(_ORDER + 1 - a)]
    return np.stack([x**a * y**b for a, b in powers], axis=1)
