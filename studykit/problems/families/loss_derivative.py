"""The derivative of a loss by its prediction, by a logit, and by a weight behind it."""

from __future__ import annotations

import re
from typing import Any

from studykit.answers import Exact
from studykit.problems.calculus import derivative, expanded
from studykit.problems.dice import Dice
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.formula import Declared, Formula, formula
from studykit.problems.wording import partial

NAMES = {"u": "real", "y": "(0, 1)", "w": "real", "x": "real", "b": "real", "delta": "positive"}
"""A loss is a pattern in u, the prediction or the logit, and y, the target."""

SQUARED = {
    "squared": "(u - y)^2",
    "half": "1/2 (u - y)^2",
    "quarter": "1/4 (u - y)^2",
    "quartic": "(u - y)^4",
    "huber": "delta (u - y - delta / 2)",
    "logcosh": "ln((e^(u - y) + e^(y - u)) / 2)",
    "crossing": "-y ln(u) - (1 - y) ln(1 - u)",
}
LOGIT = {
    "cross-entropy": "-y ln(sigmoid(u)) - (1 - y) ln(1 - sigmoid(u))",
    "softplus": "softplus(u) - y u",
    "brier": "(sigmoid(u) - y)^2",
    "half-brier": "1/2 (sigmoid(u) - y)^2",
    "tanh-half": "1/2 (tanh(u) - y)^2",
}

SAID = {
    "huber": r" This is the outer piece of a Huber loss, where $u-y>\delta$.",
    "cross-entropy": r" $\sigma$ is the sigmoid.",
    "softplus": r" $\mathrm{softplus}(u)=\ln(1+e^{u})$; write the sigmoid as $\sigma$.",
    "brier": r" $\sigma$ is the sigmoid.",
    "half-brier": r" $\sigma$ is the sigmoid.",
}

RULES = {
    "squared": r"2\,(u-y)\cdot 1",
    "half": r"\frac{1}{2}\cdot 2\,(u-y)\cdot 1",
    "quarter": r"\frac{1}{4}\cdot 2\,(u-y)\cdot 1",
    "quartic": r"4\,(u-y)^3\cdot 1",
    "huber": r"\delta\cdot(1-0)",
    "logcosh": r"\frac{1}{e^{u-y}+e^{y-u}}\cdot\left(e^{u-y}-e^{y-u}\right)",
    "crossing": r"-y\cdot\frac{1}{u}-(1-y)\cdot\frac{-1}{1-u}",
    "cross-entropy": r"-y\,\frac{\sigma'}{\sigma}-(1-y)\,\frac{-\sigma'}{1-\sigma},"
    r"\quad\sigma'=\sigma(1-\sigma)",
    "softplus": r"\frac{e^{u}}{1+e^{u}}-y",
    "brier": r"2\,(\sigma-y)\cdot\sigma',\quad\sigma'=\sigma(1-\sigma)",
    "half-brier": r"\frac{1}{2}\cdot 2\,(\sigma-y)\cdot\sigma',\quad\sigma'=\sigma(1-\sigma)",
    "tanh-half": r"\frac{1}{2}\cdot 2\,(\tanh u-y)\cdot\left(1-\tanh^2 u\right)",
}
"""The rules of differentiation, written down for each loss."""

MODELS = {"line": "w x + b", "plain": "w x", "scaled": "w x / 2", "square": "w x^2"}


def draws(dice: Dice, level: int) -> dict[str, Any]:
    kind = dice.pick(list(SQUARED if level == 1 else LOGIT))
    if level == 3:
        letter = "u"
    else:
        letter = dice.pick(
            ["p", "q", "r", "s"] if kind == "crossing" else ["u", "z", "s", "v", "p"]
        )
    givens = {"kind": kind, "letter": letter}
    if level == 2:
        return givens | {"weight": dice.pick([1, 2, 3, 4, 5])}
    if level == 3:
        return givens | {"model": dice.pick(list(MODELS)), "by": dice.pick("wx")}
    return givens


def names(level: int, kind: str, letter: str, model: str = "") -> Declared:
    extra = {"delta": "positive"} if kind == "huber" else {}
    if level == 3:
        bias = {"b": "real"} if model == "line" else {}
        logit = {letter: f"real = {MODELS[model]}"}
        return {"w": "real", "x": "real"} | bias | {"y": "(0, 1)"} | logit
    domain = "(0, 1)" if kind == "crossing" else "real"
    return {letter: domain, "y": "(0, 1)"} | extra


def pattern(kind: str) -> Formula:
    return formula((SQUARED | LOGIT)[kind], NAMES)


def inner(level: int, kind: str, letter: str, model: str = "") -> Formula:
    """What stands in the place of u: a letter, or at level 3 a model."""
    return formula(MODELS.get(model, letter), names(level, kind, letter, model))


def at(f: Formula, level: int, kind: str, letter: str, model: str = "") -> Formula:
    """A pattern at the prediction or the logit of the problem."""
    u = inner(level, kind, letter, model)
    return f.put(u=u).declaring(u.declared)


def slope(kind: str) -> Formula:
    """The derivative by u; that of the cross-entropy shrinks to σ − y when multiplied out."""
    found = derivative(pattern(kind), "u")
    return expanded(found) if kind == "cross-entropy" else found


def question(level: int, kind: str, letter: str) -> str:
    shown = at(pattern(kind), level, kind, letter).tex
    said = SAID.get(kind, "").replace("u-y", f"{letter}-y")
    return (
        rf"Differentiate the loss with respect to the prediction ${letter}$; $y$ is the target."
        rf"{said}$$L={shown}$$"
    )


def question_logit(level: int, kind: str, letter: str, weight: int) -> str:
    shown = (at(pattern(kind), level, kind, letter) * weight).tex
    if weight != 1:
        shown = rf"{weight}\left({at(pattern(kind), level, kind, letter).tex}\right)"
    said = SAID.get(kind, "")
    return (
        rf"Differentiate the loss with respect to the logit ${letter}$; $y$ is the target."
        rf"{said}$$L={shown}$$"
    )


def question_model(level: int, kind: str, letter: str, model: str, by: str) -> str:
    u = inner(level, kind, letter, model).tex
    said = SAID.get(kind, "")
    shown = at(pattern(kind), 2, kind, letter).tex
    return (
        rf"The logit is ${letter}={u}$, the target $y$. Give "
        rf"$\partial L/\partial {by}$.{said}$$L={shown}$$"
    )


def rule(kind: str, letter: str) -> str:
    """The rules for a loss, with the problem's letter for u."""
    return re.sub(r"(?<![A-Za-z])u(?![A-Za-z])", letter, RULES[kind])


def bare_loss(weight: int) -> str:
    """The loss without its factor."""
    return "L" if weight == 1 else rf"(L/{weight})"


STEPS = (
    Step(
        "slope",
        "Derivative of the loss by what stands in it",
        lambda letter: partial(letter),
        lambda letter: rf"\frac{{\partial}}{{\partial {letter}}}L({letter},y)",
        lambda level, kind, letter: at(slope(kind), level, kind, letter),
        lambda kind, letter: rule(kind, letter),
        levels=(1,),
    ),
    Step(
        "slope",
        "Derivative by the logit, without the factor in front",
        lambda letter, weight: partial(letter, bare_loss(weight)),
        lambda level, kind, letter: (
            rf"\frac{{\partial}}{{\partial {letter}}}"
            rf"\left({at(pattern(kind), level, kind, letter).tex}\right)"
        ),
        lambda level, kind, letter: at(slope(kind), level, kind, letter),
        lambda kind, letter: rule(kind, letter),
        levels=(2,),
    ),
    Step(
        "weighted",
        "Times the factor in front",
        lambda letter: partial(letter),
        lambda letter, weight: rf"{weight}\cdot{partial(letter, bare_loss(weight))}",
        lambda slope, weight: slope * weight,
        levels=(2,),
    ),
    Step(
        "slope",
        "Derivative of the loss by the logit",
        r"\frac{\partial L}{\partial u}",
        r"\frac{\partial}{\partial u}L(u,y)",
        lambda level, kind, letter, model: at(slope(kind), level, kind, letter, model),
        lambda kind, letter: rule(kind, letter),
        levels=(3,),
    ),
    Step(
        "through",
        "Chain rule: times the derivative of the logit",
        lambda by: partial(by),
        lambda by: rf"{partial('u')}\cdot{partial(by, 'u')}",
        lambda slope, level, kind, letter, model, by: (
            slope * derivative(inner(level, kind, letter, model), by)
        ),
        levels=(3,),
    ),
)


def _among(kinds: dict[str, str]) -> Any:
    return lambda kind: kind in kinds


def _slope_of(texts: dict[str, str]) -> Any:
    return lambda kind, *given: at(formula(texts[kind], NAMES), given[0], kind, *given[1:])


def _wrong(name: str, slopes: dict[str, str], says: str, cause: str) -> tuple[Mistake, ...]:
    """A wrong derivative for those losses that have it, at each level where one is drawn."""
    found = []
    for level in (1, 2, 3):
        here = {kind: slopes[kind] for kind in slopes if kind in (SQUARED if level == 1 else LOGIT)}
        if here:
            takes = ("kind", "level", "letter", *(("model",) if level == 3 else ()))
            found.append(
                Mistake(
                    name,
                    "slope",
                    _slope_of(here),
                    says,
                    when=_among(here),
                    levels=(level,),
                    cause=cause,
                    takes=takes,
                )
            )
    return tuple(found)


MISTAKES = (
    *_wrong(
        "factor-of-the-power",
        {
            "squared": "u - y",
            "half": "2 (u - y)",
            "quarter": "u - y",
            "quartic": "(u - y)^3",
            "brier": "(sigmoid(u) - y) sigmoid(u) (1 - sigmoid(u))",
            "half-brier": "2 (sigmoid(u) - y) sigmoid(u) (1 - sigmoid(u))",
            "tanh-half": "2 (tanh(u) - y) (1 - tanh(u)^2)",
        },
        "The power comes down as a factor: a square gives 2, and a half in front takes it away.",
        "factor",
    ),
    *_wrong(
        "sign-flipped",
        {
            "squared": "2 (y - u)",
            "half": "y - u",
            "quarter": "1/2 (y - u)",
            "quartic": "4 (y - u)^3",
            "huber": "-delta",
            "logcosh": "tanh(y - u)",
            "crossing": "y / u - (1 - y) / (1 - u)",
            "cross-entropy": "y - sigmoid(u)",
            "softplus": "y - sigmoid(u)",
        },
        "The sign is the wrong way round: above the target the loss rises.",
        "sign",
    ),
    *_wrong(
        "activation-slope-left-out",
        {"brier": "2 (sigmoid(u) - y)", "half-brier": "sigmoid(u) - y", "tanh-half": "tanh(u) - y"},
        r"You left out the derivative of the activation: $\sigma(1-\sigma)$, or $1-\tanh^2$.",
        "chain",
    ),
    *_wrong(
        "activation-slope-added",
        {
            "cross-entropy": "(sigmoid(u) - y) sigmoid(u) (1 - sigmoid(u))",
            "softplus": "(sigmoid(u) - y) sigmoid(u) (1 - sigmoid(u))",
        },
        r"You multiplied with $\sigma(1-\sigma)$; in a cross-entropy it cancels.",
        "chain",
    ),
    *_wrong(
        "square-left-out",
        {"tanh-half": "(tanh(u) - y) (1 - tanh(u))"},
        r"The derivative of the tanh is $1-\tanh^2$, with a square.",
        "derivative",
    ),
    *_wrong(
        "softplus-kept",
        {"softplus": "softplus(u) - y"},
        r"The softplus has a derivative of its own: $\sigma$.",
        "derivative",
    ),
    *_wrong(
        "target-left-out",
        {"cross-entropy": "sigmoid(u)", "softplus": "sigmoid(u)"},
        "You left out the target: it is the probability less the target.",
        "derivative",
    ),
    *_wrong(
        "slope-grows",
        {"huber": "u - y"},
        r"The outer piece of a Huber loss is a straight line: its slope stays $\delta$.",
        "derivative",
    ),
    *_wrong(
        "inner-minus-forgotten",
        {"crossing": "-y / u - (1 - y) / (1 - u)"},
        r"The derivative of $\ln(1-u)$ is $-1/(1-u)$: the inner minus turns the sign.",
        "chain",
    ),
    *_wrong(
        "logarithm-alone",
        {"logcosh": "2 / (e^(u - y) + e^(y - u))"},
        "You left out the derivative of what stands in the logarithm.",
        "chain",
    ),
    Mistake(
        "factor-in-front-left-out",
        "weighted",
        lambda slope: slope,
        "You left out the factor in front of the loss.",
        when=lambda weight: weight != 1,
        levels=(2,),
        cause="factor",
    ),
    Mistake(
        "chain-factor-forgotten",
        "through",
        lambda slope: slope,
        "You stopped at the logit; on to the parameter it goes with the logit's own derivative.",
        levels=(3,),
        cause="chain",
    ),
    Mistake(
        "other-factor",
        "through",
        lambda slope, level, kind, letter, model, by: (
            slope * derivative(inner(level, kind, letter, model), "x" if by == "w" else "w")
        ),
        "This is the derivative of the logit by the other of $w$ and $x$.",
        levels=(3,),
        cause="chain",
    ),
    Mistake(
        "power-kept",
        "through",
        lambda slope, *given: slope * formula("w x", names(*given)),
        "The power comes down as a factor: $x^2$ has the derivative $2x$.",
        when=lambda model, by: model == "square" and by == "x",
        levels=(3,),
        cause="derivative",
        takes=("slope", "level", "kind", "letter", "model"),
    ),
)

FAMILIES = (
    Family(
        name="loss-derivative",
        version=1,
        title="Derivative of a loss",
        topic="losses and their gradients",
        says="Squared, Huber, log-cosh and cross-entropy losses, by prediction, logit or weight.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question, 2: question_logit, 3: question_model},
        precision={1: Exact(), 2: Exact(), 3: Exact()},
        items=("N2.21", "N2.22", "N2.23"),
    ),
)
