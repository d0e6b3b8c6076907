"""Names that are short for a formula of the question (A for the weights, ŷ for the prediction): the
name and its formula are one answer, and a formula with a mistake in it is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from studykit.answers.derived import definitions
from studykit.problems import Problem, draw, mark
from studykit.problems.formula import Formula, formula
from tests.problems.support import LEVELS

TICKETS = 8

FORMULAS = [
    (name, level)
    for name, level in LEVELS
    if isinstance(draw(family=name, level=level).answer, Formula)
]
DERIVING = [
    (name, level)
    for name, level in FORMULAS
    if any("= " in said for said in draw(family=name, level=level).answer.declared.values())
]
IDS = [f"{name}-{level}" for name, level in DERIVING]


def derived(problem: Problem) -> Iterator[tuple[Formula, Formula]]:
    """Each derived name of a problem, as a formula, and the formula that it is short for."""
    names = problem.answer.expression.names
    for name, tree in definitions(names, names.declared).items():
        yield formula(name, problem.answer.declared), Formula(tree, problem.answer.declared)


def result(problem: Problem, answer: Formula) -> str:
    return mark(problem, answer.text).result


def written_out(problem: Problem, name: Formula, meaning: Formula) -> Iterator[Formula]:
    """The answer with the meaning for the name, and with both beside each other."""
    yield problem.answer.put(**{name.text: meaning})
    yield problem.answer * (size(name) / size(meaning))


def size(f: Formula) -> Formula:
    """One number by which any answer can be multiplied; weights would add up to 1 unsquared."""
    return f.hadamard(f).called("sum") if f.shape else f


def test_the_families_in_which_a_question_computes_a_name_are_found() -> None:
    assert len({name for name, _ in DERIVING}) == 10


@pytest.mark.parametrize(("name", "level"), DERIVING, ids=IDS)
def test_an_answer_is_right_with_any_derived_name_written_out(name: str, level: int) -> None:
    for seed in range(TICKETS):
        problem = draw(family=name, level=level, seed=seed)
        for short, meaning in derived(problem):
            for answer in written_out(problem, short, meaning):
                assert result(problem, answer) == "right", (problem.ticket, answer.text)


@pytest.mark.parametrize(("name", "level"), DERIVING, ids=IDS)
def test_an_answer_is_wrong_with_a_mistake_in_what_is_written_out(name: str, level: int) -> None:
    for seed in range(TICKETS):
        problem = draw(family=name, level=level, seed=seed)
        for short, meaning in derived(problem):
            first = min(meaning.expression.used)
            # A length does not feel a sign, a step does not feel a factor.
            other = formula(first, meaning.declared) * -2
            for answer in written_out(problem, short, meaning.put(**{first: other})):
                same = answer.tree == problem.answer.tree
                assert (result(problem, answer) == "right") == same, (problem.ticket, answer.text)


@pytest.mark.parametrize(("name", "level"), DERIVING, ids=IDS)
def test_the_question_says_what_each_derived_name_is(name: str, level: int) -> None:
    for seed in range(TICKETS):
        problem = draw(family=name, level=level, seed=seed)
        for short, _ in derived(problem):
            symbol = re.escape({"ŷ": r"\hat y", "dS": "dS"}.get(short.text, short.tex))
            says = re.search(rf"(?<![A-Za-z]){symbol}(_k|\^2)?=", problem.question)
            assert says, (problem.ticket, short.text)


@pytest.mark.parametrize(("name", "level"), FORMULAS)
def test_every_name_that_may_be_written_stands_in_the_question(name: str, level: int) -> None:
    for seed in range(4 * TICKETS):
        problem = draw(family=name, level=level, seed=seed)
        body, _, _ = problem.question.partition("*Answer:*")
        mathematics = " ".join(re.findall(r"\$+([^$]+)\$+", body))
        letters = re.sub(r"\\mathrm{\w+}|\\[a-z]+", " ", mathematics)
        for one in problem.answer.declared:
            symbol = r"\hat y" if one == "ŷ" else formula(one, problem.answer.declared).tex
            shown = mathematics if "\\" in symbol else letters
            assert plain(symbol) in plain(shown), (problem.ticket, one)


def plain(tex: str) -> str:
    return re.sub(r"[\s{}]|\\mathrm", "", tex)


@pytest.mark.parametrize(
    "typed",
    [
        "(A ⊙ (dO V^T - rowsum(dO ⊙ O))) K / sqrt(d_k)",
        "(softmax(S) ⊙ (dO V^T - rowsum(A ⊙ (dO V^T)))) K / sqrt(d_k)",
        "(softmax(Q@K.T/sqrt(d_k)) * (dO@V.T - (dO*(A@V)).sum(axis=1, keepdims=True)))"
        " @ K / sqrt(d_k)",
        r"\left(\mathrm{softmax}\left(\frac{QK^\top}{\sqrt{d_k}}\right)\odot(dO V^\top -"
        r" \mathrm{rowsum}(dO\odot O))\right)K/\sqrt{d_k}",
    ],
)
def test_weights_and_output_are_read_by_name_or_written_out(typed: str) -> None:
    assert mark(draw("attention-gradient-formulas@1/3#0"), typed).result == "right"


@pytest.mark.parametrize(
    "weights",
    [
        "softmax(Q K^T)",
        "softmax(Q K^T / d_k)",
        "softmax(K Q^T / sqrt(d_k))",
        "softmax(Q K^T / sqrt(d_k), axis=0)",
        "softmax(S^T)^T",
    ],
)
def test_the_weights_by_a_wrong_formula_stay_wrong(weights: str) -> None:
    problem = draw("attention-gradient-formulas@1/3#0")
    typed = f"({weights} ⊙ (dO V^T - rowsum(dO ⊙ O))) K / sqrt(d_k)"
    assert mark(problem, typed).result == "wrong"
