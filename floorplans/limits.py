"""How many resources reading a drawing may use. An administrator may raise these limits."""

from dataclasses import dataclass

MIN_EXTENT_M = 5.0
"""Anything narrower is not a building. A guess: a kiosk is 3 m wide, a surgery 8 m."""
MAX_EXTENT_M = 5_000.0
"""Anything wider is not a campus: the largest hospitals are about 2 km across."""
MIN_AREA_M2 = 0.04
"""A space smaller than 20 cm by 20 cm is a drawing mistake. A guess."""
MAX_AREA_CHANGE = 0.005
"""Share of its area that a repair may change silently; above it staff are asked to check."""


@dataclass(frozen=True)
class Limits:
    """Counts and sizes above which a drawing is refused."""

    file_bytes: int = 64 * 2**20
    zip_entries: int = 200
    zip_depth: int = 3
    """Archives in archives, the outermost counted."""
    unpacked_bytes: int = 256 * 2**20
    zip_ratio: int = 100
    """Unpacked size over packed size, of each entry and of the whole."""
    json_depth: int = 32
    xml_depth: int = 64
    xml_elements: int = 1_000_000
    features: int = 200_000
    vertices: int = 2_000_000
    crossings: int = 1_000
    """How often one outline may cross itself before repairing it is hopeless."""
    storeys: int = 200
    """Storeys of one range such as ``0-3``, and of the whole plan."""
    spaces_of_level: int = 5_000
    """The fullest floor of the largest hospitals has about 1,500. A guess."""
    spaces: int = 10_000
    """Of all plans together: what a build can process in its time, see docs/performance.md."""
    openings: int = 30_000
    """Doors and drawn paths of all plans together."""
    files: int = 2_000
    """Files of a folder that are read."""
    wall_s: float = 120.0
    """Wall-clock seconds that reading may take."""
    cpu_s: int = 90
    memory_bytes: int = 2 * 2**30
    """Address space that the reading process may use, including Python and its libraries."""
    plan_bytes: int = 128 * 2**20
    """Of the plans as JSON: drawn once on each of 200 storeys, a small file is a large plan."""


LIMITS = Limits()
