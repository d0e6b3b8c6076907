"""What residuals do to a gradient: a product of 1 + a for each layer, in numbers and matrices."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

from studykit.answers import Exact, Places
from studykit.problems.arithmetic import Matrix, Vector, add, matmul, matmul_t, transpose
from studykit.problems.degenerate import some_zero_row
from studykit.problems.dice import Dice
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.wording import cell, decimal, factor, matrix, products, row


def draws(dice: Dice, level: int) -> dict[str, Any]:
    if level == 1:
        count = dice.pick([2, 3])
        slopes = [Fraction(dice.pick([-2, -1, 1, 2, 3, 4, 6]), 2) for _ in range(count)]
        return {"slopes": slopes, "g": dice.pick([1, 2, 3, 4, -2])}
    if level == 2:
        return {
            "J_1": dice.matrix(2, 2, -2, 2),
            "J_2": dice.matrix(2, 2, -2, 2),
            "g": dice.vector(2, -3, 4),
        }
    return {
        "x": Fraction(dice.pick([-1, 1]) * dice.between(3, 12), 10),
        "c_1": Fraction(dice.pick([-1, 1]) * dice.between(3, 15), 10),
        "c_2": Fraction(dice.pick([-1, 1]) * dice.between(3, 15), 10),
    }


def fine(level: int, givens: dict[str, Any]) -> bool:
    """Layers that change something and undo nothing."""
    if level == 1:
        slopes = givens["slopes"]
        return -1 not in slopes and len(set(slopes)) > 1 and abs(givens["gradient"]) <= 100
    if level == 2:
        both = (givens["J_1"], givens["J_2"])
        if some_zero_row(*both, *map(transpose, both)) or any(transpose(J) == J for J in both):
            return False
        return any(givens["g"]) and any(givens["gradient"]) and both[0] != both[1]
    return bool(abs(givens["first"]) > 0.15 and abs(givens["gradient"]) > 0.1)


def question_numbers(slopes: Vector, g: int) -> str:
    n = len(slopes)
    each = ", ".join(f"$a_{i + 1}={cell(a)}$" for i, a in enumerate(slopes))
    return (
        rf"A stack of {n} layers with residuals, on one number: $x_l=x_{{l-1}}+f_l(x_{{l-1}})$. At "
        rf"the point where it stands the slopes $a_l=f_l'(x_{{l-1}})$ are {each}. Coming back is "
        rf"$\partial L/\partial x_{n}={g}$. Give $\partial L/\partial x_0$."
    )


def question_matrices(J_1: Matrix, J_2: Matrix, g: Vector) -> str:
    return (
        r"Two layers with residuals, on a row: $x_1=x_0+x_0J_1$ and $x_2=x_1+x_1J_2$. Coming back "
        r"is $g=\partial L/\partial x_2$. Give $\partial L/\partial x_0$."
        rf"$$J_1={matrix(J_1)}\qquad J_2={matrix(J_2)}\qquad g={row(g)}$$"
    )


def question_tanh(x: Fraction, c_1: Fraction, c_2: Fraction) -> str:
    return (
        r"Two layers with residuals, on one number: $x_1=x_0+c_1\tanh x_0$ and "
        rf"$x_2=x_1+c_2\tanh x_1$, with $c_1={decimal(float(c_1), 1)}$ and "
        rf"$c_2={decimal(float(c_2), 1)}$. Give $dx_2/dx_0$ at $x_0={decimal(float(x), 1)}$."
    )


def plus_one(J: Matrix) -> Matrix:
    """I + J."""
    return [[x + (i == j) for j, x in enumerate(r)] for i, r in enumerate(J)]


def back(g: Vector, J: Matrix) -> Vector:
    """g Jᵀ for a row g."""
    return matmul_t([g], J)[0]


def tanh_slope(x: Any) -> float:
    return 1 - math.tanh(x) ** 2


STEPS = (
    Step(
        "factors",
        "Factor of every layer: 1 of the residual, and its own slope",
        r"1+a_l",
        r"\left(1+a_1,\ 1+a_2,\ \ldots\right)",
        lambda slopes: [1 + a for a in slopes],
        lambda slopes: f"1+{factor(slopes[0])}",
        levels=(1,),
    ),
    Step(
        "gradient",
        "Chain rule: the factors multiply",
        r"\frac{\partial L}{\partial x_0}",
        r"g\prod_l(1+a_l)",
        lambda factors, g: g * math.prod(factors),
        lambda factors, g: r"\cdot ".join([cell(g), *map(factor, factors)]),
        levels=(1,),
    ),
    Step(
        "middle",
        "Back through the second layer: as it is, and through its branch",
        r"\frac{\partial L}{\partial x_1}",
        r"g+gJ_2^\top",
        lambda g, J_2: back(g, plus_one(J_2)),
        lambda g, J_2: f"{cell(g[0])}+{products(g, J_2[0])}",
        levels=(2,),
    ),
    Step(
        "gradient",
        "Back through the first layer in the same way",
        r"\frac{\partial L}{\partial x_0}",
        r"\frac{\partial L}{\partial x_1}+\frac{\partial L}{\partial x_1}J_1^\top",
        lambda middle, J_1: back(middle, plus_one(J_1)),
        lambda middle, J_1: f"{cell(middle[0])}+{products(middle, J_1[0])}",
        levels=(2,),
    ),
    Step(
        "x_1",
        "After the first layer",
        "x_1",
        r"x_0+c_1\tanh x_0",
        lambda x, c_1: x + c_1 * math.tanh(x),
        lambda x, c_1: rf"{float(x):.1f}+{factor(float(c_1), 1)}\cdot\tanh({float(x):.1f})",
        levels=(3,),
    ),
    Step(
        "first",
        "Factor of the first layer",
        "f_1",
        r"1+c_1\left(1-\tanh^2 x_0\right)",
        lambda x, c_1: 1 + c_1 * tanh_slope(x),
        lambda x, c_1: (
            rf"1+{factor(float(c_1), 1)}\cdot\left(1-{factor(round(math.tanh(x), 4))}^2\right)"
        ),
        levels=(3,),
    ),
    Step(
        "second",
        "Factor of the second layer, at the point reached",
        "f_2",
        r"1+c_2\left(1-\tanh^2 x_1\right)",
        lambda x_1, c_2: 1 + c_2 * tanh_slope(x_1),
        lambda x_1, c_2: (
            rf"1+{factor(float(c_2), 1)}\cdot\left(1-{factor(round(math.tanh(x_1), 4))}^2\right)"
        ),
        levels=(3,),
    ),
    Step(
        "gradient",
        "Chain rule: the factors multiply",
        r"\frac{dx_2}{dx_0}",
        r"f_1\cdot f_2",
        lambda first, second: first * second,
        lambda first, second: rf"{cell(first)}\cdot {factor(second)}",
        levels=(3,),
    ),
)

MISTAKES = (
    Mistake(
        "residuals-left-out",
        "gradient",
        lambda slopes, g: g * math.prod(slopes),
        "You multiplied the slopes alone; each residual adds 1 to its factor.",
        levels=(1,),
        cause="residual",
    ),
    Mistake(
        "slopes-added",
        "gradient",
        lambda slopes, g: g * (1 + sum(slopes)),
        "You added up the slopes; the factors of the layers multiply.",
        levels=(1,),
        cause="chain",
    ),
    Mistake(
        "one-residual-over-all",
        "gradient",
        lambda slopes, g: g * (1 + math.prod(slopes)),
        "You added 1 once, for the whole stack; every layer has a residual.",
        levels=(1,),
        cause="residual",
    ),
    Mistake(
        "factors-added",
        "gradient",
        lambda factors, g: g * sum(factors),
        "You added the factors; by the chain rule they multiply.",
        levels=(1,),
        cause="chain",
    ),
    Mistake(
        "gradient-left-out",
        "gradient",
        lambda factors: math.prod(factors),
        "You left out what comes back to the last layer.",
        when=lambda g: g != 1,
        levels=(1,),
        cause="chain",
    ),
    Mistake(
        "last-layer-only",
        "gradient",
        lambda factors, g: g * factors[-1],
        "You went back through the last layer only.",
        levels=(1,),
        cause="chain",
    ),
    Mistake(
        "residuals-left-out",
        "gradient",
        lambda g, J_1, J_2: back(back(g, J_2), J_1),
        "You left out the residuals: each layer also hands the gradient on as it is.",
        levels=(2,),
        cause="residual",
    ),
    Mistake(
        "paths-crossed-out",
        "gradient",
        lambda g, J_1, J_2: add([g], add([back(g, J_1)], [back(g, J_2)]))[0],
        "You left out the path through both branches.",
        levels=(2,),
        cause="paths",
    ),
    Mistake(
        "not-transposed",
        "gradient",
        lambda g, J_1, J_2: matmul(matmul([g], plus_one(J_2)), plus_one(J_1))[0],
        r"You multiplied by the matrices; backward they are transposed.",
        levels=(2,),
        cause="product",
    ),
    Mistake(
        "forward-order",
        "gradient",
        lambda g, J_1, J_2: back(back(g, plus_one(J_1)), plus_one(J_2)),
        "You went through the first layer first; the way back begins with the last one.",
        levels=(2,),
        cause="order",
    ),
    Mistake(
        "one-residual-over-all",
        "gradient",
        lambda g, J_1, J_2: add([g], [back(back(g, J_2), J_1)])[0],
        "You put one residual round both layers; each has its own.",
        levels=(2,),
        cause="residual",
    ),
    Mistake(
        "stopped-in-the-middle",
        "gradient",
        lambda middle: list(middle),
        r"You stopped at $x_1$; the first layer is still to come.",
        levels=(2,),
        cause="stopped",
    ),
    Mistake(
        "residuals-left-out",
        "gradient",
        lambda first, second: (first - 1) * (second - 1),
        "You left out the residuals: each adds 1 to the factor of its layer.",
        levels=(3,),
        cause="residual",
    ),
    Mistake(
        "second-at-the-start",
        "second",
        lambda x, c_2: 1 + c_2 * tanh_slope(x),
        r"You took the second slope at $x_0$; that layer stands at $x_1$.",
        levels=(3,),
        cause="point",
    ),
    Mistake(
        "residual-left-out-forward",
        "x_1",
        lambda x, c_1: c_1 * math.tanh(x),
        r"You left out the residual on the way forward: $x_1=x_0+c_1\tanh x_0$.",
        levels=(3,),
        cause="residual",
    ),
    Mistake(
        "tanh-for-slope",
        "first",
        lambda x, c_1: 1 + c_1 * math.tanh(x),
        r"You used $\tanh$ for its slope; that is $1-\tanh^2$.",
        levels=(3,),
        cause="slope",
    ),
    Mistake(
        "factors-added",
        "gradient",
        lambda first, second: first + second,
        "You added the factors; by the chain rule they multiply.",
        levels=(3,),
        cause="chain",
    ),
    Mistake(
        "last-layer-only",
        "gradient",
        lambda second: second,
        "You gave the factor of the last layer alone.",
        levels=(3,),
        cause="stopped",
    ),
)

FAMILIES = (
    Family(
        name="residual-gradient",
        version=1,
        title="Gradient along residuals",
        topic="normalisation and blocks",
        says="Every residual hands the gradient on, so a layer multiplies it by 1 plus its slope.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_numbers, 2: question_matrices, 3: question_tanh},
        precision={1: Exact(), 2: Exact(), 3: Places(3)},
        fine=fine,
        items=("N2.20", "N2.35", "N3.44"),
    ),
)
