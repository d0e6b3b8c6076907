"""Weights that change and scores that do not: W_Q M asks for W_K M⁻ᵀ, whatever M is."""

from __future__ import annotations

from functools import cache
from itertools import product
from typing import Any

from studykit.answers import Exact
from studykit.problems.arithmetic import Matrix, Vector, matmul, shrink, times, transpose
from studykit.problems.degenerate import some_zero_row
from studykit.problems.dice import Dice
from studykit.problems.exact import divide
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.wording import factor, matrix, row


@cache
def changes(size: int) -> tuple[tuple[int, ...], ...]:
    """Changes of this determinant, up to its sign, that every mistake treats differently.

    No zeros; neither symmetric nor nearly so; no rotation, for which M⁻ᵀ would be M.
    """
    entries = [x for x in range(-4, 5) if x]
    return tuple(
        (a, b, c, d)
        for a, b, c, d in product(entries, repeat=4)
        if abs(a * d - b * c) == size and abs(b) != abs(c) and abs(a) != abs(d) and a * c + b * d
    )


def drawn_change(dice: Dice, size: int) -> Matrix:
    a, b, c, d = dice.pick(changes(size))
    return [[a, b], [c, d]]


def draws(dice: Dice, level: int) -> dict[str, Any]:
    if level == 1:
        return {"change": drawn_change(dice, 1), "W_K": dice.matrix(dice.pick([2, 3]), 2, -4, 4)}
    if level == 2:
        M = drawn_change(dice, dice.pick([2, 3, 4, 5]))
        return {"change": M, "q": dice.vector(2, -4, 4), "k": dice.vector(2, -4, 4)}
    # The change is drawn, the other weights follow; they are what the question shows.
    W_Q, M = drawn_change(dice, 1), drawn_change(dice, dice.pick([1, 2, 3]))
    return {"W_Q": W_Q, "W_Q2": matmul(W_Q, M), "W_K": dice.matrix(2, 2, -4, 4)}


def fine(level: int, givens: dict[str, Any]) -> bool:
    """Vectors without zeros, weights without an empty row."""
    if level == 2:
        return all(givens["q"]) and all(givens["k"]) and givens["q"] != givens["k"]
    return not some_zero_row(givens["W_K"])


def question_weights(change: Matrix, W_K: Matrix) -> str:
    return (
        r"Tokens are rows, $q=xW_Q$ and $k=xW_K$. Somebody replaces $W_Q$ by $W_QM$. Which key "
        r"weights $W_K'$ leave every score $q\cdot k$ as it was?"
        rf"$$M={matrix(change)}\qquad W_K={matrix(W_K)}$$"
    )


def question_vectors(change: Matrix, q: Vector, k: Vector) -> str:
    return (
        r"Tokens are rows. Query weights $W_Q$ become $W_QM$, and the key weights change so that "
        r"all scores $q\cdot k$ stay as they were. A query was $q$ and a key $k$ before. Give "
        r"the same query and key after the change: $q'_1, q'_2, k'_1, k'_2$."
        rf"$$M={matrix(change)}\qquad q={row(q)}\qquad k={row(k)}$$"
    )


def question_models(W_Q: Matrix, W_Q2: Matrix, W_K: Matrix) -> str:
    return (
        r"Two heads with $d_{model}=d_k=2$ give the same score $q\cdot k$ for every pair of tokens "
        r"(tokens are rows, $q=xW_Q$, $k=xW_K$). The first has $W_Q$ and $W_K$, the second "
        r"$W_Q'=W_QM$ for some matrix $M$. Find $M$, then give the second head's $W_K'$."
        rf"$$W_Q={matrix(W_Q)}\qquad W_Q'={matrix(W_Q2)}\qquad W_K={matrix(W_K)}$$"
    )


def determinant(M: Matrix) -> Any:
    (a, b), (c, d) = M
    return a * d - b * c


def adjugate(M: Matrix) -> Matrix:
    (a, b), (c, d) = M
    return [[d, -b], [-c, a]]


def inverse(M: Matrix) -> Matrix:
    return [[divide(x, determinant(M)) for x in r] for r in adjugate(M)]


def inverted_and_transposed(M: Matrix) -> Matrix:
    return transpose(inverse(M))


def _inverse_working(change: Matrix) -> str:
    (a, b), (c, d) = change
    size = rf"{factor(a)}\cdot {factor(d)}-{factor(b)}\cdot {factor(c)}"
    return rf"\frac{{{factor(d)}}}{{{size}}}"


STEPS = (
    Step(
        "change",
        "The change of the queries",
        "M",
        r"W_Q^{-1}\,W_Q'",
        lambda W_Q, W_Q2: matmul(inverse(W_Q), W_Q2),
        levels=(3,),
    ),
    Step(
        "undo",
        "What undoes it on the keys' side",
        r"M^{-\top}",
        r"\left(M^{-1}\right)^\top",
        lambda change: inverted_and_transposed(change),
        lambda change: _inverse_working(change),
    ),
    Step(
        "weights",
        "Key weights that undo it",
        "W_K'",
        r"W_K\,M^{-\top}",
        lambda W_K, undo: matmul(W_K, undo),
        lambda W_K, undo: (
            rf"{factor(W_K[0][0])}\cdot {factor(undo[0][0])}"
            rf"+{factor(W_K[0][1])}\cdot {factor(undo[1][0])}"
        ),
        levels=(1, 3),
    ),
    Step(
        "query",
        "The query after the change",
        "q'",
        r"q\,M",
        lambda q, change: times(q, change),
        lambda q, change: (
            rf"{factor(q[0])}\cdot {factor(change[0][0])}"
            rf"+{factor(q[1])}\cdot {factor(change[1][0])}"
        ),
        levels=(2,),
    ),
    Step(
        "key",
        "The key after the change",
        "k'",
        r"k\,M^{-\top}",
        lambda k, undo: times(k, undo),
        lambda k, undo: (
            rf"{factor(k[0])}\cdot {factor(undo[0][0])}+{factor(k[1])}\cdot {factor(undo[1][0])}"
        ),
        levels=(2,),
    ),
    Step(
        "both",
        "Together; the score is the old one",
        r"(q',\ k')",
        r"(q',\ k')",
        lambda query, key: query + key,
        levels=(2,),
    ),
)

MISTAKES = (
    Mistake(
        "same-change",
        "undo",
        lambda change: change,
        r"You changed the keys by $M$ too; then the scores become $q\,MM^\top k^\top$.",
        cause="inverse",
    ),
    Mistake(
        "transposed-only",
        "undo",
        lambda change: transpose(change),
        r"You used $M^\top$; it has to be inverted as well.",
        cause="inverse",
    ),
    Mistake(
        "inverse-not-transposed",
        "undo",
        lambda change: inverse(change),
        r"You used $M^{-1}$; the keys enter the score transposed, so it is $M^{-\top}$.",
        cause="transpose",
    ),
    Mistake(
        "determinant-left-out",
        "undo",
        lambda change: transpose(adjugate(change)),
        "You did not divide by the determinant.",
        when=lambda change: determinant(change) != 1,
        cause="inverse",
    ),
    Mistake(
        "signs-of-the-inverse",
        "undo",
        lambda change: transpose(
            shrink(
                [[change[1][1], change[0][1]], [change[1][0], change[0][0]]], determinant(change)
            )
        ),
        "In the inverse the off-diagonal entries change their signs.",
        cause="inverse",
    ),
    Mistake(
        "diagonal-not-exchanged",
        "undo",
        lambda change: transpose(
            shrink(
                [[change[0][0], -change[0][1]], [-change[1][0], change[1][1]]], determinant(change)
            )
        ),
        "In the inverse the diagonal entries change places.",
        when=lambda change: change[0][0] != change[1][1],
        cause="inverse",
    ),
    Mistake(
        "keys-kept",
        "undo",
        lambda: [[1, 0], [0, 1]],
        "You left the keys as they were; then the scores change.",
        when=lambda level: level == 2,
        cause="inverse",
    ),
    Mistake(
        "order-exchanged",
        "change",
        lambda W_Q, W_Q2: matmul(W_Q2, inverse(W_Q)),
        r"You computed $W_Q'W_Q^{-1}$; from $W_Q'=W_QM$ the inverse stands on the left.",
        levels=(3,),
        cause="order",
    ),
    Mistake(
        "query-from-the-left",
        "query",
        lambda q, change: times(q, transpose(change)),
        r"You computed $Mq$; queries are rows, so it is $qM$.",
        cause="transpose",
    ),
)

FAMILIES = (
    Family(
        name="query-key-gauge",
        version=1,
        title="Weights that leave scores alone",
        topic="QK bilinear form",
        says="Only the product of query and key weights counts: one may undo the other.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_weights, 2: question_vectors, 3: question_models},
        precision={1: Exact(), 2: Exact(), 3: Exact()},
        fine=fine,
        items=("N4.24", "N4.21"),
    ),
)
