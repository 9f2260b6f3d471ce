"""A voice for tests: a burst of sound for every syllable, and a log of what it was given."""

import json
import os
import time
from pathlib import Path

import numpy as np

from exporter.voice.check import length_in_syllables
from exporter.voice.engines import NOT_UNDERSTOOD, Sound
from navkit.words.findings import Finding, NavkitError

RATE_HZ = 16000
LOG = "NAVKIT_TEST_LOG"
SLOW = "NAVKIT_TEST_SLOW_S"


class Bursts:
    """Says nothing, as long as it would take to say it."""

    name = "bursts"

    def voice(self, language: str, wanted: str = "") -> str:
        if wanted == "mumbled":
            raise NavkitError(NOT_UNDERSTOOD, language, version="1")
        if wanted == "absent":
            raise NavkitError("voice-engine-missing", engine=self.name, reason="a test")
        return wanted or "usual"

    def identity(self, language: str, voice: str) -> str:
        return "bursts 1"

    def warnings(self, language: str, voice: str) -> tuple[Finding, ...]:
        return (Finding("voice-poor", slots={"version": "1"}),) if voice == "poor" else ()

    def render(self, spoken: str, pinyin: str, language: str, voice: str) -> Sound:
        time.sleep(float(os.environ.get(SLOW, "0")))
        if LOG in os.environ:
            with Path(os.environ[LOG]).open("a", encoding="utf-8") as log:
                log.write(json.dumps([spoken, pinyin, language, voice]) + "\n")
        count = max(1.0, length_in_syllables(spoken, language))
        faults = {
            "silent": (np.zeros(RATE_HZ, np.float32), RATE_HZ),
            "empty": (np.zeros(0, np.float32), RATE_HZ),
            "nan": (np.full(RATE_HZ, np.nan, np.float32), RATE_HZ),
            "nothing": None,
        }
        if voice == "broken":
            raise ZeroDivisionError(spoken)
        if voice in faults:
            return faults[voice]  # type: ignore[return-value]
        # Its pitch depends on the text, so that no two clips are alike.
        pitch_hz = 200 + sum(map(ord, spoken)) % 400
        t = np.arange(round(0.25 * count * RATE_HZ), dtype=np.float32) / RATE_HZ
        wave = np.sin(2 * np.pi * pitch_hz * t)
        # A fifth power is slow.
        loud = 0.5 * (wave * wave) ** 2 * wave * (0.6 + 0.4 * np.cos(2 * np.pi * 4 * t))
        quiet = np.zeros(RATE_HZ // 4)
        return np.concatenate([quiet, loud, quiet]).astype(np.float32), RATE_HZ


def log(file: Path) -> list[list[str]]:
    """What was rendered: text, pinyin, language, voice."""
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    return [json.loads(line) for line in lines]
