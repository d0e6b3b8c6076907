"""Tokens in another order: outputs move along, weights on both sides, a causal mask does not."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations, permutations
from typing import Any

from studykit.answers import Exact
from studykit.problems.arithmetic import Matrix, mean_row, softmax_rows, transpose
from studykit.problems.attention_steps import telling_values
from studykit.problems.degenerate import small_denominators
from studykit.problems.dice import Dice
from studykit.problems.exact import ln
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.mistakes.masks import causal
from studykit.problems.wording import matrix

Order = tuple[int, ...]

TURNS = ((2, 3, 1), (3, 1, 2))
"""Orders of three tokens that are not undone by doing them twice."""

LONGER = tuple(
    order
    for order in permutations((1, 2, 3, 4))
    if any(order[order[i] - 1] != i + 1 for i in range(4))
    and all(order[i] != i + 1 for i in range(4))
)


def draws(dice: Dice, level: int) -> dict[str, Any] | None:
    if level == 1:
        return {"outputs": dice.matrix(4, 2, -6, 8), "order": dice.pick(LONGER)}
    if level == 2:
        parts = dice.pick([4, 5, 6, 8])
        A = [[Fraction(x, parts) for x in _split(dice, parts)] for _ in range(3)]
        return {"A": A, "order": dice.pick(TURNS)}
    S = [[ln(dice.between(1, 4)) for _ in range(3)] for _ in range(3)]
    return {"S": S, "order": dice.pick([*TURNS, (2, 1, 3), (1, 3, 2), (3, 2, 1)]), "past": 0}


def _split(dice: Dice, parts: int) -> list[int]:
    low, high = sorted(dice.some(range(1, parts), 2))
    return [low, high - low, parts - high]


def fine(level: int, givens: dict[str, Any]) -> bool:
    """Rows that differ, so that every exchange shows; small denominators."""
    if level == 1:
        return telling_values(givens["outputs"])
    if level == 2:
        A = givens["A"]
        columns = list(zip(*A, strict=True))
        return all(a != b for a, b in [*combinations(A, 2), *combinations(columns, 2)])
    weights = givens["weights"]
    return all(small_denominators(w) for w in weights) and all(
        len({w for w in row if w}) == i + 1 for i, row in enumerate(weights)
    )


def listed(order: Order) -> str:
    return ", ".join(map(str, order))


def question_outputs(outputs: Matrix, order: Order) -> str:
    return (
        r"Self-attention without mask and without positions gives four tokens the outputs in the "
        rf"rows of $O$. The same tokens are put in another order: {listed(order)} (the numbers of "
        r"their old rows). Give the new output matrix."
        rf"$$O={matrix(outputs)}$$"
    )


def question_weights(A: Matrix, order: Order) -> str:
    return (
        r"Self-attention without mask and without positions gives three tokens the attention "
        r"weights $A$ (rows are queries, columns keys). The same tokens are put in another order: "
        rf"{listed(order)} (their old numbers). Give the new matrix of weights."
        rf"$$A={matrix(A)}$$"
    )


def question_causal(S: Matrix, order: Order) -> str:
    return (
        r"Three tokens have these scaled scores in self-attention without positions (rows are "
        r"queries, columns keys), before any mask. The tokens are put in the order "
        rf"{listed(order)} (their old numbers), then the causal mask is applied: a query sees its "
        r"own key and earlier ones. Give the new attention weights."
        rf"$$S={matrix(S)}$$"
    )


def rows(M: Matrix, order: Order) -> Matrix:
    return [M[i - 1] for i in order]


def columns(M: Matrix, order: Order) -> Matrix:
    return [[r[i - 1] for i in order] for r in M]


def inverse(order: Order) -> Order:
    return tuple(order.index(i) + 1 for i in range(1, len(order) + 1))


STEPS = (
    Step(
        "output",
        "Every token keeps its output, and takes it along: the rows move",
        "O'",
        "PO",
        lambda outputs, order: rows(outputs, order),
        levels=(1,),
    ),
    Step(
        "moved",
        "Queries move: the rows in the new order",
        "PA",
        "PA",
        lambda A, order: rows(A, order),
        levels=(2,),
    ),
    Step(
        "weights",
        "Keys move as well: the columns in the new order",
        "A'",
        r"PAP^\top",
        lambda moved, order: columns(moved, order),
        levels=(2,),
    ),
    Step(
        "scores",
        "Scores in the new order: rows and columns move",
        "S'",
        r"PSP^\top",
        lambda S, order: columns(rows(S, order), order),
        levels=(3,),
    ),
    Step(
        "masked",
        "The causal mask stays where it is: keys to the right of the diagonal get −∞",
        "S'+M",
        r"S'_{ij}\ \text{for}\ j\le i,\ \text{else}\ -\infty",
        lambda scores, past: causal(scores, past),
        levels=(3,),
        entry=r"(S'+M)_{ij}",
    ),
    Step(
        "weights",
        "Weights: softmax along each row",
        "A'",
        r"\mathrm{softmax}(S'+M)",
        lambda masked: softmax_rows(masked),
        levels=(3,),
    ),
)

MISTAKES = (
    Mistake(
        "nothing-moves",
        "output",
        lambda outputs: outputs,
        "You left the outputs where they were; each token takes its output along.",
        cause="order",
    ),
    Mistake(
        "other-direction",
        "output",
        lambda outputs, order: rows(outputs, inverse(order)),
        "You moved the rows the other way: the first new row is that of the token named first.",
        cause="order",
    ),
    Mistake(
        "turned-round",
        "output",
        lambda outputs: outputs[::-1],
        "You turned the rows round; take them in the order given.",
        when=lambda outputs, output: outputs[::-1] != output,
        cause="order",
    ),
    Mistake(
        "all-averaged",
        "output",
        lambda outputs: [mean_row(outputs) for _ in outputs],
        "You gave every token the mean; the set of outputs stays the same, only its order changes.",
        cause="order",
    ),
    Mistake(
        "rows-only",
        "weights",
        lambda moved: moved,
        "You moved the rows alone; the keys move too, so the columns as well.",
        levels=(2,),
        cause="axes",
    ),
    Mistake(
        "columns-only",
        "weights",
        lambda A, order: columns(A, order),
        "You moved the columns alone; the queries move too, so the rows as well.",
        levels=(2,),
        cause="axes",
    ),
    Mistake(
        "nothing-moves",
        "weights",
        lambda A: A,
        "You left the weights as they were; the matrix belongs to the old order.",
        levels=(2,),
        cause="order",
    ),
    Mistake(
        "other-direction",
        "weights",
        lambda A, order: columns(rows(A, inverse(order)), inverse(order)),
        "You moved rows and columns the other way round.",
        levels=(2,),
        cause="order",
    ),
    Mistake(
        "transposed-as-well",
        "weights",
        lambda moved, order: transpose(columns(moved, order)),
        "Your matrix is transposed: rows are queries.",
        levels=(2,),
        cause="axes",
    ),
    Mistake(
        "mask-ignored",
        "masked",
        lambda scores: scores,
        "You left out the causal mask.",
        cause="mask",
    ),
    Mistake(
        "mask-moves-along",
        "weights",
        lambda S, order, past: columns(rows(softmax_rows(causal(S, past)), order), order),
        "You moved the old causal weights; the mask does not move, so they have to be computed "
        "again.",
        levels=(3,),
        cause="mask",
    ),
    Mistake(
        "old-order",
        "scores",
        lambda S: S,
        "You kept the old order.",
        cause="order",
    ),
    Mistake(
        "rows-only",
        "scores",
        lambda S, order: rows(S, order),
        "You moved the rows alone; the keys move too, so the columns as well.",
        cause="axes",
    ),
    Mistake(
        "columns-only",
        "scores",
        lambda S, order: columns(S, order),
        "You moved the columns alone; the queries move too, so the rows as well.",
        cause="axes",
    ),
    Mistake(
        "other-direction",
        "scores",
        lambda S, order: columns(rows(S, inverse(order)), inverse(order)),
        "You moved rows and columns the other way round.",
        when=lambda order: inverse(order) != order,
        cause="order",
    ),
)

FAMILIES = (
    Family(
        name="token-permutation",
        version=1,
        title="Tokens in another order",
        topic="attention forward",
        says="Without positions attention is equivariant; a causal mask breaks that.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_outputs, 2: question_weights, 3: question_causal},
        precision={1: Exact(), 2: Exact(), 3: Exact()},
        convention={1: "one row for each token", 2: "rows are queries", 3: "rows are queries"},
        fine=fine,
        items=("N3.51", "N3.22", "N4.26"),
    ),
)
