"""What a venue still needs: who can reach what, which parts no way joins, what stops whom."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from navkit.network.network import Network
from navkit.plan.groups import GROUPS
from navkit.route.cuts import Cut, cuts, stops_staff_only
from navkit.route.pairs import ASKING, Pairs, joined, open_darts, pairs
from navkit.route.parts import Gap, Part, parts
from navkit.route.profiles import Profile
from navkit.route.routing import Navigator
from navkit.route.weights import Moment, moment
from navkit.venue.venue import Venue, name_in
from navkit.words.findings import Finding, Slot
from navkit.words.languages import by_language, languages

NAMED = 6
"""How many names of a list a finding says."""

_NO_CUTS = (*ASKING, "group")
"""Rules that do not take a venue apart: some are let in."""

ON_FOOT = "walk"
"""The profile that everything is compared with: it uses whatever can be walked."""


@dataclass(frozen=True)
class Review:
    """Figures for places that visitors may ask for, and findings beyond the import's."""

    places: int
    reachable: Mapping[str, int]
    """By profile, the places to which a way leads from the main one: the one that most others are
    joined with. To an island's own entrance no way leads."""
    pairs: Mapping[str, float]
    """By profile, the share of ordered pairs of places that have a way."""
    parts: tuple[Part, ...]
    """Parts that people on foot cannot leave for another, largest first."""
    by_group: Mapping[str, Sequence[str]]
    """By id, the places that only people of some groups reach, and these groups: they do not
    count above, where nobody belongs to a group."""
    components: int
    """Connected parts of the network, on foot, nothing forbidden, that contain a place."""
    findings: tuple[Finding, ...]


def review(network: Network, profiles: Mapping[str, Profile]) -> Review:
    """Who gets from where to where. Closures without an end count, as they do for a route."""
    navigator, at = Navigator(network), moment(network.venue.closures)
    by_group = _by_group(navigator, profiles[ON_FOOT], at)
    found = {key: pairs(navigator, one, at, by_group) for key, one in profiles.items()}
    weights = {key: navigator.router(profile, at)[0] for key, profile in profiles.items()}
    walked = {key: [*open_darts(network, weights[key], _NO_CUTS)] for key in profiles}
    pieces = {key: joined(len(network.level), walked[key]) for key in profiles}
    whole = joined(len(network.level), [*zip(network.a, network.b, strict=True)])
    on_foot = parts(network, pieces[ON_FOOT])
    findings: list[Finding] = []
    if not any(door.entrance for door in network.venue.doors):
        findings.append(Finding("no-entrance"))
    findings += _told_by_group(network, by_group)
    findings += _on_guesses(navigator, profiles[ON_FOOT], at, found[ON_FOOT], by_group)
    findings += _apart(network, on_foot)
    both_ways = joined(len(network.level), walked[ON_FOOT], strong=True)
    findings += _one_way(network, found[ON_FOOT], both_ways, on_foot)
    stopped = cuts(network, pieces[ON_FOOT], pieces, weights)
    findings += _stopped(network, stopped, profiles)
    return Review(
        places=len(found[ON_FOOT].places),
        reachable={key: len(one.reached) for key, one in found.items()},
        pairs={key: one.share for key, one in found.items()},
        parts=tuple(on_foot),
        by_group={network.venue.places[one].id: groups for one, groups in by_group.items()},
        components=len({whole[node] for nodes in network.place_nodes for node in nodes}),
        findings=tuple(findings),
    )


def _by_group(navigator: Navigator, on_foot: Profile, at: Moment) -> dict[int, list[str]]:
    """By number, the places that people without a group do not reach, but those of these groups."""
    venue = navigator.network.venue
    things = (*venue.spaces, *venue.doors, *venue.connectors, *venue.paths)
    named = {group for thing in things for group in thing.only}
    found: dict[int, list[str]] = {}
    if not named:
        return found
    alone = pairs(navigator, on_foot, at)
    # A ward may have more places than what is open to all: people come in by entrances.
    doors = [bit for bit, number in enumerate(alone.places) if venue.places[number].door]
    start = max(doors, key=lambda bit: alone.led_to[bit].bit_count(), default=alone.main)
    for group in (one for one in GROUPS if one in named and alone.places):
        theirs = pairs(navigator, replace(on_foot, group=group), at)
        for bit, number in enumerate(alone.places):
            if (theirs.led_to[start] & ~alone.led_to[start]) >> bit & 1:
                found.setdefault(number, []).append(group)
    return found


def _told_by_group(network: Network, by_group: Mapping[int, Sequence[str]]) -> Iterator[Finding]:
    """One finding for the places of the same groups."""
    places: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for number, groups in by_group.items():
        places[tuple(groups)].append(number)
    for groups, numbers in places.items():
        called = [by_language("places", "groups", group) for group in groups]
        slots: dict[str, Slot] = {
            "count": str(len(numbers)),
            "names": _names(network, numbers),
            "groups": _each(lambda tag, called=called: _listed(called, tag)),  # type: ignore[misc]
        }
        yield Finding("places-by-group", "", slots)


def _on_guesses(
    navigator: Navigator, profile: Profile, at: Moment, found: Pairs, without: Collection[int]
) -> Iterator[Finding]:
    """How many pairs of places have a way only if guessed doors are really there."""
    doors = {d.id: d.guess.likelihood for d in navigator.network.venue.doors if d.guess}
    if not doors:
        return
    verified = pairs(navigator, profile, replace(at, closed=at.closed | frozenset(doors)), without)
    resting = found.share - verified.share
    if resting > 0:
        doubtful = sorted(doors, key=lambda door: (doors[door], door))[:NAMED]
        slots = {"share": percent(resting), "count": str(len(doors)), "doors": ", ".join(doubtful)}
        yield Finding("pairs-on-guessed-doors", "", slots)


def reached_places(network: Network, profiles: Mapping[str, Profile]) -> dict[str, frozenset[str]]:
    """By profile, the ids of the places that `Review.reachable` counts."""
    navigator, at = Navigator(network), moment(network.venue.closures)
    found = {key: pairs(navigator, profile, at).reached for key, profile in profiles.items()}
    return {
        key: frozenset(network.venue.places[number].id for number in numbers)
        for key, numbers in found.items()
    }


def percent(share: float) -> str:
    """A share for people, in tenths of a per cent; 100 % means all."""
    return f"{min(round(share * 100, 1), 99.9 if share < 1 else 100):g} %"


def would_join(venue: Venue, gap: Gap, language: str) -> str:
    """What would join two parts, in words."""
    return Finding(f"join-{gap.remedy}", "", _gap_slots(venue, gap)).text(language)


def _gap_slots(venue: Venue, gap: Gap) -> dict[str, Slot]:
    low, high = (_posted(venue, level) for level in gap.levels)
    x, y = gap.point
    return {
        "start": _called(venue, gap.start),
        "end": _called(venue, gap.end),
        "low": low,
        "high": high,
        "distance": f"{gap.distance_m:.1f}",
        "x": f"{x:g}",
        "y": f"{y:g}",
    }


def _posted(venue: Venue, level: str) -> Slot:
    """A level as it is posted, with its building if there are several."""
    one = venue.level_by_id[level]
    building = venue.building_names.get(one.building, {})
    if len({level.building for level in venue.levels}) == 1:
        building = {}
    return _each(lambda tag: f"{name_in(building, tag)} {one.label}".strip())


def _called(venue: Venue, thing: str) -> Slot:
    """The id of a space, with its name or number."""
    space = venue.space_by_id.get(thing)
    if space is None or not (space.ref or any(space.names.values())):
        return thing
    return _each(lambda tag: f"{thing} ({name_in(space.names, tag) or space.ref})")


def _apart(network: Network, on_foot: Sequence[Part]) -> Iterator[Finding]:
    """One finding for each part but the largest; single rooms together, level by level."""
    venue, parts_slot = network.venue, str(len(on_foot))
    entered = {space for door in venue.doors if door.entrance for space in door.spaces if space}
    open_air = {space for one in on_foot if entered & {*one.spaces} for space in one.spaces}
    single: dict[str, list[tuple[Part, Gap]]] = defaultdict(list)
    for part in on_foot[1:]:
        gap = part.nearest
        assert gap
        if len(part.spaces) == 1:
            single[gap.levels[0]].append((part, gap))
            continue
        levels = [_posted(venue, level) for level in part.levels]
        slots: dict[str, Slot] = {
            "parts": parts_slot,
            "count": str(len(part.places)),
            "names": _names(network, part.places),
            "levels": _each(lambda tag, levels=levels: _listed(levels, tag)),  # type: ignore[misc]
            "join": _joined(venue, gap, outdoors={gap.start, gap.end} <= open_air),
            **_gap_slots(venue, gap),
        }
        yield Finding("venue-in-parts", f"{gap.levels[0]}, {gap.start}", slots)
    for level, rooms in single.items():
        gap = rooms[0][1]
        slots = {
            "parts": parts_slot,
            "count": str(len(rooms)),
            "names": _names(network, [part.places[0] for part, _ in rooms]),
            "join": _joined(venue, gap, outdoors=False),
        }
        yield Finding("rooms-apart", f"{level}, {gap.start}", slots)


def _joined(venue: Venue, gap: Gap, *, outdoors: bool) -> Slot:
    """What would join a part; `outdoors` where both it and the other have an entrance."""
    told = Finding("join-entrances", "") if outdoors else None
    return _each(
        lambda tag: f"{would_join(venue, gap, tag)} {told.text(tag) if told else ''}".strip()
    )


def _one_way(
    network: Network, found: Pairs, labels: Sequence[int], on_foot: Sequence[Part]
) -> Iterator[Finding]:
    """Places of the largest part to which, or from which, no way leads; and those without any spot
    where people arrive. `labels` numbers what is joined there and back."""
    elsewhere = frozenset(number for part in on_foot[1:] for number in part.places)
    if not found.places:
        return
    there = {labels[node] for node in network.place_nodes[found.places[found.main]]}
    for number in found.places:
        place = network.venue.places[number]
        if number in elsewhere:
            continue
        if number not in found.reached:
            yield Finding("unreachable-place", place.id, {"name": place.names})
        elif not any(labels[node] in there for node in network.place_nodes[number]):
            yield Finding("no-way-back", place.id, {"name": place.names})
        elif number not in found.returning:
            yield Finding("no-way-out", place.id, {"name": place.names})


def _stopped(
    network: Network, stopped: Iterable[Cut], profiles: Mapping[str, Profile]
) -> Iterator[Finding]:
    """What stops whom; rooms that only beds cannot enter, level by level."""
    narrow: dict[tuple[str, tuple[str, ...]], list[Cut]] = defaultdict(list)
    for cut in stopped:
        level = network.venue.levels[network.level[cut.node]].id
        if cut.code == "door-too-narrow" and stops_staff_only(cut, profiles):
            narrow[level, cut.profiles].append(cut)
            continue
        yield Finding(
            cut.code,
            f"{level}, {cut.thing.id}",
            {
                "place": _names(network, cut.places),
                "count": str(len(cut.places)),
                "width": f"{cut.width_m:g}",
                "profile": _profiles(cut.profiles, profiles),
                "x": f"{cut.at[0]:.1f}",
                "y": f"{cut.at[1]:.1f}",
            },
        )
    for (level, keys), rooms in narrow.items():
        places = [number for cut in rooms for number in cut.places]
        yield Finding(
            "doors-narrow-for-staff",
            level,
            {
                "place": _names(network, places),
                "count": str(len(places)),
                "width": f"{min(profiles[key].min_door_m for key in keys):g}",
                "profile": _profiles(keys, profiles),
            },
        )


def _profiles(keys: Sequence[str], profiles: Mapping[str, Profile]) -> Slot:
    return _each(lambda tag: ", ".join(name_in(profiles[key].names, tag) for key in keys))


def _names(network: Network, places: Sequence[int]) -> Slot:
    things = [network.venue.places[number] for number in places]
    called = [one.names if any(one.names.values()) else one.id for one in things]
    return _each(lambda tag: _listed(called, tag))


def _listed(names: Sequence[Slot], language: str) -> str:
    """The first few of some names, each once."""
    said = (one if isinstance(one, str) else name_in(one, language) for one in names)
    different = list(dict.fromkeys(said))
    return ", ".join(different[:NAMED]) + (" …" if len(different) > NAMED else "")


def _each(say: Callable[[str], str]) -> dict[str, str]:
    return {tag: say(tag) for tag in languages()}
