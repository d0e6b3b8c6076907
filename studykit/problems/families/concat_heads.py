"""Heads to output: concatenation and W_O, which is a sum of each head through its own rows."""

from __future__ import annotations

from typing import Any

from studykit.answers import Exact
from studykit.problems.arithmetic import Matrix, add, matmul, shrink, transpose
from studykit.problems.dice import Dice
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.wording import matrix, products


def draws(dice: Dice, level: int) -> dict[str, Any]:
    n, d_v, d_model = (1, 2, 2) if level == 1 else (2, 2, dice.pick([2, 3]))
    return {
        "O_1": dice.matrix(n, d_v, -3, 4),
        "O_2": dice.matrix(n, d_v, -3, 4),
        "W_O": dice.matrix(2 * d_v, d_model, -2, 3),
    }


def fine(O_1: Matrix, O_2: Matrix, W_O: Matrix) -> bool:
    """Heads that say different things, none of them nothing."""
    return all(any(r) for r in O_1 + O_2) and O_1 != O_2 and all(any(r) for r in W_O)


def question(O_1: Matrix, O_2: Matrix, W_O: Matrix) -> str:
    return (
        r"Two heads gave the outputs $O_1$ and $O_2$ (rows are tokens). They are concatenated in "
        r"this order and multiplied by $W_O$. Compute the output of the layer."
        rf"$$O_1={matrix(O_1)}\qquad O_2={matrix(O_2)}\qquad W_O={matrix(W_O)}$$"
    )


def beside(A: Matrix, B: Matrix) -> Matrix:
    return [a + b for a, b in zip(A, B, strict=True)]


STEPS = (
    Step(
        "concat",
        "The heads side by side",
        "C",
        r"[\,O_1\ \ O_2\,]",
        lambda O_1, O_2: beside(O_1, O_2),
    ),
    Step(
        "output",
        "Through W_O: the sum of each head through its own rows",
        "O",
        r"C\,W_O=O_1W_O^{1}+O_2W_O^{2}",
        lambda concat, W_O: matmul(concat, W_O),
        lambda concat, W_O: products(concat[0], [r[0] for r in W_O]),
    ),
)

MISTAKES = (
    Mistake(
        "order-reversed",
        "concat",
        lambda O_1, O_2: beside(O_2, O_1),
        "You put the second head first.",
        cause="order",
    ),
    Mistake(
        "interleaved",
        "concat",
        lambda O_1, O_2: [
            [x for pair in zip(a, b, strict=True) for x in pair]
            for a, b in zip(O_1, O_2, strict=True)
        ],
        "You interleaved the heads' components; each head keeps its components together.",
        cause="order",
    ),
    Mistake(
        "heads-averaged",
        "output",
        lambda concat, W_O: shrink(matmul(concat, W_O), 2),
        "You averaged over the heads; their contributions are added.",
        cause="merge",
    ),
    Mistake(
        "heads-added-first",
        "output",
        lambda O_1, O_2, W_O: matmul(add(O_1, O_2), W_O[:2]),
        r"You added the heads and used the first rows of $W_O$ for both; each has its own rows.",
        cause="merge",
    ),
    Mistake(
        "first-head-only",
        "output",
        lambda O_1, W_O: matmul(O_1, W_O[:2]),
        "You used the first head alone.",
        cause="merge",
    ),
    Mistake(
        "second-head-only",
        "output",
        lambda O_2, W_O: matmul(O_2, W_O[2:]),
        "You used the second head alone.",
        cause="merge",
    ),
    Mistake(
        "no-output-matrix",
        "output",
        lambda concat: concat,
        r"You stopped at the concatenation; $W_O$ is still to be applied.",
        cause="stopped",
    ),
    Mistake(
        "heads-only-added",
        "output",
        lambda O_1, O_2: add(O_1, O_2),
        r"You added the heads without $W_O$.",
        cause="merge",
    ),
    Mistake(
        "matrix-transposed-in-blocks",
        "output",
        lambda O_1, O_2, W_O: add(matmul(O_1, transpose(W_O[:2])), matmul(O_2, transpose(W_O[2:]))),
        r"You transposed each head's block of $W_O$.",
        when=lambda W_O: len(W_O[0]) == 2,
        cause="transpose",
    ),
)

FAMILIES = (
    Family(
        name="concat-heads",
        version=1,
        title="Concatenated heads through W_O",
        topic="heads and W_O",
        says="Heads side by side, then W_O: a sum over heads.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question, 2: question},
        precision={1: Exact(), 2: Exact()},
        convention="one row for each token",
        fine=fine,
        items=("N3.31", "N3.33", "N3.38"),
    ),
)
