"""Back through several heads: through W_O, apart into heads, on to a head's values and scores."""

from __future__ import annotations

from typing import Any

from studykit.answers import Exact
from studykit.problems.arithmetic import (
    Matrix,
    column,
    matmul,
    matmul_t,
    transpose,
)
from studykit.problems.degenerate import some_constant_column, some_zero_row
from studykit.problems.dice import Dice
from studykit.problems.drawn import weights
from studykit.problems.family import Family, Mistake, Step, at_levels
from studykit.problems.gradient_steps import d_scores
from studykit.problems.mistakes.gradients import SCORE_GRADIENT
from studykit.problems.wording import matrix, partial, products

WIDTH = 2
"""Of every head: two heads side by side make four columns."""


def draws(dice: Dice, level: int) -> dict[str, Any]:
    given: dict[str, Any] = {
        "G": dice.matrix(2, 3 if level == 1 else 2, -3, 3),
        "W_O": dice.matrix(4, 3 if level == 1 else 2, -2, 2),
        "head": dice.between(1, 2),
    }
    if level > 1:
        n_k = dice.pick([2, 3])
        given["A"] = weights(dice, 2, n_k)
        if level == 3:
            given["V"] = dice.matrix(n_k, WIDTH, -4, 4)
    return given


def fine(G: Matrix, W_O: Matrix, d_head: Matrix, level: int, givens: dict[str, Any]) -> bool:
    if some_zero_row(G, transpose(G), W_O, transpose(W_O), d_head):
        return False
    if level > 1 and givens["A"][0] == givens["A"][1]:
        return False
    return level != 3 or not (some_zero_row(givens["V"]) or some_constant_column(givens["V"]))


def _layer(more: str) -> str:
    return (
        r"The outputs of two heads, each two wide, stand side by side in $C=[O_1\ O_2]$, and "
        rf"$Y=CW_O$; rows are tokens. Coming back is $G=\partial L/\partial Y$. {more}"
    )


def question_split(G: Matrix, W_O: Matrix, head: int) -> str:
    wanted = rf"Give $\partial L/\partial O_{head}$."
    return rf"{_layer(wanted)}$$G={matrix(G)}\qquad W_O={matrix(W_O)}$$"


def question_values(G: Matrix, W_O: Matrix, A: Matrix, head: int) -> str:
    wanted = (
        rf"Head {head} is $O_{head}=A_{head}V_{head}$. Give $\partial L/\partial V_{head}$."
        rf"$$G={matrix(G)}\qquad W_O={matrix(W_O)}\qquad A_{head}={matrix(A)}$$"
    )
    return _layer(wanted)


def question_scores(G: Matrix, W_O: Matrix, A: Matrix, V: Matrix, head: int) -> str:
    wanted = (
        rf"Head {head} is $O_{head}=A_{head}V_{head}$ with $A_{head}=\mathrm{{softmax}}(S_{head})$ "
        rf"row by row. Give $\partial L/\partial S_{head}$."
        rf"$$G={matrix(G)}\qquad W_O={matrix(W_O)}$$"
        rf"$$A_{head}={matrix(A)}\qquad V_{head}={matrix(V)}$$"
    )
    return _layer(wanted)


def block(C: Matrix, head: Any) -> Matrix:
    """The columns of one head."""
    first = WIDTH * (int(head) - 1)
    return [row[first : first + WIDTH] for row in C]


STEPS = (
    Step(
        "d_concat",
        "Back through the output projection",
        partial("C"),
        r"GW_O^\top",
        lambda G, W_O: matmul_t(G, W_O),
        lambda G, W_O: products(G[0], W_O[0]),
    ),
    Step(
        "d_head",
        "Apart again: the columns of this head",
        partial("O_h"),
        r"\left(\frac{\partial L}{\partial C}\right)_{\text{columns of head } h}",
        block,
        takes=("d_concat", "head"),
    ),
    Step(
        "d_value",
        "Each value collects from the outputs it went into",
        partial("V_h"),
        r"A_h^\top\frac{\partial L}{\partial O_h}",
        lambda A, d_head: matmul(transpose(A), d_head),
        lambda A, d_head: products(column(A), column(d_head)),
        levels=(2,),
    ),
    Step(
        "d_weights",
        "Gradient of the weights",
        partial("A_h"),
        r"\frac{\partial L}{\partial O_h}V_h^\top",
        lambda d_head, V: matmul_t(d_head, V),
        lambda d_head, V: products(d_head[0], V[0]),
        levels=(3,),
    ),
    d_scores(A="A_h", S="S_h", levels=(3,)),
)

MISTAKES = (
    Mistake(
        "other-head",
        "d_head",
        lambda d_concat, head: block(d_concat, 3 - head),
        "These are the columns of the other head.",
        cause="head",
    ),
    Mistake(
        "every-other-column",
        "d_head",
        lambda d_concat, head: [row[int(head) - 1 :: 2] for row in d_concat],
        "You took every other column; a head's columns stand next to each other.",
        cause="head",
    ),
    Mistake(
        "heads-added",
        "d_head",
        lambda d_concat: [
            [a + b for a, b in zip(row[:WIDTH], row[WIDTH:], strict=True)] for row in d_concat
        ],
        "You added the columns of both heads; each head gets its own.",
        cause="head",
    ),
    Mistake(
        "projection-left-out",
        "d_head",
        lambda G: G,
        r"You took $G$ for the gradient of the head; $W_O$ stands between.",
        when=lambda G: len(G[0]) == WIDTH,
        levels=(2, 3),
        cause="chain",
    ),
    Mistake(
        "block-not-transposed",
        "d_head",
        lambda G, W_O, head: matmul(G, W_O[WIDTH * (int(head) - 1) : WIDTH * int(head)]),
        r"You multiplied by the head's rows of $W_O$; backward they are transposed.",
        when=lambda G: len(G[0]) == WIDTH,
        levels=(2, 3),
        cause="product",
    ),
    Mistake(
        "mean-over-heads",
        "d_head",
        lambda d_concat, head: [[x / 2 for x in row] for row in block(d_concat, head)],
        "You divided by the number of heads; the outputs are put side by side, not averaged.",
        levels=(1,),
        cause="head",
    ),
    Mistake(
        "weights-not-transposed",
        "d_value",
        lambda A, d_head: matmul(A, d_head),
        r"You multiplied by $A$; each value collects its column of the weights, $A^\top$.",
        when=lambda A: len(A) == len(A[0]),
        levels=(2,),
        cause="product",
    ),
    Mistake(
        "stopped-at-the-head",
        "d_value",
        lambda d_head: d_head,
        "You stopped at the head's output; its values are one product further back.",
        when=lambda A: len(A) == len(A[0]),
        levels=(2,),
        cause="stopped",
    ),
    *at_levels((3,), SCORE_GRADIENT),
)

FAMILIES = (
    Family(
        name="heads-backward",
        version=1,
        title="Gradient through several heads",
        topic="attention gradients",
        says="Back through the output projection, apart into heads, and into one of them.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_split, 2: question_values, 3: question_scores},
        precision={1: Exact(), 2: Exact(), 3: Exact()},
        convention={
            1: "one row for each token",
            2: "one row for each value",
            3: "rows are queries, columns keys",
        },
        fine=fine,
        items=("N2.20", "N2.35", "N3.31", "N3.33"),
    ),
)
