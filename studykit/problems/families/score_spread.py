"""How far scores spread: variance of q·k, its root, and what the divisor √d_k makes of it."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from studykit.answers import Exact
from studykit.problems.dice import Dice
from studykit.problems.exact import divide, sqrt
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.wording import number


def draws(dice: Dice, level: int) -> dict[str, Any] | None:
    if level == 1:
        d_k, h = dice.pick([16, 25, 36, 49, 64, 81, 100, 144]), dice.pick([2, 3, 5, 6, 8, 12, 16])
        return {"d_model": d_k * h, "h": h}
    d_k = dice.pick([4, 9, 16, 25, 36, 49, 64, 100])
    if level == 2:
        return {
            "d_k": d_k,
            "sigma_q": dice.between(2, 6),
            "sigma_k": dice.between(1, 6),
        }
    h = dice.pick([2, 4, 8, 16])
    d_k = dice.pick([16, 64, 256])
    d_model = h * d_k
    root = dice.pick([8, 16, 32])
    if d_model == root * root:  # then every component has variance 1 and the point is lost
        return None
    return {
        "d_model": d_model,
        "h": h,
        "sigma_w": Fraction(1, root),
        "c": dice.pick([h * d_k, d_k // 2, 2 * d_k, d_k]),
    }


def question_divisor(d_model: int, h: int) -> str:
    return (
        rf"A model of width $d_{{model}}={d_model}$ has $h={h}$ heads of equal width. The "
        r"components of queries and keys are independent, with mean 0 and variance 1. Give the "
        r"variance of $q\cdot k$ in one head, and the number by which the scores are divided."
    )


def question_spread(d_k: int, sigma_q: int, sigma_k: int) -> str:
    return (
        rf"Queries and keys have width $d_k={d_k}$. All components are independent with mean 0; "
        rf"those of $q$ have standard deviation ${sigma_q}$, those of $k$ ${sigma_k}$. Give the "
        r"variance of $q\cdot k$, its standard deviation, and the standard deviation of the "
        r"scaled score $q\cdot k/\sqrt{d_k}$."
    )


def question_from_weights(d_model: int, h: int, sigma_w: Fraction, c: int) -> str:
    return (
        rf"Token components are independent with mean 0 and variance 1; $d_{{model}}={d_model}$, "
        rf"$h={h}$ heads of equal width. The entries of $W_Q$ and $W_K$ are independent with "
        rf"mean 0 and standard deviation ${number(sigma_w)}$. Query and key come from different "
        r"tokens. Give the variance of one component of $q=xW_Q$, the variance of $q\cdot k$, and "
        rf"the standard deviation of the score if $q\cdot k$ is divided by $c={c}$."
    )


STEPS = (
    Step(
        "d_k",
        "Width of one head",
        "d_k",
        r"\frac{d_{model}}{h}",
        lambda d_model, h: d_model // h,
        lambda d_model, h: rf"\frac{{{d_model}}}{{{h}}}",
        levels=(1, 3),
    ),
    Step(
        "var_q",
        "Variance of one component of the query: a sum over the model's width",
        r"\mathrm{Var}(q_c)",
        r"d_{model}\,\sigma_w^2",
        lambda d_model, sigma_w: d_model * sigma_w * sigma_w,
        lambda d_model, sigma_w: rf"{d_model}\cdot\left({number(sigma_w)}\right)^2",
        levels=(3,),
    ),
    Step(
        "variance",
        "Variance of the dot product: the sum of the variances of its terms",
        r"\mathrm{Var}(q\cdot k)",
        r"d_k\cdot 1\cdot 1",
        lambda d_k: d_k,
        lambda d_k: rf"{d_k}\cdot 1",
        levels=(1,),
    ),
    Step(
        "variance",
        "Variance of the dot product: each of its terms has the product of the variances",
        r"\mathrm{Var}(q\cdot k)",
        r"d_k\,\sigma_q^2\,\sigma_k^2",
        lambda d_k, sigma_q, sigma_k: d_k * sigma_q**2 * sigma_k**2,
        lambda d_k, sigma_q, sigma_k: rf"{d_k}\cdot {sigma_q}^2\cdot {sigma_k}^2",
        levels=(2,),
    ),
    Step(
        "variance",
        "Variance of the dot product: each of its terms has the product of the variances",
        r"\mathrm{Var}(q\cdot k)",
        r"d_k\,\mathrm{Var}(q_c)\,\mathrm{Var}(k_c)",
        lambda d_k, var_q: d_k * var_q * var_q,
        lambda d_k, var_q: rf"{d_k}\cdot\left({number(var_q)}\right)^2",
        levels=(3,),
    ),
    Step(
        "deviation",
        "Its standard deviation",
        r"\sigma(q\cdot k)",
        r"\sqrt{\mathrm{Var}(q\cdot k)}",
        lambda variance: sqrt(variance),
        lambda variance: rf"\sqrt{{{number(variance)}}}",
        levels=(2, 3),
    ),
    Step(
        "divisor",
        "The divisor: the standard deviation of such a dot product",
        r"\sqrt{d_k}",
        r"\sqrt{d_k}",
        lambda d_k: sqrt(d_k),
        lambda d_k: rf"\sqrt{{{d_k}}}",
        levels=(1,),
    ),
    Step(
        "scaled",
        "Standard deviation of the scaled score",
        r"\sigma(s)",
        r"\frac{\sigma(q\cdot k)}{\sqrt{d_k}}",
        lambda deviation, d_k: divide(deviation, sqrt(d_k)),
        lambda deviation, d_k: rf"\frac{{{number(deviation)}}}{{\sqrt{{{d_k}}}}}",
        levels=(2,),
    ),
    Step(
        "scaled",
        "Standard deviation after the division",
        r"\sigma(s)",
        r"\frac{\sigma(q\cdot k)}{c}",
        lambda deviation, c: divide(deviation, c),
        lambda deviation, c: rf"\frac{{{number(deviation)}}}{{{c}}}",
        levels=(3,),
    ),
    Step(
        "all",
        "Both together",
        r"\left(\mathrm{Var}, \sqrt{d_k}\right)",
        r"\left(\mathrm{Var}(q\cdot k),\ \sqrt{d_k}\right)",
        lambda variance, divisor: [variance, divisor],
        levels=(1,),
    ),
    Step(
        "all",
        "The three together",
        r"\left(\mathrm{Var}, \sigma, \sigma_s\right)",
        r"\left(\mathrm{Var}(q\cdot k),\ \sigma(q\cdot k),\ \sigma(s)\right)",
        lambda variance, deviation, scaled: [variance, deviation, scaled],
        levels=(2,),
    ),
    Step(
        "all",
        "The three together",
        r"\left(\mathrm{Var}(q_c), \mathrm{Var}, \sigma_s\right)",
        r"\left(\mathrm{Var}(q_c),\ \mathrm{Var}(q\cdot k),\ \sigma(s)\right)",
        lambda var_q, variance, scaled: [var_q, variance, scaled],
        levels=(3,),
    ),
)

MISTAKES = (
    Mistake(
        "width-of-the-model",
        "d_k",
        lambda d_model: d_model,
        r"You used $d_{model}$; the dot product of one head sums over $d_k=d_{model}/h$.",
        cause="width",
    ),
    Mistake(
        "number-of-heads",
        "d_k",
        lambda h: h,
        "You used the number of heads; what counts is the width of one head.",
        when=lambda d_model, h: h * h != d_model,
        cause="width",
    ),
    Mistake(
        "divided-by-d",
        "divisor",
        lambda d_k: d_k,
        r"You divide by $d_k$, the variance; it takes the standard deviation $\sqrt{d_k}$.",
        cause="root",
    ),
    Mistake(
        "root-of-model-width",
        "divisor",
        lambda d_model: sqrt(d_model),
        r"You divide by $\sqrt{d_{model}}$; the scale is the root of the head's own width.",
        cause="width",
    ),
    Mistake(
        "variance-is-one",
        "variance",
        lambda: 1,
        r"You gave 1, which is the variance after scaling; before, the $d_k$ terms add up.",
        levels=(1,),
        cause="sum",
    ),
    Mistake(
        "variance-squared",
        "variance",
        lambda d_k: d_k * d_k,
        r"You squared the width: the variances of $d_k$ independent terms add up to $d_k$.",
        levels=(1,),
        cause="sum",
    ),
    Mistake(
        "deviation-for-variance",
        "variance",
        lambda d_k: sqrt(d_k),
        r"You gave the standard deviation $\sqrt{d_k}$ as the variance.",
        levels=(1,),
        cause="root",
    ),
    Mistake(
        "variance-of-a-sum",
        "variance",
        lambda d_k: 2 * d_k,
        "You added the variances of q and k; in a product they are multiplied.",
        levels=(1,),
        cause="product",
    ),
    Mistake(
        "deviations-not-squared",
        "variance",
        lambda d_k, sigma_q, sigma_k: d_k * sigma_q * sigma_k,
        "You multiplied standard deviations; a variance needs their squares.",
        when=lambda sigma_q, sigma_k: sigma_q * sigma_k != 1,
        cause="root",
    ),
    Mistake(
        "width-forgotten",
        "variance",
        lambda sigma_q, sigma_k: sigma_q**2 * sigma_k**2,
        r"You left out the sum: $d_k$ terms of that variance add up.",
        cause="sum",
    ),
    Mistake(
        "width-squared",
        "variance",
        lambda d_k, sigma_q, sigma_k: d_k**2 * sigma_q**2 * sigma_k**2,
        r"You squared the width: variances of independent terms add up, so $d_k$ once.",
        cause="sum",
    ),
    Mistake(
        "variance-of-a-sum",
        "variance",
        lambda d_k, sigma_q, sigma_k: d_k * (sigma_q**2 + sigma_k**2),
        "You added the variances of q and k; in a product they are multiplied.",
        when=lambda sigma_q, sigma_k: sigma_q**2 + sigma_k**2 != sigma_q**2 * sigma_k**2,
        cause="product",
    ),
    Mistake(
        "not-rooted",
        "deviation",
        lambda variance: variance,
        "You gave the variance again; the standard deviation is its root.",
        when=lambda variance: variance not in (0, 1),
        cause="root",
    ),
    Mistake(
        "halved",
        "deviation",
        lambda variance: divide(variance, 2),
        "You halved the variance; the standard deviation is its root.",
        when=lambda variance: variance != 4,
        cause="root",
    ),
    Mistake(
        "divided-by-d",
        "scaled",
        lambda deviation, d_k: divide(deviation, d_k),
        r"You divided by $d_k$; the scale is $\sqrt{d_k}$.",
        levels=(2,),
        cause="scale",
    ),
    Mistake(
        "not-scaled",
        "scaled",
        lambda deviation: deviation,
        "You left the standard deviation as it was; the division acts on it too.",
        cause="scale",
    ),
    Mistake(
        "root-of-the-divisor",
        "scaled",
        lambda deviation, d_k: divide(deviation, sqrt(sqrt(d_k))),
        "You divided by the root of the divisor; a standard deviation scales like the score.",
        levels=(2,),
        cause="scale",
    ),
    Mistake(
        "scaled-is-one",
        "scaled",
        lambda: 1,
        r"You gave 1, which holds only for unit variances and the divisor $\sqrt{d_k}$.",
        when=lambda scaled: scaled != 1,
        cause="scale",
    ),
    Mistake(
        "scaled-by-root",
        "scaled",
        lambda deviation, d_k: divide(deviation, sqrt(d_k)),
        r"You divided by $\sqrt{d_k}$; here the score is divided by $c$.",
        levels=(3,),
        cause="scale",
    ),
    Mistake(
        "divisor-squared",
        "scaled",
        lambda deviation, c: divide(deviation, c * c),
        r"You divided by $c^2$: that is how the variance scales, not its root.",
        cause="scale",
    ),
    Mistake(
        "weights-not-squared",
        "var_q",
        lambda d_model, sigma_w: d_model * sigma_w,
        "You used the standard deviation of the weights; a variance needs its square.",
        cause="root",
    ),
    Mistake(
        "weights-not-summed",
        "var_q",
        lambda sigma_w: sigma_w * sigma_w,
        r"You left out the sum over the model's width: $d_{model}$ terms add up.",
        cause="sum",
    ),
    Mistake(
        "summed-over-the-head",
        "var_q",
        lambda d_k, sigma_w: d_k * sigma_w * sigma_w,
        r"You summed over the head's width; $xW_Q$ sums over $d_{model}$.",
        cause="width",
    ),
    Mistake(
        "components-of-variance-one",
        "variance",
        lambda d_k: d_k,
        r"You took components of variance 1; here theirs is $d_{model}\,\sigma_w^2$.",
        levels=(3,),
        cause="product",
    ),
    Mistake(
        "variance-of-one-factor",
        "variance",
        lambda d_k, var_q: d_k * var_q,
        "You multiplied by the variance of the query only; that of the key counts as well.",
        cause="product",
    ),
)

FAMILIES = (
    Family(
        name="score-spread",
        version=1,
        title="Spread of the scores",
        topic="scaling",
        says="Variance and standard deviation of q·k, and what the scale makes of them.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_divisor, 2: question_spread, 3: question_from_weights},
        precision={1: Exact(), 2: Exact(), 3: Exact()},
        convention="in this order",
        items=("N1.26", "N1.32", "N3.8", "N3.10", "N4.7", "N4.8"),
    ),
)
