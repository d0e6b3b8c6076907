"""Tickets, refusals, and draws that are thrown away."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from studykit.answers import Exact
from studykit.problems import Family, Mistake, ProblemError, Step, draw, families, family_named
from studykit.problems.dice import Dice
from studykit.problems.drawing import draw_from
from studykit.problems.rounding import near_tie
from studykit.problems.values import cells


def test_a_ticket_and_its_parts_draw_the_same() -> None:
    by_ticket = draw("softmax-row@1/2#9")
    by_parts = draw(family="softmax-row", level=2, seed=9)
    assert by_ticket.givens == by_parts.givens
    assert by_ticket.ticket == by_parts.ticket == "softmax-row@1/2#9"


@pytest.mark.parametrize(
    ("ticket", "words"),
    [
        ("attention-output", "no ticket"),
        ("attention-output@1/2", "no ticket"),
        ("attention-outptu@1/2#7", "did you mean attention-output"),
        ("attention-output@99/2#7", "not drawn any more"),
        ("attention-output@1/7#7", "no level 7"),
    ],
)
def test_tickets_that_name_nothing_are_refused_in_words(ticket: str, words: str) -> None:
    with pytest.raises(ProblemError, match=words):
        draw(ticket)


def test_no_answer_lies_near_a_rounding_tie() -> None:
    for seed in range(300):
        problem = draw(family="attention-output", level=2, seed=seed)
        assert not near_tie(cells(problem.floats["output"]), problem.asks.precision)


@pytest.mark.parametrize("level", [1, 2, 3])
def test_values_with_a_constant_column_and_empty_rows_are_not_drawn(level: int) -> None:
    for seed in range(100):
        givens = draw(family="attention-output", level=level, seed=seed).givens
        assert all(len(set(column)) > 1 for column in zip(*givens["V"], strict=True))
        assert all(any(row) for name in ("Q", "K", "V") for row in givens[name])


def test_a_single_row_needs_no_word_about_its_rows() -> None:
    assert "one row for each query" not in draw("attention-output@1/1#3").question
    assert "one row for each query" in draw("attention-output@1/2#3").question


def toy(mistakes: tuple[Mistake, ...], draws: Any = None) -> Family:
    """Twice a number: the smallest family there can be."""

    def pick(dice: Dice, level: int) -> dict[str, Any]:
        return {"n": dice.between(0, 3) + 0 * level}

    return Family(
        name="toy",
        version=1,
        title="Double",
        topic="toys",
        says="Double it.",
        draws=draws or pick,
        steps=(Step("double", "Twice", "y", "2n", lambda n: 2 * n),),
        mistakes=mistakes,
        question={1: lambda n: f"Double ${n}$."},
        precision={1: Exact()},
    )


def test_numbers_for_which_a_mistake_comes_out_right_are_not_drawn() -> None:
    square = Mistake("squared", "double", lambda n: n * n, "You squared it.")
    drawn = {draw_from(toy((square,)), 1, seed).givens["n"] for seed in range(60)}
    assert drawn == {1, 3}  # 2·0 = 0² and 2·2 = 2²


def test_a_mistake_that_cannot_be_told_from_the_right_way_refuses_every_draw() -> None:
    same = Mistake("same", "double", lambda n: n + n, "You added it to itself.")
    with pytest.raises(ProblemError, match="separates"):
        draw_from(toy((same,)), 1, 0)


def test_a_mistake_that_divides_by_zero_does_not_apply() -> None:
    divided = Mistake("divided", "double", lambda n: 1 / (n - n), "You divided.")
    assert draw_from(toy((divided,)), 1, 0).wrongs == ()


def test_families_stand_in_a_fixed_order_and_under_their_names() -> None:
    names = list(families())
    assert names[:4] == ["scaled-dot", "attention-scores", "softmax-row", "attention-output"]
    assert all(families()[name].name == name for name in names)
    assert family_named("softmax-row") is families()["softmax-row"]


def test_loading_the_families_does_not_hide_the_function_of_that_name() -> None:
    code = (
        "import studykit.problems as p; p.draw(family='scaled-dot', level=1);"
        "import studykit.problems.families.softmax_row; assert len(p.families()) >= 8"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_drawing_needs_no_numpy_and_no_sympy() -> None:
    code = (
        "import sys; from studykit.problems import draw, mark, solution;"
        "p = draw('attention-output@1/3#7'); p.question; solution(p); mark(p, '1 2');"
        "assert not {'numpy', 'sympy', 'click', 'textual'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
