"""What a category does that `test_rows.py` has added by one row: run in a copy of the packages.

`python added_category.py FOLDER` writes a bundle there and prints what Python knows of it.
"""

import json
import sys
from pathlib import Path

from shapely import LineString, box

from exporter.bundle.bundle import make_bundle, write_bundle
from exporter.words.screen_words import screen_words
from floorplans.classify import classify, imdf_class, osm_class
from navkit.guidance.landmarks import sights
from navkit.guide import Guide
from navkit.plan.plan import Plan, PlanDoor, PlanLevel, PlanSpace
from navkit.venue.join import join


def door(key: str, *ends: tuple[float, float]) -> PlanDoor:
    return PlanDoor(key=key, level="0", line=LineString(ends), kind="hinged", width_m=1.0)


def house() -> Plan:
    """A corridor with another off it; in the corner a room that only its category names."""
    #          |  |--- 乙
    #   甲 ----+  +----
    #              H
    return Plan(
        "house.svg",
        None,
        levels=(PlanLevel("0", 0, "1F"),),
        spaces=(
            PlanSpace("hall", "0", box(0, 0, 20, 2), "corridor"),
            PlanSpace("aisle", "0", box(9, 2, 11, 14), "corridor"),
            PlanSpace("room-a", "0", box(0, 2, 5, 6), "room", names={"zh-Hans": "甲"}),
            PlanSpace("room-b", "0", box(11, 9, 15, 14), "room", names={"zh-Hans": "乙"}),
            PlanSpace("room-h", "0", box(8, -4, 12, 0), "room", "hairdresser"),
        ),
        doors=(
            door("d-a", (2, 2), (3, 2)),
            door("d-b", (11, 11), (11, 12)),
            door("d-h", (9.5, 0), (10.5, 0)),
            door("d-c", (9, 2), (11, 2)),
        ),
    )


def main(folder: Path) -> None:
    guide = Guide(join([house()]))
    folder.mkdir()
    write_bundle(make_bundle(guide, ("en", "zh-Hans", "zh-Hant")), folder)
    words = json.dumps(screen_words(), ensure_ascii=False)
    (folder.parent / "words.json").write_text(words, encoding="utf-8")
    venue = guide.venue
    marks = sights(guide.network).landmarks.values()
    found = {
        "imdf": imdf_class("hairdresser"),
        "osm": osm_class({"indoor": "room", "shop": "hairdresser"}),
        "name": classify("HAIRDRESSER 2"),
        "chinese name": classify("一楼理发室"),
        "corridor": classify("Hairdresser corridor"),
    }
    said = {by: [one.kind, one.category] for by, one in found.items() if one}
    said |= {
        "names": next(dict(p.names) for p in venue.places if p.category == "hairdresser"),
        "landmarks": sorted({venue.places[mark.place].id for some in marks for mark in some}),
    }
    print(json.dumps(said))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
