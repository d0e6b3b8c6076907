"""Lists, sets, shapes, words and equations."""

from __future__ import annotations

from fractions import Fraction

import pytest

from studykit.answers import (
    AnswerError,
    Exact,
    Places,
    echo,
    read_equation,
    read_label,
    read_list,
    read_shape,
    same_equation,
    same_list,
    tex,
)

HALF = Fraction(1, 2)
LINE = {"x": "real", "y": "real", "a": "real"}


@pytest.mark.parametrize(
    "text", ["1/2, 1", "0.5, 1", "[0.5, 1]", "0.5 1", "(1/2, 1)", "{0.5, 1}", "1/2\n1", "0.5; 1"]
)
def test_a_list_is_read_in_every_notation(text: str) -> None:
    listed = read_list(text)
    assert [item.exact for item in listed.items] == [HALF, 1]
    assert same_list(listed, [HALF, Fraction(1)], Exact()).result == "right"
    assert read_list(echo(listed)).items[0].exact == HALF
    assert tex(listed)


@pytest.mark.parametrize(
    ("text", "ordered", "result"),
    [
        ("1, 1/2", True, "wrong"),
        ("1, 1/2", False, "right"),
        ("{1, 0.5}", False, "right"),
        ("{1, 0.5, 0.5}", False, "right"),
        ("1, 0.5, 0.5", False, "wrong"),
        ("1, 2", False, "partly"),
        ("0.5", False, "wrong"),
        ("", False, "unreadable"),
        ("{}", False, "wrong"),
    ],
)
def test_a_set_has_no_order_and_a_list_has_one(text: str, ordered: bool, result: str) -> None:
    if result == "unreadable":
        with pytest.raises(AnswerError):
            read_list(text)
        return
    judged = same_list(read_list(text), [HALF, Fraction(1)], Exact(), ordered=ordered)
    assert judged.result == result


def test_a_list_with_too_few_digits_is_imprecise() -> None:
    assert same_list(read_list("0.33, 1"), [1 / 3, 1.0], Places(4)).result == "imprecise"


def test_an_empty_list_is_a_list() -> None:
    assert same_list(read_list("[]"), [], Exact()).result == "right"
    with pytest.raises(AnswerError):
        read_list("1 2; 3 4")


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("3×2", (3, 2)),
        ("3x2", (3, 2)),
        ("3 x 2", (3, 2)),
        ("3*2", (3, 2)),
        ("3 by 2", (3, 2)),
        ("(3, 2)", (3, 2)),
        ("[3, 2]", (3, 2)),
        ("3,2", (3, 2)),
        ("3 2", (3, 2)),
        ("(3,)", (3,)),
        ("(3)", (3,)),
        ("torch.Size([3, 2])", (3, 2)),
        ("torch.Size([3, 12])", (3, 12)),
        ("3 by 12", (3, 12)),
        ("n×d_k", ("n", "d_k")),
        ("nxd_k", ("n", "d_k")),
        ("(n, d_k)", ("n", "d_k")),
        ("2 × n × d_k", (2, "n", "d_k")),
        (r"3 \times 2", (3, 2)),
        (r"n\times d_k", ("n", "d_k")),
        (r"(7,\ 6)", (7, 6)),
        (r"\left(7,\, 6\right)", (7, 6)),
        ("()", ()),
    ],
)
def test_a_shape_is_read(text: str, shape: tuple[int | str, ...]) -> None:
    assert read_shape(text, ["n", "d", "d_k"]) == shape


@pytest.mark.parametrize(
    "text", ["", "3×", "×3", "3×m", "three", "3-2", "3×2 cells", r"3\timesn", r"3\ell 2"]
)
def test_what_is_no_shape_is_refused(text: str) -> None:
    with pytest.raises(AnswerError):
        read_shape(text, ["n"])


def test_a_word_is_read_whatever_its_case() -> None:
    choices = ["row-wise", "column-wise", "yes", "no"]
    assert read_label(" Row wise ", choices) == "row-wise"
    assert read_label("YES", choices) == "yes"
    assert read_label("col", choices) == "column-wise"
    for text in ("", "maybe", "y n"):
        with pytest.raises(AnswerError):
            read_label(text, choices)


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("y = 2x + 1", True),
        ("2x + 1 = y", True),
        ("2x - y + 1 = 0", True),
        ("4x + 2 = 2y", True),
        ("y - 1 = 2x", True),
        ("-y = -2x - 1", True),
        ("y/2 = x + 1/2", True),
        ("y = 2x", False),
        ("y = 2x - 1", False),
        ("x = 2y + 1", False),
        ("y^2 = (2x+1)^2", False),
        ("0 = 0", False),
    ],
)
def test_equations_are_compared_up_to_a_factor(text: str, same: bool) -> None:
    given = read_equation(text, LINE)
    assert same_equation(given, read_equation("y = 2x + 1", LINE)) is same
    assert same_equation(read_equation(echo(given), LINE), given) or text == "0 = 0"


@pytest.mark.parametrize("text", ["x + 1", "x = y = 1", "= 2", "x =", "x == 1", "x = q", ""])
def test_what_is_no_equation_is_refused(text: str) -> None:
    with pytest.raises(AnswerError):
        read_equation(text, LINE)
