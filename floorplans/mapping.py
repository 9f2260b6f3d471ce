"""What the layers of a drawing are, on which storey its file is, and what its rooms are for.

A `mapping.toml` beside the drawings says it, or a `manifest.json` in the manner of Azure Maps
Creator; what it leaves open, and everything where there is none, is proposed from the names of
layers.
"""

import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from pathlib import PurePosixPath
from typing import Any, Literal, cast, get_args

from floorplans.scale import UNITS_M
from floorplans.sheet import Json, Sheet, as_list, as_number, as_object, as_text
from navkit.words.findings import PlanError

Role = Literal[
    "room", "wall", "window", "door", "outline", "label", "stairs", "lift", "path", "ignored", ""
]

MANIFEST = "manifest.json"
MAPPING = "mapping.toml"
_MOST_METRES = 1e4
"""A unit longer than this measures no building."""
UNKNOWN = "?"
"""Shown for a layer without a role."""

_OF_MANIFEST: Mapping[str, Role] = {
    "exterior": "outline",
    "unit": "room",
    "room": "room",
    "wall": "wall",
    "door": "door",
    "unitLabel": "label",
    "zone": "ignored",
    "zoneLabel": "ignored",
}
"""Roles by the manifest's names; its other classes of features, such as furniture, are left out."""


@dataclass(frozen=True)
class FileLevel:
    """The storey that a file draws."""

    label: str
    ordinal: float


@dataclass(frozen=True)
class Use:
    """What the manifest says of one room: a word for what it is, and its name."""

    term: str
    name: str = ""


@dataclass(frozen=True)
class LayerMap:
    """Roles of layers by their whole names, in small letters; others are proposed."""

    roles: Mapping[str, Role] = field(default_factory=dict)
    levels: Mapping[str, FileLevel] = field(default_factory=dict)
    """By the stem of the file's name in small letters."""
    ignored: frozenset[str] = frozenset()
    """Stems of files and pages that are no storeys, in small letters."""
    rooms: Mapping[str, Use] = field(default_factory=dict)
    """By the label in the room."""
    unit_m: float | None = None
    """Metres of the drawings' unit, if staff have said it."""

    def over(self, other: "LayerMap") -> "LayerMap":
        """This, and what `other` says of what this leaves open."""
        return LayerMap(
            {**other.roles, **self.roles},
            {**other.levels, **self.levels},
            other.ignored | self.ignored,
            {**other.rooms, **self.rooms},
            self.unit_m or other.unit_m,
        )

    def role_of(self, layer: str) -> Role:
        """What a layer is; "" if nothing says it. Of layers in layers (``plan/rooms``) the
        innermost that is known decides, and what is said goes before what is proposed."""
        names = [layer, *reversed(layer.split("/"))] if "/" in layer else [layer]
        said = (self.roles.get(one.casefold()) for one in names)
        found = next((role for role in said if role is not None), None)
        return proposed_of(layer) if found is None else found

    def ignores(self, sheet: str) -> bool:
        """Whether staff say that a file or page is no storey."""
        return PurePosixPath(sheet).stem.casefold() in self.ignored

    def level_of(self, sheet: str) -> FileLevel | None:
        return self.levels.get(PurePosixPath(sheet).stem.casefold())


@dataclass(frozen=True)
class Scale:
    """How coordinates of a table become metres."""

    metres: float
    """Of one unit."""
    is_down: bool
    """Whether y grows downwards, as in pictures."""
    is_degrees: bool = False
    """Whether they are longitudes and latitudes, which are left as they are."""

    def placed(self, at: tuple[float, float]) -> tuple[float, float]:
        """In metres, y up."""
        x, y = at
        return x * self.metres, y * self.metres * (-1.0 if self.is_down else 1.0)


@cache
def _table() -> Mapping[str, Any]:
    text = resources.files("floorplans").joinpath("layers.json").read_text(encoding="utf-8")
    table: Mapping[str, Any] = json.loads(text)
    return table


def says_area(text: str) -> bool:
    """Whether a text in a room says how large it is, and not what it is."""
    return bool(re.fullmatch(_table()["area"], text, re.IGNORECASE))


@cache
def proposed(layer: str) -> Role:
    """The role that a layer's name suggests; "" if none."""
    folded = layer.casefold()
    tokens = {folded, *re.split(r"[^\w$]|(?<=[^\W_])_|\d+", folded)}
    for role, words in cast(Mapping[Role, list[str]], _table()["roles"]).items():
        if any(word in tokens if word.isascii() else word in folded for word in words):
            return role
    return ""


def proposed_of(layer: str) -> Role:
    """The same of layers in layers: the innermost that is known decides."""
    return next(filter(None, map(proposed, reversed(layer.split("/")))), "")


@cache
def automatic_names() -> frozenset[str]:
    """What drawing programs call things by themselves, in small letters and without numbers."""
    return frozenset(_table()["automatic"])


def is_manifest(document: Json) -> bool:
    """Whether a JSON document is a manifest of drawings."""
    return isinstance(document, dict) and isinstance(document.get("buildingLevels"), dict)


def read_manifest(sheet: Sheet) -> LayerMap:
    """A manifest of version 1 (`dwgLayers`, `unitProperties`) or 2 (`featureClasses`)."""
    said = as_object(sheet.json)
    buildings = as_object(said.get("buildingLevels"))
    roles: dict[str, Role] = {}
    for name, layers in as_object(said.get("dwgLayers")).items():
        _give(roles, layers, _OF_MANIFEST.get(name, "ignored"))
    _give(roles, buildings.get("dwgLayers"), "outline")
    for one in map(as_object, as_list(said.get("featureClasses"))):
        role = _OF_MANIFEST.get(as_text(one.get("featureClassName")), "ignored")
        _give(roles, one.get("dwgLayers"), role)
        for known in map(as_object, as_list(one.get("featureClassProperties"))):
            _give(roles, known.get("dwgLayers"), "label" if role == "room" else "ignored")
    return LayerMap(
        roles,
        dict(_levels(buildings)),
        rooms=dict(_rooms(said)),
    )


def read_mapping(sheet: Sheet) -> LayerMap:
    """`mapping.toml`: `unit` (a name, or metres), `[layers]` (a role by layer), `[files]` (level
    and ordinal by file); docs/cad.md. A `PlanError` says which line or word is wrong."""
    said = _toml(sheet)
    roles: dict[str, Role] = {}
    for layer, role in as_object(said.get("layers")).items():
        if role not in get_args(Role):
            known = ", ".join(filter(None, get_args(Role)))
            slots = {"layer": layer[:60], "role": str(role)[:40], "known": known}
            raise PlanError("mapping-role-unknown", sheet.name, **slots)
        roles[layer.casefold()] = role
    levels: dict[str, FileLevel] = {}
    ignored: set[str] = set()
    for name, raw in as_object(said.get("files")).items():
        if raw == "ignored":
            ignored.add(PurePosixPath(name).stem.casefold())
            continue
        one = as_object(raw)
        ordinal = as_number(one.get("ordinal"))
        if ordinal is None or not as_text(one.get("level")):
            raise PlanError("mapping-level-missing", sheet.name, file=name[:60])
        levels[PurePosixPath(name).stem.casefold()] = FileLevel(as_text(one["level"]), ordinal)
    metres = as_number(said.get("unit"))
    if metres is not None and metres > 0:
        return LayerMap(roles, levels, frozenset(ignored), {}, metres)
    unit = as_text(said.get("unit"))
    if unit and unit not in UNITS_M:
        raise PlanError(
            "mapping-unit-unknown", sheet.name, unit=unit[:40], known=", ".join(UNITS_M)
        )
    return LayerMap(roles, levels, frozenset(ignored), {}, UNITS_M.get(unit))


def read_scale(sheet: Sheet) -> Scale | None:
    """What `mapping.toml` says of tables: `scale`, metres of one unit, and `y`, ``"down"`` (the
    usual one) or ``"up"``. None without a `scale`. A `PlanError` says which cannot be used."""
    said = _toml(sheet)
    if "scale" not in said:
        return None
    metres, way = as_number(said["scale"]), said.get("y", "down")
    if metres is None or not 0 < metres < _MOST_METRES or way not in ("down", "up"):
        slots = {"scale": str(said["scale"])[:40], "way": str(way)[:40]}
        raise PlanError("mapping-scale-unknown", sheet.name, **slots)
    return Scale(metres, is_down=way == "down")


def _toml(sheet: Sheet) -> Mapping[str, Any]:
    try:
        return tomllib.loads(sheet.content.decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise PlanError("mapping-broken", sheet.name, why=str(error)[:120]) from error


def written(layers: Mapping[str, str], files: Iterable[str]) -> str:
    """A `mapping.toml` for staff to edit; layers that nobody knows are comments."""
    lines = [f"# {' '.join(filter(None, get_args(Role)))}", "[layers]"]
    for layer, role in layers.items():
        lines.append(
            f"{_quoted(layer)} = {_quoted(role)}" if role != UNKNOWN else f"# {_quoted(layer)} = "
        )
    lines += ["", "[files]"]
    lines += [f'# {_quoted(file)} = {{ level = "1F", ordinal = 0 }}' for file in files]
    return "\n".join(lines) + "\n"


def toml_in(sheet: Sheet) -> Mapping[str, Any]:
    """All that a `mapping.toml` says; a `PlanError` names the line that is broken."""
    return _toml(sheet)


def as_toml(said: Mapping[str, Any]) -> str:
    """A document of values, lists, and tables of these, as TOML: `_toml` reads it back."""
    values = [f"{_quoted(k)} = {_value(v)}" for k, v in said.items() if not isinstance(v, Mapping)]
    lines = ["\n".join(values)] if values else []
    for name, table in said.items():
        if isinstance(table, Mapping):
            rows = (f"{_quoted(key)} = {_value(value)}" for key, value in table.items())
            lines.append("\n".join([f"[{_quoted(name)}]", *rows]))
    return "\n\n".join(lines) + "\n"


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_quoted(k)} = {_value(v)}" for k, v in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_value, value)) + "]"
    return _quoted(value) if isinstance(value, str) else json.dumps(value)


def _quoted(text: str) -> str:
    # JSON leaves one sign of control as it is.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _levels(buildings: Mapping[str, Json]) -> list[tuple[str, FileLevel]]:
    found = []
    for one in map(as_object, as_list(buildings.get("levels"))):
        stem = PurePosixPath(as_text(one.get("filename")).replace("\\", "/")).stem.casefold()
        ordinal = as_number(one.get("ordinal"))
        if stem and ordinal is not None:
            found.append((stem, FileLevel(as_text(one.get("levelName")), ordinal)))
    return found


def _rooms(said: Mapping[str, Json]) -> list[tuple[str, Use]]:
    found = []
    for one in map(as_object, as_list(said.get("unitProperties"))):
        term = as_text(one.get("verticalPenetrationCategory")) or as_text(one.get("categoryName"))
        name = as_text(one.get("unitNameAlt"))
        # "verticalPenetration.stairs" and "room.hallway": the last word says what it is.
        found.append((as_text(one.get("unitName")), Use(term.rpartition(".")[2], name)))
    return [(label, use) for label, use in found if label]


def _give(roles: dict[str, Role], layers: Json, role: Role) -> None:
    for layer in as_list(layers):
        roles.setdefault(as_text(layer).casefold(), role)
