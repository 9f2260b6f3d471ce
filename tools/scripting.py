"""`navkit script`: all directions for review, every one, or by the patterns of their sentences."""

import json
from collections.abc import Sequence
from pathlib import Path

import click

from exporter.bundle.scripts_file import scripts, told
from exporter.paper import verdicts
from navkit.guidance.answers import route_answer
from navkit.guide import Guide
from navkit.venue.venue import load as load_venue
from navkit.venue.venue import whole, write_whole
from navkit.words.findings import NavkitError
from tools import reviewing
from tools.given import OutputFile
from tools.listing import print_findings
from tools.terminal import LANG, speaking, words


@click.command()
@click.argument("venue_file", metavar="VENUE", type=click.Path(path_type=Path))
@LANG
@click.option("-o", "--output", type=OutputFile(), help="Every scripted route, as JSON lines.")
@click.option("--sheet", type=OutputFile(), help="The sheet for review, CSV, with pictures.")
@click.option(
    "--filled", type=click.Path(path_type=Path), help="A sheet that staff filled in, CSV or xlsx."
)
@click.option("--verdicts", "kept", type=OutputFile(), help="Where their verdicts are kept.")
@speaking
def script(
    venue_file: Path,
    lang: str,
    output: Path | None,
    sheet: Path | None,
    filled: Path | None,
    kept: Path | None,
) -> None:
    """Write every scripted route, or a sheet with each pattern of a sentence once."""
    if not output and not sheet:
        raise NavkitError("script-nothing-wanted")
    guide = Guide(load_venue(venue_file))
    if output:
        count = _every_route(guide, lang, output)
        click.echo(f"{count} routes in {click.format_filename(output)}")
    if sheet:
        _review(guide, lang, sheet, filled, kept or sheet.with_name(verdicts.FILE))


def _every_route(guide: Guide, lang: str, output: Path) -> int:
    count = 0
    with whole(output) as lines:
        for one in scripts(guide):
            answer = route_answer(one.route, told(guide, one, lang))
            row = {"start": one.start, "goal": one.goal, "profile": one.route.profile.id}
            row |= {key: answer[key] for key in ("length_m", "duration_s", "instructions")}
            text = json.dumps(row, ensure_ascii=False, separators=(",", ":"))
            lines.write(f"{text}\n".encode())
            count += 1
    return count


def _review(guide: Guide, lang: str, sheet: Path, filled: Path | None, kept: Path) -> None:
    """The sheet anew, with the verdicts of before where they still hold."""
    said = verdicts.read(kept)
    for file in (sheet, filled):
        if file and file.exists():
            more, unread = verdicts.filled_in(file.read_bytes(), str(file))
            print_findings(unread)
            said = verdicts.merged(said, more)
    lines = list(reviewing.Review(guide, lang, said).lines())
    pictures = reviewing.write(lines, lang, sheet)
    if said:
        write_whole(kept, verdicts.encode(said))
    print_findings(verdicts.findings(said, lambda one: verdicts.now(guide, one)))
    click.echo(words("reviewed", lines=len(lines), open=_open(lines)))
    written = (sheet, pictures, kept) if said else (sheet, pictures)
    click.echo(words("wrote", files=", ".join(map(str, written))))


def _open(lines: Sequence[reviewing.Line]) -> int:
    """Lines that wait for a verdict."""
    return sum(not (line.cells["verdict"] or line.cells["remark"]) for line in lines)
