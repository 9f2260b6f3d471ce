"""Which dots of a picture are the building, its walls, and which colour of the palette each has.

A wall picture is a white sheet; the building on it is drawn as fills, with thin dark walls.
Colours are compared in Lab, where distances are as people see them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from floorplans.picture_file import Dots
from floorplans.picture_words import Word, mask_of

Mask = NDArray[np.bool_]
Lab = NDArray[np.float32]

_WHITE = (95.0, 5.0)
"""Least lightness and most chroma of the sheet."""
_CORRIDOR_LIGHT, _CORRIDOR_CHROMA = (70.0, 93.0), 6.0
_LEAST_BUILDING = 0.03
"""Share of the sheet that its building covers at least."""
_LEAST_CORRIDOR, _MOST_CORRIDOR = 0.04, 0.95
"""Shares of a building between which its circulation covers it."""
_LEAST_PART = 0.02
"""Share of the largest part that another part of a building has at least."""
_BIN = 6.0
_MERGED = 10.0
_LEAST_SHARE = 0.003
_RIM, _LEAST_DEEP = 9, 0.05
"""Dots that a fill is wide at least, and the share of it that is as far from its edge."""
_NEAR = 9.0
"""Distance within which a dot has a colour of the palette."""
_DARK, _GREY_MOST = 140, 40
_BLACK_HAT, _DARKER, _DULL = 26, 8, 115
_LINE = 7
"""Dots across which a wall may be thick."""
_INK = (45.0, 93.0)
"""Darker than the first or lighter than the second is a letter or its rim."""
_LONGER = 1.4
"""Times the height of letters that a line is longer than a stroke of them."""
_CREPT = 60
_LEAST_WALL = 12
"""Dots of a wall; less is dirt."""
LEAST_ROOM = 60
"""Dots of a room; less is dirt or a letter."""
_HOLE = 0.005
"""Share of a building up to which a white hole in it is a letter or a gap, and no courtyard."""


@dataclass(frozen=True)
class Painted:
    """A picture taken apart; all arrays have its rows and columns."""

    building: Mask
    wall: Mask
    colour: NDArray[np.int16]
    """Index into `palette`; -1 where nothing says it."""
    palette: Lab
    """Rows of lightness, green-red and blue-yellow."""
    circulation: int
    """The colour of corridors, as an index."""


def lab_of(dots: Dots) -> Lab:
    """Lightness 0 to 100, and two axes of colour."""
    lab: Lab = cv2.cvtColor(dots.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    return lab


def painted(dots: Dots, building: Mask, words: Sequence[Word]) -> Painted | None:
    """None if nothing on the building has a colour of corridors."""
    lab = lab_of(dots)
    dark = _walls(dots) & building
    wall = _without_specks(dark & ~_letters(dark, words), _LEAST_WALL)
    low, high = _INK
    ink = mask_of(words, wall.shape) & ((lab[..., 0] < low) | (lab[..., 0] > high))
    inside = building & ~wall & ~ink
    palette = _of_fills(lab, inside, _palette(lab, inside))
    circulation = _circulation(palette)
    if circulation is None:
        return None
    colour = _coloured(lab, building & ~wall, palette, words)
    return Painted(building, wall, colour, palette, circulation)


def _coloured(lab: Lab, inside: Mask, palette: Lab, words: Sequence[Word]) -> NDArray[np.int16]:
    """Of each dot inside the nearest colour of the palette; where none is near, or too little of it
    lies together, as in letters, that of most of the word's box or of the nearest dot."""
    colour = _nearest(lab, inside, palette)
    for word in words:
        box = mask_of([word], inside.shape, margin=0)
        known = np.bincount(colour[box & (colour >= 0)], minlength=1)
        if 2 * known.max() > known.sum():
            colour[box & inside & (colour < 0)] = known.argmax()
    for number in range(len(palette)):
        mask = colour == number
        colour[mask & ~_without_specks(mask, LEAST_ROOM, connectivity=4)] = -1
    if not (colour >= 0).any():
        return colour
    colour = _crept(colour, inside)
    near = ndimage.distance_transform_edt(colour < 0, return_distances=False, return_indices=True)
    filled: NDArray[np.int16] = np.where(inside, colour[tuple(near)], -1).astype(np.int16)
    return filled


def _crept(colour: NDArray[np.int16], inside: Mask) -> NDArray[np.int16]:
    """Colours spread from dot to dot where none is known, and not across walls."""
    for _ in range(_CREPT):
        before = colour
        empty = inside & (colour < 0)
        if not empty.any():
            break
        colour = colour.copy()
        for axis in (0, 1):
            for step in (1, -1):
                beside = np.roll(before, step, axis)
                take = empty & (colour < 0) & (beside >= 0)
                colour[take] = beside[take]
        if (colour == before).all():
            break
    return colour


def _letters(dark: Mask, words: Sequence[Word]) -> Mask:
    """What is dark where words are, but for straight lines longer than their letters."""
    letters = np.zeros_like(dark)
    for word in words:
        box = mask_of([word], dark.shape)
        rows, columns = np.flatnonzero(box.any(axis=1)), np.flatnonzero(box.any(axis=0))
        if not len(rows) or not len(columns):
            continue
        longer = round(_LONGER * word.glyph)
        around = (
            slice(max(0, rows[0] - longer), rows[-1] + longer + 1),
            slice(max(0, columns[0] - longer), columns[-1] + longer + 1),
        )
        here = dark[around].astype(np.uint8)
        lines = np.zeros_like(here)
        for shape in ((1, longer), (longer, 1)):
            lines |= cv2.morphologyEx(here, cv2.MORPH_OPEN, np.ones(shape, np.uint8))
        letters[around] |= box[around] & dark[around] & (lines == 0)
    return letters


def building_on(dots: Dots, *, may_be_cut: bool) -> Mask | None:
    """Where the building is; None if nothing that is not white holds a colour of corridors.

    What touches the edge of the picture is a frame, a band or a wall, unless the picture may be cut
    out closely and nothing else is there.
    """
    lab = lab_of(dots)
    light, chroma = lab[..., 0], np.hypot(lab[..., 1], lab[..., 2])
    least_light, most_chroma = _WHITE
    drawn = ~((light > least_light) & (chroma < most_chroma))
    low, high = _CORRIDOR_LIGHT
    pale = (light > low) & (light < high) & (chroma < _CORRIDOR_CHROMA)
    count, numbers, stats, _ = cv2.connectedComponentsWithStats(drawn.astype(np.uint8))
    rows, columns = drawn.shape
    of_pale = np.bincount(numbers[pale], minlength=count)
    whole: list[tuple[int, int]] = []
    cut: list[tuple[int, int]] = []
    for number in range(1, count):
        left, top, width, height, area = stats[number]
        on_edge = left == 0 or top == 0 or left + width == columns or top + height == rows
        if _LEAST_CORRIDOR * area <= of_pale[number] <= _MOST_CORRIDOR * area:
            (cut if on_edge else whole).append((int(area), number))
    parts = cut if may_be_cut and not whole else whole
    if not parts or max(parts)[0] < _LEAST_BUILDING * drawn.size:
        return None
    least = _LEAST_PART * max(parts)[0]
    mask = np.isin(numbers, [number for area, number in parts if area >= least])
    # JPEG leaves whiskers along dark lines on white.
    smooth = cv2.morphologyEx(_filled(mask).astype(np.uint8), cv2.MORPH_OPEN, _disc(5))
    opened: Mask = smooth > 0
    return opened


def _disc(across: int) -> NDArray[np.uint8]:
    disc: NDArray[np.uint8] = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (across, across))
    return disc


def _filled(mask: Mask) -> Mask:
    """Without small holes."""
    numbers, count = ndimage.label(~mask)
    sizes = np.bincount(numbers.ravel(), minlength=count + 1)
    small = sizes < _HOLE * mask.sum()
    small[0] = False
    filled: Mask = mask | small[numbers]
    return filled


def _walls(dots: Dots) -> Mask:
    brightest, darkest = dots.max(axis=2), dots.min(axis=2)
    dark = (brightest < _DARK) & (brightest - darkest < _GREY_MOST)
    kernel = cv2.getStructuringElement(cv2.MORPH_RECT, (_LINE, _LINE))
    # Grey on blue is hardly darker, but its strongest colour is much weaker. Where two fills meet,
    # JPEG makes that so too, but nothing there is darker than both; dark fills such as green are as
    # dark as a wall.
    weaker = cv2.morphologyEx(brightest, cv2.MORPH_BLACKHAT, kernel) > _BLACK_HAT
    grey = cv2.cvtColor(dots, cv2.COLOR_RGB2GRAY)
    around = cv2.morphologyEx(grey, cv2.MORPH_CLOSE, kernel)
    darker = (around.astype(np.int16) - grey > _DARKER) | (around < _DULL)
    walls: Mask = dark | (weaker & darker)
    return walls


def _without_specks(mask: Mask, least: int, connectivity: int = 8) -> Mask:
    _, numbers, stats, _ = cv2.connectedComponentsWithStats(
        mask.astype(np.uint8), connectivity=connectivity
    )
    large = stats[:, cv2.CC_STAT_AREA] >= least
    large[0] = False
    kept: Mask = large[numbers]
    return kept


def _palette(lab: Lab, inside: Mask) -> Lab:
    """The colours that fill at least a small share of the building, the commonest first."""
    inner = cv2.erode(inside.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    values = lab[inner if inner.any() else inside]
    bins = np.floor(values / _BIN).astype(np.int64)
    _, which, counts = np.unique(bins, axis=0, return_inverse=True, return_counts=True)
    which = which.ravel()
    found: list[tuple[float, NDArray[np.float64]]] = []
    sums = np.stack([np.bincount(which, values[:, axis]) for axis in range(3)], axis=1)
    for number in np.argsort(-counts, kind="stable"):
        mean = sums[number] / counts[number]
        near = [k for k, (_, other) in enumerate(found) if np.linalg.norm(mean - other) < _MERGED]
        if near:
            weight, other = found[near[0]]
            total = weight + counts[number]
            merged = (other * weight + mean * counts[number]) / total
            found[near[0]] = (total, merged)
        else:
            found.append((float(counts[number]), mean))
    least = _LEAST_SHARE * len(values)
    kept = [mean for count, mean in sorted(found, key=lambda one: -one[0]) if count >= least]
    return np.array(kept, dtype=np.float32).reshape(-1, 3)


def _of_fills(lab: Lab, inside: Mask, palette: Lab) -> Lab:
    """Those colours that fill something: others are rims, where two colours run into each other."""
    colour = _nearest(lab, inside, palette)
    kernel = np.ones((_RIM, _RIM), np.uint8)
    kept = []
    for number in range(len(palette)):
        mask = (colour == number).astype(np.uint8)
        deep = cv2.erode(mask, kernel)
        if int(deep.sum()) > _LEAST_DEEP * int(mask.sum()):
            kept.append(number)
    return palette[kept]


def _nearest(lab: Lab, inside: Mask, palette: Lab) -> NDArray[np.int16]:
    """Of each dot inside the nearest colour of the palette, -1 where none is near."""
    colour = np.full(inside.shape, -1, dtype=np.int16)
    if len(palette):
        away = np.linalg.norm(lab[inside][:, None] - palette[None], axis=2)
        nearest = away.argmin(axis=1).astype(np.int16)
        nearest[away.min(axis=1) > _NEAR] = -1
        colour[inside] = nearest
    return colour


def _circulation(palette: Lab) -> int | None:
    """The pale colour that covers most."""
    low, high = _CORRIDOR_LIGHT
    for number, (light, a, b) in enumerate(palette):
        if low < light < high and np.hypot(a, b) < _CORRIDOR_CHROMA:
            return number
    return None
