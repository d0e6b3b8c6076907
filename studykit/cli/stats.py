"""`studykit stats`: what your log says, as text for people or as JSON."""

from __future__ import annotations

import shutil
from textwrap import fill

import click

from studykit.cli.group import Context
from studykit.cli.output import print_json, print_table
from studykit.study.collection import Collection
from studykit.study.home import Home
from studykit.study.settings import load
from studykit.study.statistics.page import Page
from studykit.study.statistics.pages import pages
from studykit.study.statistics.report import as_json
from studykit.typeset import clean, plain

MEASURE = 88


@click.command("stats")
@click.option("--json", "as_json_", is_flag=True, help="As one JSON object.")
@click.option("--year", is_flag=True, help="Over 52 weeks instead of 30 days.")
@click.pass_obj
def command(context: Context, as_json_: bool, year: bool) -> None:
    """Answers, retention, forecast, memory, time, calibration, mistakes and decks.

    The JSON object has the keys day, goal, totals, days, retention, retention_by_week, forecast,
    stability, difficulty, time, calibration, mistakes, mistakes_by_day, decks and topics. Days are
    dates, shares run from 0 to 1.
    """
    home = Home.find(context.home)
    with Collection.open(home, settings=load(home), read_only=True) as collection:
        stats = collection.statistics()
    if as_json_:
        print_json(as_json(stats))
        return
    width = min(MEASURE, shutil.get_terminal_size().columns)
    for number, page in enumerate(pages(stats, "year" if year else "month")):
        if number:
            click.echo()
        show(page, width)


def show(page: Page, width: int) -> None:
    """One page as text: sentences, then every figure as the table it is, tables and lists."""
    click.echo(page.title)
    click.echo("=" * len(page.title))
    for sentence in page.says:
        click.echo(fill(clean(sentence), width))
    shown = [figure.table() for figure in page.figures if not figure.empty]
    for table in [*shown, *page.tables]:
        click.echo(f"\n{table.title}")
        rows = [tuple(clean(cell).replace("\n", " ") for cell in row) for row in table.rows]
        print_table(table.head, rows, table.right)
    if page.items:
        click.echo()
    lead = max((len(item.lead) for item in page.items), default=0)
    for item in page.items:
        first, *rest = plain(clean(item.text), width=max(20, width - lead - 2)).split("\n")
        click.echo(f"{item.lead:>{lead}}  {first}")
        for line in rest:
            click.echo(f"{'':{lead}}  {line}".rstrip())
