"""Every expression a formula card accepts is right, and the reader of answers can read it."""

from __future__ import annotations

import numpy as np
import pytest

from studykit.answers import read_expression, same_expression
from studykit.decks import check
from studykit.study.kinds.formula import objections
from tests.content.evaluator import draw, evaluate
from tests.content.facts import gather
from tests.content.shipped import FOLDER, formulas

DIRECT = gather("FORMULAS")
DERIVED = gather("DERIVED")


def test_every_formula_card_is_checked_and_every_check_has_its_card() -> None:
    assert set(DIRECT) | set(DERIVED) == set(formulas())
    assert not set(DIRECT) & set(DERIVED)


def test_every_formula_card_accepts_something() -> None:
    assert [name for name, card in formulas().items() if not card.accepts] == []


@pytest.mark.parametrize("name", sorted(formulas()))
def test_what_a_formula_card_accepts_equals_the_value_found_on_another_path(name: str) -> None:
    card = formulas()[name]
    generator = np.random.default_rng(20_170_612)
    for _ in range(3):
        if name in DERIVED:
            values, expected = DERIVED[name](generator)
        else:
            values = draw(card.names, generator)
            expected = DIRECT[name](values)
        assert set(values) >= set(card.names)
        for text in card.accepts:
            given = np.squeeze(evaluate(text, values))
            np.testing.assert_allclose(given, np.squeeze(expected), rtol=1e-6, atol=1e-8)


def test_the_reader_of_answers_reads_every_formula_of_a_card() -> None:
    assert check(sorted(FOLDER.glob("*.yaml")), reads=objections) == []


@pytest.mark.parametrize("name", [name for name, card in sorted(formulas().items()) if card.wrong])
def test_a_formula_listed_as_wrong_differs_from_the_value_found_on_another_path(name: str) -> None:
    card = formulas()[name]
    generator = np.random.default_rng(20_170_613)
    values = draw(card.names, generator)
    right = np.squeeze(evaluate(card.accepts[0], values))
    for one in card.wrong:
        given = np.squeeze(evaluate(one.formula, values))
        assert not np.allclose(given, right, rtol=1e-3, atol=0.0)


@pytest.mark.parametrize("name", [name for name, card in sorted(formulas().items()) if card.wrong])
def test_the_judge_tells_what_the_card_says_of_a_wrong_formula(name: str) -> None:
    card = formulas()[name]
    accepted = [read_expression(text, card.names) for text in card.accepts]
    wrong = {one.formula: (read_expression(one.formula, card.names), one.why) for one in card.wrong}
    for one in card.wrong:
        judged = same_expression(read_expression(one.formula, card.names), accepted, wrong=wrong)
        assert (judged.result, judged.slip, judged.says) == ("wrong", one.formula, one.why)


@pytest.mark.parametrize("name", sorted(formulas()))
def test_the_judge_accepts_the_accepted_and_refuses_its_double(name: str) -> None:
    card = formulas()[name]
    accepted = [read_expression(text, card.names) for text in card.accepts]
    for one in accepted:
        assert same_expression(one, accepted).result == "right"
    doubled = read_expression(f"2*({card.accepts[0]})", card.names)
    assert same_expression(doubled, accepted).result == "wrong"


@pytest.mark.parametrize(
    ("name", "typed", "result"),
    [
        ("sfm-11", "softmax(S) * (G - rowsum(P*G))", "right"),
        ("sfm-11", "P*G - P*rowsum(softmax(S)*G)", "right"),
        ("sfm-11", "softmax(S^T)^T * (G - rowsum(P*G))", "wrong"),
        ("agr-29", "p_1*(1 - p_1)*(v_1 - v_2)", "right"),
        ("agr-29", "p_1*(v_1 - p_1*v_1 - p_2*v_2)", "right"),
        ("agr-29", "p_1*(1 - p_2)*(v_1 - v_2)", "wrong"),
        ("blk-16", "(g - rowmean(g) - x*rowmean((g - rowmean(g))*x))/sigma", "right"),
        ("blk-16", "(g - rowmean(g) - (z - mu)/sigma*rowmean(g*x))/sigma", "right"),
        ("blk-16", "(g - rowmean(g) - z/sigma*rowmean(g*x))/sigma", "wrong"),
    ],
)
def test_what_a_card_computes_may_be_written_by_name_or_out(
    name: str, typed: str, result: str
) -> None:
    card = formulas()[name]
    given, right = (read_expression(text, card.names) for text in (typed, card.accepts[0]))
    assert same_expression(given, right).result == result
