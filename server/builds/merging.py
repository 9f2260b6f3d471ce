"""What replacing one version by another would lose, add and change; and a merge of both.

Compares like with like: changes of corrections by what they change, rows of the directory by
their id or name. Decides on contents and touches nothing.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from navkit.venue import directory
from server.builds import drafts
from server.builds.drafts import Table

Item = Mapping[str, Any]
"""A change, or a row of the directory by its columns."""


@dataclass(frozen=True)
class Difference:
    """What is in one version and not in the other."""

    lost: tuple[Item, ...] = ()
    added: tuple[Item, ...] = ()
    changed: tuple[tuple[Item, Item], ...] = ()
    """The old and the new value."""

    @property
    def takes_away(self) -> bool:
        """Whether something that exists would be removed or changed."""
        return bool(self.lost or self.changed)


def difference(kind: str, now: bytes, new: bytes) -> Difference:
    """What replacing `now` by `new` would do; empty for kinds that are not compared."""
    if kind not in _KINDS:
        return Difference()
    read, key = _KINDS[kind]
    lost, added = _apart(read(now), read(new))
    old_of: dict[Hashable, list[Item]] = defaultdict(list)
    for item in lost:
        old_of[key(item)].append(item)
    changed, wholly_new = [], []
    for item in added:
        if old_of[key(item)]:
            changed.append((old_of[key(item)].pop(0), item))
        else:
            wholly_new.append(item)
    gone = [item for items in old_of.values() for item in items]
    return Difference(tuple(gone), tuple(wholly_new), tuple(changed))


def items(kind: str, content: bytes) -> list[Item]:
    """The changes or the rows of a file."""
    read, _ = _KINDS[kind]
    return read(content)


def count(kind: str, content: bytes) -> int:
    """How many changes or rows a file has."""
    return len(items(kind, content))


def merged(kind: str, now: bytes, new: bytes) -> bytes:
    """Everything from both; where they conflict, the new version wins."""
    found = difference(kind, now, new)
    instead = {_text(old): newer for old, newer in found.changed}
    kept = [instead.pop(_text(item), item) for item in items(kind, now)]
    return _WRITERS[kind](now, new, [*kept, *found.added])


def three_way(seen: Sequence[str], theirs: Sequence[str], mine: Sequence[str]) -> list[str] | None:
    """A row with the changes of two people; None if both changed the same cell."""
    if not len(seen) == len(theirs) == len(mine):
        return None
    cells = []
    for was, other, own in zip(seen, theirs, mine, strict=True):
        if own != was != other and own != other:
            return None
        cells.append(other if own == was else own)
    return cells


def same_thing(a: Item, b: Item) -> bool:
    """Whether two changes make the same kind of correction of the same thing: the later one
    counts."""
    return _change_key(a) == _change_key(b)


def _apart(now: Sequence[Item], new: Sequence[Item]) -> tuple[list[Item], list[Item]]:
    """What only the one has, and what only the other; equal items are in neither."""
    left: dict[str, list[Item]] = defaultdict(list)
    for item in now:
        left[_text(item)].append(item)
    added = []
    for item in new:
        if left[_text(item)]:
            left[_text(item)].pop()
        else:
            added.append(item)
    return [item for items in left.values() for item in items], added


def _text(item: Item) -> str:
    return json.dumps(item, ensure_ascii=False, sort_keys=True)


# ------------------------------------------------------------------- corrections


def _changes(content: bytes) -> list[Item]:
    return list(drafts.changes_of(content))


def _change_key(change: Item) -> Hashable:
    named = [change.get(name) for name in ("do", "id", "language", "file", "start")]
    at = None if change.get("id") else change.get("point")
    return (*named, *change.get("spaces", ()), _text({"at": at}))


def _write_changes(now: bytes, new: bytes, items: Sequence[Item]) -> bytes:
    return drafts.corrections_file(items)


# ------------------------------------------------------------------- the directory


def _columns(table: Table) -> list[str]:
    """The name of each column that it shares with another file's column of the same meaning."""
    fields = directory.fields_of(table.headings)
    return [f or heading.strip() for f, heading in zip(fields, table.headings, strict=True)]


def _rows(content: bytes) -> list[Item]:
    table = drafts.table_of(content)
    columns = _columns(table)
    return [
        {name: cell for name, cell in zip(columns, row, strict=True) if cell.strip()}
        for row in table.rows
        if any(cell.strip() for cell in row)
    ]


def row_key(row: Item) -> Hashable:
    """The identity of a row: its id, else its name and where it is."""
    if row.get("id"):
        return str(row["id"])
    return tuple(row.get(name, "") for name in ("name", "building", "floor"))


def _write_rows(now: bytes, new: bytes, items: Sequence[Item]) -> bytes:
    """Under the headings of both files."""
    headings: dict[str, str] = {}
    for content in (now, new):
        table = drafts.table_of(content)
        for name, heading in zip(_columns(table), table.headings, strict=True):
            headings.setdefault(name, heading)
    rows = tuple(tuple(str(item.get(name, "")) for name in headings) for item in items)
    return drafts.table_file(Table(tuple(headings.values()), rows))


def completed(now: bytes, part: bytes) -> bytes:
    """Rows of which some cells are given, with the other cells of the rows that they mean: those
    with their id, else the only ones with their name. Rows that mean none stay as they are."""
    known = _rows(now)
    return _write_rows(now, part, [{**_meant(row, known), **row} for row in _rows(part)])


def _meant(row: Item, known: Sequence[Item]) -> Item:
    same = [one for one in known if row.get("id") and one.get("id") == row["id"]]
    if not same:
        where = {name: row[name] for name in ("name", "building", "floor") if name in row}
        same = [
            one
            for one in known
            if all(one.get(name, text) == text for name, text in where.items())
            and not (row.get("id") and one.get("id"))
        ]
    return same[0] if len(same) == 1 else {}


_KINDS: Mapping[str, tuple[Callable[[bytes], list[Item]], Callable[[Item], Hashable]]] = {
    "corrections": (_changes, _change_key),
    "directory": (_rows, row_key),
}
_WRITERS: Mapping[str, Callable[[bytes, bytes, Sequence[Item]], bytes]] = {
    "corrections": _write_changes,
    "directory": _write_rows,
}
