"""Drawings of formulas: nothing lost, capitals kept, one row where one row is exact."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wcwidth import wcswidth

from studykit.typeset import columns, draw, why_not_drawn
from tests.typeset.golden import FORMULAS, GOLDEN, SHAPES, drawings

ALL = (*SHAPES, *FORMULAS)


def letters(text: str) -> Counter[str]:
    plain = unicodedata.normalize("NFKD", text.replace("⊤", "T").replace("ϵ", "ε"))
    return Counter(filter(str.isalnum, plain))


def test_every_formula_looks_as_it_was_last_approved() -> None:
    assert drawings() == GOLDEN.read_text("utf-8")


@pytest.mark.parametrize("inline", [False, True])
def test_every_formula_of_the_card_plan_is_drawn(inline: bool) -> None:
    assert [tex for tex in ALL if draw(tex, inline=inline).how != "drawn"] == []


@pytest.mark.parametrize("inline", [False, True])
def test_all_rows_of_a_drawing_have_one_width(inline: bool) -> None:
    for tex in ALL:
        drawing = draw(tex, inline=inline)
        assert {wcswidth(line) for line in drawing.lines} == {drawing.width}, tex
        assert 0 <= drawing.baseline < len(drawing.lines)


@pytest.mark.parametrize("inline", [False, True])
def test_both_forms_of_a_formula_hold_the_same_letters_and_digits(inline: bool) -> None:
    for tex in FORMULAS:
        drawn = letters("".join(draw(tex, inline=inline).lines))
        # Letters outside commands, read here by hand: none may be missing.
        bare, command = [], False
        for character in re.sub(r"\\(begin|end)\{\w+\}", "", tex):
            command = character == "\\" or (command and character.isalpha())
            if not command:
                bare.append(character)
        assert letters("".join(bare)) <= drawn, tex


@pytest.mark.parametrize("inline", [False, True])
def test_a_capital_is_never_drawn_small_except_the_transpose(inline: bool) -> None:
    for tex in ALL:
        for sign in "".join(draw(tex, inline=inline).lines):
            small = unicodedata.decomposition(sign).startswith(("<super>", "<sub>"))
            assert not small or sign == "ᵀ" or not unicodedata.normalize("NFKC", sign).isupper()


@pytest.mark.parametrize(
    ("tex", "row"),
    [
        (r"\frac{QK^\top}{\sqrt{d_k}}", "QKᵀ/√dₖ"),
        ("W_Q", "W_Q"),
        ("W_V", "W_V"),
        ("d_v", "dᵥ"),
        ("W_QW_K^\\top", "W_Q W_Kᵀ"),
        ("e^{z_j}", "e^(zⱼ)"),
        ("e^z_j", "eⱼ^z"),
        (r"\frac{a+b}{c}d", "((a + b)/c) d"),
        (r"\frac{a}{bc}", "a/(bc)"),
        (r"\ln\frac{\pi(w)}{\pi_0(w)}", "ln (π(w)/π₀(w))"),
        (r"\frac{1}{p(x|y)}", "1/p(x|y)"),
        (r"\frac{1}{\max(a, b+c)}", "1/max(a, b + c)"),
        (r"\frac{1}{n(n+1)}", "1/(n(n + 1))"),
        (r"\frac{1}{2(x)}", "1/(2(x))"),
        (r"\frac{1}{\pi}(w)", "(1/π) (w)"),
        (r"\frac{a}{(1+b)^2}", "a/(1 + b)²"),
        (r"\frac{1}{\sqrt{(1+b)^2}}", "1/√((1 + b)²)"),
        (r"\frac{\text{nats}}{\text{tokens}}", "nats/tokens"),
        (r"\frac{d}{du}\tanh u", "(d/du) tanh u"),
        (r"\frac{d^2L}{dw^2}", "d²L/dw²"),
        (r"\frac{dx}{d_kx}", "dx/(dₖx)"),
        (r"\frac{x}{dx}", "x/(dx)"),
        (r"\frac{\partial L}{\partial (XW)_{ij}}", "∂L/∂(XW)ᵢⱼ"),
        (r"s\ \text{where open, else}\ -\infty", "s where open, else −∞"),
        (r"\text{total}\ -\ n", "total − n"),
        (r"\text{total}-n", "total − n"),
        (r"-\frac{\eta}{2}x", "−(η/2) x"),
        (r"\sqrt{2N}", "√(2N)"),
        (r"\sqrt{2}x", "√(2)x"),
        (r"\sum_{j=1}^n x_j", "∑ⱼ₌₁ⁿ xⱼ"),
        (r"x_i^2", "xᵢ²"),
        (r"d_{\text{model}}", "d_model"),
        (r"A^{-1}", "A⁻¹"),
        (r"(a+b)^{2}", "(a + b)²"),
        (r"\left(\tfrac12\right)", "(½)"),
        (r"3\tfrac12", "3 (1/2)"),
        (r"\partial L/\partial W_Q", "∂L/∂W_Q"),
        (r"\hat y=Wx+b", "ŷ = Wx + b"),
        (r"\lVert x\rVert^2", "‖x‖²"),
        (r"1{,}000", "1,000"),
        (r"a,b", "a, b"),
        ("", ""),
    ],
)
def test_a_formula_in_a_sentence_stays_on_one_row(tex: str, row: str) -> None:
    assert draw(tex, inline=True).lines == (row,)


def test_a_matrix_in_a_sentence_stands_on_the_line() -> None:
    drawing = draw(r"W_Q=\begin{bmatrix}1&2\\-3&4\end{bmatrix}", inline=True)
    assert drawing.lines == ("W_Q = ⎡ 1  2⎤", "      ⎣−3  4⎦")
    assert drawing.baseline == 0


HOSTILE = [
    "{" * 10_000,
    "{" * 5000 + "x" + "}" * 5000,
    "}" * 100,
    r"\sqrt" * 10_000,
    r"\sqrt{" * 500 + "x" + "}" * 500,
    r"\frac" * 3000,
    "x^" * 3000,
    "x_{" * 40 + "}" * 40,
    "(" * 3000,
    "(" * 3000 + ")" * 3000,
    "(]" * 2000,
    r"\left(" * 300,
    r"\left.\right." * 300,
    r"\begin{bmatrix}" * 100,
    r"\begin{bmatrix}" + "1&" * 2000,
    r"\hat" * 1000,
    "'" * 5000,
    "^'" * 100,
    "a" * 100_000,
    "\\",
    r"\frac{1",
    r"\left(x",
    r"\end{bmatrix}",
    r"\text{\sqrt{x}}",
    r"\unknowncommand{x}",
    "\x1b]52;c;aGk=\x07",
    "x\u202ey",
    "[/nope]",
    "[@click=app.quit]x",
    "\ud800",
    "x_\n\n\n",
    "$x$",
    "%comment",
]


@pytest.mark.parametrize("tex", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("inline", [False, True])
@pytest.mark.timeout(20)
def test_a_hostile_formula_is_drawn_or_shown_as_its_source(tex: str, inline: bool) -> None:
    drawing = draw(tex, inline=inline)
    assert {columns(line) for line in drawing.lines} == {drawing.width}
    assert all(line.isprintable() for line in drawing.lines)


def test_a_formula_that_is_not_well_formed_is_shown_as_written() -> None:
    for tex in (r"\frac{1", r"\left(x", "x_1_2", "a}b", r"\begin{bmatrix}1\end{pmatrix}"):
        assert draw(tex) == draw(tex, inline=True)
        assert (draw(tex).how, draw(tex).lines) == ("source", (tex,))
        assert why_not_drawn(tex)
    assert why_not_drawn(r"\frac12") == ""


def test_a_command_outside_the_subset_is_borrowed_only_with_every_letter() -> None:
    assert draw(r"x\cancel{y}").how == "source"
    assert draw(r"x\Cap W_V").how == "line"
    assert draw(r"x\Cap W_V").lines == ("x⋒W_V",)
    assert draw(r"\frac{x}{\Cap}").how == "source"


def test_drawing_in_many_threads_gives_what_one_thread_gives() -> None:
    alien = [rf"\Cap x_{{{n}}} + W_V^{{T}}" for n in range(60)]
    draw.cache_clear()
    alone = [draw(tex) for tex in alien]
    draw.cache_clear()
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(draw, alien)) == alone


PARTS = r"""\frac \sqrt \sum \int \left( \right) \left[ \right] { } ^ _ ' & \\ \begin{bmatrix}
    \end{bmatrix} \begin{cases} \end{cases} \hat \bar \overline \underbrace \mathbf \mathbb
    \mathrm{ab} \text{if~x} \top \cdot \le - + = / | \| ( ) [ ] , : a b W Q 1 20 0.5 \alpha \log
    \max \limits \big( \big) \quad \, \! \xrightarrow \binom \unknown"""
TOKENS = st.sampled_from(PARTS.split())


@given(st.lists(TOKENS, max_size=14).map(" ".join), st.booleans())
@settings(derandomize=True, deadline=None, max_examples=600)
def test_any_sequence_of_tokens_is_drawn_whole_or_shown_as_its_source(
    tex: str, inline: bool
) -> None:
    drawing = draw(tex, inline=inline)
    assert {wcswidth(line) for line in drawing.lines} == {drawing.width}
    assert 0 <= drawing.baseline < len(drawing.lines)
    if drawing.how == "source":
        assert drawing.lines == (tex,)
    else:
        plain = letters("".join(drawing.lines))
        assert [plain[c] for c in "WQ"] == [tex.count(c) for c in "WQ"]
