"""The `navkit` command."""

import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import click

from exporter.bundle.bundle import is_bundle, make_bundle, write_bundle, zip_bundle
from exporter.site.site import is_site
from navkit.guidance.answers import refusal, route_answer
from navkit.guidance.measure import rounded_m, rounded_min
from navkit.guide import Guide
from navkit.network.network import build
from navkit.plan.groups import GROUPS
from navkit.route.profiles import profile as profile_of
from navkit.route.profiles import profiles
from navkit.route.reach import review
from navkit.route.routing import NoRouteError, Route
from navkit.venue.changes import Changes
from navkit.venue.comparing import are_comparable, differences
from navkit.venue.corrections import read as read_corrections
from navkit.venue.directory import read as read_directory
from navkit.venue.directory import with_parts_of_day
from navkit.venue.echo import echo as echoed
from navkit.venue.join import join
from navkit.venue.spreadsheet import as_csv
from navkit.venue.venue import Venue, about_to_write, name_in, write_whole, written
from navkit.venue.venue import load as load_venue
from navkit.words import folders
from navkit.words.findings import Finding, NavkitError, count_by_code
from navkit.words.languages import language_of, languages
from tools import fixing, hosting, scripting, serving, voicing, walking
from tools.checking import called, checked, in_words
from tools.given import InputFolder, OutputFile, OutputFolder, whatever_it_holds
from tools.listing import print_all, print_findings
from tools.terminal import (
    LANG,
    LANGS,
    LANGUAGE,
    WORDS,
    ProfileName,
    Progress,
    own_language,
    print_json,
    speaking,
    words,
)


@dataclass(frozen=True)
class Pages:
    """Printable pages that one command writes, recognised by their file names."""

    name: re.Pattern[str]

    def lie_in(self, folder: Path) -> bool:
        return any(self.name.fullmatch(file.name) for file in folder.iterdir())

    def write(self, folder: Path, pages: Sequence[tuple[str, str]]) -> None:
        """Write `pages`, and delete earlier ones: pages of two routes must not be mixed."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, svg in pages:
            write_whole(folder / name, svg.encode("utf-8"))
            click.echo(click.format_filename(folder / name))
        written = {name for name, _ in pages}
        for old in list(folder.iterdir()):
            if old.name not in written and self.name.fullmatch(old.name):
                old.unlink()


_CARDS = Pages(re.compile(r"\d{2,}-[\w-]*\.svg"))
_ANCHORS = Pages(re.compile(r"anchors-\d{2,}\.svg"))
_STEPS = Pages(re.compile(r"[a-z-]+-\d+-\d+\.svg"))


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="navkit", message="%(version)s")
@WORDS
def main() -> None:
    """Indoor navigation for hospitals that works with no network."""


@main.command("import")
@click.argument("plans", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--directory", type=click.Path(path_type=Path), help="Workbook or CSV of departments and rooms."
)
@click.option("--echo", type=OutputFile(), help="Write the directory as it was understood (CSV).")
@click.option("--corrections", type=click.Path(path_type=Path), help="JSON of corrections.")
@click.option(
    "--previous",
    type=click.Path(path_type=Path),
    help="The venue made from earlier drawings: what is drawn again keeps its ids.",
)
@click.option("-o", "--output", type=OutputFile(), required=True)
@click.option("--json", "as_json", is_flag=True, help="Print figures as JSON.")
@speaking
def import_(
    plans: tuple[Path, ...],
    directory: Path | None,
    echo: Path | None,
    corrections: Path | None,
    previous: Path | None,
    output: Path,
    as_json: bool,
) -> None:
    """Read floor PLANS (files or folders) and join them into one venue."""
    from floorplans.child import read_apart

    if echo and not directory:
        raise click.UsageError(words("echo-alone"))
    changes = read_corrections(corrections) if corrections else ()
    listed = read_directory(directory) if directory else None
    venue = join(
        read_apart(plans),
        listed,
        changes,
        [load_venue(previous)] if previous else (),
    )
    _save_opened(venue, output)
    said = with_parts_of_day(listed, Changes(changes).parts_of_day())
    if echo and said:
        write_whole(echo, as_csv(echoed(said, venue, own_language())))
    figures = {
        "levels": len(venue.levels),
        "spaces": len(venue.spaces),
        "doors": len(venue.doors),
        "connectors": len(venue.connectors),
        "places": len(venue.places),
        "findings": count_by_code(venue.findings),
    }
    if as_json:
        print_json(figures)
        return
    click.echo(words("figures", **figures))
    print_findings(venue.findings, len(venue.spaces))
    click.echo(words("wrote", files=", ".join(map(str, filter(None, (output, echo))))))
    click.echo(words("next", command=f"navkit check {output}"))


@main.command("mapping")
@click.argument("plans", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("-o", "--output", type=OutputFile(), help="Write mapping.toml for you to edit.")
@click.option("--svg", type=OutputFile(), help="Draw it, in a colour for each role.")
@speaking
def show_mapping(plans: tuple[Path, ...], output: Path | None, svg: Path | None) -> None:
    """Show what the layers of PLANS (DXF, DWG, SVG, PDF) are taken for."""
    from floorplans.child import read_apart
    from floorplans.mapping import written as mapping_of
    from floorplans.survey import survey, survey_drawn
    from tools.surveying import picture

    (answer,) = read_apart(plans, read=survey_drawn if svg else survey)
    layers = [finding for finding in answer.findings if finding.code == "layer-seen"]
    others = [one for one in answer.findings if one.code.startswith("georeference")]
    for finding in (*layers, *others):
        click.echo(finding.text(own_language()))
    if output:
        files = [one.where for one in answer.findings if one.code == "file-surveyed"]
        roles = {finding.where: str(finding.slots["role"]) for finding in layers}
        write_whole(output, mapping_of(roles, files).encode())
    if svg:
        write_whole(svg, picture(answer))
    if output or svg:
        click.echo(words("wrote", files=", ".join(map(str, filter(None, (output, svg))))))


def _save_opened(venue: Venue, file: Path) -> None:
    """Write `venue`, and open what was written as every other command does; if that fails, the
    file stays as it was."""
    with about_to_write(file, written(venue)) as beside:
        try:
            build(load_venue(beside))
        except Exception as error:
            found = error.finding if isinstance(error, NavkitError) else None
            why = {tag: found.text(tag) if found else repr(error)[:200] for tag in languages()}
            raise NavkitError("import-not-opened", str(file), why=why) from error


@main.command()
@click.argument("venue_file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
@click.option("--all", "everything", is_flag=True, help="Print every finding.")
@click.option("--html", type=OutputFile(), help="Also write it as a page, each level drawn.")
@click.option(
    "--underlay",
    "plans",
    multiple=True,
    type=click.Path(path_type=Path),
    help="With --html: drawings of the venue, whose walls are shown too.",
)
@click.option("--walk", is_flag=True, help="Also walk routes by what is said of them.")
@click.option(
    "--routes", type=click.IntRange(1), default=300, show_default=True, help="How many to walk."
)
@click.option(
    "--pictures", type=OutputFolder(_STEPS.lie_in), help="Folder for steps that led astray."
)
@speaking
def check(
    venue_file: Path,
    as_json: bool,
    everything: bool,
    html: Path | None,
    plans: tuple[Path, ...],
    walk: bool,
    routes: int,
    pictures: Path | None,
) -> None:
    """List what a venue still needs. Exit code 1 if staff must fix something."""
    venue = load_venue(venue_file)
    found = review(build(venue), profiles())
    findings = called(venue, (*venue.findings, *found.findings))
    walked = walking.walked(Guide(venue), routes) if walk else None
    if walked:
        findings += walking.worst(walked.walks)
        if pictures:
            _STEPS.write(pictures, [*walking.pictures(walked, own_language())])
    said = [*in_words(found)] + ([walking.in_words(walked.walks)] if walked else [])
    if html:
        from floorplans.child import read_apart
        from tools.reporting import report, walls_of

        walls = walls_of(read_apart(plans), venue) if plans else {}
        write_whole(html, report(venue, found, findings, said, venue_file.name, walls))
    if as_json:
        walks = {"walk": walking.as_json(walked.walks)} if walked else {}
        print_json(checked(venue, found, findings) | walks)
    else:
        click.echo("\n  ".join(said))
        if everything:
            print_all(findings)
        else:
            print_findings(findings, len(venue.spaces))
        if html:
            click.echo(words("wrote", files=str(html)))
    if any(f.severity == "error" for f in findings):
        sys.exit(1)


@main.command()
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
@click.option("--html", type=OutputFile(), help="Also write it as a page, each level drawn.")
@speaking
def diff(old: Path, new: Path, as_json: bool, html: Path | None) -> None:
    """Say what is new, gone, moved or renamed in the venue NEW, compared with OLD."""
    from tools import differing

    before, after = load_venue(old), load_venue(new)
    found = differences(before, after)
    if html:
        write_whole(html, differing.page_of(before, after, found, new.name))
    if as_json:
        print_json(differing.as_json(found))
        return
    click.echo("\n".join(differing.lines(found, where=are_comparable(before, after))))
    if html:
        click.echo(words("wrote", files=str(html)))


@main.command()
@click.argument("venue_file", type=click.Path(path_type=Path))
@click.argument("start")
@click.argument("goal")
@click.option("--profile", type=ProfileName(), default="walk", show_default=True)
@click.option("--group", type=click.Choice(GROUPS), help="Such as fever patients.")
@LANG
@click.option("--closed", multiple=True, metavar="ID", help="Door, connector, space or path.")
@click.option("--depart", default="", metavar="TIME", help="Local time, 2026-03-02T09:30.")
@click.option("--json", "as_json", is_flag=True, help="Print the route as JSON.")
@click.option("--svg", type=OutputFile(), help="Draw the route as SVG.")
@speaking
def route(
    venue_file: Path,
    start: str,
    goal: str,
    profile: str,
    group: str | None,
    lang: str,
    closed: tuple[str, ...],
    depart: str,
    as_json: bool,
    svg: Path | None,
) -> None:
    """Print the route from START to GOAL: ids, names, aliases, door numbers or category:toilet."""
    guide = Guide(load_venue(venue_file))
    walker = replace(profile_of(profile), group=group or "")
    try:
        found = guide.route(start, goal, walker, depart, closed)
    except NoRouteError as error:
        if as_json:
            print_json(refusal(error.finding))
        raise
    told = guide.tell(found, lang)
    if svg:
        from exporter.paper.cards import route_svg

        write_whole(svg, route_svg(found, told).encode("utf-8"))
    if as_json:
        print_json(route_answer(found, told))
        return
    if not found.darts:
        click.echo(_already_there(found, lang))
        return
    click.echo(told.overview.text)
    for number, instruction in enumerate(told.instructions, start=1):
        click.echo(f"{number:3}. {instruction.text}")
    for notice in told.notices:
        click.echo(f"   * {notice.text}")
    for other in told.alternatives:
        click.echo(f"   * {other}")
    click.echo(how_far(found))


def how_far(found: Route) -> str:
    """The last line of a route, the same as `cli.mjs` of the runtime prints."""
    minutes = rounded_min(found.duration_ms) or "< 1"
    return f"{rounded_m(found.length_cm)} m, {minutes} min"


def _already_there(found: Route, language: str) -> str:
    """The message instead of steps if start and goal are the same spot."""
    venue, goal = found.network.venue, found.goal
    things = [venue.anchors[goal.anchor]] if goal.anchor >= 0 else [venue.places[goal.places[0]]]
    name = name_in(things[0].names, language) or things[0].id
    return Finding("cli-already-there", "", {"name": name}).text(language)


@main.command()
@click.argument("venue_file", metavar="VENUE", type=click.Path(path_type=Path))
@click.option("-o", "--output", type=OutputFolder(is_bundle), required=True, help="Folder.")
@LANGS
@click.option("--zip", "zip_file", type=OutputFile(), help="One file of it all.")
@click.option("--voice", "engine", metavar="ENGINE", help="pyttsx3, kokoro, none, your own …")
@click.option("--voice-name", "voices", type=(LANGUAGE, str), multiple=True, help="Its voice.")
@click.option("--recorded", type=OutputFolder(whatever_it_holds), help="Folder of recorded clips.")
@click.option("--pack", "packs", multiple=True, type=InputFolder(), help="A voice to choose.")
@click.option("--photos", type=InputFolder(), help="Folder of the venue's photos.")
@click.option("--sheet", type=OutputFile(), help="Review sheet of names, CSV.")
@click.option("--site", type=OutputFolder(is_site), help="Also the page, with the bundle.")
@click.option("--issued", default="", metavar="DATE", help="Date of the site; today unless given.")
@click.option("--url", default="", metavar="URL", help="Where the site will be published.")
@click.option("--json", "as_json", is_flag=True, help="Print sizes as JSON.")
@speaking
def export(
    venue_file: Path,
    output: Path,
    languages: tuple[str, ...],
    zip_file: Path | None,
    engine: str | None,
    voices: tuple[tuple[str, str], ...],
    recorded: Path | None,
    packs: tuple[Path, ...],
    photos: Path | None,
    sheet: Path | None,
    site: Path | None,
    issued: str,
    url: str,
    as_json: bool,
) -> None:
    """Write the bundle that a phone caches: plans, network, names, phrases, routes, clips."""
    from exporter.bundle.photos import MOST_BYTES

    date, address = hosting.issue_date(issued), hosting.site_address(url)
    sheet = sheet or output.with_name(f"{output.name}-names.csv")
    tags = tuple(dict.fromkeys(languages))
    venue, findings = voicing.reviewed(load_venue(venue_file), tags, sheet)
    voice = voicing.voice_of(engine, voices, recorded, packs)
    bundle = make_bundle(Guide(venue), tags, Progress(), voice, photos)
    if zip_file:
        write_whole(zip_file, zip_bundle(bundle))
    write_bundle(bundle, output)
    if site:
        hosting.publish(bundle, site, date, address)
    sizes: dict[str, dict[str, int]] = {}
    for part in bundle.parts:
        size = sizes.setdefault(part.role, {"files": 0, "bytes": 0, "gzip_bytes": 0})
        size["files"] += 1
        size["bytes"] += len(part.content)
        size["gzip_bytes"] += part.gzipped_bytes
    if as_json:
        counts = count_by_code((*findings, *bundle.findings))
        text_only = [tag for tag in tags if tag not in bundle.clips]
        said = {"clips": bundle.clips, "text_only": text_only}
        print_json({"parts": sizes, **said, "rooms": bundle.rooms, "findings": counts})
        return
    for role, size in sizes.items():
        click.echo(f"  {role:10} {size['files']:3} files {size['gzip_bytes']:8} bytes gzipped")
    if photo := sizes.get("photo"):
        budget = words("photos", count=photo["files"], bytes=photo["bytes"], most=MOST_BYTES)
        click.echo(f"  {budget}")
    voicing.print_voices(bundle, tags)
    print_findings((*findings, *bundle.findings))
    written = filter(None, (output, zip_file, site, sheet))
    click.echo(words("wrote", files=", ".join(map(str, written))))


@main.command()
@click.argument(
    "venue_files", metavar="VENUE...", nargs=-1, required=True, type=click.Path(path_type=Path)
)
@click.option("--markdown", is_flag=True, help="Print a Markdown table.")
@speaking
def bench(venue_files: tuple[Path, ...], markdown: bool) -> None:
    """Measure query times compared with networkx, and bundle bytes per room."""
    from tools.bench import measure, table

    rows = [measure(file) for file in venue_files]
    click.echo(table(rows, markdown=markdown))


@main.command("languages")
@speaking
def list_languages() -> None:
    """Say which languages there are, and what one from outside leaves to its fallback."""
    for tag in languages():
        own = language_of(tag)
        left = folders.missing(own) if own.is_outside else []
        click.echo(f"{tag:10} {own.name}")
        for path in left:
            click.echo(f"           {path}")


main.add_command(hosting.site)
main.add_command(serving.keys_)
main.add_command(serving.publish)
main.add_command(serving.heal)
main.add_command(serving.serve)
main.add_command(voicing.say)
main.add_command(voicing.voice)
main.add_command(scripting.script)
main.add_command(fixing.fix)


@main.command()
@click.argument("venue_file", metavar="VENUE", type=click.Path(path_type=Path))
@click.argument("start")
@click.argument("goal")
@click.option("-o", "--output", type=OutputFolder(_CARDS.lie_in), required=True, help="Folder.")
@click.option("--large-print", is_flag=True, help="Text of 18 points and more, black on white.")
@click.option("--profile", type=ProfileName(), default="walk", show_default=True)
@LANG
@speaking
def card(
    venue_file: Path,
    start: str,
    goal: str,
    output: Path,
    large_print: bool,
    profile: str,
    lang: str,
) -> None:
    """Print the route from START to GOAL: a page of A4 (SVG) for each floor walked."""
    from exporter.paper.cards import cards

    guide = Guide(load_venue(venue_file))
    found = guide.route(start, goal, profile_of(profile))
    if not found.darts:
        raise NavkitError("already-there-no-card", f"{start}, {goal}")
    pages = cards(found, guide.tell(found, lang), large_print=large_print)
    _CARDS.write(output, pages)


@main.command()
@click.argument("venue_file", metavar="VENUE", type=click.Path(path_type=Path))
@click.option("-o", "--output", type=OutputFolder(_ANCHORS.lie_in), required=True, help="Folder.")
@LANG
@click.option(
    "--url", default="", metavar="BASE", help="Where the venue is published; else navkit:CODE."
)
@speaking
def anchors(venue_file: Path, output: Path, lang: str, url: str) -> None:
    """Print the codes to hang on walls: pages of A4 (SVG) to cut out."""
    from exporter.paper.anchors import anchor_sheet

    address = hosting.site_address(url) or None
    _ANCHORS.write(output, anchor_sheet(load_venue(venue_file), lang, address))


if __name__ == "__main__":
    main()
