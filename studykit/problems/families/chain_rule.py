"""The chain rule through two layers: with one unit, to the first weights, then to the input."""

from __future__ import annotations

from typing import Any

from studykit.answers import Exact
from studykit.problems.arithmetic import Matrix, Vector, dot, hadamard, matmul, matmul_t, outer
from studykit.problems.degenerate import some_zero_row
from studykit.problems.dice import Dice
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.wording import factor, matrix, products, row


def draws(dice: Dice, level: int) -> dict[str, Any]:
    if level == 1:
        return {name: dice.between(-4, 4) for name in ("x", "w", "b", "v")} | {
            "y": dice.between(-9, 9)
        }
    if level == 2:
        return {
            "x": dice.vector(2, -4, 4),
            "W": dice.matrix(2, 2, -3, 3),
            "v": dice.vector(2, -3, 3),
            "y": dice.between(-6, 6),
        }
    return {
        "x": dice.vector(3, -3, 3),
        "W_1": dice.matrix(3, 3, -2, 2),
        "W_2": dice.matrix(3, 3, -2, 2),
        "g": dice.vector(3, -3, 3),
    }


def fine(level: int, givens: dict[str, Any]) -> bool:
    """Nothing is zero, no unit stands on the kink; from level 2 on one unit is off, one on."""
    if level == 1:
        return all(givens[n] for n in ("x", "w", "v", "off")) and 0 < givens["hidden"] <= 20
    z = givens["pre"]
    if 0 in z or not min(z) < 0 < max(z) or not all(givens["x"]):
        return False
    if level == 2:
        return 0 < abs(givens["off"]) <= 20 and all(givens["v"]) and max(map(abs, z)) <= 20
    empty = some_zero_row(givens["W_1"], givens["W_2"])
    return all(givens["g"]) and not empty and all(givens["hidden_gradient"])


def question_one(x: int, w: int, b: int, v: int, y: int) -> str:
    return (
        r"A net has two layers of one unit: $h=\mathrm{relu}(wx+b)$, $\hat y=vh$. The loss is "
        r"$L=\frac{1}{2}(\hat y-y)^2$. Give $\partial L/\partial v$ and $\partial L/\partial w$ "
        rf"for $x={x}$, $y={y}$, $w={w}$, $b={b}$, $v={v}$."
    )


def question_weights(x: Vector, W: Matrix, v: Vector, y: int) -> str:
    return (
        r"A token $x$ is a row: $h=\mathrm{relu}(xW)$ and $\hat y=h\cdot v$. The loss is "
        rf"$L=\frac{{1}}{{2}}(\hat y-y)^2$ with $y={y}$. Give $\partial L/\partial W$."
        rf"$$x={row(x)}\qquad W={matrix(W)}\qquad v={row(v)}$$"
    )


def question_input(x: Vector, W_1: Matrix, W_2: Matrix, g: Vector) -> str:
    return (
        r"A token $x$ is a row: $y=\mathrm{relu}(xW_1)\,W_2$. Coming back from the loss is "
        r"$g=\partial L/\partial y$. Give $\partial L/\partial x$."
        rf"$$x={row(x)}\qquad g={row(g)}$$"
        rf"$$W_1={matrix(W_1)}\qquad W_2={matrix(W_2)}$$"
    )


def relu(z: Vector) -> Vector:
    return [max(a, 0) for a in z]


def open_where(z: Vector) -> Vector:
    return [1 if a > 0 else 0 for a in z]


def times(u: Vector, v: Vector) -> Vector:
    return hadamard([u], [v])[0]


def through(u: Vector, W: Matrix) -> Vector:
    """u Wᵀ for a row u."""
    return matmul_t([u], W)[0]


STEPS = (
    Step(
        "hidden",
        "Hidden unit",
        "h",
        r"\mathrm{relu}(wx+b)",
        lambda x, w, b: max(w * x + b, 0),
        lambda x, w, b: rf"\mathrm{{relu}}({factor(w)}\cdot {factor(x)}+{factor(b)})",
        levels=(1,),
    ),
    Step(
        "off",
        "Error of the prediction",
        r"\delta",
        r"\hat y-y=vh-y",
        lambda hidden, v, y: v * hidden - y,
        lambda hidden, v, y: rf"{factor(v)}\cdot {factor(hidden)}-{factor(y)}",
        levels=(1,),
    ),
    Step(
        "outer_gradient",
        "Derivative for the outer weight",
        r"\frac{\partial L}{\partial v}",
        r"\delta\,h",
        lambda off, hidden: off * hidden,
        lambda off, hidden: rf"{factor(off)}\cdot {factor(hidden)}",
        levels=(1,),
    ),
    Step(
        "inner_gradient",
        "Derivative for the inner weight: on through v, the open ReLU and the input",
        r"\frac{\partial L}{\partial w}",
        r"\delta\,v\,x",
        lambda off, v, x: off * v * x,
        lambda off, v, x: rf"{factor(off)}\cdot {factor(v)}\cdot {factor(x)}",
        levels=(1,),
    ),
    Step(
        "both",
        "Both together",
        r"\left(\frac{\partial L}{\partial v},\ \frac{\partial L}{\partial w}\right)",
        r"\left(\delta h,\ \delta vx\right)",
        lambda outer_gradient, inner_gradient: [outer_gradient, inner_gradient],
        levels=(1,),
    ),
    Step(
        "pre",
        "Inputs of the hidden units",
        "z",
        "xW",
        lambda x, W: matmul([x], W)[0],
        lambda x, W: products(x, [r[0] for r in W]),
        levels=(2,),
    ),
    Step(
        "pre",
        "Inputs of the hidden units",
        "z",
        r"xW_1",
        lambda x, W_1: matmul([x], W_1)[0],
        lambda x, W_1: products(x, [r[0] for r in W_1]),
        levels=(3,),
    ),
    Step(
        "hidden",
        "Hidden units: negative inputs give 0",
        "h",
        r"\mathrm{relu}(z)",
        lambda pre: relu(pre),
        lambda pre: rf"\mathrm{{relu}}({pre[0]})",
        levels=(2,),
    ),
    Step(
        "off",
        "Error of the prediction",
        r"\delta",
        r"h\cdot v-y",
        lambda hidden, v, y: dot(hidden, v) - y,
        lambda hidden, v, y: rf"{products(hidden, v)}-{factor(y)}",
        levels=(2,),
    ),
    Step(
        "hidden_gradient",
        "Gradient of the hidden units",
        r"\frac{\partial L}{\partial h}",
        r"\delta\,v",
        lambda off, v: [off * a for a in v],
        lambda off, v: rf"{factor(off)}\cdot {factor(v[0])}",
        levels=(2,),
    ),
    Step(
        "hidden_gradient",
        "Gradient of the hidden units",
        r"\frac{\partial L}{\partial h}",
        r"g\,W_2^\top",
        lambda g, W_2: through(g, W_2),
        lambda g, W_2: products(g, W_2[0]),
        levels=(3,),
    ),
    Step(
        "pre_gradient",
        "Back through the ReLU: only units that are on let it pass",
        r"\frac{\partial L}{\partial z}",
        r"\frac{\partial L}{\partial h}\circ[z>0]",
        lambda hidden_gradient, pre: times(hidden_gradient, open_where(pre)),
        lambda hidden_gradient, pre: rf"{factor(hidden_gradient[0])}\cdot {open_where(pre)[0]}",
        levels=(2, 3),
    ),
    Step(
        "gradient",
        "Gradient of the weights: input times gradient, as an outer product",
        r"\frac{\partial L}{\partial W}",
        r"x^\top\frac{\partial L}{\partial z}",
        lambda x, pre_gradient: outer(x, pre_gradient),
        lambda x, pre_gradient: rf"{factor(x[0])}\cdot {factor(pre_gradient[0])}",
        levels=(2,),
    ),
    Step(
        "gradient",
        "Gradient of the input",
        r"\frac{\partial L}{\partial x}",
        r"\frac{\partial L}{\partial z}\,W_1^\top",
        lambda pre_gradient, W_1: through(pre_gradient, W_1),
        lambda pre_gradient, W_1: products(pre_gradient, W_1[0]),
        levels=(3,),
    ),
)

MISTAKES = (
    Mistake(
        "outer-weight-left-out",
        "inner_gradient",
        lambda off, x: off * x,
        "You left out the outer weight: the inner one acts through v.",
        when=lambda v: v != 1,
        levels=(1,),
        cause="chain",
    ),
    Mistake(
        "input-left-out",
        "inner_gradient",
        lambda off, v: off * v,
        "You left out the input: w is multiplied by x.",
        when=lambda x: x != 1,
        levels=(1,),
        cause="chain",
    ),
    Mistake(
        "hidden-for-input",
        "inner_gradient",
        lambda off, v, hidden: off * v * hidden,
        "You multiplied by the hidden value; w meets the input x.",
        when=lambda hidden, x: hidden != x,
        levels=(1,),
        cause="chain",
    ),
    Mistake(
        "factor-two-kept",
        "off",
        lambda off: 2 * off,
        "You kept the factor 2; the ½ before this loss cancels it.",
        levels=(1, 2),
        cause="factor",
    ),
    Mistake(
        "error-turned-round",
        "off",
        lambda off: -off,
        r"You used $y-\hat y$; the derivative has $\hat y-y$.",
        levels=(1, 2),
        cause="sign",
    ),
    Mistake(
        "target-left-out",
        "off",
        lambda off, y: off + y,
        "You used the prediction; its error is prediction less target.",
        when=lambda y: y != 0,
        levels=(1, 2),
        cause="error",
    ),
    Mistake(
        "order-exchanged",
        "both",
        lambda outer_gradient, inner_gradient: [inner_gradient, outer_gradient],
        "The two are exchanged: first for v, then for w.",
        levels=(1,),
        cause="order",
    ),
    Mistake(
        "relu-left-out",
        "pre_gradient",
        lambda hidden_gradient: hidden_gradient,
        "You let the gradient through units that are off; their ReLU has slope 0.",
        levels=(2, 3),
        cause="relu",
    ),
    Mistake(
        "relu-turned-round",
        "pre_gradient",
        lambda hidden_gradient, pre: times(hidden_gradient, [1 - o for o in open_where(pre)]),
        "You closed the units that are on and opened those that are off.",
        levels=(2, 3),
        cause="relu",
    ),
    Mistake(
        "relu-of-gradient",
        "pre_gradient",
        lambda hidden_gradient: relu(hidden_gradient),
        "You applied the ReLU to the gradient; what counts is whether its input was positive.",
        when=lambda hidden_gradient: min(hidden_gradient) < 0 < max(hidden_gradient),
        levels=(2, 3),
        cause="relu",
    ),
    Mistake(
        "relu-value-for-slope",
        "pre_gradient",
        lambda hidden_gradient, pre: times(hidden_gradient, relu(pre)),
        "You multiplied by the ReLU's value; its slope is 1 or 0.",
        levels=(2, 3),
        cause="relu",
    ),
    Mistake(
        "relu-left-out-forward",
        "hidden",
        lambda pre: pre,
        "You let negative inputs through the ReLU on the way forward.",
        levels=(2,),
        cause="relu",
    ),
    Mistake(
        "gradient-transposed",
        "gradient",
        lambda x, pre_gradient: outer(pre_gradient, x),
        "You gave the transpose; the gradient has the shape of W, inputs in rows.",
        levels=(2,),
        cause="transpose",
    ),
    Mistake(
        "second-weights-left-out",
        "hidden_gradient",
        lambda off, v: [off for _ in v],
        "You left out v: each hidden unit acts through its own weight.",
        levels=(2,),
        cause="chain",
    ),
    Mistake(
        "hidden-for-input",
        "gradient",
        lambda hidden, pre_gradient: outer(hidden, pre_gradient),
        "You used the hidden values; W meets the input x.",
        levels=(2,),
        cause="chain",
    ),
    Mistake(
        "first-weights-not-transposed",
        "gradient",
        lambda pre_gradient, W_1: matmul([pre_gradient], W_1)[0],
        r"You multiplied by $W_1$ itself; the way back is $W_1^\top$.",
        levels=(3,),
        cause="transpose",
    ),
    Mistake(
        "second-weights-not-transposed",
        "hidden_gradient",
        lambda g, W_2: matmul([g], W_2)[0],
        r"You multiplied by $W_2$ itself; the way back is $W_2^\top$.",
        levels=(3,),
        cause="transpose",
    ),
    Mistake(
        "stopped-at-hidden",
        "gradient",
        lambda pre_gradient: pre_gradient,
        r"You stopped before $W_1$; the input stands one layer further back.",
        levels=(3,),
        cause="stopped",
    ),
    Mistake(
        "weights-for-input",
        "gradient",
        lambda x, pre_gradient: outer(x, pre_gradient),
        r"You gave the gradient of $W_1$; the input's was asked.",
        levels=(3,),
        cause="chain",
    ),
    Mistake(
        "input-masked-too",
        "gradient",
        lambda pre_gradient, W_1, x: times(through(pre_gradient, W_1), open_where(x)),
        "You closed negative inputs as well; the ReLU acts on the hidden units alone.",
        when=lambda x: min(x) < 0,
        levels=(3,),
        cause="relu",
    ),
)

FAMILIES = (
    Family(
        name="chain-rule",
        version=1,
        title="Chain rule through two layers",
        topic="losses and their gradients",
        says="Back through weights and ReLU, one local derivative at a time.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_one, 2: question_weights, 3: question_input},
        precision={1: Exact(), 2: Exact(), 3: Exact()},
        fine=fine,
        items=("N2.20", "N2.23", "N2.35"),
    ),
)
