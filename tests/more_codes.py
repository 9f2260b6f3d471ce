"""More uploads that make findings of a build: what people draw, model, paint and photograph.

Those that a table of sentences or a row of a list makes are in tests/every_code.py.
"""

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import drawn_pdf as plotted
import drawn_svg as vector
from clinic import drawing
from drawn_ifc import Ifc
from drawn_pictures import CORRIDOR, FLOOR, GREEN, UPSTAIRS, WALL, Room, file_of, painted
from PIL import Image, ImageDraw, ImageFilter
from test_bad_input import drawn, level, native, osm, ring, space, tags, text, zipped

from exporter.bundle.scripts_file import scripts
from exporter.paper import verdicts
from floorplans.reading import read
from navkit.guide import Guide
from navkit.venue.directory import read_content
from navkit.venue.join import join

File = tuple[str, bytes]
Json = dict[str, Any]


def _file(plan: Mapping[str, Any], name: str = "plan.geojson") -> File:
    return name, text(plan).encode()


def clinic(*more: Json, without: Sequence[str] = (), **said: Mapping[str, Any]) -> File:
    """The clinic with more in it, less, or other properties of things by id."""
    plan: Json = json.loads(drawing())
    kept = [one for one in plan["features"] if one["id"] not in without]
    for one in kept:
        one["properties"] |= said.get(one["id"], {})
    return _file(plan | {"features": [*kept, *more]})


def area(key: str, outline: Sequence[Sequence[float]], **said: Any) -> Json:
    return {**space(key, **said), "geometry": {"type": "Polygon", "coordinates": [outline]}}


def door(key: str, start: Sequence[float], end: Sequence[float], **said: Any) -> Json:
    shape = {"type": "LineString", "coordinates": [start, end]}
    told = {"type": "door", "level": "L0", "kind": "hinged", "width_m": 1.0, **said}
    return {"type": "Feature", "id": key, "properties": told, "geometry": shape}


def small_lift() -> File:
    """Wide doors everywhere, and a lift as small as a cupboard."""
    wide: dict[str, Mapping[str, Any]] = {"L": {"cabin_m": [0.5, 0.5]}}
    for one in json.loads(drawing())["features"]:
        if one["properties"]["type"] == "door":
            wide[one["id"]] = {"width_m": 2.0}
    return clinic(**wide)


def code_of_nowhere() -> File:
    said = {"type": "anchor", "level": "1F", "code": "Q"}
    return clinic({**drawn("Point", [20, 500], **said), "id": "Q"})


def steep_ramp() -> File:
    """Half of a corridor is reached by a ramp of one to four."""
    rooms = dict(enumerate((0, 7, 13, 27, 33), start=1))
    return _file(
        native(
            level("L0", label="1F"),
            area("C", ring(0, 0, 20, 3), kind="corridor"),
            area("R", ring(20, 0, 6, 3), kind="ramp", slope=0.25),
            area("D", ring(26, 0, 14, 3), kind="corridor"),
            *(area(f"r{n}", ring(x, 3, 6, 5), ref=f"10{n}") for n, x in rooms.items()),
            *(door(f"d{n}", (x + 2, 3), (x + 3, 3)) for n, x in rooms.items()),
            door("E", (0, 1), (0, 2), entrance=True),
            door("o1", (20, 0.5), (20, 2.5), kind="open"),
            door("o2", (26, 0.5), (26, 2.5), kind="open"),
        )
    )


def lift_past_a_floor() -> File:
    """Three floors, at the middle one of which the lift does not stop."""
    floors = [
        (
            level(f"L{n}", ordinal=n, label=f"{n + 1}F"),
            area(f"C{n}", ring(0, 0, 20, 3), kind="corridor", level=f"L{n}"),
            area(f"S{n}", ring(20, 0, 3, 3), kind="stairs", level=f"L{n}", connector="S"),
            door(f"DS{n}", (20, 1), (20, 2), level=f"L{n}"),
            area(f"A{n}", ring(0, 3, 5, 5), ref=f"{n + 1}01", level=f"L{n}"),
            door(f"DA{n}", (2, 3), (3, 3), level=f"L{n}"),
            *(
                (
                    area(f"V{n}", ring(-3, 0, 3, 3), kind="elevator", level=f"L{n}", connector="V"),
                    door(f"DV{n}", (0, 1), (0, 2), level=f"L{n}"),
                )
                if n != 1
                else ()
            ),
        )
        for n in range(3)
    ]
    shafts = [
        {"type": "Feature", "id": key, "properties": {"type": "connector", "kind": kind},
         "geometry": None}
        for key, kind in (("V", "elevator"), ("S", "stairs"))
    ]  # fmt: skip
    entrance = door("E", (10, 0), (11, 0), entrance=True)
    return _file(native(*shafts, *(one for floor in floors for one in floor), entrance))


def storeys_of_one_height() -> File:
    labels = enumerate(("UG", "1F", "2"))
    return _file(
        native(
            *(
                one
                for n, label in labels
                for one in (
                    level(f"L{n}", ordinal=0, label=label),
                    space(f"R{n}", 9 * n, level=f"L{n}", ref=f"{n}"),
                )
            )
        )
    )


def storey_in_degrees(key: str) -> File:
    """A room of the second floor, which has this id."""
    here = ring(119.999, 30, 0.0005, 0.0005)
    return _file(
        native(level(key, ordinal=1, label="2F"), area("W", here, level=key, ref="2"), units="deg")
    )


def level_of_two_heights() -> tuple[File, ...]:
    """Two drawings that mean two storeys by one id."""
    _, west = storey_in_degrees("0")
    return ("west.geojson", west), ("east.osm", osm("").encode())


def door_on_an_empty_floor() -> File:
    return clinic(
        level("3F", ordinal=2, label="3F", building="h"),
        door("lost", (1, 1), (2, 1), level="3F"),
    )


def bare_bend() -> File:
    """A hall of two wide arms, between which nothing stands."""
    corners = (0, 0), (60, 0), (60, 60), (40, 60), (40, 20), (0, 20), (0, 0)
    return _file(
        native(
            level(label="1F"),
            area("C", corners, kind="hall"),
            area("A", ring(40, 60, 20, 5), ref="101"),
            door("a", (49, 60), (50, 60)),
            door("E", (0, 1), (0, 2), entrance=True),
        )
    )


def rooms_behind_rooms() -> File:
    """Three rooms that only lead to each other, beside a corridor."""
    boxes = {"C": (0, 0, 16, 2), "S": (0, 2, 8, 6), "A": (8, 2, 2, 3), "B": (0, 8, 3, 2)}
    return _file(
        native(
            level(label="1F"),
            *(
                area(key, ring(*box), kind="corridor" if key == "C" else "room", ref=key)
                for key, box in boxes.items()
            ),
            door("a", (8, 3), (8, 4)),
            door("b", (1, 8), (2, 8)),
            door("E", (0, 0.5), (0, 1.5), entrance=True),
        )
    )


def steps_at_some_hours() -> File:
    said = tags(**{"wheelchair:conditional": "no @ (22:00-06:00)"})
    return "a.osm", osm("").replace("</way>", f"{said}</way>").encode()


def drawn_ward() -> bytes:
    return vector.svg(*vector.ward())


def drawn_twice() -> File:
    """One floor as it was drawn and as it was plotted."""
    ward = {"1F.svg": drawn_ward(), "1F.pdf": plotted.pdf(plotted.ward())}
    return "a.zip", zipped(ward)


def model() -> File:
    """A corridor with rooms, a door to the outside, and a place on Earth."""
    built = Ifc()
    site = built.lines[built.site - 1]
    built.lines[built.site - 1] = site.replace(
        ".ELEMENT.,$,$", ".ELEMENT.,(41,52,27,840000),(-87,-38,-21,-839999)"
    )
    floor = built.storey("1F", 0)
    built.space(floor, "100", "Corridor", (0.1, 0.1, 19.9, 2.9))
    wall, outer = built.wall(floor, (0, 2.9, 20, 3.1)), built.wall(floor, (0, -0.1, 20, 0.1))
    for number in range(4):
        left = 5.0 * number
        built.space(floor, f"10{number + 1}", "Ward", (left + 0.1, 3.1, left + 4.9, 7.9))
        hole = built.opening(wall, left + 2, 2.9, 0.9, 0.2)
        built.door(floor, left + 2, 3.0, 0.9, hole)
    hole = built.opening(outer, 9, -0.1, 1.2, 0.2)
    outside = built.door(floor, 9, 0, 1.2, hole)
    said = built.add("PROPERTYSINGLEVALUE", "'IsExternal',$,IFCBOOLEAN(.T.),$")
    told = built.thing("PROPERTYSET", "'Pset_DoorCommon',$,({})", said)
    built.thing("RELDEFINESBYPROPERTIES", "$,$,({}),{}", outside, told)
    return "1F.ifc", built.bytes()


def huge_photo() -> bytes:
    out = io.BytesIO()
    Image.new("1", (20_000, 10_001)).save(out, "PNG")
    return out.getvalue()


def verdicts_on(plan: File, table: bytes) -> File:
    """What staff say of two sentences of a route, as it is told today."""
    with TemporaryDirectory() as folder:
        (Path(folder) / plan[0]).write_bytes(plan[1])
        plans = read([Path(folder) / plan[0]])
    guide = Guide(join(plans, read_content(table, "directory.csv"), ()))
    route = next(iter(scripts(guide)))
    told = guide.tell(route.route, "zh-Hans")
    said = verdicts.Verdict(
        "zh-Hans", "a", route.start, route.goal, route.route.profile.id, 1,
        verdicts.route_hash(told), verdicts.WRONG, "门锁了", "王",
    )  # fmt: skip
    remark = replace(said, pattern="b", step=0, verdict="", remark="很远")
    return "verdicts.json", verdicts.encode([said, remark])


# ------------------------------------------------------------------- painted floors

Files = tuple[File, ...]
_LIFT, _SURGERY = FLOOR[7], FLOOR[8]


def _floors(*pictures: Image.Image) -> Files:
    return tuple((f"{n}F.png", file_of(one, "PNG")) for n, one in enumerate(pictures, start=1))


def _but(room: Room, **said: Any) -> Files:
    return _floors(painted([replace(one, **said) if one is room else one for one in FLOOR]))


def lift_without_a_name() -> Files:
    return _but(_LIFT, name="")


def odd_lift() -> Files:
    return _but(_SURGERY, name="LIFT")


def doubtful() -> Files:
    """A name that can hardly be read."""
    return _but(_SURGERY, name="?#*&")


def two_floors() -> Files:
    return _floors(painted(), painted(UPSTAIRS, "2F"))


def floors_without_a_lift() -> Files:
    return _floors(painted(), painted([room for room in UPSTAIRS if room.colour != GREEN], "2F"))


def blurred() -> Files:
    return _floors(painted().filter(ImageFilter.GaussianBlur(1.2)))


def without_names() -> Files:
    return _floors(painted([replace(room, name="") for room in FLOOR]))


def without_doors() -> Files:
    picture = painted([replace(room, door=0) for room in FLOOR])
    left, top, _, low = CORRIDOR
    ImageDraw.Draw(picture).line((left, top, left, low), fill=WALL, width=3)
    return _floors(picture)
