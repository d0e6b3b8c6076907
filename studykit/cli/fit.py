"""`studykit fit`: fits the memory model to your own answers, if that predicts them better."""

from __future__ import annotations

from typing import Any

import click

from studykit.cli.group import Context
from studykit.cli.output import print_json, print_table
from studykit.study.collection import Collection
from studykit.study.fitting import Tried, fit, take_back
from studykit.study.home import Home
from studykit.study.settings import load
from studykit.study.statistics.recalls import Calibration


@click.command("fit")
@click.option("--dry-run", is_flag=True, help="Say what would come of it; change nothing.")
@click.option("--undo", is_flag=True, help="Put the weights before the last fit in force again.")
@click.option("--json", "as_json", is_flag=True, help="As one JSON object.")
@click.pass_obj
def command(context: Context, dry_run: bool, undo: bool, as_json: bool) -> None:
    """Fit the memory model to your own answers (needs the extra `fit`).

    The fit is judged on later answers that it has not seen, and put in force only if it predicts
    them better than the weights you have. --undo takes it back.
    """
    home = Home.find(context.home)
    with Collection.open(home, settings=load(home)) as collection:
        if undo:
            take_back(collection)
            click.echo("The weights before the last fit are in force again.")
            return
        tried = fit(collection, adopt=not dry_run)
    if as_json:
        print_json(as_data(tried))
        return
    click.echo(tried.says)
    if tried.before is not None and tried.after is not None:
        click.echo()
        _show(tried.before, tried.after)


def as_data(tried: Tried) -> dict[str, Any]:
    """What came of it, for programs."""
    return {
        "answers": tried.answers,
        "held_out": tried.judged,
        "before": _scores(tried.before),
        "after": _scores(tried.after),
        "weights": tried.weights,
        "adopted": tried.adopted,
        "says": tried.says,
    }


def _scores(one: Calibration | None) -> dict[str, Any] | None:
    if one is None:
        return None
    return {
        "log_loss": one.log_loss,
        "brier": one.brier,
        "rmse": one.rmse,
        "bins": [
            {
                "predicted": round(part.predicted, 4),
                "recalled": round(part.recalled / part.of, 4),
                "answers": part.of,
            }
            for part in one.bins
        ],
    }


def _show(before: Calibration, after: Calibration) -> None:
    """Predicted against recalled, before and after, bin by bin."""
    old = {part.low: part for part in before.bins}
    new = {part.low: part for part in after.bins}
    rows = []
    for low in sorted(old | new):
        row: list[object] = [f"{low:.0%} to {low + 0.05:.0%}"]
        for bins in (old, new):
            part = bins.get(low)
            row += [f"{part.recalled / part.of:.0%}", part.of] if part else ["·", "·"]
        rows.append(row)
    print_table(
        ("predicted", "recalled before", "answers", "recalled fitted", "answers"),
        rows,
        right=" rrrr",
    )
    click.echo(f"Gap (RMSE): {before.rmse:.3f} before, {after.rmse:.3f} fitted.")
