"""Before and after an interview: what it is to be about, and the scorecard.

The questions themselves are asked on the study screen. An interview that was left goes on where it
stopped; its answers are on the disk.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.content import Content

from studykit.study.errors import StudyError
from studykit.study.words import counted
from studykit.tui.command import Command, bindings
from studykit.tui.commands import BACK, CLOSE, SCROLLING
from studykit.tui.screens.base import Page
from studykit.tui.screens.reading import Reading
from studykit.tui.text import EMPTY, acting, joined, lines, tell, word
from studykit.tui.widgets.bar import Bar
from studykit.tui.widgets.board import Board
from studykit.tui.widgets.keyline import KeyLine

if TYPE_CHECKING:
    from pathlib import Path

    from studykit.study.interview.interviewer import Interviewer
    from studykit.study.interview.rapid import RapidFire
    from studykit.study.interview.scorecard import Past
    from studykit.study.interview.terms import Terms
    from studykit.tui.app import StudyApp

STEP = 5
SAYS = {
    "junior": "what everybody must know",
    "mid": "mechanism and derivation",
    "senior": "trade-offs, numbers, failure",
    "research": "limits, evidence, open questions",
}

BEGIN = Command("begin", "enter", "Begin", footer="Begin", more="Goes on with one that was left.")
END = Command(
    "end",
    "e",
    "End it and see the scorecard",
    footer="End",
    more="The open interview, with what was answered in it.",
)
ANEW = Command("anew", "n", "Begin another", footer="New", more="Gives the open interview up.")
INTERVIEW = (
    BEGIN,
    BACK,
    END,
    ANEW,
    Command("rapid", "r", "Rapid fire", footer="Rapid", more="Two minutes of short questions."),
    Command("higher", "right,l", "Higher seniority", action="level(1)", footer="Level", group="lv"),
    Command("lower", "left,h", "Lower seniority", action="level(-1)", group="lv"),
    Command("longer", "plus", "Longer", action="time(1)", footer="Time", group="time"),
    Command("shorter", "minus", "Shorter", action="time(-1)", group="time"),
    Command("down", "down,j", "Next topic", action="step(1)", group="topic"),
    Command("up", "up,k", "Previous topic", action="step(-1)", group="topic"),
    Command("topic", "space", "This topic or not", action="choose_topic", footer="Topic"),
    Command("all-topics", "asterisk", "All topics", action="all"),
)


class InterviewScreen(Page[None]):
    """What the interview is to be about, and those of the past."""

    does = INTERVIEW
    BINDINGS = bindings(INTERVIEW)

    def __init__(self) -> None:
        super().__init__()
        self.level = 1
        self.minutes = 45
        self.topics: list[tuple[str, str]] = []
        """(deck, title) of what can be asked about."""
        self.off: set[str] = set()
        self.at = 0
        self.open: Terms | None = None
        self.past: tuple[Past, ...] = ()
        self.failed = ""

    def compose(self) -> ComposeResult:
        yield Bar()
        yield Board()
        yield KeyLine()

    def on_mount(self) -> None:
        self.query_one(Bar).show(word("Interview", "bold"))
        self.call_after_refresh(self.read)

    def read(self) -> None:
        """Look up topics, an open interview, and the past."""
        from studykit.study.interview.conduct import unfinished
        from studykit.study.interview.pool import pool
        from studykit.study.interview.scorecard import history

        collection = self.studio.collection
        try:
            titles = {info.id: info.title for info in collection.shelf.library.decks()}
            self.topics = [(one, titles.get(one, one)) for one in pool(collection).topics]
            self.open = unfinished(collection)
            self.past = history(collection)
        except StudyError as error:
            self.failed = str(error)
        self.show()

    def on_resize(self) -> None:
        self.show()

    def on_screen_resume(self) -> None:
        if self.topics:
            self.read()

    # What stands on the screen.

    @property
    def seniority(self) -> str:
        return list(SAYS)[self.level]

    def show(self) -> None:
        """Lay it out for this size."""
        width = self.measure
        rows = [*self.headroom(), *self._lines(width)]
        board = self.query_one(Board)
        board.show(rows)
        cursor = next((at for at, row in enumerate(rows) if row.plain.startswith("▸")), 0)
        board.keep(cursor)
        self.keys_changed()

    def _lines(self, width: int) -> list[Content]:
        if self.failed:
            return lines(self.failed, width)
        found: list[Content] = []
        if self.open is not None:
            found += [*lines(self._open_says(self.open), width), EMPTY]
        found += [
            joined(
                ("Level    ", "$quiet"),
                ("‹ ", "$quiet"),
                (self.seniority, "bold"),
                (" ›  ", "$quiet"),
                (SAYS[self.seniority], "$quiet"),
            ).truncate(width, ellipsis=True),
            joined(
                ("Time     ", "$quiet"),
                ("− ", "$quiet"),
                (f"{self.minutes} min", "bold"),
                (" +", "$quiet"),
            ),
            EMPTY,
            joined(("Topics", "bold")),
        ]
        for number, (deck, title) in enumerate(self.topics):
            mark = "[ ]" if deck in self.off else "[x]"
            style = "$quiet" if deck in self.off else ""
            topic = word(f"{mark} {title}", style).truncate(width - 2, ellipsis=True)
            line = acting(topic, f"pick({number})")
            found.append(joined(("▸ ", "bold"), line) if number == self.at else line.pad_left(2))
        past = [one for one in self.past if one.held]
        if past:
            from studykit.study.interview.report import trend

            found += [EMPTY, joined(("So far", "bold"))]
            found += lines("\n".join(trend(past)), width)
        return found

    def _open_says(self, terms: Terms) -> str:
        """The interview that was left, and what can be done with it."""
        stands = next((one for one in self.past if one.open), None)
        asked, seconds = (stands.questions, stands.seconds) if stands else (0, 0)
        keys = [self.key_of(one) for one in (BEGIN, END, ANEW)]
        return (
            f"**An interview is open:** {terms.seniority}, {counted(asked, 'question')} answered, "
            f"{seconds // 60} of {terms.minutes} minutes used. **{keys[0]}** goes on, "
            f"**{keys[1]}** ends it and shows the scorecard, **{keys[2]}** begins another."
        )

    # Commands.

    def label_of(self, command: Command) -> str:
        return "Go on" if command is BEGIN and self.open is not None else super().label_of(command)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in ("anew", "end"):
            return self.open is not None
        return super().check_action(action, parameters)

    def action_level(self, by: int) -> None:
        self.level = max(0, min(len(SAYS) - 1, self.level + by))
        self.show()

    def action_time(self, by: int) -> None:
        self.minutes = max(STEP, min(180, self.minutes + STEP * by))
        self.show()

    def action_step(self, by: int) -> None:
        self.at = max(0, min(len(self.topics) - 1, self.at + by))
        self.show()

    def action_pick(self, number: int) -> None:
        self.at = number
        self.action_choose_topic()

    def action_choose_topic(self) -> None:
        if self.topics:
            self.off ^= {self.topics[self.at][0]}
            self.show()

    def action_all(self) -> None:
        self.off = set() if self.off else {deck for deck, _ in self.topics}
        self.show()

    def action_begin(self) -> None:
        from studykit.study.interview.conduct import take_up

        if self.open is None:
            self.action_anew()
            return
        try:
            interview(self.studio, take_up(self.studio.collection))
        except StudyError as error:
            tell(self.app, str(error), "error")

    def action_anew(self) -> None:
        from studykit.study.interview.conduct import begin

        chosen = [deck for deck, _ in self.topics if deck not in self.off]
        if not chosen:
            tell(self.app, "Choose at least one topic with Space.", "warning")
            return
        topics = chosen if self.off else ()
        try:
            interviewer = begin(
                self.studio.collection,
                minutes=self.minutes,
                seniority=self.seniority,
                topics=topics,
            )
        except StudyError as error:
            tell(self.app, str(error), "error")
            return
        interview(self.studio, interviewer)

    def action_end(self) -> None:
        if self.open is not None:
            self.app.push_screen(ScorecardScreen(self.open))

    def action_rapid(self) -> None:
        from studykit.study.interview.rapid import rapid_fire

        try:
            rapid(self.studio, rapid_fire(self.studio.collection))
        except StudyError as error:
            tell(self.app, str(error), "error")

    def action_back(self) -> None:
        self.dismiss()


def interview(studio: StudyApp, interviewer: Interviewer, report: Path | None = None) -> None:
    """Ask on the study screen; the scorecard comes at the end, and goes to `report` too."""
    studio.practise(interviewer, closing=lambda: ScorecardScreen(interviewer.terms, report))


def rapid(studio: StudyApp, round_: RapidFire) -> None:
    """Two minutes on the study screen, then what came of them."""
    studio.practise(round_, closing=lambda: rapid_result(studio, round_))


def rapid_result(studio: StudyApp, round_: RapidFire) -> Reading:
    """Right answers, beside the best round so far."""
    from studykit.study.interview.rapid import result

    came = result(studio.collection, round_)
    says = f"**{came.right} right** of {came.asked} in two minutes."
    best = "Your best round so far." if came.record else f"Your best round: {came.best} right."
    return Reading("Rapid fire", lambda width: lines(f"{says}\n\n{best}", width))


class ScorecardScreen(Page[None]):
    """What came of an interview; kept as a file as well."""

    does = (CLOSE, BACK, *SCROLLING)
    BINDINGS = bindings(does)

    def __init__(self, terms: Terms, report: Path | None = None) -> None:
        super().__init__()
        self.terms = terms
        self.report = report
        self.text = "Making the scorecard …"

    def compose(self) -> ComposeResult:
        yield Bar()
        yield Board()
        yield KeyLine()

    def on_mount(self) -> None:
        self.query_one(Bar).show(word("Scorecard", "bold"))
        self.call_after_refresh(self.make)

    def make(self) -> None:
        """End the interview, write the scorecard down, and show it."""
        from studykit.study.interview.conduct import finish
        from studykit.study.interview.keep import keep
        from studykit.study.interview.report import markdown
        from studykit.study.interview.scorecard import history, scorecard

        collection = self.studio.collection
        try:
            finish(collection, self.terms)
            card = scorecard(collection, self.terms.id)
            self.text = markdown(card, history(collection))
            places = keep(collection, card, self.report)
            self.text += "".join(f"\n*Kept in* `{place}`\n" for place in places)
        except StudyError as error:
            self.text = str(error)
        self.on_resize()

    def on_resize(self) -> None:
        self.query_one(Board).show([*self.headroom(), *lines(self.text, self.measure)])

    def action_scroll(self, where: str) -> None:
        self.query_one(Board).move(where)

    def action_back(self) -> None:
        self.dismiss()
