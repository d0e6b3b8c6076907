"""Gradients of a low-rank adapter: two thin matrices beside a frozen weight, as formulas."""

from __future__ import annotations

from typing import Any

from studykit.answers import Exact
from studykit.problems.dice import Dice
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.formula import Declared, Formula, formula
from studykit.problems.wording import partial

GIVEN = ("level", "n", "d", "m")
BY = {"down": "A", "up": "B", "input": "X"}


def draws(dice: Dice, _level: int) -> dict[str, Any]:
    d = dice.pick(["d", "D", "p"])
    return {"n": dice.pick(["n", "N", "L"]), "d": d, "m": dice.pick(["m", "q", "h"])}


def names(level: int, n: str, d: str, m: str) -> Declared:
    thin = {"A": f"{d}×r", "B": f"r×{m}"}
    scale = {} if level == 1 else {"alpha": "positive"}
    return {"X": f"{n}×{d}", "W": f"{d}×{m}"} | thin | {"dY": f"{n}×{m}"} | scale


def at(text: str, scaled: bool = True) -> Any:
    """A formula, at level 2 times α/r where that belongs."""

    def does(*given: Any) -> Formula:
        f = formula(text, names(*given))
        return fronted(f, *given) if scaled else f

    return does


def fronted(f: Formula, *given: Any) -> Formula:
    """Times what stands in front of the adapter, at level 2."""
    return f if given[0] == 1 else formula("alpha/r", names(*given)) * f


def question(level: int, asked: str) -> str:
    factor = "" if level == 1 else r"\tfrac{\alpha}{r}\,"
    return (
        rf"A weight $W$ is frozen and adapted by two thin matrices of rank $r$: "
        rf"$Y=X\left(W+{factor}AB\right)$, tokens are rows. Coming back from the loss is "
        rf"$dY=\partial L/\partial Y$. Give $\partial L/\partial {BY[asked]}$."
    )


def shown(text: str) -> Any:
    """A formula in TeX with what stands in front of the adapter."""
    return lambda level: text if level == 1 else rf"\tfrac{{\alpha}}{{r}}\,{text}"


STEPS = (
    Step(
        "thin",
        "What the first thin matrix makes of the input",
        "H",
        "XA",
        at("X A", scaled=False),
        takes=GIVEN,
    ),
    Step(
        "thin_back",
        "What comes back to the output of the first thin matrix",
        "dH",
        shown(r"dY\,B^\top"),
        at("dY B^T"),
        takes=GIVEN,
    ),
    Step(
        "down",
        "Gradient of the first thin matrix: its input, turned, times what comes back to it",
        partial("A"),
        r"X^\top\,dH",
        lambda thin_back, *given: formula("X^T", names(*given)) @ thin_back,
        takes=("thin_back", *GIVEN),
    ),
    Step(
        "up",
        "Gradient of the second thin matrix: it sees what the first one made of the input",
        partial("B"),
        shown(r"H^\top\,dY"),
        lambda thin, *given: fronted(thin.T @ formula("dY", names(*given)), *given),
        takes=("thin", *GIVEN),
    ),
    Step(
        "input",
        "Gradient of the input: back through the frozen weight and through the adapter",
        partial("X"),
        r"dY\,W^\top+dH\,A^\top",
        lambda thin_back, *given: (
            formula("dY W^T", names(*given)) + thin_back @ formula("A^T", names(*given))
        ),
        takes=("thin_back", *GIVEN),
    ),
)


def _mistake(name: str, step: str, does: Any, says: str, cause: str, *levels: int) -> Mistake:
    return Mistake(name, step, does, says, levels=levels, cause=cause, takes=GIVEN)


MISTAKES = (
    *(
        _mistake(
            "scale-left-out",
            step,
            at(text, scaled=False),
            r"You left out $\alpha/r$: it stands in front of the adapter, so in its gradient too.",
            "scale",
            2,
        )
        for step, text in (
            ("down", "X^T dY B^T"),
            ("up", "A^T X^T dY"),
            ("input", "dY W^T + dY B^T A^T"),
        )
    ),
    _mistake(
        "gradient-transposed",
        "down",
        at("B dY^T X"),
        "This is the gradient transposed; it has the shape of the matrix it belongs to.",
        "transpose",
        1,
        2,
    ),
    _mistake(
        "gradient-transposed",
        "up",
        at("dY^T X A"),
        "This is the gradient transposed; it has the shape of the matrix it belongs to.",
        "transpose",
        1,
        2,
    ),
    _mistake(
        "full-weight",
        "down",
        at("X^T dY"),
        r"This would be the gradient of the whole weight; on to $A$ it goes back through $B$.",
        "chain",
        1,
        2,
    ),
    _mistake(
        "full-weight",
        "up",
        at("X^T dY"),
        r"This would be the gradient of the whole weight; $B$ sees $XA$, not $X$.",
        "chain",
        1,
        2,
    ),
    _mistake(
        "frozen-path-forgotten",
        "input",
        at("dY B^T A^T"),
        "A frozen weight is not trained, but the gradient still goes through it.",
        "paths",
        1,
        2,
    ),
    _mistake(
        "adapter-path-forgotten",
        "input",
        at("dY W^T", scaled=False),
        "You went back through the frozen weight alone; the adapter is a second path.",
        "paths",
        1,
        2,
    ),
)

FAMILIES = (
    Family(
        name="lora-gradients",
        version=1,
        title="Gradients of a low-rank adapter",
        topic="gradient descent and optimisers",
        says="What comes back to the two thin matrices of an adapter, and past them to the input.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question, 2: question},
        precision={1: Exact(), 2: Exact()},
        asked={1: tuple(BY), 2: tuple(BY)},
        items=("N2.20",),
    ),
)
