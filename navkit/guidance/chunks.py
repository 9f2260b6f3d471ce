"""Cards: what is said in one breath, so that a route has few of them.

A step of `steps` is one action: to walk somewhere and turn, or to reach what one looks for. People
remember two, if the first is soon done (R5): then both are on one card. A ride is no action of its
own: one stands while it lasts, and hears what comes behind the door. The phone's runtime does the
same on the same integers.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from navkit.guidance.cues import Cue, CueKind
from navkit.guidance.line import legs_of
from navkit.guidance.rules import Rules
from navkit.guidance.steps import Step, actions_of, dressed
from navkit.guidance.surroundings import Surroundings
from navkit.network.network import Kind
from navkit.route.routing import Route

_RIDES = frozenset({"lift", "escalator", "ramp", "stairs", "stairs-one", "stairs-few"})
"""Families of cues that lead to another floor: a card begins with them."""

_SPARED = (CueKind.TOO_FAR, CueKind.THEN_PASSING)
"""What a full card does without, the first to go first."""

_METRES = frozenset({"at-distance", "go-distance", "on-distance"})
_THROUGH = frozenset({"through-one", "through-more"})

_KEEPS = frozenset({"keep", "fork"})

_NO_ACTION = frozenset({"start", "start-anchor", "start-entrance", "face", "again"})
"""Families of cues that only say where one begins and which way one looks."""


def cards_of(route: Route, around: Surroundings) -> tuple[Step, ...]:
    """The steps of a route as people are told them, in walking order and without gaps."""
    return cards_from(route, around, actions_of(route, around))


def cards_from(route: Route, around: Surroundings, actions: Sequence[Step]) -> tuple[Step, ...]:
    """The same from the actions of the route, for who has them already."""
    return dressed(route, around, tuple(_Cards(route, around.rules).joined(actions)))


class _Cards:
    """Joins the actions of a route."""

    def __init__(self, route: Route, by: Rules) -> None:
        self.route = route
        self.rules = by
        legs = legs_of(route)
        self.behind = [leg.after for leg in legs if leg.how == "cross"]
        """The nodes of the route behind bridges and doors of buildings."""
        self.afoot = [route.network.kind[dart >> 1] != Kind.BOARD for dart in route.darts]
        """Whether a dart of the route is walked, not ridden or waited for."""
        for leg in legs:
            if leg.how not in ("cross", ""):
                self.afoot[leg.last : leg.after] = [False] * (leg.after - leg.last)

    def joined(self, all_actions: Sequence[Step]) -> Iterator[Step]:
        """The cards in walking order."""
        actions = self._over_bridges(all_actions)
        card, count, last = actions[0], _count(actions[0]), actions[0]
        for action in actions[1:]:
            both = count + _count(action)
            one = None
            if both <= self.rules.most_actions and self._is_soon(last) and _leads_on(last, action):
                one = self._one(card, action)
            if one is None:
                yield self._shortened(card)
                one, both = action, _count(action)
            card, count, last = one, both, action
        yield self._shortened(card)

    def _over_bridges(self, actions: Sequence[Step]) -> list[Step]:
        """The actions, each bridge told with the way to it: what is behind it begins anew."""
        found: list[Step] = []
        for action in actions:
            first, (cross, *rest) = action.first, action.cues
            if not found or cross.kind.family != "cross":
                found.append(action)
                continue
            behind = next(i for i in self.behind if i > first) if rest else action.last
            before = found[-1]
            found[-1] = replace(before, cues=(*before.cues, cross), last=behind)
            if rest:
                found.append(replace(action, cues=tuple(rest), first=behind))
        return found

    def _is_soon(self, action: Step) -> bool:
        """Whether an action is done so soon that people remember what comes after it."""
        length_cm = duration_ms = 0
        for i in range(action.first, action.last):
            if self.afoot[i]:
                length_cm += self.route.network.length_cm[self.route.darts[i] >> 1]
                duration_ms += self.route.durations_ms[i]
        by = self.rules
        return length_cm < by.breath_cm or duration_ms < by.breath_s * 1000

    def _one(self, card: Step, action: Step) -> Step | None:
        """Both on one card, None if that is too much for one. Who reads on is not told at once
        how to see that they have missed a turn a few steps ahead."""
        before = tuple(cue for cue in card.cues if cue.kind.family != "too-far")
        one = self._shortened(replace(action, cues=(*before, *action.cues), first=card.first))
        return one if _weight(one.cues) <= self.rules.most_on_a_card else None

    def _shortened(self, card: Step) -> Step:
        """A card that says too much goes without what shows a missed turn, then without all but the
        first place that one passes."""
        cues = [*card.cues]
        for spared in _SPARED:
            for i in reversed(range(len(cues))):
                if cues[i].kind == spared and _weight(cues) > self.rules.most_on_a_card:
                    del cues[i]
        return replace(card, cues=tuple(cues))


def _weight(cues: Sequence[Cue]) -> int:
    """How much is said: one for each clause, and for each of at most two things that it names."""
    return sum(1 + min(len(cue.slots), 2) for cue in cues)


def _count(action: Step) -> int:
    """How many actions it is: none while one only sets out."""
    return int(not _families(action) <= _NO_ACTION)


def _leads_on(action: Step, following: Step) -> bool:
    """Whether two actions may be told in one breath. A ride begins a card. After keeping to a side
    one has to look around first, and out of a door before one counts metres: nobody turns exactly
    where the line does."""
    said, then = _families(action), _families(following)
    is_blind = bool(then & _METRES) and not then & _THROUGH
    return not then & _RIDES and not said & _KEEPS and not ("leave" in said and is_blind)


def _families(action: Step) -> frozenset[str]:
    return frozenset(cue.kind.family for cue in action.cues)
