"""Back through a linear layer: to its input, in the layout of code, and into an adapter."""

from __future__ import annotations

from typing import Any

from studykit.answers import Exact
from studykit.problems.arithmetic import (
    Matrix,
    column,
    hadamard,
    matmul,
    matmul_t,
    outer,
    scale,
    transpose,
)
from studykit.problems.degenerate import some_zero_row
from studykit.problems.dice import Dice
from studykit.problems.exact import divide
from studykit.problems.family import Family, Mistake, Step, named
from studykit.problems.mistakes.gradients import shared_weights
from studykit.problems.wording import cell, matrix, partial, products


def draws(dice: Dice, level: int) -> dict[str, Any]:
    n, out = dice.pick([2, 3]), dice.pick([2, 3])
    if level < 3:
        W = dice.matrix(2, out, -3, 3) if level == 1 else dice.matrix(out, 2, -3, 3)
        return {
            "X": dice.matrix(n, 2, -3, 4),
            "W": W,
            "D": dice.matrix(n, out, -4, 4),
            "asked": "d_input" if level == 1 else dice.pick(["d_input", "d_weights"]),
        }
    rank, alpha = dice.pick([(1, 2), (1, 4), (2, 4), (2, 1), (2, 8)])
    return {
        "X": dice.matrix(2, 2, -3, 3),
        "A": dice.matrix(2, rank, -2, 2),
        "B": dice.matrix(rank, 2, -2, 2),
        "D": dice.matrix(2, 2, -3, 3),
        "rank": rank,
        "alpha": alpha,
        "asked": dice.pick(["d_down", "d_up"]),
    }


def fine(X: Matrix, D: Matrix, level: int, givens: dict[str, Any]) -> bool:
    """No empty rows or columns; no matrix that is its own transpose."""
    used = [givens[n] for n in ("W", "A", "B") if n in givens]
    if some_zero_row(X, D, transpose(X), transpose(D), *used, *map(transpose, used)):
        return False
    square = [M for M in (X, D, *used) if len(M) == len(M[0]) > 1]
    return level < 3 or len(givens["A"][0]) == 1 or all(transpose(M) != M for M in square)


def question_input(X: Matrix, W: Matrix, D: Matrix) -> str:
    return (
        r"A linear layer $Y=XW+b$ is applied to the tokens in the rows of $X$. Coming back is "
        r"$D=\partial L/\partial Y$. Give $\partial L/\partial X$."
        rf"$$X={matrix(X)}\qquad W={matrix(W)}\qquad D={matrix(D)}$$"
    )


def question_layout(X: Matrix, W: Matrix, D: Matrix, asked: str) -> str:
    wanted = "X" if asked == "d_input" else "W"
    return (
        r"A layer keeps its weights as code does, a row of $W$ for each output: $Y=XW^\top+b$; the "
        r"rows of $X$ are tokens. Coming back is $D=\partial L/\partial Y$. Give "
        rf"$\partial L/\partial {wanted}$."
        rf"$$X={matrix(X)}\qquad W={matrix(W)}\qquad D={matrix(D)}$$"
    )


def question_adapter(
    X: Matrix, A: Matrix, B: Matrix, D: Matrix, rank: int, alpha: int, asked: str
) -> str:
    wanted = "A" if asked == "d_down" else "B"
    return (
        r"A frozen layer has a low-rank adapter: $Y=XW+\frac{\alpha}{r}\,XAB$ with "
        rf"$r={rank}$ and $\alpha={alpha}$; rows are tokens. Coming back is "
        rf"$D=\partial L/\partial Y$. Give $\partial L/\partial {wanted}$."
        rf"$$X={matrix(X)}\qquad A={matrix(A)}\qquad B={matrix(B)}\qquad D={matrix(D)}$$"
    )


STEPS = (
    Step(
        "d_input",
        "Each input feature collects from the outputs it went into, by its weights",
        partial("X"),
        r"DW^\top",
        lambda D, W: matmul_t(D, W),
        lambda D, W: products(D[0], W[0]),
        levels=(1,),
    ),
    Step(
        "d_input",
        "Forward was a transposed product, so backward is a plain one",
        partial("X"),
        "DW",
        lambda D, W: matmul(D, W),
        lambda D, W: products(D[0], column(W)),
        levels=(2,),
    ),
    Step(
        "d_weights",
        "A row for each output: what came back to it, with the features of every token",
        partial("W"),
        r"D^\top X",
        lambda D, X: matmul(transpose(D), X),
        lambda D, X: products(column(D), column(X)),
        levels=(2,),
    ),
    Step(
        "factor",
        "Scale of the adapter",
        "s",
        r"\frac{\alpha}{r}",
        lambda alpha, rank: divide(alpha, rank),
        lambda alpha, rank: rf"\frac{{{alpha}}}{{{rank}}}",
        levels=(3,),
    ),
    Step(
        "d_inner",
        "Back through B, to the narrow middle",
        r"\frac{\partial L}{\partial(XA)}",
        r"s\,DB^\top",
        lambda D, B, factor: scale(matmul_t(D, B), factor),
        lambda D, B, factor: rf"{cell(factor)}\cdot({products(D[0], B[0])})",
        levels=(3,),
    ),
    Step(
        "d_down",
        "Every token with what came back to the middle",
        partial("A"),
        r"X^\top\frac{\partial L}{\partial(XA)}",
        lambda X, d_inner: matmul(transpose(X), d_inner),
        lambda X, d_inner: products(column(X), column(d_inner)),
        levels=(3,),
    ),
    Step(
        "inner",
        "The narrow middle on the way forward",
        "XA",
        r"XA",
        lambda X, A: matmul(X, A),
        lambda X, A: products(X[0], column(A)),
        levels=(3,),
    ),
    Step(
        "d_up",
        "The middle with what came back",
        partial("B"),
        r"s\,(XA)^\top D",
        lambda inner, D, factor: scale(matmul(transpose(inner), D), factor),
        lambda inner, D, factor: rf"{cell(factor)}\cdot({products(column(inner), column(D))})",
        levels=(3,),
    ),
)


MISTAKES = (
    Mistake(
        "not-transposed",
        "d_input",
        lambda D, W: matmul(D, W),
        r"You multiplied by $W$; backward it is $W^\top$.",
        when=lambda W: len(W) == len(W[0]),
        levels=(1,),
        cause="product",
    ),
    Mistake(
        "gradient-of-the-weights",
        "d_input",
        lambda X, D: matmul(transpose(X), D),
        r"You gave $X^\top D$, the gradient of the weights.",
        levels=(1,),
        cause="other-gradient",
    ),
    Mistake(
        "gradient-ignored",
        "d_input",
        lambda D, W: [[sum(w) for w in W] for _ in D],
        "You took everything that comes back as 1; it is given as D.",
        levels=(1,),
        cause="chain",
    ),
    Mistake(
        "entry-by-entry",
        "d_input",
        lambda D, W: hadamard(D, W),
        "You multiplied D and W entry by entry; every output's part is summed.",
        when=lambda D, W: len(D) == len(W),
        levels=(1,),
        cause="product",
    ),
    Mistake(
        "first-token-repeated",
        "d_input",
        lambda d_input: [d_input[0] for _ in d_input],
        "You gave the first token's row for every token; each has its own.",
        levels=(1, 2),
        cause="tokens",
    ),
    Mistake(
        "divided-by-the-tokens",
        "d_input",
        lambda d_input, D: scale(d_input, 1 / len(D)),
        "You divided by the number of tokens; each token's input has a gradient of its own.",
        levels=(1, 2),
        cause="tokens",
    ),
    Mistake(
        "transposed-as-in-xw",
        "d_input",
        lambda D, W: matmul_t(D, W),
        r"You multiplied by $W^\top$, as for $Y=XW$; here forward is $XW^\top$.",
        when=lambda W: len(W) == len(W[0]),
        levels=(2,),
        cause="product",
    ),
    Mistake(
        "gradient-of-the-weights",
        "d_input",
        lambda X, D: matmul(transpose(D), X),
        r"You gave $D^\top X$, the gradient of the weights.",
        levels=(2,),
        cause="other-gradient",
    ),
    Mistake(
        "gradient-ignored",
        "d_input",
        lambda D, W: [[sum(w) for w in zip(*W, strict=True)] for _ in D],
        "You took everything that comes back as 1; it is given as D.",
        levels=(2,),
        cause="chain",
    ),
    Mistake(
        "layout-of-xw",
        "d_weights",
        lambda X, D: matmul(transpose(X), D),
        r"You gave $X^\top D$, as for $Y=XW$; here W has a row for each output: $D^\top X$.",
        levels=(2,),
        cause="layout",
    ),
    *named(
        shared_weights("d_weights", "D", "X", (2,), "D"),
        "first-token-only",
        "mean-over-tokens",
        "summed-before-the-product",
    ),
    Mistake(
        "gradient-ignored",
        "d_weights",
        lambda X, D: [list(map(sum, transpose(X))) for _ in D[0]],
        "You took everything that comes back as 1; it is given as D.",
        levels=(2,),
        cause="chain",
    ),
    Mistake(
        "scale-left-out",
        "factor",
        lambda: 1,
        r"You left out $\alpha/r$; it acts backward as it does forward.",
        when=lambda factor: factor != 1,
        levels=(3,),
        cause="scale",
    ),
    Mistake(
        "not-divided-by-the-rank",
        "factor",
        lambda alpha: alpha,
        r"You multiplied by $\alpha$ alone; it is divided by the rank.",
        when=lambda rank, alpha: rank > 1 and alpha > 1,
        levels=(3,),
        cause="scale",
    ),
    Mistake(
        "scale-upside-down",
        "factor",
        lambda alpha, rank: rank / alpha,
        r"You took $r/\alpha$; it is $\alpha/r$.",
        levels=(3,),
        cause="scale",
    ),
    Mistake(
        "up-not-transposed",
        "d_inner",
        lambda D, B, factor: scale(matmul(D, B), factor),
        r"You multiplied by $B$; backward it is $B^\top$.",
        when=lambda rank: rank == 2,
        levels=(3,),
        cause="product",
    ),
    Mistake(
        "gradient-of-the-frozen-weights",
        "d_down",
        lambda X, D: matmul(transpose(X), D),
        r"You gave $X^\top D$, the gradient that the frozen weights would have.",
        levels=(3,),
        cause="other-gradient",
    ),
    Mistake(
        "middle-left-out",
        "d_up",
        lambda X, D, factor: scale(matmul(transpose(X), D), factor),
        r"You used $X$; what B is multiplied with on the way forward is $XA$.",
        levels=(3,),
        cause="chain",
    ),
    *named(shared_weights("d_down", "X", "d_inner", (3,)), "first-token-only"),
    Mistake(
        "first-token-only",
        "d_up",
        lambda inner, D, factor: scale(outer(inner[0], D[0]), factor),
        "You used the first token alone; all tokens share the weights, so their parts add up.",
        levels=(3,),
        cause="tokens",
    ),
)

FAMILIES = (
    Family(
        name="linear-backward",
        version=1,
        title="Backward through a linear layer",
        topic="losses and their gradients",
        says="Input and weights of a linear layer, in both layouts, and of an adapter.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_input, 2: question_layout, 3: question_adapter},
        precision={1: Exact(), 2: Exact(), 3: Exact()},
        asked={2: ("d_input", "d_weights"), 3: ("d_down", "d_up")},
        convention="in the shape of what it is the gradient of",
        fine=fine,
        items=("N2.15", "N2.20", "N2.22", "N2.46"),
    ),
)
