"""Goes once through the log in its order: what was recalled, what had been predicted, how long.

**True retention** is the share of due cards that were recalled: it counts the first answer to a
card on a study day, and only where the card was due. New cards and a card that comes back after
Again on the same day say nothing about memory over days. A card is *mature* when the interval
before the answer was 21 days or more, otherwise *young*; Hard, Good and Easy are recalled.

**Calibration** holds every prediction beside what happened: the answers given on a later study day
than the one before, with the probability of recall that FSRS gave them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import log, sqrt

from studykit.memory.replay import Replay
from studykit.memory.weights import DEFAULT_WEIGHTS, Weights
from studykit.progress.tally import Step

MATURE_DAYS = 21
BINS = 20
"""Of predicted recall, 0.05 wide."""
LONGEST_SECONDS = 600
SURE = 1e-9
"""Probabilities below count as this one: the logarithm of 0 has no value."""
LOG_SURE = log(SURE)


@dataclass(frozen=True, slots=True)
class Share:
    """`recalled` of `of` answers."""

    recalled: int
    of: int

    @property
    def share(self) -> float | None:
        """0 to 1; None without any answer."""
        return self.recalled / self.of if self.of else None

    def __add__(self, other: Share) -> Share:
        return Share(self.recalled + other.recalled, self.of + other.of)


NONE = Share(0, 0)


@dataclass(frozen=True, slots=True)
class Retention:
    """True retention of young and of mature cards."""

    young: Share
    mature: Share

    @property
    def all(self) -> Share:
        return self.young + self.mature


@dataclass(frozen=True, slots=True)
class CalibrationBin:
    """Answers whose predicted recall lay in [low, high); 1.0 belongs to the last bin."""

    low: float
    high: float
    predicted: float
    """Mean of the predictions."""
    recalled: int
    of: int


@dataclass(frozen=True, slots=True)
class Calibration:
    """Predicted recall beside what happened. Scores are None without any answer."""

    bins: tuple[CalibrationBin, ...]
    """Those with an answer."""
    of: int
    predicted: float | None
    """Mean of all predictions."""
    actual: float | None
    """Share that was recalled."""
    log_loss: float | None
    """Mean of −ln(probability given to what happened)."""
    brier: float | None
    """Mean of (prediction − outcome)²."""
    rmse: float | None
    """Root of the mean squared gap between predicted and recalled share, bins weighing their
    answers."""


@dataclass(frozen=True, slots=True)
class KindTime:
    """How long answers to one kind of card take."""

    kind: str
    answers: int
    seconds: int
    """In all."""
    median: int
    """Seconds of the answer in the middle."""


@dataclass(slots=True)
class DeckRecent:
    """One deck lately."""

    answers: int = 0
    elapsed_ms: int = 0
    retention: Share = NONE


@dataclass(frozen=True, slots=True)
class Recalls:
    """What one way through the log gives."""

    retention: Retention
    recent: Retention
    weeks: tuple[tuple[int, Share], ...]
    """(Monday, true retention of that week), oldest first; weeks without any left out."""
    calibration: Calibration
    times: tuple[KindTime, ...]
    decks: dict[str, DeckRecent]


class Scores:
    """Sums over predictions: [answers, recalled, predicted] by bin, and the two scores."""

    def __init__(self) -> None:
        self.bins = [[0.0, 0.0, 0.0] for _ in range(BINS + 1)]
        self.log_loss = 0.0
        self.brier = 0.0

    def add(self, predicted: float, recalled: bool) -> None:
        one = self.bins[int(predicted * BINS)]
        one[0] += 1
        one[1] += recalled
        one[2] += predicted
        given = predicted if recalled else 1.0 - predicted
        self.log_loss -= log(given) if given > SURE else LOG_SURE
        self.brier += (1.0 - given) ** 2

    def result(self) -> Calibration:
        self.bins[-2] = [one + other for one, other in zip(*self.bins[-2:], strict=True)]
        del self.bins[-1]
        of = int(sum(one[0] for one in self.bins))
        if not of:
            return Calibration((), 0, None, None, None, None, None)
        bins = tuple(
            CalibrationBin(at / BINS, (at + 1) / BINS, total / count, int(recalled), int(count))
            for at, (count, recalled, total) in enumerate(self.bins)
            if count
        )
        gaps = sum(one.of * (one.predicted - one.recalled / one.of) ** 2 for one in bins)
        return Calibration(
            bins=bins,
            of=of,
            predicted=sum(one[2] for one in self.bins) / of,
            actual=sum(one.recalled for one in bins) / of,
            log_loss=self.log_loss / of,
            brier=self.brier / of,
            rmse=sqrt(gaps / of),
        )


def recalls(
    steps: Iterable[Step],
    places: Mapping[str, tuple[str, str]],
    recent: int,
    weights: Weights = DEFAULT_WEIGHTS,
) -> Recalls:
    """Go through the log. `places` gives deck and kind of a card, `recent` the first recent day."""
    replay = Replay(weights)
    memory: dict[str, tuple[float, float, int, int]] = {}
    """Card → stability, difficulty, day of the last answer, interval it set."""
    counts = [[0, 0] for _ in range(4)]
    """[recalled, of] for young, mature, and the same of the recent days."""
    sums = Scores()
    times: dict[str, list[int]] = {}
    weeks: dict[int, Share] = {}
    decks: dict[str, DeckRecent] = {}
    for card, day, grade, due, was, elapsed_ms in steps:
        if not grade:
            memory.pop(card, None)
            continue
        deck, kind = places.get(card, ("", ""))
        before = memory.get(card)
        known = grade > 1
        counted = False
        if before is None:
            strength = replay.first(grade)
        else:
            stability, difficulty, last, interval = before
            passed = day - last if day > last else 0
            predicted = replay.recall(stability, passed)
            if passed:
                sums.add(predicted, known)
                counted = was == "due"
                if counted:
                    mature = interval >= MATURE_DAYS
                    for at in (mature, 2 + mature) if day >= recent else (mature,):
                        counts[at][0] += known
                        counts[at][1] += 1
                    week = monday(day)
                    weeks[week] = weeks.get(week, NONE) + Share(known, 1)
            strength = replay.next(stability, difficulty, grade, passed, predicted)
        memory[card] = (*strength, day, due - day)
        if kind:
            if kind not in times:
                times[kind] = [0] * (LONGEST_SECONDS + 1)
            times[kind][min(elapsed_ms // 1000, LONGEST_SECONDS)] += 1
        if day >= recent and deck:
            lately = decks.setdefault(deck, DeckRecent())
            lately.answers += 1
            lately.elapsed_ms += elapsed_ms
            if counted:
                lately.retention += Share(known, 1)
    young, mature_, recent_young, recent_mature = (Share(*pair) for pair in counts)
    return Recalls(
        retention=Retention(young, mature_),
        recent=Retention(recent_young, recent_mature),
        weeks=tuple(sorted(weeks.items())),
        calibration=sums.result(),
        times=tuple(_time(kind, times[kind]) for kind in sorted(times)),
        decks=decks,
    )


def monday(day: int) -> int:
    """The study day with which the week of this one began: 1 January of year 1 was a Monday."""
    return day - (day - 1) % 7


def _time(kind: str, by_second: list[int]) -> KindTime:
    """Total and median out of the number of answers that took each whole second."""
    answers = sum(by_second)
    middle = (answers + 1) // 2
    passed = median = 0
    for second, count in enumerate(by_second):
        passed += count
        if passed >= middle:
            median = second
            break
    return KindTime(kind, answers, sum(at * count for at, count in enumerate(by_second)), median)
