"""Sound: an engine's samples made into a clip, and clips decoded.

A clip is trimmed, as loud as all others, and MP3 of constant bitrate without headers, so
that clips can be joined byte by byte.
"""

from functools import cache
from importlib import import_module
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exporter.voice.engines import Sound
from navkit.words.findings import NavkitError

RATE_HZ = 24000
KBIT_S = 32

MADE = 3
"""Raised with every change to how samples become clips: older clips are then rendered again."""

_SILENT = 10 ** (-45 / 20)
_LOUDNESS = 10 ** (-18 / 20)
"""Mean level of what is audible."""
_PEAK = 10 ** (-3 / 20)
"""Upper limit for peaks, so that the encoder has headroom."""
_LEAST_PEAK = 10 ** (-11 / 20)
"""Lower limit for peaks: a vowel without an attack sounds as loud as others, but has low peaks."""
_WINDOW = RATE_HZ // 50
"""20 ms."""
_EDGE = RATE_HZ // 50
"""Kept before the first and after the last audible sample."""
_LONG_PAUSE = RATE_HZ // 5
_PAUSE = RATE_HZ // 8
"""Longer pauses are cut to this: nobody takes a breath within a name."""

Samples = NDArray[np.float32]


def clip(sound: Sound, pause_s: float = 0.0) -> bytes:
    """MP3 of a rendered text, with a pause after it."""
    samples = levelled(trimmed(resampled(sound)))
    return encoded(np.concatenate([samples, np.zeros(round(pause_s * RATE_HZ), np.float32)]))


def silence(seconds: float) -> bytes:
    """MP3 of a pause."""
    return encoded(np.zeros(round(seconds * RATE_HZ), np.float32))


def resampled(sound: Sound) -> Samples:
    """At `RATE_HZ`."""
    samples, rate_hz = sound
    if rate_hz == RATE_HZ:
        return samples.astype(np.float32)
    # Not at the top: importing it takes as long as everything else in a build without voice.
    from scipy.signal import resample_poly

    shared = np.gcd(rate_hz, RATE_HZ)
    return resample_poly(samples, RATE_HZ // shared, rate_hz // shared).astype(np.float32)


def trimmed(samples: Samples) -> Samples:
    """Without the silence before and after, clicks beyond it, and long pauses within.

    Faded in and out within 5 ms.
    """
    runs = _audible(samples)
    while len(runs) > 1 and _is_click(runs[0], runs[1][0] - runs[0][1]):
        runs = runs[1:]
    while len(runs) > 1 and _is_click(runs[-1], runs[-1][0] - runs[-2][1]):
        runs = runs[:-1]
    if not runs:
        return samples[:0]
    first, last = max(0, runs[0][0] - _EDGE), runs[-1][1] + _EDGE
    kept, at = [], first
    for (_, end), (start, _) in pairwise(runs):
        if start - end > _LONG_PAUSE:
            half = _PAUSE // 2
            kept.append(samples[at : end + half])
            at = start - half
    whole = np.concatenate([*kept, samples[at:last]])
    fade = min(RATE_HZ // 200, len(whole) // 2)
    if fade:
        ramp = np.linspace(0, 1, fade, dtype=np.float32)
        whole[:fade] *= ramp
        whole[-fade:] *= ramp[::-1]
    return whole


def _audible(samples: Samples) -> list[tuple[int, int]]:
    """Where there is sound, from and to; silences shorter than 20 ms are part of it."""
    loud = np.flatnonzero(np.abs(samples) >= _SILENT * np.max(np.abs(samples), initial=1e-9))
    if not loud.size:
        return []
    gaps = np.flatnonzero(np.diff(loud) > _WINDOW)
    starts = loud[np.concatenate([[0], gaps + 1])]
    ends = loud[np.concatenate([gaps, [len(loud) - 1]])] + 1
    return list(zip(starts.tolist(), ends.tolist(), strict=True))


def _is_click(run: tuple[int, int], apart: int) -> bool:
    """Shorter than any sound of speech, and away from it."""
    return run[1] - run[0] < 3 * _WINDOW and apart > 5 * _WINDOW


def levelled(samples: Samples) -> Samples:
    """As loud as every other clip; its peaks are compressed softly, not clipped."""
    audible = windows(samples)
    audible = audible[audible >= _SILENT * audible.max(initial=0)]
    if not audible.size or not audible.any():
        return samples
    louder = samples * (_LOUDNESS / np.sqrt(np.mean(audible**2)))
    louder *= max(1.0, _LEAST_PEAK / np.abs(louder).max())
    knee = _PEAK * 0.7
    over = np.abs(louder) - knee
    pressed = np.sign(louder) * (knee + (_PEAK - knee) * np.tanh(over / (_PEAK - knee)))
    return np.asarray(np.where(over > 0, pressed, louder), np.float32)


def windows(samples: Samples) -> NDArray[np.float64]:
    """Root mean square of every 20 ms."""
    whole = samples[: len(samples) // _WINDOW * _WINDOW].astype(np.float64)
    return np.asarray(np.sqrt(np.mean(whole.reshape(-1, _WINDOW) ** 2, axis=1)))


def encoded(samples: Samples) -> bytes:
    """MP3, mono, `KBIT_S`, whole frames, no header of any kind."""
    lameenc = _needed("lameenc")
    encoder = lameenc.Encoder()
    encoder.silence()
    encoder.set_bit_rate(KBIT_S)
    encoder.set_in_sample_rate(RATE_HZ)
    encoder.set_out_sample_rate(RATE_HZ)
    encoder.set_channels(1)
    encoder.set_quality(2)
    whole = np.clip(np.round(samples * 32767), -32768, 32767).astype("<i2")
    return bytes(encoder.encode(whole.tobytes())) + bytes(encoder.flush())


def decoded(mp3: bytes) -> Samples:
    """Samples at `RATE_HZ`. `NavkitError` if these bytes are not MP3."""
    miniaudio = _needed("miniaudio")
    try:
        read = miniaudio.decode(mp3, miniaudio.SampleFormat.FLOAT32, 1, RATE_HZ)
    except miniaudio.DecodeError:
        raise NavkitError("voice-clip-damaged") from None
    return np.asarray(read.samples, np.float32)


@cache
def _needed(name: str) -> Any:
    """A library of the extra `voice`."""
    try:
        return import_module(name)
    except ImportError as error:
        raise NavkitError("voice-engine-missing", engine=name, reason=str(error)) from error
