"""An open card: explained aloud or in writing, revealed, then ticked off against its rubric."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

from studykit.decks.schema import Open
from studykit.study.errors import StudyError
from studykit.study.kinds.asked import Asked, Showing, Shown, explanation
from studykit.study.question import Outcome
from studykit.study.suggest import suggest_rubric


class AskedOpen(Shown):
    """The model answer, its rubric, and what an interviewer asks next."""

    def __init__(self, card: Open, showing: Showing) -> None:
        question = showing.ask("open", "rubric", card.front, rubric=card.rubric)
        parts = (explanation(card, showing), *spoken(card))
        explain = "\n\n".join(part for part in parts if part)
        super().__init__(question, card.back, explain, card.note)

    def tick(self, ticks: Collection[int]) -> Outcome:
        points = len(self.question.rubric)
        if any(not 0 <= tick < points for tick in ticks):
            raise StudyError(f"The rubric has points 1 to {points}.")
        made = len(set(ticks))
        return replace(
            self.reveal(),
            says=f"{made} of {points} points.",
            suggested=suggest_rubric(made, points),
        )


def spoken(card: Open) -> Iterator[str]:
    """The model answer, what weak ones lack, and what an interviewer asks next, in Markdown."""
    if card.model:
        yield f"**A full answer.** {card.model.strip()}"
    for one in card.weak:
        yield f"**Often said:** {one.says.strip()}\n\n**Missing:** {one.missing.strip()}"
    for follow_up in card.follow_ups:
        yield f"**Next:** {follow_up.ask.strip()}\n\n{follow_up.answer.strip()}"


def ask_open(card: Open, showing: Showing) -> Asked:
    return AskedOpen(card, showing)
