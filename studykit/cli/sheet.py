"""`studykit sheet`: a practice set in the format one likes, the same for the same arguments."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from studykit.cli.group import Context
from studykit.sheets.choose import Pick, Wishes, choose, picks_of
from studykit.sheets.errors import SheetError
from studykit.sheets.files import put
from studykit.sheets.formats import FORMATS, TEXTUAL, write
from studykit.sheets.sheet import PAPERS, Sheet, make_sheet

SHOW_FROM = 100
"""Problems from which a progress bar is worth its line."""


@click.command("sheet")
@click.option("--family", "names", multiple=True, metavar="F", help="A family; may be repeated.")
@click.option("--topic", "topics", multiple=True, metavar="T", help="A topic; may be repeated.")
@click.option("--deck", "decks", multiple=True, metavar="D", help="The problems of a deck.")
@click.option("--from-my-mistakes", "mine", is_flag=True, help="What you got wrong lately.")
@click.option("--count", type=click.IntRange(1, 2000), metavar="N", help="Problems; 10.")
@click.option("--minutes", type=click.FloatRange(1), metavar="M", help="Time instead of a count.")
@click.option("--level", "levels", default="1,2,3", metavar="L", help="1, 1,2 or 1:2,2:1 (shares).")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, metavar="S")
@click.option("--title", default="Practice set", metavar="TEXT")
@click.option("--format", "form", type=click.Choice(list(FORMATS)), default="md", show_default=True)
@click.option(
    "--paper", type=click.Choice(PAPERS), default=PAPERS[0], show_default=True, help="For print."
)
@click.option("--worked", is_flag=True, help="Worked solutions in the key.")
@click.option("-o", "--out", type=click.Path(path_type=Path), metavar="FILE")
@click.option("--key", type=click.Path(path_type=Path), metavar="FILE", help="Key in a file apart.")
@click.pass_context
def command(
    ctx: click.Context,
    names: tuple[str, ...],
    topics: tuple[str, ...],
    decks: tuple[str, ...],
    mine: bool,
    count: int | None,
    minutes: float | None,
    levels: str,
    seed: int,
    title: str,
    form: str,
    paper: str,
    worked: bool,
    out: Path | None,
    key: Path | None,
) -> None:
    """Make a practice set. The same arguments give the same file on any machine.

    Without --key the key stands behind the problems. Format and FILE go together:
    `studykit sheet --topic softmax --count 20 --seed 7 --format html -o set.html --key key.html`.
    """
    if count is not None and minutes is not None:
        raise click.UsageError("Give --count or --minutes, not both.")
    try:
        picks = picks_of(names, topics) if names or topics or not (decks or mine) else ()
        picks += _of_decks(ctx.obj, decks) if decks else ()
        picks += _of_mistakes(ctx.obj) if mine else ()
        wishes = Wishes(
            picks=picks,
            levels=_shares(levels),
            count=0 if minutes is not None else count or 10,
            minutes=minutes or 0.0,
            seed=seed,
        )
        sheet = _made(wishes, title, paper)
        problems = write(sheet, form, "problems" if key else "both", worked=worked)
        if out is None and form not in TEXTUAL and sys.stdout.isatty():
            raise click.UsageError(f"{form} is no text: say where it goes with -o FILE.")
        if key is not None:
            put(write(sheet, form, "key", worked=worked), key)
        if out is None:
            sys.stdout.buffer.write(problems)
        else:
            put(problems, out)
    except SheetError as error:
        raise click.UsageError(str(error)) from error
    for place in (one for one in (out, key) if one is not None):
        click.echo(f"{place}: {sheet.about}.", err=True)


def _made(wishes: Wishes, title: str, paper: str) -> Sheet:
    problems: Iterator = choose(wishes)  # type: ignore[type-arg]
    if wishes.count >= SHOW_FROM and sys.stderr.isatty():
        with click.progressbar(
            problems, length=wishes.count, label="Drawing", file=sys.stderr
        ) as bar:
            return make_sheet(bar, seed=wishes.seed, title=title, paper=paper)
    return make_sheet(problems, seed=wishes.seed, title=title, paper=paper)


def _shares(text: str) -> tuple[tuple[int, float], ...]:
    """ "1,2" or "1:2,3:1" → levels with shares. Raises SheetError."""
    found = []
    for part in text.split(","):
        level, _, share = part.strip().partition(":")
        try:
            found.append((int(level), float(share or 1)))
        except ValueError:
            raise SheetError(
                f"“{part}” is no level: write 1, 2 or 3, or 1:2 for a share."
            ) from None
    if any(level not in (1, 2, 3) or share < 0 for level, share in found):
        raise SheetError("Levels are 1, 2 and 3, and shares are not below 0.")
    return tuple(found)


def _of_decks(context: Context, decks: tuple[str, ...]) -> tuple[Pick, ...]:
    """The families and levels that the problem cards of some decks ask."""
    from studykit.decks.schema import ProblemCard
    from studykit.study.collection import Collection
    from studykit.study.home import Home
    from studykit.study.settings import load

    home = Home.find(context.home)
    with Collection.open(home, settings=load(home), read_only=True) as collection:
        library = collection.shelf.library
        known = [info.id for info in library.decks()]
        for deck in decks:
            if deck not in known:
                raise SheetError(f"There is no deck called {deck}. Decks: {', '.join(known)}.")
        picks = [
            Pick(card.family, card.level)
            for deck in decks
            for _, card in library.cards(deck)
            if isinstance(card, ProblemCard)
        ]
    if not picks:
        raise SheetError("These decks have no problems.")
    return tuple(dict.fromkeys(picks))


def _of_mistakes(context: Context) -> tuple[Pick, ...]:
    """Families and levels on which the learner's own mistakes are possible, the worst first."""
    from studykit.study.collection import Collection
    from studykit.study.home import Home
    from studykit.study.mistakes import weights
    from studykit.study.settings import load

    home = Home.find(context.home)
    with Collection.open(home, settings=load(home), read_only=True) as collection:
        found = weights(collection.store, collection.day)
    if not found:
        raise SheetError("No mistake of yours is on record: nothing to draw for.")
    return tuple(Pick(one.family, one.level, one.mistake) for one in found)
