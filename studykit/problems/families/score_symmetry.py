"""How far a score depends on who asks, and what one matrix for queries and keys would force."""

from __future__ import annotations

from typing import Any

from studykit.answers import Exact
from studykit.problems.arithmetic import (
    Matrix,
    Vector,
    add,
    dot,
    matmul,
    shrink,
    subtract,
    transpose,
)
from studykit.problems.dice import Dice
from studykit.problems.exact import divide, sqrt
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.wording import factor, matrix, products, row

# a − c and b of a symmetric matrix [[a, b], [b, c]] that has whole eigenvalues, and their distance.
LEGS = ((3, 2, 5), (-3, 2, 5), (6, 4, 10), (-6, 4, 10), (8, 3, 10), (-8, 3, 10), (5, 6, 13))


def draws(dice: Dice, level: int) -> dict[str, Any] | None:
    if level == 1:
        M = dice.matrix(2, 2, -4, 5)
        return {"M": M, "x_1": dice.vector(2, -3, 4), "x_2": dice.vector(2, -3, 4)}
    if level == 2:
        k = [dice.pick([-1, 1]) * dice.between(1, 6) for _ in range(3)]
        given = {"s_11": k[0] * k[0], "s_12": k[0] * k[1], "s_13": k[0] * k[2]}
        return given if len({abs(x) for x in k}) == 3 and abs(k[0]) > 1 else None
    gap, b, root = dice.pick(LEGS)
    b, c, skew = b * dice.pick([-1, 1]), dice.between(-6, 6), dice.between(1, 5)
    # The sum of the diagonal is even with the root, so that both eigenvalues are whole.
    return {"M": [[c + gap, b + skew], [b - skew, c]]} if (gap + root) % 2 == 0 else None


def fine(level: int, givens: dict[str, Any]) -> bool:
    """Scores that differ both ways; tokens without zeros; eigenvalues that are not 0."""
    if level == 1:
        (_, b), (c, _) = givens["M"]
        x_1, x_2 = givens["x_1"], givens["x_2"]
        return all(x_1) and all(x_2) and b != c and bool(givens["difference"])
    if level == 2:
        return True
    return all(givens["eigenvalues"]) and all(x for r in givens["M"] for x in r)


def question_difference(M: Matrix, x_1: Vector, x_2: Vector) -> str:
    return (
        r"The score of token $i$ for token $j$ is $s_{ij}=x_i\,M\,x_j^\top$ with "
        r"$M=W_QW_K^\top$. How much more does token 1 score token 2 than the other way round, "
        r"$s_{12}-s_{21}$?"
        rf"$$M={matrix(M)}\qquad x_1={row(x_1)}\qquad x_2={row(x_2)}$$"
    )


def question_shared(s_11: int, s_12: int, s_13: int) -> str:
    return (
        r"A head of width $d_k=1$ uses one matrix for both, $W_Q=W_K$. Its scores $s_{ij}=q_i k_j$ "
        rf"for token 1 are $s_{{11}}={s_11}$, $s_{{12}}={s_12}$, $s_{{13}}={s_13}$. Give "
        r"$s_{22}$, $s_{33}$ and $s_{23}$, which follow from these."
    )


def question_eigenvalues(M: Matrix) -> str:
    return (
        r"Scores are $x_i\,M\,x_j^\top$ with $M=W_QW_K^\top$. With $W_Q=W_K$ no token could score "
        r"itself below 0: the symmetric part $\frac{1}{2}(M+M^\top)$ would have no negative "
        r"eigenvalue. Give the eigenvalues of the symmetric part of this $M$, the larger first."
        rf"$$M={matrix(M)}$$"
    )


def score(x: Vector, M: Matrix, y: Vector) -> Any:
    return dot(matmul([x], M)[0], y)


def roots(trace: Any, square: Any) -> Vector:
    """(trace ± √square)/2, the larger first; for a negative square there is none."""
    if square < 0:
        raise ArithmeticError
    return [divide(trace + sqrt(square), 2), divide(trace - sqrt(square), 2)]


STEPS = (
    Step(
        "part",
        "Antisymmetric part",
        "A",
        r"\frac{1}{2}(M-M^\top)",
        lambda M: shrink(subtract(M, transpose(M)), 2),
        levels=(1,),
    ),
    Step(
        "difference",
        "The symmetric part cancels, the antisymmetric one counts twice",
        r"s_{12}-s_{21}",
        r"2\,x_1\,A\,x_2^\top",
        lambda part, x_1, x_2: 2 * score(x_1, part, x_2),
        lambda part, x_1, x_2: rf"2\cdot({products(matmul([x_1], part)[0], x_2)})",
        levels=(1,),
    ),
    Step(
        "second",
        "Score of token 2 with itself: query and key are one number",
        r"s_{22}",
        r"\frac{s_{12}^2}{s_{11}}",
        lambda s_11, s_12: divide(s_12 * s_12, s_11),
        lambda s_11, s_12: rf"\frac{{{factor(s_12)}^2}}{{{s_11}}}",
        levels=(2,),
    ),
    Step(
        "third",
        "Score of token 3 with itself",
        r"s_{33}",
        r"\frac{s_{13}^2}{s_{11}}",
        lambda s_11, s_13: divide(s_13 * s_13, s_11),
        lambda s_11, s_13: rf"\frac{{{factor(s_13)}^2}}{{{s_11}}}",
        levels=(2,),
    ),
    Step(
        "between",
        "Token 2 with token 3",
        r"s_{23}",
        r"\frac{s_{12}\,s_{13}}{s_{11}}",
        lambda s_11, s_12, s_13: divide(s_12 * s_13, s_11),
        lambda s_11, s_12, s_13: rf"\frac{{{factor(s_12)}\cdot {factor(s_13)}}}{{{s_11}}}",
        levels=(2,),
    ),
    Step(
        "all",
        "Together",
        r"(s_{22},\ s_{33},\ s_{23})",
        r"(s_{22},\ s_{33},\ s_{23})",
        lambda second, third, between: [second, third, between],
        levels=(2,),
    ),
    Step(
        "symmetric",
        "Symmetric part",
        r"\begin{bmatrix}a & b\\ b & c\end{bmatrix}",
        r"\frac{1}{2}(M+M^\top)",
        lambda M: shrink(add(M, transpose(M)), 2),
        levels=(3,),
    ),
    Step(
        "eigenvalues",
        "Eigenvalues of a symmetric 2×2 matrix",
        r"\lambda_{1,2}",
        r"\frac{a+c\pm\sqrt{(a-c)^2+4b^2}}{2}",
        lambda symmetric: roots(
            symmetric[0][0] + symmetric[1][1],
            (symmetric[0][0] - symmetric[1][1]) ** 2 + 4 * symmetric[0][1] ** 2,
        ),
        lambda symmetric: (
            rf"\frac{{{symmetric[0][0]}+{factor(symmetric[1][1])}+\sqrt{{"
            rf"({symmetric[0][0]}-{factor(symmetric[1][1])})^2+4\cdot {factor(symmetric[0][1])}^2"
            r"}}{2}"
        ),
        levels=(3,),
    ),
)

MISTAKES = (
    Mistake(
        "one-way-only",
        "difference",
        lambda M, x_1, x_2: score(x_1, M, x_2),
        r"You gave $s_{12}$ alone.",
        cause="symmetry",
    ),
    Mistake(
        "other-way-round",
        "difference",
        lambda difference: -difference,
        r"You gave $s_{21}-s_{12}$.",
        cause="order",
    ),
    Mistake(
        "counted-once",
        "difference",
        lambda difference: divide(difference, 2),
        "You counted the antisymmetric part once; it adds to one score and is taken from the "
        "other.",
        cause="half",
    ),
    Mistake(
        "half-left-out",
        "part",
        lambda M: subtract(M, transpose(M)),
        r"You left out the half of the antisymmetric part.",
        cause="half",
    ),
    Mistake(
        "scores-added",
        "difference",
        lambda M, x_1, x_2: score(x_1, M, x_2) + score(x_2, M, x_1),
        "You added the scores; then it is the antisymmetric part that cancels.",
        cause="symmetry",
    ),
    Mistake(
        "taken-as-symmetric",
        "difference",
        lambda: 0,
        r"The difference is 0 only if $M$ is symmetric, as with $W_Q=W_K$; here it is not.",
        cause="symmetry",
    ),
    Mistake(
        "not-divided",
        "all",
        lambda s_12, s_13: [s_12 * s_12, s_13 * s_13, s_12 * s_13],
        r"You did not divide by $s_{11}$, which both products contain.",
        cause="product",
    ),
    Mistake(
        "own-scores-alike",
        "all",
        lambda s_11, between: [s_11, s_11, between],
        "You gave every token the first one's score with itself; that is the square of its key.",
        cause="own",
    ),
    Mistake(
        "keys-for-scores",
        "all",
        lambda s_11, s_12, s_13: [
            divide(s_12, sqrt(s_11)),
            divide(s_13, sqrt(s_11)),
            divide(s_12 * s_13, s_11),
        ],
        "You gave the keys; a score with itself is the key's square.",
        cause="own",
    ),
    Mistake(
        "divided-by-the-key",
        "all",
        lambda s_11, s_12, s_13: [
            divide(x, sqrt(s_11)) for x in (s_12 * s_12, s_13 * s_13, s_12 * s_13)
        ],
        r"You divided by the first key; $s_{11}$ is its square.",
        cause="product",
    ),
    Mistake(
        "sign-of-the-product",
        "between",
        lambda between: -between,
        r"The sign of $s_{23}$ is wrong: it is the product of both signs.",
        cause="sign",
    ),
    Mistake(
        "signs-kept",
        "all",
        lambda second, third, between, s_12, s_13: [
            -second if s_12 < 0 else second,
            -third if s_13 < 0 else third,
            between,
        ],
        "A score with itself cannot be negative if queries and keys are the same.",
        when=lambda s_12, s_13: s_12 < 0 or s_13 < 0,
        cause="sign",
    ),
    Mistake(
        "eigenvalues-of-the-form",
        "eigenvalues",
        lambda M: roots(M[0][0] + M[1][1], (M[0][0] - M[1][1]) ** 2 + 4 * M[0][1] * M[1][0]),
        r"You took the eigenvalues of $M$ itself; the symmetric part was asked.",
        cause="symmetry",
    ),
    Mistake(
        "diagonal-for-eigenvalues",
        "eigenvalues",
        lambda symmetric: sorted([symmetric[0][0], symmetric[1][1]], reverse=True),
        "You gave the diagonal; that is right only without entries beside it.",
        cause="eigenvalues",
    ),
    Mistake(
        "half-left-out",
        "symmetric",
        lambda symmetric: [[2 * x for x in r] for r in symmetric],
        r"You left out the half of the symmetric part.",
        cause="half",
    ),
    Mistake(
        "smaller-first",
        "eigenvalues",
        lambda eigenvalues: list(reversed(eigenvalues)),
        "You gave the smaller one first.",
        cause="order",
    ),
    Mistake(
        "four-left-out",
        "eigenvalues",
        lambda symmetric: roots(
            symmetric[0][0] + symmetric[1][1],
            (symmetric[0][0] - symmetric[1][1]) ** 2 + symmetric[0][1] ** 2,
        ),
        r"Under the root it is $4b^2$.",
        cause="eigenvalues",
    ),
    Mistake(
        "sum-under-the-root",
        "eigenvalues",
        lambda symmetric: roots(
            symmetric[0][0] + symmetric[1][1],
            (symmetric[0][0] + symmetric[1][1]) ** 2 + 4 * symmetric[0][1] ** 2,
        ),
        "Under the root stands the difference of the diagonal, not its sum.",
        cause="eigenvalues",
    ),
)

FAMILIES = (
    Family(
        name="score-symmetry",
        version=1,
        title="Who asks whom",
        topic="QK bilinear form",
        says="What tells two tokens' scores for each other apart, and what sharing would force.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_difference, 2: question_shared, 3: question_eigenvalues},
        precision={1: Exact(), 2: Exact(), 3: Exact()},
        fine=fine,
        items=("N4.23", "N4.21", "N2.7"),
    ),
)
