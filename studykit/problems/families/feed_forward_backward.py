"""Back through the network of a block, for several tokens: to the hidden units, to the weights."""

from __future__ import annotations

from typing import Any

from studykit.answers import Exact, Places
from studykit.problems.arithmetic import (
    Matrix,
    column,
    each,
    hadamard,
    matmul,
    matmul_t,
    sigmoid,
    transpose,
)
from studykit.problems.degenerate import some_zero_row
from studykit.problems.dice import Dice
from studykit.problems.family import Family, Mistake, Step, named
from studykit.problems.mistakes.gradients import shared_weights
from studykit.problems.wording import cell, factor, matrix, partial, products


def draws(dice: Dice, level: int) -> dict[str, Any]:
    if level == 1:
        return {
            "Z": dice.matrix(2, 3, -4, 5),
            "W_2": dice.matrix(3, 2, -3, 3),
            "D": dice.matrix(2, 2, -3, 3),
        }
    given: dict[str, Any] = {
        "X": dice.matrix(2, 2, -3, 3),
        "W_2": dice.matrix(2, 2, -3, 3),
        "D": dice.matrix(2, 2, -3, 3),
    }
    if level == 2:
        return given | {"W_1": dice.matrix(2, 2, -2, 2), "b_1": dice.vector(2, -2, 2)}
    return given | {"Z": [[dice.between(-20, 20) / 10 for _ in range(2)] for _ in range(2)]}


def fine(D: Matrix, W_2: Matrix, level: int, givens: dict[str, Any]) -> bool:
    """No unit on the kink, some on and some off; no empty rows."""
    if some_zero_row(D, W_2, transpose(W_2), *([givens["X"]] if level > 1 else [])):
        return False
    Z = givens["Z"]
    flat = [z for row in Z for z in row]
    if level == 3:
        return all(abs(z) >= 0.3 for z in flat) and len(set(flat)) == 4 and 0 not in givens["X"][0]
    if level == 2 and 0 in givens["b_1"]:
        return False
    off = sum(z < 0 for z in flat)
    hidden = givens["d_hidden"]
    some_dead = all(any(z > 0 for z in row) for row in Z)
    return 0 not in flat and 0 < off < len(flat) - 1 and some_dead and all(map(all, hidden))


def question_hidden(Z: Matrix, W_2: Matrix, D: Matrix) -> str:
    return (
        r"The network of a block: $H=\mathrm{relu}(Z)$, $Y=HW_2$; rows are tokens. Coming back is "
        r"$D=\partial L/\partial Y$. Give $\partial L/\partial Z$."
        rf"$$Z={matrix(Z)}\qquad W_2={matrix(W_2)}\qquad D={matrix(D)}$$"
    )


def question_weights(X: Matrix, W_1: Matrix, b_1: list[int], W_2: Matrix, D: Matrix) -> str:
    return (
        r"The network of a block: $Z=XW_1+b_1$, $H=\mathrm{relu}(Z)$, $Y=HW_2$; the rows of $X$ "
        r"are tokens. Coming back is $D=\partial L/\partial Y$. Give $\partial L/\partial W_1$."
        rf"$$X={matrix(X)}\qquad W_1={matrix(W_1)}\qquad b_1={matrix([b_1])}$$"
        rf"$$W_2={matrix(W_2)}\qquad D={matrix(D)}$$"
    )


def question_silu(X: Matrix, Z: Matrix, W_2: Matrix, D: Matrix) -> str:
    return (
        r"The network of a block: $Z=XW_1$, $H=\mathrm{silu}(Z)$ with "
        r"$\mathrm{silu}(z)=z\,\sigma(z)$ and $\sigma(z)=1/(1+e^{-z})$, $Y=HW_2$; the rows of $X$ "
        r"are tokens. Coming back is $D=\partial L/\partial Y$. Give $\partial L/\partial W_1$."
        rf"$$X={matrix(X)}\qquad Z={matrix(Z, 1)}$$"
        rf"$$W_2={matrix(W_2)}\qquad D={matrix(D)}$$"
    )


def is_on(z: Any) -> int:
    return 1 if z > 0 else 0


def silu_slope(z: Any) -> Any:
    s = sigmoid(z)
    return s + z * s * (1 - s)


STEPS = (
    Step(
        "Z",
        "Before the ReLU",
        "Z",
        "XW_1+b_1",
        lambda X, W_1, b_1: [
            [a + b for a, b in zip(row, b_1, strict=True)] for row in matmul(X, W_1)
        ],
        lambda X, W_1, b_1: f"{products(X[0], column(W_1))}+{factor(b_1[0])}",
        levels=(2,),
    ),
    Step(
        "d_hidden",
        "Back through the second layer",
        partial("H"),
        r"DW_2^\top",
        lambda D, W_2: matmul_t(D, W_2),
        lambda D, W_2: products(D[0], W_2[0]),
    ),
    Step(
        "d_pre",
        "Through the ReLU: only where the unit was on",
        partial("Z"),
        r"\frac{\partial L}{\partial H}\circ[Z>0]",
        lambda d_hidden, Z: hadamard(d_hidden, each(Z, is_on)),
        lambda d_hidden, Z: rf"{cell(d_hidden[0][0])}\cdot {is_on(Z[0][0])}",
        levels=(1, 2),
    ),
    Step(
        "slope",
        "Slope of SiLU at every unit",
        r"\mathrm{silu}'(Z)",
        r"\sigma+Z\circ\sigma\circ(1-\sigma)",
        lambda Z: each(Z, silu_slope),
        lambda Z: (
            rf"{cell(round(sigmoid(Z[0][0]), 4))}+{factor(Z[0][0])}\cdot "
            rf"{cell(round(sigmoid(Z[0][0]), 4))}\cdot {cell(round(1 - sigmoid(Z[0][0]), 4))}"
        ),
        levels=(3,),
    ),
    Step(
        "d_pre",
        "Through the activation",
        partial("Z"),
        r"\frac{\partial L}{\partial H}\circ\mathrm{silu}'(Z)",
        lambda d_hidden, slope: hadamard(d_hidden, slope),
        lambda d_hidden, slope: rf"{cell(d_hidden[0][0])}\cdot {factor(slope[0][0])}",
        levels=(3,),
    ),
    Step(
        "d_weights",
        "Every token with what came back to its hidden units",
        partial("W_1"),
        r"X^\top\frac{\partial L}{\partial Z}",
        lambda X, d_pre: matmul(transpose(X), d_pre),
        lambda X, d_pre: products(column(X), column(d_pre)),
        levels=(2, 3),
    ),
)

MISTAKES = (
    Mistake(
        "relu-ignored",
        "d_pre",
        lambda d_hidden: d_hidden,
        "You let gradient through units that were off; there the ReLU is flat.",
        levels=(1, 2),
        cause="activation",
    ),
    Mistake(
        "relu-of-the-gradient",
        "d_pre",
        lambda d_hidden: each(d_hidden, lambda x: max(x, 0)),
        "You applied ReLU to the gradient; what counts is the sign of Z on the way forward.",
        levels=(1, 2),
        cause="activation",
    ),
    Mistake(
        "off-units-kept",
        "d_pre",
        lambda d_hidden, Z: hadamard(d_hidden, each(Z, lambda z: 1 - is_on(z))),
        "You kept the units that were off; gradient passes where the unit was on.",
        levels=(1, 2),
        cause="activation",
    ),
    Mistake(
        "activation-for-slope",
        "d_pre",
        lambda d_hidden, Z: hadamard(d_hidden, each(Z, lambda z: max(z, 0))),
        "You multiplied by the ReLU itself; its slope is 1 where the unit was on.",
        levels=(1, 2),
        cause="activation",
    ),
    Mistake(
        "second-weights-not-transposed",
        "d_hidden",
        lambda D, W_2: matmul(D, W_2),
        r"You multiplied by $W_2$; backward it is $W_2^\top$.",
        when=lambda W_2: len(W_2) == len(W_2[0]),
        levels=(2, 3),
        cause="product",
    ),
    Mistake(
        "second-layer-ignored",
        "d_hidden",
        lambda D, W_2: [[sum(w) for w in W_2] for _ in D],
        "You took everything that comes back as 1; it is given as D.",
        levels=(1,),
        cause="chain",
    ),
    Mistake(
        "second-layer-skipped",
        "d_hidden",
        lambda D: D,
        r"You went past the second layer; $W_2^\top$ stands between Y and H.",
        levels=(2, 3),
        cause="chain",
    ),
    *named(
        shared_weights("d_weights", "X", "d_pre", (2, 3)),
        "not-transposed",
        "first-token-only",
        "mean-over-tokens",
    ),
    Mistake(
        "bias-left-out",
        "Z",
        lambda X, W_1: matmul(X, W_1),
        "You left out the bias on the way forward; it decides which units are on.",
        when=lambda X, W_1, Z: each(matmul(X, W_1), is_on) != each(Z, is_on),
        levels=(2,),
        cause="forward",
    ),
    Mistake(
        "sigmoid-for-slope",
        "slope",
        lambda Z: each(Z, sigmoid),
        r"You took $\sigma$ for the slope; the product rule adds $z\,\sigma(1-\sigma)$.",
        levels=(3,),
        cause="activation",
    ),
    Mistake(
        "slope-of-the-sigmoid",
        "slope",
        lambda Z: each(Z, lambda z: sigmoid(z) * (1 - sigmoid(z))),
        r"You took the slope of $\sigma$; SiLU is $z\,\sigma(z)$.",
        levels=(3,),
        cause="activation",
    ),
    Mistake(
        "value-for-slope",
        "slope",
        lambda Z: each(Z, lambda z: z * sigmoid(z)),
        "You multiplied by SiLU itself; backward it is its slope.",
        levels=(3,),
        cause="activation",
    ),
    Mistake(
        "relu-for-silu",
        "slope",
        lambda Z: each(Z, is_on),
        "You used the slope of ReLU; SiLU is smooth.",
        levels=(3,),
        cause="activation",
    ),
)

FAMILIES = (
    Family(
        name="feed-forward-backward",
        version=1,
        title="Backward through the network of a block",
        topic="normalisation and blocks",
        says="Through the second layer, the activation and into the first weights.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_hidden, 2: question_weights, 3: question_silu},
        precision={1: Exact(), 2: Exact(), 3: Places(3)},
        convention={
            1: "one row for each token",
            2: "one row for each feature of X",
            3: "one row for each feature of X",
        },
        fine=fine,
        items=("N2.20", "N2.35", "N3.39"),
    ),
)
