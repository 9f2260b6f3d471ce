"""How the command speaks: findings, progress and errors in the reader's language."""

import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

import click

from navkit.route.profiles import profiles
from navkit.words.findings import LANGUAGES, Finding, NavkitError
from tools.given import look_at

LANGUAGE = click.Choice(LANGUAGES)


class ProfileName(click.ParamType[str]):
    """The id of a profile; a usage line lists those that there are."""

    name = "profile"

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        return f"[{'|'.join(profiles())}]"


def own_language() -> str:
    """The language of findings and errors: `NAVKIT_LANG`, else the system's, else English."""
    said = os.environ.get("NAVKIT_LANG") or os.environ.get("LC_ALL") or os.environ.get("LANG", "")
    if said in LANGUAGES:
        return said
    if said.startswith(("zh_TW", "zh_HK", "zh_MO")):
        return "zh-Hant"
    return "zh-Hans" if said.startswith("zh") else "en"


def speaking(command: Callable[..., None]) -> Callable[..., None]:
    """Errors as one sentence, its code and exit code 2: what, where, what next. No traceback.

    The paths that the command is given are looked at before it begins.
    """

    @wraps(command)
    def wrapped(*args: Any, **kwargs: Any) -> None:
        try:
            look_at(click.get_current_context().command.params, kwargs)
            command(*args, **kwargs)
        except NavkitError as error:
            finding = error.finding
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
    """What the command says, in the reader's language."""
    return Finding(f"cli-{what}", "", {k: str(v) for k, v in slots.items()}).text(own_language())


def print_findings(findings: Sequence[Finding], each: int = 5) -> None:
    """Findings by code, errors first, the first few of each in words."""
    rank = {"error": 0, "warning": 1, "note": 2}
    by_code: dict[str, list[Finding]] = {}
    for finding in findings:
        by_code.setdefault(finding.code, []).append(finding)
    for code, group in sorted(by_code.items(), key=lambda g: (rank[g[1][0].severity], g[0])):
        click.echo(f"  {words(group[0].severity):8}{len(group):5}  {code}")
        if group[0].severity != "note":
            for finding in group[:each]:
                click.echo(f"             {finding.text(own_language())}")
            if len(group) > each:
                click.echo(f"             {words('more', count=len(group) - each)}")


class Progress:
    """How far a long command has come: in place on a terminal, now and then in a log."""

    EVERY_S = 5.0

    def __init__(self) -> None:
        self._last_s = 0.0

    def __call__(self, text: str) -> None:
        if sys.stderr.isatty():
            click.echo(f"\r{text}\033[K", err=True, nl=False)
        elif time.monotonic() - self._last_s >= self.EVERY_S:
            click.echo(text, err=True)
            self._last_s = time.monotonic()
