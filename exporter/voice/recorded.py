"""Recorded clips: a person's voice, in place of any engine's, clause by clause."""

import csv
import io
import wave
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from exporter.voice.engines import NOBODY, Sound
from navkit.venue.spreadsheet import as_text
from navkit.venue.venue import write_whole
from navkit.words.findings import Finding, NavkitError

COLUMNS = ("file", "text", "pinyin", "recorded")


class Nobody:
    """No engine: only recordings are used."""

    name = NOBODY

    def voice(self, language: str, wanted: str = "") -> str:
        return "recorded"

    def identity(self, language: str, voice: str) -> str:
        return "nobody"

    def warnings(self, language: str, voice: str) -> tuple[Finding, ...]:
        return ()

    def render(self, spoken: str, pinyin: str, language: str, voice: str) -> Sound:
        raise NavkitError("voice-unrecorded", language, count="1")


def write_list(folder: Path, language: str, texts: Iterable[tuple[str, str, str]]) -> None:
    """What a person reads out, and under which name to save it: ``to-record.csv``.

    For each text the id of its clip, the text, and its pinyin with tone marks.
    """
    out = io.StringIO(newline="")
    table = csv.writer(out)
    table.writerow(COLUMNS)
    for clip_id, text, pinyin in texts:
        file = folder / language / f"{clip_id}.wav"
        row = (file.name, text, pinyin, "x" if file.exists() else "")
        table.writerow(map(as_text, row))
    write_whole(folder / language / "to-record.csv", out.getvalue().encode("utf-8-sig"))


def recording(folder: Path, language: str, clip_id: str) -> Sound | None:
    """The recording for a clip, ``folder/language/clip_id.wav``; None if there is none."""
    file = folder / language / f"{clip_id}.wav"
    return read_wav(file) if file.exists() else None


def read_wav(file: Path) -> Sound:
    """A WAV of 8, 16, 24 or 32 bits, its channels mixed into one."""
    try:
        with wave.open(str(file), "rb") as recorded:
            channels, width, rate_hz = recorded.getparams()[:3]
            frames = recorded.readframes(recorded.getnframes())
    except (OSError, EOFError, wave.Error) as error:
        raise NavkitError("voice-recording-broken", str(file), reason=str(error)) from error
    whole = len(frames) // (channels * width) * channels * width
    if not whole or not 1 <= width <= 4:
        raise NavkitError("voice-recording-broken", str(file), reason="no sound in it")
    samples = _samples(np.frombuffer(frames[:whole], np.uint8).reshape(-1, width))
    return samples.reshape(-1, channels).mean(axis=1, dtype=np.float32), rate_hz


def _samples(little_endian: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Numbers between -1 and 1, from rows of bytes. 8-bit WAV is unsigned."""
    width = little_endian.shape[1]
    if width == 1:
        return ((little_endian[:, 0].astype(np.float32) - 128) / 128).astype(np.float32)
    wide = np.zeros((len(little_endian), 4), np.uint8)
    wide[:, 4 - width :] = little_endian
    return (wide.view("<i4")[:, 0] / 2**31).astype(np.float32)
