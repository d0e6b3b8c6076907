"""The worked solution and the hints of a problem, from the same pipeline that marks it.

Both are Markdown with TeX and this draw's numbers; no family writes either by hand.
"""

from __future__ import annotations

import re
from typing import Any

from studykit.answers import Figures, Places, Precision
from studykit.problems.exact import Log
from studykit.problems.family import Step, call
from studykit.problems.formula import Formula
from studykit.problems.pipeline import Stage
from studykit.problems.problem import Problem, StepView, one_digit_more
from studykit.problems.values import Value, cells, form, mapped
from studykit.problems.wording import Shown, cell, figures, tex

EXACT_PLACES = 4
"""Decimal places for a number that has no exact form in a problem asked exactly."""


def solution(problem: Problem) -> str:
    """Every step with its formula, the working of its first entry, and its value.

    The last line is the answer at the precision asked.
    """
    parts = []
    for count, stage in enumerate(told(problem), start=1):
        step = problem.view(stage.step)
        lines = [f"**{count}. {step.title}**"]
        if says_something(step):
            lines.append(f"$${step.left} = {step.formula}$$")
        working = _working(problem, stage.step)
        if working:
            lines.append(f"{_first(problem.values[step.name])}: ${working}$")
        lines.append(f"$${step.symbol} = {_shown(problem, step.name)}$$")
        parts.append("\n\n".join(lines))
    last = problem.steps[-1]
    parts.append(f"**Answer:** ${last.symbol} = {answer(problem)}$")
    return "\n\n".join(parts)


def hints(problem: Problem, step: str | None = None) -> tuple[str, ...]:
    """A ladder, for each step: what comes next, its formula, its first number.

    For a single `step` only what helps with that: the last two, for who is asked for it knows
    that it comes next, and all of the steps before it that are not asked themselves.
    """
    ladder: list[str] = []
    wanted = problem.pipeline.names if step is None else _led_to(problem, step)
    for count, stage in enumerate(told(problem)):
        here = problem.view(stage.step)
        if here.name not in wanted:
            continue
        if here.name != step:
            lead = "Begin with" if count == 0 else "Next"
            ladder.append(f"{lead}: {here.title[0].lower()}{here.title[1:]}.")
        if says_something(here):
            ladder.append(f"${here.left} = {here.formula}$")
        value = problem.values[here.name]
        if isinstance(value, Formula):
            ladder += _shown_formula(problem, stage.step)
            continue
        first = cell(cells(value)[0], _places(problem, here.name))
        working = _working(problem, stage.step)
        equals = f"{working} = {first}" if working else first
        ladder.append(f"{_first(value)}: ${equals}$")
    return tuple(ladder)


def told(problem: Problem) -> list[Stage]:
    """The stages but those that repeat what is known under the same name.

    That is a given with nothing to say of it, or the stage before.
    """
    kept = []
    symbol = last = ""
    for stage in problem.pipeline.stages:
        step = problem.view(stage.step)
        again = step.symbol == symbol and problem.repeats(stage, last)
        if not again and (says_something(step) or not problem.repeats(stage, *problem.givens)):
            kept.append(stage)
        symbol, last = step.symbol, step.name
    return kept


def _led_to(problem: Problem, step: str) -> tuple[str, ...]:
    """This step, and those right before it that are not asked one by one."""
    names = problem.pipeline.names
    typed = {view.name for view in problem.typed_steps}
    last = first = names.index(step)
    while first and names[first - 1] not in typed:
        first -= 1
    return names[first : last + 1]


def _shown_formula(problem: Problem, step: Step) -> list[str]:
    """The last rung: a formula on the way is shown, of the one asked for only how it is had."""
    symbol, formula = problem.view(step).symbol, problem.values[step.name].tex
    if formula != problem.answer.tex:
        return [f"${symbol} = {formula}$"]
    working = _working(problem, step)
    return [f"${symbol} = {working}$"] if working else []


def says_something(step: StepView) -> bool:
    """Whether the formula differs from the symbol and from the value; "k = k" would be noise."""
    value = step.value.tex if isinstance(step.value, Formula) else ""
    return _bare(step.formula) not in (_bare(step.left), _bare(value))


def _bare(tex: str) -> str:
    r"""TeX without what only spaces or groups it: `dY\,W_O` is `\mathrm{dY} W_{O}`, ½ is 1/2."""
    tex = re.sub(r"\\frac\{([^{}]*)\}\{([^{}]*)\}", r"\1/\2", tex)
    return re.sub(r"\\mathrm|\\left|\\right|\\,|[{}\s]", "", tex)


def _working(problem: Problem, step: Step) -> str:
    """The working of the first entry; "" where it is no more than its value."""
    if step.working is None:
        return ""
    pool = {name: _visible(value, problem) for name, value in problem.values.items()}
    working: str = call(step.working, pool)
    value = problem.values[step.name]
    if isinstance(value, Formula):
        return working
    first = cell(cells(value)[0], _places(problem, step.name))
    return "" if _bare(working) == _bare(first) else working


def _visible(value: Any, problem: Problem) -> Any:
    """Floats as somebody sees them who keeps one digit more than asked."""
    places = _carried(problem.asks.precision)
    if isinstance(value, list | float):
        return mapped(lambda x: _rounded(x, places), value)
    return value


def _rounded(x: Any, places: int) -> Any:
    return round(x, places) if isinstance(x, float) and abs(x) < 1e15 else x


def _first(value: Value) -> str:
    if isinstance(value, tuple):
        return "First size"
    return "First entry" if form(value) and not isinstance(value, Formula) else "Here"


def _shown(problem: Problem, step: str) -> str:
    """The value as TeX; a number that is not exact with its rounding."""
    precision = problem.asks.precision
    if step != problem.asked:
        precision = one_digit_more(precision)
    return tex(_rounded_to(problem.values[step], precision), _digits(precision))


def answer(problem: Problem, step: str | None = None) -> str:
    """The answer, or the value of a step on the way, as TeX, rounded to what is asked of it."""
    name = step or problem.asked
    precision, value = problem.asks_at(name).precision, problem.values[name]
    if isinstance(precision, Places) and not isinstance(value, tuple):
        value = mapped(lambda x: x if _whole(x) else round(float(x), precision.n), value)
    return tex(_rounded_to(value, precision), _digits(precision))


def _rounded_to(value: Value, precision: Precision) -> Value:
    """Significant figures are settled number by number; decimal places by the layout."""
    if not isinstance(precision, Figures) or isinstance(value, tuple):
        return value
    n = precision.n
    return mapped(lambda x: Shown(figures(x, n)) if isinstance(x, float) else x, value)


def _places(problem: Problem, step: str) -> int:
    precision = problem.asks.precision
    return _digits(precision) if step == problem.asked else _carried(precision)


def _carried(precision: Precision) -> int:
    return _digits(one_digit_more(precision))


def _digits(precision: Precision) -> int:
    return precision.n if isinstance(precision, Places | Figures) else EXACT_PLACES


def _whole(x: Any) -> bool:
    return not isinstance(x, Log) and x == int(x)
