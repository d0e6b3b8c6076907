"""Back through masked attention: a closed pair has no weight and passes no gradient on."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from studykit.answers import Exact, Places
from studykit.problems.arithmetic import (
    NEVER,
    Matrix,
    Vector,
    column,
    dot,
    matmul,
    shrink,
    softmax,
    transpose,
)
from studykit.problems.degenerate import parallel, some_zero_row
from studykit.problems.dice import Dice
from studykit.problems.drawn import causal_weights
from studykit.problems.exact import divide, sqrt
from studykit.problems.family import Family, Mistake, Step, at_levels
from studykit.problems.gradient_steps import D_WEIGHTS, d_scores
from studykit.problems.mistakes.gradients import SCORE_GRADIENT
from studykit.problems.wording import factor, matrix, partial, products, softmax_working


def draws(dice: Dice, level: int) -> dict[str, Any]:
    if level == 2:
        return {
            "s": [dice.between(-20, 20) / 10 for _ in range(4)],
            "padded": dice.between(1, 4),
            "V": [[dice.between(-5, 6)] for _ in range(4)],
            "g": dice.pick([-3, -2, -1, 1, 2, 3]),
        }
    given: dict[str, Any] = {
        "A": causal_weights(dice, 3),
        "V": [[dice.between(-6, 8)] for _ in range(3)],
        "G": [[dice.pick([-4, -3, -2, -1, 1, 2, 3, 4])] for _ in range(3)],
    }
    return given if level == 1 else given | {"Q": dice.matrix(3, 4, -2, 3), "d_k": 4}


def fine(V: Matrix, level: int, givens: dict[str, Any]) -> bool:
    """Values that differ; at level 2 a padded key that would have counted."""
    if len({v[0] for v in V}) < len(V):
        return False
    if level == 2:
        open_ = [a for a in givens["A"][0] if a]
        return bool(min(open_) > 0.04 and max(open_) < 0.85)
    if level == 1:
        return True
    # Keys that give these weights exist as long as the queries that see several differ in kind.
    Q = givens["Q"]
    return not some_zero_row(Q) and not parallel(Q[1], Q[2])


def question_causal(A: Matrix, V: Matrix, G: Matrix) -> str:
    return (
        r"Three tokens attend causally: $A=\mathrm{softmax}(S+M)$, where $M$ is $0$ for open pairs "
        r"and $-\infty$ for closed ones. The output is $O=AV$, and "
        r"$G=\partial L/\partial O$. Give $\partial L/\partial S$."
        rf"$$A={matrix(A)}\qquad V={matrix(V)}\qquad G={matrix(G)}$$"
    )


def question_padding(s: Vector, padded: int, V: Matrix, g: int) -> str:
    return (
        rf"One query has the scaled scores $s$ over four keys; key {padded} is padding and closed. "
        r"Its output is the weighted mean $o$ of the scalar values $v$, and "
        rf"$\partial L/\partial o={g}$. Give $\partial L/\partial s$."
        rf"$$s={matrix([s], 1)}\qquad v={matrix([column(V)])}$$"
    )


def question_key(A: Matrix, V: Matrix, G: Matrix, Q: Matrix, d_k: int) -> str:
    return (
        r"Three tokens attend causally: $A=\mathrm{softmax}(S+M)$ with "
        rf"$S=QK^\top/\sqrt{{d_k}}$, $d_k={d_k}$, and $O=AV$. Coming back is "
        r"$G=\partial L/\partial O$. Give $\partial L/\partial K$."
        rf"$$A={matrix(A)}\qquad V={matrix(V)}\qquad G={matrix(G)}$$"
        rf"$$Q={matrix(Q)}$$"
    )


def closed(s: Vector, padded: int) -> Vector:
    return [NEVER if j == padded - 1 else x for j, x in enumerate(s)]


def plain_mean(row: Vector, given: Vector) -> Any:
    """The mean of the gradients over the keys that are open."""
    seen = [g for a, g in zip(row, given, strict=True) if a]
    return divide(sum(seen), len(seen))


CLOSED = "Through the softmax; where the weight is 0, so is the gradient"

STEPS = (
    Step(
        "A",
        "Weights: softmax of the open scores",
        "a",
        r"\mathrm{softmax}(s)\ \text{over the open keys}",
        lambda s, padded: [softmax(closed(s, padded))],
        lambda s, padded: softmax_working(closed(s, padded)),
        levels=(2,),
    ),
    replace(D_WEIGHTS, levels=(1, 3)),
    Step(
        "d_weights",
        "Gradient of the weights",
        partial("a"),
        r"\frac{\partial L}{\partial o}\,v",
        lambda g, V: [[g * v for v in column(V)]],
        lambda g, V: rf"{factor(g)}\cdot {factor(V[0][0])}",
        levels=(2,),
    ),
    d_scores(CLOSED, levels=(1, 3)),
    d_scores(CLOSED, "a", "s", levels=(2,)),
    Step(
        "d_key",
        "Each key collects the queries that see it",
        partial("K"),
        r"\frac{1}{\sqrt{d_k}}\left(\frac{\partial L}{\partial S}\right)^\top Q",
        lambda d_scores, Q, d_k: shrink(matmul(transpose(d_scores), Q), sqrt(d_k)),
        lambda d_scores, Q, d_k: (
            rf"\frac{{{products(column(d_scores), column(Q))}}}{{\sqrt{{{d_k}}}}}"
        ),
        levels=(3,),
    ),
)

MISTAKES = (
    *at_levels((1, 2, 3), [m for m in SCORE_GRADIENT if m.name in ("mean-left-out", "mean-added")]),
    *at_levels((1, 3), [m for m in SCORE_GRADIENT if m.name == "diagonal-only"]),
    Mistake(
        "gradient-through-the-mask",
        "d_scores",
        lambda A, d_weights: [
            [g - dot(p, d) for g in d] for p, d in zip(A, d_weights, strict=True)
        ],
        "You let gradient through closed pairs: each difference is multiplied by its weight, "
        "which is 0 there.",
        cause="mask",
    ),
    Mistake(
        "mean-without-weights",
        "d_scores",
        lambda A, d_weights: [
            [a * (g - plain_mean(p, d)) for a, g in zip(p, d, strict=True)]
            for p, d in zip(A, d_weights, strict=True)
        ],
        "You subtracted the plain mean over the open keys; it is the mean under the weights.",
        cause="softmax",
    ),
    Mistake(
        "mean-over-all-keys",
        "d_scores",
        lambda A, d_weights: [
            [a * (g - sum(d) / len(d)) for a, g in zip(p, d, strict=True)]
            for p, d in zip(A, d_weights, strict=True)
        ],
        "You subtracted the plain mean over all keys; it is the mean under the weights.",
        cause="softmax",
    ),
    Mistake(
        "softmax-skipped",
        "d_scores",
        lambda A, d_weights: [
            [g if a else 0 for a, g in zip(p, d, strict=True)]
            for p, d in zip(A, d_weights, strict=True)
        ],
        "You only closed the masked entries of the weights' gradient; the softmax is between.",
        cause="softmax",
    ),
    Mistake(
        "mask-ignored",
        "A",
        lambda s: [softmax(s)],
        "You left out the mask: the padded key got weight, and gradient with it.",
        levels=(2,),
        cause="mask",
    ),
    Mistake(
        "closed-after-the-softmax",
        "A",
        lambda s, padded: [[0 if j == padded - 1 else a for j, a in enumerate(softmax(s))]],
        "You set the padded weight to 0 after the softmax; then the others do not sum to 1.",
        levels=(2,),
        cause="mask",
    ),
    Mistake(
        "closed-score-zero",
        "A",
        lambda s, padded: [softmax([0 if j == padded - 1 else x for j, x in enumerate(s)])],
        r"You set the padded score to 0; $e^0=1$ still gets weight.",
        levels=(2,),
        cause="mask",
    ),
    Mistake(
        "no-scale",
        "d_key",
        lambda d_scores, Q: matmul(transpose(d_scores), Q),
        r"You left out $1/\sqrt{d_k}$; the scale acts backward as it does forward.",
        cause="scale",
    ),
    Mistake(
        "scores-not-transposed",
        "d_key",
        lambda d_scores, Q, d_k: shrink(matmul(d_scores, Q), sqrt(d_k)),
        "You did not transpose the gradient of the scores; each key collects its column.",
        cause="product",
    ),
    Mistake(
        "weights-for-gradient",
        "d_key",
        lambda A, Q, d_k: shrink(matmul(transpose(A), Q), sqrt(d_k)),
        "You used the weights; it is the gradient of the scores that goes back to the keys.",
        cause="chain",
    ),
)

FAMILIES = (
    Family(
        name="masked-backward",
        version=1,
        title="Gradient through a mask",
        topic="attention gradients",
        says="A closed pair has weight 0, and its score gets no gradient.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_causal, 2: question_padding, 3: question_key},
        precision={1: Exact(), 2: Places(3), 3: Exact()},
        convention={
            1: "rows are queries, columns keys",
            2: "one number for each key",
            3: "one row for each key",
        },
        fine=fine,
        items=("N2.20", "N3.46", "N3.51"),
    ),
)
