"""All cards and all families: look at one, set it aside, edit it, practise it.

What is done is the study floor's; the list and its filter are `filtered`'s.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

from studykit.study.errors import StudyError
from studykit.study.fields import query_help
from studykit.tui.command import Command, bindings
from studykit.tui.commands import BACK
from studykit.tui.screens.filtered import Filtered
from studykit.tui.screens.listing import MOVING
from studykit.tui.screens.searched import FILTER
from studykit.tui.text import tell

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
    FILTER,
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


class BrowseScreen(Filtered):
    """What can be done with the cards and families of the list."""

    does = BROWSE
    BINDINGS = bindings(BROWSE)
    about = query_help()

    # Which commands make sense.

    def label_of(self, command: Command) -> str:
        if command.id == "switch" and self.families:
            return "Cards"
        if command is OPEN and self.families:
            return "Practise"
        return super().label_of(command)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in ("open", "practise", "mark", "mark_all", "info", "edit"):
            return self.selected is not None and (not self.families or action == "open")
        if action == "undo":
            return self.decisions.any
        if action in ("suspend", "bury", "reset"):
            return not self.families and bool(self._chosen())
        if action == "practise_level":
            entry = self.selected
            return (
                self.families
                and entry is not None
                and self.catalogue is not None
                and parameters[0] in self.catalogue.levels[entry]
            )
        return super().check_action(action, parameters)

    def action_back(self) -> None:
        """Out of what was typed first, then off the marks, then back."""
        if self.marks and not self.typing:
            self.marks.clear()
            self._redraw()
        else:
            super().action_back()

    # Looking closer.

    def action_open(self) -> None:
        from studykit.tui.screens.reading import Reading

        entry, catalogue = self.selected, self.catalogue
        if entry is None or catalogue is None:
            return
        if not catalogue.is_card(entry):
            self.action_practise_level(self._level(entry))
            return
        self.app.push_screen(Reading("Card", lambda width: self._lines(catalogue, entry, width)))

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
        edited = edit(self.studio, *place)
        if edited is None:
            return
        self._read_decks()
        if edited.faults:
            from studykit.tui.screens.faults import FaultsScreen

            self.app.push_screen(FaultsScreen(edited.path.name, *edited), self._edited)

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
        tell(self.app, f"{says} {self.key_of(UNDO)} takes it back.")

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
