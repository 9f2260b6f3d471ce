"""Remarks in words that restrict: "Emergency exit only", "W=900".

Their words are in `restrictions.json`. A remark that can be obeyed is; one that may mean several
things is asked, and its thing is unverified.
"""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from typing import Any

from floorplans.classify import is_for_staff, phrases_pattern, plain
from floorplans.restrictions import Restricted, Thing, remark_words, width_called, width_in
from navkit.plan.plan import Access

_LENGTH = r"\d[\d.,]*\s*[^\W\d_]*"


def remarked(tags: Mapping[str, str], thing: Thing) -> Restricted:
    """What the texts of `tags`, which nobody else reads, restrict on a thing."""
    found = Restricted()
    for tag, value in sorted(tags.items()):
        found = found.with_(_of_one(tag, value, thing))
    return found


def _of_one(tag: str, value: str, thing: Thing) -> Restricted:
    told: Any = ((tag, value[:60]),)
    access: Access = "public"
    if _words("restricted").search(plain(value)):
        access = "restricted"
    elif is_for_staff({"": value}):
        access = "staff"
    if access != "public" and thing != "point":
        return Restricted(access=access, remarks=told)
    if access != "public" or _words("unclear").search(plain(value)):
        return Restricted(unread=told)
    text = unicodedata.normalize("NFKC", value).casefold()
    match = re.search(rf"{width_called()}\s*[=:]?\s*({_LENGTH})", text)
    return _of_width(tag, value, match[1], thing) if match else Restricted()


def _of_width(tag: str, value: str, number: str, thing: Thing) -> Restricted:
    if thing not in ("door", "path"):
        return Restricted()
    try:
        width, assumed = width_in(number, thing)
    except ValueError:
        width, assumed = None, ""
    if width is None:
        return Restricted(unread=((tag, value[:60]),))
    return Restricted(width_m=width, assumed=((tag, value[:60], assumed),) if assumed else ())


@cache
def _words(said: str) -> re.Pattern[str]:
    return phrases_pattern(remark_words()[said])
