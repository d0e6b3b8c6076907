"""Value and output weights as one matrix: the merge, an output through it, then two heads."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from studykit.answers import Exact
from studykit.problems.arithmetic import (
    Matrix,
    Vector,
    matmul,
    matmul_t,
    mean_row,
    plus,
    times,
    transpose,
)
from studykit.problems.degenerate import some_constant_column, some_zero_row
from studykit.problems.dice import Dice
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.wording import matrix, products, row

ODDS = {2: ((1, 3), (3, 1), (1, 4), (2, 3), (3, 2)), 3: ((1, 2, 1), (2, 1, 1), (1, 1, 3))}


def draws(dice: Dice, level: int) -> dict[str, Any]:
    if level == 1:
        return {"W_V": dice.matrix(2, 1, -4, 4), "W_O": dice.matrix(1, 2, -4, 4)}
    if level == 2:
        n = dice.pick([2, 3])
        return {
            "a": weights(dice, n),
            "X": dice.matrix(n, 2, -4, 4),
            "W_V": dice.matrix(2, 1, -3, 3),
            "W_O": dice.matrix(1, 2, -3, 3),
        }
    return {
        "a": weights(dice, 2),
        "b": weights(dice, 2),
        "X": dice.matrix(2, 2, -4, 4),
        "M_1": dice.matrix(2, 2, -2, 3),
        "M_2": dice.matrix(2, 2, -2, 3),
    }


def weights(dice: Dice, n: int) -> Vector:
    odds = dice.pick(ODDS[n])
    return [Fraction(o, sum(odds)) for o in odds]


def fine(level: int, givens: dict[str, Any]) -> bool:
    """Nothing empty; tokens and heads that differ."""
    matrices = [givens[n] for n in ("W_V", "W_O", "X", "M_1", "M_2") if n in givens]
    if some_zero_row(*matrices):
        return False
    if level == 1:
        return all(givens["W_O"][0]) and abs(givens["W_V"][0][0]) != abs(givens["W_V"][1][0])
    if some_constant_column(givens["X"]) or len({tuple(x) for x in givens["X"]}) < len(givens["X"]):
        return False
    if level == 2:
        return all(givens["W_O"][0])
    return bool(givens["a"] != givens["b"] and givens["M_1"] != givens["M_2"])


def question_merge(W_V: Matrix, W_O: Matrix) -> str:
    return (
        r"A head reads a token by $v=xW_V$ and writes $vW_O$ to the stream. Both steps together "
        r"are one matrix $M$ with $vW_O=xM$. Give $M$."
        rf"$$W_V={matrix(W_V)}\qquad W_O={matrix(W_O)}$$"
    )


def question_output(a: Vector, X: Matrix, W_V: Matrix, W_O: Matrix) -> str:
    return (
        r"A query attends with weights $a$ to the tokens in the rows of $X$. The head computes "
        r"$v=xW_V$ and writes the weighted sum of values times $W_O$. Give what it writes."
        rf"$$a={row(a)}\qquad X={matrix(X)}$$$$W_V={matrix(W_V)}\qquad W_O={matrix(W_O)}$$"
    )


def question_heads(a: Vector, b: Vector, X: Matrix, M_1: Matrix, M_2: Matrix) -> str:
    return (
        r"Two heads attend to the tokens in the rows of $X$, with weights $a$ and $b$. Their "
        r"merged matrices are $M_h=W_V^hW_O^h$. Give what both together write for this query."
        rf"$$a={row(a)}\qquad b={row(b)}\qquad X={matrix(X)}$$"
        rf"$$M_1={matrix(M_1)}\qquad M_2={matrix(M_2)}$$"
    )


STEPS = (
    Step(
        "merged",
        "Value weights times output weights",
        "M",
        r"W_VW_O",
        lambda W_V, W_O: matmul(W_V, W_O),
        lambda W_V, W_O: products(W_V[0], [W_O[0][0]]),
        levels=(1, 2),
    ),
    Step(
        "mixed",
        "Tokens mixed by the weights",
        r"\bar x",
        "aX",
        lambda a, X: times(a, X),
        lambda a, X: products(a, [x[0] for x in X]),
        levels=(2,),
    ),
    Step(
        "output",
        "The mixture through the merged matrix",
        "o",
        r"\bar x\,M",
        lambda mixed, merged: times(mixed, merged),
        lambda mixed, merged: products(mixed, [m[0] for m in merged]),
        levels=(2,),
    ),
    Step(
        "first",
        "What the first head writes",
        "o_1",
        r"aX\,M_1",
        lambda a, X, M_1: times(times(a, X), M_1),
        lambda a, X, M_1: products(times(a, X), [m[0] for m in M_1]),
        levels=(3,),
    ),
    Step(
        "second",
        "What the second head writes",
        "o_2",
        r"bX\,M_2",
        lambda b, X, M_2: times(times(b, X), M_2),
        lambda b, X, M_2: products(times(b, X), [m[0] for m in M_2]),
        levels=(3,),
    ),
    Step(
        "output",
        "Both added",
        "o",
        "o_1+o_2",
        lambda first, second: plus(first, second),
        levels=(3,),
    ),
)

MISTAKES = (
    Mistake(
        "order-exchanged",
        "merged",
        lambda W_V, W_O: matmul(W_O, W_V),
        r"You computed $W_OW_V$; a token meets $W_V$ first, so it stands on the left.",
        levels=(1,),
        cause="order",
    ),
    Mistake(
        "merge-transposed",
        "merged",
        lambda merged: transpose(merged),
        r"You gave the transpose; for tokens in rows it is $W_VW_O$.",
        levels=(1, 2),
        cause="transpose",
    ),
    Mistake(
        "entry-by-entry",
        "merged",
        lambda W_V, W_O: [[v[0] * o for v, o in zip(W_V, W_O[0], strict=True)]],
        "You multiplied entry by entry; a column times a row is a whole matrix.",
        levels=(1,),
        cause="product",
    ),
    Mistake(
        "diagonal-only",
        "merged",
        lambda merged: [
            [x if i == j else 0 for j, x in enumerate(r)] for i, r in enumerate(merged)
        ],
        "You kept the diagonal only; every component of the token reaches every output.",
        levels=(1, 2),
        cause="product",
    ),
    Mistake(
        "weights-added",
        "merged",
        lambda W_V, W_O: [[v[0] + o for o in W_O[0]] for v in W_V],
        "You added the weights; the second map multiplies the result of the first.",
        levels=(1,),
        cause="product",
    ),
    Mistake(
        "plain-mean",
        "mixed",
        lambda X: mean_row(X),
        "You took the plain mean of the tokens; each one counts with its weight.",
        levels=(2,),
        cause="weights",
    ),
    Mistake(
        "weights-left-out",
        "mixed",
        lambda X: [sum(column) for column in zip(*X, strict=True)],
        "You added the tokens up without weights.",
        levels=(2,),
        cause="weights",
    ),
    Mistake(
        "largest-weight-only",
        "mixed",
        lambda a, X: X[a.index(max(a))],
        "You took the token of the largest weight alone.",
        levels=(2,),
        cause="weights",
    ),
    Mistake(
        "no-merge",
        "output",
        lambda mixed: mixed,
        r"You mixed the tokens themselves; values go through $W_V$ and $W_O$.",
        levels=(2,),
        cause="stopped",
    ),
    Mistake(
        "heads-averaged",
        "output",
        lambda first, second: [Fraction(1, 2) * x for x in plus(first, second)],
        "You averaged the heads; what they write is added.",
        levels=(3,),
        cause="merge",
    ),
    Mistake(
        "first-head-only",
        "output",
        lambda first: first,
        "You used the first head alone.",
        levels=(3,),
        cause="merge",
    ),
    Mistake(
        "second-head-only",
        "output",
        lambda second: second,
        "You used the second head alone.",
        levels=(3,),
        cause="merge",
    ),
    Mistake(
        "weights-exchanged",
        "output",
        lambda a, b, X, M_1, M_2: plus(times(times(b, X), M_1), times(times(a, X), M_2)),
        "You gave each head the other one's weights.",
        levels=(3,),
        cause="weights",
    ),
    Mistake(
        "heads-in-a-row",
        "output",
        lambda a, X, M_1, M_2: times(times(times(a, X), M_1), M_2),
        "You sent the first head's output through the second; the heads work side by side.",
        levels=(3,),
        cause="merge",
    ),
    Mistake(
        "weights-of-the-first-for-both",
        "second",
        lambda a, X, M_2: times(times(a, X), M_2),
        "You used the first head's weights for both; each head attends by itself.",
        levels=(3,),
        cause="weights",
    ),
    Mistake(
        "matrices-transposed",
        "output",
        lambda a, b, X, M_1, M_2: plus(
            matmul_t([times(a, X)], M_1)[0], matmul_t([times(b, X)], M_2)[0]
        ),
        "You transposed the merged matrices; with tokens in rows it is xM.",
        levels=(3,),
        cause="transpose",
    ),
)

FAMILIES = (
    Family(
        name="ov-merge",
        version=1,
        title="Value and output weights merged",
        topic="V functions",
        says="What a head writes is the mixture of tokens through one matrix.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_merge, 2: question_output, 3: question_heads},
        precision={1: Exact(), 2: Exact(), 3: Exact()},
        convention="",
        fine=fine,
        items=("N0.3", "N0.12"),
    ),
)
