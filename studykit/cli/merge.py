"""`studykit merge`: join your progress on several machines through a folder they share."""

from __future__ import annotations

from pathlib import Path

import click

from studykit.cli.group import Context
from studykit.cli.output import print_json
from studykit.study.collection import Collection
from studykit.study.errors import StudyError
from studykit.study.home import Home
from studykit.study.settings import load
from studykit.study.words import counted


@click.command("merge")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="As one JSON object.")
@click.pass_obj
def command(context: Context, folder: Path, as_json: bool) -> None:
    """Join your progress with that of your other machines through FOLDER.

    FOLDER is one that is synced anyway: a git repository, Syncthing, a cloud drive. Run this on
    each machine, as often as you like and in any order. Each writes a file of its own under
    FOLDER/log and reads those of the others. Decks are not copied.
    """
    from studykit.exchange.errors import ExchangeError
    from studykit.exchange.merge import merge

    home = Home.find(context.home)
    with Collection.open(home, settings=load(home)) as collection:
        try:
            done = merge(collection.store, folder, collection.clock())
        except ExchangeError as error:
            raise StudyError(str(error)) from error
        machine = collection.store.machine
    if as_json:
        print_json(
            {
                "folder": str(folder),
                "machine": machine,
                "files": [
                    {
                        "file": file.path.name,
                        "rows": file.rows,
                        "added": file.added,
                        "torn": file.torn,
                    }
                    for file in done.files
                ],
                "added": done.added,
                "written": done.written,
                "cards": done.cards,
                "backup": str(done.backup) if done.backup else None,
            }
        )
        return
    for file in done.files:
        if file.torn:
            click.echo(
                f"{file.path.name} is still arriving: what is missing of it comes with the next "
                "merge.",
                err=True,
            )
    if not done.added and not done.written:
        click.echo("Nothing to join: both sides have everything.")
        return
    click.echo(f"{counted(done.added, 'row')} taken from {folder}, {done.written} written to it.")
    if done.cards:
        click.echo(f"The memory of {counted(done.cards, 'card')} was made again.")
    if done.backup:
        click.echo(f"What was there before is {done.backup}", err=True)
