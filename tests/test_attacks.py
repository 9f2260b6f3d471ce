"""Hostile files, uploaded through a socket: each is answered with its code, within a time limit."""

import random
from pathlib import Path

import pytest
from bad_files import CLASSES as FORMER
from clinic import House, new_house
from hostile_files import CLASSES
from test_uploads import Case, check, told, upload_all

pytestmark = pytest.mark.process

MOST_S = 90.0
"""For any one of them, from its upload to its answer, three at a time on two processors."""


@pytest.fixture
def house(tmp_path: Path) -> House:
    return new_house(tmp_path / "data").hire()


def cases() -> list[Case]:
    found = [
        Case(f"{kind.replace(' ', '-')}-{number}", kind, title, bad)
        for kind, make in CLASSES.items()
        for number, (title, bad) in enumerate(make().items())
    ]
    random.Random(3).shuffle(found)
    return found


def test_there_are_many_and_none_is_an_old_one() -> None:
    titles = [title for make in CLASSES.values() for title in make()]
    former = {title for make in FORMER.values() for title in make()}

    assert len(titles) == len(set(titles)) >= 60
    assert former.isdisjoint(titles)


@pytest.mark.attacks
def test_what_is_made_to_hurt_is_answered_with_its_code_in_time(house: House) -> None:
    chosen = cases()

    seen = upload_all(house, chosen)

    print(f"\n{told(seen, CLASSES)}")
    check(seen)
    slow = {c.title: a.seconds for c, a in seen.answers.items() if a.seconds > MOST_S}
    assert slow == {}
