"""A second, independent reading of the formulas a card accepts.

Numbers for the names are drawn from the declared domains and shapes; the text is then evaluated
with NumPy over Python's own syntax tree. It shares nothing with the reader the learner's answers go
through, so an error in one of the two shows.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Value = float | Array

SIZES = {
    "n": 5,
    "N": 5,
    "n_q": 3,
    "n_k": 4,
    "d": 6,
    "d_k": 2,
    "d_v": 3,
    "m": 4,
    "h": 2,
    "d_ff": 7,
    "B": 3,
}


def softmax(scores: Value) -> Array:
    """Softmax of each row."""
    shifted = np.exp(np.atleast_2d(scores) - np.max(np.atleast_2d(scores), axis=-1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=-1, keepdims=True))


FUNCTIONS: Mapping[str, Callable[..., Value]] = {
    "softmax": softmax,
    "rowsum": lambda a: np.asarray(a).sum(axis=-1, keepdims=True),
    "rowmean": lambda a: np.asarray(a).mean(axis=-1, keepdims=True),
    "colsum": lambda a: np.asarray(a).sum(axis=0, keepdims=True),
    "relu": lambda a: np.maximum(a, 0.0),
    "exp": np.exp,
    "ln": np.log,
    "sqrt": np.sqrt,
    "sin": np.sin,
    "cos": np.cos,
}


def draw(names: Mapping[str, str], generator: np.random.Generator) -> dict[str, Value]:
    """A random value for every name, of its domain or shape."""
    values: dict[str, Value] = {}
    for name, domain in names.items():
        if domain.startswith("vector "):
            values[name] = generator.normal(size=SIZES[domain.removeprefix("vector ")])
        elif "×" in domain:
            sizes = domain.split("×")
            shape = [int(size) if size.isdigit() else SIZES[size] for size in sizes]
            values[name] = generator.normal(size=shape)
        elif domain == "positive":
            values[name] = float(generator.uniform(0.3, 2.5))
        elif domain == "integer":
            values[name] = float(generator.integers(2, 9))
        elif domain == "real":
            values[name] = float(generator.normal())
        else:
            message = f"unknown domain {domain!r} of {name}"
            raise ValueError(message)
    return values


def evaluate(text: str, values: Mapping[str, Value]) -> Value:
    """The value of an expression; names are looked up in `values`, functions in FUNCTIONS."""
    python = text.replace("^", "**").replace("lambda", "lambda_")
    return _value(ast.parse(python, mode="eval").body, values)


def _value(node: ast.expr, values: Mapping[str, Value]) -> Value:
    match node:
        case ast.Constant(value=int() | float() as number):
            return float(number)
        case ast.Name(id=name):
            return math.pi if name == "pi" else values[name.removesuffix("_")]
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_value(operand, values)
        case ast.Attribute(value=inner, attr="T"):
            return np.asarray(_value(inner, values)).T
        case ast.Call(func=ast.Name(id=function), args=[argument], keywords=[]):
            return FUNCTIONS[function](_value(argument, values))
        case ast.BinOp(left=left, op=operator, right=right):
            return _combine(_value(left, values), operator, _value(right, values))
    message = f"cannot evaluate {ast.dump(node)}"
    raise ValueError(message)


def _combine(left: Value, operator: ast.operator, right: Value) -> Value:
    match operator:
        case ast.Add():
            return left + right
        case ast.Sub():
            return left - right
        case ast.Mult():
            return left * right
        case ast.Div():
            return left / right
        case ast.Pow():
            return np.asarray(np.power(left, right))
        case ast.MatMult():
            product: Array = np.asarray(left) @ np.asarray(right)
            return product
    message = f"unknown operator {operator}"
    raise ValueError(message)
