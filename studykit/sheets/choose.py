"""Which problems a sheet holds: drawn from its seed, spread over the families, no two alike.

The same wishes give the same tickets on every machine: chance is that of the drawn problems, and
nothing depends on the order of a set or a clock.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from studykit.problems import Family, Problem, ProblemError, draw, families, family_named
from studykit.problems.dice import Dice
from studykit.sheets.errors import SheetError

SEEDS = 1_000_000
TRIES = 200
"""Seeds tried for one place before a family is taken to be exhausted."""
MINUTES = {1: 2.0, 2: 4.0, 3: 7.0}
"""Time that a problem of a level is reckoned with."""
MOST = 2000


@dataclass(frozen=True, slots=True)
class Pick:
    """A family to draw from; of one level, or of those that the mixture gives."""

    family: str
    level: int | None = None
    mistake: str = ""
    """A mistake that must be possible in the problem; empty: any problem will do."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a sheet is to hold.

    picks    families, in the order asked for; they take turns
    levels   levels that may be drawn, with their shares
    count    number of problems; 0 where `minutes` decides
    minutes  time that the problems are to fill, by level
    """

    picks: tuple[Pick, ...]
    levels: tuple[tuple[int, float], ...] = ((1, 1.0), (2, 1.0), (3, 1.0))
    count: int = 10
    minutes: float = 0.0
    seed: int = 0


def picks_of(names: Sequence[str] = (), topics: Sequence[str] = ()) -> tuple[Pick, ...]:
    """The families named, and those of the topics; all where neither is given.

    A topic is meant by any part of its name. Raises SheetError for what there is not.
    """
    known = families()
    chosen: list[str] = []
    for name in names:
        try:
            chosen.append(family_named(name).name)
        except ProblemError as error:
            raise SheetError(f"{error}.") from error
    for topic in topics:
        found = [name for name, one in known.items() if topic.lower() in one.topic.lower()]
        if not found:
            every = ", ".join(sorted({one.topic for one in known.values()}))
            raise SheetError(f"There is no topic “{topic}”. Topics: {every}.")
        chosen += found
    return tuple(Pick(name) for name in dict.fromkeys(chosen or known))


def choose(wishes: Wishes) -> Iterator[Problem]:
    """The problems, one after another. Raises SheetError where they cannot be had."""
    if not wishes.picks:
        raise SheetError("There is no family to draw from.")
    if not 0 <= wishes.count <= MOST:
        raise SheetError(f"A sheet holds up to {MOST} problems, not {wishes.count}.")
    dice = Dice(f"sheet#{wishes.seed}")
    seen: set[str] = set()
    done, minutes = 0, 0.0
    exhausted: set[Pick] = set()
    for pick in _turns(wishes.picks, dice):
        if len(exhausted) == len(set(wishes.picks)):
            raise SheetError(
                f"Only {done} different problems can be drawn; ask for fewer, or for more families."
            )
        if pick in exhausted:
            continue
        levels = _levels(families()[pick.family], pick, wishes)
        problem = _fresh(pick, levels, dice, seen) if levels else None
        if problem is None:
            exhausted.add(pick)
            continue
        if not wishes.count and minutes + MINUTES[problem.level] > wishes.minutes and done:
            return
        done += 1
        minutes += MINUTES[problem.level]
        yield problem
        if done == (wishes.count or MOST):
            return


def _turns(picks: Sequence[Pick], dice: Dice) -> Iterator[Pick]:
    """Round after round, each in an order of its own, so that every family comes equally often."""
    while True:
        left = list(picks)
        while left:
            yield left.pop(dice.below(len(left)))


def _levels(family: Family, pick: Pick, wishes: Wishes) -> list[tuple[int, int]]:
    """Levels to draw from with whole-number weights."""
    if pick.level is not None:
        return [(pick.level, 1)] if pick.level in family.levels else []
    return [
        (level, max(1, round(share * 1000)))
        for level, share in wishes.levels
        if level in family.levels and share > 0
    ]


def _fresh(
    pick: Pick, levels: Sequence[tuple[int, int]], dice: Dice, seen: set[str]
) -> Problem | None:
    """A problem whose question is not on the sheet yet; None after many tries."""
    for _ in range(TRIES):
        level = _weighted(levels, dice)
        problem = draw(family=pick.family, level=level, seed=dice.below(SEEDS))
        if pick.mistake and all(one.mistake.name != pick.mistake for one in problem.wrongs):
            continue
        if problem.question not in seen:
            seen.add(problem.question)
            return problem
    return None


def _weighted(levels: Sequence[tuple[int, int]], dice: Dice) -> int:
    mark = dice.below(sum(weight for _, weight in levels))
    for level, weight in levels:
        mark -= weight
        if mark < 0:
            return level
    return levels[-1][0]
