"""Everything shipped or installed has its licence listed, with what it asks of distributors."""

import json
import re
from pathlib import Path

from tools.inventory import (
    NPM,
    TABLES,
    UNTOLD,
    canonical,
    npm_packages,
    table,
    together,
    with_table,
)
from tools.locks import LOCKS, pins

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "licences.md").read_text(encoding="utf-8")
VENDORS = (
    ROOT / "exporter" / "site" / "page" / "vendor",
    ROOT / "server" / "pages" / "static" / "vendor",
)
PERMISSIVE = re.compile(
    r"MIT|BSD|Apache|ISC|PSF|Python Software Foundation|Zlib|CC0|CC-BY-[34]|Unlicense|Zope"
    r"|Public Domain|BlueOak|Python-2\.0"
)
COPYLEFT = re.compile(r"GPL|MPL|Mozilla|EPL|CDDL|EUPL")


def test_every_package_of_the_locks_has_a_row() -> None:
    for lock in LOCKS:
        assert {*map(canonical, table(PAGE, lock))} == {*map(canonical, pins(lock))}, (
            "make licences"
        )


def test_every_package_of_npm_has_a_row() -> None:
    for mark, packages in npm_packages().items():
        assert table(PAGE, mark).keys() == packages.keys(), "make licences"


def test_every_library_on_a_page_is_one_of_the_shipped_packages() -> None:
    """By the file that `npm run vendor` copies."""
    asked = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    copied = dict(
        re.findall(r"node_modules/([\w-]+)/\S*?([\w-]+\.js)\b", asked["scripts"]["vendor"])
    )

    assert {*copied} == {*asked["dependencies"]} <= {*table(PAGE, NPM)}
    assert {*copied.values()} == {file.name for vendor in VENDORS for file in vendor.glob("*.js")}


def test_every_licence_is_told_and_known() -> None:
    rows = [row for mark in TABLES for row in table(PAGE, mark).items()]
    strange = [
        (name, licence)
        for name, licence in rows
        if UNTOLD in licence or not (PERMISSIVE.search(licence) or COPYLEFT.search(licence))
    ]

    assert [name for name, _ in strange] == ["pypiwin32"]


def test_what_copyleft_asks_is_told_of_every_package_under_it() -> None:
    said = PAGE.partition("## What copyleft asks")[2].partition("\n## ")[0]
    under = {
        name for mark in TABLES for name, is_ in table(PAGE, mark).items() if COPYLEFT.search(is_)
    }

    assert under >= {"espeakng-loader", "psycopg", "psycopg-binary", "lameenc"}
    assert [name for name in under if f"`{name}`" not in said] == []


def test_a_table_is_read_as_it_was_written() -> None:
    rows = {"b": "MIT", "A": "LGPL-3.0-only"}
    page = with_table("before\n<!-- x -->\n| old | ? |\n<!-- /x -->\nafter\n", "x", rows)

    assert table(page, "x") == rows
    assert page.startswith("before\n") and page.endswith("<!-- /x -->\nafter\n")
    assert with_table(page, "x", rows) == page


def part(name: str, ref: str, **more: object) -> dict[str, object]:
    return {"name": name, "bom-ref": ref, "type": "library", **more}


def test_the_parts_list_is_of_what_is_shipped_and_names_no_machine() -> None:
    here = [{"url": "file:///srv/somewhere", "type": "distribution"}]
    python = {
        "metadata": {"timestamp": "2026-03-02T09:30:00Z"},
        "components": [
            part("navkit", "navkit==1", externalReferences=here),
            part("Flask", "Flask==3", licenses=[{"license": {"id": "BSD-3-Clause"}}]),
            part("espeakng-loader", "espeakng-loader==0"),
            part("pytest", "pytest==9"),
        ],
        "dependencies": [
            {"ref": "navkit==1", "dependsOn": ["Flask==3", "pytest==9"]},
            {"ref": "pytest==9", "dependsOn": ["Flask==3"]},
            {"ref": "Flask==3"},
        ],
    }
    npm = {
        "components": [part("jsqr", "jsqr@1")],
        "dependencies": [{"ref": "tests@0", "dependsOn": ["jsqr@1"]}, {"ref": "jsqr@1"}],
    }

    whole = together(python, npm, {"flask": "BSD", "espeakng-loader": "GPL-3.0-or-later"})

    assert [one["name"] for one in whole["components"]] == ["Flask", "espeakng-loader", "jsqr"]
    assert [one["licenses"][0]["license"] for one in whole["components"][:2]] == [
        {"id": "BSD-3-Clause"},
        {"name": "GPL-3.0-or-later"},
    ]
    assert whole["metadata"]["component"]["name"] == "navkit"
    assert whole["dependencies"] == [
        {"ref": "navkit==1", "dependsOn": ["Flask==3", "jsqr@1"]},
        {"ref": "Flask==3", "dependsOn": []},
        {"ref": "jsqr@1", "dependsOn": []},
    ]
    assert "file:" not in json.dumps(whole)
