"""Formulas as trees: put together they keep their value, and read back as what they are."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

from studykit.answers import read_expression
from studykit.problems.calculus import derivative, expanded
from studykit.problems.formula import Formula, formula, same

NAMES = {"x": "positive", "y": "positive", "z": "real"}


def built(dice: random.Random, depth: int) -> tuple[Formula, str]:
    """A random formula by our operators, and the same written out with all its brackets."""
    if depth == 0:
        text = dice.choice(["x", "y", "z", "2", "3", "1", "x^2", "1/2"])
        return formula(text, NAMES), f"({text})"
    (a, one), (b, other) = built(dice, depth - 1), built(dice, dice.randrange(depth))
    match dice.randrange(6):
        case 0:
            return a + b, f"({one} + {other})"
        case 1:
            return a - b, f"({one} - {other})"
        case 2 | 3:
            return a * b, f"({one} * {other})"
        case 4:
            return a / (b * b + 1), f"({one} / ({other} * {other} + 1))"
        case _:
            return -a, f"(-{one})"


@pytest.mark.parametrize("seed", range(120))
def test_what_is_put_together_has_the_value_of_its_parts(seed: int) -> None:
    ours, text = built(random.Random(seed), 3)
    written = read_expression(text, NAMES)
    vanishes = ours.sample is not None and not any(ours.sample[1])
    assert same(ours.expression, written) or vanishes
    for shown in (ours.text, ours.tex):
        assert same(read_expression(shown, NAMES), ours.expression) or vanishes, shown


@pytest.mark.parametrize(
    ("put", "text"),
    [
        ({"x": 1}, "y + z"),
        ({"x": 0}, "z"),
        ({"x": -1}, "z - y"),
        ({"x": 3, "y": 2}, "z + 6"),
        ({"x": Fraction(1, 2), "y": 4}, "z + 2"),
    ],
)
def test_numbers_put_in_the_place_of_names_are_worked_out(
    put: dict[str, int | Fraction], text: str
) -> None:
    assert formula("x y + z", NAMES).put(**put).text in (text, " + ".join(text.split(" + ")[::-1]))


SLOPES = [
    ("x^3 y", "x", "3 x^2 y"),
    ("e^(x y)", "x", "y e^(x y)"),
    ("ln(x^2 + 1)", "x", "2 x / (x^2 + 1)"),
    ("sigmoid(x z)", "x", "z sigmoid(x z) (1 - sigmoid(x z))"),
    ("softplus(z)", "z", "sigmoid(z)"),
    ("tanh(z) / x", "z", "(1 - tanh(z)^2) / x"),
    ("sqrt(x^2 + y^2)", "x", "x / sqrt(x^2 + y^2)"),
    ("1 / (1 + e^(-z))", "z", "sigmoid(z) sigmoid(-z)"),
    ("x y", "z", "0"),
]


@pytest.mark.parametrize(("text", "by", "slope"), SLOPES)
def test_derivatives_are_what_the_rules_say(text: str, by: str, slope: str) -> None:
    found = derivative(formula(text, NAMES), by)
    assert found.text == slope == "0" or same(found.expression, formula(slope, NAMES).expression), (
        found.text
    )


def test_expanding_changes_the_form_alone() -> None:
    product = formula("(x + y) (x - y) + 2 (x + y)^2", NAMES)
    changed = expanded(product)
    assert same(changed.expression, product.expression)
    assert changed.text != product.text


def test_a_function_without_a_place_in_a_pattern_is_refused() -> None:
    with pytest.raises(TypeError, match="no place"):
        derivative(formula("max(x, y)", NAMES), "x")


@pytest.mark.parametrize(
    ("text", "tex"),
    [
        ("2 (X^T (X w - y))", r"2 X^{\top} \left(X w - y\right)"),
        ("(c (X^T X w)) / 2", r"\frac{c X^{\top} X w}{2}"),
        ("2 (X w + y)", r"2 \left(X w + y\right)"),
    ],
)
def test_a_factor_before_a_product_of_matrices_is_shown_without_brackets(
    text: str, tex: str
) -> None:
    names = {"X": "N×d", "w": "vector d", "y": "vector N", "c": "real"}
    shown = formula(text, names)
    assert shown.tex == tex
    assert same(read_expression(tex, names), shown.expression)
