"""Who asks, and by http or https, behind proxies: as the N-th of them reported it.

Each proxy adds what it has seen at the right end of a header. Entries further left came with
the request, and anybody may write them.
"""

import ipaddress
from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

SCHEMES = ("http", "https")


class Proxies:
    """Puts the visitor's address and scheme where an application looks for them.

    Not werkzeug's `ProxyFix`: it parses a header as a list of quoted strings, so that one quote
    from a visitor hides what the proxy has added. `scheme` applies if no proxy is trusted:
    gunicorn takes it from a header of anybody on the same machine.
    """

    def __init__(self, application: "WSGIApplication", count: int, scheme: str) -> None:
        self._application = application
        self._count = count
        self._scheme = scheme

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        told = nth_from_right(environ.get("HTTP_X_FORWARDED_PROTO", ""), self._count).lower()
        environ["wsgi.url_scheme"] = told if told in SCHEMES else self._scheme
        told = nth_from_right(environ.get("HTTP_X_FORWARDED_FOR", ""), self._count)
        environ["REMOTE_ADDR"] = address_in(told) or environ.get("REMOTE_ADDR", "")
        return self._application(environ, start_response)


def nth_from_right(header: str, number: int) -> str:
    """One element of a comma-separated list, counted from 1; empty if there are fewer, or for 0."""
    elements = header.split(",")
    return elements[-number].strip() if 0 < number <= len(elements) else ""


def address_in(told: str) -> str:
    """The address in `1.2.3.4`, `1.2.3.4:80`, `2001:db8::1` or `[2001:db8::1]:80`; empty for
    anything else, such as a name."""
    for each in (told, urlsplit(f"//{told}").hostname if _is_host(told) else ""):
        try:
            found = ipaddress.ip_address(each or "")
        except ValueError:
            continue
        mapped = getattr(found, "ipv4_mapped", None)
        return str(mapped or found)
    return ""


def _is_host(told: str) -> bool:
    """Whether it can be parsed as the host and port of an address."""
    try:
        return bool(urlsplit(f"//{told}").hostname)
    except ValueError:
        return False
