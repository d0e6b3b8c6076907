"""What the tests of this room share: a store with real scheduling, and answers to put in it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from hypothesis import settings

from studykit.memory import Grade, Memory, Settings, choices, fold
from studykit.progress import Answered, CardRow, DeckRow, MemoryRow, Review, Store, open_store

DAY = 739_000
NOON = 1_790_000_000_000
LAW = settings(derandomize=True, deadline=None, max_examples=60, database=None)
SCHEDULE = Settings()


def folded(answers: Iterable[Answered]) -> Memory | None:
    """The fold of the default scheduler."""
    return fold(answers, SCHEDULE.model)


def open_desk(folder: Path, cards: int = 6, decks: int = 2, *, durable: bool = False) -> Store:
    """The store in `folder`, with decks d0, d1 … of cards d0-0, d0-1 … if it is fresh.

    Only a `durable` one waits for the disk: most tests would do nothing else.
    """
    store = open_store(folder / "studykit.db", folded)
    if not durable:
        store.database.rows("PRAGMA synchronous = OFF")
    if not store.decks():
        for number in range(decks):
            sync(store, f"d{number}", [f"d{number}-{card}" for card in range(cards)], number)
    return store


def sync(store: Store, deck: str, cards: Iterable[str], position: int = 0, text: str = "") -> None:
    """Make the deck hold these cards; their text is their id unless given."""
    store.sync_deck(
        DeckRow(deck, f"hash of {deck}", f"Deck {deck}", position, f"{deck}.yaml"),
        [CardRow(card, "basic", text or f"text of {card}") for card in cards],
    )


def answer(
    store: Store, card: str, grade: int = 3, day: int = DAY, at_ms: int = NOON, kind: str = "study"
) -> str:
    """Answer a card as the session does; the id of the review."""
    before = remembered(store, card)
    after = choices(before, card, day, SCHEDULE)[Grade(grade)].memory
    was = "new" if before is None else "learning" if before.learning else "due"
    counts = kind == "study"
    review = Review(
        card=card,
        day=day,
        at_ms=at_ms,
        grade=grade,
        due=after.due if counts else None,
        elapsed_ms=4000,
        was=was,
        kind=kind,
        answer="[[1, 2]]",
        mistakes=("no-scale",) if grade == 1 else (),
    )
    return store.record(review, after if counts else None)


def remembered(store: Store, card: str) -> Memory | None:
    """The stored memory of a card."""
    row = store.standing(card).memory
    return None if row is None else Memory(*row)


def row_of(memory: Memory | None) -> MemoryRow | None:
    """A memory as the store returns it."""
    return None if memory is None else MemoryRow(*memory)
