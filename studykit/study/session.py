"""A run of reviews, without a screen: the one loop behind the app, line mode, interview and tests.

Ask, answer, grade; every grade is on the disk before the next card is drawn. What comes next is
looked up each time from the progress file, so undo and a crash need no special case here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from collections.abc import Collection as Several
from dataclasses import replace
from typing import TYPE_CHECKING

from studykit.memory import Grade, Sort, is_leech
from studykit.progress import ProgressError
from studykit.study.closing import summed
from studykit.study.errors import StudyError
from studykit.study.grading import review_of, settle, suggestion
from studykit.study.practice import Practice
from studykit.study.question import Outcome, Question, Remaining, Step, StepDone, Summary
from studykit.study.reading import NOTHING, Reading
from studykit.study.turn import Done, Turn, notes_of, ticks_of

if TYPE_CHECKING:
    from studykit.study.collection import Collection
    from studykit.study.dealer import Dealer
    from studykit.study.heat import WeightMap
    from studykit.study.kinds.steps import Walk
    from studykit.study.scratch import Scratchpad


class Session:
    """Use `Collection.session`. Methods raise StudyError when they do not fit the moment."""

    def __init__(self, collection: Collection, dealer: Dealer) -> None:
        self._collection = collection
        self._store = collection.store
        self._dealer = dealer
        self._practice = practice = dealer.practice
        self._turn: Turn | None = None
        self._done: list[Done] = []
        self.id = (practice.session if practice else "") or f"{collection.clock():x}"
        self.notice = ""
        """A sentence about the last grade that a learner should know, or nothing."""

    @property
    def question(self) -> Question | None:
        """What is being asked."""
        return self._turn.asked.question if self._turn else None

    @property
    def outcome(self) -> Outcome | None:
        """What came of it, once it is settled."""
        return self._turn.outcome if self._turn else None

    @property
    def step(self) -> Step | None:
        """The step that is asked instead of the whole; None where the whole is."""
        return self._turn.step if self._turn else None

    @property
    def steps_done(self) -> tuple[StepDone, ...]:
        """The steps of this question that are behind."""
        return self._turn.done if self._turn else ()

    @property
    def typed(self) -> Mapping[str, str]:
        """What was typed here before, and is still open: by step, "" for the whole."""
        return self._turn.typed if self._turn else {}

    @property
    def draft(self) -> str:
        """The same for what is asked at the moment."""
        return self.typed.get(self.step.name if self.step else "", "")

    @property
    def hints(self) -> tuple[str, ...]:
        """The hints that were given for the whole."""
        return self._turn.hints_shown if self._turn else ()

    @property
    def notes(self) -> str:
        """What was noted while thinking aloud."""
        return self._turn.notes if self._turn else ""

    @property
    def ticks(self) -> frozenset[int]:
        """The rubric points that were ticked, numbered from 0."""
        return self._turn.ticks if self._turn else frozenset()

    @property
    def practising(self) -> bool:
        """Whether it asks outside the schedule: nothing in it is due or new."""
        return self._practice is not None

    @property
    def auto(self) -> bool:
        """Whether a judged answer is to be graded as suggested at once."""
        return self._practice is not None and self._practice.auto

    @property
    def final(self) -> bool:
        """Whether an answer stands once it is graded."""
        return self._practice is not None and self._practice.final

    @property
    def beat(self) -> int:
        """Seconds after which the heading is worth another look."""
        return self._practice.beat if self._practice else Practice.beat

    @property
    def named(self) -> bool:
        """Whether it is said from which deck or family a question is."""
        return self._practice is None or self._practice.named

    def heading(self) -> str:
        """Where one stands in an interview; empty elsewhere."""
        if self._practice is None or self._turn is None:
            return ""
        return self._practice.heading(self._turn.spent(self._collection.clock()))

    def next(self) -> Question | None:
        """The question on the table, or the next one; None when nothing is left to ask."""
        if self._turn is None:
            self._turn = self._dealer.deal(len(self._done))
            if self._turn is not None:
                self._open(self._turn)
        return self.question

    def begin_steps(self) -> Step:
        """Ask the steps one by one, from where they were left; also after a wrong whole answer."""
        return self._present_turn().begin_steps()

    def leave_steps(self) -> None:
        """Ask the whole again, or wait for its grade; steps that are done stay so."""
        self._present_turn().walking = False

    def note(self, text: str) -> None:
        """Keep what was typed while thinking aloud; it is logged with the grade."""
        self._present_turn().notes = text

    def put_down(self, typed: Mapping[str, str]) -> None:
        """Keep what stands in the fields, by step, so that it is there again after a crash.

        Beside the log and without a verdict; nothing where no question is on the table.
        """
        if self._turn is not None:
            self._turn.typed = dict(typed)
            self._put_down(self._turn)

    def reveal(self) -> Outcome:
        """Show the answer without one given, or the value of the step that is asked.

        A card that is typed counts as not known.
        """
        if self.step is not None:
            return self._take_step(lambda walk: walk.show())
        turn = self._open_turn()
        outcome = turn.asked.reveal()
        question = turn.asked.question
        if question.asks == "rubric" and question.card:
            before = notes_of(self._store.history(question.card))
            outcome = replace(outcome, noted_before=before)
        typed = question.asks in ("line", "matrix", "choice")
        return self._settle(turn, outcome, Grade.AGAIN if typed else None)

    def answer(self, text: str) -> Outcome:
        """Judge what was typed for the question, or for the step that is asked.

        An unreadable or imprecise answer leaves it open. A step is judged by itself; after the
        last one the question is settled.
        """
        if self.step is not None:
            return self._take_step(lambda walk: walk.answer(text))
        turn = self._open_turn()
        outcome = turn.asked.answer(text)
        turn.helped_by(outcome)
        if not outcome.settled:
            return outcome
        turn.answer = text
        return self._settle(turn, outcome, suggestion(self._collection, turn, outcome))

    def choose(self, index: int) -> Outcome:
        """Judge the option with this number, from 0."""
        turn = self._open_turn()
        outcome = turn.asked.choose(index)
        turn.answer = turn.asked.question.options[index]
        return self._settle(turn, outcome, suggestion(self._collection, turn, outcome))

    def tick(self, ticks: Several[int]) -> Outcome:
        """The rubric points that were made, numbered from 0; may be called again to change them."""
        turn = self._turn
        if turn is None or turn.outcome is None:
            raise StudyError("Reveal the answer first, then tick what you covered.")
        outcome = turn.asked.tick(ticks)
        turn.answer = ",".join(str(tick + 1) for tick in sorted(set(ticks)))
        turn.outcome = replace(
            outcome,
            intervals=turn.outcome.intervals,
            corrects=turn.outcome.corrects,
            noted_before=turn.outcome.noted_before,
        )
        if turn.within:
            self._put_down(turn)
        return turn.outcome

    def reading(self, text: str) -> Reading:
        """What a text reads as, while it is typed; nothing is judged."""
        turn = self._turn
        return turn.reading(text) if turn is not None else NOTHING

    def weights(self) -> tuple[WeightMap, ...]:
        """The attention weights of this problem, once the answer is out."""
        turn = self._present_turn()
        if turn.outcome is None or turn.step is not None:
            raise StudyError("The weights are shown after the answer.")
        return turn.asked.weights()

    def scratchpad(self) -> Scratchpad:
        """The calculator beside this question; it is gone with the question."""
        return self._present_turn().scratchpad()

    def hint(self) -> str | None:
        """The next hint, or None after the last. Hints make a right answer suggest Hard."""
        turn = self._present_turn() if self.step else self._open_turn()
        hint = turn.hint()
        self._put_down(turn)
        return hint

    def solution(self) -> str:
        """The worked solution with this problem's numbers, once the answer is out."""
        return self._answered("The worked solution").asked.solution()

    def correction(self) -> str:
        """What the source note says and what is right, once the answer is out."""
        return self._answered("What the note says").asked.correction()

    def grade(self, grade: Grade) -> None:
        """Log the answer with its grade; on the disk when this returns."""
        turn = self._turn
        if turn is None or turn.outcome is None or turn.choices is None:
            raise StudyError("A card is graded after its answer was shown: answer it first.")
        if self.auto and turn.outcome.suggested:
            grade = turn.outcome.suggested
        choice = turn.choices[grade]
        question, outcome = turn.asked.question, turn.outcome
        review = review_of(
            turn,
            outcome,
            grade,
            choice,
            at_ms=self._collection.clock(),
            session=self.id,
            practice=self._practice,
        )
        try:
            logged = self._store.record(review, None if self._practice else choice.memory)
        except ProgressError as error:
            raise StudyError(str(error)) from error
        self._done.append(
            Done(
                review=logged,
                card=question.card,
                grade=grade,
                result=outcome.result,
                elapsed_ms=turn.elapsed_ms,
                new=turn.sort is Sort.NEW,
                slips=tuple(slip.says for slip in outcome.slips),
            )
        )
        self._collection.drafts.drop(turn.name)
        self.notice = self._practice.answered(review) if self._practice else ""
        if not self._practice and is_leech(turn.before, choice.memory, self._collection.scheduling):
            self.notice = (
                f"Forgotten {choice.memory.lapses} times: this card may need another wording. "
                "Edit it or suspend it."
            )
        self._turn = None

    def undo(self) -> Question | None:
        """Take back the last grade, bury or suspend, of an earlier session too, and ask that card.

        None when there is nothing to take back, or when its card is no longer in any deck.
        """
        if self.final:
            raise StudyError("Here an answer stands once it is graded. Go on with the next one.")
        try:
            undone = self._store.undo_last(self._collection.day, self._collection.clock())
        except ProgressError as error:
            raise StudyError(str(error)) from error
        if undone is None:
            return None
        if self._done and self._done[-1].review == undone.id:
            self._done.pop()
        self.notice = ""
        self._turn = None
        self._dealer.take_back(undone)
        question = self.next()
        if undone.review is not None and self._turn is not None:
            self._turn.restore(undone.review)
        return question

    def bury(self) -> None:
        """Not this card again before tomorrow."""
        self._set_aside(lambda card, day, at_ms: self._store.bury(card, day + 1, day, at_ms))

    def suspend(self) -> None:
        """Not this card again until it is taken back."""
        self._set_aside(self._store.suspend)

    def why(self) -> str:
        """Why this card is asked, in Markdown."""
        if not self._present_turn().asked.question.card:
            return (
                "**Practice.** This problem was drawn for now; no card and no schedule hang on it."
            )
        return self._collection.info(self._present_turn().asked.question.card)

    def refresh(self) -> Question | None:
        """Ask the card on the table again after its deck was edited."""
        turn = self._turn
        if turn is not None and turn.outcome is None and turn.asked.question.card:
            self._dealer.once_more(turn)
            self._turn = None
        return self.next()

    def remaining(self) -> Remaining:
        """What is still to come, the question on the table included, within every limit."""
        return self._dealer.left(len(self._done), self._turn is not None)

    def nothing(self) -> str:
        """Why there is nothing to ask, and what to do about it, in Markdown."""
        return self._dealer.nothing()

    def summary(self) -> Summary:
        """What this session came to so far."""
        return summed(self._done, self._collection)

    def _open(self, turn: Turn) -> None:
        """Put a card on the table, with what was begun on it before."""
        turn.within = self.id if self.final else ""
        draft = self._collection.drafts.of(turn.name)
        turn.resume(draft)
        if draft.judged is not None:
            self._judge_again(turn, draft.judged)

    def _settle(self, turn: Turn, outcome: Outcome, suggested: Grade | None) -> Outcome:
        settled = settle(
            self._collection, turn, outcome, suggested, scheduled=self._practice is None
        )
        if turn.within:
            self._put_down(turn)
        return settled

    def _judge_again(self, turn: Turn, text: str) -> None:
        """Bring back the verdict that stood when an interview was left."""
        options = turn.asked.question.options
        if text in options:
            self.choose(options.index(text))
        elif text and turn.asked.question.asks != "rubric":
            self.answer(text)
        else:
            self.reveal()
            if text:
                self.tick(ticks_of(text))

    def _put_down(self, turn: Turn) -> None:
        self._collection.drafts.keep(turn.name, turn.draft(turn.spent(self._collection.clock())))

    def _take_step(self, act: Callable[[Walk], Outcome]) -> Outcome:
        """A step behind; the last one settles the question, or rounds off its whole answer."""
        turn = self._present_turn()
        outcome = turn.take_step(act)
        self._put_down(turn)
        if turn.step is not None or turn.walk is None:
            return outcome
        turn.walking = False
        whole = turn.walk.whole(turn.asked.reveal())
        if turn.outcome is None:
            turn.answer = whole.steps[-1].typed or None
            return self._settle(turn, whole, suggestion(self._collection, turn, whole))
        turn.outcome = replace(turn.outcome, steps=whole.steps, steps_say=whole.steps_say)
        return turn.outcome

    def _open_turn(self) -> Turn:
        turn = self._present_turn()
        if turn.outcome is not None:
            raise StudyError("This question is answered already; grade it.")
        return turn

    def _answered(self, what: str) -> Turn:
        if self._turn is None or self._turn.outcome is None:
            raise StudyError(f"{what} is shown after the answer: answer first, or show it.")
        return self._turn

    def _present_turn(self) -> Turn:
        if self._turn is None:
            raise StudyError("There is no question on the table: ask for the next one first.")
        return self._turn

    def _set_aside(self, act: Callable[[str, int, int], None]) -> None:
        if self.final:
            raise StudyError("Here no question is put away. To pass, have the answer shown.")
        card = self._present_turn().asked.question.card
        if not card:
            raise StudyError("This problem belongs to no card. Answer it, or leave with Esc.")
        try:
            act(card, self._collection.day, self._collection.clock())
        except ProgressError as error:
            raise StudyError(str(error)) from error
        self._turn = None
