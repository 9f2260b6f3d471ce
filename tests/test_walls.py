"""No route leads through a wall of the drawing, whatever navkit made of the drawing."""

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import shapely
from conftest import real_plan
from literal import Outline, outlines
from shapely import LineString, STRtree

from floorplans.reading import read
from navkit.guide import Guide
from navkit.network.network import Network, build
from navkit.venue.join import join
from navkit.venue.venue import DrawnPath, Venue

JAMB_M = 0.3
"""How far from a door's line its opening may cross an outline: the wall has a thickness."""

REAL = ["clinic-geojson", "campus-imdf", "university-osm/building.osm", "station-osm/station.osm"]


def through_walls(network: Network, drawn: Sequence[Outline]) -> list[str]:
    """Where an edge of a level crosses an outline with no door there, drawn or guessed.

    Every route is made of edges, so this holds for all routes. Footways are left out: they
    are lines of the drawing itself.
    """
    venue = network.venue
    walls: dict[str, list[shapely.Geometry]] = defaultdict(list)
    for level, rings in drawn:
        walls[level].append(rings)
    doors = _doors(venue)
    found = []
    for level, lines in _edges(network).items():
        tree = STRtree(walls[level])
        edge, wall = tree.query(lines, predicate="intersects")
        crossings = shapely.intersection(np.array(lines)[edge], tree.geometries[wall])
        near = STRtree(doors[level]).query(crossings, predicate="dwithin", distance=JAMB_M)[0]
        for number in sorted(set(range(len(crossings))) - set(near.tolist())):
            found.append(f"{level}: {crossings[number].wkt}")
    return found


def _edges(network: Network) -> dict[str, list[LineString]]:
    """The lines of edges that stay on a level."""
    lines: dict[str, list[LineString]] = defaultdict(list)
    for a, b, thing in zip(network.a, network.b, network.thing, strict=True):
        ends = [(network.x_cm[n] / 100, network.y_cm[n] / 100) for n in (a, b)]
        stays = network.level[a] == network.level[b] and ends[0] != ends[1]
        if stays and not isinstance(network.things[thing], DrawnPath):
            lines[network.venue.levels[network.level[a]].id].append(LineString(ends))
    return lines


def _doors(venue: Venue) -> dict[str, list[LineString]]:
    doors: dict[str, list[LineString]] = defaultdict(list)
    for door in venue.doors:
        for space in filter(None, door.spaces):
            doors[venue.space_by_id[space].level].append(LineString(door.line))
    return doors


@pytest.mark.real_plans
@pytest.mark.parametrize("name", REAL)
def test_no_way_leads_through_a_wall_of_a_real_drawing(name: str) -> None:
    drawing = real_plan(name)
    venue = join(read([drawing]))
    drawn = outlines(drawing, venue.frame)

    assert len(drawn) > len(venue.spaces) / 3
    assert through_walls(build(venue), drawn) == []


def test_no_way_leads_through_a_wall_of_the_example(example: Guide, example_drawings: Path) -> None:
    drawn = outlines(example_drawings / "plans", None)

    assert len(drawn) > len(example.venue.spaces) / 3
    assert through_walls(example.network, drawn) == []


@pytest.mark.real_plans
def test_walls_a_metre_off_are_noticed(clinic: Guide) -> None:
    """The law can fail."""
    drawn = outlines(real_plan("clinic-geojson"), None)
    moved = [(level, shapely.transform(rings, lambda xy: xy + 1.0)) for level, rings in drawn]

    assert len(through_walls(clinic.network, moved)) > 100
