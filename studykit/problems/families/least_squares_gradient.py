"""The gradient of a squared loss as a formula: a vector of weights, a penalty, then matrices."""

from __future__ import annotations

from typing import Any

from studykit.answers import Exact
from studykit.problems.dice import Dice
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.formula import Declared, Formula, formula
from studykit.problems.wording import partial

GIVEN = ("level", "n", "d", "factor", "penalty")

FACTORS = {
    "half": (r"\frac{1}{2}", "1"),
    "one": ("", "2"),
    "mean": (r"\frac{1}{n}", "2/n"),
    "half-mean": (r"\frac{1}{2n}", "1/n"),
}
"""What stands in front of the squares, and what is left of it in the gradient."""

PENALTIES = {"none": ("", None), "half": (r"\frac{\lambda}{2}", "1"), "one": (r"\lambda", "2")}


def draws(dice: Dice, level: int) -> dict[str, Any]:
    return {
        "n": dice.pick("nNB"),
        "d": dice.pick(["d", "p", "k"]),
        "factor": dice.pick(list(FACTORS)),
        "penalty": dice.pick(["half", "one"]) if level == 2 else "none",
    }


def names(level: int, n: str, d: str, _factor: str, penalty: str) -> Declared:
    if level == 3:
        return {"X": f"{n}×{d}", "W": f"{d}×m", "Y": f"{n}×m"}
    letter = {} if penalty == "none" else {"lambda": "positive"}
    return {"X": f"{n}×{d}", "w": f"vector {d}", "y": f"vector {n}"} | letter


def written(text: str, *given: Any) -> Formula:
    """A formula; w and y are matrices at level 3."""
    if given[0] == 3:
        text = text.replace("w", "W").replace("y", "Y")
    return formula(text, names(*given))


def fronted(f: Formula, front: str, *given: Any) -> Formula:
    """A factor of the drawn loss in front of a formula."""
    return f if front == "1" else written(front.replace("n", given[1]), *given) * f


def question(n: str, factor: str, penalty: str) -> str:
    front = FACTORS[factor][0].replace("n", n)
    term = rf"+{PENALTIES[penalty][0]}\lVert w\rVert^2" if penalty != "none" else ""
    return (
        rf"The rows of $X$ are ${n}$ examples, $w$ is the vector of weights, $y$ the targets. "
        r"Give the gradient of the loss with respect to $w$."
        rf"$$L={front}\lVert Xw-y\rVert^2{term}$$"
    )


def question_matrix(n: str, factor: str, asked: str) -> str:
    by = "W" if asked == "gradient" else "X"
    return (
        rf"The rows of $X$ are ${n}$ examples, $W$ the weights, $Y$ the targets; "
        r"$\lVert\cdot\rVert^2$ sums the squares of all entries. "
        rf"Give $\partial L/\partial {by}$."
        rf"$$L={FACTORS[factor][0].replace('n', n)}\lVert XW-Y\rVert^2$$"
    )


def error_gradient(residual: Formula, *given: Any) -> Formula:
    return fronted(residual, FACTORS[given[3]][1], *given)


def with_penalty(fit: Formula, *given: Any) -> Formula:
    left = PENALTIES[given[4]][1]
    return fit if left is None else fit + penalty_term(left, *given)


def penalty_term(left: str, *given: Any) -> Formula:
    return fronted(written("lambda w", *given), left, *given)


def by_product(level: int) -> str:
    """∂L/∂(Xw): the gradient of the prediction."""
    return partial("(XW)" if level == 3 else "(Xw)")


def shown_front(factor: str, n: str) -> str:
    front = FACTORS[factor][0].replace("n", n)
    return rf"\cdot{front}" if front else ""


def shown_share(penalty: str) -> str:
    """What the penalty adds to the gradient, before it is differentiated."""
    if penalty == "none":
        return ""
    return rf"+\frac{{\partial}}{{\partial w}}{PENALTIES[penalty][0]}\lVert w\rVert^2"


STEPS = (
    Step(
        "residual",
        "Residual: prediction less target",
        "r",
        lambda level: "XW-Y" if level == 3 else "Xw-y",
        lambda *given: written("X w - y", *given),
        takes=GIVEN,
    ),
    Step(
        "d_output",
        "Gradient of the prediction: the square brings down a 2, the factor in front stays",
        by_product,
        lambda n, factor: rf"2{shown_front(factor, n)}\,r",
        error_gradient,
        takes=("residual", *GIVEN),
    ),
    Step(
        "gradient",
        "Gradient of the weights: the data, turned, times that; and of the penalty",
        lambda level: partial("W" if level == 3 else "w"),
        lambda level, penalty: rf"X^\top{by_product(level)}" + shown_share(penalty),
        lambda d_output, *given: with_penalty(written("X^T", *given) @ d_output, *given),
        takes=("d_output", *GIVEN),
    ),
    Step(
        "input_gradient",
        "Gradient of the data: that times the weights, turned",
        r"\frac{\partial L}{\partial X}",
        lambda level: rf"{by_product(level)}\,W^\top",
        lambda d_output, *given: d_output @ written("w^T", *given),
        levels=(3,),
        takes=("d_output", *GIVEN),
    ),
)

OFF = {"half": "2", "one": "1", "mean": "1/n", "half-mean": "2/n"}
"""The factor with the 2 of the square lost, or once too many where a half takes it away."""


MISTAKES = (
    Mistake(
        "sign-flipped",
        "residual",
        lambda *given: written("y - X w", *given),
        "The residual has the wrong sign: prediction less target.",
        cause="sign",
        takes=GIVEN,
    ),
    Mistake(
        "factor-two",
        "d_output",
        lambda residual, *given: fronted(residual, OFF[given[3]], *given),
        "The factor 2 is wrong: the square brings one down, and a half in front takes it away.",
        cause="factor",
        takes=("residual", *GIVEN),
    ),
    Mistake(
        "sum-for-mean",
        "d_output",
        lambda residual, *given: fronted(
            residual, {"mean": "2", "half-mean": "1"}[given[3]], *given
        ),
        r"You left out $1/n$: the loss is a mean over the examples, so its gradient is too.",
        when=lambda factor: "mean" in factor,
        cause="mean",
        takes=("residual", *GIVEN),
    ),
    Mistake(
        "residual-left-out",
        "gradient",
        lambda *given: with_penalty(written("X^T X w", *given), *given),
        "You left out the targets: the gradient goes with the residual, not with the prediction.",
        levels=(1, 2),
        cause="residual",
        takes=GIVEN,
    ),
    Mistake(
        "data-left-out",
        "input_gradient",
        lambda d_output, *_given: d_output,
        "You stopped at the prediction; on to the data it goes back through the weights.",
        levels=(3,),
        cause="chain",
        takes=("d_output", *GIVEN),
    ),
    Mistake(
        "gradient-transposed",
        "gradient",
        lambda d_output, *given: d_output.T @ written("X", *given),
        "This is the gradient transposed; it has the shape of the weights.",
        levels=(3,),
        cause="transpose",
        takes=("d_output", *GIVEN),
    ),
    Mistake(
        "gradient-transposed",
        "input_gradient",
        lambda d_output, *given: written("w", *given) @ d_output.T,
        "This is the gradient transposed; it has the shape of the data.",
        levels=(3,),
        cause="transpose",
        takes=("d_output", *GIVEN),
    ),
    Mistake(
        "penalty-forgotten",
        "gradient",
        lambda d_output, *given: written("X^T", *given) @ d_output,
        "You left out the penalty on the weights; it has a gradient of its own.",
        levels=(2,),
        cause="penalty",
        takes=("d_output", *GIVEN),
    ),
    Mistake(
        "penalty-factor-two",
        "gradient",
        lambda d_output, *given: (
            written("X^T", *given) @ d_output
            + penalty_term({"half": "2", "one": "1"}[given[4]], *given)
        ),
        r"The penalty's factor 2 is wrong: $\lVert w\rVert^2$ gives $2w$, and a half takes the 2 "
        "away.",
        levels=(2,),
        cause="penalty",
        takes=("d_output", *GIVEN),
    ),
    Mistake(
        "penalty-sign",
        "gradient",
        lambda d_output, *given: (
            written("X^T", *given) @ d_output - penalty_term(str(PENALTIES[given[4]][1]), *given)
        ),
        "The penalty is added to the loss, so its gradient is added too.",
        levels=(2,),
        cause="sign",
        takes=("d_output", *GIVEN),
    ),
)

FAMILIES = (
    Family(
        name="least-squares-gradient",
        version=1,
        title="Gradient of a squared loss",
        topic="losses and their gradients",
        says="Squared losses with every factor in front, with weight decay, and for matrices.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question, 2: question, 3: question_matrix},
        precision={1: Exact(), 2: Exact(), 3: Exact()},
        asked={1: ("gradient",), 2: ("gradient",), 3: ("gradient", "input_gradient")},
        items=("N2.21", "N2.22", "N2.39"),
    ),
)
