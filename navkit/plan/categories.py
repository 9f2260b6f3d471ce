"""What places are for, one row per category in `categories.json`.

`places.json` of each language, or ``names`` of the row by language, has the name shown for a place
of that category without a name of its own.

A row may have:

- ``icon`` (of `exporter/bundle/icons.json`), ``rank`` (how soon a map shows it, 1 first) and
  ``badge`` (the background of the icon: ``shaft``, ``way``, ``urgent`` or ``facility``);
- ``chip``: its position among what people ask for without knowing a name, from 1;
- ``corner``: whether visitors know a corner of a building by it; chips always count;
- ``landmark``: how well people notice it in passing, 1 best; false: it is never named on the way;
- ``urgent``: whether people who look for it may be in danger;
- ``drawing``: how drawings mark it: words of IMDF (``imdf``), tags of OpenStreetMap (``osm``),
  words in names (``words``), and the ``kind`` of its spaces, a room by default; words
  that must come before others are in `floorplans/classes.json`;
- ``asked``: false if no word for a symptom or a need leads there;
- ``wider``: present if it is not for everybody: the category that serves these people too, or "".
"""

import json
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

from navkit.plan.plan import Names
from navkit.words.languages import by_language

Row = Mapping[str, Any]


@cache
def categories() -> Mapping[str, Row]:
    """All rows by category."""
    text = resources.files("navkit.plan").joinpath("categories.json").read_text(encoding="utf-8")
    rows: Mapping[str, Row] = json.loads(text)
    return rows


def category_names(category: str) -> Names:
    """Names by language of a category such as ``toilet``; empty if it has none."""
    own: Names = categories().get(category, {}).get("names", {})
    return {**own, **by_language("places", "categories", category)}


@cache
def for_some() -> Mapping[str, str]:
    """Categories that are not for everybody, and the wider one, if any, that serves them too."""
    return {one: row["wider"] for one, row in categories().items() if "wider" in row}
