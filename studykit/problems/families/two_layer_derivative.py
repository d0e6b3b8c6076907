"""The chain rule through two layers as a formula: back from the loss to any weight or the input."""

from __future__ import annotations

from typing import Any

from studykit.answers import Exact
from studykit.problems.calculus import derivative
from studykit.problems.dice import Dice
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.formula import Declared, Formula, formula
from studykit.problems.wording import partial

PATTERN = dict.fromkeys(("u", "w", "x", "b", "v", "y", "p"), "real")

GATES = {
    "sigmoid": "sigmoid({u})",
    "tanh": "tanh({u})",
    "softplus": "softplus({u})",
    "square": "({u})^2",
}
SHOWN = {"sigmoid": r"\sigma", "tanh": r"\tanh", "softplus": r"\mathrm{softplus}", "square": ""}
LOSSES = {"half": (r"\frac{1}{2}", 1), "one": ("", 2)}
"""What stands before the square, and what is left of it in the derivative."""

NETS = {"plain": r"\hat y=v\,h", "residual": r"\hat y=x+v\,h", "tied": r"\hat y=w\,h"}
"""What follows the hidden unit g = g(wx + b); in two of them a name is used twice."""


def draws(dice: Dice, level: int) -> dict[str, Any]:
    givens = {"loss": dice.pick(list(LOSSES))}
    if level == 1:
        return givens | {
            "net": "line",
            "gate": "line",
            "by": dice.pick(["w", "x", "b"]),
            "c": dice.pick([1, 2, 3, 4, 5, 6]),
        }
    net = "plain" if level == 2 else dice.pick(["residual", "tied"])
    by = {"plain": ["w", "b", "x", "v"], "residual": ["x"], "tied": ["w"]}[net]
    return givens | {
        "net": net,
        "gate": dice.pick(list(GATES)),
        "by": dice.pick(by),
        "c": dice.pick([1, 1, 2, 3]),
    }


GIVEN = ("loss", "net", "gate", "by", "c")


def names(_loss: str, net: str, gate: str, _by: str, c: int) -> Declared:
    outer = {"v": "real"} if net in ("plain", "residual") else {}
    u = f"{c} w x + b"
    hidden = {} if net == "line" else {"h": f"real = {GATES[gate].format(u=u)}"}
    last = {"line": u, "plain": "v h", "residual": "x + v h", "tied": "w h"}[net]
    through = hidden | {"ŷ": f"real = {last}"}
    return {"w": "real", "x": "real", "b": "real"} | outer | {"y": "real"} | through


def written(text: str, *given: Any) -> Formula:
    return formula(text, names(*given))


def inner(*given: Any) -> Formula:
    """w x + b, with the drawn factor before w."""
    return formula("c w x + b", PATTERN | {"c": "real"}).put(c=given[4]).declaring(names(*given))


def at_inner(text: str, *given: Any) -> Formula:
    return formula(text, PATTERN).put(u=inner(*given)).declaring(names(*given))


def hidden(*given: Any) -> Formula:
    return at_inner(GATES[given[2]].format(u="u"), *given)


def prediction(*given: Any) -> Formula:
    if given[1] == "line":
        return inner(*given)
    through = outer_weight(*given) * hidden(*given)
    return written("x", *given) + through if given[1] == "residual" else through


def gate_slope(*given: Any) -> Formula:
    """g'(u) at the inner function, found by SymPy."""
    return (
        derivative(formula(GATES[given[2]].format(u="u"), PATTERN), "u")
        .put(u=inner(*given))
        .declaring(names(*given))
    )


def question(loss: str, net: str, gate: str, by: str, c: int) -> str:
    u = shown_inner(c)
    start = rf"The loss is $L={LOSSES[loss][0]}(\hat y-y)^2$. "
    if net == "line":
        return rf"A unit predicts $\hat y={u}$. {start}Give $\partial L/\partial {by}$."
    shown = shown_hidden(gate, u)
    said = r" Write the sigmoid as $\sigma$." if gate in ("sigmoid", "softplus") else ""
    return (
        rf"A net has one hidden unit, $h={shown}$, and predicts ${NETS[net]}$. {start}"
        rf"Give $\partial L/\partial {by}$.{said}"
    )


def shown_inner(c: int) -> str:
    return rf"{'' if c == 1 else c}wx+b"


def shown_hidden(gate: str, u: str) -> str:
    if gate == "square":
        return f"{u}^2" if len(u) == 1 else f"({u})^2"
    return rf"{SHOWN[gate]}({u})"


Y_HAT = r"\hat y"


def by_prediction(*given: Any) -> Formula:
    """∂L/∂ŷ at this prediction."""
    return (prediction(*given) - written("y", *given)) * LOSSES[given[0]][1]


def inner_by(*given: Any) -> Formula:
    """∂u/∂(what is asked); none where it does not stand in u."""
    other = {"w": "x", "x": "w", "b": "1"}[given[3]]
    return written(other, *given) * (1 if given[3] == "b" else given[4])


def outer_weight(*given: Any) -> Formula:
    return written("w" if given[1] == "tied" else "v", *given)


def whole(error: Formula, slope: Formula, *given: Any) -> Formula:
    """All paths from the prediction to what is asked."""
    if given[3] == "v":
        return error * hidden(*given)
    path = outer_weight(*given) * slope * inner_by(*given)
    if given[1] == "residual":
        path = path + 1
    if given[1] == "tied":
        path = path + hidden(*given)
    return error * path


STEPS = (
    Step(
        "error",
        "Derivative of the loss by the prediction",
        r"\frac{\partial L}{\partial\hat y}",
        lambda loss: rf"\frac{{\partial}}{{\partial\hat y}}{LOSSES[loss][0]}(\hat y-y)^2",
        by_prediction,
        takes=GIVEN,
    ),
    Step(
        "derivative",
        "Chain rule: times the derivative of the prediction",
        lambda by: partial(by),
        lambda by: rf"{partial(Y_HAT)}\cdot{partial(by, Y_HAT)}",
        lambda error, *given: error * inner_by(*given),
        levels=(1,),
        takes=("error", *GIVEN),
    ),
    Step(
        "slope",
        "Derivative of the hidden unit, at its input",
        r"\frac{dh}{du}",
        lambda gate, c: rf"\frac{{d}}{{du}}{shown_hidden(gate, 'u')},\quad u={shown_inner(c)}",
        gate_slope,
        levels=(2, 3),
        takes=GIVEN,
    ),
    Step(
        "derivative",
        "Chain rule along every path to what is asked, added up",
        lambda by: partial(by),
        lambda by: rf"{partial(Y_HAT)}\cdot{partial(by, Y_HAT)}",
        whole,
        levels=(2, 3),
        takes=("error", "slope", *GIVEN),
    ),
)

MISTAKES = (
    Mistake(
        "factor-two",
        "error",
        lambda *given: by_prediction({"half": "one", "one": "half"}[given[0]], *given[1:]),
        "The factor 2 is wrong: the square brings one down, and a half in front takes it away.",
        cause="factor",
        takes=GIVEN,
    ),
    Mistake(
        "sign-flipped",
        "error",
        lambda *given: -by_prediction(*given),
        "The residual has the wrong sign: prediction less target.",
        cause="sign",
        takes=GIVEN,
    ),
    Mistake(
        "target-left-out",
        "error",
        lambda *given: prediction(*given) * LOSSES[given[0]][1],
        "You left out the target: the loss falls towards it, not towards 0.",
        cause="residual",
        takes=GIVEN,
    ),
    Mistake(
        "chain-factor-forgotten",
        "derivative",
        lambda error: error,
        "You stopped at the prediction; on to the parameter it goes with one derivative more.",
        when=lambda by: by != "b",
        levels=(1,),
        cause="chain",
    ),
    Mistake(
        "other-factor",
        "derivative",
        lambda error, *given: error * written(given[3], *given) * given[4],
        "What stays is the other factor: $w$ is multiplied by $x$, and $x$ by $w$.",
        when=lambda by: by != "b",
        levels=(1,),
        cause="chain",
        takes=("error", *GIVEN),
    ),
    Mistake(
        "input-for-bias",
        "derivative",
        lambda error, *given: error * written("x", *given),
        "The bias is added as it is: its own derivative is 1.",
        when=lambda by: by == "b",
        levels=(1,),
        cause="chain",
        takes=("error", *GIVEN),
    ),
    Mistake(
        "activation-slope-left-out",
        "derivative",
        lambda error, *given: whole(error, written("1", *given), *given),
        "You left out the derivative of the hidden unit's function.",
        when=lambda by: by != "v",
        levels=(2, 3),
        cause="chain",
        takes=("error", *GIVEN),
    ),
    Mistake(
        "activation-for-slope",
        "slope",
        hidden,
        "You put in the hidden unit's function itself; here its derivative belongs.",
        when=lambda by: by != "v",
        levels=(2, 3),
        cause="chain",
        takes=GIVEN,
    ),
    Mistake(
        "outer-weight-left-out",
        "derivative",
        lambda error, slope, *given: error * slope * inner_by(*given),
        "You left out the outer weight: the hidden unit acts through it.",
        when=lambda by: by != "v",
        levels=(2,),
        cause="chain",
        takes=("error", "slope", *GIVEN),
    ),
    Mistake(
        "inner-factor-left-out",
        "derivative",
        lambda error, slope, *given: error * outer_weight(*given) * slope,
        "You left out the last link: the derivative of what stands in the hidden unit.",
        when=lambda by: by in ("w", "x"),
        levels=(2,),
        cause="chain",
        takes=("error", "slope", *GIVEN),
    ),
    Mistake(
        "input-for-hidden",
        "derivative",
        lambda error, *given: error * inner(*given),
        "The outer weight sees the hidden unit after its function, not before.",
        when=lambda by: by == "v",
        levels=(2,),
        cause="chain",
        takes=("error", *GIVEN),
    ),
    Mistake(
        "one-path-only",
        "derivative",
        lambda error, slope, *given: error * outer_weight(*given) * slope * inner_by(*given),
        "It is used twice, so two paths lead to it; you took the one through the unit alone.",
        levels=(3,),
        cause="paths",
        takes=("error", "slope", *GIVEN),
    ),
    Mistake(
        "short-path-only",
        "derivative",
        lambda error, *given: error if given[1] == "residual" else error * hidden(*given),
        "It is used twice, so two paths lead to it; you took the short one alone.",
        levels=(3,),
        cause="paths",
        takes=("error", *GIVEN),
    ),
)

FAMILIES = (
    Family(
        name="two-layer-derivative",
        version=1,
        title="Chain rule through a net, as a formula",
        topic="losses and their gradients",
        says="Back from a squared loss to a weight, the bias or the input, also along two paths.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question, 2: question, 3: question},
        precision={1: Exact(), 2: Exact(), 3: Exact()},
        items=("N2.21", "N2.22", "N2.23", "N2.35"),
    ),
)
