"""A list of all cards and families with a filter above: what Browse shows, without what it does.

While the filter cannot be read the last list stays, and the place and the cause are told under it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Hashable, Iterator, Sequence
from typing import TYPE_CHECKING

from textual.content import Content
from textual.widget import Widget

from studykit.study.query import Node, Unread, read_query
from studykit.tui.screens.entry import card_lines, card_row, family_lines, family_row, heads
from studykit.tui.screens.searched import Searched
from studykit.tui.text import EMPTY, counted, joined, word, wrapped
from studykit.tui.verdict import caret

if TYPE_CHECKING:
    from studykit.study.catalogue import Catalogue


class Filtered(Searched[None]):
    """Holds the filter, the selection and the marks."""

    takes = "words, deck:scaling, is:due, -word; {help} shows all of it"

    def __init__(self, text: str = "") -> None:
        super().__init__()
        self.query_text = text
        self.catalogue: Catalogue | None = None
        self.found: tuple[Sequence[int], Sequence[int]] = ((), ())
        """The cards and the families that the filter leaves."""
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
        return super().above()

    def on_mount(self) -> None:
        self._read_decks()

    def on_screen_resume(self) -> None:
        """Something may have been practised or edited meanwhile."""
        if self.catalogue is not None and self._filling is None:
            self.catalogue.note(())
            self._filter()

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

    def search(self) -> None:
        self._node = read_query(self.query_text)
        self.marks.clear()
        # What fits stands at the top: the card selected before would be anywhere in it.
        self._at = {False: "", True: ""}
        self._filter()

    def _filter(self) -> None:
        """Find again; while the query cannot be read the last list stays."""
        catalogue = self.catalogue
        if catalogue is None or isinstance(self._node, Unread):
            self._explain()
            return
        found = catalogue.find(self._node)
        split = bisect_left(found, catalogue.cards)
        self.found = found[:split], found[split:]
        shown = self.shown
        name = self._at[self.families]
        at = next((row for row, one in enumerate(shown) if catalogue.ids[one] == name), 0)
        self._explain()
        self.fill(len(shown), at if name else 0)

    @property
    def shown(self) -> Sequence[int]:
        """The entries of the list that is shown."""
        return self.found[self.families]

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
        cards, families = self.found
        if cards or families:
            number, none = len(cards or families), "family" if cards else "card"
            those = counted(number, "card") if cards else counted(number, "family", "families")
            does = "does. Tab shows it." if number == 1 else "do. Tab shows them."
            return f"No {none} fits; {those} {does}"
        if not len(catalogue):
            place = self.studio.collection.home.decks
            return f"There are no cards yet. Put YAML decks into {place}."
        return catalogue.nothing(node)

    # What stands on the screen.

    def _head(self) -> None:
        cards, families = self.found
        more = "…" if self._filling else ""
        tabs = [
            ("Cards", f"{len(cards)}{more}", False),
            ("Families", f"{len(families)}{more}", True),
        ]
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

    def _redraw(self) -> None:
        self._head()
        self.fill(len(self.shown), self.at)

    def action_switch(self) -> None:
        self.families = not self.families
        self._filter()
