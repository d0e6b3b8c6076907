"""`studykit study`: straight into a session over some decks or deck files."""

from __future__ import annotations

from pathlib import Path

import click

from studykit.cli.group import Context
from studykit.study.start import Start


@click.command("study")
@click.argument("what", nargs=-1, metavar="[DECK|PATH]...")
@click.option("--plain", is_flag=True, help="Line mode: no full screen, for readers and pipes.")
@click.option("--limit", type=click.IntRange(1), help="Stop after this many cards.")
@click.option("--new", type=click.IntRange(0), help="New cards today, instead of the setting.")
@click.option("--tag", default="", help="Only cards with this tag.")
@click.option("--cram", is_flag=True, help="Go through cards now; leaves the schedule as it is.")
@click.pass_context
def command(
    ctx: click.Context,
    what: tuple[str, ...],
    plain: bool,
    limit: int | None,
    new: int | None,
    tag: str,
    cram: bool,
) -> None:
    """Study decks: due cards first, then new ones.

    DECK is a deck's id as `studykit decks` lists it; PATH a deck file or a folder of them.
    """
    context: Context = ctx.obj
    paths = tuple(Path(one) for one in what if is_path(one))
    decks = tuple(one for one in what if not is_path(one))
    start = Start(
        home=context.home,
        paths=paths,
        decks=decks,
        plain=plain,
        study=True,
        limit=limit,
        new=new,
        tag=tag,
        cram=cram,
        theme=context.theme,
    )
    ctx.exit(context.launch(start))


def is_path(text: str) -> bool:
    """A separator, a YAML ending or an existing file makes it a path; anything else is an id."""
    return "/" in text or text.endswith((".yaml", ".yml")) or Path(text).exists()
