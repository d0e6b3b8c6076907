"""The questions of a session on numbered prompts: ask, read the answer, say the verdict, grade.

A line that begins with a colon is a command, at every prompt.
"""

from __future__ import annotations

from studykit.cli.beside import show_weights, work_out
from studykit.cli.line import Leave, Line
from studykit.memory import Grade
from studykit.study.errors import StudyError
from studykit.study.question import Outcome, Question, Step
from studykit.study.session import Session
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
SYMBOLS = {"right": "✓ Right.", "partly": "◐ Partly right.", "wrong": "✗ Wrong."}


class End(Exception):  # noqa: N818  (ending an interview is no error)
    """The learner asked for the scorecard."""


class Asking:
    """Goes through one session. Raises Leave, or End where an interview is ended early."""

    def __init__(self, line: Line, session: Session, *, interview: bool = False) -> None:
        self.line = line
        self.session = session
        self.interview = interview

    def go_through(self) -> None:
        """Ask until nothing is left."""
        while (question := self.session.next()) is not None:
            self._head(question)
            outcome = self._answer(question)
            if outcome is None:
                continue
            self._grade(question, outcome)

    def _head(self, question: Question) -> None:
        self.line.say()
        if heading := self.session.heading():
            name = f"{question.deck_title} · " if self.session.named else ""
            self.line.say(f"— {name}{heading} —")
        else:
            left = self.session.remaining()
            counts = f"left: {left.new} new, {left.learning} learning, {left.review} review"
            if self.session.practising:
                counts = f"{left.total} left"
            self.line.say(f"— {question.deck_title} · {question.status} · {counts} —")
        self.line.show(question.text)
        for number, option in enumerate(question.options, 1):
            self.line.show(f"{number}. {option}")
        for hint in self.session.hints:
            self.line.show(hint)

    def _answer(self, question: Question) -> Outcome | None:
        """Until the question is settled; None when it was put away or undone.

        Where steps are asked they are asked one after another, until the last or `:whole`.
        """
        if self.session.outcome is not None and self.session.step is None:
            return self._settled(question, self.session.outcome)
        if self.session.draft and self.session.step is None:
            self.line.say(f"Before you typed: {self.session.draft}")
        asked: Step | None = None
        while True:
            step = self.session.step
            if step is not None and step is not asked:
                self._step_head(question, step)
            asked = step
            text = self._typed(step or question)
            if text == ":whole" and step is not None:
                self.session.leave_steps()
                if self.session.outcome is not None:
                    return self.session.outcome
                continue
            if text.startswith(":") and text != ":s":
                if self._command(text):
                    return None
                continue
            outcome = self._judged(step or question, text)
            if outcome is None:
                continue
            if not outcome.judged:
                self._unsettled(text, outcome)
            elif step is not None:
                self._verdict(self.session.steps_done[-1].outcome)
            if outcome.settled:
                return self._settled(question, outcome)

    def _settled(self, question: Question, outcome: Outcome) -> Outcome:
        """Say the verdict, and have the points of an open question ticked."""
        if outcome.steps and not outcome.by_steps:
            self.line.show(f"Steps: {outcome.steps_say}")
        else:
            self._verdict(outcome)
        return self._tick(question) if question.asks == "rubric" else outcome

    def _judged(self, asked: Question | Step, text: str) -> Outcome | None:
        """What the session makes of a text; None where another has to be typed."""
        if asked.asks in ("reveal", "rubric") and text != ":s":
            self.session.note(text)
        if text == ":s" or asked.asks in ("reveal", "rubric") or not text.strip():
            return self.session.reveal()
        if asked.asks != "choice":
            return self.session.answer(text)
        options = len(asked.options) if isinstance(asked, Question) else 0
        number = text.strip()
        if not number.isdecimal() or not 1 <= int(number) <= options:
            self.line.say(f"Type a number from 1 to {options}.")
            return None
        return self.session.choose(int(number) - 1)

    def _step_head(self, question: Question, step: Step) -> None:
        number = len(self.session.steps_done) + 1
        self.line.say()
        self.line.show(f"Step {number} of {len(question.steps)}: {step.title}.")
        self.line.show(f"Give ${step.symbol}$: {step.expects}.")
        if self.session.draft:
            self.line.say(f"Before you typed: {self.session.draft}")

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

    def _tick(self, question: Question) -> Outcome:
        for number, point in enumerate(question.rubric, 1):
            self.line.show(f"{number}. {point}")
        kept = " ".join(str(tick + 1) for tick in sorted(self.session.ticks))
        while True:
            other = f"none, or Enter for {kept}" if kept else "Enter for none"
            text = self.line.ask(f"Numbers of the points you made, {other}: ")
            words = (text.replace(",", " ") or kept).replace("none", "").split()
            if all(word.isdecimal() and 1 <= int(word) <= len(question.rubric) for word in words):
                outcome = self.session.tick({int(word) - 1 for word in words})
                self.line.say(outcome.says)
                return outcome
            self.line.say(f"Numbers from 1 to {len(question.rubric)}, with spaces between.")

    def _grade(self, question: Question, outcome: Outcome) -> None:
        proposed = outcome.suggested or Grade.GOOD
        if self.session.auto and outcome.suggested:
            self.session.grade(proposed)
            return
        buttons = "  ".join(
            f"{one.grade.value} {one.grade.name.title()} ({one.label})" for one in outcome.intervals
        ) or "  ".join(f"{grade.value} {grade.name.title()}" for grade in Grade)
        if question.steps and outcome.result in ("wrong", "partly") and not outcome.steps:
            self.line.say("`:steps` finds the step where it went wrong.")
        while self.session.question is question:
            text = self.line.ask(f"{buttons}; Enter: {proposed.name.title()}: ").strip()
            if not text:
                self.session.grade(proposed)
            elif text in ("1", "2", "3", "4"):
                self.session.grade(Grade(int(text)))
            elif self._command(text if text.startswith(":") else f":{text}"):
                return
            elif self.session.step is not None:
                self._answer(question)

    def _command(self, text: str) -> bool:
        """Carry out a colon command; whether the question on screen is done with."""
        try:
            return self._carried_out(text)
        except StudyError as error:
            self.line.tell(str(error))
            return False

    def _carried_out(self, text: str) -> bool:
        match text:
            case ":q":
                raise Leave
            case ":end" if self.interview:
                raise End
            case ":u":
                question = self.session.undo()
                self.line.say(TAKEN_BACK if question else NOTHING_TO_UNDO)
                return question is not None
            case ":b":
                self.session.bury()
                self.line.say("Buried until tomorrow. :u takes it back.")
                return True
            case ":x":
                self.session.suspend()
                self.line.say("Suspended: it will not be asked again. :u takes it back.")
                return True
            case _ if text.startswith(":="):
                work_out(self.line, text[2:].strip(), self.session)
            case ":m":
                show_weights(self.line, self.session)
            case ":steps":
                self.session.begin_steps()
            case ":h":
                hint = self.session.hint()
                self.line.show(hint) if hint else self.line.say(
                    "There is no further hint. :s shows the answer."
                )
            case ":w":
                self._solution()
            case ":n":
                self._correction()
            case ":i":
                self.line.show(self.session.why())
            case _:
                self.line.say(HELP + (ENDING if self.interview else ""))
        return False

    def _solution(self) -> None:
        if self.session.outcome is None:
            self.line.say("Answer first, or see the answer with :s.")
        elif not self.session.outcome.has_solution:
            self.line.say("This card has no worked solution; its answer stands above.")
        else:
            self.line.show(self.session.solution())

    def _correction(self) -> None:
        if self.session.outcome is None:
            self.line.say("Answer first, or see the answer with :s.")
        elif not self.session.outcome.corrects:
            self.line.say("This card corrects no note; its source is named below the answer.")
        else:
            self.line.show(self.session.correction())


def _complete(text: str) -> bool:
    """Whether brackets were opened and all are closed again."""
    opened = sum(text.count(one) for one in "[(")
    return opened > 0 and opened == sum(text.count(one) for one in "])")
