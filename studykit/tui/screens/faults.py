"""What is wrong with a deck, with the line and a caret under the place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from textual.content import Content

from studykit.tui.command import bindings
from studykit.tui.commands import FAULTS
from studykit.tui.screens.reading import Reading
from studykit.tui.text import EMPTY, block, counted, hanging, lines, word, wrapped

if TYPE_CHECKING:
    from studykit.decks.faults import Fault


class FaultsScreen(Reading):
    """All faults of one deck; the editor opens at the first of them."""

    does = FAULTS
    BINDINGS = bindings(FAULTS)

    def __init__(self, title: str, path: Path, faults: Sequence[Fault]) -> None:
        super().__init__(f"✗ {title}", lambda width: written(self.faults, width))
        self.path = path
        self.faults = faults

    def action_edit(self) -> None:
        """Mend the deck; the page closes once nothing is wrong with it."""
        from studykit.tui.editing import edit

        line = self.faults[0].line if self.faults else 1
        edited = edit(self.studio, self.path, line)
        if edited is None:
            return
        self.path, self.faults = edited
        if self.faults:
            self.on_resize()
        else:
            self.dismiss()


def written(faults: Sequence[Fault], width: int) -> list[Content]:
    """Every fault as the lint prints it, and what happens meanwhile."""
    from studykit.decks.faults import render_faults

    found = lines(
        f"{counted(len(faults), 'fault')}. The cards named here are not asked until they are "
        "mended; the rest of the deck is, and so are all other decks. Progress is kept.",
        width,
    )
    for fault in faults:
        _, *source = render_faults([replace(fault, suggestion="")], width).split("\n")
        do, *example = fault.suggestion.split("\n")
        found += [
            EMPTY,
            word(f"Line {fault.line}, column {fault.column}", "bold"),
            *wrapped(fault.message, width),
            *map(block, source),
            *(hanging(EMPTY, wrapped(do, width - 2), 2) if do else ()),
            *(block(f"    {row}") for row in example),
        ]
    if faults:
        found += [EMPTY, *wrapped(f"The file is {faults[0].file}", width)]
    return [*found, EMPTY, word("studykit check lists them on the command line.", "$quiet")]
