"""Where the norm stands: before the branch, after the sum, and before two branches in a row."""

from __future__ import annotations

from typing import Any

from studykit.answers import Exact, Places
from studykit.problems.arithmetic import Matrix, Vector, column, dot, matmul, plus, transpose
from studykit.problems.degenerate import some_zero_row
from studykit.problems.dice import Dice
from studykit.problems.exact import divide, sqrt
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.wording import cell, factor, matrix, products, row

UNIT_ROOT = ((1, 7), (2, 14), (3, 21), (7, 17))
"""Pairs whose root mean square is a whole number."""


def draws(dice: Dice, level: int) -> dict[str, Any]:
    if level == 1:
        x = [a * dice.pick([1, -1]) for a in dice.shuffled(dice.pick(UNIT_ROOT))]
        return {"x": x, "W": dice.matrix(2, 2, -3, 3)}
    given = {"x": dice.vector(2, -5, 5), "W": dice.matrix(2, 2, -3, 3)}
    return given if level == 2 else given | {"U": dice.matrix(2, 2, -2, 2)}


def fine(x: Vector, W: Matrix, level: int, givens: dict[str, Any]) -> bool:
    """Small matrices that change something."""
    if some_zero_row(W, transpose(W)) or 0 in x:
        return False
    if level == 3:
        U = givens["U"]
        if some_zero_row(U, transpose(U)) or abs(x[0]) == abs(x[1]):
            return False
        return bool(size(givens["middle"]) > 0.4)
    return all(abs(a) > 0.05 for a in givens["result"])


NORM = r"RMSNorm without gain, $N(x)=x/r$ with $r=\sqrt{\frac{1}{n}\sum x_i^2}$ ($\varepsilon=0$), "


def question_before(x: Vector, W: Matrix) -> str:
    return (
        rf"A block has a residual round the branch $F(u)=uW$. {NORM}stands before the branch "
        r"(pre-norm). Give the block's output for the token $x$, a row."
        rf"$$x={row(x)}\qquad W={matrix(W)}$$"
    )


def question_after(x: Vector, W: Matrix) -> str:
    return (
        rf"A block has a residual round the branch $F(u)=uW$. {NORM}stands after the sum "
        r"(post-norm). Give the block's output for the token $x$, a row."
        rf"$$x={row(x)}\qquad W={matrix(W)}$$"
    )


def question_two(x: Vector, W: Matrix, U: Matrix) -> str:
    return (
        rf"A pre-norm block has two branches one after the other, $F(u)=uW$ and $G(u)=uU$, each "
        rf"with a residual of its own. {NORM}stands before each branch. Give the block's output "
        r"for the token $x$, a row."
        rf"$$x={row(x)}\qquad W={matrix(W)}\qquad U={matrix(U)}$$"
    )


def size(x: Vector) -> Any:
    """The root of the mean square."""
    return sqrt(divide(dot(x, x), len(x)))


def normed(x: Vector) -> Vector:
    by = size(x)
    return [divide(a, by) for a in x]


def through(x: Vector, W: Matrix) -> Vector:
    return matmul([x], W)[0]


def _over(x: Vector) -> str:
    return rf"\frac{{{cell(x[0])}}}{{{cell(size(x))}}}"


STEPS = (
    Step(
        "normal",
        "The token normalised",
        "u",
        "N(x)",
        lambda x: normed(x),
        lambda x: _over(x),
        levels=(1, 3),
    ),
    Step(
        "branch",
        "Through the branch",
        "F(u)",
        "uW",
        lambda normal, W: through(normal, W),
        lambda normal, W: products(normal, column(W)),
        levels=(1, 3),
    ),
    Step(
        "result",
        "The residual adds the token as it came",
        "y",
        "x+F(u)",
        lambda x, branch: plus(x, branch),
        lambda x, branch: f"{cell(x[0])}+{factor(branch[0])}",
        levels=(1,),
    ),
    Step(
        "branch",
        "Through the branch, not normalised",
        "F(x)",
        "xW",
        lambda x, W: through(x, W),
        lambda x, W: products(x, column(W)),
        levels=(2,),
    ),
    Step(
        "total",
        "The residual",
        "s",
        "x+F(x)",
        lambda x, branch: plus(x, branch),
        lambda x, branch: f"{cell(x[0])}+{factor(branch[0])}",
        levels=(2,),
    ),
    Step(
        "result",
        "The sum normalised",
        "y",
        "N(s)",
        lambda total: normed(total),
        lambda total: _over(total),
        levels=(2,),
    ),
    Step(
        "middle",
        "The residual adds the token as it came",
        "m",
        "x+F(u)",
        lambda x, branch: plus(x, branch),
        lambda x, branch: f"{cell(x[0])}+{factor(branch[0])}",
        levels=(3,),
    ),
    Step(
        "normal_2",
        "That normalised",
        "v",
        "N(m)",
        lambda middle: normed(middle),
        lambda middle: _over(middle),
        levels=(3,),
    ),
    Step(
        "result",
        "Through the second branch, and its residual",
        "y",
        "m+vU",
        lambda middle, normal_2, U: plus(middle, through(normal_2, U)),
        lambda middle, normal_2, U: f"{cell(middle[0])}+{products(normal_2, column(U))}",
        levels=(3,),
    ),
)

MISTAKES = (
    Mistake(
        "post-norm",
        "result",
        lambda x, W: normed(plus(x, through(x, W))),
        "You normalised the sum: that is post-norm.",
        levels=(1,),
        cause="place",
    ),
    Mistake(
        "residual-normalised",
        "result",
        lambda normal, branch: plus(normal, branch),
        "You added the normalised token; the residual carries the token as it came.",
        levels=(1,),
        cause="residual",
    ),
    Mistake(
        "residual-left-out",
        "result",
        lambda branch: list(branch),
        "You left out the residual.",
        levels=(1,),
        cause="residual",
    ),
    Mistake(
        "norm-left-out",
        "normal",
        lambda x: list(x),
        "You left out the norm before the branch.",
        levels=(1, 3),
        cause="norm",
    ),
    Mistake(
        "branch-normalised",
        "result",
        lambda x, W: plus(x, normed(through(x, W))),
        "You normalised what comes out of the branch; the norm stands before it.",
        levels=(1,),
        cause="place",
    ),
    Mistake(
        "norm-by-length",
        "normal",
        lambda x: [divide(a, sqrt(dot(x, x))) for a in x],
        "You divided by the length; RMSNorm divides by the root of the mean square.",
        levels=(1, 3),
        cause="norm",
    ),
    Mistake(
        "pre-norm",
        "result",
        lambda x, W: plus(x, through(normed(x), W)),
        "You normalised before the branch: that is pre-norm.",
        levels=(2,),
        cause="place",
    ),
    Mistake(
        "norm-left-out",
        "result",
        lambda total: list(total),
        "You left out the norm after the sum.",
        levels=(2,),
        cause="norm",
    ),
    Mistake(
        "residual-after-the-norm",
        "result",
        lambda x, branch: plus(x, normed(branch)),
        "You normalised the branch and added the token afterwards; the sum is normalised.",
        levels=(2,),
        cause="place",
    ),
    Mistake(
        "residual-left-out",
        "total",
        lambda branch: list(branch),
        "You left out the residual.",
        levels=(2,),
        cause="residual",
    ),
    Mistake(
        "norm-by-length",
        "result",
        lambda total: [divide(a, sqrt(dot(total, total))) for a in total],
        "You divided by the length; RMSNorm divides by the root of the mean square.",
        levels=(2,),
        cause="norm",
    ),
    Mistake(
        "first-norm-again",
        "normal_2",
        lambda normal: list(normal),
        "You fed the first norm's result to the second branch; it gets the middle, normalised.",
        levels=(3,),
        cause="place",
    ),
    Mistake(
        "second-norm-left-out",
        "normal_2",
        lambda middle: list(middle),
        "You left out the norm before the second branch.",
        levels=(3,),
        cause="norm",
    ),
    Mistake(
        "post-norm",
        "result",
        lambda x, W, U: (lambda m: normed(plus(m, through(m, U))))(normed(plus(x, through(x, W)))),
        "You normalised the sums: that is post-norm.",
        levels=(3,),
        cause="place",
    ),
    Mistake(
        "second-residual-from-the-start",
        "result",
        lambda x, normal_2, U: plus(x, through(normal_2, U)),
        "You added the token of the start; the second residual carries the middle.",
        levels=(3,),
        cause="residual",
    ),
    Mistake(
        "residual-normalised",
        "result",
        lambda normal_2, U: plus(normal_2, through(normal_2, U)),
        "You added the normalised middle; the residual carries it as it is.",
        levels=(3,),
        cause="residual",
    ),
)

FAMILIES = (
    Family(
        name="pre-post-norm",
        version=1,
        title="Pre-norm and post-norm",
        topic="normalisation and blocks",
        says="Where the norm stands in a block with a residual.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question_before, 2: question_after, 3: question_two},
        precision={1: Exact(), 2: Places(3), 3: Places(3)},
        fine=fine,
        items=("N3.44", "N3.47", "N3.48"),
    ),
)
