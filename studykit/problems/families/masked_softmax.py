"""Weights under a mask: one row with padding exactly, causal rows, then causal with padding."""

from __future__ import annotations

from typing import Any

from studykit.answers import Exact, Places
from studykit.problems.arithmetic import NEVER, Matrix, Vector, masked, softmax_rows
from studykit.problems.degenerate import small_denominators
from studykit.problems.dice import Dice
from studykit.problems.exact import divide, exp, ln
from studykit.problems.family import Family, Mistake, Step, at_levels, without
from studykit.problems.mistakes.masks import BY_MASK, CAUSAL, causal
from studykit.problems.mistakes.weights import row_mistakes, weight_mistakes
from studykit.problems.wording import matrix, row, softmax_working, tuple_of


def draws(dice: Dice, level: int) -> dict[str, Any] | None:
    if level == 1:
        n = dice.pick([4, 4, 5])
        may = [dice.between(0, 1) for _ in range(n)]
        if not 2 <= sum(may) <= n - 1:
            return None
        return {"scores": [ln(dice.between(1, 6)) for _ in range(n)], "may": may}
    scaled = [[dice.between(-20, 20) / 10 for _ in range(3)] for _ in range(3)]
    if level == 2:
        return {"scaled": scaled, "past": 0}
    return {"scaled": scaled, "past": 0, "padding": dice.pick([1, 1, 2])}


def fine(weights: Any, level: int) -> bool:
    """No row near one-hot or uniform among what it sees, unless it sees one key only."""
    if level == 1 and not small_denominators(weights):
        return False
    for seen in ([w for w in r if w > 0] for r in ([weights] if level == 1 else weights)):
        if len(seen) > 1 and not (min(seen) >= 0.03 and max(seen) <= 0.95 and len(set(seen)) > 1):
            return False
    return True


def question(scores: Vector, may: Vector) -> str:
    return (
        r"One query's scaled scores $s$ and its mask $m$: 1 means that it may attend to the key, "
        r"0 that the key is padding. Give the attention weights of all keys."
        rf"$$s={row(scores)}$$$$m={tuple_of(may)}$$"
    )


def question_causal(scaled: Matrix) -> str:
    return (
        r"These scaled scores belong to three tokens in order (rows are queries, columns keys). "
        r"Apply the causal mask, by which a query sees its own key and the earlier ones, and give "
        r"the attention weights."
        rf"$$S={matrix(scaled, 1)}$$"
    )


def question_padded(scaled: Matrix, padding: int) -> str:
    return (
        r"These scaled scores belong to three tokens in order (rows are queries, columns keys). "
        rf"Token {padding} is padding: no query may attend to its key. The causal mask holds as "
        r"well. A query that sees no key gets zeros; the row of the padding token is computed like "
        r"any other. Give the attention weights."
        rf"$$S={matrix(scaled, 1)}$$"
    )


def padded(S: Matrix, padding: int) -> Matrix:
    """−∞ in the column of the padding token."""
    return [[NEVER if j == padding - 1 else s for j, s in enumerate(r)] for r in S]


def shares(powers: Vector) -> Vector:
    """Each over their sum; a query that sees no key gets zeros."""
    total = sum(powers)
    return [divide(x, total) for x in powers] if total else powers


STEPS = (
    Step(
        "masked",
        "Closed keys get −∞",
        "s+M",
        r"s_j\ \text{where open, else}\ -\infty",
        masked,
        levels=(1,),
        entry=r"(s+M)_j",
    ),
    Step(
        "masked",
        "Causal mask: keys that come after the query get −∞",
        "S+M",
        r"S_{ij}\ \text{where key}\ j\ \text{is open, else}\ -\infty",
        causal,
        levels=(2,),
        entry=r"(S+M)_{ij}",
    ),
    Step(
        "masked",
        "Both masks: later keys and the padding get −∞",
        "S+M",
        r"S_{ij}\ \text{where key}\ j\ \text{is open, else}\ -\infty",
        lambda scaled, past, padding: padded(causal(scaled, past), padding),
        levels=(3,),
        entry=r"(S+M)_{ij}",
    ),
    Step(
        "powers",
        "Powers of e: those of closed keys are 0",
        "E",
        r"e^{s_j+M_j}",
        lambda masked: [exp(s) for s in masked],
        levels=(1,),
        entry=r"E_j",
    ),
    Step(
        "weights",
        "Weights: every power over the sum of all",
        "p",
        r"\frac{E_j}{\sum_k E_k}",
        lambda powers: shares(powers),
        lambda masked: softmax_working(masked),
        levels=(1,),
        entry=r"p_j",
    ),
    Step(
        "powers",
        "Powers of e: those of closed keys are 0",
        "E",
        r"e^{S_{ij}+M_{ij}}",
        lambda masked: [[exp(s) for s in r] for r in masked],
        levels=(2, 3),
        entry=r"E_{ij}",
    ),
    Step(
        "weights",
        "Weights: every power over the sum of its row",
        "A",
        r"\frac{E_{ij}}{\sum_k E_{ik}}",
        lambda powers: [shares(r) for r in powers],
        levels=(2, 3),
        entry=r"A_{ij}",
    ),
)

ROW = (
    *BY_MASK,
    Mistake(
        "spread-evenly",
        "weights",
        lambda may: [m / sum(may) for m in may],
        "You gave every open key the same weight; the scores decide.",
        cause="mask",
    ),
)

BOTH = (
    Mistake(
        "padding-ignored",
        "masked",
        lambda scaled, past: causal(scaled, past),
        "You left the padding token's key open.",
        cause="mask",
    ),
    Mistake(
        "causal-ignored",
        "masked",
        lambda scaled, padding: padded(scaled, padding),
        "You left out the causal mask: queries saw later keys.",
        cause="mask",
    ),
    Mistake(
        "both-ignored",
        "masked",
        lambda scaled: scaled,
        "You left out both masks.",
        cause="mask",
    ),
    Mistake(
        "padding-on-rows",
        "masked",
        lambda scaled, past, padding: [
            [NEVER] * len(r) if i == padding - 1 else r for i, r in enumerate(causal(scaled, past))
        ],
        "You closed the padding token's row; padding closes a column, its key.",
        cause="mask",
    ),
    Mistake(
        "padding-row-and-column",
        "masked",
        lambda scaled, past, padding: [
            [NEVER] * len(r) if i == padding - 1 else r
            for i, r in enumerate(padded(causal(scaled, past), padding))
        ],
        "You closed the padding token's row as well; only its key is closed.",
        when=lambda padding: padding > 1,  # the first row sees nothing anyway
        cause="mask",
    ),
    Mistake(
        "padding-scores-zero",
        "masked",
        lambda scaled, past, padding: causal(
            [[0.0 if j == padding - 1 else s for j, s in enumerate(r)] for r in scaled], past
        ),
        r"You set the padding's scores to 0; $e^0=1$ still gets weight.",
        cause="mask",
    ),
    Mistake(
        "not-renormalised",
        "weights",
        lambda scaled, past, padding: [
            [0 if j == padding - 1 or j > i + past else w for j, w in enumerate(r)]
            for i, r in enumerate(softmax_rows(scaled))
        ],
        "You set closed weights to 0 after the softmax; then the rows no longer sum to 1.",
        cause="mask",
    ),
    Mistake(
        "wrong-triangle",
        "masked",
        lambda scaled, padding: padded(
            [[s if j >= i else NEVER for j, s in enumerate(r)] for i, r in enumerate(scaled)],
            padding,
        ),
        "You closed the past and opened the future: the triangle is the wrong one.",
        cause="mask",
    ),
)

FAMILIES = (
    Family(
        name="masked-softmax",
        version=1,
        title="Softmax under a mask",
        topic="masks",
        says="Weights when some keys are closed: padding, causal, both.",
        draws=draws,
        steps=STEPS,
        mistakes=(
            *at_levels((1,), ROW),
            *at_levels(
                (1,),
                (
                    m
                    for m in row_mistakes("masked", "powers")
                    if m.name in ("base-two", "winner-takes-all", "negated-scores")
                ),
            ),
            *at_levels((2,), without(CAUSAL, "aligned-top-left")),
            *at_levels((2,), without(weight_mistakes("masked"), "scaled-after-softmax")),
            *at_levels((3,), BOTH),
        ),
        question={1: question, 2: question_causal, 3: question_padded},
        precision={1: Exact(), 2: Places(3), 3: Places(3)},
        convention="in the order of the scores",
        fine=fine,
        items=("N3.46", "N3.51", "N4.20"),
    ),
)
