"""The prefix-LM mask: open both ways in the prefix, causal behind it."""

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


def draws(dice: Dice, level: int) -> dict[str, Any] | None:
    if level == 1:
        n, m = dice.pick([(5, 2), (5, 3), (6, 3)])
        i = dice.pick([*range(1, m), m + 1])
        return {"scores": [ln(dice.between(1, 5)) for _ in range(n)], "i": i, "m": m}
    if level == 2:
        return {
            "scores": [[dice.between(-15, 15) / 10 for _ in range(4)] for _ in range(4)],
            "v": dice.vector(4, -8, 9),
            "m": dice.pick([2, 3]),
        }
    m = dice.between(4, 60)
    return {"m": m, "n": m + dice.between(4, 60)}


def fine(level: int, givens: dict[str, Any]) -> bool:
    """Weights told apart among the open keys."""
    if level == 3:
        return bool(givens["n"] != 2 * givens["m"])
    weights = givens["weights"]
    if level == 1:
        return telling_row(weights) and small_denominators(weights)
    v = givens["v"]
    return len(set(v)) == 4 and all(v) and all(map(telling_row, weights))


RULE = (
    r"A prefix-LM mask: tokens of the prefix see the whole prefix, in both directions, and nothing "
    r"else; tokens behind it see the prefix, the tokens before them and themselves."
)


def question_row(scores: Vector, i: int, m: int) -> str:
    return (
        rf"{RULE} Of {len(scores)} tokens the first {m} are the prefix. These are the scaled "
        rf"scores of the query at position {i}, counted from 1. Give the weights of all keys."
        rf"$$s={row(scores)}$$"
    )


def question_outputs(scores: Matrix, v: Vector, m: int) -> str:
    return (
        rf"{RULE} Of four tokens the first {m} are the prefix. $S$ holds the scaled scores (rows "
        r"are queries), $v$ the values, one number for each token. Give the four outputs."
        rf"$$S={matrix(scores, 1)}\qquad v={row(v)}$$"
    )


def question_pairs(m: int, n: int) -> str:
    return (
        rf"{RULE} The prefix has ${m}$ of ${n}$ tokens. How many pairs of query and key are open?"
    )


def seen(n: int, i: int, m: int) -> Vector:
    """1 for the keys that the query at position i sees."""
    return upto(n, max(i, m))


def upto(n: int, last: int) -> Vector:
    return [int(j <= last) for j in range(1, n + 1)]


def triangle(n: Any) -> Any:
    return divide(n * (n + 1), 2)


STEPS = (
    Step(
        "may",
        "Open keys: up to the end of the prefix, or up to the query's own if that is later",
        r"\text{open}",
        r"1\ \text{where}\ j\le\max(i,m),\ \text{else}\ 0",
        lambda scores, i, m: seen(len(scores), i, m),
        levels=(1,),
        entry=r"\text{open}_j",
    ),
    Step(
        "may",
        "Open pairs: a full square for the prefix, a triangle behind it",
        r"\text{open}",
        r"1\ \text{where}\ j\le\max(i,m),\ \text{else}\ 0",
        lambda scores, m: [seen(len(scores), i, m) for i in range(1, len(scores) + 1)],
        levels=(2,),
        entry=r"\text{open}_{ij}",
    ),
    *steps_at((1,), CLOSED_ROW, ROW_WEIGHTS),
    *steps_at((2,), CLOSED, MASKED_WEIGHTS, NUMBERS),
    Step(
        "square",
        "The prefix among itself: all pairs",
        "N_1",
        "m^2",
        lambda m: m * m,
        lambda m: rf"{m}^2",
        levels=(3,),
    ),
    Step(
        "across",
        "The tokens behind it with the prefix",
        "N_2",
        r"(n-m)\,m",
        lambda n, m: (n - m) * m,
        lambda n, m: rf"({n}-{m})\cdot {m}",
        levels=(3,),
    ),
    Step(
        "behind",
        "These tokens among themselves: a triangle with its diagonal",
        "N_3",
        r"\frac{(n-m)(n-m+1)}{2}",
        lambda n, m: triangle(n - m),
        lambda n, m: rf"\frac{{{n - m}\cdot {n - m + 1}}}{{2}}",
        levels=(3,),
    ),
    Step(
        "pairs",
        "Together",
        "N",
        "N_1+N_2+N_3",
        lambda square, across, behind: square + across + behind,
        lambda square, across, behind: rf"{square}+{across}+{behind}",
        levels=(3,),
    ),
)

ROW = (
    Mistake(
        "causal-everywhere",
        "may",
        lambda scores, i: upto(len(scores), i),
        "You closed later keys in the prefix as well; inside it attention goes both ways.",
        when=lambda i, m: i < m,
        cause="prefix",
    ),
    Mistake(
        "prefix-only",
        "may",
        lambda scores, m: upto(len(scores), m),
        "You closed the query's own key; behind the prefix it sees itself too.",
        when=lambda i, m: i > m,
        cause="prefix",
    ),
    Mistake(
        "prefix-closed",
        "may",
        lambda scores, i, m: [int(m < j <= i) for j in range(1, len(scores) + 1)],
        "You closed the prefix; the tokens behind it see it whole.",
        when=lambda i, m: i > m,
        cause="prefix",
    ),
    Mistake(
        "one-key-too-many",
        "may",
        lambda scores, i, m: upto(len(scores), max(i, m) + 1),
        "You opened one key too many.",
        cause="mask",
    ),
    Mistake(
        "own-key-closed",
        "may",
        lambda scores, i, m: [
            int(j != i and x) for j, x in enumerate(seen(len(scores), i, m), start=1)
        ],
        "You closed the query's own key.",
        when=lambda i, m: i < m,
        cause="mask",
    ),
)

OUTPUTS = (
    Mistake(
        "causal-everywhere",
        "may",
        lambda scores: [upto(len(scores), i) for i in range(1, len(scores) + 1)],
        "You closed later keys in the prefix as well; inside it attention goes both ways.",
        cause="prefix",
    ),
    Mistake(
        "prefix-causal-rest-open",
        "may",
        lambda scores, m: [
            upto(len(scores), i if i <= m else len(scores)) for i in range(1, len(scores) + 1)
        ],
        "You made the prefix causal and opened the rest; it is the other way round.",
        when=lambda m: m == 2,  # of four tokens only the third sees a later one then
        cause="prefix",
    ),
    Mistake(
        "blocks",
        "may",
        lambda scores, m: [
            [
                int(j <= i if i > m and j > m else i <= m and j <= m)
                for j in range(1, len(scores) + 1)
            ]
            for i in range(1, len(scores) + 1)
        ],
        "You closed the prefix to the tokens behind it; they see it whole.",
        cause="prefix",
    ),
    Mistake(
        "one-too-many-in-the-prefix",
        "may",
        lambda scores, m: [seen(len(scores), i, m + 1) for i in range(1, len(scores) + 1)],
        "You counted one token too many into the prefix.",
        when=lambda m: m == 2,
        cause="mask",
    ),
    Mistake(
        "one-too-few-in-the-prefix",
        "may",
        lambda scores, m: [seen(len(scores), i, m - 1) for i in range(1, len(scores) + 1)],
        "You counted one token too few into the prefix.",
        when=lambda m: m == 3,
        cause="mask",
    ),
)

PAIRS = (
    Mistake(
        "causal-everywhere",
        "pairs",
        lambda n: triangle(n),
        "You counted the plain causal mask; the prefix is open both ways.",
        cause="prefix",
    ),
    Mistake(
        "prefix-triangle",
        "square",
        lambda m: divide(m * (m - 1), 2),
        "You counted each pair of the prefix once, without the diagonal.",
        cause="prefix",
    ),
    Mistake(
        "no-mask",
        "pairs",
        lambda n: n * n,
        "You counted all pairs.",
        cause="mask",
    ),
    Mistake(
        "across-left-out",
        "across",
        lambda: 0,
        "You left out the later tokens' view of the prefix.",
        cause="prefix",
    ),
    Mistake(
        "across-both-ways",
        "across",
        lambda n, m: 2 * (n - m) * m,
        "You let the prefix see the tokens behind it as well.",
        cause="prefix",
    ),
    Mistake(
        "diagonal-left-out",
        "behind",
        lambda n, m: triangle(n - m - 1),
        "You left out the diagonal behind the prefix; a token sees itself.",
        cause="diagonal",
    ),
    Mistake(
        "rest-open",
        "behind",
        lambda n, m: (n - m) * (n - m),
        "You let the tokens behind the prefix see later ones; they are causal.",
        cause="mask",
    ),
)

FAMILIES = (
    Family(
        name="prefix-mask",
        version=1,
        title="Prefix-LM mask",
        topic="masks",
        says="Both directions in the prefix, causal behind it.",
        draws=draws,
        steps=STEPS,
        mistakes=(
            *at_levels((1,), ROW),
            *at_levels((2,), OUTPUTS),
            *at_levels((3,), PAIRS),
            *at_levels((1,), named(row_mistakes("masked"), "base-two", "negated-scores")),
            *at_levels((2,), named(weight_mistakes("masked"), "softmax-over-columns", "base-two")),
            *at_levels((1, 2), BY_MASK),
        ),
        question={1: question_row, 2: question_outputs, 3: question_pairs},
        precision={1: Exact(), 2: Places(3), 3: Exact()},
        convention={1: "in the order of the keys", 2: "", 3: ""},
        fine=fine,
        items=("N1.7", "N3.46", "N3.51"),
    ),
)
