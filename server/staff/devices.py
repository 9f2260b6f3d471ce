"""Browsers on which somebody has signed in before: there, wrong passwords that others try elsewhere
do not count. The browser keeps it in a signed cookie; the server has no list of them."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from itsdangerous import BadData, URLSafeSerializer

from navkit.plan.typed_json import from_json, to_json

COOKIE = "navkit-device"
KEPT_S = 180 * 24 * 3600
"""After half a year without a sign-in a browser is one like any other. A guess."""
MOST_PEOPLE = 8
"""That share a browser, as at a duty desk: the last of them are known. A guess."""


@dataclass(frozen=True)
class Device:
    """A browser by a random number, and the ids of who has signed in on it, the last one first."""

    id: str
    people: tuple[int, ...] = ()

    def known_to(self, person: int) -> "Device":
        """The same after somebody has signed in."""
        others = tuple(one for one in self.people if one != person)
        return Device(self.id, (person, *others)[:MOST_PEOPLE])


def read(cookie: str, keys: Sequence[str]) -> Device:
    """What a cookie says; a new device where none of our keys has signed it. `keys` as Flask has
    them: the newest first."""
    try:
        return from_json(Device, _signed(keys).loads(cookie))
    except (BadData, ValueError):
        return Device(secrets.token_hex(8))


def written(device: Device, keys: Sequence[str]) -> str:
    """The cookie."""
    said = _signed(keys).dumps(to_json(device))
    assert isinstance(said, str)
    return said


def _signed(keys: Sequence[str]) -> URLSafeSerializer:
    # The last of a list is what itsdangerous signs with.
    return URLSafeSerializer(list(reversed(keys)), salt=COOKIE)
