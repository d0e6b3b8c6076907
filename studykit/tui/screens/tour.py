"""The tour at the first start: three short screens, to be skipped at any moment.

It is shown once, over the decks, and again when it is asked for. The keys in its text are those in
force.
"""

from __future__ import annotations

from textual.app import ComposeResult

from studykit.tui.command import Command, bindings
from studykit.tui.commands import (
    BROWSING,
    HELP,
    HOME,
    MISTAKE_LOG,
    PALETTE,
    SETTINGS,
    STATISTICS,
    UNDO,
)
from studykit.tui.screens.base import Page
from studykit.tui.screens.help import GRADES
from studykit.tui.text import lines, word
from studykit.tui.widgets.bar import Bar
from studykit.tui.widgets.board import Board
from studykit.tui.widgets.keyline import KeyLine

TOUR = (
    Command("tour-next", "enter,space,right", "Next", footer="Next"),
    Command("tour-back", "left,backspace", "The screen before", footer="Before"),
    Command("tour-skip", "escape,q", "Skip the tour", footer="Skip", more="Help brings it back."),
    Command("tour-down", "down,j", "Scroll down", action="scroll('down')", group="scroll"),
    Command("tour-up", "up,k", "Scroll up", action="scroll('up')", group="scroll"),
)
STUDY, STUDY_ALL = HOME[0], HOME[1]


class TourScreen(Page[None]):
    """Goes through its screens, and remembers that it was seen."""

    does = TOUR
    BINDINGS = bindings(TOUR)

    def __init__(self) -> None:
        super().__init__()
        self.at = 0

    def compose(self) -> ComposeResult:
        yield Bar()
        yield Board()
        yield KeyLine()

    def on_resize(self) -> None:
        self._show()

    def _show(self) -> None:
        pages = self.pages()
        self.query_one(Bar).show(
            word("Welcome to studykit", "bold"), word(f"{self.at + 1} of {len(pages)}", "$quiet")
        )
        board = self.query_one(Board)
        board.show([*self.headroom(), *lines(pages[self.at], self.measure)])
        board.scroll_to(0, 0, animate=False)
        self.keys_changed()

    def pages(self) -> tuple[str, str, str]:
        """The three screens, in Markdown."""
        key = self.key_of
        grades = "\n".join(f"- **{name}**: {means}" for name, means in GRADES)
        return (
            "**You are asked just before you would forget.** Decks hold cards, and problems that "
            "are drawn anew each time. What is due comes first, then a few new cards a day.\n\n"
            f"`{key(STUDY)}` studies the deck you stand on, and `{key(STUDY_ALL)}` studies all "
            "that waits. The three numbers beside a deck are its new cards, those you are "
            "learning, and those due today.",
            "**You answer, and grade yourself.** Numbers, matrices and formulas are typed as you "
            "would write them; what cannot be read costs nothing. The answer is judged ✓ right, "
            "◐ partly or ✗ wrong, and a mistake is called by its name.\n\n"
            f"Then you say how well you knew it, and that sets the day it comes back:\n\n{grades}"
            "\n\nEnter accepts the grade that is proposed.",
            f"**Nothing can be broken.** Every grade is saved at once, and `{key(UNDO)}` takes the "
            "last one back, tomorrow as well.\n\n"
            f"- `{key(HELP)}` says what the keys of a screen do\n"
            f"- `{key(PALETTE)}` finds every command by name\n"
            f"- `{key(BROWSING)}` browses all cards and families of problems\n"
            f"- `{key(MISTAKE_LOG)}` keeps your mistakes, to practise exactly those\n"
            f"- `{key(STATISTICS)}` shows how you are going, and `{key(SETTINGS)}` the settings\n\n"
            "This tour is among the commands, should you want it again.",
        )

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "tour_back":
            return self.at > 0
        return super().check_action(action, parameters)

    def label_of(self, command: Command) -> str:
        last = command.id == "tour-next" and self.at == len(self.pages()) - 1
        return "To the decks" if last else command.footer

    def action_tour_next(self) -> None:
        if self.at == len(self.pages()) - 1:
            self.action_tour_skip()
        else:
            self.at += 1
            self._show()

    def action_tour_back(self) -> None:
        self.at -= 1
        self._show()

    def action_tour_skip(self) -> None:
        self.studio.collection.welcomed()
        self.dismiss()

    def action_scroll(self, where: str) -> None:
        self.query_one(Board).move(where)
