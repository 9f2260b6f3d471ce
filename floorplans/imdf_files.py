"""Which files are IMDF, and the features in them by their type."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from floorplans.collection import Feature, lost, read_collection
from floorplans.graphs import graph_of
from floorplans.sheet import Sheet
from navkit.words.findings import Finding, PlanError

_NEEDED = ("level", "unit", "opening")
"""Files without which nobody could walk; any other that cannot be read is left out."""
_READ = (*_NEEDED, "occupant", "anchor", "amenity", "building", "venue", "kiosk", "relationship")
_KNOWN = frozenset(
    {*_READ, "address", "detail", "facility", "fixture", "footprint", "geofence", "section"}
)


@dataclass(frozen=True)
class Found:
    """What the files of one folder hold."""

    features: Mapping[str, list[Feature]]
    """By type, of those that are read."""
    ways: Sequence[Feature]
    """Of files that IMDF does not know, if they are a network of ways."""
    findings: list[Finding]


def folders(sheets: Sequence[Sheet]) -> list[list[Sheet]]:
    """The groups of sheets in one folder that are IMDF by their names."""
    by_folder: dict[str, list[Sheet]] = {}
    for sheet in sheets:
        by_folder.setdefault(sheet.name.rpartition("/")[0], []).append(sheet)
    return [group for group in by_folder.values() if _is_imdf(group)]


def _is_imdf(group: Sequence[Sheet]) -> bool:
    names = {sheet.base_name.lower() for sheet in group}
    if not _has_names(names):
        return False
    return "manifest.json" in names or not all(_is_bare(s) for s in group if s.stem in _NEEDED)


def _is_bare(sheet: Sheet) -> bool:
    """Whether a file says nothing that IMDF says: a drawing program wrote its shapes only."""
    try:
        features = read_collection(sheet).features
    except PlanError:
        return False
    said = {key for feature in features for key in feature.properties}
    return said.isdisjoint(("level_id", "ordinal", "feature_type", "building_ids"))


def _has_names(names: set[str]) -> bool:
    parts = {"unit.geojson", "level.geojson", "venue.geojson", "opening.geojson"} & names
    return "unit.geojson" in parts or len(parts) > 1 or ("manifest.json" in names and bool(parts))


def features_of(sheets: Sequence[Sheet], source: str) -> Found:
    """The features in the files; `PlanError` if nobody could walk there."""
    files = {sheet.stem.lower(): sheet for sheet in sheets if sheet.suffix in (".geojson", ".json")}
    for needed in _NEEDED[:2]:
        if needed not in files:
            raise PlanError("imdf-file-missing", source, file=f"{needed}.geojson")
    features: dict[str, list[Feature]] = {name: [] for name in _READ}
    findings: list[Finding] = []
    ways: list[Feature] = []
    for name, sheet in sorted(files.items()):
        if name not in _READ:
            if name not in _KNOWN and name != "manifest":
                ways += _ways(sheet, findings)
            continue
        try:
            collection = read_collection(sheet)
        except PlanError as error:
            if name in _NEEDED:
                raise
            findings.append(lost(sheet.name, error))
            continue
        findings.extend(collection.findings)
        features[name] += collection.features
    if not features["level"]:
        raise PlanError("no-levels", files["level"].name)
    if not features["unit"]:
        raise PlanError("imdf-no-units", files["unit"].name)
    return Found(features, ways, findings)


def _ways(sheet: Sheet, findings: list[Finding]) -> Sequence[Feature]:
    """The features of a file that IMDF does not know, if they are a network of ways."""
    try:
        found = read_collection(sheet).features
    except PlanError:
        found = ()
    if not graph_of(found).edges:
        findings.append(Finding("file-passed-over", sheet.name))
        return ()
    return found
