"""Packs: a hospital's own recordings as voices to choose on the phone, such as one in a dialect.

A pack is a folder with recordings, as `exporter.voice.recorded` has them, and `pack.json`: its id,
its name in every language, the tag of what it speaks (yue, nan, wuu), and in `says` the language
whose directions it speaks. It need not be complete: the phone says the rest by its usual voice.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from exporter.voice.clips import MOST_BYTES, Note, Spoken, Voice, speak
from exporter.voice.engines import NOBODY
from navkit.network.network import Network
from navkit.words.findings import NavkitError

FORMAT = "navkit-voice"
FILE = "pack.json"
_ID = re.compile("[a-z0-9][a-z0-9-]{0,39}")
_TAG = re.compile("[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})*")


@dataclass(frozen=True)
class Pack:
    """A voice to choose."""

    id: str
    names: Mapping[str, str]
    tag: str
    """Of what it speaks."""
    language: str
    """Whose directions it speaks."""
    folder: Path


def packs(folders: Sequence[Path], languages: Sequence[str]) -> list[Pack]:
    """`NavkitError` if one is no pack, says another language, or has another's id."""
    found: dict[str, Pack] = {}
    for folder in folders:
        pack = _read(folder / FILE, languages)
        if pack.id in found:
            raise NavkitError("voice-pack-foreign", str(folder / FILE), part="id")
        found[pack.id] = pack
    return list(found.values())


def _read(file: Path, languages: Sequence[str]) -> Pack:
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
        right = data[FORMAT] == 1
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        right = False
    if not right:
        raise NavkitError("voice-pack-foreign", str(file), part=FORMAT)
    names = data.get("names")
    is_right = {
        "id": _fits(_ID, data.get("id")),
        "names": isinstance(names, dict)
        and all(isinstance(names.get(tag), str) and names[tag] for tag in languages),
        "tag": _fits(_TAG, data.get("tag")),
        "says": data.get("says") in languages,
    }
    for part, holds in is_right.items():
        if not holds:
            raise NavkitError("voice-pack-foreign", str(file), part=part)
    return Pack(data["id"], names, data["tag"], data["says"], file.parent)


def _fits(pattern: re.Pattern[str], value: Any) -> bool:
    return isinstance(value, str) and bool(pattern.fullmatch(value))


def speak_pack(
    pack: Pack, voice: Voice, network: Network, scripts: Mapping[str, Any], note: Note
) -> Spoken:
    """Its clips. What is to be recorded is written into its folder. `NavkitError` if the clips are
    more than a phone should fetch for one voice."""
    own = replace(voice, engine=NOBODY, recorded=pack.folder)
    spoken = speak(own, network, pack.language, scripts, note)
    if len(spoken.blob) > MOST_BYTES:
        sizes = {"bytes": str(len(spoken.blob)), "most": str(MOST_BYTES)}
        raise NavkitError("voice-pack-too-large", str(pack.folder), **sizes)
    findings = tuple(replace(one, where=pack.id) for one in spoken.findings)
    return replace(spoken, index=spoken.index | {"voice": pack.id}, findings=findings)
