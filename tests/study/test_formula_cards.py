"""What `studykit check` has against the formulas of a card, and how a card asks for a form."""

from __future__ import annotations

from typing import get_args

from studykit.answers.forms import FORMS
from studykit.decks.schema import Form, Formula, WrongFormula
from studykit.study.kinds.formula import FORMS as ASKED
from studykit.study.kinds.formula import objections


def card(
    *accepts: str,
    form: tuple[Form, ...] = (),
    wrong: tuple[str, ...] = (),
    names: dict[str, str] | None = None,
) -> Formula:
    return Formula(
        front="f",
        back="b",
        accepts=accepts,
        names={"x": "real", "W": "n×m"} if names is None else names,
        form=form,
        wrong=tuple(WrongFormula(formula=text, why="w") for text in wrong),
    )


def found(asked: Formula) -> list[tuple[str, str, int]]:
    return [(one.code, one.field, one.entry) for one in objections(asked)]


def test_a_sound_card_has_nothing_against_it() -> None:
    assert found(card("2x", "x + x", wrong=("x", "x^2"))) == []
    assert found(card("x(x+1)", form=("factored", "no-decimals"))) == []


def test_every_unreadable_formula_is_told_at_its_entry() -> None:
    asked = card("2x", "2 +", wrong=("W W", "x"))
    assert found(asked) == [("unreadable-answer", "accepts", 1), ("unreadable-answer", "wrong", 0)]


def test_a_declaration_that_says_nothing_is_told_at_the_names() -> None:
    assert found(card("2x", names={"x": "rael"})) == [("unreadable-answer", "names", 0)]


def test_an_accepted_formula_without_the_demanded_form_is_told() -> None:
    assert found(card("x^2 + x", form=("factored",))) == [("unmet-form", "accepts", 0)]


def test_a_wrong_formula_that_is_right_or_stands_twice_is_told() -> None:
    asked = card("2x", wrong=("x + x", "x", "2x/2"))
    assert found(asked) == [("right-as-wrong", "wrong", 0), ("right-as-wrong", "wrong", 2)]


def test_every_form_of_a_deck_can_be_judged_and_asked_for() -> None:
    assert set(get_args(Form)) == set(FORMS) == set(ASKED)
