"""The plan for an interview: how ready on the day, what to do each day, and what else would do.

Date and minutes are moved by keys; a plan is made anew in a thread, so keys are heard meanwhile.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.content import Content

from studykit.memory.days import day_text
from studykit.study.errors import StudyError
from studykit.tui.command import Command, bindings
from studykit.tui.commands import BACK, SCROLLING
from studykit.tui.screens.base import Page
from studykit.tui.text import EMPTY, fitted, joined, lines, tell, word, wrapped
from studykit.tui.widgets.bar import Bar
from studykit.tui.widgets.board import Pane
from studykit.tui.widgets.keyline import KeyLine

if TYPE_CHECKING:
    from studykit.study.plan import Basis, Otherwise, Topic
    from studykit.study.plan import Plan as StudyPlan

AHEAD = 21
"""Days to the date that is shown first, unless a plan is followed."""
PLOT_WIDTH, PLOT_HEIGHT = 60, 20
"""Below this size the days are told in a table alone."""
DAYS_WIDTH = 70
"""Below this width the table of days is a short one."""
TALL = 14
STEP = 5
"""Minutes that a key adds."""

PLAN = (
    Command(
        "follow",
        "enter,f",
        "Follow this plan",
        footer="Follow",
        more="New cards, retention and the last days go by it; the decks show the countdown.",
    ),
    Command("date-later", "right,l", "A day later", action="move(1)", footer="Date", group="date"),
    Command("date-earlier", "left,h", "A day earlier", action="move(-1)", group="date"),
    BACK,
    Command("week-later", "right_square_bracket", "A week later", action="move(7)", group="week"),
    Command("week-earlier", "left_square_bracket", "A week back", action="move(-7)", group="week"),
    Command("more-time", "plus", "More time", action="add(1)", footer="Time", group="time"),
    Command("less-time", "minus", "Less time", action="add(-1)", group="time"),
    Command("stop-plan", "x", "Follow no plan", action="stop", footer="Stop"),
    Command(
        "what-if",
        "w",
        "Compare budgets and dates",
        footer="What if",
        more="Half, one and a half and twice the time; one, two and four weeks more.",
    ),
    *(one for one in SCROLLING if one.group != "sideways"),
)


class PlanScreen(Page[None]):
    """One plan, made anew at each change of date or minutes."""

    does = PLAN
    BINDINGS = bindings(PLAN)

    def __init__(self) -> None:
        super().__init__()
        self.on: Basis | None = None
        self.date = 0
        self.minutes = 0
        self.plan: StudyPlan | None = None
        self.others: tuple[Otherwise, ...] = ()
        self.busy = True
        self.failed = ""

    def compose(self) -> ComposeResult:
        yield Bar()
        yield Pane()
        yield KeyLine()

    def on_mount(self) -> None:
        self.query_one(Bar).show(word("Plan for an interview", "bold"))
        self.call_after_refresh(self.begin)

    def begin(self) -> None:
        """Read what there is to plan with, once the screen stands."""
        from studykit.study.plan import basis

        collection = self.studio.collection
        current = collection.plan
        try:
            self.on = basis(collection, current.decks if current else ())
        except StudyError as error:
            self.failed, self.busy = str(error), False
            self.show()
            return
        self.date = current.date if current else self.on.today + AHEAD
        seconds = current.strategy.seconds if current else 0.0
        self.minutes = round(seconds / 60) or self.on.usual_minutes
        self.make()

    def on_resize(self) -> None:
        self.show()

    # Making the plan.

    def make(self, compare: bool = False) -> None:
        self.busy = True
        self.show()
        on, date, minutes = self.on, self.date, self.minutes
        if on is not None:
            self.run_worker(
                lambda: self._make(on, date, minutes, compare), thread=True, exclusive=True
            )

    def _make(self, on: Basis, date: int, minutes: int, compare: bool) -> None:
        """In a thread."""
        from studykit.study.plan import make_plan, what_if

        try:
            plan = make_plan(on, date, minutes)
            others = what_if(on, plan) if compare else ()
            self.call_later(self._take, plan, others, "")
        except StudyError as error:
            self.call_later(self._take, None, (), str(error))

    def _take(self, plan: StudyPlan | None, others: tuple[Otherwise, ...], failed: str) -> None:
        if plan is not None and (plan.date, plan.minutes) != (self.date, self.minutes):
            return  # another one is being made
        self.plan, self.others, self.failed, self.busy = plan, others, failed, False
        if self.is_attached:
            self.show()

    # What stands on the screen.

    def show(self) -> None:
        """Lay the plan out for this size."""
        left = joined(("Plan for an interview", "bold"))
        current = self.studio.collection.plan
        right = f"following the plan for {day_text(current.date)}" if current else ""
        self.query_one(Bar).show(left, word(right, "$quiet"))
        narrow = self.app.size.width < 60
        rows = self._lines(min(self.app.size.width - (3 if narrow else 6), 120))
        indent = 0 if narrow else 1
        self.query_one(Pane).show([*self.headroom(), *(row.pad_left(indent) for row in rows)])
        self.keys_changed()

    def _lines(self, width: int) -> list[Content]:
        if self.failed:
            return wrapped(self.failed, width)
        if not self.date:
            return [word("Reading your cards …", "$quiet")]
        head = joined(
            ("By ‹ ", "$quiet"),
            (day_text(self.date), "bold"),
            (" ›, − ", "$quiet"),
            (f"{self.minutes} min", "bold"),
            (" + a day", "$quiet"),
            ("  planning …" if self.busy else "", "$quiet"),
        )
        if self.plan is None:
            return [head]
        from studykit.study.plan import advice

        plan = self.plan
        found = [head, EMPTY, *self._readiness(plan, width), EMPTY]
        for sentence in advice(plan):
            found += lines(f"- {sentence}", min(width, self.measure))
        if self.others:
            found += [EMPTY, *self._compared()]
        found += self._plot(width)
        found += [EMPTY, *self._topics(plan, width), EMPTY, *day_lines(plan, width)]
        return found

    def _readiness(self, plan: StudyPlan, width: int) -> list[Content]:
        room = max(8, min(40, width - 34))
        whole = plan.whole
        rows = (
            ("Ready today", whole.now.mean, "$quiet"),
            ("On the day", whole.then.mean, "$right"),
            ("Weakest tenth", whole.then.tenth, "$partly"),
            ("Without study", whole.untouched.mean, "$quiet"),
        )
        return [
            joined(
                (f"{name:<14}", "$quiet"),
                (f"{100 * share:>4.0f} %  ", "bold"),
                ("█" * round(room * share), colour),
                ("·" * (room - round(room * share)), "$quiet"),
            )
            for name, share, colour in rows
        ]

    def _compared(self) -> list[Content]:
        head = joined(("What if", "bold"))
        rows = [
            joined(
                f"  {day_text(one.date)}  {one.minutes:>4} min a day  ",
                (f"{100 * one.readiness:>3.0f} %", "bold"),
                (f"  {one.unlearnt} not learnt" if one.unlearnt else "", "$wrong"),
            )
            for one in self.others
        ]
        return [head, *rows]

    def _plot(self, width: int) -> list[Content]:
        size = self.app.size
        if self.plan is None or size.width < PLOT_WIDTH or size.height < PLOT_HEIGHT:
            return []
        from studykit.study.plan import load_figure
        from studykit.tui.plots import draw

        figure = load_figure(self.plan)
        return [EMPTY, *draw(figure, width, TALL)]

    def _topics(self, plan: StudyPlan, width: int) -> list[Content]:
        room = max(12, width - 22)
        head = fitted(joined(("Topics", "bold")), room)
        found = [joined(head, ("  today  on the day", "$quiet"))]
        weakest = sorted(plan.topics, key=lambda one: one.then.mean)
        return found + [topic_line(one, room) for one in weakest]

    # Commands.

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in ("follow", "what_if"):
            return self.plan is not None and not self.busy
        if action == "stop":
            return self.studio.collection.plan is not None
        if action in ("move", "add"):
            return self.on is not None
        return super().check_action(action, parameters)

    def action_move(self, days: int) -> None:
        if self.on is not None:
            self.date = max(self.on.today + 1, self.date + days)
            self.make()

    def action_add(self, steps: int) -> None:
        self.minutes = max(STEP, self.minutes + STEP * steps)
        self.make()

    def action_what_if(self) -> None:
        self.make(compare=True)

    def action_follow(self) -> None:
        if self.plan is None:
            return
        try:
            self.studio.collection.follow(self.plan.following)
        except StudyError as error:
            tell(self.app, str(error), "error")
            return
        self.studio.sitting = None
        tell(self.app, f"Studying goes by this plan until {day_text(self.plan.date)}.")
        self.show()

    def action_stop(self) -> None:
        try:
            self.studio.collection.follow(None)
        except StudyError as error:
            tell(self.app, str(error), "error")
            return
        self.studio.sitting = None
        tell(self.app, "No plan is followed any more; your settings decide again.")
        self.show()

    def action_scroll(self, where: str) -> None:
        self.query_one(Pane).move(where)

    def action_back(self) -> None:
        self.dismiss()


def topic_line(topic: Topic, room: int) -> Content:
    """A topic with its readiness today and on the day."""
    now, then = 100 * topic.now.mean, 100 * topic.then.mean
    colour = "$right" if then >= 90 else "$partly" if then >= 70 else "$wrong"
    return joined(
        fitted(word(topic.title), room), f"  {now:>3.0f} %", (f"  {then:>8.0f} %", colour)
    )


def day_lines(plan: StudyPlan, width: int) -> list[Content]:
    """What each day brings; where columns are few, without the year and the problems among it."""
    from studykit.study.plan import INTERVIEW_MINUTES

    whole = width >= DAYS_WIDTH
    names = ("new", "reviews", "problems", "minutes") if whole else ("new", "reviews", "minutes")
    mock = f"mock interview, {INTERVIEW_MINUTES} min" if whole else "mock"
    heads = "".join(f"  {name:>5}" for name in names)
    found = [joined((f"{'Day':<{10 if whole else 5}}", "bold"), (heads, "$quiet"))]
    for one in plan.days:
        cells = "".join(f"  {getattr(one, name):>{max(5, len(name))}}" for name in names)
        note = ("  " + mock, "$new") if one.interview else ("", "")
        if one.day == plan.today and not one.new and not one.reviews:
            note = ("  nothing left", "$quiet")
        found.append(joined(day_text(one.day)[0 if whole else 5 :] + cells, note))
    return found
