"""The decks with what is waiting in each, today's progress, and one key to study what is due."""

from __future__ import annotations

from shutil import get_terminal_size
from typing import TYPE_CHECKING, cast

from textual.app import ComposeResult
from textual.content import Content

from studykit.study.errors import StudyError
from studykit.study.words import NOTHING_TO_UNDO, TAKEN_BACK
from studykit.tui.command import bindings
from studykit.tui.commands import HOME
from studykit.tui.screens.base import Page
from studykit.tui.text import (
    EMPTY,
    acting,
    counted,
    duration,
    fitted,
    joined,
    margin,
    measure,
    tell,
    word,
)
from studykit.tui.widgets.bar import Bar
from studykit.tui.widgets.board import Board, Pane
from studykit.tui.widgets.buttons import Button, Buttons
from studykit.tui.widgets.keyline import KeyLine

if TYPE_CHECKING:
    from studykit.study.counts import DeckCounts, Today
    from studykit.study.outlook import Outlook
    from studykit.study.shelf import IdentityQuestion

COUNTS = (("new", "$new", 6), ("learning", "$learning", 10), ("due", "$due", 6))
"""Each count with its colour and the cells of its column."""
CURSOR = "bold $block-cursor-foreground on $block-cursor-background"
NARROW = 50
"""Columns below which the counts stand closer."""
SIDE = 60
"""Columns of the panels beside the decks."""
BESIDE = 124
"""Columns from which there are panels beside the decks."""
OFF = "  off"
"""Beside the name of a deck that is left out of "everything"."""
AROUND = 8
"""Rows above and below the decks, without the week in one line."""
WEEK_ROWS = 8
"""Rows of the week in a panel."""


class Decks(Board):
    """A board that leaves the panels their room."""

    @property
    def indentation(self) -> int:
        screen = cast("HomeScreen", self.screen)
        return margin(screen.room) if screen.beside else super().indentation


class HomeScreen(Page[None]):
    """The first screen, below all others."""

    does = HOME
    BINDINGS = bindings(HOME)

    def __init__(self) -> None:
        super().__init__()
        if get_terminal_size().columns >= BESIDE:
            self.add_class("-beside")
        self.decks: tuple[DeckCounts, ...] = ()
        self.done: Today | None = None
        self.at = 0
        """The row that is selected."""
        self.edits: tuple[IdentityQuestion, ...] = ()
        self.asked_about_edits = False
        self.outlook: Outlook | None = None
        """What stands beside the decks, once it is known."""
        self._drawn: tuple[object, ...] = ()
        self._below: list[Content] = []

    def compose(self) -> ComposeResult:
        yield Bar()
        yield Decks(id="top")
        yield Decks(id="decks")
        yield Buttons()
        yield KeyLine()

    def on_screen_resume(self) -> None:
        self.read_again()

    def on_resize(self) -> None:
        self.set_class(self.beside, "-beside")
        self.show_rows()

    def read_again(self) -> None:
        """Ask the collection for the counts of this moment and show them."""
        self.decks = self.studio.collection.decks()
        self.done = self.studio.collection.today()
        if not self.asked_about_edits:
            self.at = self.first_row()
        self.at = max(0, min(self.at, len(self.decks) - 1))
        self._drawn = ()
        self.show_rows()
        self.call_after_refresh(self.look_for_edits)

    def first_row(self) -> int:
        """The row to stand on at first: a deck asked for at the door, or one that waits."""
        start = self.studio.start
        asked = self.studio.collection.asked_for(start) if start.study else ()
        named = (number for number, one in enumerate(self.decks) if one.id in asked)
        return next(named, first_waiting(self.decks))

    def look_for_edits(self) -> None:
        """Edited cards without id: asked about when the app opens, and on a key after `later`."""
        self.edits = self.studio.collection.questions()
        self.keys_changed()
        first, self.asked_about_edits = not self.asked_about_edits, True
        if first and self.edits and self.studio.screen is self:
            self.action_edited()
        self.run_worker(self.look_ahead, thread=True, exclusive=True)

    def look_ahead(self) -> None:
        """In a thread: ask for what stands beside the decks."""
        try:
            outlook = self.studio.collection.outlook()
        except StudyError:
            return  # the decks are read from the same file, and say what is wrong with it
        self.call_later(self.take_outlook, outlook)

    def take_outlook(self, outlook: Outlook) -> None:
        if outlook != self.outlook and self.is_attached:
            self.outlook = outlook
            self._drawn = ()
            self.show_rows()

    # What stands on the screen.

    @property
    def selected(self) -> DeckCounts | None:
        return self.decks[self.at] if self.at < len(self.decks) else None

    def show_rows(self) -> None:
        """Lay the table out for this width."""
        state = (self.app.size, self.decks, self.done)
        if self.done is None or state == self._drawn:
            return
        self._drawn = state
        width = self.table_width
        self.query_one(Bar).show(word("studykit", "bold"), news(self.done, self.outlook))
        top = [today(self.done, width), EMPTY, heads(width)] if self.decks else self.nothing()
        self.set_class(self.week_in_panel and not self.beside, "-below")
        if self.decks and not self.short and not self.week_in_panel:
            top.insert(1, self.week())
        self.query_one("#top", Board).show([*self.headroom(), *(one.pad_left(2) for one in top)])
        self._below = self.below()
        self.show_selected()
        self.show_panels()
        self.keys_changed()

    @property
    def rows_below(self) -> int:
        """Rows under the decks, apart from an empty one at either end of what stands there."""
        return self.app.size.height - AROUND - len(self.decks) - 2

    @property
    def week_in_panel(self) -> bool:
        """Whether the week has a panel of its own, so that it need not stand above the decks."""
        return self.beside or self.rows_below >= WEEK_ROWS

    def week(self) -> Content:
        """The week ahead in one line, once it is known."""
        if self.outlook is None:
            return EMPTY
        from studykit.tui.panels import week_line

        return week_line(self.outlook, self.table_width)

    def show_panels(self) -> None:
        """The panels beside the decks, or none where there is no room for them."""
        side = self.query("#side")
        if not self.beside or not self.decks or self.outlook is None:
            side.remove()
            return
        from studykit.tui.panels import stacked

        height = self.app.size.height
        pane = side.first(Pane) if side else Pane(id="side")
        pane.styles.offset = (margin(self.room) + measure(self.room) + 2, 1)
        pane.styles.height = height - 2
        rows = [EMPTY, *stacked(self.outlook, SIDE - 4, height - 5)]
        if side:
            pane.show(rows)
        else:
            self.mount(pane)
            self.call_after_refresh(pane.show, rows)

    def below(self) -> list[Content]:
        """The panels under the decks, where a tall terminal has room for them."""
        if self.outlook is None or self.beside:
            return []
        from studykit.tui.panels import stacked

        # The week in one line takes a row above.
        free = self.rows_below - (not self.week_in_panel)
        width = min(SIDE - 4, self.table_width)
        found = stacked(self.outlook, width, free, with_week=self.week_in_panel)
        return [EMPTY, *(line.pad_left(2) for line in found)] if found else []

    def show_selected(self) -> None:
        """Draw the rows with the selected one marked, and bring it into sight."""
        width = self.table_width
        rows = []
        for number, one in enumerate(self.decks):
            line = acting(row(one, width), f"choose({number})")
            if number == self.at:
                rows.append(joined(("▸ ", "bold"), line).stylize_before(CURSOR))
            else:
                rows.append(line.pad_left(2))
        board = self.query_one("#decks", Board)
        board.show([*rows, *self._below])
        board.keep(self.at)
        self.query_one(Buttons).show(self.buttons())

    @property
    def beside(self) -> bool:
        """Whether there is room for panels beside the decks."""
        return self.app.size.width >= BESIDE

    @property
    def room(self) -> int:
        """Columns for the table with its margins."""
        return self.app.size.width - (SIDE if self.beside else 0)

    @property
    def table_width(self) -> int:
        return measure(self.room) - 2

    def nothing(self) -> list[Content]:
        place = self.studio.collection.home.decks
        return [EMPTY, word("There are no decks yet."), word(f"Put YAML decks into {place}.")]

    def buttons(self) -> tuple[Button, ...]:
        if not self.decks:
            return ()
        selected = self.selected
        first = "See what is wrong" if selected and selected.broken else "Study this deck"
        served = [one for one in self.decks if not one.off]
        due = sum(one.due + one.learning for one in self.decks)
        new = min(self.done.new_left, sum(one.new for one in served)) if self.done else 0
        waiting = [f"{due} due"] * bool(due) + [f"{new} new"] * bool(new)
        return (
            Button("Enter", first, "study", marked=True),
            Button("a", "Study everything", "study_all", ", ".join(waiting)),
        )

    # Commands.

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in ("study", "study_all", "move"):
            return bool(self.decks)
        if action == "edited":
            return bool(self.edits)
        return super().check_action(action, parameters)

    def action_move(self, where: str) -> None:
        last = len(self.decks) - 1
        to = {"down": self.at + 1, "up": self.at - 1, "first": 0, "last": last}[where]
        self.at = max(0, min(last, to))
        self.show_selected()

    def action_choose(self, number: int) -> None:
        """A click on a deck."""
        self.at = number
        self.show_selected()
        self.action_study()

    def action_study(self) -> None:
        selected = self.selected
        if selected is None:
            return
        self.studio.begin((selected.id,))

    def action_study_all(self) -> None:
        self.studio.begin(())

    def action_edited(self) -> None:
        from studykit.tui.screens.identity import IdentityScreen

        self.app.push_screen(IdentityScreen(self.edits))

    def action_undo(self) -> None:
        from studykit.tui.showing import Sitting

        try:
            sitting = self.studio.sitting or Sitting(self.studio.collection.session())
            if sitting.undo():
                self.studio.show_study(sitting)
                tell(self.app, TAKEN_BACK)
            else:
                tell(self.app, NOTHING_TO_UNDO)
        except StudyError as error:
            tell(self.app, str(error), "error")


def first_waiting(decks: tuple[DeckCounts, ...]) -> int:
    """The row of a deck with cards due, else with new ones, else the top."""
    for wanted in ("due", "learning", "new"):
        for number, one in enumerate(decks):
            if not one.broken and getattr(one, wanted):
                return number
    return 0


def columns(width: int) -> list[tuple[str, str, int]]:
    """Name, colour and cells of each count."""
    if width >= NARROW:
        return list(COUNTS)
    return [("lrn" if name == "learning" else name, colour, 5) for name, colour, _ in COUNTS]


def heads(width: int) -> Content:
    """The names of the columns, in the colours of the counts."""
    names = columns(width)
    room = width - sum(cell for _, _, cell in names)
    return joined(
        fitted(word("Decks", "$quiet"), room),
        *((name.rjust(cell), colour) for name, colour, cell in names),
    )


def row(deck: DeckCounts, width: int) -> Content:
    """One deck: its title and three counts. A broken one says so, with what of it can be asked."""
    names = columns(width)
    room = width - sum(cell for _, _, cell in names)
    if deck.broken and not deck.total:
        title = fitted(word(f"✗ {deck.title}"), room)
        return joined(title, "to mend".rjust(width - room)).stylize("$wrong")
    counts = (deck.new, deck.learning, deck.due)
    title = word(deck.title)
    if deck.off:
        title = joined(title.truncate(room - 1 - len(OFF), ellipsis=True), OFF).stylize("$quiet")
    if deck.broken:
        title = joined(("✗ ", "$wrong"), title, ("  to mend", "$wrong"))
    return joined(
        fitted(title, room - 1),
        " ",
        *(
            (str(count).rjust(cell), colour) if count else ("·".rjust(cell), "$quiet")
            for count, (_, colour, cell) in zip(counts, names, strict=True)
        ),
    )


def news(done: Today, outlook: Outlook | None) -> Content:
    """Days until the interview, and study days in a row from the second on."""
    parts = [f"{done.streak} days in a row"] if done.streak > 1 else []
    if outlook is not None and outlook.interview is not None:
        from studykit.tui.panels import countdown

        parts = [countdown(outlook), *parts]
    return word(" · ".join(part for part in parts if part), "$quiet")


def today(done: Today | None, width: int) -> Content:
    """What was done today, in one line."""
    if done is None or not done.reviews:
        return word("Nothing studied yet today.", "$quiet")
    lead = "Today  " if width >= NARROW else ""
    right = f"{done.right} of {done.judged}"
    for judged in (f"{right} checked answers right", f"{right} right", ""):
        parts = [counted(done.reviews, "review"), duration(done.seconds)]
        parts += [judged] if done.judged and judged else []
        line = joined((lead, "$quiet"), " · ".join(parts))
        if line.cell_length <= width:
            break
    return line
