"""Matrix gradients in which a name stands for something computed (the weights A, probabilities P),
held against central differences of the whole forward pass, with those names holding what they say.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from studykit.answers.arithmetic import FLOATS
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
    sizes = {size: n for size, n in SIZES.items() if size not in arrays}
    lists = {name: float(x) if x.ndim == 0 else x.tolist() for name, x in arrays.items()}
    found = Evaluator(FLOATS, Point(lists, sizes)).value(answer.expression.tree)
    return np.asarray(found, dtype=np.float64)


def drawn_arrays(problem: Problem, seed: int) -> Arrays:
    """Random arrays in the declared shapes; scalars are 1.7."""
    rng = np.random.default_rng(seed)
    arrays = {}
    for name, declared in problem.answer.declared.items():
        shape = tuple(SIZES[size] for size in declared.split("×")) if "×" in declared else ()
        arrays[name] = rng.normal(size=shape) if shape else np.array(1.7)
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

    arrays["A"] = softmax(scores(arrays))
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

    if level == 1:
        arrays["Z"] = np.log(softmax(arrays["P"]))
    arrays["P"] = softmax(logits(arrays))
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

    arrays |= {"A": arrays["X"] @ arrays["U"], "B": arrays["X"] @ arrays["V"]}
    by = {"up_weight": "U", "gate_weight": "V", "input": "X"}[problem.asked]
    holds(problem, arrays, by, loss)
