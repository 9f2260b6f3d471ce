"""The network: no edge through a wall, and the same graph for everybody."""

import itertools
import random
from dataclasses import replace

import networkx as nx
import pytest
from conftest import Plans, but_for
from drawn import parse
from shapely import LineString, Point
from test_routing import tower

from navkit.guidance.answers import route_path
from navkit.guidance.surroundings import Sights
from navkit.guide import Guide
from navkit.network.network import Kind, build
from navkit.route.profiles import profile, profiles
from navkit.route.routing import NoRouteError
from navkit.route.weights import BLOCKED, Moment, weigh
from navkit.venue.join import join
from navkit.venue.lookup import Spot
from navkit.venue.venue import Closure, Door, Photo, Space

ROUNDING_M = 0.02
"""Outlines are drawn to the millimetre, nodes stand on whole centimetres."""

VENUES = ["example", pytest.param("clinic", marks=pytest.mark.real_plans)]


@pytest.fixture
def guide(request: pytest.FixtureRequest) -> Guide:
    found = request.getfixturevalue(request.param)
    assert isinstance(found, Guide)
    return found


@pytest.mark.parametrize("guide", VENUES, indirect=True)
def test_every_edge_inside_a_space_stays_in_it(guide: Guide) -> None:
    network = guide.network
    outlines: dict[str, object] = {}
    out = []
    for edge, number in enumerate(network.thing):
        thing = network.things[number]
        if not isinstance(thing, Space):
            continue
        ground = outlines.setdefault(thing.id, thing.outline.buffer(ROUNDING_M))
        ends = [
            (network.x_cm[n] / 100, network.y_cm[n] / 100)
            for n in (network.a[edge], network.b[edge])
        ]
        if not ground.covers(LineString(ends)):  # type: ignore[attr-defined]
            out.append((thing.id, ends))

    assert out == []


@pytest.mark.parametrize("guide", VENUES, indirect=True)
def test_every_door_edge_goes_through_its_door(guide: Guide) -> None:
    network = guide.network
    off = []
    for edge, kind in enumerate(network.kind):
        if kind != Kind.DOOR:
            continue
        door = network.things[network.thing[edge]]
        assert isinstance(door, Door)
        ends = [
            (network.x_cm[n] / 100, network.y_cm[n] / 100)
            for n in (network.a[edge], network.b[edge])
        ]
        gap = LineString(door.line).buffer(ROUNDING_M)
        if not LineString(ends).intersects(gap) or LineString(ends).length > 1.6:
            off.append((door.id, ends))

    assert off == []


@pytest.mark.slow
@pytest.mark.parametrize("profile_id", list(profiles()))
def test_costs_equal_networkx_on_the_same_graph(example: Guide, profile_id: str) -> None:
    """A thousand pairs a profile, to the millisecond; where networkx finds none, nor do we."""
    network = example.network
    weights, router = example.navigator.router(profile(profile_id), Moment())
    graph = network.to_networkx()
    for a, b, data in graph.edges(data=True):
        dart = 2 * data["number"] + (network.a[data["number"]] != a)
        data["cost_ms"] = weights.cost_ms[dart] if weights.cost_ms[dart] < BLOCKED else None
        assert {a, b} == {network.a[data["number"]], network.b[data["number"]]}
    rng = random.Random(11)
    starts = rng.sample(range(len(network.level)), 10)
    goals = rng.sample(range(len(network.level)), 105)
    wrong = []
    for start in starts:
        least = nx.single_source_dijkstra_path_length(graph, start, weight="cost_ms")
        for goal in goals:
            walk = router.find((start,), (goal,))
            if (walk.cost_ms if walk else None) != least.get(goal):
                wrong.append((start, goal))
            if walk and walk.cost_ms != sum(weights.cost_ms[d] for d in walk.darts):
                wrong.append((start, goal))

    assert wrong == []


def test_the_way_there_costs_what_the_way_back_costs(example: Guide) -> None:
    """Where nothing is one-way: the wheelchair profile takes no escalators, and both ends are
    public; other rooms may be left, but not entered."""
    _, router = example.navigator.router(profile("wheelchair"), Moment())
    rng = random.Random(3)
    network = example.network
    ends = [n for ns in network.place_nodes for n in ns]
    spaces = network.venue.spaces
    ends = [n for n in ends if spaces[network.space_of_node[n]].access == "public"]
    nodes = rng.sample(ends, 60)

    there = [router.find((a,), (b,)) for a, b in itertools.pairwise(nodes)]
    back = [router.find((b,), (a,)) for a, b in itertools.pairwise(nodes)]

    assert [w and w.cost_ms for w in there] == [w and w.cost_ms for w in back]


def test_closures_and_photos_are_no_part_of_the_network_or_of_what_people_see() -> None:
    guide = Guide(tower())
    photo = Photo("hall.jpg", {"en": "The hall"}, space="H", point=(6.0, 2.0), bearing_deg=90.0)
    venue = replace(guide.venue, closures=(Closure("L"),), photos=(photo,))

    anew, shared = Guide(venue), but_for(guide, venue)

    assert guide.sights != Sights()
    assert (anew.network, anew.sights) == (shared.network, shared.sights)


@pytest.mark.parametrize("profile_id", list(profiles()))
def test_every_edge_takes_time_and_dislike_never_saves_any(example: Guide, profile_id: str) -> None:
    weights = weigh(example.network, profile(profile_id), Moment())

    assert min(weights.duration_ms) > 0
    assert all(c >= d for c, d in zip(weights.cost_ms, weights.duration_ms, strict=True))


def test_forbidding_more_never_shortens_a_route(example: Guide) -> None:
    navigator, rng = example.navigator, random.Random(5)
    public = [i for i, p in enumerate(example.venue.places) if p.access == "public"]
    worse = []
    for _ in range(40):
        start, goal = (Spot((i,)) for i in rng.sample(public, 2))
        free = navigator.find_route(start, goal, profile("walk"), Moment())
        used = [d >> 1 for d in free.darts if example.network.kind[d >> 1] == Kind.RIDE]
        if not used:
            continue
        lift = example.network.things[example.network.thing[used[0]]].id
        at = Moment(closed=frozenset({lift}))
        try:
            other = navigator.find_route(start, goal, profile("walk"), at)
        except NoRouteError:
            continue
        if other.cost_ms < free.cost_ms:
            worse.append((start, goal, lift))

    assert worse == []


@pytest.mark.slow
@pytest.mark.real_plans
@pytest.mark.parametrize(
    ("drawing", "share"), [("university-osm", 0.9), ("campus-imdf", 0.9), ("clinic as drawn", 0.9)]
)
def test_real_drawings_hang_together_without_corrections(
    plans: Plans, drawing: str, share: float
) -> None:
    """Rooms in the largest connected part of their building, on foot."""
    venue, network = plans(drawing).venue, plans(drawing).network
    graph = nx.Graph(zip(network.a, network.b, strict=True))
    parts = list(nx.connected_components(graph))
    rooms = [
        (venue.level_by_id[venue.space_by_id[p.spaces[0]].level].building, nodes)
        for p, nodes in zip(venue.places, network.place_nodes, strict=True)
        if p.spaces and venue.space_by_id[p.spaces[0]].kind == "room"
    ]
    reached = 0
    for building in {b for b, _ in rooms}:
        of_building = [nodes for b, nodes in rooms if b == building]
        reached += max(
            sum(any(n in part for n in nodes) for nodes in of_building) for part in parts
        )

    assert reached / len(rooms) >= share


def test_points_of_the_path_lie_on_the_levels_they_name(example: Guide) -> None:
    route = example.route("mz-1F-D-main", "zy-9F-905", profile("walk"))
    levels = {level.id for level in example.venue.levels}

    pieces = route_path(route)

    assert {piece["level"] for piece in pieces} <= levels
    goal = example.venue.space_by_id["zy-9F-905"].outline
    assert goal.covers(Point(pieces[-1]["points"][-1]))


@pytest.mark.slow
@pytest.mark.real_plans
def test_the_stations_platforms_are_reached_by_lift_and_by_stairs(plans: Plans) -> None:
    """Platforms are drawn as footways two levels up and two down; lifts as mere points."""
    guide = plans("station-osm")
    network, venue = guide.network, guide.venue
    lifts = frozenset(c.id for c in venue.connectors if c.kind == "elevator")
    entrances = [
        n for d, ns in zip(venue.doors, network.door_nodes, strict=True) if d.entrance for n in ns
    ]
    start = [n for n in entrances if n >= 0]
    platforms = [
        node
        for node, level in enumerate(network.level)
        if venue.levels[level].ordinal in (-2, 2) and network.space_of_node[node] < 0
    ]

    landings = {
        network.door_nodes[number][0]
        for number, door in enumerate(venue.doors)
        if door.path
        and venue.space_by_id[door.spaces[0]].kind == "elevator"
        and venue.level_by_id[venue.space_by_id[door.spaces[0]].level].ordinal in (-2, 2)
    }

    by_lift = guide.navigator.router(profile("wheelchair"), Moment())[1]
    by_stairs = guide.navigator.router(profile("walk"), Moment(closed=lifts))[1]
    lifted = [by_lift.find(start, (node,)) for node in sorted(landings)]
    climbed = [by_stairs.find(start, (node,)) for node in platforms]

    assert len(landings) >= 12
    assert all(walk is not None for walk in lifted)
    # The platforms themselves are not drawn, and many escalators only lead away from them:
    # both levels must be reached by several stairs, not every footway on them.
    for ordinal in (-2, 2):
        reached = [
            walk
            for node, walk in zip(platforms, climbed, strict=True)
            if venue.levels[network.level[node]].ordinal == ordinal and walk is not None
        ]
        assert len(reached) >= 20
    assert any(f.code == "door-guessed" for f in venue.findings)


@pytest.mark.parametrize(
    ("name", "inner", "column_m", "kind"),
    [
        ("", "d", 1.0, Kind.CORRIDOR),
        (" 药房 | Pharmacy", "d", 1.0, Kind.ROOM),
        ("", "s", 1.0, Kind.ROOM),
        ("", "d", 5.0, Kind.ROOM),
    ],
)
def test_a_small_nameless_room_between_entrance_and_hall_is_passed_through(
    name: str, inner: str, column_m: float, kind: Kind
) -> None:
    """Not a room with a name, one that only staff may pass, or a large one."""
    drawing = f"""
    +-----+---------+
    |     |         |
    e  V  {inner}    H    |
    |     |         |
    +-----+---------+

    V: room{name}
    H: hall
    """

    network = build(join([parse(drawing, column_m=column_m)]))

    inside = [number for number, thing in enumerate(network.things) if thing.id == "V"]
    assert {network.kind[e] for e, thing in enumerate(network.thing) if thing in inside} == {kind}
