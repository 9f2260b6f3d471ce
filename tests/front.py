"""nginx and gunicorn on this machine, one behind the other as in `docs/deploying.md`."""

import os
import shlex
import shutil
import ssl
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from conftest import ROOT
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from served import Server, free_port, process, until_answers

NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin") or ""

USER = "user root;"
"""As whom nginx reads, where this is root: it reads what tests keep for themselves."""

_DATA, _APPLICATION = "/srv/navkit", "127.0.0.1:8080"
"""How the page calls the data folder, and where the application listens."""
_OF_THE_PLACE = ("server_name ", "ssl_certificate ", "ssl_certificate_key ")
"""Lines that hold for one hospital alone."""
_CERTIFICATE, _KEY = "/etc/ssl/navkit.pem", "/etc/ssl/navkit.key"

_MAIN = """
daemon off; pid {folder}/nginx.pid; {user}
worker_processes auto;
events {{ worker_connections 768; }}
http {{
  sendfile on; tcp_nopush on; gzip on; default_type application/octet-stream;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  {inside}
}}
"""
"""As Debian's, in a folder of its own."""

_PLAIN = "access_log off; server {{ listen 127.0.0.1:{port}; root {public}; }}"


def _indented(begin: str) -> str:
    """The piece of the page whose first line begins so."""
    lines = (ROOT / "docs" / "deploying.md").read_text(encoding="utf-8").splitlines()
    first = next(n for n, line in enumerate(lines) if line.startswith(f"    {begin}"))
    last = next(n for n in range(first, len(lines)) if not lines[n].startswith("    "))
    return "\n".join(line[4:] for line in lines[first:last])


def configuration(port: int, data: Path, application: int, pair: Path | None = None) -> str:
    """What the page says, on a port of this machine alone; without TLS unless there is a `pair`
    of certificate and key."""
    lines = _indented('map "$status').splitlines()
    left_out = "server_name " if pair else _OF_THE_PLACE
    said = "\n".join(line for line in lines if not line.strip().startswith(left_out))
    tls = " ssl" if pair else ""
    for its, ours in (
        ("listen 443 ssl;", f"listen 127.0.0.1:{port}{tls};"),
        (_DATA, str(data)),
        (_APPLICATION, f"127.0.0.1:{application}"),
        *(((_CERTIFICATE, str(pair)), (_KEY, str(pair))) if pair else ()),
    ):
        assert its in said, its
        said = said.replace(its, ours)
    return said


@contextmanager
def _nginx(folder: Path, inside: str) -> Iterator[None]:
    folder.mkdir()
    user = USER if os.getuid() == 0 else ""
    file = folder / "nginx.conf"
    file.write_text(_MAIN.format(folder=folder, user=user, inside=inside), encoding="utf-8")
    words = [NGINX, "-e", "stderr", "-p", str(folder), "-c", str(file)]
    with process(words, folder.with_suffix(".log")):
        yield


@contextmanager
def nginx(folder: Path, data: Path, application: int, pair: Path | None = None) -> Iterator[Server]:
    """nginx before an application that listens at a port, or will; by https with a `pair`."""
    tls = ssl.create_default_context(cafile=pair) if pair else None
    server = Server(free_port(), tls=tls)
    with _nginx(folder, configuration(server.port, data, application, pair)):
        until_answers(server, "/h/")
        yield server


def pair_for_tls(file: Path) -> Path:
    """A certificate of 127.0.0.1 and its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    form, lock = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    file.write_bytes(made.public_bytes(pem) + key.private_bytes(pem, form, lock))
    return file


@contextmanager
def plain_nginx(folder: Path, public: Path) -> Iterator[Server]:
    """nginx that does nothing but serve a folder."""
    server = Server(free_port())
    with _nginx(folder, _PLAIN.format(port=server.port, public=public)):
        until_answers(server, "/")
        yield server


@contextmanager
def gunicorn(data: Path, **environment: str) -> Iterator[Server]:
    """The application in several processes."""
    server = Server(free_port())
    said = _indented("NAVKIT_DATA=").replace("\\\n", " ")
    for its, ours in ((_DATA, str(data)), (_APPLICATION, f"127.0.0.1:{server.port}")):
        assert its in said, its
        said = said.replace(its, ours)
    named, *words = shlex.split(said)
    name, _, value = named.partition("=")
    assert words[0] == "gunicorn"
    words[:1] = [sys.executable, "-m", "gunicorn"]
    log = data.with_name("gunicorn.log")
    with process(words, log, **{name: value, "NAVKIT_PROXIES": "1", **environment}):
        until_answers(server, "/healthz")
        yield server
