"""Small uploads that make every finding which a build can give, and how each is answered.

Most are the bad files of tests/test_bad_input.py and tests/bad_files.py, by their names there.
"""

import base64
import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import more_codes
from bad_files import CLASSES, picture
from clinic import DIRECTORY, drawing
from openpyxl import Workbook
from test_bad_input import (
    BAD,
    SMALL,
    UNREAD,
    foreign,
    level,
    native,
    osm,
    ring,
    room,
    space,
    text,
    zipped,
)  # fmt: skip
from test_directory import END, SHEET, XML, swollen
from test_server_worklist import crooked, flawed

from exporter.paper import verdicts
from floorplans.limits import LIMITS, Limits

File = tuple[str, bytes]
Answer = tuple[str, Mapping[str, Any]]
"""Its kind, and what is typed."""

GOOD_DRAWING: File = ("mended.geojson", text(native(level(), space(name="CT", ref="101"))).encode())
_TABLE: Mapping[str, Any] = json.loads(
    Path(__file__).with_suffix(".json").read_text(encoding="utf-8")
)


@dataclass(frozen=True)
class Case:
    """What somebody uploads, and what is to be answered."""

    codes: frozenset[str]
    """Of which this is the proof."""
    sources: tuple[tuple[Any, ...], ...]
    """The kind of an upload, and its files."""
    answers: Mapping[str, Answer] = field(default_factory=dict)
    """By code, the answer that is followed and what is typed there; of others the reason why it is
    so, or, where there can be none, another file."""
    limits: Limits = LIMITS
    """Within which it is read."""
    before: tuple[tuple[Any, ...], ...] = ()
    """What an earlier build was made of."""
    better: File = GOOD_DRAWING
    """What is uploaded in the place of what nothing else mends."""
    made: Callable[[], tuple[File, ...]] = tuple
    """Drawings that take a while to make."""
    found: frozenset[str] = frozenset()
    """Those of the codes that the test says of the first file, since no small one has them."""


def _bytes(content: Any) -> bytes:
    if isinstance(content, Mapping) and [*content] == ["base64"]:
        return base64.b64decode(content["base64"])
    if isinstance(content, Mapping):
        return zipped({name: _bytes(one) for name, one in content.items()})
    return content.encode() if isinstance(content, str) else bytes(content)


def _bad_files(named: frozenset[str]) -> dict[str, File]:
    """Bad files by their names."""
    found = {name: (file, content) for name, (file, content, _) in BAD.items()}
    for kind in {one.partition(": ")[0] for one in named} & CLASSES.keys():
        for name, bad in CLASSES[kind]().items():
            is_folder = isinstance(bad.content, Mapping)
            found[f"{kind}: {name}"] = (bad.name + ".zip" * is_folder, bad.content)
    return {name: (found[name][0], _bytes(found[name][1])) for name in named}


_BAD = _bad_files(
    frozenset([*_TABLE["read"], *_TABLE["refused"].values(), "a grid that no atlas knows"])
)
SMALLER = replace(SMALL, file_bytes=2**18)
"""Longer uploads are kept on disk, which is none of this."""
_SMALL: Mapping[str, Any] = json.loads(
    Path(__file__).with_name("small_uploads.json").read_text(encoding="utf-8")
)


def _kept(files: Mapping[str, Any]) -> tuple[File, ...]:
    return tuple((name, _bytes(content)) for name, content in files.items())


# ------------------------------------------------------------------- the clinic, and what is wrong

CLINIC: File = ("plan.geojson", drawing())


def of(codes: str, answers: Mapping[str, Answer] | None = None, **uploads: File) -> Case:
    """The clinic with other uploads, by their kind."""
    sources = {"drawing": CLINIC, **uploads}
    return Case(frozenset(codes.split()), tuple(sources.items()), answers or {})


def listed(codes: str, table: str, **uploads: File) -> Case:
    """A directory whose rows are told; each is answered by its form."""
    case = of(codes, directory=("directory.csv", table.encode()), **uploads)
    return Case(case.codes, case.sources, dict.fromkeys(case.codes, ("row", {})))


def _changes(*changes: Mapping[str, Any]) -> File:
    return "corrections.json", text({"navkit-corrections": 1, "changes": changes}).encode()


def corrected(codes: str, *changes: Mapping[str, Any], **uploads: File) -> Case:
    return of(codes, corrections=_changes(*changes), **uploads)


def unreadable(name: str, content: Any, kind: str = "drawing") -> tuple[str, File]:
    return kind, (name, _bytes(content))


_ROWS = """名称,楼栋,楼层,房间,时间
内科,医技楼,1F,101,
外科,门诊楼,9F,101,
眼科,门诊楼,2F,101,
产科,,,999,
骨科,门诊楼,1F,999,
皮肤科,,,3月12日,
口腔科,,,101-104,
无房科,,,,
中医科,,,102,25:00-99:99
康复科,,,103,上午
疼痛科,,,104,8:00-12:00;14:00-17:30
"""
_IDS = "编号,名称,房间,权限,起用日期\n1,CT,101,,\n1,MRI,102,,\n2,DR,103,friends,\n3,X,104,,soon\n"
_AT = {"space": "1F-C", "point": [20.0, 6.0]}
_BOARD = {"do": "add-board", "bearing_deg": 0, "text": "X-ray", "arrow": "left"}
_STRIPE = {"do": "add-stripe", "level": "1F", "colour": "red", "leads": ["1F-03"]}
_PHOTO = {"do": "add-photo", "file": "a.jpg", "names": {"en": "The corridor"}, **_AT}
_VERDICT = {
    "language": "en", "pattern": "0123456789abcdef", "start": "E", "goal": "1F-03",
    "profile": "walk", "step": 0, "hash": "0123456789abcdef", "signed": "Wang",
}  # fmt: skip


def _area(key: str, outline: Sequence[Sequence[float]], **said: Any) -> dict[str, Any]:
    return {
        **space(key, **said),
        "geometry": {"type": "Polygon", "coordinates": [outline]},
    }


def _said(*verdicts: Mapping[str, Any]) -> File:
    said = {"navkit-verdicts": 1, "verdicts": [{**_VERDICT, **one} for one in verdicts]}
    return "verdicts.json", text(said).encode()


_MORE = {
    "rows of a directory": listed(
        "directory-building-unknown directory-floor-unknown directory-room-elsewhere "
        "directory-room-nowhere directory-room-unknown directory-room-date directory-room-range "
        "directory-row-incomplete directory-hours "
        "hours-without-times hours-added",
        _ROWS,
    ),
    "numbers that Excel has changed": listed(
        "directory-room-read-as directory-room-alike directory-room-several",
        "名称,房间\n内科,3月12日\n外科,大伤门诊\n儿科,777\n",
        corrections=_changes(
            {"do": "rename", "id": "1F-01", "names": {"en": "A"}, "ref": "3-12"},
            {"do": "rename", "id": "1F-02", "names": {"zh-Hans": "犬伤门诊"}},
            {"do": "rename", "id": "1F-05", "names": {"en": "B"}, "ref": "777"},
            {"do": "rename", "id": "2F-05", "names": {"en": "C"}, "ref": "777"},
        ),
    ),
    "ids of a directory": listed(
        "directory-duplicate-id directory-unknown-access directory-dates", _IDS
    ),
    "hours of parts of a day": of(
        "hours-by-part-of-day",
        directory=("directory.csv", "名称,房间,时间\n康复科,103,上午\n".encode()),
        corrections=_changes({"do": "set-part-of-day", "part": "morning", "times": "07:30-11:30"}),
    ),
    "things that hang on walls": corrected(
        "code-looks-away board-outside board-leads-nowhere stripe-outside",
        {"do": "add-anchor", "id": "A2", "space": "1F-C", "point": [20.0, 7.9], "bearing_deg": 180},
        {**_BOARD, "id": "B1", "space": "1F-C", "point": [20.0, 90.0], "leads": ["1F-03"]},
        {**_BOARD, "id": "B2", **_AT, "leads": ["nowhere"]},
        {**_STRIPE, "id": "T1", "course": [[0.0, 90.0], [9.0, 90.0]]},
    ),
    "a photo that is not there": corrected("photo-missing", _PHOTO),
    "a photo that is none": corrected(
        "photo-unreadable", _PHOTO, photo=("a.jpg", b"a picture of the door")
    ),
    "a photo of nowhere": corrected(
        "photo-nowhere", {**_PHOTO, "point": [20.0, 500.0]}, photo=("a.jpg", picture("JPEG"))
    ),
    "what readers have said": of(
        "verdict-outdated", verdicts=_said({"verdict": "right", "remark": "locked"})
    ),
    "narrow doors and the like": corrected(
        "door-too-narrow door-revolves door-passage-unknown",
        {"do": "set-door", "id": "1F-07-D", "width_m": 0.5},
        {"do": "set-door", "id": "1F-06-D", "kind": "revolving"},
        {"do": "set-door", "id": "1F-05-D", "passage": "in", "passage_of": "2F-01"},
    ),
    "a house of groups": corrected(
        "places-by-group", {"do": "set-use", "id": "1F-03", "only": {"fever": ""}}
    ),
    "a correction of what is not there": of(
        "correction-without-target",
        corrections=_changes({"do": "rename", "id": "nowhere", "names": {"en": "X"}}),
        answers={"correction-without-target": ("correction", {})},
    ),
    "a hall that falls apart, and one that is covered": of(
        "space-falls-apart space-covered",
        drawing=(
            "plan.geojson",
            text(
                native(
                    level(),
                    _area("H", ring(0, 0, 40, 6), kind="hall", name="Hall"),
                    _area("K", ring(18, 0, 4, 6)),
                    _area("D", ring(0, 20, 20, 6), kind="hall", name="Cardiology"),
                    _area("L", ring(0, 20, 10, 6), name="left"),
                    _area("R", ring(10, 20, 10, 6), name="right"),
                )
            ).encode(),
        ),
    ),
    "a careless drawing": of(
        "level-without-label lift-one-stop number-missing duplicate-label name-missing no-entrance "
        "only-by-steps doors-narrow-for-staff",
        drawing=("plan.geojson", flawed()),
        answers={"no-entrance": ("set-door", {"thing": "E", "entrance": "yes"})},
    ),
    "a crooked drawing": of(
        "one-name-beside door-inside-space door-off opening-assumed unnamed-place rooms-apart",
        drawing=("plan.geojson", crooked()),
    ),
}

_NATIVE = text(native(level(), space()))


def _in_grid(number: int) -> str:
    crs = {"type": "name", "properties": {"name": f"urn:ogc:def:crs:EPSG::{number}"}}
    return text(foreign(room(ring(4e5, 3.4e6, 60, 40)), crs=crs))


def _zip(**inside: Any) -> tuple[File, ...]:
    return (("drawings.zip", _bytes(inside)),)


_MORE |= {
    "drawings beside others": Case(
        frozenset({"format-passed-over", "picture-beside-drawing"}),
        (
            (
                "drawing",
                *_zip(**{"2F.skp": "", "1F.jpg": b"\xff\xd8\xff", "plan.geojson": _NATIVE}),
            ),
        ),
    ),
}


def _one_way(codes: str, *changes: Mapping[str, Any]) -> Case:
    """A room of the clinic behind a door for one direction, and what is said of another door."""
    said: Answer = ("set-door", {"thing": "1F-05-D", "passage": "both"})
    return of(codes, dict.fromkeys(codes.split(), said), corrections=_changes(*changes))


def _door(**said: Any) -> Mapping[str, Any]:
    return {"do": "set-door", "id": "1F-05-D", **said}


def _drawings(codes: str, *files: File, **answers: Answer) -> Case:
    said = {code.replace("_", "-"): answer for code, answer in answers.items()}
    return Case(frozenset(codes.split()), (("drawing", *files),), said)


_SIDE_DOOR = {"do": "add-door", "id": "side", "spaces": ["1F-05", "1F-06"], "point": [30, 10.5]}
_MORE |= {
    "a room that can only be left": _one_way("unreachable-place", _door(passage="out")),
    "a room that cannot be left": _one_way("no-way-back", _door(passage="in")),
    "a room that is left through rooms of staff": _one_way(
        "no-way-out",
        _door(passage="in"),
        _SIDE_DOOR,
        {"do": "restrict", "id": "1F-06", "access": "staff"},
    ),
    "a door in the middle of a room": of(
        "correction-door-nowhere",
        {"correction-door-nowhere": ("correction", {})},
        corrections=_changes({**_SIDE_DOOR, "point": [33, 10]}),
    ),
    "a room that is gone": replace(
        of(
            "correction-target-gone",
            {"correction-target-gone": ("correction", {})},
            drawing=more_codes.clinic(without=("1F-03", "1F-03-D")),
        ),
        before=(
            ("drawing", CLINIC),
            ("corrections", _changes({"do": "rename", "id": "1F-03", "names": {"en": "X"}})),
        ),
    ),
    "a photo of more dots than a camera has": corrected(
        "photo-too-large", _PHOTO, photo=("a.jpg", more_codes.huge_photo())
    ),
    "sentences that staff call wrong": of(
        "verdict-wrong verdict-remark",
        directory=("directory.csv", DIRECTORY),
        verdicts=more_codes.verdicts_on(CLINIC, DIRECTORY),
    ),
    "a lift as small as a cupboard": of(
        "cabin-too-small",
        {
            "cabin-too-small": (
                "set-connector",
                {"thing": "L", "cabin_width_m": "1.6", "cabin_depth_m": "2.6"},
            )
        },
        drawing=more_codes.small_lift(),
    ),
    "a code in the open": of("anchor-outside", drawing=more_codes.code_of_nowhere()),
    "a door on an empty floor": of(
        "door-touches-no-space", drawing=more_codes.door_on_an_empty_floor()
    ),
    "storeys by one id": replace(
        _drawings("levels-contradict", *more_codes.level_of_two_heights()),
        better=more_codes.storey_in_degrees("1"),
    ),
    "a steep ramp": _drawings("ramp-too-steep", more_codes.steep_ramp()),
    "a lift that passes a floor": _drawings(
        "stop-missing",
        more_codes.lift_past_a_floor(),
    ),
    "storeys of one height": _drawings("storeys-at-one-height", more_codes.storeys_of_one_height()),
    "rooms behind rooms": _drawings("door-guessed-for-group", more_codes.rooms_behind_rooms()),
    "steps at some hours": _drawings("condition-always", more_codes.steps_at_some_hours()),
    "one floor drawn and plotted": _drawings("drawn-twice", more_codes.drawn_twice()),
    "a model with an entrance": _drawings("entrance-by-model ifc-place-unused", more_codes.model()),
    "a bend that nothing describes": _drawings("turn-told-by-distance", more_codes.bare_bend()),
    "a dwg": replace(
        _drawings("dwg-left-out", ("1F.dxf", _BAD["dxf: a dxf cut in the middle of a line"][1])),
        found=frozenset({"dwg-left-out"}),
    ),
}


def _painted(
    codes: str, made: Callable[[], tuple[File, ...]], answers: Mapping[str, Answer] | None = None
) -> Case:
    return Case(frozenset(codes.split()), (), answers or {}, made=made)


PAINTED: Mapping[str, Case] = {
    "a painted floor": _painted(
        "picture-read picture-scale-guessed picture-kind-by-colour",
        more_codes.lift_without_a_name,
        {"picture-read": ("set-level", {"checked": "1"})},
    ),
    "a lift in the colour of a department": _painted("picture-colour-differs", more_codes.odd_lift),
    "a name that can hardly be read": _painted("picture-words-unsure", more_codes.doubtful),
    "a blurred floor": _painted("picture-blurred", more_codes.blurred),
    "two painted floors": _painted("picture-shafts-joined", more_codes.two_floors),
    "two floors without a lift": _painted("picture-floors-apart", more_codes.floors_without_a_lift),
}
"""Pictures, which are read in seconds."""
UNREADABLE_PICTURES: Mapping[str, Callable[[], tuple[File, ...]]] = {
    "picture-without-names": more_codes.without_names,
    "picture-no-scale": more_codes.without_doors,
}

CASES: Mapping[str, Case] = {
    **{
        name: Case(frozenset(codes.split()), (("drawing", _BAD[name]),), {}, SMALLER)
        for name, codes in _TABLE["read"].items()
    },
    **{
        one["codes"].partition(" ")[0]: Case(
            frozenset(one["codes"].split()), (("drawing", *_kept(one["files"])),)
        )
        for one in _SMALL["read"]
    },
    **_MORE,
    **PAINTED,
}
_MAPPINGS = {
    "mapping-broken": "[layers",
    "mapping-role-unknown": "[layers]\nrooms = 'zimmer'\n",
    "mapping-level-missing": "[files]\n'1F.svg' = { level = '1F' }\n",
    "mapping-unit-unknown": "unit = 'ell'\n",
}


def _mapped(said: str) -> tuple[File, ...]:
    ward = more_codes.drawn_ward()
    return _zip(**{"1F.svg": ward, "mapping.toml": said})


REFUSED: Mapping[str, tuple[File, ...]] = {
    **{code: (_BAD[name],) for code, name in _TABLE["refused"].items()},
    **{one["codes"]: _kept(one["files"]) for one in _SMALL["refused"]},
    "file-too-large": (("a.geojson", b" " * (2**18 + 1)),),
    "crs-not-read": (_BAD["a grid that no atlas knows"],),
    "crs-mixed": _zip(**{f"{n}.geojson": _in_grid(n) for n in (32650, 32651)}),
    "units-mixed": _zip(
        **{"a.geojson": _NATIVE, "b.geojson": text(native(level(), space(), units="deg"))}
    ),
    "mixed-frames": _zip(**{"a.geojson": _NATIVE, "b.osm": osm("")}),
    "format-not-read": (("plan", b"x"),),
    **{code: _mapped(said) for code, said in _MAPPINGS.items()},
    "mapping-picture-wrong": _zip(
        **{"1F.png": picture("PNG"), "mapping.toml": '[pictures]\n"1F.png" = { scale = -1 }\n'}
    ),
}
_BY_NAME = ("format-cad", "format-ifc", "format-model", "format-revit")


def _workbook() -> bytes:
    """A directory on two sheets, beside a note and what is hidden."""
    book = Workbook()
    for title, state, rows in (
        ("门诊楼", "visible", [["名称", "房间"], ["内科", "101"], [None, "102"]]),
        ("住院楼", "visible", [["科室", "房号"], ["外科", "103"], ["儿科", "#N/A"]]),
        ("说明", "visible", [["请每月更新"]]),
        ("旧", "hidden", [["名称", "房间"], ["旧科", "103"]]),
    ):
        sheet = book.create_sheet(title)
        sheet.sheet_state = state
        for row in rows:
            sheet.append(row)
    book["门诊楼"].merge_cells("A2:A3")
    del book["Sheet"]
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _review_sheet() -> str:
    """A sheet of sentences on which somebody is not sure."""
    headings = verdicts.headings("en")
    row = ["perhaps" if key == "verdict" else "1" for key in headings]
    return ",".join(headings.values()) + "\n" + ",".join(row) + "\n"


def _wrong(**change: Any) -> tuple[str, File]:
    return "corrections", _changes(change)


AT_ONCE: Mapping[str, tuple[str, File]] = {
    **{code: unreadable(*UNREAD[code]) for code in _BY_NAME},
    "directory-encoding": unreadable("d.csv", b"name,rooms\n\xff\xff,1", "directory"),
    "directory-not-a-table": unreadable("d.csv", 'name,rooms\nC"T"x,"1"2\n', "directory"),
    "directory-not-a-workbook": unreadable("d.xlsx", zipped({"a.xml": b"<x/>"}), "directory"),
    "verdict-unread": unreadable("v.csv", _review_sheet(), "verdicts"),
    "directory-without-columns": unreadable("d.csv", "id,price\n1,2\n", "directory"),
    "directory-old-workbook": unreadable("d.xlsx", b"\xd0\xcf\x11\xe0" + bytes(600), "directory"),
    "workbook-too-large": unreadable(
        "d.xlsx", swollen(SHEET, XML + b'<row r="1"><c r="ZZ1"><v>1</v></c>' + END), "directory"
    ),
    "workbook-broken": unreadable("d.xlsx", zipped({"xl/workbook.xml": b"<x/>"}), "directory"),
    **dict.fromkeys(
        (
            "directory-sheets",
            "directory-sheet-hidden",
            "directory-sheet-unread",
            "directory-merged",
            "directory-cells-unread",
        ),
        ("directory", ("d.xlsx", _workbook())),
    ),
    **dict.fromkeys(
        ("directory-heading-twice", "directory-columns-unread"),
        unreadable("d.csv", "科室,房间,名称,负责人\n内科,101,消化,王\n", "directory"),
    ),
    "corrections-not-json": unreadable("c.json", "{", "corrections"),
    "corrections-foreign": unreadable("c.json", "[]", "corrections"),
    "corrections-too-new": unreadable(
        "c.json", '{"navkit-corrections": 9999, "changes": []}', "corrections"
    ),
    "correction-unknown": _wrong(do="explode"),
    "correction-field": _wrong(do="rename", id="A", names={"en": 7}),
    "value-not-listed": _wrong(do="set-kind", id="A", kind="zimmer"),
    "value-out-of-range": _wrong(do="set-door", id="A", width_m=99),
    "text-too-long": _wrong(do="set-level", id="A", label="1" * 99),
    "text-unseen": _wrong(do="rename", id="A", names={"en": "a\u202eb"}),
    "text-empty": _wrong(do="rename", id="A", names={}),
}
"""Uploads that are refused, or of which it is told, where they are made."""
MACHINE = frozenset(_TABLE["machine"])
"""Codes by which a build ends that no file brings about: of a machine, or of a larger one."""
