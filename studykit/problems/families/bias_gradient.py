"""What serves everywhere collects from everywhere: a bias, a gain, a bias on distance."""

from __future__ import annotations

from typing import Any

from studykit.answers import Exact
from studykit.problems.arithmetic import Matrix, Vector, column, hadamard, shrink, sum_rows
from studykit.problems.degenerate import some_zero_row
from studykit.problems.dice import Dice
from studykit.problems.exact import divide
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.wording import added, cell, factor, matrix, partial, products

NORMAL = (
    ((5, -3, -1, -1), 3),
    ((-5, 3, 1, 1), 3),
    ((1, 7, -1, -7), 5),
    ((1, 1, -1, -1), 1),
)
"""Four deviations from a mean, and the root of their mean square."""


def draws(dice: Dice, level: int) -> dict[str, Any]:
    if level == 1:
        n, width = dice.pick([(3, 3), (3, 2), (2, 3), (4, 3)])
        return {"D": dice.matrix(n, width, -5, 6)}
    if level == 2:
        rows = []
        for _ in range(2):
            deviations, root = dice.pick(NORMAL)
            rows.append([divide(a, root) for a in dice.shuffled(deviations)])
        return {
            "H": rows,
            "D": dice.matrix(2, 4, -4, 5),
            "gain": [dice.pick([-2, -1, 2, 3]) for _ in range(4)],
        }
    return {"D": [[*_balanced(dice, i + 1), *[0] * (3 - i)] for i in range(4)]}


def _balanced(dice: Dice, n: int) -> list[int]:
    row = [dice.pick([-4, -3, -2, -1, 1, 2, 3, 4]) for _ in range(n - 1)]
    return [*row, -sum(row)]


def fine(D: Matrix, level: int, givens: dict[str, Any]) -> bool:
    if level == 3:
        return all(D[i][j] for i in range(1, 4) for j in range(i + 1)) and all(givens["d_bias"])
    if some_zero_row(D):
        return False
    return level == 1 or (givens["H"][0] != givens["H"][1] and all(givens["d_gain"]))


def question_bias(D: Matrix) -> str:
    return (
        r"A linear layer adds the same bias to every token: $Y=XW+b$; the rows are tokens. Coming "
        r"back is $D=\partial L/\partial Y$. Give $\partial L/\partial b$."
        rf"$$D={matrix(D)}$$"
    )


def question_gain(H: Matrix, D: Matrix, gain: Vector) -> str:
    return (
        r"LayerNorm has normalised two tokens, the rows of $\hat X$. Every row is multiplied by "
        r"the gain entry by entry, $Y=\hat X\circ\gamma+\beta$. Coming back is "
        r"$D=\partial L/\partial Y$. Give $\partial L/\partial\gamma$."
        rf"$$\hat X={matrix(H)}\qquad D={matrix(D)}$$$$\gamma={matrix([gain])}$$"
    )


def question_distance(D: Matrix) -> str:
    return (
        r"Causal attention adds a learned bias to every score, by distance: "
        r"$S_{ij}=q_i\cdot k_j/\sqrt{d_k}+b_{i-j}$ for $j\le i$; rows are queries. Coming back is "
        r"$D=\partial L/\partial S$. Give $\partial L/\partial(b_0,\ b_1,\ b_2,\ b_3)$."
        rf"$$D={matrix(D)}$$"
    )


def diagonals(D: Matrix) -> Vector:
    """For every distance i − j the sum of its entries."""
    n = len(D)
    return [sum(D[i][i - d] for i in range(d, n)) for d in range(n)]


STEPS = (
    Step(
        "d_bias",
        "The bias went to every token: its gradients add up, column by column",
        partial("b"),
        r"\sum_i D_{ij}",
        sum_rows,
        lambda D: added(column(D)),
        levels=(1,),
        takes=("D",),
        entry=partial("b_j"),
    ),
    Step(
        "met",
        "What came back, with what the gain was multiplied with",
        r"D\circ\hat X",
        r"D_{ij}\,\hat X_{ij}",
        lambda D, H: hadamard(D, H),
        lambda D, H: rf"{cell(D[0][0])}\cdot {factor(H[0][0])}",
        levels=(2,),
        entry=r"(D\circ\hat X)_{ij}",
    ),
    Step(
        "d_gain",
        "The gain served every token: the products add up, column by column",
        partial(r"\gamma"),
        r"\sum_i D_{ij}\,\hat X_{ij}",
        lambda met: sum_rows(met),
        lambda D, H: products(column(D), column(H)),
        levels=(2,),
        entry=partial(r"\gamma_j"),
    ),
    Step(
        "d_bias",
        "Every distance collects its diagonal",
        partial("b_d"),
        r"\sum_{i-j=d} D_{ij}",
        lambda D: diagonals(D),
        lambda D: added(row[i] for i, row in enumerate(D)),
        levels=(3,),
    ),
)

MISTAKES = (
    Mistake(
        "mean-over-tokens",
        "d_bias",
        lambda D: shrink(sum_rows(D), len(D)),
        "You took the mean over the tokens; the gradients of what they share add up.",
        levels=(1,),
        cause="mean",
    ),
    Mistake(
        "summed-over-features",
        "d_bias",
        lambda D: list(map(sum, D)),
        "You summed along the rows; a bias has one number for each column.",
        levels=(1,),
        cause="axis",
    ),
    Mistake(
        "first-token-only",
        "d_bias",
        lambda D: D[0],
        "You gave the first token's gradient; the bias served all tokens.",
        levels=(1,),
        cause="tokens",
    ),
    Mistake(
        "last-token-only",
        "d_bias",
        lambda D: D[-1],
        "You gave the last token's gradient; the bias served all tokens.",
        levels=(1,),
        cause="tokens",
    ),
    Mistake(
        "one-number-for-all",
        "d_bias",
        lambda D: [sum(map(sum, D)) for _ in D[0]],
        "You summed the whole matrix; each entry of the bias has a column of its own.",
        levels=(1,),
        cause="axis",
    ),
    Mistake(
        "gradient-of-the-bias",
        "d_gain",
        lambda D: sum_rows(D),
        r"You gave $\partial L/\partial\beta$; the gain was multiplied with $\hat X$.",
        cause="chain",
    ),
    Mistake(
        "mean-over-tokens",
        "d_gain",
        lambda met: shrink(sum_rows(met), len(met)),
        "You took the mean over the tokens; the gradients of what they share add up.",
        cause="mean",
    ),
    Mistake(
        "summed-before-the-product",
        "d_gain",
        lambda D, H: [a * b for a, b in zip(sum_rows(D), sum_rows(H), strict=True)],
        "You summed both over the tokens first; each token meets its own gradient.",
        cause="tokens",
    ),
    Mistake(
        "gain-multiplied",
        "d_gain",
        lambda met, gain: [a * b for a, b in zip(sum_rows(met), gain, strict=True)],
        r"You multiplied by $\gamma$ as well; that belongs to the gradient of $\hat X$.",
        cause="chain",
    ),
    Mistake(
        "first-token-only",
        "d_gain",
        lambda met: met[0],
        "You gave the first token's part; the gain served all tokens.",
        cause="tokens",
    ),
    Mistake(
        "summed-by-key",
        "d_bias",
        lambda D: sum_rows(D),
        "You summed by key; a bias on distance collects along the diagonals.",
        levels=(3,),
        cause="axis",
    ),
    Mistake(
        "mean-of-the-diagonal",
        "d_bias",
        lambda D: [divide(x, len(D) - d) for d, x in enumerate(diagonals(D))],
        "You took the mean of each diagonal; gradients of a shared number add up.",
        levels=(3,),
        cause="mean",
    ),
    Mistake(
        "distances-reversed",
        "d_bias",
        lambda d_bias: list(reversed(d_bias)),
        "You began with the largest distance; $b_0$ is the bias of a token on itself.",
        levels=(3,),
        cause="order",
    ),
    Mistake(
        "last-query-only",
        "d_bias",
        lambda D: list(reversed(D[-1])),
        "You used the last query alone; every query adds its entry to a distance.",
        levels=(3,),
        cause="tokens",
    ),
    Mistake(
        "other-diagonals",
        "d_bias",
        lambda D: [sum(D[i][d - i] for i in range(d + 1)) for d in range(len(D))],
        "You summed along the diagonals on which $i+j$ is constant; here $i-j$ is.",
        levels=(3,),
        cause="axis",
    ),
)

FAMILIES = (
    Family(
        name="bias-gradient",
        version=1,
        title="Gradients of bias and gain",
        topic="losses and their gradients",
        says="A number used in many places collects the gradients of all of them.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_bias, 2: question_gain, 3: question_distance},
        precision={1: Exact(), 2: Exact(), 3: Exact()},
        fine=fine,
        items=("N2.20", "N2.22", "N3.44"),
    ),
)
