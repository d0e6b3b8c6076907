"""Line mode: numbered prompts on stdout over the same Session as the app.

For screen readers, pipes and simple terminals: no colour, no cursor movement, nothing redrawn. At a
prompt `:?` lists what else can be typed; an answer never begins with a colon.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from contextlib import suppress

from studykit.cli.beside import show_weights, work_out
from studykit.cli.line import Leave, Line
from studykit.memory import Grade
from studykit.study.collection import Collection
from studykit.study.errors import StudyError
from studykit.study.home import Home
from studykit.study.question import Outcome, Question, Step
from studykit.study.session import Session
from studykit.study.settings import Settings
from studykit.study.start import Booking, Start
from studykit.study.words import NOTHING_TO_UNDO, TAKEN_BACK

HELP = """\
:steps  one step at a time :whole  back to the whole answer
:= Q[0] @ K[1]  calculate with the numbers of the problem; := alone lists their names
:m  map of the attention weights, after the answer
:h  a hint                 :u  undo the last grade
:s  show the answer        :b  bury until tomorrow
:w  the worked solution    :x  suspend this card
:n  what the note says     :q  stop here; everything is saved
:i  why it is due
Grades: 1 Again (not recalled)  2 Hard (right, with effort)  3 Good (right)  4 Easy (at once)
"""
ENDING = """\
:end ends the interview and shows the scorecard
"""
WELCOME = (
    "Welcome. You are asked when you are about to forget: answer, then grade how well you knew it. "
    "Every grade is saved at once. At a prompt, :? lists what else can be typed."
)
SYMBOLS = {"right": "✓ Right.", "partly": "◐ Partly right.", "wrong": "✗ Wrong."}


def run_plain(home: Home, settings: Settings, start: Start) -> int:
    """Study in line mode on the standard streams; returns the exit code."""
    with Collection.open(home, paths=start.paths, settings=settings) as collection:
        line = Line(sys.stdin, sys.stdout, shutil.get_terminal_size((80, 24)).columns)
        for fault in collection.faults:
            sys.stderr.write(f"{fault}\n")
        return LineMode(line, collection, start).run()


class End(Exception):  # noqa: N818  (nor is ending an interview)
    """The learner asked for the scorecard."""


class LineMode:
    """One run of line mode: pick what to study, go through it, sum up."""

    def __init__(self, line: Line, collection: Collection, start: Start) -> None:
        self.line = line
        self.collection = collection
        self.start = start
        self.interviewed = False
        """Whether it is an interview, which `:end` ends."""

    def run(self) -> int:
        try:
            self._welcome()
            self._settle_identities()
            if self.start.interview is not None:
                return self._interview(self.start.interview)
            decks = self.collection.asked_for(self.start) if self.start.study else self._pick()
            session = self.collection.session(
                decks=decks,
                limit=self.start.limit,
                tag=self.start.tag,
                cram=self.start.cram,
                new=self.start.new,
            )
        except Leave:
            return 0
        try:
            self._go_through(session)
        except Leave:
            self.line.say("Stopped. Everything you graded is saved.")
        self._sum_up(session)
        return 0

    def _welcome(self) -> None:
        """Two lines for a newcomer, once."""
        if self.start.tour and self.collection.first_time:
            self.line.tell(WELCOME)
            self.line.say()
            self.collection.welcomed()

    def _settle_identities(self) -> None:
        for question in self.collection.questions():
            self.line.tell(
                f"A card of {question.deck_title} was changed ({question.likeness:.0%} the same):"
            )
            self.line.say(f"  before: {question.old_text}")
            self.line.say(f"  now:    {question.new_text}")
            kept = self.line.ask(f"Keep its {question.reviews} reviews? [Y/n] ")
            self.collection.decide(question, keep=not kept.strip().lower().startswith("n"))

    def _pick(self) -> tuple[str, ...]:
        decks = self.collection.decks()
        if not decks:
            self.line.say(
                f"There are no decks yet. Put YAML decks into {self.collection.home.decks}."
            )
            raise Leave
        self.line.say("studykit. Decks:")
        for number, deck in enumerate(decks, 1):
            counts = f"{deck.new} new, {deck.learning} learning, {deck.due} due"
            self.line.say(f"{number:3}  {deck.title}: {counts}")
        while True:
            text = self.line.ask("A number for one deck, Enter for everything due, q to quit: ")
            text = text.strip()
            if not text:
                return ()
            if text in ("q", ":q"):
                raise Leave
            if text.isdecimal() and 1 <= int(text) <= len(decks):
                return (decks[int(text) - 1].id,)
            self.line.say(f"Type a number from 1 to {len(decks)}, nothing, or q.")

    def _interview(self, booking: Booking) -> int:
        """A rapid round, or an interview up to its scorecard; leaving it keeps it open."""
        from studykit.study.interview import conduct, keep, rapid, scorecard
        from studykit.study.interview.report import markdown

        if booking.rapid:
            round_ = rapid.rapid_fire(self.collection, booking.seed)
            with suppress(Leave):
                self._go_through(self.collection.session(practice=round_))
            came = rapid.result(self.collection, round_)
            record = " Your best so far!" if came.record else f" Your best: {came.best}."
            when = " in two minutes" if round_.tally.over else ""
            self.line.say(f"\n{came.right} right of {came.asked}{when}.{record}")
            return 0
        interviewer = conduct.booked(self.collection, booking)
        self.line.tell(
            "Say your answer aloud, note what you like, then see the model answer and tick what "
            "you covered. :q pauses; `studykit interview` goes on. :end ends it and shows the "
            "scorecard."
        )
        session = self.collection.session(practice=interviewer)
        self.interviewed = True
        try:
            self._go_through(session)
        except Leave:
            session.put_down(session.typed)
            self.line.say("Paused. `studykit interview` goes on where you stopped.")
            return 0
        except End:
            self.line.say("Ended.")
        terms = interviewer.terms
        conduct.finish(self.collection, terms)
        card = scorecard.scorecard(self.collection, terms.id)
        self.line.say()
        self.line.show(markdown(card, scorecard.history(self.collection), whole=False))
        self.line.say("The scorecard with all answers is kept in")
        for place in keep.keep(self.collection, card, booking.report):
            self.line.say(f"  {place}")
        return 0

    def _go_through(self, session: Session) -> None:
        while (question := session.next()) is not None:
            self._head(session, question)
            outcome = self._answer(session, question)
            if outcome is None:
                continue
            self._grade(session, question, outcome)

    def _head(self, session: Session, question: Question) -> None:
        self.line.say()
        if heading := session.heading():
            self.line.say(f"— {heading} —")
        else:
            left = session.remaining()
            counts = f"left: {left.new} new, {left.learning} learning, {left.review} review"
            if session.practising:
                counts = f"{left.total} left"
            self.line.say(f"— {question.deck_title} · {question.status} · {counts} —")
        self.line.show(question.text)
        for number, option in enumerate(question.options, 1):
            self.line.show(f"{number}. {option}")
        for hint in session.hints:
            self.line.show(hint)

    def _answer(self, session: Session, question: Question) -> Outcome | None:
        """Until the question is settled; None when it was put away or undone.

        Where steps are asked they are asked one after another, until the last or `:whole`.
        """
        if session.outcome is not None and session.step is None:
            return self._settled(session, question, session.outcome)
        if session.draft and session.step is None:
            self.line.say(f"Before you typed: {session.draft}")
        asked: Step | None = None
        while True:
            step = session.step
            if step is not None and step is not asked:
                self._step_head(session, question, step)
            asked = step
            text = self._typed(step or question)
            if text == ":whole" and step is not None:
                session.leave_steps()
                if session.outcome is not None:
                    return session.outcome
                continue
            if text.startswith(":") and text != ":s":
                if self._command(text, session):
                    return None
                continue
            outcome = self._judged(session, step or question, text)
            if outcome is None:
                continue
            if not outcome.judged:
                self._unsettled(text, outcome)
            elif step is not None:
                self._verdict(session.steps_done[-1].outcome)
            if outcome.settled:
                return self._settled(session, question, outcome)

    def _settled(self, session: Session, question: Question, outcome: Outcome) -> Outcome:
        """Say the verdict, and have the points of an open question ticked."""
        if outcome.steps and not outcome.by_steps:
            self.line.show(f"Steps: {outcome.steps_say}")
        else:
            self._verdict(outcome)
        return self._tick(session, question) if question.asks == "rubric" else outcome

    def _judged(self, session: Session, asked: Question | Step, text: str) -> Outcome | None:
        """What the session makes of a text; None where another has to be typed."""
        if asked.asks in ("reveal", "rubric") and text != ":s":
            session.note(text)
        if text == ":s" or asked.asks in ("reveal", "rubric") or not text.strip():
            return session.reveal()
        if asked.asks != "choice":
            return session.answer(text)
        options = len(asked.options) if isinstance(asked, Question) else 0
        number = text.strip()
        if not number.isdecimal() or not 1 <= int(number) <= options:
            self.line.say(f"Type a number from 1 to {options}.")
            return None
        return session.choose(int(number) - 1)

    def _step_head(self, session: Session, question: Question, step: Step) -> None:
        number = len(session.steps_done) + 1
        self.line.say()
        self.line.show(f"Step {number} of {len(question.steps)}: {step.title}.")
        self.line.show(f"Give ${step.symbol}$: {step.expects}.")
        if session.draft:
            self.line.say(f"Before you typed: {session.draft}")

    def _typed(self, asked: Question | Step) -> str:
        if asked.asks == "choice":
            return self.line.ask("Number: ")
        if asked.asks == "line":
            return self.line.ask("Answer (Enter shows it): ")
        if asked.asks == "matrix":
            return self._matrix()
        return self.line.ask("Enter shows the answer: ")

    def _matrix(self) -> str:
        """Rows on one line with `;` or brackets, or one row a line up to an empty line."""
        first = self.line.ask("Rows, with ; between them or one a line and an empty line last: ")
        if not first.strip() or first.startswith(":") or ";" in first or "\\" in first:
            return first
        rows = [first]
        while not _complete("\n".join(rows)):
            row = self.line.ask("  ")
            if not row.strip():
                break
            rows.append(row)
        return "\n".join(rows)

    def _unsettled(self, text: str, outcome: Outcome) -> None:
        if outcome.position is not None and "\n" not in text:
            self.line.say(f"  {text}")
            self.line.say(f"  {' ' * outcome.position}^")
        self.line.tell(outcome.says)

    def _verdict(self, outcome: Outcome) -> None:
        if outcome.reading:
            self.line.show(f"Read as: {outcome.reading}")
        if outcome.by_steps:
            self.line.say("All steps:")
        if outcome.result in SYMBOLS:
            self.line.show(f"{SYMBOLS[outcome.result]} {outcome.says}".rstrip())
        if outcome.cells and outcome.result != "right":
            for row, marks in zip(outcome.given, outcome.cells, strict=True):
                cells = (
                    f"{cell} {'✓' if mark else '✗'}" for cell, mark in zip(row, marks, strict=True)
                )
                self.line.say("  " + "   ".join(cells))
        for slip in outcome.slips:
            if slip.says not in outcome.says and not outcome.steps:
                self.line.show(f"→ {slip.says}")
        if not outcome.back:
            return
        self.line.say("Step shown:" if outcome.of_step else "Answer:")
        self.line.show(outcome.back)
        if outcome.explain:
            self.line.show(outcome.explain)

    def _tick(self, session: Session, question: Question) -> Outcome:
        for number, point in enumerate(question.rubric, 1):
            self.line.show(f"{number}. {point}")
        while True:
            text = self.line.ask("Numbers of the points you made, Enter for none: ")
            words = text.replace(",", " ").split()
            if all(word.isdecimal() and 1 <= int(word) <= len(question.rubric) for word in words):
                outcome = session.tick({int(word) - 1 for word in words})
                self.line.say(outcome.says)
                return outcome
            self.line.say(f"Numbers from 1 to {len(question.rubric)}, with spaces between.")

    def _grade(self, session: Session, question: Question, outcome: Outcome) -> None:
        proposed = outcome.suggested or Grade.GOOD
        if session.auto and outcome.suggested:
            session.grade(proposed)
            return
        buttons = "  ".join(
            f"{one.grade.value} {one.grade.name.title()} ({one.label})" for one in outcome.intervals
        ) or "  ".join(f"{grade.value} {grade.name.title()}" for grade in Grade)
        if question.steps and outcome.result in ("wrong", "partly") and not outcome.steps:
            self.line.say("`:steps` finds the step where it went wrong.")
        while session.question is question:
            text = self.line.ask(f"{buttons}; Enter: {proposed.name.title()}: ").strip()
            if not text:
                session.grade(proposed)
            elif text in ("1", "2", "3", "4"):
                session.grade(Grade(int(text)))
            elif self._command(text if text.startswith(":") else f":{text}", session):
                return
            elif session.step is not None:
                self._answer(session, question)

    def _command(self, text: str, session: Session) -> bool:
        """Carry out a colon command; whether the question on screen is done with."""
        try:
            return self._carried_out(text, session)
        except StudyError as error:
            self.line.tell(str(error))
            return False

    def _carried_out(self, text: str, session: Session) -> bool:
        match text:
            case ":q":
                raise Leave
            case ":end" if self.interviewed:
                raise End
            case ":u":
                question = session.undo()
                self.line.say(TAKEN_BACK if question else NOTHING_TO_UNDO)
                return question is not None
            case ":b":
                session.bury()
                self.line.say("Buried until tomorrow. :u takes it back.")
                return True
            case ":x":
                session.suspend()
                self.line.say("Suspended: it will not be asked again. :u takes it back.")
                return True
            case _ if text.startswith(":="):
                work_out(self.line, text[2:].strip(), session)
            case ":m":
                show_weights(self.line, session)
            case ":steps":
                session.begin_steps()
            case ":h":
                hint = session.hint()
                self.line.show(hint) if hint else self.line.say(
                    "There is no further hint. :s shows the answer."
                )
            case ":w":
                self._solution(session)
            case ":n":
                self._correction(session)
            case ":i":
                self.line.show(session.why())
            case _:
                self.line.say(HELP + (ENDING if self.interviewed else ""))
        return False

    def _solution(self, session: Session) -> None:
        if session.outcome is None:
            self.line.say("Answer first, or see the answer with :s.")
        elif not session.outcome.has_solution:
            self.line.say("This card has no worked solution; its answer stands above.")
        else:
            self.line.show(session.solution())

    def _correction(self, session: Session) -> None:
        if session.outcome is None:
            self.line.say("Answer first, or see the answer with :s.")
        elif not session.outcome.corrects:
            self.line.say("This card corrects no note; its source is named below the answer.")
        else:
            self.line.show(session.correction())

    def _sum_up(self, session: Session) -> None:
        say: Callable[[str], None] = self.line.say
        summary = session.summary()
        if not summary.reviews:
            if session.next():
                say("Nothing was graded. `studykit study` goes on where you stopped.")
            else:
                self.line.show(session.nothing())
            return
        again, hard, good, easy = summary.by_grade
        say(
            f"\n{summary.reviews} reviews in {summary.seconds // 60} min {summary.seconds % 60} s: "
            f"{again} Again, {hard} Hard, {good} Good, {easy} Easy; {summary.new} new."
        )
        if summary.judged:
            say(f"{summary.right} of {summary.judged} checked answers right.")
        for sentence, count in summary.mistakes:
            say(f"{count} × {sentence}")
        say(f"Due tomorrow: {summary.due_tomorrow}.")


def _complete(text: str) -> bool:
    """Whether brackets were opened and all are closed again."""
    opened = sum(text.count(one) for one in "[(")
    return opened > 0 and opened == sum(text.count(one) for one in "])")
