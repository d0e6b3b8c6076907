"""Affine maps in numbers: a value from three others, stretch and area, then two maps in one."""

from __future__ import annotations

from typing import Any

from studykit.answers import Exact
from studykit.problems.arithmetic import Matrix, Vector, add, matmul, norm, subtract, transpose
from studykit.problems.degenerate import some_zero_row
from studykit.problems.dice import Dice
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.wording import factor, matrix, products, row, tuple_of

TURNS = ((3, 4, 5), (4, 3, 5), (6, 8, 10), (5, 12, 13), (8, 6, 10), (0, 1, 1), (0, 2, 2))
"""Whole vectors of whole length, with the length."""


def draws(dice: Dice, level: int) -> dict[str, Any] | None:
    if level == 1:
        W, b = dice.matrix(2, 2, -3, 3), dice.vector(2, -5, 5)
        u, v = dice.vector(2, -4, 4), dice.vector(2, -4, 4)
        at = [[y + c for y, c in zip(matmul([x], W)[0], b, strict=True)] for x in (u, v)]
        return {"f_u": at[0], "f_v": at[1], "f_0": b, "s": dice.pick([1, 1, 2, 3, -1])}
    if level == 2:
        x, y, _ = dice.pick(TURNS)
        x, y = x * dice.pick([1, -1]), y * dice.pick([1, -1])
        stretch, flip = dice.pick([1, 2, 3]), dice.pick([1, -1])
        rows = [[x, y], [-flip * stretch * y, flip * stretch * x]]
        return {"W": rows if dice.below(2) else rows[::-1]} if stretch > 1 else None
    return {
        "W_1": dice.matrix(2, 2, -3, 3),
        "b_1": dice.vector(2, -4, 4),
        "W_2": dice.matrix(2, 2, -3, 3),
        "b_2": dice.vector(2, -4, 4),
    }


def fine(level: int, givens: dict[str, Any]) -> bool:
    """A constant part that is there, maps that differ and do not commute."""
    if level == 1:
        f_u, f_v, f_0 = givens["f_u"], givens["f_v"], givens["f_0"]
        return all(f_0) and any(f_u) and any(f_v) and f_u != f_v and f_0 not in (f_u, f_v)
    if level == 2:
        return True
    W_1, W_2 = givens["W_1"], givens["W_2"]
    if some_zero_row(W_1, W_2) or matmul(W_1, W_2) == matmul(W_2, W_1):
        return False
    return all(givens["b_1"]) and all(givens["b_2"])


def question_sum(f_u: Vector, f_v: Vector, f_0: Vector, s: int) -> str:
    where = {1: "u+v", -1: "u-v"}.get(s, f"u+{s}v")
    return (
        r"A layer computes $f(x)=xW+b$; $W$ and $b$ are not known. For two inputs $u$ and $v$ "
        rf"and for the zero vector it gave the values below. Give $f({where})$."
        rf"$$f(u)={tuple_of(f_u)}\qquad f(v)={tuple_of(f_v)}\qquad f(0)={tuple_of(f_0)}$$"
    )


def question_stretch(W: Matrix) -> str:
    return (
        r"A map sends the row $x$ to $xW$; the rows of $W$ are orthogonal. Give the largest and "
        r"the smallest factor by which it stretches a vector's length (the singular values), "
        r"then its determinant."
        rf"$$W={matrix(W)}$$"
    )


def question_merged(W_1: Matrix, b_1: Vector, W_2: Matrix, b_2: Vector) -> str:
    return (
        r"Two layers without a nonlinearity between them are one: $y=(xW_1+b_1)W_2+b_2=xW+b$. "
        r"Give $W$ and $b$ as one matrix of three rows, $b$ in the last one."
        rf"$$W_1={matrix(W_1)}\qquad b_1={row(b_1)}$$$$W_2={matrix(W_2)}\qquad b_2={row(b_2)}$$"
    )


def combined(u: Vector, s: Any, v: Vector) -> Vector:
    return [a + s * b for a, b in zip(u, v, strict=True)]


STEPS = (
    Step(
        "linear_u",
        "The linear part at u: the constant taken off",
        "uW",
        "f(u)-f(0)",
        lambda f_u, f_0: subtract([f_u], [f_0])[0],
        lambda f_u, f_0: rf"{f_u[0]}-{factor(f_0[0])}",
        levels=(1,),
    ),
    Step(
        "linear_v",
        "The linear part at v",
        "vW",
        "f(v)-f(0)",
        lambda f_v, f_0: subtract([f_v], [f_0])[0],
        lambda f_v, f_0: rf"{f_v[0]}-{factor(f_0[0])}",
        levels=(1,),
    ),
    Step(
        "value",
        "Linear parts combined, the constant added once",
        "f(u+sv)",
        "uW+s\\,vW+f(0)",
        lambda linear_u, s, linear_v, f_0: add([combined(linear_u, s, linear_v)], [f_0])[0],
        lambda linear_u, s, linear_v, f_0: (
            rf"{linear_u[0]}+{factor(s)}\cdot {factor(linear_v[0])}+{factor(f_0[0])}"
        ),
        levels=(1,),
    ),
    Step(
        "lengths",
        "Lengths of the rows: what the unit vectors are stretched to",
        r"\left(\lVert w_1\rVert, \lVert w_2\rVert\right)",
        r"\left(\sqrt{w_1\cdot w_1}, \sqrt{w_2\cdot w_2}\right)",
        lambda W: [norm(r) for r in W],
        lambda W: rf"\sqrt{{{products(W[0], W[0])}}}",
        levels=(2,),
    ),
    Step(
        "determinant",
        "Determinant: signed factor of areas",
        r"\det W",
        r"W_{11}W_{22}-W_{12}W_{21}",
        lambda W: W[0][0] * W[1][1] - W[0][1] * W[1][0],
        lambda W: (
            rf"{factor(W[0][0])}\cdot {factor(W[1][1])}-{factor(W[0][1])}\cdot {factor(W[1][0])}"
        ),
        levels=(2,),
    ),
    Step(
        "all",
        "Together, the larger stretch first",
        r"(\sigma_1,\ \sigma_2,\ \det W)",
        r"(\sigma_1,\ \sigma_2,\ \det W)",
        lambda lengths, determinant: [max(lengths), min(lengths), determinant],
        levels=(2,),
    ),
    Step(
        "weights",
        "Weights of the merged layer",
        "W",
        "W_1W_2",
        lambda W_1, W_2: matmul(W_1, W_2),
        lambda W_1, W_2: products(W_1[0], [r[0] for r in W_2]),
        levels=(3,),
    ),
    Step(
        "bias",
        "Bias of the merged layer: the first one goes through the second layer",
        "b",
        "b_1W_2+b_2",
        lambda b_1, W_2, b_2: add(matmul([b_1], W_2), [b_2])[0],
        lambda b_1, W_2, b_2: products(b_1, [r[0] for r in W_2]) + rf"+{factor(b_2[0])}",
        levels=(3,),
    ),
    Step(
        "merged",
        "Both together",
        r"\left(W;\ b\right)",
        r"\left(W_1W_2;\ b_1W_2+b_2\right)",
        lambda weights, bias: [*weights, bias],
        levels=(3,),
    ),
)

MISTAKES = (
    Mistake(
        "taken-as-linear",
        "value",
        lambda f_u, s, f_v: combined(f_u, s, f_v),
        "You added the values as for a linear map; the bias would count more than once.",
        when=lambda s: s != 0,
        levels=(1,),
        cause="bias",
    ),
    Mistake(
        "constant-left-out",
        "value",
        lambda linear_u, s, linear_v: combined(linear_u, s, linear_v),
        r"You left the constant out in the end; $f$ has its bias at every input.",
        levels=(1,),
        cause="bias",
    ),
    Mistake(
        "constant-taken-off-once-too-little",
        "value",
        lambda f_u, s, f_v, f_0: add([combined(f_u, s, f_v)], [f_0])[0],
        "You added the constant to values that hold it already.",
        levels=(1,),
        cause="bias",
    ),
    Mistake(
        "factor-left-out",
        "value",
        lambda linear_u, linear_v, f_0: add([combined(linear_u, 1, linear_v)], [f_0])[0],
        "You left out the factor in front of v.",
        when=lambda s: s != 1,
        levels=(1,),
        cause="factor",
    ),
    Mistake(
        "mean-of-values",
        "value",
        lambda f_u, f_v: [(a + b) / 2 for a, b in zip(f_u, f_v, strict=True)],
        "You took the mean of the values: that is the value half-way between u and v.",
        levels=(1,),
        cause="bias",
    ),
    Mistake(
        "lengths-not-rooted",
        "lengths",
        lambda W: [r[0] ** 2 + r[1] ** 2 for r in W],
        "You gave squares of lengths; the stretch is the length itself.",
        cause="length",
    ),
    Mistake(
        "columns-for-rows",
        "lengths",
        lambda W: [norm(r) for r in transpose(W)],
        "You measured the columns; a row $x$ is sent to a sum of rows of W.",
        cause="transpose",
    ),
    Mistake(
        "entries-for-stretch",
        "lengths",
        lambda W: [abs(W[0][0]), abs(W[1][1])],
        "You read the stretches off the diagonal; the map turns as well.",
        cause="length",
    ),
    Mistake(
        "lengths-by-sums",
        "lengths",
        lambda W: [abs(r[0]) + abs(r[1]) for r in W],
        "You added the entries of a row; its length is the root of the sum of squares.",
        when=lambda W: W[0][0] * W[0][1] != 0,
        cause="length",
    ),
    Mistake(
        "sign-of-determinant",
        "determinant",
        lambda determinant: -determinant,
        r"The sign of the determinant is wrong: it is $W_{11}W_{22}-W_{12}W_{21}$.",
        cause="determinant",
    ),
    Mistake(
        "determinant-added",
        "determinant",
        lambda W: W[0][0] * W[1][1] + W[0][1] * W[1][0],
        "You added the products of the diagonals; the second one is subtracted.",
        cause="determinant",
    ),
    Mistake(
        "order-exchanged",
        "weights",
        lambda W_1, W_2: matmul(W_2, W_1),
        r"You computed $W_2W_1$; tokens in rows meet $W_1$ first.",
        levels=(3,),
        cause="order",
    ),
    Mistake(
        "weights-added",
        "weights",
        lambda W_1, W_2: add(W_1, W_2),
        "You added the weights; layers one after the other multiply.",
        levels=(3,),
        cause="product",
    ),
    Mistake(
        "biases-added",
        "bias",
        lambda b_1, b_2: add([b_1], [b_2])[0],
        r"You added the biases; the first one goes through $W_2$.",
        levels=(3,),
        cause="bias",
    ),
    Mistake(
        "first-bias-left-out",
        "bias",
        lambda b_2: b_2,
        "You left out the first bias.",
        levels=(3,),
        cause="bias",
    ),
    Mistake(
        "second-bias-left-out",
        "bias",
        lambda b_1, W_2: matmul([b_1], W_2)[0],
        "You left out the second bias.",
        levels=(3,),
        cause="bias",
    ),
    Mistake(
        "second-bias-through-first",
        "bias",
        lambda b_1, b_2, W_1: add(matmul([b_2], W_1), [b_1])[0],
        r"You sent the second bias through $W_1$; the first one goes through $W_2$.",
        levels=(3,),
        cause="bias",
    ),
)

FAMILIES = (
    Family(
        name="affine-map",
        version=1,
        title="Affine maps in numbers",
        topic="dot products and linear maps",
        says="What a bias changes, how far a matrix stretches, and what two layers make.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_sum, 2: question_stretch, 3: question_merged},
        precision={1: Exact(), 2: Exact(), 3: Exact()},
        convention="",
        fine=fine,
        items=("N2.19", "N2.42", "N2.43", "N2.44"),
    ),
)
