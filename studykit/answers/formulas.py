"""The verdict on a formula: right, wrong and why, or right but not in the form that is asked."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from .entries import matched
from .equality import Comparison, compare
from .errors import AnswerError
from .exact import evaluate
from .expressions import Expression
from .forms import has_decimals, missing_form
from .point import Work
from .shape_words import in_words
from .slips import find_slip
from .tree import Literal, Negate, walk

LISTED_WORK = 60_000
"""Work for all comparisons with listed wrong forms; see `Work`."""

NEARLY = 2e-2
"""Relative difference up to which decimals in a formula count as rounded constants."""


@dataclass(frozen=True, slots=True)
class ExpressionJudgement:
    """`result` is "right", "wrong" or "imprecise" (right, but rounded or not in the asked form).

    `slip` names the recognised slip, or is the key of the listed wrong form; "" if none.
    """

    result: str
    says: str = ""
    slip: str = ""


def same_expression(
    given: Expression,
    expected: Expression | Sequence[Expression],
    *,
    form: Sequence[str] = (),
    wrong: Mapping[str, tuple[Expression, str]] | None = None,
    tolerance: float = 0.0,
) -> ExpressionJudgement:
    """Judge a formula against the accepted one, or the first of several that fits.

    `form` lists demands ("simplified", "factored", "expanded", "no-decimals"); `wrong` maps a
    slip's name to a wrong form and what to say about it; `tolerance` is relative, for constants
    that are given rounded. The result depends on nothing but the arguments.

    Raises AnswerError where values are too large, or too much work, to be worked out.
    """
    keys = [expected] if isinstance(expected, Expression) else list(expected)
    first: Comparison | None = None
    met: tuple[Expression, Expression] = (given, keys[0])
    nearest = 1.0
    work = Work()
    for key in keys:
        pair = matched(given, key)
        if pair is None:
            continue
        if pair[0].tree == pair[1].tree:
            return _formed(given, form)
        found = compare(*pair, tolerance=max(tolerance, _rounding(key)), work=work)
        if found.same:
            return _formed(given, form)
        if first is None:
            first, met = found, pair
        if found.same is False:
            nearest = min(nearest, found.gap)
    if first is None:
        return _other_shape(given, keys[0], wrong)
    if first.same is None and first.unknown:
        raise AnswerError("The numbers in this are too large to be worked out.", 0)
    if first.same is None:
        return ExpressionJudgement(
            "wrong", "This has no value where the right answer has one." if keys else ""
        )
    if nearest < NEARLY and (has_decimals(given.tree) or _rounded(given, keys)):
        return ExpressionJudgement(
            "imprecise", "Nearly: write the constants exactly rather than rounded.", "rounded"
        )
    return _why(*met, first, wrong)


def _rounded(given: Expression, keys: Sequence[Expression]) -> bool:
    """Whether a single decimal is what one of the keys, a number, rounds to."""
    tree, sign = given.tree, 1
    if isinstance(tree, Negate):
        tree, sign = tree.body, -1
    if not isinstance(tree, Literal) or tree.last is None or tree.last >= 0:
        return False
    half = Fraction(10) ** tree.last / 2
    for key in keys:
        try:
            value = evaluate(key.tree)
        except AnswerError:
            continue
        if math.isfinite(value) and abs(sign * tree.value - Fraction(value)) <= half:
            return True
    return False


def _rounding(key: Expression) -> float:
    """How exactly a key without names was written down, where that takes seven digits or more."""
    literals = [n for n in walk(key.tree) if isinstance(n, Literal)]
    if key.used or not literals:
        return 0.0
    units = [
        float(Fraction(10) ** n.last / abs(n.value))
        for n in literals
        if n.last is not None and n.last < 0 and n.value
    ]
    return max((unit for unit in units if unit <= 1e-6), default=0.0)


def same_value(given: Expression, other: Expression, work: Work | None = None) -> bool:
    """Whether two formulas are the same function, in whatever form.

    Raises AnswerError where that takes more than the work allowed.
    """
    work = work or Work()
    pair = matched(given, other)
    if pair is None:
        return False
    if compare(*pair, enough=1, work=work).same is False:  # most differ at the first point
        return False
    return compare(*pair, work=work).same is True


def _formed(given: Expression, form: Sequence[str]) -> ExpressionJudgement:
    for demand in form:
        remark = missing_form(given.typed, demand)
        if remark:
            return ExpressionJudgement("imprecise", f"The value is right. {remark}", demand)
    return ExpressionJudgement("right")


def _listed(
    given: Expression, wrong: Mapping[str, tuple[Expression, str]] | None
) -> ExpressionJudgement | None:
    """The wrong form that was typed, if it is one of those listed and that can be told in time."""
    work = Work(LISTED_WORK)
    try:
        for slip, (form, says) in (wrong or {}).items():
            if same_value(given, form, work):
                return ExpressionJudgement("wrong", says, slip)
    except AnswerError:
        pass
    return None


def _why(
    given: Expression,
    key: Expression,
    found: Comparison,
    wrong: Mapping[str, tuple[Expression, str]] | None,
) -> ExpressionJudgement:
    listed = _listed(given, wrong)
    if listed is not None:
        return listed
    slip = find_slip(given, key, found)
    if slip is not None:
        return ExpressionJudgement("wrong", slip.says, slip.name)
    return ExpressionJudgement("wrong")


def _other_shape(
    given: Expression, key: Expression, wrong: Mapping[str, tuple[Expression, str]] | None
) -> ExpressionJudgement:
    listed = _listed(given, wrong)
    if listed is not None:
        return listed
    slip = find_slip(given, key, Comparison())
    said = f"The answer is {in_words(key.shape)}, yours is {in_words(given.shape)}."
    if slip is not None:
        return ExpressionJudgement("wrong", f"{said} {slip.says}", slip.name)
    return ExpressionJudgement("wrong", said, "shape")
