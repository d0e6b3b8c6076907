"""The end of a session: what it came to, and one more chance to take the last grade back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.content import Content

from studykit.study.errors import StudyError
from studykit.study.words import TAKEN_BACK
from studykit.tui.command import bindings
from studykit.tui.commands import SUMMARY
from studykit.tui.screens.base import Page
from studykit.tui.screens.home import news, today
from studykit.tui.text import EMPTY, counted, duration, hanging, joined, lines, tell, word
from studykit.tui.widgets.bar import Bar
from studykit.tui.widgets.board import Board
from studykit.tui.widgets.keyline import KeyLine

if TYPE_CHECKING:
    from studykit.study.outlook import Outlook
    from studykit.study.question import Summary
    from studykit.tui.showing import Sitting


class SummaryScreen(Page[None]):
    """Shown when nothing is left to ask."""

    does = SUMMARY
    BINDINGS = bindings(SUMMARY)

    def __init__(self, sitting: Sitting) -> None:
        super().__init__()
        self.sitting = sitting
        self.summary = sitting.session.summary()
        self.nothing = "" if self.summary.reviews else sitting.session.nothing()
        self.outlook: Outlook | None = None
        """The week ahead, once it is known."""

    def compose(self) -> ComposeResult:
        yield Bar()
        yield Board()
        yield KeyLine()

    def on_mount(self) -> None:
        self.done = self.studio.collection.today()
        self.show()
        self.run_worker(self.look_ahead, thread=True)

    def look_ahead(self) -> None:
        """In a thread: ask for the week ahead, with what was just graded."""
        try:
            outlook = self.studio.collection.outlook()
        except StudyError:
            return  # the summary stands without it
        self.call_later(self.take_outlook, outlook)

    def take_outlook(self, outlook: Outlook) -> None:
        self.outlook = outlook
        if self.is_attached:
            self.show()

    def on_resize(self) -> None:
        self.show()

    def show(self) -> None:
        """Lay the summary out for this size."""
        title = "Done" if self.summary.reviews else "Nothing to ask"
        self.query_one(Bar).show(word(title, "bold"), news(self.done, self.outlook))
        found = written(self.summary, self.nothing, self.measure)
        if self.done.reviews > self.summary.reviews:
            found += [EMPTY, today(self.done, self.measure)]
        if self.outlook is not None:
            from studykit.tui.panels import week_line

            found += [EMPTY, week_line(self.outlook, self.measure)]
        self.query_one(Board).show([*self.headroom(), *found])

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "cram":
            return not self.summary.reviews
        return super().check_action(action, parameters)

    def action_scroll(self, where: str) -> None:
        self.query_one(Board).move(where)

    def action_done(self) -> None:
        self.dismiss()

    def action_undo(self) -> None:
        if self.sitting.undo():
            self.studio.show_study(self.sitting)
            tell(self.app, TAKEN_BACK)

    def action_cram(self) -> None:
        self.studio.begin(self.sitting.decks, cram=True, replace=True)


def written(summary: Summary, nothing: str, width: int) -> list[Content]:
    """The summary in lines; `nothing` says why there was nothing to ask."""
    if not summary.reviews:
        return [
            *lines(nothing, width),
            EMPTY,
            word(f"{counted(summary.due_tomorrow, 'card')} due by tomorrow.", "$quiet"),
        ]
    found = [
        joined((counted(summary.reviews, "review"), "bold"), f" in {duration(summary.seconds)}"),
        EMPTY,
        *grades(summary.by_grade, width),
    ]
    if summary.new:
        found += [EMPTY, word(f"{counted(summary.new, 'new card')} begun.")]
    if summary.judged:
        found += [EMPTY, word(f"{summary.right} of {summary.judged} checked answers right.")]
    if summary.mistakes:
        found += [EMPTY, word("What went wrong", "bold")]
        for sentence, count in summary.mistakes:
            found += hanging(word(f"{count} × ", "$wrong"), lines(sentence, width - 5), 5)
    found += [EMPTY, word(f"{counted(summary.due_tomorrow, 'card')} due by tomorrow.", "$quiet")]
    return found


def grades(by_grade: tuple[int, int, int, int], width: int) -> list[Content]:
    """A bar for each grade, its length the share of that grade."""
    names = ("Again", "Hard", "Good", "Easy")
    colours = ("$wrong", "$partly", "$right", "$new")
    most = max(by_grade) or 1
    room = max(4, min(40, width - 12))
    found = []
    for name, count, colour in zip(names, by_grade, colours, strict=True):
        length = round(room * count / most)
        bar = "━" * (max(1, length) if count else 0)
        found.append(joined((f"{name:<6}{count:>4}  ", ""), (bar, colour)))
    return found
