"""Lines: wrapped to the width, nothing lost, formulas on the baseline."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from studykit.typeset import (
    Piece,
    columns,
    draw,
    lay_out,
    line_width,
    natural_width,
    plain,
)
from tests.typeset.golden import FORMULAS, SHAPES
from tests.typeset.test_marks import TEXTS

CARD = r"""## Why divide by $\sqrt{d_k}$?

The **scores** are $S=QK^\top/\sqrt{d_k}$, see `attend`; with
$$
o_i=\sum_j\frac{e^{s_{ij}}}{\sum_le^{s_{il}}}\,v_j
$$
the output is *convex*.

- The matrix $W_Q=\begin{bmatrix}1&-2.5\\10&0.25\end{bmatrix}$ maps $x_i$ to $q_i$.
- second
  1. deep one
  2. deep two

注意力机制中的查询矩阵 $W_Q$ 决定了打分方式。Матрица внимания строк-стохастическая.

```python
scores = q @ k.T
```
"""


def rows(text: str, width: int) -> list[str]:
    return plain(text, width).split("\n")


def test_a_card_at_eighty_columns() -> None:
    assert rows(CARD, 80) == [
        "Why divide by √dₖ?",
        "The scores are S = QKᵀ/√dₖ, see attend; with",
        "",
        "              sᵢⱼ",
        "             e",
        "    oᵢ = ∑ ───────── vⱼ",
        "         j      sᵢₗ",
        "            ∑ₗ e",
        "",
        "the output is convex.",
        "",
        "• The matrix W_Q = ⎡ 1  −2.5 ⎤ maps xᵢ to qᵢ.",
        "                   ⎣10   0.25⎦",
        "• second",
        "  1. deep one",
        "  2. deep two",
        "",
        "注意力机制中的查询矩阵 W_Q 决定了打分方式。Матрица внимания",
        "строк-стохастическая.",
        "",
        "scores = q @ k.T",
    ]


def test_a_card_at_thirty_columns() -> None:
    assert rows(CARD, 30)[-12:] == [
        "• The matrix W_Q = ⎡ 1  −2.5 ⎤",
        "                   ⎣10   0.25⎦",
        "  maps xᵢ to qᵢ.",
        "• second",
        "  1. deep one",
        "  2. deep two",
        "",
        "注意力机制中的查询矩阵 W_Q 决",
        "定了打分方式。Матрица внимания",
        "строк-стохастическая.",
        "",
        "scores = q @ k.T",
    ]


def test_pieces_carry_their_styles() -> None:
    assert lay_out("## Why $x$\n**a** *b* `c` ***d*** $y$ [t](u)", 40) == (
        (Piece("Why ", "heading"), Piece("x", "math")),
        (
            Piece("a", "strong"),
            Piece(" ", ""),
            Piece("b", "emphasis"),
            Piece(" ", ""),
            Piece("c", "code"),
            Piece(" ", ""),
            Piece("d", "strong emphasis"),
            Piece(" ", ""),
            Piece("y", "math"),
            Piece(" t", ""),
            Piece(" (u)", "dim"),
        ),
    )


def test_what_touches_a_formula_is_not_torn_from_it() -> None:
    assert rows("a ($d_k$)-th row", 8) == ["a", "(dₖ)-th", "row"]
    assert rows("say “$x$”, “$y$”.", 8) == ["say “x”,", "“y”."]


def test_a_formula_too_wide_for_any_line_breaks_before_a_relation() -> None:
    assert rows(r"$s_{ij}=x_iW_QW_K^\top x_j^\top\le\lVert x\rVert^2$", 22) == [
        "sᵢⱼ = xᵢW_Q W_Kᵀ xⱼᵀ",
        "≤ ‖x‖²",
    ]


def test_a_comma_after_a_formula_that_is_cut_does_not_begin_a_line() -> None:
    text = r"$\mathrm{Var}(q_c k_c) = E[q_c^2]E[k_c^2] = 1$, by unit variances"
    for width in range(20, 45):
        rows = ["".join(piece.text for piece in line) for line in lay_out(text, width)]
        assert not any(row.startswith((",", " ")) for row in rows), width
        assert "= 1," in "\n".join(rows)


def test_a_tall_formula_stands_on_the_baseline_of_its_line() -> None:
    text = r"so $\begin{pmatrix}1\\2\\3\end{pmatrix}$ is **it** here"
    assert rows(text, 40) == ["   ⎛1⎞", "so ⎜2⎟ is it here", "   ⎝3⎠"]
    assert lay_out(text, 40)[1][2:4] == (Piece(" is "), Piece("it", "strong"))


def test_the_label_of_an_item_stands_beside_its_first_line_of_text() -> None:
    assert rows(r"1. $\begin{pmatrix}1\\2\\3\end{pmatrix}$ one", 40) == [
        "   ⎛1⎞",
        "1. ⎜2⎟ one",
        "   ⎝3⎠",
    ]


def test_numbers_of_a_long_list_stand_under_each_other() -> None:
    assert rows("\n".join(f"{n}. item" for n in range(9, 12)), 40) == [
        " 9. item",
        "10. item",
        "11. item",
    ]


def test_display_mathematics_keeps_its_width_on_a_narrow_screen() -> None:
    tex = r"\frac{a+b+c+d+e+f}{g}"
    assert [line.rstrip() for line in draw(tex).lines] == rows(f"$${tex}$$", 5)
    assert rows("$$x$$", 80) == ["    x"]
    assert rows("$$x=y$$", 6) == [" x = y"]


def test_chinese_does_not_start_a_line_with_a_full_stop() -> None:
    assert rows("注意力机制。值", 10) == ["注意力机", "制。值"]


def test_the_natural_width_is_the_widest_line_unwrapped() -> None:
    assert natural_width("one two\n\nthree") == 7
    assert natural_width("词 $d_k$") == 5
    assert natural_width("") == 0
    assert lay_out("", 10) == ()


def test_markup_and_escape_sequences_are_text_or_gone() -> None:
    text = "[/nope] [@click=app.quit]x[/] \x1b]52;c;aGk=\x07"
    assert plain(text) == "[/nope] [@click=app.quit]x[/] ]52;c;aGk="


def test_for_screen_readers_mathematics_is_its_source_and_a_matrix_is_a_list() -> None:
    text = (
        r"With $W_Q=\begin{bmatrix}1 & 2\\ 3 & 4\end{bmatrix}$:" + "\n\n$$\\frac{a}{b}$$\n\n- $x^2$"
    )
    assert plain(text, source=True) == (
        "With $W_Q=[[1, 2], [3, 4]]$:\n\n$$\\frac{a}{b}$$\n\n• $x^2$"
    )


# -- laws ------------------------------------------------------------------------------------------

PROSE = st.lists(
    st.sampled_from(
        [
            "word",
            "и",
            "внимание,",
            "词",
            "注意力。",
            "(",
            "$d_k$",
            "$S=QK^\\top/\\sqrt{d_k}$",
            "**bold**",
            "`code here`",
            "x̂",
            "a-very-long-word-indeed",
            "\n\n",
            "\n- ",
            "\n1. ",
            " ",
            " ",
            " ",
            "—",
        ]
    ),
    max_size=30,
).map("".join)


@given(PROSE, st.integers(4, 60))
@settings(derandomize=True, deadline=None, max_examples=400)
def test_no_line_is_wider_than_asked_and_no_sign_is_lost(text: str, width: int) -> None:
    lines = lay_out(text, width)
    assert all(line_width(line) <= width for line in lines)
    assert "".join(plain(text, width).split()) == "".join(plain(text).split())


@given(TEXTS, st.integers(1, 100))
@settings(derandomize=True, deadline=None, max_examples=400)
def test_any_text_is_laid_out_without_control_characters(text: str, width: int) -> None:
    for line in lay_out(text, width):
        for piece in line:
            assert piece.text
            assert not {"Cc", "Cs"} & set(map(unicodedata.category, piece.text)), piece


def test_widths_are_those_that_the_screen_reckons_with() -> None:
    for text in (*FORMULAS, *SHAPES):
        for line in (*draw(text).lines, *draw(text, inline=True).lines):
            assert columns(line) == cell_len(line)
    for text in ("注意力", "é", "e\u0301", "x̂", "й", "ᵀₖ", "→≤∑", "Ａ", "—"):
        assert columns(text) == cell_len(text)


@pytest.mark.timeout(20)
@pytest.mark.parametrize("text", ["词" * 100_000, "a" * 100_000, "a " * 50_000, "$x$ " * 30_000])
def test_layout_is_linear(text: str) -> None:
    assert len(lay_out(text, 40)) > 1


@pytest.mark.parametrize(
    ("tex", "row"),
    [
        (r"\mathrm{dA} - A", "dA − A"),
        (r"\mathrm{dA}^{\top} \odot A", "dAᵀ ⊙ A"),
        (r"\log -x", "log −x"),
    ],
)
def test_a_name_of_several_letters_stands_apart_from_the_sign_after_it(tex: str, row: str) -> None:
    assert plain(f"${tex}$") == row
