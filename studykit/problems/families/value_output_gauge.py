"""Output weights that undo what is done to values: a factor, a mixture, another order of heads."""

from __future__ import annotations

from typing import Any

from studykit.answers import Exact
from studykit.problems.arithmetic import Matrix, matmul, matmul_t, scale, shrink, transpose
from studykit.problems.degenerate import some_zero_row
from studykit.problems.dice import Dice
from studykit.problems.exact import divide
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.wording import cell, factor, matrix

MIXES = (
    (1, 2, 1, 3),
    (2, 1, 3, 1),
    (2, 3, 1, 1),
    (3, 2, 4, 2),
    (1, 3, 2, 4),
    (2, -1, 3, 1),
    (1, -2, 2, 1),
    (3, 1, 2, 2),
    (-1, 2, 3, 1),
    (4, 3, 2, 1),
    (2, 1, -3, 1),
    (1, 4, -1, 2),
)
"""Mixtures R of two components, row by row: invertible, not symmetric, R⁻¹ none of their kin."""


def draws(dice: Dice, level: int) -> dict[str, Any]:
    if level == 1:
        return {
            "W_O": [[2 * x for x in r] for r in dice.matrix(4, 2, -4, 5)],
            "c": dice.pick([2, 4, -2]),
            "h": dice.between(1, 2),
        }
    if level == 2:
        a, b, c, d = dice.pick(MIXES)
        return {"R": [[a, b], [c, d]], "W_O": dice.matrix(2, dice.pick([2, 3]), -4, 5)}
    order = dice.pick([(2, 3, 1), (3, 1, 2)])
    return {"order": list(order), "W_O": dice.matrix(6, 2, -5, 6)}


def fine(level: int, W_O: Matrix, givens: dict[str, Any]) -> bool:
    """Rows that all differ, none of them empty."""
    if some_zero_row(W_O) or len({tuple(r) for r in W_O}) < len(W_O):
        return False
    return level != 2 or len({tuple(c) for c in zip(*givens["weights"], strict=True)}) > 1


def question_scaled(W_O: Matrix, c: int, h: int) -> str:
    return (
        r"Multi-head attention has 2 heads of value width 2; the heads are concatenated in order "
        rf"and multiplied by $W_O$. Somebody multiplies the value weights of head {h} by ${c}$. "
        r"Which output matrix leaves the layer as it was?"
        rf"$$W_O={matrix(W_O)}$$"
    )


def question_mixed(R: Matrix, W_O: Matrix) -> str:
    return (
        r"A head's values are $v=xW_V$ (rows), and its rows of the output matrix are $W_O^h$. "
        r"Somebody replaces $W_V$ by $W_VR$. Which rows of the output matrix leave the layer as it "
        r"was?"
        rf"$$R={matrix(R)}\qquad W_O^h={matrix(W_O)}$$"
    )


def question_order(order: list[int], W_O: Matrix) -> str:
    shown = ", ".join(str(int(i)) for i in order)
    return (
        r"Multi-head attention has 3 heads of value width 2; the heads are concatenated in the "
        rf"order 1, 2, 3 and multiplied by $W_O$. A conversion concatenates them in the order "
        rf"{shown}. Which output matrix gives the same result?"
        rf"$$W_O={matrix(W_O)}$$"
    )


def determinant(R: Matrix) -> Any:
    return R[0][0] * R[1][1] - R[0][1] * R[1][0]


def inverse(R: Matrix) -> Matrix:
    (a, b), (c, d) = R
    return [[divide(x, determinant(R)) for x in r] for r in ([d, -b], [-c, a])]


def of_head(W_O: Matrix, h: Any) -> Matrix:
    """The rows of head h, counted from 1."""
    return W_O[2 * int(h) - 2 : 2 * int(h)]


def with_head(W_O: Matrix, h: int, rows: Matrix) -> Matrix:
    return rows + W_O[2:] if h == 1 else W_O[:2] + rows


def in_order(W_O: Matrix, order: list[Any]) -> Matrix:
    return [r for h in order for r in of_head(W_O, h)]


def back(order: list[Any]) -> list[int]:
    """The reordering that undoes this one."""
    return [[int(h) for h in order].index(h) + 1 for h in (1, 2, 3)]


STEPS = (
    Step(
        "weights",
        "The head's own rows undo the factor; the others stay",
        "W_O'",
        lambda h, c: rf"\text{{rows of head {h}, over}}\ {cell(c)}",
        lambda W_O, c, h: with_head(W_O, h, shrink(of_head(W_O, h), c)),
        levels=(1,),
    ),
    Step(
        "undo",
        "What undoes the mixture",
        r"R^{-1}",
        r"\frac{1}{\det R}\begin{bmatrix}r_{22} & -r_{12}\\ -r_{21} & r_{11}\end{bmatrix}",
        lambda R: inverse(R),
        lambda R: (
            rf"\frac{{{R[1][1]}}}{{{factor(R[0][0])}\cdot {factor(R[1][1])}"
            rf"-{factor(R[0][1])}\cdot {factor(R[1][0])}}}"
        ),
        levels=(2,),
    ),
    Step(
        "weights",
        "It stands before the head's rows: v R meets R⁻¹ first",
        r"(W_O^h)'",
        r"R^{-1}\,W_O^h",
        lambda undo, W_O: matmul(undo, W_O),
        lambda undo, W_O: (
            rf"{factor(undo[0][0])}\cdot {factor(W_O[0][0])}"
            rf"+{factor(undo[0][1])}\cdot {factor(W_O[1][0])}"
        ),
        levels=(2,),
    ),
    Step(
        "weights",
        "Each head's rows, in the order in which the heads come",
        "W_O'",
        r"\text{blocks of}\ W_O\ \text{in the new order}",
        lambda W_O, order: in_order(W_O, order),
        levels=(3,),
    ),
)

MISTAKES = (
    Mistake(
        "multiplied-too",
        "weights",
        lambda W_O, c, h: with_head(W_O, h, scale(of_head(W_O, h), c)),
        "You multiplied the head's rows by the factor; they have to undo it.",
        levels=(1,),
        cause="inverse",
    ),
    Mistake(
        "other-head",
        "weights",
        lambda W_O, c, h: with_head(W_O, 3 - h, shrink(of_head(W_O, 3 - h), c)),
        "You changed the other head's rows.",
        levels=(1,),
        cause="rows",
    ),
    Mistake(
        "whole-matrix",
        "weights",
        lambda W_O, c: shrink(W_O, c),
        "You changed the whole matrix; only this head's rows meet its values.",
        levels=(1,),
        cause="rows",
    ),
    Mistake(
        "column-for-rows",
        "weights",
        lambda W_O, c, h: [
            [divide(x, c) if j == h - 1 else x for j, x in enumerate(r)] for r in W_O
        ],
        "You changed a column; a head meets its rows of the output matrix.",
        levels=(1,),
        cause="rows",
    ),
    Mistake(
        "every-other-row",
        "weights",
        lambda W_O, c, h: [
            [divide(x, c) for x in r] if i % 2 == h - 1 else r for i, r in enumerate(W_O)
        ],
        "You changed every other row; a head's rows lie together.",
        levels=(1,),
        cause="rows",
    ),
    Mistake(
        "one-row-only",
        "weights",
        lambda W_O, c, h: [
            [divide(x, c) for x in r] if i == 2 * h - 2 else r for i, r in enumerate(W_O)
        ],
        "You changed one row; a head of width 2 has two.",
        levels=(1,),
        cause="rows",
    ),
    Mistake(
        "same-mixture",
        "undo",
        lambda R: R,
        r"You used $R$ itself; it has to be undone.",
        cause="inverse",
    ),
    Mistake(
        "transposed-mixture",
        "undo",
        lambda R: transpose(R),
        r"You used $R^\top$; that undoes rotations only.",
        cause="inverse",
    ),
    Mistake(
        "inverse-transposed",
        "undo",
        lambda undo: transpose(undo),
        r"You used $R^{-\top}$, as for keys; values and output multiply without a transpose.",
        cause="transpose",
    ),
    Mistake(
        "determinant-left-out",
        "undo",
        lambda R: [[R[1][1], -R[0][1]], [-R[1][0], R[0][0]]],
        "You did not divide by the determinant.",
        when=lambda R: determinant(R) != 1,
        cause="inverse",
    ),
    Mistake(
        "from-the-right",
        "weights",
        lambda undo, W_O: matmul(W_O, undo),
        r"You computed $W_O^hR^{-1}$; the mixture stands between values and $W_O^h$, on its left.",
        when=lambda W_O: len(W_O[0]) == 2,
        levels=(2,),
        cause="order",
    ),
    Mistake(
        "rows-mixed-as-columns",
        "weights",
        lambda undo, W_O: matmul_t(undo, W_O),
        r"You multiplied by the transpose of $W_O^h$.",
        when=lambda W_O: len(W_O[0]) == 2,
        levels=(2,),
        cause="transpose",
    ),
    Mistake(
        "order-undone",
        "weights",
        lambda W_O, order: in_order(W_O, back(order)),
        "You reordered the other way round: the first block belongs to the head that comes first.",
        levels=(3,),
        cause="order",
    ),
    Mistake(
        "rows-reversed",
        "weights",
        lambda W_O: [list(r) for r in W_O][::-1],
        "You reversed the rows; blocks of two rows move with their heads.",
        levels=(3,),
        cause="rows",
    ),
    Mistake(
        "rows-for-blocks",
        "weights",
        lambda W_O, order: [W_O[int(h) - 1] for h in order] + [W_O[int(h) + 2] for h in order],
        "You moved single rows; each head has a block of two.",
        levels=(3,),
        cause="rows",
    ),
    Mistake(
        "interleaved-blocks",
        "weights",
        lambda W_O, order: [W_O[int(h) - 1 + k] for h in order for k in (0, 3)],
        "You took every third row for a head; its rows lie together.",
        levels=(3,),
        cause="rows",
    ),
    Mistake(
        "rows-within-reversed",
        "weights",
        lambda W_O, order: [r for h in order for r in reversed(of_head(W_O, h))],
        "You exchanged the rows within each block.",
        levels=(3,),
        cause="rows",
    ),
)

FAMILIES = (
    Family(
        name="value-output-gauge",
        version=1,
        title="Output weights that undo a change",
        topic="heads and W_O",
        says="What is done to a head's values, its rows of W_O can undo.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_scaled, 2: question_mixed, 3: question_order},
        precision={1: Exact(), 2: Exact(), 3: Exact()},
        fine=fine,
        items=("N3.31", "N3.33", "N0.3", "N4.24"),
    ),
)
