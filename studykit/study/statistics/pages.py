"""The pages of statistics, from the gist to each deck, for the screen and for `studykit stats`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date

from studykit.study.statistics import RECENT_DAYS, Bin, Statistics
from studykit.study.statistics.page import (
    Figure,
    Item,
    Meaning,
    Page,
    Series,
    Span,
    Table,
)
from studykit.study.statistics.recalls import Share, monday
from studykit.study.words import counted, duration, percent

MONTH_DAYS, YEAR_WEEKS, FEW_WEEKS = 30, 52, 12
TODAY = "today"
LISTED = 12
"""Mistakes on their page."""
BEGIN = "Nothing was answered yet: study a deck, and this page fills."
EARLY = "It needs answers on a later day than a card's first one: come back tomorrow."


def pages(stats: Statistics, span: Span = "month") -> tuple[Page, ...]:
    """Every page; `span` is how far back those over time look: 30 days, or 52 weeks."""
    return tuple(write(stats, span) for write in PAGES)


def overview(stats: Statistics, _: Span) -> Page:
    """What there is altogether."""
    totals = stats.totals
    says = [f"{totals.learned} of {counted(totals.cards, 'card')} learned."]
    if not totals.answers:
        return Page("overview", "Overview", (*says, BEGIN))
    says += [
        f"{counted(totals.answers, 'answer')} on {counted(totals.days, 'study day')}, "
        f"{duration(totals.seconds)} in all.",
        f"{counted(totals.streak, 'day')} in a row; the longest run was "
        f"{counted(totals.longest_streak, 'day')}.",
        _due_says(stats),
    ]
    recent, always = stats.recent_retention, stats.retention
    rows = tuple(
        (name, _share(one), _share(other))
        for name, one, other in (
            ("young cards", recent.young, always.young),
            ("mature cards", recent.mature, always.mature),
            ("all", recent.all, always.all),
        )
    )
    table = Table(
        ("of cards due", f"last {RECENT_DAYS} days", "always"), rows, " rr", "True retention"
    )
    return Page("overview", "Overview", tuple(says), tables=(table,))


def answers(stats: Statistics, span: Span) -> Page:
    """Answers a day, by grade."""
    if not stats.totals.answers:
        return Page("answers", "Answers", (BEGIN,))
    by_day = {one.day: one for one in stats.days}
    places, spans = _stretches(stats, span)
    names = ("again", "hard", "good", "easy")

    def summed(name: str) -> tuple[float, ...]:
        return tuple(
            sum(getattr(by_day[day], name) for day in days if day in by_day) for days in spans
        )

    figure = Figure(
        f"Answers a {_unit(span)}, by grade",
        "bars",
        _unit(span),
        places,
        tuple(Series(name.title(), summed(name), name) for name in names),  # type: ignore[arg-type]
    )
    inside = [by_day[day] for days in spans for day in days if day in by_day]
    total = sum(one.answers for one in inside)
    begun = counted(sum(one.new for one in inside), "new card")
    says = [f"{counted(total, 'answer')} in {_words(span)}, {begun} begun."]
    if inside:
        says.append(
            f"On a day on which you studied, {total / len(inside):.0f} on average; "
            f"{percent(sum(one.again for one in inside) / total)} of them Again."
        )
    return Page("answers", "Answers", tuple(says), (figure,))


def forecast(stats: Statistics, _: Span) -> Page:
    """Cards due on the coming days."""
    if not stats.totals.answers:
        return Page("forecast", "Forecast", (BEGIN,))
    days = range(1, len(stats.forecast))
    places = (TODAY, *(day_name(stats.day + ahead) for ahead in days))
    figure = Figure(
        f"Cards due on the next {len(stats.forecast)} days",
        "bars",
        "day",
        places,
        (Series("due", tuple(stats.forecast), "due"),),
    )
    later = stats.forecast[1:]
    a_day = sum(later) / len(later)
    often = f"About {a_day:.0f}" if a_day >= 1 else "Fewer than one"
    says = (
        _due_says(stats),
        f"{often} a day after that, before those that you begin or forget.",
    )
    return Page("forecast", "Forecast", says, (figure,))


def retention(stats: Statistics, _: Span) -> Page:
    """True retention by week."""
    first = monday(stats.day) - 7 * 25
    weeks = [(week, share) for week, share in stats.retention_by_week if week >= first]
    figure = Figure(
        "True retention by week",
        "line",
        "week from",
        tuple(day_name(week) for week, _ in weeks),
        (
            Series("recalled", tuple(share.share for _, share in weeks), "good"),
            Series("goal", (stats.goal,) * len(weeks), "goal"),
        ),
        percent=True,
    )
    recent = stats.recent_retention
    says = [
        f"Of the cards due in the last {RECENT_DAYS} days you recalled {_share(recent.all)}; "
        f"the goal is {percent(stats.goal)}.",
        f"Young ones (interval under 21 days): {_share(recent.young)}. "
        f"Mature ones: {_share(recent.mature)}.",
        "It counts the first answer to a due card on a day; new cards and repeats do not count.",
    ]
    if not stats.retention.all.of:
        says = ["No card was due and answered yet.", EARLY]
    return Page("retention", "Retention", tuple(says), (figure,))


def memory(stats: Statistics, _: Span) -> Page:
    """How strong and how difficult the learned cards are."""
    half = _median_label(stats.stability, STABILITY_LABELS)
    if not half:
        return Page("memory", "Memory", (BEGIN,))
    says = (
        "Stability is the days after which a card is recalled with 90 %. "
        f"The card in the middle: {half}.",
        "Difficulty, from 1 to 10, is how slowly stability grows.",
    )
    figures = (
        _histogram(
            "Cards by stability in days",
            "days",
            stats.stability,
            STABILITY_LABELS,
            "good",
        ),
        _histogram(
            "Cards by difficulty, 1 to 10",
            "difficulty",
            stats.difficulty,
            DIFFICULTY_LABELS,
            "hard",
        ),
    )
    return Page("memory", "Memory", says, figures)


def time(stats: Statistics, span: Span) -> Page:
    """Minutes a day, and seconds an answer by kind of card."""
    if not stats.totals.answers:
        return Page("time", "Time", (BEGIN,))
    by_day = {one.day: one.elapsed_ms for one in stats.days}
    places, spans = _stretches(stats, span)
    minutes = tuple(float(-(-sum(by_day.get(day, 0) for day in days) // 60_000)) for days in spans)
    figure = Figure(
        f"Minutes a {_unit(span)}",
        "bars",
        _unit(span),
        places,
        (Series("minutes", minutes, "easy"),),
    )
    studied = [day for days in spans for day in days if day in by_day]
    spent = sum(by_day[day] for day in studied) / 1000
    says = [f"{duration(spent)} in {_words(span)}."]
    if studied:
        says.append(f"{duration(spent / len(studied))} on a day on which you studied.")
    table = Table(
        ("kind of card", "answers", "middle", "mean"),
        tuple(
            (
                one.kind,
                str(one.answers),
                duration(one.median),
                duration(one.seconds / one.answers),
            )
            for one in stats.times
        ),
        " rrr",
        "Time for an answer",
    )
    return Page("time", "Time", tuple(says), (figure,), (table,) if stats.times else ())


def calibration(stats: Statistics, _: Span) -> Page:
    """Predicted recall beside what was recalled."""
    found = stats.calibration
    if not found.of or found.predicted is None or found.actual is None:
        says = ("Nothing was predicted yet.", EARLY)
        return Page("calibration", "Calibration", says)
    # Of the numbers as they are shown, so that the sentence adds up.
    gap = round(100 * found.actual) - round(100 * found.predicted)
    verdict = (
        f"{counted(abs(gap), 'point')} {'more' if gap > 0 else 'less'} than predicted"
        if gap
        else "as predicted"
    )
    says = (
        f"Predicted {percent(found.predicted)}, recalled {percent(found.actual)} of "
        f"{counted(found.of, 'answer')}: {verdict}.",
        f"Log-loss {found.log_loss:.3f}, Brier score {found.brier:.3f}, root mean square gap of "
        f"the groups {found.rmse:.3f}; lower is better.",
    )
    places = tuple(f"{100 * one.low:.0f}–{100 * one.high:.0f} %" for one in found.bins)
    predicted = tuple(one.predicted for one in found.bins)
    figure = Figure(
        "Recalled, by predicted recall",
        "points",
        "predicted",
        places,
        (
            Series("as predicted", predicted, "goal"),
            Series("recalled", tuple(one.recalled / one.of for one in found.bins), "good"),
        ),
        percent=True,
        at=predicted,
        behind=tuple(one.of for one in found.bins),
        told=Table(
            ("predicted", "answers", "recalled"),
            tuple(
                (place, str(one.of), percent(one.recalled / one.of))
                for place, one in zip(places, found.bins, strict=True)
            ),
            " rr",
            "Recalled, by predicted recall",
        ),
    )
    return Page("calibration", "Calibration", says, (figure,))


def mistakes(stats: Statistics, _: Span) -> Page:
    """Diagnosed mistakes over time and by kind."""
    total = sum(times for _, times in stats.mistakes_by_day)
    if not total:
        says = (
            "No mistake was diagnosed yet. Type answers to problems: a wrong one is explained.",
        )
        return Page("mistakes", "Mistakes", says)
    places, spans = _stretches(stats, "year", 26)
    by_day = dict(stats.mistakes_by_day)
    figure = Figure(
        "Mistakes a week",
        "bars",
        "week",
        places,
        (
            Series(
                "mistakes",
                tuple(float(sum(by_day.get(day, 0) for day in days)) for days in spans),
                "again",
            ),
        ),
    )
    worst = stats.mistakes[:LISTED]
    items = tuple(
        Item(
            f"{one.times} ×",
            f"{one.says} (`{one.mistake}`, {one.family or 'formula'}, last on "
            f"{day_name(one.last)})",
        )
        for one in worst
    )
    kinds = counted(len({one.mistake for one in stats.mistakes}), "sort")
    return Page(
        "mistakes",
        "Mistakes",
        (f"{counted(total, 'mistake')} of {kinds} diagnosed; the most frequent first.",),
        (figure,),
        items=items,
    )


def decks(stats: Statistics, _: Span) -> Page:
    """Each deck and each topic of problems."""
    known = [one for one in stats.decks if one.recall is not None]
    says = ["Recall is what FSRS expects you to know today of the cards you learned."]
    if known:
        weakest = min(known, key=lambda one: one.recall or 0.0)
        says.append(f"Weakest today: {weakest.title}, {percent(weakest.recall)}.")
    else:
        says.append(BEGIN)
    table = Table(
        ("deck", "learned", "recall", f"retention, {RECENT_DAYS} d", f"time, {RECENT_DAYS} d"),
        tuple(
            (
                one.title,
                f"{one.learned}/{one.cards}",
                percent(one.recall),
                percent(one.retention.share),
                duration(one.seconds) if one.seconds else "–",
            )
            for one in stats.decks
        ),
        " rrrr",
        "Decks",
    )
    topics = Table(
        ("topic of problems", "answers", "right", "mistakes"),
        tuple(
            (one.topic, str(one.judged), percent(one.right / one.judged), str(one.mistakes))
            for one in stats.topics
            if one.judged
        ),
        " rrr",
        "Topics",
    )
    return Page("decks", "Decks", tuple(says), tables=(table, topics) if topics.rows else (table,))


PAGES: tuple[Callable[[Statistics, Span], Page], ...] = (
    overview,
    answers,
    forecast,
    retention,
    memory,
    time,
    calibration,
    mistakes,
    decks,
)

STABILITY_LABELS = ("<1", "1–3", "3–7", "7–21", "21–60", "60–180", "180–365", "≥365")
DIFFICULTY_LABELS = ("1–2", "2–3", "3–4", "4–5", "5–6", "6–7", "7–8", "8–9", "9–10")


def day_name(day: int) -> str:
    """28 Nov."""
    on = date.fromordinal(day)
    return f"{on.day} {on:%b}"


def _stretches(
    stats: Statistics, span: Span, weeks: int = YEAR_WEEKS
) -> tuple[tuple[str, ...], list[range]]:
    """Names and days of each place on an axis that ends today; weeks before the first answer are
    left out, except for the last few."""
    day = stats.day
    if span == "month":
        days = range(day - MONTH_DAYS + 1, day + 1)
        names = (*(day_name(one) for one in days[:-1]), TODAY)
        return names, [range(one, one + 1) for one in days]
    begun = monday(stats.days[0].day) if stats.days else day
    first = max(monday(day) - 7 * (weeks - 1), min(begun, monday(day) - 7 * (FEW_WEEKS - 1)))
    starts = range(first, day + 1, 7)
    return tuple(day_name(one) for one in starts), [range(one, one + 7) for one in starts]


def _unit(span: Span) -> str:
    return "day" if span == "month" else "week"


def _words(span: Span) -> str:
    return f"the last {MONTH_DAYS} days" if span == "month" else f"the last {YEAR_WEEKS} weeks"


def _due_says(stats: Statistics) -> str:
    due, overdue = stats.forecast[0], stats.overdue
    which = "all" if overdue == due else f"{overdue} of them"
    earlier = f", {which} from earlier days" if overdue else ""
    return f"{counted(due, 'card')} due today{earlier}."


def _share(share: Share) -> str:
    return f"{percent(share.share)} ({share.recalled} of {share.of})" if share.of else "–"


def _histogram(
    title: str,
    head: str,
    bins: Sequence[Bin],
    labels: Sequence[str],
    meaning: Meaning,
) -> Figure:
    cards = tuple(float(one.cards) for one in bins)
    return Figure(title, "bars", head, tuple(labels), (Series("cards", cards, meaning),))


def _median_label(bins: Iterable[Bin], labels: Sequence[str]) -> str:
    """In which bin the card in the middle lies; empty without cards."""
    counts = [one.cards for one in bins]
    passed = 0
    for count, label in zip(counts, labels, strict=True):
        passed += count
        if passed and 2 * passed >= sum(counts):
            return f"{label} days"
    return ""
