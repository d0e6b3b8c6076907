"""Line mode: numbered prompts on stdout over the same Session as the app.

For screen readers, pipes and simple terminals: no colour, no cursor movement, nothing redrawn. At a
prompt `:?` lists what else can be typed; an answer never begins with a colon.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from contextlib import suppress

from studykit.cli.asking import Asking, End
from studykit.cli.line import Leave, Line
from studykit.study.collection import Collection
from studykit.study.home import Home
from studykit.study.session import Session
from studykit.study.settings import Settings
from studykit.study.start import Booking, Start
from studykit.study.words import counted, duration

WELCOME = (
    "Welcome. You are asked when you are about to forget: answer, then grade how well you knew it. "
    "Every grade is saved at once. At a prompt, :? lists what else can be typed."
)


def run_plain(home: Home, settings: Settings, start: Start) -> int:
    """Study in line mode on the standard streams; returns the exit code."""
    with Collection.open(home, paths=start.paths, settings=settings) as collection:
        line = Line(sys.stdin, sys.stdout, shutil.get_terminal_size((80, 24)).columns)
        for fault in collection.faults:
            sys.stderr.write(f"{fault}\n")
        return LineMode(line, collection, start).run()


class LineMode:
    """One run of line mode: pick what to study, go through it, sum up."""

    def __init__(self, line: Line, collection: Collection, start: Start) -> None:
        self.line = line
        self.collection = collection
        self.start = start

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
            Asking(self.line, session).go_through()
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
            kept = self.line.ask(f"Keep its {counted(question.reviews, 'review')}? [Y/n] ")
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
                Asking(self.line, self.collection.session(practice=round_)).go_through()
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
        try:
            Asking(self.line, session, interview=True).go_through()
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
            f"\n{counted(summary.reviews, 'review')} in {duration(summary.seconds)}: "
            f"{again} Again, {hard} Hard, {good} Good, {easy} Easy; {summary.new} new."
        )
        if summary.judged:
            say(f"{summary.right} of {summary.judged} checked answers right.")
        for sentence, count in summary.mistakes:
            say(f"{count} × {sentence}")
        say(f"Due tomorrow: {summary.due_tomorrow}.")
