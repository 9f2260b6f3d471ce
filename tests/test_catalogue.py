"""The catalogue of hospitals: written, signed, followed by phones, refused where it is forged."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("tuf", reason="navkit[server] is not installed")

from click.testing import CliRunner
from crashes import image
from forging import Step
from phones import NODE, javascript_phones
from test_trust import DAY, NOW, PASSPHRASE, House, cheap_passphrases, house

from navkit.words.findings import NavkitError
from server.press import catalogue, trust
from server.press.catalogue import Listed
from server.press.signing import Signer
from tools.cli import main

__all__ = ["cheap_passphrases", "house"]

pytestmark = pytest.mark.process

RENMIN = Listed(
    "renmin", {"zh-Hans": "人民医院", "en": "People's Hospital"}, "https://a.example/r/"
)
ROOT = '{"signatures": [], "signed": {"_type": "root"}}'
ELSEWHERE = Listed("xiehe", {"zh-Hans": "协和医院"}, "https://a.example/x/", "../x", ROOT)
NOW_MS = int(NOW.timestamp() * 1000)


def seen(house: House, *steps: Step) -> list[tuple[str, str, list[str]]]:
    """Why a phone refuses what it sees, where, and which hospitals it has afterwards."""
    [told] = javascript_phones([(house.root, steps)])
    return [(one.reason, one.where, one.hospitals) for one in told]


@pytest.fixture
def listed(house: House) -> House:
    house.do(trust.list_hospitals, [RENMIN, ELSEWHERE])
    return house


needs_node = pytest.mark.skipif(not NODE, reason="node is not installed")


@needs_node
def test_phones_have_the_hospitals_that_were_listed_last(listed: House) -> None:
    first = listed.step()
    listed.do(trust.list_hospitals, [RENMIN])
    second = listed.step()

    assert seen(listed, first, second) == [("", "", ["renmin", "xiehe"]), ("", "", ["renmin"])]


@needs_node
def test_a_catalogue_that_was_tampered_with_expired_or_rolled_back_is_refused(
    listed: House,
) -> None:
    honest = listed.step()
    [path] = [name for name in honest.files if name.endswith(".catalogue.json")]
    forged = honest.files[path].replace(b"../x", b"../y")
    tampered = Step({**honest.files, path: forged}, NOW)
    expired = Step(honest.files, NOW + 2 * DAY)
    listed.do(trust.list_hospitals, [RENMIN])
    newer = listed.step()

    [[nothing]] = [seen(listed, tampered)]
    assert nothing[:2] == ("altered", path) and nothing[2] == []
    kept = seen(listed, honest, expired)[-1]
    assert kept == ("expired", "timestamp.json", ["renmin", "xiehe"])
    assert seen(listed, newer, honest)[-1] == ("rolled-back", "timestamp.json", ["renmin"])


@needs_node
@pytest.mark.parametrize(
    ("change", "reason", "found"),
    [
        (lambda data: data.update(version=2), "too-new", []),
        (lambda data: data.update(format="navkit-closures"), "damaged", []),
        (lambda data: data.update(hospitals={}), "damaged", []),
        (lambda data: data["hospitals"][1].update(id="../x"), "", ["renmin"]),
        (lambda data: data["hospitals"][1].pop("root"), "", ["renmin"]),
        (lambda data: data["hospitals"][1].update(names="xiehe"), "", ["renmin"]),
        (lambda data: data["hospitals"][1].update(more=1), "", ["renmin", "xiehe"]),
    ],
)
def test_what_is_signed_and_odd_takes_no_other_hospital_away(
    house: House,
    monkeypatch: pytest.MonkeyPatch,
    change: Callable[[dict[str, Any]], object],
    reason: str,
    found: list[str],
) -> None:
    whole = catalogue.content_of

    def odd(listed: Any) -> bytes:
        said = json.loads(whole(listed))
        change(said)
        return json.dumps(said).encode("ascii")

    monkeypatch.setattr(catalogue, "content_of", odd)
    house.do(trust.list_hospitals, [RENMIN, ELSEWHERE])

    [(why, _, hospitals)] = seen(house, house.step())

    assert (why, hospitals) == (reason, found)


# ---------------------------------------------------------------------- by a command


def write(folder: Path, *rows: object) -> Path:
    (folder / "xiehe-root.json").write_text(ROOT, encoding="ascii")
    (folder / "list.json").write_text(json.dumps({"hospitals": rows}), encoding="utf-8")
    return folder / "list.json"


ROW = {"id": "renmin", "names": {"zh-Hans": "人民医院"}, "address": "https://a.example/r/"}
OTHER = {"id": "xiehe", "names": {"en": "X"}, "repository": "../x", "root": "xiehe-root.json"}


def test_a_list_is_signed_by_a_command(house: House, tmp_path: Path) -> None:
    words = ["keys", "catalogue", str(house.data), str(write(tmp_path, ROW, OTHER))]
    said = CliRunner().invoke(
        main, words, env={"NAVKIT_PUBLISHING_PASSPHRASE": PASSPHRASE, "NAVKIT_LANG": "en"}
    )

    assert said.exit_code == 0 and "2 hospitals" in said.output, said.output
    content = trust.catalogue_in(house.public, trust.opened(house.data))
    assert content and [one.root for one in catalogue.listed_in(content)] == ["", ROOT]


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ({**OTHER, "id": "Xiehe"}, "id"),
        ({**OTHER, "id": "renmin"}, "id"),
        ({**OTHER, "names": {}}, "names"),
        ({**OTHER, "names": {"en": 7}}, "names"),
        ({**OTHER, "address": "javascript:alert(1)"}, "address"),
        ({**OTHER, "repository": "http://x.example"}, "repository"),
        ({**OTHER, "repository": "/x"}, "repository"),
        ({**OTHER, "root": "nosuch.json"}, "root"),
        ({**OTHER, "repository": ""}, "root"),
        ({**OTHER, "phone": "1"}, "phone"),
        ("xiehe", "id"),
    ],
)
def test_a_wrong_row_of_a_list_is_told_by_its_number_and_field(
    tmp_path: Path, row: object, field: str
) -> None:
    with pytest.raises(NavkitError) as refused:
        catalogue.read_list(write(tmp_path, ROW, row))

    finding = refused.value.finding
    assert finding.code == "catalogue-row" and finding.slots == {"number": "2", "field": field}


@pytest.mark.parametrize("text", ["", "[]", '{"hospitals": []}', '{"hospitals": 7}', "[" * 9999])
def test_what_is_no_list_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "list.json").write_text(text, encoding="utf-8")

    with pytest.raises(NavkitError) as refused:
        catalogue.read_list(tmp_path / "list.json")

    assert refused.value.finding.code == "catalogue-unreadable"


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([Listed("nosuch", {"en": "X"})], "hospital-unknown"),
        ([Listed("renmin", {"en": "X" * 300_000})], "catalogue-too-long"),
    ],
)
def test_a_list_that_phones_could_not_follow_is_not_signed(
    house: House, rows: list[Listed], code: str
) -> None:
    before = image(house.data)

    with pytest.raises(NavkitError) as refused:
        house.do(trust.list_hospitals, rows)

    assert refused.value.finding.code == code
    assert image(house.data) == before


# ----------------------------------------------------------------------- by the server


def test_the_server_lists_its_hospitals_and_keeps_those_of_others(listed: House) -> None:
    listed.do(trust.add_hospital, "youyi")
    signer = Signer(listed.data)
    youyi = Listed("youyi", {"en": "Friendship Hospital"})

    signer.catalogue([RENMIN, youyi], NOW_MS, PASSPHRASE)

    content = trust.catalogue_in(listed.public, trust.opened(listed.data))
    assert content and catalogue.listed_in(content) == (RENMIN, youyi, ELSEWHERE)
    before = image(listed.data)
    signer.catalogue([RENMIN, youyi], NOW_MS + 1, PASSPHRASE)
    signer.catalogue([RENMIN], NOW_MS + 1, "a wrong passphrase")
    assert image(listed.data) == before, "nothing is signed twice, or without the key"


def test_one_hospital_alone_needs_no_catalogue(house: House) -> None:
    before = image(house.data)

    Signer(house.data).catalogue([RENMIN], NOW_MS, PASSPHRASE)

    assert image(house.data) == before


def test_a_superseded_catalogue_is_swept_after_a_month(listed: House) -> None:
    listed.do(trust.list_hospitals, [RENMIN])
    listed.now = NOW + timedelta(days=40)
    listed.do(trust.renew, ["targets", "renmin-map", "renmin-closures"])

    left = [name for name in image(listed.public) if name.endswith(".catalogue.json")]

    assert len(left) == 1 and re.fullmatch(r"h/[0-9a-f]{128}\.catalogue\.json", left[0])
