"""A session on the screen: question, answer, verdict, grade.

All rules are the session's. This screen hands text down, shows what comes back, and sees to it that
a key pressed twice never grades a card nobody has looked at. The key of a grade that comes while
the answer is still being drawn is no accident: it waits for the answer, and then counts.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from studykit.memory import Grade
from studykit.study.errors import StudyError
from studykit.study.kinds.asked import unread
from studykit.study.words import NOTHING_TO_UNDO, TAKEN_BACK
from studykit.tui.command import bindings
from studykit.tui.commands import CHECK, STUDY, UNDO
from studykit.tui.screens.looking import LookingPage
from studykit.tui.text import tell
from studykit.tui.verdict import last_said

if TYPE_CHECKING:
    from studykit.study.question import Outcome
    from studykit.tui.showing import Sitting
    from studykit.tui.widgets.grid import GridMisfit

TWICE = 0.3
"""Seconds within which the same key again is a double press."""


class StudyScreen(LookingPage):
    """One sitting. Everything that must outlive the screen is in the sitting."""

    does = STUDY
    BINDINGS = bindings(STUDY)

    def __init__(self, sitting: Sitting) -> None:
        super().__init__(sitting)
        self.clock = time.monotonic
        self._last = ("", 0.0)
        """The last key that settled or graded something, and when."""
        self._early: int | None = None
        """The grade whose key came before its answer was drawn."""

    # Which commands make sense.

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if self.sitting.showing is None:
            return action == "leave"
        showing = self.showing
        question, phase = showing.question, showing.phase
        settled = showing.outcome if phase != "ask" else None
        number = parameters[0] if parameters and isinstance(parameters[0], int) else -1
        match action:
            case "reveal":
                return phase == "ask" and not showing.has_field
            case "give_up":
                return phase == "ask" and showing.has_field
            case "type":
                return phase == "ask" and showing.has_field and not self.typing
            case "notes":
                return showing.entry == "notes" and not self.typing
            case "switch_entry":
                return showing.entry in ("rows", "grid")
            case "weights":
                return settled is not None and question.weights
            case "pad":
                return phase == "ask" and question.kind in ("problem", "formula")
            case "steps":
                return self._steps_offered()
            case "whole":
                return showing.step is not None
            case "check":
                return phase == "ask" and showing.has_field
            case "pick":
                return (
                    phase == "ask" and question.asks == "choice" and number < len(question.options)
                )
            case "tick":
                return phase == "tick" and number < len(question.rubric)
            case "ticked":
                return phase == "tick"
            case "untick":
                return phase == "grade" and question.asks == "rubric"
            case "accept":
                return phase == "grade"
            case "grade":
                return phase == "grade" and not showing.graded_by(self.sitting.session)
            case "hint":
                return phase == "ask" and showing.asked.hints > 0
            case "solution":
                return (
                    phase != "ask" and showing.outcome is not None and showing.outcome.has_solution
                )
            case "undo" | "bury" | "suspend" | "edit":
                return not self.sitting.session.final
            case "correction":
                return settled is not None and settled.corrects
        return super().check_action(action, parameters)

    def _steps_offered(self) -> bool:
        showing = self.showing
        outcome = showing.outcome
        if not showing.question.steps or showing.step is not None:
            return False
        return outcome is None or (outcome.result != "right" and not outcome.steps)

    # Double presses.

    def repeated(self, key: str) -> bool:
        """Whether `key` is the second half of a double press on the key that settled something."""
        last, when = self._last
        return key == last and self.clock() - when < TWICE

    def _used(self, key: str) -> None:
        self._last = (key, self.clock())

    # Answering.

    def checks(self, key: str) -> bool:
        """Whether `key` checks what is typed. A field asks at each key, for what was typed before
        it belongs to the answer, and what comes after it does not."""
        return key in CHECK.bound(self.keymap) and bool(self.check_action("check", ()))

    async def action_reveal(self) -> None:
        self.keep()
        outcome = self.of_session(self.sitting.session.reveal)
        if outcome is None:
            return
        # Another key came between: whatever is pressed next is no second half of a double press.
        self._used("")
        await self._judge(outcome)

    async def action_give_up(self) -> None:
        await self.action_reveal()

    async def action_pick(self, number: int) -> None:
        key = str(number + 1)
        if self.repeated(key):
            return
        outcome = self.of_session(lambda: self.sitting.session.choose(number))
        if outcome is not None:
            self._used(key)
            await self._judge(outcome)

    async def on_grid_misfit(self, event: GridMisfit) -> None:
        draft = self.showing.draft
        draft.typed, draft.as_grid = event.text, False
        self.showing.message = event.says
        await self._say()

    async def action_switch_entry(self) -> None:
        self.showing.message = ""
        says = await self.switch_entry()
        if says:
            self.showing.message = says
            await self._say()

    async def action_check(self) -> None:
        showing = self.showing
        if showing.phase != "ask" or not showing.has_field:
            return
        text = self.typed.rstrip()
        showing.message = ""
        showing.draft.typed = text
        showing.draft.attempt = None
        if not text.strip():
            showing.message = "Type an answer first, or see it with F3."
            await self._say()
            return
        if showing.entry == "grid" and (faults := self.faults()):
            await self._complain(faults)
            return
        outcome = self.of_session(lambda: self.sitting.session.answer(text))
        if outcome is None:
            return
        if outcome.judged:
            self._used("enter")
            await self._judge(outcome)
            return
        showing.draft.attempt = outcome
        await self.show()
        self.call_after_refresh(self.beside.move, "home")

    async def _complain(self, faults: dict[tuple[int, int], str]) -> None:
        """Cells that are empty or cannot be read: marked, and the first one said."""
        (row, column), cause = min(faults.items())
        where = f"Row {row + 1}, column {column + 1}"
        if self.showing.draft.cells[row][column].strip():
            self.showing.draft.attempt = unread(f"{where}: {cause}", None, helped=False)
        else:
            self.showing.message = f"{where} is empty."
        self.complain(faults)
        await self.show()
        self.call_after_refresh(self.beside.move, "home")

    async def _say(self) -> None:
        """Show the newest hint or message, whatever stands above it."""
        await self.show(said=last_said(self.showing, self.measure))

    async def _judge(self, outcome: Outcome) -> None:
        """Show a verdict: on the question, or on a step, after which the next one is asked."""
        showing = self.showing
        showing.draft.attempt = None
        showing.message = ""
        showing.follow(self.sitting.session)
        await self.show(judged=not outcome.of_step)

    async def action_steps(self) -> None:
        await self._between(self.sitting.session.begin_steps)

    async def action_whole(self) -> None:
        await self._between(self.sitting.session.leave_steps)

    async def _between(self, move: Callable[[], object]) -> None:
        """From the whole to its steps, or back; what was typed for either stays."""
        showing = self.showing
        self.keep()
        self.of_session(move)
        showing.message = ""
        showing.follow(self.sitting.session)
        self.left_for = None
        self._used("")
        await self.show(judged=showing.phase == "grade")

    async def action_hint(self) -> None:
        showing = self.showing
        self.keep()
        hint = self.sitting.session.hint()
        if hint is None:
            showing.message = "There is no further hint. F3 shows the answer."
        else:
            showing.draft.hints.append(hint)
            showing.message = ""
        await self._say()

    async def action_tick(self, number: int) -> None:
        showing = self.showing
        showing.ticks ^= {number}
        ticked = self.of_session(lambda: self.sitting.session.tick(frozenset(showing.ticks)))
        showing.outcome = ticked or showing.outcome
        await self.show()

    async def action_ticked(self) -> None:
        if not self.painted:
            return
        showing = self.showing
        ticked = self.of_session(lambda: self.sitting.session.tick(frozenset(showing.ticks)))
        showing.outcome = ticked or showing.outcome
        showing.ticked = True
        self._used("enter")
        await self.show()

    async def action_untick(self) -> None:
        self.showing.ticked = False
        await self.show()

    # Grading.

    async def action_grade(self, value: int) -> None:
        key = str(value)
        if self.repeated(key):
            return
        if self.painted:
            await self._grade(Grade(value), key)
        elif self._early is None:
            self._early = value

    def _seen(self) -> None:
        super()._seen()
        early, self._early = self._early, None
        if early is not None and self.check_action("grade", (early,)):
            self.call_next(self.action_grade, early)

    async def action_accept(self) -> None:
        if self.painted and not self.repeated("enter"):
            await self._grade(self.showing.proposed, "enter")

    async def _grade(self, grade: Grade, key: str) -> None:
        try:
            self.sitting.session.grade(grade)
        except StudyError as error:
            tell(self.app, str(error), "error")
            return
        self._used(key)
        if self.sitting.session.notice:
            tell(self.app, self.sitting.session.notice, "warning")
        await self._go_on()

    async def _go_on(self) -> None:
        """The next question, or the summary."""
        self.left_for = None
        try:
            self.sitting.advance()
        except StudyError as error:
            tell(self.app, str(error), "error")
            self.dismiss()
            return
        if self.sitting.showing is None:
            self.studio.show_study(self.sitting)
        else:
            await self.show(fresh=True)

    async def action_undo(self) -> None:
        try:
            undone = self.sitting.undo()
        except StudyError as error:
            tell(self.app, str(error), "error")
            return
        if not undone:
            tell(self.app, NOTHING_TO_UNDO)
            return
        self.left_for = None
        await self.show(fresh=True)
        tell(self.app, TAKEN_BACK)

    async def action_bury(self) -> None:
        await self._put_away(suspend=False)

    async def action_suspend(self) -> None:
        await self._put_away(suspend=True)

    async def _put_away(self, *, suspend: bool) -> None:
        session = self.sitting.session
        try:
            if suspend:
                session.suspend()
            else:
                session.bury()
        except StudyError as error:
            tell(self.app, str(error), "error")
            return
        what = "Suspended" if suspend else "Buried until tomorrow"
        await self._go_on()
        tell(self.app, f"{what}. {self.key_anywhere(UNDO)} takes it back.")

    # Leaving.

    def action_leave(self) -> None:
        """Out of the field first, then back to the decks. What was typed stays."""
        showing = self.sitting.showing
        self.put_down()
        if self.typing and showing is not None:
            self.left_for = showing.question.card
            self.set_focus(None)
            self.keys_changed()
            return
        self.dismiss()

    async def action_edit(self) -> None:
        from studykit.tui.editing import edit

        showing = self.showing
        self.keep()
        try:
            place = self.studio.collection.place(showing.question.card)
        except StudyError as error:
            tell(self.app, str(error), "error")
            return
        edited = edit(self.studio, *place)
        if edited is None:
            return
        if edited.faults:
            from studykit.tui.screens.faults import FaultsScreen

            # The question stays on the table meanwhile: the deck may be whole again in a moment.
            page = FaultsScreen(edited.path.name, *edited)
            self.app.push_screen(page, self._edited_deck)
        else:
            await self._edited_deck()

    async def _edited_deck(self, _: None = None) -> None:
        """Ask the card again as its deck has it by now, or the next one if it is gone."""
        showing = self.showing
        try:
            self.sitting.session.refresh()
            present = self.sitting.advance()
        except StudyError as error:
            tell(self.app, str(error), "error")
            return
        if present is None:
            self.studio.show_study(self.sitting)
            return
        if present.question.card == showing.question.card:
            present.take_over(showing)
        await self.show(fresh=True)
