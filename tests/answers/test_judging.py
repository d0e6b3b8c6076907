"""Verdicts on numbers and matrices: rounding, too few digits, exactness, shapes."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studykit.answers import (
    Exact,
    Figures,
    Places,
    Precision,
    format_number,
    read_matrix,
    read_number,
    same_matrix,
    same_number,
)

THIRD = Fraction(1, 3)
ROOT = math.sqrt(2) / 2

NUMBERS: list[tuple[str, Fraction | float, Precision, str]] = [
    ("1/3", THIRD, Exact(), "right"),
    ("2/6", THIRD, Exact(), "right"),
    ("0.333", THIRD, Exact(), "imprecise"),
    ("0.34", THIRD, Exact(), "wrong"),
    ("0.3333333333333333", THIRD, Exact(), "imprecise"),
    ("0.33333333333333337", THIRD, Exact(), "imprecise"),
    ("0.44000000000000006", Fraction(11, 25), Exact(), "right"),
    ("-1.8399999999999999", Fraction(-46, 25), Exact(), "right"),
    ("2.9999999999999996", Fraction(3), Exact(), "right"),
    ("5.551115123125783e-17", Fraction(0), Exact(), "right"),
    ("0.4400006", Fraction(11, 25), Exact(), "wrong"),
    ("0.440000001000000", Fraction(11, 25), Exact(), "wrong"),
    ("0.5", Fraction(1, 2), Exact(), "right"),
    ("2/4", Fraction(1, 2), Exact(), "right"),
    ("50%", Fraction(1, 2), Exact(), "right"),
    ("√2/2", ROOT, Exact(), "right"),
    ("1/√2", ROOT, Exact(), "right"),
    ("0.7071", ROOT, Exact(), "imprecise"),
    ("0.33", THIRD, Places(2), "right"),
    ("0.333333", THIRD, Places(2), "right"),
    ("1/3", THIRD, Places(2), "right"),
    ("0.335", THIRD, Places(2), "right"),
    ("0.34", THIRD, Places(2), "wrong"),
    ("0.3", THIRD, Places(2), "imprecise"),
    ("0.3333", THIRD, Places(4), "right"),
    ("0.333", THIRD, Places(4), "imprecise"),
    ("0.3334", THIRD, Places(4), "wrong"),
    ("45.8", 45.8, Places(1), "right"),
    ("45.85", 45.8, Places(1), "right"),
    ("45.75", 45.8, Places(1), "right"),
    ("46", 45.8, Places(1), "imprecise"),
    ("45", 45.8, Places(1), "wrong"),
    ("-0.5", 0.5, Places(1), "wrong"),
    ("0.00", 0.0004, Places(2), "right"),
    ("0.004", 0.0004, Places(2), "wrong"),
    ("-0.004", 0.0004, Places(2), "wrong"),
    ("0", 0.0004, Places(2), "right"),
    ("0", 1e-10, Figures(3), "wrong"),
    ("1e-10", 1e-10, Figures(3), "right"),
    ("2e-10", 1e-10, Figures(3), "wrong"),
    ("1.00e-10", 1e-10, Figures(3), "right"),
    ("0", 0.0, Places(3), "right"),
    ("1e-17", 0.0, Places(3), "right"),
    ("0.1", 0.0, Places(3), "wrong"),
    ("1230", 1234.0, Figures(3), "right"),
    ("1234", 1234.0, Figures(3), "right"),
    ("1200", 1234.0, Figures(3), "imprecise"),
    ("1240", 1234.0, Figures(3), "wrong"),
    ("1.23e3", 1234.0, Figures(3), "right"),
    ("10.0", 9.996, Figures(3), "right"),
    ("0.0312", 0.03124, Figures(3), "right"),
    ("0.03", 0.03124, Figures(3), "imprecise"),
    ("1", math.sqrt(2), Places(4), "wrong"),
    ("1.4", math.sqrt(2), Places(4), "imprecise"),
    ("0.6667", Fraction(2, 3), Places(4), "right"),
    ("0.6666", Fraction(2, 3), Places(4), "wrong"),
    ("1e400".replace("400", "300"), 2.0, Places(2), "wrong"),
    ("inf", 2.0, Places(2), "wrong"),
    ("inf", math.inf, Places(2), "wrong"),
    ("undefined", math.nan, Places(2), "wrong"),
    ("ln(2)", math.log(2), Places(4), "right"),
    ("120", 120, Exact(), "right"),
]


@pytest.mark.parametrize(("text", "key", "precision", "result"), NUMBERS)
def test_a_number_is_judged(
    text: str, key: Fraction | float, precision: Precision, result: str
) -> None:
    assert same_number(read_number(text), key, precision).result == result


def test_slack_widens_the_tolerance_by_what_the_problem_allows() -> None:
    assert same_number(read_number("0.34"), THIRD, Places(2)).result == "wrong"
    assert same_number(read_number("0.34"), THIRD, Places(2), 0.002).result == "right"


def test_infinity_is_right_only_where_the_question_asks_for_it() -> None:
    assert same_number(read_number("-inf"), -math.inf, Exact(), infinities=True).result == "right"
    assert same_number(read_number("inf"), -math.inf, Exact(), infinities=True).result == "wrong"
    given = read_number("undefined")
    assert same_number(given, math.nan, Exact(), infinities=True).result == "right"


@pytest.mark.parametrize(
    ("text", "key", "precision", "words"),
    [
        ("-0.25", 0.25, Exact(), "sign"),
        ("0.6666", Fraction(2, 3), Places(4), "Cut off"),
        ("66.67", Fraction(2, 3), Places(2), "percentage"),
        ("3.333", THIRD, Places(3), "factor of 10."),
        ("333.333", THIRD, Places(3), "factor of 1000."),
        ("0.03333", THIRD, Places(4), "factor of 10."),
        ("0.003333", THIRD, Places(4), "factor of 100."),
        ("-3.333", -THIRD, Places(3), "factor of 10."),
        ("0.3338", THIRD, Places(4), "round in between"),
        ("0.33", THIRD, Places(4), "4 decimal places"),
    ],
)
def test_the_remark_names_what_the_size_of_the_error_shows(
    text: str, key: Fraction | float, precision: Precision, words: str
) -> None:
    assert words in same_number(read_number(text), key, precision).says


@settings(derandomize=True, deadline=None, max_examples=200)
@given(
    st.floats(min_value=-1e9, max_value=1e9, allow_nan=False),
    st.sampled_from([Exact(), *map(Places, range(7)), *map(Figures, range(1, 8))]),
)
def test_a_printed_key_is_accepted(key: float, precision: Precision) -> None:
    text = format_number(key, precision)
    assert same_number(read_number(text), key, precision).result == "right"


@settings(derandomize=True, deadline=None, max_examples=100)
@given(st.fractions(max_denominator=5000), st.integers(1, 6))
def test_a_printed_fraction_is_accepted_and_its_neighbour_is_not(key: Fraction, n: int) -> None:
    text = format_number(key, Exact())
    assert same_number(read_number(text), key, Exact()).result == "right"
    off = format_number(key + Fraction(3, 10**n), Places(n))
    assert same_number(read_number(off), key, Places(n)).result != "right"


@pytest.mark.parametrize(
    ("value", "precision", "text"),
    [
        (THIRD, Exact(), "1/3"),
        (Fraction(4, 2), Exact(), "2"),
        (THIRD, Places(3), "0.333"),
        (2.675, Places(2), "2.68"),
        (-0.004, Places(2), "0.00"),
        (1234.5, Figures(2), "1200"),
        (9.996, Figures(3), "10.0"),
        (1.23456e-9, Figures(3), "1.23e-9"),
        (0.0, Figures(3), "0"),
        (math.inf, Places(2), "inf"),
    ],
)
def test_a_value_is_printed_at_its_precision(
    value: Fraction | float, precision: Precision, text: str
) -> None:
    assert format_number(value, precision) == text


KEY = [[Fraction(1), Fraction(1, 2)], [Fraction(3), Fraction(1, 4)]]


def test_each_cell_has_its_verdict() -> None:
    judged = same_matrix(read_matrix("[1, 1/2; 4, 0.25]"), KEY, Exact())
    assert judged.result == "partly"
    assert judged.cells == ((True, True), (False, True))
    assert "3 of 4" in judged.says


@pytest.mark.parametrize(
    ("text", "result"),
    [("[1 0.5; 3 0.25]", "right"), ("[9 9; 9 9]", "wrong"), ("[1 0.5; 3 0.3]", "partly")],
)
def test_a_matrix_is_summed_up(text: str, result: str) -> None:
    assert same_matrix(read_matrix(text), KEY, Exact()).result == result


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("6.0008", "right"),
        ("6.000", "right"),
        ("6", "imprecise"),
        ("6.00", "imprecise"),
        ("6.01", "wrong"),
    ],
)
def test_what_rounding_may_add_is_for_numbers_with_all_digits(text: str, result: str) -> None:
    assert same_number(read_number(text), 6.0008, Places(3), 0.0005).result == result


def test_a_matrix_with_too_few_digits_is_imprecise_not_wrong() -> None:
    judged = same_matrix(read_matrix("0.33 0.5"), [[THIRD, Fraction(1, 2)]], Places(4))
    assert judged.result == "imprecise"
    assert "4 decimal places" in judged.says


@pytest.mark.parametrize(
    ("text", "rows", "columns", "words"),
    [
        ("1 2 3; 4 5 6", 3, 2, "3×2 expected, yours is 2×3: transposed?"),
        ("1 2; 3 4", 3, 2, "one row missing?"),
        ("1 2; 3 4; 5 6; 7 8", 3, 2, "one row too many?"),
        ("1 2 3; 4 5 6; 7 8 9", 3, 2, "one column too many?"),
        ("1 2 3 4 5 6", 3, 2, "each row on a line"),
        ("7", 3, 2, "one number"),
        ("1 2 3 4", 3, 2, "3×2 expected, yours is 1×4"),
    ],
)
def test_a_shape_mismatch_is_named_with_its_likely_cause(
    text: str, rows: int, columns: int, words: str
) -> None:
    judged = same_matrix(read_matrix(text), [[1.0] * columns] * rows, Places(2))
    assert judged.result == "wrong"
    assert judged.cells is None
    assert words in judged.says


def test_a_column_for_a_row_is_forgiven_only_for_a_vector() -> None:
    key = [[1.0, 2.0, 3.0]]
    column = read_matrix("1;2;3")
    assert same_matrix(column, key, Places(1)).result == "wrong"
    forgiven = same_matrix(column, key, Places(1), vector=True)
    assert forgiven.result == "right"
    assert "a row or as a column" in forgiven.says
    flat = same_matrix(read_matrix("[1,2,3]"), [[1.0], [2.0], [3.0]], Places(1), vector=True)
    assert flat.result == "right"


def test_a_transposed_square_matrix_is_recognised() -> None:
    judged = same_matrix(read_matrix("1 3; 2 4"), [[1.0, 2.0], [3.0, 4.0]], Places(1))
    assert judged.result == "partly"
    assert "transpose" in judged.says
