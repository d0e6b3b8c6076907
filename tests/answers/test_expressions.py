"""Readings of formulas: one meaning in every notation, shapes in words, refusals."""

from __future__ import annotations

import pytest

from studykit.answers import AnswerError, echo, read_expression, same_expression, tex
from studykit.answers.asking import read_asked

LOSS = {"x": "real", "w": "real", "b": "real", "y": "real"}
ATTENTION = {
    "Q": "n×d_k",
    "K": "n_k×d_k",
    "V": "n_k×d_v",
    "A": "n×n_k",
    "dA": "n×n_k",
    "dO": "n×d_v",
    "X": "n×d",
    "dQ": "n×d_k",
    "W_Q": "d×d_k",
    "d_k": "positive",
}
INDEXED = {"z": "vector n", "p": "vector n", "y": "vector n", "W": "n×m", "x": "vector m"}
GREEK = {"α": "real", "β_1": "real", "sigma": "real", "ŷ": "real", "y": "real", "mu": "real"}

SAME_READING: list[tuple[dict[str, str], str, list[str]]] = [
    (ATTENTION, "A^T dO", [r"\mathbf{A}^\top d\mathbf{O}", r"A^{\mathsf T} \, dO", "A.T.mm(dO)"]),
    (
        INDEXED,
        "(z - mean(z))/sqrt(var(z))",
        ["(z - z.mean())/z.std()", "(z-z.mean())/z.var().sqrt()"],
    ),
    (INDEXED, "exp(z)/sum(exp(z))", ["z.exp()/z.exp().sum()", "z.softmax(0)"]),
    (
        LOSS,
        "2*(w*x+b-y)*x",
        [
            "2(wx+b-y)x",
            "2x(wx+b-y)",
            "2 (w x + b - y) x",
            "2·(w·x+b−y)·x",
            "2×(w×x+b-y)×x",
            "2 * (w * x + b - y) * x",
            "(wx+b-y)*2x",
            "(wx+b-y)(2x)",
            "2x*(x*w - y + b)",
            r"2(wx+b-y)x",
            r"2\left(wx+b-y\right)x",
            r"2 \cdot (w x + b - y) \cdot x",
            r"$2(wx+b-y)x$",
            r"\[ 2\big(wx+b-y\big)\,x \]",
            "2[wx+b-y]x",
            "2wx²+2bx-2xy",
            "2*w*x**2 + 2*b*x - 2*x*y",
            "2wx^{2} + 2x(b-y)",
            "2\u2009(w\u00a0x+b-y)\u2009x",
        ],
    ),
    (
        LOSS,
        "1/(1+exp(-w*x))",
        [
            "1/(1+e^(-wx))",
            "1/(1+e^{-wx})",
            "(1+e^(-wx))^-1",
            "(1+e^(-wx))⁻¹",
            "sigmoid(wx)",
            "σ(wx)",
            "σ(w x)",
            "sigmoid(w*x)",
            "Sigmoid(wx)",
            r"\frac{1}{1+e^{-wx}}",
            r"\dfrac{1}{1+\exp(-wx)}",
            r"\sigma(wx)",
            r"\operatorname{sigmoid}(wx)",
            r"\mathrm{sigmoid}\left(w x\right)",
            "1/(1+np.exp(-w*x))",
            "1 / (1 + math.exp(-w*x))",
            "torch.sigmoid(w*x)",
        ],
    ),
    (
        ATTENTION,
        "softmax(Q @ K.T / sqrt(d_k)) @ V",
        [
            "softmax(Q K^T / sqrt(d_k)) V",
            "softmax(QK^T/√d_k)V",
            "softmax(QKᵀ/√d_k) V",
            "softmax(QK'/sqrt(dk))V",
            "softmax(Q*K^T/sqrt(d_k))*V",
            "softmax(Q·Kᵀ/√dₖ)·V",
            "softmax(Q@K^T/d_k^0.5)@V",
            "softmax(Q@K.T/d_k**0.5)@V",
            "softmax(Q K^T d_k^(-1/2)) V",
            "softmax(1/√d_k Q K^T) V",
            "softmax(Q @ K.transpose(-2, -1) / sqrt(d_k), dim=-1) @ V",
            "softmax(Q @ K.mT / math.sqrt(d_k), axis=-1) @ V",
            "F.softmax(Q @ K.T / sqrt(d_k), dim=-1) @ V",
            "softmax(matmul(Q, transpose(K))/sqrt(d_k)) V",
            r"\operatorname{softmax}\left(\frac{QK^\top}{\sqrt{d_k}}\right)V",
            r"\mathrm{softmax}\!\left(\frac{Q K^{T}}{\sqrt{d_{k}}}\right) V",
            r"\text{softmax}\left(\frac{\mathbf{Q}\mathbf{K}^{\top}}{\sqrt{d_k}}\right)\mathbf{V}",
            "(V^T softmax(Q K^T/√d_k)^T)^T",
        ],
    ),
    (
        ATTENTION,
        "A.T @ dO",
        [
            "A^T dO",
            "A^TdO",
            "Aᵀ dO",
            "AᵀdO",
            "A' dO",
            "A^T*dO",
            "A^{T} dO",
            "A^⊤ dO",
            "transpose(A) dO",
            "A.T.dot(dO)",
            "A.transpose().dot(dO)",
            "A.mT.matmul(dO)",
            "A.T.mm(dO)",
            "(A.T).dot(dO)",
            "np.dot(A.T, dO)",
            r"A^\mathsf{T}\mathrm{d}O",
            r"A^{\mathsf{T}} \mathrm{d}O",
            r"A^{\mathrm T}\,\mathrm{d}\mathbf{O}",
            r"A^{\mathsf T}\mathrm{d} O",
            "(dO^T A)^T",
            r"A^\top dO",
            r"A^{\top}\,dO",
            r"\mathbf{A}^{T}dO",
        ],
    ),
    (
        ATTENTION,
        "A*(dA - rowsum(A*dA))",
        [
            "A⊙(dA - rowsum(A⊙dA))",
            "A∘(dA - rowsum(A∘dA))",
            "A*dA - A*rowsum(A*dA)",
            "A*(dA - sum(A*dA, axis=-1, keepdims=True))",
            "A*(dA - sum(A*dA, dim=1, keepdim=True))",
            "A*(dA - row_sum(dA*A))",
            r"A \odot \left(dA - \operatorname{rowsum}(A \odot dA)\right)",
            "A_ij(dA_ij - Σ_k A_ik dA_ik)",
        ],
    ),
    (
        ATTENTION,
        "X @ W_Q",
        ["X W_Q", "XW_Q", "X*W_Q", "X W^Q", "XW^Q", r"X W_{Q}", r"XW^{Q}", "X WQ", "X·W_Q"],
    ),
    (
        INDEXED,
        "exp(z_i)/sum(exp(z))",
        [
            "e^z_i/Σ_j e^z_j",
            "e^{z_i}/Σ_j e^{z_j}",
            "e^(z_i)/sum_j e^(z_j)",
            "exp(z_i)/sum_j exp(z_j)",
            "exp(z_i)/sum_{j=1}^n exp(z_j)",
            "exp(z_i)/sum(exp(z_j), j)",
            "exp(z_i)/sum(exp(z_j), j, 1, n)",
            "exp(z_i)/(Σ_k exp(z_k))",
            "exp(zᵢ)/∑ⱼ exp(zⱼ)",
            "softmax(z)_i",
            "softmax(z)",
            r"\frac{e^{z_i}}{\sum_j e^{z_j}}",
            r"\frac{\exp(z_i)}{\sum_{j=1}^{n}\exp(z_j)}",
            r"\dfrac{e^{z_{i}}}{\sum\limits_{k} e^{z_{k}}}",
        ],
    ),
    (
        INDEXED,
        "p_i*(delta_ij - p_j)",
        [
            "p_i(δ_ij - p_j)",
            "p_i(δ_{ij}-p_j)",
            "p_i δ_ij - p_i p_j",
            "p_iδ_ij - p_ip_j",
            "pᵢ(δᵢⱼ − pⱼ)",
            r"p_i(\delta_{ij}-p_j)",
            r"p_i \left( \delta_{i,j} - p_j \right)",
            "diag(p) - p p^T",
            "diag(p) - outer(p, p)",
            "p_j(delta_ij - p_i)",
        ],
    ),
    (
        ATTENTION,
        "A*(dA - rowsum(A*dA))",
        [
            "A*(dA - (A*dA).sum(-1, keepdims=True))",
            "A * (dA - (dA * A).sum(axis=-1, keepdims=True))",
            "A * (dA - (dA * A).sum(dim=-1, keepdim=True))",
            "A .* (dA - rowsum(A .* dA))",
            "A.*dA - A.*rowsum(A.*dA)",
            "A ⊙ (dA - (A ⊙ dA).sum(1, keepdims=True))",
        ],
    ),
    (ATTENTION, "tr(A dA^T)", ["(A*dA).sum()", "(A.*dA).sum()", "sum(A.*dA)"]),
    (ATTENTION, "A", ["A .* ones(n, n_k)"]),
    (ATTENTION, "2(A ⊙ dA ⊙ A)", ["2(A.*dA.*A)", "(A.*dA.*A)*2"]),
    (ATTENTION, "sum(Q, axis=0)", ["Q.sum(0)", "Q.sum(axis=0)", "Q.sum(-2)"]),
    (ATTENTION, "softmax(Q K^T) V", ["(Q @ K.T).softmax(-1) @ V", "Q.dot(K.T).softmax(-1).dot(V)"]),
    (ATTENTION, "2Q - X.dot(W_Q)", ["Q*2 - X @ W_Q", "2Q - XW_Q"]),
    (INDEXED, "sum(z) + max(p)", ["z.sum() + p.max()", "z.sum(0) + p.max(axis=0)"]),
    (INDEXED, "W @ x", ["W.dot(x)", "W x", "Wx", "W·x", "Σ_j W_ij x_j", "Σ_j x_j W_ij"]),
    (
        GREEK,
        "α*β_1 + sigma^2",
        ["alpha beta_1 + σ²", r"\alpha\beta_1+\sigma^2", "αβ_1+σ^2", "α beta_{1} + σ*σ"],
    ),
    (
        GREEK,
        "(ŷ - y)^2",
        ["(yhat-y)^2", "(y_hat - y)²", r"(\hat{y}-y)^2", r"\left(\hat y - y\right)^2"],
    ),
]

REFUSED: list[tuple[dict[str, str], str, int, str]] = [
    (ATTENTION, "ATdO", 0, "for the transpose write A^T dO"),
    (ATTENTION, "dOT", 0, "for the transpose write dO^T"),
    (LOSS, "x/0", 2, "divides by zero"),
    (LOSS, "1/2x", 1, "divided"),
    (LOSS, "x/2y", 1, "divided"),
    (LOSS, "x/yw", 1, "divided"),
    (LOSS, "1/(2)x", 1, "divided"),
    (LOSS, "x/y z", 4, "not a name"),
    (LOSS, "x/y w", 1, "divided"),
    (LOSS, "e^2x", 1, "exponent"),
    (LOSS, "e^xy", 1, "exponent"),
    (LOSS, "2^3x", 1, "exponent"),
    (LOSS, "ln x y", 0, "ln"),
    (LOSS, "ln x/y", 0, "ln"),
    (LOSS, "sin(x", 3, "never closed"),
    (LOSS, "sin^-1 x", 0, "inverse"),
    (LOSS, "√xy", 0, "root"),
    (LOSS, "√x^2", 2, "root"),
    (LOSS, "x2", 0, "unclear"),
    (LOSS, "sinx", 0, "Write sin(x)"),
    (LOSS, "sin2x", 0, "Write sin(2x)"),
    (LOSS, "xlnx", 1, "Write ln(x)"),
    (LOSS | {"s": "real", "i": "real", "n": "real"}, "sinx", 0, "Write sin(x)"),
    (LOSS, "ex", 0, "e^x"),
    (LOSS, "x'", 1, "no transpose"),
    (LOSS, "log_b x", 0, "log_b"),
    (LOSS, "(x+1)2", 5, "number follows"),
    (LOSS, "q", 0, "not a name"),
    (LOSS, "X", 0, "Did you mean x"),
    (LOSS, "exq(x)", 0, "not a name known here. The names are"),
    (LOSS, "sigmod(x)", 0, "Did you mean sigmoid?"),
    (LOSS, "softmx(x)", 0, "Did you mean softmax?"),
    (LOSS, "tahn(x)", 0, "not a name known here. The names are"),
    (LOSS, "abc", 0, "not a name known here. The names are"),
    (LOSS, "minus x", 0, "not a name known here. The names are"),
    (LOSS, "sigma(x)", 0, "not a name known here. The names are"),
    (LOSS, "sigma x", 0, "not a name known here. The names are"),
    (ATTENTION, "F.linear(X, W_Q)", 2, "not a name known here. The names are"),
    ({"V": "n×d_v", "A": "n×n"}, "dV", 0, "not a name known here. The names are"),
    (ATTENTION, "DO", 0, "Did you mean dO?"),
    ({"weights": "n×m", "x": "real"}, "wieghts", 0, "Did you mean weights?"),
    ({"weights": "n×m", "x": "real"}, "weigth(x)", 0, "not a name known here. The names are"),
    (LOSS, "x = 2", 2, "without ="),
    (LOSS, "x,y", 1, "comma"),
    (LOSS, "|x|y|", 4, "paired"),
    (LOSS, "∂L/∂w", 0, "∂"),
    (LOSS, r"\frac{\partial L}{\partial w}", 6, r"\partial"),
    (LOSS, "x^^2", 2, "missing before"),
    (LOSS, "x**", 1, "missing after"),
    (LOSS, "x.real", 1, "looked up"),
    (LOSS, "x[0]", 1, "index"),
    (LOSS, "lambda x: x", 0, "not a name"),
    (LOSS, "softmax(x)", 0, "one number"),
    (LOSS, "x@", 1, "missing after"),
    (LOSS, "inf*x", 0, "Infinity"),
    (ATTENTION, "A dO", 2, "A is n×n_k and dO is n×d_v, so A·dO does not multiply; with Aᵀ it"),
    (ATTENTION, "dO A", 3, "with dOᵀ it would"),
    (ATTENTION, "Q K", 2, "with Kᵀ it would"),
    (ATTENTION, "Q + V", 4, "cannot be added"),
    (ATTENTION, "A - A^T", 2, "cannot be subtracted; you need A without the transpose"),
    (ATTENTION, "Q ⊙ V", 4, "entry by entry"),
    (ATTENTION, "tr(A)", 0, "square"),
    (ATTENTION, "A^-1", 1, "only a square matrix"),
    (ATTENTION, "QKT", 0, "QK^T"),
    (ATTENTION, "rowsum(d_k)", 0, "one number"),
    (ATTENTION, "A .* dA dO", 8, "Which product comes first"),
    (ATTENTION, "A @ V .* dO", 6, "Which product comes first"),
    (ATTENTION, "2A.*dA", 2, "Which product comes first"),
    (ATTENTION, "A.*dA/2", 5, "Which product comes first"),
    (ATTENTION, "2**A.sum()", 4, "How far back"),
    (ATTENTION, "QK.sum()", 2, "How far back"),
    (ATTENTION, "A.sum(2)", 1, "axes 0 and 1"),
    (ATTENTION, "A.sum(-1, keep=3)", 1, "Only .T"),
    (ATTENTION, "A.dot()", 6, "missing"),
    (ATTENTION, "A.dot(dO, V)", 5, "takes 2"),
    (ATTENTION, "A.dot(V", 5, "never closed"),
    (ATTENTION, "A - (A*dA).sum(-1)", 2, "keepdims=True"),
    (ATTENTION, ".sum()", 0, "missing before"),
    (ATTENTION, r"\mathrm{d}Z", 0, "not a name"),
    (INDEXED, "p y", 2, "both vectors"),
    (INDEXED, "p_i + W_ij x_i", 11, "runs to"),
    (INDEXED, "Σ_j p_i", 0, "over what j runs"),
    (INDEXED, "Wx_i", 0, "Use brackets"),
    (INDEXED, "|x|", 0, "abs(…) or ‖…‖"),
    (ATTENTION, "A*(dA - sum(A*dA, axis=1))", 6, "keepdims=True"),
    (INDEXED, "Σ_{k=1}^{z} k", 0, "whole numbers"),
    (INDEXED, "max_i W_i", 0, "over numbers"),
    (INDEXED, "root(z, z)", 0, "is a number"),
    (INDEXED, "z_0", 0, "counted from 1"),
    (INDEXED, "e^z_i/Σ_j e^z_j*p_i", 6, "How far does this sum reach"),
    (INDEXED, "z_ijk", 0, "not a name"),
    (INDEXED, "softmax(z_i)", 0, "one number"),
    (INDEXED, "W*x", 2, "product or entry by entry"),
    ({"d": "real", "k": "real", "d_k": "real"}, "dk", 0, "more than one way"),
    ({"x": "real", "W_Q": "3×3"}, "WV", 0, "not a name"),
]


def cases() -> list[tuple[dict[str, str], str, str]]:
    return [(names, key, text) for names, key, texts in SAME_READING for text in texts]


@pytest.mark.parametrize(("names", "key", "text"), cases())
def test_every_notation_of_a_formula_is_read_alike(
    names: dict[str, str], key: str, text: str
) -> None:
    given = read_expression(text, names)
    assert same_expression(given, read_expression(key, names)).result == "right"


@pytest.mark.parametrize(("names", "key", "text"), cases())
def test_echo_and_tex_of_a_formula_read_back(names: dict[str, str], key: str, text: str) -> None:
    given = read_expression(text, names)
    for shown in (echo(given), tex(given)):
        again = read_expression(shown, names)
        assert same_expression(again, given).result == "right"
        assert same_expression(again, read_expression(key, names)).result == "right"


@pytest.mark.parametrize(("names", "text", "position", "words"), REFUSED)
def test_an_unclear_formula_is_refused_with_place_and_reason(
    names: dict[str, str], text: str, position: int, words: str
) -> None:
    with pytest.raises(AnswerError) as refusal:
        read_expression(text, names)
    assert words in refusal.value.cause
    assert refusal.value.position == position


@pytest.mark.parametrize(
    "text",
    [
        "torch.softmax(Q @ K.T / d_k**0.5, dim=-1) @ V",
        "A = softmax(Q @ K.T / sqrt(d_k), axis=1) @ V",
        "(softmax(Q @ K.T / sqrt(d_k), dim=-1)).dot(V)",
    ],
)
def test_an_equals_sign_inside_brackets_parts_no_left_hand_side(text: str) -> None:
    given = read_asked(text, ATTENTION, ["A"])
    key = read_expression("softmax(Q K^T/√d_k) V", ATTENTION)
    assert same_expression(given, key).result == "right"


@pytest.mark.parametrize(
    "left",
    [
        "dW",
        "dL/dW",
        "∂L/∂W",
        r"\frac{\partial L}{\partial W}",
        "dW_ij",
        r"\frac{\partial L}{\partial W_{ij}}",
    ],
)
@pytest.mark.parametrize("asked", ["dW", r"\frac{\partial L}{\partial W}"])
def test_a_gradient_may_be_named_in_either_way_or_by_an_entry(left: str, asked: str) -> None:
    names = {"X": "n×d", "W": "d×m", "dY": "n×m"}
    assert read_asked(f"{left} = X^T dY", names, [asked]).shape == ("d", "m")


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        (r"\mathbf{y} = W x", "y"),
        (r"\boldsymbol{y} = W x", r"\mathbf{y}"),
        ("$y = W x$", "y"),
        (r"\[ y = W x \]", "y"),
        ("y := W x", "y"),
        ("y &= W x", "y"),
        ("y₁ = W x", "y_1"),
        ("f(W · x) = W x", r"f\left(W\cdot x\right)"),
        ("Attention(Q, K, V) = W x", r"\operatorname{Attention}(Q,K,V)"),
    ],
)
def test_a_left_hand_side_may_be_dressed_in_tex_and_signs(text: str, asked: str) -> None:
    assert echo(read_asked(text, {"W": "m×n", "x": "n×1"}, [asked])) == "W x"


@pytest.mark.parametrize(("text", "at"), [("dK = A^T dO", 3), (r"\(dK = A^T dO\)", 5)])
def test_another_left_hand_side_is_refused_at_its_sign(text: str, at: int) -> None:
    with pytest.raises(AnswerError, match="right-hand side alone") as refusal:
        read_asked(text, ATTENTION, ["dV"])
    assert refusal.value.position == at


def test_a_left_hand_side_may_stand_before_the_answer() -> None:
    given = read_expression("dL/dw = 2(wx+b-y)x", LOSS, answer="dL/dw")
    assert echo(given) == "2·(w·x + b - y)·x"
    with pytest.raises(AnswerError):
        read_expression("dL/db = 2(wx+b-y)", LOSS, answer="dL/dw")


@pytest.mark.parametrize(
    ("text", "echoed", "typeset"),
    [
        ("2(wx+b-y)x", "2·(w·x + b - y)·x", r"2 \left(w x + b - y\right) x"),
        ("x/(2y)", "x/(2·y)", r"\frac{x}{2 y}"),
        ("-x^2", "-x^2", "-x^{2}"),
        ("(-x)^2", "(-x)^2", r"\left(-x\right)^{2}"),
        ("x-(y-w)", "x - (y - w)", r"x - \left(y - w\right)"),
        ("√(x+1)", "√(x + 1)", r"\sqrt{x + 1}"),
        ("2^x^y", "2^(x^y)", "2^{x^{y}}"),
        ("ln x", "ln(x)", r"\ln\left(x\right)"),
    ],
)
def test_the_echo_shows_what_was_understood(text: str, echoed: str, typeset: str) -> None:
    given = read_expression(text, LOSS)
    assert echo(given) == echoed
    assert tex(given) == typeset


@pytest.mark.parametrize("text", ["n×", "vector", "matrix of things", "3", "×n", "index n m"])
def test_a_bad_declaration_is_refused(text: str) -> None:
    with pytest.raises(AnswerError):
        read_expression("x", {"x": text})


@pytest.mark.parametrize(
    "text",
    [
        "real",
        "positive",
        "integer",
        "natural",
        "nonnegative",
        "probability",
        "complex",
        "size",
        "(0, 1)",
        "> 1",
        ">= 0",
        "< 0",
        "positive integer",
        "real number",
        "n×m",
        "n x m",
        "3×2",
        "vector n",
        "positive vector n",
        "positive n×m",
        "n×m positive",
        "index n",
        "n×h*d",
    ],
)
def test_a_declaration_is_understood(text: str) -> None:
    assert read_expression("x", {"x": text}).text == "x"
