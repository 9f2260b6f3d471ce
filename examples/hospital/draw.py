"""Draw a made-up hospital: plans, also as IMDF, directory, corrections, photos, floors in words.

python examples/hospital/draw.py OUTDIR
python examples/hospital/draw.py OUTDIR --format dxf
"""

import argparse
import json
from pathlib import Path

from directory import write_directory
from flaws import corrections, flawed
from floors import write_floors
from imdf import write_imdf
from in_dxf import write_dxf
from in_ifc import write_ifc
from in_indoorgml import write_indoorgml
from in_pdf import write_pdf
from in_pictures import write_pictures
from in_svg import write_svg
from layout import read_hospital, read_json
from native import write_plans
from photos import write_photos

FORMATS = {
    "dxf": write_dxf,
    "ifc": write_ifc,
    "indoorgml": write_indoorgml,
    "pdf": write_pdf,
    "pictures": write_pictures,
    "svg": write_svg,
}
"""What hospitals hand in; each without the draughtsman's slips."""


def draw(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    hospital, slips = read_hospital(), read_json("flaws.json")
    drawn = flawed(hospital, slips["flaws"])
    write_plans(drawn, folder / "plans")
    write_imdf(hospital, folder / "imdf")
    write_directory(hospital, folder / "directory.csv")
    write_floors(hospital, folder / "floors.md")
    write_photos(slips["photos"], folder / "photos")
    drawing = ("opening", "board")
    shown = [{k: v for k, v in one.items() if k not in drawing} for one in slips["photos"]]
    changes = corrections(hospital, slips["flaws"]) + slips["changes"] + shown
    text = json.dumps({"navkit-corrections": 1, "changes": changes}, ensure_ascii=False, indent=1)
    (folder / "corrections.json").write_text(text + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("outdir", type=Path, help="folder to draw into, made where there is none")
    parser.add_argument(
        "--format", choices=FORMATS, help="draw the hospital in this format only, as others do"
    )
    given = parser.parse_args()
    try:
        if given.format:
            FORMATS[given.format](read_hospital(), given.outdir)
        else:
            draw(given.outdir)
    except OSError as error:
        parser.error(f"{error.filename}: cannot be written ({error.strerror}). Choose another.")
