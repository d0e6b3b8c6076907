"""Logarithms and fractions stay exact where they can, and become floats where they cannot."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studykit.problems.arithmetic import ShapeError, matmul, matmul_t, softmax
from studykit.problems.exact import Log, divide, exp, ln, sqrt

WHOLE = st.integers(1, 60)


@settings(derandomize=True, deadline=None)
@given(WHOLE, WHOLE, st.integers(-4, 4), st.integers(-3, 3))
def test_sums_of_logarithms_agree_with_floats_and_undo_exactly(
    a: int, b: int, times: int, shift: int
) -> None:
    total = ln(a) * times + ln(b) + shift
    assert float(total) == pytest.approx(times * math.log(a) + math.log(b) + shift, abs=1e-12)
    assert exp(total - shift) == Fraction(a) ** times * b
    assert total - total == 0


@settings(derandomize=True, deadline=None)
@given(st.lists(WHOLE, min_size=1, max_size=5), st.integers(-3, 3))
def test_a_softmax_of_logarithms_is_rational_whatever_the_shift(odds: list[int], c: int) -> None:
    assert softmax([ln(a) + c for a in odds]) == [Fraction(a, sum(odds)) for a in odds]


def test_what_cannot_stay_exact_becomes_a_float() -> None:
    assert ln(2) * ln(3) == pytest.approx(math.log(2) * math.log(3))
    assert exp(ln(2) * Fraction(1, 2)) == pytest.approx(math.sqrt(2))
    assert exp(ln(3) + 1) == pytest.approx(3 * math.e)
    assert isinstance(ln(2) + 0.5, float)
    assert sqrt(2) == pytest.approx(1.41421356)


def test_roots_and_quotients_of_rationals_stay_rational() -> None:
    assert sqrt(49) == 7
    assert sqrt(Fraction(9, 16)) == Fraction(3, 4)
    assert divide(6, 3) == 2
    assert divide(1, 3) == Fraction(1, 3)
    assert ln(1) == 0


@pytest.mark.parametrize(
    ("value", "tex"),
    [
        (ln(12), r"\ln 12"),
        (ln(Fraction(1, 2)), r"-\ln 2"),
        (ln(Fraction(2, 3)), r"\ln(2/3)"),
        (8 * ln(3), r"8\,\ln 3"),
        (ln(2) + 3, r"\ln 2 + 3"),
        (ln(2) * Fraction(1, 2), r"1/2\,\ln 2"),
    ],
)
def test_logarithms_are_written_as_one_reads_them(value: Log, tex: str) -> None:
    assert value.tex() == tex


def test_a_row_that_sees_nothing_gets_no_weight() -> None:
    assert softmax([-math.inf, -math.inf]) == [0, 0]
    assert softmax([0.0, -math.inf]) == [1, 0]


def test_matrices_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ShapeError):
        matmul([[1, 2]], [[1, 2]])
    with pytest.raises(ShapeError):
        matmul_t([[1, 2]], [[1, 2, 3]])
