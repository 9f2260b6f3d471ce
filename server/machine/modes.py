"""Who on this machine may read a data folder: everybody what phones read, because nginx
serves it; the server's own account alone everything else."""

import os
import stat
from pathlib import Path

from navkit.words.findings import Finding

PUBLIC = "public"
_THROUGH = 0o711
"""Others may pass through the folder to names that they know, but not list it."""


def make(folder: Path) -> None:
    """Create the data folder if there is none."""
    if not folder.exists():
        folder.mkdir(parents=True)
        folder.chmod(_THROUGH)


def tighten(folder: Path) -> list[Finding]:
    """Close what others could read, and open what nginx must read; returns what was changed, and
    what could not be because it belongs to another account."""
    if os.name == "nt":
        return []
    wanted = {folder: _mode(folder) & _THROUGH}
    for entry in folder.iterdir():
        if entry.name != PUBLIC and not entry.is_symlink():
            wanted[entry] = _mode(entry) & 0o700
    changed, refused = _change(wanted)
    _, unreadable = _change(_opened(folder / PUBLIC))
    told = {"folder-tightened": changed, "folder-open": refused, "public-unreadable": unreadable}
    return [_told(code, folder, entries) for code, entries in told.items() if entries]


def _opened(public: Path) -> dict[Path, int]:
    """What phones read, as others may read it too."""
    entries = [public, *public.rglob("*")] if public.is_dir() else []
    return {
        entry: _mode(entry) | (0o055 if entry.is_dir() else 0o044)
        for entry in entries
        if not entry.is_symlink()
    }


def _mode(entry: Path) -> int:
    return stat.S_IMODE(entry.stat().st_mode)


def _change(wanted: dict[Path, int]) -> tuple[list[Path], list[Path]]:
    """What was changed, and what could not be."""
    changed, refused = [], []
    for entry, mode in wanted.items():
        if _mode(entry) == mode:
            continue
        try:
            entry.chmod(mode)
            changed.append(entry)
        except PermissionError:
            refused.append(entry)
    return changed, refused


def _told(code: str, folder: Path, entries: list[Path]) -> Finding:
    names = ", ".join(sorted(entry.name for entry in entries))
    return Finding(code, "", {"folder": str(folder), "names": names})
