"""All cards and all families: filter them at every key, look at one, set it aside, practise it.

What is found, shown and done is the study floor's; this screen holds the filter, the selection and
the marks.
"""

from __future__ import annotations

import random
from collections.abc import Hashable, Iterator, Sequence
from typing import TYPE_CHECKING

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input

from studykit.study.errors import StudyError
from studykit.study.fields import query_help
from studykit.study.query import Node, Unread, read_query
from studykit.tui.commands import BACK, Command, bindings, key_name
from studykit.tui.screens.entry import (
    card_lines,
    card_row,
    family_lines,
    family_row,
    heads,
)
from studykit.tui.screens.listing import BESIDE, MOVING, Listing
from studykit.tui.text import EMPTY, counted, joined, tell, word, wrapped
from studykit.tui.verdict import caret
from studykit.tui.widgets.filter import Filter

if TYPE_CHECKING:
    from studykit.study.catalogue import Catalogue

INVITES = (
    "/ filters; ? shows how",
    "/ filters: words, deck:scaling, is:due, -word; ? shows all of it",
)

OPEN = Command("open", "enter", "Open", footer="Open", more="The card in full, with its answer.")
UNDO = Command("undo", "u,f8", "Undo", footer="Undo", more="Takes back what was changed here.")
LEVELS = tuple(
    Command(
        f"level-{level}",
        str(level),
        f"Practise level {level}",
        action=f"practise_level({level})",
        group="level",
        footer="Level" if level == 1 else "",
    )
    for level in (1, 2, 3)
)
BROWSE = (
    OPEN,
    Command(
        "practise",
        "p",
        "Practise this now",
        footer="Practise",
        more="A card once, a family as long as you like; the schedule stays as it is.",
    ),
    *LEVELS,
    Command(
        "filter",
        "slash",
        "Filter",
        footer="Filter",
        more="Words, or deck:scaling is:due mistake:no-scale; Enter or Esc ends typing.",
    ),
    Command("switch", "tab", "Cards or families", footer="Families", more="The other list."),
    Command(
        "suspend", "@,!", "Suspend", footer="Suspend", more="Never asked; again takes it back."
    ),
    Command("bury", "minus,equals_sign", "Bury until tomorrow", more="Again takes it back."),
    Command(
        "reset",
        "R",
        "Make new again",
        more="Its answers stay in the log, and the reset can be undone.",
    ),
    Command("edit", "e", "Edit this card", footer="Edit", more="In your editor, at its line."),
    Command("info", "i", "Why is this due?", more="When it was seen, and what memory predicts."),
    Command("mark", "space", "Mark", more="Suspend, bury and reset then act on all marked cards."),
    Command("mark-all", "asterisk", "Mark all that are shown", more="Or none of them."),
    UNDO,
    *MOVING,
    BACK,
)
TYPING = ("enter", "escape", "tab", "f1", "f8")
"""Keys that reach a command while the filter is typed."""


class BrowseScreen(Listing[None]):
    """The list with its filter above, and the selected entry beside or below."""

    does = BROWSE
    BINDINGS = bindings(BROWSE)
    DEFAULT_CSS = """
    BrowseScreen Filter { margin: 0 1; }
    """
    about = query_help()

    def __init__(self, text: str = "") -> None:
        super().__init__()
        self.query_text = text
        self.catalogue: Catalogue | None = None
        self.found: Sequence[int] = ()
        """The cards and families that the filter leaves."""
        self.families = False
        """Whether the families are shown."""
        self.marks: set[str] = set()
        self._node: Node | Unread = read_query(text)
        self._filling: Iterator[None] | None = None
        self._at = {False: "", True: ""}
        """The selected entry of either list."""

    def above(self) -> list[Widget]:
        from studykit.study.decisions import Decisions

        self.decisions = Decisions(self.studio.collection)
        self.line = Filter()
        return [self.line]

    def on_mount(self) -> None:
        self.line.value = self.query_text
        self._read_decks()

    def on_screen_resume(self) -> None:
        """Something may have been practised or edited meanwhile."""
        if self.catalogue is not None and self._filling is None:
            self.catalogue.note(())
            self._filter()

    def on_resize(self) -> None:
        self.line.placeholder = INVITES[self.app.size.width >= BESIDE // 2]
        super().on_resize()

    # Reading the decks.

    def _read_decks(self) -> None:
        """Take in all cards; a large collection comes in parts, between which keys are heard."""
        from studykit.study.catalogue import Catalogue

        self.catalogue = Catalogue(self.studio.collection)
        self._filling = self.catalogue.fill()
        self._read_on()

    def _read_on(self) -> None:
        if self._filling is None:
            return
        if next(self._filling, self) is self:
            self._filling = None
        else:
            self.call_after_refresh(self._read_on)
        self._filter()

    # Filtering.

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        if event.value != self.query_text:
            self.query_text = event.value
            self._node = read_query(event.value)
            self.marks.clear()
            self._filter()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.set_focus(None)
        self.keys_changed()

    def _filter(self) -> None:
        """Find again; while the query cannot be read the last list stays."""
        catalogue = self.catalogue
        if catalogue is None or isinstance(self._node, Unread):
            self._explain()
            return
        found = catalogue.find(self._node)
        self.found = found
        shown = self.shown
        name = self._at[self.families]
        at = next((row for row, one in enumerate(shown) if catalogue.ids[one] == name), 0)
        self._explain()
        self.fill(len(shown), at if name else 0)

    @property
    def shown(self) -> Sequence[int]:
        """The entries of the list that is shown: cards come before families in the catalogue."""
        return self._halves()[self.families]

    def _halves(self) -> tuple[Sequence[int], Sequence[int]]:
        from bisect import bisect_left

        if self.catalogue is None:
            return (), ()
        split = bisect_left(self.found, self.catalogue.cards)
        return self.found[:split], self.found[split:]

    def _explain(self) -> None:
        """Why the filter cannot be read or finds nothing, under the filter."""
        rows: list[Content] = []
        width = max(10, self.app.size.width - 4)
        if isinstance(self._node, Unread):
            rows = [
                caret(self.query_text, self._node.position, width)[1],
                *wrapped(self._node.cause, width),
            ]
        elif self.catalogue is not None and self._filling is None and not self.shown:
            rows = wrapped(self._nothing(self.catalogue, self._node), width)
        self.say(rows)
        self._head()

    def _nothing(self, catalogue: Catalogue, node: Node) -> str:
        cards, families = self._halves()
        if cards:
            return f"No family fits; {counted(len(cards), 'card')} do. Tab shows them."
        if families:
            return (
                f"No card fits; {counted(len(families), 'family', 'families')} do. Tab shows them."
            )
        if not len(catalogue):
            place = self.studio.collection.home.decks
            return f"There are no cards yet. Put YAML decks into {place}."
        return catalogue.nothing(node)

    # What stands on the screen.

    def _head(self) -> None:
        cards, families = self._halves()
        tabs = [("Cards", len(cards), False), ("Families", len(families), True)]
        parts: list[Content | tuple[str, str]] = [("Browse", "bold")]
        for name, count, which in tabs:
            chosen = which == self.families
            mark = "▸" if chosen else " "
            parts.append((f"  {mark}{name} {count}", "bold" if chosen else "$quiet"))
        right = f"{len(self.marks)} marked" if self.marks else ""
        self.bar.show(joined(*parts), word(right, "$quiet"))
        self.keys_changed()

    def head(self, width: int) -> Content:
        return heads(width, cards=not self.families)

    def row(self, row: int, width: int) -> Content:
        catalogue = self.catalogue
        if catalogue is None or row >= len(self.shown):
            return EMPTY
        entry = self.shown[row]
        if self.families:
            return family_row(catalogue, entry, width)
        return card_row(catalogue, entry, width, marked=catalogue.ids[entry] in self.marks)

    @property
    def selected(self) -> int | None:
        """The selected entry."""
        shown = self.shown
        return shown[self.at] if self.at < len(shown) else None

    def look(self) -> None:
        entry = self.selected
        if self.catalogue is not None and entry is not None:
            self._at[self.families] = self.catalogue.ids[entry]
        super().look()

    def state(self, row: int) -> Hashable:
        entry, catalogue = self.shown[row], self.catalogue
        return catalogue and (catalogue.ids[entry], catalogue.standing(entry))

    def full(self, row: int, width: int) -> list[Content]:
        return self._lines(self.catalogue, self.shown[row], width) if self.catalogue else []

    def _lines(self, catalogue: Catalogue, entry: int, width: int) -> list[Content]:
        if catalogue.is_card(entry):
            return card_lines(self.studio.collection, catalogue, entry, width)
        return family_lines(catalogue, entry, self._level(entry), width)

    def _level(self, entry: int) -> int:
        """The level at which a family is shown: its first."""
        return self.catalogue.levels[entry][0] if self.catalogue else 1

    # Which commands make sense.

    @property
    def typing(self) -> bool:
        return self.focused is self.line

    def key_of(self, command: Command) -> str:
        """While the filter is typed, letters belong to it."""
        if not self.typing:
            return super().key_of(command)
        keys = self.keymap.get(command.id, command.keys).split(",")
        return next((key_name(key) for key in keys if key in TYPING), "")

    def label_of(self, command: Command) -> str:
        if command.id == "switch" and self.families:
            return "Cards"
        if command.id == "back" and self.typing:
            return "To the list"
        if command is OPEN and self.families:
            return "Practise"
        return command.footer

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in ("open", "practise", "mark", "mark_all", "info", "edit"):
            if self.typing or self.selected is None:
                return False
            return not self.families or action == "open"
        if action == "undo":
            return self.decisions.any
        if action in ("suspend", "bury", "reset"):
            return not self.families and bool(self._chosen())
        if action == "practise_level":
            entry = self.selected
            return (
                self.families
                and not self.typing
                and entry is not None
                and self.catalogue is not None
                and parameters[0] in self.catalogue.levels[entry]
            )
        return super().check_action(action, parameters)

    # The filter.

    def action_filter(self) -> None:
        # At once: a letter typed on its heels is no command.
        self.set_focus(self.line)
        self.line.cursor_position = len(self.line.value)
        self.keys_changed()

    def on_descendant_focus(self) -> None:
        self.keys_changed()

    def on_descendant_blur(self) -> None:
        self.keys_changed()

    def action_switch(self) -> None:
        self.families = not self.families
        self._filter()

    def action_back(self) -> None:
        """Out of the filter first, then off the marks, then back."""
        if self.typing:
            self.set_focus(None)
            self.keys_changed()
        elif self.marks:
            self.marks.clear()
            self._redraw()
        else:
            self.dismiss()

    # Looking closer.

    def action_open(self) -> None:
        from studykit.tui.screens.reading import Reading

        entry, catalogue = self.selected, self.catalogue
        if entry is None or catalogue is None:
            return
        if not catalogue.is_card(entry):
            self.action_practise_level(self._level(entry))
            return
        self.app.push_screen(
            Reading(catalogue.ids[entry], lambda width: self._lines(catalogue, entry, width))
        )

    def action_info(self) -> None:
        from studykit.tui.screens.reading import Reading
        from studykit.tui.text import lines

        entry, catalogue = self.selected, self.catalogue
        if entry is not None and catalogue is not None:
            why = self.studio.collection.info(catalogue.ids[entry])
            self.app.push_screen(Reading("Why is this due?", lambda width: lines(why, width)))

    def action_edit(self) -> None:
        from studykit.tui.editing import edit

        entry, catalogue = self.selected, self.catalogue
        if entry is None or catalogue is None:
            return
        try:
            place = self.studio.collection.place(catalogue.ids[entry])
        except StudyError as error:
            tell(self.app, str(error), "error")
            return
        faults = edit(self.studio, *place)
        if faults is None:
            return
        self._read_decks()
        if faults:
            from studykit.tui.screens.faults import FaultsScreen

            self.app.push_screen(FaultsScreen(place[0].name, place[0], faults), self._edited)

    def _edited(self, _: None = None) -> None:
        self._read_decks()

    def action_practise(self) -> None:
        from studykit.study.practice import Cards

        entry, catalogue = self.selected, self.catalogue
        if entry is not None and catalogue is not None:
            self.studio.practise(Cards([catalogue.ids[entry]]))

    def action_practise_level(self, level: int) -> None:
        from studykit.study.practice import SEEDS, Drill

        entry, catalogue = self.selected, self.catalogue
        if entry is not None and catalogue is not None:
            seed = random.randrange(SEEDS)  # noqa: S311
            self.studio.practise(Drill(catalogue.ids[entry], level, seed=seed))

    # Setting aside.

    def _chosen(self) -> tuple[str, ...]:
        """The marked cards, or the selected one."""
        catalogue, entry = self.catalogue, self.selected
        if catalogue is None:
            return ()
        if self.marks:
            return tuple(
                catalogue.ids[one] for one in self.shown if catalogue.ids[one] in self.marks
            )
        if entry is None or not catalogue.is_card(entry):
            return ()
        return (catalogue.ids[entry],)

    def action_mark(self) -> None:
        if self.catalogue is not None and self.selected is not None:
            self.marks ^= {self.catalogue.ids[self.selected]}
            self._redraw()
            self.action_move("down")

    def action_mark_all(self) -> None:
        if self.catalogue is not None:
            every = {self.catalogue.ids[entry] for entry in self.shown}
            self.marks = set() if self.marks == every else every
            self._redraw()

    def action_suspend(self) -> None:
        self._decide("suspend")

    def action_bury(self) -> None:
        self._decide("bury")

    def action_reset(self) -> None:
        self._decide("reset")

    def _decide(self, what: str) -> None:
        cards = self._chosen()
        try:
            says = getattr(self.decisions, what)(cards)
        except StudyError as error:
            tell(self.app, str(error), "error")
            return
        self._changed(cards)
        tell(self.app, f"{says} {UNDO.shown(self.keymap)[0]} takes it back.")

    def action_undo(self) -> None:
        try:
            says, cards = self.decisions.undo()
        except StudyError as error:
            tell(self.app, str(error), "warning")
            return
        self._changed(cards)
        tell(self.app, says)

    def _changed(self, cards: Sequence[str]) -> None:
        """These cards stand otherwise: in the list, and in a session that was left."""
        if self.catalogue is not None:
            self.catalogue.note(cards)
        sitting = self.studio.sitting
        if sitting is not None and sitting.showing and sitting.showing.question.card in cards:
            self.studio.sitting = None
        self._redraw()

    def _redraw(self) -> None:
        self._head()
        self.fill(len(self.shown), self.at)
