"""Speech programs, run as separate processes: JSON on stdin, JSON on stdout."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from navkit.words.findings import NavkitError

TIMEOUT_S = 60.0
"""A clause takes a tenth of a second; a hung engine is killed."""


def ask(program: str, request: dict[str, Any], engine: str) -> Any:
    """The answer of a module of `exporter.voice`, run in a new process.

    `NavkitError` that names the engine if it crashes or hangs.
    """
    ours = str(Path(__file__).parents[2])
    paths = os.pathsep.join(filter(None, (ours, os.environ.get("PYTHONPATH"))))
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-m", program],
            input=json.dumps(request).encode(),
            capture_output=True,
            check=True,
            timeout=TIMEOUT_S,
            env=os.environ | {"PYTHONPATH": paths},
        )
    except (OSError, subprocess.SubprocessError) as error:
        noise: bytes = getattr(error, "stderr", b"") or str(error).encode()
        reason = noise.decode(errors="replace").strip().rpartition("\n")[2]
        raise NavkitError("voice-engine-broken", engine=engine, reason=reason) from error
    return json.loads(done.stdout)
