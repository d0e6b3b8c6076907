"""A scorecard as Markdown: to read in the terminal, to keep, to hand to somebody."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from studykit.study.interview.interviewer import clock
from studykit.study.interview.scorecard import Entry, Past, Scorecard, phases
from studykit.study.words import percent

BAR = 10
"""Characters of a full bar in the trend."""


def markdown(card: Scorecard, past: Sequence[Past] = (), *, whole: bool = True) -> str:
    """The report; `whole` with every question and its model answer."""
    terms = card.terms
    begun = datetime.fromtimestamp(terms.begun_ms / 1000).astimezone()
    marks = [entry.mark for entry in card.entries]
    lines = [
        f"# Mock interview, {begun:%Y-%m-%d %H:%M}",
        "",
        f"**{share(card.score)}**, an interviewer would say: **{card.verdict}**. "
        f"{terms.seniority.title()} level, {len(marks)} questions in {clock(card.seconds)} of "
        f"{terms.minutes} minutes, seed {terms.seed}.",
        "",
    ]
    if card.strongest:
        lines.append(f"- Strongest: {card.strongest.title}, {share(card.strongest.score)}")
    if card.weakest:
        lines.append(f"- Weakest: {card.weakest.title}, {share(card.weakest.score)}")
    lines += [f"- {name.capitalize()}: {share(score)}" for name, score in phases(marks).items()]
    if card.due_tomorrow:
        lines.append(f"- Due again tomorrow: {len(card.due_tomorrow)} missed")
    lines += ["", "## By topic", ""]
    lines += [
        f"- {one.title}: {share(one.score)} in {one.questions} question"
        f"{'s' if one.questions > 1 else ''}"
        for one in card.topics
    ]
    held = [one for one in past if one.held or one.terms.id == terms.id]
    if len(held) > 1:
        lines += ["", "## Trend", "", *trend(held)]
    lines += ["", "## What an interviewer would have noted", ""]
    for number, entry in enumerate(card.entries, 1):
        lines.append(
            f"- Question {number}, {card.title(entry.mark.topic)}, {entry.mark.phase}: "
            f"{share(entry.mark.score)}, {entry.noted}"
        )
    if whole:
        lines += ["", "## Questions and answers"]
        for number, entry in enumerate(card.entries, 1):
            lines += _question(number, entry, card.title(entry.mark.topic))
    return "\n".join(lines) + "\n"


def trend(past: Sequence[Past]) -> list[str]:
    """The interviews so far, a line each, with bars."""
    return [
        f"- {datetime.fromtimestamp(one.terms.begun_ms / 1000).astimezone():%Y-%m-%d} "
        f"`{'█' * round(BAR * one.score):·<{BAR}}` {share(one.score)}, {one.terms.seniority}, "
        f"{one.questions} questions"
        for one in past[-12:]
    ]


def _question(number: int, entry: Entry, title: str) -> list[str]:
    mark = entry.mark
    lines = [
        "",
        f"### Question {number}: {title}, {mark.phase}, {share(mark.score)}",
        "",
        entry.question,
    ]
    if mark.answer and not mark.points:
        # What was chosen is the deck's own text; what was typed is shown as it is.
        given = mark.answer if mark.kind == "choice" else as_typed(mark.answer)
        lines += ["", f"**Your answer.** {given}"]
    if entry.slip:
        lines += ["", f"**What went wrong.** {entry.slip}"]
    if mark.notes.strip():
        rows = [row for row in mark.notes.splitlines() if row.strip()]
        lines += ["", "**Your notes.**", "", *(f"- {as_typed(row)}" for row in rows)]
    if entry.missing:
        lines += ["", "**Not covered.**", "", *(f"- {point}" for point in entry.missing)]
    if entry.answer:
        lines += ["", "**A good answer.**", "", entry.answer]
    return lines


def as_typed(text: str) -> str:
    """A learner's text, of which nothing is taken for markup or mathematics."""
    rows = (" ".join(row.split()) for row in text.replace("`", " ").splitlines())
    return f"`{'; '.join(row for row in rows if row)}`"


def share(score: float) -> str:
    """69 %, never broken between the number and its sign."""
    return percent(score).replace(" ", "\N{NO-BREAK SPACE}")
