"""A PostgreSQL for one test run, on a private socket, as a user that is not root."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

USER = "postgres"
"""Debian's package makes it; PostgreSQL refuses to run as root."""


def programs() -> Path | None:
    """The newest PostgreSQL on this machine, None if none can be run."""
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"),
        key=lambda file: int(file.parts[-3]) if file.parts[-3].isdigit() else 0,
    )
    folder = found[-1].parent if found else None
    if folder is None and (other := shutil.which("initdb")):
        folder = Path(other).parent
    if folder and os.getuid() == 0:
        try:
            pwd.getpwnam(USER)
        except KeyError:
            return None
    return folder


def _run(folder: Path, program: str, *words: str) -> None:
    as_user = ["runuser", "-u", USER, "--"] if os.getuid() == 0 else []
    done = subprocess.run(
        [*as_user, str(folder / program), *words], capture_output=True, text=True, cwd="/"
    )
    assert done.returncode == 0, f"{program}: {done.stderr or done.stdout}"


@contextmanager
def running() -> Iterator[str]:
    """Its address, as long as it runs."""
    folder = programs()
    assert folder
    # A socket's path is short: at most 107 letters.
    with tempfile.TemporaryDirectory(prefix="pg-") as place:
        home = Path(place)
        if os.getuid() == 0:
            user = pwd.getpwnam(USER)
            os.chown(home, user.pw_uid, user.pw_gid)
        rows = home / "rows"
        _run(
            folder, "initdb", "-D", str(rows), "-A", "trust", "-U", USER, "-E", "UTF8", "--no-sync"
        )
        options = f"-c listen_addresses='' -c unix_socket_directories={home} -c fsync=off"
        _run(
            folder, "pg_ctl", "-D", str(rows), "-w", "-l", str(home / "log"), "-o", options, "start"
        )
        try:
            yield f"postgresql://{USER}@/postgres?host={home}"
        finally:
            _run(folder, "pg_ctl", "-D", str(rows), "-w", "-m", "immediate", "stop")
