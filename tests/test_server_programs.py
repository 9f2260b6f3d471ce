"""Programs keep what a map is made of: the directory, files, builds, findings and reports."""

from io import BytesIO
from typing import Any

import pytest
from clinic import DIRECTORY, HOSPITAL, PASSWORD, House, deed, drawing, new_house

from server.builds import drafts
from server.machine.worker import now_ms
from server.press import reports
from server.staff import people
from server.staff.tokens import add as add_token

API = f"/api/v1/hospitals/{HOSPITAL}"
ROW = {"name": "心内科", "name_en": "Cardiology", "rooms": "101", "hours": "Mo-Fr 08:00-17:00",
       "aliases": "看心脏"}  # fmt: skip

pytestmark = pytest.mark.process


class Program:
    """Somebody's program, by a token."""

    def __init__(self, house: House, name: str) -> None:
        secret = people.sign_in(house.rows, now_ms(), name, PASSWORD, "::1")
        who = people.signed_in(house.rows, now_ms(), secret)
        assert who
        token = add_token(deed(house.rows, now_ms(), who), "program")
        self._client = house.app.test_client()
        self._headers = {"Authorization": f"Bearer {token}"}

    def ask(self, method: str, path: str, **said: Any) -> tuple[int, Any]:
        answer = self._client.open(f"{API}{path}", method=method, headers=self._headers, **said)
        return answer.status_code, answer.get_json(silent=True)

    def put(self, path: str, content: bytes) -> tuple[int, Any]:
        kind = "multipart/form-data"
        return self.ask("PUT", path, data={"file": (BytesIO(content), "x")}, content_type=kind)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    made = new_house(tmp_path_factory.mktemp("programs") / "data").hire()
    made.clerk("editor").upload("directory", "d.csv", DIRECTORY)
    return made


def test_rows_are_read_changed_added_and_removed_with_the_version_that_was_seen(
    house: House,
) -> None:
    editor = Program(house, "editor")
    _, said = editor.ask("GET", "/directory")
    assert said["rows"][0] == {"number": 0, "cells": ROW}
    assert [column["field"] for column in said["columns"]] == list(ROW)
    version = said["version"]

    change = {"version": version, "cells": {"rooms": "102"}}
    status, said = editor.ask("PUT", "/directory/rows/0", json=change)
    assert (status, said["row"]["cells"]) == (200, {**ROW, "rooms": "102"})
    # Another one who saw the older version: of the same row refused, of another row not.
    assert editor.ask("PUT", "/directory/rows/0", json=change)[0] == 409
    other = {"version": version, "cells": {"aliases": "看眼睛"}}
    assert editor.ask("PUT", "/directory/rows/1", json=other)[0] == 200
    status, said = editor.ask("POST", "/directory/rows", json={"cells": {"name": "骨科"}})
    assert (status, said["code"]) == (400, "directory-row-incomplete")
    added = {"cells": {"name": "骨科", "rooms": "103"}}
    status, said = editor.ask("POST", "/directory/rows", json=added)
    assert (status, said["row"]["number"]) == (201, 2)
    assert editor.ask("DELETE", f"/directory/rows/2?version={said['version']}")[0] == 204
    assert editor.ask("DELETE", f"/directory/rows/2?version={said['version']}")[0] == 409
    _, said = editor.ask("GET", "/directory")
    assert said["count"] == 2
    _, said = editor.ask("GET", f"/directory?version={version}&first=1&most=1")
    assert [row["number"] for row in said["rows"]] == [1] and said["next"] is None
    assert editor.ask("POST", "/directory/rows", json={"cells": {"nonsense": "x"}})[0] == 400
    viewer = Program(house, "viewer")
    assert viewer.ask("GET", "/directory")[0] == 200
    assert viewer.ask("POST", "/directory/rows", json=added)[0] == 403


def test_a_drawing_is_put_in_built_and_its_findings_are_read(house: House) -> None:
    editor = Program(house, "editor")
    path = "/sources/drawing/plan.geojson"
    status, said = editor.put(path, drawing(whole=False))
    assert (status, said["source"]["version"]) == (201, 1)
    assert editor.put(path, drawing())[0] == 409, "it does not name the version that it saw"
    assert editor.put(f"{path}?version=1", drawing(whole=False, staff=["1F-02"]))[0] == 201
    assert editor.put("/sources/drawing/plan.exe", b"x")[0] == 400
    assert editor.put("/sources/nothing/plan.geojson", b"x")[0] == 400
    _, said = editor.ask("GET", f"{path}/versions")
    assert [one["version"] for one in said] == [2, 1]
    assert {one["name"] for one in editor.ask("GET", "/sources")[1]} == {
        "plan.geojson", drafts.DIRECTORY,
    }  # fmt: skip
    answer = editor._client.get(f"{API}{path}?version=1", headers=editor._headers, buffered=True)
    assert answer.data == drawing(whole=False)

    status, made = editor.ask("POST", "/builds")
    assert (status, made["state"]) == (202, "waiting")
    assert editor.ask("POST", "/builds")[1]["id"] == made["id"]
    house.work()
    _, said = editor.ask("GET", f"/builds/{made['id']}")
    assert (said["state"], said["refusal"]) == ("done", None)
    assert editor.ask("GET", "/builds")[1][0]["id"] == made["id"]

    _, whole = editor.ask("GET", f"/builds/{made['id']}/findings?language=zh-Hans")
    assert whole["count"] == len(whole["findings"]) > 2 and whole["next"] is None
    pages = [
        editor.ask("GET", f"/builds/{made['id']}/findings?language=zh-Hans&first={n}&most=2")[1]
        for n in range(0, whole["count"], 2)
    ]
    assert [one for page in pages for one in page["findings"]] == whole["findings"]
    assert [page["next"] for page in pages][-1] is None
    first = whole["findings"][0]
    _, some = editor.ask("GET", f"/builds/{made['id']}/findings?code={first['code']}")
    assert {one["code"] for one in some["findings"]} == {first["code"]}
    assert editor.ask("GET", f"/builds/{made['id']}/findings?language=xx")[0] == 400
    assert editor.ask("DELETE", f"{path}?version=1")[0] == 409
    assert editor.ask("DELETE", f"{path}?version=2")[0] == 204
    assert editor.ask("DELETE", f"{path}?version=2")[0] == 404


def test_reports_are_read_and_settled(house: House) -> None:
    report = {"id": "a" * 32, "bundle": "0", "level": "1F", "from": [1, 2], "to": [3, 4],
              "text": "右转。", "language": "zh-Hans", "profile": "walk"}  # fmt: skip
    reports.add(house.rows, now_ms(), HOSPITAL, report)
    editor = Program(house, "editor")
    (said,) = editor.ask("GET", "/reports")[1]
    assert {name: said[name] for name in report} == report

    assert editor.ask("POST", f"/reports/{report['id']}/settle")[0] == 204
    assert editor.ask("POST", f"/reports/{report['id']}/settle")[0] == 409
    assert editor.ask("GET", "/reports")[1] == []
