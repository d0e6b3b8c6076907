"""Cross-attention: queries from the decoder, keys and values from the encoder's memory."""

from __future__ import annotations

from typing import Any

from studykit.answers import Exact, Places
from studykit.problems.arithmetic import (
    NEVER,
    Matrix,
    matmul,
    matmul_t,
    shrink,
    softmax_rows,
)
from studykit.problems.attention_steps import (
    ATTENDED,
    MASKED_WEIGHTS,
    SCALED,
    SCORES,
    WEIGHTS,
    steps_at,
    telling,
    telling_values,
)
from studykit.problems.degenerate import plain_squares, some_zero_row
from studykit.problems.dice import Dice
from studykit.problems.exact import sqrt
from studykit.problems.family import Family, Mistake, Step, at_levels, named
from studykit.problems.mistakes.masks import closed
from studykit.problems.mistakes.output import OUTPUT
from studykit.problems.mistakes.scores import SCALE
from studykit.problems.mistakes.weights import weight_mistakes
from studykit.problems.wording import matrix, products


def draws(dice: Dice, level: int) -> dict[str, Any]:
    if level == 1:
        return {
            "Y": dice.matrix(2, 2, -3, 4),
            "H": dice.matrix(3, 2, -3, 4),
            "W_Q": dice.matrix(2, 1, -2, 3),
            "W_K": dice.matrix(2, 1, -2, 3),
        }
    given = {
        "Y": dice.pick(plain_squares(2)),
        "H": dice.matrix(3, 2, -2, 2),
        "W_Q": dice.pick(plain_squares(1)),
        "W_K": dice.pick(plain_squares(1)),
        "W_V": dice.pick(plain_squares(2)),
        "d_k": 2,
    }
    return given if level == 2 else given | {"padding": dice.pick([2, 3, 3])}


def fine(level: int, givens: dict[str, Any]) -> bool:
    """Tokens that differ, no weights of zeros, scores and weights told apart."""
    if level == 1:
        if some_zero_row(givens["Y"], givens["H"], givens["W_Q"], givens["W_K"]):
            return False
        flat = [x for r in givens["scores"] for x in r]
        return givens["W_Q"] != givens["W_K"] and len(set(flat)) >= 4 and all(flat)
    seen = [v for j, v in enumerate(givens["V"]) if j + 1 != givens.get("padding")]
    return telling_values(seen) and telling(givens["weights"])


def question_scores(Y: Matrix, H: Matrix, W_Q: Matrix, W_K: Matrix) -> str:
    return (
        r"The rows of $Y$ are decoder states, the rows of $H$ encoder states. In a head of "
        r"cross-attention with $d_k=1$ the queries come from the decoder and the keys from the "
        r"encoder. Give its matrix of scores."
        rf"$$Y={matrix(Y)}\qquad H={matrix(H)}$$$$W_Q={matrix(W_Q)}\qquad W_K={matrix(W_K)}$$"
    )


def _givens(Y: Matrix, H: Matrix, W_Q: Matrix, W_K: Matrix, W_V: Matrix) -> str:
    return (
        rf"$$Y={matrix(Y)}\qquad H={matrix(H)}\qquad W_Q={matrix(W_Q)}$$"
        rf"$$W_K={matrix(W_K)}\qquad W_V={matrix(W_V)}$$"
    )


def question_output(Y: Matrix, H: Matrix, W_Q: Matrix, W_K: Matrix, W_V: Matrix, d_k: int) -> str:
    return (
        r"The rows of $Y$ are decoder states, the rows of $H$ encoder states. Compute the output "
        rf"of one head of cross-attention (the decoder asks; $d_k={d_k}$, scale "
        r"$1/\sqrt{d_k}$, no mask)." + _givens(Y, H, W_Q, W_K, W_V)
    )


def question_padded(
    Y: Matrix, H: Matrix, W_Q: Matrix, W_K: Matrix, W_V: Matrix, d_k: int, padding: int
) -> str:
    return (
        r"The rows of $Y$ are states of a causal decoder, the rows of $H$ encoder states; "
        rf"encoder state {padding} (counted from 1) is padding. Compute the output of one head of "
        rf"cross-attention (the decoder asks; $d_k={d_k}$, scale $1/\sqrt{{d_k}}$)."
        + _givens(Y, H, W_Q, W_K, W_V)
    )


def padded(S: Matrix, padding: int) -> Matrix:
    return closed(S, lambda i, j: j != padding - 1, lambda _: NEVER)


def attend(Q: Matrix, K: Matrix, V: Matrix) -> Matrix:
    return matmul(softmax_rows(shrink(matmul_t(Q, K), sqrt(len(Q[0])))), V)


STEPS = (
    Step(
        "Q",
        "Queries, from the decoder",
        "Q",
        "YW_Q",
        lambda Y, W_Q: matmul(Y, W_Q),
        lambda Y, W_Q: products(Y[0], [r[0] for r in W_Q]),
    ),
    Step(
        "K",
        "Keys, from the encoder",
        "K",
        "HW_K",
        lambda H, W_K: matmul(H, W_K),
        lambda H, W_K: products(H[0], [r[0] for r in W_K]),
    ),
    Step(
        "V",
        "Values, from the encoder",
        "V",
        "HW_V",
        lambda H, W_V: matmul(H, W_V),
        lambda H, W_V: products(H[0], [r[0] for r in W_V]),
        levels=(2, 3),
    ),
    SCORES,
    *steps_at((2, 3), SCALED),
    *steps_at((2,), WEIGHTS),
    Step(
        "masked",
        "The padding's column gets −∞; no causal mask here, the whole memory is known",
        "S+M",
        r"S_{ij}\ \text{where state}\ j\ \text{is no padding, else}\ -\infty",
        lambda scaled, padding: padded(scaled, padding),
        levels=(3,),
        entry=r"(S+M)_{ij}",
    ),
    *steps_at((3,), MASKED_WEIGHTS),
    *steps_at((2, 3), ATTENDED),
)

SOURCES = (
    Mistake(
        "encoder-asks",
        "scores",
        lambda Y, H, W_Q, W_K: matmul_t(matmul(H, W_Q), matmul(Y, W_K)),
        "You took the queries from the encoder and the keys from the decoder; the decoder asks.",
        cause="source",
    ),
    Mistake(
        "self-attention",
        "scores",
        lambda Y, Q, W_K: matmul_t(Q, matmul(Y, W_K)),
        "You took the keys from the decoder as well: that is self-attention.",
        cause="source",
    ),
    Mistake(
        "weights-exchanged",
        "scores",
        lambda Y, H, W_Q, W_K: matmul_t(matmul(Y, W_K), matmul(H, W_Q)),
        r"You exchanged $W_Q$ and $W_K$; $W_Q$ belongs to the side that asks.",
        cause="projection",
    ),
    Mistake(
        "key-with-query",
        "scores",
        lambda Q, K: matmul_t(K, Q),
        r"You computed $KQ^\top$: rows belong to queries, so to decoder states.",
        cause="axes",
    ),
    Mistake(
        "not-projected",
        "scores",
        lambda Y, H: matmul_t(Y, H),
        r"You matched the states themselves, $YH^\top$; queries and keys are projections.",
        cause="projection",
    ),
)

OUTPUTS = (
    Mistake(
        "self-attention",
        "output",
        lambda Y, Q, W_K, W_V: attend(Q, matmul(Y, W_K), matmul(Y, W_V)),
        "You took keys and values from the decoder: that is self-attention.",
        cause="source",
    ),
    Mistake(
        "encoder-asks",
        "output",
        lambda Y, H, W_Q, W_K, W_V: attend(matmul(H, W_Q), matmul(Y, W_K), matmul(Y, W_V)),
        "You let the encoder ask the decoder; the decoder asks.",
        cause="source",
    ),
    Mistake(
        "weights-exchanged",
        "scores",
        lambda Y, H, W_Q, W_K: matmul_t(matmul(Y, W_K), matmul(H, W_Q)),
        r"You exchanged $W_Q$ and $W_K$; $W_Q$ belongs to the side that asks.",
        cause="projection",
    ),
    Mistake(
        "states-for-values",
        "V",
        lambda H: H,
        r"You weighed the encoder states themselves; the values are $HW_V$.",
        cause="projection",
    ),
    Mistake(
        "states-matched",
        "scores",
        lambda Y, H: matmul_t(Y, H),
        r"You matched the states themselves, $YH^\top$; queries and keys are projections.",
        cause="projection",
    ),
    Mistake(
        "weights-transposed",
        "scores",
        lambda Y, H, W_Q, W_K: matmul_t(matmul_t(Y, W_Q), matmul_t(H, W_K)),
        r"You used $YW_Q^\top$ and $HW_K^\top$; states are rows, so $YW_Q$ and $HW_K$.",
        cause="projection",
    ),
)

MASKS = (
    Mistake(
        "padding-ignored",
        "masked",
        lambda scaled: scaled,
        "You left the padding open.",
        cause="mask",
    ),
    Mistake(
        "causal-mask-added",
        "masked",
        lambda scaled, padding: closed(
            padded(scaled, padding), lambda i, j: j <= i, lambda _: NEVER
        ),
        "You applied the causal mask as well; it belongs to the decoder's self-attention. "
        "The memory is known whole.",
        cause="mask",
    ),
    Mistake(
        "causal-mask-instead",
        "masked",
        lambda scaled: closed(scaled, lambda i, j: j <= i, lambda _: NEVER),
        "You applied the causal mask instead of the padding mask.",
        when=lambda padding: padding == 2,
        cause="mask",
    ),
    Mistake(
        "padding-score-zero",
        "masked",
        lambda scaled, padding: closed(scaled, lambda i, j: j != padding - 1, lambda _: 0.0),
        r"You set the padding's scores to 0; $e^0=1$ still gets weight.",
        cause="mask",
    ),
    Mistake(
        "padding-on-rows",
        "masked",
        lambda scaled, padding: closed(scaled, lambda i, j: i != padding - 1, lambda _: NEVER),
        "You closed a decoder row; the padding is an encoder state, a column.",
        when=lambda padding: padding == 2,
        cause="mask",
    ),
    Mistake(
        "not-renormalised",
        "weights",
        lambda scaled, padding: closed(
            softmax_rows(scaled), lambda i, j: j != padding - 1, lambda _: 0.0
        ),
        "You set the padding's weights to 0 after the softmax; then the rows no longer sum to 1.",
        cause="mask",
    ),
)

FAMILIES = (
    Family(
        name="cross-attention",
        version=1,
        title="Cross-attention",
        topic="attention forward",
        says="The decoder asks, the encoder's memory answers: as many keys as it has states.",
        draws=draws,
        steps=STEPS,
        mistakes=(
            *at_levels((1,), SOURCES),
            *at_levels((2, 3), OUTPUTS),
            *at_levels((2, 3), named(SCALE, "no-scale", "divided-by-d", "times-root")),
            *at_levels(
                (2,),
                named(weight_mistakes("scaled"), "softmax-over-columns", "base-two", "no-softmax"),
            ),
            *at_levels((3,), MASKS),
            *at_levels((3,), named(weight_mistakes("masked"), "base-two", "no-softmax")),
            *at_levels(
                (2, 3), named(OUTPUT, "weights-times-keys", "plain-mean", "stopped-at-weights")
            ),
        ),
        question={1: question_scores, 2: question_output, 3: question_padded},
        precision={1: Exact(), 2: Places(3), 3: Places(3)},
        convention="one row for each decoder state",
        fine=fine,
        items=("N3.46", "N4.18", "N4.26", "N1.29"),
    ),
)
