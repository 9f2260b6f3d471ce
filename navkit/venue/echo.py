"""The directory as it was understood: a sheet for the office that keeps it.

One row for each row of the directory: the rooms that it means, the hours as they were read, and
what was not understood and why.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from navkit.venue.directory import Directory, Entry, LeftOut
from navkit.venue.rooms import Rooms
from navkit.venue.venue import Space, Venue, name_in
from navkit.words.findings import Finding
from navkit.words.languages import words

COLUMNS = (
    *("where", "state", "id", "name", "aliases", "rooms", "found", "hours", "read", "access"),
    "why",
)
"""Their headings are in `echo.json` of each language."""


def echo(listed: Directory, venue: Venue, language: str) -> list[tuple[str, ...]]:
    """The sheet's rows, the headings first."""
    said = words(language, "echo")
    rooms = Rooms(venue.spaces, venue.levels, venue.building_names)
    of_row = _by_row(listed)
    rows: list[Mapping[str, str]] = [{column: said[column] for column in COLUMNS}]
    rows += [{"where": f.where, "why": f.text(language)} for f in of_row[""]]
    read: list[Entry | LeftOut] = [*listed.entries, *listed.left_out]
    for row in sorted(read, key=_in_sheet):
        about = of_row[row.where]
        if isinstance(row, Entry):
            rows.append(_entry(row, rooms, about, venue, language))
        else:
            cells = {"where": row.where, "state": said["left-out"], "name": row.text}
            rows.append({**cells, "why": _why(about, language)})
    return [tuple(row.get(column, "") for column in COLUMNS) for row in rows]


def _in_sheet(row: Entry | LeftOut) -> tuple[str, int]:
    """By sheet and row."""
    sheet, _, number = row.where.rpartition(":")
    return sheet, int(number)


def _by_row(listed: Directory) -> Mapping[str, list[Finding]]:
    """Findings by the row that they are about, ``""`` for the sheet."""
    rows = {one.where for one in listed.entries} | {one.where for one in listed.left_out}
    found: dict[str, list[Finding]] = defaultdict(list)
    for finding in listed.findings:
        # A finding about a cell has the heading after the row.
        at = finding.where if finding.where in rows else finding.where.rpartition(", ")[0]
        found[at if at in rows else ""].append(finding)
    return found


def _entry(
    entry: Entry, rooms: Rooms, about: Sequence[Finding], venue: Venue, language: str
) -> Mapping[str, str]:
    said = words(language, "echo")
    found = rooms.find(entry)
    findings = [*about, *found.findings]
    state = "left-out" if not found.spaces else "check" if findings else "read-as"
    return {
        "where": entry.where,
        "state": said[state],
        "id": entry.id,
        "name": " / ".join(dict.fromkeys(entry.names.values())),
        "aliases": "; ".join(entry.aliases),
        "rooms": entry.written.get("rooms", ""),
        "found": "; ".join(_at(space, venue, language) for space in found.spaces),
        "hours": entry.written.get("hours", ""),
        "read": said["unread"]
        if any(finding.code == "directory-hours" for finding in about)
        else entry.hours.text or said["always"],
        "access": said[entry.access],
        "why": _why(findings, language),
    }


def _at(space: Space, venue: Venue, language: str) -> str:
    """A room's number or name, its building and storey, and its id."""
    level = venue.level_by_id[space.level]
    building = name_in(venue.building_names.get(level.building, {}), language)
    called = space.ref or name_in(space.names, language)
    return " ".join(filter(None, (building, level.label, called, f"[{space.id}]")))


def _why(findings: Iterable[Finding], language: str) -> str:
    return " ".join(replace(finding, where="").text(language) for finding in findings)
