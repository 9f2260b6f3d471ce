"""README's table: between how many pairs of places there is a way, in the made-up hospital and in
real buildings.

    python -m tools.figures FOLDER            prints it; FOLDER has the real drawings
    python -m tools.figures FOLDER --write    puts it into README.md

So is the table of what imports cost (`tools.imports`).
"""

import argparse
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from floorplans.reading import read
from navkit.guide import Guide
from navkit.route.pairs import Pairs, pairs
from navkit.route.profiles import profiles
from navkit.route.reach import ON_FOOT, percent, review
from navkit.route.routing import Navigator
from navkit.route.weights import moment
from navkit.venue import corrections, directory
from navkit.venue.join import join
from navkit.venue.venue import Venue, name_in, write_whole
from navkit.words.findings import LOG_LANGUAGE
from tools import imports

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
IMPORTS = re.compile(r"(?<=<!-- imports -->\n).*?(?=<!-- imports -->)", re.DOTALL)
BLOCK = re.compile(r"(?<=<!-- pairs -->\n).*?(?=<!-- pairs -->)", re.DOTALL)
CORRECTED = ROOT / "tests" / "data" / "clinic-corrections.json"

REAL = {
    "clinic as drawn": ("clinic-geojson", None),
    "clinic": ("clinic-geojson", CORRECTED),
    "university-osm": ("university-osm", None),
    "campus-imdf": ("campus-imdf", None),
    "station-osm": ("station-osm", None),
}
"""Of each column the drawing and the corrections."""


def column(guide: Guide) -> list[str]:
    """The cells of a building, in the order of `heads`."""
    navigator = guide.navigator
    found = review(guide.network, profiles())
    on_foot = pairs(navigator, profiles()[ON_FOOT], moment(guide.venue.closures))
    return [
        str(found.places),
        str(len(found.parts)),
        percent(_of_worst_storey(navigator, on_foot)),
        *(percent(share) for share in found.pairs.values()),
    ]


def heads() -> list[str]:
    """What each row of the table counts."""
    names = [name_in(profile.names, LOG_LANGUAGE).lower() for profile in profiles().values()]
    storey = "pairs within a storey, on foot, the lowest"
    return ["places", "parts on foot", storey, *(f"pairs with a way: {name}" for name in names)]


def _of_worst_storey(navigator: Navigator, found: Pairs) -> float:
    """The lowest share of pairs among places of one level; 1 if no level has two."""
    network = navigator.network
    on_level: dict[int, list[int]] = {}
    for bit, place in enumerate(found.places):
        levels = {network.level[node] for node in network.place_nodes[place]}
        if len(levels) == 1:
            on_level.setdefault(levels.pop(), []).append(bit)
    shares = [1.0]
    for bits in on_level.values():
        if (count := len(bits)) > 1:
            own = sum(1 << bit for bit in bits)
            led = sum((found.led_to[bit] & own).bit_count() for bit in bits) - count
            shares.append(led / (count * (count - 1)))
    return min(shares)


@dataclass(frozen=True)
class Building:
    """A column of the table."""

    name: str
    cells: Sequence[str]


def table(buildings: Sequence[Building]) -> str:
    """As Markdown."""
    lines = [
        ["", *(one.name for one in buildings)],
        ["---", *("--:" for _ in buildings)],
        *([head, *(one.cells[i] for one in buildings)] for i, head in enumerate(heads())),
    ]
    return "".join("| " + " | ".join(line) + " |\n" for line in lines)


def example() -> Venue:
    """The made-up hospital, drawn afresh."""
    with tempfile.TemporaryDirectory() as folder:
        script = ROOT / "examples" / "hospital" / "draw.py"
        subprocess.run([sys.executable, str(script), folder], check=True, capture_output=True)
        return join(
            read([Path(folder) / "plans"]),
            directory.read(Path(folder) / "directory.csv"),
            corrections.read(Path(folder) / "corrections.json"),
        )


def real(name: str, folder: Path) -> Venue:
    """A building of `REAL`, whose drawing is in `folder`."""
    drawing, changes = REAL[name]
    return join(
        read([folder / drawing]), None, corrections.read(changes) if changes is not None else ()
    )


def main(folder: Path, *, write: bool) -> None:
    """Print the table, or put it into README."""
    buildings = [Building("example", column(Guide(example())))]
    buildings += [Building(name, column(Guide(real(name, folder)))) for name in REAL]
    made, cost = table(buildings), imports.table([*imports.imports(folder)])
    if write:
        text = BLOCK.sub(lambda _: made, README.read_text(encoding="utf-8"))
        text = IMPORTS.sub(lambda _: cost, text)
        write_whole(README, text.encode("utf-8"))
    else:
        print(made, cost, sep="\n", end="")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="folder of the real drawings")
    parser.add_argument("--write", action="store_true", help="into README.md")
    given = parser.parse_args()
    main(given.folder, write=given.write)
