"""Slips in the last product, weights times values."""

from __future__ import annotations

from studykit.problems.arithmetic import add, matmul, mean_row, transpose
from studykit.problems.family import Mistake

OUTPUT = (
    Mistake(
        "weights-transposed",
        "output",
        lambda weights, V: matmul(transpose(weights), V),
        r"You computed $A^\top V$; row $i$ of $A$ weighs the values for query $i$.",
        when=lambda weights: len(weights) > 1,
        cause="product",
    ),
    Mistake(
        "weights-times-keys",
        "output",
        lambda weights, K: matmul(weights, K),
        "You averaged the keys; the weights are applied to the values.",
        cause="product",
    ),
    Mistake(
        "values-times-weights",
        "output",
        lambda weights, V: matmul(V, weights),
        r"You computed $VA$; the weights stand on the left, $AV$.",
        cause="product",
    ),
    Mistake(
        "stopped-at-weights",
        "output",
        lambda weights: weights,
        "You gave the weights; they still have to be applied to the values.",
        cause="stopped",
    ),
    Mistake(
        "plain-mean",
        "output",
        lambda weights, V: [mean_row(V) for _ in weights],
        "You took the plain mean of the values; each one counts with its weight.",
        cause="weights",
    ),
    Mistake(
        "residual-added",
        "output",
        lambda weights, V, Q: add(matmul(weights, V), Q),
        "You added the query to the result; a residual is added outside attention.",
        cause="residual",
    ),
    Mistake(
        "first-row-repeated",
        "output",
        lambda weights, V: [matmul(weights[:1], V)[0] for _ in weights],
        "You gave the first query's output for every query; each row has weights of its own.",
        when=lambda weights: len(weights) > 1,
        cause="rows",
    ),
)
