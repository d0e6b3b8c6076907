"""A query made to measure: the limit of a large factor, the factor for a weight, two keys."""

from __future__ import annotations

import math
from typing import Any

from studykit.answers import Exact, Places
from studykit.problems.arithmetic import Matrix, Vector, dot, matmul
from studykit.problems.attention_steps import telling_values
from studykit.problems.degenerate import some_zero_row
from studykit.problems.dice import Dice
from studykit.problems.exact import divide, sqrt
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.mistakes.inverse import ratio_mistakes
from studykit.problems.wording import cell, matrix, products, row

FRAMES = (
    ((1, 2, 2), (2, 1, -2), (2, -2, 1)),
    ((1, 1, 0), (1, -1, 0), (0, 0, 2)),
    ((1, 2, 0), (2, -1, 0), (0, 0, 2)),
    ((1, 1, 1), (1, -1, 0), (1, 1, -2)),
    ((2, 2, 0), (1, -1, 0), (0, 0, 1)),
    ((2, 0, 1), (-1, 0, 2), (0, 3, 0)),
)
"""Three orthogonal keys of width 3 each, as rows."""


def draws(dice: Dice, level: int) -> dict[str, Any] | None:
    if level == 1:
        q, K = dice.vector(2, -3, 3), dice.matrix(3, 2, -3, 3)
        if dice.below(2):  # a tie: two keys that differ by a vector orthogonal to q
            K[1] = [K[0][0] - q[1], K[0][1] + q[0]]
        return {"q": q, "K": dice.shuffled(K), "V": dice.matrix(3, 2, -6, 8)}
    if level == 2:
        frame = dice.pick(FRAMES[:1] + FRAMES[3:4] + FRAMES[1:2])
        times = dice.pick([1, 2])
        return {
            "k": [times * x for x in dice.pick(frame)],
            "n": dice.pick([3, 4, 5, 8, 10, 16, 20]),
            "w": dice.pick([0.5, 0.6, 0.7, 0.75, 0.8, 0.9, 0.95, 0.99]),
            "d_k": 3,
        }
    keys = dice.shuffled(dice.pick(FRAMES))
    order = dice.shuffled([0, 1, 2])
    return {
        "K": [[vector[i] for i in order] for vector in keys],
        "c": dice.pick([6, 10, 12, 18, 20, 30, 36]),
        "a": 1,
        "b": dice.pick([2, 3]),
    }


def fine(level: int, givens: dict[str, Any]) -> bool:
    """Vectors without zeros; at level 1 no tie below the top, and the longest key loses."""
    if level == 1:
        K, scores, limits = givens["K"], givens["scores"], givens["limits"]
        return (
            all(givens["q"])
            and not some_zero_row(K)
            and len({tuple(k) for k in K}) == 3
            and telling_values(givens["V"])
            and len(set(scores)) + sum(x > 0 for x in limits) == 4
            and limits != by_length(K)
        )
    if level == 2:
        k = givens["k"]
        return sum(map(bool, k)) > 1 and square(k) != givens["n"]
    return True


def question_limit(q: Vector, K: Matrix, V: Matrix) -> str:
    return (
        r"A query $q$ attends to three keys, the rows of $K$; their values are the rows of $V$. "
        r"The query is multiplied by a factor $\beta$ that grows without bound. What does the "
        r"output tend to?"
        rf"$$q={row(q)}\qquad K={matrix(K)}\qquad V={matrix(V)}$$"
    )


def question_factor(k: Vector, n: int, w: float, d_k: int) -> str:
    return (
        rf"Of ${n}$ keys one is $k$; all others are orthogonal to it. The query is $q=\beta k$, "
        rf"scores are scaled by $1/\sqrt{{d_k}}$, $d_k={d_k}$. For which $\beta$ does $k$ get the "
        rf"weight ${cell(w, 2)}$?"
        rf"$$k={row(k)}$$"
    )


def question_average(K: Matrix, c: int, a: int, b: int) -> str:
    return (
        r"The rows of $K$ are three keys, orthogonal to each other. A query is to average the "
        rf"values of keys {a} and {b}: $q\cdot k_{a}=q\cdot k_{b}={c}$, while "
        rf"$q\cdot k_{third(a, b)}=0$. Give $q$."
        rf"$$K={matrix(K)}$$"
    )


def third(a: int, b: int) -> int:
    return 6 - a - b


def tops(scores: Vector) -> Vector:
    """Equal weights for the largest scores, 0 for the others."""
    top = max(scores)
    count = sum(s == top for s in scores)
    return [divide(1, count) if s == top else 0 for s in scores]


def by_length(K: Matrix) -> Vector:
    return tops([square(k) for k in K])


def combined(K: Matrix, rows: tuple[int, ...], by: Any) -> Vector:
    """Σ by(k)·k over these keys, counted from 1."""
    terms = [[by(K[i - 1]) * x for x in K[i - 1]] for i in rows]
    return [sum(column) for column in zip(*terms, strict=True)]


def square(k: Vector) -> Any:
    return dot(k, k)


STEPS = (
    Step(
        "scores",
        "Products of the query with the keys",
        "s",
        r"q\cdot k_j",
        lambda q, K: [dot(q, k) for k in K],
        lambda q, K: products(q, K[0]),
        levels=(1,),
        entry=r"s_j",
    ),
    Step(
        "limits",
        "In the limit the largest takes all; keys that tie share it",
        r"\lim p",
        r"\lim_{\beta\to\infty}\mathrm{softmax}(\beta s)",
        lambda scores: tops(scores),
        levels=(1,),
    ),
    Step(
        "output",
        "The output tends to the value, or to the mean of the values, of these keys",
        r"\lim o",
        r"\lim p\,V",
        lambda limits, V: matmul([limits], V)[0],
        lambda limits, V: products(limits, [v[0] for v in V]),
        levels=(1,),
    ),
    Step(
        "square",
        "The key's product with itself",
        r"k\cdot k",
        r"\sum_c k_c^2",
        lambda k: square(k),
        lambda k: products(k, k),
        levels=(2,),
    ),
    Step(
        "ratio",
        "The key's exponential over each of the others",
        "e^s",
        r"\frac{w\,(n-1)}{1-w}",
        lambda w, n: w * (n - 1) / (1 - w),
        lambda w, n: rf"\frac{{{cell(w, 2)}\cdot {n - 1}}}{{1-{cell(w, 2)}}}",
        levels=(2,),
    ),
    Step(
        "lead",
        "The score that the key needs; the others have 0",
        "s",
        r"\ln e^s",
        lambda ratio: math.log(ratio),
        lambda ratio: rf"\ln {cell(ratio)}",
        levels=(2,),
    ),
    Step(
        "beta",
        r"The factor: βk·k/√dₖ is that score",
        r"\beta",
        r"\frac{\sqrt{d_k}\,s}{k\cdot k}",
        lambda lead, square, d_k: sqrt(d_k) * lead / square,
        lambda lead, square, d_k: rf"\frac{{\sqrt{{{d_k}}}\cdot {cell(lead)}}}{{{cell(square)}}}",
        levels=(2,),
    ),
    Step(
        "squares",
        "Products of the two keys with themselves",
        r"\left(k_a\cdot k_a,\ k_b\cdot k_b\right)",
        r"\left(\sum_c k_{ac}^2,\ \sum_c k_{bc}^2\right)",
        lambda K, a, b: [square(K[a - 1]), square(K[b - 1])],
        lambda K, a: products(K[a - 1], K[a - 1]),
        levels=(3,),
    ),
    Step(
        "factors",
        "How much of each key: orthogonal keys do not disturb each other",
        r"(\alpha,\ \beta)",
        r"\left(\frac{c}{k_a\cdot k_a},\ \frac{c}{k_b\cdot k_b}\right)",
        lambda squares, c: [divide(c, x) for x in squares],
        lambda squares, c: rf"\frac{{{c}}}{{{cell(squares[0])}}}",
        levels=(3,),
    ),
    Step(
        "query",
        "The query",
        "q",
        r"\alpha k_a+\beta k_b",
        lambda K, factors, a, b: [
            factors[0] * x + factors[1] * y for x, y in zip(K[a - 1], K[b - 1], strict=True)
        ],
        lambda K, factors, a, b: products(factors, [K[a - 1][0], K[b - 1][0]]),
        levels=(3,),
    ),
)

MISTAKES = (
    Mistake(
        "mean-of-all",
        "limits",
        lambda scores: [divide(1, len(scores)) for _ in scores],
        r"You took the mean of all values; that is the limit of a small factor, $\beta\to 0$.",
        cause="limit",
    ),
    Mistake(
        "smallest-wins",
        "limits",
        lambda scores: tops([-s for s in scores]),
        "You let the smallest product win.",
        cause="limit",
    ),
    Mistake(
        "longest-key",
        "limits",
        lambda K: by_length(K),
        "You let the longest key win; its product with the query counts.",
        cause="limit",
    ),
    Mistake(
        "first-of-the-tie",
        "output",
        lambda limits, V: V[limits.index(max(limits))],
        "You gave the first of two keys that tie; they share the weight.",
        when=lambda limits: max(limits) < 1,
        cause="tie",
    ),
    Mistake(
        "sum-of-the-tie",
        "output",
        lambda limits, V: [
            sum(x for p, x in zip(limits, column, strict=True) if p)
            for column in zip(*V, strict=True)
        ],
        "You added the values of two keys that tie; each gets half the weight.",
        when=lambda limits: max(limits) < 1,
        cause="tie",
    ),
    Mistake(
        "not-in-the-limit",
        "output",
        lambda scores, V: matmul([scores], V)[0],
        "You weighed the values with the products; in the limit the weights are 0 and 1.",
        cause="limit",
    ),
    Mistake(
        "length-for-square",
        "square",
        lambda k: sqrt(square(k)),
        r"You divided by the key's length; $k\cdot k$ is its square.",
        cause="norm",
    ),
    Mistake(
        "key-left-out",
        "square",
        lambda: 1,
        r"You gave the score; divide by $k\cdot k$, which the factor is multiplied by.",
        cause="norm",
    ),
    Mistake(
        "no-scale",
        "beta",
        lambda lead, square: lead / square,
        r"You left out the scale: the product has to be $\sqrt{d_k}$ times as large.",
        cause="scale",
    ),
    Mistake(
        "scale-turned-over",
        "beta",
        lambda lead, square, d_k: lead / (sqrt(d_k) * square),
        r"You divided by $\sqrt{d_k}$; the scale has to be made up for, so multiply.",
        cause="scale",
    ),
    Mistake(
        "times-d",
        "beta",
        lambda lead, square, d_k: d_k * lead / square,
        r"You multiplied by $d_k$; the scale is its root.",
        cause="scale",
    ),
    *ratio_mistakes("w"),
    Mistake(
        "sum-of-keys",
        "factors",
        lambda: [1, 1],
        "You added the two keys; each has to be multiplied, so that its product comes out right.",
        cause="norm",
    ),
    Mistake(
        "not-divided",
        "factors",
        lambda c: [c, c],
        r"You multiplied both keys by the product wanted; divide by $k\cdot k$.",
        cause="norm",
    ),
    Mistake(
        "length-for-square",
        "factors",
        lambda squares, c: [c / sqrt(x) for x in squares],
        r"You divided by the keys' lengths; divide by their squares, $k\cdot k$.",
        cause="norm",
    ),
    Mistake(
        "halves",
        "factors",
        lambda squares, c: [divide(c, 2 * x) for x in squares],
        "You halved the products, as two keys share the weight; both are wanted whole.",
        cause="mean",
    ),
    Mistake(
        "first-key-only",
        "query",
        lambda K, factors, a: [factors[0] * x for x in K[a - 1]],
        "Your query matches the first of the two keys alone.",
        cause="mean",
    ),
    Mistake(
        "third-key-too",
        "query",
        lambda K, c: combined(K, (1, 2, 3), lambda k: divide(c, square(k))),
        "Your query matches the third key as well; its product has to be 0.",
        cause="mean",
    ),
    Mistake(
        "difference",
        "query",
        lambda K, factors, a, b: [
            factors[0] * x - factors[1] * y for x, y in zip(K[a - 1], K[b - 1], strict=True)
        ],
        "You subtracted; then one of the two products is negative.",
        cause="sign",
    ),
    Mistake(
        "third-key-alone",
        "query",
        lambda K, c, a, b: combined(K, (third(a, b),), lambda k: divide(c, square(k))),
        "Your query matches the third key, the one it should miss.",
        cause="mean",
    ),
)

FAMILIES = (
    Family(
        name="query-design",
        version=1,
        title="A query made to measure",
        topic="attention forward",
        says="Which key wins, how large a factor it takes, and a query that averages two values.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_limit, 2: question_factor, 3: question_average},
        precision={1: Exact(), 2: Places(3), 3: Exact()},
        fine=fine,
        items=("N1.8", "N1.10", "N1.30", "N2.8", "N3.9", "N4.17"),
    ),
)
