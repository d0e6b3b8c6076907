"""Splitting into heads: which features a head gets, its scores, and where a feature is stored."""

from __future__ import annotations

from typing import Any

from studykit.answers import Exact
from studykit.problems.arithmetic import Matrix, matmul_t, shrink
from studykit.problems.dice import Dice
from studykit.problems.exact import sqrt
from studykit.problems.family import Family, Mistake, Step, at_levels, without
from studykit.problems.mistakes.scores import SCALE
from studykit.problems.wording import floor, matrix, products


def draws(dice: Dice, level: int) -> dict[str, Any]:
    if level == 1:
        n, H, d_k = dice.pick([(2, 2, 3), (2, 3, 2), (4, 2, 3), (3, 3, 2)])
        return {"X": dice.matrix(n, H * d_k, -9, 9), "H": H, "d_k": d_k, "j": dice.between(1, H)}
    if level == 2:
        return {
            "Q": dice.matrix(3, 8, -2, 2),
            "K": dice.matrix(3, 8, -2, 2),
            "d_model": 8,
            "d_k": 4,
            "j": dice.between(1, 2),
        }
    B, n = dice.pick([2, 4, 8]), 128 * dice.pick([1, 2, 4, 8])
    H, d_k = dice.pick([8, 12, 16, 32]), dice.pick([64, 128])
    return {
        "B": B,
        "n": n,
        "H": H,
        "d_k": d_k,
        "b": dice.between(1, B - 1),
        "t": dice.between(1, n - 1),
        "f": dice.between(d_k, H * d_k - 2),
    }


def fine(level: int, givens: dict[str, Any]) -> bool:
    """Numbers that differ, so that a wrong block shows; a feature inside its head."""
    if level == 1:
        flat = [x for row in givens["X"] for x in row]
        return len(set(flat)) == len(flat)
    if level == 2:
        return len({tuple(row) for row in givens["scores"]}) == 3
    head, inside = givens["place"]
    return bool(inside and head != inside and givens["f"] % givens["H"] != head)


def question_block(X: Matrix, H: int, d_k: int, j: int) -> str:
    return (
        rf"The projected tokens $X$ (rows are tokens, $d_{{model}}={H * d_k}$) are split into "
        rf"$H={H}$ heads of width $d_k={d_k}$, as `reshape(n, H, d_k)` does it. The heads are "
        rf"counted from 1. Give the matrix of head {j}, one row for each token."
        rf"$$X={matrix(X)}$$"
    )


def question_scores(Q: Matrix, K: Matrix, d_model: int, d_k: int, j: int) -> str:
    return (
        rf"Projected queries and keys of width $d_{{model}}={d_model}$ are split into 2 heads of "
        rf"width $d_k={d_k}$, as `reshape(n, 2, {d_k})` does it. Give the scaled scores "
        rf"$Q_{j}K_{j}^\top/\sqrt{{d_k}}$ of head {j} (heads are counted from 1)."
        rf"$$Q={matrix(Q)}$$$$K={matrix(K)}$$"
    )


def question_memory(B: int, n: int, H: int, d_k: int, b: int, t: int, f: int) -> str:
    return (
        rf"A contiguous tensor of shape $({B},\ {n},\ {H * d_k})$ is batch × tokens × features. It "
        rf"is viewed as $({B},\ {n},\ {H},\ {d_k})$, transposed to $({B},\ {H},\ {n},\ {d_k})$ and "
        rf"made contiguous again (last axis fastest). Take feature ${f}$ of token ${t}$ of "
        rf"sequence ${b}$, all counted from 0. Give its head, its component in the head, and its "
        r"offset in the final memory (in numbers, from 0)."
    )


def block(X: Matrix, d_k: int, j: int) -> Matrix:
    return [row[(j - 1) * d_k : j * d_k] for row in X]


def strided(X: Matrix, d_k: int, j: int) -> Matrix:
    """Every H-th feature, from feature j on."""
    return [row[j - 1 :: len(row) // d_k] for row in X]


def reshaped(X: Matrix, d_k: int, j: int) -> Matrix:
    """Head j of `reshape(H, n, d_k)`: the numbers in one row, cut without regard to tokens."""
    flat, size = [x for row in X for x in row], len(X) * d_k
    return [flat[i : i + d_k] for i in range((j - 1) * size, j * size, d_k)]


STEPS = (
    Step(
        "head",
        "Neighbouring features make a head; every head keeps all tokens",
        "X_j",
        r"\text{columns } (j-1)\,d_k+1\ \text{to}\ j\,d_k\ \text{of}\ X",
        lambda X, d_k, j: block(X, d_k, j),
        levels=(1,),
    ),
    Step(
        "head_q",
        "Queries of this head",
        "Q_j",
        r"\text{columns } (j-1)\,d_k+1\ \text{to}\ j\,d_k\ \text{of}\ Q",
        lambda Q, d_k, j: block(Q, d_k, j),
        levels=(2,),
    ),
    Step(
        "head_k",
        "Keys of this head",
        "K_j",
        r"\text{the same columns of}\ K",
        lambda K, d_k, j: block(K, d_k, j),
        levels=(2,),
    ),
    Step(
        "scores",
        "Every query with every key",
        "S",
        r"Q_jK_j^\top",
        lambda head_q, head_k: matmul_t(head_q, head_k),
        lambda head_q, head_k: products(head_q[0], head_k[0]),
        levels=(2,),
    ),
    Step(
        "scaled",
        "Scaled by the root of the head's own width",
        r"\hat S",
        r"\frac{S}{\sqrt{d_k}}",
        lambda scores, d_k: shrink(scores, sqrt(d_k)),
        levels=(2,),
    ),
    Step(
        "place",
        "Head and component: whole heads before the feature, and what is left",
        r"(h,\ c)",
        r"\left(\left\lfloor\frac{f}{d_k}\right\rfloor,\ f-h\,d_k\right)",
        lambda f, d_k: [f // d_k, f % d_k],
        lambda f, d_k: floor(f, d_k),
        levels=(3,),
    ),
    Step(
        "offset",
        "Offset, the last axis fastest",
        "o",
        r"((b\,H+h)\,n+t)\,d_k+c",
        lambda place, b, H, n, t, d_k: ((b * H + place[0]) * n + t) * d_k + place[1],
        lambda place, b, H, n, t, d_k: (
            rf"(({b}\cdot {H}+{place[0]})\cdot {n}+{t})\cdot {d_k}+{place[1]}"
        ),
        levels=(3,),
    ),
    Step(
        "all",
        "Together",
        r"(h,\ c,\ o)",
        r"(h,\ c,\ o)",
        lambda place, offset: [*place, offset],
        levels=(3,),
    ),
)

MISTAKES = (
    Mistake(
        "interleaved",
        "head",
        lambda X, d_k, j: strided(X, d_k, j),
        "You dealt the features out in turn; neighbouring features belong to one head.",
        levels=(1,),
        cause="layout",
    ),
    Mistake(
        "reshaped-without-transpose",
        "head",
        lambda X, d_k, j: reshaped(X, d_k, j),
        "You cut the numbers row by row, as `reshape(H, n, d_k)` does: that mixes tokens.",
        levels=(1,),
        cause="layout",
    ),
    Mistake(
        "heads-from-zero",
        "head",
        lambda X, d_k, j: block(X, d_k, j + 1),
        "This is the head after it; head 1 is the first.",
        when=lambda H, j: j < H,
        levels=(1,),
        cause="index",
    ),
    Mistake(
        "head-before",
        "head",
        lambda X, d_k, j: block(X, d_k, j - 1),
        "This is the head before it; head 1 is the first.",
        when=lambda j: j > 1,
        levels=(1,),
        cause="index",
    ),
    Mistake(
        "heads-as-width",
        "head",
        lambda X, H, j: block(X, H, j),
        "You cut pieces as wide as there are heads; a head is d_model/H wide.",
        when=lambda H, d_k, j: d_k != H and j <= d_k,
        levels=(1,),
        cause="width",
    ),
    Mistake(
        "tokens-split",
        "head",
        lambda X, H, j: X[(j - 1) * len(X) // H : j * len(X) // H],
        "You split the tokens; every head sees all tokens and a part of the features.",
        when=lambda X, H: len(X) % H == 0,
        levels=(1,),
        cause="axis",
    ),
    Mistake(
        "interleaved",
        "scores",
        lambda Q, K, d_k, j: matmul_t(strided(Q, d_k, j), strided(K, d_k, j)),
        "You dealt the features out in turn; neighbouring features belong to one head.",
        levels=(2,),
        cause="layout",
    ),
    Mistake(
        "reshaped-without-transpose",
        "scores",
        lambda Q, K, d_k, j: matmul_t(reshaped(Q, d_k, j), reshaped(K, d_k, j)),
        "You cut the numbers row by row, as `reshape(H, n, d_k)` does: that mixes tokens.",
        levels=(2,),
        cause="layout",
    ),
    Mistake(
        "other-head",
        "scores",
        lambda Q, K, d_k, j: matmul_t(block(Q, d_k, 3 - j), block(K, d_k, 3 - j)),
        "You used the other head's features.",
        levels=(2,),
        cause="index",
    ),
    Mistake(
        "one-big-head",
        "scores",
        lambda Q, K: matmul_t(Q, K),
        "You used all features together; each head scores with its own part.",
        levels=(2,),
        cause="width",
    ),
    *at_levels((2,), without(SCALE, "root-of-value-width", "root-of-heads")),
    Mistake(
        "interleaved",
        "place",
        lambda f, H: [f % H, f // H],
        "You dealt the features out in turn; neighbouring features belong to one head.",
        levels=(3,),
        cause="layout",
    ),
    Mistake(
        "head-and-component-exchanged",
        "all",
        lambda place, offset: [place[1], place[0], offset],
        "You exchanged head and component.",
        levels=(3,),
        cause="index",
    ),
    Mistake(
        "heads-from-one",
        "place",
        lambda place: [place[0] + 1, place[1]],
        "You counted heads from 1; here the first is 0.",
        levels=(3,),
        cause="index",
    ),
    Mistake(
        "not-transposed",
        "offset",
        lambda b, n, t, H, d_k, f: (b * n + t) * H * d_k + f,
        "This is the offset before the transposition; afterwards heads come before tokens.",
        levels=(3,),
        cause="layout",
    ),
    Mistake(
        "batch-left-out",
        "offset",
        lambda place, n, t, d_k: (place[0] * n + t) * d_k + place[1],
        "You left out the sequences before this one.",
        levels=(3,),
        cause="layout",
    ),
    Mistake(
        "strides-of-the-wrong-axes",
        "offset",
        lambda place, b, H, n, t, d_k: ((b * n + place[0]) * H + t) * d_k + place[1],
        "You counted as if the axes were batch, tokens, heads; head h lies h·n rows in.",
        levels=(3,),
        cause="layout",
    ),
)

FAMILIES = (
    Family(
        name="split-heads",
        version=1,
        title="Splitting into heads",
        topic="heads and W_O",
        says="Which features a head gets, and where they lie.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_block, 2: question_scores, 3: question_memory},
        precision={1: Exact(), 2: Exact(), 3: Exact()},
        convention={2: "rows are queries, columns keys"},
        fine=fine,
        items=("N3.35", "N3.29", "N4.27"),
    ),
)
