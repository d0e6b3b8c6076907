"""What came of an interview: scores by topic and phase, and what an interviewer would have noted.

Computed from the logged answers alone, so it can be made again for every interview of the past.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from studykit.decks.schema import Basic, Card, Choice, Flaw, Formula, Open, ProblemCard
from studykit.progress import Review
from studykit.study.errors import StudyError
from studykit.study.interview.conduct import answers, given_up, missed_cards, unfinished
from studykit.study.interview.interviewer import clock
from studykit.study.interview.marks import Mark, mark_of, terms_of
from studykit.study.interview.terms import PHASES, Phase, Terms
from studykit.study.kinds.revealed import FLAW_LEAD
from studykit.study.practice import Posed

if TYPE_CHECKING:
    from studykit.study.collection import Collection

WEIGHTS: Mapping[Phase, float] = {"warm-up": 0.5, "core": 1.0, "deep dive": 1.5, "what if": 0.75}
"""What an answer of a phase counts in the whole."""
STRONG, WEAK = 0.75, 0.5
HIRE = ((0.8, "strong yes"), (0.65, "yes"), (0.5, "leaning no"), (0.0, "no"))
"""Scores from which an interviewer would say so."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One question with all that a scorecard says of it. Texts are Markdown."""

    mark: Mark
    question: str
    noted: str
    """What an interviewer would have noted, in a sentence."""
    missing: tuple[str, ...]
    """Rubric points that were not made."""
    answer: str
    """The model answer, or the worked solution."""
    slip: str = ""
    """What went wrong, where that is known."""


@dataclass(frozen=True, slots=True)
class TopicScore:
    """How one topic went, 0 to 1."""

    topic: str
    title: str
    score: float
    questions: int


@dataclass(frozen=True, slots=True)
class Scorecard:
    """An interview, summed up."""

    terms: Terms
    score: float
    """0 to 1, weighted by phase."""
    verdict: str
    seconds: int
    topics: tuple[TopicScore, ...]
    """Best first."""
    entries: tuple[Entry, ...]
    due_tomorrow: tuple[str, ...]
    """Cards that were missed."""

    def title(self, topic: str) -> str:
        """What a topic is called wherever it is named."""
        return next((one.title for one in self.topics if one.topic == topic), topic)

    @property
    def strongest(self) -> TopicScore | None:
        """The best topic, if it went well."""
        return self.topics[0] if self.topics and self.topics[0].score >= STRONG else None

    @property
    def weakest(self) -> TopicScore | None:
        """The worst topic, if there was anything to mend in it."""
        return self.topics[-1] if self.topics and self.topics[-1].score < STRONG else None


@dataclass(frozen=True, slots=True)
class Past:
    """One interview of the past, for the trend."""

    terms: Terms
    score: float
    questions: int
    seconds: int
    open: bool
    """Whether it was left and not ended."""
    given_up: bool
    """Whether another was begun in its place."""

    @property
    def held(self) -> bool:
        """Whether it came to its end, so that its score says something."""
        return not (self.open or self.given_up)


def scorecard(collection: Collection, interview: str) -> Scorecard:
    """The scorecard of an interview. Raises StudyError where nothing was answered in it."""
    reviews = answers(collection, interview)
    if not reviews:
        raise StudyError("Nothing was answered in this interview.")
    terms = terms_of(reviews[0])
    marks = [mark_of(review) for review in reviews]
    titles = {info.id: info.title for info in collection.shelf.library.decks()}
    score = weighted(marks)
    return Scorecard(
        terms=terms,
        score=score,
        verdict=next(says for least, says in HIRE if score >= least),
        seconds=sum(mark.seconds for mark in marks),
        topics=topic_scores(marks, titles),
        entries=tuple(_entry(collection, mark) for mark in marks),
        due_tomorrow=missed_cards(marks),
    )


def history(collection: Collection) -> tuple[Past, ...]:
    """Every interview that has an answer, oldest first."""
    current, dropped = unfinished(collection), given_up(collection)
    sessions: dict[str, list[Review]] = {}
    for review in collection.store.of_kind("interview"):
        sessions.setdefault(review.session or "", []).append(review)
    past = []
    for session, reviews in sessions.items():
        marks = [mark_of(review) for review in reviews]
        past.append(
            Past(
                terms=terms_of(reviews[0]),
                score=weighted(marks),
                questions=len(marks),
                seconds=sum(mark.seconds for mark in marks),
                open=current is not None and session == current.id,
                given_up=session in dropped,
            )
        )
    return tuple(past)


def weighted(marks: Sequence[Mark]) -> float:
    """The whole score, 0 to 1: later phases count more than the warm-up."""
    total = sum(WEIGHTS[mark.phase] for mark in marks)
    return sum(WEIGHTS[mark.phase] * mark.score for mark in marks) / total if total else 0.0


def topic_scores(marks: Sequence[Mark], titles: Mapping[str, str]) -> tuple[TopicScore, ...]:
    """By topic, best first."""
    groups: dict[str, list[Mark]] = {}
    for mark in marks:
        groups.setdefault(mark.topic, []).append(mark)
    rows = [
        TopicScore(topic, titles.get(topic, topic), weighted(of), len(of))
        for topic, of in groups.items()
    ]
    return tuple(sorted(rows, key=lambda row: (-row.score, row.topic)))


def phases(marks: Sequence[Mark]) -> dict[Phase, float]:
    """Mean score of every phase that was reached."""
    found: dict[Phase, float] = {}
    for phase in PHASES:
        of = [mark.score for mark in marks if mark.phase == phase]
        if of:
            found[phase] = sum(of) / len(of)
    return found


def _entry(collection: Collection, mark: Mark) -> Entry:
    library = collection.shelf.library
    try:
        card = library.card(mark.card)
    except KeyError:
        gone = "This card is in no deck any more."
        return Entry(mark, gone, noted(mark, ()), (), "")
    missing = _missing(card, mark)
    if isinstance(card, ProblemCard):
        from studykit.problems import ProblemError, draw, solution

        try:
            problem = draw(mark.ticket)
        except ProblemError as error:
            question = card.front or card.family
            return Entry(mark, question, noted(mark, missing), missing, str(error))
        made = (one.mistake for one in problem.wrongs if one.mistake.name in mark.mistakes)
        slip = " Or: ".join(one.says for one in made)
        return Entry(mark, problem.question, noted(mark, missing), missing, solution(problem), slip)
    asked = Posed(mark.card, 0, mark.follow_up).of(card)
    question, answer, slip = str(getattr(asked, "front", "")), asked.explain, ""
    match asked:
        case Open():
            answer = asked.model or asked.back
        case Choice():
            options = sorted((asked.answer, *(one.text for one in asked.wrong)))
            question += "\n\n" + "\n".join(f"- {option}" for option in options)
            answer = f"{asked.answer}\n\n{asked.explain}"
            slip = next((one.why for one in asked.wrong if one.text == mark.answer), "")
        case Flaw():
            question = f"{FLAW_LEAD}\n\n{question}"
            answer = f"{asked.back}\n\n{asked.explain}"
        case Basic() | Formula():
            answer = f"{asked.back}\n\n{asked.explain}"
    return Entry(mark, question.strip(), noted(mark, missing), missing, answer.strip(), slip)


def _missing(card: Card, mark: Mark) -> tuple[str, ...]:
    if not isinstance(card, Open) or not mark.points:
        return ()
    return tuple(point for at, point in enumerate(card.rubric) if at not in mark.ticks)


def noted(mark: Mark, missing: Sequence[str]) -> str:
    """What an interviewer would have written down about an answer."""
    parts = []
    if mark.points:
        parts.append(f"covered {mark.points - len(missing)} of {mark.points} points")
    elif mark.result == "right":
        parts.append("right")
    elif mark.result == "partly":
        parts.append("partly right")
    elif mark.result == "wrong":
        parts.append("the right method, a wrong result" if mark.score > 0 else "wrong")
    else:
        knew = "knew it" if mark.score >= STRONG else "shaky" if mark.score else "did not know it"
        parts.append(knew)
    if mark.hints:
        parts.append(f"needed {mark.hints} hint{'s' if mark.hints > 1 else ''}")
    if mark.slow:
        parts.append(f"slow, {clock(mark.seconds)} of {clock(mark.allowed)}")
    return "; ".join(parts)
