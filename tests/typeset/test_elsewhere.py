"""The borrowed renderers: what they lose is found, and their result then not used."""

from __future__ import annotations

import pytest

from studykit.typeset.elsewhere import one_row, two_dimensional
from tests.typeset.golden import FORMULAS
from tests.typeset.test_draw import letters


@pytest.mark.parametrize("tex", ["W_V", "W_Q", "x_i^{T}", "Q_i^{T}K_j", "A_{ij}^{-1}", "d_{k}^{2}"])
def test_a_letter_that_texicode_would_lose_or_shrink_is_drawn(tex: str) -> None:
    rows = two_dimensional(tex)
    assert rows is not None
    assert letters("".join(rows)) == letters(tex.replace("{", "").replace("}", ""))


@pytest.mark.parametrize(
    "tex", [r"\frac{1", r"\left(x", r"\cancel{y}", r"\underset{a}{b}", "x" * 500]
)
def test_texicode_is_not_trusted_where_it_refuses_guesses_or_would_be_slow(tex: str) -> None:
    assert two_dimensional(tex) is None


@pytest.mark.parametrize("tex", ["e^{z_j}", r"\frac{a}{b}", r"\cancel{y}", r"\sqrt{x}", "{{x}}"])
def test_a_one_liner_that_would_be_ambiguous_or_lose_a_command_is_refused(tex: str) -> None:
    assert one_row(tex) is None


def test_texicode_draws_nearly_all_formulas_of_the_plan_should_ours_ever_fail() -> None:
    assert sum(two_dimensional(tex) is None for tex in FORMULAS) <= 2
