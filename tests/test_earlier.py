"""A drawing that is redrawn keeps its ids, so that corrections, codes and links still apply."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from conftest import REST, real_plan
from drawn import parse
from redrawn import WAYS, load, save
from shapely import Point, box, transform

from floorplans.reading import read
from navkit.plan.frame import Frame
from navkit.plan.plan import Plan
from navkit.venue import corrections
from navkit.venue.join import join
from navkit.venue.venue import Space, Venue


def at(venue: Venue, level: str, point: Point) -> Space | None:
    """The smallest space of a level under a point."""
    here = [s for s in venue.spaces if s.level == level and s.outline.contains(point)]
    return min(here, key=lambda space: space.outline.area, default=None)


def kept(old: Venue, new: Venue, where: Any) -> dict[str, tuple[int, int]]:
    """How many ids of each kind of thing are what they were, of how many that are still there.

    What is still there is found by place alone: where the old point is in the new drawing.
    """
    spaces, doors = [], []
    for space in old.spaces:
        inside = space.outline.representative_point()
        if at(old, space.level, inside) is not space:
            continue
        outline = where(space.outline)
        found = outline and at(new, space.level, outline.representative_point())
        if outline is not None:
            spaces.append(found is not None and found.id == space.id)
    level_of = {space.id: space.level for space in new.spaces}
    for door in old.doors:
        if door.guessed or door.kind == "open":
            continue
        spot = where(box(*door.middle, *door.middle).buffer(0.01)).centroid
        near = [
            (Point(one.middle).distance(spot), one.id)
            for one in new.doors
            if level_of[one.spaces[0]] == old.space_by_id[door.spaces[0]].level
        ]
        distance_m, found_id = min(near, default=(9.0, ""))
        if distance_m < 0.6:
            doors.append(found_id == door.id)
    kind_of = {space.id: space.kind for space in new.spaces}
    shafts = [
        one.id in {c.id for c in new.connectors}
        for one in old.connectors
        if kind_of.get(one.stops[0]) == one.kind
    ]
    return {
        name: (sum(said), len(said))
        for name, said in (("spaces", spaces), ("doors", doors), ("shafts", shafts))
    }


@pytest.fixture(scope="module", params=["three", "clinic", pytest.param("all", marks=REST)])
def drawing(request: pytest.FixtureRequest, example_drawings: Path) -> tuple[list[Path], Venue]:
    """The files of three or all storeys of one building, of the upper storeys of the other,
    and the venue of each."""
    if request.param == "clinic":
        paths = sorted(real_plan("clinic-geojson").glob("*_storey[12].geojson"))
    else:
        plans = example_drawings / "plans"
        storeys = {"three": "[123]F.*", "all": "*"}[request.param]
        paths = [plans / "venue.geojson", *sorted(plans.glob(f"医技楼-{storeys}"))]
    return paths, join(read(paths))


@pytest.mark.parametrize("way", WAYS)
def test_a_redrawn_building_keeps_98_of_100_ids(
    drawing: tuple[list[Path], Venue], way: str, tmp_path: Path
) -> None:
    paths, old = drawing
    redrawn = WAYS[way](load(paths))
    new = join(read(save(redrawn.files, tmp_path)), earlier=[old])

    assert {level.id for level in old.levels} == {level.id for level in new.levels}
    for kind, (same, of) in kept(old, new, redrawn.where).items():
        assert same >= 0.98 * of, (kind, same, of)
    for things in (new.spaces, new.doors, new.connectors, new.places):
        assert len({thing.id for thing in things}) == len(things)


ROOMS = """
    +---+---+-----+
    | A | B |  D  |
    +-d-+-d-+--d--+
    |      C      |
    +-------------+

    A: room 内科 | Internal medicine
    B: room 外科 | Surgery
    D: room 儿科 | Paediatrics
    C: corridor 走廊 | Corridor
"""
WITHOUT_B = """
    +-------+-----+
    |   A   |  D  |
    +-d-----+--d--+
    |      C      |
    +-------------+

    A: room 内科 | Internal medicine
    D: room 儿科 | Paediatrics
    C: corridor 走廊 | Corridor
"""


def drawn(drawing: str, keys: str = "") -> Plan:
    """The plan with other keys: the second letter of a pair instead of the first."""
    plan = parse(drawing)
    new = {pair[0]: pair[1] for pair in keys.split()}
    return replace(
        plan,
        spaces=tuple(replace(s, key=new.get(s.key, s.key)) for s in plan.spaces),
        doors=tuple(replace(d, spaces=()) for d in plan.doors),
    )


def corrected(plan: Plan, *changes: dict[str, Any], earlier: tuple[Venue, ...] = ()) -> Venue:
    data = {"navkit-corrections": 1, "changes": list(changes)}
    return join([plan], None, corrections.parse(data, "corrections.json"), earlier)


def test_a_correction_applies_to_what_it_was_written_for() -> None:
    """The next drawing gives the room's id to its neighbour, and another one to the room."""
    staff_only = {"do": "restrict", "id": "B", "access": "staff"}
    before = corrected(drawn(ROOMS))
    redrawn = drawn(ROOMS, keys="AB BD DE")
    astray = corrected(redrawn, staff_only)
    right = corrected(redrawn, staff_only, earlier=(before,))

    def barred(venue: Venue) -> list[str]:
        return [s.names["zh-Hans"] for s in venue.spaces if s.access == "staff"]

    assert (barred(astray), barred(right)) == (["内科"], ["外科"])


def test_a_correction_whose_room_is_gone_says_what_it_was_and_what_is_nearest() -> None:
    before = corrected(drawn(ROOMS))
    staff_only = {"do": "restrict", "id": "B", "access": "staff"}
    after = corrected(drawn(WITHOUT_B), staff_only, earlier=(before,))
    (finding,) = [f for f in after.findings if f.code.startswith("correction-")]

    assert (finding.code, finding.severity) == ("correction-target-gone", "error")
    assert (finding.slots["near"], finding.slots["level"]) == ("A", before.levels[0].id)
    assert "“外科”" in finding.text("zh-Hans")


@pytest.mark.parametrize(("written", "meant"), [("D.", "D"), ("1F:x5y-1", "B"), ("1F:@x4y-2", "A")])
def test_a_correction_without_a_target_names_the_nearest_id(written: str, meant: str) -> None:
    """By its spelling; or, if the id is made from a place, by the place: in metres, or in half
    metres after the sign @."""
    venue = corrected(drawn(ROOMS), {"do": "restrict", "id": written, "access": "staff"})
    (finding,) = [f for f in venue.findings if f.code == "correction-without-target"]

    assert finding.slots["near"].startswith(meant)


def test_the_first_of_several_earlier_venues_decides() -> None:
    """What is published counts before what was only built."""
    published = corrected(drawn(ROOMS))
    built = corrected(drawn(ROOMS, keys="AP BQ DR CS"))
    new = drawn(ROOMS, keys="A1 B2 D3 C4")

    for earlier in ((published, built), (built, published)):
        ids = {space.id for space in corrected(new, earlier=earlier).spaces}
        assert ids == {space.id for space in earlier[0].spaces}


def test_ids_are_kept_when_a_drawing_is_placed_in_the_world_anew(example_drawings: Path) -> None:
    """Another origin of the metres; what stands at the same degrees is the same."""
    (whole,) = read([example_drawings / "imdf"])
    floor = whole.spaces[0].level
    plan = replace(
        whole,
        spaces=tuple(space for space in whole.spaces if space.level == floor),
        doors=tuple(door for door in whole.doors if door.level == floor),
        points=(),
        connectors=(),
    )
    assert plan.frame
    old = join([plan])
    frame = Frame(plan.frame.origin_lon_deg + 0.01, plan.frame.origin_lat_deg - 0.01)

    def moved(shape: Any) -> Any:
        return transform(shape, lambda xy: frame.to_metres(plan.frame.to_degrees(xy)))

    new = replace(
        plan,
        frame=frame,
        spaces=tuple(replace(s, key="", outline=moved(s.outline)) for s in plan.spaces),
        doors=tuple(replace(d, line=moved(d.line), spaces=()) for d in plan.doors),
    )

    kept_ids = {s.id for s in join([new], earlier=[old]).spaces} & {s.id for s in old.spaces}
    assert len(kept_ids) >= 0.98 * len(old.spaces)
    assert [s.id for s in join([plan], earlier=[old]).spaces] == [s.id for s in old.spaces]
