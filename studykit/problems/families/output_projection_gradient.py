"""The gradient of W_O: whole, the rows of one head, and of a gate on every head."""

from __future__ import annotations

from typing import Any

from studykit.answers import Exact
from studykit.problems.arithmetic import (
    Matrix,
    Vector,
    column,
    hadamard,
    matmul,
    matmul_t,
    transpose,
)
from studykit.problems.degenerate import some_zero_row
from studykit.problems.dice import Dice
from studykit.problems.drawn import weights
from studykit.problems.family import Family, Mistake, Step, without
from studykit.problems.mistakes.gradients import shared_weights
from studykit.problems.wording import matrix, partial, products


def draws(dice: Dice, level: int) -> dict[str, Any]:
    if level == 1:
        n = dice.pick([2, 3])
        return {"O_1": dice.matrix(n, 1, -4, 4), "O_2": dice.matrix(n, 1, -4, 4)} | {
            "G": dice.matrix(n, dice.pick([2, 3]), -3, 3)
        }
    if level == 2:
        n_k = dice.pick([2, 3])
        return {
            "head": dice.between(1, 2),
            "A": weights(dice, 2, n_k),
            "V": dice.matrix(n_k, 2, -4, 4),
            "G": dice.matrix(2, 2, -3, 3),
        }
    given: dict[str, Any] = {f"O_{h}": dice.matrix(2, 2, -3, 3) for h in (1, 2)}
    given |= {f"W_{h}": dice.matrix(2, 2, -2, 2) for h in (1, 2)}
    return given | {"G": dice.matrix(2, 2, -3, 3)}


def fine(G: Matrix, level: int, givens: dict[str, Any]) -> bool:
    named = [givens[n] for n in ("O_1", "O_2", "W_1", "W_2", "V") if n in givens]
    if some_zero_row(G, transpose(G), *named) or any(len(set(map(tuple, M))) < 2 for M in named):
        return False
    if level == 2:
        return bool(givens["A"][0] != givens["A"][1])
    return level == 1 or (all(givens["gates"]) and all(transpose(W) != W for W in named[2:]))


def question_whole(O_1: Matrix, O_2: Matrix, G: Matrix) -> str:
    return (
        r"Two heads, each one wide, give the columns of $C=[O_1\ O_2]$, and $Y=CW_O$; rows are "
        r"tokens. Coming back is $G=\partial L/\partial Y$. Give $\partial L/\partial W_O$."
        rf"$$O_1={matrix(O_1)}\qquad O_2={matrix(O_2)}\qquad G={matrix(G)}$$"
    )


def question_head(head: int, A: Matrix, V: Matrix, G: Matrix) -> str:
    return (
        r"Two heads, each two wide: $Y=[O_1\ O_2]\,W_O=O_1W_1+O_2W_2$, where $W_h$ are head $h$'s "
        r"rows of $W_O$ and $O_h=A_hV_h$; rows are tokens. Coming back is "
        rf"$G=\partial L/\partial Y$. Give $\partial L/\partial W_{head}$."
        rf"$$A_{head}={matrix(A)}\qquad V_{head}={matrix(V)}\qquad G={matrix(G)}$$"
    )


def question_gates(O_1: Matrix, O_2: Matrix, W_1: Matrix, W_2: Matrix, G: Matrix) -> str:
    return (
        r"To see how much each head matters, gates are set before the output projection: "
        r"$Y=\gamma_1O_1W_1+\gamma_2O_2W_2$, where $W_1$ and $W_2$ are the heads' rows of $W_O$ "
        r"and both gates stand at 1. Coming back is $G=\partial L/\partial Y$. Give "
        r"$\left(\partial L/\partial\gamma_1,\ \partial L/\partial\gamma_2\right)$."
        rf"$$O_1={matrix(O_1)}\quad W_1={matrix(W_1)}\quad O_2={matrix(O_2)}\quad "
        rf"W_2={matrix(W_2)}$$$$G={matrix(G)}$$"
    )


def total(M: Matrix) -> Any:
    return sum(map(sum, M))


STEPS = (
    Step(
        "concat",
        "The heads side by side",
        "C",
        r"[O_1\ O_2]",
        lambda O_1, O_2: [[*a, *b] for a, b in zip(O_1, O_2, strict=True)],
        levels=(1,),
    ),
    Step(
        "d_output_weights",
        "Every token adds its outer product: what it sent with what came back",
        partial("W_O"),
        r"C^\top G",
        lambda concat, G: matmul(transpose(concat), G),
        lambda concat, G: products(column(concat), column(G)),
        levels=(1,),
    ),
    Step(
        "output",
        "The head's output",
        "O_h",
        "A_hV_h",
        lambda A, V: matmul(A, V),
        lambda A, V: products(A[0], column(V)),
        levels=(2,),
    ),
    Step(
        "d_output_weights",
        "The head's rows: its output with what came back",
        partial("W_h"),
        r"O_h^\top G",
        lambda output, G: matmul(transpose(output), G),
        lambda output, G: products(column(output), column(G)),
        levels=(2,),
    ),
    *(
        Step(
            f"part_{h}",
            f"What head {h} adds to the output",
            f"P_{h}",
            f"O_{h}W_{h}",
            matmul,
            working,
            levels=(3,),
            takes=(f"O_{h}", f"W_{h}"),
        )
        for h, working in (
            (1, lambda O_1, W_1: products(O_1[0], column(W_1))),
            (2, lambda O_2, W_2: products(O_2[0], column(W_2))),
        )
    ),
    Step(
        "gates",
        "A gate's gradient: the head's part with G, entry by entry, summed",
        partial(r"\gamma_h"),
        r"\sum_{i,c}(P_h)_{ic}\,G_{ic}",
        lambda part_1, part_2, G: [total(hadamard(P, G)) for P in (part_1, part_2)],
        lambda part_1, G: products([*part_1[0], *part_1[1]], [*G[0], *G[1]]),
        levels=(3,),
    ),
)


def _diagonal(M: Matrix) -> Vector:
    return [row[i] for i, row in enumerate(M)]


LEFT_OUT = ("last-token-only", "summed-before-the-product")

MISTAKES = (
    *without(shared_weights("d_output_weights", "concat", "G", (1,), "C"), *LEFT_OUT),
    *without(shared_weights("d_output_weights", "output", "G", (2,), "O_h"), *LEFT_OUT),
    Mistake(
        "heads-exchanged",
        "concat",
        lambda O_1, O_2: [[*b, *a] for a, b in zip(O_1, O_2, strict=True)],
        "You put the second head first.",
        levels=(1,),
        cause="heads",
    ),
    Mistake(
        "values-for-output",
        "output",
        lambda V: V,
        "You used the head's values; what goes into $W_O$ is its output.",
        when=lambda A: len(A) == len(A[0]),
        levels=(2,),
        cause="forward",
    ),
    Mistake(
        "weights-transposed",
        "output",
        lambda A, V: matmul(transpose(A), V),
        r"You computed $A^\top V$ on the way forward; the output is $AV$.",
        when=lambda A: len(A) == len(A[0]),
        levels=(2,),
        cause="forward",
    ),
    Mistake(
        "projection-left-out",
        "gates",
        lambda O_1, O_2, G: [total(hadamard(output, G)) for output in (O_1, O_2)],
        "You left out the heads' rows of the output projection.",
        levels=(3,),
        cause="forward",
    ),
    Mistake(
        "gradient-left-out",
        "gates",
        lambda part_1, part_2: [total(part_1), total(part_2)],
        "You summed what the head adds; each entry counts with the gradient that came back.",
        levels=(3,),
        cause="chain",
    ),
    Mistake(
        "absolute-products",
        "gates",
        lambda part_1, part_2, G: [
            total([list(map(abs, row)) for row in hadamard(P, G)]) for P in (part_1, part_2)
        ],
        "You summed absolute values; products of opposite sign cancel in the gradient.",
        levels=(3,),
        cause="sign",
    ),
    Mistake(
        "diagonal-of-the-product",
        "gates",
        lambda part_1, part_2, G: [sum(_diagonal(matmul(P, G))) for P in (part_1, part_2)],
        r"You took the trace of $P_hG$; entry meets entry, which is the trace of $P_hG^\top$.",
        levels=(3,),
        cause="product",
    ),
    Mistake(
        "weights-not-as-given",
        "gates",
        lambda O_1, O_2, W_1, W_2, G: [
            total(hadamard(matmul_t(O_1, W_1), G)),
            total(hadamard(matmul_t(O_2, W_2), G)),
        ],
        r"You multiplied by $W_h^\top$; on the way forward it is $O_hW_h$.",
        levels=(3,),
        cause="product",
    ),
    Mistake(
        "mean-for-sum",
        "gates",
        lambda gates: [x / 4 for x in gates],
        "You took the mean over the entries; they add up.",
        levels=(3,),
        cause="mean",
    ),
)

FAMILIES = (
    Family(
        name="output-projection-gradient",
        version=1,
        title="Gradient of W_O",
        topic="attention gradients",
        says="The output projection's gradient, head by head, and how much a head matters.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_whole, 2: question_head, 3: question_gates},
        precision={1: Exact(), 2: Exact(), 3: Exact()},
        convention={
            1: "one row for each column of C",
            2: "one row for each column of the head",
            3: "in the order of the heads",
        },
        fine=fine,
        items=("N2.20", "N3.31", "N3.33", "N3.38"),
    ),
)
