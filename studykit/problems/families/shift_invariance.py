"""What a shift of the scores does: to one key or all, how much is needed, and biases in q and k."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

from studykit.answers import Exact, Places
from studykit.problems.arithmetic import Matrix, Vector, dot, plus, shrink, softmax
from studykit.problems.degenerate import small_denominators, some_zero_row
from studykit.problems.dice import Dice
from studykit.problems.exact import divide, exp, ln, sqrt
from studykit.problems.family import Family, Mistake, Step, at_levels, named
from studykit.problems.mistakes.scores import SCALE
from studykit.problems.mistakes.weights import row_mistakes
from studykit.problems.wording import cell, factor, matrix, number, products, row, softmax_working


def draws(dice: Dice, level: int) -> dict[str, Any] | None:
    if level == 1:
        parts = [dice.between(1, 4) for _ in range(3)]
        return {
            "p": [Fraction(x, sum(parts)) for x in parts],
            "j": dice.between(1, 3),
            "shift": ln(dice.pick([2, 2, 3, 3, 4, 5, Fraction(1, 2), Fraction(1, 3)])),
            "c": dice.pick([1, 2, 3, 5, -1, -2]),
        }
    if level == 2:
        return {"p": dice.between(1, 19) / 20, "w": dice.between(1, 19) / 20}
    return {
        "q": dice.vector(2, -3, 3),
        "b_Q": dice.vector(2, -2, 2),
        "K": dice.matrix(3, 2, -2, 2),
        "b_K": dice.vector(2, -3, 3),
        "d_k": 2,
    }


def fine(level: int, givens: dict[str, Any]) -> bool:
    """Weights that are told apart; biases that matter, or would."""
    if level == 2:
        return bool(abs(givens["p"] - givens["w"]) >= 0.15)
    w = givens["weights"]
    if level == 1:
        return len(set(givens["p"])) > 1 and small_denominators(w, 24)
    return (
        max(w) <= 0.95
        and min(w) >= 0.01
        and all(givens["b_Q"] + givens["b_K"] + givens["q"])
        and not some_zero_row(givens["K"])
        and len({tuple(k) for k in givens["K"]}) == 3
    )


def question_one_key(p: Vector, j: int, shift: Any, c: int) -> str:
    every = rf"${abs(c)}$ is {'added to' if c > 0 else 'subtracted from'} all three scores"
    return (
        r"A query attends to three keys with the weights $p$. "
        rf"Then ${cell(shift)}$ is added to the score of key {j}, and {every}. "
        rf"Give the new weights.$$p={row(p)}$$"
    )


def question_how_much(p: float, w: float) -> str:
    return (
        rf"A key has the attention weight ${cell(p, 2)}$. How much has to be added to its score, "
        rf"and to no other, so that its weight becomes ${cell(w, 2)}$?"
    )


def question_biases(q: Vector, b_Q: Vector, K: Matrix, b_K: Vector, d_k: int) -> str:
    return (
        r"The projections have biases: the query is $q+b_Q$, the keys are $k_j+b_K$, with the rows "
        r"of $K$ as $k_j$. Give the attention weights "
        rf"$\mathrm{{softmax}}_j\left((q+b_Q)\cdot(k_j+b_K)/\sqrt{{d_k}}\right)$; $d_k={d_k}$."
        rf"$$q={row(q)}\qquad b_Q={row(b_Q)}\qquad K={matrix(K)}\qquad b_K={row(b_K)}$$"
    )


def raised(p: Vector, j: int, by: Any) -> Vector:
    return [x * by if i + 1 == j else x for i, x in enumerate(p)]


STEPS = (
    Step(
        "raised",
        "The key's exponential is multiplied; a shift of all scores cancels",
        "t",
        r"p_j\,e^{\Delta_j}",
        lambda p, j, shift: raised(p, j, exp(shift)),
        lambda p, j, shift: rf"{cell(p[0])}\cdot {cell(exp(shift) if j == 1 else 1)}",
        levels=(1,),
        entry=r"t_j",
    ),
    Step(
        "weights",
        "Divided by the sum, so that they are weights again",
        "p'",
        r"\frac{t}{\sum_i t_i}",
        lambda raised: [divide(t, sum(raised)) for t in raised],
        lambda raised: rf"\frac{{{cell(raised[0])}}}{{{'+'.join(map(cell, raised))}}}",
        levels=(1,),
    ),
    Step(
        "odds",
        "Odds of the key against all others, before",
        "r",
        r"\frac{p}{1-p}",
        lambda p: p / (1 - p),
        lambda p: rf"\frac{{{number(p, 2)}}}{{1-{number(p, 2)}}}",
        levels=(2,),
    ),
    Step(
        "new_odds",
        "Odds afterwards",
        "r'",
        r"\frac{p'}{1-p'}",
        lambda w: w / (1 - w),
        lambda w: rf"\frac{{{number(w, 2)}}}{{1-{number(w, 2)}}}",
        levels=(2,),
    ),
    Step(
        "shift",
        r"Adding to the score multiplies the odds",
        r"\Delta",
        r"\ln\frac{r'}{r}",
        lambda odds, new_odds: math.log(new_odds / odds),
        lambda odds, new_odds: rf"\ln\frac{{{cell(new_odds)}}}{{{cell(odds)}}}",
        levels=(2,),
    ),
    Step(
        "query",
        "The query with its bias",
        r"\tilde q",
        "q+b_Q",
        lambda q, b_Q: plus(q, b_Q),
        lambda q, b_Q: rf"{cell(q[0])}+{factor(b_Q[0])}",
        levels=(3,),
    ),
    Step(
        "scores",
        r"Scores without the bias of the keys: it adds the same to each, and cancels",
        "s",
        r"\tilde q\cdot k_j",
        lambda query, K: [dot(query, k) for k in K],
        lambda query, K: products(query, K[0]),
        levels=(3,),
        entry=r"s_j",
    ),
    Step(
        "scaled",
        "Scaled",
        r"s/\sqrt{d_k}",
        r"\frac{s}{\sqrt{d_k}}",
        lambda scores, d_k: shrink(scores, sqrt(d_k)),
        lambda scores, d_k: rf"\frac{{{cell(scores[0])}}}{{\sqrt{{{d_k}}}}}",
        levels=(3,),
    ),
    Step(
        "weights",
        "Weights",
        "p",
        r"\mathrm{softmax}\left(s/\sqrt{d_k}\right)",
        lambda scaled: softmax(scaled),
        lambda scaled: softmax_working(scaled),
        levels=(3,),
    ),
)

MISTAKES = (
    Mistake(
        "not-normalised",
        "weights",
        lambda raised: raised,
        "You multiplied the key's weight but left the others; together they must be 1 again.",
        levels=(1,),
        cause="normalisation",
    ),
    Mistake(
        "nothing-changes",
        "weights",
        lambda p: p,
        "You kept the old weights; only what is added to all scores changes nothing.",
        levels=(1,),
        cause="shift",
    ),
    Mistake(
        "common-shift-counted",
        "raised",
        lambda p, j, shift, c: raised(p, j, exp(shift) * exp(c)),
        "You let the shift of all scores act on one key; it multiplies every exponential alike.",
        cause="shift",
    ),
    Mistake(
        "divided",
        "raised",
        lambda p, j, shift: raised(p, j, exp(-shift)),
        r"You divided; adding $\ln a$ to a score multiplies its exponential by $a$.",
        cause="sign",
    ),
    Mistake(
        "added-to-the-weight",
        "weights",
        lambda p, j, shift: [x + shift if i + 1 == j else x for i, x in enumerate(p)],
        "You added to the weight; what is added to the score multiplies its exponential.",
        levels=(1,),
        cause="shift",
    ),
    Mistake(
        "times-the-logarithm",
        "raised",
        lambda p, j, shift: raised(p, j, shift),
        r"You multiplied by the logarithm; $e^{\ln a}=a$ is the factor.",
        when=lambda shift: shift > 0,
        cause="shift",
    ),
    Mistake(
        "weights-for-odds",
        "shift",
        lambda p, w: math.log(w / p),
        "You compared the weights; the sum below them changes too, so compare the odds.",
        cause="normalisation",
    ),
    Mistake(
        "difference-of-weights",
        "shift",
        lambda p, w: w - p,
        "You gave the difference of the weights; a score acts through its exponential.",
        cause="shift",
    ),
    Mistake(
        "no-logarithm",
        "shift",
        lambda odds, new_odds: new_odds / odds,
        "You gave the factor of the odds; its logarithm is what is added.",
        cause="shift",
    ),
    Mistake(
        "other-way-round",
        "shift",
        lambda odds, new_odds: math.log(odds / new_odds),
        "You went from the new weight to the old one: the sign is the wrong way round.",
        cause="sign",
    ),
    Mistake(
        "base-ten",
        "shift",
        lambda odds, new_odds: math.log10(new_odds / odds),
        "You took the logarithm to base 10; the softmax uses e.",
        cause="base",
    ),
    Mistake(
        "base-two",
        "shift",
        lambda odds, new_odds: math.log2(new_odds / odds),
        "You took the logarithm to base 2; the softmax uses e.",
        cause="base",
    ),
    Mistake(
        "query-bias-left-out",
        "query",
        lambda q: q,
        "You left out the query's bias; it meets each key differently and does not cancel.",
        cause="bias",
    ),
    Mistake(
        "query-bias-subtracted",
        "query",
        lambda q, b_Q: plus(q, [-b for b in b_Q]),
        "You subtracted the query's bias; it is added.",
        cause="bias",
    ),
    Mistake(
        "bias-for-query",
        "query",
        lambda b_Q: b_Q,
        r"You kept the bias alone; the query is $q+b_Q$.",
        cause="bias",
    ),
    Mistake(
        "biases-exchanged",
        "query",
        lambda q, b_K: plus(q, b_K),
        "You gave the query the bias of the keys.",
        cause="bias",
    ),
    Mistake(
        "bias-not-scaled",
        "scaled",
        lambda q, b_Q, K, d_k: [dot(q, k) / sqrt(d_k) + dot(b_Q, k) for k in K],
        r"You scaled $q\cdot k_j$ alone; the bias is part of the query, before the scale.",
        cause="scale",
    ),
)

FAMILIES = (
    Family(
        name="shift-invariance",
        version=1,
        title="Shifted scores",
        topic="softmax",
        says="What is added to every score cancels; what is added to one multiplies its odds.",
        draws=draws,
        steps=STEPS,
        mistakes=(
            *MISTAKES,
            *at_levels((3,), named(SCALE, "no-scale", "divided-by-d", "times-root")),
            *at_levels(
                (3,),
                named(row_mistakes("scaled"), "base-two", "negated-scores", "not-normalised"),
            ),
        ),
        question={1: question_one_key, 2: question_how_much, 3: question_biases},
        precision={1: Exact(), 2: Places(3), 3: Places(3)},
        convention={1: "in the order of the keys", 2: "", 3: "in the order of the keys"},
        fine=fine,
        items=("N1.31", "N2.8", "N2.11", "N4.17"),
    ),
)
