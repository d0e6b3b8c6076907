"""A problem taken step by step: which step is asked, and what all of them come to.

A step is marked from the learner's own earlier values, so one wrong number is one mistake and not
four. What was typed is all there is to keep: typed again, it gives the same verdicts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Literal

from studykit.answers import AnswerError
from studykit.problems import Asks, Marking, Problem, answer, hints, mark
from studykit.problems.typed import read
from studykit.study.kinds.asked import unread
from studykit.study.question import Outcome, Result, Slip, Step, StepDone
from studykit.study.reading import NOTHING, Reading, stopped

FREE_FROM = 3
"""Level from which the shape is part of what is to be found."""
SLIPS = ("arithmetic-slip", "rounded-early", "cut-off")
"""Diagnoses that leave the method right."""


def steps_of(problem: Problem) -> tuple[Step, ...]:
    """The steps that can be typed; none where there is but one."""
    found = []
    for view in problem.typed_steps:
        asks = problem.asks_at(view.name)
        found.append(
            Step(
                name=view.name,
                title=view.title,
                symbol=view.symbol,
                asks=typed_as(asks),
                shape=cells_of(asks),
                expects=asks.words,
                grid=problem.level < FREE_FROM,
                formula=asks.kind == "formula",
                hints=len(hints(problem, view.name)),
            )
        )
    return tuple(found) if len(found) > 1 else ()


def typed_as(asks: Asks) -> Literal["line", "matrix"]:
    """Whether a value is typed on one line or as a matrix."""
    return "matrix" if asks.kind == "matrix" else "line"


def cells_of(asks: Asks) -> tuple[int, ...]:
    """Rows and columns of what is typed as numbers; a formula has none."""
    return () if asks.kind == "formula" else asks.shape


def judged(marking: Marking, *, back: str = "", explain: str = "") -> Outcome:
    """A marking as an outcome: without `back` and `explain` where there is no verdict yet."""
    if marking.result == "unreadable":
        return unread(marking.cause or "", marking.position, helped=marking.helped)
    if marking.result == "imprecise":
        return Outcome(result="imprecise", back="", says=marking.says, reading=marking.shown)
    return Outcome(
        result=marking.result,
        back=back,
        explain=explain,
        says=marking.says,
        reading=marking.shown,
        cells=marking.cells or (),
        given=marking.given,
        slips=tuple(Slip(one.mistake, one.step, one.says) for one in marking.diagnosis),
        has_solution=True,
        follow_through=marking.follow_through,
    )


def so_far(text: str, asks: Asks, *, decimal_comma: bool) -> Reading:
    """What a text reads as while it is typed; nothing where that is what stands there anyway."""
    try:
        typed = read(text, asks, decimal_comma=decimal_comma)
    except AnswerError as error:
        return stopped(text, error)
    if asks.kind == "matrix":
        rows, columns = typed.shape
        return Reading(f"{rows}×{columns}: {typed.reading}")
    if asks.kind == "formula":
        return Reading(f"${typed.reading}$")  # on lines of its own, in two dimensions
    same = typed.reading.replace("−", "-") == text.strip().replace("−", "-")
    return NOTHING if same else Reading(typed.reading)


class Walk:
    """One way through the steps. `done` are those behind, `step` is the one that is asked."""

    def __init__(
        self, problem: Problem, steps: tuple[Step, ...], *, decimal_comma: bool = False
    ) -> None:
        self._problem = problem
        self._steps = steps
        self._decimal_comma = decimal_comma
        self.done: tuple[StepDone, ...] = ()
        self._hinted = 0

    @property
    def step(self) -> Step | None:
        """The step that is asked; None after the last."""
        return self._steps[len(self.done)] if len(self.done) < len(self._steps) else None

    def answer(self, text: str) -> Outcome:
        """Judge a step from the learner's own earlier values. A readable answer moves on."""
        step = self._present()
        earlier = {one.step.name: one.typed for one in self.done if one.typed}
        marking = mark(self._problem, text, step.name, earlier, decimal_comma=self._decimal_comma)
        outcome = replace(judged(marking), of_step=True)
        if not outcome.judged:
            return outcome
        self._go_on(StepDone(step, text, outcome))
        return outcome

    def show(self) -> Outcome:
        """Give a step up: show its value, from which the later steps follow."""
        step = self._present()
        value = answer(self._problem, step.name)
        outcome = Outcome(result="self", back=f"$${step.symbol} = {value}$$", of_step=True)
        self._go_on(StepDone(step, "", outcome))
        return outcome

    def reading(self, text: str) -> Reading:
        """What a text that is being typed reads as."""
        step = self.step
        if step is None:
            return NOTHING
        asks = self._problem.asks_at(step.name)
        return so_far(text, asks, decimal_comma=self._decimal_comma)

    def values(self) -> dict[str, Any]:
        """The learner's own values of the steps that are behind, by their letters."""
        found: dict[str, Any] = {}
        for one in self.done:
            asks = self._problem.asks_at(one.step.name)
            if one.typed and asks.kind in ("number", "vector", "matrix"):
                rows = read(one.typed, asks, decimal_comma=self._decimal_comma).rows
                own: Any = [list(row) for row in rows]
                found[one.step.symbol] = (
                    own if asks.kind == "matrix" else own[0] if asks.kind == "vector" else own[0][0]
                )
        return found

    def hint(self) -> str | None:
        """The next hint for the present step; None after the last."""
        ladder = hints(self._problem, self._present().name)
        if self._hinted >= len(ladder):
            return None
        self._hinted += 1
        return ladder[self._hinted - 1]

    def again(self, typed: Sequence[str]) -> str:
        """Take the steps again with the same texts ("" for one that was shown).

        The last step of all stays open, and one whose text is no answer; returns its text.
        """
        for text in typed:
            if len(self.done) == len(self._steps) - 1:
                return text
            if not text:
                self.show()
            elif not self.answer(text).judged:
                return text
        return ""

    def _go_on(self, done: StepDone) -> None:
        self.done = (*self.done, done)
        self._hinted = 0

    def _present(self) -> Step:
        step = self.step
        if step is None:
            raise ValueError("every step is done")
        return step

    def whole(self, shown: Outcome) -> Outcome:
        """What all steps come to, over the outcome that shows the answer."""
        say, almost = summed_up(self.done)
        result: Result = "wrong"
        if all(one.outcome.result == "right" for one in self.done):
            result = "right"
        elif any(one.outcome.result in ("right", "partly") for one in self.done):
            result = "partly"
        return replace(
            shown,
            result=result,
            says=say,
            slips=tuple(dict.fromkeys(slip for one in self.done for slip in one.outcome.slips)),
            steps=self.done,
            steps_say=say,
            by_steps=True,
            almost=almost,
        )


def summed_up(done: tuple[StepDone, ...]) -> tuple[str, bool]:
    """What to say of all steps, and whether nothing but arithmetic went wrong, or the answer came
    out right all the same and no mistake is known by name."""
    off = [one for one in done if one.outcome.result != "right"]
    if not off:
        return "Every step is right.", True
    if all(_is_slip(one) for one in off):
        several = len(off) > 1 or len(_wrong_cells(off[0])) > 1
        kind = "arithmetic slips" if several else "an arithmetic slip"
        return f"Method right; {kind} in {' and '.join(_places(one) for one in off)}.", True
    shown = [one for one in off if one.outcome.result == "self"]
    wrong = [one for one in off if one.outcome.result != "self"]
    said = []
    if wrong:
        first = wrong[0]
        why = "".join(f" {slip.says}" for slip in first.outcome.slips[:1])
        said.append(f"Step {done.index(first) + 1} (${first.step.symbol}$) went wrong.{why}")
    if shown:
        numbers = ", ".join(str(done.index(one) + 1) for one in shown)
        said.append(f"Shown and not answered: step {numbers}.")
    last = done[-1].outcome
    reached = not shown and last.result == "right" and not last.follow_through
    if len(off) == 1 < len(done):
        also = ", and so is the answer" if reached else ""
        said.append(f"The other steps are right{also}.")
    elif reached:
        said.append("The answer is right all the same.")
    return " ".join(said), reached and not any(one.outcome.slips for one in wrong)


def _is_slip(one: StepDone) -> bool:
    """Some numbers of a step are wrong, some are right, and no wrong method explains it."""
    outcome = one.outcome
    return outcome.result == "partly" and all(slip.mistake in SLIPS for slip in outcome.slips)


def _wrong_cells(one: StepDone) -> list[tuple[int, int]]:
    return [
        (i, j)
        for i, row in enumerate(one.outcome.cells, 1)
        for j, right in enumerate(row, 1)
        if not right
    ]


def _places(one: StepDone) -> str:
    """ "$S$, row 1, column 2": which numbers of a step are wrong."""
    wrong, symbol = _wrong_cells(one), f"${one.step.symbol}$"
    if not wrong or len(wrong) > 3:
        return symbol
    single = len(one.outcome.cells) == 1
    where = [f"entry {j}" if single else f"row {i}, column {j}" for i, j in wrong]
    return f"{symbol}, {' and '.join(where)}"
