"""Scores as a bilinear form: M = W_Q W_Kᵀ, a score both ways, then the symmetric part of M."""

from __future__ import annotations

from typing import Any

from studykit.answers import Exact
from studykit.problems.arithmetic import (
    Matrix,
    Vector,
    add,
    dot,
    matmul,
    matmul_t,
    shrink,
    subtract,
    transpose,
)
from studykit.problems.degenerate import some_zero_row
from studykit.problems.dice import Dice
from studykit.problems.family import Family, Mistake, Step, at_levels
from studykit.problems.wording import factor, matrix, products, row


def draws(dice: Dice, level: int) -> dict[str, Any]:
    d, d_k = (2, 1) if level == 1 else (2, 2) if level == 2 else dice.pick([(2, 2), (3, 2)])
    given: dict[str, Any] = {
        "W_Q": dice.matrix(d, d_k, -3, 3),
        "W_K": dice.matrix(d, d_k, -3, 3),
    }
    if level == 2:
        given |= {"x_1": dice.vector(2, -3, 3), "x_2": dice.vector(2, -3, 3)}
    return given


def fine(level: int, W_Q: Matrix, W_K: Matrix, form: Matrix, givens: dict[str, Any]) -> bool:
    """No empty rows, a form that is not symmetric; tokens that differ and scores that do."""
    if some_zero_row(W_Q, W_K) or W_Q == W_K or form == transpose(form):
        return False
    if level != 2:
        return True
    x_1, x_2 = givens["x_1"], givens["x_2"]
    there, back = givens["both"]
    return all(x_1) and all(x_2) and x_1 != x_2 and there != back and bool(there and back)


def question_form(W_Q: Matrix, W_K: Matrix) -> str:
    return (
        r"Tokens are rows: $q=xW_Q$ and $k=xW_K$. Without the scale, the score of $x_i$ for "
        r"$x_j$ is $x_i\,M\,x_j^\top$. Give the matrix $M$."
        rf"$$W_Q={matrix(W_Q)}\qquad W_K={matrix(W_K)}$$"
    )


def question_scores(W_Q: Matrix, W_K: Matrix, x_1: Vector, x_2: Vector) -> str:
    return (
        r"Tokens are rows: $q=xW_Q$ and $k=xW_K$. Without the scale, give the score $s_{12}$ "
        r"with which token 1 (as query) looks at token 2 (as key), then $s_{21}$, the other way."
        rf"$$x_1={row(x_1)}\qquad x_2={row(x_2)}$$"
        rf"$$W_Q={matrix(W_Q)}\qquad W_K={matrix(W_K)}$$"
    )


def question_symmetric(W_Q: Matrix, W_K: Matrix) -> str:
    return (
        r"Tokens are rows: $q=xW_Q$ and $k=xW_K$; the score is $x_i\,M\,x_j^\top$ without the "
        r"scale. What a token scores with itself depends only on the symmetric part of $M$, "
        r"$\frac{1}{2}(M+M^\top)$. Give this symmetric part."
        rf"$$W_Q={matrix(W_Q)}\qquad W_K={matrix(W_K)}$$"
    )


def score(x: Vector, M: Matrix, y: Vector) -> Any:
    return dot(matmul([x], M)[0], y)


STEPS = (
    Step(
        "form",
        "The form: query weights times transposed key weights",
        "M",
        r"W_QW_K^\top",
        lambda W_Q, W_K: matmul_t(W_Q, W_K),
        lambda W_Q, W_K: products(W_Q[0], W_K[0]),
    ),
    Step(
        "both",
        "The score both ways",
        r"(s_{12},\ s_{21})",
        r"\left(x_1Mx_2^\top,\ x_2Mx_1^\top\right)",
        lambda form, x_1, x_2: [score(x_1, form, x_2), score(x_2, form, x_1)],
        lambda form, x_1, x_2: products(matmul([x_1], form)[0], x_2),
        levels=(2,),
    ),
    Step(
        "symmetric",
        "Symmetric part",
        r"M_s",
        r"\frac{1}{2}(M+M^\top)",
        lambda form: shrink(add(form, transpose(form)), 2),
        lambda form: rf"\frac{{{form[0][0]}+{factor(form[0][0])}}}{{2}}",
        levels=(3,),
    ),
)

FORM = (
    Mistake(
        "form-transposed",
        "form",
        lambda form: transpose(form),
        r"You computed $W_KW_Q^\top$: that is $M^\top$, with query and key exchanged.",
        cause="order",
    ),
    Mistake(
        "not-transposed",
        "form",
        lambda W_Q, W_K: matmul(W_Q, W_K),
        r"You computed $W_QW_K$; the key weights are transposed, $W_QW_K^\top$.",
        when=lambda W_Q: len(W_Q[0]) == 2,
        cause="transpose",
    ),
    Mistake(
        "inner-for-outer",
        "form",
        lambda W_Q, W_K: matmul(transpose(W_Q), W_K),
        r"You computed $W_Q^\top W_K$, which is $d_k\times d_k$; the form is $W_QW_K^\top$.",
        cause="transpose",
    ),
    Mistake(
        "weights-multiplied-entrywise",
        "form",
        lambda W_Q, W_K: [
            [a * b for a, b in zip(r, s, strict=True)] for r, s in zip(W_Q, W_K, strict=True)
        ],
        "You multiplied the weights entry by entry; it is a product of matrices.",
        cause="product",
    ),
    Mistake(
        "query-weights-twice",
        "form",
        lambda W_Q: matmul_t(W_Q, W_Q),
        r"You used $W_Q$ for both; the keys have weights of their own.",
        cause="weights",
    ),
    Mistake(
        "key-weights-twice",
        "form",
        lambda W_K: matmul_t(W_K, W_K),
        r"You used $W_K$ for both; the queries have weights of their own.",
        cause="weights",
    ),
)

MISTAKES = (
    *at_levels((1, 2), FORM[:1]),
    *at_levels((2, 3), FORM[1:2]),
    *FORM[2:],
    Mistake(
        "taken-as-symmetric",
        "both",
        lambda form, x_1, x_2: [score(x_1, form, x_2)] * 2,
        "You gave one number for both; a form that is not symmetric looks differently each way.",
        levels=(2,),
        cause="symmetry",
    ),
    Mistake(
        "no-weights",
        "both",
        lambda x_1, x_2: [dot(x_1, x_2), dot(x_2, x_1)],
        "You multiplied the tokens themselves; queries and keys are projected.",
        levels=(2,),
        cause="weights",
    ),
    Mistake(
        "scores-with-themselves",
        "both",
        lambda form, x_1, x_2: [score(x_1, form, x_1), score(x_2, form, x_2)],
        "You gave what each token scores with itself.",
        levels=(2,),
        cause="tokens",
    ),
    Mistake(
        "form-for-part",
        "symmetric",
        lambda form: form,
        r"You gave $M$ itself; its symmetric part is the mean of $M$ and $M^\top$.",
        levels=(3,),
        cause="symmetry",
    ),
    Mistake(
        "half-left-out",
        "symmetric",
        lambda form: add(form, transpose(form)),
        r"You left out the half: the symmetric part is the mean of $M$ and $M^\top$.",
        levels=(3,),
        cause="symmetry",
    ),
    Mistake(
        "antisymmetric-part",
        "symmetric",
        lambda form: shrink(subtract(form, transpose(form)), 2),
        r"You subtracted $M^\top$: that is the antisymmetric part.",
        levels=(3,),
        cause="symmetry",
    ),
    Mistake(
        "product-with-transpose",
        "symmetric",
        lambda form: matmul_t(form, form),
        r"You computed $MM^\top$: symmetric, but not the symmetric part of $M$.",
        levels=(3,),
        cause="symmetry",
    ),
)

FAMILIES = (
    Family(
        name="qk-bilinear",
        version=1,
        title="Scores as a bilinear form",
        topic="QK bilinear form",
        says="Two weight matrices make one form, and it need not be symmetric.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_form, 2: question_scores, 3: question_symmetric},
        precision={1: Exact(), 2: Exact(), 3: Exact()},
        convention="",
        fine=fine,
        items=("N4.21", "N4.22", "N4.23", "N4.24"),
    ),
)
