"""What waits is found through indexes, and it is what a look at every card would find."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.memory import Model, Order, Queue, Sort
from studykit.memory import Source as QueueSource
from studykit.progress import CardSource, Store, open_store
from tests.progress.desk import DAY, LAW, NOON, answer, open_desk, remembered

CARDS = [f"d{deck}-{card}" for deck in range(3) for card in range(4)]


def spread(store: Store, seed: int) -> None:
    """Answers, suspensions and buried cards at random."""
    draw = random.Random(seed)
    for number in range(draw.randrange(25)):
        card, day = draw.choice(CARDS), DAY - draw.randrange(12)
        answer(store, card, draw.randint(1, 4), day, NOON + number)
    for card in draw.sample(CARDS, 2):
        store.suspend(card, DAY, NOON)
    for card in draw.sample(CARDS, 2):
        store.bury(card, DAY + draw.randint(0, 2), DAY, NOON)


@LAW
@given(st.integers(0, 10_000), st.sampled_from([None, ["d1"], ["d2", "d0"]]), st.integers(0, 15))
def test_sources_and_counts_agree_with_a_look_at_every_card(
    seed: int, decks: list[str] | None, limit: int
) -> None:
    with tempfile.TemporaryDirectory() as folder, open_desk(Path(folder), 4, 3) as store:
        spread(store, seed)
        source = store.source(decks)
        new, learning, due = [], [], []
        for card in CARDS:
            standing = store.standing(card)
            if decks is not None and card[:2] not in decks:
                continue
            if standing.suspended or standing.buried_until > DAY:
                continue
            if standing.memory is None:
                new.append(card)
            elif standing.memory.learning:
                learning.append(card)
            elif standing.memory.due <= DAY:
                due.append(card)
        assert source.new(DAY, 99) == new
        assert source.new(DAY, limit) == new[:limit]
        assert sorted(card for card, _ in source.learning(DAY)) == learning
        assert sorted(source.due(DAY, 99)) == due
        assert source.due(DAY, limit) == source.due(DAY, 99)[:limit]
        assert sorted(source.due(DAY, 99, by_recall=True)) == due
        assert all(source.is_due(card, DAY) == (card in due) for card in CARDS if card in due)
        assert source.new_count(DAY, 99) == len(new)
        assert source.new_count(DAY, limit) == min(limit, len(new))
        assert source.due_count(DAY, 99) == len(due)
        assert source.due_count(DAY, limit) == min(limit, len(due))
        counts = [
            count for deck, count in store.counts(DAY).items() if decks is None or deck in decks
        ]
        assert sum(count.new for count in counts) == len(new)
        assert sum(count.learning for count in counts) == len(learning)
        assert sum(count.due for count in counts) == len(due)
        chosen = [card for card in CARDS if card[-1] in "02"]
        picked = store.source(chosen=chosen)
        if decks is None:
            assert sorted(picked.due(DAY, 99)) == [card for card in due if card in chosen]
            assert picked.new(DAY, 99) == [card for card in new if card in chosen]
            assert picked.new_count(DAY, 99) == len(picked.new(DAY, 99))
            assert picked.due_count(DAY, 99) == len(picked.due(DAY, 99))
            assert {card for card, _ in picked.learning(DAY)} == set(learning) & set(chosen)


def test_by_recall_the_likeliest_forgotten_comes_first(tmp_path: Path) -> None:
    with open_desk(tmp_path, 4, 3) as store:
        spread(store, 3)
        day, model = DAY + 60, Model()

        def recall(card: str) -> float:
            memory = remembered(store, card)
            assert memory is not None
            return model.retrievability(memory.stability, day - memory.last)

        for source in (store.source(), store.source(["d2", "d1", "d0"])):
            recalls = [recall(card) for card in source.due(day, 99, by_recall=True)]
            assert len(recalls) > 3
            assert recalls == sorted(recalls)


def test_cards_due_on_one_day_are_shuffled_and_always_alike(tmp_path: Path) -> None:
    with open_desk(tmp_path, 30, 1) as store:
        cards = [f"d0-{n}" for n in range(30)]
        for card in cards:
            answer(store, card, 2)
        order = store.source().due(DAY + 1, 99)
        assert sorted(order) == sorted(cards)
        assert order != cards
    with open_desk(tmp_path) as store:
        assert store.source().due(DAY + 1, 99) == order
        assert store.source(["d0"]).due(DAY + 1, 99) == order


def test_a_longer_overdue_card_comes_before_one_due_later(tmp_path: Path) -> None:
    with open_desk(tmp_path, 3, 1) as store:
        answer(store, "d0-2", 4, DAY)
        answer(store, "d0-0", 2, DAY)
        answer(store, "d0-1", 3, DAY)
        assert store.source().due(DAY + 99, 9) == ["d0-0", "d0-1", "d0-2"]


def test_a_forgotten_card_knows_how_many_answers_came_after_it(tmp_path: Path) -> None:
    with open_desk(tmp_path, 6, 1) as store:
        answer(store, "d0-0", 1)
        answer(store, "d0-1", 1)
        answer(store, "d0-2", 3)
        assert store.source().learning(DAY) == [("d0-0", 2), ("d0-1", 1)]
        store.undo_last(DAY, NOON)
        assert store.source().learning(DAY) == [("d0-0", 1), ("d0-1", 0)]
    with open_desk(tmp_path) as store:
        assert store.source().learning(DAY) == [("d0-0", 1), ("d0-1", 0)]
        # On another day it has waited long enough.
        assert store.source().learning(DAY + 1)[0][1] > 100


def test_a_session_over_the_store_ends_with_everything_answered(tmp_path: Path) -> None:
    with open_desk(tmp_path, 8, 3) as store:
        for card in ("d0-0", "d1-1", "d2-2"):
            answer(store, card, 3, DAY - 10)
        forgotten = {"d0-0", "d0-3", "d1-1"}
        asked: list[str] = []
        while True:
            source: QueueSource = store.source()
            chosen = Queue(source, Order(new_a_day=10)).next(DAY)
            if chosen is None:
                break
            again = chosen.card in forgotten and chosen.card not in asked
            answer(store, chosen.card, 1 if again else 3, DAY, NOON + len(asked))
            asked.append(chosen.card)
        assert len(asked) == 3 + 10 + len(forgotten & set(asked))
        assert len(set(asked)) == 13
        assert store.done(DAY).new == 10
        assert store.done(DAY).reviews == 3
        assert Queue(store.source(), Order(new_a_day=11)).left(DAY) == (1, 0, 0)
        assert Sort.NEW.value == "new"


def test_a_cram_takes_every_card_the_least_known_first(tmp_path: Path) -> None:
    with open_desk(tmp_path, 3, 2) as store:
        answer(store, "d1-0", 4)
        answer(store, "d0-1", 2)
        store.suspend("d0-2", DAY, NOON)
        source = store.source()
        assert source.everything(DAY + 1, 99) == ["d0-1", "d1-0", "d0-0", "d1-1", "d1-2"]
        assert source.everything(DAY + 1, 3) == ["d0-1", "d1-0", "d0-0"]
        assert store.source(["d1"]).everything(DAY + 1, 99) == ["d1-0", "d1-1", "d1-2"]


def test_load_is_the_number_of_cards_due_on_exactly_that_day(tmp_path: Path) -> None:
    with open_desk(tmp_path, 5, 1) as store:
        for card in ("d0-0", "d0-1", "d0-2"):
            answer(store, card, 2)
        assert [store.due_on(DAY + n) for n in (0, 1, 2)] == [0, 3, 0]
        store.suspend("d0-0", DAY, NOON)
        assert store.due_on(DAY + 1) == 2


def test_new_cards_come_from_the_decks_in_turn(tmp_path: Path) -> None:
    with open_desk(tmp_path, 4, 3) as store:
        asked = []
        for number in range(8):
            day = DAY + number // 3
            (card,) = store.source().new(day, 1, in_turn=True)
            asked.append(card)
            answer(store, card, 3, day, NOON + number)
        assert asked == ["d0-0", "d1-0", "d2-0", "d0-1", "d1-1", "d2-1", "d0-2", "d1-2"]
        assert store.source(["d1", "d0"]).new(DAY + 3, 1, in_turn=True) == ["d0-3"]


@LAW
@given(st.integers(0, 10_000))
def test_in_turn_the_same_new_cards_come_as_deck_by_deck(seed: int) -> None:
    with tempfile.TemporaryDirectory() as folder, open_desk(Path(folder), 4, 3) as store:
        spread(store, seed)
        source = store.source()
        assert sorted(source.new(DAY, 99, in_turn=True)) == source.new(DAY, 99)


QUERIES: dict[str, Callable[[CardSource], object]] = {
    "next due": lambda source: source.due(DAY, 1),
    "next due in two decks": lambda source: CardSource(source.database, ("d0", "d1")).due(DAY, 1),
    "next new": lambda source: source.new(DAY, 1),
    "next new, in turn": lambda source: source.new(DAY, 1, in_turn=True),
    "due, counted": lambda source: source.due_count(DAY, 50),
    "new, counted": lambda source: source.new_count(DAY, 50),
    "learning": lambda source: source.learning(DAY),
    "introduced": lambda source: source.introduced(DAY),
}


@pytest.mark.parametrize("name", list(QUERIES))
def test_no_lookup_of_the_queue_scans_or_sorts_a_table(tmp_path: Path, name: str) -> None:
    with open_desk(tmp_path, 4, 3) as store:
        spread(store, 1)
        seen: list[str] = []
        connection = store.database.connection
        connection.set_trace_callback(seen.append)
        QUERIES[name](store.source())
        connection.set_trace_callback(None)
        plans = [
            step[3]
            for sql in seen
            if sql.lstrip().upper().startswith("SELECT")
            for step in connection.execute(f"EXPLAIN QUERY PLAN {sql}")
            # The last answers are read from the end of the log, and no more of them than asked.
            if not (step[3] == "SCAN review" and "FROM review ORDER BY id DESC LIMIT" in sql)
        ]
        assert plans
        for step in plans:
            big = ("SCAN card", "SCAN memory", "SCAN review", "SCAN action")
            assert not step.startswith(big) or "INDEX memory_learning" in step, plans
            assert "TEMP B-TREE FOR ORDER BY" not in step or name == "learning", plans


@LAW
@given(st.integers(0, 10_000))
def test_a_source_that_looked_before_sees_every_later_write(seed: int) -> None:
    with tempfile.TemporaryDirectory() as folder, open_desk(Path(folder), 4, 3) as store:
        draw, kept = random.Random(seed), store.source(["d0", "d1"])
        for number in range(12):
            fresh = store.source(["d0", "d1"])
            for day in (DAY, DAY + 1):
                assert list(kept.learning(day)) == list(fresh.learning(day))
                for count in ("due_count", "new_count", "early_count"):
                    assert getattr(kept, count)(day, 99) == getattr(fresh, count)(day, 99)
                for count in ("introduced", "reviewed", "hastened"):
                    assert getattr(kept, count)(day) == getattr(fresh, count)(day)
            card, deed = draw.choice(CARDS), draw.randrange(4)
            if deed == 0:
                store.undo_last(DAY, NOON + number)
            elif deed == 1:
                store.suspend(card, DAY, NOON + number)
            else:
                answer(store, card, draw.randint(1, 4), DAY, NOON + number)


def test_a_reader_sees_what_the_writer_wrote_meanwhile(tmp_path: Path) -> None:
    with open_desk(tmp_path, 4, 3) as store:
        answer(store, "d0-0", 3, DAY, NOON)
        with open_store(store.database.path, mode="read") as reader:
            source = reader.source()
            assert source.introduced(DAY) == 1
            answer(store, "d0-1", 3, DAY, NOON + 1)
            assert source.introduced(DAY) == 2
