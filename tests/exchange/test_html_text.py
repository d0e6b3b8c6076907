"""HTML of a field becomes our Markdown: what it says stays, what it would run does not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.exchange.html_text import markdown_of
from studykit.typeset import Formula, Words, parse, spans
from studykit.typeset.mathjax import mathjax_html
from tests.progress.desk import LAW


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("plain", "plain"),
        ("a &lt; b &amp;&nbsp;c", "a < b & c"),
        ("<b>bold</b> <i>it</i> <code>x*y</code>", "**bold** *it* `x*y`"),
        ("one<br>two<div>three</div>", "one\ntwo\n\nthree"),
        ("<ul><li>a</li><li>b</li></ul>", "- a\n- b"),
        ('<ol start="3"><li>a<ul><li>b</li></ul></li></ol>', "3. a\n\n  - b"),
        ("<pre>for x:\n    y</pre>", "```\nfor x:\n    y\n```"),
        (r"area \(a^2\) is", "area $a^2$ is"),
        (r"5\(a\)6", r"5\(a\)6"),
        (r"so \[\frac{a}{b}\] holds", "so\n\n$$\\frac{a}{b}$$\n\nholds"),
        (r"\(a &lt; b\)", "$a < b$"),
        ("[latex]\\begin{align}a\\end{align}[/latex]", "$$\\begin{align}a\\end{align}$$"),
        ("[latex]the $x$ is $y$[/latex]", "the $x$ is $y$"),
        ("[$]a+b[/$] and [$$]c[/$$]", "$a+b$ and\n\n$$c$$"),
        ('<anki-mathjax block="true">a</anki-mathjax>', "$$a$$"),
        ("x<sup>2</sup> a<sub>1</sub> b<sup>ab</sup>", "x² a₁ b^(ab)"),
        ('<a href="http://x.y/z">there</a>', "[there](http://x.y/z)"),
        ("<h2>Head</h2>text", "## Head\n\ntext"),
        ("costs $5 or $6, 2*3*4, `tick`", r"costs \$5 or \$6, 2\*3\*4, \`tick\`"),
        (r"a \ b \( c", r"a \\ b \\( c"),
        ("{{not a blank}}", r"\{\{not a blank\}\}"),
        ("<script>alert(1)</script>kept<style>b{}</style>", "kept"),
        ("<img src='a b.png'>", "(a b.png)"),
        ("see [sound:x.mp3]", "see (x.mp3)"),
        ("\x1b]0;title\x07 \u202e evil", "]0;title evil"),
        ("a<table><tr><td>b</td><td>c</td></tr></table>", "a\n\n| b | c"),
        ("", ""),
    ],
)
def test_a_field_becomes_markdown(html: str, text: str) -> None:
    assert markdown_of(html).text.strip() == text


def test_what_is_left_is_named() -> None:
    found = markdown_of("<script>1</script><img src=a.png>[sound:b.mp3]<img src='data:x'>")
    assert found.media == ("a.png", "b.mp3", "a picture inside the text")
    assert found.dropped == ("scripts",)


@LAW
@given(st.text(alphabet="<>/&;'\"abi=!-[]()\\$`*{}# \n\x1bsoundlatexcript\u202e", max_size=120))
def test_no_html_makes_it_raise_and_no_escape_comes_through(html: str) -> None:
    text = markdown_of(html).text
    assert "\x1b" not in text
    assert "\u202e" not in text
    parse(text)


@LAW
@given(st.text(alphabet="ab *_`$\\[](){}#~<>&.!", max_size=60))
def test_plain_words_are_never_taken_for_marks(words: str) -> None:
    from html import escape

    shown = " ".join(words.split())
    text = markdown_of(escape(words)).text
    if "\\(" in shown or "\\[" in shown or not shown:
        return
    found = spans(text.lstrip("#- ")) if shown[0] in "#-~" else spans(text)
    assert not any(isinstance(span, Formula) for span in found)
    if shown[0] not in "#-~":
        assert "".join(span.text for span in found if isinstance(span, Words)) == shown


@pytest.mark.parametrize(
    "html",
    [
        r"\(" * 50_000,
        "[latex]" * 15_000,
        "<b>" * 30_000,
        "<!--" * 25_000,
        "<" * 100_000,
        "&" * 100_000,
        "<ul><li>" * 10_000,
        "<sup>" * 20_000 + "2",
        "[sound:" * 15_000,
        "[" * 100_000,
        "*" * 100_000,
        "{{" * 50_000,
        "<![CDATA[" * 10_000,
        "<a href='" * 10_000,
        "<a href='>" * 10_000,
        ("<a b='" + "c" * 3000 + ">") * 30,
        "<a " + "b='" * 1_300 + ">",
        "<a " + "b " * 1_900 + "'>",
        "</" * 50_000,
        "<a/" * 30_000 + ">",
    ],
    ids=lambda html: html[:8],
)
@pytest.mark.timeout(20)
def test_hostile_fields_end(html: str) -> None:
    markdown_of(html)


@pytest.mark.parametrize(
    "text",
    [
        r"What is $\frac{a}{b}$ of **it**?",
        "one\n\n$$x = y$$\n\ntwo",
        "- a\n- b $c$",
        "2. b\n3. c",
        "*a* `code < 1`",
        "```\nx = 1\n    y\n```",
    ],
)
def test_what_was_written_for_anki_reads_back_the_same(text: str) -> None:
    assert parse(markdown_of(mathjax_html(text)).text) == parse(text)
