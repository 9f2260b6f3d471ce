"""Venues that builds have stored, the last few cached: a console page reads one many times."""

from functools import lru_cache

from navkit.venue.venue import Venue
from server.builds.building import read_venue
from server.data.files import Files


@lru_cache(maxsize=8)
def _read(files: Files, sha256: str) -> Venue:
    return read_venue(files, sha256)


def venue_of(files: Files, sha256: str) -> Venue | None:
    """The venue of that hash, None for no hash."""
    return _read(files, sha256) if sha256 else None
