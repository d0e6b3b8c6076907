"""Attention through several layers: products of weight matrices, with the residual stream in."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from studykit.answers import Exact
from studykit.problems.arithmetic import Matrix, add, hadamard, matmul, matmul_t, shrink
from studykit.problems.dice import Dice
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.wording import matrix, products


def draws(dice: Dice, level: int) -> dict[str, Any]:
    if level == 3:
        return {f"A_{layer}": _causal(dice) for layer in (1, 2)}
    return {f"A_{layer}": [_row(dice) for _ in range(2)] for layer in (1, 2)}


def _row(dice: Dice) -> list[Fraction]:
    """Two weights in quarters or fifths."""
    parts = dice.pick([4, 5])
    first = dice.between(1, parts - 1)
    return [Fraction(first, parts), Fraction(parts - first, parts)]


def _causal(dice: Dice) -> Matrix:
    """The weights of three tokens under a causal mask, in quarters, fifths or sixths."""
    parts = dice.pick([4, 5, 6])
    low, high = sorted(dice.some(range(1, parts), 2))
    first = dice.between(1, parts - 1)
    return [
        [1, 0, 0],
        [Fraction(first, parts), Fraction(parts - first, parts), 0],
        [Fraction(low, parts), Fraction(high - low, parts), Fraction(parts - high, parts)],
    ]


def fine(level: int, A_1: Matrix, A_2: Matrix) -> bool:
    """Layers that differ, and rows that differ within a layer."""
    return A_1 != A_2 and (level == 3 or all(A[0] != A[1] for A in (A_1, A_2)))


def question_product(A_1: Matrix, A_2: Matrix) -> str:
    return (
        r"Two layers of attention mix two tokens with the weights $A_1$ (first layer) and $A_2$ "
        r"(second); rows are queries. Values and outputs are not projected and there is no "
        r"residual. Give the weights with which the second layer's outputs are made of the tokens "
        r"at the bottom."
        rf"$$A_1={matrix(A_1)}\qquad A_2={matrix(A_2)}$$"
    )


def question_rollout(A_1: Matrix, A_2: Matrix) -> str:
    return (
        r"Attention rollout follows weights through the layers and counts the residual stream as "
        r"half: $\tilde A=\frac{1}{2}(A+I)$. Give the rollout of both layers, the weights with "
        r"which the second layer's tokens are made of the tokens at the bottom; rows are queries."
        rf"$$A_1={matrix(A_1)}\qquad A_2={matrix(A_2)}$$"
    )


def question_last(A_1: Matrix, A_2: Matrix) -> str:
    return (
        r"Attention rollout follows weights through the layers and counts the residual stream as "
        r"half: $\tilde A=\frac{1}{2}(A+I)$. Two causal layers have the weights $A_1$ (first) and "
        r"$A_2$ (second); rows are queries. Give the rollout's row of the last token."
        rf"$$A_1={matrix(A_1)}\qquad A_2={matrix(A_2)}$$"
    )


def identity(n: int) -> Matrix:
    return [[int(i == j) for j in range(n)] for i in range(n)]


def halved(A: Matrix) -> Matrix:
    return shrink(add(A, identity(len(A))), 2)  # type: ignore[no-any-return]


STEPS = (
    Step(
        "product",
        "The second layer's weights times the first layer's",
        "A_2A_1",
        r"\sum_t(A_2)_{it}(A_1)_{tj}",
        lambda A_1, A_2: matmul(A_2, A_1),
        lambda A_1, A_2: products(A_2[0], [r[0] for r in A_1]),
        levels=(1,),
        entry=r"(A_2A_1)_{ij}",
    ),
    Step(
        "first",
        "First layer with the residual",
        r"\tilde A_1",
        r"\frac{1}{2}(A_1+I)",
        lambda A_1: halved(A_1),
        levels=(2, 3),
    ),
    Step(
        "second",
        "Second layer with the residual",
        r"\tilde A_2",
        r"\frac{1}{2}(A_2+I)",
        lambda A_2: halved(A_2),
        levels=(2, 3),
    ),
    Step(
        "rollout",
        "The second times the first",
        "R",
        r"\tilde A_2\tilde A_1",
        lambda first, second: matmul(second, first),
        lambda first, second: products(second[0], [r[0] for r in first]),
        levels=(2,),
    ),
    Step(
        "last",
        "The last row of the second times the first",
        "r",
        r"(\tilde A_2)_3\,\tilde A_1",
        lambda first, second: matmul(second[-1:], first)[0],
        lambda first, second: products(second[-1], [r[0] for r in first]),
        levels=(3,),
    ),
)

MISTAKES = (
    Mistake(
        "order-exchanged",
        "product",
        lambda A_1, A_2: matmul(A_1, A_2),
        r"You computed $A_1A_2$; the second layer acts on what the first made, so $A_2A_1$.",
        cause="order",
    ),
    Mistake(
        "entry-by-entry",
        "product",
        lambda A_1, A_2: hadamard(A_2, A_1),
        "You multiplied entry by entry; sum over the tokens in between.",
        cause="product",
    ),
    Mistake(
        "averaged",
        "product",
        lambda A_1, A_2: shrink(add(A_1, A_2), 2),
        "You averaged the layers; one acts after the other, which is a product.",
        cause="product",
    ),
    Mistake(
        "rows-with-rows",
        "product",
        lambda A_1, A_2: matmul_t(A_2, A_1),
        r"You multiplied rows with rows, which is $A_2A_1^\top$.",
        cause="product",
    ),
    Mistake(
        "last-layer-only",
        "product",
        lambda A_2: A_2,
        "You gave the second layer's weights; what it mixes are mixtures already.",
        cause="product",
    ),
    Mistake(
        "order-exchanged",
        "rollout",
        lambda first, second: matmul(first, second),
        "You multiplied in the wrong order; the second layer stands on the left.",
        cause="order",
    ),
    Mistake(
        "no-residual",
        "rollout",
        lambda A_1, A_2: matmul(A_2, A_1),
        "You left out the residual stream.",
        cause="residual",
    ),
    Mistake(
        "not-halved",
        "rollout",
        lambda first, second: [[4 * x for x in r] for r in matmul(second, first)],
        "You did not halve; then the rows sum to 4.",
        cause="residual",
    ),
    Mistake(
        "residual-at-the-end",
        "rollout",
        lambda A_1, A_2: halved(matmul(A_2, A_1)),
        "You added the residual once, to the product; every layer has its own.",
        cause="residual",
    ),
    Mistake(
        "layers-averaged",
        "rollout",
        lambda first, second: shrink(add(first, second), 2),
        "You averaged the layers; one acts after the other, which is a product.",
        cause="product",
    ),
    Mistake(
        "order-exchanged",
        "last",
        lambda first, second: matmul(first[-1:], second)[0],
        "You multiplied in the wrong order; the second layer stands on the left.",
        cause="order",
    ),
    Mistake(
        "no-residual",
        "last",
        lambda A_1, A_2: matmul(A_2[-1:], A_1)[0],
        "You left out the residual stream.",
        cause="residual",
    ),
    Mistake(
        "not-halved",
        "last",
        lambda last: [4 * x for x in last],
        "You did not halve; then the row sums to 4.",
        cause="residual",
    ),
    Mistake(
        "residual-at-the-end",
        "last",
        lambda A_1, A_2: halved(matmul(A_2, A_1))[-1],
        "You added the residual once, to the product; every layer has its own.",
        cause="residual",
    ),
    Mistake(
        "column-of-the-last",
        "last",
        lambda first, second: [r[-1] for r in matmul(second, first)],
        "You gave the last column: what goes into others; the row tells what the token is made of.",
        cause="axes",
    ),
    Mistake(
        "second-layer-only",
        "last",
        lambda second: second[-1],
        "You gave the second layer's row; what it mixes are mixtures already.",
        cause="product",
    ),
)

FAMILIES = (
    Family(
        name="attention-rollout",
        version=1,
        title="Weights through several layers",
        topic="attention forward",
        says="Layers multiply from the left; the residual stream keeps half.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_product, 2: question_rollout, 3: question_last},
        precision={1: Exact(), 2: Exact(), 3: Exact()},
        convention={1: "rows are queries", 2: "rows are queries", 3: "in the order of the tokens"},
        fine=fine,
        items=("N3.22", "N3.27", "N3.44", "N2.10"),
    ),
)
