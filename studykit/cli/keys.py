"""`studykit keys`: every command of the app by its id, with its keys."""

from __future__ import annotations

from typing import cast

import click

from studykit.cli.group import Context
from studykit.cli.output import print_json, print_table
from studykit.study.home import Home


@click.command("keys")
@click.option("--json", "as_json", is_flag=True, help="As a JSON list.")
@click.pass_context
def command(ctx: click.Context, as_json: bool) -> None:
    """List the commands of the app by id, with their keys.

    To change one, write its id into config.toml: a table [keys] with a line like reveal = "x,f9".
    Exits 1 when something in that table cannot be used.
    """
    context: Context = ctx.obj
    home = Home.find(context.home)
    rows, wrong = context.keys(home)
    if as_json:
        print_json(rows)
    else:
        print_table(
            ("command", "keys", "what it does", "where"),
            [
                (row["id"], _keys(row), row["says"], ", ".join(cast("list[str]", row["screens"])))
                for row in rows
            ],
        )
    for said in wrong:
        click.echo(f"{home.config}: {said}", err=True)
    ctx.exit(1 if wrong else 0)


def _keys(row: dict[str, object]) -> str:
    """The keys, and those the command had from the start where they were changed."""
    keys = " ".join(cast("list[str]", row["keys"]))
    own = " ".join(cast("list[str]", row["default"]))
    return keys if keys == own else f"{keys} (was {own})"
