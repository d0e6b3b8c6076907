"""Tokens and their table: a lookup summed, the gradient scattered back, then an update."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from studykit.answers import Exact
from studykit.problems.arithmetic import Matrix, Vector, shrink
from studykit.problems.degenerate import some_zero_row
from studykit.problems.dice import Dice
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.wording import added, decimal, factor, matrix, tuple_of


def draws(dice: Dice, level: int) -> dict[str, Any]:
    ids = [dice.below(3) for _ in range(4 if level == 2 else 3)]
    given: dict[str, Any] = {"ids": ids, "words": 3}
    if level != 2:
        given["E"] = dice.matrix(3, 2, -4, 5)
    if level > 1:
        given["G"] = dice.matrix(len(ids), 2, -4, 4)
    if level == 3:
        given["rate"] = Fraction(dice.pick([1, 2, 5]), 10)
    return given


def fine(level: int, ids: Vector, givens: dict[str, Any]) -> bool:
    """One word twice, one word never; nothing empty."""
    if len(set(ids)) != 2 or (level == 1 and 0 not in ids):
        return False
    if some_zero_row(*[givens[n] for n in ("E", "G") if n in givens]):
        return False
    if level == 1:
        E = givens["E"]
        return len({tuple(e) for e in E}) == 3
    gradient = givens["gradient"]
    return all(any(gradient[int(i)]) for i in ids)


def question_lookup(ids: Vector, E: Matrix) -> str:
    return (
        rf"The tokens of a text have the ids ${tuple_of(ids)}$, counted from 0; the rows of $E$ "
        r"are the embeddings. Give the sum of the text's embeddings."
        rf"$$E={matrix(E)}$$"
    )


def question_scatter(ids: Vector, G: Matrix, words: int) -> str:
    return (
        rf"A table $E$ holds the embeddings of {words} words in its rows. A text with the ids "
        rf"${tuple_of(ids)}$, counted from 0, is looked up: $x_t=E_{{id_t}}$. The rows of $G$ are "
        r"$\partial L/\partial x_t$. Give $\partial L/\partial E$."
        rf"$$G={matrix(G)}$$"
    )


def question_update(ids: Vector, E: Matrix, G: Matrix, rate: Fraction) -> str:
    return (
        rf"A text with the ids ${tuple_of(ids)}$, counted from 0, is looked up in the rows of "
        r"$E$: $x_t=E_{id_t}$. The rows of $G$ are $\partial L/\partial x_t$. Give $E$ after one "
        rf"step of gradient descent with rate $\eta={decimal(float(rate), 1)}$."
        rf"$$E={matrix(E)}\qquad G={matrix(G)}$$"
    )


def scattered(ids: Vector, G: Matrix, words: int) -> Matrix:
    """Every row of G added to the row of its word."""
    out: Matrix = [[0] * len(G[0]) for _ in range(words)]
    for i, g in zip(ids, G, strict=True):
        out[int(i)] = [a + b for a, b in zip(out[int(i)], g, strict=True)]
    return out


def overwritten(ids: Vector, G: Matrix, words: int) -> Matrix:
    out: Matrix = [[0] * len(G[0]) for _ in range(words)]
    for i, g in zip(ids, G, strict=True):
        out[int(i)] = list(g)
    return out


def averaged(ids: Vector, G: Matrix, words: int) -> Matrix:
    counts = [max(1, sum(1 for i in ids if int(i) == w)) for w in range(words)]
    return [shrink(r, c) for r, c in zip(scattered(ids, G, words), counts, strict=True)]


def total(A: Matrix) -> Vector:
    return [sum(column) for column in zip(*A, strict=True)]


def stepped(E: Matrix, rate: Any, D: Matrix) -> Matrix:
    return [[e - rate * d for e, d in zip(r, s, strict=True)] for r, s in zip(E, D, strict=True)]


STEPS = (
    Step(
        "rows",
        "The rows that the ids name",
        "X",
        r"E_{id_t}",
        lambda ids, E: [list(E[int(i)]) for i in ids],
        levels=(1,),
        entry=r"X_t",
    ),
    Step(
        "sum",
        "Their sum",
        "s",
        r"\sum_t X_t",
        lambda rows: total(rows),
        lambda rows: added(row[0] for row in rows),
        levels=(1,),
    ),
    Step(
        "gradient",
        "Every token's gradient added to the row of its word; words not in the text get 0",
        r"\frac{\partial L}{\partial E}",
        r"\sum_{t:\,id_t=w} G_t",
        scattered,
        levels=(2, 3),
        entry=r"\left(\frac{\partial L}{\partial E}\right)_w",
    ),
    Step(
        "updated",
        "One step against the gradient",
        r"E'",
        r"E-\eta\,\frac{\partial L}{\partial E}",
        lambda E, rate, gradient: stepped(E, rate, gradient),
        lambda E, rate, gradient: rf"{E[0][0]}-{rate}\cdot {factor(gradient[0][0])}",
        levels=(3,),
    ),
)

MISTAKES = (
    Mistake(
        "counted-from-one",
        "rows",
        lambda ids, E: [list(E[int(i) - 1]) for i in ids],
        "You counted the rows from 1; the id 0 names the first row.",
        levels=(1,),
        cause="index",
    ),
    Mistake(
        "repeats-once",
        "rows",
        lambda ids, E: [list(E[i]) for i in sorted({int(i) for i in ids})],
        "You counted a repeated word once; every token has its embedding.",
        levels=(1,),
        cause="repeats",
    ),
    Mistake(
        "all-rows",
        "rows",
        lambda E: E,
        "You added the whole table; only the words of the text count.",
        levels=(1,),
        cause="index",
    ),
    Mistake(
        "mean-for-sum",
        "sum",
        lambda rows: shrink(total(rows), len(rows)),
        "You gave the mean; the sum was asked.",
        levels=(1,),
        cause="mean",
    ),
    Mistake(
        "last-one-wins",
        "gradient",
        overwritten,
        "You let a repeated word's last gradient replace the earlier one; they are added.",
        levels=(2, 3),
        cause="repeats",
    ),
    Mistake(
        "first-one-wins",
        "gradient",
        lambda ids, G, words: overwritten(ids[::-1], G[::-1], words),
        "You kept a repeated word's first gradient only; all of them are added.",
        levels=(2, 3),
        cause="repeats",
    ),
    Mistake(
        "mean-over-repeats",
        "gradient",
        averaged,
        "You averaged over the places where a word stands; the gradients are added.",
        levels=(2, 3),
        cause="repeats",
    ),
    Mistake(
        "counted-from-one",
        "gradient",
        lambda ids, G, words: scattered([(int(i) - 1) % words for i in ids], G, words),
        "You counted the rows from 1; the id 0 names the first row.",
        levels=(2, 3),
        cause="index",
    ),
    Mistake(
        "mean-over-text",
        "gradient",
        lambda ids, G, words: shrink(scattered(ids, G, words), len(ids)),
        "You divided by the length of the text; the given gradients hold that already.",
        levels=(2,),
        cause="mean",
    ),
    Mistake(
        "gradient-in-text-order",
        "gradient",
        lambda G: G[:3],
        "You left the gradients in the order of the text; each goes to the row of its word.",
        levels=(3,),
        cause="index",
    ),
    Mistake(
        "uphill",
        "updated",
        lambda E, rate, gradient: stepped(E, -rate, gradient),
        "You added the step; descent goes against the gradient.",
        levels=(3,),
        cause="sign",
    ),
    Mistake(
        "rate-left-out",
        "updated",
        lambda E, gradient: stepped(E, 1, gradient),
        "You left out the rate.",
        levels=(3,),
        cause="rate",
    ),
)

FAMILIES = (
    Family(
        name="token-lookup",
        version=1,
        title="Embedding table: lookup and gradient",
        topic="embeddings and positions",
        says="A lookup picks rows; its gradient adds back into them.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_lookup, 2: question_scatter, 3: question_update},
        precision={1: Exact(), 2: Exact(), 3: Exact()},
        convention="",
        fine=fine,
        items=("N4.1", "N4.2", "N4.3", "N4.4", "N4.5", "N4.6"),
    ),
)
