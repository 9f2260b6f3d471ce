"""`navkit check --html`: one page with every level drawn, and every finding linked to its place."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from shapely import LineString, Point
from shapely.geometry.base import BaseGeometry

from exporter.paper.drawing import look
from exporter.paper.hypertext import page, tag
from exporter.paper.levels import Mark, bounds_of, doors_on
from navkit.plan.plan import Plan
from navkit.route.parts import Gap
from navkit.route.reach import Review, would_join
from navkit.venue.venue import Venue, name_in
from navkit.words.findings import Finding
from tools.listing import RANK, alike, cause_of, grouped, where_of
from tools.pins import Places, Spot
from tools.plates import Plate, anchor_of, contents, swatch
from tools.terminal import own_language, words

TITLES = 3
"""So many sentences are said where one points at a mark of several findings."""


@dataclass(frozen=True)
class Pinned:
    """Findings and their marks on the levels."""

    marks: dict[str, list[Mark]]
    """By level."""
    links: dict[Spot, str]
    """The id that a link to a spot leads to."""


Lines = Mapping[str, Sequence[LineString]]
"""Lines in metres, by level."""


def walls_of(plans: Iterable[Plan], venue: Venue) -> Lines:
    """The walls that drawings of the venue show, as they are drawn there. A drawing that is
    somewhere else on Earth than the venue, or has other levels, has none of them."""
    walls: dict[str, list[LineString]] = defaultdict(list)
    for plan in plans:
        for level, line in plan.walls if plan.frame == venue.frame else ():
            if level in venue.level_by_id:
                walls[level].append(line)
    return walls


def report(
    venue: Venue,
    found: Review,
    findings: Sequence[Finding],
    said: Sequence[str],
    file: str,
    underlay: Lines,
) -> bytes:
    """The page in UTF-8: `said` is what `navkit check` prints first, `file` names the venue if it
    has no name. Lines of the `underlay` are drawn on the floors; a reader may turn them off."""
    places = Places(venue)
    spots = {id(finding): places.of(finding) for finding in findings}
    gaps = [
        ("error", would_join(venue, part.nearest, own_language()), _gap(part.nearest))
        for part in found.parts
        if part.nearest
    ]
    told = [(one.severity, one.text(own_language()), spots[id(one)]) for one in findings]
    pinned = _pinned([*told, *gaps], venue)
    title = words("page-check", name=name_in(venue.names, own_language()) or file)
    red = unreachable(venue, found, places)
    body = [
        tag("a", words("page-findings"), href="#findings", class_="skip"),
        tag("header", tag("h1", title), *_summary(venue, found, said, pinned)),
        tag(
            "main",
            tag("section", *_listed(findings, spots, pinned), id="findings"),
            tag(
                "section",
                tag("h2", words("page-levels")),
                _legend(venue),
                _switch() if underlay else None,
                contents(venue),
                *(
                    _level(
                        venue,
                        level,
                        pinned.marks.get(level, ()),
                        red.get(level, ()),
                        underlay.get(level, ()),
                    )
                    for level in venue.level_by_id
                ),
            ),
            class_="beside",
        ),
    ]
    return page(title, own_language(), *body)


def unreachable(venue: Venue, found: Review, places: Places) -> dict[str, list[Spot]]:
    """By level, what no way on foot joins with the largest part, and places that none leads to."""
    ids = [space for part in found.parts[1:] for space in part.spaces]
    ids += [one.where for one in found.findings if one.code == "unreachable-place"]
    spots: dict[str, list[Spot]] = defaultdict(list)
    for spot in dict.fromkeys(spot for one in ids for spot in places.at(one)):
        spots[spot.level].append(spot)
    return spots


def _pinned(found: Iterable[tuple[str, str, Iterable[Spot]]], venue: Venue) -> Pinned:
    """A mark for each spot, with what is found there, the worst first. `found` are the severity,
    the sentence and the spots."""
    links: dict[Spot, str] = {}
    there: dict[Spot, list[tuple[str, str]]] = defaultdict(list)
    for severity, text, spots in sorted(found, key=lambda one: RANK[one[0]]):
        for spot in spots:
            there[spot].append((severity, text))
    marks: dict[str, list[Mark]] = defaultdict(list)
    for count, (spot, some) in enumerate(there.items(), start=1):
        if spot.shape is None:
            links[spot] = anchor_of(venue, spot.level)
            continue
        links[spot] = f"mark-{count}"
        title = "\n".join(dict.fromkeys(text for _, text in some[:TITLES]))
        marks[spot.level].append(Mark(links[spot], some[0][0], title, spot.shape))
    return Pinned(marks, links)


# -- what is said


def _summary(venue: Venue, found: Review, said: Sequence[str], pinned: Pinned) -> Iterable[Element]:
    yield tag("ul", *(tag("li", line) for line in said), class_="plain")
    if len(found.parts) < 2:
        return
    yield tag("h2", words("page-parts"))
    rows = []
    for number, part in enumerate(found.parts, start=1):
        levels = [venue.level_by_id[level] for level in part.levels]
        labels = ", ".join(dict.fromkeys(level.label for level in levels))
        row = words("page-part", number=number, count=len(part.places), levels=labels)
        link = None
        if gap := part.nearest:
            (spot,) = _gap(gap)
            said_there = would_join(venue, gap, own_language())
            link = tag("a", tag("bdi", said_there), href=f"#{pinned.links[spot]}")
        rows.append(tag("li", row, link))
    yield tag("ul", *rows, class_="plain")


def _gap(gap: Gap) -> list[Spot]:
    """Where a part comes nearest to another one."""
    x, y = gap.point
    return [Spot(gap.levels[0], f"x {x:g}, y {y:g}", Point(x, y))]


def _listed(
    findings: Sequence[Finding], spots: dict[int, list[Spot]], pinned: Pinned
) -> Iterable[Element]:
    """By cause, then by code; findings that say the same share a sentence."""
    yield tag("h2", words("page-findings"))
    if not findings:
        yield tag("p", words("page-none"))
    for cause, of_cause in grouped(findings, lambda finding: cause_of(finding.code)):
        yield tag("h3", f"{words(cause)} ({len(of_cause)})")
        for code, group in grouped(of_cause, lambda finding: finding.code):
            for sentence, same in alike(group).items():
                yield _finding(code, sentence, same, spots, pinned)


def _finding(
    code: str,
    sentence: str,
    same: Sequence[Finding],
    spots: dict[int, list[Spot]],
    pinned: Pinned,
) -> Element:
    severity = same[0].severity
    head = tag(
        "p",
        tag("span", words(severity), class_="badge"),
        f" {sentence} ",
        tag("code", f"[{code}]"),
    )
    rows = [row for one in same for row in _where(one, sentence, spots[id(one)], pinned)]
    places = tag("ul", *rows, class_="row") if rows else None
    return tag("div", head, places, class_=f"finding {severity}")


def _where(
    finding: Finding, sentence: str, spots: Sequence[Spot], pinned: Pinned
) -> Iterable[Element]:
    """Where one finding is, as a link to its first spot; further spots are links by their ids. What
    is on no level is said to be so."""
    where = where_of(finding, sentence)
    if not spots:
        text = where or words("page-nowhere")
        yield tag("li", tag("span", tag("bdi", text), class_="spot"))
        return
    for count, spot in enumerate(spots):
        text = where if where and not count else f"{spot.level}, {spot.thing}"
        yield tag("li", tag("a", tag("bdi", text), href=f"#{pinned.links[spot]}"))


# -- what is drawn


def _level(
    venue: Venue,
    level: str,
    marks: Sequence[Mark],
    red: Sequence[Spot],
    underlay: Sequence[LineString],
) -> Element:
    """A level: its floor, the drawing's own lines, what is unreachable, what is guessed, the rooms'
    names, the marks."""
    plate = Plate(venue, level, bounds_of(venue, level))
    plate.draw_lines(underlay, "underlay")
    for spot in red:
        if spot.shape is not None:
            plate.cross_out(spot.shape)
    guessed: list[BaseGeometry] = [
        LineString(door.line) for door in doors_on(venue, level) if door.guessed
    ]
    guessed += [
        venue.space_by_id[stop].outline
        for shaft in venue.connectors
        if shaft.guessed
        for stop in shaft.stops
        if venue.space_by_id[stop].level == level
    ]
    for shape in guessed:
        plate.draw(shape, "guessed")
    return plate.section(marks, words("page-here", count=len(marks)), "findings")


def _switch() -> Element:
    """Turns the drawing's own lines on and off; it needs no program."""
    box = tag("input", type="checkbox", id="underlay", checked="checked")
    return tag("p", tag("label", box, words("page-underlay"), class_="layer"))


def _legend(venue: Venue) -> Element:
    """What colours and lines mean: those kinds of spaces that the venue has."""
    paints, kinds = look("screen").paints, {space.kind for space in venue.spaces}
    painted = [*sorted(kinds), "staff"]
    rows = [
        swatch(words(f"page-kind-{kind}"), fill=paints[kind], stroke=paints["wall"])
        for kind in painted
    ]
    rows.append(swatch(words("page-guessed"), class_="guessed"))
    rows.append(swatch(words("page-unreachable"), class_="unreachable"))
    return tag("ul", *rows, class_="legend")
