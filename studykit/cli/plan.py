"""`studykit plan`: how ready for an interview on a date, and what to do each day until then."""

from __future__ import annotations

from datetime import date as Date  # noqa: N812  (a type beside the option of that name)
from typing import Any

import click

from studykit.cli.group import Context
from studykit.cli.output import print_json, print_table
from studykit.memory.days import day_text
from studykit.memory.forecast import Readiness
from studykit.study.collection import Collection
from studykit.study.errors import StudyError
from studykit.study.following import Following
from studykit.study.home import Home
from studykit.study.plan import (
    INTERVIEW_MINUTES,
    READY,
    Basis,
    Otherwise,
    Plan,
    Topic,
    advice,
    basis,
    make_plan,
    what_if,
)
from studykit.study.settings import load
from studykit.study.words import counted, percent


@click.command("plan")
@click.option("--by", metavar="DATE", help="The day of the interview, like 2027-03-14.")
@click.option("--minutes-a-day", "minutes", type=click.IntRange(1, 1440), metavar="N")
@click.option(
    "--deck", "decks", multiple=True, metavar="D", help="Only this deck; may be repeated."
)
@click.option("--what-if", "compare", is_flag=True, help="Compare other budgets and dates.")
@click.option("--start", is_flag=True, help="Study by this plan from now on.")
@click.option("--stop", is_flag=True, help="Follow no plan any more.")
@click.option("--json", "as_json", is_flag=True, help="As one JSON object.")
@click.pass_obj
def command(
    context: Context,
    by: str | None,
    minutes: int | None,
    decks: tuple[str, ...],
    compare: bool,
    start: bool,
    stop: bool,
    as_json: bool,
) -> None:
    """Plan for an interview on a date, under so many minutes a day.

    Without --by, the plan that is followed, brought up to date. Minutes come from your own habit
    unless given.
    """
    home = Home.find(context.home)
    changes = start or stop
    with Collection.open(home, settings=load(home), read_only=not changes) as collection:
        if changes and collection.read_only:
            raise StudyError("studykit is open in another window. Close it there first.")
        if stop:
            had = collection.plan is not None
            collection.follow(None)
            click.echo("No plan is followed now." if had else "No plan was followed.")
            return
        on, plan = _plan(collection, by, minutes, decks)
        if start:
            collection.follow(plan.following)
        others = what_if(on, plan) if compare else ()
        current = collection.plan
    if as_json:
        print_json(as_data(plan, others, current))
    else:
        _show(plan, others, current)


def _plan(
    collection: Collection, by: str | None, minutes: int | None, decks: tuple[str, ...]
) -> tuple[Basis, Plan]:
    current = collection.plan
    if by is None:
        if current is None:
            raise click.UsageError("Say for which day: studykit plan --by 2027-03-14.")
        budget = minutes or round(current.strategy.seconds / 60)
        on = basis(collection, decks or current.decks)
        return on, make_plan(on, current.date, budget or None)
    try:
        day = Date.fromisoformat(by).toordinal()
    except ValueError:
        raise click.UsageError(f"--by takes a date like 2027-03-14, not “{by}”.") from None
    on = basis(collection, decks)
    return on, make_plan(on, day, minutes)


def as_data(
    plan: Plan, others: tuple[Otherwise, ...] = (), current: Following | None = None
) -> dict[str, Any]:
    """The plan for programs; shares are between 0 and 1."""
    strategy = plan.following.strategy
    return {
        "today": day_text(plan.today),
        "by": day_text(plan.date),
        "minutes_a_day": plan.minutes,
        "pace": {
            "learned": plan.learned_pace,
            "review_seconds": round(plan.pace.review_seconds, 1),
            "new_seconds": round(plan.pace.new_seconds, 1),
        },
        "strategy": {
            "new_a_day": strategy.new_a_day,
            "last_new": day_text(strategy.last_new),
            "retention": strategy.retention,
            "last_days": strategy.stretch,
            "early_a_day": strategy.early,
        },
        "readiness": _topic(plan.whole),
        "topics": [{"id": one.id, "title": one.title, **_topic(one)} for one in plan.topics],
        "unlearnt": plan.unlearnt,
        "days": [
            {
                "date": day_text(one.day),
                "new": one.new,
                "reviews": one.reviews,
                "problems": one.problems,
                "minutes": one.minutes,
                "interview": one.interview,
            }
            for one in plan.days
        ],
        "what_if": [
            {
                "by": day_text(one.date),
                "minutes_a_day": one.minutes,
                "readiness": round(one.readiness, 3),
                "unlearnt": one.unlearnt,
            }
            for one in others
        ],
        "followed": None
        if current is None
        else {"by": day_text(current.date), "since": day_text(current.made)},
    }


def _topic(topic: Topic) -> dict[str, Any]:
    return {
        "cards": topic.cards,
        "new": topic.new,
        "today": _readiness(topic.now),
        "on_the_day": _readiness(topic.then),
        "without_study": _readiness(topic.untouched),
    }


def _readiness(one: Readiness) -> dict[str, float]:
    return {"mean": round(one.mean, 3), "tenth": round(one.tenth, 3)}


def _show(plan: Plan, others: tuple[Otherwise, ...], current: Following | None) -> None:
    click.echo(f"By {day_text(plan.date)}, {counted(plan.minutes, 'minute')} a day:")
    click.echo(
        f"  ready {percent(plan.whole.now.mean)} today, {percent(plan.whole.then.mean)} on the "
        f"day ({percent(plan.whole.untouched.mean)} without further study)"
    )
    for line in advice(plan):
        click.echo(f"  {line}")
    if plan.whole.then.mean < READY and not others:
        click.echo("  --what-if compares other budgets and dates.")
    click.echo()
    print_table(
        ("deck", "cards", "new", "today", "on the day", "weakest tenth"),
        [
            (
                one.id,
                one.cards,
                one.new,
                percent(one.now.mean),
                percent(one.then.mean),
                percent(one.then.tenth),
            )
            for one in plan.topics
        ],
        right=" rrrrr",
    )
    click.echo()
    print_table(
        ("day", "new", "reviews", "problems", "minutes", ""),
        [
            (
                day_text(one.day),
                one.new,
                one.reviews,
                one.problems,
                one.minutes,
                f"mock interview, {INTERVIEW_MINUTES} min" if one.interview else "",
            )
            for one in plan.days
        ],
        right=" rrrr",
    )
    if others:
        click.echo()
        print_table(
            ("by", "minutes a day", "ready", "not learnt"),
            [
                (day_text(one.date), one.minutes, percent(one.readiness), one.unlearnt)
                for one in others
            ],
            right=" rrr",
        )
    click.echo()
    if current is None:
        click.echo("Add --start to study by this plan.", err=True)
    else:
        click.echo(f"You follow a plan for {day_text(current.date)}.", err=True)
