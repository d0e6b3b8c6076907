"""Decks are edited, cut, moved and broken; what was learned of their cards stays."""

from __future__ import annotations

from pathlib import Path

from studykit.progress import CardRow, DeckRow, KnownCard
from studykit.progress.check import check
from tests.progress.desk import DAY, NOON, answer, open_desk, sync


def test_a_card_cut_from_its_deck_is_not_asked_and_comes_back_with_its_history(
    tmp_path: Path,
) -> None:
    with open_desk(tmp_path, cards=3, decks=1) as store:
        answer(store, "d0-1")
        learned = store.standing("d0-1")
        sync(store, "d0", ["d0-0", "d0-2"])
        assert store.source().due(DAY + 99, 9) == []
        assert store.source().new(DAY, 9) == ["d0-0", "d0-2"]
        assert store.counts(DAY + 99)["d0"] == (2, 0, 0, 2, 0)
        assert KnownCard("d0-1", "text of d0-1", False, 1) in store.known_cards("d0")
        sync(store, "d0", ["d0-2", "d0-1", "d0-0"])
        assert store.standing("d0-1") == learned
        assert store.source().due(DAY + 99, 9) == ["d0-1"]
        assert store.source().new(DAY, 9) == ["d0-2", "d0-0"]
        assert check(store).sound


def test_a_card_moved_to_another_deck_takes_its_memory_along(tmp_path: Path) -> None:
    with open_desk(tmp_path, cards=2) as store:
        answer(store, "d0-0")
        store.suspend("d0-1", DAY, NOON)
        sync(store, "d1", ["d1-0", "d0-0", "d0-1"], 1)
        sync(store, "d0", [])
        counts = store.counts(DAY + 99)
        assert counts["d0"] == (0, 0, 0, 0, 0)
        assert counts["d1"] == (1, 0, 1, 3, 1)
        assert store.source(["d1"]).due(DAY + 99, 9) == ["d0-0"]
        assert check(store).sound


def test_an_edited_card_keeps_its_memory_and_its_text_is_known_for_the_next_time(
    tmp_path: Path,
) -> None:
    with open_desk(tmp_path, cards=1, decks=1) as store:
        answer(store, "d0-0")
        learned = store.standing("d0-0")
        store.same("d0-0", "edited", DAY, NOON)
        store.sync_deck(
            DeckRow("d0", "h2", "Deck", 0, "d0.yaml"), [CardRow("d0-0", "cloze", "edited", "fam")]
        )
        assert store.standing("d0-0") == learned
        assert store.known_cards("d0") == [KnownCard("d0-0", "edited", True, 1)]
        assert store.undo_last(DAY, NOON) is not None  # the answer, not the decision
        assert store.standing("d0-0").memory is None


def test_a_renamed_card_goes_on_under_its_other_id(tmp_path: Path) -> None:
    with open_desk(tmp_path, cards=2, decks=1) as store:
        answer(store, "d0-0")
        answer(store, "d0-0", 2, DAY + 3)
        learned = store.standing("d0-0")
        sync(store, "d0", ["proper", "d0-1"])
        store.rename("d0-0", "proper", DAY, NOON)
        assert store.standing("proper") == learned
        assert store.standing("d0-0").memory is None
        assert [review.card for review in store.history("proper")] == ["d0-0", "d0-0"]
        assert store.times_answered("proper") == 2
        assert [card.id for card in store.known_cards("d0")] == ["proper", "d0-1"]
        assert store.former_ids() == {"d0-0": "proper"}
        answer(store, "proper", 3, DAY + 9)
        store.undo_last(DAY + 9, NOON)
        store.undo_last(DAY + 9, NOON)
        memory = store.standing("proper").memory
        assert memory is not None
        assert memory.reps == 1
        assert check(store).sound


def test_a_rename_is_taken_back_by_renaming_the_other_way(tmp_path: Path) -> None:
    with open_desk(tmp_path, cards=2, decks=1) as store:
        answer(store, "d0-0")
        learned = store.standing("d0-0")
        sync(store, "d0", ["proper", "d0-1"])
        store.rename("d0-0", "proper", DAY, NOON)
        store.rename("proper", "third", DAY, NOON)
        assert store.standing("third") == learned
        sync(store, "d0", ["d0-0", "d0-1"])
        store.rename("third", "d0-0", DAY, NOON)
        store.rename("d0-0", "d0-0", DAY, NOON)
        assert store.standing("d0-0") == learned
        assert store.source().due(DAY + 99, 9) == ["d0-0"]
        assert check(store).sound


def test_a_deck_that_is_gone_or_broken_is_hidden_until_it_is_read_again(tmp_path: Path) -> None:
    with open_desk(tmp_path, cards=2) as store:
        answer(store, "d0-0")
        answer(store, "d1-0")
        assert store.keep_decks(["d1"]) == ["d0"]
        assert store.keep_decks(["d1"]) == []
        assert [deck.id for deck in store.decks()] == ["d1"]
        assert store.source().due(DAY + 99, 9) == ["d1-0"]
        assert store.source().new(DAY, 9) == ["d1-1"]
        assert store.counts(DAY).keys() == {"d1"}
        sync(store, "d0", ["d0-0", "d0-1"])
        assert sorted(store.source().due(DAY + 99, 9)) == ["d0-0", "d1-0"]
        assert check(store).sound


def test_decks_are_listed_in_their_order(tmp_path: Path) -> None:
    with open_desk(tmp_path, decks=0) as store:
        for deck, position in (("b", 2), ("a", 2), ("z", 1)):
            sync(store, deck, [], position)
        assert [deck.id for deck in store.decks()] == ["z", "a", "b"]
        assert store.decks()[0] == DeckRow("z", "hash of z", "Deck z", 1, "z.yaml")
        assert list(store.counts(DAY)) == ["z", "a", "b"]


def test_siblings_are_the_learned_cards_of_the_same_family_in_the_deck(tmp_path: Path) -> None:
    with open_desk(tmp_path, decks=0) as store:
        store.sync_deck(
            DeckRow("d", "h", "D", 0, "d.yaml"),
            [CardRow(f"p{n}", "problem", f"t{n}", "softmax-row") for n in range(3)]
            + [CardRow("other", "problem", "t", "attention-output"), CardRow("b", "basic", "t")],
        )
        for card in ("p0", "p1", "other", "b"):
            answer(store, card, 4)
        memory = store.standing("p1").memory
        assert memory is not None
        assert store.sibling_dues("p0") == [memory.due]
        assert store.sibling_dues("b") == []


def test_memories_are_those_of_the_cards_that_are_studied(tmp_path: Path) -> None:
    with open_desk(tmp_path, cards=2) as store:
        answer(store, "d0-0")
        store.suspend("d1-0", DAY, NOON)
        everything = dict(store.memories())
        assert everything == {"d0-0": store.standing("d0-0").memory, "d0-1": None, "d1-1": None}
        assert dict(store.memories("d1")) == {"d1-1": None}
