"""Slips between Q, K and the scaled scores QKᵀ/√d_k.

They ask for the names Q, K, d_k and, where a family gives them, d_v, d_model, h and X.
Scaling twice by √d_k is the same number as dividing by d_k: one mistake, named for both.
"""

from __future__ import annotations

from studykit.problems.arithmetic import hadamard, matmul, matmul_t, scale, shrink
from studykit.problems.exact import sqrt
from studykit.problems.family import Mistake

SCALE = (
    Mistake(
        "no-scale",
        "scaled",
        lambda scores: scores,
        r"You left out the scale: the scores are not divided by $\sqrt{d_k}$.",
        when=lambda d_k: d_k != 1,
        cause="scale",
    ),
    Mistake(
        "divided-by-d",
        "scaled",
        lambda scores, d_k: shrink(scores, d_k),
        r"You divided by $d_k$ (or by $\sqrt{d_k}$ twice); the scale is $\sqrt{d_k}$, once.",
        when=lambda d_k: d_k != 1,
        cause="scale",
    ),
    Mistake(
        "times-root",
        "scaled",
        lambda scores, d_k: scale(scores, sqrt(d_k)),
        r"You multiplied by $\sqrt{d_k}$ instead of dividing by it.",
        when=lambda d_k: d_k != 1,
        cause="scale",
    ),
    Mistake(
        "root-of-model-width",
        "scaled",
        lambda scores, d_model: shrink(scores, sqrt(d_model)),
        r"You divided by $\sqrt{d_{model}}$; the scale is the root of the head's own width $d_k$.",
        when=lambda d_model, d_k: d_model != d_k,
        cause="scale",
    ),
    Mistake(
        "root-of-value-width",
        "scaled",
        lambda scores, d_v: shrink(scores, sqrt(d_v)),
        r"You divided by $\sqrt{d_v}$; the sum in $q\cdot k$ runs over $d_k$, so its root counts.",
        when=lambda d_v, d_k: d_v not in (1, d_k),
        cause="scale",
    ),
    Mistake(
        "root-of-length",
        "scaled",
        lambda scores, K: shrink(scores, sqrt(len(K))),
        r"You divided by the root of the number of keys; the scale is $\sqrt{d_k}$.",
        when=lambda K, d_k: len(K) not in (1, d_k),
        cause="scale",
    ),
    Mistake(
        "root-of-heads",
        "scaled",
        lambda scores, h: shrink(scores, sqrt(h)),
        r"You divided by $\sqrt{h}$; the number of heads does not enter the scale.",
        when=lambda h, d_k: h not in (1, d_k),
        cause="scale",
    ),
)

PRODUCT = (
    Mistake(
        "no-transpose",
        "scores",
        lambda Q, K: matmul(Q, K),
        r"You computed $QK$; each score is a query row times a key row, so $QK^\top$.",
        cause="product",
    ),
    Mistake(
        "query-with-query",
        "scores",
        lambda Q: matmul_t(Q, Q),
        r"You computed $QQ^\top$: queries are matched with keys, not with each other.",
        cause="product",
    ),
    Mistake(
        "key-with-key",
        "scores",
        lambda K: matmul_t(K, K),
        r"You computed $KK^\top$: the rows of the scores belong to queries.",
        cause="product",
    ),
    Mistake(
        "key-with-query",
        "scores",
        lambda Q, K: matmul_t(K, Q),
        r"You computed $KQ^\top$: rows and columns are exchanged, rows belong to queries.",
        cause="product",
    ),
    Mistake(
        "entry-by-entry",
        "scores",
        lambda Q, K: hadamard(Q, K),
        r"You multiplied $Q$ and $K$ entry by entry; a score is the sum over a whole row pair.",
        cause="product",
    ),
)
