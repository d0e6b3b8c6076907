"""A plan that is followed: kept in the progress file, and what it asks of a session.

Finding a plan is the work of `planning`; this only reads one and turns it into today's limits, so a
session needs no simulation.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from studykit.memory.strategy import Strategy

if TYPE_CHECKING:
    from studykit.memory import Order, Source
    from studykit.study.settings import Settings


@dataclass(frozen=True, slots=True)
class Following:
    """A plan in force: its strategy, the decks it is for, and the pace it reckons with."""

    strategy: Strategy
    decks: tuple[str, ...]
    made: int
    """The study day on which it was begun."""
    readiness: float
    """What was predicted for its date then."""
    new_seconds: float
    """For a new card, the answer after Again included."""
    review_seconds: float
    """The same for a known one."""

    @property
    def date(self) -> int:
        """The day of the interview, as a study day."""
        return self.strategy.date

    def mock_on(self, day: int) -> bool:
        """Whether a mock interview is set for this day."""
        return day in interview_days(self.made, self.date)

    def text(self) -> str:
        """What is kept of it, for `read_plan`."""
        return json.dumps(asdict(self))

    def covers(self, decks: Collection[str]) -> bool:
        """Whether a session over these decks (none: all) follows it."""
        return not decks or not set(decks).isdisjoint(self.decks)

    def order(self, settings: Settings, source: Source, day: int) -> Order:
        """Limits and order of `day` for a session over `source`."""
        from studykit.memory import UNLIMITED, DueOrder, NewFrom, NewOrder, Order

        done = source.introduced(day)
        new = self.strategy.new_on(day, source.new_count(day, UNLIMITED) + done, self.new_seconds)
        reviews, due = settings.reviews_per_day, DueOrder(settings.due_order)
        early = self.strategy.early_on(day)
        if self.strategy.seconds:
            left = self.strategy.seconds - new * self.new_seconds
            reviews = max(0, int(left / self.review_seconds))
            due = DueOrder.RETRIEVABILITY
            asked = source.due_count(day, UNLIMITED) + source.reviewed(day)
            early = min(early, max(0, reviews - asked))
        return Order(
            new_a_day=new,
            reviews_a_day=reviews,
            due=due,
            new=NewOrder(settings.new_order),
            new_from=NewFrom(settings.new_from),
            early=early,
            date=self.date,
        )


def interview_days(begun: int, date: int) -> tuple[int, ...]:
    """Days for mock interviews: half way, at three quarters, and two days before."""
    days = date - begun
    if days < 7:
        return (date - 2,) if days > 2 else ()
    return tuple(sorted({begun + days // 2, begun + days * 3 // 4, date - 2}))


@lru_cache(maxsize=4)
def read_plan(text: str, day: int) -> Following | None:
    """The plan that was kept as `text`, if its date is still to come."""
    fields = json.loads(text)
    plan = Following(
        strategy=Strategy(**fields.pop("strategy")), decks=tuple(fields.pop("decks")), **fields
    )
    return plan if day < plan.date else None
