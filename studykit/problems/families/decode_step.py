"""One step of decoding: a new query over the cached keys and its own; from scores, q k v, or x."""

from __future__ import annotations

from typing import Any

from studykit.answers import Exact, Places
from studykit.problems.arithmetic import (
    Matrix,
    matmul,
    matmul_t,
    mean_row,
    shrink,
    softmax,
    softmax_rows,
)
from studykit.problems.attention_steps import (
    ATTENDED,
    SCALED,
    SCORES,
    WEIGHTS,
    steps_at,
    telling,
    telling_values,
)
from studykit.problems.degenerate import plain_squares, small_denominators, some_zero_row
from studykit.problems.dice import Dice
from studykit.problems.exact import ln, sqrt
from studykit.problems.family import Family, Mistake, Step, at_levels, named
from studykit.problems.mistakes.scores import SCALE
from studykit.problems.mistakes.weights import weight_mistakes
from studykit.problems.wording import cell, matrix, products, row, tex


def draws(dice: Dice, level: int) -> dict[str, Any]:
    if level == 1:
        n = dice.pick([2, 2, 3])
        return {
            "cached_scores": [ln(dice.between(1, 5)) for _ in range(n)],
            "own_score": ln(dice.between(1, 6)),
            "cached_V": dice.matrix(n, 2, -6, 8),
            "v": dice.matrix(1, 2, -6, 8),
        }
    n, d_k = dice.pick([2, 3]), dice.pick([2, 3]) if level == 2 else 2
    cached = {"cached_K": dice.matrix(n, d_k, -2, 2), "cached_V": dice.matrix(n, 2, -5, 6)}
    if level == 2:
        new = {
            "Q": dice.matrix(1, d_k, -3, 3),
            "k": dice.matrix(1, d_k, -2, 2),
            "v": dice.matrix(1, 2, -5, 6),
        }
    else:
        new = {"x": dice.matrix(1, 2, -2, 2)}
        new |= {f"W_{letter}": dice.pick(plain_squares(1)) for letter in "QKV"}
    return {**cached, **new, "d_k": d_k}


def fine(level: int, givens: dict[str, Any]) -> bool:
    """Weights told apart, the new key's among them; values that differ."""
    weights, V = givens["weights"], givens["V"]
    if not (telling(weights) and telling_values(V)):
        return False
    if level == 1:
        return small_denominators(weights[0])
    return not some_zero_row(givens["Q"], givens["K"])


def question_scores(cached_scores: Any, own_score: Any, cached_V: Matrix, v: Matrix) -> str:
    return (
        r"A model decodes with a cache. The scaled scores of the new token's query with the cached "
        rf"keys are $s$, and with the token's own key ${cell(own_score)}$. The cached values are "
        r"the rows of $V$; the token's own value is $v$. Give the attention output of the new "
        r"token."
        rf"$$s={row(cached_scores)}\qquad V={matrix(cached_V)}\qquad v={tex(v)}$$"
    )


def question_vectors(
    cached_K: Matrix, cached_V: Matrix, Q: Matrix, k: Matrix, v: Matrix, d_k: int
) -> str:
    return (
        r"A model decodes with a cache: the rows of $K$ and $V$ are the keys and values of the "
        r"tokens so far, oldest first. A new token comes with query $q$, key $k$ and value $v$. "
        rf"Give its causal attention output, with the scale $1/\sqrt{{d_k}}$, $d_k={d_k}$."
        rf"$$K={matrix(cached_K)}\qquad V={matrix(cached_V)}$$"
        rf"$$q={tex(Q)}\qquad k={tex(k)}\qquad v={tex(v)}$$"
    )


def question_token(
    cached_K: Matrix,
    cached_V: Matrix,
    x: Matrix,
    W_Q: Matrix,
    W_K: Matrix,
    W_V: Matrix,
    d_k: int,
) -> str:
    return (
        r"The rows of $K$ and $V$ are the cached keys and values, oldest first. A new token $x$ "
        r"comes: $q=xW_Q$, $k=xW_K$, $v=xW_V$. Give its causal attention output, with the scale "
        rf"$1/\sqrt{{d_k}}$, $d_k={d_k}$."
        rf"$$K={matrix(cached_K)}\qquad V={matrix(cached_V)}\qquad x={tex(x)}$$"
        rf"$$W_Q={matrix(W_Q)}\qquad W_K={matrix(W_K)}\qquad W_V={matrix(W_V)}$$"
    )


def attend(Q: Matrix, K: Matrix, V: Matrix, d_k: int) -> Matrix:
    return matmul(softmax_rows(shrink(matmul_t(Q, K), sqrt(d_k))), V)


STEPS = (
    Step(
        "scaled",
        "All scores: the cached keys', then the token's own",
        "S",
        r"(s,\ s_{own})",
        lambda cached_scores, own_score: [[*cached_scores, own_score]],
        levels=(1,),
    ),
    Step(
        "Q",
        "Query of the new token",
        "q",
        "xW_Q",
        lambda x, W_Q: matmul(x, W_Q),
        lambda x, W_Q: products(x[0], [r[0] for r in W_Q]),
        levels=(3,),
    ),
    Step(
        "k",
        "Its key",
        "k",
        "xW_K",
        lambda x, W_K: matmul(x, W_K),
        lambda x, W_K: products(x[0], [r[0] for r in W_K]),
        levels=(3,),
    ),
    Step(
        "v",
        "Its value",
        "v",
        "xW_V",
        lambda x, W_V: matmul(x, W_V),
        lambda x, W_V: products(x[0], [r[0] for r in W_V]),
        levels=(3,),
    ),
    Step(
        "K",
        "The new key joins the cache",
        "K'",
        r"\begin{bmatrix}K\\ k\end{bmatrix}",
        lambda cached_K, k: cached_K + k,
        levels=(2, 3),
    ),
    Step(
        "V",
        "The new value joins the cache",
        "V'",
        r"\begin{bmatrix}V\\ v\end{bmatrix}",
        lambda cached_V, v: cached_V + v,
    ),
    *steps_at((2, 3), SCORES, SCALED),
    WEIGHTS,
    ATTENDED,
)

FROM_SCORES = (
    Mistake(
        "own-key-left-out",
        "output",
        lambda cached_scores, cached_V: matmul([softmax(cached_scores)], cached_V),
        "You left out the token itself; it attends to its own key and value too.",
        cause="cache",
    ),
    Mistake(
        "oldest-dropped",
        "output",
        lambda scaled, V: matmul(softmax_rows([scaled[0][1:]]), V[1:]),
        "You dropped the oldest key; the new one joins the cache, it replaces none.",
        cause="cache",
    ),
    Mistake(
        "own-value-added",
        "output",
        lambda cached_scores, cached_V, v: [
            [
                a + b
                for a, b in zip(matmul([softmax(cached_scores)], cached_V)[0], v[0], strict=True)
            ]
        ],
        "You averaged the cached values and added the new one whole; it shares in the softmax.",
        cause="cache",
    ),
)

FROM_VECTORS = (
    Mistake(
        "own-key-left-out",
        "output",
        lambda Q, cached_K, cached_V, d_k: attend(Q, cached_K, cached_V, d_k),
        "You left out the token itself; it attends to its own key and value too.",
        cause="cache",
    ),
    Mistake(
        "oldest-dropped",
        "output",
        lambda Q, K, V, d_k: attend(Q, K[1:], V[1:], d_k),
        "You dropped the oldest key; the new one joins the cache, it replaces none.",
        cause="cache",
    ),
    Mistake(
        "mask-from-the-top",
        "output",
        lambda V: V[:1],
        "You closed all keys but the first: a causal mask for one query, laid from the top left. "
        "The new query is the last one and sees every key.",
        cause="mask",
    ),
    Mistake(
        "new-key-first",
        "K",
        lambda cached_K, k: k + cached_K,
        "You put the new key first but its value last; both stand at the same place.",
        cause="cache",
    ),
)

COMMON = (
    Mistake(
        "own-value-only",
        "output",
        lambda v: v,
        "You gave the token's own value; it is mixed with the cached ones.",
        cause="cache",
    ),
    Mistake(
        "plain-mean",
        "output",
        lambda V: [mean_row(V)],
        "You took the plain mean of the values; each one counts with its weight.",
        cause="weights",
    ),
    Mistake(
        "stopped-at-weights",
        "output",
        lambda weights: weights,
        "You gave the weights; they still have to be applied to the values.",
        cause="stopped",
    ),
)

FROM_TOKEN = (
    Mistake(
        "token-for-key",
        "k",
        lambda x: x,
        r"You put the token itself into the keys; its key is $xW_K$.",
        cause="projection",
    ),
    Mistake(
        "token-for-value",
        "v",
        lambda x: x,
        r"You put the token itself into the values; its value is $xW_V$.",
        cause="projection",
    ),
    Mistake(
        "token-for-query",
        "Q",
        lambda x: x,
        r"You asked with the token itself; its query is $xW_Q$.",
        cause="projection",
    ),
    Mistake(
        "query-for-key",
        "k",
        lambda Q: Q,
        "You cached the query; the key is cached.",
        cause="projection",
    ),
    Mistake(
        "weights-transposed",
        "output",
        lambda x, W_Q, W_K, W_V, cached_K, cached_V, d_k: attend(
            matmul_t(x, W_Q),
            cached_K + matmul_t(x, W_K),
            cached_V + matmul_t(x, W_V),
            d_k,
        ),
        r"You used $xW^\top$; the token is a row, so $xW$.",
        cause="projection",
    ),
    Mistake(
        "cache-projected-again",
        "output",
        lambda Q, K, V, cached_K, cached_V, k, v, W_K, W_V, d_k: attend(
            Q, matmul(cached_K, W_K) + k, matmul(cached_V, W_V) + v, d_k
        ),
        "You projected the cached keys and values once more; they were when they came in.",
        cause="cache",
    ),
)

FAMILIES = (
    Family(
        name="decode-step",
        version=1,
        title="A step of decoding with a cache",
        topic="streaming and decoding",
        says="One new query over all cached keys and its own.",
        draws=draws,
        steps=STEPS,
        mistakes=(
            *at_levels((1,), FROM_SCORES),
            *COMMON,
            *at_levels(
                (1,),
                named(
                    weight_mistakes("scaled"),
                    "no-softmax",
                    "base-two",
                    "winner-takes-all",
                    "negated-scores",
                    "not-normalised",
                ),
            ),
            *at_levels((2, 3), FROM_VECTORS),
            *at_levels((2, 3), named(SCALE, "no-scale", "divided-by-d", "times-root")),
            *at_levels(
                (2, 3),
                named(
                    weight_mistakes("scaled"),
                    "no-softmax",
                    "base-two",
                    "negated-scores",
                    "scaled-after-softmax",
                ),
            ),
            *at_levels((3,), FROM_TOKEN),
        ),
        question={1: question_scores, 2: question_vectors, 3: question_token},
        precision={1: Exact(), 2: Places(3), 3: Places(3)},
        fine=fine,
        items=("N1.7", "N1.19", "N2.5", "N3.18", "N3.46"),
    ),
)
