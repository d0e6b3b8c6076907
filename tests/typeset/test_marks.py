"""The small Markdown: what is a mark, what stays text, and that no text is ever too much."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studykit.typeset import (
    Block,
    Code,
    Display,
    Formula,
    Heading,
    Listing,
    Paragraph,
    Span,
    Words,
    clean,
    parse,
    spans,
)


def only(text: str) -> tuple[Span, ...]:
    (paragraph,) = parse(text)
    assert isinstance(paragraph, Paragraph)
    return paragraph.spans


def test_a_paragraph_ends_at_a_blank_line_and_a_single_newline_is_a_blank() -> None:
    assert parse("one\ntwo\n\nthree") == (
        Paragraph((Words("one two"),)),
        Paragraph((Words("three"),)),
    )


def test_strong_emphasis_and_code_are_styles() -> None:
    assert only("a **b *c* d** `e*f*` *g*") == (
        Words("a "),
        Words("b ", "strong"),
        Words("c", "strong emphasis"),
        Words(" d", "strong"),
        Words(" "),
        Words("e*f*", "code"),
        Words(" "),
        Words("g", "emphasis"),
    )


@pytest.mark.parametrize(
    "text",
    [
        "2*3*4 and 2 * 3 * 4",
        "a ** b",
        "one * alone",
        "**never closed",
        "it costs $5",
        "$5 or $6",
        "a $ b $ c",
        "`open",
        "snake_case_name and W_Q",
        "[/nope] [@click=app.quit] [not a link]",
        "x[0](",
        "$$",
        "$$$$",
        r"\(",
        "#hash and # alone in a line",
        "1984.and",
        "-no item",
        "**",
    ],
)
def test_what_is_no_mark_stays_text(text: str) -> None:
    assert only(text) == (Words(text),)


@pytest.mark.parametrize(
    ("text", "tex"),
    [
        ("$d_k$", "d_k"),
        (r"\(d_k\)", "d_k"),
        (r"$a\$b$", r"a\$b"),
        ("$x$", "x"),
        ("$a*b*c$", "a*b*c"),
        ("$a\n+b$", "a\n+b"),
    ],
)
def test_inline_mathematics_is_taken_as_written(text: str, tex: str) -> None:
    assert only(text) == (Formula(tex),)


@pytest.mark.parametrize(
    "text", ["$$a=b$$", "$$\na=b\n$$", r"\[a=b\]", "\\[\n  a=b\n\\]", "$$\n\na=b\n$$"]
)
def test_display_mathematics_is_a_block(text: str) -> None:
    assert parse(text) == (Display("a=b"),)


def test_display_mathematics_splits_a_paragraph_and_its_lines_are_no_list() -> None:
    assert parse("Then\n$$\na\n- b\n$$\nholds.") == (
        Paragraph((Words("Then"),)),
        Display("a\n- b"),
        Paragraph((Words("holds."),)),
    )


def test_prices_beside_a_formula_stay_prices() -> None:
    assert only("from $5 to $x$ dollars") == (Words("from $5 to "), Formula("x"), Words(" dollars"))


def test_a_backslash_makes_any_mark_text() -> None:
    assert only(r"\*a\* \$5\$ \`b\` \\ \# \{x\}") == (Words(r"*a* $5$ `b` \ # {x}"),)


def test_a_link_is_shown_with_its_target_as_text() -> None:
    assert only("see [the note](http://x.y/z)") == (
        Words("see the note"),
        Words(" (http://x.y/z)", "dim"),
    )


def test_headings_code_and_line_breaks() -> None:
    assert parse("## Why *so*\n```python\nx = **1**\n```\na\\\nb") == (
        Heading(2, (Words("Why "), Words("so", "emphasis"))),
        Code(("x = **1**",), "python"),
        Paragraph((Words("a\nb"),)),
    )


def test_lists_nest_and_hold_paragraphs_and_mathematics() -> None:
    text = "- one\n  still one\n- two\n  1. deep\n  2. deeper\n\n  $$x$$\n- three\n\nafter"
    assert parse(text) == (
        Listing(
            None,
            (
                (Paragraph((Words("one still one"),)),),
                (
                    Paragraph((Words("two"),)),
                    Listing(
                        1,
                        (
                            (Paragraph((Words("deep"),)),),
                            (Paragraph((Words("deeper"),)),),
                        ),
                    ),
                    Display("x"),
                ),
                (Paragraph((Words("three"),)),),
            ),
        ),
        Paragraph((Words("after"),)),
    )


def test_a_numbered_list_starts_where_it_says_and_a_year_is_no_list() -> None:
    (listing,) = parse("3. c\n4. d")
    assert isinstance(listing, Listing)
    assert listing.start == 3
    assert only("It was in\n1984. A year.") == (Words("It was in 1984. A year."),)


def test_spans_of_one_line_take_display_mathematics_as_inline() -> None:
    assert spans("so $$x$$ and $y$") == (Words("so "), Formula("x"), Words(" and "), Formula("y"))


# -- laws ------------------------------------------------------------------------------------------

BITS = st.sampled_from(
    [
        "*",
        "**",
        "***",
        "`",
        "``",
        "```",
        "$",
        "$$",
        "\\(",
        "\\)",
        "\\[",
        "\\]",
        "\\",
        "[",
        "](",
        ")",
        "\n",
        "\n\n",
        "  ",
        " ",
        "- ",
        "1. ",
        "## ",
        "~~~",
        "a",
        "word",
        "Слово",
        "词",
        "5",
        "_",
        "é",
        "\x1b",
        "\u202e",
        "{{",
        "}}",
        "|",
        "<b>",
        "&amp;",
    ]
)
TEXTS = st.lists(BITS, max_size=40).map("".join) | st.text(max_size=60)


def shown(blocks: tuple[Block, ...]) -> Iterator[str]:
    for block in blocks:
        match block:
            case Paragraph(spans=found) | Heading(spans=found):
                yield from (s.text if isinstance(s, Words) else s.tex for s in found)
            case Display(tex=tex):
                yield tex
            case Code(lines=lines, language=language):
                yield from (*lines, language)
            case Listing(items=items):
                for item in items:
                    yield from shown(item)


@given(TEXTS)
@settings(derandomize=True, deadline=None, max_examples=500)
def test_no_text_makes_the_reader_raise_and_no_letter_is_lost(text: str) -> None:
    found = "".join(shown(parse(text)))
    assert Counter(filter(str.isalpha, found)) == Counter(filter(str.isalpha, clean(text)))


@pytest.mark.parametrize(
    "bit",
    [
        "*",
        "**a",
        "a** ",
        "`",
        "`` ` ",
        "$",
        "$a ",
        "\\$$",
        "\\(",
        "\\[ ",
        "[",
        "[a](",
        "[a](b ",
        "$$\n",
        "- ",
        "- a\n",
        "  - a\n",
        "1. a\n\n",
        "```\n",
        "~~~ \n\n",
        "# ",
        "\\",
        "  \n",
        " ",
        "\n",
        "*a**b",
        "词",
    ],
)
@pytest.mark.timeout(20)
def test_the_reader_is_linear_in_any_mark_repeated(bit: str) -> None:
    # A quadratic reader would need minutes for these.
    text = bit * (200_000 // len(bit))
    assert isinstance(parse(text), tuple)


@pytest.mark.timeout(20)
def test_a_search_for_a_closing_mark_that_is_not_there_is_made_once() -> None:
    text = "\\(" * 500_000
    assert only(text) == (Words(text),)
