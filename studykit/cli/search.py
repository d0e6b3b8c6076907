"""`studykit search`: the cards and families that a query finds, as in Browse."""

from __future__ import annotations

import click

from studykit.cli.group import Context
from studykit.cli.output import print_json, print_table
from studykit.study.catalogue import Catalogue
from studykit.study.collection import Collection
from studykit.study.fields import query_help
from studykit.study.home import Home
from studykit.study.query import Unread, read_query
from studykit.study.settings import load
from studykit.typeset import clean, one_line, plain


@click.command("search")
@click.argument("query", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="As one JSON object.")
@click.option("--fields", is_flag=True, help="Explain the query language.")
@click.pass_context
def command(ctx: click.Context, query: tuple[str, ...], as_json: bool, fields: bool) -> None:
    """Find cards and families: words, deck:scaling, is:due, mistake:no-scale, -word.

    A query that begins with a minus stands after --. Exits 1 when nothing is found, 2 when the
    query cannot be read.
    """
    if fields:
        click.echo(plain(query_help(), width=88))
        return
    text = " ".join(query)
    node = read_query(text)
    if isinstance(node, Unread):
        click.echo(f"  {clean(text)}\n  {' ' * node.position}^\n{clean(node.cause)}", err=True)
        ctx.exit(2)
    context: Context = ctx.obj
    home = Home.find(context.home)
    with Collection.open(home, settings=load(home), read_only=True) as collection:
        catalogue = Catalogue(collection)
        for _ in catalogue.fill():
            pass
        found = catalogue.find(node)
        nothing = "" if found else catalogue.nothing(node)
    cards = [entry for entry in found if catalogue.is_card(entry)]
    families = [entry for entry in found if not catalogue.is_card(entry)]
    if as_json:
        print_json(
            {
                "cards": [_card(catalogue, entry) for entry in cards],
                "families": [catalogue.ids[entry] for entry in families],
            }
        )
    elif cards:
        print_table(
            ("card", "kind", "deck", "due", "front"),
            [
                (
                    catalogue.ids[entry],
                    catalogue.kinds[entry],
                    catalogue.decks[entry],
                    catalogue.state(entry),
                    one_line(catalogue.fronts[entry]),
                )
                for entry in cards
            ],
        )
    if families and not as_json:
        click.echo(f"Families: {', '.join(catalogue.ids[entry] for entry in families)}")
    if nothing:
        click.echo(clean(nothing), err=True)
        ctx.exit(1)


def _card(catalogue: Catalogue, entry: int) -> dict[str, object]:
    memory, suspended, buried_until = catalogue.standing(entry)
    return {
        "id": catalogue.ids[entry],
        "deck": catalogue.decks[entry],
        "kind": catalogue.kinds[entry],
        "front": catalogue.fronts[entry],
        "family": catalogue.families[entry] or None,
        "level": next(iter(catalogue.levels[entry]), None),
        "state": catalogue.state(entry),
        "due_in": memory.due - catalogue.day if memory else None,
        "suspended": suspended,
        "buried": buried_until > catalogue.day,
        "reps": memory.reps if memory else 0,
        "lapses": memory.lapses if memory else 0,
    }
