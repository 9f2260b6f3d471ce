"""The cases of TUF's public conformance suite, by their names, on the phone's client.

The suite (theupdateframework/tuf-conformance) drives a program with a command line that
stores files; a phone's client is neither, so its cases are rewritten: some in
`test_trust_attacks.py`, the others here. In each case python-tuf's client sees the same bytes.
`DIFFERS` says where the phone's client answers differently, and why.
"""

from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import pytest

pytest.importorskip("tuf", reason="navkit[server] is not installed")

from forging import DAY, NOW, PATHS, Forge, Step, key
from phones import NODE, Seen, javascript_phones, python_phone
from securesystemslib.signer import CryptoSigner
from test_trust_attacks import CASES as ATTACKS
from test_trust_attacks import FINE, Case, Story, rewrite
from tuf.api.metadata import Delegations, TargetFile, Targets

pytestmark = [pytest.mark.process, pytest.mark.skipif(not NODE, reason="node is not installed")]

CASES: list[Case] = []
MAP = PATHS["renmin-map"]


def told(name: str, story: Story, reason: str = FINE, *, hashes: bool = True) -> None:
    CASES.append(Case(name, reason, story, {"hashes": hashes}))


# ------------------------------------------------------------------ keys and thresholds


@dataclass(frozen=True)
class Signed:
    """Keys of a role by number, how many of them must sign, and which keys have."""

    keys: Sequence[int]
    threshold: int
    signatures: Sequence[int]


FIVE = (0, 1, 2, 3, 4)
ONE_OTHER = (0, 1, 3, 4, 5)
FIVE_OTHERS = (5, 6, 7, 8, 9)

ROOTS: dict[str, tuple[bool, list[Signed]]] = {
    "1-of-1-key-rotation": (
        True,
        [Signed([1], 1, [1]), Signed([2], 1, [2, 1]), Signed([2], 1, [2])],
    ),
    "1-of-1-key-rotation-unused-signatures": (
        True,
        [Signed([1], 1, [3, 1, 4]), Signed([2], 1, [3, 2, 1, 4]), Signed([2], 1, [3, 2, 4])],
    ),
    "3-of-5-sign-with-different-keycombos": (
        True,
        [Signed(FIVE, 3, by) for by in ([0, 2, 4], [0, 4, 1], [0, 1, 3], [0, 1, 3])],
    ),
    "3-of-5-one-key-rotated": (
        True,
        [Signed(FIVE, 3, [0, 2, 4]), Signed(ONE_OTHER, 3, [0, 4, 1])],
    ),
    "3-of-5-one-key-rotated-with-intermediate-step": (
        True,
        [
            Signed(FIVE, 3, [0, 2, 4]),
            Signed(ONE_OTHER, 3, [0, 2, 4, 5]),
            Signed(ONE_OTHER, 3, [0, 4, 5]),
        ],
    ),
    "3-of-5-all-keys-rotated-with-intermediate-step": (
        True,
        [
            Signed(FIVE, 3, [0, 2, 4]),
            Signed(FIVE_OTHERS, 3, [0, 2, 4, 5, 6, 7]),
            Signed(FIVE_OTHERS, 3, [5, 6, 7]),
        ],
    ),
    "1-of-3-threshold-increase-to-2-of-3": (
        True,
        [Signed([1, 2, 3], 1, [1]), Signed([1, 2, 3], 2, [1, 2])],
    ),
    "2-of-3-threshold-decrease-to-1-of-3": (
        True,
        [
            Signed([1, 2, 3], 2, [1, 2]),
            Signed([1, 2, 3], 1, [1, 2]),
            Signed([1, 2, 3], 1, [1]),
        ],
    ),
    "1-of-2-threshold-increase-to-2-of-2": (
        True,
        [Signed([1], 1, [1]), Signed([1, 2], 2, [1, 2])],
    ),
    "1-of-1-key-rotation-fail-not-signed-with-old-key": (
        False,
        [Signed([1], 1, [1]), Signed([2], 1, [2, 3, 4])],
    ),
    "1-of-1-key-rotation-fail-not-signed-with-new-key": (
        False,
        [Signed([1], 1, [1]), Signed([2], 1, [1, 3, 4])],
    ),
    "3-of-5-one-key-rotate-fails-not-signed-with-3-new-keys": (
        False,
        [Signed(FIVE, 3, [0, 2, 4]), Signed(ONE_OTHER, 3, [0, 2, 4])],
    ),
    "3-of-5-one-key-rotate-fails-not-signed-with-3-old-keys": (
        False,
        [Signed(FIVE, 3, [0, 2, 4]), Signed(ONE_OTHER, 3, [0, 4, 5])],
    ),
    "1-of-3-threshold-bump-to-2-of-3-fails-new-threshold-not-reached": (
        False,
        [Signed([1, 2, 3], 1, [1]), Signed([1, 2, 3], 2, [2])],
    ),
    "2-of-3-threshold-decr-to-1-of-3-fails-old-threshold-not-eached": (
        False,
        [Signed([1, 2, 3], 2, [1, 2]), Signed([1, 2, 3], 1, [1])],
    ),
}

OTHERS: dict[str, tuple[bool, Signed]] = {
    "1-of-1-key-rotation": (True, Signed([2], 1, [2])),
    "1-of-1-key-rotation-unused-signatures": (True, Signed([1], 1, [3, 1, 4])),
    "1-of-1-key-rotation-fail-not-signed-with-new-key": (False, Signed([2], 1, [1, 3, 4])),
    "3-of-5-one-key-signature-wrong-not-signed-with-3-expected-keys": (
        False,
        Signed(ONE_OTHER, 3, [0, 2, 4]),
    ),
    "2-of-5-one-key-signature-mising-threshold-not-reached": (
        False,
        Signed(ONE_OTHER, 3, [0, 4]),
    ),
    "3-of-5-sign-first-combo": (True, Signed(FIVE, 3, [0, 2, 4])),
    "3-of-5-sign-second-combo": (True, Signed(FIVE, 3, [0, 4, 1])),
    "3-of-5-sign-third-combo": (True, Signed(FIVE, 3, [0, 1, 3])),
    "3-of-5-sign-fourth-combo": (True, Signed(FIVE, 3, [1, 2, 3])),
    "3-of-5-sign-fifth-combo": (True, Signed(FIVE, 3, [2, 3, 4])),
}


def entrust(forge: Forge, role: str, how: Signed) -> None:
    """What the root says of a role from now on."""
    root = forge.signed["root"]
    for keyid in list(root.roles[role].keyids):
        root.revoke_key(keyid, role)
    for number in how.keys:
        root.add_key(key(f"{role} {number}").public_key, role)
    root.roles[role].threshold = how.threshold
    forge.signers[role] = [key(f"{role} {number}") for number in how.signatures]


def root_story(versions: Sequence[Signed]) -> Story:
    def story(forge: Forge) -> Iterator[Step]:
        for number, how in enumerate(versions, start=1):
            entrust(forge, "root", how)
            forge.signed["root"].version = number
            forge.write("root")
        forge.first_root = forge.files["metadata/1.root.json"]
        yield forge.step()

    return story


def other_story(role: str, how: Signed) -> Story:
    def story(forge: Forge) -> Iterator[Step]:
        yield forge.step()
        entrust(forge, role, how)
        forge.next_root()
        forge.publish("targets")
        yield forge.step()

    return story


for title, (fine, versions) in ROOTS.items():
    told(f"test_root_rotation[{title}]", root_story(versions), FINE if fine else "unsigned")
for title, (fine, how) in OTHERS.items():
    for role in ("timestamp", "snapshot", "targets"):
        told(
            f"test_non_root_rotations[{title}]: {role}",
            other_story(role, how),
            FINE if fine else "unsigned",
        )


# ------------------------------------------------------------------------- delegations

ALL = "h/renmin/map/*"
NONE = "h/renmin/map/*.py"


@dataclass(frozen=True)
class Left:
    """That one role leaves targets to another."""

    by: str
    to: str
    path: str = ALL
    terminating: bool = False


GRAPHS: dict[str, tuple[str, list[Left]]] = {
    "basic-delegation": ("A", [Left("targets", "A")]),
    "single-level-delegations": ("AB", [Left("targets", "A"), Left("targets", "B")]),
    "two-level-delegations": (
        "ABC",
        [Left("targets", "A"), Left("targets", "B"), Left("B", "C")],
    ),
    "two-level-test-DFS-order-of-traversal": (
        "ACDB",
        [Left("targets", "A"), Left("targets", "B"), Left("A", "C"), Left("A", "D")],
    ),
    "three-level-delegation-test-DFS-order-of-traversal": (
        "ACDB",
        [Left("targets", "A"), Left("targets", "B"), Left("A", "C"), Left("C", "D")],
    ),
    "two-level-terminating-ignores-all-but-roles-descendants": (
        "AC",
        [
            Left("targets", "A"),
            Left("targets", "B"),
            Left("A", "C", terminating=True),
            Left("A", "D"),
        ],
    ),
    "three-level-terminating-ignores-all-but-roles-descendants": (
        "ACD",
        [
            Left("targets", "A"),
            Left("targets", "B"),
            Left("A", "C", terminating=True),
            Left("C", "D"),
        ],
    ),
    "two-level-ignores-all-branches-not-matching-paths": (
        "B",
        [Left("targets", "A", NONE), Left("targets", "B"), Left("A", "C")],
    ),
    "three-level-ignores-all-branches-not-matching-paths": (
        "AB",
        [Left("targets", "A"), Left("targets", "B"), Left("A", "C", NONE), Left("C", "D")],
    ),
    "cyclic-graph": (
        "ABCD",
        [
            Left("targets", "A"),
            Left("targets", "B"),
            Left("B", "C"),
            Left("C", "D"),
            Left("D", "B"),
        ],
    ),
    "two-roles-delegating-to-a-third": (
        "ACB",
        [Left("targets", "A"), Left("targets", "B"), Left("B", "C"), Left("A", "C")],
    ),
    "two-roles-delegating-to-a-third-different-paths": (
        "ABC",
        [Left("targets", "A"), Left("targets", "B"), Left("B", "C"), Left("A", "C", NONE)],
    ),
}


def graph_story(graph: Sequence[Left], having: str) -> Story:
    """A repository in which just these roles have the map."""

    def story(forge: Forge) -> Iterator[Step]:
        del forge.signed["targets"].delegations.roles["renmin-map"]
        names = sorted({left.to for left in graph})
        for name in names:
            forge.signers[name] = [key(name)]
            forge.signed[name] = Targets(
                expires=NOW + 30 * DAY, version=1, delegations=Delegations({}, {})
            )
        for left in graph:
            forge.delegate(left.by, left.to, left.path, terminating=left.terminating)
        for name in having:
            forge.offer(name, f'{{"by":"{name}"}}'.encode(), MAP)
        forge.publish("targets", *names)
        yield forge.step()

    return story


VISITED: dict[str, bytes | None] = {}
"""Which role's map is to be found, by the name of the case."""

for title, (order, graph) in GRAPHS.items():
    for number, first in enumerate(order):
        name = f"test_graph_traversal[{title}]: {order[number:]} have it"
        told(name, graph_story(graph, order[number:]))
        VISITED[name] = f'{{"by":"{first}"}}'.encode()
    if unseen := "".join(sorted({left.to for left in graph} - set(order))):
        name = f"test_graph_traversal[{title}]: {unseen} have it"
        told(name, graph_story(graph, unseen), "unpublished")
        VISITED[name] = None


# -------------------------------------------------------------------------- the others


def without_version(forge: Forge) -> Iterator[Step]:
    forge.first_root = forge.write("root", edit=lambda data: data["signed"].pop("version"))
    yield forge.step()


def snapshot_alone_goes_back(forge: Forge) -> Iterator[Step]:
    first = forge.files["metadata/1.snapshot.json"]
    forge.publish("renmin-map")
    yield forge.step()
    forge.files["metadata/2.snapshot.json"] = first
    yield forge.step()


def targets_run_off(forge: Forge) -> Iterator[Step]:
    forge.signed["targets"].version = 99
    forge.publish("targets")
    yield forge.step()
    forge.rotate("snapshot", "snapshot recovered")
    forge.rotate("timestamp", "timestamp recovered")
    forge.next_root()
    forge.signed["targets"].version = 1
    forge.publish("targets")
    yield forge.step()


def map_expires_on_the_phone(forge: Forge, *, renewed: bool) -> Iterator[Step]:
    forge.signed["renmin-map"].expires = NOW + 7 * DAY
    forge.signed["timestamp"].expires = NOW + 30 * DAY
    forge.signed["snapshot"].expires = NOW + 30 * DAY
    forge.signed["renmin-closures"].expires = NOW + 30 * DAY
    forge.publish("renmin-map", "renmin-closures")
    yield forge.step()
    if renewed:
        forge.signed["renmin-map"].expires = NOW + 21 * DAY
    forge.publish(*(("renmin-map",) if renewed else ()))
    yield forge.step(days=18)


def key_with_a_word_more(forge: Forge) -> Iterator[Step]:
    yield forge.step()
    [keyid] = forge.signed["root"].roles["snapshot"].keyids
    forge.signed["root"].keys[keyid].unrecognized_fields["keyid_hash_algorithms"] = ["md5"]
    forge.next_root()
    forge.publish("targets")
    yield forge.step()


def five_of_four(forge: Forge) -> Iterator[Step]:
    yield forge.step()
    root = forge.signed["root"]
    for number in range(3):
        root.add_key(key(f"snapshot more {number}").public_key, "snapshot")
        forge.signers["snapshot"].append(key(f"snapshot more {number}"))
    root.roles["snapshot"].threshold = 5
    forge.next_root()
    forge.publish("targets")
    yield forge.step()


def odd_role(name: str) -> Story:
    def story(forge: Forge) -> Iterator[Step]:
        del forge.signed["targets"].delegations.roles["renmin-map"]
        forge.signers[name] = [key(name)]
        forge.signed[name] = Targets(expires=NOW + 30 * DAY, version=1)
        forge.delegate("targets", name, ALL)
        forge.offer(name, b'{"by":"odd"}', MAP)
        forge.publish("targets", name)
        asked_for = f"metadata/{forge.signed[name].version}.{quote(name, '')}.json"
        forge.files[asked_for] = forge.files.pop(forge.name(name))
        yield forge.step()

    return story


def one_key_twice(forge: Forge) -> Iterator[Step]:
    yield forge.step()
    root = forge.signed["root"]
    again = deepcopy(key("snapshot").public_key)
    again.keyid = "0" * 64
    root.keys[again.keyid] = again
    root.roles["snapshot"].keyids.append(again.keyid)
    root.roles["snapshot"].threshold = 2
    forge.next_root()

    def twice(data: dict[str, Any]) -> None:
        data["signatures"].append({**data["signatures"][0], "keyid": again.keyid})

    rewrite(forge, "snapshot", edit=twice)
    yield forge.step()


def signed_by_ecdsa(forge: Forge) -> Iterator[Step]:
    root, signer = forge.signed["root"], CryptoSigner.generate_ecdsa()
    for keyid in list(root.roles["timestamp"].keyids):
        root.revoke_key(keyid, "timestamp")
    root.add_key(signer.public_key, "timestamp")
    forge.signers["timestamp"] = [signer]
    forge.first_root = forge.write("root")
    forge.write("timestamp")
    yield forge.step()


def hashed_by_sha256(forge: Forge) -> Iterator[Step]:
    entry = TargetFile.from_data(MAP, b'{"release":1}', ["sha256"])
    forge.signed["renmin-map"].targets[MAP] = entry
    forge.files[entry.get_prefixed_paths()[0]] = b'{"release":1}'
    forge.publish("renmin-map")
    yield forge.step()


for name in ("?", "#", "/delegatedrole", "../delegatedrole"):
    told(f"test_unusual_role_name[{name}]", odd_role(name))
told("test_invalid_initial_root", without_version, "damaged")
told("test_simple_snapshot_rollback", snapshot_alone_goes_back)
told("test_new_targets_fast_forward_recovery", targets_run_off)
told(
    "test_expired_local_delegated_targets",
    lambda forge: map_expires_on_the_phone(forge, renewed=False),
    "expired",
)
told(
    "test_expired_local_delegated_targets_updates",
    lambda forge: map_expires_on_the_phone(forge, renewed=True),
)
told("test_wrong_hashing_algorithm", key_with_a_word_more)
told("test_snapshot_threshold", five_of_four, "unsigned")

ELSEWHERE: dict[str, tuple[str, ...]] = {
    "test_timestamp_content_changes": ("another timestamp of the same version is not taken",),
    "test_timestamp_eq_versions_check": ("another timestamp of the same version is not taken",),
    "test_new_targets_hash_mismatch": (
        "an old version under the new one's name: targets, hashes True",
        "another length than is promised: targets",
    ),
    "test_targets_rollback": (
        "a new snapshot leads back to an old version: targets, hashes False",
        "a new snapshot leads back to an old version: targets, hashes True",
    ),
    "test_new_targets_version_mismatch": (
        "another version than is promised, rightly signed: targets",
    ),
    "test_basic_init_and_refresh": ("a first look",),
    "test_implicit_refresh": ("no map is published",),
    "test_unsigned_initial_root": ("a program with a root that its own key has not signed",),
    "test_custom_fields": ("fields that nobody knows, everywhere",),
    "test_new_timestamp_version_rollback": ("an old timestamp",),
    "test_snapshot_rollback": ("a new timestamp leads back to an old snapshot",),
    "test_new_snapshot_fast_forward_recovery": (
        "versions run off, the keys are changed, and all begins low again: snapshot",
    ),
    "test_new_snapshot_version_mismatch": (
        "another version than is promised, rightly signed: snapshot",
    ),
    "test_new_timestamp_fast_forward_recovery": (
        "versions run off, the keys are changed, and all begins low again: timestamp",
    ),
    "test_root_has_keys_but_not_snapshot": ("two must sign, one has: snapshot",),
    "test_root_expired": ("expired when it is published: root",),
    "test_snapshot_expired": ("expired when it is published: snapshot",),
    "test_targets_expired": ("expired when it is published: targets",),
    "test_timestamp_expired": ("expired when it is published: timestamp",),
    "test_expired_metadata": ("sixty days without a network",),
    "test_delegated_targets_expired": ("expired at a first look: renmin-map",),
    "test_client_downloads_expected_file": ("a first look", "a new map"),
    "test_client_downloads_expected_file_in_sub_dir": ("a first look",),
    "test_repository_substitutes_target_file": ("one letter of the content altered: renmin-map",),
    "test_multiple_changes_to_target": ("an old map under a new version", "a new map"),
    "test_targetfile_search": (
        "a role signs what was not left to it",
        "a star stays within its folder",
        "a star covers what lies in its folder",
        "nobody has been left the map",
    ),
}
"""Cases of the suite in `test_trust_attacks.py`, by their names there."""

DIFFERS: dict[str, tuple[str, Story, str]] = {
    "test_static_repo": (
        "the suite's repositories are signed by ECDSA; the client knows Ed25519 alone",
        signed_by_ecdsa,
        "unsigned",
    ),
    "hashes by SHA-256": (
        "the client has one hash, SHA-512, which navkit writes everywhere",
        hashed_by_sha256,
        "damaged",
    ),
    "test_duplicate_keys_root": (
        "as the suite asks; python-tuf 7 counts a key twice that stands under two ids",
        one_key_twice,
        "unsigned",
    ),
}
"""What python-tuf accepts and the phone's client does not: why, the message, and its code."""


SUITE = frozenset({
    "test_basic_init_and_refresh", "test_client_downloads_expected_file",
    "test_client_downloads_expected_file_in_sub_dir", "test_custom_fields",
    "test_delegated_targets_expired", "test_duplicate_keys_root",
    "test_expired_local_delegated_targets", "test_expired_local_delegated_targets_updates",
    "test_expired_metadata", "test_graph_traversal", "test_implicit_refresh",
    "test_invalid_initial_root", "test_multiple_changes_to_target",
    "test_new_snapshot_fast_forward_recovery", "test_new_snapshot_version_mismatch",
    "test_new_targets_fast_forward_recovery", "test_new_targets_hash_mismatch",
    "test_new_targets_version_mismatch", "test_new_timestamp_fast_forward_recovery",
    "test_new_timestamp_version_rollback", "test_non_root_rotations",
    "test_repository_substitutes_target_file", "test_root_expired",
    "test_root_has_keys_but_not_snapshot", "test_root_rotation", "test_simple_snapshot_rollback",
    "test_snapshot_expired", "test_snapshot_rollback", "test_snapshot_threshold",
    "test_static_repo", "test_targetfile_search", "test_targets_expired", "test_targets_rollback",
    "test_timestamp_content_changes", "test_timestamp_eq_versions_check",
    "test_timestamp_expired", "test_unsigned_initial_root", "test_unusual_role_name",
    "test_wrong_hashing_algorithm",
})  # fmt: skip
"""All names of the suite's tests, as it was published in 2026."""


@cache
def stories() -> list[tuple[bytes, list[Step]]]:
    found = []
    for one in CASES:
        forge = Forge(**one.forge)
        steps = list(one.story(forge))
        found.append((forge.first_root, steps))
    return found


@cache
def seen_by_ours() -> list[list[Seen]]:
    return javascript_phones(stories())


@pytest.mark.parametrize("number", range(len(CASES)), ids=[one.name for one in CASES])
def test_a_case_of_the_suite_ends_as_python_tuf_ends_it(number: int, tmp_path: Path) -> None:
    one, (root, steps) = CASES[number], stories()[number]
    ours = seen_by_ours()[number]

    theirs = python_phone(root, steps, tmp_path / "phone")

    assert ours[-1].reason == one.reason
    for own, other in zip(ours, theirs, strict=True):
        assert own.accepted == other.accepted, other.reason
    if theirs[-1].versions:
        # python-tuf stores a role on disk under the requested name.
        assert ours[-1].versions == {unquote(n): v for n, v in theirs[-1].versions.items()}
    if one.name in VISITED:
        assert ours[-1].release == VISITED[one.name]


def test_every_case_of_the_suite_is_told_or_explained() -> None:
    attacks = {one.name for one in ATTACKS}
    here = {one.name.partition("[")[0].partition(":")[0] for one in CASES}
    told_ones = {name for names in ELSEWHERE.values() for name in names}

    assert told_ones - attacks == set()
    assert here.isdisjoint(ELSEWHERE)
    assert here | ELSEWHERE.keys() | {name for name in DIFFERS if "_" in name} == SUITE


@pytest.mark.parametrize("name", DIFFERS)
def test_where_it_differs_it_refuses_what_python_tuf_takes(name: str, tmp_path: Path) -> None:
    _, story, code = DIFFERS[name]
    forge = Forge()
    steps = list(story(forge))

    [ours] = javascript_phones([(forge.first_root, steps)])
    theirs = python_phone(forge.first_root, steps, tmp_path / "phone")

    assert theirs[-1].accepted
    assert (ours[-1].accepted, ours[-1].reason) == (False, code)
