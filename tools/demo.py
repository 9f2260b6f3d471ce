"""The main job on the example hospital: from drawings to the page that a phone opens."""

import argparse
import shutil
import subprocess
import sys
import time
from contextlib import suppress
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import exporter
from exporter.paper.picture import venue_picture
from navkit.guide import Guide
from navkit.venue.venue import load, write_whole

ROOT = Path(__file__).parents[1]
HOSPITAL = ROOT / "examples" / "hospital" / "draw.py"
PORT = 8000
"""Of the page. Always the same, so that a browser finds again what it has stored."""
RUNTIME = Path(exporter.__file__).parent / "runtime" / "platform" / "cli.mjs"

TRIPS = (
    ("A101", "r-mz-2F-205", "walk"),
    ("mz-1F-D-main", "r-yj-1F-113", "elderly"),
    ("yj-1F-D-er", "zy-9F-905", "wheelchair"),
)
"""Start, goal and profile: to an examination, over a bridge, up a tower without a step."""


def main(out: Path) -> None:
    """Draw, import, check, route, export, print, and route again in JavaScript."""
    begun = time.monotonic()
    python, navkit = sys.executable, str(Path(sys.executable).with_name("navkit"))
    drawings, venue = out / "drawings", out / "venue.json"
    if (out / "drawings").is_dir():
        shutil.rmtree(out)
    elif out.is_file() or any(out.glob("*")):
        sys.exit(f"{out} holds something else than a demo. Name another folder: make demo OUT=…")
    _run("Drawing the example hospital", python, str(HOSPITAL), str(drawings))
    _run(
        "Importing its plans, directory and corrections",
        *(navkit, "import", str(drawings / "plans"), "-o", str(venue)),
        *("--directory", str(drawings / "directory.csv")),
        *("--corrections", str(drawings / "corrections.json")),
    )
    _run("Checking who can reach what", navkit, "check", str(venue))
    for start, goal, profile in TRIPS:
        _run(
            f"From {start} to {goal} ({profile})",
            *(navkit, "route", str(venue), start, goal, "--profile", profile),
        )
    start, goal, profile = TRIPS[2]
    trip = (start, goal, "--profile", profile)
    cards = out / "cards"
    _run("Route cards to print", navkit, "card", str(venue), *trip, "-o", str(cards))
    _run(
        "… and in large print",
        *(navkit, "card", str(venue), *trip, "--large-print", "-o", str(out / "cards-large")),
    )
    _run("Codes for the walls", navkit, "anchors", str(venue), "-o", str(out / "anchors"))
    _run(
        "Exporting the bundle and the page (every scripted route and clip, some minutes)",
        *(navkit, "export", str(venue), "-o", str(out / "bundle")),
        *("--zip", str(out / "bundle.zip"), "--site", str(out / "site")),
        *("--photos", str(drawings / "photos")),
    )
    _run("What is spoken, and what is text", navkit, "voice", "check", str(out / "bundle"))
    if shutil.which("node"):
        _run(
            "The same route on the phone's side, in JavaScript",
            *("node", str(RUNTIME), str(out / "bundle"), *trip),
        )
    else:
        print("\n== node is missing, so the phone's runtime was not shown.")
    print("\n== Drawing the picture", flush=True)
    write_whole(out / "picture.svg", venue_picture(Guide(load(venue))).encode("utf-8"))
    print(f"\nDone in {time.monotonic() - begun:.0f} s. Open next:")
    print(f"  {out / 'site' / 'index.html'}   the page, in a browser")
    print(f"  {out / 'picture.svg'}   the hospital and one way through it")
    print(f"  {cards}/   the way as cards of A4, {out / 'cards-large'}/ in large print")
    print(f"  {out / 'anchors'}/   codes to hang on walls")
    print(f"  {out / 'bundle.zip'}   what a phone or a USB stick carries")
    print(f"  {out / 'bundle-names.csv'}   how every name is said, for staff to sign")
    print(f"Ask for more: {navkit} route {venue} A101 category:pharmacy --lang en")
    offer(out / "site")


def offer(site: Path) -> None:
    """Serve the page until somebody stops it; away from a terminal, say by which command."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        print(f"Serve the page: python3 -m http.server --bind 127.0.0.1 --directory {site} {PORT}")
        return
    handler = partial(_Quiet, directory=str(site))
    try:
        server = ThreadingHTTPServer(("127.0.0.1", PORT), handler)
    except OSError:  # Somebody else has that port.
        server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    with server, suppress(KeyboardInterrupt):
        print(f"The page is at http://127.0.0.1:{server.server_port}/ until you press Ctrl+C.")
        server.serve_forever()
    print("\nStopped. What was made stays.")


class _Quiet(SimpleHTTPRequestHandler):
    """Without a line for each request."""

    def log_message(self, *_: object) -> None:
        pass


def _run(title: str, *words: str) -> None:
    """Run one step under its title; the demo ends if a step fails."""
    print(f"\n== {title}", flush=True)
    code = subprocess.run(words, check=False).returncode
    if code:
        sys.exit(f"This step failed with exit code {code}: {' '.join(words)}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path, help="folder to write into; an older demo is replaced")
    main(parser.parse_args().out)
