"""Matrix gradients in which a name stands for something computed (the weights A, probabilities P),
held against central differences of the whole forward pass. What such a name holds is left to its
declaration, so that a wrong definition fails here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from studykit.answers.arithmetic import FLOATS
from studykit.answers.derived import definitions
from studykit.answers.evaluation import Evaluator
from studykit.answers.point import Point
from studykit.attention import softmax
from studykit.problems import Problem, draw
from studykit.problems.formula import Formula
from tests.attention.finite_differences import assert_gradient

Array = NDArray[np.float64]
Arrays = dict[str, Array]

SIZES = {name: k for k, name in enumerate(["d_k", "d_v", "n", "N", "L", "B", "b", "m", "M"], 2)}
SIZES |= {"C": 3, "K": 4, "q": 5, "d": 4, "p": 3, "h": 2, "k": 3}


def value(answer: Formula, arrays: Arrays) -> Array:
    """The formula with these arrays, and the sizes that go with them."""
    names = answer.expression.names
    sizes = {name: SIZES[name] for name, one in names.declared.items() if one.role == "size"}
    lists = {name: float(x) if x.ndim == 0 else x.tolist() for name, x in arrays.items()}
    point = Point(lists, sizes, definitions(names, names.declared))
    found = Evaluator(FLOATS, point).value(answer.expression.tree)
    return np.asarray(found, dtype=np.float64)


def drawn_arrays(problem: Problem, seed: int) -> Arrays:
    """Random arrays in the declared shapes for all that is given; scalars are 1.7."""
    rng = np.random.default_rng(seed)
    arrays = {}
    for one in problem.answer.expression.names.declared.values():
        if one.role == "value" and not one.definition:
            shape = tuple(SIZES[str(size)] for size in one.shape)
            arrays[one.name] = rng.normal(size=shape) if shape else np.array(1.7)
    return arrays


def holds(problem: Problem, arrays: Arrays, by: str, loss: Callable[[Arrays], Any]) -> None:
    assert_gradient(
        lambda moved: float(loss({**arrays, by: moved})), arrays[by], value(problem.answer, arrays)
    )


@pytest.mark.parametrize("level", [2, 3])
@pytest.mark.parametrize("seed", range(12))
def test_gradients_through_the_weights_of_attention(level: int, seed: int) -> None:
    problem = draw(family="attention-gradient-formulas", level=level, seed=seed)
    g = problem.givens
    arrays = drawn_arrays(problem, seed)

    def scores(x: Arrays) -> Array:
        scale = x["tau"] if g["scale"] == "tau" else np.sqrt(SIZES["d_k"])
        return x["Q"] @ x["K"].T / scale

    def loss(x: Arrays) -> Any:
        weights = softmax(x["S"] if "S" in x else scores(x))
        return (weights * x["dA"]).sum() if level == 2 else (weights @ x["V"] * x["dO"]).sum()

    if problem.asked == "d_scores":
        holds(problem, {**arrays, "S": scores(arrays)}, "S", loss)
    else:
        holds(problem, arrays, {"d_query": "Q", "d_key": "K"}[problem.asked], loss)


@pytest.mark.parametrize("level", [1, 2, 3])
@pytest.mark.parametrize("seed", range(12))
def test_gradients_of_a_cross_entropy(level: int, seed: int) -> None:
    problem = draw(family="logit-gradient-formulas", level=level, seed=seed)
    g, arrays = problem.givens, drawn_arrays(problem, seed)
    arrays["Y"] = softmax(arrays["Y"])  # any targets that sum to 1

    def logits(x: Arrays) -> Array:
        if level == 1:
            return x["Z"]
        factor = {"none": 1.0, "tau": 1 / x.get("tau", 1.0), "c": x.get("c", 1.0)}[g["scale"]]
        return x["X"] @ x["W"] * factor

    def loss(x: Arrays) -> Any:
        total = -(x["Y"] * np.log(softmax(logits(x)))).sum()
        return total / len(x["Y"]) if g["mean"] else total

    holds(problem, arrays, {"logits": "Z", "weight": "W", "input": "X"}[problem.asked], loss)


@pytest.mark.parametrize("seed", range(16))
def test_gradients_of_a_gated_layer(seed: int) -> None:
    problem = draw(family="gated-unit-gradient", level=3, seed=seed)
    arrays = drawn_arrays(problem, seed)
    gates: dict[str, Callable[[Array], Array]] = {
        "sigmoid": lambda b: 1 / (1 + np.exp(-b)),
        "tanh": np.tanh,
        "silu": lambda b: b / (1 + np.exp(-b)),
        "relu": lambda b: np.maximum(b, 0.0),
    }
    gate = gates[problem.givens["gate"]]

    def loss(x: Arrays) -> Any:
        return (x["dH"] * (x["X"] @ x["U"]) * gate(x["X"] @ x["V"])).sum()

    by = {"up_weight": "U", "gate_weight": "V", "input": "X"}[problem.asked]
    holds(problem, arrays, by, loss)
