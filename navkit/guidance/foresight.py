"""Whether what is said of a turn is true of that turn only, for somebody who comes that way.

Here a leg is walked in mind, along its line, with what opens on both sides: gaps in walls, and
doors. A clause is safe if nobody who takes it literally can mean another opening. Metres count as
they are said.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from navkit.guidance.line import Line, Turn, side_of, turn_between
from navkit.guidance.measure import rounded_m
from navkit.guidance.surroundings import Surroundings
from navkit.network.network import Kind
from navkit.plan.plan import SHAFTS

WAY, BAY, DOORWAY, DOOR = 0, 1, 2, 3
_SHAFT = DOOR + 1
"""What openings look like. People turn into the first sort of which there is one."""

_COUNTED = {
    "way": ((WAY,), (WAY, BAY), (WAY, BAY, DOORWAY)),
    "door": ((DOOR,), (DOOR, DOORWAY), (DOOR, _SHAFT), (DOOR, DOORWAY, _SHAFT)),
}
"""Which openings different people count as ways, and as doors."""


@dataclass(frozen=True)
class Chance:
    """Where somebody who walks along can turn to a side."""

    at_cm: int
    wide_cm: int
    side: int
    looks: int
    door: int = -1
    aside_cm: int = 0
    """How far beside the walk it is, if it is a door."""

    def off_cm(self, at_cm: int) -> int:
        """How far its nearer edge is from a spot of the walk."""
        return max(0, abs(self.at_cm - at_cm) - self.wide_cm // 2)


class Foresight:
    """A leg walked from its node `since` to a turn, and straight on past it."""

    def __init__(self, line: Line, since: int, turn: Turn) -> None:
        self.line, self.around, self.network = line, line.around, line.network
        self.rules, self.since, self.turn = line.rules, since, turn
        self.side = side_of(turn.deg, self.rules.straight_deg)
        self.turn_cm = line.length_cm(since, turn.at)
        self._until_cm = line.length_cm(since, turn.until)

    # -- what may be said

    def tells_distance(self) -> bool:
        """Whether no other opening fits the metres."""
        said_cm = rounded_m(self.turn_cm) * 100
        slack_cm = self._slack_cm(said_cm)
        return self._is_only(self._fitting(said_cm - slack_cm, said_cm + slack_cm), said_cm)

    def tells_soon(self) -> bool:
        """Whether the first opening within a few steps is meant."""
        most_cm = self.rules.soon_cm + self._slack_cm(self.rules.soon_cm)
        return self._is_only(self._fitting(0, most_cm)[:1], self.rules.soon_cm // 2)

    def tells_place(self, place: int) -> bool:
        """Whether the opening nearest to a place is meant, and no namesake comes before it."""
        first = self._first_of_name(self.around.named(place))
        if first is None or first[1] != place:
            return False
        at_cm, near_cm = first[0], self.rules.within_reach_cm
        # Nobody who is told to turn at a place goes into it.
        into = {self.around.door_of_node.get(node, (-1, 0))[0] for node in first[2]}
        fitting = self._fitting(at_cm - near_cm, at_cm + near_cm)
        found = [one for one in fitting if one.door < 0 or one.door not in into]
        least = min((one.off_cm(at_cm) for one in found), default=0)
        rivals = [one for one in found if one.off_cm(at_cm) <= least + self.rules.rival_cm]
        return self._is_only(rivals, at_cm)

    def counted(self) -> tuple[str, int] | None:
        """Our opening as the nth way or door on its side, None if people do not agree on it."""
        own = self._own
        if own is None or own.looks not in (WAY, DOOR, _SHAFT) or self._turns_on():
            return None
        target = "way" if own.looks == WAY else "door"
        nth = self._nth(target, own)
        return (target, nth) if 0 < nth <= self.rules.most_counted else None

    def is_narrow_in_hall(self) -> bool:
        """Whether the way to the turn leads through a hall, and our opening is one in a wall, not
        the whole of a side."""
        kinds = self.line.kinds[self.since : self.turn.at]
        is_narrow = self._own is not None and self._own.wide_cm <= self.rules.wide_cm
        return is_narrow and Kind.HALL in kinds

    def crosses(self, i: int) -> bool:
        """Whether the way goes straight over the first crossroads at the route's node i: the first
        spot, as everybody sees it, from which ways lead off to both sides."""
        by, walked = self.rules, [one for one in self._chances if self._is_ahead(one)]
        pairs = [
            (max(left.at_cm, right.at_cm), abs(left.at_cm - right.at_cm), left, right)
            for left in walked
            for right in walked
            if left.side < 0 < right.side and max(left.looks, right.looks) <= BAY
        ]
        near = [pair for pair in pairs if pair[1] <= by.within_reach_cm]
        if not near:
            return False
        at_cm, apart_cm, left, right = min(near, key=lambda pair: pair[:2])
        is_plain = left.looks == right.looks == WAY and apart_cm <= by.stub_cm
        goes_on = self.turn_cm - at_cm > by.within_reach_cm
        off_cm = abs(at_cm - self.line.length_cm(self.since, i))
        return is_plain and goes_on and off_cm <= by.own_cm

    def passes(self, i: int, place: int) -> bool:
        """Whether the walk comes by the door of a place at the route's node i, and by none of its
        name before."""
        first = self._first_of_name(self.around.named(place))
        at_cm = self.line.length_cm(self.since, i)
        return (
            first is not None and first[1] == place and abs(first[0] - at_cm) <= self.rules.own_cm
        )

    def keeps_on(self, until: int = -1) -> bool:
        """Whether who walks straight on along drawn paths stays on the route as far as the turn,
        or to its node `until`: no path ends before, and none that leads elsewhere is straighter."""
        return all(
            self.network.space_of_node[self.line.nodes[i]] >= 0 or self._keeps_on_at(i)
            for i in range(self.since + 1, self.turn.at if until < 0 else until + 1)
        )

    def _keeps_on_at(self, i: int) -> bool:
        around, by = self.around, self.rules
        before, node, after = self.line.nodes[i - 1 : i + 2]
        into = around.heading(before, node)
        own = turn_between(into, around.heading(node, after))
        if around.ends(node, before) or abs(own) > by.goes_on_deg:
            return False
        others = (self.network.other(edge, node) for edge in self.network.edges_at[node])
        degs = [turn_between(into, around.heading(node, other)) for other in others]
        return not any(abs(deg) < abs(own) and abs(deg - own) > by.straight_deg for deg in degs)

    def _turns_on(self) -> bool:
        """Whether the turn has several bends, or leads back."""
        turn = self.turn
        return turn.at != turn.until or abs(turn.deg) > self.rules.back_deg

    def _nth(self, target: str, own: Chance) -> int:
        """The number of our opening, 0 if people do not agree on it: on what counts, on how far
        aside, on whether to begin behind the last door that they open, or to leave out what is for
        staff."""
        if not self._is_ahead(own) or own.aside_cm > self.rules.stub_cm or self._is_forked(own):
            return 0
        numbers: set[int] = set()
        for looks in _COUNTED[target]:
            before = [
                one
                for one in self._chances
                if one.side == self.side
                and one.looks in looks
                and self._is_ahead(one)
                and one.at_cm <= own.at_cm
                and one != own
            ]
            numbers.add(len(before) + 1)
            numbers.add(sum(one.at_cm > self._opened_cm for one in before) + 1)
            numbers.add(sum(one.aside_cm <= self.rules.stub_cm for one in before) + 1)
            numbers.add(sum(not self._is_for_staff(one.door) for one in before) + 1)
        return numbers.pop() if len(numbers) == 1 else 0

    def _is_for_staff(self, door: int) -> bool:
        """Whether a door, or a space behind it, is not for visitors; -1 is no door."""
        if door < 0:
            return False
        network, venue = self.network, self.network.venue
        spaces = (network.space_of_node[node] for node in network.door_nodes[door] if node >= 0)
        return venue.doors[door].access != "public" or any(
            space >= 0 and venue.spaces[space].access != "public" for space in spaces
        )

    def _is_forked(self, own: Chance) -> bool:
        """Whether another one like ours leads off the same spot."""
        spot = own.at_cm, own.side, own.looks
        return sum((one.at_cm, one.side, one.looks) == spot for one in self._chances) > 1

    @cached_property
    def _opened_cm(self) -> int:
        """After how many centimetres the last door is opened before the turn, 0 if none is."""
        darts = self.line.route.darts
        for i in range(self.turn.at - 1, self.since - 1, -1):
            edge = darts[i] >> 1
            if self.network.kind[edge] == Kind.DOOR and not self.line.is_open_door(edge):
                return self.line.length_cm(self.since, i)
        return 0

    # -- how people read

    def _slack_cm(self, said_cm: int) -> int:
        by = self.rules
        return max(math.floor(said_cm * by.believed_share), by.fine_grain_cm // 2)

    def _is_ahead(self, one: Chance) -> bool:
        """Whether an opening is before the walker, not where the walk begins."""
        return one.at_cm - min(one.wide_cm, self.rules.wide_cm) // 2 > self.rules.begun_cm

    def _fitting(self, first_cm: int, last_cm: int) -> list[Chance]:
        """The openings that people would take on that stretch, in the order of walking."""
        near = [
            one
            for one in self._chances
            if one.side == self.side and first_cm <= one.at_cm <= last_cm and self._is_ahead(one)
        ]
        for looks in (WAY, BAY, DOORWAY, DOOR):
            found = [one for one in near if one.looks == looks]
            if found:
                return found
        return []

    def _is_only(self, found: Sequence[Chance], at_cm: int) -> bool:
        """Whether our opening is the only one found; in the open, whether we turn about there."""
        if not found:
            near_cm = self.rules.one_turn_cm
            is_there = self.turn_cm - near_cm <= at_cm <= self._until_cm + near_cm
            return self._own is None and is_there
        return len(found) == 1 and found[0] == self._own

    @cached_property
    def _own(self) -> Chance | None:
        """The opening into which the turn leads."""
        doors = {*self._doors_of_turn()}
        beside = [one for one in self._chances if one.side == self.side]
        for one in beside:
            if one.door in doors:
                return one
        near = [
            (max(self.turn_cm - one.at_cm, one.at_cm - self._until_cm, 0) - one.wide_cm // 2, one)
            for one in beside
            if one.door < 0
        ]
        off_cm, best = min(near, key=lambda pair: pair[0], default=(0, None))
        return best if off_cm <= self.rules.own_cm else None

    def _doors_of_turn(self) -> Iterator[int]:
        """The doors on the route within a few steps of the turn."""
        line, turn, network = self.line, self.turn, self.network
        darts = line.route.darts
        last, near_cm = turn.until, self.rules.stub_cm
        while last < line.leg.last and line.length_cm(turn.until, last) <= near_cm:
            last += 1
        led = [*darts[turn.at : last]]
        if last == len(darts) and line.route.way_in >= 0:
            led.append(line.route.way_in)
        for dart in led:
            if network.kind[dart >> 1] == Kind.DOOR:
                yield network.thing[dart >> 1] - len(network.venue.spaces)

    # -- what there is

    @cached_property
    def _path(self) -> list[tuple[int, int]]:
        """(node, centimetres walked) of the walk to the turn, and straight on from there."""
        return self.around.once("path", self._stretch, self._walked)

    @property
    def _stretch(self) -> tuple[int, ...]:
        """Where the walk to the turn begins, and its darts."""
        darts = self.line.route.darts[self.since : self.turn.at]
        return (self.line.nodes[self.since], *darts)

    def _walked(self) -> list[tuple[int, int]]:
        line, network = self.line, self.network
        found = [
            (line.nodes[i], line.length_cm(self.since, i))
            for i in range(self.since, self.turn.at + 1)
        ]
        slack_cm = self._slack_cm(rounded_m(self.turn_cm) * 100)
        last_cm = self.turn_cm + slack_cm + self.rules.within_reach_cm
        while len(found) > 1 and found[-1][1] < last_cm:
            (before, _), (node, walked_cm) = found[-2:]
            edge = self._straight_on(before, node)
            if edge < 0 or any(network.other(edge, node) == one for one, _ in found):
                break
            found.append((network.other(edge, node), walked_cm + network.length_cm[edge]))
        return found

    def _straight_on(self, before: int, node: int) -> int:
        """The edge that goes straight on over open floor, -1 if there is none. Of drawn paths
        people take the straightest."""
        network, heading, by = self.network, self.around.heading, self.rules
        is_path = network.space_of_node[node] < 0
        best, best_deg = -1, by.goes_on_deg if is_path else by.straight_deg
        into = heading(before, node)
        for edge in network.edges_at[node]:
            other = network.other(edge, node)
            if other == before or not self._is_open(edge):
                continue
            deg = abs(turn_between(into, heading(node, other)))
            if deg < best_deg:
                best, best_deg = edge, deg
        return best

    def _is_open(self, edge: int) -> bool:
        if self.network.kind[edge] == Kind.DOOR:
            return self.line.is_open_door(edge)
        return self.network.kind[edge] in (Kind.CORRIDOR, Kind.HALL, Kind.OUTDOOR, Kind.FOOTWAY)

    @cached_property
    def _chances(self) -> list[Chance]:
        """What opens on both sides, in the order of walking."""
        return self.around.once("chances", self._stretch, self._opening)

    def _opening(self) -> list[Chance]:
        gaps = [*self._gaps()]
        found = [*_joined(gaps, self.rules.joined_cm), *self._doors(), *self._crossings()]
        return sorted(found, key=lambda one: (one.at_cm, one.looks, one.side, one.door))

    def _gaps(self) -> Iterator[Chance]:
        """Gaps in walls along the walk."""
        network = self.network
        for (node, walked_cm), (after, _) in zip(self._path, self._path[1:], strict=False):
            edge = next(e for e in network.edges_at[node] if network.other(e, node) == after)
            length_cm, is_back = network.length_cm[edge], network.a[edge] != node
            for one in self.around.openings(edge):
                along_cm = length_cm - one.at_dm * 10 if is_back else one.at_dm * 10
                side = -one.side if is_back else one.side
                yield Chance(walked_cm + along_cm, one.wide_dm * 10, side, one.looks)

    def _crossings(self) -> Iterator[Chance]:
        """Ways off a drawn path: it has no walls."""
        network, heading, by = self.network, self.around.heading, self.rules
        for k in range(1, len(self._path)):
            (before, _), (node, walked_cm) = self._path[k - 1 : k + 1]
            if network.space_of_node[node] >= 0:
                continue
            after = self._path[k + 1][0] if k + 1 < len(self._path) else -1
            into = heading(before, node)
            for edge in network.edges_at[node]:
                other = network.other(edge, node)
                if other in (before, after) or network.kind[edge] == Kind.DOOR:
                    continue
                deg = turn_between(into, heading(node, other))
                if by.straight_deg <= abs(deg) <= 180 - by.straight_deg:
                    yield Chance(walked_cm, by.path_cm, side_of(deg, by.straight_deg), WAY)

    def _doors(self) -> Iterator[Chance]:
        """Doors and doorways beside the walk, each where it is passed."""
        network = self.network
        nearest: dict[int, tuple[float, Chance]] = {}
        for k in range(len(self._path)):
            for edge in network.edges_at[self._path[k][0]]:
                node = network.other(edge, self._path[k][0])
                door, _ = self.around.door_of_node.get(node, (-1, 0))
                looks = _looks(self.around, node) if door >= 0 else WAY
                if looks == WAY or network.kind[edge] == Kind.DOOR:
                    continue
                off_cm, chance = self._beside(k, node, looks, door)
                is_near = off_cm <= self.rules.within_reach_cm and self._opens_to(k, node, chance)
                if is_near and (door not in nearest or off_cm < nearest[door][0]):
                    nearest[door] = off_cm, chance
        yield from (chance for _, chance in nearest.values())

    def _opens_to(self, k: int, node: int, one: Chance) -> bool:
        """Whether who walks by looks across the way into a door."""
        first = max(0, min(k, len(self._path) - 2))
        if len(self._path) < 2:
            return True
        into = self.around.heading(self._path[first][0], self._path[first + 1][0])
        deg = turn_between(into, self.around.outwards(node))
        straight_deg = self.rules.straight_deg
        return abs(deg) <= 180 - straight_deg and side_of(deg, straight_deg) == one.side

    def _beside(self, k: int, node: int, looks: int, door: int) -> tuple[float, Chance]:
        """How far beside the walk's k-th node another node is, and where it is passed."""
        n = self.network
        here, walked_cm = self._path[k]
        first = min(k, len(self._path) - 2)
        a, b = (self._path[first][0], self._path[first + 1][0]) if first >= 0 else (here, node)
        ux, uy = n.x_cm[b] - n.x_cm[a], n.y_cm[b] - n.y_cm[a]
        length = math.sqrt(ux * ux + uy * uy)
        dx, dy = n.x_cm[node] - n.x_cm[here], n.y_cm[node] - n.y_cm[here]
        if length == 0:
            return math.sqrt(dx * dx + dy * dy), Chance(walked_cm, 100, 1, looks, door)
        along, across = (dx * ux + dy * uy) / length, (dx * uy - dy * ux) / length
        at_cm = walked_cm + math.floor(along + 0.5)
        side, aside_cm = 1 if across > 0 else -1, math.floor(abs(across))
        return abs(across), Chance(at_cm, 100, side, looks, door, aside_cm)

    def _first_of_name(self, name: int) -> tuple[int, int, list[int]] | None:
        """Where the walk passes the first door of a name, or what has it; whose it is; and all
        nodes of that name."""
        best: tuple[int, float, int] | None = None
        reach_cm = self.rules.within_reach_cm
        named = self.around.marks_named(name)
        for node, place in named:
            passed = self._passed(node)
            if passed is None or passed[1] > reach_cm:
                continue
            at_cm, off_cm = passed
            is_first = best is None or at_cm < best[0] - reach_cm
            if is_first or (best and at_cm <= best[0] + reach_cm and off_cm < best[1]):
                best = at_cm, off_cm, place
        return None if best is None else (best[0], best[2], [node for node, _ in named])

    def _passed(self, node: int) -> tuple[int, float] | None:
        """Where the walk is nearest to a node on its level, and how near."""
        n = self.network
        if n.level[node] != n.level[self._path[0][0]]:
            return None
        best: tuple[int, float] | None = None
        for (a, walked_cm), (b, _) in zip(self._path, self._path[1:], strict=False):
            ux, uy = n.x_cm[b] - n.x_cm[a], n.y_cm[b] - n.y_cm[a]
            dx, dy = n.x_cm[node] - n.x_cm[a], n.y_cm[node] - n.y_cm[a]
            square = ux * ux + uy * uy
            share = min(max((dx * ux + dy * uy) / square, 0.0), 1.0) if square else 0.0
            ox, oy = dx - share * ux, dy - share * uy
            off_cm = math.sqrt(ox * ox + oy * oy)
            if best is None or off_cm < best[1]:
                best = walked_cm + math.floor(share * math.sqrt(square) + 0.5), off_cm
        return best


def _joined(gaps: Sequence[Chance], joined_cm: int) -> list[Chance]:
    """Gaps without those that only go on with the one before."""
    found: list[Chance] = []
    for one in sorted(gaps, key=lambda o: (o.side, o.at_cm, o.wide_cm)):
        last = found[-1] if found else None
        if last is not None and last.side == one.side and last.looks == one.looks:
            begins, ends = one.at_cm - one.wide_cm // 2, last.at_cm + last.wide_cm // 2
            if begins - ends <= joined_cm:
                first = min(last.at_cm - last.wide_cm // 2, begins)
                ends = max(ends, one.at_cm + one.wide_cm // 2)
                found[-1] = Chance((first + ends) // 2, ends - first, one.side, one.looks)
                continue
        found.append(one)
    return found


def _looks(around: Surroundings, node: int) -> int:
    """What the door at a node looks like from there; `WAY` if it is no door to people."""
    network = around.network
    door, side = around.door_of_node[node]
    leaf, beyond = network.venue.doors[door], around.space_beyond(door, side)
    kind = network.venue.spaces[beyond].kind if beyond >= 0 else "outdoor"
    if kind in SHAFTS:
        return DOOR if kind == "stairs" and leaf.kind != "open" else _SHAFT
    if leaf.kind != "open":
        return DOOR
    if kind != "room":
        return WAY
    wide_cm = max(
        network.width_cm[edge] for edge in network.edges_at[node] if network.kind[edge] == Kind.DOOR
    )
    return DOORWAY if wide_cm <= around.rules.doorway_cm else BAY
