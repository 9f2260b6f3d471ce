"""Makes the folder of the npm package `navkit-runtime`, from which `npm pack` makes a tarball.

`python examples/npm/pack.py out/navkit-runtime`. Its version is that of navkit.
"""

import json
import shutil
import sys
from importlib.metadata import version
from pathlib import Path

from navkit.venue.venue import write_whole

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
RUNTIME = ROOT / "exporter" / "runtime"
PARTS = ("core/**/*.js", "client/**/*.js", "platform/*-browser.js", "platform/*-wx.js")
"""The parts of the runtime that a client may need."""
BESIDE = ("README.md", "example.js")
"""What lies beside `lib/`, which is all that WeChat's developer tools take."""


def package_files() -> dict[str, bytes]:
    """All files of the package, by path."""
    about = json.loads((HERE / "package.json").read_text(encoding="utf-8"))
    whole = {"name": about.pop("name"), "version": version("navkit"), **about}
    own = [HERE / "index.js", HERE / "index.d.ts", *sorted((HERE / "guide").iterdir())]
    return {
        "package.json": (json.dumps(whole, indent=2) + "\n").encode(),
        "LICENSE": (ROOT / "LICENSE").read_bytes(),
        **{name: (HERE / name).read_bytes() for name in BESIDE},
        **{f"lib/{file.relative_to(HERE).as_posix()}": file.read_bytes() for file in own},
        **{
            f"lib/{file.relative_to(RUNTIME).as_posix()}": file.read_bytes()
            for part in PARTS
            for file in sorted(RUNTIME.glob(part))
        },
    }


def main(folder: Path) -> None:
    if folder.exists() and not (folder / "lib" / "core").is_dir():
        sys.exit(f"{folder} holds something else than this package. Name another folder.")
    shutil.rmtree(folder, ignore_errors=True)
    for path, content in package_files().items():
        write_whole(folder / path, content)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: pack.py FOLDER")
    main(Path(sys.argv[1]))
