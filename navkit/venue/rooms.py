"""Which rooms a row of the directory means.

What fits exactly comes first: a number or a name as it is on the door, whatever its width and
case, then an id. What Excel has made of a number (a date, a number without its zeros) is matched
where only one room fits, and said. Where rooms of several storeys fit, none is chosen.
"""

import json
import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache, cached_property
from importlib import resources
from typing import Any

from navkit.plan.plan import Names
from navkit.plan.storeys import label_in_name, listed, read_label, same_storey
from navkit.venue.directory import Entry
from navkit.venue.lookup import folded
from navkit.venue.venue import Level, Space
from navkit.words.findings import Finding, Slot

LONGEST_RANGE = 60
"""Rooms of one range such as 101-118. A guess: the longest corridor has about as many."""

_MOST_TOLD = 6
_ALIKE = 0.7
"""How alike two names are of which one is proposed for the other. At 0.6 an eye clinic
(眼科门诊) was proposed for a proctologist's (肛肠科门诊)."""

_Index = Mapping[Hashable, Sequence[Space]]
"""Rooms by a form of what they are called."""


@dataclass(frozen=True)
class Found:
    """The rooms of a row, and what was unclear."""

    spaces: tuple[Space, ...]
    findings: tuple[Finding, ...]


@cache
def _vocabulary() -> Mapping[str, Any]:
    source = resources.files("navkit.venue").joinpath("directory.json")
    vocabulary: Mapping[str, Any] = json.loads(source.read_text(encoding="utf-8"))["rooms"]
    return vocabulary


@dataclass(frozen=True)
class Rooms:
    """The rooms of a venue, to be found by what a directory calls them."""

    spaces: Sequence[Space]
    levels: Sequence[Level]
    buildings: Mapping[str, Names]
    """Names of buildings, by the id that levels have."""

    def find(self, entry: Entry) -> Found:
        """The rooms of one row; none if a word of it is unknown or means several."""
        key = (entry.building, entry.floor, entry.sheet)
        if key not in self._levels_of:
            self._levels_of[key] = self._levels(entry)
        levels, finding = self._levels_of[key]
        if finding:
            slots = {**finding.slots, "name": entry.names}
            return Found((), (self._said(finding.code, entry, slots),))
        spaces: dict[str, Space] = {}
        findings: list[Finding] = []
        for wanted in entry.rooms:
            found, said = self._one(wanted, entry, levels)
            spaces |= {space.id: space for space in found}
            findings += said
        return Found(tuple(spaces.values()), tuple(findings))

    def _one(
        self, wanted: str, entry: Entry, levels: frozenset[str]
    ) -> tuple[list[Space], list[Finding]]:
        for index, key in (
            (self._by_text, wanted),
            (self._by_folded, folded(wanted)),
            (self._by_plain, _plain(wanted)),
        ):
            exact = _near(index, (key,), levels)
            if exact:
                return self._on_one_storey(exact, wanted, entry)
        # A drawing may count its rooms: such an id looks like a number on a door.
        if wanted in self._by_id and not wanted.isdigit():
            return [self._by_id[wanted]], []
        for index, keys in (
            (self._by_number, _loosely(wanted)),
            (self._by_excel, _as_excel(wanted)),
        ):
            near = _near(index, keys, levels)
            if len(near) == 1:
                return near, [self._read_as(wanted, near, entry)]
            if near:
                return [], [self._several(near, wanted, entry)]
        if in_range := self._range(wanted, levels):
            return in_range, [self._read_as(wanted, in_range, entry, "directory-room-range")]
        if wanted in self._by_id:
            return [self._by_id[wanted]], []
        rest, there = self._placed(wanted, levels)
        if rest and rest != folded(wanted):
            found, said = self._one(rest, entry, there)
            if found:
                return found, said
        return [], [self._unknown(wanted, entry)]

    def _on_one_storey(
        self, found: list[Space], wanted: str, entry: Entry
    ) -> tuple[list[Space], list[Finding]]:
        """Rooms of one number on one storey are parts of one; on several, staff are asked, unless
        the row names the storeys."""
        if len({space.level for space in found}) > 1 and not listed(entry.floor):
            return [], [self._several(found, wanted, entry)]
        return found, []

    def _range(self, wanted: str, levels: frozenset[str]) -> list[Space]:
        """The rooms from 101 to 105 of the one storey that has both."""
        match = re.fullmatch(_vocabulary()["range"], folded(wanted))
        if not match or len(match[2]) != len(match[3]):
            return []
        first, last = int(match[2]), int(match[3])
        if not 0 < last - first < LONGEST_RANGE:
            return []
        keys = [f"{match[1]}{number:0{len(match[2])}}" for number in range(first, last + 1)]
        at: dict[str, dict[str, list[Space]]] = defaultdict(lambda: defaultdict(list))
        for key in keys:
            for space in self._by_folded.get(key, ()):
                if space.level in levels:
                    at[space.level][key].append(space)
        whole = [here for here in at.values() if keys[0] in here and keys[-1] in here]
        return [space for rooms in whole[0].values() for space in rooms] if len(whole) == 1 else []

    # Where a row says that its rooms are

    @cached_property
    def _levels_of(self) -> dict[tuple[str, str, str], tuple[frozenset[str], Finding | None]]:
        """By building, floor and sheet: rows are many, and what they say of these is little."""
        return {}

    def _levels(self, entry: Entry) -> tuple[frozenset[str], Finding | None]:
        """Ids of the levels on which the rooms may be; a finding if there are none."""
        building = (
            entry.building or self._building_in(entry.floor) or self._building_in(entry.sheet)
        )
        here = [level for level in self.levels if not building or self._is_in(level, building)]
        if not here:
            known = ", ".join(self._building(level) for level in self._one_a_building)
            slots: dict[str, Slot] = {"building": building, "known": known}
            return frozenset(), self._said("directory-building-unknown", entry, slots)
        on_floor = {level.id for level in here if _is_on(level, entry.floor, here)}
        if not entry.floor and read_label(entry.sheet):
            # A sheet a storey: 1F, 2F, …
            on_floor &= {level.id for level in here if same_storey(entry.sheet, level.label)}
        if not on_floor:
            known = ", ".join(dict.fromkeys(level.label for level in here))
            slots = {"floor": entry.floor, "known": known, "name": entry.names}
            return frozenset(), self._said("directory-floor-unknown", entry, slots)
        return frozenset(on_floor), None

    def _is_in(self, level: Level, building: str) -> bool:
        names = (level.building, *self.buildings.get(level.building, {}).values())
        # Drawings that name no building have one.
        return not self._has_buildings or folded(building) in map(folded, names)

    def _building_in(self, cell: str) -> str:
        """The building in a cell such as 门诊楼 or 门诊楼3楼."""
        plain = folded(cell)
        rest = plain.replace(folded(label_in_name(cell)), "") if cell else ""
        named = {folded(name) for names in self.buildings.values() for name in names.values()}
        return next((text for text in (plain, rest) if text in named), "")

    def _placed(self, wanted: str, levels: frozenset[str]) -> tuple[str, frozenset[str]]:
        """What is left of 门诊楼3楼301 without its building and storey, and the levels it means."""
        rest, here = folded(wanted), [level for level in self.levels if level.id in levels]
        for key, names in self.buildings.items():
            for name in sorted(map(folded, names.values()), key=len, reverse=True):
                if name and rest.startswith(name):
                    rest = rest.removeprefix(name)
                    here = [level for level in here if level.building == key]
        if floor := label_in_name(rest):
            rest = rest.replace(floor, "", 1)
            here = [level for level in here if same_storey(floor, level.label)]
        return rest.strip("-_,.，()（）"), frozenset(level.id for level in here)

    @cached_property
    def _has_buildings(self) -> bool:
        return any(level.building for level in self.levels)

    @cached_property
    def _one_a_building(self) -> Iterable[Level]:
        return {level.building: level for level in self.levels}.values()

    def _building(self, level: Level) -> str:
        names = self.buildings.get(level.building, {})
        return next(iter(names.values()), level.building)

    # Rooms by what they are called

    @cached_property
    def _listable(self) -> list[Space]:
        return [space for space in self.spaces if space.kind != "closed"]

    @cached_property
    def _by_id(self) -> dict[str, Space]:
        return {space.id: space for space in self._listable}

    @cached_property
    def _by_text(self) -> _Index:
        return self._index(lambda text: (text,))

    @cached_property
    def _by_folded(self) -> _Index:
        return self._index(lambda text: (folded(text),))

    @cached_property
    def _by_plain(self) -> _Index:
        return self._index(lambda text: (_plain(text),))

    @cached_property
    def _by_number(self) -> _Index:
        return self._index(_loosely)

    @cached_property
    def _by_excel(self) -> _Index:
        return self._index(_as_excel)

    def _index(self, keys: Callable[[str], Iterable[Hashable]]) -> _Index:
        found: dict[Hashable, list[Space]] = defaultdict(list)
        for space in self._listable:
            for key in {key for text in _texts(space) for key in keys(text)}:
                found[key].append(space)
        return dict(found)

    # What staff are told

    def _unknown(self, wanted: str, entry: Entry) -> Finding:
        where = " ".join(part for part in (entry.building, entry.floor) if part)
        slots: dict[str, Slot] = {"name": entry.names, "rooms": wanted, "where": where}
        elsewhere = self._by_folded.get(folded(wanted), [])
        if elsewhere:
            return self._said(
                "directory-room-elsewhere", entry, {**slots, "there": self._at(elsewhere)}
            )
        if _dated(folded(wanted)):
            return self._said("directory-room-date", entry, slots)
        if alike := self._alike(wanted):
            return self._said("directory-room-alike", entry, {**slots, "there": self._at(alike)})
        if not where:
            return self._said("directory-room-nowhere", entry, slots)
        return self._said("directory-room-unknown", entry, slots)

    def _alike(self, wanted: str) -> list[Space]:
        """Rooms that are called nearly so, the likest first: a name may be misread or misspelt. A
        number that is nearly the same is another room."""
        text = folded(wanted)
        if not text or any(letter.isdigit() for letter in text):
            return []
        likeness = {
            name: SequenceMatcher(None, text, name, autojunk=False).ratio()
            for name in self._by_folded
            if isinstance(name, str) and abs(len(name) - len(text)) < len(text)
        }
        near = sorted((-share, name) for name, share in likeness.items() if share >= _ALIKE)
        return [space for _, name in near[:_MOST_TOLD] for space in self._by_folded[name]]

    def _read_as(
        self,
        wanted: str,
        found: Sequence[Space],
        entry: Entry,
        code: str = "directory-room-read-as",
    ) -> Finding:
        read = ", ".join(_called(space) for space in found[:_MOST_TOLD])
        slots: dict[str, Slot] = {"name": entry.names, "rooms": wanted, "read": read}
        return self._said(code, entry, slots)

    def _several(self, found: Sequence[Space], wanted: str, entry: Entry) -> Finding:
        slots: dict[str, Slot] = {"name": entry.names, "rooms": wanted, "there": self._at(found)}
        return self._said("directory-room-several", entry, slots)

    def _at(self, found: Iterable[Space]) -> str:
        level_by_id = {level.id: level for level in self.levels}
        said = []
        for space in found:
            level = level_by_id[space.level]
            building = self._building(level) if self._has_buildings else ""
            said.append(" ".join(filter(None, (building, level.label, _called(space)))))
        told = list(dict.fromkeys(said))
        return "; ".join(told[:_MOST_TOLD]) + (" …" if len(told) > _MOST_TOLD else "")

    def _said(self, code: str, entry: Entry, slots: Mapping[str, Slot]) -> Finding:
        return Finding(code, entry.where, {**slots, "field": "rooms"})


def _near(index: _Index, keys: Iterable[Hashable], levels: frozenset[str]) -> list[Space]:
    near = {space.id: space for key in keys for space in index.get(key, ())}
    return [space for space in near.values() if space.level in levels]


def _texts(space: Space) -> Iterator[str]:
    if space.ref:
        yield space.ref
    yield from filter(None, space.names.values())


def _called(space: Space) -> str:
    return next(_texts(space), space.id)


def _is_on(level: Level, floor: str, here: Sequence[Level]) -> bool:
    """Whether a cell means a level: its label in any writing, a list or a range, or its id."""
    if not floor:
        return True
    for first, last in listed(floor) or ((floor, floor),):
        ends = [
            next((one for one in here if _is_label(end, one.label)), None) for end in (first, last)
        ]
        low, high = ends
        if low is None or high is None:
            continue
        if low.ordinal <= level.ordinal <= high.ordinal and (
            first != last or _is_label(first, level.label)
        ):
            return True
    known = any(_is_label(floor, one.label) for one in here)
    return not known and folded(floor) == folded(level.id)


def _is_label(written: str, label: str) -> bool:
    return same_storey(written, label) or same_storey(label_in_name(written), label)


def _plain(text: str) -> str:
    """A number without words for a room: 107室 is 107."""
    plain = folded(text)
    for word in _vocabulary()["words"]:
        plain = plain.removeprefix(word).removesuffix(word)
    return plain if re.search(r"\d", plain) else folded(text)


def _loosely(text: str) -> frozenset[Hashable]:
    """A number without marks and zeros in front: A-107 and A107 are one."""
    plain = _plain(text)
    plain = re.sub(r"[-_./·#()]", "", plain)
    if not re.fullmatch(r"[a-z]{0,3}\d+[a-z]?", plain):
        return frozenset()
    return frozenset({re.sub(r"(?<!\d)0+(?=\d)", "", plain)})


def _as_excel(text: str) -> frozenset[Hashable]:
    """What Excel makes of a number with marks: 3-12 is a date, 1E05 a number; as keys that the
    number and all writings of the date share."""
    plain = folded(text)
    if dated := _dated(plain):
        return frozenset(_dates(*dated))
    if re.fullmatch(r"\d{1,6}(?:[-/.]\d{1,6})+", plain):
        return frozenset({tuple(map(int, re.split(r"[-/.]", plain)))})
    if re.fullmatch(r"\d+(?:[.]\d+)?e[+]?\d{1,3}|\d{5,12}", plain):
        return frozenset({float(plain)})
    return frozenset()


def _dated(plain: str) -> tuple[int, int, int] | None:
    """Year, month and day of a date as Excel shows it, 0 for what it does not show."""
    for pattern in _vocabulary()["dates"]:
        if match := re.fullmatch(pattern, plain):
            said = match.groupdict()
            month = _vocabulary()["months"].get(said["month"], said["month"])
            return int(said.get("year") or 0), int(month), int(said.get("day") or 0)
    return None


def _dates(year: int, month: int, day: int) -> Iterator[tuple[int, ...]]:
    """The numbers of which Excel could have made this date."""
    short = year % 100
    if day:
        yield from ((month, day), (day, month))
    if year and day <= 1:
        yield from ((month, short), (short, month), (month, year))
    if year and day:
        yield from ((short, month, day), (month, day, short), (day, month, short))
