"""The review sheet: how every name is pronounced, for staff to correct and sign.

A CSV for a spreadsheet. Signed rows are how the hospital wants it said, and override
all rules; rows that were changed but not signed are kept, not used, and reported.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from exporter.voice.lines import line, sayable
from exporter.voice.pinyin import fits, marked, numbered, pinyin
from exporter.words.voices import voicing
from navkit.plan import encodings
from navkit.venue.naming import (
    anchor_called,
    board_called,
    building_called,
    connector_called,
    place_called,
    sign_called,
)
from navkit.venue.spreadsheet import as_text, from_text
from navkit.venue.venue import Venue, write_whole
from navkit.words.called import Called
from navkit.words.findings import Finding, NavkitError
from navkit.words.languages import languages as known_languages
from navkit.words.speech import Speaker, Wording

COLUMNS = ("language", "name", "spoken", "pinyin", "used", "signed")


@dataclass(frozen=True)
class Row:
    """How one name is pronounced."""

    language: str
    name: str
    """As written."""
    spoken: str
    pinyin: str
    """With tone marks, without sandhi, as in a dictionary. Empty outside Chinese."""
    used: str = ""
    """Where the name is used, and how often."""
    signed: str = ""
    """Who agrees, and when. Empty if nobody has."""


def _text(content: bytes, where: str) -> str:
    """Where the few Chinese characters of a sheet fit two encodings, it is the one of Excel."""
    if reading := encodings.read(content):
        return reading.text
    try:
        return content.decode("gb18030")
    except UnicodeDecodeError:
        raise NavkitError("directory-encoding", where) from None


def read(file: Path) -> list[Row]:
    """The rows of a sheet, UTF-8 or GB18030. `NavkitError` if it is not a sheet."""
    try:
        content = file.read_bytes()
    except OSError:
        raise NavkitError("unreadable-file", str(file)) from None
    text = _text(content, str(file))
    delimiter = max(",;\t", key=text.split("\n", 1)[0].count)
    try:
        rows = list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error:
        rows = []
    if not rows or not {"language", "name", "spoken", "signed"} <= set(rows[0]):
        raise NavkitError("voice-sheet-foreign", str(file), columns=", ".join(COLUMNS))
    return [
        Row(**{name: from_text((row.get(name) or "").strip()) for name in COLUMNS})
        for row in rows
        if (row["language"] or "").strip() in known_languages() and (row["name"] or "").strip()
    ]


def write(rows: Sequence[Row], file: Path) -> None:
    """Write a sheet as Excel opens it: UTF-8 with a byte order mark."""
    out = io.StringIO(newline="")
    table = csv.DictWriter(out, COLUMNS)
    table.writeheader()
    table.writerows({name: as_text(cell) for name, cell in vars(row).items()} for row in rows)
    write_whole(file, out.getvalue().encode("utf-8-sig"))


def worded(venue: Venue, signed: Sequence[Row], where: str) -> Venue:
    """The venue with its names pronounced as staff have signed.

    `NavkitError` if a signed row cannot be spoken: it names the row.
    """
    speech = dict(venue.speech)
    for row in signed:
        if not row.signed or not row.spoken:
            continue
        wording = speech.get(row.language, Wording())
        names = {**wording.names, row.name: row.spoken}
        said, own = numbered(row.pinyin), dict(wording.pinyin)
        usual = line(row.spoken, Speaker(row.language))
        if row.pinyin and said != pinyin(row.spoken, sandhi=False):
            own[row.spoken] = said
        wrong = row.pinyin and not fits(said, row.spoken)
        if wrong or not sayable(replace(usual, pinyin=said or usual.pinyin), Speaker(row.language)):
            raise NavkitError("voice-sheet-row", where, name=row.name, language=row.language)
        speech[row.language] = Wording(wording.choices, names, own)
    return replace(venue, speech=speech)


def sheet(venue: Venue, languages: Sequence[str], before: Sequence[Row]) -> list[Row]:
    """Every name in every language, as it would be said; what staff wrote is unchanged."""
    kept = {(row.language, row.name): row for row in before}
    rows = []
    for language in languages:
        speaker = venue.speaker(language)
        for name, (spoken, used) in sorted(_names(venue, speaker).items()):
            chinese = voicing(language).has_pinyin
            own = speaker.wording.pinyin
            said = marked(pinyin(spoken, own, sandhi=False)) if chinese else ""
            row = Row(language, name, spoken, said, _where(used))
            staff = kept.pop((language, name), None)
            if staff and staff.spoken:
                row = replace(staff, pinyin=staff.pinyin or said, used=row.used)
            rows.append(row)
    others = (row for row in kept.values() if row.language not in languages)
    gone = (row for row in kept.values() if row.language in languages and row.signed)
    return [*rows, *others, *(replace(row, used="") for row in gone)]


def findings(rows: Sequence[Row], venue: Venue) -> list[Finding]:
    """Rows whose words or pinyin somebody changed and nobody signed."""
    usual = {
        (row.language, row.name): row
        for row in sheet(venue, list(dict.fromkeys(row.language for row in rows)), [])
    }
    found = []
    for row in rows:
        ours = usual.get((row.language, row.name))
        if row.signed or ours is None:
            continue
        if (row.spoken, numbered(row.pinyin)) != (ours.spoken, numbered(ours.pinyin)):
            said = [
                f"{one.spoken} ({one.pinyin})" if one.pinyin else one.spoken for one in (row, ours)
            ]
            slots = {"name": row.name, "spoken": said[0], "usual": said[1]}
            found.append(Finding("voice-sheet-unsigned", row.language, slots))
    return found


def _names(venue: Venue, speaker: Speaker) -> Mapping[str, tuple[str, list[str]]]:
    """Each written name, with its spoken form and where it is used."""
    found: dict[str, tuple[str, list[str]]] = {}
    for written, spoken, where in _written(venue, speaker):
        if written:
            found.setdefault(written, (spoken, []))[1].append(where)
    return found


def _written(venue: Venue, speaker: Speaker) -> Iterator[tuple[str, str, str]]:
    def row(name: Called, where: str) -> tuple[str, str, str]:
        return name.text, name.speech, where

    for place in venue.places:
        if place.access == "public":
            yield row(place_called(place, speaker), place.id)
            yield row(sign_called(place, speaker), place.id)
    for anchor in venue.anchors:
        if anchor.names:
            yield row(anchor_called(anchor, speaker), anchor.id)
    for board in venue.boards:
        yield row(board_called(venue, board, speaker), board.id)
    for connector in venue.connectors:
        yield row(connector_called(connector, speaker), connector.id)
    for key, names in venue.building_names.items():
        yield row(building_called(names, speaker), key)
    for level in venue.levels:
        yield level.label, speaker.level(level.label), level.id


def _where(ids: Sequence[str]) -> str:
    """The first id, and how many more there are."""
    more = len(dict.fromkeys(ids)) - 1
    return f"{ids[0]} +{more}" if more else ids[0]
