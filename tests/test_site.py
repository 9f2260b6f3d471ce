"""A site: the same bytes every time, complete according to its service worker, and
self-contained."""

import base64
import hashlib
import json
import re
import subprocess
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from exporter.bundle.bundle import Bundle, make_bundle
from exporter.site.site import (
    Signed,
    late_scripts_of,
    scripts_of,
    site,
    without_comments,
    write_site,
)
from floorplans.reading import read
from navkit.guide import Guide
from navkit.venue.join import join
from navkit.venue.venue import save
from tools.cli import main
from tools.hosting import issue_date

ROOT = Path(__file__).parents[1]
DAY = date(2026, 3, 2)


@pytest.fixture(scope="module")
def ward(example_drawings: Path) -> Guide:
    """One floor of the made-up hospital, which is scripted in a moment."""
    return Guide(join(read([example_drawings / "plans" / "住院楼-5F.geojson"]), None, ()))


@pytest.fixture(scope="module")
def bundle(ward: Guide) -> Bundle:
    return make_bundle(ward, ("zh-Hans", "en"))


@pytest.fixture(scope="module")
def files(bundle: Bundle) -> dict[str, bytes]:
    return site(bundle, DAY)


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def constants(worker: bytes) -> dict[str, Any]:
    return {
        name: json.loads(value)
        for name, value in re.findall(r"^const (\w+) = (.+);$", worker.decode(), re.MULTILINE)[:2]
    }


def test_the_same_bundle_and_date_give_the_same_bytes(
    ward: Guide, files: dict[str, bytes], tmp_path: Path
) -> None:
    again = site(make_bundle(ward, ("zh-Hans", "en")), DAY)
    write_site(again, tmp_path)

    assert again == files
    written = {f.relative_to(tmp_path).as_posix(): f for f in tmp_path.rglob("*") if f.is_file()}
    assert {path: file.read_bytes() for path, file in written.items()} == files


def test_another_date_is_another_release_and_nothing_else(
    bundle: Bundle, files: dict[str, bytes]
) -> None:
    later = site(bundle, date(2026, 4, 1))

    changed = {path for path in files if later[path] != files[path]}
    assert changed == {"bundle/release.json", "stick/release.json.js"}


def test_the_release_leads_to_the_index_and_carries_its_own_hash(files: dict[str, bytes]) -> None:
    content = files["bundle/release.json"]
    release = json.loads(content)

    index = files[f"bundle/{release['index']['name']}"]
    before, _, _ = content.partition(b',"check":')
    assert (release["format"], release["version"], release["issued"]) == (
        "navkit-release",
        1,
        "2026-03-02",
    )
    assert release["index"]["name"] == f"index-{digest(index)[:16]}.json"
    assert release["index"]["bytes"] == len(index)
    assert release["index"]["sha256"] == digest(index)
    assert index == files["bundle/index.json"]
    assert content == before + b',"check":"%b"}\n' % digest(before).encode()


def test_where_it_is_published_is_data_of_the_page_and_nothing_else(
    bundle: Bundle, files: dict[str, bytes]
) -> None:
    url = "https://maps.hospital.example/"

    other = site(bundle, DAY, url)

    assert files["address.js"] == b'window.navkitAddress = "";\n'
    assert other["address.js"] == f'window.navkitAddress = "{url}";\n'.encode()
    assert {path for path in files if other[path] != files[path]} == {"address.js", "sw.js"}


ROOT_JSON = b'{"signatures":[],"signed":{"_type":"root","version":1}}'


def test_whose_signatures_count_is_data_of_the_page_byte_for_byte(
    bundle: Bundle, files: dict[str, bytes]
) -> None:
    other = site(bundle, DAY, signed=Signed(ROOT_JSON, "renmin"))

    assert files["root.js"] == b"window.navkitRoot = null;\n"
    said = json.loads(other["root.js"].removeprefix(b"window.navkitRoot = ").rstrip(b";\n"))
    assert said == {"text": ROOT_JSON.decode(), "hospital": "renmin", "from": "../.."}
    assert {path for path in files if other[path] != files[path]} == {"root.js", "sw.js"}


def test_libraries_come_with_their_licences_and_are_kept_for_no_network(
    files: dict[str, bytes],
) -> None:
    scripts = [path for path in files if path.startswith("vendor/") and path.endswith(".js")]
    shell = constants(files["sw.js"])["SHELL"]

    assert scripts
    for path in scripts:
        licence = files[path.replace(".js", "-LICENSE.txt")].decode()
        assert re.search(r"\b(MIT|Apache) License\b|\bpublic domain\b", licence)
        assert path in shell
        assert f'src="{path}"' not in files["index.html"].decode(), "not at every start"


def test_every_file_of_the_index_is_there(files: dict[str, bytes]) -> None:
    listed = json.loads(files["bundle/index.json"])["files"]

    assert listed
    for name, entry in listed.items():
        content = files[f"bundle/{name}"]
        assert entry == {"bytes": len(content), "sha256": digest(content)}


def test_the_service_worker_keeps_the_whole_page_and_no_bundle(files: dict[str, bytes]) -> None:
    shell = constants(files["sw.js"])["SHELL"]

    assert {name: digest(files[name]) for name in shell} == shell
    apart = ("bundle/", "stick/", "sw.js")
    assert set(shell) == {path for path in files if not path.startswith(apart)}
    assert {"index.html", "page.js", "vendor/jsQR.js", "icon.svg"} <= set(shell)


NOT_OF_THE_PAGE = {"sw.js", "trace.js"}
"""The worker is a file of its own; walks are recorded and replayed by developers only."""


def as_run(script: Path) -> bytes:
    return without_comments(script.read_text("utf-8")).encode()


def test_the_page_runs_every_script_that_is_meant_for_it_once_and_in_two_files(
    files: dict[str, bytes],
) -> None:
    scripts = {
        file.relative_to(ROOT / "exporter").as_posix(): as_run(file)
        for folder in ("runtime/core", "runtime/client", "runtime/platform", "site/page")
        for file in (ROOT / "exporter" / folder).rglob("*.js")
        if file.name not in NOT_OF_THE_PAGE
        and not file.stem.endswith("-wx")
        and "vendor" not in file.parts
    }

    run = files["page.js"] + files["later.js"]
    assert {name: run.count(content) for name, content in scripts.items()} == dict.fromkeys(
        scripts, 1
    )
    assert {path for path in files if path.endswith(".js") and "/" not in path} == {
        *("address.js", "root.js", "page.js", "later.js", "sw.js")
    }


def test_every_script_of_the_page_comes_after_all_that_it_requires(files: dict[str, bytes]) -> None:
    scripts = scripts_of(ROOT / "exporter" / "site" / "page" / "page.js")
    late = late_scripts_of(scripts)
    needs = {
        script: {
            (script.parent / required).resolve()
            for required in re.findall(r"(?<!=> )require\('(\.[^']*)'\)", script.read_text("utf-8"))
        }
        for script in (*scripts, *late)
    }

    assert len(needs[scripts[-1]]) > 10
    assert {"chunks.js", "steps.js", "voice.js", "position.js"} <= {one.name for one in late}
    for at, script in enumerate((*scripts, *late)):
        assert needs[script] <= {*scripts, *late[: max(0, at - len(scripts))]}, script
        assert script in late or needs[script] <= set(scripts[:at]), script
    for name, some in (("page.js", scripts), ("later.js", late)):
        in_file = [files[name].index(as_run(script)) for script in some]
        assert in_file == sorted(in_file)


WORDS_OF = """
const { tokenizer } = require('acorn'), fs = require('fs');
for (const file of process.argv.slice(1)) {
  const all = [...tokenizer(fs.readFileSync(file, 'utf8'), { ecmaVersion: 2022 })];
  console.log(JSON.stringify(all.map((one) => [one.type.label, String(one.value)])));
}
"""


@pytest.mark.process
def test_only_comments_and_indents_are_left_out_of_what_phones_run(
    files: dict[str, bytes], tmp_path: Path
) -> None:
    scripts = scripts_of(ROOT / "exporter" / "site" / "page" / "page.js")
    both = tmp_path / "written.js", tmp_path / "run.js"
    both[0].write_bytes(
        b"\n".join(one.read_bytes() for one in (*scripts, *late_scripts_of(scripts)))
    )
    both[1].write_bytes(files["page.js"].partition(b"\n")[2] + files["later.js"])

    done = subprocess.run(
        ["node", "-e", WORDS_OF, *map(str, both)],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )

    written, run = done.stdout.splitlines()
    assert written == run
    assert both[1].stat().st_size < 0.8 * both[0].stat().st_size


def test_scripts_that_several_need_run_once_and_first(tmp_path: Path) -> None:
    needs = {"page": ("./app", "./map"), "app": ("./core/text",), "map": ("./core/text",)}
    (tmp_path / "core").mkdir()
    for name in ("page", "app", "map", "core/text"):
        required = "".join(f"require('{one}.js');" for one in needs.get(name, ()))
        (tmp_path / f"{name}.js").write_text(required, encoding="utf-8")

    found = scripts_of(tmp_path / "page.js")

    names = [script.relative_to(tmp_path).as_posix() for script in found]
    assert names == ["core/text.js", "app.js", "map.js", "page.js"]


def test_a_script_takes_as_globals_what_it_requires() -> None:
    """A part that is required and not taken as a global would be absent on a page only."""
    scripts = scripts_of(ROOT / "exporter" / "site" / "page" / "page.js")
    for script in (*scripts, *late_scripts_of(scripts)):
        head = script.read_text("utf-8").partition("'use strict'")[0]
        required = [
            global_of((script.parent / path).resolve())
            for path in re.findall(r"require\('(\.[^']*)'\)", head)
        ]
        taken = re.findall(r"root\.(navkit\w*)(?=[,)]|\n)", head)
        assert taken == required, script.name
        made = re.search(r"root\.(navkit\w*) = ", head)
        assert made is None or made[1] == global_of(script)


def global_of(script: Path) -> str:
    """`client/app/find.js` is `navkitAppFind`: folders of a room count, rooms do not."""
    rooms = {"core", "client", "platform", "page"}
    room = max(at for at, part in enumerate(script.parts) if part in rooms)
    words = "-".join(script.with_suffix("").parts[room + 1 :]).removeprefix("navkit").split("-")
    return "navkit" + "".join(word.title() for word in words)


def test_a_changed_page_is_a_changed_service_worker(
    bundle: Bundle, files: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("exporter.site.site._words", lambda: b"window.navkitWords = {};\n")
        other = site(bundle, DAY)

    versions = {constants(one["sw.js"])["VERSION"] for one in (files, other)}
    assert len(versions) == 2


def test_all_that_the_page_loads_is_in_the_site(files: dict[str, bytes]) -> None:
    page = files["index.html"].decode()

    named = re.findall(r'(?:src|href)="([^"#]+)"', page)
    icons = [icon["src"] for icon in json.loads(files["manifest.webmanifest"])["icons"]]
    assert "page.js" in named
    assert {*named, *icons} <= set(files)


def test_the_page_runs_nothing_that_stands_in_it_and_asks_nobody_else(
    files: dict[str, bytes],
) -> None:
    page = files["index.html"].decode()

    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', page)
    assert policy
    assert "unsafe" not in policy[1]
    assert re.findall(r"\b(?:https?|wss?):", policy[1]) == []
    assert "script-src 'self'" in policy[1] or "default-src 'self'" in policy[1]
    assert re.findall(r"<script(?![^>]*\bsrc=)|<style|\son\w+=|\sstyle=", page) == []


def test_no_file_names_a_host(files: dict[str, bytes]) -> None:
    """But for namespaces of SVG, which are no addresses, and maps of the city, to which links lead
    that people tap; comments and licences are not run."""
    found = set()
    for path, content in files.items():
        if path.endswith((".png", ".mp3", "-LICENSE.txt")):
            continue
        text = re.sub(r"/\*.*?\*/", "", content.decode(), flags=re.DOTALL)
        text = re.sub(r"^\s*(?://|\*).*$", "", text, flags=re.MULTILINE)
        found |= set(re.findall(r"(?:https?:)?//[\w-]+\.[\w.-]+", text))

    linked = {"https://uri.amap.com", "https://apis.map.qq.com"}
    assert found <= {"http://www.w3.org", *linked}


def test_the_stick_has_the_same_bytes_as_scripts(files: dict[str, bytes]) -> None:
    offered = [p.removeprefix("bundle/") for p in files if p.startswith("bundle/")]

    for name in offered:
        if name == "index.json":
            continue  # Asked for by the name of its hash.
        script = files[f"stick/{name}.js"].decode()
        call = re.fullmatch(r"navkitStick\((.+),(.+)\);\n", script)
        assert call
        assert json.loads(call[1]) == name
        assert base64.b64decode(json.loads(call[2])) == files[f"bundle/{name}"]


def test_the_manifest_is_named_after_the_venue(ward: Guide, files: dict[str, bytes]) -> None:
    manifest = json.loads(files["manifest.webmanifest"])

    assert manifest["name"] == ward.venue.names.get("zh-Hans", manifest["name"])
    assert manifest["lang"] == "zh-Hans"
    assert (manifest["start_url"], manifest["scope"]) == ("./", "./")


def test_words_are_those_of_every_language(files: dict[str, bytes]) -> None:
    script = files["page.js"].decode().splitlines()[0]

    words = json.loads(script.removeprefix("window.navkitWords = ").removesuffix(";"))
    assert list(words) == ["zh-Hans", "zh-Hant", "zh-Hant-HK", "en"]


def test_a_new_site_sweeps_the_bundle_before_it_and_nothing_else(
    files: dict[str, bytes], tmp_path: Path
) -> None:
    for path in ("bundle/level-0123456789abcdef.json", "stick/level-0123456789abcdef.json.js"):
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_bytes(b"")
    (tmp_path / "robots.txt").write_bytes(b"")

    write_site(files, tmp_path)

    found = {f.relative_to(tmp_path).as_posix() for f in tmp_path.rglob("*") if f.is_file()}
    assert found == {*files, "robots.txt"}


def test_the_date_is_given_or_the_epochs_or_todays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1772409600")

    assert issue_date("2026-04-01") == date(2026, 4, 1)
    assert issue_date("") == DAY
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    assert abs(issue_date("") - date.today()).days <= 1


# ------------------------------------------------------------------ commands


def run(*words: str | Path, **env: str) -> Result:
    return CliRunner().invoke(main, [str(w) for w in words], env={"NAVKIT_LANG": "en", **env})


@pytest.fixture
def ward_file(ward: Guide, tmp_path: Path) -> Path:
    save(ward.venue, tmp_path / "ward.json")
    return tmp_path / "ward.json"


def test_site_and_export_write_the_same_site(ward_file: Path, tmp_path: Path) -> None:
    url = "https://maps.hospital.example/renmin/"
    tags = ("--lang", "zh-Hans", "--voice", "none", "--issued", "2026-03-02", "--url", url)
    one, other = tmp_path / "one", tmp_path / "other"

    by_site = run("site", ward_file, "-o", one, *tags)
    by_export = run("export", ward_file, "-o", tmp_path / "bundle", "--site", other, *tags)

    assert by_site.exit_code == by_export.exit_code == 0, by_site.output + by_export.output
    names = {f.relative_to(one) for f in one.rglob("*") if f.is_file()}
    assert names == {f.relative_to(other) for f in other.rglob("*") if f.is_file()}
    assert all((one / name).read_bytes() == (other / name).read_bytes() for name in names)
    assert f'"{url}"' in (one / "address.js").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "url",
    [
        "maps.hospital.example",
        "ftp://maps.hospital.example/",
        "https://",
        "https://maps.hospital.example/#a=A101",
        "https://maps.hospital.example/?desk",
        "https://maps.hospital.example/two words/",
        "https://医院.example/",
    ],
)
def test_an_address_that_is_none_says_how_to_write_it(
    url: str, ward_file: Path, tmp_path: Path
) -> None:
    told = run("site", ward_file, "-o", tmp_path / "site", "--voice", "none", "--url", url)

    assert told.exit_code == 2
    assert f"{url}: this is no public address. Write it like" in told.output
    assert "like https://maps.hospital.example/" in told.output
    assert not (tmp_path / "site").exists()


def test_a_site_is_told_whose_signatures_count(ward_file: Path, tmp_path: Path) -> None:
    root = tmp_path / "1.root.json"
    root.write_bytes(ROOT_JSON)
    words = ("site", ward_file, "-o", tmp_path / "site", "--voice", "none", "--lang", "en")

    written = run(*words, "--root", root, "--hospital", "renmin")

    assert written.exit_code == 0, written.output
    assert '"hospital":"renmin"' in (tmp_path / "site" / "root.js").read_text(encoding="utf-8")
    for wrong, says in (
        (("--root", root), "give --root and --hospital together"),
        (("--hospital", "renmin"), "give --root and --hospital together"),
        (("--root", ward_file, "--hospital", "renmin"), "this is no root.json"),
        (("--root", tmp_path / "absent", "--hospital", "renmin"), "this is no root.json"),
    ):
        told = run(*words, *wrong)
        assert told.exit_code == 2
        assert says in told.output


def test_a_date_that_is_none_says_how_to_write_it(ward_file: Path, tmp_path: Path) -> None:
    words = ("site", ward_file, "-o", tmp_path / "site", "--voice", "none")

    given = run(*words, "--issued", "2.3.2026")
    epoch = run(*words, SOURCE_DATE_EPOCH="today")

    assert given.exit_code == epoch.exit_code == 2
    assert "2.3.2026: this is no date. Write it like 2026-03-02" in given.output
    assert "SOURCE_DATE_EPOCH=today: this is no date." in epoch.output
    assert not (tmp_path / "site").exists()


@pytest.mark.parametrize("blocked", ["site", "site/bundle", "site/index.html/x"])
def test_where_nothing_can_be_written_it_says_so(
    blocked: str, ward_file: Path, tmp_path: Path
) -> None:
    obstacle = tmp_path / blocked
    obstacle.parent.mkdir(parents=True, exist_ok=True)
    obstacle.write_bytes(b"")

    result = run("site", ward_file, "-o", tmp_path / "site", "--voice", "none", "--lang", "en")

    assert result.exit_code == 2, result.output
    assert "Traceback" not in result.output
    assert str(tmp_path / "site") in result.output
