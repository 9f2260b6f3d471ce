"""The command for hosting a site; and what `navkit export` needs of it."""

import json
import os
import re
from datetime import UTC, date, datetime
from pathlib import Path

import click

from exporter.bundle.bundle import Bundle
from exporter.site.site import Signed, is_site, write_site
from exporter.site.site import site as site_files
from navkit.guide import Guide
from navkit.venue.venue import load as load_venue
from navkit.words.findings import NavkitError
from tools import voicing
from tools.given import InputFolder, OutputFile, OutputFolder
from tools.listing import print_findings
from tools.terminal import LANGS, Progress, speaking, words


def issue_date(given: str) -> date:
    """The date of a release: as given, from SOURCE_DATE_EPOCH, or today."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    try:
        if given:
            return date.fromisoformat(given)
        return datetime.fromtimestamp(int(epoch), UTC).date() if epoch else date.today()
    except (ValueError, OverflowError, OSError):
        raise NavkitError("bad-date", given or f"SOURCE_DATE_EPOCH={epoch}") from None


_ADDRESS = re.compile(r"https?://(?P<host>[^\s/?#]+)(/[\w.~%!$&'()*+,;=:@/-]*)?", re.ASCII)
_HOST = re.compile(
    r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?|\[[0-9a-f:.]+\](:\d{1,5})?", re.I | re.A
)
"""A name or an address of a host and a port: codes on walls must not contain credentials."""


def site_address(given: str) -> str:
    """Where a site will be published, in ASCII; empty if unknown."""
    found = _ADDRESS.fullmatch(given)
    if given and not (found and _HOST.fullmatch(found["host"])):
        raise NavkitError("bad-address", given)
    return given


def publish(
    bundle: Bundle, folder: Path, issued: date, url: str, signed: Signed | None = None
) -> None:
    """Write the site of a bundle."""
    write_site(site_files(bundle, issued, url, signed), folder)


def signed_by(root: Path | None, hospital: str) -> Signed | None:
    """Whose signatures a page follows: both options are given, or neither."""
    if not root and not hospital:
        return None
    if not root or not hospital:
        raise NavkitError("root-and-hospital", str(root or hospital))
    try:
        content = root.read_bytes()
        is_root = content.isascii() and json.loads(content)["signed"]["_type"] == "root"
    except (OSError, ValueError, KeyError, TypeError):
        is_root = False
    if not is_root:
        raise NavkitError("root-unreadable", str(root))
    return Signed(content, hospital)


@click.command()
@click.argument("venue_file", metavar="VENUE", type=click.Path(path_type=Path))
@click.option("-o", "--output", type=OutputFolder(is_site), required=True, help="Folder.")
@LANGS
@click.option("--voice", "engine", metavar="ENGINE", help="pyttsx3, kokoro, none, your own …")
@click.option("--photos", type=InputFolder(), help="Folder of the venue's photos.")
@click.option("--sheet", type=OutputFile(), help="Review sheet of names, CSV.")
@click.option("--issued", default="", metavar="DATE", help="Date of the data; today unless given.")
@click.option("--url", default="", metavar="URL", help="Where it will be published.")
@click.option("--root", type=click.Path(path_type=Path), help="The root.json that it trusts.")
@click.option("--hospital", default="", metavar="ID", help="Whose signed map it follows.")
@speaking
def site(
    venue_file: Path,
    output: Path,
    languages: tuple[str, ...],
    engine: str | None,
    photos: Path | None,
    sheet: Path | None,
    issued: str,
    url: str,
    root: Path | None,
    hospital: str,
) -> None:
    """Write a page that navigates with no network, for any static host or a USB stick."""
    from exporter.bundle.bundle import make_bundle

    date_, address, signed = issue_date(issued), site_address(url), signed_by(root, hospital)
    sheet = sheet or output.with_name(f"{output.name}-names.csv")
    tags = tuple(dict.fromkeys(languages))
    venue, findings = voicing.reviewed(load_venue(venue_file), tags, sheet)
    voice = voicing.voice_of(engine, (), None)
    bundle = make_bundle(Guide(venue), tags, Progress(), voice, photos)
    publish(bundle, output, date_, address, signed)
    voicing.print_voices(bundle, tags)
    print_findings((*findings, *bundle.findings))
    click.echo(words("wrote", files=f"{output}, {sheet}"))
    click.echo(words("next", command=f"python3 -m http.server --directory {output}"))
