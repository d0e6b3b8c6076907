"""Products by hand: a matrix times a column, the order of two factors, a product of three."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from studykit.answers import Exact
from studykit.problems.arithmetic import (
    Matrix,
    Vector,
    dot,
    hadamard,
    matmul,
    matmul_t,
    shrink,
    subtract,
    transpose,
)
from studykit.problems.degenerate import some_zero_row
from studykit.problems.dice import Dice
from studykit.problems.exact import sqrt
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.wording import factor, matrix, products


def draws(dice: Dice, level: int) -> dict[str, Any]:
    if level == 1:
        n = dice.pick([2, 3, 3])
        return {"A": dice.matrix(n, n, -3, 4), "x": dice.vector(n, -3, 4)}
    if level == 2:
        return {"A": dice.matrix(2, 2, -3, 4), "B": dice.matrix(2, 2, -3, 4)}
    return {
        "Q": dice.matrix(2, 2, -3, 3),
        "K": dice.matrix(3, 2, -3, 3),
        "V": dice.matrix(3, 2, -3, 4),
    }


def fine(level: int, givens: dict[str, Any]) -> bool:
    """No row of zeros, no symmetric matrix, no zero that hides a factor."""
    if level == 1:
        return all(givens["x"]) and not some_zero_row(givens["A"])
    if level == 2:
        A, B = givens["A"], givens["B"]
        return not some_zero_row(A, B) and transpose(A) != A and transpose(B) != B
    return not some_zero_row(givens["Q"], givens["K"], givens["V"])


def column(x: Sequence[Any]) -> str:
    return matrix([[c] for c in x])


def question_column(A: Matrix, x: Vector) -> str:
    return rf"Compute $y=Ax$; here $x$ is a column.$$A={matrix(A)}\qquad x={column(x)}$$"


def question_order(A: Matrix, B: Matrix) -> str:
    return (
        r"Does the order of the factors matter? Compute $AB-BA$."
        rf"$$A={matrix(A)}\qquad B={matrix(B)}$$"
    )


def question_three(Q: Matrix, K: Matrix, V: Matrix) -> str:
    return (
        r"Without scale and softmax, attention is a plain product, $O=QK^\top V$, and may be "
        r"computed in either order: $(QK^\top)V$ or $Q(K^\top V)$. Compute $O$; rows are tokens."
        rf"$$Q={matrix(Q)}\qquad K={matrix(K)}\qquad V={matrix(V)}$$"
    )


def product(A: Matrix, B: Matrix, times: Callable[[Any, Any], Any]) -> Matrix:
    """The product with another way to multiply two numbers."""
    columns = transpose(B)
    return [[sum(map(times, row, column)) for column in columns] for row in A]


def minus_kept(a: Any, b: Any) -> Any:
    """Minus times minus taken for minus."""
    return -a * b if a < 0 and b < 0 else a * b


def times_column(A: Matrix, x: Vector) -> Vector:
    return [dot(row, x) for row in A]


STEPS = (
    Step(
        "y",
        "Every row of the matrix times the column",
        "y",
        r"\sum_c A_{ic}x_c",
        times_column,
        lambda A, x: products(A[0], x),
        levels=(1,),
        entry=r"y_i",
    ),
    Step(
        "AB",
        "Rows of A times columns of B",
        "AB",
        r"\sum_c A_{ic}B_{cj}",
        lambda A, B: matmul(A, B),
        lambda A, B: products(A[0], [r[0] for r in B]),
        levels=(2,),
        entry=r"(AB)_{ij}",
    ),
    Step(
        "BA",
        "Rows of B times columns of A",
        "BA",
        r"\sum_c B_{ic}A_{cj}",
        lambda A, B: matmul(B, A),
        lambda A, B: products(B[0], [r[0] for r in A]),
        levels=(2,),
        entry=r"(BA)_{ij}",
    ),
    Step(
        "difference",
        "The difference; its diagonal sums to 0",
        "AB-BA",
        "AB-BA",
        lambda AB, BA: subtract(AB, BA),
        lambda AB, BA: rf"{AB[0][0]}-{factor(BA[0][0])}",
        levels=(2,),
    ),
    Step(
        "state",
        "Keys times values first: this matrix stays small however many tokens there are",
        r"K^\top V",
        r"\sum_t K_{tc}V_{tj}",
        lambda K, V: matmul(transpose(K), V),
        lambda K, V: products([r[0] for r in K], [r[0] for r in V]),
        levels=(3,),
        entry=r"(K^\top V)_{cj}",
    ),
    Step(
        "output",
        "Every query times that matrix",
        "O",
        r"Q\left(K^\top V\right)",
        lambda Q, state: matmul(Q, state),
        lambda Q, state: products(Q[0], [r[0] for r in state]),
        levels=(3,),
    ),
)

MISTAKES = (
    Mistake(
        "down-the-columns",
        "y",
        lambda A, x: times_column(transpose(A), x),
        r"You multiplied the columns of $A$ by $x$, which is $A^\top x$; take its rows.",
        cause="product",
    ),
    Mistake(
        "not-summed",
        "y",
        lambda A, x: [[a * c for a, c in zip(row, x, strict=True)] for row in A],
        "You multiplied entry by entry but did not add up each row.",
        cause="product",
    ),
    Mistake(
        "diagonal-only",
        "y",
        lambda A, x: [row[i] * x[i] for i, row in enumerate(A)],
        "You multiplied the diagonal alone; every entry sums over a whole row.",
        cause="product",
    ),
    Mistake(
        "minus-times-minus",
        "y",
        lambda A, x: [sum(map(minus_kept, row, x)) for row in A],
        "You took minus times minus for minus somewhere.",
        when=lambda A, x: any(a < 0 and c < 0 for row in A for a, c in zip(row, x, strict=True)),
        cause="sign",
    ),
    Mistake(
        "column-left-out",
        "y",
        lambda A: [sum(row) for row in A],
        "You added up the rows without multiplying by $x$.",
        cause="product",
    ),
    Mistake(
        "first-order-only",
        "difference",
        lambda AB: AB,
        "You gave $AB$; $BA$ is another matrix, and has to be subtracted.",
        cause="order",
    ),
    Mistake(
        "order-exchanged",
        "difference",
        lambda AB, BA: subtract(BA, AB),
        "You computed $BA-AB$.",
        cause="order",
    ),
    Mistake(
        "entry-by-entry",
        "AB",
        lambda A, B: hadamard(A, B),
        "You multiplied $A$ and $B$ entry by entry; each entry of $AB$ is a sum over a row.",
        cause="product",
    ),
    Mistake(
        "rows-with-rows",
        "AB",
        lambda A, B: matmul_t(A, B),
        r"You multiplied rows with rows, which is $AB^\top$; take the columns of $B$.",
        cause="product",
    ),
    Mistake(
        "columns-with-columns",
        "AB",
        lambda A, B: matmul(transpose(A), B),
        r"You multiplied columns with columns, which is $A^\top B$; take the rows of $A$.",
        cause="product",
    ),
    Mistake(
        "minus-times-minus",
        "AB",
        lambda A, B: product(A, B, minus_kept),
        "You took minus times minus for minus in $AB$.",
        when=lambda A, B: product(A, B, minus_kept) != matmul(A, B),
        cause="sign",
    ),
    Mistake(
        "taken-for-transposed",
        "BA",
        lambda AB: transpose(AB),
        r"You took $BA$ for $(AB)^\top$; that is $B^\top A^\top$.",
        cause="transpose",
    ),
    Mistake(
        "values-with-keys",
        "state",
        lambda K, V: matmul(transpose(V), K),
        r"You computed $V^\top K$; the keys stand on the left, $K^\top V$.",
        cause="order",
    ),
    Mistake(
        "queries-on-the-right",
        "output",
        lambda Q, state: matmul(state, Q),
        r"You computed $(K^\top V)Q$; the queries stand on the left.",
        cause="order",
    ),
    Mistake(
        "stopped-at-scores",
        "output",
        lambda Q, K: matmul_t(Q, K),
        r"You gave $QK^\top$; it is still multiplied by the values.",
        cause="stopped",
    ),
    Mistake(
        "stopped-at-state",
        "output",
        lambda state: state,
        r"You gave $K^\top V$; every query is still multiplied by it.",
        cause="stopped",
    ),
    Mistake(
        "scaled-from-habit",
        "output",
        lambda Q, state: shrink(matmul(Q, state), sqrt(len(state))),
        r"You divided by $\sqrt{d_k}$; here there is no scale.",
        cause="scale",
    ),
    Mistake(
        "averaged",
        "output",
        lambda Q, K, state: shrink(matmul(Q, state), len(K)),
        "You divided by the number of keys; this is a plain product, not a mean.",
        cause="scale",
    ),
    Mistake(
        "minus-times-minus",
        "state",
        lambda K, V: product(transpose(K), V, minus_kept),
        r"You took minus times minus for minus in $K^\top V$.",
        when=lambda K, V: product(transpose(K), V, minus_kept) != matmul(transpose(K), V),
        cause="sign",
    ),
)

FAMILIES = (
    Family(
        name="matrix-product",
        version=1,
        title="Matrix products by hand",
        topic="dot products and linear maps",
        says="Rows times columns; the order of factors matters, the order of brackets does not.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_column, 2: question_order, 3: question_three},
        precision={1: Exact(), 2: Exact(), 3: Exact()},
        convention={1: "from top to bottom", 2: "", 3: "one row for each query"},
        fine=fine,
        items=("N1.27", "N1.29", "N2.14", "N2.15", "N2.46"),
    ),
)
