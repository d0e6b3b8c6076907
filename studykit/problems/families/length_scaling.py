"""A softmax whose scale grows with the length of the context, so that weights do not fade."""

from __future__ import annotations

import math
from typing import Any

from studykit.answers import Exact, Places
from studykit.problems.arithmetic import Vector, softmax, to_one
from studykit.problems.attention_steps import telling_row
from studykit.problems.degenerate import small_denominators
from studykit.problems.dice import Dice
from studykit.problems.exact import divide
from studykit.problems.family import Family, Mistake, Step, named
from studykit.problems.mistakes.inverse import log_mistakes, ratio_mistakes
from studykit.problems.wording import cell, row


def draws(dice: Dice, level: int) -> dict[str, Any]:
    if level == 1:
        n = dice.pick([3, 4])
        return {"scores": dice.vector(n, -1, 2), "n": n}
    n = dice.pick([50, 64, 100, 128, 200, 256, 500, 512, 1000])
    lead = dice.between(10, 40) / 10
    if level == 2:
        return {"n": n, "lead": lead, "c": dice.pick([0.3, 0.4, 0.5, 0.6])}
    return {"n": n, "lead": lead, "w": dice.pick([0.3, 0.4, 0.5, 0.6, 0.75, 0.8, 0.9])}


def fine(level: int, givens: dict[str, Any]) -> bool:
    """Weights told apart; at level 2 both to be seen, at level 3 a factor that is not 1."""
    if level == 1:
        w = givens["weights"]
        return len(set(w)) >= 3 and telling_row(w, 0.004) and small_denominators(w, 60)
    if level == 2:
        return all(0.01 <= p <= 0.98 for p in givens["both"])
    return bool(0.15 <= givens["factor"] <= 3 and abs(givens["factor"] - 1) > 0.05)


def question_weights(scores: Vector, n: int) -> str:
    return (
        r"So that attention does not fade in long contexts, a model multiplies its scaled scores "
        r"by $\ln n$ for $n$ keys before the softmax: the powers become $e^{s\ln n}=n^s$. Give "
        rf"the weights of a query with these scaled scores for its {n} keys.$$s={row(scores)}$$"
    )


def question_fading(n: int, lead: float, c: float) -> str:
    return (
        rf"Of ${n}$ keys one has a scaled score ${cell(lead, 1)}$ above the others, which are all "
        r"alike. Give its weight, first with the plain softmax, then if the scores are multiplied "
        rf"by $c\ln n$ before it, with $c={cell(c, 1)}$."
    )


def question_factor(n: int, lead: float, w: float) -> str:
    return (
        rf"Of ${n}$ keys one has a scaled score ${cell(lead, 1)}$ above the others, which are all "
        r"alike. Scores are multiplied by $c\ln n$ before the softmax. For which $c$ does the key "
        rf"get the weight ${cell(w, 2)}$?"
    )


def share(lead: float, n: int) -> float:
    return 1 / (1 + (n - 1) * math.exp(-lead))


def power(n: int, s: Any) -> Any:
    """n^s, exact for whole s."""
    s = round(s)
    return n**s if s >= 0 else divide(1, n**-s)


STEPS = (
    Step(
        "powers",
        "Powers of the number of keys",
        "n^s",
        r"n^{s_j}",
        lambda scores, n: [power(n, s) for s in scores],
        lambda scores, n: rf"{n}^{{{cell(scores[0])}}}",
        levels=(1,),
        entry=r"(n^s)_j",
    ),
    Step(
        "weights",
        "Each over their sum",
        "p",
        r"\frac{n^{s_j}}{\sum_in^{s_i}}",
        lambda powers: to_one(powers),
        lambda powers: rf"\frac{{{cell(powers[0])}}}{{{'+'.join(map(cell, powers))}}}",
        levels=(1,),
        entry=r"p_j",
    ),
    Step(
        "plain",
        "Weight with the plain softmax",
        "p",
        r"\frac{1}{1+(n-1)\,e^{-\Delta}}",
        lambda lead, n: share(lead, n),
        lambda lead, n: rf"\frac{{1}}{{1+{n - 1}\cdot e^{{-{cell(lead, 1)}}}}}",
        levels=(2,),
    ),
    Step(
        "longer",
        "The lead, multiplied",
        r"\Delta'",
        r"c\,\Delta\ln n",
        lambda c, lead, n: c * lead * math.log(n),
        lambda c, lead, n: rf"{cell(c, 1)}\cdot {cell(lead, 1)}\cdot\ln {n}",
        levels=(2,),
    ),
    Step(
        "scaled",
        "Weight with it",
        "p'",
        r"\frac{1}{1+(n-1)\,e^{-\Delta'}}",
        lambda longer, n: share(longer, n),
        lambda longer, n: rf"\frac{{1}}{{1+{n - 1}\cdot e^{{-{cell(longer)}}}}}",
        levels=(2,),
    ),
    Step(
        "both",
        "Both",
        "(p,\\ p')",
        "(p,\\ p')",
        lambda plain, scaled: [plain, scaled],
        levels=(2,),
    ),
    Step(
        "ratio",
        "The key's exponential over each of the others",
        r"e^{\Delta'}",
        r"\frac{w\,(n-1)}{1-w}",
        lambda w, n: w * (n - 1) / (1 - w),
        lambda w, n: rf"\frac{{{cell(w, 2)}\cdot {n - 1}}}{{1-{cell(w, 2)}}}",
        levels=(3,),
    ),
    Step(
        "needed",
        "The lead that is needed",
        r"\Delta'",
        r"\ln e^{\Delta'}",
        lambda ratio: math.log(ratio),
        lambda ratio: rf"\ln {cell(ratio)}",
        levels=(3,),
    ),
    Step(
        "factor",
        "The factor that makes it of the lead there is",
        "c",
        r"\frac{\Delta'}{\Delta\ln n}",
        lambda needed, lead, n: needed / (lead * math.log(n)),
        lambda needed, lead, n: rf"\frac{{{cell(needed)}}}{{{cell(lead, 1)}\cdot\ln {n}}}",
        levels=(3,),
    ),
)

MISTAKES = (
    Mistake(
        "plain-softmax",
        "weights",
        lambda scores: softmax(scores),
        r"You took the plain softmax, without the factor $\ln n$.",
        cause="base",
    ),
    Mistake(
        "times-the-count",
        "weights",
        lambda scores, n: softmax([n * s for s in scores]),
        r"You multiplied by $n$; the factor is its logarithm.",
        cause="base",
    ),
    Mistake(
        "exponent-and-base-exchanged",
        "powers",
        lambda scores, n: [s**n for s in scores],
        r"You took $s^n$; the power is $n^s$.",
        cause="base",
    ),
    Mistake(
        "not-normalised",
        "weights",
        lambda powers: powers,
        "You did not divide by the sum of the powers.",
        cause="normalisation",
    ),
    Mistake(
        "multiplied-for-power",
        "powers",
        lambda scores, n: [n * s for s in scores],
        r"You took $n\,s$; the power is $n^s$.",
        cause="base",
    ),
    Mistake(
        "base-two",
        "powers",
        lambda scores: [2.0**s for s in scores],
        r"You took powers of 2; they are powers of $n$.",
        cause="base",
    ),
    Mistake(
        "in-other-order",
        "both",
        lambda plain, scaled: [scaled, plain],
        "You exchanged the two weights.",
        cause="order",
    ),
    Mistake(
        "itself-counted",
        "both",
        lambda lead, longer, n: [share(lead, n + 1), share(longer, n + 1)],
        "You counted the key among the others; there is one fewer.",
        when=lambda n: n <= 64,
        cause="count",
    ),
    Mistake(
        "factor-without-logarithm",
        "longer",
        lambda c, lead: c * lead,
        r"You left out $\ln n$.",
        cause="factor",
    ),
    Mistake(
        "logarithm-without-factor",
        "longer",
        lambda lead, n: lead * math.log(n),
        r"You left out $c$.",
        cause="factor",
    ),
    Mistake(
        "logarithm-added",
        "longer",
        lambda c, lead, n: lead + c * math.log(n),
        r"You added $c\ln n$; the scores are multiplied by it.",
        cause="factor",
    ),
    Mistake(
        "logarithm-to-base-ten",
        "longer",
        lambda c, lead, n: c * lead * math.log10(n),
        "You took the logarithm to base 10.",
        cause="base",
    ),
    *ratio_mistakes("w"),
    *named(
        log_mistakes("needed", "ratio", "You took the ratio for the lead; take its logarithm."),
        "no-logarithm",
    ),
    Mistake(
        "length-left-out",
        "factor",
        lambda needed, lead: needed / lead,
        r"You left out $\ln n$.",
        cause="factor",
    ),
    Mistake(
        "lead-left-out",
        "factor",
        lambda needed, n: needed / math.log(n),
        "You left out the lead that there is.",
        cause="factor",
    ),
    Mistake(
        "lead-subtracted",
        "factor",
        lambda needed, lead, n: (needed - lead) / math.log(n),
        "You subtracted the lead; the factor multiplies it.",
        cause="factor",
    ),
)

FAMILIES = (
    Family(
        name="length-scaling",
        version=1,
        title="A scale that grows with the context",
        topic="scaling",
        says="The more keys, the more a lead fades; a factor ln n makes up for it.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_weights, 2: question_fading, 3: question_factor},
        precision={1: Exact(), 2: Places(3), 3: Places(3)},
        convention={1: "in the order of the keys", 2: "in this order", 3: ""},
        fine=fine,
        items=("N3.11", "N4.9", "N3.19"),
    ),
)
