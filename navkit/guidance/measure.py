"""How far and how long, as it is told everywhere: in sentences, on cards, by commands, on phones.

`exporter/runtime/core/measure.js` has the same two rules.
"""

from navkit.guidance.rules import rules

_MIN_MS = 60_000


def rounded_m(length_cm: int) -> int:
    """Metres as told: by 5 up to 50, by 10 beyond; never 0. Rule M6."""
    own = rules()
    grain_cm = own.fine_grain_cm if length_cm < own.coarse_from_cm else own.coarse_grain_cm
    return max(1, (length_cm + grain_cm // 2) // grain_cm) * (grain_cm // 100)


def rounded_min(duration_ms: int) -> int:
    """Minutes as told: the nearest, halves up. 0 is less than half a minute: told as less than one.

    Not the minutes begun: waits for lifts are means, so times are as often too long as too short,
    and rounded up the parts of a way would make more than the whole.
    """
    return (duration_ms + _MIN_MS // 2) // _MIN_MS
