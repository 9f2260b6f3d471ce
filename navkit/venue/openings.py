"""Openings that a drawing leaves out: open passages between circulation, and guessed doors."""

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace

from shapely import LineString

from navkit.plan.plan import CIRCULATION
from navkit.venue.bridges import between_buildings
from navkit.venue.edges import Edges, neighbours_of, shared_edges, walls_m
from navkit.venue.guessing import Guessing, Likelihoods, rules, score, shares
from navkit.venue.matching import DEFAULT_DOOR_M, Matched, mm
from navkit.venue.unwalled import unwalled, walled
from navkit.venue.venue import Door, Guess, Level, Space, called, name_in
from navkit.words.findings import Finding, Slot
from navkit.words.languages import languages, words

OPENING_PART_M = 4.0
"""A longer opening can be walked through at several points. A guess."""

MOST_OPENINGS = 8
"""Two spaces that share very long edges, or overlap, are joined at about this many points."""

MOST_NAMED = 6
"""How many candidates a finding names."""

LEAST_NAMED = 0.05
"""A less likely candidate is no alternative."""


def assume_openings(
    spaces: Sequence[Space],
    doors: Collection[Door],
    walls: Mapping[str, Sequence[LineString]],
    levels: Mapping[str, Level],
    whole: Mapping[str, Sequence[LineString]],
    refused: AbstractSet[frozenset[str]] = frozenset(),
    graphed: Collection[str] = (),
) -> Matched:
    """Openings between circulation spaces, and doors for spaces that were drawn without any.

    Circulation spaces that share an edge with no wall and no door on it are open to each other,
    also those of two buildings on one floor (`navkit.venue.bridges`), and so are rooms where
    `whole` walls leave them so (`navkit.venue.unwalled`).
    Any other space without a door that leads on gets one where it is likely enough
    (`navkit.venue.guessing`).
    Between two spaces that are `refused`, somebody has seen that there is neither. On levels that
    are `graphed` the drawing says which space leads to which: corridors and halls that its doors
    join, be it through other spaces, are apart where it names no door between them.
    """
    by_id = {space.id: space for space in spaces}
    joined: dict[str, set[str]] = defaultdict(set)
    cut_off: set[str] = set()
    for door in doors:
        for space_id in door.spaces:
            if space_id and _leads_nowhere(door):
                cut_off.add(space_id)
            elif space_id:
                joined[space_id].update(s or "outside" for s in door.spaces if s != space_id)
    openings: list[Door] = []
    part_of = _parts(door for door in doors if not _leads_nowhere(door)) if graphed else {}
    built = walled(spaces, whole)
    touching = _but(refused, shared_edges(spaces, walls, {}))
    for (a, b), pieces in touching.items():
        both = {by_id[a].kind, by_id[b].kind} <= CIRCULATION and b not in joined[a]
        apart = by_id[a].level in graphed and a in part_of and part_of[a] == part_of.get(b)
        if both and by_id[a].level not in built and not apart:
            openings += _openings(a, b, pieces)
    over = _but(refused, between_buildings(spaces, doors, walls, levels))
    for (a, b), pieces in over.items():
        openings += [replace(one, unverified=True) for one in _openings(a, b, pieces)]
    bare = _but(refused, unwalled([s for s in spaces if s.level in built], doors, walls))
    rooms = [one for (a, b), pieces in bare.items() for one in _openings(a, b, pieces)]
    for opening in (*openings, *rooms):
        a, b = opening.spaces
        joined[a].add(b)
        joined[b].add(a)
    findings = [*_opened(openings, by_id), *_without_walls(bare, by_id)]
    thick_m = walls_m(spaces)
    thick = any(thick_m.values())
    passable = _but(refused, shared_edges(spaces, walls, thick_m)) if thick else touching
    beside = shared_edges(spaces, {}, thick_m) if walls else passable
    guessing = Guessing(spaces, neighbours_of(passable), neighbours_of(beside), joined)
    guessed = _Doors(spaces, guessing, joined, cut_off).guessed()
    return Matched((*openings, *rooms, *guessed.doors), (*findings, *guessed.findings))


def _parts(doors: Iterable[Door]) -> dict[str, int]:
    """Spaces by the number of the part that doors join them to."""
    import networkx as nx

    graph = nx.Graph(door.spaces for door in doors if all(door.spaces))
    parts = enumerate(nx.connected_components(graph))
    return {space: number for number, part in parts for space in part}


def _opened(openings: Sequence[Door], by_id: Mapping[str, Space]) -> Iterator[Finding]:
    """What is said of corridors and halls that are taken as open to each other."""
    for opening in openings:
        a, b = opening.spaces
        one, other = by_id[a], by_id[b]
        if one.level == other.level:
            yield Finding("opening-assumed", one.level, {"a": a, "b": b})
        elif opening.id == f"open:{a}~{b}":
            slots = {"a": _listed([one]), "b": _listed([other])}
            yield Finding("bridge-assumed", f"{one.level}, {a}", slots)


def _without_walls(bare: Edges, by_id: Mapping[str, Space]) -> Iterator[Finding]:
    """For each level the pairs of spaces that are taken as open because no wall is between them."""
    by_level: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for pair in bare:
        by_level[by_id[pair[0]].level].append(pair)
    for level, pairs in by_level.items():
        named = [" – ".join(pair) for pair in pairs[:MOST_NAMED]]
        which = ", ".join(named) + (" …" if len(pairs) > MOST_NAMED else "")
        yield Finding("edges-without-wall", level, {"count": str(len(pairs)), "which": which})


def _but(refused: AbstractSet[frozenset[str]], edges: Edges) -> Edges:
    """The edges that are not between two spaces which are `refused`."""
    return {pair: pieces for pair, pieces in edges.items() if frozenset(pair) not in refused}


def _leads_nowhere(door: Door) -> bool:
    """Whether it only leads to an outside that is not drawn, or lets nobody in: whoever is in such
    a room came by another door."""
    outside = not door.spaces[1] and not door.path
    return outside and (door.entrance or door.access == "restricted")


def _openings(a: str, b: str, pieces: Sequence[LineString]) -> list[Door]:
    parts = []
    pieces = sorted(pieces, key=lambda piece: piece.bounds)
    part_m = max(OPENING_PART_M, sum(piece.length for piece in pieces) / MOST_OPENINGS)
    for piece in pieces:
        count = math.ceil(piece.length / part_m)
        for i in range(count):
            parts.append(
                LineString(
                    [
                        piece.interpolate(i / count, normalized=True),
                        piece.interpolate((i + 1) / count, normalized=True),
                    ]
                )
            )
    return [
        Door(
            id=f"open:{a}~{b}" + (f"#{number}" if number > 1 else ""),
            spaces=(a, b),
            line=(mm(part.coords[0]), mm(part.coords[-1])),
            kind="open",
            width_m=round(part.length, 2),
            guessed=True,
        )
        for number, part in enumerate(parts, start=1)
    ]


class _Doors:
    """Guessed doors for spaces without one. What is guessed is added to `joined`.

    Spaces that are `cut_off` have a drawn door that leads nowhere: another one is certain, so that
    a less likely guess will do.
    """

    def __init__(
        self,
        spaces: Sequence[Space],
        known: Guessing,
        joined: dict[str, set[str]],
        cut_off: Collection[str],
    ) -> None:
        self.spaces = spaces
        self.cut_off = cut_off
        self.neighbours = known.neighbours
        self.joined = joined
        self.by_id = known.by_id
        self.known = known
        self.likely: Likelihoods = known.weigh()
        self.doors: list[Door] = []
        self.findings: list[Finding] = []

    def guessed(self) -> Matched:
        """The doors, and a finding for each of them and for each space that still has none."""
        without = [s for s in self.spaces if s.kind != "closed" and not self.joined[s.id]]
        for space in without:
            near = self._circulation(space)
            if near:
                self.findings.append(self._add(space, near, self.likely[space.id]))
        for group in self._shut_in():
            self._let_out(group)
        self.findings += [self._doorless(s) for s in without if not self.joined[s.id]]
        return Matched(tuple(self.doors), tuple(self.findings))

    def _circulation(self, space: Space) -> str:
        """The corridor or hall that a door most likely leads to, if that is likely enough."""
        likely = self.likely.get(space.id, {})
        near = max(
            (c for c in likely if self.by_id[c].kind in CIRCULATION),
            key=likely.__getitem__,
            default="",
        )
        least = rules()["least_if_cut_off" if space.id in self.cut_off else "least"]
        return near if near and likely[near] >= least else ""

    def _shut_in(self) -> list[set[str]]:
        """Groups of rooms whose doors lead to each other, or to a yard, and to nothing else."""
        groups, seen = [], set[str]()
        for space in self.spaces:
            group, front = set[str](), [space.id] if self.joined[space.id] else []
            while front:
                here = front.pop()
                if here not in group | seen:
                    group.add(here)
                    front += self.joined[here]
            seen |= group - {"outside"}
            kinds = {self.by_id[one].kind for one in group if one in self.by_id}
            if group and "outside" not in group and kinds <= {"room", "outdoor"}:
                groups.append(group)
        return groups

    def _let_out(self, group: AbstractSet[str]) -> None:
        """A door to circulation for a group that has none: most likely from the room into which
        most of the others open."""
        scores = {
            (one, near): score(found, rules()["weights"]) + math.log(len(self.joined[one]))
            for one in sorted(group & self.known.candidates.keys())
            for near, found in self.known.evidence(one).items()
            if self.by_id[near].kind in CIRCULATION
        }
        likely = shares(scores) if scores else {}
        one, near = max(likely, key=likely.__getitem__, default=("", ""))
        # That there is one is certain, so that a less likely guess will do.
        if one and likely[one, near] >= rules()["least_if_cut_off"]:
            found = self._add(
                self.by_id[one], near, {c: p for (o, c), p in likely.items() if o == one}
            )
            others = [self.by_id[other] for other in sorted(group - {one})][:MOST_NAMED]
            slots = {**found.slots, "rooms": _listed(others)}
            self.findings.append(Finding("door-guessed-for-group", found.where, slots))

    def _add(self, space: Space, near: str, likely: Mapping[str, float]) -> Finding:
        """A door, and the finding that names it."""
        self.joined[space.id].add(near)
        self.joined[near].add(space.id)
        others = {c: round(p, 2) for c, p in likely.items() if c != near}
        guess = Guess(
            likelihood=round(min(likely[near], rules()["most"]), 2),
            evidence=self.known.reasons(space.id, near),
            alternatives={c: p for c, p in _ranked(others) if p >= LEAST_NAMED},
        )
        piece = max(self.neighbours[space.id][near], key=lambda line: line.length)
        self.doors.append(_guessed_door(space.id, near, piece, guess))
        slots: dict[str, Slot] = {
            "id": space.id,
            "called": called(space),
            "near": _listed([self.by_id[near]]),
            "percent": _percent(guess.likelihood),
            "why": _why(guess.evidence),
            "others": self._candidates(guess.alternatives),
        }
        return Finding("door-guessed", f"{space.level}, {space.id}", slots)

    def _doorless(self, space: Space) -> Finding:
        """The finding for a space that still has no door."""
        # Among rooms alone nothing says how likely each is: the door may lead out of the building.
        likely = self.likely[space.id] if self.known.circulation(space.id) else {}
        beside = {c: likely.get(c, 0.0) for c in self.neighbours.get(space.id, ())}
        return Finding(
            "space-without-door" if beside else "space-stands-alone",
            f"{space.level}, {space.id}",
            {"id": space.id, "called": called(space), "near": self._candidates(beside)},
        )

    def _candidates(self, likely: Mapping[str, float]) -> Slot:
        """Spaces with their likelihood, the most likely first."""
        return _listed(
            [self.by_id[near] for near, _ in _ranked(likely)][:MOST_NAMED],
            [_percent(p) for _, p in _ranked(likely)],
        )


def _ranked(likely: Mapping[str, float]) -> list[tuple[str, float]]:
    return sorted(likely.items(), key=lambda item: (-item[1], item[0]))


def _percent(likelihood: float) -> str:
    return f"{likelihood:.0%}" if likelihood >= LEAST_NAMED else ""


def _guessed_door(a: str, b: str, piece: LineString, guess: Guess) -> Door:
    """A door of ordinary width in the middle of the shared edge; its true width is unknown."""
    half = min(DEFAULT_DOOR_M, piece.length) / 2
    middle = piece.length / 2
    line = (piece.interpolate(middle - half), piece.interpolate(middle + half))
    return Door(
        id=f"guess:{a}~{b}",
        spaces=(a, b),
        line=(mm(line[0].coords[0]), mm(line[1].coords[0])),
        guessed=True,
        guess=guess,
    )


def _why(evidence: Sequence[str]) -> Slot:
    """The evidence in words, by language."""
    return {
        tag: ", ".join(words(tag, "evidence")[code] for code in evidence) for tag in languages()
    }


def _listed(spaces: Sequence[Space], notes: Sequence[str] = ()) -> Slot:
    """Ids, names and `notes`, by language; “none” if there are none."""
    if not spaces:
        return {tag: words(tag, "evidence")["none"] for tag in languages()}
    pairs = list(zip(spaces, notes or [""] * len(spaces), strict=False))
    return {tag: ", ".join(_told(space, note, tag) for space, note in pairs) for tag in languages()}


def _told(space: Space, note: str, language: str) -> str:
    said = " · ".join(filter(None, (name_in(called(space), language), note)))
    return f"{space.id} ({said})" if said else space.id
