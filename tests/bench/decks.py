"""Reading decks: cold beside the bare event stream of the same file, cached beside nothing."""

from __future__ import annotations

import tempfile
from pathlib import Path

import yaml

from studykit.decks import Library, shipped_decks
from studykit.decks.loader import read_deck
from tests.bench.measure import Row, interleaved, median, seconds, us

CARDS = 1000
EVENTS = 13.5e-6
"""Seconds a card for bare events on the machine where the bars were set: how slow this one is now
scales them."""


def write_deck(path: Path, cards: int, name: str = "bench") -> Path:
    """A deck of basic cards with formulas, about 300 bytes a card."""
    body = "".join(
        f"  - id: {name}-{number}\n    kind: basic\n    difficulty: {number % 5 + 1}\n"
        f"    front: |\n      Card number {number}: what is $q_{{{number}}}\\cdot k$ divided by?\n"
        "    back: |\n      By $\\sqrt{d_k}$, the standard deviation of the dot product.\n"
        "    explain: |\n      The variance of a sum of $d_k$ unit terms is $d_k$.\n"
        "    sources: [note]\n    tags: [bench]\n"
        for number in range(cards)
    )
    head = f"title: Bench {name}\nid: {name}\nsources: {{note: A note}}\ncards:\n"
    path.write_text(head + body, encoding="utf-8")
    return path


def events(data: bytes) -> int:
    """The floor: PyYAML's C events and nothing else; how many there are."""
    loader = yaml.CSafeLoader(data)
    count = 1
    while not isinstance(loader.get_event(), yaml.StreamEndEvent):
        count += 1
    return count


def rows() -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        path = write_deck(Path(folder) / "bench.yaml", CARDS)
        data = path.read_bytes()
        cold, floor = interleaved(
            9, lambda: seconds(lambda: read_deck(path)), lambda: seconds(lambda: events(data))
        )
        ours, bare = median(cold) / CARDS, median(floor) / CARDS
        cache = Path(folder) / "cache.db"
        Library([path], cache).close()

        def cached() -> None:
            library = Library([path], cache)
            for _ in library.cards("bench"):
                pass
            library.close()

        warm = median(interleaved(9, lambda: seconds(cached))[0]) / CARDS
    shipped = sorted(shipped_decks().glob("*.yaml"))
    total = sum(len(read_deck(path).cards) for path in shipped)
    real = real_floor = 0.0
    for path in shipped:
        data = path.read_bytes()
        reading, floor = interleaved(
            5,
            lambda: seconds(lambda: read_deck(path)),  # noqa: B023
            lambda: seconds(lambda: events(data)),  # noqa: B023
        )
        real += median(reading)
        real_floor += median(floor)
    slow = bare / EVENTS
    return [
        Row(
            "read a deck, cold, a card over events",
            us(ours - bare),
            us(bare),
            f"{ours / bare:.2f}",
            f"≤ 20 µs × {slow:.1f}",
            ours - bare <= 20e-6 * slow,
        ),
        Row(
            f"the {total} shipped cards, cold, over events",
            us((real - real_floor) / total),
            us(real_floor / total),
            f"{real / real_floor:.2f}",
            f"≤ 20 µs × {slow:.1f}",
            (real - real_floor) / total <= 20e-6 * slow,
        ),
        Row(
            "read a deck, cached",
            us(warm),
            us(bare),
            f"{warm / bare:.2f}",
            f"≤ 2 µs × {slow:.1f}",
            warm <= 2e-6 * slow,
        ),
    ]
