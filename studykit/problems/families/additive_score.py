"""Additive (Bahdanau) attention: vᵀ tanh(W q + U k), exact, one score, then the context vector."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from studykit.answers import Exact, Places
from studykit.problems.arithmetic import (
    Matrix,
    Vector,
    dot,
    matmul,
    matmul_t,
    mean_row,
    plus,
    shrink,
    softmax,
)
from studykit.problems.attention_steps import telling_row, telling_values
from studykit.problems.dice import Dice
from studykit.problems.exact import ln, sqrt, tanh
from studykit.problems.family import Family, Mistake, Step, at_levels, named
from studykit.problems.mistakes.weights import row_mistakes
from studykit.problems.wording import cell, factor, matrix, products, row, softmax_working

PRODUCTS: tuple[Fraction | int, ...] = (2, 3, 7, Fraction(1, 2), Fraction(1, 3))

SMALL = (-2, -1, 1, 2)


def draws(dice: Dice, level: int) -> dict[str, Any]:
    if level == 1:
        parts = [dice.pick([1, 2, 3]) for _ in range(2)]
        sums = [[dice.pick(PRODUCTS) for _ in range(2)] for _ in range(2)]
        return {
            "q": [ln(x) for x in parts],
            "K": [[ln(Fraction(s) / x) for s, x in zip(r, parts, strict=True)] for r in sums],
            "v": [5 * dice.pick([-3, -2, -1, 1, 2, 3]) for _ in range(2)],
        }
    keys = 1 if level == 2 else dice.pick([2, 3])
    return {
        "s": [dice.pick(SMALL) for _ in range(2)],
        "H": [[dice.pick(SMALL) for _ in range(2)] for _ in range(keys)],
        "W": [[dice.between(-4, 4) / 4 for _ in range(2)] for _ in range(2)],
        "U": [[dice.between(-4, 4) / 4 for _ in range(2)] for _ in range(2)],
        "v": dice.some([-3, -2, -1, 1, 2, 3], 2),
    }


def fine(level: int, v: Vector, hidden: Matrix, givens: dict[str, Any]) -> bool:
    """Sums that tanh bends without flattening them; weights and values told apart."""
    if v[0] == v[1] or not all(0.1 <= abs(x) <= 2.5 for r in hidden for x in r):
        return False
    if level == 1:
        return all(any(k) for k in givens["K"]) and any(givens["q"])
    return level == 2 or (telling_values(givens["H"]) and telling_row(givens["weights"]))


def question_exact(q: Vector, K: Matrix, v: Vector) -> str:
    return (
        r"Additive attention scores a key by $e_j=v\cdot\tanh(q'+k'_j)$. The projected query $q'$ "
        r"and the projected keys (rows of $K'$) are given as logarithms; "
        r"$\tanh(\ln a)=(a^2-1)/(a^2+1)$. Give the scores of both keys."
        rf"$$q'={row(q)}\qquad K'={matrix(K)}\qquad v={row(v)}$$"
    )


def question_score(s: Vector, H: Matrix, W: Matrix, U: Matrix, v: Vector) -> str:
    return (
        r"Additive (Bahdanau) attention: the decoder state $s$ scores the encoder state $h$ by "
        r"$e=v\cdot\tanh(sW+hU)$; vectors are rows. Give the score."
        rf"$$s={row(s)}\qquad h={row(H[0])}\qquad v={row(v)}$$"
        rf"$$W={matrix(W, 2)}\qquad U={matrix(U, 2)}$$"
    )


def question_context(s: Vector, H: Matrix, W: Matrix, U: Matrix, v: Vector) -> str:
    return (
        r"Additive (Bahdanau) attention: the decoder state $s$ scores the encoder states, the rows "
        r"$h_j$ of $H$, by $e_j=v\cdot\tanh(sW+h_jU)$; vectors are rows. The context is the sum of "
        r"the states $h_j$ with the softmax of the scores as weights. Give it."
        rf"$$s={row(s)}\qquad H={matrix(H)}\qquad v={row(v)}$$"
        rf"$$W={matrix(W, 2)}\qquad U={matrix(U, 2)}$$"
    )


def bent(hidden: Matrix, f: Callable[[Any], Any] = tanh) -> Matrix:
    return [[f(x) for x in r] for r in hidden]


def with_v(M: Matrix, v: Vector) -> Any:
    """The score of each row; one number where there is one row."""
    scores = [dot(v, r) for r in M]
    return scores if len(scores) > 1 else scores[0]


def projected(s: Vector, H: Matrix, W: Matrix, U: Matrix) -> Matrix:
    return [plus(matmul([s], W)[0], h) for h in matmul(H, U)]


STEPS = (
    Step(
        "hidden",
        "Query and key added",
        r"q'+k'",
        r"q'_c+k'_{jc}",
        lambda q, K: [plus(q, k) for k in K],
        lambda q, K: rf"{cell(q[0])}+{factor(K[0][0])}",
        levels=(1,),
        entry=r"(q'+k')_{jc}",
    ),
    Step(
        "hidden",
        "Both states projected and added",
        "z",
        "sW+hU",
        projected,
        lambda s, H, W, U: (
            products(s, [r[0] for r in W], 2) + " + " + products(H[0], [r[0] for r in U], 2)
        ),
        levels=(2, 3),
    ),
    Step(
        "bent",
        "Bent by tanh",
        r"\tanh z",
        r"\tanh z_{jc}",
        lambda hidden: bent(hidden),
        lambda hidden: rf"\tanh\left({cell(hidden[0][0])}\right)",
        entry=r"(\tanh z)_{jc}",
    ),
    Step(
        "scores",
        "Scores: each times v",
        "e",
        r"v\cdot\tanh z",
        lambda bent, v: with_v(bent, v),
        lambda bent, v: products(v, bent[0]),
    ),
    Step(
        "weights",
        "Weights",
        r"\alpha",
        r"\mathrm{softmax}(e)",
        lambda scores: softmax(scores),
        lambda scores: softmax_working(scores),
        levels=(3,),
    ),
    Step(
        "context",
        "Context: the weighted sum of the encoder states",
        "c",
        r"\sum_j\alpha_jh_j",
        lambda weights, H: matmul([weights], H)[0],
        lambda weights, H: products(weights, [h[0] for h in H]),
        levels=(3,),
    ),
)

MISTAKES = (
    Mistake(
        "no-tanh",
        "bent",
        lambda hidden: hidden,
        "You left out the tanh.",
        cause="tanh",
    ),
    Mistake(
        "tanh-at-the-end",
        "scores",
        lambda hidden, v: with_v([[math.tanh(dot(v, r))] for r in hidden], [1]),
        r"You took the tanh of the score, $\tanh(v\cdot z)$; it acts on each entry, before $v$.",
        cause="tanh",
    ),
    Mistake(
        "v-left-out",
        "scores",
        lambda bent: with_v(bent, [1] * len(bent[0])),
        "You added up the entries without multiplying by $v$.",
        cause="product",
    ),
)

EXACT = (
    Mistake(
        "tanh-before-adding",
        "bent",
        lambda q, K: [plus(a, b) for a, b in zip(bent([q] * len(K)), bent(K), strict=True)],
        "You took the tanh of query and key apart; it is taken of their sum.",
        cause="tanh",
    ),
    Mistake(
        "multiplied",
        "scores",
        lambda q, K: [dot(q, k) for k in K],
        "You took the dot product of query and key; additive attention adds them.",
        cause="product",
    ),
    Mistake(
        "query-left-out",
        "hidden",
        lambda K: K,
        "You left out the query; it is added to every key.",
        cause="sum",
    ),
    Mistake(
        "query-subtracted",
        "hidden",
        lambda q, K: [plus(k, [-x for x in q]) for k in K],
        "You subtracted the query; it is added.",
        cause="sign",
    ),
)

STATES = (
    Mistake(
        "weights-exchanged",
        "hidden",
        lambda s, H, W, U: projected(s, H, U, W),
        r"You exchanged $W$ and $U$; $W$ belongs to the decoder state.",
        cause="projection",
    ),
    Mistake(
        "weights-transposed",
        "hidden",
        lambda s, H, W, U: [plus(matmul_t([s], W)[0], h) for h in matmul_t(H, U)],
        r"You used $sW^\top$ and $hU^\top$; vectors are rows here.",
        cause="projection",
    ),
    Mistake(
        "decoder-left-out",
        "hidden",
        lambda H, U: matmul(H, U),
        "You left out the decoder state (or bent it apart); it is added before the tanh.",
        cause="sum",
    ),
    Mistake(
        "not-projected",
        "hidden",
        lambda s, H: [plus(s, h) for h in H],
        r"You added the states themselves; $W$ and $U$ project them first.",
        cause="projection",
    ),
)

# With several keys the decoder's part would be the same for all of them, and cancel: at level 3
# this is the same answer as leaving the decoder state out.
APART = Mistake(
    "tanh-before-adding",
    "bent",
    lambda s, H, W, U: [plus(bent(matmul([s], W))[0], h) for h in bent(matmul(H, U))],
    "You took the tanh of both projections apart; it is taken of their sum.",
    levels=(2,),
    cause="tanh",
)

CONTEXT = (
    Mistake(
        "plain-mean",
        "context",
        lambda H: mean_row(H),
        "You took the plain mean of the states; each one counts with its weight.",
        cause="weights",
    ),
    Mistake(
        "scaled-from-habit",
        "weights",
        lambda scores, v: softmax(shrink(scores, sqrt(len(v)))),
        r"You divided the scores by $\sqrt{d}$; additive attention has no scale.",
        cause="scale",
    ),
    Mistake(
        "projected-states",
        "context",
        lambda weights, H, U: matmul([weights], matmul(H, U))[0],
        r"You weighed the projected states $hU$; the context is made of the states themselves.",
        cause="projection",
    ),
    Mistake(
        "stopped-at-weights",
        "context",
        lambda weights: weights,
        "You gave the weights; they still have to be applied to the states.",
        cause="stopped",
    ),
)

FAMILIES = (
    Family(
        name="additive-score",
        version=1,
        title="Additive attention",
        topic="attention forward",
        says="Bahdanau's score: query and key added, bent by tanh, weighed by v.",
        draws=draws,
        steps=STEPS,
        mistakes=(
            *MISTAKES,
            *at_levels((1,), EXACT),
            *at_levels((2, 3), STATES),
            APART,
            *at_levels((3,), CONTEXT),
            *at_levels(
                (3,), named(row_mistakes("scores"), "no-softmax", "base-two", "negated-scores")
            ),
        ),
        question={1: question_exact, 2: question_score, 3: question_context},
        precision={1: Exact(), 2: Places(3), 3: Places(3)},
        convention={1: "in the order of the keys", 2: "", 3: ""},
        fine=fine,
        items=("N2.13", "N3.7", "N4.26"),
    ),
)
