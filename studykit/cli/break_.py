"""`studykit break 5d`: a break from studying without a mountain of due cards after it."""

from __future__ import annotations

import re

import click

from studykit.cli.group import Context
from studykit.cli.output import print_json
from studykit.memory.days import day_text
from studykit.study.collection import Collection
from studykit.study.errors import StudyError
from studykit.study.home import Home
from studykit.study.pause import take_break
from studykit.study.settings import load
from studykit.study.words import counted


class Days(click.ParamType[int]):
    """A length in days: 5d, 5 or 2w."""

    name = "days"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> int:
        found = re.fullmatch(r"(\d{1,4})([dw]?)", str(value).strip())
        if found is None:
            self.fail(f"{value!r} is no length; write 5d for five days or 2w for two weeks.")
        return int(found[1]) * (7 if found[2] == "w" else 1)


@click.command("break")
@click.argument("length", type=Days(), required=False)
@click.option("--over", type=Days(), metavar="DAYS", help="Spread over so many days after it.")
@click.option("--undo", is_flag=True, help="Take the last break back.")
@click.option("--json", "as_json", is_flag=True, help="As one JSON object.")
@click.pass_obj
def command(
    context: Context, length: int | None, over: int | None, undo: bool, as_json: bool
) -> None:
    """Study nothing for LENGTH (5d, 2w) from today; what falls due is spread over the days after.

    Cards of short interval come first. --undo takes it back, as long as nothing else was done.
    """
    if (length is None) is not undo:
        raise click.UsageError("Say how long, like studykit break 5d, or --undo.")
    home = Home.find(context.home)
    with Collection.open(home, settings=load(home)) as collection:
        if undo:
            _take_back(collection)
            return
        pause = take_break(collection, length or 0, over)
    if as_json:
        print_json(
            {
                "days": pause.days,
                "back": day_text(pause.back),
                "moved": pause.moved,
                "due": [
                    {"date": day_text(pause.back + after), "cards": cards}
                    for after, cards in enumerate(pause.due)
                ],
            }
        )
        return
    if not pause.moved:
        click.echo("Nothing falls due in that time: no card was moved.")
        return
    click.echo(
        f"{counted(pause.moved, 'card waits', 'cards wait')} for you from "
        f"{day_text(pause.back)} on, "
        f"at most {max(pause.due)} a day. `studykit break --undo` takes it back."
    )


def _take_back(collection: Collection) -> None:
    store = collection.store
    if store.last_done() != "due":
        raise StudyError(
            "There is no break to take back: none moved a card, or something was done since."
        )
    store.undo_last(collection.day, collection.clock())
    click.echo("Taken back: the cards are due when they were.")
