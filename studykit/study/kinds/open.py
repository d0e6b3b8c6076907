"""An open card: explained aloud or in writing, revealed, then ticked off against its rubric."""

from __future__ import annotations

from collections.abc import Collection
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
        more = [explanation(card, showing)]
        more += [f"**Next:** {one.ask}\n\n{one.answer}" for one in card.follow_ups]
        explain = "\n\n".join(part for part in more if part)
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


def ask_open(card: Open, showing: Showing) -> Asked:
    return AskedOpen(card, showing)
