"""The way back from the output of attention to its scores, as steps that many families share."""

from __future__ import annotations

from studykit.problems.arithmetic import dot, matmul_t, softmax_backward
from studykit.problems.family import Step
from studykit.problems.wording import cell, factor, partial, products

D_WEIGHTS = Step(
    "d_weights",
    "Gradient of the weights: each output's gradient with each value",
    partial("A"),
    r"GV^\top",
    lambda G, V: matmul_t(G, V),
    lambda G, V: products(G[0], V[0]),
)

ABOVE_THE_MEAN = (
    "Through the softmax: each weight times how far its gradient lies above the row's mean"
)


def d_scores(
    title: str = ABOVE_THE_MEAN, A: str = "A", S: str = "S", levels: tuple[int, ...] = ()
) -> Step:
    """∂L/∂S = A ∘ (∂L/∂A − r), from the weights `A` and `d_weights`; A and S name the letters."""
    gradient = partial(A)
    row = f"({A})" if "_" in A else A
    entry = rf"\left({gradient}\right)_{{ij}}" if "_" in A else partial(f"{A}_{{ij}}")
    return Step(
        "d_scores",
        title,
        partial(S),
        rf"{A}\circ\left({gradient}-r\right),\quad r_i=\sum_j {row}_{{ij}}{entry}",
        softmax_backward,
        lambda A, d_weights: (
            rf"{cell(A[0][0])}\cdot\left({cell(d_weights[0][0])}"
            rf"-{factor(dot(A[0], d_weights[0]))}\right)"
        ),
        levels=levels,
        takes=("A", "d_weights"),
    )
