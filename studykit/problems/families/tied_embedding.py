"""One table for input and output: its gradient comes from both ends."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from studykit.answers import Exact
from studykit.problems.arithmetic import Matrix, Vector, add, matmul, subtract, transpose
from studykit.problems.degenerate import some_zero_row
from studykit.problems.dice import Dice
from studykit.problems.exact import divide
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.wording import cell, decimal, factor, matrix, partial, products, tuple_of

WORDS = 3


def draws(dice: Dice, level: int) -> dict[str, Any] | None:
    n = 1 if level == 1 else 2
    ids = [dice.between(1, WORDS) for _ in range(n)]
    rows = [dice.vector(WORDS, 1, 4) for _ in range(n)]
    if any(sum(odds) not in (4, 5, 8, 10) for odds in rows):
        return None
    given: dict[str, Any] = {
        "ids": ids,
        "labels": [dice.between(1, WORDS) for _ in range(n)],
        "P": [[Fraction(a, sum(odds)) for a in odds] for odds in rows],
        "H": dice.matrix(n, 2, -6, 6),
        "D": dice.matrix(n, 2, -5, 5),
    }
    if level == 3:
        given |= {
            "E": dice.matrix(WORDS, 2, -4, 4),
            "rate": Fraction(dice.pick([1, 2, 5]), 10),
        }
    return given


def fine(ids: Vector, labels: Vector, H: Matrix, D: Matrix, level: int) -> bool:
    """Rows that are there; words that are not all the same."""
    if some_zero_row(H, D):
        return False
    return ids != labels and (level == 1 or H[0] != H[1])


def _text(ids: Vector, labels: Vector, P: Matrix, H: Matrix, D: Matrix, end: str) -> str:
    n = len(ids)
    names = str(int(ids[0])) if n == 1 else tuple_of(list(map(int, ids)))
    right = str(int(labels[0])) if n == 1 else tuple_of(list(map(int, labels)))
    tokens = (
        rf"A token with the id ${names}$ is looked up, $x=E_{{id}}$"
        if n == 1
        else rf"Two tokens with the ids ${names}$ are looked up, $x_t=E_{{id_t}}$"
    )
    loss = (
        rf"$-\ln p_y$ with $P=\mathrm{{softmax}}(Z)$ and the right word $y={right}$"
        if n == 1
        else rf"the mean of $-\ln p_y$ over both, with $P=\mathrm{{softmax}}(Z)$ by rows and the "
        rf"right words $y={right}$"
    )
    return (
        rf"A model uses one table $E$ of {WORDS} words, counted from 1, at both ends. {tokens}; "
        rf"after the layers the output $H$ gives the logits $Z=HE^\top$. The loss is {loss}. "
        rf"Back through the layers comes $D=\partial L/\partial {'x' if n == 1 else 'X'}$. "
        rf"{end}$$P={matrix(P)}\qquad H={matrix(H)}\qquad D={matrix(D)}$$"
    )


def question_table(ids: Vector, labels: Vector, P: Matrix, H: Matrix, D: Matrix) -> str:
    return _text(ids, labels, P, H, D, r"Give $\partial L/\partial E$.")


def question_step(
    ids: Vector, labels: Vector, P: Matrix, H: Matrix, D: Matrix, E: Matrix, rate: Fraction
) -> str:
    end = rf"Give $E$ after a step of gradient descent with rate $\eta={decimal(float(rate), 1)}$."
    return rf"{_text(ids, labels, P, H, D, end)}$$E={matrix(E)}$$"


def hot(labels: Vector) -> Matrix:
    return [[1 if j == int(y) - 1 else 0 for j in range(WORDS)] for y in labels]


def scattered(ids: Vector, D: Matrix) -> Matrix:
    """Every row of D added to the row of its word."""
    return matmul(transpose(hot(ids)), D)


def stepped(E: Matrix, rate: Any, gradient: Matrix) -> Matrix:
    return [
        [e - rate * g for e, g in zip(r, s, strict=True)] for r, s in zip(E, gradient, strict=True)
    ]


STEPS = (
    Step(
        "looked_up",
        "Through the input: every gradient to the row of its word",
        "U",
        r"\sum_{t:\,id_t=w}D_t",
        lambda ids, D: scattered(ids, D),
        entry=r"U_w",
    ),
    Step(
        "d_logits",
        "Gradient of the logits: probabilities less 1 at the right word, over the tokens",
        partial("Z"),
        r"\frac{P-Y}{n}",
        lambda P, labels: [[divide(x, len(P)) for x in r] for r in subtract(P, hot(labels))],
        lambda P, labels: rf"\frac{{{cell(P[0][0])}-{hot(labels)[0][0]}}}{{{len(P)}}}",
    ),
    Step(
        "projected",
        "Through the output: every word's row with the outputs it was matched with",
        "W",
        r"\left(\frac{\partial L}{\partial Z}\right)^\top H",
        lambda d_logits, H: matmul(transpose(d_logits), H),
        lambda d_logits, H: products([r[0] for r in d_logits], [r[0] for r in H]),
    ),
    Step(
        "gradient",
        "One table, so both add up",
        partial("E"),
        "U+W",
        lambda looked_up, projected: add(looked_up, projected),
        lambda looked_up, projected: f"{cell(looked_up[0][0])}+{factor(projected[0][0])}",
    ),
    Step(
        "table",
        "The step",
        "E'",
        r"E-\eta\,\frac{\partial L}{\partial E}",
        lambda E, rate, gradient: stepped(E, rate, gradient),
        lambda E, rate, gradient: rf"{cell(E[0][0])}-{cell(rate)}\cdot {factor(gradient[0][0])}",
        levels=(3,),
    ),
)

MISTAKES = (
    Mistake(
        "input-only",
        "gradient",
        lambda looked_up: looked_up,
        "You left out the output, where the table makes the logits.",
        cause="ends",
    ),
    Mistake(
        "output-only",
        "gradient",
        lambda projected: projected,
        "You left out the input, where the table is looked up.",
        cause="ends",
    ),
    Mistake(
        "labels-left-out",
        "d_logits",
        lambda P: [[x / len(P) for x in r] for r in P],
        "You left out the labels: 1 is subtracted at the right word.",
        cause="logits",
    ),
    Mistake(
        "sign-flipped",
        "d_logits",
        lambda P, labels: [[-x / len(P) for x in r] for r in subtract(P, hot(labels))],
        r"You gave $Y-P$ for the logits; it is $P-Y$.",
        cause="logits",
    ),
    Mistake(
        "mean-of-both-ends",
        "gradient",
        lambda looked_up, projected: [[x / 2 for x in r] for r in add(looked_up, projected)],
        "You took the mean of both ends; gradients of what is used twice add up.",
        cause="ends",
    ),
    Mistake(
        "right-words-only",
        "d_logits",
        lambda P, labels: [
            [x / len(P) if x < 0 else 0 for x in r] for r in subtract(P, hot(labels))
        ],
        "You kept the right words alone; all words' rows get a gradient at the output.",
        cause="logits",
    ),
    Mistake(
        "looked-up-at-the-label",
        "looked_up",
        lambda labels, D: scattered(labels, D),
        "You scattered to the rows of the right words; the input looked up the tokens' own.",
        cause="ends",
    ),
    Mistake(
        "sum-for-mean",
        "d_logits",
        lambda P, labels: subtract(P, hot(labels)),
        "You left out the mean over the tokens in the loss.",
        when=lambda P: len(P) > 1,
        cause="mean",
    ),
    Mistake(
        "uphill",
        "table",
        lambda E, rate, gradient: stepped(E, -rate, gradient),
        "You added the step; descent subtracts it.",
        cause="sign",
    ),
)

FAMILIES = (
    Family(
        name="tied-embedding",
        version=1,
        title="Gradient of a tied embedding",
        topic="embeddings and positions",
        says="A table used at both ends collects a gradient from both.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_table, 2: question_table, 3: question_step},
        precision={1: Exact(), 2: Exact(), 3: Exact()},
        convention="one row for each word",
        fine=fine,
        items=("N4.1", "N4.2", "N2.20"),
    ),
)
