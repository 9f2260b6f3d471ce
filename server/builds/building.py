"""A build, in a child process: drawings, directory and corrections become a venue, a bundle
and a review. Its output is content-addressed, so that it may run twice.

    python -m server.builds.building FOLDER < request

The request is one line of JSON; standard output is lines of JSON too:
`{"note": …}` now and then, finally `{"made": …}` or `{"refused": …}`. The parent keeps standard
input open: if it ends, the parent has died and so does the build.
"""

import json
import os
import re
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from exporter.bundle.bundle import Bundle, Part, make_bundle, zip_bundle
from exporter.paper import verdicts
from exporter.voice.clips import Voice
from floorplans.child import read_apart
from floorplans.in_child import name_of, restrain
from navkit.guide import Guide
from navkit.plan.plan import Plan
from navkit.plan.typed_json import from_json as plans_from_json
from navkit.plan.typed_json import to_json as plans_to_json
from navkit.route.fixes import Fixes, find_fixes
from navkit.venue import accepted, corrections, directory
from navkit.venue.join import join
from navkit.venue.venue import Venue
from navkit.venue.venue import from_json as venue_from_json
from navkit.venue.venue import to_json as venue_to_json
from navkit.words.findings import Finding, NavkitError
from navkit.words.languages import languages
from server.builds import listing, picturing, worklist
from server.builds.drafts import CORRECTIONS, DIRECTORY
from server.builds.jobs import LONGEST_S
from server.builds.review import compare
from server.data.files import Files

MUTE: Mapping[str, int] = {"RLIMIT_AS": 4 * 2**30, "RLIMIT_CPU": 1800, "RLIMIT_CORE": 0}
"""Limits of a build: bytes of address space, seconds of processor time. Guesses: the example
hospital takes an eighth of the one and a twentieth of the other."""
SPEAKING: Mapping[str, int] = {
    "RLIMIT_AS": 8 * 2**30,
    "RLIMIT_CPU": LONGEST_S * (os.cpu_count() or 1),
    "RLIMIT_CORE": 0,
}
"""Limits if it renders clips as well, on all processors."""
TRYING_S = 20.0
MOST_TRIED_PLACES = 3000
"""So long a build tries which corrections would help, and up to so many places. Guesses: a clinic
takes 12 s, the example hospital 5 s."""
_YIELDING = 10
"""The `nice` value with which a build yields to pages."""

_SPACE = re.compile(r"\s*")

PARTS = {"drawing": "plans", "directory": "", "corrections": "", "photo": "photos", "verdicts": ""}
"""The folder into which each kind of source is laid out."""


def build(
    files: Files, folder: Path, request: Mapping[str, Any], note: Callable[[str], None]
) -> dict[str, Any]:
    """Build in an empty folder; returns hashes of what was made and stored."""
    _lay_out(files, folder, request["sources"])
    note("reading")
    # Each file by itself: in a folder, zips and files that are not drawings would be skipped.
    files_given = sorted((folder / "plans").glob("*"))
    plans = read_apart(files_given) if files_given else ()
    note("joining")
    said = _said(folder / CORRECTIONS)
    known = [request.get(name, "") for name in ("published", "earlier")]
    before, earlier = (read_venue(files, sha256) if sha256 else None for sha256 in known)
    venue = _joined(plans, folder / DIRECTORY, said, [one for one in (before, earlier) if one])
    # One hospital has one name: the console's, or the drawing's if the console has none.
    on_drawing = dict(venue.names)
    venue = replace(venue, names={**on_drawing, **request.get("names", {})})
    note("network")
    guide = Guide(venue)
    _ = guide.network
    note("comparing")
    review = compare(Guide(before) if before else None, guide)
    review["drawn"] = drawn(plans)
    voice = _voice(files, request)
    bundle = make_bundle(guide, tuple(request["languages"]), note, voice, folder / "photos")
    review["findings"] += [
        {"code": f.code, "severity": f.severity, "where": f.where, "slots": dict(f.slots)}
        for f in (*bundle.findings, *_reviewed(folder, guide))
    ]
    so = _accepted(review, said)
    note("trying")
    files_read = [name for kind, name, _ in request["sources"] if kind == "drawing"]
    work = worklist.made(guide, review["findings"], files_read, _tried(venue, note), so)
    note("drawing")
    drawings = _drawings(files, venue)
    note("keeping")
    text = json.dumps(venue_to_json(venue), ensure_ascii=False, separators=(",", ":"))
    parts = [[part.role, part.name, files.keep(part.content)] for part in bundle.parts]
    return {
        "venue": files.keep(text.encode()),
        "plans": files.keep(_json({"plans": plans_to_json(tuple(plans))})),
        "review": files.keep(_json(listing.bounded(venue, review))),
        "findings": {
            code: [files.keep(_json(page)) for page in listing.pages(group)]
            for code, group in listing.by_code(listing.rows(venue, review["findings"])).items()
            if len(group) > listing.OF_CODE
        },
        "worklist": files.keep(_json(work)),
        "drawings": drawings,
        "parts": parts,
        "zip": files.keep(zip_bundle(bundle)),
        "names": {"shown": dict(venue.names), "on_drawing": on_drawing},
        "voices": {tag: bundle.said_bytes(tag) for tag in request["languages"]},
        "rooms": bundle.rooms,
        "bytes": sum(len(part.content) for part in bundle.parts),
    }


def _said(file: Path) -> tuple[corrections.Change, ...]:
    return corrections.read(file) if file.exists() else ()


def _joined(
    plans: Sequence[Plan], table: Path, said: Sequence[corrections.Change], earlier: Sequence[Venue]
) -> Venue:
    """The venue, with all of its findings: of what staff accept the review tells as well."""
    changes = [change for change in said if change.do != "accept"]
    return join(plans, directory.read(table) if table.exists() else None, changes, earlier)


def _accepted(
    review: dict[str, Any], said: Sequence[corrections.Change]
) -> list[tuple[Finding, Mapping[str, Any]]]:
    """The findings of which staff say that it is so, taken out of the review; of errors it tells
    how many."""
    found = accepted.are_accepted(
        map(worklist.as_finding, review["findings"]), [change.fields for change in said]
    )
    pairs = zip(review["findings"], found, strict=True)
    review["findings"] = [one for one, (_, change) in pairs if change is None]
    so = [(finding, change) for finding, change in found if change is not None]
    review["accepted_errors"] = sum(finding.severity == "error" for finding, _ in so)
    return so


def _tried(venue: Venue, note: Callable[[str], None]) -> Fixes:
    """Corrections that would help, as many as there is time to try."""
    if len(venue.places) > MOST_TRIED_PLACES:
        return Fixes((), (), {}, {})
    until_s = time.monotonic() + TRYING_S

    def told(far: str) -> None:
        note(f"trying {far.replace('/', ' of ')}")

    return find_fixes(venue, told, more=lambda: time.monotonic() < until_s)


def _drawings(files: Files, venue: Venue) -> dict[str, dict[str, list[str | bool]]]:
    """By level and language, the hash of its SVG and whether that is simplified."""
    return {
        level.id: {
            tag: [files.keep(drawn.svg.encode()), drawn.is_simplified]
            for tag, drawn in picturing.drawings(venue, level.id, languages()).items()
        }
        for level in venue.levels
    }


def _reviewed(folder: Path, guide: Guide) -> list[Finding]:
    """What staff said of the directions on the review sheet."""
    said = verdicts.read(folder / verdicts.FILE)
    return verdicts.findings(said, lambda one: verdicts.now(guide, one))


def _voice(files: Files, request: Mapping[str, Any]) -> Voice | None:
    engine = request.get("voice", "")
    return Voice(engine, required=False, cache=files.clips) if engine else None


def _lay_out(files: Files, folder: Path, sources: Sequence[tuple[str, str, str]]) -> None:
    for kind, name, sha256 in sources:
        place = folder / PARTS[kind] / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(_source(files, name, sha256))


def _source(files: Files, name: str, sha256: str) -> bytes:
    """A source from the draft; an error names the source that is damaged."""
    try:
        return files.read(sha256)
    except NavkitError as error:
        raise NavkitError(error.finding.code, name, **error.finding.slots) from error


def _json(said: object) -> bytes:
    return json.dumps(said, ensure_ascii=False).encode()


def drawn(plans: Sequence[Plan]) -> dict[str, dict[str, Any]]:
    """The content of each drawing, for somebody who considers removing it."""
    return {
        plan.source: {
            "levels": sorted({level.label or level.key for level in plan.levels}),
            "rooms": sum(space.kind == "room" for space in plan.spaces),
            "anchors": len(plan.anchors),
            "ids": sorted(
                {one.key for group in (plan.spaces, plan.doors, plan.connectors) for one in group}
            ),
        }
        for plan in plans
    }


def read_venue(files: Files, sha256: str) -> Venue:
    """A venue that a build has stored."""
    return venue_from_json(parsed(files.read(sha256).decode()))


def parsed(text: str) -> Any:
    """Like `json.loads`, item by item: other threads run in between, while parsing all at once
    would block them for a long time with a large building."""
    decoder = json.JSONDecoder()
    if not text.startswith("{"):
        return decoder.decode(text)
    said: dict[str, Any] = {}
    at = _after(text, 1, "")
    while text[at] != "}":
        key, at = decoder.raw_decode(text, at)
        at = _after(text, at, ":")
        if text[at] != "[":
            said[key], at = decoder.raw_decode(text, at)
        else:
            said[key] = items = []
            at = _after(text, at + 1, "")
            while text[at] != "]":
                item, at = decoder.raw_decode(text, at)
                items.append(item)
                at = _after(text, at, ",")
            at += 1
        at = _after(text, at, ",")
    return said


def _after(text: str, at: int, mark: str) -> int:
    """Where the text after a mark begins; the mark may be missing."""
    at = _SPACE.match(text, at).end()  # type: ignore[union-attr]
    return _SPACE.match(text, at + 1).end() if mark and text[at] == mark else at  # type: ignore[union-attr]


def read_plans(files: Files, sha256: str) -> tuple[Plan, ...]:
    """The drawings of a build as they were read."""
    return plans_from_json(tuple[Plan, ...], parsed(files.read(sha256).decode())["plans"])


def read_bundle(files: Files, made: Mapping[str, Any]) -> Bundle:
    """A bundle that a build has stored, to be written out."""
    parts = tuple(Part(role, name, files.read(sha256)) for role, name, sha256 in made["parts"])
    return Bundle(parts, made["rooms"], (), {})


def read_review(files: Files, made: Mapping[str, Any]) -> dict[str, Any]:
    """The review that a build has stored."""
    review: dict[str, Any] = parsed(files.read(made["review"]).decode())
    return review


def _say(**line: object) -> None:
    print(json.dumps(line, ensure_ascii=False), flush=True)


def _die_with_the_parent() -> None:
    """An orphaned build is of no use."""
    sys.stdin.read()
    os._exit(1)


def outcome(make: Callable[[], dict[str, Any]], memory_bytes: int) -> dict[str, Any]:
    """The final message: what was made, or why nothing was. A build that failed once fails again,
    so only one that was killed is retried."""
    try:
        return {"made": make()}
    except NavkitError as error:
        finding = error.finding
    except MemoryError:
        finding = Finding("build-out-of-memory", "", {"limit": str(memory_bytes // 2**20)})
    except Exception as error:
        finding = Finding("build-failed", "", {"what": name_of(error)})
    return {"refused": {"code": finding.code, "where": finding.where, "slots": dict(finding.slots)}}


def main() -> None:
    """Build what standard input asks for."""
    folder = Path(sys.argv[1])
    request = json.loads(sys.stdin.readline())
    threading.Thread(target=_die_with_the_parent, daemon=True).start()
    with suppress(AttributeError):
        os.nice(_YIELDING)
    bounds = SPEAKING if request.get("voice") else MUTE
    restrain(bounds)
    _say(
        **outcome(
            lambda: build(
                Files(folder), Path(request["folder"]), request, lambda text: _say(note=text)
            ),
            bounds["RLIMIT_AS"],
        )
    )


if __name__ == "__main__":
    main()
