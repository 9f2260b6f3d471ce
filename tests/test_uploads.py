"""Bad files by the hundred, uploaded to a running server: each gets a message, nothing fails,
and health checks wait for nobody's file."""

import html
import random
import re
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
from bad_files import CLASSES, READ, Bad
from clinic import PASSWORD, House, deed, new_house
from served import Pulse, Server, idling, percentile, serving
from test_bad_input import GOOD, native, text

from navkit.words.findings import Finding
from navkit.words.languages import default_language, words
from server.builds import jobs
from server.builds.building import read_review
from server.builds.drafts import SUFFIXES
from server.data import rows
from server.machine.worker import now_ms
from server.press import publishing
from server.staff import people

pytestmark = pytest.mark.process

HEALTHY_MS = 250.0
"""Deadline for 99 of 100 health checks."""
LONGEST_S = 150.0
"""For any one build: reading is given up after 120 s."""
AT_ONCE = 3
"""People who upload at the same time; one worker builds."""
OF_READERS = (
    "ifc", "pictures", "dxf", "svg", "pdf", "json", "shape", "xml", "osm", "pbf", "zip",
    "zip-twin", "other-archive", "imdf-level", "polyglot", "directory", "corrections", "photos",
)  # fmt: skip
"""A class for each program that reads files, and for what stands before them."""
OF_CLASS = 16
"""Files of each class that `make check-uploads` uploads, if there are as many."""

KINDS = {"directory": "directory", "corrections": "corrections", "photos": "photo"}
"""As what a class is uploaded; all others are drawings."""

LONGEST_NAME = 120
"""Letters, above which a name is not taken."""

FOR_SMALLER_LIMITS = {
    "a room and a scribble",
    "forty storeys",
    "storeys from 0 to 199 by mistake",
    "storeys up to the sky",
    "storeys by the dozen",
    "storeys that repeat",
    "too many nodes for a building",
    "units by the hundred",
}
"""Too large only for the limits that `test_bad_files.py` sets."""

ROOM = text(native(*GOOD)).encode()
"""A drawing of one room, for a directory, corrections or a photo to go with."""
WITH_PHOTO = (
    b'{"navkit-corrections": 1, "changes": [{"do": "add-photo", "file": "photo.jpg",'
    b' "names": {"en": "Door"}, "space": "A", "point": [5, 4]}]}'
)


class Case(NamedTuple):
    """A bad file, and the hospital that it is uploaded to."""

    hospital: str
    kind: str
    title: str
    bad: Bad

    @property
    def uploads(self) -> Sequence[tuple[str, str, bytes]]:
        """Kind, name and content of what is uploaded, the bad one last."""
        content = self.bad.content
        assert isinstance(content, bytes | str)
        whole = content.encode() if isinstance(content, str) else content
        beside = [("drawing", "plan.geojson", ROOM)] if self.kind in KINDS else []
        if self.kind == "photos":
            beside.append(("corrections", "corrections.json", WITH_PHOTO))
        return (*beside, (KINDS.get(self.kind, "drawing"), self.bad.name, whole))

    @property
    def code(self) -> str:
        """What it is answered with: some files are refused before anybody reads them."""
        kind, name, content = self.uploads[-1]
        # A name that begins with a dot is hidden, and is kept without it.
        if not name.lstrip(".").lower().endswith(SUFFIXES[kind]) or len(name) > LONGEST_NAME:
            return "upload-not-taken"
        return self.bad.code if content else "upload-empty"


@dataclass(frozen=True)
class Answer:
    """What became of a file: refused, failed or done, and the codes that were said."""

    said: str
    codes: Set[str]
    seconds: float


@cache
def cases() -> Mapping[str, Sequence[Case]]:
    """By class, in an order that is always the same; a browser uploads files, not folders."""
    found = {}
    for kind, make in CLASSES.items():
        bads = [(t, bad) for t, bad in make().items() if isinstance(bad.content, bytes | str)]
        random.Random(kind).shuffle(bads)
        found[kind] = [
            Case(f"{kind}-{number}", kind, title, bad)
            for number, (title, bad) in enumerate(bads)
            if title not in FOR_SMALLER_LIMITS
        ]
    return found


@pytest.fixture
def house(tmp_path: Path) -> House:
    return new_house(tmp_path / "data").hire()


def admit(house: House, chosen: Sequence[Case]) -> None:
    """A hospital for each file, and an editor for each hospital: one person may upload ten files
    a minute, and not more."""
    for case in chosen:
        publishing.add_hospital(
            deed(house.rows, now_ms(), "admin", case.hospital),
            {"en": case.title},
            "Asia/Shanghai",
            "",
        )
        people.add(
            deed(house.rows, now_ms()), case.hospital, PASSWORD, "editor", hospital=case.hospital
        )


def sentence(code: str) -> "re.Pattern[str]":
    """What a page says of a code, whatever it says of the file."""
    parts = re.split(r"\{\w+\}", words(default_language(), "findings")[code])
    return re.compile(".*".join(map(re.escape, parts)), re.DOTALL)


def upload_and_build(server: Server, house: House, case: Case) -> Answer:
    clerk = server.clerk(case.hospital, case.hospital)
    began_s = time.monotonic()
    for kind, name, content in case.uploads:
        answer = clerk.upload(kind, name, content)
        if answer.status_code != 303:
            page = html.unescape(answer.text)
            known = case.code != READ and sentence(case.code).search(page)
            said = case.code if known else page
            return Answer("refused", {said}, time.monotonic() - began_s)
    address = clerk.post(f"/hospitals/{case.hospital}/builds").location
    state = "waiting"
    while state in ("waiting", "running") and time.monotonic() - began_s < LONGEST_S:
        time.sleep(0.1)
        state = (clerk.get(f"{address}/progress.json").json or {})["state"]
    taken_s = time.monotonic() - began_s
    page = html.unescape(clerk.get(address).text)
    with closing(rows.connect(house.settings.address)) as mine:
        job = jobs.job(mine, case.hospital, int(address.rpartition("/")[2]))
    assert job
    if state == "failed":
        said = Finding(job.result["code"], job.result["where"], job.result["slots"])
        return Answer(
            state, {said.code if said.text(default_language()) in page else page}, taken_s
        )
    if state == "done":
        review = read_review(house.settings.press.files, job.result)
        return Answer(state, {READ, *(one["code"] for one in review["findings"])}, taken_s)
    return Answer(state, set(), taken_s)


@dataclass(frozen=True)
class Seen:
    """What was seen while files were uploaded and built."""

    answers: Mapping[Case, Answer]
    statuses: Counter[int]
    pulse: Pulse
    idle: Pulse
    """Of a server that does nothing else, at the same time."""


def upload_all(house: House, chosen: Sequence[Case]) -> Seen:
    admit(house, chosen)
    folder = house.settings.folder
    with (
        serving(folder) as server,
        idling(folder.with_name("idle")) as other,
        ThreadPoolExecutor(AT_ONCE) as pool,
    ):
        with Pulse(server) as pulse, Pulse(other) as idle:
            answers = list(pool.map(lambda case: upload_and_build(server, house, case), chosen))
        return Seen(dict(zip(chosen, answers, strict=True)), server.statuses, pulse, idle)


def check(seen: Seen) -> None:
    wrong = [
        (case.kind, case.title, case.code, answer)
        for case, answer in seen.answers.items()
        if answer.said not in ("refused", "failed", "done") or case.code not in answer.codes
    ]

    assert wrong == []
    assert {status for status in seen.statuses if status >= 500} == set()
    assert set(seen.pulse.statuses) == {"200"}
    assert percentile(seen.pulse.taken_ms, 0.99) <= HEALTHY_MS


def timed(pulse: Pulse) -> str:
    p50, p99 = (percentile(pulse.taken_ms, share) for share in (0.5, 0.99))
    return (
        f", asked {len(pulse.taken_ms)} times: p50 {p50:.1f} ms, p99 {p99:.1f} ms,"
        f" longest {max(pulse.taken_ms):.1f} ms"
    )


def told(seen: Seen, classes: Iterable[str] = CLASSES) -> str:
    """Figures for a page."""
    lines = ["| class | files | refused at once | build failed | read, with findings |",
            "|---|--:|--:|--:|--:|"]  # fmt: skip
    for kind in (*classes, "all"):
        said = Counter(a.said for case, a in seen.answers.items() if kind in (case.kind, "all"))
        counts = (said.total(), said["refused"], said["failed"], said["done"])
        lines.append(f"| {kind} | {' | '.join(map(str, counts))} |")
    slowest_s = max(answer.seconds for answer in seen.answers.values())
    return "\n".join([
        *lines,
        "",
        f"answers by status: {dict(sorted(seen.statuses.items()))}",
        f"/healthz{timed(seen.pulse)}",
        f"the same of a server that does nothing else{timed(seen.idle)}",
        f"slowest file, from upload to its answer, {AT_ONCE} at a time: {slowest_s:.1f} s",
    ])  # fmt: skip


@pytest.mark.alone
def test_one_for_every_reader_is_refused_and_nobody_else_waits(house: House) -> None:
    """One of every class takes a minute longer: `make check-uploads` uploads many of each."""
    chosen = [case for name in OF_READERS for case in cases()[name][:1]]

    seen = upload_all(house, chosen)

    print(f"\n{told(seen)}")
    check(seen)


@pytest.mark.uploads
def test_hundreds_are_refused_and_nobody_else_waits(house: House) -> None:
    chosen = [case for of_class in cases().values() for case in of_class[:OF_CLASS]]
    random.Random(0).shuffle(chosen)
    assert len(chosen) >= 200

    seen = upload_all(house, chosen)

    print(f"\n{told(seen)}")
    check(seen)


def test_what_only_smaller_limits_refuse_is_told_by_its_name() -> None:
    titles = {title for make in CLASSES.values() for title in make()}

    assert titles >= FOR_SMALLER_LIMITS
