"""Writes the locks: which version of each dependency is installed, and its files' hashes.

    python -m tools.locks [--upgrade]

uv resolves them, for every platform and every Python that navkit runs on, and takes hashes from
PyPI only, whatever other indexes this machine's pip uses.
"""

import configparser
import os
import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).parents[1]

LOCKS = {
    "requirements.lock": (
        "bucket",
        "cad",
        "ifc",
        "pbf",
        "photos",
        "pictures",
        "postgres",
        "server",
        "traditional",
        "voice",
    ),
    "requirements-dev.lock": ("dev",),
    "requirements-voice.lock": ("kokoro", "listening"),
    "requirements-inventory.lock": ("inventory",),
}
"""The extras of each lock. Packages of an earlier lock are not in a later one."""

LEFT_OUT = ("pyobjc", "httpx2-jsfetch")
"""Only for macOS's voices, 163 packages that can be installed by hand; and only for Pythons inside
a browser."""

SOURCES = ("UV_", "PIP_")
"""Settings that may name other indexes than PyPI begin like this."""

PINNED = re.compile(r"^([\w.-]+)==(\S+)", re.MULTILINE)


def pins(lock: str) -> dict[str, str]:
    """Versions by name, from the lock."""
    return dict(PINNED.findall((ROOT / lock).read_text(encoding="utf-8")))


def write(lock: str, before: Iterable[str], options: Iterable[str]) -> None:
    """One lock, without packages of the previous ones."""
    extras = [word for extra in LOCKS[lock] for word in ("--extra", extra)]
    known = [word for earlier in before for word in ("--constraints", earlier)]
    known += [
        word for earlier in before for name in pins(earlier) for word in ("--no-emit-package", name)
    ]
    command = [
        sys.executable,
        "-m",
        "uv",
        "pip",
        "compile",
        "--quiet",
        "--no-config",
        "--system-certs",
    ]
    command += ["--universal", "--python-version", oldest_python(), "--generate-hashes"]
    command += ["--no-header", "--no-annotate", "--output-file", lock]
    with tempfile.TemporaryDirectory() as folder:
        build, left_out = Path(folder, "build.txt"), Path(folder, "left-out.txt")
        build.write_text("\n".join(build_tools()), encoding="utf-8")
        left_out.write_text("\n".join(LEFT_OUT), encoding="utf-8")
        subprocess.run(
            [*command, *extras, *known, *options, "--excludes", left_out, "setup.cfg", build],
            cwd=ROOT,
            env={key: told for key, told in os.environ.items() if not key.startswith(SOURCES)},
            stdout=subprocess.DEVNULL,
            check=True,
        )


def oldest_python() -> str:
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg", encoding="utf-8")
    return setup["options"]["python_requires"].removeprefix(">=")


def build_tools() -> list[str]:
    """What navkit itself is installed with."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted: list[str] = project["build-system"]["requires"]
    return wanted


def main() -> None:
    done: list[str] = []
    for lock in LOCKS:
        write(lock, done, sys.argv[1:])
        done.append(lock)


if __name__ == "__main__":
    main()
