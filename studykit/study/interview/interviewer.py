"""The interviewer: chooses the next question from the terms and the answers so far.

Warm-up, core, deep dive, and follow-ups in between. The choice depends on nothing but the pool, the
terms and the marks, so an interview goes on after a crash where it stood, and its seed repeats it.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from studykit.progress import Review
from studykit.study.interview.marks import Mark, mark_of
from studykit.study.interview.pool import Candidate, Pool
from studykit.study.interview.terms import (
    CORE,
    REACH,
    SENIORITIES,
    START_AT,
    WARM_UP,
    Phase,
    Terms,
    allowed_seconds,
)
from studykit.study.practice import Posed, Practice
from studykit.study.question import Question

GOOD, POOR = 0.75, 0.4
"""Scores from which the next question is harder, and up to which it is easier."""
SHARES = {"open": 0.45, "problem": 0.2, "formula": 0.15, "flaw": 0.12, "choice": 0.08}
"""The mixture of kinds that is aimed at."""
WARM = ("choice", "flaw", "open")
WARM_QUESTIONS = 3
LEAST_SECONDS = 45
"""With less time left nothing more is asked."""
SEEDS = 1_000_000


@dataclass(frozen=True, slots=True)
class Asking:
    """A question of the interview."""

    candidate: Candidate
    phase: Phase
    allowed: int
    drawn: int
    follow_up: int | None = None


class Interviewer(Practice):
    """Gives a session its questions; `marks` grow with every graded answer."""

    kind = "interview"
    final = True
    auto = True
    named = False

    def __init__(self, pool: Pool, terms: Terms, past: Sequence[Review] = ()) -> None:
        self.pool = pool
        self.terms = terms
        self.session = terms.id
        self.marks = [mark_of(review) for review in past]
        self._asking: Asking | None = None

    def next(self) -> Posed | None:
        self._asking = next_question(self.pool, self.terms, self.marks)
        if self._asking is None:
            return None
        one = self._asking
        return Posed(one.candidate.card, one.drawn, one.follow_up)

    def left(self) -> int:
        return 0

    def kept(self, question: Question, elapsed_ms: int) -> dict[str, Any]:
        asking = self._present()
        return {
            "terms": asdict(self.terms),
            "asked": {
                "kind": "open" if asking.follow_up is not None else asking.candidate.kind,
                "topic": asking.candidate.topic,
                "phase": asking.phase,
                "difficulty": asking.candidate.difficulty,
                "follow_up": asking.follow_up,
                "allowed": asking.allowed,
                "points": len(question.rubric),
            },
        }

    def answered(self, review: Review) -> str:
        self.marks.append(mark_of(review))
        return ""

    def heading(self, open_ms: int) -> str:
        """ "Interview · core · 1:20 of 3:00 · 12 of 45 min"."""
        asking = self._present()
        used = sum(mark.seconds for mark in self.marks) + open_ms // 1000
        return (
            f"Interview · {asking.phase} · {clock(open_ms // 1000)} of {clock(asking.allowed)} · "
            f"{used // 60} of {self.terms.minutes} min"
        )

    def _present(self) -> Asking:
        if self._asking is None:
            raise RuntimeError("nothing is asked")
        return self._asking


def clock(seconds: int) -> str:
    """Minutes and seconds: 1:05."""
    return f"{seconds // 60}:{seconds % 60:02}"


def next_question(pool: Pool, terms: Terms, marks: Sequence[Mark]) -> Asking | None:
    """What to ask now; None when the time is up or nothing is left."""
    total = 60 * terms.minutes
    used = sum(mark.seconds for mark in marks)
    if total - used < LEAST_SECONDS:
        return None
    follow_up = _follow_up(pool, terms, marks)
    if follow_up is not None:
        return follow_up
    asked = {mark.card for mark in marks}
    left = [
        one
        for one in pool.candidates.values()
        if one.card not in asked
        and (allowed_seconds(one.kind, one.difficulty) <= total - used or not marks)
    ]
    if not left:
        return None
    phase = phase_at(used / total, marks)
    wanted = target(terms, marks) if phase != "warm-up" else 1 + (terms.seniority != "junior")
    if phase == "warm-up":
        left = [one for one in left if one.kind in WARM] or left
    chosen = (_along_the_graph(pool, marks, left) if phase == "deep dive" else None) or min(
        left, key=lambda one: _cost(one, phase, wanted, terms, marks)
    )
    return _asking(chosen, phase, terms, marks)


def phase_at(share: float, marks: Sequence[Mark]) -> Phase:
    """The phase after a share of the time: warm-up, core, deep dive."""
    warm = sum(mark.phase == "warm-up" for mark in marks)
    if share < WARM_UP and warm < WARM_QUESTIONS:
        return "warm-up"
    return "core" if share < CORE else "deep dive"


def target(terms: Terms, marks: Sequence[Mark]) -> int:
    """The difficulty to ask at, 1 to 5: one up after a good answer, one down after a poor one."""
    level = start = START_AT[terms.seniority]
    for mark in marks:
        if mark.phase != "warm-up":
            level += (mark.score >= GOOD) - (mark.score <= POOR)
            level = min(5, start + REACH, max(1, start - REACH, level))
    return level


def _follow_up(pool: Pool, terms: Terms, marks: Sequence[Mark]) -> Asking | None:
    """After an open question that went well, what its card asks next; one more if that did too."""
    if not marks or marks[-1].phase == "warm-up":
        return None
    last = marks[-1]
    candidate = pool.candidates.get(last.card)
    if candidate is None or candidate.kind != "open" or last.score < 0.5:
        return None
    number = 0 if last.follow_up is None else last.follow_up + 1
    if number >= min(2, candidate.follow_ups):
        return None
    return _asking(candidate, "what if", terms, marks, number)


def _along_the_graph(
    pool: Pool, marks: Sequence[Mark], left: Sequence[Candidate]
) -> Candidate | None:
    """Deeper from the last question: to what presumes it after a good answer, else to what it
    presumes."""
    if not marks:
        return None
    last = pool.candidates.get(marks[-1].card)
    if last is None:
        return None
    good = marks[-1].score >= GOOD
    near = pool.leads_to.get(last.card, ()) if good else last.requires
    return next((one for one in left if one.card in near), None)


def _cost(
    one: Candidate, phase: Phase, wanted: int, terms: Terms, marks: Sequence[Mark]
) -> tuple[float, float]:
    """How ill a candidate fits; the lowest is asked, chance deciding between equals."""
    topics = Counter(mark.topic for mark in marks if mark.follow_up is None)
    kinds = Counter(mark.kind for mark in marks if mark.follow_up is None)
    asked = max(1, sum(kinds.values()))
    cost = 1.5 * abs(one.difficulty - wanted)
    cost += 3.0 * topics[one.topic]
    cost += 4.0 * (kinds[one.kind] / asked - SHARES[one.kind]) if sum(kinds.values()) else 0.0
    if one.seniority is not None and phase != "warm-up":
        apart = SENIORITIES.index(one.seniority) - SENIORITIES.index(terms.seniority)
        cost += 1.5 * abs(apart)
    if phase == "deep dive":
        best = {mark.topic for mark in marks if mark.score >= GOOD}
        cost -= 2.0 * (one.topic in best) + 2.0 * (one.kind == "open")
    return round(cost, 6), _chance(terms, one.card)


def _asking(
    one: Candidate, phase: Phase, terms: Terms, marks: Sequence[Mark], number: int | None = None
) -> Asking:
    allowed = allowed_seconds(one.kind, one.difficulty, follow_up=number is not None)
    drawn = int(_chance(terms, f"{one.card}/{len(marks)}") * SEEDS)
    return Asking(one, phase, allowed, drawn, number)


def _chance(terms: Terms, what: str) -> float:
    """A number in [0, 1) that belongs to the seed and a name, the same on every machine."""
    digest = hashlib.sha256(f"{terms.seed}\n{what}".encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64
