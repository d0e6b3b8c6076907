"""No input makes the reader raise anything but AnswerError, nor keeps it busy for long."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studykit.answers import (
    AnswerError,
    echo,
    read_expression,
    read_matrix,
    read_number,
    same_expression,
    tex,
)

from .corpus import NAMES, SEEDS

ALPHABET = "0123456789.,;:+-*/^!%'\"()[]{}|‖_=<>~&$#@\\ \n\t√πΣ∑∞½²⁻ᵀ⊙·×−abcdefijknpqrstwxyzQKVPTO"
PIECES = (
    "sqrt", "\\frac", "\\sqrt", "{", "}", "^T", "sum_j ", "Σ_{j=1}^{n}", "softmax(", "e^", "ln ",
    "||", "1e", "**", ".T", "\\left(", "\\begin{bmatrix}", "\\end{bmatrix}", "\\\\", "axis=1",
    "δ_ij",
    "z_i", "p_{j}", "dO", "d_k", "1/2", "!", "rowsum(", "diag(", "array(", "tensor(", "%", "log_",
    ".dot(", ".sum(-1, keepdims=True)", ".*", ".sum()", "\\mathrm{d}", "0,5 ", " 1/3", "x = ",
)  # fmt: skip


def mutated(seed: str, draw: random.Random) -> str:
    text = seed
    for _ in range(draw.randint(1, 4)):
        k = draw.randint(0, len(text))
        match draw.randint(0, 4):
            case 0:
                text = text[:k] + draw.choice(ALPHABET) + text[k:]
            case 1:
                text = text[:k] + text[k + draw.randint(1, 3) :]
            case 2:
                text = text[:k] + draw.choice(PIECES) + text[k:]
            case 3:
                other = draw.choice(SEEDS)
                text = text[:k] + other[draw.randint(0, len(other)) :]
            case _:
                text = text[:k] + text[max(0, k - 4) :]
    return text


def everything(text: str) -> None:
    """Read a text in every way, judge and echo what could be read."""
    for decimal_comma in (False, True):
        for read in (read_number, read_matrix):
            try:
                reading = read(text, decimal_comma=decimal_comma)
            except AnswerError as refusal:
                assert 0 <= refusal.position <= len(text) + 1
                assert refusal.cause.endswith((".", "?", "…", "*"))
            else:
                assert echo(reading)
                assert tex(reading)
    try:
        formula = read_expression(text, NAMES)
    except AnswerError as refusal:
        assert 0 <= refusal.position <= len(text) + 1
        return
    assert echo(formula)
    assert tex(formula)
    try:
        same_expression(formula, read_expression("x", NAMES))
    except AnswerError:
        return


@pytest.mark.parametrize("seed", SEEDS)
def test_mutated_answers_are_read_or_refused(seed: str) -> None:
    draw = random.Random(seed)
    for _ in range(40):
        everything(mutated(seed, draw))


@settings(derandomize=True, deadline=None, max_examples=150)
@given(st.text(alphabet=ALPHABET, max_size=40))
def test_random_marks_are_read_or_refused(text: str) -> None:
    everything(text)


@settings(derandomize=True, deadline=None, max_examples=150)
@given(st.text(max_size=30))
def test_random_unicode_is_read_or_refused(text: str) -> None:
    everything(text)


@settings(derandomize=True, deadline=None, max_examples=150)
@given(st.lists(st.sampled_from([*PIECES, "x", "2", "+", "-", ")", "(", " ", ","]), max_size=25))
def test_random_pieces_are_read_or_refused(pieces: list[str]) -> None:
    everything("".join(pieces))
