"""A log with everything in it, by chance: all grades, undone answers, crams, resets, new names."""

from __future__ import annotations

import random
from pathlib import Path

from studykit.memory import Grade, choices
from studykit.progress import Review, Store
from tests.progress.desk import DAY, NOON, SCHEDULE, open_desk, remembered, sync

MISTAKES = ("no-scale", "softmax-over-columns", "mask-after-softmax")


def random_log(folder: Path, seed: int, days: int = 60) -> Store:
    """A store with two decks of eight cards and some hundred answers; the caller closes it."""
    draw = random.Random(seed)
    store = open_desk(folder, cards=8)
    cards = [f"d{deck}-{number}" for deck in range(2) for number in range(8)]
    day = DAY
    for _ in range(days):
        day += draw.choice((1, 1, 1, 2, 5))
        for card in draw.sample(cards, draw.randrange(6)):
            answer(store, draw, card, day)
            if draw.random() < 0.15:
                store.undo_last(day, NOON)
            elif draw.random() < 0.3:
                answer(store, draw, card, day)
        if draw.random() < 0.05:
            store.reset(draw.choice(cards), day, NOON)
    old = cards.pop(0)
    store.rename(old, "renamed", day, NOON)
    sync(store, "d0", ["renamed", *(card for card in cards if card.startswith("d0"))])
    return store


def answer(store: Store, draw: random.Random, card: str, day: int) -> None:
    """One answer as a session logs it."""
    before = remembered(store, card)
    grade = draw.choice((1, 2, 3, 3, 3, 4))
    kind = draw.choice(("study",) * 8 + ("cram", "interview"))
    counts = kind == "study"
    after = choices(before, card, day, SCHEDULE)[Grade(grade)].memory
    wrong = grade == 1 and draw.random() < 0.6
    store.record(
        Review(
            card=card,
            deck=card.split("-")[0],
            day=day,
            at_ms=NOON,
            grade=grade,
            due=after.due if counts else None,
            elapsed_ms=draw.randrange(900_000),
            was="new" if before is None else "learning" if before.learning else "due",
            kind=kind,
            ticket=f"attention-output@1/2#{day}" if draw.random() < 0.5 else None,
            result="wrong" if grade == 1 else "right",
            mistakes=tuple(draw.sample(MISTAKES, draw.randint(1, 2))) if wrong else (),
        ),
        after if counts else None,
    )
