"""`studykit interview`: a timed mock interview, or a rapid round."""

from __future__ import annotations

from pathlib import Path

import click

from studykit.cli.group import Context
from studykit.cli.output import print_json, print_table
from studykit.memory.days import day_text, study_day
from studykit.study.collection import Collection
from studykit.study.home import Home
from studykit.study.settings import load
from studykit.study.start import Booking, Start
from studykit.study.words import percent


@click.command("interview")
@click.option("--minutes", type=click.IntRange(5, 180), metavar="N", help="How long; 45.")
@click.option("--topic", "topics", multiple=True, metavar="T", help="A deck; may be repeated.")
@click.option(
    "--seniority",
    type=click.Choice(["junior", "mid", "senior", "research"]),
    help="From whom answers are expected; mid.",
)
@click.option("--seed", type=click.IntRange(0), metavar="N", help="Repeats an interview exactly.")
@click.option("--rapid", is_flag=True, help="Two minutes, as many short questions as possible.")
@click.option("--new", "fresh", is_flag=True, help="Give an open interview up and begin anew.")
@click.option("--plain", is_flag=True, help="Line mode: no full screen, for readers and pipes.")
@click.option(
    "--report", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Scorecard."
)
@click.option("--history", is_flag=True, help="List the interviews so far.")
@click.option("--json", "as_json", is_flag=True, help="With --history: as a JSON list.")
@click.pass_context
def command(
    ctx: click.Context,
    minutes: int | None,
    topics: tuple[str, ...],
    seniority: str | None,
    seed: int | None,
    rapid: bool,
    fresh: bool,
    plain: bool,
    report: Path | None,
    history: bool,
    as_json: bool,
) -> None:
    """A mock interview: warm-up, core, deep dive and what-if questions, with a scorecard.

    An interview that was left goes on where it stopped. Misses become due tomorrow.
    """
    context: Context = ctx.obj
    if history or as_json:
        _history(context, as_json)
        return
    booking = Booking(
        minutes=minutes,
        seniority=seniority,
        topics=topics,
        seed=seed,
        rapid=rapid,
        fresh=fresh,
        report=report,
    )
    ctx.exit(context.launch(Start(home=context.home, plain=plain, interview=booking)))


def _history(context: Context, as_json: bool) -> None:
    from studykit.study.interview.scorecard import history

    home = Home.find(context.home)
    settings = load(home)
    with Collection.open(home, settings=settings, read_only=True) as collection:
        past = history(collection)
    dates = [
        day_text(study_day(one.terms.begun_ms, rollover_hour=settings.rollover)) for one in past
    ]
    if as_json:
        print_json(
            [
                {
                    "id": one.terms.id,
                    "date": date,
                    "seniority": one.terms.seniority,
                    "minutes": one.terms.minutes,
                    "questions": one.questions,
                    "seconds": one.seconds,
                    "open": one.open,
                    "given_up": one.given_up,
                    "score": round(one.score, 3),
                    "seed": one.terms.seed,
                }
                for one, date in zip(past, dates, strict=True)
            ]
        )
    elif not past:
        click.echo("No interview so far. Begin one with studykit interview.", err=True)
    else:
        print_table(
            ("date", "seniority", "questions", "minutes", "score", "seed", ""),
            [
                (
                    date,
                    one.terms.seniority,
                    one.questions,
                    f"{one.seconds // 60} of {one.terms.minutes}",
                    percent(one.score),
                    one.terms.seed,
                    "still open" if one.open else "given up" if one.given_up else "",
                )
                for one, date in zip(past, dates, strict=True)
            ],
            right="  rrrr",
        )
