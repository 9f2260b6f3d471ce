"""One level of a venue, joined anew alone: what an editor shows while somebody draws on it.

What other levels would say of it (the stops of its shafts, a bridge into another building) is
not there; `navkit.venue.join` says all of it.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from navkit.plan.plan import Plan
from navkit.venue.corrections import Change
from navkit.venue.join import level_ids
from navkit.venue.venue import Venue


def cut(plans: Sequence[Plan], venue: Venue, level: str) -> tuple[Plan, ...]:
    """The plans that `venue` was made of, with nothing but what is on one of its levels."""
    plans, id_of = level_ids(plans, venue)
    found = []
    for plan in plans:
        keys = {
            key for (source, key), one in id_of.items() if (source, one) == (plan.source, level)
        }
        if keys:
            found.append(_only(plan, keys))
    return tuple(found)


def _only(plan: Plan, keys: Collection[str]) -> Plan:
    return replace(
        plan,
        levels=tuple(one for one in plan.levels if one.key in keys),
        spaces=tuple(one for one in plan.spaces if one.level in keys),
        doors=tuple(one for one in plan.doors if one.level in keys),
        paths=tuple(one for one in plan.paths if {*one.levels} <= {*keys}),
        walls=tuple(one for one in plan.walls if one[0] in keys),
        floors=tuple(one for one in plan.floors if one[0] in keys),
        points=tuple(one for one in plan.points if one.level in keys),
        anchors=tuple(one for one in plan.anchors if one.level in keys),
        findings=(),
    )


def concerning(changes: Iterable[Change], level: str) -> tuple[Change, ...]:
    """The corrections without those that make other floors."""
    return tuple(one for one in changes if one.do != "add-level" or one.fields["id"] == level)


def part(venue: Venue, level: str) -> Venue:
    """What `venue` has on one level."""
    spaces = tuple(space for space in venue.spaces if space.level == level)
    here = {space.id for space in spaces}
    stops = {c.id: tuple(stop for stop in c.stops if stop in here) for c in venue.connectors}
    return replace(
        venue,
        levels=(venue.level_by_id[level],),
        spaces=spaces,
        doors=tuple(d for d in venue.doors if here.issuperset(filter(None, d.spaces))),
        connectors=tuple(replace(c, stops=stops[c.id]) for c in venue.connectors if stops[c.id]),
        paths=tuple(path for path in venue.paths if {*path.levels} == {level}),
        places=tuple(place for place in venue.places if here & {*place.spaces}),
        anchors=tuple(anchor for anchor in venue.anchors if anchor.space in here),
        closures=(),
        photos=(),
        findings=(),
    )
