"""Boards that hang and stripes on the floor, along the line of one leg."""

from collections.abc import Sequence

from navkit.guidance.cues import Cue, CueKind
from navkit.guidance.line import Line, Turn, side_of

ARROWS = {"left": -1, "ahead": 0, "right": 1, "back": 2}
"""The side on which something is that a board points to; 2 is behind."""

LASTING = frozenset({"at-entering", "at-door", "at-opening"})
"""Families of cues that say where to turn, and that no board says better: right behind a door."""
WHERE = frozenset(
    {"at-place", "at-soon", "at-end", "at-form", "at-nth-way", "at-nth-door", "at-distance"}
)
"""Families of cues that say where to turn."""


class Boards:
    """What marks the way of one leg."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self._is_seen = line.route.profile.sighted

    def at_turn(self, cues: Sequence[Cue], since: int, turn: Turn) -> list[Cue]:
        """What is said of the way to a turn: by the board or the stripe there, if there is one."""
        if any(cue.kind.family in LASTING for cue in cues):
            return [*cues]
        mark = self._mark(since, turn)
        if mark is None:
            return [*self._on_the_way(since, turn.at), *cues]
        before = [
            cue
            for cue in cues
            if cue.kind.family not in WHERE and cue.kind != CueKind.ABOUT_DISTANCE
        ]
        return [*before, mark]

    def marks(self, since: int, turn: Turn) -> bool:
        """Whether a board or a stripe says where to turn."""
        return self._mark(since, turn) is not None

    def leaving(self, left: Cue, turn: Turn) -> list[Cue]:
        """What is said of a turn right outside a lift or stairs: also by the board there."""
        board = self._board(turn.at, self._arrow(turn)) if self._is_seen else -1
        return [left, Cue(CueKind.AT_BOARD, {"board": board})] if board >= 0 else [left]

    def to_end(self, cues: Sequence[Cue], since: int, until: int) -> list[Cue]:
        """What is said of the way to the end of the leg."""
        return [*self._on_the_way(since, until), *cues]

    def _mark(self, since: int, turn: Turn) -> Cue | None:
        """The board that points where one turns, or the stripe that bends or ends there."""
        if not self._is_seen:
            return None
        by = self.line.rules
        arrow = self._arrow(turn)
        board = self._board(turn.at, arrow)
        if board >= 0:
            return Cue(CueKind.AT_BOARD, {"board": board})
        stripe, ahead_cm = self._stripe(since, turn.at)
        if stripe < 0 or arrow == ARROWS["back"] or abs(turn.deg) < by.slight_deg:
            return None
        if ahead_cm <= by.stripe_end_cm:
            return Cue(CueKind.AT_STRIPE_END, {"stripe": stripe})
        onward = self._onward(turn.until)
        is_with = onward > turn.until and all(
            stripe in self._along(first, onward) for first in (since, turn.until)
        )
        return Cue(CueKind.AT_STRIPE_BEND, {"stripe": stripe}) if is_with else None

    def _arrow(self, turn: Turn) -> int:
        by = self.line.rules
        is_back = abs(turn.deg) > by.back_deg
        return ARROWS["back"] if is_back else side_of(turn.deg, by.straight_deg)

    def _on_the_way(self, since: int, until: int) -> list[Cue]:
        """The board under which one walks on, the stripe along which one walks."""
        if not self._is_seen:
            return []
        boards = (self._board(i, 0) for i in range(since + 1, until))
        board = next((one for one in boards if one >= 0), -1)
        cues = [Cue(CueKind.ON_BOARD, {"board": board})] if board >= 0 else []
        stripe, _ = self._stripe(since, until)
        return [*cues, Cue(CueKind.ALONG_STRIPE, {"stripe": stripe})] if stripe >= 0 else cues

    def _board(self, i: int, arrow: int) -> int:
        """The first board at the route's node i that points there, and to where the leg leads."""
        around, nodes = self.line.around, self.line.nodes
        if i < 1:
            return -1
        boards = around.boards(nodes[i], nodes[i - 1])
        return next((one for one in boards if self._is_meant(one, arrow, i)), -1)

    def _is_meant(self, board: int, arrow: int, i: int) -> bool:
        led, line = self.line.around.led(board), self.line
        if ARROWS[led.arrow] != arrow:
            return False
        network, leg, goals = line.network, line.leg, line.route.goal.places
        if any(place in led.places for place in goals) or (leg.how and leg.thing in led.things):
            return True
        here = network.space_of_node[line.nodes[i]]
        met = {network.space_of_node[node] for node in line.nodes[i : leg.last + 1]} - {here}
        goal = {space for place in goals for space in line.around.place_spaces(place)}
        return not (met | goal).isdisjoint(led.things)

    def _stripe(self, since: int, until: int) -> tuple[int, int]:
        """The first stripe along which one walks all the way between two nodes of the route, and
        how much of it is still ahead; -1 if there is none, or the way is too short."""
        if self.line.length_cm(since, until) < self.line.rules.stripe_least_cm:
            return -1, 0
        along = self._along(since, until)
        stripe = min(along, default=-1)
        return stripe, along[stripe] if stripe >= 0 else 0

    def _along(self, since: int, until: int) -> dict[int, int]:
        """The stripes along which one walks all the way, with how much of each is still ahead."""
        line, around = self.line, self.line.around
        walked_cm: dict[int, int] = {}
        here_cm: dict[int, int] = {}
        for i in range(since, until):
            dart = line.route.darts[i]
            beside = around.along(dart >> 1)
            known = {one.stripe for one in beside}
            if i > since:
                known = {stripe for stripe in known if stripe in walked_cm}
            if not known:
                return {}
            walked_cm = {stripe: walked_cm.get(stripe, 0) for stripe in known}
            for one in beside:
                if one.stripe in known:
                    from_cm, to_cm = one.from_cm, one.to_cm
                    if dart & 1:
                        from_cm, to_cm = to_cm, from_cm
                    walked_cm[one.stripe] += to_cm - from_cm
                    here_cm[one.stripe] = to_cm
        least_cm = line.length_cm(since, until) - 2 * line.rules.stripe_near_cm
        return {
            stripe: around.stripe_cm(stripe) - here_cm[stripe] if cm > 0 else here_cm[stripe]
            for stripe, cm in walked_cm.items()
            if abs(cm) >= least_cm
        }

    def _onward(self, i: int) -> int:
        """The node that lies a little way past the route's node i; i where the leg ends before."""
        line = self.line
        k = i
        while k < line.leg.last and line.length_cm(i, k) < line.rules.stripe_on_cm:
            k += 1
        return k if line.length_cm(i, k) >= line.rules.stripe_on_cm else i
