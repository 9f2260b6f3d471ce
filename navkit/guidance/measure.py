"""How distances and times are rounded everywhere: in sentences, on cards, in commands, on phones.

`exporter/runtime/core/measure.js` has the same two rules.
"""

from navkit.guidance.rules import rules

_MIN_MS = 60_000


def rounded_m(length_cm: int) -> int:
    """Metres to show: by 5 up to 50, by 10 beyond; never 0. Rule M6."""
    own = rules()
    grain_cm = own.fine_grain_cm if length_cm < own.coarse_from_cm else own.coarse_grain_cm
    return max(1, (length_cm + grain_cm // 2) // grain_cm) * (grain_cm // 100)


def rounded_min(duration_ms: int) -> int:
    """Minutes to show: the nearest, halves up. 0 is under half a minute: shown as less than one.

    Not rounded up: waits for lifts are means, so times are as often too long as too short,
    and if rounded up the parts of a route would add up to more than the whole.
    """
    return (duration_ms + _MIN_MS // 2) // _MIN_MS
