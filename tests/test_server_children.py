"""What runs beside the server is ours, wherever the server was begun, and is told no secret."""

from pathlib import Path

import pytest

from server.builds import beside, children, merging


def test_a_folder_called_server_where_the_server_was_begun_is_not_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "server").mkdir()
    (tmp_path / "server" / "__init__.py").write_text("raise SystemExit('not ours')\n")
    monkeypatch.chdir(tmp_path)
    rows = 10_000
    table = "编号,名称,房间\n" + "".join(f"r{n},内科{n},{n}\n" for n in range(rows))
    assert len(table.encode()) > beside.SMALL_BYTES

    assert beside.do(merging.count, "directory", table.encode()) == rows


def test_no_secret_of_the_server_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NAVKIT_ADMIN_PASSWORD", "geheim")
    monkeypatch.setenv("NAVKIT_DATABASE", "postgresql://navkit:geheim@127.0.0.1/navkit")

    assert not any("geheim" in value for value in children.environment().values())
