"""A matrix taken apart into the texts of its cells, and put together again."""

from __future__ import annotations

import random

import pytest

from studykit.answers import AnswerError, read_matrix
from studykit.answers.grids import join_cells, split_cells, split_loosely
from studykit.answers.scanning import Expected

ONE = (("1", "2"), ("3", "4"))


@pytest.mark.parametrize(
    "text",
    [
        "1 2; 3 4",
        "1 2\n3 4",
        "[[1, 2], [3, 4]]",
        "array([[1, 2],\n       [3, 4]])",
        "tensor([[1, 2], [3, 4]], device='cuda:0')",
        "1\t2\n3\t4",
        "1,2\n3,4",
        "⎡1 2⎤\n⎣3 4⎦",
        r"$$\begin{pmatrix}1 & 2\\ 3 & 4\end{pmatrix}$$",
        "S = [1 2; 3 4]",
    ],
)
def test_every_notation_gives_the_same_cells(text: str) -> None:
    assert split_cells(text, Expected(shape=(2, 2))) == ONE


def test_cells_in_latex_become_expressions_that_can_be_typed() -> None:
    text = r"\begin{bmatrix}\frac{1}{2} & \sqrt{2}\\ -1 & 0\end{bmatrix}"
    (half, root), last = split_cells(text)
    assert (half, last) == ("1/2", ("-1", "0"))
    assert "\\" not in root
    assert read_matrix(join_cells([[root]], decimal_comma=False)).rows[0][0].value == pytest.approx(
        2**0.5
    )


def test_a_transpose_and_a_factor_around_the_brackets_are_carried_out() -> None:
    assert split_cells("[1 3; 2 4]'") == ONE
    halves = read_matrix(join_cells(split_cells("1/2 [2 4; 6 8]"), decimal_comma=False))
    assert [[cell.value for cell in row] for row in halves.rows] == [[1, 2], [3, 4]]


def test_a_cell_that_is_no_number_yet_stays_as_it_was_typed() -> None:
    assert split_cells("1 x; 2*, 4 + 1") == (("1", "x"), ("2*", "4+1"))


def test_decimal_commas_between_blanks_become_points() -> None:
    expected = Expected(shape=(2, 2))
    assert split_cells("4,5 0,5\n-0,5 1", expected) == (("4.5", "0.5"), ("-0.5", "1"))


def test_rows_of_different_length_are_refused_with_the_place() -> None:
    with pytest.raises(AnswerError) as caught:
        split_cells("1 2; 3")
    assert caught.value.position == 5


def test_an_unfinished_matrix_is_filled_up_and_one_too_large_is_not_cut() -> None:
    assert split_loosely("1 2\n3", (2, 2), decimal_comma=False) == (("1", "2"), ("3", ""))
    assert split_loosely("1 2", (2, 3), decimal_comma=False) == (("1", "2", ""), ("", "", ""))
    assert split_loosely("1 2 3; 4 5 6", (2, 2), decimal_comma=False) is None
    assert split_loosely("1 2; 3 4; 5 6", (2, 2), decimal_comma=False) is None
    assert split_loosely("((1 2", (2, 2), decimal_comma=False) is None


def test_cells_put_together_come_apart_as_they_were() -> None:
    pieces = ["1", "-2", "0.25", "1/3", "1+2", "exp(1)", "sqrt(2)/2", "2^(-1)", "x", ""]
    assert split_cells(join_cells([["1 + 2", "0,5"]], decimal_comma=False)) == (("1+2", "0.5"),)
    dice = random.Random(4)
    for _ in range(300):
        rows, columns = dice.randint(1, 4), dice.randint(1, 4)
        cells = tuple(tuple(dice.choice(pieces) for _ in range(columns)) for _ in range(rows))
        assert split_cells(join_cells(cells, decimal_comma=False)) == cells, cells
