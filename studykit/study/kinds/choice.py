"""A choice card: one right answer among misconceptions, in an order drawn for each showing."""

from __future__ import annotations

import random

from studykit.decks.schema import Choice
from studykit.study.errors import StudyError
from studykit.study.kinds.asked import Asked, Showing, Shown, explanation
from studykit.study.question import Outcome


class AskedChoice(Shown):
    """The options as shown, and which of them is right."""

    def __init__(self, card: Choice, showing: Showing) -> None:
        order = list(range(len(card.wrong) + 1))
        random.Random(showing.seed()).shuffle(order)  # noqa: S311
        texts = (card.answer, *(wrong.text for wrong in card.wrong))
        notes = ("", *(wrong.why for wrong in card.wrong))
        self._right = order.index(0)
        self._notes = tuple(notes[at] for at in order)
        question = showing.ask(
            "choice", "choice", card.front, options=tuple(texts[at] for at in order)
        )
        super().__init__(question, card.answer, explanation(card, showing), card.note)

    def reveal(self) -> Outcome:
        return Outcome(
            result="self",
            back=self._back,
            explain=self._explain,
            right_option=self._right,
            option_notes=self._notes,
        )

    def choose(self, index: int) -> Outcome:
        if not 0 <= index < len(self.question.options):
            raise StudyError(f"Choose a number from 1 to {len(self.question.options)}.")
        right = index == self._right
        return Outcome(
            result="right" if right else "wrong",
            back=self._back,
            explain=self._explain,
            says="" if right else self._notes[index],
            picked=index,
            right_option=self._right,
            option_notes=self._notes,
        )


def ask_choice(card: Choice, showing: Showing) -> Asked:
    return AskedChoice(card, showing)
