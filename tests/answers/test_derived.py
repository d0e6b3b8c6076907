"""Names that are short for a formula, and the two kinds of declaration that go with them."""

from __future__ import annotations

import pytest

from studykit.answers import AnswerError, Names, read_expression, same_expression
from studykit.answers.derived import definitions

HEAD = {
    "Q": "n×d_k",
    "K": "m×d_k",
    "V": "m×d_v",
    "S": "n×m = Q K^T / sqrt(d_k)",
    "A": "n×m = softmax(S)",
}
TOKEN = {"x": "vector n", "n": "size >= 3", "r": "positive = sqrt(sum(x^2) / n)"}


def result(names: dict[str, str], typed: str, right: str) -> str:
    known = Names(names)
    return same_expression(read_expression(typed, known), read_expression(right, known)).result


@pytest.mark.parametrize("typed", ["A V", "softmax(S) V", "softmax(Q K^T / sqrt(d_k)) V"])
def test_a_derived_name_and_its_formula_are_the_same(typed: str) -> None:
    assert result(HEAD, typed, "A V") == "right"


@pytest.mark.parametrize("typed", ["softmax(Q K^T) V", "softmax(S^T)^T V", "S V"])
def test_another_formula_in_its_place_is_wrong(typed: str) -> None:
    assert result(HEAD, typed, "A V") == "wrong"


def test_what_holds_for_the_formula_holds_for_the_name() -> None:
    assert result(HEAD, "A V ⊙ rowsum(A)", "A V") == "right"
    assert result({**HEAD, "A": "n×m"}, "A V ⊙ rowsum(A)", "A V") == "wrong"


def test_a_formula_of_vector_entries_sees_the_whole_vector() -> None:
    assert result(TOKEN, "x_3 / sqrt(sum(x^2) / n)", "x_3 / r") == "right"
    assert result(TOKEN, "x_2 / r", "x_3 / r") == "wrong"


def test_an_entry_that_surely_exists_may_be_typed_without_the_underscore() -> None:
    assert result(TOKEN, "x3 / r", "x_3 / r") == "right"
    with pytest.raises(AnswerError, match="unclear"):
        read_expression("x4", TOKEN)
    with pytest.raises(AnswerError, match="unclear"):
        read_expression("x3", {"x": "vector n"})


@pytest.mark.parametrize("shape", ["n×m", "vector n"])
def test_stochastic_rows_sum_to_one_in_every_arithmetic(shape: str) -> None:
    names = {"Y": f"stochastic {shape}", "c": "real"}
    total = "rowsum(Y)" if "×" in shape else "sum(Y)"
    assert result(names, f"c Y / ({total})", "c Y") == "right"
    assert result({**names, "Y": f"positive {shape}"}, f"c Y / ({total})", "c Y") == "wrong"


@pytest.mark.parametrize(
    ("names", "says"),
    [
        ({"a": "real = b + 1", "b": "real = 2 a"}, "needs"),
        ({"a": "real = a + 1"}, "needs a itself"),
        ({"X": "n×d", "A": "n×n = X"}, "another shape"),
        ({"a": "real = 2 q"}, "not a name"),
        ({"a": "real ="}, "a formula follows"),
        ({"n": "size = 3"}, "a formula follows"),
    ],
)
def test_a_definition_that_cannot_be_used_is_told(names: dict[str, str], says: str) -> None:
    with pytest.raises(AnswerError, match=says):
        definitions(Names(names), names)


def chain(count: int) -> dict[str, str]:
    """Two numbers, each made of both before them."""
    names = {"a_0": "real", "b_0": "real"}
    for k in range(1, count):
        names[f"a_{k}"] = f"real = (a_{k - 1} + b_{k - 1}) / 2"
        names[f"b_{k}"] = f"real = (a_{k - 1} - b_{k - 1}) / 2"
    return names


def test_names_are_made_of_names_that_are_made_of_names() -> None:
    assert result(chain(7), "a_5 / 2 + b_5 / 2", "a_6") == "right"


@pytest.mark.parametrize("count", [8, 4000])
def test_too_many_definitions_are_refused_at_once(count: int) -> None:
    with pytest.raises(AnswerError, match="too long"):
        definitions(Names(chain(count)), [f"a_{count - 1}"])


def test_a_bound_is_no_definition() -> None:
    names = Names({"a": ">= 1", "b": "<= 2"})
    assert not any(one.definition for one in names.declared.values())
