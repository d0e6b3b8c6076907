"""Matrices: columns on the decimal point, whatever stands in the cells."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from studykit.typeset import columns, draw, matrix_lines


def test_numbers_stand_on_their_decimal_points() -> None:
    assert matrix_lines([["1", "-2.5"], ["10", "0.25"], ["-3.125", "7"]]) == (
        "⎡ 1      −2.5 ⎤".replace("−", "-"),
        "⎢10       0.25⎥",
        "⎣-3.125   7   ⎦",
    )


def test_fractions_signs_and_words_share_a_column() -> None:
    assert matrix_lines([["1/2", "x"], ["-3", "1.5e-3"], ["−∞", "20"]]) == (
        "⎡1/2     x   ⎤",
        "⎢ -3   1.5e-3⎥",
        "⎣ −∞  20     ⎦",
    )


def test_one_row_and_one_cell_have_plain_brackets() -> None:
    assert matrix_lines([["1", "2"]]) == ("[1  2]",)
    assert matrix_lines([["0.5"]]) == ("[0.5]",)
    assert matrix_lines([]) == ("[]",)


def test_cells_with_blanks_of_their_own_stand_further_apart() -> None:
    assert matrix_lines([["1", "ln 6 + 1", "0"]]) == ("[1    ln 6 + 1    0]",)


def test_a_name_and_a_shape_stand_on_the_text_line() -> None:
    assert matrix_lines([["1"], ["2"], ["3"]], name="K", shape=True) == (
        "          ⎡1⎤",
        "K (3×1) = ⎢2⎥",
        "          ⎣3⎦",
    )
    assert matrix_lines([["1", "2"]], name="Q") == ("Q = [1  2]",)


def test_short_rows_are_filled_and_other_brackets_drawn() -> None:
    assert matrix_lines([["1", "2"], ["3"]], left="(", right=")") == ("⎛1  2⎞", "⎝3   ⎠")


def test_a_matrix_in_tex_is_aligned_in_the_same_way() -> None:
    assert draw(r"\begin{bmatrix}1 & 0.5\\ -10 & 12.25\end{bmatrix}").lines == (
        "⎡  1   0.5 ⎤",
        "⎣−10  12.25⎦",
    )


CELLS = st.sampled_from(
    ["1", "-2", "0.5", "−12.75", "1/3", "x", "a+b", "", "1e9", "词", "√2", "∞", ","]
)


@given(st.lists(st.lists(CELLS, min_size=1, max_size=4), min_size=1, max_size=5))
@settings(derandomize=True, deadline=None)
def test_rows_have_one_width_and_hold_every_cell(rows: list[list[str]]) -> None:
    lines = matrix_lines(rows)
    assert len(lines) == len(rows)
    assert len({columns(line) for line in lines}) == 1
    for line, row in zip(lines, rows, strict=True):
        assert line[1:-1].split() == [cell for cell in row if cell]


@given(st.lists(st.decimals(-99, 99, places=2).map(str), min_size=2, max_size=6))
@settings(derandomize=True, deadline=None)
def test_the_points_of_a_column_stand_under_each_other(numbers: list[str]) -> None:
    lines = matrix_lines([[number] for number in numbers])
    assert len({line.index(".") for line in lines}) == 1
