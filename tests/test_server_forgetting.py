"""Personal data with a retention time is deleted by the clock, without any visitor."""

from collections.abc import Callable
from pathlib import Path

import pytest
from clinic import HOSPITAL, House, new_house
from test_server_reports import SAID

from server import serving
from server.machine.worker import now_ms
from server.press import reports
from server.staff import people, sessions


@pytest.fixture
def house(tmp_path: Path) -> House:
    return new_house(tmp_path / "data").hire()


def test_a_running_server_forgets_in_time_and_not_before(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    acts: dict[str, Callable[[], float]] = {}
    monkeypatch.setattr(serving, "_again_and_again", acts.__setitem__)
    now, hour_ms = now_ms(), 3600_000
    ages_ms = {"a" * 32: reports.KEPT_MS + hour_ms, "b" * 32: reports.KEPT_MS - 2 * hour_ms}
    for id_, age_ms in ages_ms.items():
        reports.add(house.rows, now - age_ms, HOSPITAL, {**SAID, "id": id_})
    people.count_try(house.rows, now - people.TRIES_MS - 1, "old", "192.0.2.1")
    with house.rows.write():
        for seen_ms in (now - sessions.IDLE_MS - 1, now):
            house.rows.run(
                "INSERT INTO sessions (hash, person, made_ms, seen_ms) VALUES (?, 1, ?, ?)",
                *(str(seen_ms), seen_ms, seen_ms),
            )
    serving.keeper(house.settings)

    assert acts["forget"]() == serving.HOUR_S

    left = {table: house.rows.all(f"SELECT * FROM {table}") for table in ("reports", "sessions")}
    assert [row["id"] for row in left["reports"]] == ["b" * 32]
    assert [row["hash"] for row in left["sessions"]] == [str(now)]
    assert house.rows.all("SELECT * FROM tries") == []
