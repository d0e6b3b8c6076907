"""A page of statistics as plain values: sentences, figures and tables, for any front end to show.

Every figure is a table as well, so that a screen reader, a pipe and a small terminal get the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from studykit.study.words import percent

Meaning = Literal["again", "hard", "good", "easy", "new", "due", "plain", "goal"]
"""What a series stands for; a front end gives it its colour."""
Span = Literal["month", "year"]
"""How far back pages over time look: 30 days, or 52 weeks."""


@dataclass(frozen=True, slots=True)
class Series:
    """One value for each place of a figure; None where there is none."""

    name: str
    values: tuple[float | None, ...]
    meaning: Meaning = "plain"


@dataclass(frozen=True, slots=True)
class Figure:
    """`bars` stand on one another where there are several series; `points` lie at `at`."""

    title: str
    kind: Literal["bars", "line", "points"]
    head: str
    """What the places are: day, week, stability."""
    places: tuple[str, ...]
    series: tuple[Series, ...]
    percent: bool = False
    """Whether the values are shares, 0 to 1."""
    at: tuple[float, ...] = ()
    behind: tuple[int, ...] = ()
    """How many answers lie behind each point."""
    told: Table | None = None
    """The figure as a table, where that says more than the values alone."""

    @property
    def empty(self) -> bool:
        """Whether there is nothing to draw."""
        drawn = (one for one in self.series if one.meaning != "goal")
        return not any(value for one in drawn for value in one.values)

    def table(self) -> Table:
        """The same in words and numbers; places without anything are left out."""
        if self.told:
            return self.told
        rows = [
            (place, *(self._shown(value) for value in values))
            for place, *values in zip(
                self.places, *(one.values for one in self.series), strict=True
            )
            if any(values)
        ]
        head = (self.head, *(one.name for one in self.series))
        return Table(head, tuple(rows), " " + "r" * len(self.series), self.title)

    def _shown(self, value: float | None) -> str:
        if value is None:
            return "–"
        return percent(value) if self.percent else f"{value:g}"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a head; `right` has an `r` for each column that stands flush right."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    right: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """A line of a list: a lead of fixed width, and a sentence of card text beside it."""

    lead: str
    text: str


@dataclass(frozen=True, slots=True)
class Page:
    """One page, in the order in which its parts are shown."""

    id: str
    title: str
    says: tuple[str, ...]
    """Sentences that tell the gist: plain text, for a deck's title may stand in it."""
    figures: tuple[Figure, ...] = ()
    tables: tuple[Table, ...] = ()
    items: tuple[Item, ...] = ()
