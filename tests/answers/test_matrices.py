"""Readings of vectors and matrices in every layout a learner types or pastes."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from studykit.answers import AnswerError, echo, read_matrix, tex

SQUARE: list[list[float]] = [[1, 2], [3, 4]]

READ: dict[str, list[list[float]]] = {
    "[[1, 2], [3, 4]]": SQUARE,
    "[[1,2],[3,4]]": SQUARE,
    "[[1 2],[3 4]]": SQUARE,
    "[[1 2]\n [3 4]]": SQUARE,
    "[[1. 2.]\n [3. 4.]]": SQUARE,
    "1 2; 3 4": SQUARE,
    "1 2\n3 4": SQUARE,
    "1 2\r\n3 4\r\n": SQUARE,
    "1 2\n\n3 4\n": SQUARE,
    "matrix([1,2],[3,4])": SQUARE,
    "Matrix([1, 2], [3, 4])": SQUARE,
    "<1, 2, 3>": [[1, 2, 3]],
    "⟨1,2⟩": [[1, 2]],
    "1,2\n3,-4": [[1, 2], [3, -4]],
    "1,2\n3,x".replace("x", "√2"): [[1, 2], [3, math.sqrt(2)]],
    "1, 2; 3, 4": SQUARE,
    "1\t2\n3\t4": SQUARE,
    "[1 2; 3 4]": SQUARE,
    "[1, 2; 3, 4]": SQUARE,
    "[1,2;3,4]": SQUARE,
    "[1 2;\n3 4]": SQUARE,
    "[1 2\n3 4]": SQUARE,
    "[1, 2\n 3, 4]": SQUARE,
    "[1,2],[3,4]": SQUARE,
    "[1 2]\n[3 4]": SQUARE,
    "[[1, 2]; [3, 4]]": SQUARE,
    "((1,2),(3,4))": SQUARE,
    "{{1,2},{3,4}}": SQUARE,
    "([1, 2], [3, 4])": SQUARE,
    "array([[1., 2.],\n       [3., 4.]])": SQUARE,
    "array([[1, 2],\n       [3, 4]], dtype=int32)": SQUARE,
    "np.array([[1,2],[3,4]])": SQUARE,
    "tensor([[1., 2.],\n        [3., 4.]])": SQUARE,
    "tensor([[1., 2.],\n        [3., 4.]], grad_fn=<MmBackward0>)": SQUARE,
    "tensor([[1., 2.], [3., 4.]], device='cuda:0', dtype=torch.float64)": SQUARE,
    "Matrix([[1, 2], [3, 4]])": SQUARE,
    r"\begin{pmatrix}1&2\\3&4\end{pmatrix}": SQUARE,
    r"\begin{bmatrix} 1 & 2 \\ 3 & 4 \\ \end{bmatrix}": SQUARE,
    r"\begin{array}{cc} 1 & 2 \\ 3 & 4 \end{array}": SQUARE,
    r"\left[\begin{array}{cc}1&2\\3&4\end{array}\right]": SQUARE,
    r"$$\begin{bmatrix}1 & 2\\ 3 & 4\end{bmatrix}$$": SQUARE,
    "⎡1 2⎤\n⎣3 4⎦": SQUARE,
    "np.array([[1,3],[2,4]]).T": SQUARE,
    "[1 3; 2 4]'": SQUARE,
    "[[1,3],[2,4]]^T": SQUARE,
    "[[2, 4], [6, 8]]/2": SQUARE,
    "2*[[0.5, 1], [1.5, 2]]": SQUARE,
    "1/2 [2 4; 6 8]": SQUARE,
    r"\frac{1}{2}\begin{bmatrix}2&4\\6&8\end{bmatrix}": SQUARE,
    "-[-1 -2; -3 -4]": SQUARE,
    "(2, 4, 6)/2": [[1, 2, 3]],
    "((2, 4), (6, 8))/2": SQUARE,
    "1/2*(2, 4, 6)": [[1, 2, 3]],
    r"\frac{1}{2}(2, 4, 6)": [[1, 2, 3]],
    "-(1, 2)": [[-1, -2]],
    "max(1, 3)/3, 4": [[1, 4]],
    "2 max(1, 3), 4": [[6, 4]],
    "[np.float64(1.0), np.float64(-2e-01), np.int64(3)]": [[1, -0.2, 3]],
    "[[np.float32(1.0), np.float32(2.0)], [np.float32(3.0), np.float32(4.0)]]": SQUARE,
    "[tensor(1.), tensor(2.)]": [[1, 2]],
    "[[1 2\n  3]\n [4 5\n 6]]": [[1, 2, 3], [4, 5, 6]],
    "[[1, 2,\n 3], [4, 5, 6]]": [[1, 2, 3], [4, 5, 6]],
    "1 2 3": [[1, 2, 3]],
    "1, 2, 3": [[1, 2, 3]],
    "[1 2 3]": [[1, 2, 3]],
    "[1, 2, 3]": [[1, 2, 3]],
    "(1, 2, 3)": [[1, 2, 3]],
    "[[1, 2, 3]]": [[1, 2, 3]],
    "[1, 2,\n 3, 4]": [[1, 2, 3, 4]],
    "1\n2\n3": [[1], [2], [3]],
    "1;2;3": [[1], [2], [3]],
    "[1;2;3]": [[1], [2], [3]],
    "[[1],[2],[3]]": [[1], [2], [3]],
    "[1, 2, 3]^T": [[1], [2], [3]],
    "[1 2 3].T": [[1], [2], [3]],
    "1;2;": [[1], [2]],
    "1,2,0;0,1,2": [[1, 2, 0], [0, 1, 2]],
    "1,0,0,1": [[1, 0, 0, 1]],
    "0, 304; 0, 112": [[0, 304], [0, 112]],
    "[0,1]": [[0, 1]],
    "(1,-4)": [[1, -4]],
    "[[0,304],[0,112]]": [[0, 304], [0, 112]],
    "(0,1),(1,0)": [[0, 1], [1, 0]],
    "0,1; 1, 0": [[0, 1], [1, 0]],
    "5": [[5]],
    "1,2 * 3": [[1, 6]],
    "1,2 / 4": [[1, 0.5]],
    "W=[1 2]": [[1, 2]],
    "x = (1,-4)": [[1, -4]],
    "A = np.array([[1, 2], [3, 4]])": SQUARE,
    "dQ =\n1 2\n3 4": SQUARE,
    r"$x_{1} = \begin{bmatrix}1&2\\3&4\end{bmatrix}$": SQUARE,
    "d_k = 3": [[3]],
    "out = tensor([[1., 2.], [3., 4.]], grad_fn=<MmBackward0>)": SQUARE,
    "100 200 300": [[100, 200, 300]],
    "[[5]]": [[5]],
    "(1+2)/3": [[1]],
    "1/2 1/4": [[0.5, 0.25]],
    "[1, 1/2]": [[1, 0.5]],
    "5, 1/3, -1": [[5, 1 / 3, -1]],
    "0 1/2 1/2": [[0, 0.5, 0.5]],
    "1 0; 1/2 1/2": [[1, 0], [0.5, 0.5]],
    "5 4/3": [[5, 4 / 3]],
    "5 -1/3": [[5, -1 / 3]],
    "5. 1/3": [[5, 1 / 3]],
    "[1 -2]": [[1, -2]],
    "[-1 -2]": [[-1, -2]],
    "1 −2": [[1, -2]],
    "1 / 2 3 / 4": [[0.5, 0.75]],
    "[(1+2)/3, 4]": [[1, 4]],
    "(1+2)/3, 4": [[1, 4]],
    "[sqrt(4) 1]": [[2, 1]],
    "[sqrt 4 1]": [[2, 1]],
    "[√4 1]": [[2, 1]],
    "[2 pi]": [[2, math.pi]],
    "[2pi 3]": [[2 * math.pi, 3]],
    "[e 1]": [[math.e, 1]],
    "e^-1 1": [[math.exp(-1), 1]],
    "1e-3 2e-3": [[0.001, 0.002]],
    "[-inf 1]": [[-math.inf, 1]],
    "50% 25%": [[0.5, 0.25]],
    "½ ¼": [[0.5, 0.25]],
    "max(1,2) 3": [[2, 3]],
    "(1, 2), (3, 4)": SQUARE,
    "[[1, 2], [3, 4]],": SQUARE,
    "0,5\t1,5": [[0.5, 1.5]],
    r"\begin{bmatrix} 0{,}5 & 1 \end{bmatrix}": [[0.5, 1]],
    "⎡ 1  2 ⎤\n⎢ 3  4 ⎥\n⎣ 5  6 ⎦": [[1, 2], [3, 4], [5, 6]],
    r"\begin{bmatrix} \frac{1}{2} & \sqrt{4} \\ -1 & e^{0} \end{bmatrix}": [[0.5, 2], [-1, 1]],
}

REFUSED: dict[str, tuple[int, str]] = {
    "": (0, "nothing"),
    "[]": (0, "nothing"),
    "[[]]": (1, "empty"),
    "[1 2; 3]": (6, "Row 2 has 1 cell"),
    "[[1,2],[3]]": (8, "Row 2 has 1 cell"),
    "1 2\n3": (4, "Row 2"),
    "[1 2 ... 3]": (5, "dots"),
    "[1 2 … 3]": (5, "dots"),
    "[[[1,2]]]": (2, "three levels"),
    "[1 - 2]": (3, "sign or an operation"),
    "[1- 2]": (2, "sign or an operation"),
    "[1 2, 3 4]": (3, "side by side"),
    "[1,, 2]": (3, "empty"),
    "1, 2,": (4, "empty"),
    "[1 2; 3 4": (0, "never closed"),
    "[[1,2],[3,4]": (0, "never closed"),
    "1 2]": (3, "never opened"),
    "2W=[1 2]": (0, "without a name"),
    "W.T = [1 2]": (0, "without a name"),
    "W = V = [1 2]": (4, "without a name"),
    "x = 1,5 2,5": (4, "write 1.5"),
    "x = [1 y]": (7, "not a name"),
    "[1 x]": (3, "not a name"),
    "x y": (0, "not a name"),
    "[1 2\n3 4 5]": (5, "one row or several"),
    "[1/0 2]": (2, "zero"),
    "tensor([1,2]": (6, "never closed"),
    "array([1,2], order='F')": (11, "Only the numbers"),
    "1\u20092": (1, "thin space"),
    r"\begin{vmatrix}1&2\\3&4\end{vmatrix}": (0, "determinant"),
    r"\begin{bmatrix}1&2": (0, "not closed"),
    "| 1 | 2 |": (0, "bars"),
    "| -2 0 |": (0, "Leave out the bars: write -2 0 without them."),
    "|-2, 0.5|": (0, "write -2, 0.5 without them"),
    "| 1 2 |\n| 3 4 |": (0, "write 1 2 without them"),
    "1,5, 2,5": (3, "part cells or mark decimals"),
    "0,304; 0,112; 0,336; 0,249": (
        0,
        "0,304 could be one decimal number or two numbers: write 0.304, or put a space after the"
        " comma.",
    ),
    "0,304\n0,112": (0, "write 0.304"),
    "[0,304; 0,112]": (1, "write 0.304"),
    "[0,304]": (1, "write 0.304"),
    "0,304": (0, "write 0.304"),
    "0,304,0,112": (0, "write 0.304"),
    "1,2; 0,4": (0, "write 1.2"),
    "1,2\n3,4": (0, "write 1.2"),
    "1,5\n2,5": (0, "write 1.5"),
    "1,2; 3,4": (0, "write 1.2"),
    "1,5": (0, "write 1.5"),
    "1e 3": (0, "power of ten"),
    "[2 1e 3]": (3, "power of ten"),
    "matrix([1,2],[3])": (14, "Row 2 has 1 cell"),
    "1,5\n2": (0, "write 1.5"),
    "1,25; 3,75": (0, "write 1.25"),
    "1,391; 2,5": (0, "write 1.391"),
    "1; 0,5": (3, "write 0.5"),
    "1,5e-3; 2,5e-3": (0, "write 1.5e-3"),
    "-0,306 1,391; 0,5 0,25": (0, "write -0.306"),
    "0,306 -1,391": (0, "write 0.306"),
    "1 -1,391": (2, "write -1.391"),
    "[[1,5 2,5],[3 4]]": (2, "write 1.5"),
    "0,5 ½": (0, "write 0.5"),
    "0,5 √2": (0, "write 0.5"),
    "0,5 (1/2)": (0, "write 0.5"),
    "0,5π; 0,7π": (0, "write 0.5π"),
    "0,5 & 0,7": (0, "write 0.5"),
    "1 e-3": (2, "power of ten"),
    "5 1/3 -1": (
        0,
        "5 1/3 could be 16/3 or two cells: write 16/3, or put commas between the cells.",
    ),
    "[1 1/2]": (1, "write 3/2"),
    "1 2; 0 -5 2 / 3": (7, "write -17/3"),
    "1/2 1 1/2": (4, "write 3/2"),
    r"5 \frac{1}{3}": (0, "write 16/3"),
    "5 ½": (0, "5 + ½"),
    "1 000 2 000": (2, "grouped thousand"),
    "1 % 2": (2, "right behind"),
    r"\begin{bmatrix}1,2\end{bmatrix}": (16, "comma"),
    "[1 2] + [3 4]": (6, "follows"),
    "[[1,2],3]": (1, "list"),
}


def values(text: str, **options: Any) -> list[list[float]]:
    return [[cell.value for cell in row] for row in read_matrix(text, **options).rows]


@pytest.mark.parametrize("text", READ)
def test_a_layout_is_read_cell_by_cell(text: str) -> None:
    assert values(text) == READ[text]


@pytest.mark.parametrize("text", REFUSED)
def test_an_unclear_layout_is_refused_with_place_and_reason(text: str) -> None:
    position, words = REFUSED[text]
    with pytest.raises(AnswerError) as refusal:
        read_matrix(text)
    assert words in refusal.value.cause
    assert refusal.value.position == position


@pytest.mark.parametrize("text", READ)
def test_echo_and_tex_of_a_matrix_read_back(text: str) -> None:
    matrix = read_matrix(text)
    np.testing.assert_allclose(values(echo(matrix)), READ[text])
    np.testing.assert_allclose(values(tex(matrix)), READ[text])


@pytest.mark.parametrize("shape", [(1, 1), (1, 30), (30, 1), (3, 2), (2, 40), (64, 64)])
def test_whatever_numpy_prints_is_read_back(shape: tuple[int, int]) -> None:
    original = np.random.default_rng(5).normal(size=shape).round(4)
    with np.printoptions(threshold=10_000):
        for text in (str(original), repr(original), str(original.tolist())):
            assert values(text) == original.tolist()


def test_a_long_printed_vector_is_one_row_although_it_wraps() -> None:
    original = np.linspace(0, 1, 40).round(3)
    text = str(original)
    assert "\n" in text
    assert values(text) == [original.tolist()]


@pytest.mark.parametrize(
    ("text", "form"),
    [("5", "scalar"), ("1 2", "row"), ("1;2", "column"), ("1 2;3 4", "matrix"), ("[3]", "scalar")],
)
def test_the_form_is_named(text: str, form: str) -> None:
    assert read_matrix(text).form == form


def test_a_stated_decimal_comma_makes_spaces_the_separator() -> None:
    assert values("1,5 2,5", decimal_comma=True) == [[1.5, 2.5]]
    assert values("1,5 2,5; 3 4", decimal_comma=True) == [[1.5, 2.5], [3, 4]]
    assert values("[1,5, 2,5]", decimal_comma=True) == [[1.5, 2.5]]
    with pytest.raises(AnswerError):
        read_matrix("[[1,2],[3,4]]", decimal_comma=True)


@pytest.mark.parametrize(
    ("text", "shape", "read"),
    [
        ("1,2\n3,4", (2, 2), SQUARE),
        ("1,2; 3,4", (2, 2), SQUARE),
        ("0,1\n0,25", (2, 2), [[0, 1], [0, 25]]),
        ("1,5", (1, 2), [[1, 5]]),
        ("0,304,0,112", (1, 4), [[0, 304, 0, 112]]),
    ],
)
def test_a_comma_parts_cells_where_only_that_gives_the_asked_shape(
    text: str, shape: tuple[int, int], read: list[list[float]]
) -> None:
    assert values(text, shape=shape) == read


@pytest.mark.parametrize(
    ("text", "shape", "read"),
    [
        ("4,5 0,5 -0,5\n-0,5 -5 1", (2, 3), [[4.5, 0.5, -0.5], [-0.5, -5, 1]]),
        ("[0,25 0,75]", (1, 2), [[0.25, 0.75]]),
        ("1,2 3,4", (1, 2), [[1.2, 3.4]]),
    ],
)
def test_a_comma_marks_decimals_where_blanks_part_the_cells_of_the_asked_shape(
    text: str, shape: tuple[int, int], read: list[list[float]]
) -> None:
    assert values(text, shape=shape) == read


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("1,5 2,5", (2, 2)),
        ("1,5\n2,5", (2, 1)),
        ("1,5\n2,5", (1, 2)),
        ("1,5\n2,5", (3, 2)),
        ("1,5", (1, 1)),
    ],
)
def test_a_comma_is_asked_about_where_it_may_mark_decimals(
    text: str, shape: tuple[int, int]
) -> None:
    with pytest.raises(AnswerError, match=r"write 1\.5"):
        read_matrix(text, shape=shape)


def test_thousands_of_different_expressions_are_refused_and_equal_ones_read() -> None:
    assert read_matrix("\n".join(["√2/3 1/√3 " * 32] * 64)).shape == (64, 64)
    cells = iter(range(2, 10_000))
    with pytest.raises(AnswerError, match="as decimals"):
        read_matrix("\n".join(" ".join(f"√({next(cells)})" for _ in range(64)) for _ in range(64)))


def test_more_than_64_rows_are_refused() -> None:
    with pytest.raises(AnswerError):
        read_matrix("\n".join("1 2" for _ in range(65)))


def test_a_number_and_a_fraction_are_two_cells_where_only_two_fit() -> None:
    read = read_matrix("1 1/3 -5/3 1/3", shape=(1, 4))
    assert [cell.text for cell in read.rows[0]] == ["1", "1/3", "-5/3", "1/3"]
    with pytest.raises(AnswerError, match="could be 4/3 or two cells"):
        read_matrix("1 1/3 2", shape=(1, 2))
    with pytest.raises(AnswerError, match="could be 4/3 or two cells"):
        read_matrix("1 1/3")
