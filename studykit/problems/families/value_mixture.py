"""An output is a mean of values: with the weight left to find, inverted, then with a bias."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from studykit.answers import Exact
from studykit.problems.arithmetic import Matrix, Vector, mean_row, plus, times
from studykit.problems.degenerate import some_constant_column, some_zero_row
from studykit.problems.dice import Dice
from studykit.problems.exact import divide
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.wording import cell, factor, matrix, products, row, tex


def draws(dice: Dice, level: int) -> dict[str, Any] | None:
    if level == 1:
        n = dice.pick([2, 3, 4, 5, 6, 8])
        first, second = dice.between(1, n - 1), dice.between(1, n - 1)
        if first + second >= n:
            return None
        return {"known": [Fraction(first, n), Fraction(second, n)], "V": dice.matrix(3, 2, -6, 8)}
    if level == 2:
        v_1, v_2 = dice.between(-9, 12), dice.between(-9, 12)
        n = dice.pick([3, 4, 5, 6, 8])
        p = Fraction(dice.between(1, n - 1), n)
        return {"v_1": v_1, "v_2": v_2, "o": p * v_1 + (1 - p) * v_2} if v_1 != v_2 else None
    n = dice.pick([4, 5, 6])
    p = Fraction(dice.between(1, n - 1), n)
    return {
        "p": [p, 1 - p],
        "X": dice.matrix(2, 2, -4, 4),
        "W": dice.matrix(2, 2, -2, 3),
        "b": dice.vector(2, -5, 5),
    }


def fine(level: int, givens: dict[str, Any]) -> bool:
    """Values that differ in every component, weights that are not alike."""
    if level == 1:
        p = givens["p"]
        return not some_constant_column(givens["V"]) and max(p) - min(p) > 0.05
    if level == 2:
        return bool(givens["weight"] != 0.5 and givens["o"])
    p, X, W, b = (givens[n] for n in ("p", "X", "W", "b"))
    if some_constant_column(X) or some_zero_row(X, W):
        return False
    return all(b) and b[0] != b[1] and abs(p[0] - 0.5) > 0.05


def question_missing(known: Vector, V: Matrix) -> str:
    return (
        "A query attends to three keys. The weights of the first two are "
        rf"${tex(known[0])}$ and ${tex(known[1])}$; the rest goes to the third. "
        r"Give the output; the values are the rows of $V$."
        rf"$$V={matrix(V)}$$"
    )


def question_inverse(v_1: int, v_2: int, o: Fraction) -> str:
    return (
        rf"A query attends to two keys whose values are the numbers $v_1={v_1}$ and "
        rf"$v_2={v_2}$. The output is $o={tex(o)}$. Give the weight of the first key."
    )


def question_bias(p: Vector, X: Matrix, W: Matrix, b: Vector) -> str:
    return (
        r"A query attends with weights $p$ to two tokens, the rows of $X$. Their values are "
        r"$v=xW_V+b_V$. Give the output."
        rf"$$p={row(p)}\qquad X={matrix(X)}$$$$W_V={matrix(W)}\qquad b_V={row(b)}$$"
    )


STEPS = (
    Step(
        "p",
        "All weights: together they are 1",
        "p",
        "(p_1,\\ p_2,\\ 1-p_1-p_2)",
        lambda known: [*known, 1 - sum(known)],
        levels=(1,),
    ),
    Step(
        "output",
        "The weighted mean of the values",
        "o",
        "pV",
        lambda p, V: times(p, V),
        lambda p, V: products(p, [v[0] for v in V]),
        levels=(1,),
    ),
    Step(
        "weight",
        "How far the output lies from the second value towards the first",
        "p_1",
        r"\frac{o-v_2}{v_1-v_2}",
        lambda o, v_1, v_2: divide(o - v_2, v_1 - v_2),
        lambda o, v_1, v_2: rf"\frac{{{cell(o)}-{factor(v_2)}}}{{{v_1}-{factor(v_2)}}}",
        levels=(2,),
    ),
    Step(
        "mixed",
        "Tokens mixed by the weights",
        r"\bar x",
        "pX",
        lambda p, X: times(p, X),
        lambda p, X: products(p, [x[0] for x in X]),
        levels=(3,),
    ),
    Step(
        "projected",
        "The mixture through the weights of the values",
        r"\bar xW_V",
        r"\bar x\,W_V",
        lambda mixed, W: times(mixed, W),
        lambda mixed, W: products(mixed, [w[0] for w in W]),
        levels=(3,),
    ),
    Step(
        "output",
        "The bias comes through whole, because the weights sum to 1",
        "o",
        r"\bar x\,W_V+b_V",
        lambda projected, b: plus(projected, b),
        lambda projected, b: rf"{cell(projected[0])}+{factor(b[0])}",
        levels=(3,),
    ),
)

MISTAKES = (
    Mistake(
        "third-left-out",
        "p",
        lambda known: [*known, 0],
        "You left out the third key; it gets what is left of 1.",
        levels=(1,),
        cause="weights",
    ),
    Mistake(
        "third-weight-one",
        "p",
        lambda known: [*known, 1],
        "You gave the third key the weight 1; all three together are 1.",
        levels=(1,),
        cause="weights",
    ),
    Mistake(
        "renormalised-without-third",
        "p",
        lambda known: [*[divide(x, sum(known)) for x in known], 0],
        "You scaled the two weights up to 1; the rest belongs to the third key.",
        levels=(1,),
        cause="weights",
    ),
    Mistake(
        "rest-is-sum",
        "p",
        lambda known: [*known, sum(known)],
        "You gave the third key the sum of the others; it gets 1 less that sum.",
        levels=(1,),
        cause="weights",
    ),
    Mistake(
        "plain-mean",
        "output",
        lambda V: mean_row(V),
        "You took the plain mean of the values; each one counts with its weight.",
        levels=(1,),
        cause="mean",
    ),
    Mistake(
        "largest-weight-only",
        "output",
        lambda p, V: V[p.index(max(p))],
        "You took the value of the largest weight alone.",
        levels=(1,),
        cause="mean",
    ),
    Mistake(
        "plain-sum",
        "output",
        lambda V: [sum(c) for c in zip(*V, strict=True)],
        "You added the values up without weights.",
        levels=(1,),
        cause="mean",
    ),
    Mistake(
        "other-weight",
        "weight",
        lambda o, v_1, v_2: divide(o - v_1, v_2 - v_1),
        "You gave the second key's weight.",
        cause="order",
    ),
    Mistake(
        "share-of-value",
        "weight",
        lambda o, v_1: divide(o, v_1),
        "You divided the output by the first value; the second one pulls at it too.",
        cause="mean",
    ),
    Mistake(
        "share-of-sum",
        "weight",
        lambda o, v_1, v_2: divide(o, v_1 + v_2),
        "You divided by the sum of the values; distances between them count.",
        cause="mean",
    ),
    Mistake(
        "start-left-out",
        "weight",
        lambda o, v_1, v_2: divide(o, v_1 - v_2),
        r"You did not subtract $v_2$ from the output.",
        cause="mean",
    ),
    Mistake(
        "distance-not-divided",
        "weight",
        lambda o, v_2: o - v_2,
        "You gave the distance; the weight is its part of the whole way between the values.",
        cause="mean",
    ),
    Mistake(
        "bias-left-out",
        "output",
        lambda projected: projected,
        "You left out the bias; it comes through whole, because the weights sum to 1.",
        levels=(3,),
        cause="bias",
    ),
    Mistake(
        "bias-for-each-key",
        "output",
        lambda projected, b: plus(projected, [2 * x for x in b]),
        "You added the bias once for each key; the weights share it out, once in all.",
        levels=(3,),
        cause="bias",
    ),
    Mistake(
        "bias-weighed",
        "output",
        lambda projected, b, p: plus(projected, [p[0] * x for x in b]),
        "You weighed the bias with the first weight alone; over all keys it comes whole.",
        levels=(3,),
        cause="bias",
    ),
    Mistake(
        "bias-before-weights",
        "output",
        lambda mixed, b, W: times(plus(mixed, b), W),
        r"You added the bias before $W_V$.",
        levels=(3,),
        cause="bias",
    ),
    Mistake(
        "plain-mean",
        "mixed",
        lambda X: mean_row(X),
        "You took the plain mean of the tokens; each one counts with its weight.",
        levels=(3,),
        cause="mean",
    ),
    Mistake(
        "weights-exchanged",
        "mixed",
        lambda p, X: times([p[1], p[0]], X),
        "You gave each token the other one's weight.",
        levels=(3,),
        cause="order",
    ),
    Mistake(
        "no-projection",
        "projected",
        lambda mixed: mixed,
        r"You left out $W_V$.",
        levels=(3,),
        cause="stopped",
    ),
)

FAMILIES = (
    Family(
        name="value-mixture",
        version=1,
        title="An output as a mixture of values",
        topic="V functions",
        says="Weights that sum to 1 make a mean: it stays between the values, and keeps a bias.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_missing, 2: question_inverse, 3: question_bias},
        precision={1: Exact(), 2: Exact(), 3: Exact()},
        convention="",
        fine=fine,
        items=("N0.5", "N2.10", "N3.22", "N3.37"),
    ),
)
