"""SymPy differentiates what a card asks to differentiate, and finds what the card accepts.

The function is written here as SymPy builds it, never read from text; the accepted answer is turned
into SymPy node by node. Matrix gradients are left to finite differences: SymPy's are unsafe.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import pytest
import sympy as sp

from studykit.decks.schema import Formula
from tests.content.shipped import formulas, whole

ASKS = re.compile(r"derivative|gradient|\\partial|first-order", re.IGNORECASE)

Solved = tuple[Any, Mapping[str, Any]]
"""What SymPy finds, and what the names of the card stand for in it."""


@cache
def symbols() -> Mapping[str, Any]:
    names = "w x b y w_1 w_2 s_1 s_2 s_3 v_1 v_2 v_3 lambda eta g f beta v"
    return {name: sp.Symbol(name, real=True) for name in names.split()}


def three_logits() -> tuple[list[Any], list[Any]]:
    """Scores and their softmax."""
    s = [symbols()[f"s_{i}"] for i in (1, 2, 3)]
    total = sum(sp.exp(one) for one in s)
    return s, [sp.exp(one) / total for one in s]


def off_diagonal() -> Solved:
    s, p = three_logits()
    return sp.diff(p[0], s[1]), {"p_i": p[0], "p_j": p[1]}


def diagonal() -> Solved:
    s, p = three_logits()
    return sp.diff(p[0], s[0]), {"p_i": p[0]}


def potential() -> Solved:
    """The gradient of the accepted function is the softmax; so the answer is an antiderivative."""
    one, two = symbols()["s_1"], symbols()["s_2"]
    weight = sp.exp(one) / (sp.exp(one) + sp.exp(two))
    return weight, {"differentiate": one}


def cross_entropy() -> Solved:
    s, p = three_logits()
    y = sp.symbols("y_1 y_2", real=True)
    targets = [*y, 1 - sum(y)]
    loss = -sum(target * sp.log(weight) for target, weight in zip(targets, p, strict=True))
    return sp.diff(loss, s[0]), {"p_i": p[0], "y_i": targets[0]}


def squared(by: str) -> Callable[[], Solved]:
    def solve() -> Solved:
        v = symbols()
        loss = (v["w"] * v["x"] + v["b"] - v["y"]) ** 2
        return sp.diff(loss, v[by]), {name: v[name] for name in "wxby"}

    return solve


def two_layers() -> Solved:
    v = symbols()
    loss = (v["w_2"] * v["w_1"] * v["x"] - v["y"]) ** 2
    return sp.diff(loss, v["w_1"]), {name: v[name] for name in ("w_1", "w_2", "x", "y")}


def one_step() -> Solved:
    v = symbols()
    slope = sp.diff(v["lambda"] * v["w"] ** 2 / 2, v["w"])
    return v["w"] - v["eta"] * slope, {name: v[name] for name in ("w", "eta", "lambda")}


def first_order_change() -> Solved:
    """A loss with gradient g and any curvature, after the step −ηg, to the first order in η."""
    eta, g, curvature = symbols()["eta"], symbols()["g"], symbols()["lambda"]
    step = -eta * g
    change = g * step + curvature * step**2 / 2
    return eta * sp.diff(change, eta).subs(eta, 0), {"eta": eta, "g": g}


def output_by_score() -> Solved:
    s, p = three_logits()
    v = [symbols()[f"v_{i}"] for i in (1, 2, 3)]
    output = sum(weight * value for weight, value in zip(p, v, strict=True))
    return sp.diff(output, s[0]), {"p_j": p[0], "v_j": v[0], "o": output}


def two_keys() -> Solved:
    one, two = symbols()["s_1"], symbols()["s_2"]
    total = sp.exp(one) + sp.exp(two)
    p = [sp.exp(one) / total, sp.exp(two) / total]
    v = [symbols()["v_1"], symbols()["v_2"]]
    output = p[0] * v[0] + p[1] * v[1]
    names = {"p_1": p[0], "p_2": p[1], "v_1": v[0], "v_2": v[1]}
    return sp.diff(output, one), names


def residual() -> Solved:
    x = symbols()["x"]
    inside = sp.Function("F")(x)
    return sp.diff(x + inside, x), {"f": sp.diff(inside, x)}


DERIVATIVES: Mapping[str, Callable[[], Solved]] = {
    "sfm-09": off_diagonal,
    "sfm-37": diagonal,
    "sfm-25": potential,
    "sfm-29": cross_entropy,
    "gdb-02": squared("w"),
    "gdb-03": squared("b"),
    "gdb-04": squared("x"),
    "gdb-16": one_step,
    "gdb-27": two_layers,
    "gdb-40": first_order_change,
    "agr-16": output_by_score,
    "agr-29": two_keys,
    "blk-17": residual,
}

NOT_DIFFERENTIATED = {
    "gdb-01": "the derivative is given as g",
    "gdb-30": "the derivative is given as g",
    "gdb-31": "running means of derivatives are given",
    "gdb-32": "the derivative is given as g",
}
"""Cards of scalars that speak of a derivative and do not ask for one."""


def scalar(card: Formula) -> bool:
    return not any("×" in domain or domain.startswith("vector ") for domain in card.names.values())


def test_every_scalar_card_about_a_derivative_is_differentiated_by_sympy() -> None:
    about = {name for name, card in formulas().items() if ASKS.search(card.front) and scalar(card)}
    assert about <= set(DERIVATIVES) | set(NOT_DIFFERENTIATED)
    assert set(DERIVATIVES) | set(NOT_DIFFERENTIATED) <= set(formulas())


@pytest.mark.parametrize("name", sorted(DERIVATIVES))
def test_sympy_finds_what_the_card_accepts(name: str) -> None:
    found, names = DERIVATIVES[name]()
    for text in formulas()[name].accepts:
        variable = names.get("differentiate")
        given = built(text, {**symbols(), **names})
        if variable is not None:
            given = sp.diff(given, variable)
        assert sp.simplify(given - found) == 0, (name, text, whole(formulas()[name]))


def built(text: str, names: Mapping[str, Any]) -> Any:
    """The accepted answer in SymPy, from Python's syntax tree, node by node."""
    python = text.replace("^", "**").replace("lambda", "lambda_")
    return _node(ast.parse(python, mode="eval").body, names)


def _node(node: ast.expr, names: Mapping[str, Any]) -> Any:
    match node:
        case ast.Constant(value=int() as number):
            return sp.Integer(number)
        case ast.Name(id=name):
            return names[name.removesuffix("_")]
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_node(operand, names)
        case ast.Call(func=ast.Name(id="exp"), args=[argument]):
            return sp.exp(_node(argument, names))
        case ast.Call(func=ast.Name(id="ln"), args=[argument]):
            return sp.log(_node(argument, names))
        case ast.BinOp(left=left, op=operator, right=right):
            a, b = _node(left, names), _node(right, names)
            match operator:
                case ast.Add():
                    return a + b
                case ast.Sub():
                    return a - b
                case ast.Mult():
                    return a * b
                case ast.Div():
                    return a / b
                case ast.Pow():
                    return a**b
    message = f"cannot build {ast.dump(node)}"
    raise ValueError(message)
