"""Generated problems: drawn from a ticket, provably telling right from wrong, and explained.

A family declares givens, steps, mistakes and wording; everything else here follows from that.
"""

# The folder comes first: loading it later would put it in the place of the function `families`.
import studykit.problems.families  # noqa: F401  (loaded for its place alone)
from studykit.problems.diagnosis import Diagnosis
from studykit.problems.drawing import draw, read_ticket
from studykit.problems.export import (
    families_json,
    family_json,
    marking_json,
    problem_json,
    step_json,
)
from studykit.problems.family import Family, Mistake, ProblemError, Step
from studykit.problems.marking import Marking, mark
from studykit.problems.problem import Asks, Problem, StepView
from studykit.problems.registry import each_family, families, family_named, own
from studykit.problems.worked import answer, hints, solution

__all__ = [
    "Asks",
    "Diagnosis",
    "Family",
    "Marking",
    "Mistake",
    "Problem",
    "ProblemError",
    "Step",
    "StepView",
    "answer",
    "draw",
    "each_family",
    "families",
    "families_json",
    "family_json",
    "family_named",
    "hints",
    "mark",
    "marking_json",
    "own",
    "problem_json",
    "read_ticket",
    "solution",
    "step_json",
]
