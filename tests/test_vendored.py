"""The libraries of the page and the console are those of npm, byte for byte."""

import shutil
import subprocess
from pathlib import Path

import pytest

pytestmark = pytest.mark.process

ROOT = Path(__file__).parents[1]
VENDOR = Path("exporter", "site", "page", "vendor")
FOLDERS = (VENDOR, Path("server", "pages", "static", "vendor"))
NPM = shutil.which("npm") or ""
WRITTEN = {"qrcode-LICENSE.txt"}
"""Its package names the licence and who holds it, without the text."""


@pytest.mark.skipif(not NPM, reason="npm is not installed")
@pytest.mark.skipif(not (ROOT / "node_modules" / "jsqr").exists(), reason="not installed: npm ci")
def test_fetching_them_again_changes_nothing(tmp_path: Path) -> None:
    shutil.copy(ROOT / "package.json", tmp_path)
    (tmp_path / "node_modules").symlink_to(ROOT / "node_modules")
    for folder in FOLDERS:
        (tmp_path / folder).mkdir(parents=True)

    subprocess.run([NPM, "run", "vendor"], cwd=tmp_path, check=True, capture_output=True)

    fetched, here = (
        {file.name: file.read_bytes() for folder in FOLDERS for file in (root / folder).iterdir()}
        for root in (tmp_path, ROOT)
    )
    assert here.keys() == fetched.keys() | WRITTEN
    assert [name for name in fetched if here[name] != fetched[name]] == [], "npm run vendor"


def test_a_licence_that_is_written_here_names_who_holds_the_library() -> None:
    for name in WRITTEN:
        licence = (ROOT / VENDOR / name).read_text(encoding="utf-8")
        library = (ROOT / VENDOR / name.replace("-LICENSE.txt", ".js")).read_text(encoding="utf-8")
        holder = next(line for line in licence.splitlines() if line.startswith("Copyright"))

        assert f"// {holder}" in library
        assert "MIT license" in library
