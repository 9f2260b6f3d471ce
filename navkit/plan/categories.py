"""What places are for, one row a category in `categories.json`.

What a place of a category is called that has no name of its own is in `places.json` of each
language, or in ``names`` of the row by language.

A row may give:

- ``icon`` (of `exporter/bundle/icons.json`), ``rank`` (how soon a map shows it, 1 first) and
  ``badge`` (what the icon stands on: ``shaft``, ``way``, ``urgent`` or ``facility``);
- ``chip``: its place among what people ask for without knowing a name, from 1;
- ``corner``: whether visitors know a corner of a building by it; by chips they always do;
- ``landmark``: whether people notice it in passing;
- ``urgent``: whether who looks for it may be in danger;
- ``drawing``: what drawings call it: words of IMDF (``imdf``), tags of OpenStreetMap (``osm``),
  words in names (``words``), and the ``kind`` of its spaces, a room where none is given; words
  that must come before others stand in `floorplans/classes.json`;
- ``asked``: false where no word for what people feel or want leads there;
- ``wider``: given where it is not for everybody: the category that serves these people too, or "".
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
    """Names by language of a category such as ``toilet``; empty where it has none."""
    own: Names = categories().get(category, {}).get("names", {})
    return {**own, **by_language("places", "categories", category)}


@cache
def for_some() -> Mapping[str, str]:
    """Categories that are not for everybody, and the wider one, if any, that serves them too."""
    return {one: row["wider"] for one, row in categories().items() if "wider" in row}
