"""The mistake log: every mistake that was diagnosed, how often and when, and whether it is mended.

Opening one shows its answers; opening an answer shows the problem with what was answered and what
was right. From either, fresh problems on which that mistake is possible are practised.
"""

from __future__ import annotations

import json
import random
from collections.abc import Hashable
from typing import TYPE_CHECKING

from textual.content import Content

from studykit.memory.days import day_text
from studykit.study.errors import StudyError
from studykit.study.mistakes import MENDED_AFTER, WEEKS, Group, groups, sentence
from studykit.study.why import ago, times
from studykit.tui.command import Command, bindings
from studykit.tui.commands import BACK
from studykit.tui.front import question_lines
from studykit.tui.screens.listing import MOVING, Listing
from studykit.tui.showing import Showing
from studykit.tui.text import EMPTY, Part, fitted, joined, lines, word, wrapped
from studykit.tui.verdict import judged

if TYPE_CHECKING:
    from studykit.progress import Review
    from studykit.study.collection import Collection
    from studykit.tui.app import StudyApp

OPEN = Command("open", "enter", "Open", footer="Open", more="What was asked, answered and right.")
PRACTISE = Command(
    "practise",
    "p",
    "Practise this mistake",
    footer="Practise",
    more="Fresh problems on which it is possible, until you leave.",
)
MISTAKES = (
    OPEN,
    PRACTISE,
    Command(
        "practise-all",
        "a",
        "Practise all my mistakes",
        footer="All mistakes",
        more="The recent and frequent ones most, mended ones seldom.",
    ),
    *MOVING,
    BACK,
)
MADE = (OPEN, PRACTISE, *MOVING, BACK)
ABOUT = f"""\
**When a mistake is noted.** An answer that equals what a known mistake gives is noted with that \
mistake, its problem and its date.

**When it counts as mended.** After {MENDED_AFTER} right answers without a hint, since it was last \
made, to problems on which it was possible. A wrong answer for another reason counts for neither \
side; making it again begins anew."""
SPARKS = "·▁▂▃▄▅▆▇█"
TIMES, TREND, LAST, MENDED = 7, 10, 12, 10
"""Cells of the columns."""


class MistakesScreen(Listing[None]):
    """One row a mistake, what weighs most first."""

    does = MISTAKES
    fits = True
    BINDINGS = bindings(MISTAKES)
    about = ABOUT

    def __init__(self) -> None:
        super().__init__()
        self.groups: tuple[Group, ...] = ()
        self._says: dict[str, str] = {}

    def on_screen_resume(self) -> None:
        """Read the log again: something may have been practised."""
        collection = self.studio.collection
        name = self.groups[self.at].mistake if self.groups else ""
        self.groups = groups(collection.store, collection.day)
        at = next((row for row, one in enumerate(self.groups) if one.mistake == name), 0)
        mended = sum(one.mended for one in self.groups)
        self.bar.show(
            word("Mistakes", "bold"),
            word(
                f"{len(self.groups) - mended} open · {mended} mended" * bool(self.groups), "$quiet"
            ),
        )
        self.fill(len(self.groups), at)

    def look_again(self) -> None:
        self.say([] if self.groups else self.nothing())
        super().look_again()

    def nothing(self) -> list[Content]:
        """What an empty log means."""
        return [
            *self.headroom(),
            *wrapped(
                "No mistake was diagnosed yet. When an answer equals what a known mistake gives, "
                "it is noted here with its problem. Study or practise some problems first.",
                self.app.size.width - 4,
            ),
        ]

    def says_of(self, group: Group) -> str:
        """The sentence about a mistake, worked out once."""
        found = self._says.get(group.mistake)
        if found is None:
            found = self._says[group.mistake] = sentence(group, self._marked_again)
        return found

    def _marked_again(self, review: Review) -> list[tuple[str, str]]:
        from studykit.study.preview import reopen

        try:
            _, outcome = reopen(self.studio.collection, review)
        except StudyError:
            return []
        return [(slip.mistake, slip.says) for slip in outcome.slips]

    # What stands on the screen.

    def head(self, width: int) -> Content:
        if not self.groups:
            return EMPTY
        room, trend, last = columns(width)
        return joined(
            fitted(word("Mistake", "$quiet"), room),
            ("times".rjust(TIMES), "$quiet"),
            (f"{WEEKS} weeks".rjust(TREND) if trend else "", "$quiet"),
            ("last".rjust(LAST) if last else "", "$quiet"),
            ("avoided".rjust(MENDED), "$quiet"),
        )

    def row(self, row: int, width: int) -> Content:
        from studykit.typeset import one_line

        group = self.groups[row]
        room, trend, last = columns(width)
        mark, colour = ("✓ ", "$right") if group.mended else ("✗ ", "$wrong")
        says = joined((mark, colour), word(one_line(self.says_of(group))))
        parts: list[Part] = [fitted(says, room - 1), " ", f"{len(group.made)}×".rjust(TIMES)]
        if trend:
            parts.append(spark(group.weeks).rjust(TREND))
        if last:
            since = self.studio.collection.day - group.made[0].day
            parts.append((ago(since).rjust(LAST), "$quiet"))
        state = "mended" if group.mended else f"{group.avoided} of {MENDED_AFTER}"
        return joined(*parts, (state.rjust(MENDED), colour if group.mended else ""))

    def state(self, row: int) -> Hashable:
        return self.groups[row]

    def full(self, row: int, width: int) -> list[Content]:
        group = self.groups[row]
        found = [
            *(one.stylize_before("bold") for one in wrapped(group.mistake, width)),
            *lines(self.says_of(group), width),
            EMPTY,
            *wrapped(self.course(group), width),
            EMPTY,
            *wrapped(mended_text(group), width),
            EMPTY,
        ]
        if group.families:
            found += wrapped(
                f"Made in {', '.join(group.families)}. It is practised there, and in other "
                "families that know it by its name.",
                width,
            )
        elif group.cards:
            found += wrapped("It was made on formulas; their cards are asked again.", width)
        return found

    def course(self, group: Group) -> str:
        """How often it was made, in words: what the trend shows."""
        earlier, late = sum(group.weeks[:-4]), sum(group.weeks[-4:])
        since = self.studio.collection.day - group.made[0].day
        return (
            f"Made {times(len(group.made))}, last {ago(since)}. In the last four weeks "
            f"{late}, in the four before {earlier}."
        )

    # Commands.

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in ("open", "practise", "practise_all", "move"):
            return bool(self.groups)
        return super().check_action(action, parameters)

    def action_open(self) -> None:
        if self.groups:
            group = self.groups[self.at]
            self.app.push_screen(MadeScreen(group, self.says_of(group)))

    def action_practise(self) -> None:
        if self.groups:
            practise(self.studio, self.groups[self.at].mistake)

    def action_practise_all(self) -> None:
        practise(self.studio)


class MadeScreen(Listing[None]):
    """The answers in which one mistake was made, the latest first."""

    does = MADE
    fits = True
    BINDINGS = bindings(MADE)
    about = ABOUT

    def __init__(self, group: Group, says: str) -> None:
        super().__init__()
        self.group = group
        self._says = says

    def on_mount(self) -> None:
        from studykit.typeset import one_line

        self.bar.show(word(one_line(self._says), "bold"))
        self.fill(len(self.group.made), 0)

    def head(self, width: int) -> Content:
        asked = "Asked".ljust(asked_room(width))
        return joined(("Date".ljust(12), "$quiet"), (asked, "$quiet"), ("  You wrote", "$quiet"))

    def row(self, row: int, width: int) -> Content:
        review = self.group.made[row]
        asked = fitted(word(review.ticket or review.card or "?"), asked_room(width))
        answer = word(" ".join((review.answer or "").split()), "$quiet")
        return joined(day_text(review.day), "  ", asked, "  ", answer)

    def full(self, row: int, width: int) -> list[Content]:
        return answer_lines(self.studio.collection, self.group.made[row], width)

    def action_open(self) -> None:
        from studykit.tui.screens.reading import Reading

        review = self.group.made[self.at]
        self.app.push_screen(
            Reading(
                day_text(review.day),
                lambda width: answer_lines(self.studio.collection, review, width),
            )
        )

    def action_practise(self) -> None:
        practise(self.studio, self.group.mistake)


def practise(app: StudyApp, only: str = "") -> None:
    """Fresh problems on which this mistake is possible, or any of the log's."""
    from studykit.study.mending import Mending
    from studykit.study.practice import SEEDS

    collection = app.collection
    seed = random.randrange(SEEDS)  # noqa: S311
    app.practise(Mending(collection.store, lambda: collection.day, seed=seed, only=only))


def answer_lines(collection: Collection, review: Review, width: int) -> list[Content]:
    """A problem of the log as it stood after its answer, and the steps if it went by steps."""
    from studykit.study.preview import reopen

    name = review.ticket or review.card or ""
    found = [*(row.stylize_before("$quiet") for row in wrapped(name, width)), EMPTY]
    try:
        question, outcome = reopen(collection, review)
    except StudyError as error:
        found += wrapped(str(error), width)
        if review.answer:
            found += [EMPTY, word("You wrote", "$quiet"), *wrapped(review.answer, width)]
        return found
    showing = Showing(question, outcome)
    showing.draft.typed = review.answer or ""
    found += question_lines(showing, width)
    for step, typed, result in steps_of(review):
        found += [EMPTY, *wrapped(f"{step}: {typed} ({result})", width)]
    return [*found, *judged(showing, outcome, width)]


def steps_of(review: Review) -> list[tuple[str, str, str]]:
    """Step, typed text and result, where a problem was answered step by step."""
    try:
        kept = json.loads(review.detail or "{}").get("steps", [])
        return [(str(one["step"]), str(one["typed"]), str(one["result"])) for one in kept]
    except (ValueError, TypeError, KeyError, AttributeError):
        # Written by another version: its steps are not shown, the rest is.
        return []


def asked_room(width: int) -> int:
    """Cells for the ticket or card of an answer."""
    return min(32, max(10, width - 24))


def columns(width: int) -> tuple[int, bool, bool]:
    """Cells for the sentence, and whether there is room for the trend and for the last time."""
    last, trend = width >= 62, width >= 76
    taken = TIMES + MENDED + (LAST if last else 0) + (TREND if trend else 0)
    return width - taken, trend, last


def spark(weeks: tuple[int, ...]) -> str:
    """A bar a week; a dot for none."""
    most = max(weeks) or 1
    return "".join(SPARKS[-(-count * 8 // most)] for count in weeks)


def mended_text(group: Group) -> str:
    """How far it is mended, in words."""
    if group.mended:
        return f"✓ Mended: avoided {MENDED_AFTER} times since it was last made."
    return (
        f"Avoided {group.avoided} of {MENDED_AFTER} times since. Mended after {MENDED_AFTER} right "
        "answers, without a hint, to problems on which it is possible."
    )
