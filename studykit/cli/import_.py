"""`studykit import`: cards and history from elsewhere, after a look at what becomes of them."""

from __future__ import annotations

import shutil
import sys
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from studykit.cli.group import Context
from studykit.cli.output import print_json, print_table
from studykit.study.collection import Collection
from studykit.study.errors import StudyError
from studykit.study.home import Home
from studykit.study.settings import load
from studykit.typeset import clean

if TYPE_CHECKING:
    from studykit.exchange.plan import Plan, PlannedDeck
    from studykit.exchange.taking import Taken


LOOKED_AT = 1000
"""More cards than this are not looked over: drawing their formulas takes too long."""
LONG_FILE = 1_000_000
"""Bytes from which reading a file takes a moment that is told."""
LEAST_FIRST = 12
"""Cells that the first card of a deck takes at least; with fewer there is no table."""


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only say what would become of it.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="One deck file for all of its cards."
)
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--json", "as_json", is_flag=True, help="As JSON; writes only with --yes.")
@click.pass_context
def command(
    ctx: click.Context, file: Path, dry_run: bool, output: Path | None, yes: bool, as_json: bool
) -> None:
    """Turn FILE into decks: an Anki .apkg or .colpkg, a CSV or TSV table, or Markdown.

    Says first what would become of it and what cannot be taken, then asks. Each Anki deck becomes a
    YAML deck among your own; answers given in Anki join your log, once. Markdown may be in the
    style of hashcards (Q: A: C:) or of Obsidian's spaced repetition (:: ? ==).
    """
    from studykit.exchange.errors import ExchangeError

    context: Context = ctx.obj
    home = Home.find(context.home)
    with Collection.open(home, settings=load(home), read_only=dry_run) as collection:
        try:
            if file.is_file() and file.stat().st_size >= LONG_FILE:
                wait(f"Reading {clean(file.name)} …")
            planned = look(collection, file, output)
        except ExchangeError as error:
            click.echo(f"studykit: {error}", err=True)
            ctx.exit(2)
        if not as_json:
            show(planned)
        wanted = not dry_run and not planned.empty and (yes or (not as_json and agreed()))
        done = carry_out(collection, planned) if wanted else None
    if as_json:
        print_json(described(planned, done))
    elif done is not None:
        tell(done)
    else:
        click.echo("Nothing was written.", err=True)
        ctx.exit(0 if dry_run or planned.empty else 1)


def carry_out(collection: Collection, planned: Plan) -> Taken:
    """Do it. Raises StudyError."""
    from studykit.exchange.errors import ExchangeError
    from studykit.exchange.taking import take

    if planned.cards + len(planned.rows) > LOOKED_AT:
        rows = f" and {_counted(len(planned.rows), 'row')} of the log" if planned.rows else ""
        wait(f"Writing {_counted(planned.cards, 'card')}{rows} …")
    try:
        return take(planned, collection.store, collection.clock())
    except ExchangeError as error:
        raise StudyError(str(error)) from error


def look(collection: Collection, file: Path, output: Path | None) -> Plan:
    """What would become of the file beside what the learner has."""
    from studykit.exchange.anki_history import MACHINE
    from studykit.exchange.plan import plan
    from studykit.exchange.reading import read_file
    from studykit.memory.days import study_day
    from studykit.progress.exchange import logged_ids

    rollover = collection.settings.rollover
    incoming = read_file(file, lambda at_ms: study_day(at_ms, rollover_hour=rollover))
    library = collection.shelf.library
    known = {name for deck in library.decks() for name in library.ids(deck.id)}
    known |= set(collection.store.former_ids())
    return plan(
        file,
        incoming,
        folder=collection.home.decks,
        to=output,
        known=known,
        logged=logged_ids(collection.store, MACHINE),
    )


def show(planned: Plan) -> None:
    """What becomes what, with counts, and what is not taken, line by line."""
    _say(f"{clean(planned.source.name)}: {planned.kind}", 2)
    if planned.decks:
        click.echo()
        _show_decks(planned.decks)
    click.echo()
    click.echo(f"{_counted(planned.cards, 'card')} to write.")
    if planned.known:
        _say(
            f"{_counted(planned.known, 'card')} in your decks already: the texts stay as they are."
        )
    if planned.rows or planned.known_rows:
        rows = len(planned.rows) - planned.answers
        more = f" and {_counted(rows, 'decision')}" if rows else ""
        _say(
            f"{_counted(planned.answers, 'answer')}{more} to add to your log; "
            f"{planned.known_rows} there already."
        )
    if planned.left:
        click.echo("\nLeft behind:")
        for what, count in planned.left.most_common():
            _say(f"  {count:6}  {what}", 10)
    if planned.refused:
        click.echo(f"\nNot taken, {len(planned.refused)}:")
        for one in planned.refused:
            what = f" “{clean(one.what)}”" if one.what else ""
            _say(f"  {one.where}{what}: {one.why}", 4)


def _show_decks(decks: Sequence[PlannedDeck]) -> None:
    """A line for each deck with as much of its first card as there is room for; on a narrow
    terminal sentences in place of a table."""
    rows = [
        (
            deck.path.name,
            _short(deck.title, 24),
            len(deck.drafts),
            sum(draft.cloze for draft in deck.drafts),
        )
        for deck in decks
    ]
    head = ("deck file", "title", "cards", "cloze")
    taken = sum(max(len(str(row[at])) + 2 for row in (head, *rows)) for at in range(len(head)))
    left = min(60, shutil.get_terminal_size().columns - taken)
    if left < LEAST_FIRST:
        for (name, title, cards, clozes), deck in zip(rows, decks, strict=True):
            _say(f"{name}: {_counted(cards, 'card')}, {clozes} cloze", 2)
            _say(f"  {title}: {_short(deck.drafts[0].front, 60)}", 4)
        return
    firsts = [_short(deck.drafts[0].front, left) for deck in decks]
    print_table(
        (*head, "first card"),
        [(*row, first) for row, first in zip(rows, firsts, strict=True)],
        right="  rr",
    )


def _say(text: str, indent: int = 0) -> None:
    """A sentence, wrapped in a terminal and in one line for other programs."""
    if sys.stdout.isatty():
        width = max(20, shutil.get_terminal_size().columns - 1)
        text = "\n".join(textwrap.wrap(text, width, subsequent_indent=" " * indent)) or text
    click.echo(text)


def wait(says: str) -> None:
    """A line for whoever looks on while it takes long; nothing for other programs."""
    if sys.stderr.isatty():
        click.echo(says, err=True)


def tell(done: Taken) -> None:
    """What was done, and whether the decks could be better still."""
    from studykit.decks import check

    for path in done.decks:
        click.echo(path)
    for one in done.refused:
        click.echo(f"Not written: {one.where} “{clean(one.what)}”: {one.why}", err=True)
    said = f"{_counted(done.cards, 'card')} written"
    if done.rows:
        said += f", {_counted(done.rows, 'row')} added to your log"
    click.echo(f"{said}.", err=True)
    if done.backup:
        click.echo(f"What was there before is {done.backup}", err=True)
    advice = len(check(done.decks)) if done.cards <= LOOKED_AT else 0
    if advice:
        click.echo(f"`studykit check` has {_counted(advice, 'remark')} on them.", err=True)


def described(planned: Plan, done: Taken | None) -> dict[str, Any]:
    """A plan, and what was done of it, as JSON."""
    shown: dict[str, Any] = {
        "file": str(planned.source),
        "kind": planned.kind,
        "decks": [
            {
                "file": str(deck.path),
                "title": deck.title,
                "cards": [
                    {"id": draft.id, "cloze": draft.cloze, "where": draft.where}
                    for draft in deck.drafts
                ],
            }
            for deck in planned.decks
        ],
        "known_cards": planned.known,
        "answers": planned.answers,
        "rows": len(planned.rows),
        "known_rows": planned.known_rows,
        "left_behind": dict(planned.left),
        "refused": [one._asdict() for one in planned.refused],
        "written": done is not None,
    }
    if done is not None:
        shown["refused"] += [one._asdict() for one in done.refused]
        shown["backup"] = str(done.backup) if done.backup else None
    return shown


def agreed() -> bool:
    """Whether the learner says yes; the end of the input is a no."""
    click.echo(err=True)
    try:
        return click.confirm("Write this?", err=True)
    except click.Abort:
        click.echo(err=True)
        return False


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _short(text: str, length: int) -> str:
    line = " ".join(clean(text).split())
    return line if len(line) <= length else f"{line[: length - 1]}…"
