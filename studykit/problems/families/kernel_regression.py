"""Kernel regression: the oldest attention, with distances in place of products."""

from __future__ import annotations

import math
from typing import Any

from studykit.answers import Exact, Places
from studykit.problems.arithmetic import Matrix, Vector, dot, softmax
from studykit.problems.attention_steps import telling_row
from studykit.problems.degenerate import some_zero_row
from studykit.problems.dice import Dice
from studykit.problems.exact import divide, sqrt
from studykit.problems.family import Family, Mistake, Step, at_levels, named
from studykit.problems.mistakes.weights import row_mistakes
from studykit.problems.wording import cell, factor, matrix, products, row, softmax_working


def draws(dice: Dice, level: int) -> dict[str, Any]:
    if level == 3:
        return {"q": dice.vector(2, -2, 3), "K": dice.matrix(3, 2, -2, 3)}
    if level == 1:
        return {
            "x": dice.between(-2, 4),
            "keys": sorted(dice.some(range(-6, 9), 4)),
            "values": dice.vector(4, -8, 9),
            "h": dice.pick([3, 4, 5]),
        }
    return {
        "x": dice.between(0, 40) / 10,
        "keys": [x / 10 for x in sorted(dice.some(range(-5, 46), 3))],
        "values": dice.vector(3, -8, 9),
        "h": dice.pick([1, 1.5, 3]),
    }


def fine(level: int, givens: dict[str, Any]) -> bool:
    """Several keys in reach, weights told apart, values that differ."""
    if level == 3:
        if some_zero_row(givens["K"]) or not all(givens["q"]):
            return False
        lengths = {dot(k, k) for k in givens["K"]}
        return len(lengths) > 1 and telling_row(givens["weights"])
    values = givens["values"]
    if len(set(values)) < len(values) or not all(values):
        return False
    if level == 1:
        kernel = givens["kernel"]
        return 2 <= sum(map(bool, kernel)) < 4 and len({k for k in kernel if k}) > 1
    return telling_row(givens["weights"], 0.03, 0.9)


def question_triangle(x: int, keys: Vector, values: Vector, h: int) -> str:
    return (
        r"Kernel regression predicts at $x$ the weighted mean of known values, with weights "
        r"proportional to $\max(0,\ 1-|x-x_j|/h)$: a triangle of half-width $h$ around $x$. Give "
        rf"the prediction at $x={x}$ with $h={h}$."
        rf"$$(x_j)={row(keys)}\qquad (y_j)={row(values)}$$"
    )


def question_gauss(x: float, keys: Vector, values: Vector, h: float) -> str:
    return (
        r"Kernel regression predicts at $x$ the weighted mean of known values, with weights "
        r"proportional to $e^{-(x-x_j)^2/(2h^2)}$. Give the prediction at "
        rf"$x={cell(x, 1)}$ with $h={h}$."
        rf"$$(x_j)={row(keys, 1)}\qquad (y_j)={row(values)}$$"
    )


def question_vectors(q: Vector, K: Matrix) -> str:
    return (
        r"Attention by distance: the weight of a key is proportional to "
        r"$e^{-\lVert q-k_j\rVert^2/2}$. (Up to a term that all keys share, the exponent is "
        r"$q\cdot k_j-\lVert k_j\rVert^2/2$: dot-product attention with a bias against long keys.) "
        rf"Give the weights; the rows of $K$ are the keys.$$q={row(q)}\qquad K={matrix(K)}$$"
    )


def mean_with(weights: Vector, values: Vector) -> Any:
    return divide(dot(weights, values), sum(weights))


def triangle(distances: Vector, h: Any) -> Vector:
    return [max(0, divide(h - d, h)) for d in distances]


STEPS = (
    Step(
        "distances",
        "Distances of the keys",
        "d",
        r"|x-x_j|",
        lambda x, keys: [abs(x - k) for k in keys],
        lambda x, keys: rf"|{cell(x, 1)}-{factor(keys[0], 1)}|",
        levels=(1, 2),
        entry=r"d_j",
    ),
    Step(
        "kernel",
        "The kernel of each",
        "w",
        r"\max\left(0,\ 1-\frac{d_j}{h}\right)",
        lambda distances, h: triangle(distances, h),
        lambda distances, h: rf"\max\left(0,\ 1-\frac{{{cell(distances[0])}}}{{{h}}}\right)",
        levels=(1,),
        entry=r"w_j",
    ),
    Step(
        "prediction",
        "The weighted mean",
        "y",
        r"\frac{\sum_jw_jy_j}{\sum_jw_j}",
        lambda kernel, values: mean_with(kernel, values),
        lambda kernel, values: (
            rf"\frac{{{products(kernel, values)}}}{{{'+'.join(map(cell, kernel))}}}"
        ),
        levels=(1,),
    ),
    Step(
        "scores",
        "Exponents",
        "s",
        r"-\frac{d_j^2}{2h^2}",
        lambda distances, h: [-d * d / (2 * h * h) for d in distances],
        lambda distances, h: rf"-\frac{{{cell(distances[0], 1)}^2}}{{2\cdot {h}^2}}",
        levels=(2,),
        entry=r"s_j",
    ),
    Step(
        "scores",
        "Exponents, without the term that all keys share",
        "s",
        r"q\cdot k_j-\frac{1}{2}\lVert k_j\rVert^2",
        lambda q, K: [dot(q, k) - divide(dot(k, k), 2) for k in K],
        lambda q, K: products(q, K[0]) + rf"-\frac{{{cell(dot(K[0], K[0]))}}}{{2}}",
        levels=(3,),
        entry=r"s_j",
    ),
    Step(
        "weights",
        "Weights: their softmax",
        "p",
        r"\mathrm{softmax}(s)",
        lambda scores: softmax(scores),
        lambda scores: softmax_working(scores),
        levels=(2, 3),
    ),
    Step(
        "prediction",
        "The weighted mean",
        "y",
        r"\sum_jp_jy_j",
        lambda weights, values: dot(weights, values),
        lambda weights, values: products(weights, values),
        levels=(2,),
    ),
)

TRIANGLE = (
    Mistake(
        "nearest-only",
        "prediction",
        lambda distances, values: values[distances.index(min(distances))],
        "You gave the value of the nearest key; all keys within reach count.",
        when=lambda distances: distances.count(min(distances)) == 1,
        cause="kernel",
    ),
    Mistake(
        "plain-mean",
        "prediction",
        lambda values: divide(sum(values), len(values)),
        "You took the plain mean of all values.",
        cause="kernel",
    ),
    Mistake(
        "box",
        "kernel",
        lambda kernel: [int(k > 0) for k in kernel],
        "You weighed all keys within reach alike; nearer ones count more.",
        cause="kernel",
    ),
    Mistake(
        "not-cut-off",
        "kernel",
        lambda distances, h: [divide(h - d, h) for d in distances],
        "You kept negative weights; beyond the half-width the kernel is 0.",
        cause="kernel",
    ),
    Mistake(
        "not-normalised",
        "prediction",
        lambda kernel, values: dot(kernel, values),
        "You did not divide by the sum of the weights.",
        cause="normalisation",
    ),
    Mistake(
        "distances-as-weights",
        "kernel",
        lambda distances: distances,
        "You weighed with the distances; nearer keys count more, not less.",
        cause="kernel",
    ),
)

GAUSS = (
    Mistake(
        "half-left-out",
        "scores",
        lambda distances, h: [-d * d / (h * h) for d in distances],
        r"You left out the 2 in $2h^2$.",
        levels=(2,),
        cause="kernel",
    ),
    Mistake(
        "width-not-squared",
        "scores",
        lambda distances, h: [-d * d / (2 * h) for d in distances],
        r"You divided by $2h$; the width is squared, $2h^2$.",
        when=lambda h: h != 1,
        cause="kernel",
    ),
    Mistake(
        "distance-not-squared",
        "scores",
        lambda distances, h: [-d / (2 * h * h) for d in distances],
        "You did not square the distances.",
        cause="kernel",
    ),
    Mistake(
        "width-left-out",
        "scores",
        lambda distances: [-d * d / 2 for d in distances],
        r"You left out the width $h$.",
        when=lambda h: h != 1,
        cause="kernel",
    ),
    Mistake(
        "sign-left-out",
        "scores",
        lambda distances, h: [d * d / (2 * h * h) for d in distances],
        "You left out the minus: distant keys got the most weight.",
        cause="sign",
    ),
    Mistake(
        "product-for-distance",
        "scores",
        lambda x, keys: [x * k for k in keys],
        "You took products; this kernel compares by distance.",
        levels=(2,),
        cause="kernel",
    ),
    Mistake(
        "plain-mean",
        "prediction",
        lambda values: sum(values) / len(values),
        "You took the plain mean of all values.",
        levels=(2,),
        cause="kernel",
    ),
)

VECTORS = (
    Mistake(
        "bias-left-out",
        "scores",
        lambda q, K: [dot(q, k) for k in K],
        "You left out the lengths of the keys: this is plain dot-product attention.",
        cause="kernel",
    ),
    Mistake(
        "half-left-out",
        "scores",
        lambda q, K: [dot(q, k) - dot(k, k) for k in K],
        "You left out the half of the squared length.",
        levels=(3,),
        cause="kernel",
    ),
    Mistake(
        "bias-added",
        "scores",
        lambda q, K: [dot(q, k) + divide(dot(k, k), 2) for k in K],
        "You added the squared length; it counts against a key.",
        cause="sign",
    ),
    Mistake(
        "length-not-squared",
        "scores",
        lambda q, K: [-math.sqrt(dot(d, d)) / 2 for d in _gaps(q, K)],
        "You took the distance; it is squared.",
        cause="kernel",
    ),
    Mistake(
        "whole-square",
        "scores",
        lambda q, K: [-dot(d, d) for d in _gaps(q, K)],
        "You left out the half in the exponent.",
        cause="kernel",
    ),
    Mistake(
        "scaled-from-habit",
        "scores",
        lambda scores, q: [s / sqrt(len(q)) for s in scores],
        r"You divided by $\sqrt{d_k}$; here there is no such scale.",
        cause="scale",
    ),
)


def _gaps(q: Vector, K: Matrix) -> Matrix:
    return [[a - b for a, b in zip(q, k, strict=True)] for k in K]


FAMILIES = (
    Family(
        name="kernel-regression",
        version=1,
        title="Attention by distance",
        topic="attention forward",
        says="Kernel regression: nearer keys weigh more; a dot product with a bias does the same.",
        draws=draws,
        steps=STEPS,
        mistakes=(
            *at_levels((1,), TRIANGLE),
            *GAUSS,
            *VECTORS,
            *at_levels((3,), named(row_mistakes("scores"), "base-two", "negated-scores")),
        ),
        question={1: question_triangle, 2: question_gauss, 3: question_vectors},
        precision={1: Exact(), 2: Places(3), 3: Places(3)},
        convention={1: "", 2: "", 3: "in the order of the keys"},
        fine=fine,
        items=("N1.31", "N2.13", "N4.14"),
    ),
)
