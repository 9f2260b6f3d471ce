"""Networks that somebody has typed: tables of nodes and of edges, as CSV, workbook or JSON.

A table is told by its headings: nodes have an id and two coordinates, edges a start and an end.
Everything becomes points and edges as a drawn network has them, and `foreign` reads on.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import zip_longest
from statistics import median

from shapely import Point

from floorplans import table_shafts
from floorplans.collection import Collection, Feature
from floorplans.control import Control, on_earth, read_control
from floorplans.labels import is_door_number, words
from floorplans.mapping import MAPPING, Scale, read_scale
from floorplans.sheet import Json, Sheet, as_list, as_object, as_text
from floorplans.table_shafts import Edge, Node
from navkit.plan.plan import Plan, PlanLevel
from navkit.venue.sheets import decode, tables_of, tables_of_text
from navkit.venue.workbook import is_workbook
from navkit.words.findings import Finding, NavkitError, PlanError

SUFFIXES = (".csv", ".tsv", ".xlsx", ".json")
_HEAD = 2**16
"""Bytes in which the headings of a CSV are looked for."""

SPACING_M = 5.0
"""Metres between the two nodes of an edge, the median: nodes are where ways turn or branch, and at
doors. A guess."""
_METRES = (0.3, 40.0)
"""Medians that are taken for metres where numbers have a fraction: nobody draws parts of pixels. A
guess."""
_MOST = 1e7
"""A coordinate beyond this is no place."""
_NAMED = 6
"""How many rows or ids a finding names."""

_UNIT = "unit of coordinates"
_AT = "node of a room"
_COORDINATES = {("x", "y"): "", ("x_m", "y_m"): "m", ("lon", "lat"): "deg"}
"""Pairs of columns that say where a node is, and their unit, if the headings say it."""

_Vocabulary = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class _Row:
    """One row by its headings, and where it stands."""

    where: str
    cells: Mapping[str, Json]


def is_graph(sheet: Sheet) -> bool:
    """Whether a file is a table of nodes or edges, by its headings."""
    if sheet.suffix not in SUFFIXES:
        return False
    if sheet.suffix == ".json":
        return any(_lists(sheet))
    try:
        if is_workbook(sheet.content):
            return _is_graph_of_sheets(sheet.content)
        head = sheet.content[:_HEAD]
        head = head if len(head) < _HEAD else head.rpartition(b"\n")[0]
        text = decode(head, sheet.name, _is_heading)
        return bool(tables_of_text(text, sheet.name, _is_heading))
    except NavkitError:
        return False


@lru_cache(maxsize=8)
def _is_graph_of_sheets(content: bytes) -> bool:
    """The same of a workbook, which takes long to open and is asked for several times."""
    try:
        return bool(tables_of(content, "", _is_heading)[0])
    except NavkitError:
        return False


def read(sheets: Sequence[Sheet], source: str) -> Plan:
    """All tables together are one plan. A `PlanError` if there are no nodes or no edges."""
    rows = [row for sheet in sheets for row in _rows(sheet)]
    limits = sheets[0].limits
    if len(rows) > limits.features:
        raise PlanError("too-many-features", source, limit=str(limits.features))
    reading = _Reading(source)
    nodes = reading.nodes(row for row in rows if _has(row.cells, "x", "y"))
    edges = reading.edges(row for row in rows if _has(row.cells, "from", "to"))
    nodes = reading.named(nodes, [row for row in rows if _is_room(row.cells)])
    if len(edges) > limits.openings:
        slots = {"count": str(len(edges)), "limit": str(limits.openings)}
        raise PlanError("too-many-openings", source, **slots)
    if not nodes:
        raise PlanError("table-without-nodes", source)
    if not edges:
        raise PlanError("table-without-edges", source)
    control = read_control(next((sheet.beside for sheet in sheets if sheet.beside), None))
    scale = reading.scale(nodes, edges, _said_scale(sheets), control)
    nodes = reading.lower_levels({key: _placed(node, scale) for key, node in nodes.items()})
    edges = reading.checked(nodes, edges)
    joined = table_shafts.joined(nodes, edges)
    reading.say_joined(joined, nodes, edges)
    edges += joined
    nodes = table_shafts.with_one_name(nodes, edges)
    features = tuple(_features(nodes, edges, sheets[0].name))
    members: dict[str, Json] = {"units": "degrees" if scale.is_degrees else "m"}
    collection = Collection(sheets[0].name, members, features, (), len(nodes))
    from floorplans import foreign

    plan = foreign.read([collection], source, limits)
    plan = replace(
        plan,
        levels=tuple(_as_posted(plan.levels, nodes)),
        findings=(*reading.findings(), *plan.findings),
    )
    return on_earth(plan, control, lambda _, at: scale.placed(at))


# -- rows


def _words(part: str) -> _Vocabulary:
    found: _Vocabulary = words()["tables"][part]
    return found


def _bare(heading: str) -> str:
    return "".join(letter for letter in heading.casefold() if letter not in " _-.\t\ufeff")


@lru_cache(maxsize=1)
def _columns() -> dict[str, str]:
    """By a heading, without blanks and hyphens, what it means."""
    return {_bare(word): meant for meant, some in _words("columns").items() for word in some}


def _meant(headings: Iterable[str]) -> set[str]:
    return {meant for one in headings if (meant := _columns().get(_bare(one), ""))}


def _is_heading(row: Sequence[str]) -> bool:
    meant = _meant(row)
    is_nodes = "id" in meant and any({*pair} <= meant for pair in _COORDINATES)
    is_rooms = any(map(_is_at, row)) and bool({"name", "short"} & meant)
    return is_nodes or is_rooms or {"from", "to"} <= meant


def _is_at(heading: str) -> bool:
    """Whether a column says at which node a room is. A directory has none."""
    return _bare(heading) in _room_at()


@lru_cache(maxsize=1)
def _room_at() -> frozenset[str]:
    return frozenset(map(_bare, _words("room_at")["headings"]))


def _has(cells: Mapping[str, Json], *wanted: str) -> bool:
    return set(wanted) <= cells.keys()


def _is_room(cells: Mapping[str, Json]) -> bool:
    """Whether a row says what is at a node, and nothing of ways or coordinates."""
    others = ({"x", "y"}, {"from", "to"})
    return _AT in cells and not any(some <= cells.keys() for some in others)


def _sheets(sheet: Sheet) -> Sequence[_Row]:
    """The rows of all tables in a CSV or a workbook."""
    tables, _ = tables_of(sheet.content, sheet.name, _is_heading)
    return [
        _Row(f"{table.where}, {number}", _by_meaning(_cells(table.headings, row)))
        for table in tables
        for number, row in enumerate(table.rows, start=table.first_row)
        if any(cell.strip() for cell in row)
    ]


def _cells(headings: Sequence[str], row: Sequence[str]) -> dict[str, Json]:
    """Cells by heading: those that a short row leaves out are empty."""
    pairs = zip_longest(headings, row[: len(headings)], fillvalue="")
    return {heading: cell for heading, cell in pairs if heading}


def _lists(sheet: Sheet) -> Iterator[Sequence[Json]]:
    """The lists of nodes and edges in a JSON document."""
    try:
        document = as_object(sheet.json)
    except PlanError:
        return
    for key in _words("lists")["members"]:
        rows = as_list(document.get(key))
        if rows and isinstance(rows[0], dict) and _is_heading([*rows[0]]):
            yield rows


def _rows(sheet: Sheet) -> Sequence[_Row]:
    if sheet.suffix == ".json":
        return [
            _Row(f"{sheet.name}, {number}", _by_meaning(missing | row))
            for rows in _lists(sheet)
            for missing in [{key: None for row in rows for key in as_object(row)}]
            for number, row in enumerate(rows, start=1)
            if isinstance(row, dict)
        ]
    try:
        return _sheets(sheet)
    except PlanError:
        raise
    except NavkitError as error:
        raise PlanError(error.finding.code, sheet.name, **error.finding.slots) from error


def _by_meaning(cells: Mapping[str, Json]) -> dict[str, Json]:
    """Cells by what their headings mean, others by their headings; with the unit of coordinates."""
    found: dict[str, Json] = {}
    for heading, cell in cells.items():
        found.setdefault(_columns().get(_bare(heading), heading), cell)
        if _is_at(heading):
            found.setdefault(_AT, cell)
    for (x, y), unit in _COORDINATES.items():
        if {x, y} <= found.keys():
            found |= {"x": found[x], "y": found[y], _UNIT: unit}
    return found


# -- nodes and edges


class _Reading:
    """What is said on the way: rows of one fault together."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._counted: dict[str, list[str]] = {}
        self._findings: list[Finding] = []

    def tally(self, code: str, which: str) -> None:
        """Count one more of what is said once, with examples."""
        self._counted.setdefault(code, []).append(which)

    def findings(self) -> list[Finding]:
        counted = [
            Finding(code, self._source, {"count": str(len(some)), "which": _few(some)})
            for code, some in self._counted.items()
        ]
        return [*self._findings, *counted]

    def nodes(self, rows: Iterable[_Row]) -> dict[str, Node]:
        """By id; those that cannot be used are left out, and said."""
        found: dict[str, Node] = {}
        has_floors = False
        for row in rows:
            node = self._node(row)
            has_floors |= "floor" in row.cells
            if node and node.id in found:
                self.tally("table-id-twice", f"{node.id} ({row.where})")
            elif node:
                found[node.id] = node
        if has_floors:
            for node in [one for one in found.values() if not one.floor]:
                self.tally("table-node-without-floor", node.id)
                del found[node.id]
        return found

    def _node(self, row: _Row) -> Node | None:
        cells = row.cells
        key = as_text(cells.get("id"))
        x, y = _number(cells["x"]), _number(cells["y"])
        if not key:
            self.tally("table-row-without-id", row.where)
            return None
        if x is None or y is None:
            self.tally("table-coordinate-unread", f"{key} ({row.where})")
            return None
        said = as_text(cells.get("type"))
        term = _types().get(said.casefold(), said)
        name, short = as_text(cells.get("name")), as_text(cells.get("short"))
        known = {*_columns().values(), _UNIT, _AT}
        others = {key: value for key, value in cells.items() if key not in known}
        return Node(
            id=key,
            x=x,
            y=y,
            floor=as_text(cells.get("floor")),
            posted=as_text(cells.get("floor")),
            building=as_text(cells.get("building")),
            term=term,
            name=name or short,
            ref=short if is_door_number(short) else "",
            unit=as_text(cells.get(_UNIT)),
            others=others,
        )

    def named(self, nodes: Mapping[str, Node], rooms: Sequence[_Row]) -> dict[str, Node]:
        """The nodes with what a table of rooms says is at them; of several rooms at one node the
        others are nodes at the same spot, to which nothing leads."""
        found = dict(nodes)
        for row in rooms:
            cells = row.cells
            key, name = as_text(cells.get(_AT)), as_text(cells.get("name"))
            short, said = as_text(cells.get("short")), as_text(cells.get("type"))
            node = nodes.get(key)
            if node is None or not (name or short):
                self.tally("table-room-without-node", f"{name or short or '-'} ({row.where})")
                continue
            here = found[key]
            count = sum(one.id.startswith(f"{key}#") for one in found.values()) + 2
            room = replace(
                node,
                id=f"{key}#{count}" if here.name else key,
                term=_types().get(said.casefold(), said) or (node.term if node.shaft else "room"),
                name=name or short,
                ref=short if is_door_number(short) else "",
            )
            found[room.id] = room
        return found

    def edges(self, rows: Iterable[_Row]) -> list[Edge]:
        """As they stand: their nodes may be missing."""
        known = {*_columns().values(), _UNIT, _AT}
        found = []
        for row in rows:
            start, end = as_text(row.cells["from"]), as_text(row.cells["to"])
            if not start or not end or start == end:
                self.tally("table-edge-of-one-node", row.where)
                continue
            others = {key: value for key, value in row.cells.items() if key not in known}
            found.append(Edge(start, end, "", as_text(row.cells.get("id")), others))
        return found

    def scale(
        self,
        nodes: Mapping[str, Node],
        edges: Sequence[Edge],
        said: Scale | None,
        control: Control | None,
    ) -> Scale:
        """Metres of a unit, and which way y goes: as said, or as control points tell, else
        guessed."""
        units = {node.unit for node in nodes.values()}
        if units != {""}:
            return Scale(1.0, is_down=False, is_degrees="deg" in units)
        if said:
            return said
        lengths = [
            math.hypot(a.x - b.x, a.y - b.y)
            for edge in edges
            if (a := nodes.get(edge.start)) and (b := nodes.get(edge.end)) and a.beside(b)
        ]
        usual = median([length for length in lengths if length] or [SPACING_M])
        whole = all(node.x.is_integer() and node.y.is_integer() for node in nodes.values())
        if not whole and _METRES[0] <= usual <= _METRES[1]:
            self._findings.append(Finding("table-taken-as-metres", self._source))
            return Scale(1.0, is_down=False)
        if control:
            pixels = Scale(1.0, is_down=True)
            return replace(pixels, metres=control.fit(lambda _, at: pixels.placed(at)).scale)
        scale = Scale(SPACING_M / usual, is_down=True)
        slots = {"metres": f"{scale.metres:.3g}", "spacing": f"{SPACING_M:g}"}
        self._findings.append(Finding("table-scale-guessed", self._source, slots))
        return scale

    def lower_levels(self, nodes: Mapping[str, Node]) -> dict[str, Node]:
        """Where L1 and 1 are two floors, L1 is the first below the ground, as B1 is."""
        renamed: dict[tuple[str, str], str] = {}
        for building in {node.building for node in nodes.values()}:
            floors = {node.floor for node in nodes.values() if node.building == building}
            for floor in sorted(floors):
                digits = floor[1:]
                if floor[:1] in ("L", "l") and digits.isdigit() and digits in floors:
                    renamed[building, floor] = f"B{digits}"
        if renamed:
            which = dict.fromkeys(f"{floor} → {new}" for (_, floor), new in renamed.items())
            slots = {"which": _few([*which])}
            self._findings.append(Finding("table-lower-levels", self._source, slots))
        return {
            key: replace(node, floor=renamed.get((node.building, node.floor), node.floor))
            for key, node in nodes.items()
        }

    def checked(self, nodes: Mapping[str, Node], edges: Sequence[Edge]) -> list[Edge]:
        """Edges with what they are: ways on a floor, and from floor to floor shafts only. Those
        that name a missing node stay, and are said by whoever reads on."""
        found = []
        for edge in edges:
            start, end = nodes.get(edge.start), nodes.get(edge.end)
            if start is None or end is None:
                found.append(edge)
            elif start.beside(end):
                if (start.x, start.y) != (end.x, end.y):
                    found.append(replace(edge, term=table_shafts.WALKED))
            elif start.shaft and start.shaft == end.shaft:
                found.append(replace(edge, term=start.shaft))
            else:
                self.tally("table-edge-between-levels", f"{edge.start} – {edge.end}")
        return found

    def say_joined(
        self, joined: Sequence[Edge], nodes: Mapping[str, Node], edges: Sequence[Edge]
    ) -> None:
        for edge in joined:
            self.tally("table-shaft-joined", f"{edge.start} – {edge.end}")
        for node in table_shafts.alone(nodes, [*edges, *joined]):
            self.tally("table-shaft-alone", node)


def _types() -> dict[str, str]:
    types: dict[str, str] = words()["tables"]["types"]
    return types


def _few(some: Sequence[str]) -> str:
    return ", ".join(some[:_NAMED]) + (" …" if len(some) > _NAMED else "")


def _number(cell: Json) -> float | None:
    """A finite number; a text that is one counts."""
    try:
        number = float(cell) if isinstance(cell, str | int | float) else math.nan
    except (ValueError, OverflowError):
        return None
    return number if abs(number) <= _MOST and not isinstance(cell, bool) else None


def _placed(node: Node, scale: Scale) -> Node:
    """In metres, y up."""
    x, y = scale.placed((node.x, node.y))
    return replace(node, x=x, y=y)


def _said_scale(sheets: Iterable[Sheet]) -> Scale | None:
    """What a `mapping.toml` beside the tables says, None if it says nothing of them."""
    for sheet in sheets:
        if sheet.beside and sheet.beside.base_name.lower() == MAPPING:
            return read_scale(sheet.beside)
    return None


def _as_posted(levels: Sequence[PlanLevel], nodes: Mapping[str, Node]) -> Iterator[PlanLevel]:
    """Levels with the labels that stand in the table. Where L1 is below 1, 1 is the ground."""
    posted = {(node.building, node.floor): node.posted for node in nodes.values()}
    lowered = {building for (building, floor), label in posted.items() if floor != label}
    lowered -= {level.building for level in levels if level.ordinal == 0}
    for level in levels:
        up = level.building in lowered and level.ordinal > 0
        label = posted.get((level.building, level.label), level.label)
        yield replace(level, label=label, ordinal=level.ordinal - up)


def _features(nodes: Mapping[str, Node], edges: Iterable[Edge], sheet: str) -> Iterator[Feature]:
    """As a drawn network has them."""
    number = 0
    for key, node in nodes.items():
        number += 1
        here = {"floor": node.floor, "building": node.building, "name": node.name}
        told: dict[str, Json] = {k: v for k, v in here.items() if v}
        if node.ref:
            told["number"] = node.ref
        yield Feature(
            key,
            {**node.others, **told, "node_id": key, "type": node.term},
            Point(node.x, node.y),
            sheet,
            number,
        )
    for edge in edges:
        number += 1
        facts = {"from": edge.start, "to": edge.end, "type": edge.term}
        yield Feature(edge.id, {**edge.others, **facts}, None, sheet, number)
