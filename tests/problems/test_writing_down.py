"""Slips in writing an answer down are named for every family by one layer, none by the families."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from functools import cache

import pytest

from studykit.answers import Exact, Figures, Places, format_number
from studykit.problems import Problem, draw, families, mark
from studykit.problems.rounding import figured, rounded, truncated
from studykit.problems.values import Value, cells, finite, form, grid, rebuilt
from tests.problems.support import typed

Change = Callable[[list[float]], list[float]]


@cache
def numeric() -> tuple[Problem, ...]:
    """One problem of each family and level that asks for numbers."""
    drawn = (
        draw(family=name, level=level, seed=11)
        for name, family in families().items()
        for level in family.levels
    )
    return tuple(problem for problem in drawn if problem.asks.kind not in ("shape", "formula"))


def rounded_ones() -> list[Problem]:
    """Those whose answers are rounded."""
    return [one for one in numeric() if not isinstance(one.asks.precision, Exact)]


def answered(problem: Problem, value: Value) -> tuple[str, list[str]]:
    """The result and the names of what was found, for a value typed at the asked precision."""
    marking = mark(problem, typed(value, problem.asks))
    return marking.result, [one.mistake for one in marking.diagnosis]


def explained(problem: Problem, value: Value, name: str) -> None:
    """The value is right after all, or a mistake of the family gives it too, or it is named."""
    result, found = answered(problem, value)
    if result == "right":
        return
    if not any(given_by(problem, value)):
        assert name in found, (problem.ticket, found)
    assert found


def given_by(problem: Problem, value: Value) -> Iterator[bool]:
    """For each mistake, whether it gives this value, nearly."""
    for wrong in problem.wrongs:
        if form(wrong.answer) == form(value):
            pairs = zip(cells(wrong.answer), cells(value), strict=True)
            yield all(abs(x - y) <= 2e-2 * max(1.0, abs(y)) for x, y in pairs)


CHANGES: dict[str, tuple[str, Change]] = {
    "every sign": ("minus-dropped", lambda xs: [-x for x in xs]),
    "percent": ("percent", lambda xs: [100 * x for x in xs]),
    "ten": ("power-of-ten", lambda xs: [10 * x for x in xs]),
    "thousandth": ("power-of-ten", lambda xs: [x / 1000 for x in xs]),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_sign_or_a_factor_of_ten_is_named(change: str) -> None:
    for problem in numeric():
        scaled_is_named(problem, change)


def scaled_is_named(problem: Problem, change: str) -> None:
    name, does = CHANGES[change]
    value = rebuilt(does([float(x) for x in cells(problem.answer)]), problem.answer)
    rows = grid(value)
    text = "; ".join(
        " ".join(format_number(float(f"{x:.12g}"), Figures(8)) for x in row) for row in rows
    )
    marking = mark(problem, text)
    assert marking.result != "right" or not any(cells(problem.answer))
    if marking.diagnosis and marking.diagnosis[0].method:
        return  # a mistake of the family gives the same
    assert [one.mistake for one in marking.diagnosis] == [name], (problem.ticket, text)


def test_two_exchanged_cells_are_named() -> None:
    for problem in numeric():
        exchanged_is_named(problem)


def exchanged_is_named(problem: Problem) -> None:
    right = list(cells(problem.answer))
    for other in range(1, len(right)):
        if abs(right[0] - right[other]) > 0.1 and right[0] != -right[other]:
            values = [right[other], *right[1:other], right[0], *right[other + 1 :]]
            result, found = answered(problem, rebuilt(values, problem.answer))
            # In a narrow matrix two cells may be all that differs between two rows or columns.
            among = {"cells-swapped", "rows-swapped", "columns-swapped", "order-reversed"}
            assert result in ("wrong", "partly") and found
            assert among & {*found} or any(given_by(problem, rebuilt(values, problem.answer)))
            return


def test_exchanged_rows_and_columns_and_a_transpose_are_named() -> None:
    for problem in [one for one in numeric() if len(grid(one.answer)) > 1]:
        turned_is_named(problem)


def turned_is_named(problem: Problem) -> None:
    rows = [list(row) for row in problem.answer]
    # With few distinct numbers one of these may be another, or two wrong signs.
    among = {"rows-swapped", "columns-swapped", "transposed", "cells-swapped", "minus-dropped"}
    for name, value in (
        ("rows-swapped", [rows[1], rows[0], *rows[2:]]),
        ("columns-swapped", [[*row[1:2], row[0], *row[2:]] for row in rows]),
        ("transposed", [list(column) for column in zip(*rows, strict=True)]),
    ):
        result, found = answered(problem, value)
        assert result == "right" or found, (problem.ticket, name)
        assert result == "right" or among & {*found} or any(given_by(problem, value))


def test_digits_cut_off_are_named() -> None:
    for problem in rounded_ones():
        cut_is_named(problem)


def cut_is_named(problem: Problem) -> None:
    precision = problem.asks.precision
    cut = []
    for x in cells(problem.floats[problem.asked]):
        last = -precision.n if isinstance(precision, Places) else 0
        if isinstance(precision, Figures) and x:
            last = math.floor(math.log10(abs(x))) - precision.n + 1
        cut.append(truncated(x, 10.0**last))
    explained(problem, rebuilt(cut, problem.answer), "cut-off")


@pytest.mark.parametrize("digits", [1, 2])
def test_rounding_on_the_way_to_few_digits_is_named(digits: int) -> None:
    for problem in rounded_ones():
        early_is_named(problem, digits)


def early_is_named(problem: Problem, digits: int) -> None:
    short = figured if isinstance(problem.asks.precision, Figures) else rounded
    pool = dict(problem.floats)
    try:
        for stage in problem.pipeline.stages:
            value = stage.value(pool)
            last = stage.step.name == problem.asked
            pool[stage.step.name] = value if last else short(value, digits)
    except ArithmeticError:
        return
    if finite(pool[problem.asked]):
        explained(problem, pool[problem.asked], "rounded-early")


OUTPUT = draw("attention-output@1/2#1")


def test_a_mistake_and_a_slip_together_are_both_named() -> None:
    wrong = next(w for w in OUTPUT.wrongs if w.mistake.name == "no-scale")
    rows = [list(row) for row in wrong.answer]
    marking = mark(OUTPUT, typed([rows[1], rows[0], *rows[2:]], OUTPUT.asks))
    assert [one.mistake for one in marking.diagnosis] == ["no-scale", "rows-swapped"]
    assert " And: " in marking.says


def test_two_mistakes_together_are_told_as_both() -> None:
    for seed in range(40):
        problem = draw(family="attention-output", level=2, seed=seed)
        way = problem.pipeline
        slips = {slip.mistake.name: slip for slip in way.slips}
        between = way.mistaken(slips["no-scale"], problem.floats)
        assert between is not None
        both = way.with_mistake(slips["softmax-over-columns"], between)
        marking = mark(problem, typed(both, problem.asks))
        if len(marking.diagnosis) == 2 and marking.diagnosis[1].besides:
            assert " And: " in marking.says and " Or: " not in marking.says
            return
    raise AssertionError("no pair was found")


def test_a_wrong_method_is_wrong_although_some_cells_agree() -> None:
    masked = next(
        (problem, wrong)
        for seed in range(20)
        for problem in [draw(family="masked-softmax", level=2, seed=seed)]
        for wrong in problem.wrongs
        if form(wrong.answer) == form(problem.answer)
        and any(
            abs(x - y) < 1e-9
            for x, y in zip(cells(wrong.answer), cells(problem.answer), strict=True)
        )
    )
    problem, wrong = masked
    marking = mark(problem, typed(wrong.answer, problem.asks))
    assert marking.result == "wrong"
    assert marking.cells is not None and any(map(any, marking.cells))


def test_zeros_alone_do_not_make_an_answer_partly_right() -> None:
    problem = next(
        problem
        for seed in range(50)
        for problem in [draw(family="masked-softmax", level=2, seed=seed)]
        if not all(cells(problem.floats[problem.asked]))
    )
    keys = cells(problem.floats[problem.asked])
    wrong = [x + 0.237 * (k + 1) if x else 0.0 for k, x in enumerate(keys)]
    marking = mark(problem, typed(rebuilt(wrong, problem.answer), problem.asks))
    assert (marking.result, marking.diagnosis) == ("wrong", ())
    assert marking.says == "Only zeros are right."


def test_one_cell_with_too_few_digits_is_not_accepted_for_what_rounding_may_add() -> None:
    problem = draw("attention-output@1/3#3")
    assert problem.slack > 0
    text = typed(problem.answer, problem.asks)
    assert mark(problem, text).result == "right"
    assert "5.819" in text
    assert mark(problem, text.replace("5.819", "5.82")).result == "imprecise"
