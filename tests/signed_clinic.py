"""The small clinic, whose keys were made before anything was published."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

from clinic import HOSPITAL, PHRASE, House, new_house
from tuf.ngclient import Updater

from server.press import publishing, trust

BASE = f"/hospitals/{HOSPITAL}"
__all__ = ["BASE", "PHRASE", "Phone", "decide", "fetched", "new_signed_house", "propose"]


def new_signed_house(folder: Path) -> House:
    """In `folder`: the data folder `data`, and the root's key in `envelope`."""
    return new_house(folder / "data").hire().with_keys(folder / "envelope")


def propose(house: House, job: int) -> int:
    editor = house.clerk("editor")
    page = editor.get(f"{BASE}/builds/{job}").text
    ticks = ["errors", "lost-places", "lost-ways", "opened"]
    editor.post(f"{BASE}/builds/{job}/propose", seen=[t for t in ticks if f'value="{t}"' in page])
    return int(publishing.history(house.rows, HOSPITAL)[0]["id"])


def decide(house: House, publication: int, passphrase: str) -> int:
    second = house.clerk("second")
    answer = second.post(
        f"{BASE}/publications/{publication}",
        decision="yes",
        seen=["errors", "lost-places", "lost-ways", "opened"],
        passphrase=passphrase,
    )
    return answer.status_code


@dataclass
class Phone:
    """python-tuf's own client, which was given the first root alone. It reads by http."""

    folder: Path
    root: bytes

    def look(self, address: str) -> tuple[bytes, list[str]]:
        """Map and closures, verified; and every file that the map leads to is there, whole."""
        (self.folder / "targets").mkdir(parents=True, exist_ok=True)
        updater = Updater(
            str(self.folder / "metadata"),
            f"{address}metadata/",
            str(self.folder / "targets"),
            address,
            bootstrap=self.root,
        )
        updater.refresh()
        release, closures = (
            self._target(updater, path)
            for path in (trust.map_path(HOSPITAL), trust.closures_path(HOSPITAL))
        )
        bundle = f"{address}h/{HOSPITAL}/bundle/"
        said = json.loads(release)["index"]
        index = _verified(bundle, said["name"], said["sha256"])
        for name, part in json.loads(index)["files"].items():
            _verified(bundle, name, part["sha256"])
        return release, [one["target"] for one in json.loads(closures)["closures"]]

    def _target(self, updater: Updater, path: str) -> bytes:
        found = updater.get_targetinfo(path)
        assert found, path
        return Path(updater.download_target(found)).read_bytes()


def _verified(bundle: str, name: str, sha256: str) -> bytes:
    content = fetched(bundle + name)
    assert hashlib.sha256(content).hexdigest() == sha256, name
    return content


def fetched(url: str) -> bytes:
    """The content at an address."""
    with urlopen(url) as answer:
        content: bytes = answer.read()
    return content
