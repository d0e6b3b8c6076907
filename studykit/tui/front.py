"""The front of a card: the question, the options of a choice, and the counts above it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from studykit.tui.text import EMPTY, acting, hanging, joined, lines, word
from studykit.tui.verdict import VERDICTS, heading

if TYPE_CHECKING:
    from studykit.study.question import Remaining
    from studykit.tui.showing import Showing


def question_lines(showing: Showing, width: int, *, tight: bool = False) -> list[Content]:
    """The question; a cloze with its blanks filled in place once it is revealed. `tight`: no empty
    rows between the options of a choice."""
    question = showing.question
    text = question.text
    if question.kind == "cloze" and showing.outcome is not None and showing.outcome.back:
        text = showing.outcome.back
    found = lines(text, width)
    if question.asks == "choice":
        found += options(showing, width, tight=tight)
    if showing.has_field and showing.phase == "ask" and question.expects and not question.ticket:
        found += [EMPTY, word(question.expects, "$quiet")]
    if showing.step is not None:
        from studykit.tui.steps import steps_so_far

        found += steps_so_far(showing, width)
    return found


def counts(left: Remaining, status: str, width: int) -> Content:
    """What is left by status, in colour and in words; the present card's underlined."""
    names = (
        ("new", "new", "$new"),
        ("learning", "learning", "$learning"),
        ("review", "due", "$due"),
    )
    parts: list[Content | tuple[str, str]] = []
    for name, label, colour in names:
        shown = label if width >= 60 else {"learning": "lrn"}.get(label, label)
        style = f"{colour} underline" if name == status else colour
        parts += [(f"{getattr(left, name)} {shown}", style), ("  ", "")]
    return joined(*parts[:-1])


def options(showing: Showing, width: int, *, tight: bool) -> list[Content]:
    """The answers of a choice card in the order given; afterwards the verdict, which is right, and
    why not."""
    outcome = showing.outcome
    found: list[Content] = []
    if outcome is not None and outcome.result in VERDICTS:
        says = heading(outcome, width)[0]
        if outcome.result == "wrong" and outcome.right_option is not None:
            says += f"  {outcome.right_option + 1} is right."
        found += [EMPTY, says]
    for number, option in enumerate(showing.question.options):
        if not (tight and number):
            found.append(EMPTY)
        rows = lines(option, width - 6)
        if outcome is None:
            rows = hanging(joined((f" {number + 1} ", "bold on $block")), rows, 5)
            found += [acting(row, f"pick({number})") for row in rows]
            continue
        mark, colour = " ", "$quiet"
        if number == outcome.right_option:
            mark, colour = "✓", "bold $right"
        elif number == outcome.picked:
            mark, colour = "✗", "bold $wrong"
        lead = joined((f"{mark} {number + 1}", colour))
        found += hanging(lead, rows, 5)
        if number < len(outcome.option_notes) and outcome.option_notes[number]:
            notes = lines(outcome.option_notes[number], width - 6)
            found += hanging(EMPTY, [note.stylize_before("$quiet") for note in notes], 5)
    return found
