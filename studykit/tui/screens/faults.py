"""What is wrong with a deck, with the line and a caret under the place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.content import Content

from studykit.tui.screens.reading import Reading
from studykit.tui.text import EMPTY, block, counted, lines, word, wrapped

if TYPE_CHECKING:
    from studykit.decks.faults import Fault


def faults_screen(title: str, faults: Sequence[Fault]) -> Reading:
    """A page with all faults of one deck."""
    return Reading(f"✗ {title}", lambda width: written(faults, width))


def written(faults: Sequence[Fault], width: int) -> list[Content]:
    """Every fault as the lint prints it, and what happens meanwhile."""
    from studykit.decks.faults import render_faults

    found = lines(
        f"{counted(len(faults), 'fault')}. The cards named here are not asked until they are "
        "mended; the rest of the deck is, and so are all other decks. Progress is kept.",
        width,
    )
    for fault in faults:
        _, *shown = render_faults([fault]).split("\n")
        found += [
            EMPTY,
            word(f"Line {fault.line}, column {fault.column}", "bold"),
            *wrapped(fault.message, width),
            *(block(row) for row in shown),
        ]
    if faults:
        found += [EMPTY, *wrapped(f"The file is {faults[0].file}", width)]
    return [*found, EMPTY, word("studykit check lists them on the command line.", "$quiet")]
