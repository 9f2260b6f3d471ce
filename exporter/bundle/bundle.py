"""The bundle: a venue, its network, phrases and scripted routes as content-addressed files.

Version 1, described in `docs/bundle-format.md`. The same venue gives the same bytes.
"""

import gzip
import hashlib
import io
import json
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from exporter.bundle.directory_file import details_file, directory_file
from exporter.bundle.level_file import level_file
from exporter.bundle.names import said_name
from exporter.bundle.network_file import network_file
from exporter.bundle.photos import photos_file, shrunk
from exporter.bundle.phrases_file import phrases_file
from exporter.bundle.scripts_file import scripts_file
from exporter.bundle.search_file import search_file
from exporter.voice.clips import Voice, ready, speak_or_say_why
from navkit.guide import Guide
from navkit.route.profiles import DEFAULT_PROFILES
from navkit.venue.venue import Space, Venue, write_whole
from navkit.words.findings import Finding

FORMAT = "navkit-bundle"
VERSION = 1

CONTENT_ADDRESSED = re.compile(r"[a-z]+-[0-9a-f]{16}\.(json|mp3|webp)")
"""How files of a bundle are called, the index left out."""


@dataclass(frozen=True)
class Part:
    """One file of a bundle."""

    role: str
    """`level`, `network`, `directory`, `details`, `search`, `phrases`, `scripts`, `photos`,
    `photo` or `voice`."""
    name: str
    content: bytes

    @property
    def gzipped_bytes(self) -> int:
        """Size as a server sends it."""
        return len(gzip.compress(self.content, 9, mtime=0))


@dataclass(frozen=True)
class Bundle:
    """All files, the index first."""

    parts: tuple[Part, ...]
    rooms: int
    findings: tuple[Finding, ...]
    """What staff could mend to make guidance better."""
    clips: Mapping[str, Mapping[str, int]]
    """Bytes of clips, by language and part."""


def make_bundle(
    guide: Guide,
    languages: Sequence[str],
    note: Callable[[str], None] = lambda _: None,
    voice: Voice | None = None,
    photos: Path | None = None,
) -> Bundle:
    """The bundle of a venue in the given languages; `note` is told how far it has come.

    With clips, where a `voice` is given: `NavkitError` where it cannot say everything. With the
    venue's photos, as far as they are found in the folder `photos`.
    """
    if voice:
        ready(voice, languages)
    venue, network = guide.venue, guide.network
    parts: dict[str, Part] = {}

    def keep(role: str, data: bytes, suffix: str) -> str:
        name = f"{role}-{hashlib.sha256(data).hexdigest()[:16]}.{suffix}"
        parts.setdefault(name, Part(role, name, data))
        return name

    def add(role: str, content: object) -> str:
        text = json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n"
        return keep(role, text.encode(), "json")

    scripts, findings = scripts_file(guide, note)
    by_level: dict[str, list[Space]] = {level.id: [] for level in venue.levels}
    for space in venue.spaces:
        by_level[space.level].append(space)
    level_files = [add("level", level_file(by_level[level.id])) for level in venue.levels]
    files = {
        "network": add("network", network_file(guide, languages)),
        "directory": add("directory", directory_file(venue, network, languages)),
        "details": add("details", details_file(guide, languages)),
        "search": add("search", search_file(venue, languages)),
        "phrases": add("phrases", phrases_file(venue, languages)),
        "scripts": add("scripts", scripts),
    }
    if venue.photos:
        pictures, left_out = shrunk(venue.photos, photos)
        named = {
            file: (keep("photo", picture.content, "webp"), picture)
            for file, picture in pictures.items()
        }
        shown, nowhere = photos_file(guide, languages, named)
        files["photos"] = add("photos", shown)
        findings += (*left_out, *nowhere)
    voices, sums = {}, {}
    for language in languages:
        if voice is None:
            break
        spoken, said = speak_or_say_why(voice, network, language, scripts, note)
        findings += said
        if spoken:
            sums[language] = spoken.sums
            voices[language] = {
                "index": add("voice", spoken.index),
                "clips": keep("voice", spoken.blob, "mp3"),
            }
    index = {
        "format": FORMAT,
        "version": VERSION,
        "names": dict(venue.names),
        "frame": venue.frame
        and {"lon": venue.frame.origin_lon_deg, "lat": venue.frame.origin_lat_deg},
        "languages": list(languages),
        "default_profiles": list(DEFAULT_PROFILES),
        "buildings": _buildings(venue, languages),
        "levels": [
            {
                "id": level.id,
                "ordinal": level.ordinal,
                "label": level.label,
                "building": level.building,
                "speech": {tag: venue.speaker(tag).level(level.label) for tag in languages},
                "file": file,
            }
            for level, file in zip(venue.levels, level_files, strict=True)
        ],
        **files,
        **({"voice": voices} if voices else {}),
        "files": {
            part.name: {
                "bytes": len(part.content),
                "sha256": hashlib.sha256(part.content).hexdigest(),
            }
            for part in parts.values()
        },
    }
    data = (json.dumps(index, ensure_ascii=False, indent=0) + "\n").encode()
    rooms = sum(space.kind == "room" for space in venue.spaces)
    return Bundle((Part("index", "index.json", data), *parts.values()), rooms, findings, sums)


def _buildings(venue: Venue, languages: Sequence[str]) -> dict[str, dict[str, list[str]]]:
    return {
        key: {
            tag: said_name(venue.building_names.get(key, {}), venue.speaker(tag))
            for tag in languages
        }
        for key in dict.fromkeys(level.building for level in venue.levels)
    }


def write_bundle(bundle: Bundle, folder: Path) -> None:
    """Write all files, the index last, and sweep what no index names any more."""
    for part in reversed(bundle.parts):
        write_whole(folder / part.name, part.content)
    named = {part.name for part in bundle.parts}
    for old in list(folder.iterdir()):
        if old.name not in named and CONTENT_ADDRESSED.fullmatch(old.name):
            old.unlink()


def is_bundle(folder: Path) -> bool:
    """Whether a bundle lies in a folder, or the beginning of one: the index is written last."""
    return any(CONTENT_ADDRESSED.fullmatch(file.name) for file in folder.iterdir())


def zip_bundle(bundle: Bundle) -> bytes:
    """All files as one zip, the same bytes on every machine."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for part in sorted(bundle.parts, key=lambda part: part.name):
            entry = zipfile.ZipInfo(part.name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.create_system = 3  # Unix everywhere: zipfile would write 0 on Windows.
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, part.content)
    return out.getvalue()
