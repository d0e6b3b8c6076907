"""The linear layer: one token, several tokens, then with weights as PyTorch stores them."""

from __future__ import annotations

from typing import Any

from studykit.answers import Exact
from studykit.problems.arithmetic import Matrix, Vector, add_row, matmul, matmul_t, scale, transpose
from studykit.problems.dice import Dice
from studykit.problems.family import Family, Mistake, Step
from studykit.problems.wording import factor, matrix, products, row


def draws(dice: Dice, level: int) -> dict[str, Any]:
    if level == 2:
        n, d_in, d_out = 2, 3, 2
    else:
        n, d_in = 1 if level == 1 else 2, dice.pick([2, 3])
        d_out = d_in  # square, so that the transposed weights fit as well
    return {
        "X": dice.matrix(n, d_in, -4, 4),
        "W": dice.matrix(d_out, d_in, -3, 3) if level == 3 else dice.matrix(d_in, d_out, -3, 3),
        "b": dice.vector(d_out, -5, 5),
    }


def fine(X: Matrix, W: Matrix, b: Vector) -> bool:
    """No token or bias of zeros, no symmetric weights."""
    return all(any(x) for x in X) and all(b) and any(any(r) for r in W) and transpose(W) != W


def question(X: Matrix, W: Matrix, b: Vector) -> str:
    tokens = "A token $x$ is a row" if len(X) == 1 else "The rows of $X$ are tokens"
    return (
        rf"{tokens}; the layer is $Y=XW+b$. Compute its output."
        rf"$$X={matrix(X)}\qquad W={matrix(W)}\qquad b={row(b)}$$"
    )


def question_stored(X: Matrix, W: Matrix, b: Vector) -> str:
    return (
        r"The rows of $X$ are tokens. PyTorch's `nn.Linear` stores its weight $W$ with a row for "
        r"each output. Compute the layer's output for these tokens."
        rf"$$X={matrix(X)}\qquad W={matrix(W)}\qquad b={row(b)}$$"
    )


STEPS = (
    Step(
        "product",
        "Every token times every column of the weights",
        "XW",
        r"\sum_c X_{ic}W_{cj}",
        lambda X, W: matmul(X, W),
        lambda X, W: products(X[0], [r[0] for r in W]),
        levels=(1, 2),
        entry=r"(XW)_{ij}",
    ),
    Step(
        "product",
        "Every token times every row of the stored weights",
        r"XW^\top",
        r"\sum_c X_{ic}W_{jc}",
        lambda X, W: matmul_t(X, W),
        lambda X, W: products(X[0], W[0]),
        levels=(3,),
        entry=r"(XW^\top)_{ij}",
    ),
    Step(
        "output",
        "The bias added to every token",
        "Y",
        "XW+b",
        lambda product, b: add_row(product, b),
        lambda product, b: rf"{product[0][0]}+{factor(b[0])}",
        levels=(1, 2),
    ),
    Step(
        "output",
        "The bias added to every token",
        "Y",
        r"XW^\top+b",
        lambda product, b: add_row(product, b),
        lambda product, b: rf"{product[0][0]}+{factor(b[0])}",
        levels=(3,),
    ),
)

MISTAKES = (
    Mistake(
        "weights-transposed",
        "product",
        lambda X, W: matmul_t(X, W),
        r"You used $XW^\top$ (as for $Wx$ with columns); here tokens are rows, $XW$.",
        levels=(1,),
        cause="transpose",
    ),
    Mistake(
        "not-transposed",
        "product",
        lambda X, W: matmul(X, W),
        r"You used $XW$; stored with a row for each output, the weights act as $XW^\top$.",
        levels=(3,),
        cause="transpose",
    ),
    Mistake(
        "bias-left-out",
        "output",
        lambda product: product,
        "You left out the bias.",
        cause="bias",
    ),
    Mistake(
        "bias-subtracted",
        "output",
        lambda product, b: add_row(product, [-x for x in b]),
        "You subtracted the bias; it is added.",
        cause="bias",
    ),
    Mistake(
        "bias-twice",
        "output",
        lambda product, b: add_row(product, [2 * x for x in b]),
        "You added the bias twice.",
        cause="bias",
    ),
    Mistake(
        "bias-for-first-token-only",
        "output",
        lambda product, b: [*add_row(product[:1], b), *product[1:]],
        "You added the bias to the first token only; every token gets it.",
        when=lambda X: len(X) > 1,
        cause="bias",
    ),
    Mistake(
        "bias-down-the-column",
        "output",
        lambda product, b: [[x + c for x in r] for r, c in zip(product, b, strict=False)],
        "You gave each token its own bias; each output has its own.",
        when=lambda X, b: len(X) == len(b) and len(set(b)) > 1,
        cause="bias",
    ),
    Mistake(
        "bias-before-the-weights",
        "output",
        lambda X, W, b: matmul(add_row(X, b), W),
        "You added the bias to the token before the weights.",
        levels=(1,),
        cause="bias",
    ),
    Mistake(
        "bias-multiplied",
        "output",
        lambda product, b: [[x * c for x, c in zip(r, b, strict=True)] for r in product],
        "You multiplied by the bias; it is added.",
        cause="bias",
    ),
    Mistake(
        "diagonal-only",
        "product",
        lambda X, W: [[x * W[j][j] for j, x in enumerate(r)] for r in X],
        "You used the diagonal of the weights alone; every output sums over all inputs.",
        levels=(1, 3),
        cause="product",
    ),
    Mistake(
        "sums-for-products",
        "product",
        lambda X, W: scale(matmul([[1] * len(W) for _ in X], W), 1),
        "You added up the weights without multiplying by the token.",
        levels=(1, 2),
        cause="product",
    ),
)

FAMILIES = (
    Family(
        name="linear-forward",
        version=1,
        title="Linear layer",
        topic="dot products and linear maps",
        says="Tokens in rows through weights and bias: XW + b.",
        draws=draws,
        steps=STEPS,
        mistakes=MISTAKES,
        question={1: question, 2: question, 3: question_stored},
        precision={1: Exact(), 2: Exact(), 3: Exact()},
        convention="one row for each token",
        fine=fine,
        items=("N2.15", "N2.16", "N2.17", "N2.46"),
    ),
)
