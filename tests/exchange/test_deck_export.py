"""Decks go out whole, and come home from wherever they went."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from studykit.decks import load_deck, shipped_decks
from studykit.decks.schema import Card, Choice, Cloze, Flaw, FollowUp, Open, ProblemCard, Wrong
from studykit.exchange.deck_export import OutDeck, markdown, table, write_anki
from studykit.exchange.errors import ExchangeError
from studykit.exchange.faces import faces
from studykit.exchange.plan import plan
from studykit.exchange.reading import read_file
from studykit.memory.days import study_day
from tests.anki import Imported, is_sound, open_anki, take

LONG_AGO = 1_760_000_000


def shipped(name: str, changed: float = LONG_AGO) -> OutDeck:
    deck = load_deck(shipped_decks() / f"{name}.yaml")
    cards = tuple((str(card.id), card) for card in deck.cards)
    return OutDeck(name, deck.title, deck.about, cards, changed)


def face(card: Card) -> str:
    (one,) = faces("x-1", card, 1)
    return "\n".join((one.front, one.back, one.more))


def test_every_shipped_card_reaches_anki_and_an_edited_deck_updates_in_place(
    tmp_path: Path,
) -> None:
    decks = [shipped(path.stem) for path in sorted(shipped_decks().glob("*.yaml"))]
    problems = sum(isinstance(card, ProblemCard) for deck in decks for _, card in deck.cards)
    total = sum(len(deck.cards) for deck in decks) + problems
    package = tmp_path / "all.apkg"
    assert write_anki(package, decks, instances=2) == total
    with open_anki(tmp_path / "anki") as anki:
        assert take(anki, package) == Imported(total, 0, 0, 0)
        assert anki.card_count() == total
        assert take(anki, package) == Imported(0, 0, total, 0)
        assert len(anki.find_cards("deck:studykit::*")) == total
        first = decks[0]
        name, card = next((n, c) for n, c in first.cards if not isinstance(c, ProblemCard | Cloze))
        edited = type(card)(**{**{f: getattr(card, f) for f in card.__struct_fields__},
                               "explain": "Edited by hand."})  # fmt: skip
        cards = tuple((n, edited if n == name else c) for n, c in first.cards)
        write_anki(package, [first._replace(cards=cards, changed=LONG_AGO + 60)], instances=2)
        assert take(anki, package).new == 0
        assert anki.card_count() == total
        assert len(anki.find_cards('"Edited by hand."')) == 1
        assert is_sound(anki)


def test_the_same_deck_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a.apkg", "b.apkg"):
        write_anki(tmp_path / name, [shipped("scaling")], instances=2)
    assert (tmp_path / "a.apkg").read_bytes() == (tmp_path / "b.apkg").read_bytes()
    assert table([shipped("scaling")], 2) == table([shipped("scaling")], 2)


@pytest.mark.parametrize("ending", ["csv", "md"])
def test_a_deck_that_went_out_as_text_reads_back_with_every_card(
    tmp_path: Path, ending: str
) -> None:
    deck = shipped("softmax")
    made = table([deck], 1) if ending == "csv" else markdown([deck], 1)
    path = tmp_path / f"out.{ending}"
    path.write_text(made, encoding="utf-8")
    incoming = read_file(path, study_day)
    assert len(incoming.drafts) == len(deck.cards)
    assert not incoming.refused
    assert {draft.deck for draft in incoming.drafts} == {deck.title}
    again = plan(path, incoming, folder=tmp_path)
    assert again.cards == len(deck.cards)
    if ending == "csv":
        texts = {draft.id: draft.explain for deck in again.decks for draft in deck.drafts}
        for name, card in deck.cards:
            if not isinstance(card, ProblemCard | Choice | Open):
                assert texts[name] == card.explain


def test_a_deck_that_went_out_is_known_when_it_comes_home(tmp_path: Path) -> None:
    deck = shipped("softmax")
    path = tmp_path / "out.csv"
    path.write_text(table([deck], 2), encoding="utf-8")
    known = [name for name, _ in deck.cards]
    made = plan(path, read_file(path, study_day), folder=tmp_path, known=known)
    assert made.empty


def test_each_kind_says_what_it_asks_and_tells() -> None:
    wrong = (Wrong(text="no", why="because"), Wrong(text="nay", why="since"))
    choice = face(Choice(front="Which?", answer="yes", wrong=wrong))
    assert choice.count("- **") == 5
    assert "Why not the others" in choice
    assert "Correct it" in face(Flaw(front="1 = 2", back="1 ≠ 2"))
    follow = (FollowUp(ask="And then?", answer="So."),)
    told = face(Open(front="Say", back="It", rubric=("one", "two"), follow_ups=follow, model="All"))
    for part in ("A good answer says:", "- one", "A full answer:", "And then?"):
        assert part in told


def test_frozen_problems_differ_and_are_the_same_each_time() -> None:
    card = ProblemCard(family="softmax-row", level=1, front="By hand.")
    three = list(faces("sfm-06", card, 3))
    assert [one.key for one in three] == ["sfm-06#1", "sfm-06#2", "sfm-06#3"]
    assert len({one.front for one in three}) == 3
    assert three == list(faces("sfm-06", card, 3))
    assert list(faces("sfm-06", card, 2)) == three[:2]
    for one in three:
        assert one.front.startswith("By hand.")
        assert one.back.strip("$").split("=", 1)[1] in one.more


def test_an_unknown_family_is_said() -> None:
    with pytest.raises(ExchangeError, match="nowhere"):
        list(faces("x", ProblemCard(family="nowhere"), 1))


def test_a_cloze_with_brackets_of_its_own_goes_out_as_question_and_answer() -> None:
    deck = OutDeck("d", "D", "", [("x", Cloze(cloze="$x[1]$ is {{one}}"))], 0)
    assert "Q: $x[1]$ is […]" in markdown([deck], 1)
    plain = OutDeck("d", "D", "", [("x", Cloze(cloze="it is {{one}}"))], 0)
    assert "C: it is [one]" in markdown([plain], 1)


def test_without_its_package_the_extra_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "genanki", None)
    with pytest.raises(ExchangeError, match=r"studykit\[anki\]"):
        write_anki(tmp_path / "x.apkg", [shipped("scaling")], 1)
    assert not list(tmp_path.glob("x.apkg*"))
