"""Differential attention: one softmax less a part of another, its output, and what it cancels."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from studykit.answers import Exact, Places
from studykit.problems.arithmetic import Matrix, Vector, matmul, softmax
from studykit.problems.attention_steps import telling_row, telling_values
from studykit.problems.degenerate import small_denominators
from studykit.problems.dice import Dice
from studykit.problems.exact import divide, exp, ln
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.wording import cell, factor, matrix, products, row, softmax_working


def draws(dice: Dice, level: int) -> dict[str, Any]:
    if level == 1:
        return {
            "s_1": [ln(dice.between(1, 5)) for _ in range(3)],
            "s_2": [ln(dice.between(1, 5)) for _ in range(3)],
            "part": dice.pick([Fraction(1, 2), Fraction(1, 3), Fraction(1, 4), Fraction(2, 3)]),
        }
    scores = {f"s_{half}": [dice.between(-15, 15) / 10 for _ in range(3)] for half in (1, 2)}
    if level == 2:
        return scores | {"part": dice.pick([0.2, 0.3, 0.4, 0.6]), "V": dice.matrix(3, 2, -6, 8)}
    return scores | {"j": dice.between(1, 3)}


def fine(level: int, p_1: Vector, p_2: Vector, givens: dict[str, Any]) -> bool:
    """Both rows tell something, and not the same."""
    if not (telling_row(p_1) and telling_row(p_2)) or p_1 == p_2:
        return False
    if level == 1:
        return small_denominators(p_1, 12) and small_denominators(p_2, 12)
    return level == 3 or telling_values(givens["V"])


def question_weights(s_1: Vector, s_2: Vector, part: Fraction) -> str:
    return (
        r"Differential attention weighs with "
        r"$\mathrm{softmax}(s_1)-\lambda\,\mathrm{softmax}(s_2)$, where $s_1$ and $s_2$ are the "
        rf"scaled scores of a query in two halves of a head; $\lambda={cell(part)}$. Give the "
        r"weights."
        rf"$$s_1={row(s_1)}\qquad s_2={row(s_2)}$$"
    )


def question_output(s_1: Vector, s_2: Vector, part: float, V: Matrix) -> str:
    return (
        r"Differential attention weighs with "
        r"$\mathrm{softmax}(s_1)-\lambda\,\mathrm{softmax}(s_2)$, where $s_1$ and $s_2$ are the "
        rf"scaled scores of a query in two halves of a head; $\lambda={cell(part, 1)}$. The rows "
        r"of $V$ are the values. Give the output."
        rf"$$s_1={row(s_1, 1)}\qquad s_2={row(s_2, 1)}\qquad V={matrix(V)}$$"
    )


def question_cancelled(s_1: Vector, s_2: Vector, j: int) -> str:
    return (
        r"Differential attention weighs with "
        r"$\mathrm{softmax}(s_1)-\lambda\,\mathrm{softmax}(s_2)$, where $s_1$ and $s_2$ are the "
        rf"scaled scores of a query in two halves of a head. For which $\lambda$ does key {j} get "
        r"the weight 0?"
        rf"$$s_1={row(s_1, 1)}\qquad s_2={row(s_2, 1)}$$"
    )


def less(u: Vector, v: Vector, part: Any) -> Vector:
    return [a - part * b for a, b in zip(u, v, strict=True)]


STEPS = (
    Step(
        "p_1",
        "Weights of the first half",
        "p_1",
        r"\mathrm{softmax}(s_1)",
        lambda s_1: softmax(s_1),
        lambda s_1: softmax_working(s_1),
    ),
    Step(
        "p_2",
        "Weights of the second half",
        "p_2",
        r"\mathrm{softmax}(s_2)",
        lambda s_2: softmax(s_2),
        lambda s_2: softmax_working(s_2),
    ),
    Step(
        "weights",
        "The difference: its sum is 1 − λ, and weights may be negative",
        "p",
        r"p_1-\lambda p_2",
        lambda p_1, p_2, part: less(p_1, p_2, part),
        lambda p_1, p_2, part: rf"{cell(p_1[0])}-{cell(part)}\cdot {factor(p_2[0])}",
        levels=(1, 2),
    ),
    Step(
        "output",
        "Output",
        "o",
        "pV",
        lambda weights, V: matmul([weights], V)[0],
        lambda weights, V: products(weights, [v[0] for v in V]),
        levels=(2,),
    ),
    Step(
        "cancels",
        "The ratio of the key's two weights",
        r"\lambda",
        r"\frac{(p_1)_j}{(p_2)_j}",
        lambda p_1, p_2, j: p_1[j - 1] / p_2[j - 1],
        lambda p_1, p_2, j: rf"\frac{{{cell(p_1[j - 1])}}}{{{cell(p_2[j - 1])}}}",
        levels=(3,),
    ),
)

MISTAKES = (
    Mistake(
        "factor-left-out",
        "weights",
        lambda p_1, p_2: less(p_1, p_2, 1),
        r"You left out $\lambda$.",
        cause="factor",
    ),
    Mistake(
        "added",
        "weights",
        lambda p_1, p_2, part: less(p_1, p_2, -part),
        "You added the second softmax; it is subtracted.",
        cause="sign",
    ),
    Mistake(
        "softmax-of-the-difference",
        "weights",
        lambda s_1, s_2, part: softmax(less(s_1, s_2, part)),
        "You subtracted the scores and took one softmax; the two softmaxes are subtracted.",
        cause="order",
    ),
    Mistake(
        "made-to-sum-to-one",
        "weights",
        lambda weights, part: [divide(w, 1 - part) for w in weights],
        r"You divided by $1-\lambda$; the weights keep that sum.",
        cause="normalisation",
    ),
    Mistake(
        "mixed",
        "weights",
        lambda p_1, p_2, part: less([(1 - part) * x for x in p_1], p_2, -part),
        r"You mixed them, $(1-\lambda)p_1+\lambda p_2$; the second is subtracted.",
        cause="sign",
    ),
    Mistake(
        "halves-exchanged",
        "weights",
        lambda p_1, p_2, part: less(p_2, p_1, part),
        "You exchanged the two halves.",
        cause="order",
    ),
    Mistake(
        "negatives-cut-off",
        "weights",
        lambda weights: [max(w, 0) for w in weights],
        "You set negative weights to 0; they are allowed.",
        when=lambda weights: min(weights) < 0,
        cause="normalisation",
    ),
    Mistake(
        "turned-over",
        "cancels",
        lambda p_1, p_2, j: p_2[j - 1] / p_1[j - 1],
        "You divided the second weight by the first.",
        cause="order",
    ),
    Mistake(
        "ratio-of-scores",
        "cancels",
        lambda s_1, s_2, j: s_1[j - 1] / s_2[j - 1],
        "You divided the scores; the weights have to be equal.",
        cause="order",
    ),
    Mistake(
        "ratio-of-exponentials",
        "cancels",
        lambda s_1, s_2, j: exp(s_1[j - 1] - s_2[j - 1]),
        "You compared the exponentials; each is divided by its own sum first.",
        cause="normalisation",
    ),
    Mistake(
        "difference",
        "cancels",
        lambda p_1, p_2, j: p_1[j - 1] - p_2[j - 1],
        r"You gave the difference of the weights; $\lambda$ multiplies the second.",
        cause="factor",
    ),
    Mistake(
        "first-weight",
        "cancels",
        lambda p_1, j: p_1[j - 1],
        "You gave the first weight; divide it by the second.",
        cause="factor",
    ),
)

FAMILIES = (
    Family(
        name="differential-attention",
        version=1,
        title="Differential attention",
        topic="attention forward",
        says="The difference of two softmaxes: shared noise cancels, weights may be negative.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_weights, 2: question_output, 3: question_cancelled},
        precision={1: Exact(), 2: Places(3), 3: Places(3)},
        convention={1: "in the order of the keys", 2: "", 3: ""},
        fine=fine,
        items=("N2.9", "N3.20", "N3.19"),
    ),
)
