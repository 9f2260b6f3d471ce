"""The espeak-ng library on Linux: the one from `espeakng_loader`, else the system's."""

import ctypes
import os
from functools import cache

SYSTEM_LIBRARIES = ("libespeak-ng.so.1", "libespeak.so.1")
"""Where pyttsx3 looks as well, in this order."""


@cache
def library() -> ctypes.CDLL | None:
    """The library, loaded so that pyttsx3 finds this one; None where there is none."""
    try:
        import espeakng_loader
    except ImportError:
        names = [*SYSTEM_LIBRARIES]
    else:
        names = [espeakng_loader.get_library_path(), *SYSTEM_LIBRARIES]
        # Without it espeak looks in the folder it was built in, and ends the process.
        os.environ["ESPEAK_DATA_PATH"] = espeakng_loader.get_data_path()
    for name in names:
        try:
            return ctypes.CDLL(name, mode=ctypes.RTLD_GLOBAL)
        except OSError:
            continue
    return None


def version() -> str:
    """Such as ``1.52.0``; empty where there is no library."""
    found = library()
    if found is None:
        return ""
    found.espeak_Info.restype = ctypes.c_char_p
    told: bytes = found.espeak_Info(None)
    return told.decode().split()[0]


def wait() -> None:
    """Until all that was asked for is spoken."""
    found = library()
    if found is not None:
        found.espeak_Synchronize()
