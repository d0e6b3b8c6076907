"""The steps of a problem as they are gone through: what was typed, what became of it, what is next.

The learner's own numbers stay in sight, because the next step is computed from them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.content import Content

from studykit.tui.text import EMPTY, hanging, joined, lines, word
from studykit.tui.verdict import marked_matrix

if TYPE_CHECKING:
    from studykit.study.question import Step, StepDone
    from studykit.tui.showing import Showing

MARKS = {
    "right": ("✓", "$right"),
    "partly": ("◐", "$partly"),
    "wrong": ("✗", "$wrong"),
    "self": ("○", "$quiet"),
}
INDENT = 4


def steps_so_far(showing: Showing, width: int) -> list[Content]:
    """The steps behind, and the one that is asked."""
    found = done_steps(showing.done, width)
    step = showing.step
    if step is None:
        return found
    number = len(showing.done) + 1
    lead = joined((f"▸ {number} ", "bold $new"))
    title = f"**{step.title}** (step {number} of {len(showing.question.steps)})"
    found += [EMPTY, *hanging(lead, lines(title, width - INDENT), INDENT)]
    gives = lines(f"Give ${step.symbol}$: {step.expects}.", width - INDENT)
    return [*found, *hanging(EMPTY, gives, INDENT)]


def done_steps(done: Sequence[StepDone], width: int) -> list[Content]:
    """Each step that is behind: verdict, own value, and what went wrong with it."""
    found: list[Content] = []
    for number, one in enumerate(done, 1):
        found += [EMPTY, *done_step(number, one, width)]
    return found


def done_step(number: int, one: StepDone, width: int) -> list[Content]:
    """One of them."""
    outcome = one.outcome
    mark, colour = MARKS[outcome.result]
    lead = joined((f"{mark} {number} ", f"bold {colour}"))
    rows = hanging(lead, lines(heading(one.step), width - INDENT), INDENT)
    if outcome.result == "self":
        return [*rows, *hanging(EMPTY, lines(outcome.back, width - INDENT), INDENT)]
    read = lines(outcome.reading, width - INDENT) if outcome.reading else [word(one.typed)]
    own = marked_matrix(outcome.given, outcome.cells) if outcome.cells else read
    rows += hanging(EMPTY, own, INDENT)
    says = [outcome.says] if outcome.result != "right" or outcome.follow_through else []
    says += [slip.says for slip in outcome.slips if slip.says not in outcome.says]
    for sentence in filter(None, says):
        arrow = joined(("  → ", f"bold {colour}"))
        rows += hanging(arrow, lines(sentence, width - INDENT), INDENT)
    return rows


def heading(step: Step) -> str:
    """ "Scaled scores: $S$", in Markdown."""
    return f"{step.title}: ${step.symbol}$" if step.symbol else step.title
