"""LoRA: parameters of one adapter, of a whole model, then the merged weights."""

from __future__ import annotations

from typing import Any

from studykit.answers import Exact
from studykit.problems.arithmetic import Matrix, add, matmul, scale, subtract
from studykit.problems.degenerate import some_zero_row
from studykit.problems.dice import Dice
from studykit.problems.exact import divide
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.wording import factor, matrix


def draws(dice: Dice, level: int) -> dict[str, Any] | None:
    if level == 3:
        r = dice.pick([1, 2])
        return {
            "W": dice.matrix(2, 2, -4, 4),
            "A": dice.matrix(2, r, -3, 3),
            "B": dice.matrix(r, 2, -3, 3),
            "alpha": dice.pick([2, 4, 6, 8]) * r // 2,
            "r": r,
        }
    d_in, d_out = 64 * dice.between(4, 64), 64 * dice.between(4, 64)
    given = {"d_in": d_in, "d_out": d_out, "r": dice.pick([4, 8, 16, 32])}
    if level == 1:
        return given
    return given | {
        "d_out": d_in,
        "layers": dice.pick([12, 16, 24, 32, 40]),
        "each": dice.pick([2, 3, 4]),
    }


def fine(level: int, r: int, givens: dict[str, Any]) -> bool:
    if level < 3:
        return bool(level == 2 or givens["d_in"] != givens["d_out"])
    empty = some_zero_row(givens["W"], givens["A"], givens["B"])
    return not empty and givens["alpha"] not in (r, r * r)


def question_one(d_in: int, d_out: int, r: int) -> str:
    return (
        rf"A weight matrix with ${d_in}$ inputs and ${d_out}$ outputs stays frozen. LoRA of rank "
        rf"${r}$ adds the product of two thin matrices to it. How many parameters are trained?"
    )


def question_model(d_in: int, r: int, layers: int, each: int) -> str:
    return (
        rf"LoRA of rank ${r}$ is put on {each} square matrices of width ${d_in}$ in each of "
        rf"${layers}$ layers. Give the number of parameters trained, and what part of the "
        r"parameters of these matrices that is."
    )


def question_merged(W: Matrix, A: Matrix, B: Matrix, alpha: int, r: int) -> str:
    return (
        rf"Tokens are rows. LoRA of rank $r={r}$ with $\alpha={alpha}$ turns $xW$ into "
        r"$xW+\frac{\alpha}{r}\,xAB$. Give the merged weights."
        rf"$$W={matrix(W)}\qquad A={matrix(A)}\qquad B={matrix(B)}$$"
    )


STEPS = (
    Step(
        "one",
        "Parameters of one adapter: both thin matrices",
        "P_1",
        r"r\,(d_{in}+d_{out})",
        lambda d_in, d_out, r: r * (d_in + d_out),
        lambda d_in, d_out, r: rf"{r}\cdot({d_in}+{d_out})",
        levels=(1, 2),
    ),
    Step(
        "total",
        "In all layers",
        "P",
        r"\text{layers}\cdot\text{matrices}\cdot P_1",
        lambda layers, each, one: layers * each * one,
        lambda layers, each, one: rf"{layers}\cdot {each}\cdot {one}",
        levels=(2,),
    ),
    Step(
        "part",
        "Part of the full matrices, the same for one as for all",
        r"\rho",
        r"\frac{P_1}{d^2}",
        lambda one, d_in: divide(one, d_in**2),
        lambda one, d_in: rf"\frac{{{one}}}{{{d_in}^2}}",
        levels=(2,),
    ),
    Step(
        "both",
        "Both together",
        r"(P,\ \rho)",
        r"(P,\ \rho)",
        lambda total, part: [total, part],
        levels=(2,),
    ),
    Step(
        "product",
        "The product of the thin matrices",
        "AB",
        "AB",
        lambda A, B: matmul(A, B),
        levels=(3,),
    ),
    Step(
        "change",
        "Scaled",
        r"\Delta W",
        r"\frac{\alpha}{r}\,AB",
        lambda alpha, r, product: scale(product, divide(alpha, r)),
        lambda alpha, r, product: rf"\frac{{{alpha}}}{{{r}}}\cdot {factor(product[0][0])}",
        levels=(3,),
    ),
    Step(
        "merged",
        "Added to the frozen weights",
        "W'",
        r"W+\Delta W",
        lambda W, change: add(W, change),
        lambda W, change: rf"{W[0][0]}+{factor(change[0][0])}",
        levels=(3,),
    ),
)

MISTAKES = (
    Mistake(
        "full-matrix",
        "one",
        lambda d_in, d_out: d_in * d_out,
        "You counted the full matrix; it stays frozen, only the thin ones are trained.",
        levels=(1,),
        cause="count",
    ),
    Mistake(
        "rank-times-matrix",
        "one",
        lambda d_in, d_out, r: r * d_in * d_out,
        "You multiplied the full matrix by the rank; thin matrices add their sizes.",
        cause="count",
    ),
    Mistake(
        "one-thin-matrix",
        "one",
        lambda d_in, r: r * d_in,
        "You counted one of the thin matrices; there are two.",
        cause="count",
    ),
    Mistake(
        "rank-squared",
        "one",
        lambda d_in, d_out, r: r * (d_in + d_out) + r * r,
        "You added a square matrix of the rank's size; there is none between the two.",
        cause="count",
    ),
    Mistake(
        "one-layer",
        "total",
        lambda each, one: each * one,
        "You counted one layer.",
        cause="layers",
    ),
    Mistake(
        "one-matrix-a-layer",
        "total",
        lambda layers, one: layers * one,
        "You counted one matrix a layer.",
        cause="layers",
    ),
    Mistake(
        "part-upside-down",
        "part",
        lambda one, d_in: divide(d_in**2, one),
        "You turned the part upside down: that is by how much fewer they are.",
        cause="part",
    ),
    Mistake(
        "all-over-one",
        "part",
        lambda total, d_in: divide(total, d_in**2),
        "You divided all adapters by one matrix; compare like with like.",
        cause="part",
    ),
    Mistake(
        "scale-left-out",
        "change",
        lambda product: product,
        r"You left out $\alpha/r$.",
        levels=(3,),
        cause="scale",
    ),
    Mistake(
        "rank-left-out",
        "change",
        lambda product, alpha: scale(product, alpha),
        r"You multiplied by $\alpha$ alone; it is divided by the rank.",
        when=lambda r: r != 1,
        levels=(3,),
        cause="scale",
    ),
    Mistake(
        "scale-upside-down",
        "change",
        lambda product, alpha, r: scale(product, divide(r, alpha)),
        r"You multiplied by $r/\alpha$; it is $\alpha/r$.",
        levels=(3,),
        cause="scale",
    ),
    Mistake(
        "order-exchanged",
        "product",
        lambda A, B: matmul(B, A),
        r"You computed $BA$; a row $x$ meets $A$ first.",
        levels=(3,),
        cause="order",
    ),
    Mistake(
        "change-for-weights",
        "merged",
        lambda change: change,
        "You gave the change; the frozen weights are still to be added.",
        levels=(3,),
        cause="stopped",
    ),
    Mistake(
        "change-subtracted",
        "merged",
        lambda W, change: subtract(W, change),
        "You subtracted the change; it is added.",
        levels=(3,),
        cause="sign",
    ),
)

FAMILIES = (
    Family(
        name="low-rank-adapter",
        version=1,
        title="LoRA",
        topic="parameters, FLOPs and memory",
        says="What a low-rank adapter trains, and what it makes of the weights.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_one, 2: question_model, 3: question_merged},
        precision={1: Exact(), 2: Exact(), 3: Exact()},
        convention="",
        fine=fine,
        items=("N4.22", "N0.3"),
    ),
)
