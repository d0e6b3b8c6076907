"""Formulas as MathML and card text as HTML: well-formed, whole, and nothing but what we write."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.typeset.html import html, html_line
from studykit.typeset.mathjax import mathjax_html
from studykit.typeset.mathml import mathml
from studykit.typeset.page import STYLE, page
from studykit.typeset.proof import known_signs, letters_only, signs_of
from studykit.typeset.symbols import words
from tests.typeset.golden import FORMULAS, SHAPES

MATHS = words(
    """math mrow mi mn mo mtext mspace msub msup msubsup munder mover munderover mfrac msqrt mroot
    mtable mtr mtd"""
)
ELEMENTS = MATHS | words("code div p b i small br pre ul ol li h1 h2 h3 h4 h5 h6")


def root(text: str) -> ElementTree.Element:
    return ElementTree.fromstring(text)  # noqa: S314 - our own writing is what is looked at


@pytest.mark.parametrize("source", (*SHAPES, *FORMULAS))
def test_every_formula_is_well_formed_mathml_with_all_its_letters(source: str) -> None:
    made = root(mathml(source, display=True))
    assert {one.tag for one in made.iter()} <= MATHS
    drawn = letters_only(signs_of("".join(made.itertext())))
    assert drawn == letters_only(known_signs(source))


@pytest.mark.parametrize(
    ("source", "made"),
    [
        ("x_i^2", "<math><msubsup><mi>x</mi><mi>i</mi><mn>2</mn></msubsup></math>"),
        (
            "a=-b",
            '<math><mrow><mi>a</mi><mo>=</mo><mo form="prefix">−</mo><mi>b</mi></mrow></math>',
        ),
        (
            "z'_i",
            "<math><mrow><msub><mi>z</mi><mi>i</mi></msub>"
            '<mo class="prime" lspace="0" rspace="0">′</mo></mrow></math>',
        ),
        (r"\frac12", "<math><mfrac><mn>1</mn><mn>2</mn></mfrac></math>"),
        (r"\text{a < b}", "<math><mtext>a\xa0&lt;\xa0b</mtext></math>"),
        (r"\mathrm{softmax}", "<math><mi>softmax</mi></math>"),
        (r"\nonsense{x}", r"<code>\nonsense{x}</code>"),
    ],
)
def test_a_formula_becomes_what_it_says(source: str, made: str) -> None:
    assert mathml(source) == made


def test_a_matrix_is_a_table_between_brackets_that_grow() -> None:
    made = root(mathml(r"\begin{bmatrix}1&-2\\3&4\end{bmatrix}"))
    rows = [[("".join(c.itertext())) for c in row.iter("mtd")] for row in made.iter("mtr")]
    assert rows == [["1", "−2"], ["3", "4"]]
    assert [one.text for one in made.iter("mo") if one.get("stretchy") == "true"] == ["[", "]"]


@given(st.text(max_size=80))
def test_no_text_gives_anything_but_well_formed_html_of_ours(text: str) -> None:
    for made in (html(text), html_line(text), mathjax_html(text)):
        tree = root(f"<div>{made.replace('<br>', '<br/>')}</div>")
        tags = {one.tag for one in tree.iter()}
        assert tags <= ELEMENTS
        attributes = {name for one in tree.iter() for name in one.attrib}
        assert not any(
            name.startswith("on") or name in ("href", "src", "style") for name in attributes
        )


def test_marks_become_elements() -> None:
    made = html("# Head\n\nA **bold** $x$\n\n- one\n- two\n\n```\nif a < b\n```", top=2)
    assert "<h2>Head</h2>" in made and "<b>bold</b> <math><mi>x</mi></math>" in made
    assert "<ul>\n<li>one</li>\n<li>two</li>\n</ul>" in made
    assert "<pre><code>if a &lt; b</code></pre>" in made


def test_a_page_asks_for_nothing_and_runs_nothing() -> None:
    made = page("<script>alert(1)</script>", "<p>x</p>", paper="a4")
    assert "<script" not in made and "&lt;script&gt;" in made
    assert "default-src 'none'" in made and "unsafe" not in made
    assert not re.search(r"https?:|url\(|@import|src=|href=", made)
    assert "prefers-color-scheme: dark" in STYLE and "@page { size: a4;" in made
