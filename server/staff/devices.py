"""Browsers in which somebody has signed in before: there, wrong passwords that others try elsewhere
do not count. The browser keeps this in a signed cookie; the server has no list of them."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from itsdangerous import BadData, URLSafeSerializer

from navkit.plan.typed_json import from_json, to_json

COOKIE = "navkit-device"
KEPT_S = 180 * 24 * 3600
"""After half a year without a sign-in a browser is unknown again. A guess."""
MOST_PEOPLE = 8
"""People per browser, as at a duty desk: the most recent ones are remembered. A guess."""


@dataclass(frozen=True)
class Device:
    """A browser with a random number, and the ids of people who have signed in on it, latest
    first."""

    id: str
    people: tuple[int, ...] = ()

    def known_to(self, person: int) -> "Device":
        """The same after somebody has signed in."""
        others = tuple(one for one in self.people if one != person)
        return Device(self.id, (person, *others)[:MOST_PEOPLE])


def read(cookie: str, keys: Sequence[str]) -> Device:
    """The device in a cookie; a new one if none of our keys has signed it. `keys` in Flask's
    order: the newest first."""
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
    # itsdangerous signs with the last of a list.
    return URLSafeSerializer(list(reversed(keys)), salt=COOKIE)
