"""Sigmoid attention: every key weighed by itself, with a bias for the length of the context."""

from __future__ import annotations

import math
from typing import Any

from studykit.answers import Exact, Places
from studykit.problems.arithmetic import Matrix, Vector, matmul, sigmoid, softmax
from studykit.problems.attention_steps import telling_values
from studykit.problems.dice import Dice
from studykit.problems.exact import divide, ln
from studykit.problems.family import Family, Mistake, Step, named
from studykit.problems.mistakes.inverse import log_mistakes
from studykit.problems.wording import cell, matrix, products, row


def draws(dice: Dice, level: int) -> dict[str, Any]:
    if level == 1:
        n = dice.pick([3, 3, 4])
        return {"scores": [ln(dice.between(1, 12)) for _ in range(n)], "n": n}
    if level == 2:
        return {
            "scores": [dice.between(-15, 25) / 10 for _ in range(3)],
            "n": 3,
            "V": dice.matrix(3, 2, -6, 8),
        }
    return {
        "w": dice.pick([0.1, 0.2, 0.25, 0.4, 0.6, 0.75, 0.8, 0.9, 0.95]),
        "n": dice.pick([16, 20, 32, 50, 64, 100, 128, 256, 512]),
    }


def fine(level: int, givens: dict[str, Any]) -> bool:
    """Scores that differ and are not 0; values that differ."""
    if level == 3:
        return True
    if len(set(givens["scores"])) < 3 or not any(givens["scores"]):
        return False
    return level == 1 or telling_values(givens["V"])


RULE = (
    r"Sigmoid attention weighs each key by itself: $p_j=\sigma(s_j+b)$ with the bias $b=-\ln n$ "
    r"for $n$ keys."
)


def question_weights(scores: Vector, n: int) -> str:
    return (
        rf"{RULE} Give the weights of a query with these scaled scores for its {n} keys."
        rf"$$s={row(scores)}$$"
    )


def question_output(scores: Vector, n: int, V: Matrix) -> str:
    return (
        rf"{RULE} These are a query's scaled scores for its {n} keys; the rows of $V$ are the "
        rf"values. Give the output $\sum_jp_jv_j$."
        rf"$$s={row(scores, 1)}\qquad V={matrix(V)}$$"
    )


def question_score(w: float, n: int) -> str:
    return rf"{RULE} Which scaled score gives one of ${n}$ keys the weight ${cell(w, 2)}$?"


def shifted_by(scores: Vector, bias: Any) -> Vector:
    return [s + bias for s in scores]


STEPS = (
    Step(
        "biased",
        "Scores with the bias",
        "s+b",
        r"s-\ln n",
        lambda scores, n: shifted_by(scores, -ln(n)),
        lambda scores, n: rf"{cell(scores[0])}-\ln {n}",
        levels=(1, 2),
    ),
    Step(
        "weights",
        "Weights: a sigmoid of each; they need not sum to 1",
        "p",
        r"\frac{1}{1+e^{-(s+b)}}",
        lambda biased: [sigmoid(s) for s in biased],
        lambda biased: rf"\frac{{1}}{{1+e^{{{cell(-biased[0])}}}}}",
        levels=(1, 2),
    ),
    Step(
        "output",
        "Output",
        "o",
        "pV",
        lambda weights, V: matmul([weights], V)[0],
        lambda weights, V: products(weights, [v[0] for v in V]),
        levels=(2,),
    ),
    Step(
        "odds",
        "Odds of the weight",
        "r",
        r"\frac{p}{1-p}=e^{s+b}",
        lambda w: w / (1 - w),
        lambda w: rf"\frac{{{cell(w, 2)}}}{{1-{cell(w, 2)}}}",
        levels=(3,),
    ),
    Step(
        "logit",
        "Their logarithm is the score with its bias",
        "s+b",
        r"\ln r",
        lambda odds: math.log(odds),
        lambda odds: rf"\ln {cell(odds)}",
        levels=(3,),
    ),
    Step(
        "score",
        "The score: the bias has to be made up for",
        "s",
        r"\ln r+\ln n",
        lambda logit, n: logit + math.log(n),
        lambda logit, n: rf"{cell(logit)}+\ln {n}",
        levels=(3,),
    ),
)

MISTAKES = (
    Mistake(
        "bias-left-out",
        "biased",
        lambda scores: scores,
        "You left out the bias.",
        cause="bias",
    ),
    Mistake(
        "bias-sign",
        "biased",
        lambda scores, n: shifted_by(scores, ln(n)),
        r"You added $\ln n$; the bias is $-\ln n$, so that many keys do not add up to much.",
        cause="bias",
    ),
    Mistake(
        "count-for-logarithm",
        "biased",
        lambda scores, n: shifted_by(scores, -n),
        r"You subtracted $n$; the bias is its logarithm.",
        cause="bias",
    ),
    Mistake(
        "softmax",
        "weights",
        lambda scores: softmax(scores),
        "You took the softmax; here every key has a sigmoid of its own.",
        cause="normalisation",
    ),
    Mistake(
        "made-to-sum-to-one",
        "weights",
        lambda biased: [divide(sigmoid(s), sum(map(sigmoid, biased))) for s in biased],
        "You divided by the sum of the weights; sigmoid weights are left as they are.",
        cause="normalisation",
    ),
    Mistake(
        "divided-by-count",
        "weights",
        lambda scores, n: [divide(sigmoid(s), n) for s in scores],
        r"You divided the sigmoids by $n$; the bias acts inside, on the score.",
        cause="bias",
    ),
    Mistake(
        "complement",
        "weights",
        lambda biased: [sigmoid(-s) for s in biased],
        r"You gave $1-p$: the sign of the exponent is the wrong way round.",
        cause="sign",
    ),
    Mistake(
        "bias-left-out",
        "score",
        lambda logit: logit,
        "You left out the bias.",
        cause="bias",
    ),
    Mistake(
        "bias-added-once-more",
        "score",
        lambda logit, n: logit - math.log(n),
        "You added the bias again; it has to be made up for.",
        cause="bias",
    ),
    Mistake(
        "weight-for-odds",
        "odds",
        lambda w: w,
        r"You took the weight for the odds; divide by $1-p$.",
        cause="normalisation",
    ),
    Mistake(
        "as-in-a-softmax",
        "score",
        lambda logit, n: logit + math.log(n - 1),
        r"You reckoned with $n-1$ other keys, as in a softmax; the bias is $-\ln n$.",
        when=lambda n: n < 100,
        cause="count",
    ),
    *named(
        log_mistakes("logit", "odds", "You took the odds for the score; take their logarithm."),
        "no-logarithm",
        "base-ten",
    ),
)

FAMILIES = (
    Family(
        name="sigmoid-attention",
        version=1,
        title="Sigmoid attention",
        topic="softmax",
        says="Weights that do not compete: a sigmoid for each key, with a bias for their number.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_weights, 2: question_output, 3: question_score},
        precision={1: Exact(), 2: Places(3), 3: Places(3)},
        convention={1: "in the order of the keys", 2: "", 3: ""},
        fine=fine,
        items=("N1.34", "N3.19", "N3.20"),
    ),
)
