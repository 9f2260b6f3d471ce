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
from typing import Any

from exporter.bundle.directory_file import details_file, directory_file, sights_file
from exporter.bundle.level_file import level_file
from exporter.bundle.network_file import groups_of, network_file
from exporter.bundle.photos import photos_file, shrunk
from exporter.bundle.phrases_file import phrases_file
from exporter.bundle.rules_file import rules_file
from exporter.bundle.said_names import said
from exporter.bundle.scripts_file import scripts_file
from exporter.bundle.search_file import search_file
from exporter.voice.clips import Voice, ready, speak_or_say_why
from exporter.voice.packs import packs, speak_pack
from navkit.guide import Guide
from navkit.route.profiles import DEFAULT_PROFILES
from navkit.venue.naming import all_called, building_called, unsaid
from navkit.venue.venue import Space, Venue, write_whole
from navkit.words.findings import Finding

FORMAT = "navkit-bundle"
VERSION = 1

CONTENT_ADDRESSED = re.compile(r"[a-z]+-[0-9a-f]{16}\.(json|mp3|webp)")
"""File names in a bundle, except the index."""


@dataclass(frozen=True)
class Part:
    """One file of a bundle."""

    role: str
    """`level`, `network`, `directory`, `details`, `sights`, `search`, `phrases`, `scripts`,
    `rules`, `photos`, `photo`, `voice` or `pack`."""
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
    """What staff could fix to make guidance better."""
    clips: Mapping[str, Mapping[str, int]]
    """Bytes of clips, by language and part."""

    def said_bytes(self, language: str) -> int:
        """Of all clips of a language; 0 if there is only text."""
        return sum(self.clips.get(language, {}).values())


def make_bundle(
    guide: Guide,
    languages: Sequence[str],
    note: Callable[[str], None] = lambda _: None,
    voice: Voice | None = None,
    photos: Path | None = None,
) -> Bundle:
    """The bundle of a venue in the given languages; `note` is called with the progress.

    If a `voice` is given, clips are included: `NavkitError` if it cannot say everything. The
    venue's photos are included as far as they are found in the folder `photos`.
    """
    if voice:
        ready(voice, languages)
    venue, kept = guide.venue, _Parts()
    scripts, findings = scripts_file(guide, note)
    findings += (*_only_shown(venue, languages), *_derived(venue, languages))
    levels = _add_levels(kept, venue)
    files = _add_tables(kept, guide, languages, scripts)
    if venue.photos:
        files["photos"], without = _add_photos(kept, guide, languages, photos)
        findings += without
    voices, sums = {}, {}
    for language in languages if voice else ():
        assert voice is not None
        spoken, said = speak_or_say_why(voice, guide.network, language, scripts, note)
        findings += said
        if spoken:
            sums[language] = spoken.sums
            voices[language] = {
                "index": kept.add("voice", spoken.index),
                "clips": kept.keep("voice", spoken.blob, "mp3"),
            }
    to_choose, said_of_packs = _add_packs(kept, guide, languages, voice, scripts, note)
    findings += said_of_packs
    index = {
        **_about(venue, languages, levels),
        **files,
        **({"packs": to_choose} if to_choose else {}),
        **({"voice": voices} if voices else {}),
        "files": kept.listed(),
    }
    data = (json.dumps(index, ensure_ascii=False, indent=0) + "\n").encode()
    rooms = sum(space.kind == "room" for space in venue.spaces)
    return Bundle((Part("index", "index.json", data), *kept.parts()), rooms, findings, sums)


def _only_shown(venue: Venue, languages: Sequence[str]) -> tuple[Finding, ...]:
    """A finding for each language in which a voice says the kind instead of some names."""
    found = []
    for language in languages:
        names = unsaid(venue, venue.speaker(language))
        if names:
            first = ", ".join(f"{one.text} → {one.speech}" for one in names[:3])
            found.append(
                Finding("name-only-shown", language, {"count": str(len(names)), "names": first})
            )
    return tuple(found)


def _derived(venue: Venue, languages: Sequence[str]) -> tuple[Finding, ...]:
    """A finding for each language whose names, or some of them, nobody wrote: OpenCC did."""
    found = []
    for language in languages:
        names = [one.text for one in all_called(venue, venue.speaker(language)) if one.derived]
        if names:
            slots = {"count": str(len(names)), "names": ", ".join(names[:3])}
            found.append(Finding("names-derived", language, slots))
    return tuple(found)


def _add_packs(
    kept: "_Parts",
    guide: Guide,
    languages: Sequence[str],
    voice: Voice | None,
    scripts: Mapping[str, Any],
    note: Callable[[str], None],
) -> tuple[list[dict[str, Any]], tuple[Finding, ...]]:
    """Voices to choose, and what is not recorded of them yet."""
    listed: list[dict[str, Any]] = []
    findings: tuple[Finding, ...] = ()
    for pack in packs(voice.packs, languages) if voice else ():
        assert voice is not None
        spoken = speak_pack(pack, voice, guide.network, scripts, note)
        findings += spoken.findings
        if spoken.index["texts"]:
            listed.append(
                {
                    "id": pack.id,
                    "names": {tag: pack.names[tag] for tag in languages},
                    "tag": pack.tag,
                    "language": pack.language,
                    "index": kept.add("pack", spoken.index),
                    "clips": kept.keep("pack", spoken.blob, "mp3"),
                }
            )
    return listed, findings


class _Parts:
    """The files of a bundle under construction, each once, in the order they were added."""

    def __init__(self) -> None:
        self._parts: dict[str, Part] = {}

    def keep(self, role: str, content: bytes, suffix: str) -> str:
        """Add a file and return its name."""
        name = f"{role}-{hashlib.sha256(content).hexdigest()[:16]}.{suffix}"
        self._parts.setdefault(name, Part(role, name, content))
        return name

    def add(self, role: str, content: object) -> str:
        """The same for content that is written as JSON."""
        text = json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n"
        return self.keep(role, text.encode(), "json")

    def parts(self) -> tuple[Part, ...]:
        return tuple(self._parts.values())

    def listed(self) -> dict[str, dict[str, object]]:
        """Size and hash of each, as listed in the index."""
        return {
            part.name: {
                "bytes": len(part.content),
                "sha256": hashlib.sha256(part.content).hexdigest(),
            }
            for part in self.parts()
        }


def _add_levels(kept: _Parts, venue: Venue) -> list[str]:
    by_level: dict[str, list[Space]] = {level.id: [] for level in venue.levels}
    for space in venue.spaces:
        by_level[space.level].append(space)
    return [kept.add("level", level_file(by_level[level.id])) for level in venue.levels]


def _add_tables(
    kept: _Parts, guide: Guide, languages: Sequence[str], scripts: Mapping[str, Any]
) -> dict[str, str]:
    """The files that every bundle has once, by role."""
    venue, network = guide.venue, guide.network
    return {
        "network": kept.add("network", network_file(guide, languages)),
        "directory": kept.add("directory", directory_file(venue, network, languages)),
        "details": kept.add("details", details_file(guide, languages)),
        "sights": kept.add("sights", sights_file(guide)),
        "search": kept.add("search", search_file(venue, languages)),
        "phrases": kept.add("phrases", phrases_file(venue, languages, groups_of(guide.network))),
        "scripts": kept.add("scripts", scripts),
        "rules": kept.add("rules", rules_file()),
    }


def _add_photos(
    kept: _Parts, guide: Guide, languages: Sequence[str], folder: Path | None
) -> tuple[str, tuple[Finding, ...]]:
    """The file of photos, and findings for photos that are left out."""
    pictures, left_out = shrunk(guide.venue.photos, folder)
    named = {
        file: (kept.keep("photo", picture.content, "webp"), picture)
        for file, picture in pictures.items()
    }
    shown, nowhere = photos_file(guide, languages, named)
    return kept.add("photos", shown), (*left_out, *nowhere)


def _about(venue: Venue, languages: Sequence[str], level_files: Sequence[str]) -> dict[str, Any]:
    """The index before its list of files."""
    return {
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
    }


def _buildings(venue: Venue, languages: Sequence[str]) -> dict[str, dict[str, list[str]]]:
    return {
        key: {
            tag: said(building_called(venue.building_names.get(key, {}), venue.speaker(tag)))
            for tag in languages
        }
        for key in dict.fromkeys(level.building for level in venue.levels)
    }


def write_bundle(bundle: Bundle, folder: Path) -> None:
    """Write all files, the index last, and delete files that no index names any more."""
    for part in reversed(bundle.parts):
        write_whole(folder / part.name, part.content)
    named = {part.name for part in bundle.parts}
    for old in list(folder.iterdir()):
        if old.name not in named and CONTENT_ADDRESSED.fullmatch(old.name):
            old.unlink()


def is_bundle(folder: Path) -> bool:
    """Whether a folder holds a bundle, or the beginning of one: the index is written last."""
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
