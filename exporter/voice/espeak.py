"""The espeak-ng library on Linux: the one from `espeakng_loader`, else the system's.

espeak-ng is licensed under GPL-3. navkit runs it as a separate program and never loads it into
its own process: this module is imported by `exporter.voice.one_clip` only, or run by itself:

    echo '{"texts": ["Turn left"], "voice": "en-us"}' | python -m exporter.voice.espeak

answers with the version (empty if there is no library) and each text in IPA.
"""

import ctypes
import json
import os
import sys
from functools import cache

SYSTEM_LIBRARIES = ("libespeak-ng.so.1", "libespeak.so.1")
"""Where pyttsx3 looks as well, in this order."""
TIE = "^"
# Source of these: espeak-ng's speak_lib.h, 1.52.
_SYNCHRONOUS = 2
_DO_NOT_EXIT = 0x8000
_RATE = 1
_UTF8 = 1
_IPA_TIED = 0x02 | 0x80 | ord(TIE) << 8


@cache
def library() -> ctypes.CDLL | None:
    """The library, loaded so that pyttsx3 uses the same one; None if there is none."""
    try:
        import espeakng_loader
    except ImportError:
        names = [*SYSTEM_LIBRARIES]
    else:
        names = [espeakng_loader.get_library_path(), *SYSTEM_LIBRARIES]
        # Otherwise espeak looks in the folder in which it was built, and ends the process.
        os.environ["ESPEAK_DATA_PATH"] = espeakng_loader.get_data_path()
    for name in names:
        try:
            return ctypes.CDLL(name, mode=ctypes.RTLD_GLOBAL)
        except OSError:
            continue
    return None


def version() -> str:
    """Such as ``1.52.0``; empty if there is no library."""
    found = library()
    if found is None:
        return ""
    found.espeak_Info.restype = ctypes.c_char_p
    told: bytes = found.espeak_Info(None)
    return told.decode().split()[0]


def wait() -> None:
    """Until everything that was requested is done."""
    found = library()
    if found is not None:
        found.espeak_Synchronize()


def set_rate(words_per_minute: int) -> None:
    found = library()
    if found is not None:
        found.espeak_SetParameter(_RATE, words_per_minute, 0)
        found.espeak_Synchronize()


@cache
def _started() -> ctypes.CDLL | None:
    """The library, ready to answer silently; None if there is none or it fails."""
    found = library()
    if found is None or found.espeak_Initialize(_SYNCHRONOUS, 0, None, _DO_NOT_EXIT) < 0:
        return None
    found.espeak_TextToPhonemes.restype = ctypes.c_char_p
    found.espeak_TextToPhonemes.argtypes = [
        ctypes.POINTER(ctypes.c_char_p),
        ctypes.c_int,
        ctypes.c_int,
    ]
    return found


def phonemes(text: str, voice: str) -> str:
    """The text in IPA with stress; `TIE` joins what is one sound. Empty without a library."""
    found = _started()
    if found is None or found.espeak_SetVoiceByName(voice.encode()) != 0:
        return ""
    rest, said = ctypes.c_char_p(text.encode()), []
    while rest.value:
        clause: bytes | None = found.espeak_TextToPhonemes(ctypes.byref(rest), _UTF8, _IPA_TIED)
        said.append((clause or b"").decode())
    return " ".join(said)


def main() -> None:
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # The library may print on stdout.
    request = json.load(sys.stdin)
    said = [phonemes(text, request["voice"]) for text in request["texts"]]
    json.dump({"version": version(), "phonemes": said}, answers)
    answers.close()


if __name__ == "__main__":
    main()
