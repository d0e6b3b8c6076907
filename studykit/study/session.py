"""A run of reviews, without a screen: the one loop behind the app, line mode, interview and tests.

Ask, answer, grade; every grade is on the disk before the next card is drawn. What comes next is
looked up each time from the progress file, so undo and a crash need no special case here.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Collection as Several
from dataclasses import replace
from typing import TYPE_CHECKING

from studykit.memory import (
    UNLIMITED,
    Grade,
    Memory,
    Next,
    Queue,
    Sort,
    choices,
    is_leech,
)
from studykit.progress import ProgressError, Review
from studykit.progress.pace import recent_times
from studykit.study.closing import summed, why_nothing
from studykit.study.errors import StudyError
from studykit.study.kinds import Showing, ask
from studykit.study.practice import Cards, Exercise, Posed, Practice
from studykit.study.question import (
    Interval,
    Outcome,
    Question,
    Remaining,
    Status,
    Step,
    StepDone,
    Summary,
)
from studykit.study.reading import NOTHING, Reading
from studykit.study.scope import order_of, tagged
from studykit.study.suggest import LEAST_HISTORY, suggest
from studykit.study.turn import Done, Turn

if TYPE_CHECKING:
    from studykit.progress import Undone
    from studykit.study.collection import Collection
    from studykit.study.heat import WeightMap
    from studykit.study.kinds.steps import Walk
    from studykit.study.scratch import Scratchpad

LONGEST_MS = 10 * 60 * 1000
"""A question left open longer than this was left alone, not thought about."""
STATUS: dict[Sort, Status] = {
    Sort.NEW: "new",
    Sort.LEARNING: "learning",
    Sort.DUE: "review",
    Sort.EARLY: "review",
}


class Session:
    """Use `Collection.session`. Methods raise StudyError when they do not fit the moment."""

    def __init__(
        self,
        collection: Collection,
        *,
        decks: tuple[str, ...] = (),
        begun: tuple[str, ...] | None = None,
        limit: int | None = None,
        tag: str = "",
        cram: bool = False,
        new: int | None = None,
        practice: Practice | None = None,
    ) -> None:
        """`decks` are those that are asked (none: all), `begun` those whose new cards come."""
        self._collection = collection
        self._store = collection.store
        self._limit = limit
        self._decks = frozenset(decks)
        self._begun = self._decks if begun is None else frozenset(begun)
        chosen = tagged(collection, decks, tag) if tag else None
        self._source = self._store.source(decks or None, chosen, begun)
        self._queue = Queue(self._source, order_of(collection, self._source, decks, new))
        self._practice = practice
        if cram:
            self._practice = Cards(self._source.everything(collection.day, limit or UNLIMITED))
        self._turn: Turn | None = None
        self._again: Next | Exercise | Posed | None = None
        self._skip: set[str] = set()
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

    def heading(self) -> str:
        """Where one stands in an interview; empty elsewhere."""
        if self._practice is None or self._turn is None:
            return ""
        return self._practice.heading(self._spent(self._turn))

    def next(self) -> Question | None:
        """The question on the table, or the next one; None when nothing is left to ask."""
        while self._turn is None:
            chosen = self._next_card()
            if chosen is None:
                return None
            try:
                turn = self._ask(chosen)
            except KeyError:
                # Its deck lost the card since the queue was looked up.
                if isinstance(chosen, Next):
                    self._skip.add(chosen.card)
                continue
            turn.within = self.id if self.final else ""
            draft = self._collection.drafts.of(turn.name)
            turn.resume(draft)
            self._turn = turn
            if draft.judged is not None:
                self._judge_again(turn, draft.judged)
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
        typed = turn.asked.question.asks in ("line", "matrix", "choice")
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
        return self._settle(turn, outcome, self._suggestion(turn, outcome))

    def choose(self, index: int) -> Outcome:
        """Judge the option with this number, from 0."""
        turn = self._open_turn()
        outcome = turn.asked.choose(index)
        turn.answer = turn.asked.question.options[index]
        return self._settle(turn, outcome, self._suggestion(turn, outcome))

    def tick(self, ticks: Several[int]) -> Outcome:
        """The rubric points that were made, numbered from 0; may be called again to change them."""
        turn = self._turn
        if turn is None or turn.outcome is None:
            raise StudyError("Reveal the answer first, then tick what you covered.")
        outcome = turn.asked.tick(ticks)
        turn.answer = ",".join(str(tick + 1) for tick in sorted(set(ticks)))
        turn.outcome = replace(
            outcome, intervals=turn.outcome.intervals, corrects=turn.outcome.corrects
        )
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
        if self._turn is None or self._turn.outcome is None:
            raise StudyError(
                "The worked solution is shown after the answer: answer first, or show it."
            )
        return self._turn.asked.solution()

    def correction(self) -> str:
        """What the source note says and what is right, once the answer is out."""
        if self._turn is None or self._turn.outcome is None:
            raise StudyError(
                "What the note says is shown after the answer: answer first, or show it."
            )
        return self._turn.asked.correction()

    def grade(self, grade: Grade) -> None:
        """Log the answer with its grade; on the disk when this returns."""
        turn = self._turn
        if turn is None or turn.outcome is None or turn.choices is None:
            raise StudyError("A card is graded after its answer was shown: answer it first.")
        if self.auto and turn.outcome.suggested:
            grade = turn.outcome.suggested
        choice = turn.choices[grade]
        question, outcome = turn.asked.question, turn.outcome
        review = Review(
            card=question.card or None,
            deck=question.deck or None,
            day=turn.day,
            at_ms=self._collection.clock(),
            grade=int(grade),
            due=None if self._practice else choice.memory.due,
            elapsed_ms=turn.elapsed_ms,
            was=turn.sort.value,
            kind=self._practice.kind if self._practice else "study",
            ticket=question.ticket or None,
            answer=turn.answer,
            result=outcome.result,
            mistakes=tuple(slip.mistake for slip in outcome.slips),
            hints=turn.hints,
            suggested=int(outcome.suggested) if outcome.suggested else None,
            session=self.id,
            detail=turn.kept(
                self._practice.kept(question, turn.elapsed_ms) if self._practice else {}
            ),
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
        if undone.card is None and undone.review and undone.review.ticket:
            self._again = Exercise.of(undone.review.ticket)
        elif undone.card is not None:
            self._again = Next(undone.card, self._sort_before(undone))
        question = self.next()
        if undone.review is not None and self._turn is not None:
            self._turn.restore(undone.review)
        return question

    def bury(self) -> None:
        """Not this card again before tomorrow."""
        turn = self._present_turn()
        day = self._collection.day
        self._set_aside(
            lambda: self._store.bury(
                turn.asked.question.card, day + 1, day, self._collection.clock()
            )
        )

    def suspend(self) -> None:
        """Not this card again until it is taken back."""
        turn = self._present_turn()
        self._set_aside(
            lambda: self._store.suspend(
                turn.asked.question.card, self._collection.day, self._collection.clock()
            )
        )

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
            self._again = Next(turn.asked.question.card, turn.sort)
            self._turn = None
        return self.next()

    def remaining(self) -> Remaining:
        """What is still to come, the question on the table included, within every limit."""
        if self._practice:
            left = (self._practice.left() or 0) + (self._turn is not None)
            return Remaining(new=0, learning=0, review=left)
        today = self._queue.left(self._collection.day)
        counts = Remaining(new=today.new, learning=today.learning, review=today.due)
        if self._limit is None:
            return counts
        room = max(0, self._limit - len(self._done))
        learning = min(counts.learning, room)
        review = min(counts.review, room - learning)
        return Remaining(min(counts.new, room - learning - review), learning, review)

    def nothing(self) -> str:
        """Why there is nothing to ask, and what to do about it, in Markdown."""
        return why_nothing(self._collection, self._decks, self._begun, self._queue.order)

    def summary(self) -> Summary:
        """What this session came to so far."""
        return summed(self._done, self._collection)

    # Inside.

    def _next_card(self) -> Next | Exercise | Posed | None:
        if self._again is not None:
            chosen, self._again = self._again, None
            return chosen
        if self._limit is not None and len(self._done) >= self._limit:
            return None
        if self._practice:
            item = self._practice.next()
            return Next(item, Sort.DUE) if isinstance(item, str) else item
        return self._queue.next(self._collection.day, self._skip)

    def _ask(self, chosen: Next | Exercise | Posed) -> Turn:
        decimal_comma = self._collection.settings.decimal_comma
        if isinstance(chosen, Exercise):
            day, at_ms = self._collection.day, self._collection.clock()
            return Turn(chosen.asked(decimal_comma), Sort.DUE, day, at_ms, seen=0, before=None)
        library = self._collection.shelf.library
        card, posed = library.card(chosen.card), chosen if isinstance(chosen, Posed) else None
        sort = Sort.DUE if isinstance(chosen, Posed) else chosen.sort
        info = library.deck(library.deck_of(chosen.card))
        seen = self._store.times_answered(chosen.card)
        showing = Showing(
            card=chosen.card,
            deck=info.id,
            deck_title=info.title,
            status=STATUS[sort],
            turn=seen,
            drawn=posed.drawn if posed else None,
            sources=library.header(info.id).sources,
            decimal_comma=decimal_comma,
        )
        row = self._store.standing(chosen.card).memory
        return Turn(
            asked=ask(posed.of(card) if posed else card, showing),
            sort=sort,
            day=self._collection.day,
            shown_ms=self._collection.clock(),
            seen=seen,
            before=Memory(*row) if row else None,
        )

    def _settle(self, turn: Turn, outcome: Outcome, suggested: Grade | None) -> Outcome:
        question = turn.asked.question
        if not turn.elapsed_ms:
            turn.elapsed_ms = self._elapsed(turn)
        turn.day = self._collection.day
        siblings: Sequence[int] = ()
        if question.kind == "problem":
            siblings = self._store.sibling_dues(question.card)
        turn.choices = choices(
            turn.before,
            question.card,
            turn.day,
            self._collection.scheduling,
            self._store.due_on,
            siblings,
        )
        # Practice moves no due day, so there is none to promise.
        promised = () if self._practice else turn.choices.items()
        intervals = tuple(Interval(grade, choice.days) for grade, choice in promised)
        turn.outcome = replace(
            outcome,
            suggested=suggested,
            intervals=intervals,
            corrects=bool(turn.asked.correction()),
        )
        if turn.within:
            self._put_down(turn)
        return turn.outcome

    def _judge_again(self, turn: Turn, text: str) -> None:
        """Bring back the verdict that stood when an interview was left."""
        options = turn.asked.question.options
        if text in options:
            self.choose(options.index(text))
        elif text and turn.asked.question.asks != "rubric":
            self.answer(text)
        else:
            self.reveal()

    def _put_down(self, turn: Turn) -> None:
        self._collection.drafts.keep(turn.name, turn.draft(self._spent(turn)))

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
            return self._settle(turn, whole, self._suggestion(turn, whole))
        turn.outcome = replace(turn.outcome, steps=whole.steps, steps_say=whole.steps_say)
        return turn.outcome

    def _suggestion(self, turn: Turn, outcome: Outcome) -> Grade | None:
        turn.elapsed_ms = self._elapsed(turn)
        times = recent_times(self._store.database, turn.asked.question.kind)
        return suggest(
            outcome.result,
            hints=turn.hints,
            elapsed_ms=turn.elapsed_ms,
            median_ms=int(statistics.median(times)) if len(times) >= LEAST_HISTORY else None,
            seen=turn.seen,
            method_right=outcome.method_right,
        )

    def _spent(self, turn: Turn) -> int:
        """Time on this question so far; reading its verdict takes none."""
        return turn.elapsed_ms if turn.outcome else self._elapsed(turn)

    def _elapsed(self, turn: Turn) -> int:
        return min(LONGEST_MS, max(0, self._collection.clock() - turn.shown_ms))

    def _open_turn(self) -> Turn:
        turn = self._present_turn()
        if turn.outcome is not None:
            raise StudyError("This question is answered already; grade it.")
        return turn

    def _present_turn(self) -> Turn:
        if self._turn is None:
            raise StudyError("There is no question on the table: ask for the next one first.")
        return self._turn

    def _set_aside(self, act: Callable[[], None]) -> None:
        if self.final:
            raise StudyError("Here no question is put away. To pass, have the answer shown.")
        if not self._present_turn().asked.question.card:
            raise StudyError("This problem belongs to no card. Answer it, or leave with Esc.")
        try:
            act()
        except ProgressError as error:
            raise StudyError(str(error)) from error
        self._turn = None

    def _sort_before(self, undone: Undone) -> Sort:
        """What the card was before what is undone; what an interview missed was none of these."""
        was = undone.review.was if undone.review else ""
        return Sort(was) if was in set(Sort) else self._sort_of(undone.card or "")

    def _sort_of(self, card: str) -> Sort:
        memory = self._store.standing(card).memory
        if memory is None:
            return Sort.NEW
        return Sort.LEARNING if memory.learning else Sort.DUE
