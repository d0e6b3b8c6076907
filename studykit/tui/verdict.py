"""The lines under a question: hints, what was read, the verdict, marked cells, and the answer.

A verdict is a symbol, a word and a colour, so that it is understood without the colour.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.content import Content

from studykit.tui.text import EMPTY, block, hanging, joined, lines, word, wrapped

if TYPE_CHECKING:
    from studykit.study.question import Outcome
    from studykit.tui.showing import Showing

VERDICTS = {
    "right": ("✓", "Right", "$right"),
    "partly": ("◐", "Partly right", "$partly"),
    "wrong": ("✗", "Wrong", "$wrong"),
    "unreadable": ("?", "I cannot read this", "$partly"),
    "helped": ("?", "The shapes do not fit", "$partly"),
    "imprecise": ("≈", "Not precise enough", "$partly"),
}


def below(showing: Showing, width: int) -> list[Content]:
    """Everything under the question and the answer field; what was said last stands last."""
    found: list[Content] = []
    draft, asking = showing.draft, showing.phase == "ask"
    if asking and draft.attempt:
        found += attempt(draft.attempt, draft.typed, width)
    for number in range(len(draft.hints)):
        found += hint(showing, number, width)
    if showing.message:
        found += [EMPTY, *message(showing, width)]
    if showing.outcome is not None and not asking:
        found += judged(showing, showing.outcome, width)
    return found


def last_said(showing: Showing, width: int) -> int:
    """Rows at the end of `below` that the newest hint or message takes."""
    if showing.message:
        return len(message(showing, width))
    hints = showing.draft.hints
    return len(hint(showing, len(hints) - 1, width)) - 1 if hints else 0


def message(showing: Showing, width: int) -> list[Content]:
    """The one sentence that is not about an answer."""
    return [row.stylize_before("$quiet") for row in wrapped(showing.message, width)]


def hint(showing: Showing, number: int, width: int) -> list[Content]:
    """The hint with this number, from 0, an empty line above it."""
    lead = word(f"Hint {number + 1} ", "$quiet")
    return [EMPTY, *hanging(lead, lines(showing.draft.hints[number], width - 8), 8)]


def attempt(outcome: Outcome, typed: str, width: int) -> list[Content]:
    """No verdict: why the typed text is no answer yet, with a caret under the place."""
    found = [EMPTY, heading(outcome, width)[0]]
    if outcome.position is not None:
        found += caret(typed, outcome.position, width)
    elif outcome.reading:
        found += hanging(word("Read as    ", "$quiet"), lines(outcome.reading, width - 11), 11)
    return [*found, *lines(outcome.says, width)]


def caret(typed: str, position: int, width: int) -> list[Content]:
    """The line of the typed text that holds `position`, and a caret under that place.

    Of a line wider than `width` the part around the caret is shown.
    """
    position = min(position, len(typed))
    start = typed.rfind("\n", 0, position) + 1
    end = typed.find("\n", position)
    row, before = word(typed[start:] if end < 0 else typed[start:end]), word(typed[start:position])
    room, at = max(3, width - 2), before.cell_length
    if row.cell_length > room and at > room // 2:
        left = min(at - room // 2, max(0, row.cell_length - room)) + 1
        row, at = joined("…", row[_cells(row.plain, left) :]), at - left + 1
    if row.cell_length > room:
        row = row.truncate(room, ellipsis=True)
    return [joined("  ", row), joined(" " * (2 + at), ("^", "bold $wrong"))]


def _cells(text: str, cells: int) -> int:
    """How many characters of `text` fill so many cells."""
    taken = 0
    for number, character in enumerate(text):
        if taken >= cells:
            return number
        taken += cell_len(character)
    return len(text)


def heading(outcome: Outcome, width: int) -> list[Content]:
    """Symbol and word, with the sentence beside or, where it is long, below."""
    symbol, name, colour = VERDICTS["helped" if outcome.helped else outcome.result]
    head = joined((f"{symbol} {name}", f"bold {colour}"))
    if not outcome.says or not outcome.settled or outcome.right_option is not None:
        return [head]
    says = lines(outcome.says, width - head.cell_length - 3)
    if len(says) == 1:
        return [head + "  " + says[0]]
    return [head, *lines(outcome.says, width)]


def judged(showing: Showing, outcome: Outcome, width: int) -> list[Content]:
    """The verdict on a settled question, and the answer."""
    found: list[Content] = []
    question = showing.question
    if outcome.result in VERDICTS and question.asks != "choice":
        found += [EMPTY, *heading(outcome, width)]
    typed = showing.draft.typed
    if typed and not outcome.cells and not outcome.by_steps:
        found += hanging(word("You wrote  ", "$quiet"), block_lines(typed), 11)
    if outcome.cells and outcome.given:
        found += [EMPTY, *marked_matrix(outcome.given, outcome.cells)]
    elif outcome.reading and outcome.reading != typed:
        found += hanging(word("Read as    ", "$quiet"), lines(outcome.reading, width - 11), 11)
    for slip in () if outcome.by_steps else outcome.slips:
        if slip.says in outcome.says:
            continue
        found += hanging(word("→ ", "bold $wrong"), lines(slip.says, width - 2), 2)
    if outcome.steps:
        found += stepped(outcome, width)
    if question.asks == "rubric":
        found += noted(showing, width)
        found += [EMPTY, *rubric(showing, width)]
    if question.kind != "cloze" and question.asks != "choice" and outcome.back:
        found += [EMPTY, word("Answer", "$quiet"), *lines(outcome.back, width)]
    if outcome.explain:
        found += [EMPTY, *lines(outcome.explain, width)]
    return found


def stepped(outcome: Outcome, width: int) -> list[Content]:
    """The steps that were gone through, and what they say of a whole answer before them."""
    from studykit.tui.steps import done_steps

    says = [] if outcome.by_steps else lines(outcome.steps_say, width - 11)
    found = [EMPTY, *hanging(word("By steps   ", "$quiet"), says, 11)]
    return found + done_steps(outcome.steps, width)


def noted(showing: Showing, width: int) -> list[Content]:
    """What was typed while thinking aloud, and what was the last time."""
    before = showing.outcome.noted_before if showing.outcome is not None else ""
    found: list[Content] = []
    for said, notes in (("You noted  ", showing.notes), ("Last time  ", before)):
        if notes.strip():
            found += [EMPTY, *hanging(word(said, "$quiet"), wrapped(notes, width - 11), 11)]
    return found


def block_lines(text: str) -> list[Content]:
    """Typed text, one line each."""
    return block(text).split("\n", allow_blank=True)


def rubric(showing: Showing, width: int) -> list[Content]:
    """The points of an open card: ticked ones by symbol and colour."""
    from studykit.tui.commands import TICK_KEYS
    from studykit.tui.text import acting

    done = showing.phase == "grade"
    head = joined(("What you covered" if done else "Tick what you covered", "$quiet"))
    if showing.outcome is not None and showing.outcome.says:
        head += word(f"  {showing.outcome.says}")
    found = [head]
    for number, point in enumerate(showing.question.rubric):
        ticked = number in showing.ticks
        key = "" if done else f"{TICK_KEYS[number]} "
        lead = joined((key, "bold"), ("✓ " if ticked else "○ ", "bold $right" if ticked else ""))
        rows = hanging(lead, lines(point, width - 4), 4)
        found += rows if done else [acting(row, f"tick({number})") for row in rows]
    return found


def marked_matrix(given: Sequence[Sequence[str]], cells: Sequence[Sequence[bool]]) -> list[Content]:
    """The learner's matrix, points under one another, each cell with ✓ or ✗."""
    rows = [[_minus(cell) for cell in row] for row in given]
    columns = [aligned(column) for column in zip(*rows, strict=True)]
    found = []
    for number, marks in enumerate(cells):
        parts: list[Content | tuple[str, str]] = [word(bracket("⎡⎢⎣[", number, len(cells)))]
        for column, right in zip(columns, marks, strict=True):
            colour = "$right" if right else "bold $wrong"
            parts += [word(" "), (column[number], "" if right else colour), (" ", "")]
            parts += [("✓ " if right else "✗ ", colour)]
        parts.append(word(bracket("⎤⎥⎦]", number, len(cells))))
        # A number stands without brackets.
        found.append(joined(*(parts[2:-1] if len(columns) == len(cells) == 1 else parts)))
    return found


def plain_matrix(cells: Sequence[Sequence[str]]) -> list[Content]:
    """Numbers in rows, points under one another; a single one without brackets."""
    if len(cells) == 1 and len(cells[0]) == 1:
        return [word(_minus(cells[0][0]))]
    columns = [aligned([_minus(cell) for cell in column]) for column in zip(*cells, strict=True)]
    found = []
    for number in range(len(cells)):
        row = "  ".join(column[number] for column in columns)
        ends = (bracket(signs, number, len(cells)) for signs in ("⎡⎢⎣[", "⎤⎥⎦]"))
        found.append(word(f"{next(ends)} {row} {next(ends)}"))
    return found


def _minus(cell: str) -> str:
    """A typed hyphen before a number is shown as the minus that it means."""
    return re.sub(r"^-(?=[\d.])", "−", word(cell).plain)


def bracket(signs: str, row: int, rows: int) -> str:
    """The piece of a bracket for one row: top, middle, bottom, or the whole for a single row."""
    if rows == 1:
        return signs[3]
    return signs[0] if row == 0 else signs[2] if row == rows - 1 else signs[1]


def aligned(column: Sequence[str]) -> list[str]:
    """Numbers padded so that their decimal points stand under one another."""
    split = [cell.partition(".") for cell in column]
    left = max(len(whole) for whole, _, _ in split)
    right = max(len(point) + len(digits) for _, point, digits in split)
    return [whole.rjust(left) + (point + digits).ljust(right) for whole, point, digits in split]
