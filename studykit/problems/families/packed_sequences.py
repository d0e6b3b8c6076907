"""Several texts packed into one row: attention stays within a text, and causal in it."""

from __future__ import annotations

from typing import Any

from studykit.answers import Exact, Places
from studykit.problems.arithmetic import Matrix, Vector
from studykit.problems.attention_steps import (
    CLOSED,
    CLOSED_ROW,
    MASKED_WEIGHTS,
    NUMBERS,
    ROW_WEIGHTS,
    steps_at,
    telling_row,
)
from studykit.problems.degenerate import small_denominators
from studykit.problems.dice import Dice
from studykit.problems.exact import divide, ln
from studykit.problems.family import Family, Mistake, Step, at_levels, named
from studykit.problems.mistakes.masks import BY_MASK
from studykit.problems.mistakes.weights import row_mistakes, weight_mistakes
from studykit.problems.wording import matrix, row

Lengths = tuple[int, ...]


def draws(dice: Dice, level: int) -> dict[str, Any] | None:
    if level == 1:
        lengths = dice.pick([(2, 4), (1, 5), (3, 3), (2, 3, 1), (1, 4, 1), (2, 4, 1)])
        last = lengths[0] + lengths[1]  # one past the second text's first, at least
        i = dice.between(lengths[0] + 2, last - 1)
        return {
            "scores": [ln(dice.between(1, 5)) for _ in range(sum(lengths))],
            "lengths": lengths,
            "i": i,
        }
    if level == 2:
        return {
            "scores": [[dice.between(-15, 15) / 10 for _ in range(4)] for _ in range(4)],
            "v": dice.vector(4, -8, 9),
            "lengths": dice.pick([(2, 2), (1, 3), (3, 1), (1, 2, 1)]),
        }
    lengths = tuple(dice.some(range(3, 25), dice.pick([2, 3])))
    return {"lengths": lengths}


def fine(level: int, givens: dict[str, Any]) -> bool:
    """Weights told apart among the open keys."""
    if level == 3:
        return True
    weights = givens["weights"]
    if level == 1:
        return telling_row(weights) and small_denominators(weights)
    v = givens["v"]
    return len(set(v)) == 4 and all(v) and all(map(telling_row, weights))


def listed(lengths: Lengths) -> str:
    return ", ".join(map(str, lengths[:-1])) + f" and {lengths[-1]}"


RULE = r"A token sees itself and the earlier tokens of its own text, nothing of the other texts."


def question_row(scores: Vector, lengths: Lengths, i: int) -> str:
    return (
        rf"Texts of {listed(lengths)} tokens are packed into one row, in this order. {RULE} These "
        rf"are the scaled scores of the query at position {i} of the row, counted from 1. "
        rf"Give the weights of all keys of the row.$$s={row(scores)}$$"
    )


def question_outputs(scores: Matrix, v: Vector, lengths: Lengths) -> str:
    return (
        rf"Texts of {listed(lengths)} tokens are packed into one row, in this order. {RULE} $S$ "
        r"holds the scaled scores (rows are queries), $v$ the values, one number for each token. "
        r"Give the four outputs."
        rf"$$S={matrix(scores, 1)}\qquad v={row(v)}$$"
    )


def question_share(lengths: Lengths) -> str:
    return (
        rf"Texts of {listed(lengths)} tokens are packed into one row. {RULE} Which share of the "
        r"pairs that a plain causal mask over the whole row leaves open stays open?"
    )


def text_of(lengths: Lengths, i: int) -> tuple[int, int]:
    """First and last position, from 1, of the text in which position i lies."""
    first = 1
    for length in lengths:
        if i < first + length:
            break
        first += length
    return first, first + length - 1


def band(n: int, first: int, last: int) -> Vector:
    return [int(first <= j <= last) for j in range(1, n + 1)]


def seen(lengths: Lengths, i: int) -> Vector:
    return band(sum(lengths), text_of(lengths, i)[0], i)


def every(lengths: Lengths) -> range:
    return range(1, sum(lengths) + 1)


def triangle(n: int) -> Any:
    return divide(n * (n + 1), 2)


STEPS = (
    Step(
        "may",
        "Open keys: from the first of the query's text to its own",
        "m",
        r"1\ \text{for keys of the same text with}\ j\le i,\ \text{else}\ 0",
        lambda lengths, i: seen(lengths, i),
        levels=(1,),
        entry="m_j",
    ),
    Step(
        "may",
        "Open pairs: a triangle for each text, along the diagonal",
        "m",
        r"1\ \text{for keys of the same text with}\ j\le i,\ \text{else}\ 0",
        lambda lengths: [seen(lengths, i) for i in every(lengths)],
        levels=(2,),
        entry="m_{ij}",
    ),
    *steps_at((1,), CLOSED_ROW, ROW_WEIGHTS),
    *steps_at((2,), CLOSED, MASKED_WEIGHTS, NUMBERS),
    Step(
        "pairs",
        "Open pairs: a triangle with its diagonal for each text",
        "N",
        r"\sum_t\frac{n_t(n_t+1)}{2}",
        lambda lengths: sum(map(triangle, lengths)),
        lambda lengths: "+".join(rf"\frac{{{n}\cdot {n + 1}}}{{2}}" for n in lengths),
        levels=(3,),
    ),
    Step(
        "causal",
        "Pairs of the plain causal mask",
        "N_c",
        r"\frac{n(n+1)}{2},\quad n=\sum_tn_t",
        lambda lengths: triangle(sum(lengths)),
        lambda lengths: rf"\frac{{{sum(lengths)}\cdot {sum(lengths) + 1}}}{{2}}",
        levels=(3,),
    ),
    Step(
        "share",
        "Share that stays open",
        "x",
        r"\frac{N}{N_c}",
        lambda pairs, causal: divide(pairs, causal),
        lambda pairs, causal: rf"\frac{{{pairs}}}{{{causal}}}",
        levels=(3,),
    ),
)

ROW = (
    Mistake(
        "texts-not-kept-apart",
        "may",
        lambda lengths, i: band(sum(lengths), 1, i),
        "You let the query see the text before its own: the causal mask alone is not enough.",
        cause="text",
    ),
    Mistake(
        "whole-text-open",
        "may",
        lambda lengths, i: band(sum(lengths), *text_of(lengths, i)),
        "You opened the later tokens of the query's text; inside a text the mask is causal.",
        cause="mask",
    ),
    Mistake(
        "own-key-closed",
        "may",
        lambda lengths, i: band(sum(lengths), text_of(lengths, i)[0], i - 1),
        "You closed the query's own key.",
        cause="mask",
    ),
    Mistake(
        "end-of-the-text-before",
        "may",
        lambda lengths, i: band(sum(lengths), text_of(lengths, i)[0] - 1, i),
        "You began one token too early, with the last one of the text before.",
        when=lambda lengths: lengths[0] > 1,
        cause="text",
    ),
    Mistake(
        "first-of-the-text-closed",
        "may",
        lambda lengths, i: band(sum(lengths), text_of(lengths, i)[0] + 1, i),
        "You began one token too late; the text's first token is open.",
        cause="text",
    ),
)

OUTPUTS = (
    Mistake(
        "texts-not-kept-apart",
        "may",
        lambda lengths: [band(sum(lengths), 1, i) for i in every(lengths)],
        "You let tokens see the texts before their own: the causal mask alone is not enough.",
        cause="text",
    ),
    Mistake(
        "whole-text-open",
        "may",
        lambda lengths: [band(sum(lengths), *text_of(lengths, i)) for i in every(lengths)],
        "You opened later tokens of the same text; inside a text the mask is causal.",
        cause="mask",
    ),
    Mistake(
        "other-texts-instead",
        "may",
        lambda lengths: [
            [1 - x if j < i else int(j == i) for j, x in enumerate(seen(lengths, i), start=1)]
            for i in every(lengths)
        ],
        "You opened the earlier tokens of the other texts instead of those of the own text.",
        cause="text",
    ),
    Mistake(
        "wrong-triangle",
        "may",
        lambda lengths: [band(sum(lengths), i, text_of(lengths, i)[1]) for i in every(lengths)],
        "You closed the past and opened the future: the triangles are the wrong ones.",
        cause="mask",
    ),
)

SHARES = (
    Mistake(
        "diagonals-left-out",
        "share",
        lambda lengths: divide(sum(triangle(n - 1) for n in lengths), triangle(sum(lengths) - 1)),
        "You left out the diagonals; every token sees itself.",
        cause="diagonal",
    ),
    Mistake(
        "squares",
        "pairs",
        lambda lengths: sum(n * n for n in lengths),
        "You opened each text both ways; inside a text the mask is causal.",
        cause="mask",
    ),
    Mistake(
        "squares-throughout",
        "share",
        lambda lengths: divide(sum(n * n for n in lengths), sum(lengths) ** 2),
        "You compared squares; both masks are triangles with their diagonals.",
        cause="mask",
    ),
    Mistake(
        "number-of-texts",
        "share",
        lambda lengths: divide(1, len(lengths)),
        "You took 1 over the number of texts; the pairs grow with the square of a length.",
        cause="text",
    ),
    Mistake(
        "share-closed",
        "share",
        lambda pairs, causal: divide(causal - pairs, causal),
        "You gave the share that is closed.",
        cause="text",
    ),
    Mistake(
        "of-all-pairs",
        "causal",
        lambda lengths: sum(lengths) ** 2,
        "You compared with all pairs; the plain causal mask is asked about.",
        cause="mask",
    ),
    Mistake(
        "pairs-counted",
        "share",
        lambda pairs: pairs,
        "You gave the number of open pairs; the share was asked.",
        cause="text",
    ),
)

FAMILIES = (
    Family(
        name="packed-sequences",
        version=1,
        title="Texts packed into one row",
        topic="masks",
        says="Texts that share a row must not see each other: a triangle for each.",
        draws=draws,
        steps=STEPS,
        mistakes=(
            *at_levels((1,), ROW),
            *at_levels((2,), OUTPUTS),
            *at_levels((3,), SHARES),
            *at_levels((1,), named(row_mistakes("masked"), "base-two", "negated-scores")),
            *at_levels((2,), named(weight_mistakes("masked"), "softmax-over-columns", "base-two")),
            *at_levels((1, 2), BY_MASK),
        ),
        question={1: question_row, 2: question_outputs, 3: question_share},
        precision={1: Exact(), 2: Places(3), 3: Exact()},
        convention={1: "in the order of the keys", 2: "", 3: ""},
        fine=fine,
        items=("N3.46", "N3.51"),
    ),
)
