"""`studykit families`: what problems there are, their levels, steps and the mistakes they name."""

from __future__ import annotations

import click

from studykit.cli.group import Context
from studykit.cli.output import print_json, print_table
from studykit.problems import families, families_json, own
from studykit.study.home import Home
from studykit.study.settings import load


@click.command("families")
@click.option("--json", "as_json", is_flag=True, help="As a JSON list, with steps and mistakes.")
@click.pass_obj
def command(context: Context, as_json: bool) -> None:
    """List the families of problems, with your own where the setting own_families allows them.

    Draw one with `studykit problem NAME`.
    """
    load(Home.find(context.home))
    for fault in own().faults:
        click.echo(f"{fault.file}:{fault.line}: {fault.message}", err=True)
    if as_json:
        print_json(families_json())
        return
    print_table(
        ("family", "title", "topic", "levels", "mistakes"),
        [
            (
                family.name,
                family.title,
                family.topic,
                " ".join(str(level) for level in family.levels),
                len({mistake.name for mistake in family.mistakes}),
            )
            for family in families().values()
        ],
        right="    r",
    )
