"""A query whose keys are all closed: what a large finite number in place of −∞ does to it."""

from __future__ import annotations

from typing import Any

from studykit.answers import Exact, Places
from studykit.problems.arithmetic import (
    Matrix,
    Vector,
    dot,
    matmul,
    mean_row,
    softmax,
    softmax_rows,
)
from studykit.problems.attention_steps import NUMBERS, steps_at, telling_row, telling_values
from studykit.problems.degenerate import small_denominators
from studykit.problems.dice import Dice
from studykit.problems.exact import ln
from studykit.problems.family import Family, Mistake, Step, at_levels
from studykit.problems.wording import cell, matrix, products, row, softmax_working

FAR = 1000
"""What masks subtract, or fill in with a minus: e to the −1000 is 0 to every digit asked."""


def draws(dice: Dice, level: int) -> dict[str, Any]:
    if level == 1:
        return {
            "scores": [ln(dice.between(1, 6)) for _ in range(3)],
            "V": dice.matrix(3, 2, -6, 8),
            "added": dice.pick([0, 1, 1]),
        }
    n = 4 if level == 2 else dice.pick([3, 4])
    return {
        "scores": [[dice.between(-15, 15) / 10 for _ in range(n)] for _ in range(n)],
        "v": dice.vector(n, -8, 9),
        "padding": dice.pick([1, 2]) if level == 2 else 2,
    }


def fine(level: int, weights: Any, givens: dict[str, Any]) -> bool:
    """Values that differ, whose mean is none of them; weights told apart where they should be."""
    if level == 1:
        V = givens["V"]
        if not telling_values(V) or len(set(givens["scores"])) < 2:
            return False
        return small_denominators(weights)
    v = givens["v"]
    if len(set(v)) < len(v) or not all(v) or sum(v) in (0, *(len(v) * x for x in v)):
        return False
    rows = weights if level == 3 else weights[givens["padding"] :]
    return all(map(telling_row, rows))


def question_row(scores: Vector, V: Matrix, added: int) -> str:
    how = (
        rf"adds $-{FAR}$ to closed scores"
        if added
        else rf"replaces closed scores by $-{FAR}$ (`masked_fill`)"
    )
    return (
        rf"A mask closes all three keys of a query. The code {how}, then takes the softmax. Give "
        r"the output of this query, as exact arithmetic gives it; the rows of $V$ are the values."
        rf"$$s={row(scores)}\qquad V={matrix(V)}$$"
    )


def _padding(padding: int) -> str:
    return "token 1 is padding" if padding == 1 else "tokens 1 and 2 are padding"


def question_filled(scores: Matrix, v: Vector, padding: int) -> str:
    return (
        rf"A sequence of {len(v)} tokens is padded on the left: {_padding(padding)}. A pair is "
        r"closed if the key is padding or comes after the query; the code replaces closed scores "
        rf"by $-{FAR}$, then takes the softmax along each row. $S$ holds the scaled scores (rows "
        r"are queries), $v$ the values, one number for each token. Give the outputs of all tokens."
        rf"$$S={matrix(scores, 1)}\qquad v={row(v)}$$"
    )


def question_added(scores: Matrix, v: Vector, padding: int) -> str:
    return (
        rf"A sequence of {len(v)} tokens is padded on the left: {_padding(padding)}. Two masks are "
        rf"added to the scaled scores $S$ (rows are queries): $-{FAR}$ for every padding key, and "
        rf"$-{FAR}$ for every key after the query; where both hold, both are added. Then comes the "
        r"softmax along each row. $v$ holds the values, one number for each token. Give the "
        r"outputs of all tokens, as exact arithmetic gives them."
        rf"$$S={matrix(scores, 1)}\qquad v={row(v)}$$"
    )


def penalties(n: int, padding: int) -> Matrix:
    """How many of the two masks close each pair."""
    return [[int(j < padding) + int(j > i) for j in range(n)] for i in range(n)]


def filled(scores: Matrix, padding: int, causal: bool = True) -> Matrix:
    return [
        [-FAR if j < padding or (causal and j > i) else s for j, s in enumerate(r)]
        for i, r in enumerate(scores)
    ]


def penalised(scores: Matrix, padding: int, most: int = 2) -> Matrix:
    return [
        [s - FAR * min(most, count) for s, count in zip(r, counts, strict=True)]
        for r, counts in zip(scores, penalties(len(scores), padding), strict=True)
    ]


STEPS = (
    Step(
        "masked",
        "Scores after the mask: all alike if replaced, all shifted alike if added to",
        "s'",
        r"s\ \text{masked}",
        lambda scores, added: [s - FAR if added else -FAR for s in scores],
        lambda scores, added: rf"{cell(scores[0])}-{FAR}" if added else rf"-{FAR}",
        levels=(1,),
    ),
    Step(
        "weights",
        "Weights: a softmax does not see what all scores share",
        "p",
        r"\mathrm{softmax}(s')",
        lambda masked: softmax(masked),
        levels=(1,),
    ),
    Step(
        "output",
        "Output",
        "o",
        "pV",
        lambda weights, V: matmul([weights], V)[0],
        lambda weights, V: products(weights, [row[0] for row in V]),
        levels=(1,),
    ),
    Step(
        "masked",
        "Closed scores replaced: rows that see no key hold one number throughout",
        "S'",
        rf"S_{{ij}}\ \text{{where open, else}}\ -{FAR}",
        lambda scores, padding: filled(scores, padding),
        levels=(2,),
        entry="S'_{ij}",
    ),
    Step(
        "masked",
        "Both masks added: in a row that sees no key, the pairs closed once stay ahead",
        "S'",
        rf"S_{{ij}}-{FAR}\cdot\left(\text{{number of masks that close the pair}}\right)",
        lambda scores, padding: penalised(scores, padding),
        levels=(3,),
        entry="S'_{ij}",
    ),
    Step(
        "weights",
        "Weights: softmax along each row",
        "A",
        r"\mathrm{softmax}(S')",
        lambda masked: softmax_rows(masked),
        lambda masked: softmax_working(masked[0], 1),
        levels=(2, 3),
    ),
    *steps_at((2, 3), NUMBERS),
)


def without_weight(weights: Matrix, v: Vector, padding: int, instead: Any) -> Vector:
    """The outputs, with another value in the rows that see no key."""
    return [instead(i) if i < padding else dot(r, v) for i, r in enumerate(weights)]


ROW = (
    Mistake(
        "zeros",
        "output",
        lambda V: [0 for _ in V[0]],
        r"You gave zeros: that is a rule for $-\infty$. A finite number leaves a softmax.",
        cause="convention",
    ),
    Mistake(
        "taken-as-replaced",
        "output",
        lambda V: mean_row(V),
        "You took all weights as equal; a number added to all scores changes none of them.",
        when=lambda added: added == 1,
        cause="convention",
    ),
    Mistake(
        "taken-as-added",
        "output",
        lambda scores, V: matmul([softmax(scores)], V)[0],
        "You used the old scores; they were replaced, and all are alike.",
        when=lambda added: added == 0,
        cause="convention",
    ),
    Mistake(
        "largest-only",
        "output",
        lambda scores, V: V[scores.index(max(scores))],
        "You gave the value of the largest score alone.",
        cause="convention",
    ),
    Mistake(
        "values-summed",
        "output",
        lambda V: [sum(column) for column in zip(*V, strict=True)],
        "You added up the values; the weights sum to 1.",
        cause="mean",
    ),
    Mistake(
        "first-key",
        "output",
        lambda V: V[0],
        "You gave the first key's value.",
        cause="convention",
    ),
)

FILLED = (
    Mistake(
        "mean-of-the-open-ones",
        "output",
        lambda weights, v, padding: without_weight(
            weights, v, padding, lambda i: sum(v[padding:]) / (len(v) - padding)
        ),
        "You took the mean over the tokens that are no padding; all keys of such a row are alike.",
        cause="convention",
    ),
    Mistake(
        "old-scores-kept",
        "output",
        lambda scores, weights, v, padding: without_weight(
            weights, v, padding, lambda i: dot(softmax(scores[i]), v)
        ),
        "You used the old scores in rows that see no key; they were replaced.",
        cause="convention",
    ),
)

ADDED = (
    Mistake(
        "closed-once",
        "masked",
        lambda scores, padding: penalised(scores, padding, 1),
        "You subtracted once where both masks hold; there both are added.",
        cause="convention",
    ),
    Mistake(
        "plain-mean",
        "output",
        lambda weights, v, padding: without_weight(weights, v, padding, lambda i: sum(v) / len(v)),
        "You took the plain mean in rows that see no key; the old scores are still there, shifted.",
        cause="convention",
    ),
)

COMMON = (
    Mistake(
        "zeros",
        "output",
        lambda weights, v, padding: without_weight(weights, v, padding, lambda i: 0),
        r"You gave 0 in rows that see no key: that is a rule for $-\infty$. A finite number leaves "
        "a softmax.",
        cause="convention",
    ),
    Mistake(
        "own-value",
        "output",
        lambda weights, v, padding: without_weight(weights, v, padding, lambda i: v[i]),
        "You let padding tokens see themselves.",
        cause="convention",
    ),
    Mistake(
        "padding-ignored",
        "masked",
        lambda scores: filled(scores, 0),
        "You left the padding open.",
        cause="mask",
    ),
    Mistake(
        "causal-ignored",
        "masked",
        lambda scores, padding: filled(scores, padding, causal=False),
        "You left out the causal mask.",
        cause="mask",
    ),
    Mistake(
        "mask-ignored",
        "masked",
        lambda scores: scores,
        "You left out both masks.",
        cause="mask",
    ),
)

FAMILIES = (
    Family(
        name="masked-row",
        version=1,
        title="A row that sees no key",
        topic="masks",
        says="With a large finite number in place of −∞ a closed row still gets weights.",
        draws=draws,
        steps=STEPS,
        mistakes=(
            *at_levels((1,), ROW),
            *at_levels((2,), FILLED),
            *at_levels((3,), ADDED),
            *at_levels((2, 3), COMMON),
        ),
        question={1: question_row, 2: question_filled, 3: question_added},
        precision={1: Exact(), 2: Places(3), 3: Places(3)},
        convention={1: "", 2: "in the order of the tokens", 3: "in the order of the tokens"},
        fine=fine,
        items=("N3.46", "N3.51", "N2.11"),
    ),
)
