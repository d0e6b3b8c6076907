"""Backward through LayerNorm: exactly, with a gain, then in decimals."""

from __future__ import annotations

from typing import Any

from studykit.answers import Exact, Places
from studykit.problems.arithmetic import Vector, dot
from studykit.problems.dice import Dice
from studykit.problems.exact import divide, sqrt
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.wording import cell, factor, row

DEVIATIONS = (
    (5, -3, -1, -1),
    (-5, 3, 1, 1),
    (1, 7, -1, -7),
    (3, 3, -3, -3),
    (1, 1, -1, -1),
    (2, 2, -2, -2),
)
"""Deviations from a mean whose mean square is a square."""


def draws(dice: Dice, level: int) -> dict[str, Any]:
    if level == 3:
        return {
            "x": dice.vector(3, -5, 6),
            "G": dice.vector(3, -4, 4),
            "gain": [dice.pick([5, 8, 12, 15, 20]) / 10 for _ in range(3)],
        }
    mean = dice.between(-4, 6)
    given: dict[str, Any] = {
        "x": [mean + a for a in dice.shuffled(dice.pick(DEVIATIONS))],
        "G": dice.vector(4, -4, 4),
    }
    return given if level == 1 else given | {"gain": [dice.pick([1, 2, 3, -1]) for _ in range(4)]}


def fine(G: Vector, x: Vector, x_mean: Any, gradient: Vector, level: int) -> bool:
    """A mean and both corrections that are there, a gradient that is no zero."""
    if len(set(G)) == 1 or x_mean == 0 or any(abs(g) < 0.02 for g in gradient):
        return False
    return level != 3 or len(set(x)) == 3


def _words(n: int) -> str:
    return rf"over its {n} components (population variance, $\varepsilon=0$)"


def question_plain(x: Vector, G: Vector) -> str:
    return (
        r"LayerNorm without gain and bias turns $x$ into $\hat x=(x-\mu)/\sigma$ "
        rf"{_words(len(x))}. Coming back is $g=\partial L/\partial\hat x$. "
        r"Give $\partial L/\partial x$."
        rf"$$x={row(x)}\qquad g={row(G)}$$"
    )


def question_gain(x: Vector, G: Vector, gain: Vector) -> str:
    return (
        rf"LayerNorm gives $y=\gamma\circ\hat x+\beta$ with $\hat x=(x-\mu)/\sigma$ "
        rf"{_words(len(x))}. Coming back is $g=\partial L/\partial y$. "
        r"Give $\partial L/\partial x$."
        rf"$$x={row(x)}\qquad \gamma={row(gain, 1)}\qquad g={row(G)}$$"
    )


def mean_of(v: Vector) -> Any:
    return divide(sum(v), len(v))


STEPS = (
    Step(
        "x_mean",
        "Mean",
        r"\mu",
        r"\frac{1}{n}\sum_i x_i",
        lambda x: mean_of(x),
    ),
    Step(
        "spread",
        "Standard deviation",
        r"\sigma",
        r"\sqrt{\frac{1}{n}\sum_i(x_i-\mu)^2}",
        lambda x, x_mean: sqrt(mean_of([(a - x_mean) ** 2 for a in x])),
    ),
    Step(
        "normal",
        "Normalised",
        r"\hat x",
        r"\frac{x-\mu}{\sigma}",
        lambda x, x_mean, spread: [divide(a - x_mean, spread) for a in x],
        lambda x, x_mean, spread: rf"\frac{{{cell(x[0])}-{factor(x_mean)}}}{{{cell(spread)}}}",
    ),
    Step(
        "inner",
        "Gradient of the normalised vector",
        r"\hat g",
        "g",
        lambda G: list(G),
        levels=(1,),
    ),
    Step(
        "inner",
        "Gradient of the normalised vector: through the gain",
        r"\hat g",
        r"g\circ\gamma",
        lambda G, gain: [a * b for a, b in zip(G, gain, strict=True)],
        lambda G, gain: rf"{factor(G[0])}\cdot {factor(gain[0])}",
        levels=(2, 3),
    ),
    Step(
        "offset",
        "Its mean, which shifting x would undo",
        "a",
        r"\frac{1}{n}\sum_i \hat g_i",
        lambda inner: mean_of(inner),
    ),
    Step(
        "tilt",
        "Its mean along the normalised vector, which stretching x would undo",
        "b",
        r"\frac{1}{n}\sum_i \hat g_i\hat x_i",
        lambda inner, normal: divide(dot(inner, normal), len(normal)),
    ),
    Step(
        "gradient",
        "Both taken off, over the standard deviation",
        r"\frac{\partial L}{\partial x}",
        r"\frac{1}{\sigma}\left(\hat g-a-b\,\hat x\right)",
        lambda inner, offset, tilt, normal, spread: [
            divide(g - offset - tilt * h, spread) for g, h in zip(inner, normal, strict=True)
        ],
        lambda inner, offset, tilt, normal, spread: (
            rf"\frac{{{cell(inner[0])}-{factor(offset)}-{factor(tilt)}\cdot {factor(normal[0])}}}"
            rf"{{{cell(spread)}}}"
        ),
    ),
)

MISTAKES = (
    Mistake(
        "only-divided",
        "gradient",
        lambda inner, spread: [divide(g, spread) for g in inner],
        r"You only divided by $\sigma$; mean and deviation depend on x as well.",
        cause="correction",
    ),
    Mistake(
        "mean-only",
        "gradient",
        lambda inner, offset, spread: [divide(g - offset, spread) for g in inner],
        r"You left out the part along $\hat x$, which comes from the deviation.",
        when=lambda tilt: abs(tilt) > 1e-9,
        cause="correction",
    ),
    Mistake(
        "tilt-only",
        "gradient",
        lambda inner, tilt, normal, spread: [
            divide(g - tilt * h, spread) for g, h in zip(inner, normal, strict=True)
        ],
        "You left out the mean of the gradient, which comes from the mean of x.",
        when=lambda offset: abs(offset) > 1e-9,
        cause="correction",
    ),
    Mistake(
        "not-divided",
        "gradient",
        lambda inner, offset, tilt, normal: [
            g - offset - tilt * h for g, h in zip(inner, normal, strict=True)
        ],
        r"You left out the division by $\sigma$.",
        when=lambda spread: spread != 1,
        cause="deviation",
    ),
    Mistake(
        "sums-for-means",
        "gradient",
        lambda inner, normal, spread: [
            divide(g - sum(inner) - dot(inner, normal) * h, spread)
            for g, h in zip(inner, normal, strict=True)
        ],
        "You took sums for the corrections; both are means over the components.",
        cause="mean",
    ),
    Mistake(
        "variance-for-deviation",
        "spread",
        lambda x, x_mean: mean_of([(a - x_mean) ** 2 for a in x]),
        r"You divided by the variance; $\sigma$ is its root.",
        when=lambda spread: spread != 1,
        cause="deviation",
    ),
    Mistake(
        "one-fewer",
        "spread",
        lambda x, x_mean: sqrt(divide(sum((a - x_mean) ** 2 for a in x), len(x) - 1)),
        r"You divided by $n-1$; LayerNorm uses $n$.",
        cause="deviation",
    ),
    Mistake(
        "gain-left-out",
        "inner",
        lambda G: list(G),
        r"You left out the gain; the gradient goes through $\gamma$.",
        when=lambda gain: len(set(gain)) > 1 or gain[0] != 1,
        levels=(2, 3),
        cause="gain",
    ),
    Mistake(
        "not-normalised",
        "normal",
        lambda x, x_mean: [a - x_mean for a in x],
        r"You used $x-\mu$ for $\hat x$; it is divided by $\sigma$.",
        when=lambda spread, tilt: spread != 1 and abs(tilt) > 1e-9,
        cause="deviation",
    ),
)

FAMILIES = (
    Family(
        name="norm-backward",
        version=1,
        title="Backward through LayerNorm",
        topic="normalisation and blocks",
        says="A gradient loses its mean and its part along the normalised vector.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_plain, 2: question_gain, 3: question_gain},
        precision={1: Exact(), 2: Exact(), 3: Places(3)},
        convention="",
        fine=fine,
        items=("N3.44",),
    ),
)
