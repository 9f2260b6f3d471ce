"""A build, in a child process: drawings, directory and corrections become a venue, a bundle
and a review. What it makes is content-addressed, so that it may be run twice.

    python -m server.building FOLDER < request

The request is one line of JSON; what is said on standard output are lines of JSON too:
`{"note": …}` now and then, at last `{"made": …}` or `{"refused": …}`. The parent keeps standard
input open: where it ends, the parent has died and so does the build.
"""

import json
import os
import shutil
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from exporter.bundle import Bundle, Part, make_bundle, zip_bundle
from exporter.voice.clips import Voice
from floorplans.child import read_apart
from navkit import corrections, directory
from navkit import venue as venue_
from navkit.findings import Finding, NavkitError
from navkit.guide import Guide
from navkit.join import join
from server.drafts import CORRECTIONS, DIRECTORY
from server.files import Files
from server.review import compare

PARTS = {"drawing": "plans", "directory": "", "corrections": "", "photo": "photos"}
"""In which folder each kind of source is laid out."""


def build(
    files: Files, folder: Path, request: Mapping[str, Any], note: Callable[[str], None]
) -> dict[str, Any]:
    """Build in an empty folder; hashes of what was made and kept."""
    for kind, name, sha256 in request["sources"]:
        place = folder / PARTS[kind] / name
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(files.path(sha256), place)
    note("reading")
    plans = read_apart([folder / "plans"])
    note("joining")
    table, changes = folder / DIRECTORY, folder / CORRECTIONS
    venue = join(
        plans,
        directory.read(table) if table.exists() else None,
        corrections.read(changes) if changes.exists() else (),
    )
    note("network")
    guide = Guide(venue)
    _ = guide.network
    note("comparing")
    published = request.get("published", "")
    before = Guide(read_venue(files, published)) if published else None
    review = compare(before, guide)
    engine = request.get("voice", "")
    voice = Voice(engine, required=False, cache=files.clips) if engine else None
    bundle = make_bundle(guide, tuple(request["languages"]), note, voice, folder / "photos")
    review["findings"] += [
        {"code": f.code, "severity": f.severity, "where": f.where, "slots": dict(f.slots)}
        for f in bundle.findings
    ]
    note("keeping")
    text = json.dumps(venue_.to_json(venue), ensure_ascii=False, separators=(",", ":"))
    parts = [[part.role, part.name, files.keep(part.content)] for part in bundle.parts]
    return {
        "venue": files.keep(text.encode()),
        "review": files.keep(json.dumps(review, ensure_ascii=False).encode()),
        "parts": parts,
        "zip": files.keep(zip_bundle(bundle)),
        "rooms": bundle.rooms,
        "bytes": sum(len(part.content) for part in bundle.parts),
    }


def read_venue(files: Files, sha256: str) -> venue_.Venue:
    """A venue that a build has kept."""
    return venue_.from_json(json.loads(files.read(sha256)))


def read_bundle(files: Files, made: Mapping[str, Any]) -> Bundle:
    """A bundle that a build has kept, to be written out."""
    parts = tuple(Part(role, name, files.read(sha256)) for role, name, sha256 in made["parts"])
    return Bundle(parts, made["rooms"], (), {})


def read_review(files: Files, made: Mapping[str, Any]) -> dict[str, Any]:
    """The review that a build has kept."""
    review: dict[str, Any] = json.loads(files.read(made["review"]))
    return review


def _say(**line: object) -> None:
    print(json.dumps(line, ensure_ascii=False), flush=True)


def _die_with_the_parent() -> None:
    """Nobody wants what an orphan makes."""
    sys.stdin.read()
    os._exit(1)


def _refused(finding: Finding) -> dict[str, Any]:
    return {"code": finding.code, "where": finding.where, "slots": dict(finding.slots)}


def main() -> None:
    """Build what standard input asks for."""
    folder = Path(sys.argv[1])
    request = json.loads(sys.stdin.readline())
    threading.Thread(target=_die_with_the_parent, daemon=True).start()
    try:
        made = build(Files(folder), Path(request["folder"]), request, lambda text: _say(note=text))
    except NavkitError as error:
        _say(refused=_refused(error.finding))
    else:
        _say(made=made)


if __name__ == "__main__":
    main()
