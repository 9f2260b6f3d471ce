"""One clip by pyttsx3: a request as JSON on stdin, the answer as JSON on stdout.

A separate process for each clip, because espeak's pitch depends on everything it said before,
pyttsx3 loses the next file when one was slow, and espeak ends its process on some errors.
"""

import json
import os
import platform
import subprocess
import sys
from pathlib import Path
from typing import Any

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


def main() -> None:
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # pyttsx3 prints on stdout.
    request = json.load(sys.stdin)
    try:
        speaker = start()
    except (ImportError, RuntimeError, OSError, KeyError) as error:
        json.dump({"missing": str(error)}, answers)
    else:
        if request:
            save(speaker, **request | {"file": Path(request["file"])})
        json.dump(installed(speaker) if not request else {}, answers)
    answers.close()


if __name__ == "__main__":
    main()
