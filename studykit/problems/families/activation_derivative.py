"""The derivative of an activation as a formula: the chain rule, the product rule, then both."""

from __future__ import annotations

from typing import Any

from studykit.answers import Exact
from studykit.problems.calculus import derivative
from studykit.problems.dice import Dice
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.formula import Formula, formula

LETTERS = dict.fromkeys(("a", "b", "c", "u", "z"), "real")
"""A pattern's own letters: a z + b inside, c in front; the drawn numbers take their places."""

NAMES = {"z": "real"}

GATES = {"sigmoid": "sigmoid(u)", "tanh": "tanh(u)", "softplus": "softplus(u)"}

SHOWN = {"sigmoid": r"\sigma", "tanh": r"\tanh", "softplus": r"\mathrm{softplus}"}

STATED = {
    "sigmoid": r"$\sigma(u)=\frac{1}{1+e^{-u}}$",
    "tanh": r"$\tanh(u)=\frac{e^{u}-e^{-u}}{e^{u}+e^{-u}}$",
    "softplus": r"$\mathrm{softplus}(u)=\ln(1+e^{u})$",
}

CURVED = {
    "gelu": ("1/2 (1 + tanh(u))", "a z + b z^3"),
    "mish": ("tanh(u)", "softplus(a z)"),
    "squared": ("sigmoid(u)", "a z^2 + b z"),
}
"""At level 3 the gate and what stands inside it; everything is multiplied by z once more."""


def draws(dice: Dice, level: int) -> dict[str, Any]:
    givens = {
        "a": dice.pick([-4, -3, -2, 2, 3, 4, 5]),
        "b": dice.pick([-5, -3, -2, -1, 1, 2, 3, 5]),
    }
    if level == 3:
        return givens | {"kind": dice.pick(list(CURVED))}
    return givens | {"c": dice.pick([2, 3, 4, 5]), "kind": dice.pick(list(GATES))}


def written(text: str, **numbers: int) -> Formula:
    """A pattern with the drawn numbers in it."""
    return formula(text, LETTERS).put(**numbers).declaring(NAMES)


def gate_at(text: str, inner: Formula) -> Formula:
    """A pattern in u at u = the inner function."""
    return formula(text, LETTERS).put(u=inner).declaring(inner.declared)


def gate_slope_at(text: str, inner: Formula) -> Formula:
    """Its derivative by u, there."""
    return derivative(formula(text, LETTERS), "u").put(u=inner).declaring(inner.declared)


def inside(a: int, b: int) -> Formula:
    return written("a z + b", a=a, b=b)


def whole(kind: str, a: int, b: int, c: int, level: int) -> Formula:
    """The drawn function of level 1 or 2."""
    gate = gate_at(GATES[kind], inside(a, b))
    front = written("c" if level == 1 else "c z", c=c)
    return front * gate


def question(kind: str, a: int, b: int, c: int, level: int) -> str:
    f = whole(kind, a, b, c, level)
    return (
        rf"With {STATED[kind]}, differentiate $f(z)$ with respect to $z$."
        rf"$$f(z)={f.tex}$$"
    )


def question_curved(kind: str, a: int, b: int) -> str:
    gate, inner = CURVED[kind]
    u = written(inner, a=a, b=b)
    stated = {"gelu": "tanh", "mish": "softplus", "squared": "sigmoid"}[kind]
    return (
        rf"With {STATED[stated]}, differentiate $f(z)$ with respect to $z$."
        rf"$$f(z)=z\cdot {gate_at(gate, u).tex}$$"
    )


STEPS = (
    Step(
        "slope",
        "Derivative of the outer function, at the inner one",
        lambda kind: rf"{SHOWN[kind]}'(u)",
        lambda kind, a, b: rf"\frac{{d}}{{du}}{SHOWN[kind]}(u),\quad u={inside(a, b).tex}",
        lambda kind, a, b: gate_slope_at(GATES[kind], inside(a, b)),
        levels=(1, 2),
    ),
    Step(
        "derivative",
        "Chain rule: times the derivative of the inner function, and the factor in front",
        "f'(z)",
        lambda kind, c: rf"{c}\cdot {SHOWN[kind]}'(u)\cdot u'",
        lambda slope, a, c: slope * (c * a),
        levels=(1,),
    ),
    Step(
        "gate",
        "Derivative of the gate: the chain rule",
        lambda kind: rf"\left({SHOWN[kind]}(u)\right)'",
        lambda kind: rf"{SHOWN[kind]}'(u)\cdot u'",
        lambda slope, a: slope * a,
        levels=(2,),
    ),
    Step(
        "derivative",
        "Product rule: the gate itself, and the variable times the gate's derivative",
        "f'(z)",
        lambda kind, c: rf"{c}\left({SHOWN[kind]}(u)+z\cdot({SHOWN[kind]}(u))'\right)",
        lambda kind, a, b, c, gate: (
            gate_at(GATES[kind], inside(a, b)) * c + written("c z", c=c) * gate
        ),
        levels=(2,),
    ),
    Step(
        "inner",
        "Derivative of what stands inside",
        "u'",
        lambda kind, a, b: (
            rf"\frac{{d}}{{dz}}\left({written(CURVED[kind][1], a=a, b=b).tex}\right)"
        ),
        lambda kind, a, b: inner_slope(kind, a, b),
        levels=(3,),
    ),
    Step(
        "slope",
        "Derivative of the outer function, at the inner one",
        "g'(u)",
        lambda kind: rf"\frac{{d}}{{du}}\left({formula(CURVED[kind][0], LETTERS).tex}\right)",
        lambda kind, a, b: gate_slope_at(CURVED[kind][0], written(CURVED[kind][1], a=a, b=b)),
        levels=(3,),
    ),
    Step(
        "derivative",
        "Product rule, with the chain rule in its second term",
        "f'(z)",
        r"g(u)+z\cdot g'(u)\cdot u'",
        lambda kind, a, b, slope, inner: curved_gate(kind, a, b) + written("z") * slope * inner,
        levels=(3,),
    ),
)


def inner_slope(kind: str, a: int, b: int) -> Formula:
    slope = derivative(formula(CURVED[kind][1], LETTERS), "z")
    return slope.put(a=a, b=b).declaring(NAMES)


def curved_gate(kind: str, a: int, b: int) -> Formula:
    gate, inner = CURVED[kind]
    return gate_at(gate, written(inner, a=a, b=b))


def _wrong_slope(name: str, kinds: dict[str, str], says: str) -> Mistake:
    """A wrong derivative of the outer function, for those activations that have it."""
    return Mistake(
        name,
        "slope",
        lambda kind, a, b: gate_at(kinds[kind], inside(a, b)),
        says,
        when=lambda kind: kind in kinds,
        levels=(1, 2),
        cause="derivative",
    )


MISTAKES = (
    _wrong_slope(
        "not-differentiated",
        GATES,
        "You left the outer function as it is; its derivative is asked.",
    ),
    _wrong_slope(
        "square-left-out",
        {"tanh": "1 - tanh(u)"},
        r"The derivative of $\tanh u$ is $1-\tanh^2 u$; you left out the square.",
    ),
    _wrong_slope(
        "plus-in-the-derivative",
        {"tanh": "1 + tanh(u)^2", "sigmoid": "sigmoid(u) (1 + sigmoid(u))"},
        r"The sign is minus: $\sigma'=\sigma(1-\sigma)$ and $\tanh'=1-\tanh^2$.",
    ),
    _wrong_slope(
        "one-minus-alone",
        {"sigmoid": "1 - sigmoid(u)"},
        r"You gave $1-\sigma$; it is multiplied by $\sigma$.",
    ),
    _wrong_slope(
        "chain-factor-in-the-logarithm",
        {"softplus": "1 / (1 + e^u)"},
        r"The derivative of the logarithm is one over $1+e^{u}$, times the derivative $e^{u}$ of "
        "what stands in it: you left that out.",
    ),
    Mistake(
        "chain-factor-forgotten",
        "derivative",
        lambda slope, c: slope * c,
        "You forgot the chain rule: multiply by the derivative of the inner function.",
        levels=(1,),
        cause="chain",
    ),
    Mistake(
        "factor-in-front-left-out",
        "derivative",
        lambda slope, a: slope * a,
        "You left out the constant factor in front of the function.",
        levels=(1,),
        cause="factor",
    ),
    Mistake(
        "chain-factor-forgotten",
        "gate",
        lambda slope: slope,
        "You forgot the chain rule: multiply by the derivative of the inner function.",
        levels=(2,),
        cause="chain",
    ),
    Mistake(
        "first-term-left-out",
        "derivative",
        lambda c, gate: written("c z", c=c) * gate,
        "The product rule has two terms; you left out the gate itself, from differentiating the "
        "variable in front.",
        levels=(2,),
        cause="product",
    ),
    Mistake(
        "second-term-left-out",
        "derivative",
        lambda kind, a, b, c: gate_at(GATES[kind], inside(a, b)) * c,
        "The product rule has two terms; you left out the one with the gate's derivative.",
        levels=(2,),
        cause="product",
    ),
    Mistake(
        "derivatives-multiplied",
        "derivative",
        lambda c, gate: gate * c,
        "You multiplied the two derivatives; a product is differentiated one factor at a time.",
        levels=(2,),
        cause="product",
    ),
    Mistake(
        "factor-in-front-left-out",
        "derivative",
        lambda kind, a, b, gate: gate_at(GATES[kind], inside(a, b)) + written("z") * gate,
        "You left out the constant factor in front of the function.",
        levels=(2,),
        cause="factor",
    ),
    Mistake(
        "chain-factor-forgotten",
        "derivative",
        lambda kind, a, b, slope: curved_gate(kind, a, b) + written("z") * slope,
        "You forgot the chain rule: multiply by the derivative of the inner function.",
        levels=(3,),
        cause="chain",
    ),
    Mistake(
        "first-term-left-out",
        "derivative",
        lambda slope, inner: written("z") * slope * inner,
        "The product rule has two terms; you left out the gate itself, from differentiating the "
        "variable in front.",
        levels=(3,),
        cause="product",
    ),
    Mistake(
        "second-term-left-out",
        "derivative",
        lambda kind, a, b: curved_gate(kind, a, b),
        "The product rule has two terms; you left out the one with the gate's derivative.",
        levels=(3,),
        cause="product",
    ),
    Mistake(
        "derivatives-multiplied",
        "derivative",
        lambda slope, inner: slope * inner,
        "You multiplied the two derivatives; a product is differentiated one factor at a time.",
        levels=(3,),
        cause="product",
    ),
    Mistake(
        "power-kept",
        "inner",
        lambda kind, a, b: written({"gelu": "a + b z^2", "squared": "a z + b"}[kind], a=a, b=b),
        r"The power comes down as a factor: $z^3$ has the derivative $3z^2$, and $z^2$ has $2z$.",
        when=lambda kind: kind != "mish",
        levels=(3,),
        cause="derivative",
    ),
    Mistake(
        "inner-chain-forgotten",
        "inner",
        lambda kind, a: written("sigmoid(a z)", a=a),
        r"Inside the softplus stands a multiple of the variable: its factor comes out as well.",
        when=lambda kind: kind == "mish",
        levels=(3,),
        cause="chain",
    ),
)

FAMILIES = (
    Family(
        name="activation-derivative",
        version=1,
        title="Derivative of an activation",
        topic="losses and their gradients",
        says="Sigmoid, tanh, softplus, gated and curved activations, differentiated as formulas.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question, 2: question, 3: question_curved},
        precision={1: Exact(), 2: Exact(), 3: Exact()},
        items=("N2.20",),
    ),
)
