"""From the scores' gradient to queries and keys: exact, causal, then with one matrix for both."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from studykit.answers import Exact, Places
from studykit.problems.arithmetic import (
    Matrix,
    add,
    column,
    matmul,
    scale,
    shrink,
    transpose,
)
from studykit.problems.degenerate import some_zero_row
from studykit.problems.dice import Dice
from studykit.problems.exact import sqrt
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.wording import cell, factor, matrix, partial, products


def draws(dice: Dice, level: int) -> dict[str, Any]:
    if level == 1:
        n_q, n_k = dice.pick([(2, 3), (3, 3)])
        asked = dice.pick(["d_query", "d_key"])
        other = ("K", n_k) if asked == "d_query" else ("Q", n_q)
        return {
            "D": [_balanced(dice, n_k) for _ in range(n_q)],
            other[0]: dice.matrix(other[1], 4, -3, 3),
            "d_k": 4,
            "asked": asked,
        }
    if level == 2:
        d_k = dice.pick([2, 3])
        rows = [[0, 0, 0], [*_balanced(dice, 2), 0], _balanced(dice, 3)]
        return {
            "D": [[Fraction(x, 10) for x in row] for row in rows],
            "Q": dice.matrix(3, d_k, -3, 3),
            "K": dice.matrix(3, d_k, -3, 3),
            "d_k": d_k,
            "asked": dice.pick(["d_query", "d_key"]),
        }
    return {
        "D": [_balanced(dice, 3) for _ in range(3)],
        "X": dice.matrix(3, 4, -2, 2),
        "d_k": 4,
    }


def _balanced(dice: Dice, n: int) -> list[int]:
    """A row that sums to 0, as every gradient does that has come through a softmax."""
    row = [dice.pick([-4, -3, -2, -1, 1, 2, 3, 4]) for _ in range(n - 1)]
    return [*row, -sum(row)]


def fine(D: Matrix, level: int, givens: dict[str, Any]) -> bool:
    """No number that drops out; a matrix that is not its own transpose."""
    if len({tuple(row) for row in D}) < len(D):
        return False
    open_rows = [D[1][:2], D[2]] if level == 2 else D
    if any(0 in row for row in open_rows) or (level == 3 and transpose(D) == D):
        return False
    others = [givens[name] for name in ("Q", "K", "X") if name in givens]
    return not some_zero_row(*others, *map(transpose, others))


def question_one(D: Matrix, d_k: int, asked: str, givens: dict[str, Any]) -> str:
    wanted, given = ("Q", "K") if asked == "d_query" else ("K", "Q")
    return (
        rf"The scaled scores are $S=QK^\top/\sqrt{{d_k}}$ with $d_k={d_k}$; rows are queries. "
        rf"Coming back through the softmax is $D=\partial L/\partial S$. Give "
        rf"$\partial L/\partial {wanted}$."
        rf"$$D={matrix(D)}\qquad {given}={matrix(givens[given])}$$"
    )


def question_causal(D: Matrix, Q: Matrix, K: Matrix, d_k: int, asked: str) -> str:
    wanted = "Q" if asked == "d_query" else "K"
    return (
        rf"Three tokens attend causally; the scaled scores are $S=QK^\top/\sqrt{{d_k}}$ with "
        rf"$d_k={d_k}$. Coming back through softmax and mask is $D=\partial L/\partial S$. "
        rf"Give $\partial L/\partial {wanted}$."
        rf"$$D={matrix([[float(x) if x else 0 for x in row] for row in D], 1)}$$"
        rf"$$Q={matrix(Q)}\qquad K={matrix(K)}$$"
    )


def question_tied(D: Matrix, X: Matrix, d_k: int) -> str:
    return (
        r"A layer uses its tokens $X$ as queries and as keys, without projections: "
        rf"$S=XX^\top/\sqrt{{d_k}}$ with $d_k={d_k}$. Coming back is "
        r"$D=\partial L/\partial S$. Give the part of $\partial L/\partial X$ that comes through "
        r"the scores."
        rf"$$D={matrix(D)}\qquad X={matrix(X)}$$"
    )


def _over_root(terms: str, d_k: Any) -> str:
    return rf"\frac{{{terms}}}{{\sqrt{{{d_k}}}}}"


STEPS = (
    Step(
        "keys",
        "Each query collects the keys, with the gradients of its row",
        "U",
        "DK",
        lambda D, K: matmul(D, K),
        lambda D, K: products(D[0], column(K)),
        levels=(1, 2),
    ),
    Step(
        "d_query",
        "Through the scale",
        partial("Q"),
        r"\frac{1}{\sqrt{d_k}}\,U",
        lambda keys, d_k: shrink(keys, sqrt(d_k)),
        lambda keys, d_k: _over_root(cell(keys[0][0]), d_k),
        levels=(1, 2),
    ),
    Step(
        "queries",
        "Each key collects the queries, with the gradients of its column",
        "W",
        r"D^\top Q",
        lambda D, Q: matmul(transpose(D), Q),
        lambda D, Q: products(column(D), column(Q)),
        levels=(1, 2),
    ),
    Step(
        "d_key",
        "Through the scale",
        partial("K"),
        r"\frac{1}{\sqrt{d_k}}\,W",
        lambda queries, d_k: shrink(queries, sqrt(d_k)),
        lambda queries, d_k: _over_root(cell(queries[0][0]), d_k),
        levels=(1, 2),
    ),
    Step(
        "as_query",
        "X as queries: the rows of D",
        "U",
        "DX",
        lambda D, X: matmul(D, X),
        lambda D, X: products(D[0], column(X)),
        levels=(3,),
    ),
    Step(
        "as_key",
        "X as keys: the columns of D",
        "W",
        r"D^\top X",
        lambda D, X: matmul(transpose(D), X),
        lambda D, X: products(column(D), column(X)),
        levels=(3,),
    ),
    Step(
        "d_input",
        "Both uses together, through the scale",
        partial("X"),
        r"\frac{1}{\sqrt{d_k}}\,(U+W)",
        lambda as_query, as_key, d_k: shrink(add(as_query, as_key), sqrt(d_k)),
        lambda as_query, as_key, d_k: _over_root(
            f"{cell(as_query[0][0])}+{factor(as_key[0][0])}", d_k
        ),
        levels=(3,),
    ),
)

NO_SCALE = r"You left out $1/\sqrt{d_k}$; the scale acts backward as it does forward."
TWICE = r"You divided by $d_k$; the scale is $\sqrt{d_k}$, once."
UNDONE = r"You multiplied by $\sqrt{d_k}$; backward, too, the scale divides by it."

MISTAKES = (
    Mistake("no-scale", "d_query", lambda keys: keys, NO_SCALE, cause="scale"),
    Mistake(
        "scaled-twice",
        "d_query",
        lambda keys, d_k: shrink(keys, d_k),
        TWICE,
        cause="scale",
    ),
    Mistake(
        "scale-undone",
        "d_query",
        lambda keys, d_k: scale(keys, sqrt(d_k)),
        UNDONE,
        cause="scale",
    ),
    Mistake(
        "gradient-transposed",
        "keys",
        lambda D, K: matmul(transpose(D), K),
        "You transposed D; each query collects along its own row.",
        when=lambda D: len(D) == len(D[0]),
        cause="product",
    ),
    Mistake(
        "queries-for-keys",
        "keys",
        lambda D, Q: matmul(D, Q),
        "You multiplied by the queries; each query collects keys.",
        cause="product",
    ),
    Mistake(
        "root-of-length",
        "d_query",
        lambda keys, K: shrink(keys, sqrt(len(K))),
        r"You divided by the root of the number of keys; the scale is $\sqrt{d_k}$.",
        when=lambda K, d_k: len(K) != d_k,
        cause="scale",
    ),
    Mistake("no-scale", "d_key", lambda queries: queries, NO_SCALE, cause="scale"),
    Mistake(
        "scaled-twice",
        "d_key",
        lambda queries, d_k: shrink(queries, d_k),
        TWICE,
        cause="scale",
    ),
    Mistake(
        "scale-undone",
        "d_key",
        lambda queries, d_k: scale(queries, sqrt(d_k)),
        UNDONE,
        cause="scale",
    ),
    Mistake(
        "scores-not-transposed",
        "queries",
        lambda D, Q: matmul(D, Q),
        "You did not transpose D; each key collects along its column.",
        when=lambda D: len(D) == len(D[0]),
        cause="product",
    ),
    Mistake(
        "keys-for-queries",
        "queries",
        lambda D, K: matmul(transpose(D), K),
        "You multiplied by the keys; each key collects queries.",
        cause="product",
    ),
    Mistake(
        "root-of-length",
        "d_key",
        lambda queries, D: shrink(queries, sqrt(len(D[0]))),
        r"You divided by the root of the number of keys; the scale is $\sqrt{d_k}$.",
        when=lambda D, d_k: len(D[0]) != d_k,
        cause="scale",
    ),
    Mistake(
        "as-query-only",
        "d_input",
        lambda as_query, d_k: shrink(as_query, sqrt(d_k)),
        "You went back through the queries only; X serves as keys as well.",
        cause="paths",
    ),
    Mistake(
        "as-key-only",
        "d_input",
        lambda as_key, d_k: shrink(as_key, sqrt(d_k)),
        "You went back through the keys only; X serves as queries as well.",
        cause="paths",
    ),
    Mistake(
        "one-path-doubled",
        "d_input",
        lambda as_query, d_k: shrink(scale(as_query, 2), sqrt(d_k)),
        "You doubled the path through the queries; that of the keys needs the columns of D.",
        cause="paths",
    ),
    Mistake(
        "no-scale",
        "d_input",
        lambda as_query, as_key: add(as_query, as_key),
        NO_SCALE,
        cause="scale",
    ),
    Mistake(
        "scaled-twice",
        "d_input",
        lambda as_query, as_key, d_k: shrink(add(as_query, as_key), d_k),
        TWICE,
        cause="scale",
    ),
)

FAMILIES = (
    Family(
        name="query-key-gradient",
        version=1,
        title="Gradient of queries and keys",
        topic="attention gradients",
        says="Rows of the scores' gradient collect keys for queries, columns queries for keys.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_one, 2: question_causal, 3: question_tied},
        precision={1: Exact(), 2: Places(3), 3: Exact()},
        asked={1: ("d_query", "d_key"), 2: ("d_query", "d_key"), 3: ("d_input",)},
        convention="one row for each token",
        fine=fine,
        items=("N2.20", "N2.22", "N1.32", "N4.23"),
    ),
)
