"""What a learner is asked and what comes back: plain values between Session and any front end.

A front end shows a Question, hands text down, and shows the Outcome. It holds no rule of its own.
All texts are the small Markdown of `typeset`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from studykit.memory import Grade

Kind = Literal["basic", "cloze", "choice", "formula", "problem", "flaw", "open"]
Asks = Literal["reveal", "choice", "line", "matrix", "rubric"]
"""How the answer is given: think and reveal, pick a number, type one line, type a matrix, or
explain and tick a rubric."""
Status = Literal["new", "learning", "review"]
Result = Literal["right", "partly", "wrong", "self", "unreadable", "imprecise"]
"""`self`: judged by the learner. `unreadable` and `imprecise` are no verdicts: the question stays
open and no attempt is used."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a problem, as it is asked by itself."""

    name: str
    title: str
    symbol: str
    """Its letter, in TeX."""
    asks: Asks
    shape: tuple[int, ...]
    expects: str
    grid: bool
    formula: bool
    hints: int


@dataclass(frozen=True, slots=True)
class Question:
    """One card as it is asked at this showing."""

    card: str
    deck: str
    deck_title: str
    kind: Kind
    asks: Asks
    text: str
    status: Status
    options: tuple[str, ...] = ()
    """A choice card's answers in the order of this showing."""
    rubric: tuple[str, ...] = ()
    """An open card's points, to be ticked after the reveal."""
    ticket: str = ""
    """Names the drawn problem; empty for other kinds."""
    shape: tuple[int, ...] = ()
    """Rows and columns asked for, where a matrix is."""
    expects: str = ""
    """What to type, in a few words: "3×2 matrix, 3 decimal places"."""
    hints: int = 0
    """How many hints there are to ask for."""
    grid: bool = False
    """Whether a grid of the asked shape may be offered at once. Not where the shape is part of
    what is to be found: a grid would give it away."""
    formula: bool = False
    """Whether the line that is typed is a formula."""
    weights: bool = False
    """Whether there are attention weights to look at, once the answer is out."""
    steps: tuple[Step, ...] = ()
    """The steps that can be asked one by one instead of the whole; empty where there are none."""


@dataclass(frozen=True, slots=True)
class Interval:
    """What a grade would do: days until the card is asked again; 0 is later in this session."""

    grade: Grade
    days: int

    @property
    def label(self) -> str:
        """Short form for a button: "soon", "3 d", "2.1 mo", "1.4 y"."""
        if self.days == 0:
            return "soon"
        if self.days < 31:
            return f"{self.days} d"
        if self.days < 365:
            return f"{self.days / 30.44:.1f} mo"
        return f"{self.days / 365.25:.1f} y"


@dataclass(frozen=True, slots=True)
class Slip:
    """A mistake whose result equals the learner's answer."""

    mistake: str
    step: str
    says: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the program makes of an answer, or of asking to see it."""

    result: Result
    back: str
    """The answer to show. Empty while the question is still open."""
    explain: str = ""
    says: str = ""
    """The verdict in one sentence."""
    reading: str = ""
    """What was understood from the typed text, as Markdown: "read as …"."""
    cells: tuple[tuple[bool, ...], ...] = ()
    """Which cells of a matrix are right; empty where the shape differs or nothing has cells."""
    given: tuple[tuple[str, ...], ...] = ()
    """The typed cells as read, beside `cells`."""
    slips: tuple[Slip, ...] = ()
    position: int | None = None
    """Where an unreadable answer stops making sense (0-based offset in the typed text)."""
    helped: bool = False
    """Whether `says` helps with the answer, as where shapes do not fit: it counts as a hint."""
    picked: int | None = None
    right_option: int | None = None
    option_notes: tuple[str, ...] = ()
    """Why each option of a choice is wrong, in the order shown; empty for the right one."""
    suggested: Grade | None = None
    intervals: tuple[Interval, ...] = ()
    has_solution: bool = False
    corrects: bool = False
    """Whether the card corrects its source: what the note says can be looked up."""
    noted_before: str = ""
    """What was noted on this open question when it was answered the last time with notes."""
    of_step: bool = False
    """The verdict on one step; the question itself stays open."""
    follow_through: bool = False
    """Right for the learner's own value of an earlier step."""
    steps: tuple[StepDone, ...] = ()
    """The steps, once all of them are done."""
    steps_say: str = ""
    """What they came to, in one sentence."""
    by_steps: bool = False
    """The verdict is that of the steps; no whole answer came before them."""
    almost: bool = False
    """By the steps nothing but arithmetic went wrong, or the answer came out right all
    the same and no mistake was named."""

    @property
    def judged(self) -> bool:
        """Whether this is a verdict, and not a request to type the answer again."""
        return self.result not in ("unreadable", "imprecise")

    @property
    def settled(self) -> bool:
        """Whether the question is answered and waits for a grade."""
        return self.judged and not self.of_step


@dataclass(frozen=True, slots=True)
class StepDone:
    """A step that was answered, or shown (its result is `self` then)."""

    step: Step
    typed: str
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Remaining:
    """What is left of this session, by status."""

    new: int
    learning: int
    review: int

    @property
    def total(self) -> int:
        return self.new + self.learning + self.review


@dataclass(frozen=True, slots=True)
class Summary:
    """What a session came to."""

    reviews: int
    by_grade: tuple[int, int, int, int]
    """Counts of Again, Hard, Good, Easy."""
    right: int
    judged: int
    """Answers the program judged, and how many of them were right."""
    seconds: int
    new: int
    mistakes: tuple[tuple[str, int], ...]
    """Sentences about diagnosed mistakes with their counts, most frequent first."""
    due_tomorrow: int
