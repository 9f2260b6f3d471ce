"""Readers for a child process to run: one that reads many files, and ones that misbehave."""

import ctypes
import json
import os
import re
import resource
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import shapely
from shapely import Polygon, box

from exporter.bundle.photos import shrink
from floorplans.check_answer import plans_in
from floorplans.limits import Limits
from floorplans.reading import read
from floorplans.sheet import parse_json
from navkit.plan.frame import Frame
from navkit.plan.plan import Plan, PlanLevel, PlanSpace
from navkit.plan.typed_json import to_json
from navkit.venue import corrections, directory
from navkit.words.findings import Finding, NavkitError

CONTROL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
"""What no text of a plan holds."""


def read_each(paths: Sequence[Path], limits: Limits) -> tuple[Plan, ...]:
    """The result of each path by itself, reported as a plan with the name of its folder."""
    return tuple(_verdict(path, limits) for path in paths)


def _verdict(path: Path, limits: Limits) -> Plan:
    start_s = time.perf_counter()
    try:
        said, findings = "read", tuple(_findings(path, limits))
    except NavkitError as error:
        said, findings = "refused", (error.finding,)
    names = {"said": said, "seconds": f"{time.perf_counter() - start_s:.3f}"}
    return Plan(path.parent.name, None, names=names, findings=findings)


def _findings(path: Path, limits: Limits) -> Sequence[Finding]:
    if path.name == "directory.csv":
        return directory.read(path).findings
    if path.name == "corrections.json":
        corrections.read(path)
        return ()
    if path.name == "photo.jpg":
        shrink(path.read_bytes())
        return ()
    plans = read([path], limits)
    answer = json.dumps({"plans": to_json(plans)})
    again, _ = plans_in(parse_json(answer.encode(), path.name, limits))
    assert again == plans
    drawn = to_json(tuple(replace(plan, findings=()) for plan in plans))
    assert not [text for text in _texts(drawn) if CONTROL.search(text)]
    return [finding for plan in plans for finding in plan.findings]


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for pair in value.items() for part in pair for text in _texts(part)]
    return [text for item in value for text in _texts(item)] if isinstance(value, list) else []


# Readers that misbehave


def sleep(paths: Sequence[Path], limits: Limits) -> tuple[Plan, ...]:
    time.sleep(600)
    return ()


def spin(paths: Sequence[Path], limits: Limits) -> tuple[Plan, ...]:
    while True:
        pass


def swell(paths: Sequence[Path], limits: Limits) -> tuple[Plan, ...]:
    held = []
    while True:
        held.append(bytearray(2**24))


def divide_by_nought(paths: Sequence[Path], limits: Limits) -> tuple[Plan, ...]:
    os.kill(os.getpid(), signal.SIGFPE)
    return ()


def read_what_is_not_there(paths: Sequence[Path], limits: Limits) -> tuple[Plan, ...]:
    ctypes.string_at(0)
    return ()


def abort(paths: Sequence[Path], limits: Limits) -> tuple[Plan, ...]:
    os.abort()


def be_killed(paths: Sequence[Path], limits: Limits) -> tuple[Plan, ...]:
    os.kill(os.getpid(), signal.SIGKILL)
    return ()


def go_quietly(paths: Sequence[Path], limits: Limits) -> tuple[Plan, ...]:
    os._exit(0)


def go_noisily(paths: Sequence[Path], limits: Limits) -> tuple[Plan, ...]:
    sys.exit(3)


def stumble(paths: Sequence[Path], limits: Limits) -> tuple[Plan, ...]:
    return (read(paths, limits)[7],)


def answer_with_a_number(paths: Sequence[Path], limits: Limits) -> Any:
    return 7


def _write_to_all(content: bytes) -> None:
    """To whatever is open, the answer among it."""
    for descriptor in range(1, 20):
        with suppress(OSError):
            os.write(descriptor, content)


def babble(paths: Sequence[Path], limits: Limits) -> tuple[Plan, ...]:
    _write_to_all(b"warning: this is no JSON\n")
    return read(paths, limits)


def flood(paths: Sequence[Path], limits: Limits) -> tuple[Plan, ...]:
    for _ in range(100):
        _write_to_all(bytes(2**16))
    return read(paths, limits)


def chatter(paths: Sequence[Path], limits: Limits) -> tuple[Plan, ...]:
    """As parsers do who print what they think of a drawing."""
    for stream in (sys.stdout, sys.stderr):
        print("warning: layer 0 is empty\n" * 10_000, file=stream, flush=True)
    return read(paths, limits)


def litter(paths: Sequence[Path], limits: Limits) -> tuple[Plan, ...]:
    Path("here.tmp").write_text("x", encoding="utf-8")
    descriptor, _ = tempfile.mkstemp()
    os.write(descriptor, b"x")
    return read(paths, limits)


def have_children(paths: Sequence[Path], limits: Limits) -> tuple[Plan, ...]:
    for _ in range(20):
        if os.fork() == 0:
            time.sleep(600)
    return read(paths, limits)


def have_children_and_sleep(paths: Sequence[Path], limits: Limits) -> tuple[Plan, ...]:
    os.fork()
    return sleep(paths, limits)


def leave_a_daemon(paths: Sequence[Path], limits: Limits) -> tuple[Plan, ...]:
    """One that has left its group, and that nobody knows as a child."""
    between = os.fork()
    if not between:
        os.setsid()
        if not os.fork():
            time.sleep(600)
        os._exit(0)
    os.waitpid(between, 0)
    return read(paths, limits)


def answer_twice(paths: Sequence[Path], limits: Limits) -> tuple[Plan, ...]:
    if os.fork():
        os.wait()
    return read(paths, limits)


# Readers that tell what they see


def told(**facts: Any) -> tuple[Plan, ...]:
    return (Plan(json.dumps(facts), None),)


def tell(paths: Sequence[Path], limits: Limits) -> tuple[Plan, ...]:
    kinds = ("AS", "CPU", "CORE", "FSIZE", "NOFILE", "NPROC")
    return told(
        environment=dict(os.environ),
        folder=str(Path.cwd()),
        files=[entry.name for entry in Path().iterdir()],
        isolated=bool(sys.flags.isolated),
        bounds={k: resource.getrlimit(getattr(resource, f"RLIMIT_{k}"))[0] for k in kinds},
    )


def call(paths: Sequence[Path], limits: Limits) -> tuple[Plan, ...]:
    """Whether the port that the file names can be reached."""
    port = int(paths[0].read_text(encoding="ascii"))
    try:
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
    except OSError:
        return told(reached=False)
    return told(reached=True)


def peep(paths: Sequence[Path], limits: Limits) -> tuple[Plan, ...]:
    """Whether a file beside the one that was given can be read, and one be written."""
    beside = paths[0].with_name("secret.txt")
    try:
        seen = beside.read_text(encoding="ascii")
    except OSError:
        seen = ""
    try:
        beside.with_name("planted.txt").write_text("x", encoding="ascii")
    except OSError:
        return told(seen=seen, written=False)
    return told(seen=seen, written=True)


# Readers whose plans cannot be


ROOM = PlanSpace("A", "L0", box(0, 0, 9, 8))
GROUND = PlanLevel("L0", 0)


def of(*spaces: PlanSpace, **members: Any) -> tuple[Plan, ...]:
    return (
        Plan(**{"source": "a", "frame": None, "levels": (GROUND,), "spaces": spaces, **members}),
    )


def off_its_level(paths: Sequence[Path], limits: Limits) -> tuple[Plan, ...]:
    return of(replace(ROOM, level="L9"))


def off_the_earth(paths: Sequence[Path], limits: Limits) -> tuple[Plan, ...]:
    return of(replace(ROOM, outline=box(0, 0, 1, 1e9)))


def of_no_origin(paths: Sequence[Path], limits: Limits) -> tuple[Plan, ...]:
    return of(ROOM, frame=Frame(1000.0, 0.0))


def of_no_number(paths: Sequence[Path], limits: Limits) -> tuple[Plan, ...]:
    return of(ROOM, levels=(replace(GROUND, ordinal=float("nan")),))


def crossing_itself(paths: Sequence[Path], limits: Limits) -> tuple[Plan, ...]:
    return of(replace(ROOM, outline=Polygon([(0, 0), (9, 9), (9, 0), (0, 9)])))


def of_no_kind(paths: Sequence[Path], limits: Limits) -> tuple[Plan, ...]:
    kind: Any = "dungeon"
    return of(replace(ROOM, kind=kind))


def with_a_secret_finding(paths: Sequence[Path], limits: Limits) -> tuple[Plan, ...]:
    return of(ROOM, findings=(Finding("hello"),))


def with_half_a_finding(paths: Sequence[Path], limits: Limits) -> tuple[Plan, ...]:
    return of(ROOM, findings=(Finding("id-used-twice", "a", {"name": "it asks for an id"}),))


def with_half_a_letter(paths: Sequence[Path], limits: Limits) -> tuple[Plan, ...]:
    return of(ROOM, source="\ud800")


IMPOSSIBLE = (
    off_its_level,
    off_the_earth,
    of_no_origin,
    of_no_number,
    crossing_itself,
    of_no_kind,
    with_a_secret_finding,
    with_half_a_finding,
    with_half_a_letter,
)


class _RefusalError(NavkitError):
    """Whatever the finding says, and in whatever slots."""

    def __init__(self, finding: Finding) -> None:
        self.finding = finding


def refuse_in_riddles(paths: Sequence[Path], limits: Limits) -> tuple[Plan, ...]:
    raise _RefusalError(Finding("riddle"))


def refuse_with_odd_slots(paths: Sequence[Path], limits: Limits) -> tuple[Plan, ...]:
    slots = {"self": "a", "code": "b", "where": "c", "0": "d"}
    raise _RefusalError(Finding("file-empty", paths[0].name, slots))


def read_alike(paths: Sequence[Path], limits: Limits) -> tuple[Plan, ...]:
    """What becomes of each path but the first, against the first, which is whole: `refused`, `told`
    by a finding more, the `same` shapes, or changed in `silence`."""
    whole = read([paths[0]], limits)
    return tuple(_compared(path, whole, limits) for path in paths[1:])


def _compared(path: Path, whole: Sequence[Plan], limits: Limits) -> Plan:
    try:
        plans = read([path], limits)
    except NavkitError as error:
        return Plan(path.parent.name, None, names={"said": "refused"}, findings=(error.finding,))
    known = {finding.text("en") for plan in whole for finding in plan.findings}
    new = [one for plan in plans for one in plan.findings if one.text("en") not in known]
    same = _shapes(plans) == _shapes(whole)
    said = "same" if same else "told" if new else "silence"
    return Plan(path.parent.name, None, names={"said": said}, findings=tuple(new))


def _shapes(plans: Sequence[Plan]) -> list[str]:
    """Spaces, doors, walls and paths to a centimetre, whatever their order."""
    spaces = [(one.level, one.outline) for plan in plans for one in plan.spaces]
    doors = [(one.level, one.line) for plan in plans for one in plan.doors]
    paths = [("", one.line) for plan in plans for one in plan.paths]
    walls = [wall for plan in plans for wall in plan.walls]
    drawn = (*spaces, *doors, *paths, *walls)
    return sorted(f"{level} {shapely.set_precision(s, 0.01).normalize().wkt}" for level, s in drawn)
