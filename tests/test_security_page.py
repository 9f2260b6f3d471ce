"""The tests that the security page names exist."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_every_test_that_the_page_on_security_names_exists() -> None:
    text = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    named = re.findall(r"`(test_\w+)\.py(?:::(test_\w+))?`", text)

    assert len(named) > 30
    for module, test in named:
        file = ROOT / "tests" / f"{module}.py"
        assert file.exists(), module
        assert not test or f"def {test}(" in file.read_text(encoding="utf-8"), test


def test_what_attacks_names_are_files() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    listed = re.search(r"^ATTACKED := ((?:.*\\\n)*.*)$", makefile, re.MULTILINE)

    assert listed
    names = listed[1].replace("\\\n", " ").split()
    assert [n for n in names if not (ROOT / "tests" / f"test_{n}.py").exists()] == []
    assert len(names) >= 10
