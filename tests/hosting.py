"""A host for a site on this machine, that can be switched off."""

import gzip
import re
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


TEXT = {".css", ".html", ".js", ".json", ".svg", ".webmanifest"}


def packed(content: bytes) -> bytes:
    """As nginx sends text where `gzip_comp_level` is 6."""
    return gzip.compress(content, 6, mtime=0)


class _AsDeployed(_Quiet):
    """Packs text, and sends parts of other files: what docs/site.md asks of a host."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        if not path.is_file():
            self.send_error(404)
            return
        content = path.read_bytes()
        part = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("range", ""))
        if path.suffix in TEXT:
            self._send(200, path, packed(content), {"content-encoding": "gzip"})
        elif part:
            first, last = int(part[1]), int(part[2])
            said = {"content-range": f"bytes {first}-{last}/{len(content)}"}
            self._send(206, path, content[first : last + 1], said)
        else:
            self._send(200, path, content, {})

    def _send(self, status: int, path: Path, content: bytes, said: dict[str, str]) -> None:
        self.send_response(status)
        fields = {"content-type": self.guess_type(path), "cache-control": "no-cache", **said}
        for name, value in {**fields, "content-length": str(len(content))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)


class Host:
    """Serves a folder at `url` until `stop`; `start` serves it at the same address again."""

    def __init__(self, folder: Path, *, as_deployed: bool = False) -> None:
        self._folder = folder
        self._handler = _AsDeployed if as_deployed else _Quiet
        self._server: ThreadingHTTPServer | None = None
        self._port = 0
        self.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}/"

    def start(self) -> None:
        """Serve."""
        handler = partial(self._handler, directory=str(self._folder))
        self._server = ThreadingHTTPServer(("127.0.0.1", self._port), handler)
        self._port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        """Serve no more: connections are refused."""
        if self._server:
            self._server.shutdown()
            self._server.server_close()
            self._server = None
