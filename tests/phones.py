"""Two clients of the same repository: python-tuf's own, and ours under node."""

import json
import shutil
import subprocess
from base64 import b64decode, b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from forging import OWN, PATHS, Step
from tuf.api.exceptions import DownloadError, DownloadHTTPError, RepositoryError
from tuf.api.metadata import Metadata
from tuf.ngclient import Updater
from tuf.ngclient.fetcher import FetcherInterface

HERE = Path(__file__).parent
NODE = shutil.which("node") or ""
ADDRESS = "http://repository.example/"


@dataclass(frozen=True)
class Seen:
    """What a client has after it has looked."""

    accepted: bool
    reason: str
    release: bytes | None
    closures: list[str] | None
    """Ids of what is closed."""
    versions: dict[str, int]
    """Of the metadata that it keeps."""
    where: str = ""
    hospitals: list[str] = field(default_factory=list)
    """Ids of the catalogue. python-tuf's client is not asked for either."""


# -------------------------------------------------------------------- python


class _Files(FetcherInterface):
    def __init__(self, step: Step) -> None:
        self._step = step

    def _fetch(self, url: str) -> Iterator[bytes]:
        name = url.removeprefix(ADDRESS)
        if name in self._step.endless:
            return iter(lambda: b" " * 65536, b"")
        if name not in self._step.files:
            raise DownloadHTTPError("not there", 404)
        return iter([self._step.files[name]])


def python_phone(root: bytes, steps: Sequence[Step], folder: Path) -> list[Seen]:
    """What python-tuf's client makes of it, with the clock of each step."""
    return [_python_step(root, step, folder) for step in steps]


def _python_step(root: bytes, step: Step, folder: Path) -> Seen:
    folder.mkdir(parents=True, exist_ok=True)
    targets = folder / "targets"
    found: dict[str, bytes] = {}
    reason = ""
    try:
        updater = Updater(
            str(folder),
            f"{ADDRESS}metadata/",
            str(targets),
            ADDRESS,
            fetcher=_Files(step),
            bootstrap=root,
        )
        updater._trusted_set.reference_time = step.now
        updater.refresh()
        for role in OWN:
            try:
                info = updater.get_targetinfo(PATHS[role])
                if info:
                    found[role] = Path(updater.download_target(info)).read_bytes()
                elif role == "renmin-map":
                    reason = "no map"
            except (RepositoryError, DownloadError) as error:
                reason = reason or repr(error)
    except (RepositoryError, DownloadError) as error:
        reason = repr(error)
    said = found.get("renmin-closures")
    closed = [one["target"] for one in json.loads(said)["closures"]] if said else None
    return Seen(not reason, reason, found.get("renmin-map"), closed, _versions(folder))


def _versions(folder: Path) -> dict[str, int]:
    return {
        file.stem: Metadata.from_bytes(file.read_bytes()).signed.version
        for file in folder.glob("*.json")
    }


# ---------------------------------------------------------------- JavaScript


def javascript_phones(
    cases: Sequence[tuple[bytes, Sequence[Step]]], *words: str
) -> list[list[Seen]]:
    """What ours makes of many cases, each on a phone of its own."""
    blobs: dict[bytes, int] = {}
    said: dict[str, Any] = {
        "cases": [
            {
                "root": root.decode("ascii"),
                "steps": [
                    {
                        "now_ms": int(step.now.timestamp() * 1000),
                        "files": {
                            name: blobs.setdefault(content, len(blobs))
                            for name, content in step.files.items()
                        },
                        "endless": sorted(step.endless),
                    }
                    for step in steps
                ],
            }
            for root, steps in cases
        ]
    }
    said["blobs"] = [b64encode(blob).decode() for blob in blobs]
    done = subprocess.run(
        [NODE, *words, str(HERE / "runtime" / "trust-cases.mjs")],
        input=json.dumps(said),
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return [[_seen(one) for one in case] for case in json.loads(done.stdout)]


def _seen(told: dict[str, Any]) -> Seen:
    release = told["release"]
    return Seen(
        told["code"] != "kept-old",
        told["reason"],
        None if release is None else b64decode(release),
        told["closures"],
        told["versions"],
        told["where"],
        told["hospitals"],
    )
