"""What the layers of a hospital's drawings are taken for, and what staff say of them.

Drawings with layers are read in a child process (`floorplans.survey`); what staff say is a
`mapping.toml` beside them, which the next build reads.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any, get_args

from floorplans import mapping, picture_said, survey
from floorplans.child import read_apart
from floorplans.limits import LIMITS
from floorplans.scale import UNITS_M
from floorplans.sheet import Sheet
from floorplans.under import PICTURES
from navkit.plan.plan import Plan
from navkit.plan.storeys import label_in_name, ordinals_of
from navkit.words.findings import Finding, NavkitError
from server.builds.drafts import Source
from server.data.files import Files

FILE = mapping.MAPPING
LAYERED = (".dxf", ".dwg", ".svg", ".pdf")
"""Suffixes of drawings with layers, or with colours and widths that count as layers."""
ROLES: Sequence[str] = tuple(filter(None, get_args(mapping.Role)))
UNITS: Sequence[str] = tuple(UNITS_M)
MOST_BYTES = 400_000
"""Of the lines of one drawing on a page; of a larger one the first lines are shown. A guess."""
_COUNTS = ("lines", "areas", "arcs", "texts")


@dataclass(frozen=True)
class Layer:
    """One layer, and what it is taken for; `role` is empty where nobody knows."""

    name: str
    role: str
    counts: Mapping[str, int]


@dataclass(frozen=True)
class Picture:
    """What one file draws: by role the data of an SVG path, around 0, 0, and its words."""

    title: str
    high: float
    paths: Mapping[str, str]
    words: Sequence[tuple[float, float, str, str]]
    is_part: bool


@dataclass(frozen=True)
class File:
    """Which storey a file is; both are empty where nothing says it."""

    name: str
    label: str
    ordinal: str
    is_ignored: bool


@dataclass(frozen=True)
class Seen:
    """Everything that the form asks about."""

    layers: Sequence[Layer] = ()
    pictures: Sequence[Picture] = ()
    files: Sequence[File] = ()
    scales: Sequence[tuple[str, str]] = ()
    """Pictures of floors, each with the metres of one of its dots; empty where nobody has said."""
    unit: str = ""
    trouble: Sequence[Finding] = ()
    """Why nothing can be shown of the layers, or nothing is kept of the mapping."""
    said: Mapping[str, Any] = field(default_factory=dict)
    """The mapping that there is."""


def seen(files: Files, sources: Iterable[Source]) -> Seen:
    """What the drawings among some sources are made of, with what is proposed for each."""
    drawings = {one.name: one.sha256 for one in sources if one.kind == "drawing"}
    trouble: list[Finding] = []
    said: Mapping[str, Any] = {}
    try:
        said = _said(files.read(drawings[FILE])) if FILE in drawings else {}
    except NavkitError as error:
        trouble.append(error.finding)
    layered = sorted(name for name in drawings if name.lower().endswith(LAYERED))
    plan = Plan("", None)
    try:
        wanted = [*layered, *([FILE] if said else [])]
        plan = _surveyed(files, tuple((n, drawings[n]) for n in wanted)) if layered else plan
    except NavkitError as error:
        trouble.append(error.finding)
    painted = sorted(name for name in drawings if name.lower().endswith(PICTURES))
    return Seen(
        layers=[_layer(one) for one in plan.findings if one.code == "layer-seen"],
        pictures=_pictures(plan),
        files=_files([*layered, *painted], said),
        scales=[(name, _scale(said, name)) for name in painted],
        unit=str(said.get("unit", "")),
        trouble=trouble,
        said=said,
    )


def are_in(sources: Iterable[Source]) -> bool:
    """Whether some of the sources have something that the form asks about."""
    endings = (*LAYERED, *PICTURES)
    return any(one.kind == "drawing" and one.name.lower().endswith(endings) for one in sources)


@lru_cache(maxsize=8)
def _surveyed(files: Files, named: tuple[tuple[str, str], ...]) -> Plan:
    with TemporaryDirectory(dir=files.work) as folder:
        for name, sha256 in named:
            (Path(folder) / name).write_bytes(files.read(sha256))
        paths = [Path(folder) / name for name, _ in named]
        (plan,) = read_apart(paths, LIMITS, survey.survey_drawn)
    return plan


def _said(content: bytes) -> Mapping[str, Any]:
    """A mapping, if a build can use it."""
    sheet = Sheet(FILE, content, LIMITS)
    mapping.read_mapping(sheet)
    mapping.read_scale(sheet)
    picture_said.read_said(sheet)
    return mapping.toml_in(sheet)


def _layer(found: Finding) -> Layer:
    role = str(found.slots["role"])
    counts = {kind: int(str(found.slots[kind])) for kind in _COUNTS}
    shown = {kind: count for kind, count in counts.items() if count}
    return Layer(found.where, "" if role == mapping.UNKNOWN else role, shown)


def _pictures(plan: Plan) -> list[Picture]:
    found = []
    for number, title in sorted({(level.ordinal, level.label) for level in plan.levels}):
        drawn = survey.paths_of(plan, number, MOST_BYTES)
        found.append(Picture(title, drawn.high, drawn.paths, drawn.words, drawn.is_part))
    return found


def _files(names: Sequence[str], said: Mapping[str, Any]) -> list[File]:
    """As the mapping says, or else as the names of the files do."""
    rows = said.get("files", {})
    by_stem = {_stem(name): row for name, row in rows.items()}
    labels = {name: _label(PurePosixPath(name).stem) for name in names}
    heights = ordinals_of(label for label in labels.values() if label)
    found = []
    for name in names:
        row, label = by_stem.get(_stem(name)), labels[name]
        if isinstance(row, Mapping):
            found.append(File(name, str(row["level"]), f"{row['ordinal']:g}", is_ignored=False))
        elif row is not None:
            found.append(File(name, "", "", is_ignored=True))
        else:
            height = heights.get(label) if label else None
            found.append(File(name, label, "" if height is None else f"{height:g}", False))
    return found


def _label(stem: str) -> str:
    """The storey in the name of a file, in its own letters."""
    found = label_in_name(stem)
    at = stem.lower().find(found)
    return stem[at : at + len(found)] if at >= 0 else found


def _stem(name: str) -> str:
    return PurePosixPath(name).stem.casefold()


def _scale(said: Mapping[str, Any], name: str) -> str:
    rows = {_stem(key): row for key, row in said.get("pictures", {}).items()}
    scale = rows.get(_stem(name), {}).get("scale")
    return f"{scale:g}" if isinstance(scale, int | float) else ""


# ------------------------------------------------------------------- what staff say


def said_in(files: Files, kept: Source) -> Mapping[str, Any]:
    """What a kept mapping says; nothing if there is none, or none that a build can use."""
    try:
        return _said(files.read(kept.sha256)) if kept.sha256 else {}
    except NavkitError:
        return {}


@dataclass(frozen=True)
class Told:
    """What somebody has filled in."""

    unit: str
    roles: Mapping[str, str]
    """By layer; empty: nothing is said of it."""
    files: Mapping[str, Mapping[str, Any] | str]
    """By file its level and ordinal, or that it is no storey; without those that say nothing."""
    scales: Mapping[str, float]


def _unit(typed: str) -> str | float:
    """The name of a unit, or its metres."""
    try:
        return float(typed)
    except ValueError:
        return typed


def written(before: Mapping[str, Any], told: Told) -> bytes:
    """The mapping with what is told; what it says of other things stays.

    A `PlanError` if a build could not use it.
    """
    said = {name: value for name, value in before.items() if name != "unit"}
    layers = {k: v for k, v in said.get("layers", {}).items() if k not in told.roles}
    said["layers"] = {**layers, **{name: role for name, role in told.roles.items() if role}}
    said["files"] = dict(told.files)
    pictures = {name: dict(row) for name, row in said.get("pictures", {}).items()}
    for name, metres in told.scales.items():
        row = pictures.setdefault(name, {})
        for other in ("span", "metres"):
            row.pop(other, None)
        row["scale"] = metres
    said["pictures"] = pictures
    unit: dict[str, Any] = {"unit": _unit(told.unit)} if told.unit else {}
    content = mapping.as_toml({**unit, **{k: v for k, v in said.items() if v != {}}}).encode()
    _said(content)
    return content
