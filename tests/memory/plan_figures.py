"""What following a plan comes to, for learners whose memory is not what the plan assumes.

Each learner is FSRS with other weights: every weight is multiplied by a factor drawn once. The plan
is compared with asking everything at 0.95 all the time, with the same pace of new cards.
`python -m tests.memory.plan_figures` prints the table of the documentation.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from studykit.memory.many import Many
from studykit.memory.planning import Cards, Pace, best_plan, simulate

TODAY = 739_000
SPREAD = 0.2
"""Standard deviation of the logarithm of each weight's factor."""
LEARNERS = 6
CASES = ((200, 30), (200, 60), (460, 21), (460, 60), (1000, 90))
"""Cards and days."""


class Row(NamedTuple):
    """One collection and one learner: readiness 0 to 1, and all answers up to the date."""

    cards: int
    days: int
    learner: int
    predicted: float
    plan: float
    constant: float
    plan_answers: float
    constant_answers: float

    @property
    def readiness_ratio(self) -> float:
        return self.plan / self.constant

    @property
    def work_ratio(self) -> float:
        return self.plan_answers / self.constant_answers


def new_cards(count: int) -> Cards:
    """Cards never answered; every tenth is a problem."""
    zeros, days = np.zeros(count), np.zeros(count, dtype=np.int64)
    return Cards(
        zeros, zeros, days, days, np.ones(count, dtype=np.bool_), np.arange(count) % 10 == 0
    )


def learner(number: int) -> Many:
    """Number 0 is as assumed, the others are not."""
    factors = np.exp(np.random.default_rng(number).normal(0.0, SPREAD, 21)) if number else 1.0
    weights = np.array(Many().weights) * factors
    weights[4:8] = Many().weights[4:8]
    weights[20] = min(max(float(weights[20]), 0.1), 0.8)
    return Many(tuple(float(weight) for weight in weights))


def rows(cases: tuple[tuple[int, int], ...] = CASES, learners: int = LEARNERS) -> Iterator[Row]:
    for count, days in cases:
        cards, pace, model = new_cards(count), Pace(), Many()
        plan = best_plan(cards, TODAY, TODAY + days, pace, model)
        constant = replace(plan.strategy, retention=0.95, stretch=0, early=0)
        for number in range(learners):
            both = [
                simulate(
                    cards, TODAY, one, pace, model, truth=learner(number), repeats=3, seed=number
                )
                for one in (plan.strategy, constant)
            ]
            yield Row(
                count,
                days,
                number,
                plan.readiness,
                both[0].readiness,
                both[1].readiness,
                both[0].answers,
                both[1].answers,
            )


def table() -> str:
    heads = ("cards", "days", "learner", "predicted", "with the plan", "at 0.95")
    work = ("answers", "at 0.95", "share")
    lines = [f"| {' | '.join((*heads, *work))} |", "|---" * 9 + "|"]
    lines += [
        f"| {row.cards} | {row.days} | {row.learner or 'as assumed'} | {row.predicted:.3f} "
        f"| {row.plan:.3f} | {row.constant:.3f} | {row.plan_answers:.0f} "
        f"| {row.constant_answers:.0f} | {row.work_ratio:.2f} |"
        for row in rows()
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(table(), end="")
