"""What guidance often needs from a network, computed once."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from navkit.guidance.rules import rules
from navkit.network.network import Network


@dataclass(frozen=True)
class Landmark:
    """A place seen from the way to a turn."""

    place: int
    side: int
    """-1 left of the way, 1 right, 0 ahead."""


class Surroundings:
    """A network with its landmarks, and the rules by which routes through it are described."""

    def __init__(
        self, network: Network, landmarks: Mapping[tuple[int, int], Sequence[Landmark]]
    ) -> None:
        self.network = network
        self.rules = rules()
        self.landmarks = landmarks
        """By (node of the turn, previous node), the nearest first."""

    @cached_property
    def door_of_node(self) -> dict[int, tuple[int, int]]:
        """(door, side) of the nodes at doors."""
        return {
            node: (door, side)
            for door, nodes in enumerate(self.network.door_nodes)
            for side, node in enumerate(nodes)
            if node >= 0
        }

    @cached_property
    def _space_number(self) -> dict[str, int]:
        return {space.id: i for i, space in enumerate(self.network.venue.spaces)}

    def place_spaces(self, place: int) -> list[int]:
        """Numbers of the spaces of a place."""
        return [self._space_number[space] for space in self.network.venue.places[place].spaces]

    @cached_property
    def place_of_space(self) -> dict[int, int]:
        """The first place at a space, public ones only."""
        found: dict[int, int] = {}
        for number, place in enumerate(self.network.venue.places):
            if place.access == "public":
                for space in self.place_spaces(number):
                    found.setdefault(space, number)
        return found

    def place_at(self, space: int) -> int:
        """The first public place at a space, or -1."""
        return self.place_of_space.get(space, -1)

    def space_beyond(self, door: int, side: int) -> int:
        """The space on the other side of a door, -1 if that is outside."""
        node = self.network.door_nodes[door][1 - side]
        return -1 if node < 0 else self.network.space_of_node[node]

    def heading(self, a: int, b: int) -> float:
        """Direction from node a to node b in radians, as atan2 gives it."""
        n = self.network
        return math.atan2(n.y_cm[b] - n.y_cm[a], n.x_cm[b] - n.x_cm[a])

    def distance_cm(self, a: int, b: int) -> float:
        n = self.network
        dx, dy = n.x_cm[b] - n.x_cm[a], n.y_cm[b] - n.y_cm[a]
        return math.sqrt(dx * dx + dy * dy)
