"""What navkit is made of: the table of licences, and a parts list (SBOM) of what is shipped.

    python -m tools.inventory licences docs/licences.md
    python -m tools.inventory sbom out/sbom.json

pip-licenses, cyclonedx-py and npm collect the data; this module combines it.
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from tools.locks import LOCKS, ROOT, pins

NPM, NPM_DEV = "npm", "npm-dev"
TABLES = (*LOCKS, NPM, NPM_DEV)
"""The tables of the page, by the mark before each."""

UNTOLD = "?"
"""No licence found: look it up and write it into the table, where it is kept."""

SHIPPED = "requirements.lock"
ROW = re.compile(r"^\| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
HEAD = "| package | licence |\n|---|---|\n"


def canonical(name: str) -> str:
    """One spelling for names that PyPI treats as equal."""
    return re.sub(r"[-_.]+", "-", name).lower()


def table(page: str, mark: str) -> dict[str, str]:
    """Licences by package, from the page's table between two marks."""
    _, _, after = page.partition(f"<!-- {mark} -->\n")
    rows = dict(ROW.findall(after.partition(f"<!-- /{mark} -->")[0]))
    return {name: licence for name, licence in rows.items() if name != "package"}


def with_table(page: str, mark: str, rows: Mapping[str, str]) -> str:
    """The page with new rows between the marks."""
    before, begins, after = page.partition(f"<!-- {mark} -->\n")
    _, ends, rest = after.partition(f"<!-- /{mark} -->")
    lines = "".join(f"| {name} | {rows[name]} |\n" for name in sorted(rows, key=str.lower))
    return f"{before}{begins}{HEAD}{lines}{ends}{rest}"


def npm_packages() -> dict[str, dict[str, str]]:
    """Licences of npm packages, by table and package; empty if the lock has none."""
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    found: dict[str, dict[str, str]] = {NPM: {}, NPM_DEV: {}}
    for path, package in lock["packages"].items():
        if path:
            name = path.rpartition("node_modules/")[2]
            found[NPM_DEV if package.get("dev") else NPM][name] = package.get("license", "")
    return found


def write_licences(page: Path) -> None:
    """Packages that are not installed here, such as Windows-only ones, keep their row, and so do
    packages without licence metadata."""
    told = _asked([sys.executable, "-m", "piplicenses", "--format=json", "--with-system"])
    here = {canonical(one["Name"]): one["License"] for one in told if one["License"] != "UNKNOWN"}
    text = page.read_text(encoding="utf-8")
    for lock in LOCKS:
        before = table(text, lock)
        rows = {name: here.get(canonical(name), before.get(name, UNTOLD)) for name in pins(lock)}
        text = with_table(text, lock, rows)
    for mark, rows in npm_packages().items():
        before = table(text, mark)
        rows = {name: told or before.get(name, UNTOLD) for name, told in rows.items()}
        text = with_table(text, mark, rows)
    page.write_text(text, encoding="utf-8")


def write_sbom(file: Path) -> None:
    """One CycloneDX list of the Python packages that run and the JavaScript on the page."""
    python = _asked([sys.executable, "-m", "cyclonedx_py", "environment", "--of", "JSON"])
    npm = _asked(
        ["npm", "sbom", "--sbom-format", "cyclonedx", "--omit", "dev", "--package-lock-only"]
    )
    page = (ROOT / "docs" / "licences.md").read_text(encoding="utf-8")
    whole = together(python, npm, table(page, SHIPPED))
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(whole, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def together(
    python: Mapping[str, Any], npm: Mapping[str, Any], shipped: Mapping[str, str]
) -> dict[str, Any]:
    """The list of navkit: the installed Python packages that are shipped, with the licence from
    `shipped` if a package has no metadata, and everything that npm lists."""
    licences = {canonical(name): licence for name, licence in shipped.items()}
    parts = []
    for one in python["components"]:
        licence = licences.get(canonical(one["name"]))
        if licence:
            parts.append({"licenses": [{"license": {"name": licence}}], **one})
    parts += npm["components"]
    itself = next(one for one in python["components"] if one["name"] == "navkit")
    # Local paths must not be in the list.
    told = {key: value for key, value in itself.items() if key != "externalReferences"}
    told_needs = (*python["dependencies"], *npm["dependencies"])
    needs = {one["ref"]: one.get("dependsOn", []) for one in told_needs}
    listed = {one["bom-ref"] for one in parts}
    needs[told["bom-ref"]] = [*needs.get(told["bom-ref"], ()), *_refs(npm["components"])]
    return {
        **python,
        "metadata": {**python["metadata"], "component": {**told, "type": "application"}},
        "components": parts,
        "dependencies": [
            {"ref": ref, "dependsOn": [one for one in needs[ref] if one in listed]}
            for ref in (told["bom-ref"], *_refs(parts))
            if ref in needs
        ],
    }


def _refs(parts: Iterable[Mapping[str, Any]]) -> list[str]:
    return [one["bom-ref"] for one in parts]


def _asked(command: list[str]) -> Any:
    """The JSON that a program prints."""
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE)
    return json.loads(done.stdout)


WRITES = {"licences": write_licences, "sbom": write_sbom}


if __name__ == "__main__":
    WRITES[sys.argv[1]](Path(sys.argv[2]))
