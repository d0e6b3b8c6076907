"""What one head writes: to a component, as a share of the output, and if it were averaged away."""

from __future__ import annotations

from typing import Any

from studykit.answers import Exact, Places
from studykit.problems.arithmetic import Matrix, Vector, column, dot, mean_row, norm, plus, times
from studykit.problems.degenerate import some_constant_column, some_zero_row
from studykit.problems.dice import Dice
from studykit.problems.exact import divide
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.wording import added, cell, matrix, products


def draws(dice: Dice, level: int) -> dict[str, Any]:
    if level == 3:
        return {
            "O_1": dice.matrix(3, 2, -4, 5),
            "O_2": dice.matrix(3, 2, -4, 5),
            "W_1": dice.matrix(2, 2, -3, 3),
            "W_2": dice.matrix(2, 2, -3, 3),
            "t": dice.between(1, 3),
        }
    given = {
        "heads": dice.matrix(3, 2, -4, 5),
        "W_O": dice.matrix(6, 3 if level == 1 else 2, -3, 3),
    }
    return given | {"c": dice.between(1, 3)} if level == 1 else given


def fine(level: int, givens: dict[str, Any]) -> bool:
    """Heads that all write something, different things, and an output that is not near 0."""
    if level == 3:
        O_1, O_2, W_1, W_2 = (givens[n] for n in ("O_1", "O_2", "W_1", "W_2"))
        return not some_zero_row(O_1, O_2, W_1, W_2) and not some_constant_column(O_1, O_2)
    if some_zero_row(givens["heads"], givens["W_O"]):
        return False
    if level == 1:
        return all(givens["parts"]) and len(set(givens["parts"])) == 3
    shares = givens["shares"]
    return bool(max(map(abs, shares)) < 3 and min(map(abs, shares)) > 0.05)


def question_component(heads: Matrix, W_O: Matrix, c: int) -> str:
    return (
        r"For one token, row $h$ of $O$ is the output of head $h$. The heads are concatenated in "
        rf"this order and multiplied by $W_O$. How much does each head add to component {c} of the "
        r"result (components are counted from 1)? Give one number for each head."
        rf"$$O={matrix(heads)}\qquad W_O={matrix(W_O)}$$"
    )


def question_shares(heads: Matrix, W_O: Matrix) -> str:
    return (
        r"For one token, row $h$ of $O$ is the output of head $h$. The heads are concatenated in "
        r"this order and multiplied by $W_O$; head $h$ adds the vector $c_h$ to the result "
        r"$o=c_1+c_2+c_3$. Give each head's share along the result, $c_h\cdot o/(o\cdot o)$. The "
        r"shares sum to 1 and may be negative."
        rf"$$O={matrix(heads)}\qquad W_O={matrix(W_O)}$$"
    )


def question_ablation(O_1: Matrix, O_2: Matrix, W_1: Matrix, W_2: Matrix, t: int) -> str:
    return (
        r"Two heads gave $O_1$ and $O_2$ (rows are tokens); their rows of $W_O$ are $W_O^1$ and "
        r"$W_O^2$. Head 2 is *mean-ablated*: its output at every token is replaced by its mean "
        rf"over the three tokens. Give the layer's output for token {t}."
        rf"$$O_1={matrix(O_1)}\qquad O_2={matrix(O_2)}$$"
        rf"$$W_O^1={matrix(W_1)}\qquad W_O^2={matrix(W_2)}$$"
    )


def rows_of(W_O: Matrix, h: int) -> Matrix:
    """The rows of W_O that belong to head h, counted from 0."""
    return W_O[2 * h : 2 * h + 2]


def written(heads: Matrix, W_O: Matrix) -> Matrix:
    return [times(o, rows_of(W_O, h)) for h, o in enumerate(heads)]


def along(contributions: Matrix, total: Vector) -> Vector:
    return [dot(c, total) for c in contributions]


STEPS = (
    Step(
        "parts",
        "Each head's output with its own rows of this column",
        "a_h",
        r"o_h\cdot (W_O^h)_{:,c}",
        lambda heads, W_O, c: [dot(o, column(rows_of(W_O, h), c - 1)) for h, o in enumerate(heads)],
        lambda heads, W_O, c: products(heads[0], column(rows_of(W_O, 0), c - 1)),
        levels=(1,),
    ),
    Step(
        "contributions",
        "What each head adds, one row for each",
        "c_h",
        r"o_hW_O^h",
        lambda heads, W_O: written(heads, W_O),
        lambda heads, W_O: products(heads[0], column(rows_of(W_O, 0))),
        levels=(2,),
    ),
    Step(
        "total",
        "The result",
        "o",
        "c_1+c_2+c_3",
        lambda contributions: [sum(c) for c in zip(*contributions, strict=True)],
        lambda contributions: added(c[0] for c in contributions),
        levels=(2,),
    ),
    Step(
        "shares",
        "Shares along the result",
        "s_h",
        r"\frac{c_h\cdot o}{o\cdot o}",
        lambda contributions, total: [
            divide(x, dot(total, total)) for x in along(contributions, total)
        ],
        lambda contributions, total: (
            rf"\frac{{{products(contributions[0], total)}}}{{{products(total, total)}}}"
        ),
        levels=(2,),
    ),
    Step(
        "kept",
        "Head 1 as it is",
        "c_1",
        "o_1W_O^1",
        lambda O_1, W_1, t: times(O_1[t - 1], W_1),
        lambda O_1, W_1, t: products(O_1[t - 1], column(W_1)),
        levels=(3,),
    ),
    Step(
        "mean",
        "Mean of head 2 over the tokens",
        r"\bar o_2",
        r"\frac{1}{3}\sum_t o_{2,t}",
        lambda O_2: mean_row(O_2),
        lambda O_2: rf"\frac{{{added(r[0] for r in O_2)}}}{{3}}",
        levels=(3,),
    ),
    Step(
        "output",
        "Both through their rows of W_O",
        "o",
        r"c_1+\bar o_2W_O^2",
        lambda kept, mean, W_2: plus(kept, times(mean, W_2)),
        lambda kept, mean, W_2: f"{cell(kept[0])}+{products(mean, column(W_2))}",
        levels=(3,),
    ),
)

MISTAKES = (
    Mistake(
        "component-as-row",
        "parts",
        lambda heads, W_O, c: [dot(o, W_O[2 * h + (c - 1) % 2][:2]) for h, o in enumerate(heads)],
        "You took a row of the head's block; a component of the result is a column.",
        cause="axis",
    ),
    Mistake(
        "components-from-zero",
        "parts",
        lambda heads, W_O, c: [dot(o, column(rows_of(W_O, h), c)) for h, o in enumerate(heads)],
        "This is the next component; the first one is 1.",
        when=lambda c: c < 3,
        cause="index",
    ),
    Mistake(
        "first-rows-for-all",
        "parts",
        lambda heads, W_O, c: [dot(o, column(W_O[:2], c - 1)) for o in heads],
        r"You used the first head's rows of $W_O$ for all; each head has its own.",
        cause="rows",
    ),
    Mistake(
        "interleaved-rows",
        "parts",
        lambda heads, W_O, c: [dot(o, column(W_O[h::3], c - 1)) for h, o in enumerate(heads)],
        r"You took every third row of $W_O$; a head's rows lie together.",
        cause="rows",
    ),
    Mistake(
        "running-sum",
        "parts",
        lambda parts: [sum(parts[: h + 1]) for h in range(3)],
        "You added the heads up as you went; each head's own part was asked.",
        cause="sum",
    ),
    Mistake(
        "without-output-matrix",
        "parts",
        lambda heads: [sum(o) for o in heads],
        r"You added up the heads' outputs; they go through $W_O$.",
        cause="stopped",
    ),
    Mistake(
        "signs-dropped",
        "parts",
        lambda parts: [abs(x) for x in parts],
        "You dropped the signs; a head may take away from a component.",
        when=lambda parts: min(parts) < 0,
        cause="sign",
    ),
    Mistake(
        "lengths-compared",
        "shares",
        lambda contributions, total: [norm(c) / norm(total) for c in contributions],
        "You compared lengths; only the part along the result counts.",
        cause="projection",
    ),
    Mistake(
        "share-of-lengths",
        "shares",
        lambda contributions: [norm(c) / sum(map(norm, contributions)) for c in contributions],
        "You took each length as a share of all lengths; only the part along the result counts.",
        cause="projection",
    ),
    Mistake(
        "divided-by-length",
        "shares",
        lambda contributions, total: [x / norm(total) for x in along(contributions, total)],
        r"You divided by $\lVert o\rVert$ once; for a share it is $o\cdot o$.",
        cause="projection",
    ),
    Mistake(
        "cosine-for-share",
        "shares",
        lambda contributions, total: [dot(c, total) / norm(c) / norm(total) for c in contributions],
        "You gave cosines; they tell the direction and not how much.",
        cause="projection",
    ),
    Mistake(
        "not-divided",
        "shares",
        lambda contributions, total: along(contributions, total),
        r"You did not divide by $o\cdot o$.",
        cause="projection",
    ),
    Mistake(
        "first-rows-for-all",
        "contributions",
        lambda heads, W_O: [times(o, W_O[:2]) for o in heads],
        r"You used the first head's rows of $W_O$ for all; each head has its own.",
        cause="rows",
    ),
    Mistake(
        "interleaved-rows",
        "contributions",
        lambda heads, W_O: [times(o, W_O[h::3]) for h, o in enumerate(heads)],
        r"You took every third row of $W_O$; a head's rows lie together.",
        cause="rows",
    ),
    Mistake(
        "without-output-matrix",
        "contributions",
        lambda heads: heads,
        r"You compared the heads before $W_O$.",
        cause="stopped",
    ),
    Mistake(
        "zero-ablation",
        "output",
        lambda kept: kept,
        "You set head 2 to zero; here it is replaced by its mean.",
        cause="ablation",
    ),
    Mistake(
        "nothing-replaced",
        "output",
        lambda kept, O_2, W_2, t: plus(kept, times(O_2[t - 1], W_2)),
        "This is the output without the ablation.",
        cause="ablation",
    ),
    Mistake(
        "other-head-ablated",
        "output",
        lambda O_1, O_2, W_1, W_2, t: plus(times(mean_row(O_1), W_1), times(O_2[t - 1], W_2)),
        "You ablated head 1.",
        cause="ablation",
    ),
    Mistake(
        "both-ablated",
        "output",
        lambda O_1, mean, W_1, W_2: plus(times(mean_row(O_1), W_1), times(mean, W_2)),
        "You averaged both heads; head 1 stays as it is.",
        cause="ablation",
    ),
    Mistake(
        "sum-for-mean",
        "mean",
        lambda O_2: [sum(c) for c in zip(*O_2, strict=True)],
        "You added the tokens up; the mean divides by 3.",
        cause="mean",
    ),
    Mistake(
        "mean-of-the-others",
        "mean",
        lambda O_2, t: mean_row([r for i, r in enumerate(O_2) if i != t - 1]),
        "You averaged the other tokens; the mean is over all three.",
        cause="mean",
    ),
    Mistake(
        "output-matrices-exchanged",
        "output",
        lambda O_1, mean, W_1, W_2, t: plus(times(O_1[t - 1], W_2), times(mean, W_1)),
        r"You gave each head the other one's rows of $W_O$.",
        cause="rows",
    ),
)

FAMILIES = (
    Family(
        name="head-contributions",
        version=1,
        title="What each head adds",
        topic="V functions",
        says="The output is a sum over heads, so each has its share in it.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_component, 2: question_shares, 3: question_ablation},
        precision={1: Exact(), 2: Places(3), 3: Exact()},
        convention={1: "in the order of the heads", 2: "in the order of the heads"},
        fine=fine,
        items=("N0.4", "N0.5", "N0.6", "N3.31"),
    ),
)
