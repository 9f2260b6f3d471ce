"""What all pages of the console share: their blueprint, and functions for their templates.

Each page is a module beside this one; its templates are in the folder of the same name.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from navkit.route.profiles import profiles
from navkit.venue.venue import Venue, name_in
from navkit.words.findings import Finding
from server.builds.naming import Names
from server.pages.context import hospital, language, person, rows, settings
from server.press import publishing
from server.words.saying import book

blueprint = Blueprint("console", __name__)


SHOWN = 200
"""Rows of one table that a page shows."""


def went(endpoint: str, **values: Any) -> AnyResponse:
    """Redirects to the page that shows the result."""
    return redirect(url_for(f"console.{endpoint}", **values), 303)


def count_pages(count: int) -> int:
    """How many pages are needed for so many things."""
    return max(1, -(-count // SHOWN))


# ------------------------------------------------------------------- in templates


@blueprint.app_template_filter("moment")
def moment(at_ms: int) -> str:
    """A time in the hospital's time zone; without a hospital, in UTC."""
    if not at_ms:
        return ""
    zone = ZoneInfo(hospital()["timezone"] if hospital() else "UTC")
    shown = datetime.fromtimestamp(at_ms / 1000, zone).strftime("%Y-%m-%d %H:%M")
    return shown if hospital() else f"{shown} UTC"


@blueprint.app_template_filter("day")
def day(at_ms: int) -> str:
    """A date in the hospital's time zone."""
    return moment(at_ms)[:10]


@blueprint.app_template_filter("size")
def size(count: int) -> str:
    """Bytes as people count them."""
    if count >= 2**20:
        return f"{count / 2**20:.1f} MB"
    return f"{count / 1024:.0f} kB" if count >= 1024 else f"{count} B"


@blueprint.app_template_filter("named")
def named(names: Mapping[str, str]) -> str:
    """Names in the reader's language."""
    return name_in(names, language())


@blueprint.app_template_global("word")
def word(key: str, fallback: str = "") -> str:
    """The console's word for a code; if it has none, `fallback` or the code itself."""
    return book(language()).get(key, fallback or key)


@blueprint.app_template_global("told")
def told(finding: Mapping[str, Any]) -> str:
    """A stored finding as a sentence."""
    one = Finding(finding["code"], finding["where"], finding["slots"])
    try:
        return one.text(language())
    except KeyError:
        return f"{one.where} {one.code}"


def telling(venue: Venue) -> Callable[[Mapping[str, Any]], str]:
    """How the findings of a venue are told: with the names of its things, in the reader's
    language."""
    names = Names(venue)

    def told_by_names(finding: Mapping[str, Any]) -> str:
        one = Finding(finding["code"], finding["where"], finding["slots"])
        try:
            where, text = names.where(one, language()), names.text(one, language())
        except KeyError:
            return told(finding)
        return f"{where}: {text}" if where else text

    return told_by_names


@blueprint.app_template_global("may")
def may(deed: str) -> bool:
    """Whether the reader's role may do that here."""
    return person().may(deed, hospital()["id"] if hospital() else "")


@blueprint.app_template_global("sealed")
def sealed() -> bool:
    """Whether publishing here requires the passphrase."""
    return settings().press.signer.asks(hospital()["id"])


@blueprint.app_template_global("heard")
def heard() -> bool:
    """Whether phones learn of closures here."""
    signer, key = settings().press.signer, hospital()["id"]
    return signer.has_map(key) if publishing.published(rows(), key) else signer.signs(key)


@blueprint.app_template_global("data_folder")
def data_folder() -> str:
    """The data folder of this server, as commands on it name it."""
    return str(settings().folder)


def profile_names() -> dict[str, str]:
    return {key: name_in(profile.names, language()) for key, profile in profiles().items()}
