"""The network of a block: ReLU for one token, for two, then gated with SiLU."""

from __future__ import annotations

import math
from typing import Any

from studykit.answers import Exact, Places
from studykit.problems.arithmetic import Matrix, Vector, add, add_row, each, hadamard, matmul
from studykit.problems.degenerate import some_zero_row
from studykit.problems.dice import Dice
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.wording import cell, factor, matrix, products, row


def draws(dice: Dice, level: int) -> dict[str, Any]:
    if level == 3:
        return {
            "X": dice.matrix(1, 2, -2, 3),
            "W_gate": dice.matrix(2, 2, -2, 2),
            "W_up": dice.matrix(2, 2, -2, 2),
            "W_down": dice.matrix(2, 2, -2, 3),
        }
    n, inner = (1, 3) if level == 1 else (2, 3)
    return {
        "X": dice.matrix(n, 2, -3, 4),
        "W_1": dice.matrix(2, inner, -2, 2),
        "b_1": dice.vector(inner, -2, 2),
        "W_2": dice.matrix(inner, 2, -3, 3),
        "b_2": dice.vector(2, -4, 4),
    }


def fine(level: int, givens: dict[str, Any], hidden: Matrix) -> bool:
    """Every token has units on and units off, none stands at 0; nothing is empty."""
    matrices = [givens[n] for n in ("X", "W_1", "W_2", "W_gate", "W_up", "W_down") if n in givens]
    if some_zero_row(*matrices):
        return False
    if level == 3:
        small = max(abs(x) for x in givens["gate"][0] + givens["up"][0]) <= 5
        return small and all(givens["gate"][0]) and all(givens["up"][0])
    units = givens["pre"]
    if len(units) == 2 and units[0] == units[1]:
        return False
    bias = any(givens["b_1"]) and all(givens["b_2"])
    return bias and all(0 not in z and min(z) < 0 < max(z) for z in units) and len(hidden) > 0


def question(X: Matrix, W_1: Matrix, b_1: Vector, W_2: Matrix, b_2: Vector) -> str:
    tokens = "A token $x$ is a row" if len(X) == 1 else "The rows of $X$ are tokens"
    return (
        rf"{tokens}. Compute the output of the network $\mathrm{{relu}}(XW_1+b_1)\,W_2+b_2$."
        rf"$$X={matrix(X)}\quad W_1={matrix(W_1)}\quad b_1={row(b_1)}$$"
        rf"$$W_2={matrix(W_2)}\quad b_2={row(b_2)}$$"
    )


def question_gated(X: Matrix, W_gate: Matrix, W_up: Matrix, W_down: Matrix) -> str:
    return (
        r"Compute the output of the gated network (SwiGLU) "
        r"$\left(\mathrm{silu}(XW_g)\circ XW_u\right)W_d$ for one token; "
        r"$\mathrm{silu}(z)=z/(1+e^{-z})$."
        rf"$$X={matrix(X)}\quad W_g={matrix(W_gate)}$$"
        rf"$$W_u={matrix(W_up)}\quad W_d={matrix(W_down)}$$"
    )


def relu(z: Any) -> Any:
    return max(z, 0)


def silu(z: Any) -> float:
    return float(z) / (1 + math.exp(-z))


STEPS = (
    Step(
        "pre",
        "Inputs of the hidden units",
        "Z",
        "XW_1+b_1",
        lambda X, W_1, b_1: add_row(matmul(X, W_1), b_1),
        lambda X, W_1, b_1: products(X[0], [r[0] for r in W_1]) + rf"+{factor(b_1[0])}",
        levels=(1, 2),
    ),
    Step(
        "hidden",
        "ReLU: negative inputs become 0",
        "H",
        r"\mathrm{relu}(Z)",
        lambda pre: each(pre, relu),
        lambda pre: rf"\max({pre[0][0]},\ 0)",
        levels=(1, 2),
    ),
    Step(
        "output",
        "Second layer",
        "Y",
        "HW_2+b_2",
        lambda hidden, W_2, b_2: add_row(matmul(hidden, W_2), b_2),
        lambda hidden, W_2, b_2: products(hidden[0], [r[0] for r in W_2]) + rf"+{factor(b_2[0])}",
        levels=(1, 2),
    ),
    Step(
        "gate",
        "Inputs of the gate",
        "Z",
        "XW_g",
        lambda X, W_gate: matmul(X, W_gate),
        lambda X, W_gate: products(X[0], [r[0] for r in W_gate]),
        levels=(3,),
    ),
    Step(
        "up",
        "What the gate lets through",
        "U",
        "XW_u",
        lambda X, W_up: matmul(X, W_up),
        lambda X, W_up: products(X[0], [r[0] for r in W_up]),
        levels=(3,),
    ),
    Step(
        "hidden",
        "Gate times what it lets through",
        "H",
        r"\mathrm{silu}(Z)\circ U",
        lambda gate, up: hadamard(each(gate, silu), up),
        lambda gate, up: (
            rf"\frac{{{cell(gate[0][0])}}}{{1+e^{{{cell(-gate[0][0])}}}}}\cdot "
            rf"{factor(up[0][0])}"
        ),
        levels=(3,),
    ),
    Step(
        "output",
        "Back to the model's width",
        "Y",
        "HW_d",
        lambda hidden, W_down: matmul(hidden, W_down),
        lambda hidden, W_down: products(hidden[0], [r[0] for r in W_down]),
        levels=(3,),
    ),
)

MISTAKES = (
    Mistake(
        "relu-left-out",
        "hidden",
        lambda pre: pre,
        "You left out the ReLU: negative inputs become 0.",
        levels=(1, 2),
        cause="relu",
    ),
    Mistake(
        "absolute-for-relu",
        "hidden",
        lambda pre: each(pre, abs),
        "You took absolute values; ReLU sets negative inputs to 0.",
        levels=(1, 2),
        cause="relu",
    ),
    Mistake(
        "relu-turned-round",
        "hidden",
        lambda pre: each(pre, lambda z: min(z, 0)),
        "You kept the negative inputs; ReLU keeps the positive ones.",
        levels=(1, 2),
        cause="relu",
    ),
    Mistake(
        "relu-at-the-end",
        "output",
        lambda output: each(output, relu),
        "You applied the ReLU to the output as well; it stands between the layers only.",
        when=lambda output: min(min(r) for r in output) < 0,
        levels=(1, 2),
        cause="relu",
    ),
    Mistake(
        "first-bias-left-out",
        "pre",
        lambda X, W_1: matmul(X, W_1),
        "You left out the first bias.",
        when=lambda b_1, pre, X, W_1: each(pre, relu) != each(matmul(X, W_1), relu),
        levels=(1, 2),
        cause="bias",
    ),
    Mistake(
        "second-bias-left-out",
        "output",
        lambda hidden, W_2: matmul(hidden, W_2),
        "You left out the second bias.",
        levels=(1, 2),
        cause="bias",
    ),
    Mistake(
        "relu-before-bias",
        "hidden",
        lambda X, W_1, b_1: add_row(each(matmul(X, W_1), relu), b_1),
        "You applied the ReLU before the bias.",
        when=lambda hidden, X, W_1, b_1: add_row(each(matmul(X, W_1), relu), b_1) != hidden,
        levels=(1, 2),
        cause="relu",
    ),
    Mistake(
        "residual-added",
        "output",
        lambda output, X: add(output, X),
        "You added the token to the result; the residual is added outside the network.",
        cause="residual",
    ),
    Mistake(
        "gate-and-up-exchanged",
        "hidden",
        lambda gate, up: hadamard(gate, each(up, silu)),
        "You applied SiLU to the other branch; it belongs to the gate.",
        levels=(3,),
        cause="gate",
    ),
    Mistake(
        "sigmoid-for-silu",
        "hidden",
        lambda gate, up: hadamard(each(gate, lambda z: 1 / (1 + math.exp(-z))), up),
        r"You used the sigmoid; SiLU is $z\,\sigma(z)$.",
        levels=(3,),
        cause="gate",
    ),
    Mistake(
        "relu-for-silu",
        "hidden",
        lambda gate, up: hadamard(each(gate, relu), up),
        "You used ReLU; SiLU is smooth and lets a little of negative inputs through.",
        levels=(3,),
        cause="gate",
    ),
    Mistake(
        "gate-left-out",
        "hidden",
        lambda gate: each(gate, silu),
        "You left out the other branch; it is multiplied by the gate.",
        levels=(3,),
        cause="gate",
    ),
    Mistake(
        "branches-added",
        "hidden",
        lambda gate, up: add(each(gate, silu), up),
        "You added the branches; they are multiplied entry by entry.",
        levels=(3,),
        cause="gate",
    ),
)

FAMILIES = (
    Family(
        name="feed-forward",
        version=1,
        title="Network of a block",
        topic="normalisation and blocks",
        says="Two layers and a ReLU between them, or a gate.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question, 2: question, 3: question_gated},
        precision={1: Exact(), 2: Exact(), 3: Places(2)},
        convention="one row for each token",
        fine=fine,
        items=("N3.39",),
    ),
)
