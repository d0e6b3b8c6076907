"""The one door: what is dropped, what stays, and where the lint is told to look."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studykit.typeset import clean, stains

ANY_TEXT = st.text(
    st.characters()
    | st.characters(categories=["Cc", "Cf", "Cs"])
    | st.sampled_from("\x1b\x9b\t\r\n"),
    max_size=60,
)


def test_ordinary_text_comes_back_as_the_same_object() -> None:
    text = "Матрица $W_V$: 注意力 is softmax(QKᵀ/√dₖ)V\nand a new line"
    assert clean(text) is text


def test_escape_sequences_lose_what_makes_a_terminal_obey() -> None:
    assert clean("\x1b]52;c;aGk=\x07copy") == "]52;c;aGk=copy"
    assert clean("\x9b31mred") == "31mred"


@pytest.mark.parametrize(
    "hidden", ["\u202e", "\u2066", "\u200b", "\u200d", "\ufeff", "\ud800", "\x7f"]
)
def test_a_hidden_character_is_dropped_and_named(hidden: str) -> None:
    assert clean(f"a{hidden}b") == "ab"
    (stain,) = stains(f"first\nsee a{hidden}b")
    assert (stain.line, stain.column, stain.offset) == (2, 6, 11)
    assert f"U+{ord(hidden):04X}" in stain.says


def test_line_endings_become_newlines_and_a_tab_becomes_spaces() -> None:
    assert clean("a\r\nb\rc\u2028d\te") == "a\nb\nc\nd    e"
    assert stains("a\r\nb\tc") == ()


def test_letters_are_not_normalised() -> None:
    assert clean("e\u0301") == "e\u0301"
    assert clean("й и ᵀ") == "й и ᵀ"


@given(ANY_TEXT)
@settings(derandomize=True, deadline=None)
def test_clean_text_is_harmless_and_cleaning_twice_changes_nothing(text: str) -> None:
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    assert stains(cleaned) == ()
    assert all(c == "\n" or unicodedata.category(c) not in {"Cc", "Cs"} for c in cleaned)


def test_many_stains_on_many_lines_are_found_in_one_pass() -> None:
    found = stains("\x1b\n" * 20_000)
    assert len(found) == 20_000
    assert (found[-1].line, found[-1].column) == (20_000, 1)
