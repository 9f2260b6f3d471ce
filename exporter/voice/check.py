"""Structural checks of a bundle's clips: each is audible and long enough for its text.

Whether they are understood is another question, which only listeners answer: `docs/voice.md`.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from exporter.voice import sound
from exporter.voice.engines import syllables
from exporter.voice.pinyin import pinyin
from exporter.words.voices import voicing
from navkit.words.findings import Finding, NavkitError

ACTIVE_DBFS = -45
LEAST_ACTIVE = 0.7
"""Share of the 20 ms windows between the first and the last audible one."""
PEAK_DBFS = (-12.0, -0.5)
BAND = (0.6, 1.6)
"""Multiples of the seconds that this voice takes for as many syllables."""


LEAST_ALIKE = 5
"""Clips with as many syllables that are needed for a median."""
LETTERS_A_SYLLABLE = 3
"""In English."""


@dataclass(frozen=True)
class Checked:
    """The result for one language's clips."""

    language: str
    engine: str
    voice: str
    clips: int
    bytes: int
    seconds: float
    findings: tuple[Finding, ...]


def text_only(folder: Path) -> list[str]:
    """Languages of a bundle folder without clips."""
    index = _read(folder / "index.json")
    return [language for language in index["languages"] if language not in index.get("voice", {})]


def check(folder: Path) -> list[Checked]:
    """All languages that have clips. `NavkitError` if the folder is no bundle or has none."""
    index = _read(folder / "index.json")
    try:
        return _languages(folder, index)
    except (AttributeError, KeyError, TypeError, ValueError, ZeroDivisionError):
        raise NavkitError("voice-index-damaged", str(folder / "index.json")) from None


def _languages(folder: Path, index: Mapping[str, Any]) -> list[Checked]:
    if index.get("format") != "navkit-bundle":
        raise NavkitError("voice-no-bundle", str(folder))
    if not index.get("voice") and not index.get("packs"):
        raise NavkitError("voice-no-clips", str(folder))
    checked = []
    packs = [(pack["language"], pack) for pack in index.get("packs", ())]
    for language, names in [*index.get("voice", {}).items(), *packs]:
        for name in (names["index"], names["clips"]):
            content = (folder / name).read_bytes()
            if hashlib.sha256(content).hexdigest() != index["files"][name]["sha256"]:
                raise NavkitError("voice-file-damaged", str(folder / name))
        clips, blob = _read(folder / names["index"]), (folder / names["clips"]).read_bytes()
        checked.append(_checked(language, clips, blob))
    return checked


def _read(file: Path) -> Any:
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise NavkitError("voice-no-bundle", str(file.parent)) from None


def _checked(language: str, index: Mapping[str, Any], blob: bytes) -> Checked:
    texts: list[str] = index["texts"]
    sizes: list[int] = index["bytes"]
    found: list[Finding] = []
    if len(texts) != len(sizes) or index["pause_bytes"] + sum(sizes) != len(blob):
        found.append(Finding("voice-lengths", language, {"bytes": str(len(blob))}))
    counts = [length_in_syllables(text, language) for text in texts]
    spoken_s = []
    at = index["pause_bytes"]
    for text, size in zip(texts, sizes, strict=False):
        heard, problems = _heard(text, blob[at : at + size], index["kbit_s"])
        found += [Finding(code, language, {"text": text} | slots) for code, slots in problems]
        spoken_s.append(heard)
        at += size
    edge, each = _pace(counts, spoken_s)
    alike: dict[float, list[float]] = {}
    for count, heard in zip(counts, spoken_s, strict=True):
        alike.setdefault(count, []).append(heard)
    for text, count, heard in zip(texts, counts, spoken_s, strict=True):
        same = alike[count]
        usual = median(same) if len(same) >= LEAST_ALIKE else edge + each * count
        if not BAND[0] * usual <= heard <= BAND[1] * usual:
            slots = {"text": text, "seconds": f"{heard:.2f}", "usual": f"{usual:.2f}"}
            found.append(Finding("voice-duration", language, slots))
    return Checked(
        language=language,
        engine=index["engine"],
        voice=index["voice"],
        clips=len(texts),
        bytes=len(blob),
        seconds=len(blob) * 8 / index["kbit_s"] / 1000,
        findings=tuple(found),
    )


def _pace(counts: Sequence[float], spoken_s: Sequence[float]) -> tuple[float, float]:
    """Seconds of this voice besides the syllables, and per syllable."""
    if len(set(counts)) < 2:
        return 0.0, sum(spoken_s) / max(1.0, sum(counts))
    edge, each = np.polynomial.Polynomial.fit(counts, spoken_s, 1).convert().coef
    return float(edge), float(each)


def length_in_syllables(text: str, language: str) -> float:
    """How many syllables a text has, by its length in time.

    In Chinese a syllable without a tone is half as long as another. In English vowels overcount
    some words (laboratory) and letters others, so their mean is used.
    """
    if voicing(language).has_pinyin:
        said = pinyin(text)
        return syllables(text, said) - said.count("5") / 2
    letters = sum(character.isalpha() for character in text)
    return (syllables(text, "") + letters / LETTERS_A_SYLLABLE) / 2


def _heard(
    text: str, clip: bytes, kbit_s: int
) -> tuple[float, Sequence[tuple[str, dict[str, str]]]]:
    """Seconds from the first audible window to the last, and what is wrong with a clip."""
    try:
        samples = sound.decoded(clip)
    except NavkitError as error:
        return 0.0, [(error.finding.code, {})]
    problems = []
    if abs(len(samples) / sound.RATE_HZ - len(clip) * 8 / kbit_s / 1000) > 0.001:
        problems.append(("voice-lengths", {"bytes": str(len(clip))}))
    windows = sound.windows(samples)
    audible = np.flatnonzero(windows > 10 ** (ACTIVE_DBFS / 20))
    if not audible.size:
        return 0.0, [*problems, ("voice-silent", {})]
    first, last = int(audible[0]), int(audible[-1]) + 1
    if len(audible) / (last - first) < LEAST_ACTIVE:
        problems.append(("voice-silent", {}))
    peak = 20 * float(np.log10(np.max(np.abs(samples))))
    if not PEAK_DBFS[0] <= peak <= PEAK_DBFS[1]:
        problems.append(("voice-peak", {"dbfs": f"{peak:.1f}"}))
    return (last - first) * 0.02, problems
