"""Whatever the server stores as a closure is read alike by Python and by a phone: the real
`trust.js`, which verifies it, and the real `navkit.js`, which applies it."""

import json
import re
import subprocess
from base64 import b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from clinic import HOSPITAL, House, deed
from crashes import image
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from phones import NODE
from signed_clinic import PHRASE, new_signed_house

from exporter.bundle import scripts_file as scripting
from exporter.bundle.bundle import make_bundle, write_bundle
from navkit.guide import Guide
from navkit.route.weights import moment
from navkit.venue.venue import Closure, Venue
from navkit.words.findings import NavkitError
from navkit.words.languages import languages
from server.builds.building import read_venue
from server.machine.worker import now_ms
from server.press import closures, publishing
from server.press.signing import PASSPHRASE
from server.staff.people import Person

pytestmark = [pytest.mark.process, pytest.mark.skipif(not NODE, reason="node is not installed")]

HERE = Path(__file__).parent
DESK = Person(4, "desk", "desk", "duty-desk", "", "en")
ZONES = ["Asia/Shanghai", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "UTC"]

_FORMS = [
    *("%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d", " %Y-%m-%dT%H:%M\n"),
    *("%Y-%m-%dT%H:%M:%S.%f", "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%M+05:30", "%Y-%m-%dt%H:%M-0800"),
    *(
        "%d.%m.%Y",
        "%Y/%m/%d %H:%M",
        "%Y-%m-%dT%H",
        "%Y-%m-%dT24:00",
        "%Y-%m-%dT%H:%M[UTC]",
        "%Y%m%d",
    ),
]
_TURNS = [
    "2096-11-04T01:30",
    "2097-03-10T02:30",
    "2096-02-29T23:59",
    "2096-12-31T23:59",
    "9999-12-31T23:59",
]

_times = st.one_of(
    st.just(""),
    st.builds(
        lambda at, form: at.strftime(form),
        st.one_of(
            st.datetimes(datetime(2094, 1, 1), datetime(2098, 1, 1)),
            st.sampled_from(_TURNS).map(datetime.fromisoformat),
        ),
        st.sampled_from(_FORMS),
    ),
    st.datetimes(datetime(2095, 1, 1), datetime(2097, 1, 1)).map(lambda at: at.strftime(_FORMS[0])),
    st.text(max_size=20),
)
_texts = st.one_of(
    st.text(max_size=30),
    st.text(st.characters(), max_size=30),
    st.sampled_from(
        [
            *("检修", "🚑" * 120, "🚑" * 3000, "\ud83d", "a\0b", "مغلق للصيانة", "\u202eabc", ""),
            *(" ", "\u200b", '"\\\n</script>', "__proto__", "\ufeff", "é" * 120, "\U0010ffff"),
        ]
    ),
)
_reasons = st.dictionaries(st.sampled_from([*languages(), "fr", ""]), _texts, max_size=3)


@dataclass(frozen=True)
class Asked:
    """What somebody asks to be closed."""

    target: str
    start: str
    end: str
    reason: dict[str, str]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(PASSPHRASE, PHRASE)
        patch.setattr(scripting, "starts", lambda of: ())
        made = new_signed_house(tmp_path_factory.mktemp("alike"))
        made.publish(made.build())
        yield made


@pytest.fixture(scope="module")
def venue(house: House) -> Venue:
    return read_venue(house.settings.press.files, publishing.published_venue(house.rows, HOSPITAL))


def close_all(house: House, asked: Sequence[Asked]) -> int:
    """Close as much as is accepted; how much."""
    house.rows.run("DELETE FROM closures")
    stored = 0
    for one in asked:
        try:
            closures.close(
                deed(house.rows, now_ms(), DESK),
                house.settings.press,
                {one.target},
                one.target,
                one.start,
                one.end,
                one.reason,
            )
            stored += 1
        except NavkitError:
            continue
    closures.write(house.rows, house.settings.press, now_ms(), HOSPITAL)
    return stored


def read_by_python(house: House) -> tuple[Closure, ...]:
    """The signed file, as Python reads closures."""
    plain = json.loads((house.settings.press.folder(HOSPITAL) / closures.NAME).read_bytes())
    return tuple(Closure(**row) for row in plain["closures"])


def _moments(some: Sequence[Closure]) -> list[str]:
    """When somebody leaves: at no known time, and around every start and end."""
    bounds = {time for one in some for time in (one.start, one.end) if time}
    near = (
        datetime.fromisoformat(time) + timedelta(minutes=apart)
        for time in sorted(bounds)
        for apart in (-1, 0, 1)
        if apart < 1 or time < "9999-12-31T23:59"
    )
    return ["", *(at.isoformat(timespec="minutes") for at in near)]


def read_by_phone(house: House, bundle: Path, times: Sequence[str]) -> dict[str, Any]:
    files = image(house.settings.folder / "public")
    said = {
        "root": files["metadata/1.root.json"].decode(),
        "files": {
            name: b64encode(content).decode()
            for name, content in files.items()
            if name.startswith("metadata/") or re.search(r"/[0-9a-f]{128}\.\w+\.json$", name)
        },
        "now_ms": now_ms(),
        "times": times,
    }
    done = subprocess.run(
        [NODE, str(HERE / "runtime" / "closures-alike.mjs"), str(bundle)],
        input=json.dumps(said),
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_every_closure_that_is_stored_is_read_alike(
    house: House, venue: Venue, data: st.DataObject
) -> None:
    things = [thing.id for thing in (*venue.connectors, *venue.spaces, *venue.doors)]
    asked = st.builds(Asked, st.sampled_from(things), _times, _times, _reasons)
    house.rows.run("UPDATE hospitals SET timezone = ?", data.draw(st.sampled_from(ZONES)))
    stored = close_all(house, data.draw(st.lists(asked, min_size=20, max_size=40)))
    own = []
    for one in data.draw(st.lists(asked, max_size=10)):
        try:
            own.append(Closure(one.target, one.start, one.end))
        except NavkitError:
            continue
    published = read_by_python(house)
    times = _moments([*own, *published])
    with TemporaryDirectory() as folder:
        bundle = make_bundle(Guide(replace(venue, closures=tuple(own))), ("en",))
        write_bundle(bundle, Path(folder) / "bundle")

        told = read_by_phone(house, Path(folder) / "bundle", times)

    assert stored == len(published) == len(told["closures"])
    assert (told["code"], told["unread"]) == ("new", 0)
    assert [
        {"target": c.target, "start": c.start, "end": c.end, "reason": dict(c.reason)}
        for c in published
    ] == told["closures"]
    assert [sorted(moment(own, time).closed) for time in times] == told["own"]
    assert [sorted(moment([*own, *published], time).closed) for time in times] == told["all"]
