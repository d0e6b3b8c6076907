"""A card without an id was edited: is it still the same card? Asked once, with both texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.content import Content

from studykit.study.words import percent
from studykit.tui.command import bindings
from studykit.tui.commands import IDENTITY
from studykit.tui.screens.base import Page
from studykit.tui.text import EMPTY, counted, fitted, joined, lines, tell, word
from studykit.tui.widgets.bar import Bar
from studykit.tui.widgets.board import Board
from studykit.tui.widgets.buttons import Button, Buttons
from studykit.tui.widgets.keyline import KeyLine

if TYPE_CHECKING:
    from studykit.study.shelf import IdentityQuestion

WIDE = 76
"""Columns from which the two texts stand side by side."""


class IdentityScreen(Page[None]):
    """Goes through the edited cards one by one."""

    does = IDENTITY
    BINDINGS = bindings(IDENTITY)

    def __init__(self, questions: tuple[IdentityQuestion, ...]) -> None:
        super().__init__()
        self._left = list(questions)
        self._asked = 0
        self._total = len(questions)

    def compose(self) -> ComposeResult:
        yield Bar()
        yield Board()
        yield Buttons()
        yield KeyLine()

    def on_resize(self) -> None:
        self._show()

    def action_scroll(self, where: str) -> None:
        self.query_one(Board).move(where)

    def action_keep(self) -> None:
        self._decide(keep=True)

    def action_anew(self) -> None:
        self._decide(keep=False)

    def action_later(self) -> None:
        self.dismiss()

    def _decide(self, *, keep: bool) -> None:
        from studykit.study.errors import StudyError

        try:
            self.studio.collection.decide(self._left[0], keep)
        except StudyError as error:
            tell(self.app, str(error), "error")
            return
        del self._left[0]
        self._asked += 1
        if self._left:
            self._show()
        else:
            self.dismiss()

    def _show(self) -> None:
        question = self._left[0]
        self.query_one(Board).show([*self.headroom(), *written(question, self.measure)])
        self.query_one(Bar).show(
            joined(("Changed card", "bold"), " · ", word(question.deck_title, "$quiet")),
            word(f"{self._asked + 1} of {self._total}", "$quiet"),
        )
        reviews = counted(question.reviews, "review")
        self.query_one(Buttons).show(
            (
                Button("y", "The same card", "keep", f"keep {reviews}", marked=True),
                Button("n", "A new card", "anew"),
            )
        )


def written(question: IdentityQuestion, width: int) -> list[Content]:
    """Both texts, side by side where there is room."""
    found = [
        *lines(
            f"This card was edited; the texts are {percent(question.likeness)} alike. "
            f"Keep its {counted(question.reviews, 'review')}?",
            width,
        ),
        EMPTY,
    ]
    if width < WIDE:
        found += [word("Before", "$quiet"), *lines(question.old_text, width), EMPTY]
        return [*found, word("Now", "$quiet"), *lines(question.new_text, width)]
    half = (width - 4) // 2
    old = [word("Before", "$quiet"), *lines(question.old_text, half)]
    new = [word("Now", "$quiet"), *lines(question.new_text, half)]
    rows = max(len(old), len(new))
    for left, right in zip(
        old + [EMPTY] * (rows - len(old)), new + [EMPTY] * (rows - len(new)), strict=True
    ):
        found.append(joined(fitted(left, half), "    ", right))
    return found
