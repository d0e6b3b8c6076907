"""Gradients along the path of the values: through the weights, the value map and the output map."""

from __future__ import annotations

from typing import Any

from studykit.answers import Exact
from studykit.problems.dice import Dice
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.formula import Declared, Formula, formula
from studykit.problems.wording import partial

GIVEN = ("level", "n", "d", "v", "c")


def draws(dice: Dice, _level: int) -> dict[str, Any]:
    return {
        "n": dice.pick(["n", "N", "L"]),
        "d": dice.pick(["d", "D"]),
        "v": dice.pick(["v", "d_v", "q"]),
        "c": dice.pick([1, 1, 2, 3]),
    }


def names(level: int, n: str, d: str, v: str, _c: int) -> Declared:
    if level == 1:
        return {"A": f"{n}×{n}", "X": f"{n}×{d}", "W_V": f"{d}×{v}", "dO": f"{n}×{v}"}
    if level == 2:
        weights = {"W_V": f"{d}×{v}", "W_O": f"{v}×{d}"}
        return {"A": f"{n}×{n}", "X": f"{n}×{d}"} | weights | {"dY": f"{n}×{d}"}
    heads = {"A_1": f"{n}×{n}", "A_2": f"{n}×{n}", "X": f"{n}×{d}"}
    values = {"V_1": f"{d}×{v}", "V_2": f"{d}×{v}"}
    outputs = {"O_1": f"{v}×{d}", "O_2": f"{v}×{d}"}
    return heads | values | outputs | {"dY": f"{n}×{d}"}


def at(text: str, scaled: bool = True) -> Any:
    """A formula over the problem's names, times the constant in front."""

    def does(*given: Any) -> Formula:
        f = formula(text, names(*given))
        return f * given[-1] if scaled else f

    return does


def front(c: int) -> str:
    return "" if c == 1 else rf"{c}\,"


def both(c: int) -> str:
    heads = "A_1XV_1O_1+A_2XV_2O_2"
    return heads if c == 1 else rf"{c}\,({heads})"


def question_one(asked: str, c: int) -> str:
    by = "W_V" if asked == "value_weight" else "X"
    path = "" if by == "W_V" else " by the path of the values"
    return (
        rf"A head with fixed weights $A$ computes $O={front(c)}AXW_V$; tokens are rows. Coming "
        rf"back from the loss is $dO=\partial L/\partial O$. "
        rf"Give $\partial L/\partial {by}${path}."
    )


def question_two(asked: str, c: int) -> str:
    by = {"value_weight": "W_V", "output_weight": "W_O", "input": "X"}[asked]
    path = " by the path of the values ($A$ held fixed)" if by == "X" else ""
    return (
        rf"A head and its output projection compute $Y={front(c)}AXW_VW_O$; tokens are rows. "
        rf"Coming back from the loss is $dY=\partial L/\partial Y$. "
        rf"Give $\partial L/\partial {by}${path}."
    )


def question_three(asked: str, c: int) -> str:
    by = {"value_weight": "V_1", "output_weight": "O_1", "input": "X"}[asked]
    path = " by the paths of the values ($A_1$ and $A_2$ held fixed)" if by == "X" else ""
    return (
        r"Concatenating two heads and projecting is a sum over heads: "
        rf"$Y={both(c)}$, with $V_h$ the value weight of a head and $O_h$ "
        r"its block of the output weight. Coming back from the loss is "
        rf"$dY=\partial L/\partial Y$. Give $\partial L/\partial {by}${path}."
    )


VALUE = (None, "X^T A^T dO", "X^T A^T dY W_O^T", "X^T A_1^T dY O_1^T")
OUTPUT = (None, None, "(A X W_V)^T dY", "(A_1 X V_1)^T dY")
INPUT = (None, "A^T dO W_V^T", "A^T dY W_O^T W_V^T",
         "A_1^T dY O_1^T V_1^T + A_2^T dY O_2^T V_2^T")  # fmt: skip


def by_level(texts: tuple[str | None, ...], scaled: bool = True) -> Any:
    def does(*given: Any) -> Formula:
        text = texts[given[0]]
        return at(text or "", scaled)(*given)  # type: ignore[no-any-return]

    return does


def with_names(text: str, *given: Any) -> Formula:
    return formula(text, names(*given))


def of_head(one: str, level: int) -> str:
    """A name at the level of one head, or of the first of two: A, W_V, W_O."""
    return {"A": "A_1", "W_V": "V_1", "W_O": "O_1"}[one] if level == 3 else one


def read_back(weights: str, output: str, value: str, *given: Any) -> Formula:
    """What comes back to the input by one head."""
    return with_names(f"{weights}^T dY {output}^T {value}^T", *given) * int(given[-1])


STEPS = (
    Step(
        "mixed",
        "The mixed tokens: what the value weight sees",
        r"\bar X",
        lambda level: f"{of_head('A', level)}X",
        lambda *given: with_names(f"{of_head('A', given[0])} X", *given),
        takes=GIVEN,
    ),
    Step(
        "head_back",
        "What comes back to the head's output",
        "dH",
        lambda level, c: rf"{front(c)}dY\,{of_head('W_O', level)}^\top",
        lambda *given: with_names(f"dY {of_head('W_O', given[0])}^T", *given) * given[-1],
        levels=(2, 3),
        takes=GIVEN,
    ),
    Step(
        "head",
        "The head's output: what the output weight sees",
        "H",
        lambda level: rf"\bar X\,{of_head('W_V', level)}",
        lambda mixed, *given: mixed @ with_names(of_head("W_V", given[0]), *given),
        levels=(2, 3),
        takes=("mixed", *GIVEN),
    ),
    Step(
        "value_weight",
        "Gradient of the value weight: the mixed tokens, turned, times what reaches the head",
        partial("W_V"),
        lambda c: rf"{front(c)}\bar X^\top\,dO",
        lambda mixed, *given: mixed.T @ with_names("dO", *given) * given[-1],
        levels=(1,),
        takes=("mixed", *GIVEN),
    ),
    Step(
        "value_weight",
        "Gradient of the value weight: the mixed tokens, turned, times what reaches the head",
        lambda level: partial(of_head("W_V", level)),
        r"\bar X^\top\,dH",
        lambda mixed, head_back: mixed.T @ head_back,
        levels=(2, 3),
    ),
    Step(
        "output_weight",
        "Gradient of the output weight: the head's output, turned, times what comes back",
        lambda level: partial(of_head("W_O", level)),
        lambda c: rf"{front(c)}H^\top\,dY",
        lambda head, *given: head.T @ with_names("dY", *given) * given[-1],
        levels=(2, 3),
        takes=("head", *GIVEN),
    ),
    Step(
        "values_back",
        "Gradient of the values: each gathers from the queries that read it",
        "dV",
        lambda c: rf"{front(c)}A^\top\,dO",
        lambda *given: with_names("A^T dO", *given) * given[-1],
        levels=(1,),
        takes=GIVEN,
    ),
    Step(
        "values_back",
        "Gradient of the values: each gathers from the queries that read it",
        "dV",
        r"A^\top\,dH",
        lambda head_back, *given: with_names("A^T", *given) @ head_back,
        levels=(2,),
        takes=("head_back", *GIVEN),
    ),
    Step(
        "input",
        "Gradient of the input along the values: back through the value weight, turned round",
        partial("X"),
        r"dV\,W_V^\top",
        lambda values_back, *given: values_back @ with_names("W_V^T", *given),
        levels=(1, 2),
        takes=("values_back", *GIVEN),
    ),
    Step(
        "first_head",
        "What comes back to the input by the first head: through its maps, each turned round",
        "dX_1",
        lambda c: rf"{front(c)}A_1^\top\,dY\,O_1^\top V_1^\top",
        lambda *given: read_back("A_1", "O_1", "V_1", *given),
        levels=(3,),
        takes=GIVEN,
    ),
    Step(
        "second_head",
        "What comes back by the second head",
        "dX_2",
        lambda c: rf"{front(c)}A_2^\top\,dY\,O_2^\top V_2^\top",
        lambda *given: read_back("A_2", "O_2", "V_2", *given),
        levels=(3,),
        takes=GIVEN,
    ),
    Step(
        "input",
        "Gradient of the input along the values: both heads, added up",
        partial("X"),
        "dX_1+dX_2",
        lambda first_head, second_head: first_head + second_head,
        levels=(3,),
    ),
)


def _mistake(
    name: str, step: str, texts: tuple[str | None, ...], says: str, cause: str, *levels: int
) -> Mistake:
    return Mistake(name, step, by_level(texts), says, levels=levels, cause=cause, takes=GIVEN)


MISTAKES = (
    *(
        Mistake(
            "factor-left-out",
            step,
            by_level(texts, scaled=False),
            "The constant in front belongs into the gradient too.",
            when=lambda c: c != 1,
            cause="factor",
            takes=GIVEN,
        )
        for step, texts in (("value_weight", VALUE), ("output_weight", OUTPUT), ("input", INPUT))
    ),
    _mistake(
        "weights-left-out",
        "value_weight",
        (None, "X^T dO", "X^T dY W_O^T", "X^T dY O_1^T"),
        "You left out the attention weights: what the value weight sees is the mixed tokens $AX$.",
        "path",
        1,
        2,
        3,
    ),
    _mistake(
        "weights-not-turned",
        "value_weight",
        (None, "X^T A dO", "X^T A dY W_O^T", "X^T A_1 dY O_1^T"),
        r"The attention weights are turned round on the way back: $(AX)^\top=X^\top A^\top$.",
        "transpose",
        1,
        2,
        3,
    ),
    _mistake(
        "weights-not-turned",
        "input",
        (None, "A dO W_V^T", "A dY W_O^T W_V^T", "A_1 dY O_1^T V_1^T + A_2 dY O_2^T V_2^T"),
        r"The attention weights are turned round on the way back: $A^\top$ gathers, for each "
        "token, from the queries that read it.",
        "transpose",
        1,
        2,
        3,
    ),
    _mistake(
        "weights-left-out",
        "input",
        (None, "dO W_V^T", "dY W_O^T W_V^T", "dY O_1^T V_1^T + dY O_2^T V_2^T"),
        r"You left out the attention weights: a token is read by many queries, through $A^\top$.",
        "path",
        1,
        2,
        3,
    ),
    _mistake(
        "values-not-mixed",
        "output_weight",
        (None, None, "(X W_V)^T dY", "(X V_1)^T dY"),
        "You used the values before they are mixed; the output weight sees the head's output.",
        "path",
        2,
        3,
    ),
    _mistake(
        "gradient-transposed",
        "output_weight",
        (None, None, "dY^T A X W_V", "dY^T A_1 X V_1"),
        "This is the gradient transposed; it has the shape of the output weight.",
        "transpose",
        2,
        3,
    ),
    _mistake(
        "one-head-only",
        "input",
        (None, None, None, "A_1^T dY O_1^T V_1^T"),
        "Every head reads the input, so every head sends a gradient back; add them up.",
        "paths",
        3,
    ),
    _mistake(
        "other-heads-block",
        "value_weight",
        (None, None, None, "X^T A_1^T dY O_2^T"),
        "You went back through the other head's block of the output weight.",
        "path",
        3,
    ),
)

FAMILIES = (
    Family(
        name="value-path-gradient",
        version=1,
        title="Gradients along the values",
        topic="V functions",
        says="Back from the output through W_O, the weights and W_V, with one head or with two.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_one, 2: question_two, 3: question_three},
        precision={1: Exact(), 2: Exact(), 3: Exact()},
        asked={
            1: ("value_weight", "input"),
            2: ("value_weight", "output_weight", "input"),
            3: ("value_weight", "output_weight", "input"),
        },
        items=("N1.18", "N3.31"),
    ),
)
