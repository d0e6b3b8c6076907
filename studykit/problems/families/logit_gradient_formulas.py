"""Cross-entropy through a linear layer, as matrix formulas: probabilities less targets, and on."""

from __future__ import annotations

from typing import Any

from studykit.answers import Exact
from studykit.problems.dice import Dice
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.formula import Declared, Formula, formula
from studykit.problems.wording import partial

GIVEN = ("level", "n", "d", "classes", "mean", "scale")


def draws(dice: Dice, level: int) -> dict[str, Any]:
    return {
        "n": dice.pick(["n", "N", "B", "b"]),
        "d": dice.pick(["d", "p", "h"]),
        "classes": dice.pick(["C", "K", "m", "q"]),
        "mean": dice.pick([True, False]),
        "scale": dice.pick(["tau", "c"]) if level == 3 else "none",
    }


def names(level: int, n: str, d: str, classes: str, _mean: bool, scale: str) -> Declared:
    table = f"{n}×{classes}"
    targets = {"Y": f"stochastic {table}"}
    if level == 1:
        return {"Z": table} | targets | {"P": f"{table} = softmax(Z)"}
    layer = {"X": f"{n}×{d}", "W": f"{d}×{classes}"} | targets
    logits = {"none": "X W", "tau": "X W / tau", "c": "c X W"}[scale]
    probabilities = {"P": f"{table} = softmax({logits})"}
    return layer | ({} if scale == "none" else {scale: "positive"}) | probabilities


def written(text: str, *given: Any) -> Formula:
    return formula(text, names(*given))


def averaged(f: Formula, *given: Any) -> Formula:
    return f / written(given[1], *given) if given[4] else f


def scaled(f: Formula, *given: Any) -> Formula:
    """Back through the temperature or the factor in front of the logits."""
    match given[5]:
        case "tau":
            return f / written("tau", *given)
        case "c":
            return written("c", *given) * f
        case _:
            return f


def loss(mean: bool, n: str) -> str:
    front = rf"-\frac{{1}}{{{n}}}" if mean else "-"
    return rf"$L={front}\sum_{{i,j}}Y_{{ij}}\ln P_{{ij}}$"


def question_logits(n: str, mean: bool) -> str:
    return (
        r"Each row of $Z$ holds the logits of one example, $P=\mathrm{softmax}(Z)$ row by row, and "
        rf"each row of the targets $Y$ sums to 1. The loss is {loss(mean, n)}. "
        r"Give $\partial L/\partial Z$."
    )


def question_layer(n: str, mean: bool, scale: str, asked: str) -> str:
    by = "W" if asked == "weight" else "X"
    logits = {"none": "XW", "tau": r"XW/\tau", "c": r"c\,XW"}[scale]
    return (
        rf"The rows of $X$ are examples; $P=\mathrm{{softmax}}({logits})$ row by row, and each row "
        rf"of the targets $Y$ sums to 1. The loss is {loss(mean, n)}. "
        rf"Give $\partial L/\partial {by}$."
    )


def shown_logits(scale: str, level: int) -> str:
    """What stands in the softmax."""
    return "Z" if level == 1 else {"none": "(XW)", "tau": r"(XW/\tau)", "c": r"(c\,XW)"}[scale]


STEPS = (
    Step(
        "logits",
        "Gradient of the logits: probabilities less targets, over the number of examples in a mean",
        lambda scale, level: partial(shown_logits(scale, level)),
        r"\sum_k\frac{\partial L}{\partial P_{ik}}\,P_{ik}(\delta_{kj}-P_{ij})",
        lambda *given: averaged(written("P - Y", *given), *given),
        takes=GIVEN,
        entry=lambda scale, level: partial(f"{shown_logits(scale, level)}_{{ij}}"),
    ),
    Step(
        "product",
        "Back through what scales the logits",
        r"\frac{\partial L}{\partial(XW)}",
        lambda scale, level: (
            ("" if scale == "tau" else r"c\,")
            + partial(shown_logits(scale, level))
            + (r"/\tau" if scale == "tau" else "")
        ),
        scaled,
        levels=(3,),
        takes=("logits", *GIVEN),
    ),
    *(
        Step(
            "weight",
            "Gradient of the weight: the input, turned, times that",
            r"\frac{\partial L}{\partial W}",
            r"X^\top\frac{\partial L}{\partial(XW)}",
            lambda back, *given: written("X^T", *given) @ back,
            levels=(level,),
            takes=(before, *GIVEN),
        )
        for level, before in ((2, "logits"), (3, "product"))
    ),
    *(
        Step(
            "input",
            "Gradient of the input: that times the weight, turned",
            r"\frac{\partial L}{\partial X}",
            r"\frac{\partial L}{\partial(XW)}\,W^\top",
            lambda back, *given: back @ written("W^T", *given),
            levels=(level,),
            takes=(before, *GIVEN),
        )
        for level, before in ((2, "logits"), (3, "product"))
    ),
)

MISTAKES = (
    Mistake(
        "sign-flipped",
        "logits",
        lambda *given: averaged(written("Y - P", *given), *given),
        "The sign is the wrong way round: probabilities less targets.",
        cause="sign",
        takes=GIVEN,
    ),
    Mistake(
        "targets-left-out",
        "logits",
        lambda *given: averaged(written("P", *given), *given),
        "You left out the targets: where a probability equals its target nothing is to be learnt.",
        cause="softmax",
        takes=GIVEN,
    ),
    Mistake(
        "softmax-left-out",
        "logits",
        lambda *given: averaged(written("-Y / P", *given), *given),
        r"You gave the gradient of $P$; back through the softmax it becomes $P-Y$.",
        cause="softmax",
        takes=GIVEN,
    ),
    Mistake(
        "sigmoid-slope-added",
        "logits",
        lambda *given: averaged(written("(P - Y) ⊙ P ⊙ (1 - P)", *given), *given),
        r"You multiplied with $P(1-P)$ once more; in $P-Y$ the softmax is done with already.",
        cause="softmax",
        takes=GIVEN,
    ),
    Mistake(
        "sum-for-mean",
        "logits",
        lambda *given: written("P - Y", *given),
        r"You left out one over the number of examples: the loss is a mean over them.",
        when=lambda mean: mean,
        cause="mean",
        takes=GIVEN,
    ),
    Mistake(
        "mean-for-sum",
        "logits",
        lambda *given: written("P - Y", *given) / written(given[1], *given),
        r"You divided by the number of examples; this loss is a sum over them.",
        when=lambda mean: not mean,
        cause="mean",
        takes=GIVEN,
    ),
    Mistake(
        "gradient-transposed",
        "weight",
        lambda logits, *given: scaled(logits, *given).T @ written("X", *given),
        "This is the gradient transposed; it has the shape of the weight.",
        levels=(2, 3),
        cause="transpose",
        takes=("logits", *GIVEN),
    ),
    Mistake(
        "gradient-transposed",
        "input",
        lambda logits, *given: written("W", *given) @ scaled(logits, *given).T,
        "This is the gradient transposed; it has the shape of the input.",
        levels=(2, 3),
        cause="transpose",
        takes=("logits", *GIVEN),
    ),
    Mistake(
        "scale-left-out",
        "product",
        lambda logits: logits,
        "You left out what scales the logits: it scales their gradient too.",
        levels=(3,),
        cause="scale",
    ),
    Mistake(
        "scale-upside-down",
        "product",
        lambda logits, *given: (
            written("tau", *given) * logits if given[5] == "tau" else logits / written("c", *given)
        ),
        "The scale stands the wrong way round: what divides the logits divides their gradient.",
        levels=(3,),
        cause="scale",
        takes=("logits", *GIVEN),
    ),
)

FAMILIES = (
    Family(
        name="logit-gradient-formulas",
        version=1,
        title="Gradients of a cross-entropy",
        topic="losses and their gradients",
        says="From probabilities less targets back to the weight and the input, as formulas.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_logits, 2: question_layer, 3: question_layer},
        precision={1: Exact(), 2: Exact(), 3: Exact()},
        asked={1: ("logits",), 2: ("weight", "input"), 3: ("weight", "input")},
        items=("N2.20", "N3.9"),
    ),
)
