"""Problems that ask for a formula: told from every mistake at the draw, read in any form, marked
step by step, and never letting a learner's text near SymPy.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from time import process_time
from typing import Any

import pytest

from studykit.answers import Exact
from studykit.problems import (
    Family,
    Mistake,
    Problem,
    ProblemError,
    Step,
    draw,
    hints,
    mark,
    problem_json,
)
from studykit.problems.dice import Dice
from studykit.problems.drawing import draw_from
from studykit.problems.formula import Formula, formula
from tests.problems.support import LEVELS

NAMES = {"x": "real"}


def toy(*mistakes: Mistake, answer: str = "2 x + 2 n") -> Family:
    """A family that doubles x + n."""

    def pick(dice: Dice, _level: int) -> dict[str, Any]:
        return {"n": dice.between(0, 3)}

    def double(n: int) -> Formula:
        return formula(answer, NAMES | {"n": "real"}).put(n=n).declaring(NAMES)

    return Family(
        name="toy-formula",
        version=1,
        title="Double",
        topic="toys",
        says="Double it.",
        draws=pick,
        steps=(Step("double", "Twice", "y", "2(x+n)", double),),
        mistakes=mistakes,
        question={1: lambda n: f"Double $x+{n}$."},
        precision={1: Exact()},
    )


def wrong(text: str) -> Mistake:
    return Mistake(
        "wrong",
        "double",
        lambda n: formula(text, NAMES | {"n": "real"}).put(n=n).declaring(NAMES),
        "You did it wrongly.",
    )


def test_a_draw_in_which_a_mistake_gives_the_right_formula_in_another_form_is_thrown_away() -> None:
    forgotten = wrong("2 x + n")  # right for n = 0
    drawn = {draw_from(toy(forgotten), 1, seed).givens["n"] for seed in range(60)}
    assert drawn == {1, 2, 3}
    with pytest.raises(ProblemError, match="separates"):
        draw_from(toy(wrong("x + n + (x^2 + n x) / x")), 1, 0)


@pytest.mark.parametrize("answer", ["0 x + n", "x - x", "ln(-1 - x^2)"])
def test_a_formula_that_says_nothing_is_not_asked_for(answer: str) -> None:
    with pytest.raises(ProblemError, match="separates"):
        draw_from(toy(wrong("x"), answer=answer), 1, 0)


def test_a_mistake_whose_formula_has_no_value_or_whose_shapes_do_not_fit_does_not_apply() -> None:
    assert draw_from(toy(wrong("ln(-1 - x^2)")), 1, 0).wrongs == ()
    rectangle = {"A": "n×m", "B": "n×m"}
    product = formula("A", rectangle) @ formula("B", rectangle)
    assert product.sample is None


def first(family: str, level: int, asked: str, **givens: Any) -> Problem:
    """The first problem that asks this, with these givens."""
    for seed in range(200):
        problem = draw(family=family, level=level, seed=seed)
        if problem.asked == asked and givens.items() <= problem.givens.items():
            return problem
    raise AssertionError(f"{family} never asks for {asked} with {givens}")


@pytest.mark.parametrize(
    "typed",
    [
        "X^T dS Y W_K / sqrt(r)",
        r"X^\top dS\, Y W_K / \sqrt{r}",
        "X.T @ dS @ Y @ W_K / sqrt(r)",
        "(1/√r) Xᵀ dS (Y W_K)",
        "((Y W_K)^T dS^T X)^T / √r",
    ],
)
def test_an_answer_is_right_in_whatever_notation(typed: str) -> None:
    problem = first("bilinear-score-gradient", 3, "query_weight", k="r", c="root")
    assert mark(problem, typed).result == "right"


def test_the_left_hand_side_may_be_typed_too_and_no_other() -> None:
    problem = draw("attention-gradient-formulas@1/2#3")
    symbol = problem.steps[-1].symbol
    assert mark(problem, f"{symbol} = {problem.answer.text}").result == "right"
    other = mark(problem, f"q = {problem.answer.text}")
    assert (other.result, other.position) == ("unreadable", 2)


def test_a_wrong_shape_is_told_and_a_slip_of_the_pen_is_named() -> None:
    problem = first("linear-layer-formulas", 1, "weight", d="d", m="m")
    twice = mark(problem, f"2 ({problem.answer.text})")
    assert [(d.mistake, d.step) for d in twice.diagnosis] == [("factor-two", "weight")]
    misshapen = mark(problem, "X")
    assert misshapen.result == "wrong"
    assert "yours is" in misshapen.says


def test_two_mistakes_together_are_found() -> None:
    problem = first("attention-gradient-formulas", 3, "d_query")
    names = {d.mistake for d in mark(problem, "(A ⊙ (dO V^T)) K").diagnosis}
    assert names == {"mean-left-out", "no-scale"}


def test_a_later_step_follows_from_the_learners_own_formula() -> None:
    problem = first("attention-gradient-formulas", 2, "d_key", scale="root")
    own = "A ⊙ dA"  # the mean forgotten
    assert mark(problem, own, "d_scores").result == "wrong"
    followed = mark(problem, f"({own})^T Q / sqrt(d_k)", earlier={"d_scores": own})
    assert followed.result == "right"
    assert followed.follow_through
    unscaled = mark(problem, f"({own})^T Q", earlier={"d_scores": own})
    assert [d.mistake for d in unscaled.diagnosis] in (["no-scale"], ["mean-left-out", "no-scale"])


def test_a_monstrous_formula_of_ones_own_costs_little_and_reaches_no_sympy() -> None:
    code = (
        "import sys; from studykit.problems import draw, mark;"
        "p = draw('attention-gradient-formulas@1/2#3');"
        "m = 'A*9^9^9^9^9';"
        "mark(p, m); mark(p, m, 'd_scores'); mark(p, 'dA', earlier={'d_scores': m, 'mean': m});"
        "assert 'sympy' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
    problem = draw("activation-derivative@1/2#3")
    start = process_time()
    for text in ("9^9^9^9", "z" + "*z" * 150, "e^e^e^e^e^z", "(" * 150 + "z" + ")" * 150):
        mark(problem, text)
        mark(problem, problem.answer.text, earlier={"slope": text, "gate": text})
    assert process_time() - start < 2


def test_sympy_is_loaded_when_a_family_that_needs_it_is_drawn_and_not_before() -> None:
    code = (
        "import sys; from studykit.problems import draw, families;"
        "assert len(families()) > 60; draw('linear-layer-formulas@1/2#3');"
        "assert 'sympy' not in sys.modules;"
        "draw('activation-derivative@1/1#3');"
        "assert 'sympy' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_question_declares_its_names_and_so_does_the_json() -> None:
    problem = first("attention-gradient-formulas", 2, "d_key", scale="root", n="n", m="m")
    asks = problem_json(problem)["asks"]
    assert asks["kind"] == "formula"
    assert asks["names"] == {
        "Q": "n×d_k",
        "K": "m×d_k",
        "dA": "n×m",
        "S": "n×m = Q K^T / sqrt(d_k)",
        "A": "n×m = softmax(S)",
    }
    assert asks["shape"] == ["m", "d_k"]
    assert "*Write it with* `Q` (n×d_k), `K` (m×d_k), `dA` (n×m)" in problem.question
    assert "and `S` (n×m), `A` (n×m) or their formulas." in problem.question
    assert problem_json(problem)["answer"] == problem.answer.text


def test_no_hint_gives_the_asked_formula_away() -> None:
    for problem in asking_a_formula():
        for hint in hints(problem):
            assert hint.partition(" = ")[2] != f"{problem.answer.tex}$", (problem.ticket, hint)


def test_symbols_and_rules_are_those_of_the_problem() -> None:
    """No parameter θ where the question has a name, no letter i where it has a number."""
    for problem in asking_a_formula():
        for step in problem.steps:
            assert r"\theta" not in step.symbol + step.formula, (problem.ticket, step)
            assert not re.search(r"partial \(?\w_[ij]", step.symbol), (problem.ticket, step)


def test_the_left_hand_side_may_be_typed_with_the_problems_own_name() -> None:
    problem = draw("two-layer-derivative@1/2#0")
    assert mark(problem, "∂L/∂b = (ŷ - y) v h (1 - h)").result == "right"
    assert mark(problem, "∂L/∂w = (ŷ - y) v h (1 - h)").result == "unreadable"


def asking_a_formula() -> Iterator[Problem]:
    for name, level in LEVELS:
        for seed in range(6):
            problem = draw(family=name, level=level, seed=seed)
            if not isinstance(problem.answer, Formula):
                break
            yield problem
