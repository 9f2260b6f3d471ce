"""How the command speaks: findings, progress and errors in the reader's language."""

import json
import os
import sys
import time
from collections.abc import Callable
from functools import wraps
from typing import Any

import click

from navkit.route.profiles import profiles
from navkit.words import folders
from navkit.words.findings import LOG_LANGUAGE, Finding, NavkitError
from navkit.words.languages import default_language, languages, nearest
from tools.given import look_at


class LanguageTag(click.ParamType[str]):
    """The tag of a language; a usage line lists those that there are."""

    name = "language"

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        return f"[{'|'.join(folders.built_in())}|…]"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if value in languages():
            return value
        known = ", ".join(languages())
        said = Finding("unknown-language", value, {"known": known})
        self.fail(said.text(own_language()), param, ctx)


def _words_from(ctx: click.Context, param: click.Parameter, given: tuple[str, ...]) -> None:
    """Into the environment, so that processes of their own speak the language too."""
    if given:
        os.environ[folders.VARIABLE] = os.pathsep.join(map(os.path.abspath, given))
    try:
        languages()
    except NavkitError as error:
        raise click.UsageError(error.finding.text(own_language()), ctx) from None


LANGUAGE = LanguageTag()
WORDS = click.option(
    "--words",
    multiple=True,
    type=click.Path(),
    metavar="FOLDER",
    expose_value=False,
    callback=_words_from,
    help="A language of your own.",
)
LANG = click.option(
    "--lang", type=LANGUAGE, default=default_language, show_default="the first of them"
)
LANGS = click.option(
    "--lang", "languages", type=LANGUAGE, multiple=True, default=languages, show_default="all"
)


class ProfileName(click.ParamType[str]):
    """The id of a profile; a usage line lists the known ones."""

    name = "profile"

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        return f"[{'|'.join(profiles())}]"


def own_language() -> str:
    """The language of findings and errors: `NAVKIT_LANG`, else the system's, else English."""
    said = os.environ.get("NAVKIT_LANG") or os.environ.get("LC_ALL") or os.environ.get("LANG", "")
    try:
        return nearest([said]) or LOG_LANGUAGE
    except NavkitError:
        # What is wrong with a folder of words has to be said in other words.
        return folders.nearest([said], folders.built_in().values()) or LOG_LANGUAGE


def speaking(command: Callable[..., None]) -> Callable[..., None]:
    """Errors as one sentence, its code and exit code 2: what, where, what next. No traceback.

    The command's paths are checked before it begins.
    """

    @wraps(command)
    def wrapped(*args: Any, **kwargs: Any) -> None:
        try:
            look_at(click.get_current_context().command.params, kwargs)
            command(*args, **kwargs)
        except NavkitError as error:
            finding = error.finding
        except BrokenPipeError:
            # Whoever reads has read enough, as `head` does.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return
        except OSError as error:
            why = error.strerror or str(error)
            finding = Finding("cannot-write", str(error.filename or ""), {"why": why})
        else:
            return
        click.echo(f"navkit: {finding.text(own_language())} [{finding.code}]", err=True)
        sys.exit(2)

    return wrapped


def print_json(value: object) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=1))


def words(what: str, **slots: object) -> str:
    """A text of the command line, in the reader's language."""
    return Finding(f"cli-{what}", "", {k: str(v) for k, v in slots.items()}).text(own_language())


class Progress:
    """Progress of a long command: in place on a terminal, now and then in a log."""

    EVERY_S = 5.0

    def __init__(self) -> None:
        self._last_s = 0.0

    def __call__(self, text: str) -> None:
        if sys.stderr.isatty():
            click.echo(f"\r{text}\033[K", err=True, nl=False)
        elif time.monotonic() - self._last_s >= self.EVERY_S:
            click.echo(text, err=True)
            self._last_s = time.monotonic()
