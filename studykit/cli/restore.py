"""`studykit restore`: put a backup in the place of your progress."""

from __future__ import annotations

from datetime import datetime

import click

from studykit.cli.backup import answers, when
from studykit.cli.group import Context
from studykit.study.backups import Backup, find_backup, present, restore
from studykit.study.collection import system_clock
from studykit.study.home import Home


@click.command("restore")
@click.argument("file")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_context
def command(ctx: click.Context, file: str, yes: bool) -> None:
    """Put a backup back: FILE, the name of one that `backup --list` shows, or `latest`.

    The backup is looked over first, and your present progress becomes a backup itself.
    """
    context: Context = ctx.obj
    home = Home.find(context.home)
    found = find_backup(home, file)
    now = present(home)
    click.echo(f"{found.path}\nmade {when(found)}, holds {answers(found)}{last(found)}.", err=True)
    if now is not None:
        more = now.reviews - found.contents.reviews
        gone = f", {more} of them given since" if more > 0 else ""
        click.echo(f"Your progress holds {now.reviews}{gone}; it is kept as a backup.", err=True)
    elif home.db.exists():
        click.echo("Your present progress cannot be read; it is kept as it is.", err=True)
    if not yes and not agreed():
        click.echo("Nothing was changed.", err=True)
        ctx.exit(1)
    kept = restore(home, found.path, system_clock())
    click.echo(f"Restored {answers(found)}.", err=True)
    if kept is not None:
        click.echo(f"What was there before is {kept}", err=True)


def agreed() -> bool:
    """Whether the learner says yes; the end of the input is a no."""
    try:
        return click.confirm("Put the backup in its place?", err=True)
    except click.Abort:
        click.echo(err=True)
        return False


def last(backup: Backup) -> str:
    """When its last answer was given, in words."""
    if backup.contents.last_ms is None:
        return ""
    given = datetime.fromtimestamp(backup.contents.last_ms // 1000)
    return f", the last of {given.isoformat(' ', timespec='minutes')}"
