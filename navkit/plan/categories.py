"""What places are called that have a purpose but no name of their own."""

import json
from functools import cache
from importlib import resources

from navkit.plan.plan import Names


@cache
def _names() -> dict[str, dict[str, str]]:
    text = resources.files("navkit.plan").joinpath("categories.json").read_text(encoding="utf-8")
    names: dict[str, dict[str, str]] = json.loads(text)
    return names


def category_names(category: str) -> Names:
    """Names by language of a category such as ``toilet``; empty where it has none."""
    return _names().get(category, {})
