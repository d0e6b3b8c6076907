"""Progress follows the card: through edits, permutations, swaps, and ids that come and go."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studykit.decks.identity import (
    Found,
    Known,
    Rename,
    derived_id,
    ids_of,
    is_derived,
    likeness,
    match,
)

TEXTS = [
    "What does a query vector express?",
    "Why are scores divided by the root of $d_k$?",
    "Write the gradient of the loss with respect to $W_Q$.",
    "Which mask keeps a token from looking ahead?",
    "How many parameters has one attention head?",
]
KNOWN = [Known(derived_id("d", text), text) for text in TEXTS]


def found(*texts: str) -> list[Found]:
    return [Found(None, text) for text in texts]


def test_an_explicit_id_wins_whatever_the_text() -> None:
    old = [Known("a", "one", explicit=True), Known("b", "two", explicit=True)]
    assert match(old, [Found("b", "one"), Found("a", "two")]).assigned == ("b", "a")


@settings(derandomize=True, deadline=None)
@given(st.permutations(TEXTS))
def test_cards_in_another_order_keep_their_ids(order: list[str]) -> None:
    matching = match(KNOWN, found(*order))
    assert matching.assigned == tuple(derived_id("d", text) for text in order)
    assert not matching.questions
    assert not matching.renames


@settings(derandomize=True, deadline=None)
@given(st.permutations(KNOWN))
def test_the_order_in_which_progress_remembers_does_not_matter(old: list[Known]) -> None:
    new = found(*TEXTS[2:], "What does a key vector express?", "Nothing like the others.")
    assert match(old, new) == match(KNOWN, new)


def test_swapped_texts_take_their_ids_along() -> None:
    swapped = [TEXTS[1], TEXTS[0], *TEXTS[2:]]
    assert match(KNOWN, found(*swapped)).assigned[:2] == (KNOWN[1].id, KNOWN[0].id)


def test_white_space_is_no_edit_but_case_is() -> None:
    old = [Known("x", "The shape of $Q$ is asked")]
    assert match(old, found("The  shape of\n$Q$ is asked\n")).assigned == ("x",)
    matching = match(old, found("The shape of $q$ is asked"))
    assert matching.assigned == (None,)
    assert [question[:2] for question in matching.questions] == [(0, "x")]


def test_an_edited_text_becomes_one_question() -> None:
    edited = "Why are the scores divided by the root of $d_k$?"
    matching = match(KNOWN, found(TEXTS[0], edited, *TEXTS[2:]))
    assert matching.assigned == (KNOWN[0].id, None, *(card.id for card in KNOWN[2:]))
    ((at, old_id, alike),) = matching.questions
    assert (at, old_id) == (1, KNOWN[1].id)
    assert 0.9 < alike < 1


def test_two_edits_are_paired_each_with_its_own() -> None:
    new = found(
        "Write the gradient of the loss with respect to $W_K$.",
        "What does a query vector really express?",
        *TEXTS[3:],
    )
    pairs = {(question.at, question.old_id) for question in match(KNOWN, new).questions}
    assert pairs == {(0, KNOWN[2].id), (1, KNOWN[0].id)}


def test_a_card_unlike_any_other_is_simply_new() -> None:
    matching = match(KNOWN, found(*TEXTS, "Sinusoids of which wavelengths are added?"))
    assert matching.assigned[-1] is None
    assert matching.questions == ()


def test_a_card_whose_id_was_removed_is_known_by_its_text() -> None:
    old = [Known("scl-01", TEXTS[1], explicit=True)]
    assert match(old, found(TEXTS[1])).assigned == ("scl-01",)


def test_a_card_whose_id_was_renamed_is_known_by_its_text() -> None:
    old = [Known("scl-01", TEXTS[1], explicit=True)]
    matching = match(old, [Found("scl-1", TEXTS[1])])
    assert matching.assigned == ("scl-01",)
    assert matching.renames == (Rename("scl-01", "scl-1"),)


def test_a_card_that_gets_its_first_id_is_renamed() -> None:
    matching = match(KNOWN[:1], [Found("qkv-1", TEXTS[0])])
    assert matching.renames == (Rename(KNOWN[0].id, "qkv-1"),)


def test_an_id_less_card_comes_before_a_new_id_of_the_same_text() -> None:
    matching = match(KNOWN[:1], [Found("copy", TEXTS[0]), Found(None, TEXTS[0])])
    assert matching.assigned == (None, KNOWN[0].id)
    assert matching.renames == ()


def test_two_explicit_ids_are_never_taken_for_one_card_by_likeness() -> None:
    old = [Known("a", TEXTS[1], explicit=True)]
    assert match(old, [Found("b", TEXTS[1] + " Say it.")]).questions == ()


def test_an_explicit_id_still_in_the_file_is_not_given_to_another_card() -> None:
    old = [Known("a", TEXTS[0], explicit=True)]
    matching = match(old, [Found("a", "edited beyond recognition"), Found(None, TEXTS[0])])
    assert matching.assigned == ("a", None)


def test_two_cards_of_one_text_keep_two_ids() -> None:
    new = found("same", "same")
    ids = ids_of("d", new)
    assert len(set(ids)) == 2
    old = [Known(name, "same") for name in ids]
    assert match(old, new).assigned == ids


def test_a_question_answered_once_is_not_asked_again() -> None:
    edited = found("Why are the scores divided by the root of $d_k$?")
    (question,) = match(KNOWN[1:2], edited).questions
    yes = [Known(question.old_id, edited[0].text)]
    assert match(yes, edited).assigned == (question.old_id,)
    no = [KNOWN[1], Known(ids_of("d", edited)[0], edited[0].text)]
    assert match(no, edited) == match(no[::-1], edited)
    assert match(no, edited).assigned == ids_of("d", edited)
    assert match(no, edited).questions == ()


def test_a_new_card_with_the_former_text_of_an_edited_one_gets_an_id_of_its_own() -> None:
    name = derived_id("d", "before")
    new = found("before", "after")
    old = [Known(name, "after")]
    matching = match(old, new)
    assert matching.assigned == (None, name)
    assert ids_of("d", new, matching.assigned, [name]) == (f"{name}-2", name)


LETTERS = st.text(st.sampled_from("abQq $_{}\\é\n"), max_size=30)


@settings(derandomize=True, deadline=None, max_examples=200)
@given(
    st.lists(st.tuples(st.sampled_from(["x", "y", "z.1"]), LETTERS, st.booleans()), max_size=5),
    st.lists(st.tuples(st.none() | st.sampled_from(["x", "y", "w"]), LETTERS), max_size=6),
)
def test_no_id_is_given_to_two_cards_and_none_is_invented(
    old: list[tuple[str, str, bool]], new: list[tuple[str | None, str]]
) -> None:
    known = list({name: Known(name, text, flag) for name, text, flag in old}.values())
    explicit: set[str] = set()
    cards = []
    for name, text in new:
        cards.append(Found(None if name in explicit else name, text))
        if name:
            explicit.add(name)
    matching = match(known, cards)
    given_out = [name for name in matching.assigned if name is not None]
    assert len(given_out) == len(set(given_out))
    asked = [question.old_id for question in matching.questions]
    assert len(asked) == len(set(asked))
    assert not set(asked) & set(given_out)
    assert set(given_out) | set(asked) <= {card.id for card in known}
    names = ids_of("d", cards, matching.assigned, [card.id for card in known])
    assert len(set(names)) == len(names)
    for card, name in zip(cards, names, strict=True):
        assert card.id in (None, name)


@settings(derandomize=True, deadline=None, max_examples=200)
@given(LETTERS, LETTERS)
def test_likeness_is_symmetric_and_one_only_for_the_same_words(one: str, other: str) -> None:
    assert likeness(one, other) == likeness(other, one)
    assert 0 <= likeness(one, other) <= 1
    assert likeness(one, one) == 1


@pytest.mark.parametrize(
    "text", ["What is $Q$?", "注意力是什么", "", "x" * 500, "\\frac{a}{b}", "a\ud800"]
)
def test_a_derived_id_is_a_valid_id_that_names_its_text(text: str) -> None:
    name = derived_id("a-deck-with-a-rather-long-name.v2", text)
    assert re.fullmatch(r"[a-z0-9][a-z0-9._-]{0,63}", name)
    assert is_derived(name)
    assert is_derived(name + "-2")
    assert derived_id("d", "What is $Q$?") != derived_id("d", "What is $q$?")


def test_derived_ids_never_change() -> None:
    assert derived_id("scaling", "What is $Q$?") == "scaling.what-is-q.76a6f1dee9"


def test_a_thousand_edited_cards_are_paired_quickly_and_rightly() -> None:
    texts = [f"Card number {i} asks what happens to the value {i * 7} of it" for i in range(1000)]
    old = [Known(f"k{i}", text) for i, text in enumerate(texts)]
    matching = match(old, found(*(text.replace("happens", "becomes") for text in texts)))
    right = sum(question.old_id == f"k{question.at}" for question in matching.questions)
    assert right == 1000
