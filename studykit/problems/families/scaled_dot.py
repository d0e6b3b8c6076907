"""One scaled score q·k/√d_k: exact, then with an irrational root, then from two tokens."""

from __future__ import annotations

from typing import Any

from studykit.answers import Exact, Places
from studykit.problems.arithmetic import Matrix, Vector, dot, norm, shrink, times, transpose
from studykit.problems.dice import Dice
from studykit.problems.exact import divide, sqrt
from studykit.problems.family import Family, Mistake, Step, without
from studykit.problems.mistakes.scores import SCALE
from studykit.problems.wording import cell, matrix, products, tuple_of


def draws(dice: Dice, level: int) -> dict[str, Any]:
    if level == 3:
        d_model, h, d_k = dice.pick([(4, 2, 2), (6, 2, 3), (3, 1, 3), (2, 1, 2)])
        return {
            "x": dice.vector(d_model, -2, 3),
            "y": dice.vector(d_model, -2, 3),
            "W_Q": dice.matrix(d_model, d_k, -2, 2),
            "W_K": dice.matrix(d_model, d_k, -2, 2),
            "d_model": d_model,
            "h": h,
            "d_k": d_k,
        }
    d_k = dice.pick([4, 4, 4, 9]) if level == 1 else dice.pick([2, 3, 5, 6])
    largest = 3 if level == 1 else 6
    h = dice.pick([6, 8, 12])
    return {
        "q": dice.vector(d_k, -largest, largest),
        "k": dice.vector(d_k, -largest, largest),
        "d_k": d_k,
        "d_v": dice.pick([8, 10, 12]),
        "h": h,
        "d_model": h * d_k,
    }


def fine(scores: Any, q: Vector, k: Vector) -> bool:
    """Not zero, not huge, and both vectors more than a single entry."""
    return 1 <= abs(scores) <= 40 and sum(map(bool, q)) > 1 and sum(map(bool, k)) > 1 and q != k


def question(q: Vector, k: Vector, d_k: int, d_v: int, h: int, d_model: int) -> str:
    return (
        rf"In one of $h={h}$ heads of a model of width $d_{{model}}={d_model}$, queries and keys "
        rf"have width $d_k={d_k}$ and values $d_v={d_v}$. Compute the scaled score "
        rf"$q\cdot k/\sqrt{{d_k}}$.$$q={tuple_of(q)}$$$$k={tuple_of(k)}$$"
    )


def question_from_tokens(
    x: Vector, y: Vector, W_Q: Matrix, W_K: Matrix, d_model: int, h: int, d_k: int
) -> str:
    heads = "One head" if h == 1 else f"One of $h={h}$ heads"
    return (
        rf"{heads} has $d_k={d_k}$; tokens are rows of width $d_{{model}}={d_model}$. "
        r"Token $x$ asks: $q=xW_Q$. Token $y$ is looked at: $k=yW_K$. Compute the scaled score "
        r"$q\cdot k/\sqrt{d_k}$."
        rf"$$x={tuple_of(x)}\qquad y={tuple_of(y)}$$"
        rf"$$W_Q={matrix(W_Q)}\qquad W_K={matrix(W_K)}$$"
    )


STEPS = (
    Step(
        "q",
        "Query of the token that asks",
        "q",
        "xW_Q",
        lambda x, W_Q: times(x, W_Q),
        lambda x, W_Q: products(x, [r[0] for r in W_Q]),
        levels=(3,),
    ),
    Step(
        "k",
        "Key of the token that is looked at",
        "k",
        "yW_K",
        lambda y, W_K: times(y, W_K),
        lambda y, W_K: products(y, [r[0] for r in W_K]),
        levels=(3,),
    ),
    Step(
        "scores",
        "Dot product",
        r"q\cdot k",
        r"\sum_c q_c k_c",
        lambda q, k: dot(q, k),
        lambda q, k: products(q, k),
    ),
    Step(
        "scaled",
        "Scaled score",
        "s",
        r"\frac{q\cdot k}{\sqrt{d_k}}",
        lambda scores, d_k: shrink(scores, sqrt(d_k)),
        lambda scores, d_k: rf"\frac{{{cell(scores)}}}{{\sqrt{{{d_k}}}}}",
    ),
)

PAIR = (
    Mistake(
        "query-with-query",
        "scores",
        lambda q: dot(q, q),
        r"You computed $q\cdot q$; the query is matched with the key.",
        cause="product",
    ),
    Mistake(
        "key-with-key",
        "scores",
        lambda k: dot(k, k),
        r"You computed $k\cdot k$; the query is matched with the key.",
        cause="product",
    ),
    Mistake(
        "product-of-sums",
        "scores",
        lambda q, k: sum(q) * sum(k),
        "You added up each vector first; multiply entry by entry, then add.",
        cause="product",
    ),
    Mistake(
        "entries-added",
        "scores",
        lambda q, k: sum(q) + sum(k),
        "You added the entries; corresponding entries are multiplied.",
        cause="product",
    ),
    Mistake(
        "signs-dropped",
        "scores",
        lambda q, k: sum(abs(a * b) for a, b in zip(q, k, strict=True)),
        "You took every product as positive; a negative entry makes its product negative.",
        cause="sign",
    ),
    Mistake(
        "cosine",
        "scaled",
        lambda scores, q, k: divide(scores, norm(q) * norm(k)),
        r"You divided by the vectors' lengths: that is the cosine. Divide by $\sqrt{d_k}$.",
        cause="scale",
    ),
)

TOKENS = (
    Mistake(
        "no-projections",
        "q",
        lambda x, y: dot(x, y),
        r"You matched the tokens themselves; query and key are $xW_Q$ and $yW_K$.",
        gives="scores",
        cause="projection",
    ),
    Mistake(
        "roles-exchanged",
        "q",
        lambda x, y, W_Q, W_K: dot(times(y, W_Q), times(x, W_K)),
        "You exchanged the tokens: the one that asks makes the query, the other the key.",
        gives="scores",
        cause="projection",
    ),
    Mistake(
        "both-from-one-token",
        "k",
        lambda x, W_K: times(x, W_K),
        "You took query and key from the same token; the key comes from the other one.",
        cause="projection",
    ),
    Mistake(
        "query-weights-for-both",
        "k",
        lambda y, W_Q: times(y, W_Q),
        r"You used $W_Q$ for the key; keys have their own matrix $W_K$.",
        cause="projection",
    ),
    Mistake(
        "key-weights-for-both",
        "q",
        lambda x, W_K: times(x, W_K),
        r"You used $W_K$ for the query; queries have their own matrix $W_Q$.",
        cause="projection",
    ),
    Mistake(
        "weights-transposed",
        "q",
        lambda x, y, W_Q, W_K: dot(times(x, transpose(W_Q)), times(y, transpose(W_K))),
        r"You used $xW^\top$ (as if $Wx$ were meant); tokens are rows, so $xW$.",
        when=lambda d_model, d_k: d_model == d_k,
        gives="scores",
        cause="projection",
    ),
)

FAMILIES = (
    Family(
        name="scaled-dot",
        version=1,
        title="One scaled score",
        topic="attention forward",
        says="The score of one query and one key: q·k/√d_k.",
        draws=draws,
        steps=STEPS,
        mistakes=without(SCALE, "root-of-length") + PAIR + TOKENS,
        question={1: question, 2: question, 3: question_from_tokens},
        precision={1: Exact(), 2: Places(3), 3: Places(3)},
        fine=fine,
        items=("N2.6", "N2.12", "N1.25", "N1.26"),
    ),
)
