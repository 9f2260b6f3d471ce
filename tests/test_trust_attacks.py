"""Every attack on signed files is refused with its own code; python-tuf's client agrees.

Each case is a repository as found at one or more looks. Both clients see the same bytes at
the same times: both accept, or both refuse; what they accept is the same, and so are the versions
of the metadata that they store.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("tuf", reason="navkit[server] is not installed")

from forging import DAY, NOW, OWN, PATHS, POINTER, ROLES, TOP, Forge, Step, closures, key
from phones import NODE, Seen, javascript_phones, python_phone
from tuf.api.metadata import Delegations, Targets

pytestmark = [pytest.mark.process, pytest.mark.skipif(not NODE, reason="node is not installed")]

FINE = ""
Story = Callable[[Forge], Iterator[Step]]


@dataclass(frozen=True)
class Case:
    name: str
    reason: str
    """How the last look ends: the code of a refusal, or nothing."""
    story: Story
    forge: dict[str, bool]


CASES: list[Case] = []


def case(name: str, reason: str = FINE, **forge: bool) -> Callable[[Story], Story]:
    def listed(story: Story) -> Story:
        CASES.append(Case(name, reason, story, forge))
        return story

    return listed


def leaf(role: str) -> tuple[str, ...]:
    """What must be published again if this role says something else."""
    return (role,) if role in ("targets", *OWN) else ()


def republish(forge: Forge, role: str) -> None:
    """The next version of a role, and of what leads to it."""
    if role == "root":
        forge.next_root()
    forge.publish(*leaf(role))


def rewrite(forge: Forge, role: str, **how: Any) -> None:
    """The next version of a role, written in some way of its own; what leads to it is honest."""
    forge.signed[role].version += 1
    forge.write(role, **how)
    if role in ("root", "timestamp"):
        if role == "root":
            forge.point()
        return
    forge.bind(role)
    if role == "snapshot":
        forge.signed["timestamp"].version += 1
        forge.write("timestamp")
    else:
        forge.point()


# ------------------------------------------------------------------------ honest


@case("a first look")
def _(forge: Forge) -> Iterator[Step]:
    yield forge.step()


@case("nothing new")
def _(forge: Forge) -> Iterator[Step]:
    yield forge.step()
    yield forge.step(0.5)


@case("a clock says that it is still the newest")
def _(forge: Forge) -> Iterator[Step]:
    yield forge.step()
    forge.signed["timestamp"].version += 1
    forge.signed["timestamp"].expires = NOW + 3 * DAY
    forge.write("timestamp")
    yield forge.step(2)


@case("a new map")
def _(forge: Forge) -> Iterator[Step]:
    yield forge.step()
    forge.offer("renmin-map", b'{"release":2}')
    forge.publish("renmin-map")
    yield forge.step()


@case("a lift is closed, and open again")
def _(forge: Forge) -> Iterator[Step]:
    yield forge.step()
    for closed in (closures("mz-L1"), closures()):
        forge.offer("renmin-closures", closed)
        forge.publish("renmin-closures")
        yield forge.step()


@case("an old map under a new version")
def _(forge: Forge) -> Iterator[Step]:
    for content in (b'{"release":1}', b'{"release":2}', b'{"release":1}'):
        forge.offer("renmin-map", content)
        forge.publish("renmin-map")
        yield forge.step()


@case("versions that were skipped")
def _(forge: Forge) -> Iterator[Step]:
    yield forge.step()
    for role in ("renmin-map", "snapshot", "timestamp"):
        forge.signed[role].version += 7
    forge.publish("renmin-map")
    yield forge.step()


for consistent in (True, False):
    for hashes in (True, False):

        @case(f"without lengths and hashes: {not hashes}; versions in names: {consistent}",
              hashes=hashes, consistent=consistent)  # fmt: skip
        def _(forge: Forge) -> Iterator[Step]:
            yield forge.step()
            forge.offer("renmin-closures", closures("mz-L1"))
            forge.publish("renmin-closures")
            yield forge.step()


@case("fields that nobody knows, everywhere")
def _(forge: Forge) -> Iterator[Step]:
    yield forge.step()
    for role in ROLES:
        forge.signed[role].unrecognized_fields["added"] = {"b": [1, None, True], "a": 'x"\\y'}
    first = next(iter(forge.signed["root"].keys.values()))
    first.unrecognized_fields["note"] = "spare"
    forge.next_root()
    forge.publish("targets", *OWN)
    first.unrecognized_fields.clear()
    yield forge.step()


@case("several looks missed")
def _(forge: Forge) -> Iterator[Step]:
    yield forge.step()
    for number in range(5):
        forge.offer("renmin-map", b'{"release":%d}' % number)
        forge.publish("renmin-map")
    forge.offer("renmin-closures", closures("mz-L2", "mz-L1"))
    forge.publish("renmin-closures")
    yield forge.step()


@case("no closures are published")
def _(forge: Forge) -> Iterator[Step]:
    forge.signed["renmin-closures"].targets.clear()
    forge.publish("renmin-closures")
    yield forge.step()


@case("no map is published", "unpublished")
def _(forge: Forge) -> Iterator[Step]:
    forge.signed["renmin-map"].targets.clear()
    forge.publish("renmin-map")
    yield forge.step()


# ------------------------------------------------------------------- who has signed

for role in ROLES:

    @case(f"signed by a stranger: {role}", "unsigned")
    def _(forge: Forge, role: str = role) -> Iterator[Step]:
        yield forge.step()
        rewrite(forge, role, signers=[key("stranger")])
        yield forge.step()

    @case(f"signed by nobody: {role}", "unsigned")
    def _(forge: Forge, role: str = role) -> Iterator[Step]:
        yield forge.step()
        rewrite(forge, role, signers=[])
        yield forge.step()

    @case(f"the right key's name with a stranger's signature: {role}", "unsigned")
    def _(forge: Forge, role: str = role) -> Iterator[Step]:
        def renamed(data: dict[str, Any]) -> None:
            data["signatures"][0]["keyid"] = key(role).public_key.keyid

        yield forge.step()
        rewrite(forge, role, signers=[key("stranger")], edit=renamed)
        yield forge.step()

    @case(f"a word changed after signing: {role}", "unsigned")
    def _(forge: Forge, role: str = role) -> Iterator[Step]:
        yield forge.step()
        rewrite(
            forge, role, edit=lambda data: data["signed"].update(expires="2040-01-01T00:00:00Z")
        )
        yield forge.step()

    @case(f"two must sign, one has: {role}", "unsigned")
    def _(forge: Forge, role: str = role) -> Iterator[Step]:
        yield forge.step()
        forge.delegator(role).threshold = 2
        yield from after_delegation(forge, role)

    @case(f"two must sign, one has twice: {role}", "damaged")
    def _(forge: Forge, role: str = role) -> Iterator[Step]:
        yield forge.step()
        rewrite(forge, role, edit=lambda data: data["signatures"].append(data["signatures"][0]))
        yield forge.step()

    @case(f"two must sign, and have: {role}")
    def _(forge: Forge, role: str = role) -> Iterator[Step]:
        yield forge.step()
        second = key(f"{role} second")
        holder = forge.signed["root" if role in TOP else "targets"]
        holder.add_key(second.public_key, role)
        forge.delegator(role).threshold = 2
        forge.signers[role].append(second)
        yield from after_delegation(forge, role)

    @case(f"another role's key has signed: {role}", "unsigned")
    def _(forge: Forge, role: str = role) -> Iterator[Step]:
        other = "timestamp" if role != "timestamp" else "renmin-closures"
        yield forge.step()
        rewrite(forge, role, signers=[key(other)])
        yield forge.step()

    @case(f"a new key: {role}")
    def _(forge: Forge, role: str = role) -> Iterator[Step]:
        yield forge.step()
        old = forge.signers[role]
        forge.rotate(role, f"{role} new")
        yield from after_delegation(forge, role, also=old if role == "root" else [])

    @case(f"the old key signs on after a new one: {role}", "unsigned")
    def _(forge: Forge, role: str = role) -> Iterator[Step]:
        yield forge.step()
        old = forge.signers[role]
        forge.rotate(role, f"{role} new")
        yield from after_delegation(forge, role, also=old if role == "root" else [])
        rewrite(forge, role, signers=old)
        yield forge.step()


def after_delegation(forge: Forge, role: str, also: Sequence[Any] = ()) -> Iterator[Step]:
    """What is left to a role has changed: all that says so is written, then what it signs."""
    if role in TOP:
        forge.next_root(*also)
        forge.publish(*(leaf(role) or ("targets",)))
    else:
        forge.publish("targets", role)
    yield forge.step()


@case("a new root that only the new key has signed", "unsigned")
def _(forge: Forge) -> Iterator[Step]:
    yield forge.step()
    forge.rotate("root", "root new")
    forge.next_root()
    forge.point()
    yield forge.step()


@case("a new root that only the old key has signed", "unsigned")
def _(forge: Forge) -> Iterator[Step]:
    yield forge.step()
    old = forge.signers["root"]
    forge.rotate("root", "root new")
    forge.next_root(only=old)
    forge.point()
    yield forge.step()


@case("twelve new roots, each with another key, at once")
def _(forge: Forge) -> Iterator[Step]:
    yield forge.step()
    for number in range(12):
        old = forge.signers["root"]
        forge.rotate("root", f"root {number}")
        for role in ("timestamp", "snapshot"):
            forge.rotate(role, f"{role} {number % 2}")
        forge.next_root(*old)
    forge.publish("targets")
    yield forge.step()


@case("a root is missing in the chain: what the later ones say cannot be followed", "unsigned")
def _(forge: Forge) -> Iterator[Step]:
    yield forge.step()
    for number in range(3):
        old = forge.signers["root"]
        forge.rotate("root", f"root {number}")
        forge.rotate("timestamp", f"timestamp {number}")
        forge.next_root(*old)
    forge.publish("targets")
    del forge.files["metadata/3.root.json"]
    yield forge.step()


@case("a root of two versions later under the next one's name", "mixed")
def _(forge: Forge) -> Iterator[Step]:
    yield forge.step()
    forge.next_root()
    forge.next_root()
    forge.files["metadata/2.root.json"] = forge.files["metadata/3.root.json"]
    forge.point()
    yield forge.step()


@case("the same root under the next one's name", "mixed")
def _(forge: Forge) -> Iterator[Step]:
    yield forge.step()
    forge.files["metadata/2.root.json"] = forge.files["metadata/1.root.json"]
    forge.point()
    yield forge.step()


@case("a root is followed although what comes after it is refused", "unsigned")
def _(forge: Forge) -> Iterator[Step]:
    yield forge.step()
    forge.next_root()
    rewrite(forge, "timestamp", signers=[key("stranger")])
    yield forge.step()


# ------------------------------------------------------------------------- old things


@case("an old timestamp", "rolled-back")
def _(forge: Forge) -> Iterator[Step]:
    old = forge.step()
    forge.publish("renmin-map")
    yield forge.step()
    yield Step({**forge.files, POINTER: old.files[POINTER]})


@case("all of an old repository", "rolled-back")
def _(forge: Forge) -> Iterator[Step]:
    old = forge.step()
    forge.publish("renmin-map")
    yield forge.step()
    yield old


@case("another timestamp of the same version is not taken")
def _(forge: Forge) -> Iterator[Step]:
    yield forge.step()
    forge.signed["timestamp"].snapshot_meta.version = 9
    forge.write("timestamp")
    yield forge.step()


@case("a new timestamp leads back to an old snapshot", "rolled-back")
def _(forge: Forge) -> Iterator[Step]:
    forge.publish("renmin-map")
    yield forge.step()
    forge.signed["snapshot"].version = 1
    forge.write("snapshot")
    forge.bind("snapshot")
    forge.signed["timestamp"].version += 1
    forge.write("timestamp")
    yield forge.step()


for role in ("targets", *OWN):
    for hashes in (True, False):

        @case(f"a new snapshot leads back to an old version: {role}, hashes {hashes}",
              "rolled-back", hashes=hashes)  # fmt: skip
        def _(forge: Forge, role: str = role) -> Iterator[Step]:
            forge.publish(role)
            forge.publish(role)
            yield forge.step()
            forge.signed[role].version = 1
            forge.publish(role)
            yield forge.step()

    @case(f"a role vanishes from the snapshot: {role}", "vanished")
    def _(forge: Forge, role: str = role) -> Iterator[Step]:
        yield forge.step()
        del forge.signed["snapshot"].meta[f"{role}.json"]
        forge.point()
        yield forge.step()

    @case(f"a role was never in the snapshot: {role}", "vanished")
    def _(forge: Forge, role: str = role) -> Iterator[Step]:
        del forge.signed["snapshot"].meta[f"{role}.json"]
        forge.point()
        yield forge.step()


@case("versions run off, the keys are changed, and all begins low again: timestamp")
def _(forge: Forge) -> Iterator[Step]:
    forge.signed["timestamp"].version = 10**9
    forge.point()
    yield forge.step()
    forge.rotate("timestamp", "timestamp new")
    forge.next_root()
    forge.signed["timestamp"].version = 1
    forge.point()
    yield forge.step()


@case("versions run off, the keys are changed, and all begins low again: snapshot")
def _(forge: Forge) -> Iterator[Step]:
    forge.signed["snapshot"].version = 10**9
    forge.point()
    yield forge.step()
    for role in ("timestamp", "snapshot"):
        forge.rotate(role, f"{role} new")
    forge.next_root()
    forge.signed["snapshot"].version = 1
    forge.point()
    yield forge.step()


@case("versions run off, the keys are changed, and all begins low again: a map")
def _(forge: Forge) -> Iterator[Step]:
    forge.signed["renmin-map"].version = 10**9
    forge.publish("renmin-map")
    yield forge.step()
    for role in ("timestamp", "snapshot"):
        forge.rotate(role, f"{role} new")
    forge.next_root()
    forge.signed["renmin-map"].version = 1
    forge.publish("renmin-map")
    yield forge.step()


@case("versions run off, and only the snapshot's key is changed", "rolled-back")
def _(forge: Forge) -> Iterator[Step]:
    forge.signed["snapshot"].version = 10**9
    forge.point()
    yield forge.step()
    forge.rotate("snapshot", "snapshot new")
    forge.next_root()
    forge.signed["snapshot"].version = 1
    forge.point()
    yield forge.step()


# ------------------------------------------------------------------------------ time

for role in ROLES:

    @case(f"expired when it is published: {role}", "expired")
    def _(forge: Forge, role: str = role) -> Iterator[Step]:
        yield forge.step()
        forge.signed[role].expires = NOW - DAY
        republish(forge, role)
        yield forge.step()

    @case(f"expired at a first look: {role}", "expired")
    def _(forge: Forge, role: str = role) -> Iterator[Step]:
        forge.signed[role].expires = NOW - DAY
        republish(forge, role)
        yield forge.step()

    @case(f"renewed before it expired: {role}")
    def _(forge: Forge, role: str = role) -> Iterator[Step]:
        yield forge.step()
        for each in ROLES:
            forge.signed[each].expires += 2000 * DAY
        forge.next_root()
        forge.publish("targets", *OWN)
        yield forge.step(1500)


@case("the same timestamp for ever", "expired")
def _(forge: Forge) -> Iterator[Step]:
    yield forge.step()
    yield forge.step(2)


@case("an expired timestamp still keeps older ones out", "rolled-back")
def _(forge: Forge) -> Iterator[Step]:
    old = forge.files[POINTER]
    forge.publish("renmin-map")
    yield forge.step()
    yield forge.step(2)
    forge.signed["timestamp"].version = 1
    forge.signed["timestamp"].expires = NOW + 9 * DAY
    assert forge.write("timestamp") != old
    yield forge.step(2)


@case("the last second counts")
def _(forge: Forge) -> Iterator[Step]:
    yield forge.step()
    forge.signed["timestamp"].version += 1
    forge.write("timestamp")
    yield forge.step(1 - 1 / 86400)


@case("at the second of its end it has ended", "expired")
def _(forge: Forge) -> Iterator[Step]:
    yield forge.step()
    forge.signed["timestamp"].version += 1
    forge.write("timestamp")
    yield forge.step(1)


@case("a root of the past leads to one of today")
def _(forge: Forge) -> Iterator[Step]:
    forge.signed["root"].expires = NOW - DAY
    forge.next_root()
    forge.signed["root"].expires = NOW + DAY
    forge.next_root()
    yield forge.step()


@case("sixty days without a network")
def _(forge: Forge) -> Iterator[Step]:
    yield forge.step()
    for role in ROLES:
        forge.signed[role].expires += 60 * DAY
    forge.publish("targets", *OWN)
    yield forge.step(60)


# ------------------------------------------------------------------- mixed and altered

for role in ("targets", *OWN, "snapshot"):
    for hashes in (True, False):

        @case(f"an old version under the new one's name: {role}, hashes {hashes}",
              "altered" if hashes else "mixed", hashes=hashes)  # fmt: skip
        def _(forge: Forge, role: str = role) -> Iterator[Step]:
            yield forge.step()
            old = forge.files[forge.name(role)]
            republish(forge, role)
            forge.files[forge.name(role)] = old
            yield forge.step()

    @case(f"another version than is promised, rightly signed: {role}", "mixed", hashes=False)
    def _(forge: Forge, role: str = role) -> Iterator[Step]:
        yield forge.step()
        republish(forge, role)
        name = forge.name(role)
        forge.signed[role].version += 1
        forge.write(role)
        forge.files[name] = forge.files[forge.name(role)]
        yield forge.step()

    @case(f"another length than is promised: {role}", "altered")
    def _(forge: Forge, role: str = role) -> Iterator[Step]:
        yield forge.step()
        republish(forge, role)
        forge.files[forge.name(role)] = forge.files[forge.name(role)][:-1]
        yield forge.step()


for role in OWN:

    @case(f"one letter of the content altered: {role}", "altered")
    def _(forge: Forge, role: str = role) -> Iterator[Step]:
        yield forge.step()
        name = forge.offer(role, closures("mz-L1"))
        forge.publish(role)
        forge.files[name] = forge.files[name].replace(b"mz-L1", b"mz-L2")
        yield forge.step()

    @case(f"the content cut short: {role}", "altered")
    def _(forge: Forge, role: str = role) -> Iterator[Step]:
        yield forge.step()
        name = forge.offer(role, closures("mz-L1"))
        forge.publish(role)
        forge.files[name] = forge.files[name][:-9]
        yield forge.step()

    @case(f"the content goes on: {role}", "too-long")
    def _(forge: Forge, role: str = role) -> Iterator[Step]:
        yield forge.step()
        name = forge.offer(role, closures("mz-L1"))
        forge.publish(role)
        forge.files[name] += b" "
        yield forge.step()

    @case(f"the content is missing: {role}", "missing")
    def _(forge: Forge, role: str = role) -> Iterator[Step]:
        yield forge.step()
        del forge.files[forge.offer(role, closures("mz-L1"))]
        forge.publish(role)
        yield forge.step()

    @case(f"the content never ends: {role}", "too-long")
    def _(forge: Forge, role: str = role) -> Iterator[Step]:
        yield forge.step()
        name = forge.offer(role, closures("mz-L1"))
        forge.publish(role)
        yield forge.step(endless=name)


for role in ROLES:

    @case(f"it never ends: {role}", "too-long")
    def _(forge: Forge, role: str = role) -> Iterator[Step]:
        yield forge.step()
        republish(forge, role)
        yield forge.step(endless=forge.name(role))

    @case(f"it is no JSON: {role}", "damaged", hashes=False)
    def _(forge: Forge, role: str = role) -> Iterator[Step]:
        yield forge.step()
        republish(forge, role)
        forge.files[forge.name(role)] = b"<!doctype html><title>Sign in</title>"
        yield forge.step()

    @case(f"it is empty: {role}", "damaged", hashes=False)
    def _(forge: Forge, role: str = role) -> Iterator[Step]:
        yield forge.step()
        republish(forge, role)
        forge.files[forge.name(role)] = b""
        yield forge.step()

    @case(f"it is of another kind: {role}", "damaged", hashes=False)
    def _(forge: Forge, role: str = role) -> Iterator[Step]:
        yield forge.step()
        republish(forge, role)
        other = "snapshot" if role in ("targets", *OWN) else "targets"
        forge.files[forge.name(role)] = forge.files[forge.name(other)]
        yield forge.step()

    for field in ("version", "expires", "spec_version", "_type"):

        @case(f"it lacks its {field}: {role}", "damaged", hashes=False)
        def _(forge: Forge, role: str = role, field: str = field) -> Iterator[Step]:
            yield forge.step()
            rewrite(forge, role, edit=lambda data: data["signed"].pop(field))
            yield forge.step()


for role in ("targets", *OWN, "snapshot", "timestamp"):

    @case(f"it is missing: {role}", "missing")
    def _(forge: Forge, role: str = role) -> Iterator[Step]:
        yield forge.step()
        republish(forge, role)
        del forge.files[forge.name(role)]
        yield forge.step()


@case("a program with a root that its own key has not signed", "damaged")
def _(forge: Forge) -> Iterator[Step]:
    forge.first_root = forge.write("root", [key("stranger")])
    yield forge.step()


# ------------------------------------------------------------------------ delegations


@case("a role signs what was not left to it", "unpublished")
def _(forge: Forge) -> Iterator[Step]:
    path = PATHS["renmin-map"]
    forge.signed["renmin-closures"].targets[path] = forge.signed["renmin-map"].targets.pop(path)
    forge.publish(*OWN)
    yield forge.step()


@case("a star stays within its folder", "unpublished")
def _(forge: Forge) -> Iterator[Step]:
    forge.signed["targets"].delegations.roles["renmin-map"].paths = ["h/renmin/*"]
    forge.publish("targets")
    yield forge.step()


@case("a star covers what lies in its folder")
def _(forge: Forge) -> Iterator[Step]:
    forge.signed["targets"].delegations.roles["renmin-map"].paths = ["h/renmin/m?p/rel*.json"]
    forge.publish("targets")
    yield forge.step()


@case("nobody has been left the map", "unpublished")
def _(forge: Forge) -> Iterator[Step]:
    del forge.signed["targets"].delegations.roles["renmin-map"]
    forge.publish("targets")
    yield forge.step()


@case("the highest role says it itself, and that counts")
def _(forge: Forge) -> Iterator[Step]:
    forge.offer("targets", b'{"release":9}', PATHS["renmin-map"])
    forge.publish("targets")
    yield forge.step()


def add_role(forge: Forge, role: str, path: str, *, first: bool, terminating: bool) -> None:
    """A further role beside the hospital's own, before or after them."""
    roles = forge.signed["targets"].delegations.roles
    forge.signers[role] = [key(role)]
    forge.signed[role] = Targets(expires=NOW + DAY, version=1)
    forge.delegate("targets", role, path, terminating=terminating)
    if first:
        others = {name: roles.pop(name) for name in list(roles) if name != role}
        roles.update(others)


for first in (True, False):
    for terminating in (True, False):
        for has in (True, False):

            @case(f"another role covers the map: before it {first}, alone {terminating}, has {has}",
                  "unpublished" if first and terminating and not has else FINE)  # fmt: skip
            def _(
                forge: Forge, first: bool = first, terminating: bool = terminating, has: bool = has
            ) -> Iterator[Step]:
                add_role(forge, "other", "h/renmin/map/*", first=first, terminating=terminating)
                if has:
                    forge.offer("other", b'{"release":7}', PATHS["renmin-map"])
                forge.publish("targets", "other")
                yield forge.step()


@case("a role leaves the map to a further one")
def _(forge: Forge) -> Iterator[Step]:
    deepen(forge)
    yield forge.step()


@case("a further role that nobody has signed for", "unsigned")
def _(forge: Forge) -> Iterator[Step]:
    deepen(forge)
    rewrite(forge, "deeper", signers=[key("stranger")])
    yield forge.step()


@case("roles that lead to each other in a ring", "unpublished")
def _(forge: Forge) -> Iterator[Step]:
    deepen(forge)
    forge.signed["deeper"].targets.clear()
    forge.signed["deeper"].delegations = Delegations({}, {})
    forge.delegate("deeper", "renmin-map", PATHS["renmin-map"])
    forge.publish("deeper")
    yield forge.step()


def deepen(forge: Forge) -> None:
    forge.signed["renmin-map"].targets.clear()
    forge.signed["renmin-map"].delegations = Delegations({}, {})
    forge.signers["deeper"] = [key("deeper")]
    forge.signed["deeper"] = Targets(expires=NOW + DAY, version=1)
    forge.delegate("renmin-map", "deeper", PATHS["renmin-map"])
    forge.offer("deeper", b'{"release":8}', PATHS["renmin-map"])
    forge.publish("renmin-map", "deeper")


@case("forty roles before the one that has it", "unpublished")
def _(forge: Forge) -> Iterator[Step]:
    for number in range(40):
        add_role(forge, f"r{number}", "h/renmin/map/*", first=True, terminating=False)
    forge.publish("targets", *(f"r{number}" for number in range(40)))
    yield forge.step()


# ----------------------------------------------------------------------------- the tests


@cache
def stories() -> list[tuple[bytes, list[Step]]]:
    told = []
    for one in CASES:
        forge = Forge(**one.forge)
        steps = list(one.story(forge))
        told.append((forge.first_root, steps))
    return told


@cache
def seen_by_ours() -> list[list[Seen]]:
    return javascript_phones(stories())


@pytest.mark.parametrize("number", range(len(CASES)), ids=[one.name for one in CASES])
def test_it_is_taken_or_refused_with_its_code_as_python_tuf_does(
    number: int, tmp_path: Path
) -> None:
    root, steps = stories()[number]
    ours = seen_by_ours()[number]

    theirs = python_phone(root, steps, tmp_path / "phone")

    assert ours[-1].reason == CASES[number].reason
    for own, other in zip(ours, theirs, strict=True):
        assert own.accepted == other.accepted, other.reason
        if own.accepted:
            assert own.release == other.release
            assert own.closures == (other.closures or [])
    if theirs[-1].versions:  # Else it trusts nothing at all.
        assert ours[-1].versions == theirs[-1].versions


def test_what_is_refused_leaves_what_was_verified_before() -> None:
    looks = 0
    for one, seen in zip(CASES, seen_by_ours(), strict=True):
        if one.reason == FINE or len(seen) < 2:
            continue
        looks += 1
        before, after = seen[-2:]
        assert before.release is not None
        # What one role was refused does not keep the other's from being followed.
        same = "renmin-closures" if one.name.endswith(": renmin-map") else "renmin-map"
        assert same == "renmin-closures" or after.release == before.release, one.name
        assert same == "renmin-map" or after.closures == before.closures, one.name

    assert looks > 80


def test_there_are_enough_of_them_and_every_code_occurs() -> None:
    codes = {one.reason for one in CASES}

    assert len(CASES) >= 80
    assert len({one.name for one in CASES}) == len(CASES)
    assert codes == {
        FINE, "unsigned", "rolled-back", "expired", "mixed", "altered", "vanished", "missing",
        "too-long", "damaged", "unpublished",
    }  # fmt: skip
