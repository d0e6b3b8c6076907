"""Heads of two layers together: a value through both, a written key, composition scores."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from studykit.answers import Exact, Places
from studykit.problems.arithmetic import Matrix, Vector, dot, matmul, matmul_t, times, transpose
from studykit.problems.degenerate import some_zero_row
from studykit.problems.dice import Dice
from studykit.problems.exact import sqrt
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.wording import cell, matrix, products, row


def draws(dice: Dice, level: int) -> dict[str, Any]:
    if level < 3:
        n = dice.pick([2, 3, 4])
        a = dice.between(1, n - 1)
        given = {"X": dice.matrix(2, 2, -3, 3), "a": [Fraction(a, n), Fraction(n - a, n)]}
        if level == 1:
            return given | {"M_1": dice.matrix(2, 2, -2, 2), "M_2": dice.matrix(2, 2, -2, 3)}
        forms = {"M_OV": dice.matrix(2, 2, -2, 2), "M_QK": dice.matrix(2, 2, -2, 3)}
        return {"x": dice.vector(2, -3, 3), **given, **forms}
    return {
        "M_OV": dice.matrix(2, 2, -3, 3),
        "M_QK": dice.matrix(2, 2, -3, 3),
        "keys": dice.below(2),
    }


def fine(level: int, givens: dict[str, Any]) -> bool:
    """Two heads that do different things; matrices without empty rows."""
    first, second = ("M_1", "M_2") if level == 1 else ("M_OV", "M_QK")
    if some_zero_row(givens[first], givens[second]) or givens[first] == givens[second]:
        return False
    if level == 3:
        return bool(0.05 < givens["score"] < 0.98)
    X = givens["X"]
    if X[0] == X[1] or some_zero_row(X):
        return False
    return all(givens["output"]) if level == 1 else bool(all(givens["x"]) and givens["score"])


def question_value(X: Matrix, a: Vector, M_1: Matrix, M_2: Matrix) -> str:
    return (
        r"A head of the first layer attends with weights $a$ to the tokens in the rows of $X$ and "
        r"writes $a\,X\,M_1$ at a position. A head of the second layer attends to that position "
        r"alone, with weight 1, and writes what it finds times $M_2$. Give what the second head "
        r"writes of what the first one wrote ($M_1$, $M_2$ are their merged matrices $W_VW_O$)."
        rf"$$a={row(a)}\qquad X={matrix(X)}$$$$M_1={matrix(M_1)}\qquad M_2={matrix(M_2)}$$"
    )


def question_key(x: Vector, X: Matrix, a: Vector, M_OV: Matrix, M_QK: Matrix) -> str:
    return (
        r"A head of the first layer attends with weights $a$ to the tokens in the rows of $X$ and "
        r"writes $a\,X\,M_{OV}$ at a position. A head of the second layer reads its key there from "
        r"what was written alone; its score for a query token $x$ is $x\,M_{QK}$ times the "
        r"written row, transposed. Give this score (not scaled)."
        rf"$$x={row(x)}\qquad a={row(a)}\qquad X={matrix(X)}$$"
        rf"$$M_{{OV}}={matrix(M_OV)}\qquad M_{{QK}}={matrix(M_QK)}$$"
    )


def question_score(M_OV: Matrix, M_QK: Matrix, keys: int) -> str:
    side, formula = ("keys", r"M_{QK}M_{OV}^\top") if keys else ("queries", r"M_{OV}M_{QK}")
    return (
        r"A head of the first layer writes $x\,M_{OV}$, a head of the second layer scores with "
        rf"$x_i\,M_{{QK}}\,x_j^\top$ (tokens are rows). How much the second one's {side} depend on "
        rf"what the first one writes is measured by the composition score: the Frobenius norm of "
        rf"${formula}$ over the product of the Frobenius norms of both matrices. Give it."
        rf"$$M_{{OV}}={matrix(M_OV)}\qquad M_{{QK}}={matrix(M_QK)}$$"
    )


def frobenius(M: Matrix) -> Any:
    return sqrt(sum(x * x for r in M for x in r))


def composed(M_OV: Matrix, M_QK: Matrix, keys: int) -> Matrix:
    return matmul_t(M_QK, M_OV) if keys else matmul(M_OV, M_QK)


STEPS = (
    Step(
        "mixed",
        "Tokens mixed by the first head",
        r"\bar x",
        "a\\,X",
        lambda a, X: times(a, X),
        lambda a, X: products(a, [r[0] for r in X]),
        levels=(1, 2),
    ),
    Step(
        "first",
        "What the first head writes",
        "w",
        r"\bar x\,M_1",
        lambda mixed, M_1: times(mixed, M_1),
        lambda mixed, M_1: products(mixed, [r[0] for r in M_1]),
        levels=(1,),
    ),
    Step(
        "output",
        "What the second head makes of it",
        "o",
        r"w\,M_2=a\,X\,(M_1M_2)",
        lambda first, M_2: times(first, M_2),
        lambda first, M_2: products(first, [r[0] for r in M_2]),
        levels=(1,),
    ),
    Step(
        "written",
        "What it writes",
        "w",
        r"\bar x\,M_{OV}",
        lambda mixed, M_OV: times(mixed, M_OV),
        lambda mixed, M_OV: products(mixed, [r[0] for r in M_OV]),
        levels=(2,),
    ),
    Step(
        "query",
        "The query's side",
        "u",
        r"x\,M_{QK}",
        lambda x, M_QK: times(x, M_QK),
        lambda x, M_QK: products(x, [r[0] for r in M_QK]),
        levels=(2,),
    ),
    Step(
        "score",
        "Both sides together",
        "s",
        r"u\cdot w",
        lambda query, written: dot(query, written),
        lambda query, written: products(query, written),
        levels=(2,),
    ),
    Step(
        "product",
        "What the second head sees of the first",
        "C",
        r"M_{QK}M_{OV}^\top\ \text{(keys)},\quad M_{OV}M_{QK}\ \text{(queries)}",
        lambda M_OV, M_QK, keys: composed(M_OV, M_QK, keys),
        lambda M_OV, M_QK, keys: (
            products(M_QK[0], M_OV[0]) if keys else products(M_OV[0], [r[0] for r in M_QK])
        ),
        levels=(3,),
    ),
    Step(
        "score",
        "Its norm over both norms",
        "c",
        r"\frac{\lVert C\rVert_F}{\lVert M_{QK}\rVert_F\,\lVert M_{OV}\rVert_F}",
        lambda product, M_OV, M_QK: (
            float(frobenius(product)) / (float(frobenius(M_QK)) * float(frobenius(M_OV)))
        ),
        lambda product, M_OV, M_QK: (
            rf"\frac{{{cell(float(frobenius(product)))}}}"
            rf"{{{cell(float(frobenius(M_QK)))}\cdot {cell(float(frobenius(M_OV)))}}}"
        ),
        levels=(3,),
    ),
)

MISTAKES = (
    Mistake(
        "order-exchanged",
        "output",
        lambda mixed, M_1, M_2: times(times(mixed, M_2), M_1),
        r"You used $M_2$ first; tokens meet the first layer's matrix first.",
        cause="order",
    ),
    Mistake(
        "heads-added",
        "output",
        lambda mixed, first, M_2: [x + y for x, y in zip(first, times(mixed, M_2), strict=True)],
        "You added both heads' outputs; here the second one reads what the first one wrote.",
        cause="product",
    ),
    Mistake(
        "first-only",
        "output",
        lambda first: first,
        "You gave what the first head writes.",
        cause="stopped",
    ),
    Mistake(
        "second-only",
        "output",
        lambda mixed, M_2: times(mixed, M_2),
        r"You left out $M_1$: the second head sees what the first one wrote.",
        cause="stopped",
    ),
    Mistake(
        "matrices-transposed",
        "output",
        lambda mixed, M_1, M_2: times(times(mixed, transpose(M_1)), transpose(M_2)),
        "You transposed the matrices; tokens are rows.",
        cause="transpose",
    ),
    Mistake(
        "written-without-weights",
        "written",
        lambda mixed: mixed,
        r"You left out $M_{OV}$: the head writes the mixture through it.",
        cause="stopped",
    ),
    Mistake(
        "plain-mean",
        "mixed",
        lambda X: [sum(c) / Fraction(2) for c in transpose(X)],
        "You took the plain mean of the tokens; each counts with its weight.",
        when=lambda a: abs(a[0] - a[1]) > 1e-9,
        cause="mixture",
    ),
    Mistake(
        "weights-exchanged",
        "mixed",
        lambda a, X: times([a[1], a[0]], X),
        "You gave each token the other one's weight.",
        when=lambda a: abs(a[0] - a[1]) > 1e-9,
        cause="mixture",
    ),
    Mistake(
        "written-from-the-left",
        "written",
        lambda mixed, M_OV: times(mixed, transpose(M_OV)),
        r"You transposed $M_{OV}$; tokens are rows, so it is $\bar x\,M_{OV}$.",
        cause="transpose",
    ),
    Mistake(
        "query-from-the-left",
        "query",
        lambda x, M_QK: times(x, transpose(M_QK)),
        r"You transposed $M_{QK}$: then query and key are exchanged.",
        cause="transpose",
    ),
    Mistake(
        "query-written-too",
        "query",
        lambda x, M_OV, M_QK: times(times(x, M_OV), M_QK),
        r"You sent the query through $M_{OV}$ too; only the key was written by the first head.",
        cause="order",
    ),
    Mistake(
        "query-without-form",
        "query",
        lambda x: x,
        r"You left out $M_{QK}$.",
        cause="stopped",
    ),
    Mistake(
        "other-side",
        "product",
        lambda M_OV, M_QK, keys: composed(M_OV, M_QK, 1 - keys),
        "You took the other side: queries meet the form on the left, keys on the right.",
        cause="order",
    ),
    Mistake(
        "not-transposed",
        "product",
        lambda M_OV, M_QK: matmul(M_QK, M_OV),
        r"You did not transpose $M_{OV}$; a key enters the score transposed.",
        when=lambda keys: keys == 1,
        cause="transpose",
    ),
    Mistake(
        "transposed-for-queries",
        "product",
        lambda M_OV, M_QK: matmul(transpose(M_OV), M_QK),
        r"You transposed $M_{OV}$; a query enters the score as it is.",
        when=lambda keys: keys == 0,
        cause="transpose",
    ),
    Mistake(
        "norm-not-divided",
        "score",
        lambda product: float(frobenius(product)),
        "You did not divide by both norms.",
        levels=(3,),
        cause="norm",
    ),
    Mistake(
        "divided-by-the-sum",
        "score",
        lambda product, M_OV, M_QK: (
            float(frobenius(product)) / (float(frobenius(M_QK)) + float(frobenius(M_OV)))
        ),
        "You divided by the sum of the norms; it is their product.",
        levels=(3,),
        cause="norm",
    ),
    Mistake(
        "squared-norms",
        "score",
        lambda score: score**2,
        "You left out the roots: a Frobenius norm is the root of the sum of squares.",
        levels=(3,),
        cause="norm",
    ),
    Mistake(
        "entries-added",
        "score",
        lambda product, M_OV, M_QK: (
            sum(abs(x) for r in product for x in r)
            / (sum(abs(x) for r in M_OV for x in r) * sum(abs(x) for r in M_QK for x in r))
        ),
        "You added sizes; a Frobenius norm takes squares and a root.",
        levels=(3,),
        cause="norm",
    ),
)

FAMILIES = (
    Family(
        name="head-composition",
        version=1,
        title="Heads that read heads",
        topic="V functions",
        says="What a head of one layer writes, a head of the next can read.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_value, 2: question_key, 3: question_score},
        precision={1: Exact(), 2: Exact(), 3: Places(3)},
        fine=fine,
        items=("N0.3", "N0.12", "N3.27", "N4.21"),
    ),
)
