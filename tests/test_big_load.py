"""The largest permitted uploads, on a running server: nobody else waits for them, and no page
is larger than a browser should have to show."""

import re
import time
from pathlib import Path

import pytest
from clinic import HOSPITAL, House, drawing, new_house
from served import Pulse, percentile, serving
from test_big_plans import grid

from floorplans.limits import LIMITS
from server.builds import drafts

pytestmark = pytest.mark.process

BASE = f"/hospitals/{HOSPITAL}"
HEALTHY_MS = 250.0
"""Deadline for 99 of 100 health checks."""
LONGEST_MS = 1000.0
PAGE_BYTES = 2**20
BUILT_S = 1800.0


@pytest.fixture
def house(tmp_path: Path) -> House:
    return new_house(tmp_path / "data").hire()


def longest_directory(word: str) -> bytes:
    """As many rows as may be, and nearly as many bytes."""
    most = drafts.MOST_ROWS["directory"]
    aliases = ";".join([word] * (drafts.MOST_BYTES["directory"] // most // 11))
    rows = "".join(f"科室{n},Department {n},{n},,{aliases}\n" for n in range(most))
    return f"name,name_en,rooms,hours,aliases\n{rows}".encode()


def longest_corrections(word: str) -> bytes:
    changes = [
        {"do": "rename", "id": f"1-{n}", "names": {"en": f"{word} {n}"}, "why": "x" * 200}
        for n in range(drafts.MOST_ROWS["corrections"])
    ]
    return drafts.corrections_file(changes)


def told(pulse: Pulse) -> str:
    p50, p99 = (percentile(pulse.taken_ms, share) for share in (0.5, 0.99))
    longest = max(pulse.taken_ms)
    return f"\n/healthz, {len(pulse.taken_ms)} times: {p50:.0f}, {p99:.0f}, {longest:.0f} ms"


def check(pulse: Pulse) -> None:
    print(told(pulse))
    assert set(pulse.statuses) == {"200"}
    assert percentile(pulse.taken_ms, 0.99) <= HEALTHY_MS
    assert max(pulse.taken_ms) <= LONGEST_MS


@pytest.mark.alone
def test_nobody_waits_for_the_longest_sheets(house: House) -> None:
    house.build(plan=drawing())
    for content in (longest_directory("aliasword"), longest_corrections("Room")):
        assert 0.5 < len(content) / 2**20 < 4
    with serving(house.settings.folder) as server, Pulse(server) as pulse:
        clerk = server.clerk("editor", HOSPITAL)
        for kind, name, make in (
            ("directory", "d.csv", longest_directory),
            ("corrections", "c.json", longest_corrections),
        ):
            for word in ("aliasword", "otherword"):
                answer = clerk.upload(kind, name, make(word))
                assert answer.status_code in (200, 303, 409)
                assert len(answer.data) <= PAGE_BYTES
        for path in (
            "",
            "/directory",
            "/directory?q=Department%20999",
            "/directory/1",
            "/corrections?page=50",
            "/builds/1/levels/1F?thing=1F-01",
            "/history",
        ):
            answer = clerk.get(BASE + path)
            assert answer.status_code == 200, path
            assert len(answer.data) <= PAGE_BYTES, path

    check(pulse)


@pytest.mark.uploads
def test_nobody_waits_for_the_largest_plan(house: House) -> None:
    """All corridors side by side, each open to its neighbours: no plan has more to say."""
    levels = -(-LIMITS.spaces // LIMITS.spaces_of_level)
    plan = grid(LIMITS.spaces // levels, levels)
    with serving(house.settings.folder) as server, Pulse(server) as pulse:
        clerk = server.clerk("editor", HOSPITAL)
        assert clerk.upload("drawing", "plan.geojson", plan).status_code == 303
        address = clerk.post(f"{BASE}/builds").location
        began_s, state = time.monotonic(), "waiting"
        while state in ("waiting", "running") and time.monotonic() - began_s < BUILT_S:
            time.sleep(1)
            state = (clerk.get(f"{address}/progress.json").json or {})["state"]
        print(f"\nbuilt within {time.monotonic() - began_s:.0f} s")
        assert state == "done", clerk.get(address).text
        review = clerk.get(address).text
        findings = re.findall(r'href="([^"]+/findings/[^"]+)"', review)
        assert findings
        for path in (
            address,
            *findings,
            f"{address}/levels/1F",
            f"{address}/levels/1F?px=500&py=500",
            f"{address}/levels/1F?q=99",
            f"{address}/levels/1F?thing=1-42",
            f"{address}/levels/1F.svg",
            BASE,
        ):
            answer = clerk.get(path)
            assert answer.status_code == 200, path
            assert len(answer.data) <= PAGE_BYTES, path

    check(pulse)
