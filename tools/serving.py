"""Commands for running a publishing server: serving, copying, the keys that phones trust."""

import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import click

from navkit.words.findings import NavkitError
from tools.given import DataFolder
from tools.terminal import own_language, speaking, words

if TYPE_CHECKING:
    from server.press.keys import Keyring

VARIABLES = {"safe": "NAVKIT_SAFE_PASSPHRASE", "publishing": "NAVKIT_PUBLISHING_PASSPHRASE"}
"""Where a passphrase may be set instead of being typed."""

_DATA = click.argument("data", type=DataFolder())
_ENVELOPE = click.option(
    "--envelope",
    type=DataFolder(),
    help="Folder of the root's key, such as a USB stick; DATA/envelope unless given.",
)


def _asking(*, twice: bool = False) -> Callable[[str], str]:
    """Asks for each passphrase once if no variable has it; a new one is typed twice."""

    @cache
    def passphrase(kind: str) -> str:
        said = os.environ.get(VARIABLES[kind], "")
        again = words("ask-again") if twice else False
        return said or click.prompt(
            words(f"ask-{kind}"), hide_input=True, confirmation_prompt=again
        )

    return passphrase


def _keyring(data: Path, envelope: Path, passphrase: Callable[[str], str]) -> "Keyring":
    from server.press import keys

    return keys.Keyring({**keys.read(data / "keys"), **keys.read(envelope)}, passphrase)


@click.group("keys")
def keys_() -> None:
    """Keys: create those that phones trust, renew and replace them."""


@keys_.command()
@_DATA
@click.option("--hospital", "hospitals", multiple=True, metavar="ID", help="May be repeated.")
@_ENVELOPE
@click.option("--anew", is_flag=True, help="Though keys are there whose metadata is lost.")
@speaking
def new(data: Path, hospitals: tuple[str, ...], envelope: Path | None, anew: bool) -> None:
    """Create all keys in the folder DATA, and those of a new hospital."""
    from server.press import trust
    from server.press.signing import Signer

    if Signer(data).is_lost and not anew:
        raise NavkitError("metadata-lost", folder=str(data))
    folder = envelope or data / "envelope"
    is_new = trust.read(data / trust.PUBLIC) is None
    passphrase = _asking(twice=is_new)
    if is_new or not hospitals:
        trust.establish(data, _keyring(data, folder, passphrase), _now(), folder)
    for hospital in hospitals:
        ring = _keyring(data, folder, passphrase)
        trust.commit(data, lambda r: trust.add_hospital(r, ring, hospital, _now()))  # noqa: B023
        click.echo(words("added", hospital=hospital))
    if is_new:
        _say_where_the_root_is(data, folder)


@keys_.command()
@_DATA
@click.argument("roles", metavar="ROLE...", nargs=-1, required=True)
@_ENVELOPE
@speaking
def rotate(data: Path, roles: tuple[str, ...], envelope: Path | None) -> None:
    """Give ROLES new keys, when one was lost, stolen, or has served for years."""
    from server.press import trust

    folder, passphrase = envelope or data / "envelope", _asking()
    for role in roles:
        ring = _keyring(data, folder, passphrase)
        trust.commit(data, lambda r: trust.rotate(r, ring, role, _now()), folder)  # noqa: B023
        click.echo(words("rotated", role=role))
    if "root" in roles:
        _say_where_the_root_is(data, folder)


@keys_.command()
@_DATA
@click.argument("roles", metavar="[ROLE]...", nargs=-1)
@_ENVELOPE
@speaking
def renew(data: Path, roles: tuple[str, ...], envelope: Path | None) -> None:
    """Re-sign what ROLES have signed; without any, what a clock does every hour."""
    from server.press import trust

    ring = _keyring(data, envelope or data / "envelope", _asking())
    if roles:
        trust.commit(data, lambda r: trust.renew(r, ring, roles, _now()))
    else:
        trust.commit(data, lambda r: trust.tick(r, ring, _now()))
    click.echo(words("signed", roles=", ".join(roles or ("timestamp",))))


@keys_.command()
@_DATA
@click.argument("list_file", metavar="LIST", type=click.Path(path_type=Path))
@speaking
def catalogue(data: Path, list_file: Path) -> None:
    """Sign the hospitals of LIST, which phones may then open besides their own."""
    from server.press import trust
    from server.press.catalogue import read_list

    listed = read_list(list_file)
    ring = _keyring(data, data / "envelope", _asking())
    trust.commit(data, lambda r: trust.list_hospitals(r, ring, listed, _now()))
    click.echo(words("listed", count=len(listed)))


@keys_.command()
@_DATA
@speaking
def show(data: Path) -> None:
    """Show until when each role is valid, and which key signs for it."""
    from server.press import trust

    for role, standing in trust.opened(data).standings.items():
        click.echo(
            words(
                "role",
                role=role,
                version=standing.version,
                expires=f"{standing.expires:%Y-%m-%d %H:%M}",
                days=(standing.expires - _now()).days,
                keys=", ".join(keyid[:8] for keyid in standing.keyids),
            )
        )


def _say_where_the_root_is(data: Path, envelope: Path) -> None:
    from server.press import keys, trust

    [keyid] = trust.opened(data).standings["root"].keyids
    click.echo(words("envelope", file=envelope / keys.file_name("root", keyid)))


def _now() -> datetime:
    return datetime.now(UTC)


@click.command()
@click.option("--data", type=DataFolder(), default=Path("data"), show_default=True)
@click.option("--port", type=click.IntRange(0, 65535), default=8080, show_default=True)
@click.option("--host", default="127.0.0.1", show_default=True, help="0.0.0.0 is every network.")
@speaking
def serve(data: Path, port: int, host: str) -> None:
    """Serve the console for staff, and what phones read.

    The first start asks for a password, or takes NAVKIT_ADMIN_PASSWORD: with that one signs in as
    admin.
    """
    try:
        from server import serving
        from server.machine import modes
    except ImportError as error:
        raise NavkitError("server-not-installed", str(error.name)) from None
    serving.claim(host, port)
    settings = serving.from_environment(data)
    occupied = serving.occupy(settings, shared=False)
    for finding in [*serving.prepare(settings), *modes.tighten(settings.folder)]:
        click.echo(finding.text(own_language()), err=True)
    if serving.first_start(settings, _ask_password):
        click.echo(words("first-start"))
    address = f"http://{'localhost' if host in ('127.0.0.1', '0.0.0.0') else host}:{port}/"
    click.echo(words("serving", address=address, folder=data))
    try:
        serving.serve(settings, host, port)
    finally:
        occupied.close()


@click.command()
@_DATA
@click.option("--to", "address", metavar="URL", required=True, help="s3://BUCKET/PREFIX or folder.")
@speaking
def publish(data: Path, address: str) -> None:
    """Copy what phones read from the folder DATA to a bucket or another folder."""
    from server.press import copying

    done = copying.copy(data, address, _now(), lambda act, path: click.echo(words(act, path=path)))
    click.echo(
        words(
            "copied",
            address=copying.shown(address),
            sent=len(done.sent),
            bytes=sum(file.size_bytes for file in done.sent),
            kept=done.kept,
            swept=len(done.swept),
        )
    )


@click.command()
@_DATA
@click.option(
    "--from",
    "backup",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="A backup of it, with blobs or public in it.",
)
@speaking
def heal(data: Path, backup: Path | None) -> None:
    """Read every file of the folder DATA, and rewrite damaged ones. Exit code 1 if
    any damaged file has no copy."""
    from server import serving
    from server.data import rows
    from server.press import scrubbing

    if not (data / "blobs").is_dir():
        raise NavkitError("no-data-folder", str(data))
    settings = serving.from_environment(data)
    rows.migrate(settings.address)
    settings.press.files.prepare()
    connection = rows.connect(settings.address)
    try:
        done = scrubbing.scrub(
            connection,
            settings.press,
            round(_now().timestamp() * 1000),
            backup,
            tell=lambda act, path: click.echo(words(act, path=path)),
        )
    finally:
        connection.close()
    counts = {"healed": len(done.healed), "damaged": len(done.damaged)}
    click.echo(words("scrubbed", files=done.files, bytes=done.bytes, **counts))
    if done.damaged:
        sys.exit(1)


def _ask_password() -> str:
    """Asked on the terminal; empty without one."""
    if not sys.stdin.isatty():
        return ""
    from server import serving
    from server.staff import passwords

    while True:
        said: str = click.prompt(words("ask-password"), hide_input=True, confirmation_prompt=True)
        try:
            passwords.check(said, [serving.ADMINISTRATOR])
        except NavkitError as refused:
            click.echo(refused.finding.text(own_language()), err=True)
            continue
        return said
