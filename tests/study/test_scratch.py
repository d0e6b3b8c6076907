"""The scratchpad: what it can work out, what it refuses and where, and that nothing is run."""

from __future__ import annotations

import math

import numpy as np
import pytest

from studykit.problems import draw, families
from studykit.study.scratch import Scratchpad, numbers_of, shown_in

Q = [[1.0, 2.0], [3.0, -4.0]]
K = [[1.0, 0.0], [0.0, 1.0], [2.0, 2.0]]


def pad() -> Scratchpad:
    return Scratchpad(numbers_of({"Q": Q, "K": K, "q": [1, 2], "d_k": 2}))


def softmax(x: object) -> np.ndarray:
    e = np.exp(np.asarray(x, dtype=float))
    total: np.ndarray = e / e.sum(axis=-1, keepdims=True)
    return total


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("exp(1.5)", math.exp(1.5)),
        ("Q[0] @ K[1]", 2.0),
        ("Q @ K.T / sqrt(d_k)", np.array(Q) @ np.array(K).T / math.sqrt(2)),
        ("softmax(Q[1])", softmax(Q[1])),
        ("softmax(Q @ K.T)[0]", softmax(np.array(Q) @ np.array(K).T)[0]),
        ("softmax(Q @ K.T)[0, 2]", softmax(np.array(Q) @ np.array(K).T)[0, 2]),
        ("K[:, 1]", [0.0, 1.0, 2.0]),
        ("K[1:] @ Q", np.array(K)[1:] @ np.array(Q)),
        ("K[-1][0]", 2.0),
        ("Q.T[0]", [1.0, 3.0]),
        ("2Q[0]", [2.0, 4.0]),
        ("exp(q)/sum(exp(q))", softmax([1, 2])),
        ("(Q + 1)[0]", [2.0, 3.0]),
    ],
)
def test_what_numpy_would_give_is_given(text: str, value: object) -> None:
    line = pad().enter(text)
    assert line.cause == ""
    np.testing.assert_allclose(np.array(line.value), np.array(value))


def test_a_name_is_set_once_and_used_afterwards() -> None:
    one = pad()
    assert one.enter("S = Q @ K.T").name == "S"
    assert one.enter("S[1, 0]").value == 3.0
    assert one.enter("S = S / 2").cause == ""
    assert one.enter("S[1, 0]").value == 1.5


@pytest.mark.parametrize(
    ("text", "position", "said"),
    [
        ("Q[0] @ foo", 7, "“foo” is not a name known here"),
        ("a = Q[0] + foo[1]", 11, "“foo” is not a name known here"),
        ("Q[7]", 2, "7 is outside: the entries are 0 to 1."),
        ("Q[x]", 2, "not “x”"),
        ("Q[0, 0, 0]", 2, "2 axes"),
        ("d_k[0]", 4, "0 axes"),
        ("Q[0", 1, "never closed"),
        ("Q[1:1]", 2, "empty"),
        ("exp(", 3, "never closed"),
        ("1/0", 2, "divides by zero"),
        ("sqrt(-1)", 0, "no real value"),
        ("e = 3", 0, "has a meaning already"),
        ("softmax = 3", 0, "has a meaning already"),
        ("", 0, "nothing"),
        ("Q[0]K[1]", 4, "Q[0] and K[1] are both vectors"),
    ],
)
def test_what_cannot_be_worked_out_says_where_and_why(text: str, position: int, said: str) -> None:
    one = pad()
    line = one.enter(text)
    assert line.value is None and said in line.cause, line.cause
    assert line.position == position
    assert one.lines == [line]


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').system('id')",
        "open('/etc/passwd')",
        "Q.__class__",
        "9^9^9^9",
        "(" * 300 + "1" + ")" * 300,
        "1+" * 900 + "1",
        "x" * 5000,
        "Q" + "[0]" * 400,
        "softmax(" * 60 + "Q" + ")[0]" * 60,
        "\x1b]52;c;aGk=\x07",
    ],
)
def test_hostile_lines_are_refused_or_bounded(text: str) -> None:
    line = pad().enter(text)
    assert line.cause or line.value is not None


def test_the_givens_of_every_family_are_known_by_their_letters() -> None:
    for name, family in families().items():
        for level in family.levels:
            problem = draw(family=name, level=level, seed=3)
            known = numbers_of(problem.givens)
            for given, value in known.items():
                line = Scratchpad(known).enter(given)
                assert line.value == value, (name, given, line.cause)


def test_a_matrix_is_known_by_the_letter_before_it_in_the_question() -> None:
    problem = draw(family="masked-softmax", level=2, seed=3)
    assert "$$S=\\begin{bmatrix}" in problem.question
    known = {**shown_in(problem.question), **numbers_of(problem.givens)}
    assert known["S"] == known["scaled"]
    assert Scratchpad(known).enter("exp(S[0,0])").value == math.exp(problem.floats["scaled"][0][0])
    row = shown_in(draw(family="softmax-row", level=2, seed=3).question)
    assert list(row) == ["s"] and not isinstance(row["s"][0], list), "one row is a list"  # type: ignore[index]


@pytest.mark.parametrize(
    "text",
    [
        r"$$\hat x=\begin{bmatrix}1 & 2\end{bmatrix}$$",
        r"$$QK^\top=\begin{bmatrix}1 & 2\end{bmatrix}$$",
        r"$$\frac{\partial L}{\partial S}=\begin{bmatrix}1 & 2\end{bmatrix}$$",
        r"$$m=\begin{bmatrix}1 & -\infty\end{bmatrix}$$",
        r"$$e=\begin{bmatrix}1 & 2\end{bmatrix}$$",
    ],
)
def test_what_is_no_plain_letter_or_no_number_is_not_known(text: str) -> None:
    assert shown_in(text) == {}


def test_a_long_text_of_matrices_that_never_end_is_read_at_once() -> None:
    assert shown_in(r"$a=\begin{bmatrix}1 &" * 20_000) == {}


def test_what_a_question_shows_agrees_with_its_givens() -> None:
    for name, family in families().items():
        for level in family.levels:
            problem = draw(family=name, level=level, seed=3)
            givens = numbers_of(problem.givens)
            for letter, value in shown_in(problem.question).items():
                if letter in givens:
                    assert np.allclose(np.ravel(value), np.ravel(givens[letter])), (name, letter)


def test_a_taken_result_reads_back_as_the_value() -> None:
    from studykit.answers import read_matrix

    line = pad().enter("Q @ K.T / 3")
    read = read_matrix(line.taken)
    values = [[cell.value for cell in row] for row in read.rows]
    np.testing.assert_allclose(np.array(values), np.array(line.value), rtol=1e-6)
