"""`studykit problem`: draw one problem, show it, work it, or mark an answer to it."""

from __future__ import annotations

import secrets
import shutil
import sys

import click

from studykit.cli.group import Context
from studykit.cli.output import print_json
from studykit.problems import (
    Marking,
    ProblemError,
    draw,
    mark,
    marking_json,
    problem_json,
    solution,
    step_json,
)
from studykit.study.home import Home
from studykit.study.settings import load
from studykit.typeset import clean, plain

SYMBOLS = {"right": "✓ Right.", "partly": "◐ Partly right.", "wrong": "✗ Wrong."}


@click.command("problem")
@click.argument("what", metavar="TICKET|FAMILY")
@click.option("--level", type=click.IntRange(1, 3), help="1 by head, 2 calculator, 3 hard.")
@click.option("--seed", type=click.IntRange(0), help="Which problem; any, if not given.")
@click.option("--json", "as_json", is_flag=True, help="As one JSON object.")
@click.option("--worked", is_flag=True, help="Print the worked solution.")
@click.option("--answer", metavar="TEXT", help="Mark this answer; - reads it from stdin.")
@click.option("--step", metavar="NAME", help="The answer is to this step, not to the whole.")
@click.pass_context
def command(
    ctx: click.Context,
    what: str,
    level: int | None,
    seed: int | None,
    as_json: bool,
    worked: bool,
    answer: str | None,
    step: str | None,
) -> None:
    """Draw a problem by ticket (attention-output@1/2#7) or by family.

    With --answer, exits 0 if it is right, 1 if it is wrong and 2 if it cannot be read.
    """
    context: Context = ctx.obj
    home = Home.find(context.home)
    settings = load(home)
    marking: Marking | None = None
    try:
        if "@" in what or "#" in what:
            if level is not None or seed is not None:
                raise click.UsageError("A ticket names level and seed already.")
            problem = draw(what)
        else:
            drawn = secrets.randbelow(1_000_000) if seed is None else seed
            problem = draw(family=what, level=level, seed=drawn)
        if answer is not None:
            text = sys.stdin.read() if answer == "-" else answer
            marking = mark(problem, text, step=step, decimal_comma=settings.decimal_comma)
        asked = problem_json(problem) | (step_json(problem, step) if step else {})
    except ProblemError as error:
        hint = ""
        if not settings.own_families and any(home.families.glob("*.py")):
            hint = ". Your own families are not loaded: studykit config set own_families true"
        raise click.UsageError(f"{error}{hint}") from error
    if as_json:
        print_json(asked | (marking_json(marking) if marking else {}))
    else:
        width = min(88, shutil.get_terminal_size((80, 24)).columns)
        if marking is None or worked:
            click.echo(f"{problem.ticket}\n")
            click.echo(plain(problem.question, width=width))
            if step is not None:
                title, form = asked["step"]["title"], asked["step"]["asks"]["words"]
                said = f"**Step {step}.** {title}.\n\n*Answer:* {form}."
                click.echo(f"\n{plain(said, width=width)}")
        if marking is not None:
            _print_marking(text, marking)
        if worked:
            click.echo()
            click.echo(plain(solution(problem), width=width))
    ctx.exit(_code(marking))


def _print_marking(text: str, marking: Marking) -> None:
    if marking.result in ("unreadable", "imprecise"):
        shown = clean(text).rstrip("\n")
        if marking.position is not None and "\n" not in shown:
            click.echo(f"  {shown}\n  {' ' * marking.position}^")
        click.echo(plain(marking.cause or marking.says))
        return
    click.echo(f"Read as: {plain(marking.reading or '')}")
    click.echo(plain(f"{SYMBOLS[marking.result]} {marking.says}".rstrip()))
    if marking.result == "partly" and marking.cells:
        for cells, marks in zip(marking.given, marking.cells, strict=True):
            pairs = zip(cells, marks, strict=True)
            click.echo("  " + "   ".join(f"{cell} {'✓' if good else '✗'}" for cell, good in pairs))


def _code(marking: Marking | None) -> int:
    if marking is None or marking.result == "right":
        return 0
    return 2 if marking.result in ("unreadable", "imprecise") else 1
