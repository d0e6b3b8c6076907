"""Gradients of a squared loss whose factor is printed: one example, a batch, a weight matrix."""

from __future__ import annotations

from typing import Any

from studykit.answers import Exact
from studykit.problems.arithmetic import Matrix, Vector, dot, matmul, shrink, subtract, transpose
from studykit.problems.dice import Dice
from studykit.problems.exact import divide
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.wording import cell, factor, matrix, products, tuple_of


def draws(dice: Dice, level: int) -> dict[str, Any]:
    if level == 1:
        return {
            "x": dice.vector(2, -4, 4),
            "w": dice.vector(2, -3, 3),
            "b": dice.between(-3, 3),
            "y": dice.between(-6, 6),
            "half": dice.between(0, 1),
        }
    if level == 2:
        n = dice.pick([2, 4])
        return {
            "x": dice.vector(n, -4, 4),
            "w": dice.between(-3, 3),
            "b": dice.between(-3, 3),
            "y": dice.vector(n, -6, 6),
        }
    return {
        "X": dice.matrix(2, 2, -3, 3),
        "W": dice.matrix(2, 2, -2, 2),
        "Y": dice.matrix(2, 2, -4, 4),
    }


def fine(off: Any, level: int, givens: dict[str, Any]) -> bool:
    """Small errors that are not zero, for a batch not all alike; no input of 0."""
    if level < 3 and 0 in givens["x"]:
        return False
    numbers = [off] if level == 1 else off if level == 2 else [x for r in off for x in r]
    return all(1 <= abs(x) <= 14 for x in numbers) and (level == 1 or len(set(numbers)) > 1)


def question_one(x: Vector, w: Vector, b: int, y: int, half: int) -> str:
    loss = r"\tfrac{1}{2}(\hat y-y)^2" if half else r"(\hat y-y)^2"
    return (
        r"A linear model predicts $\hat y=w\cdot x+b$. "
        rf"The loss of one example is $L={loss}$. Give "
        r"$\left(\partial L/\partial w_1,\ \partial L/\partial w_2,\ \partial L/\partial b\right)$."
        rf"$$x={tuple_of(x)}\quad w={tuple_of(w)}\quad b={b}\quad y={y}$$"
    )


def question_batch(x: Vector, w: int, b: int, y: Vector) -> str:
    return (
        rf"A model predicts $\hat y_i=w\,x_i+b$ for ${len(x)}$ examples. The loss is the mean of "
        r"$(\hat y_i-y_i)^2$ over them. Give "
        r"$\left(\partial L/\partial w,\ \partial L/\partial b\right)$."
        rf"$$x={tuple_of(x)}\qquad y={tuple_of(y)}\qquad w={w}\qquad b={b}$$"
    )


def question_matrix(X: Matrix, W: Matrix, Y: Matrix) -> str:
    return (
        r"The rows of $X$ are two examples, each with two targets in $Y$. The loss is "
        r"$L=\frac{1}{2}\lVert XW-Y\rVert^2$, half the sum of all squared entries. Give the "
        r"matrix $\partial L/\partial W$."
        rf"$$X={matrix(X)}\qquad W={matrix(W)}\qquad Y={matrix(Y)}$$"
    )


STEPS = (
    Step(
        "off",
        "Error of the prediction",
        r"\hat y-y",
        r"w\cdot x+b-y",
        lambda x, w, b, y: dot(w, x) + b - y,
        lambda x, w, b, y: rf"{products(w, x)}+{factor(b)}-{factor(y)}",
        levels=(1,),
    ),
    Step(
        "slope",
        "Derivative of the loss for the prediction",
        r"\frac{\partial L}{\partial\hat y}",
        lambda half: r"\hat y-y" if half else r"2(\hat y-y)",
        lambda off, half: off if half else 2 * off,
        lambda off, half: cell(off) if half else rf"2\cdot {factor(off)}",
        levels=(1,),
    ),
    Step(
        "gradient",
        "Chain rule: times the input for each weight, times 1 for the bias",
        r"\nabla L",
        r"\frac{\partial L}{\partial\hat y}\cdot(x_1,\ x_2,\ 1)",
        lambda slope, x: [slope * a for a in x] + [slope],
        lambda slope, x: rf"{factor(slope)}\cdot {factor(x[0])}",
        levels=(1,),
    ),
    Step(
        "off",
        "Errors of the predictions",
        r"\hat y-y",
        r"w\,x_i+b-y_i",
        lambda x, w, b, y: [w * a + b - t for a, t in zip(x, y, strict=True)],
        lambda x, w, b, y: rf"{factor(w)}\cdot {factor(x[0])}+{factor(b)}-{factor(y[0])}",
        levels=(2,),
    ),
    Step(
        "gradient",
        "Mean over the examples of 2 · error · (input, 1)",
        r"\nabla L",
        r"\left(\frac{2}{N}\sum_i(\hat y_i-y_i)\,x_i,\ \frac{2}{N}\sum_i(\hat y_i-y_i)\right)",
        lambda off, x: [divide(2 * dot(off, x), len(x)), divide(2 * sum(off), len(x))],
        lambda off, x: rf"\frac{{2}}{{{len(x)}}}\left({products(off, x)}\right)",
        levels=(2,),
    ),
    Step(
        "off",
        "Errors of all predictions",
        "E",
        "XW-Y",
        lambda X, W, Y: subtract(matmul(X, W), Y),
        lambda X, W, Y: rf"{products(X[0], [r[0] for r in W])}-{factor(Y[0][0])}",
        levels=(3,),
    ),
    Step(
        "gradient",
        "Gradient: each weight collects its input times its error, over all examples",
        r"\frac{\partial L}{\partial W}",
        r"X^\top(XW-Y)",
        lambda X, off: matmul(transpose(X), off),
        lambda X, off: products([r[0] for r in X], [r[0] for r in off]),
        levels=(3,),
    ),
)

MISTAKES = (
    Mistake(
        "factor-two-missing",
        "slope",
        lambda off: off,
        "You left out the factor 2 of the square; no ½ stands before this loss.",
        when=lambda half: not half,
        cause="factor",
    ),
    Mistake(
        "factor-two-too-many",
        "slope",
        lambda off: 2 * off,
        "You kept the factor 2; the ½ before this loss cancels it.",
        when=lambda half: bool(half),
        cause="factor",
    ),
    Mistake(
        "residual-turned-round",
        "slope",
        lambda slope: -slope,
        r"You used $y-\hat y$; the derivative has $\hat y-y$.",
        cause="sign",
    ),
    Mistake(
        "bias-left-out",
        "off",
        lambda x, w, y: dot(w, x) - y,
        "You left out the bias in the prediction.",
        when=lambda b: b != 0,
        levels=(1,),
        cause="prediction",
    ),
    Mistake(
        "target-left-out",
        "off",
        lambda x, w, b: dot(w, x) + b,
        "You used the prediction; its error is the prediction less the target.",
        when=lambda y: y != 0,
        levels=(1,),
        cause="prediction",
    ),
    Mistake(
        "input-left-out",
        "gradient",
        lambda slope, x: [slope for _ in x] + [slope],
        "You left out the input: the chain rule multiplies by x for a weight.",
        levels=(1,),
        cause="chain",
    ),
    Mistake(
        "weight-for-input",
        "gradient",
        lambda slope, w: [slope * a for a in w] + [slope],
        "You multiplied by the weight; the derivative for a weight has the input.",
        levels=(1,),
        cause="chain",
    ),
    Mistake(
        "bias-as-a-weight",
        "gradient",
        lambda slope, x, b: [slope * a for a in x] + [slope * b],
        "You multiplied the bias's derivative by the bias; its derivative is the slope itself.",
        when=lambda b: b != 1,
        levels=(1,),
        cause="chain",
    ),
    Mistake(
        "sum-for-mean",
        "gradient",
        lambda off, x: [2 * dot(off, x), 2 * sum(off)],
        "You gave the gradient of the sum; for the mean it is divided by the examples.",
        levels=(2,),
        cause="mean",
    ),
    Mistake(
        "factor-two-missing",
        "gradient",
        lambda off, x: [divide(dot(off, x), len(x)), divide(sum(off), len(x))],
        "You left out the factor 2 of the square.",
        levels=(2,),
        cause="factor",
    ),
    Mistake(
        "residual-turned-round",
        "off",
        lambda off: [-e for e in off],
        r"You used $y-\hat y$; the derivative has $\hat y-y$.",
        levels=(2,),
        cause="sign",
    ),
    Mistake(
        "bias-from-one-example",
        "gradient",
        lambda off, x: [divide(2 * dot(off, x), len(x)), 2 * off[0]],
        "You took the bias's gradient from the first example; it is the mean over all.",
        levels=(2,),
        cause="mean",
    ),
    Mistake(
        "input-left-out",
        "gradient",
        lambda off, x: [divide(2 * sum(off), len(x)), divide(2 * sum(off), len(x))],
        "You left out the input: the weight's derivative sums error times input.",
        levels=(2,),
        cause="chain",
    ),
    Mistake(
        "mean-input-times-mean-error",
        "gradient",
        lambda off, x: [
            divide(2 * sum(off) * sum(x), len(x) * len(x)),
            divide(2 * sum(off), len(x)),
        ],
        "You multiplied the means of error and input; it is the mean of their products.",
        levels=(2,),
        cause="mean",
    ),
    Mistake(
        "target-left-out",
        "off",
        lambda x, w, b: [w * a + b for a in x],
        "You used the predictions; their errors are predictions less targets.",
        levels=(2,),
        cause="prediction",
    ),
    Mistake(
        "factor-two-too-many",
        "gradient",
        lambda X, off: [[2 * e for e in r] for r in matmul(transpose(X), off)],
        "You kept the factor 2; the ½ before this loss cancels it.",
        levels=(3,),
        cause="factor",
    ),
    Mistake(
        "inputs-not-transposed",
        "gradient",
        lambda X, off: matmul(X, off),
        r"You computed $X(XW-Y)$; each weight collects its input over the examples, $X^\top$.",
        levels=(3,),
        cause="transpose",
    ),
    Mistake(
        "order-exchanged",
        "gradient",
        lambda X, off: matmul(off, transpose(X)),
        r"You computed $(XW-Y)X^\top$; the inputs stand on the left, $X^\top(XW-Y)$.",
        levels=(3,),
        cause="transpose",
    ),
    Mistake(
        "gradient-transposed",
        "gradient",
        lambda X, off: matmul(transpose(off), X),
        "You gave the transpose; the gradient has the shape of W, inputs in rows.",
        levels=(3,),
        cause="transpose",
    ),
    Mistake(
        "residual-turned-round",
        "off",
        lambda off: [[-e for e in r] for r in off],
        r"You used $Y-XW$; the gradient has $XW-Y$.",
        levels=(3,),
        cause="sign",
    ),
    Mistake(
        "mean-over-examples",
        "gradient",
        lambda X, off: shrink(matmul(transpose(X), off), len(X)),
        "You divided by the number of examples; this loss is a sum, not a mean.",
        levels=(3,),
        cause="mean",
    ),
    Mistake(
        "target-left-out",
        "off",
        lambda X, W: matmul(X, W),
        "You used the predictions; their errors are predictions less targets.",
        levels=(3,),
        cause="prediction",
    ),
    Mistake(
        "through-the-weights",
        "gradient",
        lambda off, W: matmul(off, transpose(W)),
        r"You gave $(XW-Y)W^\top$, the gradient for the inputs.",
        levels=(3,),
        cause="chain",
    ),
)

FAMILIES = (
    Family(
        name="squared-loss-gradient",
        version=1,
        title="Gradient of a squared loss",
        topic="losses and their gradients",
        says="Error times input, with the factor that the loss really has.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_one, 2: question_batch, 3: question_matrix},
        precision={1: Exact(), 2: Exact(), 3: Exact()},
        convention="",
        fine=fine,
        items=("N2.21", "N2.22"),
    ),
)
