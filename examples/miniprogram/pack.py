"""Fills the mini-program: the runtime, the words, and a bundle as its first map.

`python examples/miniprogram/pack.py` copies the runtime and the words; given the folder of a
bundle, or the `bundle/` of a site, it packs that, too; given also a `root.json` and the name of a
hospital, the app follows what that hospital signs.
"""

import argparse
import json
import shutil
import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from exporter.bundle import release
from exporter.words.screen_words import screen_words
from navkit.venue.venue import write_whole

HERE = Path(__file__).parent
EXPORTER = HERE.parents[1] / "exporter"
RUNTIME = EXPORTER / "runtime"
PARTS = ("core/**/*.js", "client/**/*.js", "platform/*-wx.js")
"""The parts of the runtime that the mini-program has."""
NACL = EXPORTER / "site" / "page" / "vendor" / "nacl-fast.js"
NO_CHANCE = b"""// @ts-nocheck
var self = { crypto: { getRandomValues: function () { throw new Error(); } } };
"""
"""Before tweetnacl: it would require a module that WeChat lacks, to make keys that nobody needs."""
SUBPACKAGE = "baseline"
MAX_PACKAGE_BYTES = 2 * 1024 * 1024
"""WeChat's limit for one package. Source: its documentation on subpackages."""


def runtime_files() -> dict[str, bytes]:
    """The runtime unchanged, and the words of the screen, by path."""
    said = json.dumps(screen_words(), ensure_ascii=False, separators=(",", ":"))
    return {
        **{
            f"runtime/{file.relative_to(RUNTIME).as_posix()}": file.read_bytes()
            for part in PARTS
            for file in sorted(RUNTIME.glob(part))
        },
        "runtime/nacl.js": NO_CHANCE + NACL.read_bytes(),
        "runtime/words.js": f"module.exports = {said};\n".encode(),
    }


def baseline_files(bundle: Path, issued: date) -> dict[str, bytes]:
    """The parts of a bundle that come with the app; a site's own release gives its date.

    Without scripted routes, which a phone that routes does not need, and without clips,
    which are larger than a package may be.
    """
    index = (bundle / "index.json").read_bytes()
    names = [
        name
        for name in json.loads(index)["files"]
        if name.endswith(".json") and not name.startswith("scripts-")
    ]
    published = bundle / release.NAME
    told = published.read_bytes() if published.exists() else release.release(index, issued)
    files = {name: (bundle / name).read_bytes() for name in names}
    files[release.index_name(index)] = index
    files[release.NAME] = told
    return {f"{SUBPACKAGE}/bundle/{name}": content for name, content in files.items()}


def root_file(root: bytes, hospital: str) -> dict[str, bytes]:
    """The root whose signatures the app follows."""
    said = {"text": root.decode("ascii"), "hospital": hospital}
    return {"root.js": f"module.exports = {json.dumps(said)};\n".encode()}


def package_bytes(folder: Path) -> Mapping[str, int]:
    """How large the two packages are, uncompressed."""
    sizes = {"main": 0, SUBPACKAGE: 0}
    for file in folder.rglob("*"):
        if file.is_file() and file.suffix not in {".py", ".md", ".pyc"}:
            part = file.relative_to(folder).parts[0]
            sizes[part if part == SUBPACKAGE else "main"] += file.stat().st_size
    return sizes


def main(words: list[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("bundle", type=Path, nargs="?", help="folder of a bundle to pack")
    parser.add_argument("root", type=Path, nargs="?", help="root.json to trust")
    parser.add_argument("hospital", nargs="?", help="whose signed map the app follows")
    given = parser.parse_args(words)
    if given.root and not given.hospital:
        parser.error("after a root.json comes the name of a hospital")
    files = runtime_files()
    if given.bundle:
        if not (given.bundle / "index.json").is_file():
            parser.error(f"{given.bundle} is no folder of a bundle: it has no index.json")
        files |= baseline_files(given.bundle, date.today())
        shutil.rmtree(HERE / SUBPACKAGE / "bundle", ignore_errors=True)
    if given.root:
        if not given.root.is_file():
            parser.error(f"there is no file {given.root}")
        files |= root_file(given.root.read_bytes(), given.hospital)
    for path, content in files.items():
        write_whole(HERE / path, content)
    for name, size in package_bytes(HERE).items():
        print(f"{name}: {size / 1024:.0f} KB")
        if size > MAX_PACKAGE_BYTES:
            sys.exit(f"{name} is larger than the 2 MB that WeChat takes as one package.")


if __name__ == "__main__":
    main(sys.argv[1:])
