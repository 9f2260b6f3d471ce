"""The hospital's own list of departments and rooms, as its office keeps it in Excel."""

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

from layout import Hospital, Row, Space, read_json, read_rows

FRONT_DESKS = (
    "triage", "registration", "registration-emergency", "check-in", "admission", "nurse-station",
    "waiting",
)  # fmt: skip
"""Where a visitor of a department goes, by category: the first that it has."""


def write_directory(hospital: Hospital, path: Path) -> None:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(read_json("site.json")["directory_header"])
    writer.writerows(directory_rows(hospital))
    path.write_bytes(text.getvalue().encode("gb18030"))


def directory_rows(hospital: Hospital) -> Iterator[list[str]]:
    """Departments first, then rooms, in the order of the drawings."""
    departments, rooms = read_rows("departments.csv"), read_rows("rooms.csv")
    labels = {level.id: level for level in hospital.levels}

    def row(
        row_id: str, about: Row, names: Sequence[str], spaces: Sequence[Space], more: Row, sign: str
    ) -> list[str]:
        level = labels[spaces[0].level]
        access = spaces[0].access
        aliases = dict.fromkeys(
            alias for words in (about, more) for alias in words.get("aliases", "").split(";")
        )
        return [
            row_id,
            *names,
            ";".join(alias for alias in aliases if alias and alias not in names),
            about["category"],
            hospital.buildings[level.building]["zh-Hans"],
            level.label,
            ";".join(space.ref or space.id for space in spaces),
            more.get("hours", ""),
            more.get("phone", ""),
            sign,
            access,
        ]

    wards = {key for key, department in departments.items() if department["category"] == "ward"}
    listed = [
        space
        for space in hospital.spaces
        if space.room
        and rooms[space.room]["listed"]
        and (space.department not in wards or space.category == "nurse-station")
    ]
    for key, department in departments.items():
        own = [space for space in listed if space.department == key]
        for number, level_id in enumerate(dict.fromkeys(space.level for space in own)):
            here = [space for space in own if space.level == level_id]
            if any(space.names["zh-Hans"] == department["zh-Hans"] for space in here):
                continue
            names = [department[tag] for tag in ("zh-Hans", "zh-Hant", "en")]
            row_id = key if number == 0 else f"{key}-{level_id}"
            yield row(row_id, department, names, _front(here), department, names[0])
    for space in listed:
        names = [space.names[tag] for tag in ("zh-Hans", "zh-Hant", "en")]
        sign = f"{space.ref} {names[0]}".strip()
        more = departments.get(space.department, {})
        yield row(f"r-{space.id}", rooms[space.room], names, [space], _own(more, names[0]), sign)


def _own(department: Row, name: str) -> Row:
    """What a room takes from its department: its aliases only if it has the same name."""
    if not department or department["zh-Hans"] == name:
        return department
    return {"hours": department["hours"], "phone": department["phone"]}


def _front(spaces: Sequence[Space]) -> list[Space]:
    rooms = [space for space in spaces if space.access == "public"] or list(spaces)
    for category in FRONT_DESKS:
        desks = [space for space in rooms if space.category == category]
        if desks:
            return desks
    return rooms
