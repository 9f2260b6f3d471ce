"""The mini-program: its copies equal the runtime; it is used as by a visitor, without WeChat."""

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from exporter.bundle import scripts_file as scripting
from exporter.bundle.bundle import make_bundle, write_bundle
from exporter.voice.clips import Voice
from navkit.guide import Guide
from navkit.route.profiles import profiles
from navkit.venue.venue import Closure

pytestmark = pytest.mark.process

ROOT = Path(__file__).parents[1]
APP = ROOT / "examples" / "miniprogram"
TESTS = ROOT / "tests" / "miniprogram"
NODE = shutil.which("node") or ""
SIMULATOR = ROOT / "node_modules" / "miniprogram-simulate"
MAX_BYTES = 1_500_000
"""Of the whole package with the made-up hospital; WeChat takes twice 2 MB."""


@pytest.fixture(scope="module")
def pack() -> ModuleType:
    spec = importlib.util.spec_from_file_location("pack", APP / "pack.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def bundle(
    example: Guide, example_drawings: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The made-up hospital, with clips that hum and photos."""
    folder = tmp_path_factory.mktemp("bundle")
    with pytest.MonkeyPatch.context() as patch:
        # All scripted routes take minutes, and the package leaves them out.
        every_start = scripting.starts
        patch.setattr(scripting, "starts", lambda of: every_start(of)[:1])
        voice = Voice("bursts:Bursts", jobs=1)
        photos = example_drawings / "photos"
        write_bundle(make_bundle(example, ("zh-Hans", "en"), voice=voice, photos=photos), folder)
    return folder


@pytest.fixture(scope="module")
def baseline(pack: ModuleType, bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("baseline")
    for path, content in pack.baseline_files(bundle, date.today()).items():
        (folder / Path(path).name).write_bytes(content)
    return folder


def test_the_runtime_in_it_is_the_runtime(pack: ModuleType) -> None:
    other = [
        path
        for path, content in pack.runtime_files().items()
        if (APP / path).read_bytes() != content
    ]

    assert other == [], "run `python examples/miniprogram/pack.py`"


def test_the_package_is_small(pack: ModuleType, baseline: Path, tmp_path: Path) -> None:
    shutil.copytree(APP, tmp_path / "app", ignore=shutil.ignore_patterns("bundle"))
    shutil.copytree(baseline, tmp_path / "app" / "baseline" / "bundle")

    sizes = pack.package_bytes(tmp_path / "app")

    assert sum(sizes.values()) <= MAX_BYTES
    assert all(0 < size <= pack.MAX_PACKAGE_BYTES for size in sizes.values())


def test_the_baseline_has_no_clips_or_photos_and_no_routes_told_beforehand(baseline: Path) -> None:
    names = [file.name for file in baseline.iterdir()]

    assert "release.json" in names
    assert {Path(name).suffix for name in names} == {".json"}
    assert [name for name in names if name.startswith("scripts-")] == []


@pytest.fixture(scope="module")
def cheap_passphrases() -> Iterator[None]:
    """Trying one takes half a second on purpose."""
    with pytest.MonkeyPatch.context() as patch:
        if importlib.util.find_spec("tuf"):
            from server.press import keys

            patch.setitem(keys.SCRYPT, "n", 2**4)
        yield


@pytest.fixture(scope="module")
def signed(
    cheap_passphrases: None, baseline: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, str]:
    """What a server has signed of that map, before and after a lift is closed; nothing where a
    server cannot be installed."""
    try:
        from server.press import keys, trust
    except ImportError:
        return {}
    data, now = tmp_path_factory.mktemp("data"), datetime.now(UTC)

    def say(kind: str) -> str:
        return "correct horse battery"

    def do(rule: Any, *words: Any) -> None:
        ring = keys.Keyring(keys.read(data / "keys"), say)
        trust.commit(data, lambda repository: rule(repository, ring, *words, now))

    trust.establish(data, keys.Keyring({}, say), now, data / "envelope")
    do(trust.add_hospital, "renmin")
    do(trust.publish, "renmin", (baseline / "release.json").read_bytes())
    folder = tmp_path_factory.mktemp("signed")
    shutil.copytree(data / "public", folder / "open")
    do(trust.close, "renmin", [Closure("mz-L4", "", "", {"zh-Hans": "检修"})])
    shutil.copytree(data / "public", folder / "closed")
    do(trust.close, "renmin", [])
    shutil.copytree(data / "public", folder / "again")
    five = _wednesday("10:05", "10:10")
    do(trust.close, "renmin", [Closure("mz-L4", *five, {"zh-Hans": "检修"})])
    shutil.copytree(data / "public", folder / "dated")
    for name, since in (("alarm", "2026-03-02T09:12"), ("calm", "")):
        ring = keys.Keyring(keys.read(data / "keys"), say)
        trust.commit(
            data, lambda r, ring=ring, since=since: trust.close(r, ring, "renmin", [], now, since)
        )
        shutil.copytree(data / "public", folder / name)
    return {"NAVKIT_SIGNED": str(folder)}


def _wednesday(*times: str) -> list[str]:
    """Times of the Wednesday on which the phones of `trust.test.mjs` are."""
    today = date.today()
    day = today - timedelta(days=(today.isoweekday() + 4) % 7)
    return [f"{day}T{time}" for time in times]


@pytest.fixture(scope="module")
def packaged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of somebody else's, in which the npm package is installed from its tarball."""
    made, own = tmp_path_factory.mktemp("made"), tmp_path_factory.mktemp("own")
    run(sys.executable, ROOT / "examples" / "npm" / "pack.py", made / "navkit-runtime")
    run("npm", "pack", "--silent", "./navkit-runtime", cwd=made)
    (tarball,) = made.glob("navkit-runtime-*.tgz")
    run("npm", "install", "--offline", "--silent", "--no-audit", "--no-fund", tarball, cwd=own)
    return own


def run(*words: str | Path, cwd: Path = ROOT) -> str:
    done = subprocess.run(
        list(map(str, words)), cwd=cwd, capture_output=True, text=True, encoding="utf-8"
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.skipif(not shutil.which("npm"), reason="npm is not installed")
def test_a_stranger_installs_the_runtime_offline_and_is_told_the_way(
    packaged: Path, bundle: Path, example: Guide
) -> None:
    package = packaged / "node_modules" / "navkit-runtime"
    told = run(NODE, package / "example.js", bundle, "A101", "fsk", "wheelchair", cwd=packaged)

    route = example.route("A101", "放射科", profiles()["wheelchair"])
    steps = example.tell(route, "zh-Hans").instructions
    assert [line for line in told.splitlines() if re.match(r"\d+\. ", line)] == [
        f"{number}. {step.text}" for number, step in enumerate(steps, 1)
    ]
    unknown = run(NODE, package / "example.js", bundle, "nowhere", "fsk", cwd=packaged)
    assert unknown.rstrip().endswith("[no-such-place]")


@pytest.mark.skipif(not shutil.which("npm"), reason="npm is not installed")
def test_the_package_is_small_needs_nothing_and_has_a_version_and_types(packaged: Path) -> None:
    package = packaged / "node_modules" / "navkit-runtime"
    about = json.loads((package / "package.json").read_text(encoding="utf-8"))

    assert re.fullmatch(r"\d+\.\d+\.\d+", about["version"])
    assert not about.keys() & {"dependencies", "scripts", "publishConfig", "repository"}
    assert [one.name for one in (packaged / "node_modules").iterdir() if one.is_dir()] == [
        package.name
    ]
    assert all((package / about[name]).exists() for name in ("main", "types", "miniprogram"))
    assert len((package / "example.js").read_text(encoding="utf-8").splitlines()) <= 30
    assert sum(file.stat().st_size for file in package.rglob("*") if file.is_file()) < 1_200_000


@pytest.mark.skipif(not NODE, reason="node is not installed")
@pytest.mark.skipif(not SIMULATOR.exists(), reason="miniprogram-simulate is not installed: npm ci")
@pytest.mark.parametrize("file", sorted(TESTS.glob("*.test.mjs")), ids=lambda file: file.name)
def test_it_works(
    file: Path, bundle: Path, baseline: Path, packaged: Path, signed: dict[str, str]
) -> None:
    done = subprocess.run(
        [NODE, "--test", str(file)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={
            **os.environ,
            **signed,
            "NAVKIT_BUNDLE": str(bundle),
            "NAVKIT_BASELINE": str(baseline),
            "NAVKIT_PACKAGED": str(packaged),
        },
    )

    assert done.returncode == 0, done.stdout + done.stderr
