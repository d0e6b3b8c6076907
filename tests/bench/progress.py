"""Opening a big collection to its first due card, and committing answers."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from studykit.memory import Grade
from studykit.study import Collection, Home
from studykit.study.settings import Settings
from tests.bench.decks import write_deck
from tests.bench.measure import Row, each, interleaved, median, ms, percentile, seconds

DECKS, CARDS = 10, 10_000
DAY = 86_400_000
FLUSH = 0.13e-3
"""Seconds of fdatasync on the machine where Anki was measured: how slow this disk is now scales
the bars."""


def rows() -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder))
        home.make()
        for number in range(DECKS):
            write_deck(home.decks / f"d{number}.yaml", CARDS, f"d{number}")
        now = [1_772_000_000_000]
        settings = Settings(new_per_day=9999, reviews_per_day=99999)

        def opened() -> Collection:
            return Collection.open(home, settings=settings, clock=lambda: now[0])

        opened().close()
        with opened() as collection:
            session = collection.session()
            for _ in range(300):
                session.next()
                session.reveal()
                session.grade(Grade.GOOD)
        now[0] += 3 * DAY

        def first() -> None:
            with opened() as collection:
                question = collection.session().next()
                assert question is not None and question.status == "review"

        first()
        start = median(interleaved(11, lambda: seconds(first))[0])
        with opened() as collection:
            session = collection.session()

            def answer(_: int) -> None:
                session.grade(Grade.GOOD)

            figures = []
            for _ in range(250):
                session.next()
                session.reveal()
                figures += each(answer, 1)
        disk = flush(Path(folder) / "yardstick")
    slow = median(disk) / FLUSH
    commit, commit99 = median(figures), percentile(figures, 0.99)
    return [
        Row(
            "open + first due card, 100 000 cards",
            ms(start),
            "Anki 15–20 ms",
            f"{start / 0.0175:.2f}",
            "≤ Anki's backend",
            start <= 0.020,
        ),
        Row(
            "answer committed, p50",
            ms(commit),
            f"{ms(median(disk))} (fdatasync)",
            f"{commit / median(disk):.2f}",
            f"≤ 0.26 ms × {slow:.1f} (Anki)",
            commit <= 0.26e-3 * slow,
        ),
        Row(
            "answer committed, p99",
            ms(commit99),
            f"{ms(percentile(disk, 0.99))} (fdatasync)",
            f"{commit99 / percentile(disk, 0.99):.2f}",
            f"≤ 1.4 ms × {slow:.1f} (Anki)",
            commit99 <= 1.4e-3 * slow,
        ),
    ]


def flush(path: Path) -> list[float]:
    """What the disk itself takes to keep 4 kB."""
    descriptor = os.open(path, os.O_CREAT | os.O_WRONLY)

    def write(_: int) -> None:
        os.write(descriptor, b"\0" * 4096)
        os.fdatasync(descriptor)

    try:
        return each(write, 250)
    finally:
        os.close(descriptor)
