"""A gradient sent back through log-softmax, through a temperature, and to the temperature."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from studykit.answers import Exact, Places
from studykit.problems.arithmetic import Vector, dot, scale, shrink, softmax
from studykit.problems.dice import Dice
from studykit.problems.exact import divide
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.wording import (
    added,
    cell,
    decimal,
    factor,
    number,
    products,
    row,
    softmax_working,
)


def draws(dice: Dice, level: int) -> dict[str, Any] | None:
    n = 3
    if level == 3:
        return {
            "z": [dice.between(-20, 20) / 10 for _ in range(n)],
            "g": dice.vector(n, -4, 5),
            "T": Fraction(dice.pick([5, 8, 15, 20]), 10),
        }
    odds = dice.vector(dice.pick([3, 4]) if level == 1 else n, 1, 5)
    if sum(odds) not in (4, 5, 6, 8, 9, 10):
        return None
    given: dict[str, Any] = {
        "p": [Fraction(a, sum(odds)) for a in odds],
        "g": dice.vector(len(odds), -4, 6),
    }
    return given if level == 1 else given | {"T": Fraction(dice.pick([1, 2, 8, 12]), 4)}


def fine(p: Vector, g: Vector, level: int, givens: dict[str, Any]) -> bool:
    """A row that is neither uniform nor near one-hot, a gradient that does not sum to 0 or 1."""
    if max(p) > 0.85 or min(p) < 0.04 or max(p) - min(p) < 0.05 or len(set(g)) < 2:
        return False
    if level == 1:
        return abs(sum(g)) > 1
    if level == 2:
        return all(abs(x) > 1e-9 for x in givens["d_logits"])
    return bool(abs(givens["d_temperature"]) > 0.05 and sum(g) != 0)


def question_log(p: Vector, g: Vector) -> str:
    return (
        r"The log-softmax of the logits $z$ is $\ell=\ln p$ with $p=\mathrm{softmax}(z)$ below. "
        r"Coming back is $g=\partial L/\partial\ell$. Give $\partial L/\partial z$."
        rf"$$p={row(p)}\qquad g={row(g)}$$"
    )


def question_temperature(p: Vector, g: Vector, T: Fraction) -> str:
    return (
        rf"The weights are $p=\mathrm{{softmax}}(z/T)$ with the temperature $T={number(T)}$. "
        r"Coming back is $g=\partial L/\partial p$. Give $\partial L/\partial z$."
        rf"$$p={row(p)}\qquad g={row(g)}$$"
    )


def question_learned(z: Vector, g: Vector, T: Fraction) -> str:
    return (
        r"A temperature is learned: $p=\mathrm{softmax}(z/T)$, at present with "
        rf"$T={decimal(float(T), 1)}$. Coming back is $g=\partial L/\partial p$. Give "
        r"$\partial L/\partial T$."
        rf"$$z={row(z, 1)}\qquad g={row(g)}$$"
    )


def less(g: Vector, p: Vector, by: Any) -> Vector:
    return [a - b * by for a, b in zip(g, p, strict=True)]


def back(p: Vector, g: Vector, mean: Any) -> Vector:
    """p ∘ (g − mean)."""
    return [a * (b - mean) for a, b in zip(p, g, strict=True)]


STEPS = (
    Step(
        "total",
        "Sum of what comes back",
        "c",
        r"\sum_j g_j",
        lambda g: sum(g),
        lambda g: added(g),
        levels=(1,),
    ),
    Step(
        "d_logits",
        "Every logit loses its probability's share of that sum",
        r"\frac{\partial L}{\partial z}",
        r"g-c\,p",
        less,
        lambda g, p, total: rf"{cell(g[0])}-{factor(total)}\cdot {cell(p[0])}",
        levels=(1,),
        takes=("g", "p", "total"),
    ),
    Step(
        "s",
        "Logits over the temperature",
        "s",
        r"\frac{z}{T}",
        lambda z, T: shrink(z, T),
        lambda z, T: rf"\frac{{{cell(z[0], 1)}}}{{{decimal(float(T), 1)}}}",
        levels=(3,),
    ),
    Step(
        "p",
        "Weights",
        "p",
        r"\mathrm{softmax}(s)",
        lambda s: softmax(s),
        lambda s: softmax_working(s),
        levels=(3,),
    ),
    Step(
        "mean",
        "The mean of the gradient under the weights",
        r"\langle g,p\rangle",
        r"\sum_j g_jp_j",
        lambda p, g: dot(g, p),
        lambda p, g: products(g, p),
        levels=(2, 3),
    ),
    Step(
        "d_scaled",
        "Through the softmax",
        r"\frac{\partial L}{\partial(z/T)}",
        r"p\circ\left(g-\langle g,p\rangle\right)",
        back,
        lambda p, g, mean: rf"{cell(p[0])}\cdot\left({cell(g[0])}-{factor(mean)}\right)",
        levels=(2, 3),
        takes=("p", "g", "mean"),
    ),
    Step(
        "d_logits",
        "Through the temperature",
        r"\frac{\partial L}{\partial z}",
        r"\frac{1}{T}\,\frac{\partial L}{\partial(z/T)}",
        lambda d_scaled, T: shrink(d_scaled, T),
        lambda d_scaled, T: rf"\frac{{{cell(d_scaled[0])}}}{{{cell(T)}}}",
        levels=(2,),
    ),
    Step(
        "d_temperature",
        "T divides every logit: each part with the derivative of z/T, summed",
        r"\frac{\partial L}{\partial T}",
        r"-\frac{1}{T^2}\sum_j z_j\,\frac{\partial L}{\partial(z_j/T)}",
        lambda d_scaled, z, T: divide(-dot(d_scaled, z), T * T),
        lambda d_scaled, z, T: rf"-\frac{{{products(z, d_scaled)}}}{{{decimal(float(T), 1)}^2}}",
        levels=(3,),
    ),
)

MISTAKES = (
    Mistake(
        "as-through-softmax",
        "d_logits",
        lambda p, g: back(p, g, dot(g, p)),
        r"You used the rule of softmax; here $g$ belongs to $\ln p$.",
        levels=(1,),
        cause="rule",
    ),
    Mistake(
        "share-left-out",
        "d_logits",
        lambda g, total: [x - total for x in g],
        "You subtracted the whole sum everywhere; each logit loses its probability's share.",
        levels=(1,),
        cause="rule",
    ),
    Mistake(
        "sum-taken-as-one",
        "d_logits",
        lambda g, p: less(g, p, 1),
        r"You gave $g-p$, as if $g$ summed to 1.",
        levels=(1,),
        cause="sum",
    ),
    Mistake(
        "mean-for-sum",
        "d_logits",
        lambda g, p, total: less(g, p, total / len(g)),
        "You used the mean of g; it is the sum that is shared out.",
        levels=(1,),
        cause="sum",
    ),
    Mistake(
        "share-added",
        "d_logits",
        lambda g, p, total: less(g, p, -total),
        "You added the share; it is subtracted, so that the result sums to 0.",
        levels=(1,),
        cause="sign",
    ),
    Mistake(
        "weighted-sum",
        "d_logits",
        lambda g, p: less(g, p, dot(g, p)),
        "You weighed the sum with the probabilities; log-softmax takes the plain sum.",
        levels=(1,),
        cause="sum",
    ),
    Mistake(
        "over-the-probability",
        "d_logits",
        lambda g, p: [divide(a, b) for a, b in zip(g, p, strict=True)],
        r"You divided by $p$: that is $\partial L/\partial p$; the softmax is still before it.",
        levels=(1,),
        cause="rule",
    ),
    Mistake(
        "temperature-left-out",
        "d_logits",
        lambda d_scaled: d_scaled,
        r"You left out $1/T$; the temperature acts backward as it does forward.",
        when=lambda T: T != 1,
        levels=(2,),
        cause="temperature",
    ),
    Mistake(
        "multiplied-by-temperature",
        "d_logits",
        lambda d_scaled, T: scale(d_scaled, T),
        "You multiplied by the temperature; backward, too, it divides.",
        when=lambda T: T != 1,
        levels=(2,),
        cause="temperature",
    ),
    Mistake(
        "mean-left-out",
        "d_scaled",
        lambda p, g: back(p, g, 0),
        "You left out the mean; the gradient through a softmax sums to 0.",
        levels=(2, 3),
        cause="softmax",
    ),
    Mistake(
        "weights-not-applied",
        "d_scaled",
        lambda g, mean: [x - mean for x in g],
        "You forgot the factor p in front of the difference from the mean.",
        levels=(2,),
        cause="softmax",
    ),
    Mistake(
        "diagonal-only",
        "d_scaled",
        lambda p, g: [a * (1 - a) * b for a, b in zip(p, g, strict=True)],
        "You used the diagonal of the softmax's Jacobian alone.",
        levels=(2, 3),
        cause="softmax",
    ),
    Mistake(
        "temperature-forgotten-forward",
        "s",
        lambda z: list(z),
        "You took the softmax without the temperature.",
        levels=(3,),
        cause="temperature",
    ),
    Mistake(
        "minus-left-out",
        "d_temperature",
        lambda d_temperature: -d_temperature,
        r"You left out the minus: the derivative of $z/T$ is $-z/T^2$.",
        levels=(3,),
        cause="sign",
    ),
    Mistake(
        "squared-once",
        "d_temperature",
        lambda d_scaled, z, T: -dot(d_scaled, z) / T,
        r"You divided by $T$; the derivative of $z/T$ has $T^2$ below.",
        levels=(3,),
        cause="temperature",
    ),
    Mistake(
        "softmax-skipped",
        "d_temperature",
        lambda g, z, T: -dot(g, z) / T**2,
        r"You took $g$ for the gradient of $z/T$; the softmax is between.",
        levels=(3,),
        cause="chain",
    ),
)

FAMILIES = (
    Family(
        name="softmax-vjp",
        version=1,
        title="Back through log-softmax and temperature",
        topic="softmax",
        says="Without building a Jacobian: log-softmax, softmax at a temperature, the temperature.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_log, 2: question_temperature, 3: question_learned},
        precision={1: Exact(), 2: Exact(), 3: Places(3)},
        fine=fine,
        items=("N3.9", "N4.10", "N2.20"),
    ),
)
