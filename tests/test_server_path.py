"""The whole way: somebody starts a server, uploads, builds, publishes, and a phone reads."""

import json
from pathlib import Path

import pytest
from clinic import HOSPITAL, House, new_house

from navkit.words.languages import languages
from server import serving
from server.staff import people

pytestmark = pytest.mark.process


@pytest.fixture
def house(tmp_path: Path) -> House:
    return new_house(tmp_path / "data").hire()


def test_from_the_first_start_to_a_closed_lift(tmp_path: Path) -> None:
    house = new_house(tmp_path / "data")
    assert serving.first_start(house.settings, lambda: "open sesame 1")
    assert not serving.first_start(house.settings, lambda: "another one 2")
    admin = house.clerk("admin", "open sesame 1")
    admin.post("/hospitals", id=HOSPITAL, timezone="Asia/Shanghai", **{"name-zh-Hans": "小诊所"})
    for name in ("editor", "second", "desk"):
        role = "duty-desk" if name == "desk" else "editor"
        admin.post("/people", name=name, password="correct horse 7", role=role)

    job = house.build()
    page = house.clerk("editor").get(f"/hospitals/{HOSPITAL}/builds/{job}").get_data(as_text=True)
    assert house.job(job).state == "done", house.job(job).result
    assert "心内科" in page
    house.publish(job)

    phone = house.clerk()
    assert b"<title>navkit</title>" in phone.get(f"/h/{HOSPITAL}/").data
    release = json.loads(phone.get(f"/h/{HOSPITAL}/bundle/release.json").data)
    index = phone.get(f"/h/{HOSPITAL}/bundle/{release['index']['name']}")
    assert index.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    for name, said in json.loads(index.data)["files"].items():
        assert len(phone.get(f"/h/{HOSPITAL}/bundle/{name}").data) == said["bytes"]

    house.clerk("desk").post(f"/hospitals/{HOSPITAL}/desk/L", because="out-of-order")

    closures = json.loads(phone.get(f"/h/{HOSPITAL}/closures.json").data)
    assert [one["target"] for one in closures["closures"]] == ["L"]
    assert set(closures["closures"][0]["reason"]) == set(languages())
    assert people.everyone(house.rows)
