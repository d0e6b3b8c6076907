"""A problem card: a skill, asked with a fresh problem at each showing and marked by computing.

The problem follows from the card and the number of answers before, so that an undo, a crash or a
look into the log brings back the very same numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from studykit.decks.schema import ProblemCard
from studykit.problems import Problem, answer, draw, hints, mark, solution
from studykit.study.errors import StudyError
from studykit.study.heat import WeightMap, maps
from studykit.study.kinds.asked import Asked, Showing, Shown, explanation
from studykit.study.kinds.steps import (
    FREE_FROM,
    Walk,
    cells_of,
    judged,
    so_far,
    steps_of,
    typed_as,
)
from studykit.study.question import Outcome
from studykit.study.reading import Reading


class AskedProblem(Shown):
    """The drawn problem and what marking it says."""

    def __init__(self, card: ProblemCard, showing: Showing) -> None:
        problem = draw(family=card.family, level=card.level, seed=showing.seed())
        self._problem: Problem = problem
        self._hints = hints(problem)
        self._decimal_comma = showing.decimal_comma
        lead = f"{card.front.strip()}\n\n" if card.front else ""
        question = showing.ask(
            "problem",
            typed_as(problem.asks),
            lead + problem.question,
            ticket=problem.ticket,
            shape=cells_of(problem.asks),
            expects=problem.asks.words,
            hints=len(self._hints),
            grid=problem.level < FREE_FROM,
            formula=problem.asks.kind == "formula",
            weights=bool(maps(problem)),
            steps=steps_of(problem),
        )
        symbol = problem.steps[-1].symbol
        back = f"$${symbol} = {answer(problem)}$$"
        super().__init__(question, back, explanation(card, showing), card.note)

    def reveal(self) -> Outcome:
        return Outcome(result="self", back=self._back, explain=self._explain, has_solution=True)

    def answer(self, text: str) -> Outcome:
        marking = mark(self._problem, text, decimal_comma=self._decimal_comma)
        return judged(marking, back=self._back, explain=self._explain)

    def reading(self, text: str) -> Reading:
        return so_far(text, self._problem.asks, decimal_comma=self._decimal_comma)

    def hint(self, number: int) -> str | None:
        return self._hints[number] if number < len(self._hints) else None

    def solution(self) -> str:
        return solution(self._problem)

    def givens(self) -> Mapping[str, Any]:
        return self._problem.givens

    def weights(self) -> tuple[WeightMap, ...]:
        return maps(self._problem)

    def walk(self) -> Walk:
        if not self.question.steps:
            raise StudyError("This problem has a single step; answer it whole.")
        return Walk(self._problem, self.question.steps, decimal_comma=self._decimal_comma)


def ask_problem(card: ProblemCard, showing: Showing) -> Asked:
    return AskedProblem(card, showing)
