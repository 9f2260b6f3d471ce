"""A publication costs what has changed: nothing else is packed or written, and few wait for it."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from clinic import HOSPITAL, House, drawing, new_house

from exporter.site.site import Signed
from server.data import rows
from server.data.turns import Patience
from server.machine.worker import now_ms
from server.press import press, publishing
from server.press.leading import is_hashed
from server.press.press import packed, packed_name

pytestmark = pytest.mark.process


@pytest.fixture
def house(tmp_path: Path) -> House:
    """A clinic that is published, and a build on which one room is for staff now."""
    made = new_house(tmp_path / "data").hire()
    made.publish(made.build())
    made.build(plan=drawing(staff=["1F-03"]))
    return made


def on_disk(house: House) -> dict[str, tuple[bytes, int]]:
    """By path in the public folder what phones read, and of when it is."""
    public = house.settings.press.public
    files = (file for file in public.rglob("*") if file.is_file())
    return {
        file.relative_to(public).as_posix(): (file.read_bytes(), file.stat().st_mtime_ns)
        for file in files
    }


def test_of_a_second_publication_only_what_has_changed_is_packed_and_written(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, counted = on_disk(house), list[bytes]()
    monkeypatch.setattr(press, "packed", lambda content: counted.append(content) or packed(content))

    house.publish(2)

    after = on_disk(house)
    same = [path for path in after if path in before and before[path][0] == after[path][0]]
    changed = [path for path in after if path not in same]
    assert sorted(counted) == sorted(after[path][0] for path in changed if packed_name(path))
    assert [path for path in same if before[path][1] != after[path][1]] == []
    assert 0 < len(counted) < len([path for path in after if packed_name(path)]) / 2


def test_what_is_published_again_is_neither_packed_nor_written(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, counted = on_disk(house), list[bytes]()
    monkeypatch.setattr(press, "packed", lambda content: counted.append(content) or packed(content))

    publishing.write(house.rows, house.settings.press, now_ms(), HOSPITAL)

    assert counted == []
    assert on_disk(house) == before


def test_the_page_is_made_once_a_publication(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    made, pages = list[date](), publishing.pages

    def counting(index: bytes, issued: date, url: str, signed: Signed | None) -> dict[str, bytes]:
        made.append(issued)
        return pages(index, issued, url, signed)

    monkeypatch.setattr(publishing, "pages", counting)

    house.publish(2)

    assert len(made) == 1


def test_others_write_while_a_publication_is_packed(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who closes a lift at that moment waits for the pointers alone, which are small."""
    other = rows.connect(house.settings.address, Patience(wait_s=0.05))
    kept_waiting = list[bytes]()

    def looking(content: bytes) -> bytes:
        try:
            with other.write():
                pass
        except Exception:
            kept_waiting.append(content)
        return packed(content)

    monkeypatch.setattr(press, "packed", looking)

    house.publish(2)

    other.close()
    leading = {content for path, (content, _) in on_disk(house).items() if not is_hashed(path)}
    assert len(kept_waiting) < 5
    assert set(kept_waiting) <= leading


def test_what_was_swept_in_between_is_written_all_the_same(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready = publishing._ready

    def swept(*given: Any) -> publishing.Ready:
        found = ready(*given)
        for path in found.there:
            (house.settings.press.public / path).unlink(missing_ok=True)
        monkeypatch.setattr(publishing, "_ready", ready)
        return found

    monkeypatch.setattr(publishing, "_ready", swept)

    house.publish(2)

    named = publishing.named_of(house.job(2).result)
    assert {f"h/{HOSPITAL}/bundle/{name}" for name in named} <= set(on_disk(house))
