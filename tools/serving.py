"""Commands for whoever runs the server."""

import sys
from pathlib import Path

import click

from navkit.findings import NavkitError
from tools.terminal import speaking, words


@click.command()
@click.option("--data", type=click.Path(path_type=Path), default=Path("data"), show_default=True)
@click.option("--port", type=click.IntRange(0, 65535), default=8080, show_default=True)
@click.option("--host", default="127.0.0.1", show_default=True, help="0.0.0.0 is every network.")
@speaking
def serve(data: Path, port: int, host: str) -> None:
    """Serve the console for staff, and what phones read."""
    try:
        from server import serving
    except ImportError as error:
        raise NavkitError("server-not-installed", str(error.name)) from None
    settings = serving.from_environment(data)
    serving.prepare(settings)
    if serving.first_start(settings, _ask_password):
        click.echo(words("first-start"))
    address = f"http://{'localhost' if host in ('127.0.0.1', '0.0.0.0') else host}:{port}/"
    click.echo(words("serving", address=address, folder=data))
    serving.serve(settings, host, port)


def _ask_password() -> str:
    """From whoever sits at the terminal; empty where nobody does."""
    if not sys.stdin.isatty():
        return ""
    said: str = click.prompt(words("ask-password"), hide_input=True, confirmation_prompt=True)
    return said
