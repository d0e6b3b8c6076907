"""Pictures of the real app for the guide: `python -m tests.screenshots` (or `make screenshots`).

A simulated learner studies the shipped decks for sixty days under a clock that is moved by hand;
then the app is opened over that folder, keys are pressed, and what stands on the screen is written
to docs/pictures as SVG. Same code, same pictures.
"""

from __future__ import annotations

import asyncio
import os
import random
import re
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from textual import events
from textual.pilot import Pilot

from studykit.decks.schema import Choice, Formula
from studykit.memory import Grade
from studykit.problems import Problem, draw
from studykit.study import Collection, Home, Session
from studykit.study.interview.conduct import booked
from studykit.study.practice import Cards, Exercise, Practice
from studykit.study.question import Outcome, Question
from studykit.study.settings import Settings
from studykit.study.start import Booking, Start
from studykit.tui.app import StudyApp
from studykit.tui.screens.interview import ScorecardScreen
from tests.problems.support import typed
from tests.study.desk import Clock
from tests.tui.screens import settle, slowly

FOLDER = Path(__file__).parents[1] / "docs" / "pictures"
FIRST_DAY = "2027-01-11T18:30:00"
DAYS = 60
SETTINGS = Settings(new_per_day=5)
KNOWN = (Grade.HARD, *[Grade.GOOD] * 6, Grade.EASY)
"""Grades that the learner gives to what is recalled."""
DAYS_OFF = 0.13
"""Share of days without study."""
TICKET = "attention-output@1/2#3"
FORMULA = "sfm-09"
FONTS = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)
"""Rich names fonts on another host; a picture should need nothing but itself."""
INDENTED = re.compile(
    r'x="([\d.]+)"( y="[\d.]+") textLength="([\d.]+)"([^>]*>)((?:&#160;)+)(?=[^<&])'
)
CELL = 12.2
"""Units of a cell in Rich's SVG. Some viewers drop blanks at the start of a text."""


@dataclass(slots=True)
class Learner:
    """Knows most things, makes real mistakes on problems, and takes its time."""

    clock: Clock
    random: random.Random
    collection: Collection

    def study(self, session: Session, *, skill: float = 0.9, pace: int = 1) -> None:
        """Answer until nothing is left; `pace` times as slowly as at home."""
        while (question := session.next()) is not None:
            self.clock.seconds(self.random.randrange(5, 40) * pace)
            knows = self.random.random() < skill
            outcome = self.answer(session, question, knows=knows)
            grade = self.random.choice(KNOWN) if knows else Grade.AGAIN
            if outcome.result != "self" and outcome.suggested is not None:
                grade = outcome.suggested
            session.grade(grade)

    def answer(self, session: Session, question: Question, *, knows: bool) -> Outcome:
        if question.ticket:
            problem = draw(question.ticket)
            self.clock.seconds(self.random.randrange(20, 90))
            return session.answer(right(problem) if knows else self.wrong(problem))
        card = self.collection.shelf.library.card(question.card)
        if isinstance(card, Choice):
            picked = card.answer if knows else card.wrong[0].text
            return session.choose(question.options.index(picked))
        if isinstance(card, Formula) and card.accepts and knows:
            return session.answer(card.accepts[0])
        outcome = session.reveal()
        if question.asks == "rubric":
            share = 0.85 if knows else 0.3
            points = range(len(question.rubric))
            outcome = session.tick([one for one in points if self.random.random() < share])
        return outcome

    def wrong(self, problem: Problem) -> str:
        """The result of a mistake; of the commonest half of the time."""
        wrongs = problem.wrongs
        chosen = wrongs[0] if self.random.random() < 0.5 else self.random.choice(wrongs)
        return typed(chosen.answer, problem.asks)


class Once(Practice):
    """One problem that is named by its ticket."""

    def __init__(self, ticket: str) -> None:
        self._tickets = [ticket]

    def next(self) -> Exercise | None:
        return Exercise.of(self._tickets.pop()) if self._tickets else None

    def left(self) -> int:
        return len(self._tickets)


def right(problem: Problem) -> str:
    return typed(problem.answer, problem.asks)


def mistaken(ticket: str, mistake: str) -> str:
    """What somebody types who makes this mistake."""
    problem = draw(ticket)
    found = next(one for one in problem.wrongs if one.mistake.name == mistake)
    return typed(found.answer, problem.asks)


def studied(home: Home, days: int = DAYS) -> Clock:
    """A folder with so many days of study, some of them left out; the clock at their end."""
    clock = Clock(FIRST_DAY)
    dice = random.Random(7)
    for day in range(days + 1):
        evening = clock.ms
        if day > days - 9 or dice.random() >= DAYS_OFF:
            with Collection.open(home, settings=SETTINGS, clock=clock) as collection:
                session = collection.session(limit=60 if day < days else 12)
                Learner(clock, dice, collection).study(session)
        if day < days:
            clock.ms = evening
            clock.days(1)
    return clock


Press = Callable[[StudyApp, Pilot[None]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture: its size in columns and rows, and what is done before it is taken."""

    size: tuple[int, int]
    press: Press


async def ready(app: StudyApp, pilot: Pilot[None]) -> None:
    """Until every thread that sums something up has told the screen."""
    await settle(pilot)
    await app.workers.wait_for_complete()
    await settle(pilot)


async def on_home(app: StudyApp, pilot: Pilot[None]) -> None:
    await ready(app, pilot)


async def on_formula(app: StudyApp, pilot: Pilot[None]) -> None:
    app.practise(Cards([FORMULA]))
    await settle(pilot)
    await type_in(app, pilot, "-p_i p_j")
    await slowly(pilot, "enter")


async def on_problem(app: StudyApp, pilot: Pilot[None]) -> None:
    app.practise(Once(TICKET))
    await settle(pilot)
    await type_in(app, pilot, mistaken(TICKET, "no-scale"))
    await slowly(pilot, "f5")


async def on_steps(app: StudyApp, pilot: Pilot[None]) -> None:
    app.practise(Once(TICKET))
    await settle(pilot)
    await slowly(pilot, "f9")
    problem = draw(TICKET)
    scores = typed(problem.steps[0].value, problem.asks_at("scores"))
    for text in (scores, scores):
        # The second step is their scale, which is left out.
        await type_in(app, pilot, text)
        await slowly(pilot, "f5")


async def on_map(app: StudyApp, pilot: Pilot[None]) -> None:
    app.practise(Once(TICKET))
    await settle(pilot)
    await type_in(app, pilot, right(draw(TICKET)))
    await slowly(pilot, "f5", "l")


async def on_statistics(app: StudyApp, pilot: Pilot[None]) -> None:
    await pilot.press("s")
    await ready(app, pilot)
    await pilot.press("right")
    await ready(app, pilot)


async def on_plan(app: StudyApp, pilot: Pilot[None]) -> None:
    await pilot.press("p")
    await ready(app, pilot)


async def on_scorecard(app: StudyApp, pilot: Pilot[None]) -> None:
    collection = app.collection
    assert isinstance(collection.clock, Clock)
    interviewer = booked(collection, Booking(minutes=30, seed=4, seniority="senior"))
    learner = Learner(collection.clock, random.Random(3), collection)
    learner.study(collection.session(practice=interviewer), skill=0.75, pace=4)
    app.push_screen(ScorecardScreen(interviewer.terms))
    await ready(app, pilot)


async def type_in(app: StudyApp, pilot: Pilot[None], text: str) -> None:
    """Into the field or the grid, as a paste from anywhere."""
    app.post_message(events.Paste(text))
    await settle(pilot)


SHOTS = {
    "home": Shot((100, 30), on_home),
    "formula": Shot((80, 30), on_formula),
    "diagnosis": Shot((90, 28), on_problem),
    "steps": Shot((90, 32), on_steps),
    "weights": Shot((80, 14), on_map),
    "statistics": Shot((100, 30), on_statistics),
    "plan": Shot((100, 30), on_plan),
    "scorecard": Shot((90, 30), on_scorecard),
}
"""By the name of the file; the interview stands last, for it adds to the log."""


async def taken(home: Home, clock: Clock, shot: Shot) -> str:
    """The picture as SVG text. What the one before left half done is none of its business."""
    home.drafts.unlink(missing_ok=True)
    with Collection.open(home, settings=SETTINGS, clock=clock) as collection:
        app = StudyApp(collection, Start())
        async with app.run_test(size=shot.size) as pilot:
            await settle(pilot)
            await shot.press(app, pilot)
            svg = FONTS.sub("", app.export_screenshot(title="studykit"))
            return INDENTED.sub(begun_at_its_first_letter, svg)


def begun_at_its_first_letter(text: re.Match[str]) -> str:
    """The start of a text element without its blanks, moved to the right by as much."""
    x, y, length, rest, blanks = text.groups()
    moved = CELL * blanks.count(";")
    return f'x="{float(x) + moved:.1f}"{y} textLength="{float(length) - moved:.1f}"{rest}'


def main(chosen: list[str]) -> int:
    """Take the pictures that are named, or all."""
    os.environ["TZ"] = "UTC"
    time.tzset()
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder) / "studykit")
        clock = studied(home)
        for name in chosen or SHOTS:
            svg = asyncio.run(taken(home, clock, SHOTS[name]))
            (FOLDER / f"{name}.svg").write_text(svg, encoding="utf-8")
            print(f"docs/pictures/{name}.svg")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
