"""A card of every way to answer, for the tests of the study screen."""

from __future__ import annotations

from studykit.study.question import Slip
from tests.tui.fakes import Scripted, outcome, question

PLAIN = [Scripted(question(name)) for name in ("one", "two", "three")]


CHOICE = Scripted(
    question("pick", kind="choice", asks="choice", options=("To normalise.", "To tame.", "No.")),
    chosen=[
        outcome(
            "right" if number == 1 else "wrong",
            picked=number,
            right_option=1,
            option_notes=("Softmax does that.", "", "It has a reason."),
        )
        for number in range(3)
    ],
)


LINE = Scripted(
    question("line", kind="problem", asks="line", expects="a number, 2 decimal places", hints=2),
    answers={
        "0.25": outcome("right", reading="1/4"),
        "0.2": outcome("imprecise", back="", says="Give 2 decimal places.", intervals=()),
        "1/x": outcome(
            "unreadable", back="", says="The letter x is no number.", position=2, intervals=()
        ),
        "*": outcome("wrong", slips=(Slip("no-scale", "scaled", "You left out the scale."),)),
    },
    hints=("Scale first.", "Divide by two."),
    revealed=outcome(has_solution=True),
    worked="First **scale**, then sum.",
)


MATRIX = Scripted(
    question("matrix", kind="problem", asks="matrix", shape=(2, 2), expects="2×2 matrix"),
    answers={
        "*": outcome(
            "partly",
            says="3 of 4 cells are right.",
            cells=((True, False), (True, True)),
            given=(("1", "2.5"), ("3", "40.25")),
            has_solution=True,
        )
    },
)


OPEN = Scripted(
    question("open", kind="open", asks="rubric", rubric=("Names P", "Acts on rows", "Concludes"))
)
