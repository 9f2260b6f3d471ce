"""What walkers are spared who have not asked for it: stairs by the storey, ways out of doors.

The search minimises time and dislikes edge by edge; whether somebody climbs three storeys in all,
or leaves a building only to come in again, shows on the whole way. `profiles.json` says how much of
each choice of `kinds.json` a profile is led over unasked.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from navkit.network.network import Kind, Network
from navkit.plan.kinds import kinds
from navkit.route.profiles import Profile

_AVOIDED = 1000
"""Cost factor of what is avoided: any way around it is cheaper. A guess."""


def unasked(network: Network, darts: Sequence[int], profile: Profile) -> dict[str, float]:
    """By choice, how much of it there is on a way, where that is more than the profile is led over
    unasked: storeys by stairs, times out of a building and in again."""
    found = {choice: _MEASURES[choice](network, darts) for choice in profile.spared}
    return {choice: much for choice, much in found.items() if much > profile.spared[choice]}


def asks_less(some: Mapping[str, float], others: Mapping[str, float]) -> bool:
    """Whether a way asks less of a walker than another, and more of nothing."""
    return some != others and all(much <= others.get(choice, 0) for choice, much in some.items())


def avoiding(profile: Profile, choices: Sequence[str]) -> Profile:
    """The profile as one that takes any way around these choices."""
    edges = (kind for choice in choices for kind in kinds()["choices"][choice])
    factors = {**profile.factors, **dict.fromkeys(edges, _AVOIDED)}
    return replace(profile, id="~".join((profile.id, *choices)), factors=factors)


def _storeys_climbed(network: Network, darts: Sequence[int]) -> float:
    """Up and down."""
    edges = (dart >> 1 for dart in darts)
    return sum(network.floors_c(edge) for edge in edges if network.kind[edge] == Kind.STAIRS) / 100


def _comings_in(network: Network, darts: Sequence[int]) -> float:
    """How often a way leaves a building and comes into the same one again."""
    building = network.building_of_node
    if all(building[network.heads[dart]] is not None for dart in darts):
        return 0
    count, left, is_out = 0, None, False
    for dart in darts:
        here, there = (building[node] for node in network.ends(dart))
        if there is None and here is not None:
            left, is_out = here, True
        elif is_out and there is not None:
            count += there == left
            is_out = False
    return count


_MEASURES: Mapping[str, Callable[[Network, Sequence[int]], float]] = {
    "stairs": _storeys_climbed,
    "outdoor": _comings_in,
}
