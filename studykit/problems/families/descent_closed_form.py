"""Gradient descent on a parabola as a formula: one step, k steps, and the loss that is left."""

from __future__ import annotations

from typing import Any

from studykit.answers import Exact
from studykit.problems.calculus import derivative, expanded
from studykit.problems.dice import Dice
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.formula import Declared, Formula, formula

GIVEN = ("level", "a", "c", "decay")

NAMES = {"w": "real", "a": "positive", "c": "real", "m": "positive"} | {
    "eta": "positive",
    "k": "natural",
}
LOSS = "1/2 a (w - c)^2"
"""The loss as a pattern: curvature a, minimum c; with weight decay m/2 w² on top."""
DECAYED = "1/2 a (w - c)^2 + 1/2 m w^2"


def draws(dice: Dice, level: int) -> dict[str, Any]:
    a = dice.pick([1, 2, 3, 4, 6])
    return {
        "a": a,
        "c": dice.pick([-3, -2, -1, 1, 2, 3, 4, 5]),
        "decay": dice.pick([0, 1, 2]) if level == 1 else 0,
    }


def names(level: int, *_others: Any) -> Declared:
    start = {"w_0": "real"} if level > 1 else {"w": "real"}
    return start | {"eta": "positive"} | ({"k": "natural"} if level > 1 else {})


def weight(*given: Any) -> Formula:
    """The weight that is given: w, or w₀ where steps are counted."""
    return formula("w_0" if given[0] > 1 else "w", names(*given))


def written(text: str, *given: Any) -> Formula:
    """A formula; w stands for the weight that is given, a and c for the drawn numbers."""
    _, a, c, _ = given
    pattern = formula(text, NAMES)
    return pattern.put(w=weight(*given), a=int(a), c=int(c)).declaring(names(*given))


def less(weight: str, c: int) -> str:
    """A weight less the minimum, as one writes it: w-5, w+3."""
    return f"{weight}{'-' if c > 0 else '+'}{abs(c)}"


def half(a: int) -> str:
    """a/2 as a factor."""
    return rf"\frac{{{a}}}{{2}}" if a % 2 else "" if a == 2 else str(a // 2)


def shown_loss(a: int, c: int, decay: int) -> str:
    tail = rf"+{half(decay)}w^2" if decay else ""
    return rf"L={half(a)}({less('w', c)})^2{tail}"


def question_step(a: int, c: int, decay: int) -> str:
    return (
        rf"Gradient descent with step size $\eta$ makes one step from $w$. "
        rf"Give the weight after it.$${shown_loss(a, c, decay)}$$"
    )


def question_many(level: int, a: int, c: int, decay: int) -> str:
    wanted = r"the weight $w_k$" if level == 2 else r"the loss $L(w_k)$"
    return (
        rf"Gradient descent with step size $\eta$ starts at $w_0$. Give {wanted} after $k$ steps "
        rf"in closed form.$${shown_loss(a, c, decay)}$$"
    )


def slope(*given: Any) -> Formula:
    """L'(w), by SymPy, with the drawn numbers."""
    decay = int(given[3])
    found = expanded(derivative(formula(DECAYED if decay else LOSS, NAMES), "w"))
    values: dict[str, Any] = {"a": int(given[1]), "c": int(given[2])}
    if decay:
        values["m"] = decay
    return found.put(w=weight(*given), **values).declaring(names(*given))


STEPS = (
    Step(
        "slope",
        "Derivative of the loss at the weight",
        "L'(w)",
        lambda a, c, decay: (
            rf"\frac{{d}}{{dw}}\left({shown_loss(a, c, decay).removeprefix('L=')}\right)"
        ),
        slope,
        levels=(1,),
        takes=GIVEN,
    ),
    Step(
        "weight",
        "One step against the slope",
        r"w_{\mathrm{new}}",
        r"w-\eta\,L'(w)",
        lambda slope, *given: written("w", *given) - written("eta", *given) * slope,
        levels=(1,),
        takes=("slope", *GIVEN),
    ),
    Step(
        "shrink",
        "What one step leaves of the distance to the minimum",
        r"\rho",
        lambda a: rf"1-\eta\,L'',\quad L''={a}",
        lambda *given: written("1 - a eta", *given),
        levels=(2, 3),
        takes=GIVEN,
    ),
    Step(
        "distance",
        "The distance after k steps",
        lambda c: less("w_k", c),
        lambda c: rf"\rho^k\,({less('w_0', c)})",
        lambda shrink, *given: shrink.to("k") * written("w - c", *given),
        levels=(2, 3),
        takes=("shrink", *GIVEN),
    ),
    Step(
        "weight",
        "The weight: the minimum and what is left of the distance",
        r"w_k",
        lambda c: rf"{c}+\rho^k\,({less('w_0', c)})",
        lambda distance, *given: distance + int(given[2]),
        levels=(2,),
        takes=("distance", *GIVEN),
    ),
    Step(
        "loss",
        "The loss at that distance",
        r"L(w_k)",
        lambda a, c: rf"{half(a)}\,({less('w_k', c)})^2",
        lambda distance, *given: written("1/2 a", *given) * (distance * distance),
        levels=(3,),
        takes=("distance", *GIVEN),
    ),
)

MISTAKES = (
    Mistake(
        "ascent",
        "weight",
        lambda slope, *given: written("w", *given) + written("eta", *given) * slope,
        "You went up the slope; the step is subtracted.",
        levels=(1,),
        cause="sign",
        takes=("slope", *GIVEN),
    ),
    Mistake(
        "step-size-left-out",
        "weight",
        lambda slope, *given: written("w", *given) - slope,
        "You left out the step size.",
        levels=(1,),
        cause="step",
        takes=("slope", *GIVEN),
    ),
    Mistake(
        "step-alone",
        "weight",
        lambda slope, *given: -(written("eta", *given) * slope),
        "You gave the step; the weight after it is the old weight and the step.",
        levels=(1,),
        cause="step",
        takes=("slope", *GIVEN),
    ),
    Mistake(
        "factor-two",
        "slope",
        lambda *given: slope(*given) * 2,
        "The half in front takes the 2 of the square away.",
        levels=(1,),
        cause="factor",
        takes=GIVEN,
    ),
    Mistake(
        "decay-forgotten",
        "slope",
        lambda *given: slope(*given[:3], 0),
        "You left out the slope of the weight decay.",
        when=lambda decay: decay > 0,
        levels=(1,),
        cause="decay",
        takes=GIVEN,
    ),
    Mistake(
        "curvature-left-out",
        "shrink",
        lambda *given: written("1 - eta", *given),
        "You left out the curvature: the slope is the curvature times the distance.",
        when=lambda a: a != 1,
        levels=(2, 3),
        cause="curvature",
        takes=GIVEN,
    ),
    Mistake(
        "growth",
        "shrink",
        lambda *given: written("1 + a eta", *given),
        "You went up the slope: a step towards the minimum makes the distance smaller.",
        levels=(2, 3),
        cause="sign",
        takes=GIVEN,
    ),
    Mistake(
        "steps-added-up",
        "distance",
        lambda *given: written("(1 - k a eta) (w - c)", *given),
        "You added up k equal steps; each one is smaller, for the slope falls with the distance.",
        levels=(2, 3),
        cause="power",
        takes=GIVEN,
    ),
    Mistake(
        "minimum-at-zero",
        "distance",
        lambda shrink, *given: shrink.to("k") * written("w", *given),
        "You shrank the weight itself; it is the distance to the minimum that shrinks.",
        levels=(2, 3),
        cause="minimum",
        takes=("shrink", *GIVEN),
    ),
    Mistake(
        "distance-for-weight",
        "weight",
        lambda distance: distance,
        "You gave the distance to the minimum; the weight is the minimum and this distance.",
        levels=(2,),
        cause="minimum",
    ),
    Mistake(
        "power-not-doubled",
        "loss",
        lambda *given: written("1/2 a (1 - a eta)^k (w - c)^2", *given),
        "The loss goes with the square of the distance, so it shrinks twice as fast.",
        levels=(3,),
        cause="power",
        takes=GIVEN,
    ),
    Mistake(
        "half-forgotten",
        "loss",
        lambda distance, *given: distance * distance * int(given[1]),
        "You left out the half in front of the loss.",
        levels=(3,),
        cause="factor",
        takes=("distance", *GIVEN),
    ),
)

FAMILIES = (
    Family(
        name="descent-closed-form",
        version=1,
        title="Gradient descent in closed form",
        topic="gradient descent and optimisers",
        says="One step as a formula, k steps on a parabola, and the loss they leave.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_step, 2: question_many, 3: question_many},
        precision={1: Exact(), 2: Exact(), 3: Exact()},
        items=("N2.26", "N2.28", "N2.32"),
    ),
)
