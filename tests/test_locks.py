"""What is installed is pinned, by version and by the hashes of its files, in one place each."""

import configparser
import hashlib
import os
import re
import subprocess
import sys
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tools.locks import LOCKS, build_tools, pins

ROOT = Path(__file__).parents[1]
ENTRY = re.compile(
    r"[A-Za-z0-9][\w.-]*==[\w.]+( ; [^\\]+?)?(?: \\\n    --hash=sha256:[0-9a-f]{64})+\n"
)
"""A package, its version, on which systems where not on all, and at least one hash; no address."""


def canonical(lock: str) -> dict[str, str]:
    return {canonicalize_name(name): is_ for name, is_ in pins(lock).items()}


def wanted(setup: configparser.ConfigParser, lock: str) -> Iterator[Requirement]:
    """What `setup.cfg` asks for that is installed by a lock."""
    listed = [setup["options.extras_require"][extra] for extra in LOCKS[lock]]
    for line in "\n".join([setup["options"]["install_requires"], *listed]).split("\n"):
        if line.strip() and not line.startswith("navkit["):
            yield Requirement(line)


@pytest.fixture(scope="module")
def setup() -> configparser.ConfigParser:
    found = configparser.ConfigParser()
    found.read(ROOT / "setup.cfg", encoding="utf-8")
    return found


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_has_versions_and_hashes_and_nothing_else(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")

    assert ENTRY.sub("", text) == ""
    assert pins(lock)


def test_no_version_stands_twice() -> None:
    named = Counter(name for lock in LOCKS for name in canonical(lock))

    assert [name for name, times in named.items() if times > 1] == []
    assert {file.name for file in ROOT.glob("*.lock")} == {*LOCKS}
    assert [*ROOT.glob("*constraints*")] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_the_locks_have_what_is_asked_for(lock: str, setup: configparser.ConfigParser) -> None:
    here = {name: is_ for each in LOCKS for name, is_ in canonical(each).items()}
    astray = [
        str(one)
        for one in wanted(setup, lock)
        if not one.specifier.contains(here.get(canonicalize_name(one.name), "0"))
    ]

    assert astray == [], "make lock"


def test_every_extra_is_in_a_lock(setup: configparser.ConfigParser) -> None:
    assert {*setup["options.extras_require"]} == {
        extra for lock in LOCKS.values() for extra in lock
    }


def test_what_builds_navkit_itself_is_in_the_lock_of_what_runs() -> None:
    here = canonical("requirements.lock")

    for one in map(Requirement, build_tools()):
        assert one.specifier.contains(here[canonicalize_name(one.name)])


def test_nothing_is_installed_without_its_hash() -> None:
    """`make` has pip install by the locks, and navkit itself without anything else."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8").replace("\\\n", " ")
    asked = [line for line in makefile.splitlines() if "pip install" in line]
    by_hash = [line for line in asked if "--require-hashes" in line]
    itself = [line for line in asked if "--no-build-isolation" in line]

    assert len(by_hash) == len(itself) == 1
    assert len(asked) == 2
    assert all("--no-deps" in line for line in asked)


def wheel_of(folder: Path) -> Path:
    """The smallest package that pip takes."""
    file = folder / "thing-1.0-py3-none-any.whl"
    told = "thing-1.0.dist-info"
    with zipfile.ZipFile(file, "w") as wheel:
        wheel.writestr(f"{told}/METADATA", "Metadata-Version: 2.1\nName: thing\nVersion: 1.0\n")
        wheel.writestr(
            f"{told}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        wheel.writestr(f"{told}/RECORD", "")
    return file


@pytest.mark.process
@pytest.mark.parametrize(
    ("of", "is_taken"), [("these bytes", True), ("other bytes", False), ("none", False)]
)
def test_pip_as_make_asks_it_takes_no_other_bytes(of: str, is_taken: bool, tmp_path: Path) -> None:
    """From a folder on this machine too: what else pip is set up to look at brings nothing in."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    (options,) = re.findall(r"^LOCKED := (.*)$", makefile, re.MULTILINE)
    hashed = {"these bytes": wheel_of(tmp_path).read_bytes(), "other bytes": b"other"}.get(of)
    lock = tmp_path / "requirements.lock"
    suffix = f" --hash=sha256:{hashlib.sha256(hashed).hexdigest()}" if hashed else ""
    lock.write_text(f"thing==1.0{suffix}\n", encoding="utf-8")

    done = subprocess.run(
        [
            sys.executable,
            *options.split(),
            "-r",
            lock,
            "--dry-run",
            "--no-index",
            "--find-links",
            ".",
        ],
        cwd=tmp_path,
        env={**os.environ, "PIP_CONFIG_FILE": os.devnull},
        capture_output=True,
        text=True,
    )

    assert (done.returncode == 0) == is_taken, done.stderr
    assert is_taken or "hash" in done.stderr.lower()
