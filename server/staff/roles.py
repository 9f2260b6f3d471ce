"""Roles: what each may do, and what each page requires, which is data in `roles.json`.

A page that is not listed there is open to nobody.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

ANYONE = "anyone"
"""The requirement of a page that needs no sign-in."""


@dataclass(frozen=True)
class Person:
    """Somebody who has signed in, or whose token was shown."""

    id: int
    name: str
    shown: str
    role: str
    hospital: str
    """The only hospital they see; empty if they see all."""
    language: str

    def may(self, right: str, hospital: str = "") -> bool:
        """Whether their role may do that, at that hospital."""
        return right in roles()[self.role] and self.hospital in ("", hospital or self.hospital)


NOBODY = Person(0, "", "", "", "", "")
"""Acts when the machine does something by itself, and before anybody has signed in."""


@cache
def _book() -> dict[str, dict[str, object]]:
    text = resources.files("server.staff").joinpath("roles.json").read_text(encoding="utf-8")
    book: dict[str, dict[str, object]] = json.loads(text)
    return book


@cache
def roles() -> Mapping[str, frozenset[str]]:
    """What each role may do, the least privileged first."""
    said: Mapping[str, list[str]] = _book()["roles"]  # type: ignore[assignment]
    return {role: frozenset(rights) for role, rights in said.items()}


def routes() -> Mapping[str, str]:
    """What each page requires."""
    said: Mapping[str, str] = _book()["routes"]  # type: ignore[assignment]
    return said


def owing() -> Mapping[str, list[str]]:
    """The pages that are open to people with a duty, by duty; the first is where
    the duty is done."""
    said: Mapping[str, list[str]] = _book()["owing"]  # type: ignore[assignment]
    return said
