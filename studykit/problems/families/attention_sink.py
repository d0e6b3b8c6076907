"""A logit without a value in the softmax: weights that sum to less than 1, and to how much."""

from __future__ import annotations

import math
from typing import Any

from studykit.answers import Exact, Places
from studykit.problems.arithmetic import Matrix, Vector, matmul
from studykit.problems.attention_steps import telling_row, telling_values
from studykit.problems.degenerate import small_denominators
from studykit.problems.dice import Dice
from studykit.problems.exact import divide, exp, ln
from studykit.problems.family import Family, Mistake, Step, named
from studykit.problems.mistakes.inverse import log_mistakes
from studykit.problems.wording import cell, matrix, products, row


def draws(dice: Dice, level: int) -> dict[str, Any]:
    if level == 1:
        n = dice.pick([2, 3])
        return {"scores": [ln(dice.between(1, 6)) for _ in range(n)], "sink": 0}
    scores = [dice.between(-15, 20) / 10 for _ in range(3)]
    if level == 2:
        return {
            "scores": scores,
            "sink": dice.between(-15, 25) / 10,
            "V": dice.matrix(3, 2, -6, 8),
        }
    return {"scores": scores, "T": dice.pick([0.05, 0.1, 0.2, 0.25, 0.4, 0.6, 0.75, 0.8, 0.9])}


def fine(level: int, scores: Vector, givens: dict[str, Any]) -> bool:
    """Weights told apart, a sink that takes a share to be seen, scores not all 0."""
    if not any(scores) or len(set(scores)) < 2:
        return False
    if level == 3:
        return bool(abs(givens["total"] - 1) > 0.3)
    weights = givens["weights"]
    if not 0.05 <= 1 - sum(weights) <= 0.9:
        return False
    if level == 1:
        return small_denominators(weights)
    return telling_row(weights) and telling_values(givens["V"]) and bool(givens["sink"])


def question_one(scores: Vector) -> str:
    return (
        r"To let a head attend to nothing, a 1 is added to the sum below: "
        r"$p_j=e^{s_j}/\left(1+\sum_i e^{s_i}\right)$. Give the weights for these scaled scores."
        rf"$$s={row(scores)}$$"
    )


def question_output(scores: Vector, sink: float, V: Matrix) -> str:
    return (
        rf"A head has a sink: a learned logit $b={cell(sink, 1)}$ that takes part in the softmax "
        r"like the score of one more key, but has no value. These are a query's scaled scores with "
        r"its keys; the rows of $V$ are the values. Give the output."
        rf"$$s={row(scores, 1)}\qquad V={matrix(V)}$$"
    )


def question_share(scores: Vector, T: float) -> str:
    return (
        r"A head has a sink: a logit $b$ that takes part in the softmax like the score of one more "
        r"key, but has no value. For which $b$ do a query's keys, with these scaled scores, get "
        rf"the total weight ${cell(T, 2)}$?"
        rf"$$s={row(scores, 1)}$$"
    )


def powers(scores: Vector) -> Vector:
    return [exp(s) for s in scores]


STEPS = (
    Step(
        "total",
        "Sum of the keys' exponentials",
        "Z",
        r"\sum_j e^{s_j}",
        lambda scores: sum(powers(scores)),
        lambda scores: "+".join(f"e^{{{cell(s, 1)}}}" for s in scores),
    ),
    Step(
        "below",
        "The sum below, with the sink's part (1 for a logit of 0)",
        "Z+e^b",
        "Z+e^b",
        lambda total, sink: total + exp(sink),
        lambda total, sink: rf"{cell(total)}+e^{{{cell(sink, 1)}}}",
        levels=(1, 2),
    ),
    Step(
        "weights",
        "Weights of the keys; the sink keeps the rest of 1",
        "p",
        r"\frac{e^{s_j}}{Z+e^b}",
        lambda scores, below: [divide(x, below) for x in powers(scores)],
        lambda scores, below: rf"\frac{{e^{{{cell(scores[0], 1)}}}}}{{{cell(below)}}}",
        levels=(1, 2),
        entry=r"p_j",
    ),
    Step(
        "output",
        "Output: the sink adds nothing",
        "o",
        "pV",
        lambda weights, V: matmul([weights], V)[0],
        lambda weights, V: products(weights, [v[0] for v in V]),
        levels=(2,),
    ),
    Step(
        "power",
        "The sink's exponential: it gets what the keys do not",
        "e^b",
        r"Z\,\frac{1-T}{T}",
        lambda total, T: total * (1 - T) / T,
        lambda total, T: rf"{cell(total)}\cdot\frac{{1-{cell(T, 2)}}}{{{cell(T, 2)}}}",
        levels=(3,),
    ),
    Step(
        "logit",
        "The logit",
        "b",
        r"\ln e^b",
        lambda power: math.log(power),
        lambda power: rf"\ln {cell(power)}",
        levels=(3,),
    ),
)

MISTAKES = (
    Mistake(
        "sink-left-out",
        "below",
        lambda total: total,
        "You left out the sink (or added it to every score): your weights sum to 1.",
        cause="sink",
    ),
    Mistake(
        "sink-not-shifted",
        "weights",
        lambda scores: [
            divide(exp(s - max(scores)), 1 + sum(exp(t - max(scores)) for t in scores))
            for s in scores
        ],
        r"You subtracted the maximum from the scores but kept the 1; it becomes $e^{-\max s}$.",
        levels=(1,),
        cause="shift",
    ),
    Mistake(
        "one-for-each-key",
        "weights",
        lambda scores: [divide(exp(s), 1 + exp(s)) for s in scores],
        "You took a sigmoid of each score; all keys share one sum.",
        levels=(1,),
        cause="sink",
    ),
    Mistake(
        "one-above-too",
        "weights",
        lambda scores, below: [divide(1 + exp(s), below) for s in scores],
        "You added the 1 above as well; it stands in the sum below only.",
        levels=(1,),
        cause="sink",
    ),
    Mistake(
        "one-subtracted",
        "below",
        lambda total: total - 1,
        "You subtracted 1 from the sum; it is added.",
        levels=(1,),
        cause="sign",
    ),
    Mistake(
        "scores-for-exponentials",
        "weights",
        lambda scores: [divide(s, 1 + sum(scores)) for s in scores],
        "You divided the scores themselves; take their exponentials.",
        levels=(1,),
        cause="normalisation",
    ),
    Mistake(
        "sink-not-exponentiated",
        "below",
        lambda total, sink: total + sink,
        r"You added $b$ to the sum; its exponential $e^b$ is added.",
        levels=(2,),
        cause="sink",
    ),
    Mistake(
        "one-for-the-sink",
        "below",
        lambda total: total + 1,
        r"You added 1 to the sum, as for a logit of 0; add $e^b$.",
        levels=(2,),
        cause="sink",
    ),
    Mistake(
        "sink-sign",
        "below",
        lambda total, sink: total + exp(-sink),
        r"You added $e^{-b}$; the sink is one more score, $e^b$.",
        levels=(2,),
        cause="sign",
    ),
    Mistake(
        "sink-not-shifted",
        "weights",
        lambda scores, sink: [
            exp(s - max(scores)) / (exp(sink) + sum(exp(t - max(scores)) for t in scores))
            for s in scores
        ],
        "You subtracted the maximum from the scores but not from the sink.",
        levels=(2,),
        cause="shift",
    ),
    Mistake(
        "sink-has-a-value",
        "output",
        lambda weights, sink, V: [x + (1 - sum(weights)) * sink for x in matmul([weights], V)[0]],
        "You gave the sink its logit as value; it has none.",
        levels=(2,),
        cause="sink",
    ),
    Mistake(
        "stopped-at-weights",
        "output",
        lambda weights: weights,
        "You gave the weights; they still have to be applied to the values.",
        levels=(2,),
        cause="stopped",
    ),
    Mistake(
        "shares-exchanged",
        "power",
        lambda total, T: total * T / (1 - T),
        "You gave that weight to the sink; the keys should get it.",
        cause="share",
    ),
    Mistake(
        "keys-left-out",
        "power",
        lambda T: (1 - T) / T,
        "You left out the keys' exponentials: the sink has to match their sum.",
        cause="sink",
    ),
    Mistake(
        "not-the-odds",
        "power",
        lambda total, T: total * (1 - T),
        r"You took the part $1-T$ of the keys' sum; both together are 1, so divide by $T$.",
        cause="share",
    ),
    Mistake(
        "whole-sum",
        "power",
        lambda total, T: total / T,
        r"You gave the whole sum below; the keys' part has to be subtracted from it.",
        cause="share",
    ),
    *named(
        log_mistakes("logit", "power", r"You gave $e^b$; the logit is its logarithm."),
        "no-logarithm",
        "base-ten",
    ),
    Mistake(
        "scores-summed",
        "total",
        lambda scores: sum(scores),
        "You added the scores; add their exponentials.",
        when=lambda scores: sum(scores) > 0,
        levels=(3,),
        cause="normalisation",
    ),
)

FAMILIES = (
    Family(
        name="attention-sink",
        version=1,
        title="A sink in the softmax",
        topic="softmax",
        says="One more logit without a value: a head that may attend to nothing.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_one, 2: question_output, 3: question_share},
        precision={1: Exact(), 2: Places(3), 3: Places(3)},
        convention={1: "in the order of the keys", 2: "", 3: ""},
        fine=fine,
        items=("N2.9", "N3.13", "N3.20"),
    ),
)
