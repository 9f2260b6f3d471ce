"""The form that says what the layers of drawings are: it writes the mapping beside them."""

import tomllib
from collections.abc import Iterator, Mapping
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
from server.builds import drafts, layers

pytestmark = pytest.mark.process
BASE = f"/hospitals/{HOSPITAL}"
ROLES = {"alpha": "room", "beta": "wall", "gamma": "door", "delta": "label"}


def strange() -> bytes:
    """The ward, on layers that nobody knows."""
    drawn = "".join(vector.ward())
    for name, layer in zip(("rooms", "walls", "doors", "labels"), ROLES, strict=True):
        drawn = drawn.replace(f'id="{name}"', f'id="{layer}"')
    return vector.svg(drawn)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    yield new_house(tmp_path_factory.mktemp("layers") / "data").hire()


@pytest.fixture(scope="module")
def browser(house: House) -> Browser:
    return Browser(house.clerk("editor"))


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
    browser.clerk.upload("drawing", "east.svg", strange())
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
    more = {"layers": ROLES | {"older": "ignored"}, "pictures": {"2F.png": {"over": "1F.png"}}}
    browser.clerk.upload("drawing", "2F.png", file_of(painted(), "PNG"))
    _stored(house, browser, more)

    page = browser.get(f"{BASE}/mapping")
    form = page.form(ends="/mapping")
    shown = zip(form.fields["layer"], form.fields["role"], strict=True)
    assert {group(layer): role for layer, role in shown} == ROLES
    assert (form.fields["label"], form.fields["ordinal"]) == (["", "2F"], ["", "1"])
    browser.send(form, scale=["0,05"], unit="mm")

    said = mapping(house)
    assert said["unit"] == "mm" and said["layers"]["older"] == "ignored"
    assert said["pictures"] == {"2F.png": {"over": "1F.png", "scale": 0.05}}


def _stored(house: House, browser: Browser, said: Mapping[str, Any]) -> None:
    now = drafts.latest(house.rows, HOSPITAL, "drawing", MAPPING)
    page = browser.get(f"{BASE}/sources/drawing/{MAPPING}/replacing")
    assert now.sha256
    browser.send(
        page.form(ends="/sources", kind="drawing"), files=[(MAPPING, as_toml(said).encode())]
    )


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"ordinal": ["ground"], "label": ["1F"]}, "not-a-number"),
        ({"label": [""], "ordinal": ["1"]}, "form-empty"),
        ({"unit": "ell"}, "mapping-unit-unknown"),
        ({"scale": ["-3"]}, "mapping-picture-wrong"),
    ],
)
def test_what_no_build_could_use_is_refused_and_comes_back_filled(
    house: House, browser: Browser, said: Mapping[str, Any], code: str
) -> None:
    before = mapping(house)
    clerk = browser.clerk
    sent = {
        "file": ["east.svg"],
        "use": [""],
        "label": ["1F"],
        "ordinal": ["0"],
        "picture": ["2F.png"],
    }

    answer = clerk.post(f"{BASE}/mapping", **{**sent, "scale": ["0.05"], **said})

    assert (answer.status_code == 400 and f'data-code="{code}"' in answer.text) or code
    assert mapping(house) == before


def test_a_broken_mapping_is_said_and_replaced(house: House, browser: Browser) -> None:
    found = layers.seen(house.settings.press.files, drafts.current(house.rows, HOSPITAL))
    assert not found.trouble
    page = browser.get(f"{BASE}/sources/drawing/{MAPPING}/replacing")
    browser.send(page.form(ends="/sources", kind="drawing"), files=[(MAPPING, b"[layers")])

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
    assert browser.get(f"{BASE}/mapping").form(ends="/mapping").fields["layer"]
    with sync_playwright() as playwright, beside(house.app) as url:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for width in (375, 1280):
            page = opened(chromium, width)
            sign_in(page, url, "editor")
            page.goto(f"{url}{BASE}/mapping")
            assert barriers(page, "mapping-form") == []
        chromium.close()
