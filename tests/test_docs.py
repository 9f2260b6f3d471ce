"""What the pages say is true: their examples run, and nothing that exists is missing."""

import contextlib
import io
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner
from conftest import REST
from spoken import is_spoken

from exporter.bundle import scripts_file
from floorplans.reading import READERS, read
from navkit.guide import Guide
from navkit.route.profiles import profiles
from navkit.venue import corrections, directory
from navkit.venue.join import join
from navkit.venue.venue import Venue, save
from navkit.words.languages import languages
from tools.cli import main

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
PAGES = sorted(
    [
        *ROOT.glob("*.md"),
        *(ROOT / "docs").rglob("*.md"),
        *(ROOT / "examples").rglob("*.md"),
    ]
)
FENCED = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
PATH = re.compile(
    r"`((?:navkit|floorplans|exporter|server|tools|docs|examples|tests)/[\w./*-]*)`",
)
OF_ONE_MACHINE = re.compile(r"(?<![\w.])/(?:work|root|home|Users|tmp|mnt)\b|[A-Z]:\\\\")


def shown(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def text_of(page: str | Path) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def blocks(page: Path, *kinds: str) -> list[tuple[str, str]]:
    """Kind and content of the fenced blocks of `page`, in order."""
    return [found for found in FENCED.findall(text_of(page)) if found[0] in kinds]


def section(page: str, heading: str) -> str:
    """The text under a second-level heading; empty if there is none."""
    return next(
        (
            part
            for part in re.split(r"^## ", text_of(page), flags=re.MULTILINE)
            if part.partition("\n")[0].strip() == heading
        ),
        "",
    )


def with_blocks(*kinds: str, but: Path | None = None) -> list[Any]:
    pages = [page for page in PAGES if page != but and blocks(page, *kinds)]
    return [pytest.param(page, id=shown(page)) for page in pages]


@pytest.fixture
def desk(
    tmp_path: Path,
    example_drawings: Path,
    example_venue: Venue,
    monkeypatch: pytest.MonkeyPatch,
) -> Path:
    """A folder as a reader has it: the examples, the drawn hospital and its venue."""
    shutil.copytree(example_drawings, tmp_path / "hospital")
    shutil.copytree(
        ROOT / "examples", tmp_path / "examples", ignore=shutil.ignore_patterns("__pycache__")
    )
    save(example_venue, tmp_path / "venue.json")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NAVKIT_LANG", "en")
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)
    return tmp_path


@pytest.mark.process
@pytest.mark.long
@pytest.mark.parametrize("page", with_blocks("python", "sh", "console", but=README))
def test_examples_run(page: Path, desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In order: a later one may use what an earlier one made."""
    monkeypatch.setattr(scripts_file, "starts", lambda of: every_start(of)[::FEW])
    names: dict[str, Any] = {}
    for kind, content in blocks(page, "python", "sh", "console"):
        if kind == "python":
            run_python(content, page, names)
        else:
            for command in commands(kind, content):
                run(command, desk)


every_start = scripts_file.starts
FEW = 20
"""Of so many entrances and codes one takes part where bundles are made."""
FEWER_STARTS = """
from exporter.bundle import scripts_file
every_start = scripts_file.starts
scripts_file.starts = lambda of: every_start(of)[::{every}]
"""


@pytest.mark.process
@pytest.mark.long
@pytest.mark.parametrize("every", [FEW, pytest.param(1, marks=REST)])
def test_examples_run_of_the_readme_and_its_site_speaks(
    desk: Path, example: Guide, every: int
) -> None:
    """One test, because two processes would make the same bundle twice. Of the entrances and codes
    from which routes are scripted, every so many take part; all places do, and all that is said of
    them."""
    script = "\n".join(content for _, content in blocks(README, "sh"))
    startup = FEWER_STARTS.format(every=every) if every > 1 else ""
    run_in_a_fresh_shell(script, desk, startup)
    for _, content in blocks(README, "python"):
        run_python(content, README, {})

    if find_spec("espeakng_loader"):
        is_spoken(example, desk / "site" / "bundle", more_than=2000 if every == 1 else 1600)


def run_python(content: str, page: Path, names: dict[str, Any]) -> None:
    with contextlib.redirect_stdout(io.StringIO()):
        exec(compile(content, shown(page), "exec"), names)


def run_in_a_fresh_shell(script: str, folder: Path, startup: str = "") -> None:
    """Like a terminal just opened beside an installed copy: only the system's own programs are on
    the path. If there is a `startup`, each Python of the script begins with it."""
    for made in ("hospital", "venue.json"):
        path = folder / made
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    for name in ("Makefile", "setup.cfg", "pyproject.toml", *(p.name for p in ROOT.glob("*.lock"))):
        shutil.copy(ROOT / name, folder / name)
    (folder / ".venv").mkdir()
    for part in Path(sys.prefix).iterdir():
        if not part.name.startswith("."):
            (folder / ".venv" / part.name).symlink_to(part)
    (folder / ".venv" / ".ready").touch()
    kept = {name: os.environ[name] for name in ("HOME", "NAVKIT_CACHE") if name in os.environ}
    env = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8", **kept}
    if startup:
        begins = folder / "startup"
        begins.mkdir()
        (begins / "sitecustomize.py").write_text(startup, encoding="utf-8")
        env["PYTHONPATH"] = str(begins)
    done = subprocess.run(
        ["sh", "-eux", "-c", script], cwd=folder, env=env, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[-2000:]


def commands(kind: str, content: str) -> list[str]:
    """Lines of a shell, those after a prompt where answers stand between them."""
    lines = content.replace("\\\n", "").splitlines()
    if kind == "console":
        return [line[2:] for line in lines if line.startswith("$ ")]
    return [line for line in lines if line.strip() and not line.startswith("#")]


def run(command: str, folder: Path) -> None:
    program, *words = shlex.split(command)
    if program == "navkit":
        # In this process: starting Python takes longer than most commands.
        told = CliRunner().invoke(main, words)
        assert told.exit_code == 0, f"{command}\n{told.output}"
        return
    done = subprocess.run(
        [program, *words], cwd=folder, capture_output=True, text=True, encoding="utf-8"
    )
    assert done.returncode == 0, f"{command}\n{done.stderr}"


@pytest.mark.parametrize("page", with_blocks("json"))
def test_json_can_be_parsed(page: Path) -> None:
    for _, content in blocks(page, "json"):
        json.loads(content)


def test_every_command_and_option_is_described() -> None:
    page = "docs/command-line.md"
    missing = []
    for name, command in main.commands.items():
        said = section(page, f"`navkit {name}`")
        for parameter in parameters(command):
            words = parameter.opts if isinstance(parameter, click.Option) else [metavar(parameter)]
            missing += [f"{name}: {word}" for word in words if not is_said(word, said)]

    assert missing == []


def parameters(command: click.Command) -> list[click.Parameter]:
    """Of a command, and of all that it has below it."""
    below = command.commands.values() if isinstance(command, click.Group) else ()
    return [*command.params, *(one for each in below for one in parameters(each))]


def metavar(argument: click.Parameter) -> str:
    """How a usage line names an argument: `VENUE` for `venue_file`."""
    name = (argument.metavar or argument.name or "").upper()
    return name.removesuffix("...").strip("[]").removesuffix("_FILE")


def is_said(word: str, text: str) -> bool:
    return bool(re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", text))


def test_described_commands_and_options_exist() -> None:
    page = "docs/command-line.md"
    wrong = []
    for heading in re.findall(r"^## `navkit (\w+)`$", text_of(page), re.MULTILINE):
        command = main.commands.get(heading)
        known = {word for p in parameters(command) for word in p.opts} if command else set()
        usage = section(page, f"`navkit {heading}`")
        wrong += [
            f"{heading}: {word}"
            for word in re.findall(r"(?<![\w-])--[a-z][a-z-]*", usage)
            if word not in known
        ]

    assert wrong == []


@pytest.mark.parametrize("change", corrections.REQUIRED)
def test_every_change_is_described(change: str) -> None:
    said = section("docs/corrections.md", f"`{change}`")
    row = re.search(rf"^\| \[`{change}`\]\(#{change}\).*$", text_of("docs/corrections.md"), re.M)

    assert said
    assert row
    assert all(f"`{field}`" in row.group() for field in corrections.REQUIRED[change])


def test_every_example_of_a_change_finds_its_target(example_drawings: Path) -> None:
    page = ROOT / "docs" / "corrections.md"
    found = [json.loads(content) for _, content in blocks(page, "json")]
    whole = [change for part in found for change in part.get("changes", [part])]
    changes = corrections.parse({"navkit-corrections": 1, "changes": whole}, page.name)
    venue = join(
        read([example_drawings / "plans"]),
        directory.read(example_drawings / "directory.csv"),
        changes,
    )

    assert {change.do for change in changes} == set(corrections.REQUIRED)
    assert [f.text("en") for f in venue.findings if f.code == "correction-without-target"] == []


def vocabulary() -> Mapping[str, list[str]]:
    columns: Mapping[str, list[str]] = json.loads(text_of("navkit/venue/directory.json"))["columns"]
    return columns


@pytest.mark.parametrize("column", vocabulary())
def test_every_column_of_the_directory_is_described(column: str) -> None:
    row = re.search(rf"^\| `{column}` \|.*$", text_of("docs/directory.md"), re.MULTILINE)

    assert row
    assert set(re.findall(r"[\w-]+", row.group())) & set(vocabulary()[column])


def test_headings_that_are_described_are_known() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (.*?) \|", text_of("docs/directory.md"), re.MULTILINE)
    wrong = [
        word
        for column, said in rows
        for word in re.split(r"[,\s`]+", said)
        if word and word not in vocabulary()[column]
    ]

    assert rows
    assert wrong == []


def test_the_directory_shown_can_be_read() -> None:
    (_, content), *_ = blocks(ROOT / "docs" / "directory.md", "csv")
    shown_ = directory.parse(content, "directory.md")

    assert shown_.findings == ()
    assert [entry.names["en"] for entry in shown_.entries] == ["Radiology"]


def test_readme_names_formats_languages_and_profiles() -> None:
    words = set(re.findall(r"`([^`\n]+)`", FENCED.sub("", text_of("README.md"))))

    assert {*READERS, *languages(), *profiles()} <= words


@pytest.mark.parametrize("page", PAGES, ids=shown)
def test_links_lead_somewhere(page: Path) -> None:
    broken = []
    for link in LINK.findall(text_of(page)):
        target, _, fragment = link.partition("#")
        if "://" in target or target.startswith("mailto:"):
            continue
        file = (page.parent / target).resolve() if target else page
        headed = not fragment or (file.suffix == ".md" and fragment in fragments(file))
        if not (file.exists() and headed):
            broken.append(link)

    assert broken == []


def fragments(page: Path) -> set[str]:
    """What links may end in after `#`: headings in lower case, blanks as hyphens."""
    return {
        re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        for heading in HEADING.findall(text_of(page))
    }


@pytest.mark.parametrize("page", PAGES, ids=shown)
def test_files_that_are_named_exist(page: Path) -> None:
    missing = [name for name in PATH.findall(text_of(page)) if not any(ROOT.glob(name.rstrip("/")))]

    assert missing == []


@pytest.mark.parametrize("page", PAGES, ids=shown)
def test_no_page_speaks_of_one_machine(page: Path) -> None:
    assert OF_ONE_MACHINE.findall(text_of(page)) == []


def test_the_architecture_names_every_module() -> None:
    page = text_of("docs/architecture.md")

    unnamed = [
        shown(file)
        for package in ("navkit", "floorplans", "exporter", "server", "tools")
        for file in sorted((ROOT / package).rglob("*.py"))
        if file.name != "__init__.py" and not re.search(rf"\b{re.escape(file.name)}\b", page)
    ]
    assert unnamed == []


def test_the_picture_is_small_and_drawn() -> None:
    picture = (ROOT / "docs" / "picture.svg").read_bytes()

    assert b"<svg" in picture[:2000]
    assert len(picture) < 400_000


def test_every_decision_fits_on_a_page() -> None:
    for page in sorted((ROOT / "docs" / "decisions").glob("*.md")):
        text = text_of(page)
        parts = re.findall(r"^\*\*(\w+)\.\*\*", text, re.MULTILINE)

        assert re.match(r"# \d+\. ", text), shown(page)
        assert parts == ["Context", "Decision", "Consequences"], shown(page)
        assert len(text.splitlines()) <= 60, shown(page)
