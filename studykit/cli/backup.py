"""`studykit backup`: a complete copy of your progress, or the list of those there are."""

from __future__ import annotations

from pathlib import Path

import click

from studykit.cli.group import Context
from studykit.cli.output import print_json, print_table
from studykit.study.backups import Backup, backups, make_backup
from studykit.study.collection import system_clock
from studykit.study.home import Home


@click.command("backup")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--list", "listed", is_flag=True, help="List the backups instead of making one.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@click.pass_obj
def command(context: Context, file: Path | None, listed: bool, as_json: bool) -> None:
    """Copy your progress to FILE, or among the backups beside it.

    Works while the app is open. `studykit restore` puts a backup back.
    """
    home = Home.find(context.home)
    if listed and file:
        raise click.UsageError("--list takes no FILE.")
    found = backups(home) if listed else [make_backup(home, file, system_clock())]
    if as_json:
        shown = [described(one) for one in found]
        print_json(shown if listed else shown[0])
    elif not listed:
        click.echo(found[0].path)
        click.echo(f"{answers(found[0])} saved, {kilobytes(found[0])}.", err=True)
    elif found:
        print_table(
            ("made", "answers", "size", "file"),
            [(when(one), one.contents.reviews, kilobytes(one), one.path.name) for one in found],
            right=" rr",
        )
    else:
        click.echo(f"There are no backups in {home.backups}.", err=True)


def described(one: Backup) -> dict[str, object]:
    """A backup as JSON."""
    return {
        "file": str(one.path),
        "made": one.made.isoformat(timespec="seconds"),
        "bytes": one.size,
        "reviews": one.contents.reviews,
    }


def answers(one: Backup) -> str:
    """How much it holds, in words."""
    count = one.contents.reviews
    return f"{count} {'answer' if count == 1 else 'answers'}"


def when(one: Backup) -> str:
    return one.made.isoformat(" ", timespec="minutes")


def kilobytes(one: Backup) -> str:
    return f"{max(1, round(one.size / 1000))} kB"
