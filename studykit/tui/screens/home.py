"""The decks with what is waiting in each, today's progress, and one key to study what is due."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from studykit.tui.commands import HOME, bindings
from studykit.tui.screens.base import Page
from studykit.tui.text import EMPTY, MEASURE, counted, fitted, joined, stacked, tell, word
from studykit.tui.widgets.bar import Bar
from studykit.tui.widgets.buttons import Button, Buttons
from studykit.tui.widgets.keyline import KeyLine
from studykit.tui.widgets.paper import Paper

if TYPE_CHECKING:
    from studykit.study.collection import DeckCounts, Today

COUNTS = (("new", "$new", 6), ("learning", "$learning", 10), ("due", "$due", 6))
"""Each count with its colour and the cells of its column."""
NARROW = 55
"""Columns below which the counts stand closer."""


class HomeScreen(Page[None]):
    """The first screen, below all others."""

    does = HOME
    BINDINGS = bindings(HOME)

    def __init__(self) -> None:
        super().__init__()
        self.decks: tuple[DeckCounts, ...] = ()
        self.done: Today | None = None
        self.asked_about_edits = False

    def compose(self) -> ComposeResult:
        yield Bar()
        yield Paper(id="today")
        yield Paper(id="heads")
        rows = OptionList(id="decks", markup=False)
        rows.can_focus = False
        yield rows
        yield Buttons()
        yield KeyLine()

    def on_screen_resume(self) -> None:
        self.read_again()

    def on_resize(self) -> None:
        self.show_rows()

    def read_again(self) -> None:
        """Ask the collection for the counts of this moment and show them."""
        self.decks = self.studio.collection.decks()
        self.done = self.studio.collection.today()
        self.show_rows()
        if not self.asked_about_edits:
            self.asked_about_edits = True
            self.call_after_refresh(self.ask_about_edits)

    def ask_about_edits(self) -> None:
        """Edited cards without id: asked when the app opens, and on a key after `later`."""
        if self.studio.screen is self and self.studio.collection.questions():
            self.action_edited()

    # What stands on the screen.

    @property
    def rows(self) -> OptionList:
        return self.query_one("#decks", OptionList)

    @property
    def selected(self) -> DeckCounts | None:
        at = self.rows.highlighted
        return self.decks[at] if at is not None and at < len(self.decks) else None

    def show_rows(self) -> None:
        """Lay the table out for this width; the selected deck stays selected."""
        width = self.table_width
        at = self.rows.highlighted
        self.query_one(Bar).show(word("studykit", "bold"), streak(self.done))
        self.query_one("#today", Paper).show(self.indented(today(self.done)))
        self.query_one("#heads", Paper).show(
            self.indented(heads(width)) if self.decks else stacked(self.nothing())
        )
        self.rows.clear_options()
        self.rows.add_options([Option(self.indented(row(one, width))) for one in self.decks])
        if self.decks:
            wanted = first_waiting(self.decks) if at is None else at
            self.rows.highlighted = min(wanted, len(self.decks) - 1)
        self.query_one(Buttons).show(self.buttons())
        self.keys_changed()

    @property
    def table_width(self) -> int:
        width = self.app.size.width
        return max(20, min(MEASURE, width - (3 if width < 60 else 5)))

    def indented(self, content: Content) -> Content:
        """Moved right so that the table stands in the middle of a wide terminal."""
        return content.pad_left(max(0, self.app.size.width - self.table_width - 4) // 2)

    def nothing(self) -> list[Content]:
        place = self.studio.collection.home.decks
        return [EMPTY, word("There are no decks yet."), word(f"Put YAML decks into {place}.")]

    def buttons(self) -> tuple[Button, ...]:
        if not self.decks:
            return ()
        selected = self.selected
        first = "See what is wrong" if selected and selected.broken else "Study this deck"
        served = [one for one in self.decks if not one.broken]
        due = sum(one.due + one.learning for one in served)
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
            return bool(self.studio.collection.questions())
        return super().check_action(action, parameters)

    def action_move(self, where: str) -> None:
        rows = self.rows
        {
            "down": rows.action_cursor_down,
            "up": rows.action_cursor_up,
            "first": rows.action_first,
            "last": rows.action_last,
        }[where]()

    @on(OptionList.OptionHighlighted)
    def chosen(self) -> None:
        """The first button says what Enter does to this row."""
        self.query_one(Buttons).show(self.buttons())

    @on(OptionList.OptionSelected)
    def clicked(self) -> None:
        self.action_study()

    def action_study(self) -> None:
        selected = self.selected
        if selected is None:
            return
        if selected.broken:
            self.show_faults(selected)
        else:
            self.studio.begin((selected.id,))

    def action_study_all(self) -> None:
        self.studio.begin(())

    def show_faults(self, deck: DeckCounts) -> None:
        from studykit.tui.screens.faults import faults_screen

        faults = [one for one in self.studio.collection.faults if one.file == str(deck.path)]
        self.app.push_screen(faults_screen(deck.title, faults))

    def action_edited(self) -> None:
        from studykit.tui.screens.identity import IdentityScreen

        self.app.push_screen(IdentityScreen(self.studio.collection.questions()))

    def action_undo(self) -> None:
        from studykit.study.errors import StudyError
        from studykit.tui.showing import Sitting

        try:
            sitting = self.studio.sitting or Sitting(self.studio.collection.session())
            if sitting.undo():
                self.studio.show_study(sitting)
                tell(self.app, "Taken back: grade it again.")
            else:
                tell(self.app, "There is nothing to undo.")
        except StudyError as error:
            tell(self.app, str(error), "error")


def first_waiting(decks: tuple[DeckCounts, ...]) -> int:
    """The row to stand on at first: a deck with cards due, else with new ones, else the top."""
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
    """One deck: its title and three counts; a broken one says so."""
    names = columns(width)
    room = width - sum(cell for _, _, cell in names)
    if deck.broken:
        title = fitted(word(f"✗ {deck.title}"), room)
        return joined(title, "not served".rjust(width - room)).stylize("$wrong")
    counts = (deck.new, deck.learning, deck.due)
    return joined(
        fitted(word(deck.title), room - 1),
        " ",
        *(
            (str(count).rjust(cell), colour) if count else ("·".rjust(cell), "$quiet")
            for count, (_, colour, cell) in zip(counts, names, strict=True)
        ),
    )


def streak(done: Today | None) -> Content:
    """Study days in a row, from the second on."""
    if done is None or done.streak < 2:
        return EMPTY
    return word(f"{done.streak} days in a row", "$quiet")


def today(done: Today | None) -> Content:
    """What was done today, in one line."""
    if done is None or not done.reviews:
        return word("Nothing studied yet today.", "$quiet")
    from studykit.tui.screens.summary import minutes

    parts = [counted(done.reviews, "review"), minutes(done.seconds)]
    if done.judged:
        parts.append(f"{done.right} of {done.judged} typed answers right")
    return joined(("Today  ", "$quiet"), " · ".join(parts))
