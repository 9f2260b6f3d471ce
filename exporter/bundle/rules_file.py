"""The rules file: data that the phone's code would otherwise have to repeat.

`python -m exporter.bundle.rules_file` writes the copy that the runtime itself ships with, which it
uses to read a bundle without such a file.
"""

import json
from dataclasses import asdict
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from navkit.guidance.rules import rules
from navkit.plan.categories import categories, category_names
from navkit.plan.kinds import kinds

_SHIPPED = Path(__file__).parents[1] / "runtime" / "core" / "shipped.js"


def rules_file() -> dict[str, Any]:
    """Categories, kinds, icons, thresholds of guidance and what is known of walkers' steps, the
    same for every venue."""
    return {
        "categories": {category: _told(category) for category in categories()},
        "kinds": kinds(),
        "icons": icons(),
        "guidance": asdict(rules()),
        "position": position(),
    }


@cache
def position() -> dict[str, Any]:
    """What `exporter/runtime/core/position.js` reckons with: numbers by name, and `walkers`, the
    strides of the profiles that can be followed. `position.json` says what each means, and whence.
    """
    text = resources.files("exporter.bundle").joinpath("position.json").read_text(encoding="utf-8")
    rows = json.loads(text)
    values = {name: row["value"] for name, row in rows["settings"].items()}
    strides = {
        profile: {name: value for name, value in row.items() if name != "source"}
        for profile, row in rows["walkers"].items()
    }
    return {**values, "walkers": strides}


def _told(category: str) -> dict[str, Any]:
    """A row as a phone needs it; a phone reads no drawings."""
    own = categories()[category].items()
    row = {key: value for key, value in own if key not in ("drawing", "names", "paired")}
    return {"names": category_names(category), **row}


def shipped() -> str:
    """`exporter/runtime/core/shipped.js`."""
    rows = ",\n".join(
        f'"{part}": {{\n{_rows(table)}\n}}' for part, table in sorted(rules_file().items())
    )
    return (
        "/* By `python -m exporter.bundle.rules_file`: the rules of a bundle without any. */\n"
        "(function (/** @type {*} */ root, rules) {\n"
        "  if (typeof module === 'object' && module && module.exports) module.exports = rules;\n"
        "  else root.navkitShipped = rules;\n"
        f"}})(this, {{\n{rows}\n}});\n"
    )


def _rows(table: dict[str, Any]) -> str:
    return ",\n".join(
        f" {json.dumps(key)}: {json.dumps(row, ensure_ascii=False)}" for key, row in table.items()
    )


@cache
def icons() -> dict[str, Any]:
    """`icons.json`: pictograms by name."""
    text = resources.files("exporter.bundle").joinpath("icons.json").read_text(encoding="utf-8")
    shapes: dict[str, Any] = json.loads(text)
    return shapes


if __name__ == "__main__":
    _SHIPPED.write_text(shipped(), encoding="utf-8")
