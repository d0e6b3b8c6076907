"""`studykit decks`: every deck with what is new, learning and due today."""

from __future__ import annotations

import click

from studykit.cli.group import Context
from studykit.cli.output import print_json, print_table
from studykit.study.collection import Collection
from studykit.study.home import Home
from studykit.study.settings import load


@click.command("decks")
@click.option("--json", "as_json", is_flag=True, help="As a JSON list.")
@click.pass_obj
def command(context: Context, as_json: bool) -> None:
    """List decks with their counts: new, learning, due today, suspended, total.

    A deck that is off is studied only when you name it.
    """
    home = Home.find(context.home)
    with Collection.open(home, settings=load(home), read_only=True) as collection:
        decks = collection.decks()
        for fault in collection.faults:
            click.echo(str(fault), err=True)
    if as_json:
        names = ("id", "title", "total", "new", "learning", "due", "suspended", "off")
        print_json([{name: getattr(deck, name) for name in names} for deck in decks])
        return
    if not decks:
        click.echo(f"No decks yet. Put YAML decks into {home.decks}.", err=True)
        return
    print_table(
        ("deck", "title", "new", "learning", "due", "suspended", "total", ""),
        [
            (
                deck.id,
                deck.title,
                deck.new,
                deck.learning,
                deck.due,
                deck.suspended,
                deck.total,
                "off" if deck.off else "",
            )
            for deck in decks
        ],
        right="  rrrrr",
    )
