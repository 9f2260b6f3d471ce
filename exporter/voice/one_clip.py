"""One clip by pyttsx3: a request as JSON on stdin, the answer as JSON on stdout.

A separate process for each clip, because espeak's pitch depends on everything it said before,
pyttsx3 loses the next file when one was slow, and espeak ends its process on some errors.

    python -m exporter.voice.one_clip 60

imports what clips need, and then forks for each line of stdin, for 60 seconds at most.
"""

import contextlib
import json
import os
import platform
import signal
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any, TextIO

from exporter.voice import espeak


def start() -> Any:
    """pyttsx3's engine, on the espeak library that we chose where there is a choice."""
    if sys.platform == "linux":
        espeak.library()
    import pyttsx3

    speaker = pyttsx3.init()
    espeak.wait()
    return speaker


def installed(speaker: Any) -> dict[str, Any]:
    """Which voices this machine has, and which engine speaks them."""
    from importlib.metadata import version  # A tenth of a clip's time, and no clip needs it.

    on_espeak = str(speaker) == "espeak"
    return {
        "driver": str(speaker),
        "pyttsx3": version("pyttsx3"),
        "version": espeak.version() if on_espeak else platform.version(),
        "voices": [
            [str(voice.id), str(voice.name), *map(str, voice.languages or ())]
            for voice in speaker.getProperty("voices")
        ],
    }


def save(speaker: Any, text: str, voice: str, words_per_minute: int, file: Path) -> None:
    """One save per run: of two, pyttsx3 keeps the last."""
    speaker.setProperty("voice", voice)
    if str(speaker) == "espeak":
        # pyttsx3 cancels whatever espeak still has to do just before it speaks: on a busy
        # machine, the rate that was just set. So we set it in between.
        speaker.connect("started-utterance", lambda name: espeak.set_rate(words_per_minute))
    else:
        speaker.setProperty("rate", words_per_minute)
    speaker.save_to_file(text, str(file))
    speaker.runAndWait()
    if str(speaker) == "espeak":
        espeak.wait()  # runAndWait returns after 10 ms, long before the file is written.
        if speaker.getProperty("voice") != voice:
            raise RuntimeError(f"no voice {voice}")  # pyttsx3 keeps silent about it.
    if file.read_bytes()[:4] == b"FORM":
        # macOS writes AIFF regardless of the name; afconvert comes with it.
        plain = file.with_suffix(".aiff")
        file.rename(plain)
        command = ["afconvert", "-f", "WAVE", "-d", "LEI16", str(plain), str(file)]
        subprocess.run(command, check=True)


def answer(request: dict[str, Any]) -> dict[str, Any]:
    try:
        speaker = start()
    except (ImportError, RuntimeError, OSError, KeyError) as error:
        return {"missing": str(error)}
    if not request:
        return installed(speaker)
    save(speaker, **request | {"file": Path(request["file"])})
    return {}


def respond(request: str, answers: TextIO) -> None:
    json.dump(answer(json.loads(request)), answers)
    answers.write("\n")
    answers.flush()


def prepare() -> None:
    """Import what clips need, and start nothing: espeak's thread would not survive a fork."""
    espeak.library()
    with contextlib.suppress(ImportError, OSError, RuntimeError):  # `start` says what is missing.
        import_module("pyttsx3.drivers.espeak")


def respond_apart(request: str, answers: TextIO, limit_s: float) -> None:
    """Answer in a process of its own. If that fails, this one ends, too, with the reason."""
    child = os.fork()
    if child == 0:
        signal.setitimer(signal.ITIMER_REAL, limit_s)  # The kernel ends what hangs.
        respond(request, answers)
        os._exit(0)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if code:
        sys.exit(signal.Signals(-code).name if code < 0 else code)


def main() -> None:
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # pyttsx3 prints on stdout.
    if not sys.argv[1:]:
        respond(sys.stdin.read(), answers)
        return
    prepare()
    for request in sys.stdin:
        respond_apart(request, answers, float(sys.argv[1]))


if __name__ == "__main__":
    main()
