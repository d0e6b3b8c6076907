"""`studykit mark`: marks a filled sheet, or those of a whole class."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from studykit.cli.output import print_json, print_table
from studykit.sheets.errors import SheetError
from studykit.sheets.files import get, put
from studykit.sheets.grading import Overview, ProblemMark, SheetMark, grade, overview
from studykit.sheets.machine import tickets
from studykit.sheets.report import RESULTS, SYMBOLS, report
from studykit.sheets.responses import read
from studykit.typeset import plain


@click.command("mark")
@click.argument("sheet", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("answers", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="As one JSON object.")
@click.option("--csv", "as_csv", is_flag=True, help="Points, one row a learner.")
@click.option("--html", "page", type=click.Path(path_type=Path), metavar="FILE", help="As a page.")
@click.option("--decimal-comma", is_flag=True, help="A comma in a number is its decimal point.")
@click.pass_context
def command(
    ctx: click.Context,
    sheet: Path,
    answers: Path,
    as_json: bool,
    as_csv: bool,
    page: Path | None,
    decimal_comma: bool,
) -> None:
    """Mark ANSWERS to SHEET (made with `studykit sheet --format json`).

    ANSWERS is the filled sheet as JSON, Markdown or notebook, or a CSV with one row a learner and
    the columns learner, 1, 2, 2.scores … Exits 0 when everything is right, 1 when not, 2 when
    something cannot be read.
    """
    try:
        filled = read(get(answers), answers.name)
        marked = list(grade(tickets(get(sheet)), filled, decimal_comma=decimal_comma))
        if not marked:
            raise SheetError(f"{answers.name} holds no answers.")
        whole = overview(marked)
        if page is not None:
            put(report(marked, whole, f"Marks: {answers.stem}"), page)
    except SheetError as error:
        raise click.UsageError(str(error)) from error
    if as_json:
        print_json({"learners": [as_data(one) for one in marked], "overview": _overview(whole)})
    elif as_csv:
        sys.stdout.write("".join(_csv(marked)))
    elif len(marked) == 1:
        _one(marked[0])
    else:
        _class(marked, whole)
    ctx.exit(_code(marked))


def as_data(sheet: SheetMark) -> dict[str, Any]:
    """One learner's marks, for programs."""
    return {
        "learner": sheet.learner,
        "points": sheet.points,
        "of": len(sheet.marks),
        "unreadable": len(sheet.unreadable),
        "problems": [_problem(one) for one in sheet.marks],
    }


def _problem(one: ProblemMark) -> dict[str, Any]:
    return {
        "number": one.number,
        "ticket": one.ticket,
        "result": one.result,
        "points": one.points,
        "says": one.says,
        "cells": [list(row) for row in one.cells],
        "position": one.position,
        "diagnosis": [
            {"mistake": d.mistake, "step": d.step, "says": d.says} for d in one.diagnosis
        ],
        "steps": [
            {"name": s.name, "result": s.result, "says": s.says, "follow_through": s.own}
            for s in one.steps
        ],
    }


def _overview(whole: Overview) -> dict[str, Any]:
    return {
        "learners": whole.learners,
        "of": whole.of,
        "mean": round(whole.mean, 3),
        "median": round(whole.median, 3),
        "by_problem": {str(number): round(mean, 3) for number, mean in whole.by_problem.items()},
        "mistakes": [
            {"mistake": name, "says": says, "learners": times}
            for name, says, times in whole.mistakes
        ],
        "unreadable": whole.unreadable,
    }


def _csv(marked: Sequence[SheetMark]) -> Iterator[str]:
    numbers = [one.number for one in marked[0].marks]
    for sheet in (None, *marked):
        row = io.StringIO()
        out = csv.writer(row, lineterminator="\n")
        if sheet is None:
            out.writerow(["learner", *numbers, "points", "of", "unreadable"])
        else:
            out.writerow(
                [
                    _safe(sheet.learner),
                    *(one.points for one in sheet.marks),
                    sheet.points,
                    len(sheet.marks),
                    len(sheet.unreadable),
                ]
            )
        yield row.getvalue()


def _safe(text: str) -> str:
    """A name that a spreadsheet does not take for a formula."""
    return f"'{text}" if text[:1] in "=+-@" else text


def _one(sheet: SheetMark) -> None:
    for one in sheet.marks:
        click.echo(f"{SYMBOLS[one.result]} {one.number:>3}  {one.points:.2f}  {one.ticket}")
        if one.says:
            click.echo(f"       {plain(one.says)}")
        for step in one.steps:
            own = " (from your own numbers)" if step.own else ""
            click.echo(f"       {SYMBOLS.get(step.result, '?')} {step.name}{own}")
    click.echo()
    click.echo(f"{sheet.points:g} of {len(sheet.marks)} points{_listed(sheet)}")


def _listed(sheet: SheetMark) -> str:
    numbers = ", ".join(str(one.number) for one in sheet.unreadable)
    return f"; not readable and not counted: {numbers}" if numbers else ""


def _class(marked: Sequence[SheetMark], whole: Overview) -> None:
    print_table(
        ("learner", "points", "of", *RESULTS),
        [
            (
                plain(sheet.learner),
                f"{sheet.points:g}",
                len(sheet.marks),
                *(sum(one.result == name for one in sheet.marks) for name in RESULTS),
            )
            for sheet in marked
        ],
        right=" rrrrrrr",
    )
    click.echo()
    click.echo(
        f"{whole.learners} learners: mean {whole.mean:.2f}, "
        f"median {whole.median:.2f} of {whole.of}."
    )
    hardest = sorted(whole.by_problem.items(), key=lambda pair: pair[1])[:3]
    click.echo("Hardest: " + ", ".join(f"{number} ({mean:.0%})" for number, mean in hardest))
    if whole.mistakes:
        click.echo("Most common mistakes:")
        for name, says, times in whole.mistakes[:8]:
            click.echo(f"  {times} × {name}: {plain(says)}")
    for sheet in marked:
        for one in sheet.unreadable:
            click.echo(
                f"Not readable: {plain(sheet.learner)}, problem {one.number}: {plain(one.says)}"
            )


def _code(marked: Sequence[SheetMark]) -> int:
    if any(sheet.unreadable for sheet in marked):
        return 2
    return 0 if all(one.result == "right" for sheet in marked for one in sheet.marks) else 1
