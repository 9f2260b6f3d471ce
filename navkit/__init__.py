"""The core of navkit: from a venue to a route and its sentences. See `docs/python.md`.

A name is loaded on first use, so that a program that needs one does not wait for all.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from navkit.guidance.guidance import Guidance
    from navkit.guide import Guide
    from navkit.route.profiles import Profile, profiles
    from navkit.route.routing import Route
    from navkit.venue.join import join
    from navkit.venue.venue import Venue, load, save
    from navkit.words.findings import Finding, NavkitError

__all__ = [
    "Finding",
    "Guidance",
    "Guide",
    "NavkitError",
    "Profile",
    "Route",
    "Venue",
    "join",
    "load",
    "profiles",
    "save",
]

_HOMES = {
    "Finding": "words.findings",
    "Guidance": "guidance.guidance",
    "Guide": "guide",
    "NavkitError": "words.findings",
    "Profile": "route.profiles",
    "Route": "route.routing",
    "Venue": "venue.venue",
    "join": "venue.join",
    "load": "venue.venue",
    "profiles": "route.profiles",
    "save": "venue.venue",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
