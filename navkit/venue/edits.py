"""What differs between two versions of a sheet, cell by cell; and taking one of it back.

A row is the same in both versions if it has the same id, else the same name, else the same rooms,
else most of its cells at the same place. Decides on values and touches nothing.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from navkit.venue import directory

Cells = tuple[str, ...]
How = Literal["added", "removed", "changed"]

_KEYS = (("id",), ("name", "building", "floor"), ("name",), ("rooms", "floor"))
"""Fields by which a row is recognised, the surest first."""


class Sheet(Protocol):
    """Headings, and rows with as many cells."""

    @property
    def headings(self) -> Cells: ...
    @property
    def rows(self) -> Sequence[Cells]: ...


@dataclass(frozen=True)
class Edit:
    """One cell that a version has changed, or one row that it has added or removed."""

    how: How
    row: Cells
    """The row under the headings of the newer version; if it was removed, as it was."""
    was: Cells
    """The row under the headings of the older version; empty if it was added."""
    number: int
    """Where the row is, or was if it was removed, counted from 0."""
    column: int = -1
    """Which cell was changed, by the newer version's headings; -1 for a whole row."""
    before: str = ""
    after: str = ""


def columns(headings: Sequence[str]) -> list[str]:
    """A name for each column, which two files share if their headings mean the same."""
    fields = directory.fields_of(headings)
    return [
        field or heading.strip() or f"#{number}"
        for number, (field, heading) in enumerate(zip(fields, headings, strict=True))
    ]


def under(row: Cells, headings: Sequence[str], wanted: Sequence[str]) -> Cells:
    """A row under other headings: columns that only those have are empty."""
    if tuple(headings) == tuple(wanted):
        return row
    cell_of = dict(zip(columns(headings), row, strict=False))
    return tuple(cell_of.get(name, "") for name in columns(wanted))


def edits(old: Sheet, new: Sheet) -> list[Edit]:
    """Every cell and row that `new` has changed, in its order; what it has removed comes last.
    Rows that have only moved, and columns that it no longer has, are not among them."""
    was = [under(row, old.headings, new.headings) for row in old.rows]
    gone, come = _apart(was, list(new.rows))
    partner = _paired(was, new.rows, gone, come, columns(new.headings))
    found: list[Edit] = []
    for number in come:
        row = new.rows[number]
        if number not in partner:
            found.append(Edit("added", row, (), number))
            continue
        before, own = was[partner[number]], old.rows[partner[number]]
        found += [
            Edit("changed", row, own, number, column, a, b)
            for column, (a, b) in enumerate(zip(before, row, strict=True))
            if a != b
        ]
    kept = set(partner.values())
    found += [Edit("removed", was[n], old.rows[n], n) for n in gone if n not in kept]
    return found


def _apart(old: Sequence[Cells], new: Sequence[Cells]) -> tuple[list[int], list[int]]:
    """Numbers of the rows that only one of the two has; equal rows are in neither."""
    left = Counter(old) - Counter(new)
    more = Counter(new) - Counter(old)
    return _taken(old, left), _taken(new, more)


def _taken(rows: Sequence[Cells], wanted: Counter[Cells]) -> list[int]:
    found = []
    for number in range(len(rows) - 1, -1, -1):
        if wanted[rows[number]] > 0:
            wanted[rows[number]] -= 1
            found.append(number)
    return found[::-1]


def _paired(
    old: Sequence[Cells],
    new: Sequence[Cells],
    gone: Iterable[int],
    come: Iterable[int],
    names: Sequence[str],
) -> dict[int, int]:
    """By number of a new row the number of the old one that it was."""
    gone, come = list(gone), list(come)
    partner: dict[int, int] = {}
    for fields in _KEYS:
        if not set(fields) & set(names):
            continue
        key = _key(names, fields)
        was, now = _unique(old, gone, key), _unique(new, come, key)
        partner |= {now[one]: was[one] for one in now if one in was}
        gone = [n for n in gone if n not in set(partner.values())]
        come = [n for n in come if n not in partner]
    left = set(gone)
    for number in come:
        if number in left and alike(old[number], new[number]):
            partner[number] = number
    return partner


def _key(names: Sequence[str], fields: Sequence[str]) -> Callable[[Cells], Hashable]:
    at = [names.index(field) for field in fields if field in names]
    return lambda row: tuple(row[n] for n in at) if row[at[0]] else None


def _unique(
    rows: Sequence[Cells], among: Iterable[int], key: Callable[[Cells], Hashable]
) -> dict[Hashable, int]:
    found: dict[Hashable, list[int]] = defaultdict(list)
    for number in among:
        if (said := key(rows[number])) is not None:
            found[said].append(number)
    return {said: numbers[0] for said, numbers in found.items() if len(numbers) == 1}


def alike(one: Cells, other: Cells) -> bool:
    """Whether at least half of the cells that `other` fills in are the same."""
    same = sum(a == b for a, b in zip(one, other, strict=False) if b)
    return 2 * same >= sum(map(bool, other)) > 0


def of_row(history: Iterable[tuple[int, Sequence[Edit]]], row: Cells) -> Iterator[tuple[int, int]]:
    """The edits of one row, the newest first: version, and which of its edits. `history` has the
    edits of each version, the newest first; `row` is the row as it is now."""
    for version, found in history:
        own = [(n, edit) for n, edit in enumerate(found) if edit.row == row]
        own = [(n, edit) for n, edit in own if edit.how != "removed"]
        yield from ((version, n) for n, _ in own)
        if own and own[0][1].how == "added":
            return
        if own:
            row = own[0][1].was


def taken_back(now: Sheet, headings: Sequence[str], edit: Edit) -> list[Cells] | None:
    """The rows of `now` without an edit of a version with these headings; None if somebody has
    changed the same cell or row since."""
    rows = list(now.rows)
    row = under(edit.row, headings, now.headings)
    at = min(
        (n for n, one in enumerate(rows) if one == row),
        key=lambda n: abs(n - edit.number),
        default=None,
    )
    if edit.how == "added":
        return None if at is None else rows[:at] + rows[at + 1 :]
    if edit.how == "removed":
        return None if at is not None else [*rows[: edit.number], row, *rows[edit.number :]]
    name = columns(headings)[edit.column]
    if name not in columns(now.headings):
        return None
    column = columns(now.headings).index(name)
    if at is None:
        at = row_of(now, edit.number, row)
    if at is None or rows[at][column] != edit.after:
        return None
    rows[at] = (*rows[at][:column], edit.before, *rows[at][column + 1 :])
    return rows


def row_of(now: Sheet, number: int, seen: Cells) -> int | None:
    """Where a row that somebody has changed is now: by its id or name, or by its number."""
    names = columns(now.headings)
    for field in ("id", "name"):
        column = names.index(field) if field in names else len(seen)
        if column < len(seen) and seen[column]:
            same = [n for n, row in enumerate(now.rows) if row[column] == seen[column]]
            if len(same) == 1:
                return same[0]
    # Both were changed: it is the row at that place as long as most of it is unchanged.
    there = now.rows[number] if number < len(now.rows) else ()
    return number if alike(there, seen) else None
