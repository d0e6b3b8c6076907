"""The gradient of a layer's input: three paths in self-attention, two in cross-attention,
and the residual's own."""

from __future__ import annotations

from typing import Any

from studykit.answers import Exact
from studykit.problems.arithmetic import Matrix, add, column, matmul, matmul_t, transpose
from studykit.problems.degenerate import some_zero_row
from studykit.problems.dice import Dice
from studykit.problems.drawn import weights
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.wording import cell, factor, matrix, partial, products

PATHS = ("Q", "K", "V")


def draws(dice: Dice, level: int) -> dict[str, Any]:
    if level == 1:
        given = {f"d{p}": dice.matrix(2, 2, -3, 3) for p in PATHS}
        return given | {f"W_{p}": dice.matrix(2, 2, -2, 2) for p in PATHS}
    if level == 2:
        n_k = dice.pick([2, 3])
        rows = {"Q": 2, "K": n_k, "V": n_k}
        given = {f"d{p}": dice.matrix(rows[p], 2, -3, 3) for p in PATHS}
        return given | {f"W_{p}": dice.matrix(2, 2, -2, 2) for p in PATHS}
    return {
        "A": weights(dice, 2, 2),
        "G": dice.matrix(2, 2, -4, 4),
        "W_V": dice.matrix(2, 2, -2, 3),
        "W_O": dice.matrix(2, 2, -2, 3),
    }


def fine(level: int, givens: dict[str, Any]) -> bool:
    """No empty rows; no matrix that is its own transpose."""
    square = [givens[n] for n in givens if n.startswith("W_")]
    if some_zero_row(*square, *map(transpose, square)) or any(transpose(W) == W for W in square):
        return False
    if level == 3:
        A = givens["A"]
        return A[0] != A[1] and transpose(A) != A and not some_zero_row(givens["G"])
    return not some_zero_row(*(givens[f"d{p}"] for p in PATHS))


def question_self(givens: dict[str, Any]) -> str:
    return (
        r"Self-attention reads its tokens $X$ three times: $Q=XW_Q$, $K=XW_K$, $V=XW_V$; rows are "
        r"tokens, and $dZ$ means $\partial L/\partial Z$. Give $\partial L/\partial X$."
        rf"{_all_three(givens)}"
    )


def question_cross(givens: dict[str, Any]) -> str:
    return (
        r"In cross-attention the decoder's tokens $X$ give $Q=XW_Q$, the encoder's output $M$ "
        r"gives $K=MW_K$ and $V=MW_V$; rows are tokens, and $dZ$ means $\partial L/\partial Z$. "
        rf"Give $\partial L/\partial M$.{_all_three(givens)}"
    )


def _all_three(givens: dict[str, Any]) -> str:
    first = r"\quad ".join(rf"d{p}={matrix(givens[f'd{p}'])}" for p in PATHS)
    second = r"\quad ".join(rf"W_{p}={matrix(givens[f'W_{p}'])}" for p in PATHS)
    return f"$${first}$$$${second}$$"


def question_residual(A: Matrix, G: Matrix, W_V: Matrix, W_O: Matrix) -> str:
    return (
        r"A layer with a residual: $Y=X+A\,(XW_V)\,W_O$; rows are tokens. The weights $A$ are "
        r"treated as constants, so nothing goes back through the scores. Coming back is "
        r"$G=\partial L/\partial Y$. Give $\partial L/\partial X$."
        rf"$$A={matrix(A)}\qquad G={matrix(G)}$$"
        rf"$$W_V={matrix(W_V)}\qquad W_O={matrix(W_O)}$$"
    )


def _path(letter: str, words: str, levels: tuple[int, ...]) -> Step:
    return Step(
        f"through_{letter.lower()}",
        words,
        f"D_{letter}",
        r"dQ\,W_Q^\top".replace("Q", letter),
        matmul_t,
        lambda givens: products(givens[f"d{letter}"][0], givens[f"W_{letter}"][0]),
        levels=levels,
        takes=(f"d{letter}", f"W_{letter}"),
    )


STEPS = (
    _path("Q", "Through the queries", (1,)),
    _path("K", "Through the keys", (1, 2)),
    _path("V", "Through the values", (1, 2)),
    Step(
        "d_input",
        "X was read three times: the three parts add up",
        partial("X"),
        "D_Q+D_K+D_V",
        lambda through_q, through_k, through_v: add(add(through_q, through_k), through_v),
        lambda through_q, through_k, through_v: (
            f"{cell(through_q[0][0])}+{factor(through_k[0][0])}+{factor(through_v[0][0])}"
        ),
        levels=(1,),
    ),
    Step(
        "d_input",
        "M was read twice: both parts add up",
        partial("M"),
        "D_K+D_V",
        lambda through_k, through_v: add(through_k, through_v),
        lambda through_k, through_v: f"{cell(through_k[0][0])}+{factor(through_v[0][0])}",
        levels=(2,),
    ),
    Step(
        "d_heads",
        "Back through the output projection",
        partial("O"),
        r"GW_O^\top",
        lambda G, W_O: matmul_t(G, W_O),
        lambda G, W_O: products(G[0], W_O[0]),
        levels=(3,),
    ),
    Step(
        "d_value",
        "Each value collects from the outputs it went into",
        partial("V"),
        r"A^\top\frac{\partial L}{\partial O}",
        lambda A, d_heads: matmul(transpose(A), d_heads),
        lambda A, d_heads: products(column(A), column(d_heads)),
        levels=(3,),
    ),
    Step(
        "branch",
        "Back through the value projection",
        "B",
        r"\frac{\partial L}{\partial V}W_V^\top",
        lambda d_value, W_V: matmul_t(d_value, W_V),
        lambda d_value, W_V: products(d_value[0], W_V[0]),
        levels=(3,),
    ),
    Step(
        "d_input",
        "The residual hands G on unchanged; the branch adds its part",
        partial("X"),
        "G+B",
        lambda G, branch: add(G, branch),
        lambda G, branch: f"{cell(G[0][0])}+{factor(branch[0][0])}",
        levels=(3,),
    ),
)


def _untransposed(letter: str, levels: tuple[int, ...]) -> Mistake:
    return Mistake(
        f"{letter.lower()}-weights-not-transposed",
        f"through_{letter.lower()}",
        matmul,
        r"You multiplied by $W_Q$; backward it is $W_Q^\top$.".replace("Q", letter),
        levels=levels,
        takes=(f"d{letter}", f"W_{letter}"),
        cause="product",
    )


MISTAKES = (
    Mistake(
        "query-path-only",
        "d_input",
        lambda through_q: through_q,
        "You went back through the queries only; X also gave the keys and the values.",
        levels=(1,),
        cause="paths",
    ),
    Mistake(
        "value-path-left-out",
        "d_input",
        lambda through_q, through_k: add(through_q, through_k),
        "You left out the path through the values.",
        levels=(1,),
        cause="paths",
    ),
    Mistake(
        "key-path-left-out",
        "d_input",
        lambda through_q, through_v: add(through_q, through_v),
        "You left out the path through the keys.",
        levels=(1,),
        cause="paths",
    ),
    Mistake(
        "query-path-left-out",
        "d_input",
        lambda through_k, through_v: add(through_k, through_v),
        "You left out the path through the queries.",
        levels=(1,),
        cause="paths",
    ),
    Mistake(
        "value-path-only",
        "d_input",
        lambda through_v: through_v,
        "You went back through the values only; queries and keys come from X too.",
        levels=(1,),
        cause="paths",
    ),
    Mistake(
        "mean-of-the-paths",
        "d_input",
        lambda d_input: [[x / 3 for x in row] for row in d_input],
        "You took the mean of the paths; gradients of what is used more than once add up.",
        levels=(1,),
        cause="paths",
    ),
    _untransposed("Q", (1,)),
    _untransposed("K", (1, 2)),
    _untransposed("V", (1, 2)),
    Mistake(
        "no-weight-transposed",
        "d_input",
        lambda dQ, dK, dV, W_Q, W_K, W_V: add(
            add(matmul(dQ, W_Q), matmul(dK, W_K)), matmul(dV, W_V)
        ),
        r"You multiplied by the projections; backward each one is transposed, $W^\top$.",
        levels=(1,),
        cause="product",
    ),
    Mistake(
        "query-path-added",
        "d_input",
        lambda dQ, W_Q, through_k, through_v: add(matmul_t(dQ, W_Q), add(through_k, through_v)),
        "You added the path of the queries; those come from the decoder, not from M.",
        when=lambda dQ, dK: len(dQ) == len(dK),
        levels=(2,),
        cause="paths",
    ),
    Mistake(
        "keys-only",
        "d_input",
        lambda through_k: through_k,
        "You went back through the keys only; M gave the values too.",
        levels=(2,),
        cause="paths",
    ),
    Mistake(
        "values-only",
        "d_input",
        lambda through_v: through_v,
        "You went back through the values only; M gave the keys too.",
        levels=(2,),
        cause="paths",
    ),
    Mistake(
        "no-weight-transposed",
        "d_input",
        lambda dK, dV, W_K, W_V: add(matmul(dK, W_K), matmul(dV, W_V)),
        r"You multiplied by the projections; backward each one is transposed, $W^\top$.",
        levels=(2,),
        cause="product",
    ),
    Mistake(
        "projections-crossed",
        "d_input",
        lambda dK, dV, W_K, W_V: add(matmul_t(dK, W_V), matmul_t(dV, W_K)),
        "You sent each gradient through the other one's projection.",
        levels=(2,),
        cause="paths",
    ),
    Mistake(
        "residual-left-out",
        "d_input",
        lambda branch: branch,
        "You left out the residual: it hands G on as it is.",
        levels=(3,),
        cause="residual",
    ),
    Mistake(
        "residual-only",
        "d_input",
        lambda G: [[2 * x for x in row] for row in G],
        "You took the branch for another copy of G; it goes back through three products.",
        levels=(3,),
        cause="residual",
    ),
    Mistake(
        "weights-not-transposed",
        "d_value",
        lambda A, d_heads: matmul(A, d_heads),
        r"You multiplied by $A$; each value collects its column of the weights, $A^\top$.",
        levels=(3,),
        cause="product",
    ),
    Mistake(
        "attention-left-out",
        "d_value",
        lambda d_heads: d_heads,
        r"You left out the attention between values and output: $A^\top$.",
        levels=(3,),
        cause="chain",
    ),
    Mistake(
        "output-weights-not-transposed",
        "d_heads",
        lambda G, W_O: matmul(G, W_O),
        r"You multiplied by $W_O$; backward it is $W_O^\top$.",
        levels=(3,),
        cause="product",
    ),
    Mistake(
        "value-weights-not-transposed",
        "branch",
        lambda d_value, W_V: matmul(d_value, W_V),
        r"You multiplied by $W_V$; backward it is $W_V^\top$.",
        levels=(3,),
        cause="product",
    ),
    Mistake(
        "projections-in-forward-order",
        "branch",
        lambda A, G, W_V, W_O: matmul_t(matmul_t(matmul(transpose(A), G), W_V), W_O),
        r"You went through $W_V$ first; the way back begins with what came last, $W_O$.",
        levels=(3,),
        cause="order",
    ),
)

FAMILIES = (
    Family(
        name="input-gradient",
        version=1,
        title="Gradient of the input of attention",
        topic="attention gradients",
        says="What was read several times collects a gradient from every path.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_self, 2: question_cross, 3: question_residual},
        precision={1: Exact(), 2: Exact(), 3: Exact()},
        convention="one row for each token",
        fine=fine,
        items=("N1.3", "N2.20", "N2.35", "N3.44", "N4.26"),
    ),
)
