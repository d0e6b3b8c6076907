"""From tokens to queries, keys and values: three matrices, one packed matrix, the whole head."""

from __future__ import annotations

from typing import Any

from studykit.answers import Exact, Places
from studykit.problems.arithmetic import (
    Matrix,
    Vector,
    add_row,
    matmul,
    matmul_t,
    shrink,
    softmax_rows,
    times,
)
from studykit.problems.attention_steps import (
    ATTENDED,
    SCALED,
    SCORES,
    WEIGHTS,
    steps_at,
    telling,
    telling_values,
)
from studykit.problems.degenerate import plain_squares, some_zero_row
from studykit.problems.dice import Dice
from studykit.problems.exact import sqrt
from studykit.problems.family import Family, Mistake, Step, at_levels, named
from studykit.problems.mistakes.output import OUTPUT
from studykit.problems.mistakes.scores import PRODUCT, SCALE
from studykit.problems.mistakes.weights import weight_mistakes
from studykit.problems.wording import factor, matrix, products, row

LETTERS = "QKV"
NAMES = ("query", "key", "value")


def draws(dice: Dice, level: int) -> dict[str, Any]:
    if level == 2:
        return {
            "x": dice.vector(2, -3, 4),
            "W": dice.matrix(2, 6, -3, 3),
            "b": dice.vector(6, -4, 4),
            "place": dice.pick([1, 2, 2, 3, 3]),
        }
    largest = 3 if level == 1 else 1
    weights = {f"W_{letter}": dice.pick(plain_squares(largest)) for letter in LETTERS}
    if level == 1:
        return {"x": dice.vector(2, -3, 4), **weights}
    return {"X": dice.pick(plain_squares(2)), **weights, "d_k": 2}


def fine(level: int, givens: dict[str, Any]) -> bool:
    """No zeros in a token or bias, telling values and weights."""
    if level == 2:
        return all(givens["x"]) and all(givens["b"]) and not some_zero_row(givens["W"])
    if level == 1:
        return all(givens["x"])
    return telling_values(givens["V"]) and telling(givens["weights"])


def question_three(x: Vector, W_Q: Matrix, W_K: Matrix, W_V: Matrix) -> str:
    return (
        r"A token $x$ is a row. Give its query, key and value, $q=xW_Q$, $k=xW_K$, $v=xW_V$, "
        r"as the three rows of a matrix."
        rf"$$x={row(x)}\qquad W_Q={matrix(W_Q)}$$"
        rf"$$W_K={matrix(W_K)}\qquad W_V={matrix(W_V)}$$"
    )


def question_packed(x: Vector, W: Matrix, b: Vector, place: int) -> str:
    return (
        r"One matrix makes query, key and value of a token at once: $xW+b$ is the query, then the "
        rf"key, then the value, side by side, each of width 2. Give the {NAMES[place - 1]}."
        rf"$$x={row(x)}\qquad W={matrix(W)}$$$$b={row(b)}$$"
    )


def question_head(X: Matrix, W_Q: Matrix, W_K: Matrix, W_V: Matrix, d_k: int) -> str:
    return (
        r"The rows of $X$ are two tokens. One head of self-attention without mask: $Q=XW_Q$, "
        rf"$K=XW_K$, $V=XW_V$; $d_k={d_k}$. "
        r"Compute $O=\mathrm{softmax}(QK^\top/\sqrt{d_k})\,V$."
        rf"$$X={matrix(X)}\qquad W_Q={matrix(W_Q)}$$"
        rf"$$W_K={matrix(W_K)}\qquad W_V={matrix(W_V)}$$"
    )


def third(packed: Vector, place: int) -> Vector:
    return packed[2 * place - 2 : 2 * place]


def attend(Q: Matrix, K: Matrix, V: Matrix) -> Matrix:
    return matmul(softmax_rows(shrink(matmul_t(Q, K), sqrt(len(Q[0])))), V)


def projection(name: str, title: str, takes: tuple[str, str], levels: tuple[int, ...]) -> Step:
    """x W for a token, X W for several."""
    token, weights = takes
    return Step(
        name,
        title,
        name,
        f"{token}{weights}",
        lambda x, W: matmul(x, W) if isinstance(x[0], list) else times(x, W),
        levels=levels,
        takes=takes,
    )


STEPS = (
    *(
        projection(letter.lower(), f"The token's {name}", ("x", f"W_{letter}"), (1,))
        for letter, name in zip(LETTERS, NAMES, strict=True)
    ),
    Step(
        "all",
        "The three rows",
        r"\begin{bmatrix}q\\ k\\ v\end{bmatrix}",
        r"\begin{bmatrix}xW_Q\\ xW_K\\ xW_V\end{bmatrix}",
        lambda q, k, v: [q, k, v],
        lambda x, W_Q: products(x, [r[0] for r in W_Q]),
        levels=(1,),
    ),
    Step(
        "packed",
        "All three at once",
        "xW+b",
        r"\sum_c x_cW_{cj}+b_j",
        lambda x, W, b: add_row([times(x, W)], b)[0],
        lambda x, W, b: products(x, [r[0] for r in W]) + f" + {factor(b[0])}",
        levels=(2,),
        entry=r"(xW+b)_j",
    ),
    Step(
        "part",
        "The two entries that are asked for",
        r"\text{part}",
        r"\text{entries 1–2: query, 3–4: key, 5–6: value}",
        lambda packed, place: third(packed, place),
        levels=(2,),
    ),
    projection("Q", "Queries of both tokens", ("X", "W_Q"), (3,)),
    projection("K", "Keys of both tokens", ("X", "W_K"), (3,)),
    projection("V", "Values of both tokens", ("X", "W_V"), (3,)),
    *steps_at((3,), SCORES, SCALED, WEIGHTS, ATTENDED),
)

ONE_TOKEN = (
    Mistake(
        "weights-transposed",
        "all",
        lambda x, W_Q, W_K, W_V: [matmul_t([x], W)[0] for W in (W_Q, W_K, W_V)],
        r"You used $xW^\top$ (as for $Wx$ with columns); here tokens are rows, $xW$.",
        cause="transpose",
    ),
    Mistake(
        "key-and-value-exchanged",
        "all",
        lambda q, k, v: [q, v, k],
        "You exchanged key and value.",
        cause="roles",
    ),
    Mistake(
        "query-and-key-exchanged",
        "all",
        lambda q, k, v: [k, q, v],
        "You exchanged query and key.",
        cause="roles",
    ),
    Mistake(
        "one-matrix-for-all",
        "all",
        lambda q: [q, q, q],
        "You used the queries' matrix three times; each role has its own.",
        cause="roles",
    ),
    Mistake(
        "not-projected",
        "all",
        lambda x: [x, x, x],
        "You gave the token itself three times; the matrices project it.",
        cause="roles",
    ),
    Mistake(
        "diagonal-only",
        "all",
        lambda x, W_Q, W_K, W_V: [[x[0] * W[0][0], x[1] * W[1][1]] for W in (W_Q, W_K, W_V)],
        "You used the diagonals alone; every output sums over all inputs.",
        cause="product",
    ),
)

PACKED = (
    Mistake(
        "query-given",
        "part",
        lambda packed: third(packed, 1),
        "You gave the query, which comes first.",
        when=lambda place: place != 1,
        cause="roles",
    ),
    Mistake(
        "key-given",
        "part",
        lambda packed: third(packed, 2),
        "You gave the key, which stands in the middle.",
        when=lambda place: place != 2,
        cause="roles",
    ),
    Mistake(
        "value-given",
        "part",
        lambda packed: third(packed, 3),
        "You gave the value, which comes last.",
        when=lambda place: place != 3,
        cause="roles",
    ),
    Mistake(
        "every-third",
        "part",
        lambda packed, place: packed[place - 1 :: 3],
        "You took every third entry; the three stand side by side as blocks.",
        cause="layout",
    ),
    Mistake(
        "bias-left-out",
        "packed",
        lambda x, W: times(x, W),
        "You left out the bias.",
        cause="bias",
    ),
    Mistake(
        "bias-of-the-query",
        "packed",
        lambda x, W, b: add_row([times(x, W)], b[:2] * 3)[0],
        "You took the first two biases; each part has its own.",
        when=lambda place: place != 1,
        cause="bias",
    ),
    Mistake(
        "columns-summed",
        "packed",
        lambda W, b: add_row([[sum(c) for c in zip(*W, strict=True)]], b)[0],
        "You added up the columns of the matrix without multiplying by the token.",
        cause="product",
    ),
)

HEAD = (
    Mistake(
        "not-projected",
        "output",
        lambda X: attend(X, X, X),
        "You attended with the tokens themselves; queries, keys and values are projections.",
        cause="projection",
    ),
    Mistake(
        "projections-transposed",
        "output",
        lambda X, W_Q, W_K, W_V: attend(matmul_t(X, W_Q), matmul_t(X, W_K), matmul_t(X, W_V)),
        r"You used $XW^\top$ (as if $Wx$ were meant, or PyTorch's layout); here $Q=XW_Q$.",
        cause="projection",
    ),
    Mistake(
        "values-not-projected",
        "V",
        lambda X: X,
        r"You weighed the tokens themselves; the values are $XW_V$.",
        cause="projection",
    ),
    Mistake(
        "key-and-value-exchanged",
        "output",
        lambda Q, K, V: attend(Q, V, K),
        "You exchanged keys and values.",
        cause="roles",
    ),
)

FAMILIES = (
    Family(
        name="token-projections",
        version=1,
        title="From tokens to queries, keys and values",
        topic="attention forward",
        says="Three projections of the same token, and one head from tokens to output.",
        draws=draws,
        steps=STEPS,
        mistakes=(
            *at_levels((1,), ONE_TOKEN),
            *at_levels((2,), PACKED),
            *at_levels((3,), HEAD),
            *at_levels((3,), named(SCALE, "no-scale", "divided-by-d", "times-root")),
            *at_levels((3,), named(PRODUCT, "no-transpose", "query-with-query", "key-with-query")),
            *at_levels(
                (3,),
                named(
                    weight_mistakes("scaled"),
                    "softmax-over-columns",
                    "softmax-over-everything",
                    "scaled-after-softmax",
                    "no-softmax",
                    "not-normalised",
                    "base-two",
                    "negated-scores",
                ),
            ),
            *at_levels((3,), named(OUTPUT, "weights-transposed", "weights-times-keys")),
            *at_levels((3,), named(OUTPUT, "stopped-at-weights", "plain-mean")),
        ),
        question={1: question_three, 2: question_packed, 3: question_head},
        precision={1: Exact(), 2: Exact(), 3: Places(3)},
        convention={1: "query, key, value from top to bottom", 2: "", 3: "one row for each token"},
        fine=fine,
        items=("N1.3", "N1.9", "N2.1", "N3.15", "N3.16", "N4.19"),
    ),
)
