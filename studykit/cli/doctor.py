"""`studykit doctor`: is everything sound, and what does studykit make of this terminal?"""

from __future__ import annotations

import os
import platform
import shutil
import sqlite3
import sys
from importlib.metadata import version

import click

from studykit import __version__
from studykit.cli.group import Context
from studykit.cli.output import print_json, print_table
from studykit.study.doctor import examine
from studykit.study.home import Home
from studykit.terminal import full_screen

SYMBOLS = {"sound": "✓", "mended": "✓ mended", "wrong": "✗", "unreadable": "✗"}


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="As one JSON object.")
@click.pass_context
def command(ctx: click.Context, as_json: bool) -> None:
    """Look over your progress, backups, settings and decks, and mend what can be mended.

    Exits 0 when nothing was found, 1 when something was (a second run finds nothing that was
    mended), 2 when your progress cannot be read.
    """
    context: Context = ctx.obj
    found = examine(Home.find(context.home))
    about = facts()
    if as_json:
        print_json(
            {
                "ok": all(one.state == "sound" for one in found),
                "checks": [
                    {"name": one.name, "state": one.state, "says": one.says} for one in found
                ],
                "facts": about,
            }
        )
    else:
        print_table(
            ("what", "", "found"), [(one.name, SYMBOLS[one.state], one.says) for one in found]
        )
        click.echo()
        print_table(("this machine", ""), list(about.items()))
    states = {one.state for one in found}
    ctx.exit(2 if "unreadable" in states else 1 if states - {"sound"} else 0)


def facts() -> dict[str, str]:
    """Versions, and what decides between the full screen and line mode."""
    size = shutil.get_terminal_size((0, 0))
    return {
        "studykit": __version__,
        "python": platform.python_version(),
        "system": platform.platform(terse=True),
        "sqlite": sqlite3.sqlite_version,
        "textual": version("textual"),
        "terminal": os.environ.get("TERM", "not named"),
        "size": f"{size.columns}×{size.lines}" if size.columns else "no terminal",
        "colours": "none (NO_COLOR)" if "NO_COLOR" in os.environ else _colours(),
        "encoding": sys.stdout.encoding,
        "opens": "the full screen" if full_screen() else "line mode",
    }


def _colours() -> str:
    if os.environ.get("COLORTERM") in ("truecolor", "24bit"):
        return "16 million"
    return "256" if "256" in os.environ.get("TERM", "") else "16"
