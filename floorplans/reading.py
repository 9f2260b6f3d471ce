"""From files, folders and archives to plans: chooses the reader.

A reader's module is imported when a drawing needs it: who reads one format does not wait for all.
"""

import os
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from importlib import import_module
from pathlib import Path

from floorplans import archive, dwg, dxf, ifc, imdf_files, indoorgml, pdf, svg, tables, unread
from floorplans.collection import lost
from floorplans.limits import LIMITS, Limits
from floorplans.mapping import MANIFEST, MAPPING, is_manifest
from floorplans.picture_file import is_picture
from floorplans.sheet import Sheet
from navkit.plan.plan import Plan
from navkit.words.findings import Finding, PlanError

Reader = Callable[[Sequence[Sheet], str], Plan]
"""Takes the sheets and the name of the plan in findings."""

_CAD, _PAPER, _PICTURE = "cad_plan:read", "cad_plan:read_paper", "picture_plan:read"
_GEOJSON, _IFC, _INDOORGML = "geojson:read", "ifc_plan:read", "indoorgml:read"
_OSM, _TABLES = "osm:read", "tables:read"

READERS = {
    ".geojson": _GEOJSON,
    ".json": _GEOJSON,
    ".osm": _OSM,
    ".xml": _OSM,
    ".osm.pbf": _OSM,
    ".pbf": _OSM,
    ".gml": _INDOORGML,
    ".indoorgml": _INDOORGML,
    ".dxf": _CAD,
    ".dwg": _CAD,
    ".svg": _PAPER,
    ".pdf": _PAPER,
    ".ifc": _IFC,
    ".ifczip": _IFC,
    ".png": _PICTURE,
    ".jpg": _PICTURE,
    ".jpeg": _PICTURE,
    ".jfif": _PICTURE,
    ".webp": _PICTURE,
}
"""The module and the function of a `Reader`, by suffix. Files of one suffix family in one folder
are read as one plan. Tables are told by their headings: most are none (`tables.is_graph`)."""
MAPPING_SUFFIX = Path(MAPPING).suffix
TAKEN = tuple(sorted({*READERS, *tables.SUFFIXES, MAPPING_SUFFIX, ".zip"}))
"""Suffixes of what staff may hand in as drawings, and of what they write beside these."""
_LAYERED = (_CAD, _PAPER)
"""Readers of drawings with layers."""
_TOGETHER = frozenset({_GEOJSON, *_LAYERED, _PICTURE, _TABLES})
"""Readers that make one plan of several files."""
_MAPPED = frozenset({*_LAYERED, _PICTURE, _IFC})
"""Readers that are told by a file beside the drawings what is drawn."""

_PASSED_OVER = {
    "format-office": "file-passed-over",
    "format-table": "file-passed-over",
}
"""What is reported for a format in a folder, if it is not `format-passed-over`."""
_AGAIN = {
    _INDOORGML: "indoorgml-passed-over",
    _PICTURE: "picture-beside-drawing",
    _PAPER: "sheet-beside-drawing",
}
"""Of readers of formats that often lie beside better drawings of the same building: what is said
of their files then."""
_MOST_NAMED = 20
"""How many files of a folder without drawings are named, at most."""


def read(paths: Sequence[Path], limits: Limits = LIMITS) -> tuple[Plan, ...]:
    """The plans in `paths`: of single files first, then of folders and zips as given.

    GeoJSON files given together are one plan, and so is a folder of them. A folder or
    zip that holds IMDF is one plan.
    """
    if not paths:
        raise PlanError("nothing-given")
    single: list[Path] = []
    plans: list[Plan] = []
    for path in paths:
        name = spelt(path.name)
        if _is(path, Path.is_dir):
            plans.extend(read_sheets(_folder(path, limits), name, folder=True))
        elif not _is(path, Path.is_file):
            raise PlanError("file-not-found", name)
        elif path.suffix.lower() == ".zip":
            plans.extend(read_sheets(_unpacked(path, name, limits), name, folder=True))
        else:
            single.append(path)
    if single:
        source = spelt(single[0].name)
        sheets = [Sheet(name, _bytes(path, limits), limits) for name, path in _named(single)]
        plans = [*read_sheets(sheets, source, folder=False), *plans]
    _must_be_buildable(plans, limits)
    return tuple(plans)


def sheets_of(paths: Sequence[Path], limits: Limits = LIMITS) -> list[Sheet]:
    """The files in `paths`, of folders and zips too, each with what is beside it."""
    sheets: list[Sheet] = []
    for path in paths:
        name = spelt(path.name)
        if _is(path, Path.is_dir):
            sheets += _folder(path, limits)
        elif not _is(path, Path.is_file):
            raise PlanError("file-not-found", name)
        elif path.suffix.lower() == ".zip":
            sheets += _unpacked(path, name, limits)
        else:
            sheets.append(Sheet(name, _bytes(path, limits), limits))
    return _with_manifests(sheets)


def is_cad(sheet: Sheet) -> bool:
    """Whether a file is a drawing with layers."""
    return sheet.suffix in READERS and _reader(sheet) in _LAYERED


def _must_be_buildable(plans: Sequence[Plan], limits: Limits) -> None:
    """Refuse early, before anybody has waited minutes."""
    storeys: Counter[tuple[str, float]] = Counter()
    labels: dict[tuple[str, float], str] = {}
    for plan in plans:
        levels = {level.key: level for level in plan.levels}
        for space in plan.spaces:
            level = levels[space.level]
            storey = (level.building, level.ordinal)
            storeys[storey] += 1
            labels[storey] = f"{plan.source}, {level.label or level.key}"
    for storey, count in storeys.most_common(1):
        _must_be_few("too-many-spaces-on-level", labels[storey], count, limits.spaces_of_level)
    _must_be_few("too-many-spaces", "", storeys.total(), limits.spaces)
    openings = sum(len(plan.doors) + len(plan.paths) for plan in plans)
    _must_be_few("too-many-openings", "", openings, limits.openings)


def _must_be_few(code: str, where: str, count: int, limit: int) -> None:
    if count > limit:
        raise PlanError(code, where, count=str(count), limit=str(limit))


def spelt(name: str) -> str:
    """A file's name with bytes that are not UTF-8 escaped, as in ``\\udcd2.json``."""
    return name.encode("utf-8", "backslashreplace").decode()


def _is(path: Path, kind: Callable[[Path], bool]) -> bool:
    try:
        return kind(path)
    except OSError as error:
        raise PlanError("file-not-found", spelt(path.name)) from error


def _bytes(path: Path, limits: Limits) -> bytes:
    try:
        size = path.stat().st_size
        if size > limits.file_bytes:
            megabytes = str(limits.file_bytes // 2**20)
            raise PlanError("file-too-large", spelt(path.name), limit=megabytes)
        return path.read_bytes()
    except OSError as error:
        raise PlanError("file-not-found", spelt(path.name)) from error


def _unpacked(path: Path, name: str, limits: Limits) -> list[Sheet]:
    content = _bytes(path, limits)
    try:
        sheets = archive.unpack(name, content, limits)
    except PlanError as error:
        known = unread.recognised(Sheet(name, content, limits))
        if error.finding.code == "zip-broken" and known and known.code != "format-zip":
            raise known.refusal(name) from None
        raise
    if known := unread.of_archive(sheet.name for sheet in sheets):
        raise known.refusal(name)
    return sheets


def _head(path: Path) -> bytes:
    """The beginning of a file that only has to be recognised."""
    try:
        with path.open("rb") as file:
            return file.read(unread.HEAD_BYTES)
    except OSError as error:
        raise PlanError("file-not-found", spelt(path.name)) from error


def _named(files: Sequence[Path]) -> list[tuple[str, Path]]:
    """If two files of different folders have one name, the folder is put before it."""
    names = [spelt(file.name) for file in files]
    if len(set(names)) < len(names):
        names = [f"{spelt(file.parent.name)}/{spelt(file.name)}" for file in files]
    return list(zip(names, files, strict=True))


def _folder(folder: Path, limits: Limits) -> list[Sheet]:
    """Files in the folder and all below it in order of name, without hidden ones and links.

    A zip in it is a folder of that name.
    """
    files = sorted(_files_below(folder, limits), key=lambda path: path.relative_to(folder).parts)
    sheets: list[Sheet] = []
    for path in files:
        name = spelt(path.relative_to(folder).as_posix())
        if path.suffix.lower() == ".zip":
            sheets += _unpacked_in_folder(path, name, limits)
        elif path.name.lower().endswith(tuple(READERS)) or _may_be_graph(path, limits):
            sheets.append(Sheet(name, _bytes(path, limits), limits))
        else:
            sheets.append(Sheet(name, _head(path), limits))
    return sheets


def _may_be_graph(path: Path, limits: Limits) -> bool:
    """Whether a table has to be looked into; one that is too large is passed over."""
    return path.suffix.lower() in tables.SUFFIXES and path.stat().st_size <= limits.file_bytes


def _unpacked_in_folder(path: Path, name: str, limits: Limits) -> Iterable[Sheet]:
    inside = archive.unpack(name, _bytes(path, limits), limits)
    if unread.of_archive(sheet.name for sheet in inside):
        return [Sheet(name, _head(path), limits)]
    return [replace(sheet, name=f"{name[: -len('.zip')]}/{sheet.name}") for sheet in inside]


def _files_below(folder: Path, limits: Limits) -> list[Path]:
    files: list[Path] = []
    for here, below, names in os.walk(folder):
        below[:] = [b for b in below if not (b.startswith((".", "__MACOSX")))]
        files += (Path(here, name) for name in names if not name.startswith("."))
        if len(files) > limits.files:
            raise PlanError("too-many-files", spelt(folder.name), limit=str(limits.files))
    return [path for path in files if path.is_file() and not path.is_symlink()]


def read_sheets(sheets: Sequence[Sheet], source: str, *, folder: bool) -> tuple[Plan, ...]:
    """Plans of files already in memory. In a folder, files that are not drawings are skipped
    with a note; given by themselves they are refused."""
    sheets = _with_manifests(_with_grids(sheets))
    by_folder = imdf_files.folders(sheets)
    if by_folder:
        plans = [_named_reader("imdf:read")(found, source) for found in by_folder]
        used = {sheet.name for found in by_folder for sheet in found}
        sheets = [sheet for sheet in sheets if sheet.name not in used]
        others = _read_drawings(sheets, source, folder=folder) if _drawings(sheets) else ()
        return (*plans, *others)
    return _read_drawings(sheets, source, folder=folder)


def _with_grids(sheets: Sequence[Sheet]) -> list[Sheet]:
    """Drawings with what a ``.prj`` file of their name says, or else the only one of the folder."""
    said: dict[str, dict[str, str]] = {}
    for sheet in sheets:
        if sheet.suffix == ".prj":
            folder = sheet.name.rpartition("/")[0]
            said.setdefault(folder, {})[sheet.stem] = sheet.content.decode("latin-1").strip()

    def grid(sheet: Sheet) -> str:
        here = said.get(sheet.name.rpartition("/")[0], {})
        return here.get(sheet.stem, next(iter(here.values())) if len(here) == 1 else "")

    return [replace(s, crs=grid(s)) for s in sheets if s.suffix != ".prj"]


def _with_manifests(sheets: Sequence[Sheet]) -> list[Sheet]:
    """Drawings by CAD, and tables, with the mapping, or else the manifest, of their folder, which
    is no drawing itself. What a mapping leaves open a manifest beside it says."""
    beside: dict[str, Sheet] = {}
    used: set[str] = set()
    for sheet in sorted(sheets, key=lambda one: one.base_name.lower() == MAPPING):
        folder, name = sheet.name.rpartition("/")[0], sheet.base_name.lower()
        if name == MAPPING or (name == MANIFEST and _is_manifest(sheet)):
            beside[folder] = replace(sheet, beside=beside.get(folder))
            used.add(sheet.name)
    return [
        replace(sheet, beside=beside.get(sheet.name.rpartition("/")[0]))
        if READERS.get(sheet.suffix) in _MAPPED or tables.is_graph(sheet)
        else sheet
        for sheet in sheets
        if sheet.name not in used
    ]


def _is_manifest(sheet: Sheet) -> bool:
    try:
        return is_manifest(sheet.json)
    except PlanError:
        return False


def _drawings(sheets: Iterable[Sheet]) -> list[Sheet]:
    return [
        sheet
        for sheet in sheets
        if tables.is_graph(sheet)
        or (sheet.suffix in READERS and not unread.recognised(sheet) and not _not_a_drawing(sheet))
    ]


def _unread(sheet: Sheet) -> unread.Format | None:
    """The format of a file that cannot be read, by its content, else by its name."""
    if tables.is_graph(sheet):
        return None
    known = unread.recognised(sheet)
    return known or (unread.by_name(sheet.name) if sheet.suffix not in READERS else None)


def _read_drawings(sheets: Sequence[Sheet], source: str, *, folder: bool) -> tuple[Plan, ...]:
    groups: dict[str, list[Sheet]] = {}
    notes: list[Finding] = []
    for sheet in sheets:
        if known := _unread(sheet):
            if not folder:
                raise known.refusal(sheet.name)
            code = _PASSED_OVER.get(known.code, "format-passed-over")
            notes.append(Finding(code, sheet.name, {"format": known.name}))
        elif sheet.suffix not in READERS and not tables.is_graph(sheet):
            if not folder:
                raise PlanError(
                    "format-not-read", sheet.name, suffix=sheet.suffix or "-", formats=_formats()
                )
            notes.append(Finding("file-passed-over", sheet.name))
        elif _not_a_drawing(sheet):
            if not folder:
                raise PlanError("not-geojson", sheet.name)
            notes.append(Finding("file-passed-over", sheet.name))
        else:
            groups.setdefault(_reader(sheet), []).append(sheet)
    if folder:
        notes += _drawn_again(groups)
    plans: list[Plan] = []
    failed: dict[str, PlanError] = {}
    for reader, group in groups.items():
        batches = [group] if reader in _TOGETHER else [[sheet] for sheet in group]
        for batch in batches:
            whole = folder and len(groups) == len(batches) == 1
            name = source if whole else _source(batch)
            try:
                plans.append(_named_reader(reader)(batch, name))
            except PlanError as error:
                failed[name] = error
    if failed and not (folder and plans):
        raise next(iter(failed.values()))
    notes += [lost(name, error) for name, error in failed.items()]
    if not plans:
        raise PlanError("no-drawing-inside", source, formats=_formats(), found=_listed(notes))
    first = plans[0]
    plans[0] = replace(first, findings=(*notes, *first.findings))
    return tuple(plans)


def _drawn_again(groups: dict[str, list[Sheet]]) -> list[Finding]:
    """Takes those formats out that draw the same building again, and less of it."""
    notes: list[Finding] = []
    for reader, code in _AGAIN.items():
        if len(groups) > 1:
            notes += [Finding(code, sheet.name) for sheet in groups.pop(reader, [])]
    return notes


def _formats() -> str:
    return " ".join(suffix for suffix in TAKEN if suffix != MAPPING_SUFFIX)


def _listed(notes: Sequence[Finding]) -> str:
    """Files that are not drawings, each with its format if that is known."""
    said = [f"{n.where} ({n.slots['format']})" if n.slots else f"{n.where} (?)" for n in notes]
    more = f" … {len(said)}" if len(said) > _MOST_NAMED else ""
    return ", ".join(said[:_MOST_NAMED]) + more or "-"


def _source(sheets: Sequence[Sheet]) -> str:
    return sheets[0].name + (f" +{len(sheets) - 1}" if len(sheets) > 1 else "")


def _reader(sheet: Sheet) -> str:
    """By suffix, unless the content is clearly of another format."""
    if tables.is_graph(sheet):
        return _TABLES
    if dxf.is_dxf(sheet.content) or dwg.is_dwg(sheet.content):
        return _CAD
    if svg.is_svg(sheet.content) or pdf.is_pdf(sheet.content):
        return _PAPER
    if is_picture(sheet.content):
        return _PICTURE
    if indoorgml.is_indoorgml(sheet):
        return _INDOORGML
    if ifc.is_ifc(sheet.content[:512]):
        return _IFC
    head = sheet.content[:512].lstrip(b"\xef\xbb\xbf \t\r\n")
    if READERS[sheet.suffix] == _GEOJSON and head.startswith(b"<"):
        return _OSM
    if sheet.suffix in (".osm", ".xml") and head.startswith((b"{", b"[")):
        return _GEOJSON
    return READERS[sheet.suffix]


def _named_reader(name: str) -> Reader:
    module, _, function = name.partition(":")
    reader: Reader = getattr(import_module(f"floorplans.{module}"), function)
    return reader


def _not_a_drawing(sheet: Sheet) -> bool:
    """Whether it is JSON beside the drawings that is no drawing itself. A file that cannot be
    parsed is left to its reader, which refuses it."""
    if sheet.suffix != ".json" or indoorgml.is_indoorgml(sheet) or tables.is_graph(sheet):
        return False
    try:
        document = sheet.json
    except PlanError:
        return False
    return not (
        isinstance(document, dict) and document.get("type") in ("FeatureCollection", "Feature")
    )
