"""`navkit diff`: what differs between two venues of one house, in lines, as JSON and as a page."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element

from exporter.paper.drawing import Box
from exporter.paper.hypertext import page, tag
from exporter.paper.levels import Mark, bounds_of
from navkit.venue.comparing import Difference, are_comparable, in_frame
from navkit.venue.venue import Venue, name_in
from tools.pins import Places, Spot
from tools.plates import Plate, anchor_of, contents, swatch
from tools.terminal import own_language, words

HOWS = ("new", "gone", "moved", "renamed", "changed")
"""In this order they are listed."""
NAMED = 20
"""So many things of one kind are printed."""


# -- in lines, and for programs


def lines(found: Sequence[Difference], *, where: bool) -> Iterator[str]:
    """How many things of each part are new, gone …, and which; the first few of each. `where` is
    whether it can be told what has moved."""
    if not where:
        yield words("diff-frames")
    if not found:
        yield words("diff-none")
    for how, some in _grouped(found):
        yield f"{words(f'diff-{how}')} ({len(some)})"
        yield from (f"  {sentence(one)}" for one in some[:NAMED])
        if len(some) > NAMED:
            yield f"  {words('more', count=len(some) - NAMED)}"


def as_json(found: Sequence[Difference]) -> dict[str, Any]:
    """What `navkit diff --json` prints."""
    return {
        "counts": dict(Counter(one.how for one in found)),
        "differences": [
            {
                "how": one.how,
                "part": one.part,
                "id": one.id,
                "old_id": one.old.id if one.old else None,
                "moved_m": round(one.metres, 2),
                "facts": list(one.facts),
            }
            for one in found
        ],
    }


def sentence(one: Difference) -> str:
    """What a thing is, how it is called, and what is different."""
    called = _called(one.new or one.old)
    thing = words(f"diff-thing-{one.part}", name=called)
    match one.how:
        case "moved":
            return words("diff-said-moved", thing=thing, metres=f"{one.metres:.1f}")
        case "renamed":
            return words("diff-said-renamed", thing=thing, was=_called(one.old))
        case "changed":
            return words("diff-said-changed", thing=thing, facts=", ".join(one.facts))
        case _:
            return thing


def _called(thing: Any) -> str:
    """Its id, and its name or number or label."""
    name = name_in(getattr(thing, "names", {}), own_language())
    said = name or getattr(thing, "ref", "") or getattr(thing, "label", "")
    return f"{thing.id} ({said})" if said and said != thing.id else str(thing.id)


def _grouped(found: Sequence[Difference]) -> Iterator[tuple[str, list[Difference]]]:
    for how in HOWS:
        if some := [one for one in found if one.how == how]:
            yield how, some


# -- as a page


@dataclass(frozen=True)
class _Side:
    """One of the two venues, and where its things are."""

    venue: Venue
    places: Places

    def spots(self, thing: Any) -> list[Spot]:
        return self.places.at(thing.id) if thing is not None else []


def page_of(old: Venue, new: Venue, found: Sequence[Difference], file: str) -> bytes:
    """The page in UTF-8; `file` names the venue if it has no name. Levels that are gone are drawn
    after those that there are."""
    old = in_frame(old, new.frame)
    sides = _Side(old, Places(old)), _Side(new, Places(new))
    was, now = sides
    links, marks = _marks(found, was, now)
    gone = [level for level in old.level_by_id if level not in new.level_by_id]
    before = was if are_comparable(old, new) else None
    drawn = [_level(new, level, marks[level], found, before) for level in new.level_by_id]
    drawn += [_level(old, level, marks[level], found, was, "gone") for level in gone]
    note = None if are_comparable(old, new) else tag("p", words("diff-frames"))
    title = words("diff-title", name=name_in(new.names, own_language()) or file)
    return page(
        title,
        own_language(),
        tag("a", words("diff-list"), href="#differences", class_="skip"),
        tag("header", tag("h1", title), note),
        tag(
            "main",
            tag("section", *_listed(found, links), id="differences"),
            tag("section", tag("h2", words("page-levels")), _legend(), contents(new), *drawn),
            class_="beside",
        ),
    )


def _marks(
    found: Sequence[Difference], was: _Side, now: _Side
) -> tuple[dict[int, str], dict[str, list[Mark]]]:
    """By number of a difference the id that its link leads to, and by level the marks."""
    links: dict[int, str] = {}
    marks: dict[str, list[Mark]] = defaultdict(list)
    where = are_comparable(was.venue, now.venue)
    for number, one in enumerate(found):
        earlier = (s for s in was.spots(one.old) if where or s.level not in now.venue.level_by_id)
        for spot in (now.spots(one.new) or [*earlier])[:1]:
            if spot.shape is not None:
                links[number] = f"mark-{number + 1}"
                title = f"{words(f'diff-{one.how}')}: {sentence(one)}"
                marks[spot.level].append(Mark(links[number], one.how, title, spot.shape))
        if one.part == "levels":
            links[number] = _anchor(now if one.new else was, one.id, is_gone=not one.new)
    return links, marks


def _anchor(side: _Side, level: str, *, is_gone: bool) -> str:
    return anchor_of(side.venue, level, "gone" if is_gone else "level")


def _listed(found: Sequence[Difference], links: dict[int, str]) -> Iterator[Element]:
    """By what has happened; each is a link if it is drawn."""
    yield tag("h2", words("diff-list"))
    if not found:
        yield tag("p", words("diff-none"))
    for how in HOWS:
        some = [(number, one) for number, one in enumerate(found) if one.how == how]
        if not some:
            continue
        yield tag("h3", f"{words(f'diff-{how}')} ({len(some)})")
        rows = []
        for number, one in some:
            said = tag("bdi", sentence(one))
            if number in links:
                rows.append(tag("li", tag("a", said, href=f"#{links[number]}")))
            else:
                rows.append(tag("li", tag("span", said, class_="spot")))
        yield tag("ul", *rows)


def _level(
    shown: Venue,
    level: str,
    marks: Sequence[Mark],
    found: Sequence[Difference],
    was: _Side | None,
    of: str = "level",
) -> Element:
    """A level as it is, or was if it is gone, and on it what was there before, if there `was`
    something that can be drawn on it. `of` begins its id."""
    bounds = bounds_of(shown, level)
    plate = Plate(shown, level, _both(bounds_of(was.venue, level), bounds) if was else bounds)
    for mark in marks:
        if mark.look in ("new", "moved"):
            plate.draw(mark.shape, f"drawn-{mark.look}")
    for one in found if was else ():
        assert was
        for spot in was.spots(one.old) if one.how in ("gone", "moved") else ():
            if spot.level == level and spot.shape is not None:
                plate.draw(spot.shape, f"drawn-{'gone' if one.how == 'gone' else 'before'}")
    caption = words("diff-here", count=len(marks))
    return plate.section(marks, caption, "differences", anchor_of(shown, level, of))


def _both(one: Box | None, other: Box | None) -> Box | None:
    """A box around two."""
    if one is None or other is None:
        return one or other
    return (
        min(one[0], other[0]),
        min(one[1], other[1]),
        max(one[2], other[2]),
        max(one[3], other[3]),
    )


def _legend() -> Element:
    rows = [
        swatch(words(f"diff-legend-{how}"), class_=f"drawn-{how}")
        for how in ("new", "gone", "moved", "before")
    ]
    return tag("ul", *rows, class_="legend")
