"""The order of a day: limits, new among due, and forgotten cards coming back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.memory import (
    UNLIMITED,
    DueOrder,
    NewOrder,
    Next,
    Order,
    Queue,
    ScheduleError,
    Sort,
    Source,
)
from tests.memory.laws import LAW

DAY = 739_000


@dataclass
class Cards:
    """A source in plain lists; `asked` counts how many rows the queue ever asked for."""

    fresh: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    forgotten: dict[str, int] = field(default_factory=dict)
    log: list[tuple[str, str]] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    """Cards not due yet, the weakest first."""
    asked: int = 0

    def learning(self, day: int) -> Sequence[tuple[str, int]]:
        listed = [(card, len(self.log) - at) for card, at in self.forgotten.items()]
        return sorted(listed, key=lambda pair: -pair[1])

    def due(self, day: int, limit: int, by_recall: bool) -> Sequence[str]:
        self.asked += limit
        return (self.waiting[::-1] if by_recall else self.waiting)[:limit]

    def is_due(self, card: str, day: int) -> bool:
        return card in self.waiting

    def new(self, day: int, limit: int, in_turn: bool) -> Sequence[str]:
        self.asked += limit
        return self.fresh[:limit]

    def due_count(self, day: int, limit: int) -> int:
        return min(limit, len(self.waiting))

    def new_count(self, day: int, limit: int) -> int:
        return min(limit, len(self.fresh))

    def introduced(self, day: int) -> int:
        return sum(sort == "new" for _, sort in self.log)

    def reviewed(self, day: int) -> int:
        return sum(sort == "due" for _, sort in self.log)

    def early(self, day: int, date: int, limit: int) -> Sequence[str]:
        self.asked += limit
        return [card for card in self.known if self.is_early(card, day)][:limit]

    def is_early(self, card: str, day: int) -> bool:
        return card in self.known and card not in {one for one, _ in self.log}

    def early_count(self, day: int, limit: int) -> int:
        return len(self.early(day, 0, limit))

    def hastened(self, day: int) -> int:
        return sum(sort == "early" for _, sort in self.log)

    def answer(self, chosen: Next, again: bool = False) -> None:
        self.log.append((chosen.card, chosen.sort.value))
        self.fresh = [card for card in self.fresh if card != chosen.card]
        self.waiting = [card for card in self.waiting if card != chosen.card]
        self.forgotten.pop(chosen.card, None)
        if again:
            self.forgotten[chosen.card] = len(self.log)


def named(letter: str, count: int) -> list[str]:
    return [f"{letter}{n}" for n in range(count)]


def run(cards: Cards, order: Order, again: Sequence[str] = (), most: int = 500) -> list[str]:
    """The cards in the order asked; those in `again` are forgotten the first time."""
    source: Source = cards
    queue = Queue(source, order)
    asked: list[str] = []
    while (chosen := queue.next(DAY)) is not None and len(asked) < most:
        cards.answer(chosen, again=chosen.card in again and chosen.card not in asked)
        asked.append(chosen.card)
    return asked


def test_new_cards_are_spread_evenly_among_due_ones() -> None:
    asked = run(Cards(named("n", 3), named("d", 9)), Order())
    assert " ".join(asked) == "d0 d1 d2 n0 d3 d4 d5 n1 d6 d7 d8 n2"


@pytest.mark.parametrize(("order", "first"), [(NewOrder.FIRST, "n"), (NewOrder.LAST, "d")])
def test_new_cards_may_all_come_first_or_last(order: NewOrder, first: str) -> None:
    asked = run(Cards(named("n", 3), named("d", 4)), Order(new=order))
    assert len(asked) == 7
    assert "".join(sorted((card[0] for card in asked), reverse=first == "n")) == "".join(
        card[0] for card in asked
    )


@LAW
@given(
    st.integers(0, 30),
    st.integers(0, 30),
    st.integers(0, 25),
    st.integers(0, 25),
    st.sampled_from(list(NewOrder)),
    st.sampled_from(list(DueOrder)),
)
def test_every_card_within_the_limits_is_asked_once_and_none_beyond(
    fresh: int, waiting: int, new_limit: int, due_limit: int, new: NewOrder, due: DueOrder
) -> None:
    cards = Cards(named("n", fresh), named("d", waiting))
    order = Order(new_a_day=new_limit, reviews_a_day=due_limit, new=new, due=due)
    left = Queue(cards, order).left(DAY)
    asked = run(cards, order)
    assert len(asked) == len(set(asked))
    assert sum(card[0] == "n" for card in asked) == min(fresh, new_limit) == left.new
    assert sum(card[0] == "d" for card in asked) == min(waiting, due_limit) == left.due
    assert Queue(cards, order).left(DAY).total == 0


def test_what_was_done_before_a_restart_counts_against_the_limits() -> None:
    cards = Cards(named("n", 9), named("d", 9), log=[("x", "new"), ("y", "due"), ("z", "due")])
    asked = run(cards, Order(new_a_day=3, reviews_a_day=4))
    assert sorted(asked) == ["d0", "d1", "n0", "n1"]


def test_a_forgotten_card_comes_back_after_five_others() -> None:
    asked = run(Cards(waiting=named("d", 12)), Order(), again=["d1"])
    assert asked.index("d1") == 1
    assert asked[7] == "d1"
    assert len(asked) == 13


def test_a_forgotten_card_comes_back_at_once_when_it_alone_is_left() -> None:
    assert run(Cards(waiting=["d0"]), Order(), again=["d0"]) == ["d0", "d0"]


def test_forgotten_cards_take_turns_when_nothing_else_is_left() -> None:
    cards = Cards(waiting=["a", "b"])
    asked = run(cards, Order(), again=["a", "b"])
    assert asked == ["a", "b", "a", "b"]


def test_forgotten_cards_come_back_even_when_the_limit_of_reviews_is_reached() -> None:
    asked = run(Cards(waiting=named("d", 9)), Order(reviews_a_day=2), again=["d0"])
    assert asked == ["d0", "d1", "d0"]


def test_a_card_that_cannot_be_shown_is_passed_over() -> None:
    queue = Queue(Cards(["n0", "n1"], ["d0", "d1"], {"f": 0}), Order(new=NewOrder.LAST))
    assert queue.next(DAY, skip={"d0"}) == Next("d1", Sort.DUE)
    assert queue.next(DAY, skip={"d0", "d1", "n0"}) == Next("n1", Sort.NEW)
    assert queue.next(DAY, skip={"d0", "d1", "n0", "n1"}) == Next("f", Sort.LEARNING)
    assert queue.next(DAY, skip={"d0", "d1", "n0", "n1", "f"}) is None


def test_by_retrievability_the_likeliest_forgotten_come_first_also_after_an_undo() -> None:
    cards = Cards(waiting=named("d", 120))
    queue = Queue(cards, Order(due=DueOrder.RETRIEVABILITY))
    first = queue.next(DAY)
    assert first == Next("d119", Sort.DUE)
    cards.answer(first)
    assert queue.next(DAY) == Next("d118", Sort.DUE)
    cards.waiting.append("d119")  # taken back
    asked = run(cards, Order(due=DueOrder.RETRIEVABILITY))
    assert sorted(asked) == sorted(named("d", 120))


def test_a_card_set_aside_since_the_page_was_sorted_is_not_asked() -> None:
    cards = Cards(waiting=named("d", 5))
    queue = Queue(cards, Order(due=DueOrder.RETRIEVABILITY))
    assert queue.next(DAY) == Next("d4", Sort.DUE)
    cards.waiting.remove("d4")
    assert queue.next(DAY) == Next("d3", Sort.DUE)


@pytest.mark.parametrize("due", list(DueOrder))
def test_the_queue_never_loads_the_collection(due: DueOrder) -> None:
    cards = Cards(named("n", 50_000), named("d", 50_000))
    queue = Queue(cards, Order(new_a_day=UNLIMITED, reviews_a_day=UNLIMITED, due=due))
    for _ in range(20):
        chosen = queue.next(DAY)
        assert chosen is not None
        cards.answer(chosen)
    assert cards.asked <= 100


def test_an_empty_collection_has_nothing_to_ask() -> None:
    assert Queue(Cards(), Order()).next(DAY) is None
    assert Queue(Cards(), Order()).left(DAY).total == 0


def test_limits_below_zero_are_refused() -> None:
    with pytest.raises(ScheduleError):
        Order(new_a_day=-1)


def test_weak_cards_are_asked_early_once_nothing_else_is_left() -> None:
    cards = Cards(fresh=named("n", 2), waiting=named("d", 2), known=named("k", 9))
    asked = run(cards, Order(early=3, date=DAY + 2))
    assert asked[4:] == ["k0", "k1", "k2"]
    assert set(asked[:4]) == {"n0", "n1", "d0", "d1"}


def test_without_a_plan_nothing_is_asked_before_it_is_due() -> None:
    assert run(Cards(known=named("k", 9)), Order()) == []
