"""How Browse shows one entry of the catalogue: as a row of the list, and in full beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from studykit.study.errors import StudyError
from studykit.tui.front import question_lines
from studykit.tui.showing import Showing
from studykit.tui.text import EMPTY, Part, counted, fitted, hanging, joined, lines, word, wrapped
from studykit.tui.verdict import judged

if TYPE_CHECKING:
    from studykit.study.catalogue import Catalogue
    from studykit.study.collection import Collection

STATE, KIND, DECK = 11, 9, 22
"""Cells of the columns beside the text."""
BLANK = "\N{NO-BREAK SPACE}"
COLOURS = {"new": "$new", "learning": "$learning", "today": "$due", "suspended": "$quiet"}


def columns(width: int) -> tuple[bool, bool]:
    """Whether there is room for the kind and for the deck."""
    return width >= 56, width >= 92


def heads(width: int, *, cards: bool) -> Content:
    """The names of the columns."""
    kind, deck = columns(width)
    state = "due" if cards else "levels"
    room = width - STATE - (KIND if kind and cards else 0) - (DECK if deck else 0)
    parts = [fitted(word("Card" if cards else "Family", "$quiet"), room)]
    if kind and cards:
        parts.append(fitted(word("kind", "$quiet"), KIND))
    if deck:
        parts.append(fitted(word("deck" if cards else "topic", "$quiet"), DECK))
    return joined(*parts, (state.rjust(STATE), "$quiet"))


def card_row(catalogue: Catalogue, entry: int, width: int, *, marked: bool) -> Content:
    """One card: its front on one line, its kind and deck, and how it stands."""
    from studykit.typeset import one_line

    kind, deck = columns(width)
    state = catalogue.state(entry)
    room = width - STATE - (KIND if kind else 0) - (DECK if deck else 0)
    text = catalogue.fronts[entry]
    if catalogue.kinds[entry] == "cloze":
        text = text.replace("{{", "").replace("}}", "")
    front = word(one_line(text))
    if marked:
        front = joined(("✓ ", "bold $right"), front)
    parts: list[Part] = [fitted(front, room - 1), " "]
    if kind:
        parts.append(fitted(word(catalogue.kinds[entry], "$quiet"), KIND))
    if deck:
        title = catalogue.titles.get(catalogue.decks[entry], "")
        parts += [fitted(word(title, "$quiet"), DECK - 1), " "]
    colour = "$wrong" if state.endswith("late") else COLOURS.get(state, "")
    return joined(*parts, (state.rjust(STATE), colour))


def family_row(catalogue: Catalogue, entry: int, width: int) -> Content:
    """One family: its title and name, its topic and its levels."""
    from studykit.problems import family_named

    _, deck = columns(width)
    family = family_named(catalogue.ids[entry])
    room = width - STATE - (DECK if deck else 0)
    title = joined(word(family.title), "  ", word(family.name, "$quiet"))
    parts: list[Part] = [fitted(title, room - 1), " "]
    if deck:
        parts += [fitted(word(family.topic, "$quiet"), DECK - 1), " "]
    levels = " ".join(str(level) for level in family.levels)
    return joined(*parts, (levels.rjust(STATE), ""))


def card_lines(
    collection: Collection, catalogue: Catalogue, entry: int, width: int
) -> list[Content]:
    """A card in full: how it stands, the question and the answer as they look in study."""
    from studykit.study.preview import preview

    found = [*standing(catalogue, entry, width), EMPTY]
    try:
        question, outcome = preview(collection, catalogue.ids[entry])
    except StudyError as error:
        return [*found, *wrapped(str(error), width)]
    showing = Showing(question, outcome, ticked=True)
    if question.ticket:
        found += [word("An example; studying draws another each time.", "$quiet"), EMPTY]
    return [*found, *question_lines(showing, width), *judged(showing, outcome, width)]


def standing(catalogue: Catalogue, entry: int, width: int) -> list[Content]:
    """Where a card is from and what is remembered of it."""
    memory = catalogue.standing(entry).memory
    title = catalogue.titles.get(catalogue.decks[entry], "")
    said = [catalogue.kinds[entry], when(catalogue.state(entry))]
    if memory is not None:
        said += [
            f"answered {memory.reps}×",
            f"forgotten {memory.lapses}×",
            f"stability {memory.stability:.1f} d",
        ]
    whole = (one.replace(" ", BLANK) for one in said)
    rows = wrapped(f"{BLANK}· ".join([title, *whole]), width)
    return [
        *(row.stylize_before("bold") for row in wrapped(catalogue.ids[entry], width)),
        *(row.stylize_before("$quiet") for row in rows),
    ]


def when(state: str) -> str:
    """The last column as it is said in a sentence."""
    if state == "today":
        return "due today"
    return f"due in {state}" if state.endswith(" d") else state


def family_lines(catalogue: Catalogue, entry: int, level: int, width: int) -> list[Content]:
    """A family in full: what it trains, the mistakes it knows, and an example."""
    from studykit.problems import ProblemError, family_named
    from studykit.study.preview import example

    family = family_named(catalogue.ids[entry])
    levels = in_words(family.levels)
    found = [
        word(family.title, "bold"),
        *(
            row.stylize_before("$quiet")
            for row in wrapped(f"{family.name} · {family.topic} · {levels}", width)
        ),
        EMPTY,
        *lines(family.says, width),
        EMPTY,
        word(f"An example of level {level}", "bold"),
    ]
    try:
        found += lines(example(family.name, level).text, width)
    except ProblemError as error:
        found += wrapped(str(error), width)
    mistakes = {one.name: one.says for one in family.mistakes_at(level)}
    found += [EMPTY, word(f"It knows {counted(len(mistakes), 'mistake')} on this level", "bold")]
    for name, says in mistakes.items():
        found += [word(name), *hanging(EMPTY, lines(says, width - 2), 2)]
    return found


def in_words(levels: tuple[int, ...]) -> str:
    """Levels as a learner reads them: "level 2", "levels 1 to 3"."""
    if len(levels) == 1:
        return f"level {levels[0]}"
    return f"levels {levels[0]} to {levels[-1]}"
