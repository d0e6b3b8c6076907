"""`studykit export`: decks, progress and statistics out, for other programs."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from studykit.cli.group import Context
from studykit.cli.study import is_path
from studykit.study.collection import Collection
from studykit.study.errors import StudyError
from studykit.study.home import Home
from studykit.study.settings import load
from studykit.study.start import Start
from studykit.study.words import counted

if TYPE_CHECKING:
    from studykit.exchange.deck_export import OutDeck

ENDINGS = {".apkg": "anki", ".csv": "csv", ".md": "md", ".markdown": "md"}


@click.command("export")
@click.argument("what", nargs=-1, metavar="[DECK|PATH]...")
@click.option(
    "--format", "sort", type=click.Choice(("anki", "csv", "md")), help="Else by the ending of FILE."
)
@click.option("-o", "--output", type=click.Path(path_type=Path), help="FILE; else the screen.")
@click.option(
    "--instances",
    type=click.IntRange(1, 100),
    default=3,
    show_default=True,
    help="Frozen problems of each problem card.",
)
@click.option("--progress", type=click.Choice(("jsonl", "csv")), help="Your answers instead.")
@click.option("--statistics", is_flag=True, help="What `studykit stats --json` says instead.")
@click.pass_obj
def command(
    context: Context,
    what: tuple[str, ...],
    sort: str | None,
    output: Path | None,
    instances: int,
    progress: str | None,
    statistics: bool,
) -> None:
    """Write decks for Anki, as a table or as Markdown; or your progress; or your statistics.

    DECK is a deck's id as `studykit decks` lists it, PATH a deck file; all decks without any. The
    columns are documented in docs/import-export.md. An Anki package can be imported again after an
    edit: Anki updates the cards in place and keeps their schedule.
    """
    from studykit.exchange.errors import ExchangeError

    if (progress or statistics) and (what or sort):
        raise click.UsageError("--progress and --statistics take neither decks nor --format.")
    if progress and statistics:
        raise click.UsageError("Either --progress or --statistics.")
    home = Home.find(context.home)
    paths = tuple(Path(one) for one in what if is_path(one))
    with Collection.open(home, paths=paths, settings=load(home), read_only=True) as collection:
        try:
            if progress:
                _progress(collection, progress, output)
            elif statistics:
                _statistics(collection, output)
            else:
                for fault in collection.faults:
                    click.echo(str(fault), err=True)
                names = tuple(one for one in what if not is_path(one))
                decks = _decks(collection, Start(paths=paths, decks=names))
                _write_decks(decks, _sort(sort, output), output, instances)
        except ExchangeError as error:
            raise StudyError(str(error)) from error


def _sort(sort: str | None, output: Path | None) -> str:
    """The format that was named, else the one that the file's ending means."""
    found = sort or (ENDINGS.get(output.suffix.lower()) if output else None)
    if found is None:
        raise click.UsageError("Which format? Say --format anki, csv or md.")
    if found == "anki" and output is None:
        raise click.UsageError("An Anki package needs a file: -o FILE.apkg")
    return found


def _decks(collection: Collection, start: Start) -> list[OutDeck]:
    """The decks that were asked for, all of them if none was. Raises StudyError."""
    from studykit.exchange.deck_export import OutDeck

    library = collection.shelf.library
    infos = {info.id: info for info in library.decks()}
    chosen = collection.asked_for(start) if start.decks or start.paths else tuple(infos)
    made = []
    for name in chosen:
        if name not in infos:
            raise collection.no_deck(name)
        header = library.header(name)
        changed = infos[name].path.stat().st_mtime
        cards = tuple(library.cards(name))
        made.append(OutDeck(name, header.title, header.about, cards, changed))
    return made


def _write_decks(decks: list[OutDeck], sort: str, output: Path | None, instances: int) -> None:
    from studykit.exchange.deck_export import markdown, table, write_anki

    if sort == "anki" and output is not None:
        count = write_anki(output, decks, instances)
        click.echo(output)
        click.echo(f"{counted(count, 'note')} of {counted(len(decks), 'deck')}.", err=True)
        return
    _write([table(decks, instances) if sort == "csv" else markdown(decks, instances)], output)


def _progress(collection: Collection, sort: str, output: Path | None) -> None:
    from studykit.exchange.log_file import progress_lines, progress_table

    made = progress_lines if sort == "jsonl" else progress_table
    _write(made(collection.store), output)


def _statistics(collection: Collection, output: Path | None) -> None:
    from studykit.exchange.log_file import as_text
    from studykit.study.statistics.report import as_json

    _write([as_text(as_json(collection.statistics()))], output)


def _write(texts: Iterable[str], output: Path | None) -> None:
    """To a file, whole or not at all, or to the screen."""
    if output is None:
        for text in texts:
            click.echo(text, nl=False)
        return
    unfinished = output.with_name(f"{output.name}.part")
    try:
        with unfinished.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(texts)
        unfinished.replace(output)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        said = error.strerror or str(error)
        raise StudyError(f"{output} cannot be written: {said}.") from error
    click.echo(output)
