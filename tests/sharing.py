"""A worker for tests that need what a build makes, and not the build: a process of tests builds
what a request asks for once.

Equal requests make equal files (tests/test_server_building.py holds that), so those of the first
build are put into the next data folder.
"""

import json
import re
from pathlib import Path

from server.builds import jobs
from server.data.files import Files
from server.data.rows import Rows
from server.machine.worker import Worker, now_ms

_made: dict[str, tuple[str, list[bytes]]] = {}
"""By request, what was made of it, and the files."""


class SharingWorker(Worker):
    """Runs a child for what was not built before, and for what is damaged."""

    def __init__(self, address: str, folder: Path) -> None:
        super().__init__(address, folder)
        self._files = Files(folder)

    def _build(self, rows: Rows, job: jobs.Job, folder: Path) -> None:
        asked = json.dumps(job.request, sort_keys=True)
        if asked in _made and all(map(self._files.is_whole, _hashes(asked))):
            made, contents = _made[asked]
            for content in contents:
                self._files.keep(content)
            jobs.end(rows, now_ms(), self._name, job.id, "done", json.loads(made))
            return
        super()._build(rows, job, folder)
        done = jobs.job(rows, job.hospital, job.id)
        # Clips are kept in the data folder too.
        if done and done.state == "done" and "voice" not in job.request:
            made = json.dumps(done.result)
            _made[asked] = made, [self._files.read(sha256) for sha256 in _hashes(made)]


def _hashes(text: str) -> list[str]:
    """Of all stored content that JSON names."""
    return re.findall(r'"([0-9a-f]{64})"', text)
