"""Outer products: one, a key's part of AV, and the state of linear attention they add up to."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from studykit.answers import Exact
from studykit.problems.arithmetic import (
    Matrix,
    Vector,
    add,
    dot,
    matmul,
    outer,
    transpose,
)
from studykit.problems.degenerate import some_constant_column, some_zero_row
from studykit.problems.dice import Dice
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.wording import cell, factor, matrix, products, row


def draws(dice: Dice, level: int) -> dict[str, Any] | None:
    if level == 1:
        n = dice.pick([2, 3])
        return {"u": dice.vector(n, -4, 5), "v": dice.vector(n, -4, 5)}
    if level == 2:
        parts = dice.pick([4, 5, 6, 8])
        return {
            "A": [[Fraction(x, parts) for x in _split(dice, parts)] for _ in range(2)],
            "V": dice.matrix(3, 2, -6, 8),
            "j": dice.pick([1, 2]),
        }
    return {
        "S": dice.matrix(2, 2, -4, 5),
        "q": dice.vector(2, -3, 3),
        "k": dice.vector(2, -3, 3),
        "v": dice.vector(2, -4, 5),
    }


def _split(dice: Dice, parts: int) -> list[int]:
    """Three positive whole numbers with this sum."""
    low, high = sorted(dice.some(range(1, parts), 2))
    return [low, high - low, parts - high]


def fine(level: int, givens: dict[str, Any]) -> bool:
    """Factors without zeros, rows of weights that differ, values that differ."""
    if level == 2:
        A, V = givens["A"], givens["V"]
        return A[0] != A[1] and all(map(all, V)) and not some_constant_column(V, A)
    if level == 1:
        return all(givens["u"]) and all(givens["v"]) and givens["u"] != givens["v"]
    vectors = (givens["q"], givens["k"], givens["v"])
    return all(map(all, vectors)) and not some_zero_row(givens["S"]) and givens["q"] != givens["k"]


def question_one(u: Vector, v: Vector) -> str:
    return (
        r"Both vectors are columns. Compute the outer product $uv^\top$."
        rf"$$u={matrix([[x] for x in u])}\qquad v={matrix([[x] for x in v])}$$"
    )


def question_part(A: Matrix, V: Matrix, j: int) -> str:
    return (
        r"The rows of $A$ are the attention weights of two queries, the rows of $V$ the values of "
        r"three keys. The output $AV$ is a sum of three matrices, one for each key. "
        rf"Give the matrix that key {j} contributes (keys are counted from 1)."
        rf"$$A={matrix(A)}\qquad V={matrix(V)}$$"
    )


def question_state(S: Matrix, q: Vector, k: Vector, v: Vector) -> str:
    return (
        r"Causal linear attention, without feature map and normalisation, keeps a state "
        r"$S=\sum_j k_j^\top v_j$ (vectors are rows). A new token adds its key and value to the "
        r"state, then reads with its query: $o=qS$. Give $o$ for the new token."
        rf"$$S={matrix(S)}$$$$q={row(q)}\qquad k={row(k)}\qquad v={row(v)}$$"
    )


def weights_of(A: Matrix, j: int) -> Vector:
    """Column j of A: the weight that each query gives to key j."""
    return [r[j - 1] for r in A]


def entry(a: Any, b: Any) -> str:
    return rf"{factor(a)}\cdot {factor(b)}"


STEPS = (
    Step(
        "outer",
        "Every entry of u times every entry of v",
        r"uv^\top",
        r"u_iv_j",
        outer,
        lambda u, v: entry(u[0], v[0]),
        levels=(1,),
        entry=r"(uv^\top)_{ij}",
    ),
    Step(
        "column",
        "The weight that each query gives to this key: a column of A",
        "a",
        r"A_{ij}",
        weights_of,
        levels=(2,),
        entry=r"a_i",
    ),
    Step(
        "part",
        "That column times the key's value",
        r"a\,v_j",
        r"A_{ij}V_{jc}",
        lambda column, V, j: outer(column, V[j - 1]),
        lambda column, V, j: entry(column[0], V[j - 1][0]),
        levels=(2,),
        entry=r"(a\,v_j)_{ic}",
    ),
    Step(
        "update",
        "What the new token adds to the state",
        r"k^\top v",
        r"k_iv_j",
        lambda k, v: outer(k, v),
        lambda k, v: entry(k[0], v[0]),
        levels=(3,),
        entry=r"(k^\top v)_{ij}",
    ),
    Step(
        "state",
        "The new state",
        "S'",
        r"S+k^\top v",
        lambda S, update: add(S, update),
        lambda S, update: rf"{cell(S[0][0])}+{factor(update[0][0])}",
        levels=(3,),
    ),
    Step(
        "output",
        "The query reads from it",
        "o",
        "qS'",
        lambda q, state: matmul([q], state)[0],
        lambda q, state: products(q, [r[0] for r in state]),
        levels=(3,),
    ),
)

MISTAKES = (
    Mistake(
        "factors-exchanged",
        "outer",
        lambda u, v: outer(v, u),
        r"You computed $vu^\top$; rows belong to $u$, columns to $v$.",
        cause="order",
    ),
    Mistake(
        "inner-product",
        "outer",
        lambda u, v: dot(u, v),
        r"You computed the inner product $u^\top v$, one number; $uv^\top$ is a matrix.",
        cause="product",
    ),
    Mistake(
        "entry-by-entry",
        "outer",
        lambda u, v: [a * b for a, b in zip(u, v, strict=True)],
        "You multiplied entry by entry; every entry of $u$ meets every entry of $v$.",
        cause="product",
    ),
    Mistake(
        "added",
        "outer",
        lambda u, v: [[a + b for b in v] for a in u],
        "You added the entries; they are multiplied.",
        cause="product",
    ),
    Mistake(
        "u-left-out",
        "outer",
        lambda u, v: [list(v) for _ in u],
        r"You wrote $v^\top$ into every row; row $i$ is $u_i$ times $v^\top$.",
        cause="product",
    ),
    Mistake(
        "whole-output",
        "part",
        lambda A, V: matmul(A, V),
        r"You gave the whole output $AV$; one key's part was asked.",
        cause="part",
    ),
    Mistake(
        "row-for-column",
        "part",
        lambda A, V, j: outer(A[j - 1], V[j - 1]),
        r"You took row $j$ of $A$; the weights given to key $j$ stand in its column.",
        cause="axes",
    ),
    Mistake(
        "column-of-values",
        "part",
        lambda column, V, j: outer(column, [r[j - 1] for r in V]),
        r"You took column $j$ of $V$; the value of key $j$ is its row.",
        cause="axes",
    ),
    Mistake(
        "transposed",
        "part",
        lambda column, V, j: outer(V[j - 1], column),
        "Your matrix is transposed: rows belong to queries.",
        cause="axes",
    ),
    Mistake(
        "counted-from-zero",
        "part",
        lambda A, V, j: outer(weights_of(A, j + 1), V[j]),
        "You gave the next key's part; keys are counted from 1.",
        cause="index",
    ),
    Mistake(
        "weights-left-out",
        "part",
        lambda A, V, j: [V[j - 1] for _ in A],
        "You wrote the key's value into every row; each query weighs it.",
        cause="part",
    ),
    Mistake(
        "others-added",
        "part",
        lambda A, V, column, j: [
            [x - y for x, y in zip(r, s, strict=True)]
            for r, s in zip(matmul(A, V), outer(column, V[j - 1]), strict=True)
        ],
        "You gave the part of the other two keys.",
        cause="part",
    ),
    Mistake(
        "own-token-left-out",
        "state",
        lambda S: S,
        "You read before the new token was added; causal attention sees its own key.",
        cause="state",
    ),
    Mistake(
        "state-replaced",
        "state",
        lambda update: update,
        "You replaced the state by the new token's part; it is added to the state.",
        cause="state",
    ),
    Mistake(
        "key-and-value-exchanged",
        "update",
        lambda k, v: outer(v, k),
        r"You added $v^\top k$; the key stands on the left, $k^\top v$.",
        cause="order",
    ),
    Mistake(
        "inner-product",
        "update",
        lambda S, k, v: [[dot(k, v) for _ in r] for r in S],
        r"You added the number $kv^\top$ everywhere; $k^\top v$ is an outer product.",
        cause="product",
    ),
    Mistake(
        "entry-by-entry",
        "update",
        lambda k, v: [[a * b if i == j else 0 for j, b in enumerate(v)] for i, a in enumerate(k)],
        "You filled the diagonal alone; every entry of $k$ meets every entry of $v$.",
        cause="product",
    ),
    Mistake(
        "state-transposed",
        "output",
        lambda q, state: matmul([q], transpose(state))[0],
        r"You computed $qS^\top$ (or $Sq$ with a column); rows of $S$ belong to the key's width.",
        cause="axes",
    ),
    Mistake(
        "key-reads",
        "output",
        lambda k, state: matmul([k], state)[0],
        "You read with the key; the query reads.",
        cause="order",
    ),
    Mistake(
        "value-unweighted",
        "output",
        lambda q, S, v: [x + y for x, y in zip(matmul([q], S)[0], v, strict=True)],
        r"You added the value whole; it counts with $q\cdot k$.",
        cause="product",
    ),
)

FAMILIES = (
    Family(
        name="outer-product",
        version=1,
        title="Outer products",
        topic="dot products and linear maps",
        says="A column times a row: what one key adds to the output, or to a running state.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_one, 2: question_part, 3: question_state},
        precision={1: Exact(), 2: Exact(), 3: Exact()},
        convention={1: "", 2: "one row for each query", 3: ""},
        fine=fine,
        items=("N1.19", "N2.17", "N3.22", "N3.24"),
    ),
)
