"""A gated unit: forward exactly, back through the gate, then back to the input of both branches."""

from __future__ import annotations

from typing import Any

from studykit.answers import Exact, Places
from studykit.problems.arithmetic import Matrix, Vector, add, matmul, matmul_t, sigmoid, softmax
from studykit.problems.degenerate import some_zero_row
from studykit.problems.dice import Dice
from studykit.problems.exact import exp, ln
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.wording import cell, factor, matrix, number, products, row

GATES = (2, 3, 4, 5)
"""exp(|b|) at level 1 and 2: then the sigmoid is a fraction."""


def draws(dice: Dice, level: int) -> dict[str, Any]:
    if level < 3:
        n = 3 if level == 1 else 2
        given: dict[str, Any] = {
            "a": dice.vector(n, -6, 8),
            "b": [ln(dice.pick(GATES)) * dice.pick([1, -1]) for _ in range(n)],
        }
        return given if level == 1 else given | {"g": dice.vector(n, -6, 6)}
    return {
        "x": dice.vector(2, -2, 2),
        "W_a": dice.matrix(2, 2, -2, 2),
        "W_b": [[dice.between(-10, 10) / 10 for _ in range(2)] for _ in range(2)],
        "g": dice.vector(2, -4, 4),
    }


def fine(level: int, givens: dict[str, Any]) -> bool:
    """Numbers that are there, gates that differ and are not shut or wide open."""
    if level == 3:
        W = [givens["W_a"], givens["W_b"]]
        if some_zero_row([givens["x"], givens["g"]], *W) or not all([*givens["g"], *givens["x"]]):
            return False
        gates = givens["gates"]
        return all(givens["a"]) and all(0.1 < s < 0.9 for s in gates) and gates[0] != gates[1]
    return all(givens["a"]) and len(set(givens["b"])) > 1 and all(givens.get("g", [1]))


def question_forward(a: Vector, b: Vector) -> str:
    return (
        r"A gated linear unit lets $a$ through as far as the gate $b$ is open: "
        r"$h=a\circ\sigma(b)$ with $\sigma(z)=1/(1+e^{-z})$. Give $h$."
        rf"$$a={row(a)}\qquad b={row(b)}$$"
    )


def question_gate(a: Vector, b: Vector, g: Vector) -> str:
    return (
        r"A gated linear unit: $h=a\circ\sigma(b)$ with $\sigma(z)=1/(1+e^{-z})$. Coming back is "
        r"$g=\partial L/\partial h$. Give $\partial L/\partial a$ and $\partial L/\partial b$, in "
        r"two rows."
        rf"$$a={row(a)}\qquad b={row(b)}\qquad g={row(g)}$$"
    )


def question_input(x: Vector, W_a: Matrix, W_b: Matrix, g: Vector) -> str:
    return (
        r"A gated linear unit of the token $x$, a row: $h=(xW_a)\circ\sigma(xW_b)$ with "
        r"$\sigma(z)=1/(1+e^{-z})$. Coming back is $g=\partial L/\partial h$. Give "
        r"$\partial L/\partial x$."
        rf"$$x={row(x)}\qquad g={row(g)}$$"
        rf"$$W_a={matrix(W_a)}\qquad W_b={matrix(W_b, 1)}$$"
    )


def times(*vectors: Vector) -> Vector:
    """All of them multiplied entry by entry."""
    out = list(vectors[0])
    for v in vectors[1:]:
        out = [a * b for a, b in zip(out, v, strict=True)]
    return out


def slopes(gates: Vector) -> Vector:
    return [s * (1 - s) for s in gates]


STEPS = (
    Step(
        "a",
        "What is let through",
        "a",
        "xW_a",
        lambda x, W_a: matmul([x], W_a)[0],
        lambda x, W_a: products(x, [r[0] for r in W_a]),
        levels=(3,),
    ),
    Step(
        "b",
        "The gate before the sigmoid",
        "b",
        "xW_b",
        lambda x, W_b: matmul([x], W_b)[0],
        lambda x, W_b: products(x, [r[0] for r in W_b]),
        levels=(3,),
    ),
    Step(
        "gates",
        "How far every gate is open",
        r"\sigma(b)",
        r"\frac{1}{1+e^{-b}}",
        lambda b: [sigmoid(z) for z in b],
        lambda b: rf"\frac{{1}}{{1+{number(exp(-b[0]))}}}",
    ),
    Step(
        "output",
        "So much gets through",
        "h",
        r"a\circ\sigma(b)",
        lambda a, gates: times(a, gates),
        lambda a, gates: rf"{factor(a[0])}\cdot {cell(gates[0])}",
        levels=(1,),
    ),
    Step(
        "d_a",
        "Back to what is let through: times the gate",
        r"\frac{\partial L}{\partial a}",
        r"g\circ\sigma(b)",
        lambda g, gates: times(g, gates),
        lambda g, gates: rf"{factor(g[0])}\cdot {cell(gates[0])}",
        levels=(2, 3),
    ),
    Step(
        "d_b",
        "Back to the gate: times what it lets through and the slope of the sigmoid",
        r"\frac{\partial L}{\partial b}",
        r"g\circ a\circ\sigma(b)\circ(1-\sigma(b))",
        lambda g, a, gates: times(g, a, slopes(gates)),
        lambda g, a, gates: (
            rf"{factor(g[0])}\cdot {factor(a[0])}\cdot {cell(gates[0])}\cdot(1-{cell(gates[0])})"
        ),
        levels=(2, 3),
    ),
    Step(
        "both",
        "Both together",
        r"\left(\frac{\partial L}{\partial a},\ \frac{\partial L}{\partial b}\right)",
        r"\left(\frac{\partial L}{\partial a},\ \frac{\partial L}{\partial b}\right)",
        lambda d_a, d_b: [d_a, d_b],
        levels=(2,),
    ),
    Step(
        "d_input",
        "x went into both branches: both parts add up",
        r"\frac{\partial L}{\partial x}",
        r"\frac{\partial L}{\partial a}W_a^\top+\frac{\partial L}{\partial b}W_b^\top",
        lambda d_a, d_b, W_a, W_b: add(matmul_t([d_a], W_a), matmul_t([d_b], W_b))[0],
        lambda d_a, d_b, W_a, W_b: f"{products(d_a, W_a[0])}+{products(d_b, W_b[0])}",
        levels=(3,),
    ),
)

MISTAKES = (
    Mistake(
        "gate-left-out",
        "output",
        lambda a, b: times(a, b),
        "You multiplied by the gate itself; the sigmoid is applied to it first.",
        levels=(1,),
        cause="sigmoid",
    ),
    Mistake(
        "halves-exchanged",
        "output",
        lambda a, b: times(b, [sigmoid(z) for z in a]),
        "You applied the sigmoid to the other half; it belongs to the gate.",
        levels=(1,),
        cause="roles",
    ),
    Mistake(
        "sign-in-the-exponent",
        "gates",
        lambda b: [sigmoid(-z) for z in b],
        r"You used $e^{b}$ in place of $e^{-b}$: open and shut are exchanged.",
        cause="sigmoid",
    ),
    Mistake(
        "softmax-for-sigmoid",
        "gates",
        softmax,
        "You took a softmax over the gates; each one opens by itself.",
        takes=("b",),
        cause="sigmoid",
    ),
    Mistake(
        "gates-only",
        "output",
        lambda gates: list(gates),
        "You gave the gates; they are multiplied by $a$.",
        levels=(1,),
        cause="stopped",
    ),
    Mistake(
        "silu-for-gate",
        "output",
        lambda b, gates: times(b, gates),
        r"You gave $b\circ\sigma(b)$, which is SiLU; the gate lets $a$ through.",
        levels=(1,),
        cause="roles",
    ),
    Mistake(
        "slope-left-out",
        "d_b",
        lambda g, a: times(g, a),
        "You left out the slope of the sigmoid on the way to the gate.",
        levels=(2, 3),
        cause="slope",
    ),
    Mistake(
        "value-for-slope",
        "d_b",
        lambda g, a, gates: times(g, a, gates),
        r"You used $\sigma$ for its slope; that is $\sigma(1-\sigma)$.",
        levels=(2, 3),
        cause="slope",
    ),
    Mistake(
        "let-through-left-out",
        "d_b",
        lambda g, gates: times(g, slopes(gates)),
        "You left out what the gate lets through: the product rule keeps $a$ as a factor.",
        levels=(2, 3),
        cause="product-rule",
    ),
    Mistake(
        "gate-left-out",
        "d_a",
        lambda g: list(g),
        "You left out the gate on the way to $a$.",
        levels=(2, 3),
        cause="product-rule",
    ),
    Mistake(
        "slope-on-the-wrong-branch",
        "d_a",
        lambda g, gates: times(g, slopes(gates)),
        "You used the slope of the sigmoid for $a$; the gate itself is its factor.",
        levels=(2, 3),
        cause="product-rule",
    ),
    Mistake(
        "one-branch-only",
        "d_input",
        lambda d_a, W_a: matmul_t([d_a], W_a)[0],
        "You went back through $a$ only; the gate is made of x as well.",
        levels=(3,),
        cause="paths",
    ),
    Mistake(
        "gate-branch-only",
        "d_input",
        lambda d_b, W_b: matmul_t([d_b], W_b)[0],
        "You went back through the gate only; $a$ is made of x as well.",
        levels=(3,),
        cause="paths",
    ),
    Mistake(
        "weights-not-transposed",
        "d_input",
        lambda d_a, d_b, W_a, W_b: add(matmul([d_a], W_a), matmul([d_b], W_b))[0],
        r"You multiplied by the weights; backward they are transposed.",
        levels=(3,),
        cause="product",
    ),
)

FAMILIES = (
    Family(
        name="gated-unit",
        version=1,
        title="Gated linear unit",
        topic="normalisation and blocks",
        says="How far a gate is open, and how gradient goes back through both branches.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_forward, 2: question_gate, 3: question_input},
        precision={1: Exact(), 2: Exact(), 3: Places(3)},
        convention={2: "the first row for a, the second for b"},
        fine=fine,
        items=("N2.20", "N3.39"),
    ),
)
