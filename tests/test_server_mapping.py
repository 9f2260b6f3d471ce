"""The form that says what the layers of drawings are: it writes the mapping beside them."""

import html
import re
import tomllib
from pathlib import Path
from typing import Any

import drawn_svg as vector
import pytest
from browsing import Browser
from clinic import HOSPITAL, House, new_house
from conftest import REST
from drawn_pictures import file_of, painted
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import sync_playwright
from served import beside
from test_server_pages import CHROMIUM, barriers, opened, sign_in

from floorplans.limits import LIMITS
from floorplans.mapping import MAPPING, as_toml, toml_in
from floorplans.sheet import Sheet
from navkit.words.languages import words
from server.builds import drafts

pytestmark = pytest.mark.process
BASE = f"/hospitals/{HOSPITAL}"
ROLES = {"alpha": "room", "beta": "wall", "gamma": "door", "delta": "label"}


def strange() -> bytes:
    """The ward, on layers that nobody knows."""
    drawn = "".join(vector.ward())
    for name, layer in zip(("rooms", "walls", "doors", "labels"), ROLES, strict=True):
        drawn = drawn.replace(f'id="{name}"', f'id="{layer}"')
    return vector.svg(drawn)


@pytest.fixture
def house(tmp_path: Path) -> House:
    """A hospital with a drawing on layers that nobody knows."""
    found = new_house(tmp_path / "data").hire()
    found.clerk("editor").upload("drawing", "east.svg", strange())
    return found


@pytest.fixture
def browser(house: House) -> Browser:
    return Browser(house.clerk("editor"))


MORE = {"layers": ROLES | {"older": "ignored"}, "pictures": {"2F.png": {"over": "1F.png"}}}


def said_before(browser: Browser, content: bytes = as_toml(MORE).encode()) -> None:
    """Somebody has uploaded a picture and a mapping."""
    browser.clerk.upload("drawing", "2F.png", file_of(painted(), "PNG"))
    browser.clerk.upload("drawing", MAPPING, content)


def mapping(house: House) -> dict[str, Any]:
    """What is stored beside the drawings."""
    kept = drafts.latest(house.rows, HOSPITAL, "drawing", MAPPING)
    return tomllib.loads(house.settings.press.files.read(kept.sha256).decode())


def group(layer: str) -> str:
    """The group of a drawing whose paths of one colour are a layer."""
    return layer.partition("/")[0]


def test_layers_that_nobody_knows_are_told_by_a_form_and_built(
    house: House, browser: Browser
) -> None:
    failed = browser.send(browser.get(BASE).form(ends="/builds"))
    house.work()
    link = next(one for one in browser.get(failed.path).links if one.to.endswith("/mapping"))

    page = browser.get(link.to)

    form = page.form(ends="/mapping")
    assert sorted(map(group, form.fields["layer"])) == sorted(ROLES)
    assert "5 个面" in page.html and page.html.count("<path class=") > len(ROLES)
    assert form.fields["file"] == ["east.svg"]
    roles = {layer: ROLES[group(layer)] for layer in form.fields["layer"]}
    built = browser.send(form, role=[*roles.values()], label=["1F"], ordinal=["0"], unit="")
    house.work()
    assert mapping(house) == {
        "layers": roles,
        "files": {"east.svg": {"level": "1F", "ordinal": 0}},
    }
    assert "101" in browser.get(built.path + "/levels/0").html


def test_what_is_said_is_shown_again_and_the_rest_of_the_mapping_stays(
    house: House, browser: Browser
) -> None:
    said_before(browser)

    page = browser.get(f"{BASE}/mapping")
    form = page.form(ends="/mapping")
    shown = zip(form.fields["layer"], form.fields["role"], strict=True)
    assert {group(layer): role for layer, role in shown} == ROLES
    assert (form.fields["label"], form.fields["ordinal"]) == (["", "2F"], ["", "1"])
    browser.send(form, scale=["0,05"], unit="mm")

    said = mapping(house)
    assert said["unit"] == "mm" and said["layers"]["older"] == "ignored"
    assert said["pictures"] == {"2F.png": {"over": "1F.png", "scale": 0.05}}


REFUSED = {
    "not-a-number": {"ordinal": ["ground"], "label": ["1F"]},
    "form-empty": {"label": [""], "ordinal": ["1"]},
    "mapping-unit-unknown": {"unit": "ell"},
    "mapping-picture-wrong": {"scale": ["-3"]},
}


def test_what_no_build_could_use_is_refused_in_words(house: House, browser: Browser) -> None:
    said_before(browser)
    row = {"file": ["east.svg"], "use": [""], "label": ["1F"], "ordinal": ["0"]}
    for code, said in REFUSED.items():
        sent = {**row, "picture": ["2F.png"], "scale": ["0.05"], **said}
        answer = browser.clerk.post(f"{BASE}/mapping", **sent)

        told = re.split(r"\{\w+\}", words("zh-Hans", "findings")[code])
        assert answer.status_code == 400, code
        assert all(part in html.unescape(answer.text) for part in told), code
        assert mapping(house) == MORE, code


def test_a_broken_mapping_is_said_and_replaced(house: House, browser: Browser) -> None:
    said_before(browser, b"[layers")

    page = browser.get(f"{BASE}/mapping")

    assert 'role="alert"' in page.html
    form = page.form(ends="/mapping")
    browser.send(form, role=[ROLES[group(layer)] for layer in form.fields["layer"]])
    assert {group(layer): role for layer, role in mapping(house)["layers"].items()} == ROLES


TEXTS = st.text(st.characters(blacklist_categories=["Cs"]), max_size=8)
VALUES = st.one_of(TEXTS, st.integers(-(2**53), 2**53), st.floats(-1e9, 1e9), st.booleans())
ROWS = st.dictionaries(TEXTS, st.one_of(VALUES, st.lists(st.floats(0, 9), max_size=3)), max_size=3)


@given(st.dictionaries(TEXTS, st.one_of(VALUES, st.dictionaries(TEXTS, st.one_of(VALUES, ROWS)))))
def test_what_is_written_is_read_back(said: dict[str, Any]) -> None:
    assert toml_in(Sheet(MAPPING, as_toml(said).encode(), LIMITS)) == said


@REST
@pytest.mark.skipif(not CHROMIUM, reason="chromium is not installed")
def test_nothing_on_the_form_stands_in_anybodys_way(house: House, browser: Browser) -> None:
    said_before(browser)
    assert browser.get(f"{BASE}/mapping").form(ends="/mapping").fields["layer"]
    with sync_playwright() as playwright, beside(house.app) as url:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for width in (375, 1280):
            page = opened(chromium, width)
            sign_in(page, url, "editor")
            page.goto(f"{url}{BASE}/mapping")
            assert barriers(page, "mapping-form") == []
        chromium.close()
