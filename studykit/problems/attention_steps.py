"""The way from Q, K and V to the output, as steps that many families share.

Beside them stands what makes such a problem worth posing: weights that are told apart.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

from studykit.problems.arithmetic import (
    Matrix,
    Vector,
    dot,
    masked,
    matmul,
    matmul_t,
    shrink,
    softmax,
    softmax_rows,
)
from studykit.problems.degenerate import some_constant_column, some_zero_row
from studykit.problems.exact import divide, exp, sqrt
from studykit.problems.family import Step
from studykit.problems.wording import cell, factor, products, softmax_working

SHIFTED = Step(
    "shifted",
    "Subtract the largest score, which changes no weight",
    "t",
    r"s-\max s",
    lambda scores: [s - max(scores) for s in scores],
    lambda scores: rf"{cell(scores[0])}-{factor(max(scores))}",
)

POWERS = Step(
    "powers",
    "Exponentials, none larger than 1",
    "e^t",
    r"e^{t_j}",
    lambda shifted: [exp(t) for t in shifted],
    lambda shifted: rf"e^{{{cell(shifted[0])}}}",
    entry=r"(e^t)_j",
)

TOTAL = Step(
    "total",
    "Their sum",
    "Z",
    r"\sum_j e^{t_j}",
    lambda powers: sum(powers),
    lambda powers: " + ".join(map(cell, powers)),
)

DIVIDED = Step(
    "weights",
    "Weights: every exponential over the sum",
    "p",
    r"\frac{e^t}{Z}",
    lambda powers, total: [divide(p, total) for p in powers],
    lambda powers, total: rf"\frac{{{cell(powers[0])}}}{{{cell(total)}}}",
)

SCORES = Step(
    "scores",
    "Scores: every query with every key",
    r"QK^\top",
    r"q_i\cdot k_j",
    lambda Q, K: matmul_t(Q, K),
    lambda Q, K: products(Q[0], K[0]),
    entry=r"(QK^\top)_{ij}",
)

SCALED = Step(
    "scaled",
    "Scaled scores",
    "S",
    r"\frac{QK^\top}{\sqrt{d_k}}",
    lambda scores, d_k: shrink(scores, sqrt(d_k)),
    lambda scores, d_k: rf"\frac{{{cell(scores[0][0])}}}{{\sqrt{{{d_k}}}}}",
)

WEIGHTS = Step(
    "weights",
    "Weights: softmax along each row",
    "A",
    r"\mathrm{softmax}(S)",
    lambda scaled: softmax_rows(scaled),
    lambda scaled: softmax_working(scaled[0]),
)

MASKED_WEIGHTS = Step(
    "weights",
    "Weights: softmax along each row",
    "A",
    r"\mathrm{softmax}(S+M)",
    lambda masked: softmax_rows(masked),
    lambda masked: softmax_working(masked[0]),
)

ATTENDED = Step(
    "output",
    "Output: the weights applied to the values",
    "O",
    "AV",
    lambda weights, V: matmul(weights, V),
    lambda weights, V: products(weights[0], [v[0] for v in V]),
)

CLOSED_ROW = Step(
    "masked",
    "Closed keys get −∞",
    "s+M",
    r"s_j\ \text{where open, else}\ -\infty",
    masked,
    entry=r"(s+M)_j",
)

ROW_WEIGHTS = Step(
    "weights",
    "Weights: softmax over the open keys",
    "p",
    r"\mathrm{softmax}(s+M)",
    lambda masked: softmax(masked),
    lambda masked: softmax_working(masked),
)

CLOSED = Step(
    "masked",
    "Closed pairs get −∞",
    "S+M",
    r"S_{ij}\ \text{where key}\ j\ \text{is open, else}\ -\infty",
    masked,
    entry=r"(S+M)_{ij}",
)

NUMBERS = Step(
    "output",
    "Outputs: each row of weights applied to the values, which are numbers here",
    "o",
    "Av",
    lambda weights, v: [dot(row, v) for row in weights],
    lambda weights, v: products(weights[0], v),
)


def steps_at(levels: tuple[int, ...], *steps: Step) -> tuple[Step, ...]:
    """The same steps, for these levels only."""
    return tuple(replace(step, levels=levels) for step in steps)


def telling_row(weights: Vector, least: float = 0.01, most: float = 0.97) -> bool:
    """Whether a row of weights is neither near one-hot nor near uniform among the keys it sees.

    A row that sees one key only tells what the mask does.
    """
    seen = [w for w in weights if w > 0]
    return len(seen) == 1 or (
        len(seen) > 1 and min(seen) >= least and max(seen) <= most and max(seen) - min(seen) >= 0.05
    )


def telling(weights: Matrix) -> bool:
    """Whether every row tells something, and no two rows the same."""
    return all(map(telling_row, weights)) and all(a != b for a, b in combinations(weights, 2))


def telling_values(V: Matrix) -> bool:
    """Values that differ from key to key and from component to component."""
    columns = list(zip(*V, strict=True))
    return (
        not some_constant_column(V)
        and not some_zero_row(V)
        and all(a != b for a, b in combinations(V, 2))
        and all(a not in (b, tuple(-x for x in b)) for a, b in combinations(columns, 2))
    )
