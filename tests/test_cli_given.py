"""Arguments of the command line: unusable output paths, and odd words anywhere."""

import os
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from drawn_dxf import dxf
from drawn_dxf import ward as cad_ward
from test_bad_input import level, native, space, text

from floorplans.reading import read
from navkit.venue.join import join
from navkit.venue.venue import save, write_whole
from tools.cli import main
from tools.given import GivenPath, InputFolder, OutputFile, OutputFolder


def run(*words: str | Path, **env: str) -> Result:
    said = [str(word) for word in words]
    return CliRunner().invoke(main, said, env={"NAVKIT_LANG": "en", **env})


@pytest.fixture(scope="module")
def ward(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a drawing of two rooms on a corridor, and its venue."""
    folder = tmp_path_factory.mktemp("ward")
    rooms = [
        space("A", 0, 0, name={"en": "Ward A"}, number="101"),
        space("B", 20, 0, name={"en": "Ward B"}, number="102"),
        {
            **space("C", kind="corridor"),
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[0, 8], [30, 8], [30, 12], [0, 12], [0, 8]]],
            },
        },
    ]
    (folder / "plan.geojson").write_text(text(native(level(), *rooms)), encoding="utf-8")
    save(join(read([folder / "plan.geojson"]), None, ()), folder / "venue.json")
    (folder / "old.json").write_bytes((folder / "venue.json").read_bytes())
    (folder / "list.csv").write_text("name,rooms\nClinic,101\n")
    (folder / "plan.dxf").write_bytes(dxf(*cad_ward(1000)))
    return folder


@pytest.fixture
def desk(ward: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, with the drawing and the venue."""
    folder = tmp_path / "desk"
    folder.mkdir()
    for file in ward.iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    monkeypatch.chdir(folder)
    return folder


def files_in(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


# Places to write to

IMPORT = ("import", "plan.geojson", "--directory", "list.csv")
EXPORT = ("export", "venue.json", "--voice", "none")
WRITING_FOLDERS = {
    "export": (*EXPORT, "-o"),
    "export --site": (*EXPORT, "-o", "bundle", "--site"),
    "site": ("site", "venue.json", "--voice", "none", "-o"),
    "card": ("card", "venue.json", "A", "B", "-o"),
    "anchors": ("anchors", "venue.json", "-o"),
    "check --pictures": ("check", "venue.json", "--walk", "--pictures"),
}
WRITING_FILES = {
    "import": ("import", "plan.geojson", "-o"),
    "check --html": ("check", "venue.json", "--html"),
    "diff --html": ("diff", "venue.json", "old.json", "--html"),
    "fix --write": ("fix", "venue.json", "--all", "--overwrite", "--write"),
    "import --echo": (*IMPORT, "-o", "new.json", "--echo"),
    "mapping": ("mapping", "plan.dxf", "-o"),
    "mapping --svg": ("mapping", "plan.dxf", "--svg"),
    "route --svg": ("route", "venue.json", "A", "B", "--svg"),
    "script": ("script", "venue.json", "-o"),
    "script --sheet": ("script", "venue.json", "--sheet"),
    "export --zip": (*EXPORT, "-o", "bundle", "--zip"),
    "export --sheet": (*EXPORT, "-o", "bundle", "--sheet"),
    "site --sheet": ("site", "venue.json", "--voice", "none", "-o", "site", "--sheet"),
    "say": ("say", "hi", "--lang", "en", "-o"),
}
WRITING = {**WRITING_FOLDERS, **WRITING_FILES}


def commands(group: click.Group = main, before: str = "") -> Iterator[tuple[str, click.Command]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, f"{before}{name} ")
        else:
            yield f"{before}{name}", command


def test_every_option_that_writes_is_tried_here() -> None:
    """`--recorded` and `--verdicts` are read and written; keys and servers have data folders."""
    names = {
        f"{name} {parameter.opts[0]}".removesuffix(" -o")
        for name, command in commands()
        for parameter in command.params
        if isinstance(parameter.type, OutputFile | OutputFolder)
    }

    assert names == {*WRITING, "export --recorded", "script --verdicts"}


def make_file(path: Path) -> str:
    path.write_text("mine")
    return path.name


def make_folder(path: Path) -> str:
    path.mkdir()
    (path / "thesis.docx").write_text("mine")
    return path.name


@pytest.mark.parametrize("command", WRITING)
@pytest.mark.parametrize("place", [".", "..", "/", "./", "nosuch/..", "../.."])
def test_what_has_no_name_of_its_own_is_not_written_to(
    command: str, place: str, desk: Path
) -> None:
    before = files_in(desk)

    result = run(*WRITING[command], place)

    assert result.exit_code == 2, result.output
    assert "[output-without-name]" in result.stderr or "[output-is-folder]" in result.stderr
    assert files_in(desk) == before


@pytest.mark.parametrize("command", WRITING_FILES)
@pytest.mark.parametrize("make", [make_folder, lambda path: path.mkdir() or path.name])
def test_a_folder_where_a_file_is_to_be_written_is_said(
    command: str, make: Callable[[Path], str], desk: Path
) -> None:
    name = make(desk / "there")
    before = files_in(desk)

    result = run(*WRITING_FILES[command], name)

    assert result.exit_code == 2
    assert result.stderr.startswith("navkit: there: ")
    assert "[output-is-folder]" in result.stderr
    assert files_in(desk) == before


@pytest.mark.parametrize("command", WRITING_FOLDERS)
def test_a_file_where_a_folder_is_needed_is_said(command: str, desk: Path) -> None:
    name = make_file(desk / "there")
    before = files_in(desk)

    result = run(*WRITING_FOLDERS[command], name)

    assert result.exit_code == 2
    assert "[output-is-file]" in result.stderr
    assert files_in(desk) == before


@pytest.mark.parametrize("command", WRITING_FOLDERS)
def test_a_folder_of_somebody_elses_files_is_left_alone(command: str, desk: Path) -> None:
    make_folder(desk / "there")
    before = files_in(desk)

    result = run(*WRITING_FOLDERS[command], "there")

    assert result.exit_code == 2
    assert "there: " in result.stderr
    assert "thesis.docx" in result.stderr
    assert "[output-not-ours]" in result.stderr
    assert files_in(desk) == before


@pytest.mark.parametrize("command", WRITING)
def test_a_file_above_what_is_written_is_said(command: str, desk: Path) -> None:
    make_file(desk / "there")
    before = files_in(desk)

    result = run(*WRITING[command], "there/below/it")

    assert result.exit_code == 2
    assert "[output-is-file]" in result.stderr
    assert files_in(desk) == before


@pytest.mark.parametrize("command", WRITING)
def test_a_place_without_permission_is_said(
    command: str, desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message for anybody but root; a read-only disk gives the same."""
    (desk / "locked").mkdir()
    allowed = os.access
    monkeypatch.setattr(
        os, "access", lambda path, mode: allowed(path, mode) and Path(path).name != "locked"
    )
    before = files_in(desk)

    result = run(*WRITING[command], "locked/it")

    assert result.exit_code == 2
    assert "locked: " in result.stderr
    assert "[output-not-allowed]" in result.stderr
    assert files_in(desk) == before


@pytest.mark.parametrize("command", WRITING_FILES)
def test_a_device_is_not_replaced_by_a_file(command: str, desk: Path) -> None:
    os.mkfifo(desk / "pipe")

    result = run(*WRITING_FILES[command], "pipe")

    assert result.exit_code == 2
    assert "[output-is-device]" in result.stderr
    assert (desk / "pipe").is_fifo()


@pytest.mark.parametrize("words", [("keys", "new"), ("keys", "show"), ("publish", "--to", "x")])
def test_a_whole_disk_is_no_data_folder(words: tuple[str, ...]) -> None:
    result = run(*words, "/")

    assert result.exit_code == 2
    assert "[output-without-name]" in result.stderr


@pytest.mark.process
@pytest.mark.parametrize("command", [name for name in WRITING if name not in ("say", "anchors")])
def test_folders_above_what_is_written_are_made(command: str, desk: Path) -> None:
    result = run(*WRITING[command], "new/above/it")

    # `check` finds that the plan has no entrance.
    assert result.exit_code == (1 if command.startswith("check") else 0), result.output
    assert (desk / "new" / "above" / "it").exists()


@pytest.mark.parametrize(
    ("words", "twice"),
    [
        (("import", "plan.geojson", "-o", "plan.geojson"), "plan.geojson"),
        (("import", "plan.geojson", "-o", "./plan.geojson"), "plan.geojson"),
        (("script", "venue.json", "-o", "venue.json"), "venue.json"),
        (("route", "venue.json", "A", "B", "--svg", "venue.json"), "venue.json"),
        ((*EXPORT, "-o", "b", "--zip", "b"), "b"),
        ((*EXPORT, "-o", "b", "--site", "b"), "b"),
    ],
)
def test_nothing_is_written_over_what_is_read_or_written(
    words: tuple[str, ...], twice: str, desk: Path
) -> None:
    before = files_in(desk)

    result = run(*words)

    assert result.exit_code == 2
    assert f"navkit: {twice}: " in result.stderr
    assert "[output-is-given-twice]" in result.stderr
    assert files_in(desk) == before


@pytest.mark.parametrize("command", ["export", "site", "card"])
def test_what_was_written_before_is_written_anew(command: str, desk: Path) -> None:
    words = (*WRITING_FOLDERS[command], "there")
    assert run(*words).exit_code == 0
    first = files_in(desk / "there")
    (desk / "there" / "CNAME").write_text("maps.hospital.example")

    again = run(*words)

    assert again.exit_code == 0, again.output
    assert files_in(desk / "there") == {**first, "CNAME": b"maps.hospital.example"}


def test_a_site_may_be_written_into_an_empty_copy_of_a_repository(desk: Path) -> None:
    (desk / "site" / ".git").mkdir(parents=True)
    (desk / "site" / ".git" / "HEAD").write_text("ref")

    assert run(*WRITING_FOLDERS["site"], "site").exit_code == 0


def test_a_bundle_sweeps_nothing_but_older_files_of_a_bundle(desk: Path) -> None:
    run(*WRITING_FOLDERS["export"], "b")
    mine = desk / "b" / "report-abcdefghijklmnop.pdf"
    old = desk / "b" / "level-0123456789abcdef.json"
    mine.write_text("mine")
    old.write_text("{}")

    run(*WRITING_FOLDERS["export"], "b")

    assert mine.exists()
    assert not old.exists()


def test_pages_of_two_routes_are_not_mixed(desk: Path) -> None:
    run(*WRITING_FOLDERS["card"], "cards")
    (desk / "cards" / "07-9F.svg").write_text("of a longer route")

    run(*WRITING_FOLDERS["card"], "cards")

    assert len(list((desk / "cards").iterdir())) == 1


@pytest.mark.parametrize("fails", ["write", "fsync", "replace"])
def test_a_write_that_fails_leaves_what_was_there_and_nothing_else(
    fails: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    (tmp_path / "a.json").write_bytes(b"before")
    if fails == "replace":
        monkeypatch.setattr(Path, "replace", refuse)
    if fails == "fsync":
        monkeypatch.setattr(os, "fsync", refuse)
    content = b"after" if fails != "write" else "after"

    with pytest.raises((OSError, TypeError)):
        write_whole(tmp_path / "a.json", content)  # type: ignore[arg-type]

    assert files_in(tmp_path) == {"a.json": b"before"}


def test_a_script_that_breaks_off_leaves_nothing(
    desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    before = files_in(desk)
    monkeypatch.setattr(os, "fsync", refuse)

    result = run("script", "venue.json", "-o", "routes.jsonl")

    assert result.exit_code == 2
    assert "[cannot-write]" in result.stderr
    assert files_in(desk) == before


# Folders to read from


def test_every_folder_that_is_read_must_be_there(desk: Path) -> None:
    tried = 0
    for name, command in commands():
        for parameter in command.params:
            if isinstance(parameter.type, InputFolder):
                tried += 1
                result = run(name, "venue.json", "-o", "out", parameter.opts[0], "nosuch")

                assert result.exit_code == 2
                assert "nosuch: there is no such folder" in result.stderr
    assert tried >= 2
    assert not (desk / "out").exists()


# Odd words

ODD_PATHS = (
    *("venue.json", "plan.geojson", "nosuch", "empty", "binary", "list.json", "deep.json"),
    *("folder", ".", "/", "", "..", "-", "/dev/null", "/proc/self/mem", "x" * 300, "a\udcff"),
    *("nosuch/a/b", "venue.json/a", "loop", "dangling", "新/文件", "a\nb", "\u202egnp.exe"),
)
ODD_WORDS = (
    *("", " ", "A", "a", "Ａ", "B", "101", "category:", "category:ward", "category:Ward", "nosuch"),
    *("'", '"', "{place}", "%s", "\x1b[31m", "\u202e", "\udcff", "💊" * 500, "x" * 9000),
    *("--", "0", "-1", "1e999", "2026-02-30", "2026-03-02T09:30", "9999-12-31T23:59", "walk"),
    *("http://", "https://a b", "https://a/", "a.b:C", "os:path", "none", "ftp://x", "s3://"),
)
ODD_ENVIRONMENT = {
    "NAVKIT_LANG": ("en", "zh-Hans", "zh-Hant", "", "xx"),
    "SOURCE_DATE_EPOCH": ("", "x", "-1", "9" * 30, "0"),
    "NAVKIT_PROXIES": ("", "0", "x", "-1", "1e3"),
    "NAVKIT_DATABASE": ("", "nonsense", "postgresql://", "postgresql://127.0.0.1:1/x", "http://x"),
    "NAVKIT_LIMITS": ("memory://", "nonsense", ""),
    "NAVKIT_VOICE": ("", "nosuch", "a.b:C"),
    "NAVKIT_PUBLISH_TO": ("", "nonsense://", "s3://", "https://x"),
    "NAVKIT_ADMIN_PASSWORD": ("", "x", "long enough to be a good one"),
    "NAVKIT_SAFE_PASSPHRASE": ("", "safe and long enough"),
    "NAVKIT_PUBLISHING_PASSPHRASE": ("", "publishing and long enough"),
}
OF_EACH = 25
"""Times that a command is run with words drawn by chance."""


def lay_out(folder: Path) -> None:
    (folder / "empty").write_bytes(b"")
    (folder / "binary").write_bytes(bytes(range(256)))
    (folder / "list.json").write_text("[1, 2]")
    (folder / "deep.json").write_text("[" * 100_000)
    (folder / "folder").mkdir()
    (folder / "folder" / "thesis.docx").write_text("mine")
    (folder / "loop").symlink_to("loop")
    (folder / "dangling").symlink_to("nowhere")


def odd_words(parameter: click.Parameter, draw: random.Random) -> list[str]:
    """A word or more for a parameter; none where it is left out."""
    if isinstance(parameter, click.Option) and not parameter.required and draw.random() < 0.6:
        return []
    is_path = isinstance(parameter.type, GivenPath | click.Path)
    found: list[str] = []
    for _ in range(parameter.nargs if parameter.nargs > 0 else draw.randrange(1, 3)):
        kinds = (ODD_PATHS, ODD_WORDS) if is_path else (ODD_WORDS, ODD_WORDS, ODD_PATHS)
        word = draw.choice(draw.choice(kinds))
        if isinstance(parameter.type, click.Choice) and draw.random() < 0.8:
            word = draw.choice(list(parameter.type.choices))
        if parameter.name == "venue_file" and draw.random() < 0.7:
            word = "venue.json"
        found.append(word)
    if isinstance(parameter, click.Option):
        return [parameter.opts[0], *([] if parameter.is_flag else found)]
    return found


NO_NETWORK_AND_NO_VOICE = {"voice install"}


@pytest.mark.process
@pytest.mark.parametrize(
    "name", [name for name, _ in commands() if name not in NO_NETWORK_AND_NO_VOICE]
)
def test_odd_words_are_answered_without_a_traceback(
    name: str, desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from server import serving

    monkeypatch.setattr(serving, "serve", lambda *_: None)
    command = dict(commands())[name]
    draw = random.Random(name)
    lay_out(desk)
    for _ in range(OF_EACH):
        words = [word for one in command.params for word in odd_words(one, draw)]
        if any("--voice" in one.opts for one in command.params) and "--voice" not in words:
            words = ["--voice", "none", *words]
        env = {variable: draw.choice(odd) for variable, odd in ODD_ENVIRONMENT.items()}
        if name == "serve":
            env["NAVKIT_ADMIN_PASSWORD"] = ""

        result = CliRunner().invoke(main, [*name.split(), *words], env=env)

        told = (words, env, result.output, result.exception)
        assert result.exception is None or isinstance(result.exception, SystemExit), told
        assert result.exit_code in (0, 1, 2), told
        assert result.exit_code == 0 or result.output, told
        assert not list(desk.rglob("*.part")), told
