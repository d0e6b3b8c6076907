"""From many key heads to few: pooled weights, pooled scores, and what a model saves by it."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from studykit.answers import Exact
from studykit.problems.arithmetic import Matrix, Vector, dot, times
from studykit.problems.degenerate import some_zero_row
from studykit.problems.dice import Dice
from studykit.problems.exact import divide
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.wording import cell, factor, matrix, products, row, several


def draws(dice: Dice, level: int) -> dict[str, Any]:
    if level == 1:
        return {"W_K": dice.matrix(dice.pick([2, 3]), 8, -5, 6)}
    if level == 2:
        return {
            "x": dice.vector(2, -3, 4),
            "W_K": dice.matrix(2, 8, -3, 4),
            "q": dice.vector(2, -3, 4),
            "i": dice.between(1, 4),
        }
    H, d_k = dice.pick([(16, 64), (32, 64), (32, 128), (40, 128), (64, 128)])
    return {
        "d": H * d_k,
        "H": H,
        "H_kv": dice.pick([k for k in (1, 2, 4, 8) if H % k == 0]),
        "d_k": d_k,
        "L": dice.pick([16, 24, 32, 40, 48, 64, 80]),
    }


def fine(level: int, givens: dict[str, Any]) -> bool:
    """Weights that differ from head to head; vectors without zeros."""
    if level == 3:
        return True
    W_K = givens["W_K"]
    if some_zero_row(W_K) or len({tuple(c) for c in zip(*W_K, strict=True)}) < 8:
        return False
    return level == 1 or bool(all(givens["x"]) and all(givens["q"]) and givens["score"])


POOLED = (
    r"Multi-head attention with 4 heads of width 2 is turned into grouped-query attention with 2 "
    r"key/value heads, heads 1 and 2 sharing the first, 3 and 4 the second: the key weights of a "
    r"group are averaged. The columns of $W_K$ hold the heads one after the other."
)


def question_weights(W_K: Matrix) -> str:
    return (
        f"{POOLED} Give the new key weights, the first key head on the left."
        rf"$$W_K={matrix(W_K)}$$"
    )


def question_score(x: Vector, W_K: Matrix, q: Vector, i: int) -> str:
    return (
        rf"{POOLED} Head {i} has the query $q$. Give its score with the token $x$ (a row), not "
        r"scaled, before and after."
        rf"$$x={row(x)}\qquad q={row(q)}$$$$W_K={matrix(W_K)}$$"
    )


def question_saving(d: int, H: int, H_kv: int, d_k: int, L: int) -> str:
    heads = several(H_kv, "key/value head")
    return (
        rf"A model has ${L}$ layers with $d_{{model}}={d}$ and ${H}$ heads of width ${d_k}$; "
        rf"keys and values of every head are pooled into {heads}. How many weights does the model "
        r"lose, in units of $2^{20}$ (no biases), and which part of the attention weights "
        r"($W_Q, W_K, W_V, W_O$) is left?"
    )


def head(W_K: Matrix, i: int) -> Matrix:
    """The columns of head i, counted from 1."""
    return [r[2 * i - 2 : 2 * i] for r in W_K]


def mean_of(A: Matrix, B: Matrix) -> Matrix:
    return [
        [divide(a + b, 2) for a, b in zip(r, s, strict=True)] for r, s in zip(A, B, strict=True)
    ]


def beside(A: Matrix, B: Matrix) -> Matrix:
    return [r + s for r, s in zip(A, B, strict=True)]


def pooled(W_K: Matrix, groups: tuple[tuple[int, int], tuple[int, int]]) -> Matrix:
    (a, b), (c, d) = groups
    return beside(mean_of(head(W_K, a), head(W_K, b)), mean_of(head(W_K, c), head(W_K, d)))


def columns(L: int, d: int, heads: int, d_k: int) -> Any:
    """Key and value weights of so many heads in all layers, in units of 2²⁰."""
    return divide(L * 2 * d * heads * d_k, 2**20)


def neighbours(i: int) -> tuple[int, int]:
    return (1, 2) if i < 3 else (3, 4)


NEIGHBOURS = ((1, 2), (3, 4))
IN_TURN = ((1, 3), (2, 4))

STEPS = (
    Step(
        "weights",
        "Each group's heads averaged, entry by entry",
        "W_K'",
        r"\left[\frac{1}{2}(W_K^1+W_K^2)\ \ \frac{1}{2}(W_K^3+W_K^4)\right]",
        lambda W_K: pooled(W_K, NEIGHBOURS),
        lambda W_K: rf"\frac{{{cell(W_K[0][0])}+{factor(W_K[0][2])}}}{{2}}",
        levels=(1,),
    ),
    Step(
        "key",
        "The head's own key",
        "k",
        r"x\,W_K^i",
        lambda x, W_K, i: times(x, head(W_K, i)),
        lambda x, W_K, i: products(x, [r[0] for r in head(W_K, i)]),
        levels=(2,),
    ),
    Step(
        "pooled_key",
        "The group's key: the mean of its heads' keys",
        "k'",
        r"\frac{1}{2}\left(x\,W_K^a+x\,W_K^b\right)",
        lambda x, W_K, i: times(x, mean_of(*(head(W_K, j) for j in neighbours(i)))),
        levels=(2,),
    ),
    Step(
        "score",
        "With the same query",
        r"(q\cdot k,\ q\cdot k')",
        r"(q\cdot k,\ q\cdot k')",
        lambda q, key, pooled_key: [dot(q, key), dot(q, pooled_key)],
        lambda q, key: products(q, key),
        levels=(2,),
    ),
    Step(
        "lost",
        "Columns of keys and values that go, in every layer",
        "P",
        r"\frac{L\cdot 2\,d_{model}\,(H-H_{kv})\,d_k}{2^{20}}",
        lambda L, d, H, H_kv, d_k: columns(L, d, H - H_kv, d_k),
        lambda L, d, H, H_kv, d_k: (
            rf"\frac{{{L}\cdot 2\cdot {d}\cdot({H}-{H_kv})\cdot {d_k}}}{{2^{{20}}}}"
        ),
        levels=(3,),
    ),
    Step(
        "left",
        "What is left of four square matrices",
        "r",
        r"\frac{2H+2H_{kv}}{4H}",
        lambda H, H_kv: divide(2 * H + 2 * H_kv, 4 * H),
        lambda H, H_kv: rf"\frac{{2\cdot {H}+2\cdot {H_kv}}}{{4\cdot {H}}}",
        levels=(3,),
    ),
    Step(
        "both",
        "Together",
        "(P,\\ r)",
        "(P,\\ r)",
        lambda lost, left: [lost, left],
        levels=(3,),
    ),
)

MISTAKES = (
    Mistake(
        "dealt-in-turn",
        "weights",
        lambda W_K: pooled(W_K, IN_TURN),
        "You pooled heads 1 with 3 and 2 with 4; neighbours share a key head.",
        cause="groups",
    ),
    Mistake(
        "added",
        "weights",
        lambda weights: [[2 * x for x in r] for r in weights],
        "You added the heads; they are averaged.",
        cause="mean",
    ),
    Mistake(
        "first-of-each-group",
        "weights",
        lambda W_K: beside(head(W_K, 1), head(W_K, 3)),
        "You kept the first head of each group; the group is averaged.",
        cause="mean",
    ),
    Mistake(
        "columns-of-a-head-averaged",
        "weights",
        lambda W_K: [[divide(r[j] + r[j + 1], 2) for j in range(0, 8, 2)] for r in W_K],
        "You averaged the columns within each head; the same column of two heads is averaged.",
        cause="columns",
    ),
    Mistake(
        "all-heads-averaged",
        "weights",
        lambda W_K: [
            [divide(r[c] + r[c + 2] + r[c + 4] + r[c + 6], 4) for c in (0, 1, 0, 1)] for r in W_K
        ],
        "You averaged all four heads; each group has its own mean.",
        cause="groups",
    ),
    Mistake(
        "groups-exchanged",
        "weights",
        lambda weights: [r[2:] + r[:2] for r in weights],
        "You put the second group first.",
        cause="groups",
    ),
    Mistake(
        "dealt-in-turn",
        "pooled_key",
        lambda x, W_K, i: times(x, mean_of(head(W_K, i), head(W_K, i + 2 if i < 3 else i - 2))),
        "You pooled heads 1 with 3 and 2 with 4; neighbours share a key head.",
        cause="groups",
    ),
    Mistake(
        "added",
        "pooled_key",
        lambda pooled_key: [2 * k for k in pooled_key],
        "You added the group's keys; they are averaged.",
        cause="mean",
    ),
    Mistake(
        "other-group",
        "pooled_key",
        lambda x, W_K, i: times(x, mean_of(*(head(W_K, j) for j in neighbours(5 - i)))),
        "You used the other group's key.",
        cause="groups",
    ),
    Mistake(
        "partner-only",
        "pooled_key",
        lambda x, W_K, i: times(x, head(W_K, i + 1 if i % 2 else i - 1)),
        "You took the key of the head it shares with; the two are averaged.",
        cause="mean",
    ),
    Mistake(
        "all-heads-averaged",
        "pooled_key",
        lambda x, W_K: [
            Fraction(1, 4) * sum(times(x, head(W_K, j))[c] for j in (1, 2, 3, 4)) for c in range(2)
        ],
        "You averaged all four heads; each group has its own mean.",
        cause="groups",
    ),
    Mistake(
        "interleaved",
        "key",
        lambda x, W_K, i: times(x, [[r[i - 1], r[i + 3]] for r in W_K]),
        "You took every fourth column; a head's columns lie together.",
        cause="columns",
    ),
    Mistake(
        "keys-only",
        "lost",
        lambda lost: divide(lost, 2),
        "You counted keys only; values are pooled as well.",
        cause="count",
    ),
    Mistake(
        "one-layer",
        "lost",
        lambda lost, L: divide(lost, L),
        "You counted one layer.",
        cause="count",
    ),
    Mistake(
        "weights-left",
        "lost",
        lambda L, d, H_kv, d_k: columns(L, d, H_kv, d_k),
        "You gave the weights of keys and values that are left.",
        cause="count",
    ),
    Mistake(
        "queries-pooled-too",
        "left",
        lambda H, H_kv: divide(H_kv, H),
        "You pooled queries and output too; every query head stays.",
        cause="part",
    ),
    Mistake(
        "part-that-goes",
        "left",
        lambda left: 1 - left,
        "You gave the part that goes.",
        cause="part",
    ),
    Mistake(
        "output-left-out",
        "left",
        lambda H, H_kv: divide(H + 2 * H_kv, 3 * H),
        r"You left out $W_O$, which stays whole.",
        cause="part",
    ),
)

FAMILIES = (
    Family(
        name="pooled-heads",
        version=1,
        title="Key heads pooled",
        topic="heads and W_O",
        says="How a trained model gets fewer key and value heads, and what that changes.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_weights, 2: question_score, 3: question_saving},
        precision={1: Exact(), 2: Exact(), 3: Exact()},
        fine=fine,
        items=("N3.29", "N3.35", "N3.22"),
    ),
)
