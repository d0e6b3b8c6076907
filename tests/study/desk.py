"""A learner's desk for tests: a small deck, a clock that stands still until it is moved."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest

from studykit.study import collection as collection_module
from studykit.study.collection import Collection
from studykit.study.home import Home
from studykit.study.settings import Settings

DECK = """\
title: A small deck
id: small
sources: {note: A note}
cards:
  - id: one
    kind: basic
    front: What is one?
    back: The first.
    sources: [note]
  - id: two
    kind: choice
    front: Which one is even?
    answer: two
    wrong:
      - {text: one, why: One is odd.}
      - {text: three, why: Three is odd.}
    explain: It is twice one.
    sources: [note]
    tags: [parity]
  - id: three
    kind: cloze
    cloze: Scores are divided by {{$\\sqrt{d_k}$}}, the root of {{the key width}}.
    sources: [note]
  - id: four
    kind: flaw
    front: The weights of a row sum to two.
    back: They sum to one.
    note: It says they sum to two.
    explain: Softmax divides by the sum.
    sources: [note]
  - id: five
    kind: open
    front: Explain attention.
    back: A weighted mean of values.
    rubric: [scores, weights, output]
    follow_ups:
      - {ask: And with masks?, answer: Masked scores get minus infinity.}
    sources: [note]
  - id: six
    kind: problem
    family: attention-scores
    sources: [note]
  - id: seven
    kind: formula
    front: Write the scores.
    back: $QK^\\top/\\sqrt{d_k}$
    sources: [note]
"""

PLAIN = """\
title: Without ids
id: noids
sources: {note: A note}
cards:
  - kind: basic
    front: What does the query of a token express in words?
    back: What it looks for.
    sources: [note]
  - kind: basic
    front: How many keys are there for every query at all?
    back: As many as positions.
    sources: [note]
"""


class Clock:
    """Milliseconds since the epoch; moves only when told to."""

    def __init__(self, text: str = "2026-03-02T12:00:00") -> None:
        self.ms = int(datetime.fromisoformat(text).timestamp()) * 1000

    def __call__(self) -> int:
        return self.ms

    def seconds(self, number: float) -> None:
        self.ms += int(number * 1000)

    def days(self, number: int) -> None:
        self.ms += number * 86_400_000


class Desk:
    """Opens collections over one home with one clock, and no shipped decks."""

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.home = Home(root / "home")
        self.clock = Clock()
        shipped = root / "shipped"
        shipped.mkdir()
        monkeypatch.setattr(collection_module, "shipped_decks", lambda: shipped)

    def deck(self, text: str = DECK, name: str = "small.yaml") -> Path:
        self.home.decks.mkdir(parents=True, exist_ok=True)
        path = self.home.decks / name
        path.write_text(text, encoding="utf-8")
        return path

    @contextmanager
    def open(self, **settings: object) -> Iterator[Collection]:
        chosen = Settings(**settings)  # type: ignore[arg-type]
        with Collection.open(self.home, settings=chosen, clock=self.clock) as collection:
            yield collection
