"""One file into cards: every fault at once, at its place, and the good cards kept."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studykit.decks.faults import CODES, DeckError, render_faults
from studykit.decks.loader import deck_name, load_deck, read_deck
from studykit.decks.schema import Basic, Card, Choice, Cloze, Open, ProblemCard, front_of
from tests.decks.conftest import Write

HERE = Path(__file__).parent
BROKEN = (HERE / "broken.yaml").read_text(encoding="utf-8")
TOLD = (HERE / "broken.txt").read_text(encoding="utf-8")


def test_every_fault_of_a_file_is_told_at_once(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(BROKEN, "broken.yaml")
    monkeypatch.chdir(tmp_path)
    assert render_faults(read_deck(Path("broken.yaml")).faults) + "\n" == TOLD


def test_the_good_cards_of_a_broken_file_are_kept_with_their_lines(write: Write) -> None:
    reading = read_deck(write(BROKEN))
    assert [(placed.line, front_of(placed.card)) for placed in reading.cards] == [
        (36, "a"),
        (42, "good"),
    ]
    assert reading.header.title == "deck"


def test_loading_a_broken_deck_raises_with_all_that_breaks_it(write: Write) -> None:
    path = write(BROKEN)
    with pytest.raises(DeckError) as caught:
        load_deck(path)
    assert len(caught.value.faults) == 21
    assert all(CODES[fault.code].breaks for fault in caught.value.faults)
    assert f"{path}:2:1: a deck has no field `odrer`" in str(caught.value)


def test_faults_of_quality_alone_do_not_keep_a_deck_from_loading(write: Write) -> None:
    deck = load_deck(write("title: T\ncards:\n- front: a\u200bb\n  back: c #d\n"))
    assert deck.cards == (Basic(front="ab", back="c"),)


EVERY_KIND = r"""title: All kinds
id: kinds
order: 7
sources:
  '001': Note 001
cards:
- front: |
    What is $\frac{a}{b}$?
  back: '0.10'
- kind: cloze
  id: c-1
  difficulty: 3
  tags: [one, two]
  cloze: A {{blank}}.
- kind: choice
  front: q
  answer: 'no'
  wrong: [{text: 'yes', why: because}]
- kind: formula
  front: d/dx
  back: $1$
  accepts: ['1']
  names: {x: real}
- kind: problem
  family: softmax-row
  level: 2
- kind: flaw
  front: wrong
  back: right
- kind: open
  front: Explain.
  back: So.
  rubric: [one, two]
  follow_ups:
  - ask: And then?
    answer: That.
"""


def test_every_kind_of_card_is_read(write: Write) -> None:
    deck = load_deck(write(EVERY_KIND))
    assert (deck.id, deck.title, deck.order) == ("kinds", "All kinds", 7)
    basic, cloze, choice, _, problem, _, told = deck.cards
    assert isinstance(basic, Basic)
    assert (basic.front, basic.back) == ("What is $\\frac{a}{b}$?", "0.10")
    assert isinstance(cloze, Cloze)
    assert (cloze.id, cloze.difficulty, cloze.tags) == ("c-1", 3, ("one", "two"))
    assert isinstance(choice, Choice)
    assert (choice.answer, choice.wrong[0].text) == ("no", "yes")
    assert isinstance(problem, ProblemCard)
    assert problem.level == 2
    assert isinstance(told, Open)
    assert told.follow_ups[0].ask == "And then?"


def test_a_deck_without_an_id_is_named_after_its_file(write: Write) -> None:
    text = "title: T\ncards: [{front: a, back: b}]\n"
    assert load_deck(write(text, "My Deck (2).yaml")).id == "my-deck-2"
    assert deck_name(Path("注意力.yaml")) == "deck"


@pytest.mark.parametrize("written", ["2.0", "2e0", "+2", "010", " '2 '", "0x2", "1_0", "two", "''"])
def test_a_number_is_written_plainly(write: Write, written: str) -> None:
    path = write(f"title: T\ncards:\n- {{front: a, back: b, difficulty: {written}}}\n")
    if written == " '2 '":
        assert load_deck(path).cards[0].difficulty == 2
        return
    with pytest.raises(DeckError) as caught:
        load_deck(path)
    assert [fault.code for fault in caught.value.faults] == ["not-a-number"]


def test_an_order_that_is_no_number_is_told_and_the_cards_are_kept(write: Write) -> None:
    reading = read_deck(write("title: T\norder: first\ncards:\n- {front: a, back: b}\n"))
    assert [(f.line, f.code) for f in reading.faults] == [(2, "not-a-number")]
    assert len(reading.cards) == 1


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "wrong-type"),
        ("just words\n", "wrong-type"),
        ("- front: a\n", "wrong-type"),
        ("title: T\n", "empty-deck"),
        ("title: T\ncards:\n", "empty-deck"),
        ("title: T\ncards: none\n", "wrong-type"),
        ("title: T\ncards: {front: a}\n", "wrong-type"),
        ("cards: [{front: a, back: b}]\n", "missing-field"),
        ("title: [a]\ncards: [{front: a, back: b}]\n", "wrong-type"),
        ("title: T\nsources: [a]\ncards: [{front: a, back: b}]\n", "wrong-type"),
        ("title: T\nsources: {a: [b]}\ncards: [{front: a, back: b}]\n", "wrong-type"),
        ("title: T\ncards: [{front: a, back: b, tags: x}]\n", "wrong-type"),
        ("title: T\ncards: [{front: a, back: b, tags: [[x]]}]\n", "wrong-type"),
        ("title: T\ncards: [{front: a, back: ' '}]\n", "empty-text"),
        ("title: T\ncards: [{kind: [basic], front: a, back: b}]\n", "unknown-kind"),
        ("title: T\ncards: [{kind: choice, front: a, answer: b, wrong: c}]\n", "wrong-type"),
        ("title: T\ncards: [{kind: choice, front: a, answer: b, wrong: [c]}]\n", "wrong-type"),
        ("title: T\ncards: [{front: a, back: b, requires: [A]}]\n", "bad-id"),
    ],
)
def test_a_deck_of_the_wrong_shape_gets_one_fault_that_says_so(
    write: Write, text: str, code: str
) -> None:
    assert [fault.code for fault in read_deck(write(text)).faults] == [code]


def test_a_card_with_a_broken_quote_hides_no_other_card(write: Write) -> None:
    text = 'title: T\ncards:\n- front: "open\n  back: b\n- front: c\n  back: d\n'
    text += "- {front: *x, back: y}\n"
    reading = read_deck(write(text))
    assert [(f.line, f.code) for f in reading.faults] == [(3, "yaml"), (7, "alias")]
    assert [front_of(placed.card) for placed in reading.cards] == ["c"]


def test_a_folder_or_a_missing_file_is_one_plain_fault(tmp_path: Path) -> None:
    with pytest.raises(DeckError, match="no such file"):
        load_deck(tmp_path / "none.yaml")
    with pytest.raises(DeckError, match="folder"):
        load_deck(str(tmp_path))


PLAIN = st.text(st.sampled_from("aQq é∂$\\{}[]:#-'\"|\n\t"), min_size=1, max_size=25).filter(
    lambda text: text.strip()
)


@settings(derandomize=True, deadline=None, max_examples=100)
@given(st.lists(st.tuples(PLAIN, PLAIN), min_size=1, max_size=4))
def test_any_text_survives_in_a_block(
    tmp_path_factory: pytest.TempPathFactory, cards: list[tuple[str, str]]
) -> None:
    path = tmp_path_factory.mktemp("deck") / "d.yaml"
    lines = ["title: T", "cards:"]
    for front, back in cards:
        for key, text in (("- front", front), ("  back", back)):
            lines.append(f"{key}: |2")
            lines += [f"    {line}" for line in text.split("\n")]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    read: tuple[Card, ...] = load_deck(path).cards
    expected = [tuple(shown(text) for text in card) for card in cards]
    assert [(front_of(card), getattr(card, "back", "")) for card in read] == expected


def shown(text: str) -> str:
    return text.rstrip().lstrip("\n").replace("\t", "    ")


def test_a_card_that_is_no_yaml_does_not_take_the_card_before_it_along(write: Write) -> None:
    path = write("title: T\ncards:\n- {front: a, back: b}\n- front: c\n  back: d: e\n")
    assert [front_of(placed.card) for placed in read_deck(path).cards] == ["a"]
