"""Gradients of a gated feed-forward unit: entry by entry, through the gate, back to the weights."""

from __future__ import annotations

from typing import Any

from studykit.answers import Exact
from studykit.problems.dice import Dice
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.formula import Declared, Formula, formula

GIVEN = ("level", "n", "d", "h", "gate")

GATES = {
    "plain": ("B", r"B", "1", "1"),
    "sigmoid": ("sigmoid(B)", r"\sigma(B)", "sigmoid(B) ⊙ (1 - sigmoid(B))", "sigmoid(B)"),
    "tanh": ("tanh(B)", r"\tanh(B)", "1 - tanh(B) ⊙ tanh(B)", "1 - tanh(B)"),
    "silu": (
        "B ⊙ sigmoid(B)",
        r"B\odot\sigma(B)",
        "sigmoid(B) + B ⊙ sigmoid(B) ⊙ (1 - sigmoid(B))",
        "B ⊙ sigmoid(B) ⊙ (1 - sigmoid(B))",
    ),
    "relu": ("relu(B)", r"\mathrm{ReLU}(B)", "step(B)", "relu(B)"),
}
"""The gate, the same in TeX, its derivative entry by entry, and the derivative as it goes wrong."""

KNOWN = {
    "plain": "",
    "sigmoid": r" $\sigma$ is the sigmoid.",
    "tanh": "",
    "silu": r" $\sigma$ is the sigmoid; the gate is SiLU.",
    "relu": r" The derivative of ReLU is $\mathrm{step}$: 1 above 0, else 0.",
}


def draws(dice: Dice, level: int) -> dict[str, Any]:
    return {
        "n": dice.pick(["n", "N", "L"]),
        "d": dice.pick(["d", "p"]),
        "h": dice.pick(["h", "m", "k"]),
        "gate": dice.pick(["sigmoid", "tanh", "silu", "relu"] if level > 1 else list(GATES)),
    }


def names(level: int, n: str, d: str, h: str, gate: str) -> Declared:
    hidden = f"{n}×{h}"
    out = {"H": f"{hidden} = A ⊙ {GATES[gate][0]}"}
    if level < 3:
        return {"A": hidden, "B": hidden, "dH": hidden} | out
    weights = {"U": f"{d}×{h}", "V": f"{d}×{h}"}
    inner = {"A": f"{hidden} = X U", "B": f"{hidden} = X V"}
    return {"X": f"{n}×{d}"} | weights | {"dH": hidden} | inner | out


def written(text: str, *given: Any) -> Formula:
    return formula(text, names(*given))


def gate_of(*given: Any) -> Formula:
    return written(GATES[given[-1]][0], *given)


def question(gate: str, asked: str) -> str:
    by = "A" if asked == "up" else "B"
    return (
        rf"A gated unit multiplies entry by entry: $H=A\odot {GATES[gate][1]}$.{KNOWN[gate]} "
        r"Coming back from the loss is $dH=\partial L/\partial H$. "
        rf"Give $\partial L/\partial {by}$."
    )


def question_layer(gate: str, asked: str) -> str:
    by = {"up_weight": "U", "gate_weight": "V", "input": "X"}[asked]
    return (
        rf"A gated feed-forward layer computes $A=XU$, $B=XV$ and $H=A\odot {GATES[gate][1]}$, "
        rf"entry by entry; tokens are rows.{KNOWN[gate]} Coming back from the loss is "
        rf"$dH=\partial L/\partial H$. Give $\partial L/\partial {by}$."
    )


def gate_gradient(slope: str, *given: Any) -> Formula:
    back = written("dH ⊙ A", *given)
    return back if slope == "1" else back.hadamard(written(slope, *given))


STEPS = (
    Step(
        "up",
        "Gradient of the one factor: what comes back, times the gate, entry by entry",
        "dA",
        r"dH\odot\frac{\partial H}{\partial A}",
        lambda *given: written("dH", *given).hadamard(gate_of(*given)),
        takes=GIVEN,
    ),
    Step(
        "gate_back",
        "Gradient of the gate's input: times the other factor and the gate's derivative",
        "dB",
        lambda gate: rf"dH\odot A\odot\frac{{\partial}}{{\partial B}}\left({GATES[gate][1]}\right)",
        lambda *given: gate_gradient(GATES[given[-1]][2], *given),
        takes=GIVEN,
    ),
    Step(
        "up_weight",
        "Gradient of its weight: the input, turned, times that",
        "dU",
        r"X^\top\,dA",
        lambda up, *given: written("X^T", *given) @ up,
        levels=(3,),
        takes=("up", *GIVEN),
    ),
    Step(
        "gate_weight",
        "Gradient of the gate's weight: the input, turned, times that",
        "dV",
        r"X^\top\,dB",
        lambda gate_back, *given: written("X^T", *given) @ gate_back,
        levels=(3,),
        takes=("gate_back", *GIVEN),
    ),
    Step(
        "input",
        "Gradient of the input: both paths, added up",
        "dX",
        r"dA\,U^\top+dB\,V^\top",
        lambda up, gate_back, *given: (
            up @ written("U^T", *given) + gate_back @ written("V^T", *given)
        ),
        levels=(3,),
        takes=("up", "gate_back", *GIVEN),
    ),
)

MISTAKES = (
    Mistake(
        "gate-left-out",
        "up",
        lambda *given: written("dH", *given),
        "You left out the gate: a product passes to each factor what comes back times the other.",
        cause="product",
        takes=GIVEN,
    ),
    Mistake(
        "own-factor",
        "up",
        lambda *given: written("dH ⊙ A", *given),
        "You multiplied with the factor itself; it is the other factor that stays.",
        cause="product",
        takes=GIVEN,
    ),
    Mistake(
        "other-factor-left-out",
        "gate_back",
        lambda *given: written("dH", *given).hadamard(written(GATES[given[-1]][2], *given)),
        "You left out the other factor of the product.",
        when=lambda gate: gate != "plain",
        cause="product",
        takes=GIVEN,
    ),
    Mistake(
        "slope-left-out",
        "gate_back",
        lambda *given: written("dH ⊙ A", *given),
        "You left out the derivative of the gate.",
        when=lambda gate: gate != "plain",
        cause="chain",
        takes=GIVEN,
    ),
    Mistake(
        "gate-for-slope",
        "gate_back",
        lambda *given: written("dH ⊙ A", *given).hadamard(gate_of(*given)),
        "You multiplied with the gate itself; its derivative is needed here.",
        when=lambda gate: gate != "relu",
        cause="chain",
        takes=GIVEN,
    ),
    Mistake(
        "wrong-slope",
        "gate_back",
        lambda *given: gate_gradient(GATES[given[-1]][3], *given),
        r"The derivative of the gate is not right: $\sigma'=\sigma(1-\sigma)$, "
        r"$\tanh'=1-\tanh^2$, and $b\,\sigma(b)$ needs the product rule.",
        when=lambda gate: gate in ("tanh", "silu", "relu"),
        cause="derivative",
        takes=GIVEN,
    ),
    Mistake(
        "one-path-only",
        "input",
        lambda up, *given: up @ written("U^T", *given),
        "The input is used twice, so two gradients come back to it; add them up.",
        levels=(3,),
        cause="paths",
        takes=("up", *GIVEN),
    ),
    Mistake(
        "gate-path-only",
        "input",
        lambda gate_back, *given: gate_back @ written("V^T", *given),
        "The input is used twice, so two gradients come back to it; add them up.",
        levels=(3,),
        cause="paths",
        takes=("gate_back", *GIVEN),
    ),
    Mistake(
        "weights-exchanged",
        "input",
        lambda up, gate_back, *given: (
            up @ written("V^T", *given) + gate_back @ written("U^T", *given)
        ),
        "You exchanged the two weights: each gradient goes back through its own.",
        levels=(3,),
        cause="paths",
        takes=("up", "gate_back", *GIVEN),
    ),
)

FAMILIES = (
    Family(
        name="gated-unit-gradient",
        version=1,
        title="Gradients of a gated unit",
        topic="normalisation and blocks",
        says="Back through a product entry by entry, its gate (SwiGLU, GLU) and both weights.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question, 2: question, 3: question_layer},
        precision={1: Exact(), 2: Exact(), 3: Exact()},
        asked={
            1: ("up",),
            2: ("gate_back",),
            3: ("up_weight", "gate_weight", "input"),
        },
        items=("N3.39",),
    ),
)
