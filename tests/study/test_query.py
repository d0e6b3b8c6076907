"""The query language: what it means, and that whatever cannot be read says where and why."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.study.fields import FIELDS, query_help
from studykit.study.query import (
    DEEPEST,
    LONGEST,
    All,
    Any,
    Between,
    Chosen,
    Named,
    Not,
    Unread,
    Words,
    read_query,
)

PIECES = st.sampled_from(
    [
        *(f"{name}:" for name in FIELDS),
        *("(", ")", "-", '"', "“", "”", " ", " or ", "<", ">=", "..", "3", "80%", "is:due", "a"),
        *("\t", "\n", "é", "−", "{", "[/b]", "\x1b", "\ud800"),
    ]
)


@given(st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=30).map("".join)))
def test_any_text_is_read_or_refused_with_place_and_cause(text: str) -> None:
    read = read_query(text)
    if isinstance(read, Unread):
        assert 0 <= read.position <= len(text)
        assert read.cause.endswith((".", "?"))


@given(st.lists(st.text("abc", min_size=1, max_size=4), max_size=5))
def test_words_side_by_side_must_all_hold(words: list[str]) -> None:
    assert read_query(" ".join(words)) == All(tuple(Words(word) for word in words))


def test_a_whole_query_is_read_into_its_terms() -> None:
    text = 'deck:scaling due:<3 kind:problem mistake:no-scale Text "Exact Phrase" -word'
    assert read_query(text) == All(
        (
            Named("deck", "scaling", exact=False),
            Between("due", float("-inf"), 3, open_high=True),
            Chosen("kind", "problem"),
            Named("mistake", "no-scale", exact=False),
            Words("text"),
            Words("exact phrase"),
            Not(Words("word")),
        )
    )


def test_or_binds_less_than_standing_side_by_side_and_brackets_group() -> None:
    a, b, c = Words("a"), Words("b"), Words("c")
    assert read_query("a b or c") == Any((All((a, b)), All((c,))))
    assert read_query("a (b or -c)") == All((a, Any((All((b,)), All((Not(c),))))))
    assert read_query('"or"') == All((Words("or"),))


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("level:2", Between("level", 2, 2)),
        ("level:2..3", Between("level", 2, 3)),
        ("due:<-1", Between("due", float("-inf"), -1, open_high=True)),
        ("seen:≥30", Between("seen", 30, float("inf"))),
        ("recall:<80%", Between("recall", float("-inf"), 0.8, open_high=True)),
        ("recall:<80", Between("recall", float("-inf"), 0.8, open_high=True)),
        ('deck:"softmax"', Named("deck", "softmax", exact=True)),
        ("is:sus", Chosen("is", "suspended")),
        ("softmax(QK)", Words("softmax(qk)")),
        ("“a b", Words("a b")),
    ],
)
def test_a_term_means_what_it_says(text: str, term: object) -> None:
    assert read_query(text) == All((term,))  # type: ignore[arg-type]  # terms of the table


@pytest.mark.parametrize(
    ("text", "position", "said"),
    [
        ("dekc:a", 0, "Did you mean deck:?"),
        ("a is:nwe", 5, "did you mean new?"),
        ("due:soon", 4, "takes a number"),
        ("level:3..2", 6, "runs backwards"),
        ("a tag:", 6, "for example tag:interview"),
        ("a (b", 2, "not closed"),
        ("a)", 1, "never opened"),
        ("a -", 2, "left out"),
        ("--a", 1, "One minus"),
        ("or a", 0, "before `or`"),
        ("a or", 2, "after `or`"),
        ("(" * (DEEPEST + 1), DEEPEST, "brackets"),
        ("a" * (LONGEST + 1), LONGEST, "at most"),
    ],
)
def test_what_cannot_be_read_says_where_and_why(text: str, position: int, said: str) -> None:
    read = read_query(text)
    assert isinstance(read, Unread)
    assert read.position == position
    assert said in read.cause


def test_the_help_holds_every_field_with_an_example_that_can_be_read() -> None:
    text = query_help()
    for field in FIELDS.values():
        assert f"`{field.example}`" in text
        assert not isinstance(read_query(field.example), Unread)
