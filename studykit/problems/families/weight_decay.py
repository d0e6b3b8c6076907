"""Weight decay: in the loss, decoupled beside momentum, and what Adam makes of either."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from studykit.answers import Exact
from studykit.problems.arithmetic import Vector
from studykit.problems.dice import Dice
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.wording import cell, decimal, factor, row

RATE = Fraction(1, 10)


def draws(dice: Dice, level: int) -> dict[str, Any]:
    several = [-5, -4, -3, -2, -1, 1, 2, 3, 4, 5]
    if level == 1:
        return {
            "w": [dice.pick(several), dice.pick(several)],
            "g": [dice.pick(several), dice.pick(several)],
            "rate": RATE,
            "decay": Fraction(dice.pick([1, 2, 4, 5]), 10),
        }
    if level == 2:
        return {
            "w": dice.pick(several),
            "g_1": dice.pick(several),
            "g_2": dice.pick(several),
            "rate": RATE,
            "beta": Fraction(1, 2),
            "decay": Fraction(dice.pick([1, 2, 4, 5]), 10),
            "asked": dice.pick(["coupled", "decoupled"]),
        }
    return {
        "w": [dice.pick(several), dice.pick(several)],
        "g": [dice.pick([-8, -6, -4, 4, 6, 8]), Fraction(dice.pick([-3, -2, -1, 1, 2, 3]), 10)],
        "rate": RATE,
        "decay": Fraction(dice.pick([2, 4, 5]), 10),
    }


def fine(w: Any, level: int, givens: dict[str, Any]) -> bool:
    """At level 3 decay turns the sign of a gradient; nothing cancels."""
    if level == 1:
        return bool(abs(w[0]) != abs(w[1]))
    if level == 2:
        return bool(abs(givens["g_1"]) != abs(givens["g_2"]))
    total = givens["joint"]
    turned = [a * b < 0 for a, b in zip(total, givens["g"], strict=True)]
    return all(abs(x) > 0.05 for x in total) and turned == [False, True]


def question_plain(w: Vector, g: Vector, rate: Fraction, decay: Fraction) -> str:
    return (
        r"A penalty $\frac{\lambda}{2}\lVert w\rVert^2$ is added to the loss, with "
        rf"$\lambda={decimal(float(decay), 1)}$; the loss alone has the gradient $g$. Make one "
        rf"step of gradient descent with rate $\eta={decimal(float(rate), 1)}$: give the new $w$."
        rf"$$w={row(w)}\qquad g={row(g)}$$"
    )


def question_momentum(
    w: int, g_1: int, g_2: int, rate: Fraction, beta: Fraction, decay: Fraction, asked: str
) -> str:
    where = (
        r"The decay is part of the gradient: $\lambda w$ is added to $g$ before it enters $v$."
        if asked == "coupled"
        else r"The decay is decoupled: it does not enter $v$; each step also subtracts "
        r"$\eta\lambda w$, with the $w$ before the step."
    )
    return (
        rf"Momentum, $v\leftarrow\beta v+g$ and $w\leftarrow w-\eta v$, with "
        rf"$\beta={decimal(float(beta), 1)}$ and $\eta={decimal(float(rate), 1)}$, has weight "
        rf"decay $\lambda={decimal(float(decay), 1)}$. {where} At the start $w={w}$ and $v=0$; "
        rf"the gradients of the loss are $g_1={g_1}$ and $g_2={g_2}$. Give $w$ after both steps."
    )


def question_adam(w: Vector, g: Vector, rate: Fraction, decay: Fraction) -> str:
    return (
        r"Adam's first step from rest, with bias correction and $\varepsilon=0$, moves each weight "
        rf"by $\eta$ against the sign of its gradient. Here $\eta={decimal(float(rate), 1)}$ and "
        rf"$\lambda={decimal(float(decay), 1)}$. Give $w$ after this step in two rows: with "
        r"$\lambda w$ added to the gradient (Adam with a penalty), and with the decay decoupled "
        r"(AdamW)."
        rf"$$w={row(w)}\qquad g={row([float(x) if x != int(x) else int(x) for x in g], 1)}$$"
    )


def stepped(w: Vector, rate: Any, g: Vector) -> Vector:
    return [a - rate * b for a, b in zip(w, g, strict=True)]


def with_decay(w: Vector, g: Vector, decay: Any) -> Vector:
    return [b + decay * a for a, b in zip(w, g, strict=True)]


def signs(g: Vector) -> Vector:
    return [1 if x > 0 else -1 for x in g]


def _decoupled(w: Any, rate: Any, beta: Any, g_1: Any, g_2: Any, decay: Any) -> Any:
    first = w - rate * g_1 - rate * decay * w
    return first - rate * (beta * g_1 + g_2) - rate * decay * first


def _coupled(w: Any, rate: Any, beta: Any, g_1: Any, g_2: Any, decay: Any) -> Any:
    velocity = g_1 + decay * w
    first = w - rate * velocity
    return first - rate * (beta * velocity + g_2 + decay * first)


def penalised(name: str, level: int) -> Step:
    return Step(
        name,
        "Gradient of loss and penalty",
        r"g+\lambda w",
        r"g+\lambda w",
        lambda w, g, decay: with_decay(w, g, decay),
        lambda w, g, decay: rf"{cell(g[0])}+{cell(decay)}\cdot {factor(w[0])}",
        levels=(level,),
    )


STEPS = (
    penalised("total", 1),
    Step(
        "after",
        "The step",
        "w'",
        r"w-\eta\,(g+\lambda w)",
        lambda w, rate, total: stepped(w, rate, total),
        lambda w, rate, total: rf"{cell(w[0])}-{cell(rate)}\cdot {factor(total[0])}",
        levels=(1,),
    ),
    Step(
        "v_1",
        "First velocity, with the decay",
        "v_1",
        r"g_1+\lambda w_0",
        lambda w, g_1, decay: g_1 + decay * w,
        lambda w, g_1, decay: rf"{g_1}+{cell(decay)}\cdot {factor(w)}",
        levels=(2,),
    ),
    Step(
        "w_1",
        "First step",
        "w_1",
        r"w_0-\eta v_1",
        lambda w, rate, v_1: w - rate * v_1,
        lambda w, rate, v_1: rf"{w}-{cell(rate)}\cdot {factor(v_1)}",
        levels=(2,),
    ),
    Step(
        "v_2",
        "Second velocity, with the decay of the new weight",
        "v_2",
        r"\beta v_1+g_2+\lambda w_1",
        lambda beta, v_1, g_2, decay, w_1: beta * v_1 + g_2 + decay * w_1,
        lambda beta, v_1, g_2, decay, w_1: (
            rf"{cell(beta)}\cdot {factor(v_1)}+{factor(g_2)}+{cell(decay)}\cdot {factor(w_1)}"
        ),
        levels=(2,),
    ),
    Step(
        "coupled",
        "Second step",
        "w_2",
        r"w_1-\eta v_2",
        lambda w_1, rate, v_2: w_1 - rate * v_2,
        lambda w_1, rate, v_2: rf"{cell(w_1)}-{cell(rate)}\cdot {factor(v_2)}",
        levels=(2,),
    ),
    Step(
        "u_1",
        "First step, with its decay beside the velocity",
        "w_1",
        r"w_0-\eta g_1-\eta\lambda w_0",
        lambda w, rate, g_1, decay: w - rate * g_1 - rate * decay * w,
        lambda w, rate, g_1, decay: (
            rf"{w}-{cell(rate)}\cdot {factor(g_1)}-{cell(rate)}\cdot {cell(decay)}\cdot {factor(w)}"
        ),
        levels=(2,),
    ),
    Step(
        "decoupled",
        "Second step in the same way",
        "w_2",
        r"w_1-\eta\,(\beta g_1+g_2)-\eta\lambda w_1",
        lambda u_1, rate, beta, g_1, g_2, decay: (
            u_1 - rate * (beta * g_1 + g_2) - rate * decay * u_1
        ),
        lambda u_1, rate, beta, g_1, g_2, decay: (
            rf"{cell(u_1)}-{cell(rate)}\cdot\left({cell(beta)}\cdot {factor(g_1)}+{factor(g_2)}"
            rf"\right)-{cell(rate)}\cdot {cell(decay)}\cdot {factor(u_1)}"
        ),
        levels=(2,),
    ),
    penalised("joint", 3),
    Step(
        "penalty",
        "Adam with a penalty: the size of the decay is lost, its sign may count",
        "w'",
        r"w-\eta\,\mathrm{sign}(g+\lambda w)",
        lambda w, rate, joint: stepped(w, rate, signs(joint)),
        lambda w, rate, joint: rf"{cell(w[0])}-{cell(rate)}\cdot {factor(signs(joint)[0])}",
        levels=(3,),
    ),
    Step(
        "beside",
        "AdamW: the decay acts beside it, by its size",
        "w''",
        r"w-\eta\,\mathrm{sign}(g)-\eta\lambda w",
        lambda w, rate, g, decay: stepped(w, rate, with_decay(w, signs(g), decay)),
        lambda w, rate, g, decay: (
            rf"{cell(w[0])}-{cell(rate)}\cdot {factor(signs(g)[0])}"
            rf"-{cell(rate)}\cdot {cell(decay)}\cdot {factor(w[0])}"
        ),
        levels=(3,),
    ),
    Step(
        "both",
        "Both in rows",
        "(w',\\ w'')",
        "(w',\\ w'')",
        lambda penalty, beside: [penalty, beside],
        levels=(3,),
    ),
)

MISTAKES = (
    Mistake(
        "decay-left-out",
        "total",
        lambda g: list(g),
        "You left out the penalty.",
        cause="decay",
    ),
    Mistake(
        "factor-two",
        "total",
        lambda w, g, decay: with_decay(w, g, 2 * decay),
        r"You added $2\lambda w$; with the half in front the derivative is $\lambda w$.",
        cause="derivative",
    ),
    Mistake(
        "half-kept",
        "total",
        lambda w, g, decay: with_decay(w, g, decay / 2),
        r"You added $\frac{\lambda}{2}w$; the 2 of the square cancels the half.",
        cause="derivative",
    ),
    Mistake(
        "decay-without-rate",
        "after",
        lambda w, rate, g, decay: [
            a - b for a, b in zip(stepped(w, rate, g), [decay * x for x in w], strict=True)
        ],
        r"You subtracted $\lambda w$ whole; the rate belongs to it.",
        cause="rate",
    ),
    Mistake(
        "weights-grow",
        "total",
        lambda w, g, decay: with_decay(w, g, -decay),
        "You subtracted the penalty's gradient, so that the weights grow.",
        cause="sign",
    ),
    Mistake(
        "decay-after-the-step",
        "after",
        lambda w, rate, g, decay: [(1 - rate * decay) * x for x in stepped(w, rate, g)],
        "You let the new weight decay; the penalty's gradient is taken at the old one.",
        cause="order",
    ),
    Mistake(
        "decay-left-out",
        "coupled",
        lambda w, rate, beta, g_1, g_2: w - rate * g_1 - rate * (beta * g_1 + g_2),
        "You left out the decay.",
        cause="decay",
    ),
    Mistake(
        "decoupled-for-coupled",
        "coupled",
        _decoupled,
        "You kept the decay out of the velocity; here it is part of the gradient.",
        cause="coupling",
    ),
    Mistake(
        "decay-of-the-first-step-only",
        "v_2",
        lambda beta, v_1, g_2: beta * v_1 + g_2,
        "You added the decay in the first step only.",
        cause="decay",
    ),
    Mistake(
        "old-weight-again",
        "v_2",
        lambda beta, v_1, g_2, decay, w: beta * v_1 + g_2 + decay * w,
        "You used the weight of the start again; the second decay is that of the new weight.",
        cause="decay",
    ),
    Mistake(
        "decay-left-out",
        "decoupled",
        lambda w, rate, beta, g_1, g_2: w - rate * g_1 - rate * (beta * g_1 + g_2),
        "You left out the decay.",
        cause="decay",
    ),
    Mistake(
        "coupled-for-decoupled",
        "decoupled",
        _coupled,
        "You put the decay into the velocity; decoupled, it stays beside it.",
        cause="coupling",
    ),
    Mistake(
        "decay-without-rate",
        "u_1",
        lambda w, rate, g_1, decay: w - rate * g_1 - decay * w,
        r"You subtracted $\lambda w$ in the first step; the rate belongs to it, $\eta\lambda w$.",
        cause="rate",
    ),
    Mistake(
        "old-weight-again",
        "decoupled",
        lambda u_1, w, rate, beta, g_1, g_2, decay: (
            u_1 - rate * (beta * g_1 + g_2) - rate * decay * w
        ),
        "You used the weight of the start again; the second decay is that of the new weight.",
        cause="decay",
    ),
    Mistake(
        "plain-gradient-steps",
        "both",
        lambda w, rate, joint: [stepped(w, rate, joint), stepped(w, rate, joint)],
        "You made plain steps; Adam's first step has the size of the rate, whatever the gradient.",
        cause="adam",
    ),
    Mistake(
        "rows-exchanged",
        "both",
        lambda penalty, beside: [beside, penalty],
        "You gave AdamW first.",
        cause="order",
    ),
    Mistake(
        "penalty-without-effect",
        "joint",
        lambda g: list(g),
        "You took the sign of the loss's gradient for the first row; the penalty can turn it.",
        cause="decay",
    ),
    Mistake(
        "decay-left-out",
        "beside",
        lambda w, rate, g: stepped(w, rate, signs(g)),
        "You left out the decay of AdamW.",
        cause="decay",
    ),
    Mistake(
        "decay-in-both",
        "beside",
        lambda w, rate, joint, decay: stepped(w, rate, with_decay(w, signs(joint), decay)),
        "You let the decay count twice: in AdamW it does not enter the gradient.",
        cause="coupling",
    ),
    Mistake(
        "decay-without-rate",
        "beside",
        lambda w, rate, g, decay: [
            a - rate * s - decay * a for a, s in zip(w, signs(g), strict=True)
        ],
        r"You subtracted $\lambda w$; the rate belongs to it, $\eta\lambda w$.",
        levels=(3,),
        cause="rate",
    ),
)


FAMILIES = (
    Family(
        name="weight-decay",
        version=1,
        title="Weight decay, coupled and decoupled",
        topic="gradient descent and optimisers",
        says="A penalty in the loss or a decay beside it: alike in plain descent, not with Adam.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_plain, 2: question_momentum, 3: question_adam},
        precision={1: Exact(), 2: Exact(), 3: Exact()},
        asked={2: ("coupled", "decoupled")},
        convention={3: "with a penalty in the first row, AdamW in the second"},
        fine=fine,
        items=("N2.26", "N2.31"),
    ),
)
