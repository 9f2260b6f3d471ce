"""A site: the page, the runtime and a bundle as a folder that any static host can serve.

`docs/site.md` explains hosting. The same bundle and date give the same bytes.
"""

import hashlib
import json
import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from os.path import normpath
from pathlib import Path
from typing import Any

from exporter.bundle.bundle import Bundle
from exporter.bundle.release import NAME as RELEASE
from exporter.bundle.release import index_name, release
from exporter.words.screen_words import screen_words
from navkit.venue.venue import name_in, write_whole
from navkit.words.languages import languages

_PAGE_FOLDER = Path(__file__).parent / "page"
_WORKER = "sw.js"
_PAGE = "page.js"
_LATER = "later.js"
_REQUIRED = re.compile(r"(?<!\(\) => )require\('(\.{1,2}/[^']*)'\)")
_REQUIRED_LATE = re.compile(r"\(\) => require\('(\.{1,2}/[^']*)'\)")
_ICONS = {"icon.svg": "any", "icon-192.png": "192x192", "icon-512.png": "512x512"}
_TYPES = {".svg": "image/svg+xml", ".png": "image/png"}
_COLOUR = "#0b4f6c"

_CONTENT_ADDRESSED = re.compile(r"[a-z]+-[0-9a-f]{16}\.[a-z0-9]{1,5}(\.js)?")
"""Files that a newer version of the site may leave behind in `bundle/` and `stick/`."""


@dataclass(frozen=True)
class Signed:
    """Whose signatures a page follows: `docs/publishing.md` describes roots."""

    root: bytes
    """A `root.json`, the newest one."""
    hospital: str
    folder: str = "../.."
    """The signed repository, relative to the page; both on one host."""


def site(
    bundle: Bundle, issued: date, url: str = "", signed: Signed | None = None
) -> dict[str, bytes]:
    """All files by path; files that refer to others come after them.

    `url` is where it will be published, for a page that others cannot open, such as one on a
    stick, to hand on; empty if unknown. With `signed` the page follows what
    a hospital signs; without it, it uses the release beside it.
    """
    index = bundle.parts[0].content
    named = {part.name: part.content for part in bundle.parts[1:]}
    named[index_name(index)] = index
    return {
        **{path: file for name in named for path, file in offered(name, named[name]).items()},
        **pages(index, issued, url, signed),
    }


_INSTALLED_BY = b'<link rel="manifest" href="manifest.webmanifest">\n'


def offered(name: str, content: bytes) -> dict[str, bytes]:
    """The path of a content-addressed file in a site: for hosts, and for sticks."""
    return {f"bundle/{name}": content, f"stick/{name}.js": _script(name, content)}


def pages(
    index: bytes, issued: date, url: str, signed: Signed | None, draft: str = ""
) -> dict[str, bytes]:
    """The files of a site with that index besides the content-addressed ones. The page of
    a `draft` says of which build it is, stores nothing and works with a network only."""
    shell = _shell(json.loads(index), url, signed)
    if draft:
        # It is not to be installed, and browsers ask for it without who is signed in.
        shell["index.html"] = shell["index.html"].replace(_INSTALLED_BY, b"")
        shell["address.js"] += f"window.navkitDraft = {_json(draft)};\n".encode()
    return {
        "bundle/index.json": index,
        **offered(RELEASE, release(index, issued)),
        **shell,
        _WORKER: _worker(shell),
    }


@cache
def page_names() -> frozenset[str]:
    """Where `pages` are, which is the same for every bundle."""
    index = _json({"names": {}, "languages": languages()}).encode()
    return frozenset(pages(index, date.min, "", None))


def _shell(index: Mapping[str, Any], url: str, signed: Signed | None) -> dict[str, bytes]:
    """The page and its parts: what a service worker stores."""
    scripts = scripts_of(_PAGE_FOLDER / _PAGE)
    shell = {
        file.relative_to(_PAGE_FOLDER).as_posix(): file.read_bytes()
        for file in _PAGE_FOLDER.rglob("*")
        if file.is_file() and file.name != _WORKER and file not in scripts
    }
    shell[_PAGE] = _words() + _joined(scripts)
    shell[_LATER] = _joined(late_scripts_of(scripts))
    shell["address.js"] = f"window.navkitAddress = {_json(url)};\n".encode()
    shell["root.js"] = f"window.navkitRoot = {_json(_root(signed))};\n".encode()
    shell["manifest.webmanifest"] = _manifest(index)
    return dict(sorted(shell.items()))


def scripts_of(script: Path, before: tuple[Path, ...] = ()) -> tuple[Path, ...]:
    """Everything that a script needs to run, each file once and after everything that it requires:
    in the order of its requires, the script itself last.

    The page runs them as one file: separate requests took half of a phone's start time.
    """
    if script in before:
        return before
    for required in _REQUIRED.findall(script.read_text(encoding="utf-8")):
        before = scripts_of(Path(normpath(script.parent / required)), before)
    return (*before, script)


_WHOLE_LINES = re.compile(
    r"^[ \t]*(?:/\*[^*]*\*+(?:[^/*][^*]*\*+)*/[ \t]*|//[^\n]*)\n", re.MULTILINE
)
"""Comments that have their lines for themselves."""


def without_comments(script: str) -> str:
    """The script as phones run it, a quarter smaller when packed: neither indented nor explained.

    Comments behind code stay. So does what a text of several lines contains: no script of the
    page has one (`tests/test_site.py` compares the words of both).
    """
    code = _WHOLE_LINES.sub("", script)
    return "\n".join(line for line in map(str.strip, code.split("\n")) if line) + "\n"


def late_scripts_of(scripts: tuple[Path, ...]) -> tuple[Path, ...]:
    """What some scripts require only when it is asked for, with all that it needs itself: it comes
    once a page is shown.

    Such a require is behind an arrow: `() => require('./chunks.js')`.
    """
    found = scripts
    for script in scripts:
        for required in _REQUIRED_LATE.findall(script.read_text(encoding="utf-8")):
            found = scripts_of(Path(normpath(script.parent / required)), found)
    return found[len(scripts) :]


def _joined(scripts: tuple[Path, ...]) -> bytes:
    return "".join(without_comments(one.read_text(encoding="utf-8")) for one in scripts).encode()


def _root(signed: Signed | None) -> dict[str, str] | None:
    """The root as it was received: its bytes were signed."""
    if not signed:
        return None
    text = signed.root.decode("ascii")
    return {"text": text, "hospital": signed.hospital, "from": signed.folder}


def _words() -> bytes:
    return f"window.navkitWords = {_json(screen_words())};\n".encode()


def _manifest(index: Mapping[str, Any]) -> bytes:
    """The icon and name on a phone's home screen."""
    language = index["languages"][0]
    name = name_in(index["names"], language) or "navkit"
    manifest = {
        "name": name,
        "short_name": name,
        "lang": language,
        "id": "./",
        "start_url": "./",
        "scope": "./",
        "display": "standalone",
        "background_color": _COLOUR,
        "theme_color": _COLOUR,
        "icons": [
            {"src": icon, "sizes": sizes, "type": _TYPES[Path(icon).suffix]}
            for icon, sizes in _ICONS.items()
        ],
    }
    return f"{_json(manifest)}\n".encode()


def _worker(shell: Mapping[str, bytes]) -> bytes:
    """The service worker, preceded by the list of its files: a changed page is a changed worker."""
    sums = {name: hashlib.sha256(content).hexdigest() for name, content in shell.items()}
    code = (_PAGE_FOLDER / _WORKER).read_text(encoding="utf-8")
    said = {tag: words["gone"] for tag, words in screen_words().items()}
    version = hashlib.sha256((_json(sums) + _json(said) + code).encode()).hexdigest()[:16]
    known = {"VERSION": version, "SHELL": sums, "GONE": said}
    lines = "".join(f"const {name} = {_json(value)};\n" for name, value in known.items())
    return (lines + code).encode()


def _script(name: str, content: bytes) -> bytes:
    """A file as a script: a page opened from a folder can load nothing else."""
    return f"navkitStick({_json(name)},{_json(b64encode(content).decode())});\n".encode()


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def is_site(folder: Path) -> bool:
    """Whether a folder contains a site, or the beginning of one."""
    return (folder / "bundle" / "index.json").is_file()


def write_site(files: Mapping[str, bytes], folder: Path) -> None:
    """Write all files; then delete what an older bundle has left. Other files are left alone."""
    for path, content in files.items():
        write_whole(folder / path, content)
    for old in (*(folder / "bundle").iterdir(), *(folder / "stick").iterdir()):
        path = old.relative_to(folder).as_posix()
        if path not in files and _CONTENT_ADDRESSED.fullmatch(old.name):
            old.unlink()
