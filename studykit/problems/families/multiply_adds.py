"""Multiply–adds and FLOPs: projections, a whole attention layer, then a block against length."""

from __future__ import annotations

from typing import Any

from studykit.answers import Exact
from studykit.problems.dice import Dice
from studykit.problems.exact import divide
from studykit.problems.family import Family, Mistake, Step


def draws(dice: Dice, level: int) -> dict[str, Any]:
    h, d_k = dice.pick([2, 3, 4, 6, 8, 12]), dice.pick([32, 64])
    n = dice.pick([10, 20, 50, 100, 200, 500])
    if level == 3:
        n = 128 * dice.pick([1, 2, 3, 4, 6, 10, 16])
    return {"n": n, "d": h * d_k, "h": h}


def fine(n: int, d: int) -> bool:
    return n != d


def question_projections(n: int, d: int, h: int) -> str:
    return (
        rf"Multi-head attention with $d_{{model}}={d}$ and ${h}$ heads projects ${n}$ tokens with "
        r"$W_Q$, $W_K$, $W_V$ (all heads together) and $W_O$, all "
        rf"${d}\times {d}$. How many multiply–adds does that take?"
    )


def question_layer(n: int, d: int, h: int) -> str:
    return (
        rf"Multi-head attention with $d_{{model}}={d}$ and ${h}$ heads runs on ${n}$ tokens, "
        r"without a mask. How many FLOPs do the four projections, the scores and the weighted "
        r"sums take together? A multiply–add counts as 2 FLOPs; softmax and biases are not counted."
    )


def question_share(n: int, d: int, h: int) -> str:
    return (
        rf"A block with $d_{{model}}={d}$, ${h}$ heads and a network of two matrices with "
        rf"$d_{{ff}}=4d_{{model}}$ runs on ${n}$ tokens, without a mask. Which part of its "
        r"multiply–adds is taken by scores and weighted sums, and for how many tokens would they "
        r"take as many as all matrices together? Softmax, norms and biases are not counted."
    )


STEPS = (
    Step(
        "projections",
        "Four projections: every token meets every weight once",
        "P",
        r"4\,n\,d^2",
        lambda n, d: 4 * n * d**2,
        lambda n, d: rf"4\cdot {n}\cdot {d}^2",
    ),
    Step(
        "pairs",
        "Scores and weighted sums: every pair of tokens, over all heads together",
        "S",
        r"2\,n^2\,d",
        lambda n, d: 2 * n**2 * d,
        lambda n, d: rf"2\cdot {n}^2\cdot {d}",
        levels=(2, 3),
    ),
    Step(
        "flops",
        "FLOPs: two for each multiply–add",
        "F",
        r"2\,(P+S)",
        lambda projections, pairs: 2 * (projections + pairs),
        lambda projections, pairs: rf"2\cdot({projections}+{pairs})",
        levels=(2,),
    ),
    Step(
        "network",
        "The network's two matrices",
        "N",
        r"2\cdot n\cdot d\cdot 4d=8\,n\,d^2",
        lambda n, d: 8 * n * d**2,
        lambda n, d: rf"8\cdot {n}\cdot {d}^2",
        levels=(3,),
    ),
    Step(
        "share",
        "Part of scores and sums",
        "r",
        r"\frac{S}{P+S+N}",
        lambda projections, pairs, network: divide(pairs, projections + pairs + network),
        lambda projections, pairs, network: rf"\frac{{{pairs}}}{{{projections}+{pairs}+{network}}}",
        levels=(3,),
    ),
    Step(
        "crossover",
        "Length for which both are the same: 2n²d = 12nd²",
        "n^*",
        r"6\,d",
        lambda d: 6 * d,
        lambda d: rf"6\cdot {d}",
        levels=(3,),
    ),
    Step(
        "both",
        "Both together",
        r"(r,\ n^*)",
        r"(r,\ n^*)",
        lambda share, crossover: [share, crossover],
        levels=(3,),
    ),
)

MISTAKES = (
    Mistake(
        "three-matrices",
        "projections",
        lambda n, d: 3 * n * d**2,
        r"You counted three matrices; $W_O$ is the fourth.",
        cause="matrices",
    ),
    Mistake(
        "times-heads",
        "projections",
        lambda n, d, h: 4 * n * d**2 * h,
        "You multiplied by the heads; they share the model's width.",
        cause="heads",
    ),
    Mistake(
        "flops-for-multiply-adds",
        "projections",
        lambda n, d: 8 * n * d**2,
        "You counted FLOPs, two for each multiply–add; multiply–adds were asked.",
        levels=(1,),
        cause="unit",
    ),
    Mistake(
        "one-token",
        "projections",
        lambda d: 4 * d**2,
        "You counted one token; every token is projected.",
        levels=(1,),
        cause="tokens",
    ),
    Mistake(
        "width-once",
        "projections",
        lambda n, d: 4 * n * d,
        r"You counted each token's components once; every one meets $d$ weights.",
        levels=(1,),
        cause="width",
    ),
    Mistake(
        "multiply-adds-for-flops",
        "flops",
        lambda projections, pairs: projections + pairs,
        "You counted multiply–adds; each is 2 FLOPs.",
        cause="unit",
    ),
    Mistake(
        "scores-only",
        "pairs",
        lambda n, d: n**2 * d,
        "You counted the scores without the weighted sums; both take as many.",
        levels=(2, 3),
        cause="pairs",
    ),
    Mistake(
        "pairs-times-heads",
        "pairs",
        lambda n, d, h: 2 * n**2 * d * h,
        "You counted the full width for every head; a head has d/h.",
        levels=(2, 3),
        cause="heads",
    ),
    Mistake(
        "one-head",
        "pairs",
        lambda n, d, h: 2 * n**2 * (d // h),
        "You counted the pairs of one head; every head has its own scores.",
        levels=(2, 3),
        cause="heads",
    ),
    Mistake(
        "pairs-left-out",
        "pairs",
        lambda: 0,
        "You left out scores and weighted sums.",
        levels=(2,),
        cause="pairs",
    ),
    Mistake(
        "network-left-out",
        "network",
        lambda: 0,
        "You left out the network.",
        cause="matrices",
    ),
    Mistake(
        "one-network-matrix",
        "network",
        lambda n, d: 4 * n * d**2,
        "You counted one matrix of the network; there are two.",
        cause="matrices",
    ),
    Mistake(
        "crossover-with-projections-only",
        "crossover",
        lambda d: 2 * d,
        "You compared with the projections alone; the network's matrices count too.",
        cause="crossover",
    ),
    Mistake(
        "crossover-of-scores-only",
        "crossover",
        lambda d: 12 * d,
        "You compared the scores alone; the weighted sums take as many again.",
        cause="crossover",
    ),
    Mistake(
        "ratio-for-part",
        "share",
        lambda projections, pairs, network: divide(pairs, projections + network),
        "You divided by the matrices' part; the whole holds scores and sums too.",
        cause="share",
    ),
)

FAMILIES = (
    Family(
        name="multiply-adds",
        version=1,
        title="Counting multiply–adds",
        topic="parameters, FLOPs and memory",
        says="What projections, scores and the network cost, and when length takes over.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_projections, 2: question_layer, 3: question_share},
        precision={1: Exact(), 2: Exact(), 3: Exact()},
        convention="",
        fine=fine,
        items=("N3.17", "N0.7"),
    ),
)
