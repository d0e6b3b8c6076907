"""The derivative of a softmax row: the whole Jacobian, then a gradient sent back through it."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from studykit.answers import Exact, Places
from studykit.problems.arithmetic import Matrix, Vector, dot, softmax
from studykit.problems.dice import Dice
from studykit.problems.exact import divide
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.mistakes.weights import row_mistakes
from studykit.problems.wording import cell, factor, products, row


def draws(dice: Dice, level: int) -> dict[str, Any]:
    n = 3 if level > 1 else dice.pick([2, 3, 3])
    if level == 3:
        return {
            "scores": [dice.between(-20, 20) / 10 for _ in range(n)],
            "g": dice.vector(n, -4, 4),
        }
    odds = dice.vector(n, 1, 5)
    p = [Fraction(a, sum(odds)) for a in odds]
    return {"p": p} if level == 1 else {"p": p, "g": dice.vector(n, -4, 6)}


def fine(p: Vector) -> bool:
    """A row that is neither uniform nor near one-hot."""
    return bool(max(p) <= 0.9 and min(p) >= 0.04 and max(p) - min(p) >= 0.05)


def question(p: Vector) -> str:
    return (
        r"A softmax gave the row $p=\mathrm{softmax}(s)$ below. Give its Jacobian, the matrix "
        r"$J$ with $J_{ij}=\partial p_i/\partial s_j$."
        rf"$$p={row(p)}$$"
    )


def question_back(p: Vector, g: Vector) -> str:
    return (
        r"A softmax gave the row $p=\mathrm{softmax}(s)$; the gradient of the loss with respect to "
        r"it is $g=\partial L/\partial p$. Give the gradient with respect to the scores, "
        r"$\partial L/\partial s$."
        rf"$$p={row(p)}\qquad g={row(g)}$$"
    )


def question_from_scores(scores: Vector, g: Vector) -> str:
    return (
        r"The weights are $p=\mathrm{softmax}(s)$; the gradient of the loss with respect to them "
        r"is $g=\partial L/\partial p$. Give the gradient with respect to the scores, "
        r"$\partial L/\partial s$."
        rf"$$s={row(scores, 1)}\qquad g={row(g)}$$"
    )


def jacobian(p: Vector) -> Matrix:
    return [[a * (1 - b) if i == j else -a * b for j, b in enumerate(p)] for i, a in enumerate(p)]


def entries(p: Vector, diagonal: Any, other: Any) -> Matrix:
    """A matrix with diagonal(p_i) on the diagonal and other(p_i, p_j) beside it."""
    return [
        [diagonal(a) if i == j else other(a, b) for j, b in enumerate(p)] for i, a in enumerate(p)
    ]


STEPS = (
    Step(
        "p",
        "Weights",
        "p",
        r"\mathrm{softmax}(s)",
        lambda scores: softmax(scores),
        levels=(3,),
    ),
    Step(
        "jacobian",
        "Jacobian: the weights on the diagonal less all products of two weights",
        "J",
        r"\mathrm{diag}(p)-p^\top p",
        jacobian,
        lambda p: rf"{cell(p[0])}\cdot\left(1-{cell(p[0])}\right)",
        levels=(1,),
    ),
    Step(
        "mean",
        "The mean of the gradient under the weights",
        r"\langle g,p\rangle",
        r"\sum_j g_j p_j",
        lambda p, g: dot(g, p),
        lambda p, g: products(g, p),
        levels=(2, 3),
    ),
    Step(
        "d_scores",
        "Gradient of the scores: each weight times how far its gradient lies above the mean",
        r"\frac{\partial L}{\partial s}",
        r"p\circ\left(g-\langle g,p\rangle\right)",
        lambda p, g, mean: [a * (b - mean) for a, b in zip(p, g, strict=True)],
        lambda p, g, mean: rf"{cell(p[0])}\cdot\left({cell(g[0])}-{factor(mean)}\right)",
        levels=(2, 3),
    ),
)

MISTAKES = (
    Mistake(
        "diagonal-only",
        "jacobian",
        lambda p: entries(p, lambda a: a * (1 - a), lambda _a, _b: 0),
        "You gave the diagonal alone; raising one score also lowers all other weights.",
        cause="jacobian",
    ),
    Mistake(
        "plus-beside-the-diagonal",
        "jacobian",
        lambda p: entries(p, lambda a: a * (1 - a), lambda a, b: a * b),
        r"Beside the diagonal the sign is minus: $-p_ip_j$.",
        cause="sign",
    ),
    Mistake(
        "weights-on-the-diagonal",
        "jacobian",
        lambda p: entries(p, lambda a: a, lambda a, b: -a * b),
        r"The diagonal is $p_i(1-p_i)$; you left out the factor $1-p_i$.",
        cause="jacobian",
    ),
    Mistake(
        "squares-on-the-diagonal",
        "jacobian",
        lambda p: entries(p, lambda a: -a * a, lambda a, b: -a * b),
        r"You gave $-p^\top p$; the weights on the diagonal are missing.",
        cause="jacobian",
    ),
    Mistake(
        "sign-flipped",
        "jacobian",
        lambda p: entries(p, lambda a: -a * (1 - a), lambda a, b: a * b),
        "All signs are the wrong way round: a weight grows with its own score.",
        cause="sign",
    ),
    Mistake(
        "outer-factor-missing",
        "jacobian",
        lambda p: entries(p, lambda a: 1 - a, lambda _a, b: -b),
        r"You gave $\delta_{ij}-p_j$; it is multiplied by $p_i$.",
        cause="jacobian",
    ),
    Mistake(
        "mean-left-out",
        "d_scores",
        lambda p, g: [a * b for a, b in zip(p, g, strict=True)],
        r"You left out the mean: $p\circ(g-\langle g,p\rangle)$, and the result sums to 0.",
        cause="jacobian",
    ),
    Mistake(
        "diagonal-only",
        "d_scores",
        lambda p, g: [a * (1 - a) * b for a, b in zip(p, g, strict=True)],
        "You used the diagonal of the Jacobian alone; every weight depends on every score.",
        cause="jacobian",
    ),
    Mistake(
        "plain-mean",
        "mean",
        lambda g: divide(sum(g), len(g)),
        "You took the plain mean of the gradient; it is weighted with p.",
        cause="mean",
    ),
    Mistake(
        "sum-for-mean",
        "mean",
        lambda g: sum(g),
        "You subtracted the sum of the gradient; it is the mean weighted with p.",
        cause="mean",
    ),
    Mistake(
        "weights-not-applied",
        "d_scores",
        lambda g, mean: [b - mean for b in g],
        r"You forgot the factor $p$ in front of $g-\langle g,p\rangle$.",
        cause="jacobian",
    ),
    Mistake(
        "mean-added",
        "d_scores",
        lambda p, g, mean: [a * (b + mean) for a, b in zip(p, g, strict=True)],
        "You added the mean; it is subtracted.",
        cause="sign",
    ),
    Mistake(
        "sign-flipped",
        "d_scores",
        lambda p, g, mean: [a * (mean - b) for a, b in zip(p, g, strict=True)],
        "All signs are the wrong way round.",
        cause="sign",
    ),
    *(
        Mistake(m.name, "p", m.does, m.says, levels=(3,), takes=m.takes, cause=m.cause)
        for m in row_mistakes("scores")
        if m.name in ("base-two", "not-normalised", "negated-scores", "no-softmax")
    ),
)

FAMILIES = (
    Family(
        name="softmax-jacobian",
        version=1,
        title="Derivative of the softmax",
        topic="softmax",
        says="How weights move with scores: the Jacobian, and a gradient sent back through it.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question, 2: question_back, 3: question_from_scores},
        precision={1: Exact(), 2: Exact(), 3: Places(3)},
        convention="in the order of the scores",
        fine=fine,
        items=("N3.9", "N4.10"),
    ),
)
