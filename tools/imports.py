"""README's table of imports: what `navkit import` makes of a drawing of every format, and what it
costs. `tools.figures` writes it.

Seconds are those of a processor, of all processes of the import; the machine may be shared.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from navkit.venue.venue import load

ROOT = Path(__file__).parents[1]
SCRIPT = ROOT / "examples" / "hospital" / "draw.py"

DRAWN: Mapping[str, str] = {
    "the example as DXF": "dxf",
    "the example as IFC": "ifc",
    "the example as IndoorGML": "indoorgml",
    "the example as PDF": "pdf",
    "the example as SVG": "svg",
}
"""By the format in which its script draws it."""
REAL: Mapping[str, str] = {
    "office-dxf": "office-dxf",
    "office-revit-dxf, DXF": "office-revit-dxf/Ground.dxf",
    "office-revit-dxf, DWG": "office-revit-dxf/Ground.dwg",
    "duplex-ifc": "duplex-ifc",
    "fzk-ifc": "fzk-ifc",
    "university-indoorgml": "university-indoorgml",
    "clinic as IndoorGML-JSON": "clinic-geojson/clinic.indoorgml.json",
    "wall-pictures": "wall-pictures",
}
"""By its place among the real drawings."""
HEADS = ("", "MB", "levels", "spaces", "doors", "seconds", "memory, MB")


@dataclass(frozen=True)
class Import:
    """What one import made and cost."""

    name: str
    bytes: int
    levels: int
    spaces: int
    doors: int
    seconds: float
    memory_bytes: int
    """The most that one of its processes had at a time."""

    @property
    def cells(self) -> list[str]:
        """In the order of `HEADS`."""
        counted = (str(self.levels), str(self.spaces), str(self.doors))
        memory = f"{self.memory_bytes / 2**20:.0f}"
        return [self.name, f"{self.bytes / 1e6:.1f}", *counted, f"{self.seconds:.1f}", memory]


def measured(name: str, drawing: Path) -> Import:
    with tempfile.TemporaryDirectory() as folder:
        venue_file = Path(folder) / "venue.json"
        command = [sys.executable, "-m", "tools.cli", "import", str(drawing), "-o", str(venue_file)]
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        venue = load(venue_file)
    files = [drawing] if drawing.is_file() else [one for one in drawing.rglob("*") if one.is_file()]
    return Import(
        name,
        sum(one.stat().st_size for one in files),
        len(venue.levels),
        len(venue.spaces),
        len(venue.doors),
        used.ru_utime + used.ru_stime,
        used.ru_maxrss * 1024,
    )


def imports(folder: Path) -> Iterator[Import]:
    """Of the real drawings in `folder`, and of the example in every format."""
    for name, drawing in REAL.items():
        yield measured(name, folder / drawing)
    for name, form in DRAWN.items():
        with tempfile.TemporaryDirectory() as made:
            command = [sys.executable, str(SCRIPT), made, "--format", form]
            subprocess.run(command, check=True, capture_output=True)
            yield measured(name, Path(made))


def table(rows: Sequence[Import]) -> str:
    """As Markdown."""
    lines = [[*HEADS], ["---", *("--:" for _ in HEADS[1:])], *(row.cells for row in rows)]
    return "".join("| " + " | ".join(line) + " |\n" for line in lines)
