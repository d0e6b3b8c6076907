"""Gradients of a linear layer as matrix formulas, in all three ways that weights are laid out."""

from __future__ import annotations

from typing import Any

from studykit.answers import Exact
from studykit.problems.dice import Dice
from studykit.problems.family import Family, Mistake, Step, at_levels
from studykit.problems.formula import Declared, Formula, formula
from studykit.problems.wording import partial

FORWARD = {"rows": "XW", "torch": r"XW^\top", "columns": "WX"}
WEIGHT = {"rows": "X^T dY", "torch": "dY^T X", "columns": "dY X^T"}
WEIGHT_TURNED = {"rows": "dY^T X", "torch": "X^T dY", "columns": "X dY^T"}
INPUT = {"rows": "dY W^T", "torch": "dY W", "columns": "W^T dY"}
INPUT_TURNED = {"rows": "W dY^T", "torch": "W^T dY^T", "columns": "dY^T W"}
INPUT_OTHER = {"rows": "dY W", "torch": "dY W^T", "columns": "W dY"}
"""The weight turned the wrong way, which only a square one allows."""

WEIGHT_ENTRIES = {
    "rows": r"\sum_t X_{ti}\,dY_{tj}",
    "torch": r"\sum_t dY_{ti}\,X_{tj}",
    "columns": r"\sum_t dY_{it}\,X_{jt}",
}
INPUT_ENTRIES = {
    "rows": r"\sum_j dY_{tj}\,W_{ij}",
    "torch": r"\sum_j dY_{tj}\,W_{ji}",
    "columns": r"\sum_j W_{ji}\,dY_{jt}",
}
"""Both entry by entry, for token t."""

STATED = {
    "rows": "Tokens are the rows of $X$.",
    "torch": "Tokens are the rows of $X$; the weight is stored as outputs × inputs.",
    "columns": "Tokens are the columns of $X$.",
}


def draws(dice: Dice, level: int) -> dict[str, Any]:
    n, d = dice.pick(["n", "N", "B"]), dice.pick(["d", "p"])
    if level == 3:
        return {
            "layout": "rows",
            "net": dice.pick(["two", "tied"]),
            "n": n,
            "d": d,
            "m": dice.pick(["m", "h"]),
            "k": dice.pick(["k", "q"]),
            "c": dice.pick([1, 2, 3]),
        }
    m = dice.pick([d, "m", "q"])
    c = dice.pick([2, 3, 4, 5]) if level == 2 else 1
    return {"layout": dice.pick(list(FORWARD)), "n": n, "d": d, "m": m, "c": c}


def names(layout: str, n: str, d: str, m: str) -> Declared:
    weight = f"{d}×{m}" if layout == "rows" else f"{m}×{d}"
    if layout == "columns":
        return {"X": f"{d}×{n}", "W": weight, "dY": f"{m}×{n}"}
    return {"X": f"{n}×{d}", "W": weight, "dY": f"{n}×{m}"}


GIVEN = ("layout", "n", "d", "m", "c")


def at(texts: dict[str, str], *, scaled: bool = True) -> Any:
    """A formula of the drawn layout, times the constant in front of the product."""

    def does(layout: str, n: str, d: str, m: str, c: int) -> Formula:
        f = formula(texts[layout], names(layout, n, d, m))
        return f * c if scaled else f

    return does


def question(layout: str, asked: str) -> str:
    by = "W" if asked == "weight" else "X"
    return (
        rf"A linear layer computes $Y={FORWARD[layout]}$. {STATED[layout]} Coming back from the "
        rf"loss is $dY=\partial L/\partial Y$, of the shape of $Y$. "
        rf"Give $\partial L/\partial {by}$."
    )


def question_bias(layout: str, asked: str, c: int) -> str:
    by = {"weight": "W", "input": "X", "bias": "b"}[asked]
    how = "column" if layout == "columns" else "row"
    return (
        rf"A layer computes $Y={c}\,{FORWARD[layout]}+b$, where the {how} $b$ is added to every "
        rf"{how}. {STATED[layout]} Coming back from the loss is $dY=\partial L/\partial Y$, of the "
        rf"shape of $Y$. Give $\partial L/\partial {by}$."
    )


def question_two(net: str, c: int) -> str:
    if net == "tied":
        return (
            rf"A layer and its transpose share one weight: $Y={front(c)}XWW^\top$. Coming back "
            r"from the loss is $dY=\partial L/\partial Y$. Give $\partial L/\partial W$."
        )
    return (
        rf"Two linear layers follow each other: $Y={front(c)}XWU$. Coming back from the loss is "
        r"$dY=\partial L/\partial Y$. Give $\partial L/\partial W$."
    )


def front(c: int) -> str:
    return "" if c == 1 else rf"{c}\,"


BIAS = {"rows": "colsum(dY)", "torch": "colsum(dY)", "columns": "rowsum(dY)"}
BIAS_MEAN = {"rows": "colmean(dY)", "torch": "colmean(dY)", "columns": "rowmean(dY)"}
BIAS_OTHER = {"rows": "rowsum(dY)", "torch": "rowsum(dY)", "columns": "colsum(dY)"}


def two_names(net: str, n: str, d: str, m: str, k: str) -> Declared:
    if net == "tied":
        return {"X": f"{n}×{d}", "W": f"{d}×{m}", "dY": f"{n}×{d}"}
    return {"X": f"{n}×{d}", "W": f"{d}×{m}", "U": f"{m}×{k}", "dY": f"{n}×{k}"}


def two(text: str, net: str, n: str, d: str, m: str, k: str) -> Formula:
    return formula(text, two_names(net, n, d, m, k))


STEPS = (
    Step(
        "weight",
        "Gradient of the weight: the input, turned, times what comes back, and the factor",
        r"\frac{\partial L}{\partial W}",
        lambda layout, c: front(c) + WEIGHT_ENTRIES[layout],
        at(WEIGHT),
        entry=partial("W_{ij}"),
        levels=(1, 2),
        takes=GIVEN,
    ),
    Step(
        "input",
        "Gradient of the input: what comes back, times the weight turned round, and the factor",
        r"\frac{\partial L}{\partial X}",
        lambda layout, c: front(c) + INPUT_ENTRIES[layout],
        at(INPUT),
        entry=lambda layout: partial("X_{it}" if layout == "columns" else "X_{ti}"),
        levels=(1, 2),
        takes=GIVEN,
    ),
    Step(
        "bias",
        "Gradient of the bias: the sum over all tokens, since it was added to each",
        r"\frac{\partial L}{\partial b}",
        r"\sum_{\text{tokens}} dY",
        at(BIAS, scaled=False),
        levels=(2,),
        takes=GIVEN,
    ),
    Step(
        "hidden",
        "What comes back to the first layer's output",
        "dH",
        lambda net, c: front(c) + (r"dY\,W" if net == "tied" else r"dY\,U^\top"),
        lambda net, n, d, m, k, c: two("dY W" if net == "tied" else "dY U^T", net, n, d, m, k) * c,
        levels=(3,),
    ),
    Step(
        "first",
        "The path through the first use of the weight",
        r"dW_1",
        r"X^\top\,dH",
        lambda net, n, d, m, k, hidden: two("X^T", net, n, d, m, k) @ hidden,
        levels=(3,),
    ),
    Step(
        "weight",
        "Gradient: every path through the weight, added up",
        r"\frac{\partial L}{\partial W}",
        lambda net: "dW_1+dW_2" if net == "tied" else "dW_1",
        lambda net, n, d, m, k, c, first: (
            first + two("dY^T X W", net, n, d, m, k) * c if net == "tied" else first
        ),
        levels=(3,),
    ),
)


def _mistake(name: str, step: str, does: Any, says: str, cause: str, **more: Any) -> Mistake:
    more = {"levels": (1, 2), "takes": GIVEN} | more
    return Mistake(name, step, does, says, cause=cause, **more)


MISTAKES = (
    *(
        _mistake(
            "gradient-transposed",
            step,
            at(turned),
            f"This is the gradient transposed: it has the shape of the {step}, entry by entry.",
            "transpose",
        )
        for step, turned in (("weight", WEIGHT_TURNED), ("input", INPUT_TURNED))
    ),
    _mistake(
        "weight-not-turned",
        "input",
        at(INPUT_OTHER),
        "The gradient goes back through the weight turned round; you used it as it is in the "
        "forward pass.",
        "transpose",
        when=lambda d, m: d == m,
    ),
    *(
        _mistake(
            "factor-left-out",
            step,
            at(texts, scaled=False),
            "The constant in front of the product belongs into the gradient too.",
            "factor",
            levels=(2,),
        )
        for step, texts in (("weight", WEIGHT), ("input", INPUT))
    ),
    _mistake(
        "factor-on-the-bias",
        "bias",
        at(BIAS),
        "The constant stands in front of the product alone; the bias is added after it.",
        "factor",
        levels=(2,),
    ),
    _mistake(
        "mean-over-tokens",
        "bias",
        at(BIAS_MEAN, scaled=False),
        "You took the mean over the tokens; each of them adds its share, so it is the sum.",
        "mean",
        levels=(2,),
    ),
    _mistake(
        "summed-over-outputs",
        "bias",
        at(BIAS_OTHER, scaled=False),
        "You summed over the outputs; the bias has one entry for each output and is shared by the "
        "tokens.",
        "axis",
        levels=(2,),
    ),
    *at_levels(
        (3,),
        (
            Mistake(
                "one-path-only",
                "weight",
                lambda first: first,
                "The weight is used twice, so two paths lead to it; you took the first alone.",
                when=lambda net: net == "tied",
                cause="paths",
            ),
            Mistake(
                "second-path-only",
                "weight",
                lambda net, n, d, m, k, c: two("dY^T X W", net, n, d, m, k) * c,
                "The weight is used twice, so two paths lead to it; you took the second alone.",
                when=lambda net: net == "tied",
                cause="paths",
            ),
            Mistake(
                "one-path-doubled",
                "weight",
                lambda first: first * 2,
                "The two paths to a tied weight differ; doubling one of them does not give their "
                "sum.",
                when=lambda net: net == "tied",
                cause="paths",
            ),
            Mistake(
                "factor-left-out",
                "hidden",
                lambda net, n, d, m, k: two("dY W" if net == "tied" else "dY U^T", net, n, d, m, k),
                "The constant in front of the product belongs into the gradient too.",
                when=lambda c: c != 1,
                cause="factor",
            ),
            Mistake(
                "gradient-transposed",
                "weight",
                lambda first, net, n, d, m, k, c: (
                    (first + two("dY^T X W", net, n, d, m, k) * c if net == "tied" else first).T
                ),
                "This is the gradient transposed: it has the shape of the weight, entry by entry.",
                cause="transpose",
            ),
        ),
    ),
)

FAMILIES = (
    Family(
        name="linear-layer-formulas",
        version=1,
        title="Gradients of a linear layer",
        topic="losses and their gradients",
        says="What comes back to the weight, the input and the bias, as formulas with shapes.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question, 2: question_bias, 3: question_two},
        precision={1: Exact(), 2: Exact(), 3: Exact()},
        asked={1: ("weight", "input"), 2: ("weight", "input", "bias")},
        items=("N2.20",),
    ),
)
