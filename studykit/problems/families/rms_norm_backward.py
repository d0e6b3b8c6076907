"""Backward through RMSNorm: exactly, with a gain, then in decimals with a visible ε."""

from __future__ import annotations

from typing import Any

from studykit.answers import Exact, Places
from studykit.problems.arithmetic import Vector, dot
from studykit.problems.dice import Dice
from studykit.problems.exact import divide, sqrt
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.wording import cell, factor, row

UNIT_ROOT = ((1, 7), (1, 1, 5), (1, 5, 7), (4, 2, 4, 0), (1, 1, 3, 5), (1, 1, 7, 7), (2, 2, 10, 6))
"""Rows whose root mean square is a whole number."""


def draws(dice: Dice, level: int) -> dict[str, Any]:
    if level == 3:
        n = dice.pick([3, 4])
        return {
            "x": dice.vector(n, -4, 4),
            "gain": [dice.pick([5, 8, 12, 15, 20]) / 10 for _ in range(n)],
            "G": dice.vector(n, -4, 4),
            "epsilon": 1,
        }
    x = [a * dice.pick([1, -1]) for a in dice.shuffled(dice.pick(UNIT_ROOT))]
    given: dict[str, Any] = {"x": x, "G": dice.vector(len(x), -4, 5)}
    if level == 2:
        given["gain"] = [dice.pick([1, 2, 3, -1]) for _ in x]
    return given


def fine(x: Vector, G: Vector, tilt: Any, gradient: Vector, level: int) -> bool:
    """A correction that is there, no gradient of zero, small denominators where it is exact."""
    if len(set(G)) == 1 or abs(tilt) < 1e-9 or any(abs(g) < 0.02 for g in gradient):
        return False
    if level < 3 and not any(_whole(gradient, k) for k in range(1, 61)):
        return False
    return len(set(map(abs, x))) > 1 and (level != 3 or dot(x, x) <= 8 * len(x))


def _whole(v: Vector, times: int) -> bool:
    return all(abs(times * a - round(times * a)) < 1e-9 for a in v)


def question_plain(x: Vector, G: Vector) -> str:
    return (
        r"RMSNorm without gain turns $x$ into $\hat x=x/r$ with $r=\sqrt{\frac{1}{n}\sum x_i^2}$ "
        r"($\varepsilon=0$). Coming back is $g=\partial L/\partial\hat x$. Give "
        r"$\partial L/\partial x$."
        rf"$$x={row(x)}\qquad g={row(G)}$$"
    )


def question_gain(x: Vector, G: Vector, gain: Vector) -> str:
    return (
        r"RMSNorm gives $y=\gamma\circ\hat x$ with $\hat x=x/r$ and "
        r"$r=\sqrt{\frac{1}{n}\sum x_i^2}$ ($\varepsilon=0$). Coming back is "
        r"$g=\partial L/\partial y$. Give $\partial L/\partial x$."
        rf"$$x={row(x)}\qquad \gamma={row(gain)}\qquad g={row(G)}$$"
    )


def question_epsilon(x: Vector, G: Vector, gain: Vector, epsilon: int) -> str:
    return (
        r"RMSNorm gives $y=\gamma\circ\hat x$ with $\hat x=x/r$ and "
        rf"$r=\sqrt{{\varepsilon+\frac{{1}}{{n}}\sum x_i^2}}$, here with $\varepsilon={epsilon}$. "
        r"Coming back is $g=\partial L/\partial y$. Give $\partial L/\partial x$."
        rf"$$x={row(x)}\qquad \gamma={row(gain, 1)}\qquad g={row(G)}$$"
    )


def mean_of(v: Vector) -> Any:
    return divide(sum(v), len(v))


def corrected(inner: Vector, tilt: Any, normal: Vector, root: Any) -> Vector:
    return [divide(g - tilt * h, root) for g, h in zip(inner, normal, strict=True)]


STEPS = (
    Step(
        "root",
        "Root of the mean square",
        "r",
        r"\sqrt{\frac{1}{n}\sum_i x_i^2}",
        lambda x: sqrt(mean_of([a * a for a in x])),
        lambda x: rf"\sqrt{{\frac{{{'+'.join(f'{factor(a)}^2' for a in x)}}}{{{len(x)}}}}}",
        levels=(1, 2),
    ),
    Step(
        "root",
        "Root of the mean square and ε",
        "r",
        r"\sqrt{\varepsilon+\frac{1}{n}\sum_i x_i^2}",
        lambda x, epsilon: sqrt(epsilon + mean_of([a * a for a in x])),
        lambda x, epsilon: (
            rf"\sqrt{{{epsilon}+\frac{{{'+'.join(f'{factor(a)}^2' for a in x)}}}{{{len(x)}}}}}"
        ),
        levels=(3,),
    ),
    Step(
        "normal",
        "Normalised",
        r"\hat x",
        r"\frac{x}{r}",
        lambda x, root: [divide(a, root) for a in x],
        lambda x, root: rf"\frac{{{cell(x[0])}}}{{{cell(root)}}}",
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
        "tilt",
        "Its mean along the normalised vector, which stretching x would undo",
        "b",
        r"\frac{1}{n}\sum_i \hat g_i\hat x_i",
        lambda inner, normal: divide(dot(inner, normal), len(normal)),
    ),
    Step(
        "gradient",
        "That part taken off, over the root mean square",
        r"\frac{\partial L}{\partial x}",
        r"\frac{1}{r}\left(\hat g-b\,\hat x\right)",
        corrected,
        lambda inner, tilt, normal, root: (
            rf"\frac{{{cell(inner[0])}-{factor(tilt)}\cdot {factor(normal[0])}}}{{{cell(root)}}}"
        ),
    ),
)

MISTAKES = (
    Mistake(
        "only-divided",
        "gradient",
        lambda inner, root: [divide(g, root) for g in inner],
        r"You only divided by $r$; the root mean square depends on x as well.",
        cause="correction",
    ),
    Mistake(
        "mean-taken-off-too",
        "gradient",
        lambda inner, tilt, normal, root: [
            divide(g - mean_of(inner) - tilt * h, root) for g, h in zip(inner, normal, strict=True)
        ],
        "You took off the mean as well, as for LayerNorm; RMSNorm does not centre.",
        when=lambda inner: abs(mean_of(inner)) > 1e-9,
        cause="correction",
    ),
    Mistake(
        "sum-for-mean",
        "tilt",
        lambda inner, normal: dot(inner, normal),
        "You took the sum for the correction; it is the mean over the components.",
        cause="mean",
    ),
    Mistake(
        "not-divided",
        "gradient",
        lambda inner, tilt, normal: corrected(inner, tilt, normal, 1),
        r"You left out the division by $r$.",
        when=lambda root: root != 1,
        cause="root",
    ),
    Mistake(
        "correction-added",
        "gradient",
        lambda inner, tilt, normal, root: corrected(inner, -tilt, normal, root),
        "You added the correction; it is subtracted.",
        cause="sign",
    ),
    Mistake(
        "input-for-normalised",
        "normal",
        lambda x: list(x),
        r"You used $x$ for $\hat x$ in the correction; it is divided by $r$.",
        when=lambda root: root != 1,
        cause="root",
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
        "epsilon-left-out",
        "root",
        lambda x: sqrt(mean_of([a * a for a in x])),
        r"You left out $\varepsilon$ under the root.",
        levels=(3,),
        cause="root",
    ),
    Mistake(
        "centred",
        "root",
        lambda x: sqrt(mean_of([(a - mean_of(x)) ** 2 for a in x])),
        "You took the standard deviation; RMSNorm does not subtract the mean.",
        when=lambda x: sum(x) != 0 and len(set(x)) > 1,
        levels=(1, 2),
        cause="root",
    ),
)

FAMILIES = (
    Family(
        name="rms-norm-backward",
        version=1,
        title="Backward through RMSNorm",
        topic="normalisation and blocks",
        says="A gradient loses its part along the normalised vector, and nothing else.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_plain, 2: question_gain, 3: question_epsilon},
        precision={1: Exact(), 2: Exact(), 3: Places(3)},
        fine=fine,
        items=("N2.20", "N3.44"),
    ),
)
