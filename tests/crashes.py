"""What a disk may contain after a power cut, at any moment of writing."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

Image = dict[str, bytes]
"""Files of a folder by path."""


def image(folder: Path) -> Image:
    files = (file for file in folder.rglob("*") if file.is_file())
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in files}


class _Writing:
    """An open file that notes what is written before it is."""

    def __init__(self, file: Any, note: Callable[[bytes], None]) -> None:
        self._file = file
        self._note = note

    def __enter__(self) -> "_Writing":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def write(self, content: bytes) -> None:
        self._note(content)
        self._file.write(content)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


@contextmanager
def watched(
    folder: Path, before: Callable[[int], None] = lambda number: None, only: str = ""
) -> Iterator[list[tuple[str, str, Any]]]:
    """Log what is done to a folder's files: write, sync, rename, sync of a folder.

    `before` is called before each act, or only those of a kind, with its number; what it raises
    ends the act.
    """
    log: list[tuple[str, str, Any]] = []
    handles: dict[int, str] = {}
    real_open, real_replace, real_fsync, real_os_open = (
        Path.open, Path.replace, os.fsync, os.open
    )  # fmt: skip

    def note(kind: str, path: Path | str, more: Any = None) -> None:
        if only in ("", kind):
            before(len(log))
        log.append((kind, str(path), more))

    def opened(self: Path, mode: str = "r", *words: Any, **more: Any) -> Any:
        file = real_open(self, mode, *words, **more)
        if mode == "wb" and folder in self.parents:
            handles[file.fileno()] = str(self)
            return _Writing(file, lambda content: note("write", handles[file.fileno()], content))
        return file

    def replaced(self: Path, target: Path) -> Any:
        if folder in self.parents:
            note("rename", self, str(target))
        return real_replace(self, target)

    def folder_opened(path: Any, flags: int, *words: Any, **more: Any) -> int:
        handle = real_os_open(path, flags, *words, **more)
        if Path(path) == folder or folder in Path(path).parents:
            handles[handle] = str(path)
        return handle

    def synced(handle: int) -> None:
        path = handles.get(handle, "")
        if path:
            note("sync-folder" if Path(path).is_dir() else "sync", path)
        real_fsync(handle)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, "open", opened)
        patch.setattr(Path, "replace", replaced)
        patch.setattr(os, "open", folder_opened)
        patch.setattr(os, "fsync", synced)
        yield log


def after_power_cuts(folder: Path, start: Image, log: list[tuple[str, str, Any]]) -> list[Image]:
    """Every image that the disk may hold: what was synced, and any first part of what was not."""
    images: list[Image] = []
    for cut in range(len(log) + 1):
        lasting, waiting = _split(folder, start, log[:cut])
        for length in range(len(waiting) + 1):
            found = dict(lasting)
            for kind, path, more in waiting[:length]:
                if kind == "write":
                    found[path] = more[: len(more) // 2]
                elif path in found:
                    found[more] = found.pop(path)
            if found not in images:
                images.append(found)
    return images


def _split(
    folder: Path, start: Image, log: list[tuple[str, str, Any]]
) -> tuple[Image, list[tuple[str, str, Any]]]:
    """What is on the disk for certain, and what may still be lost, in order."""
    lasting = dict(start)
    waiting: list[tuple[str, str, Any]] = []

    def short(path: str) -> str:
        return Path(path).relative_to(folder).as_posix()

    for kind, path, more in log:
        if kind == "write":
            waiting.append((kind, short(path), more))
        elif kind == "rename":
            waiting.append((kind, short(path), short(more)))
        elif kind == "sync":
            for one in [w for w in waiting if w[0] == "write" and w[1] == short(path)]:
                lasting[one[1]] = one[2]
                waiting.remove(one)
        else:
            inside = [
                w for w in waiting if w[0] == "rename" and (folder / w[2]).parent == Path(path)
            ]
            for one in inside:
                if one[1] in lasting:
                    lasting[one[2]] = lasting.pop(one[1])
                waiting.remove(one)
    return lasting, waiting
