"""The verdict on a formula: right, wrong and why, or right but not in the form that is asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .entries import matched
from .equality import Comparison, compare
from .expressions import Expression
from .forms import has_decimals, missing_form
from .shape_words import in_words
from .slips import find_slip

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
    """
    keys = [expected] if isinstance(expected, Expression) else list(expected)
    first: Comparison | None = None
    met: tuple[Expression, Expression] = (given, keys[0])
    nearest = 1.0
    for key in keys:
        pair = matched(given, key)
        if pair is None:
            continue
        if pair[0].tree == pair[1].tree:
            return _formed(given, form)
        found = compare(*pair, tolerance=tolerance)
        if found.same:
            return _formed(given, form)
        if first is None:
            first, met = found, pair
        if found.same is False:
            nearest = min(nearest, found.gap)
    if first is None:
        return _other_shape(given, keys[0], wrong)
    if first.same is None:
        return ExpressionJudgement(
            "wrong", "This has no value where the right answer has one." if keys else ""
        )
    if nearest < NEARLY and has_decimals(given.tree):
        return ExpressionJudgement(
            "imprecise", "Nearly: write the constants exactly rather than rounded.", "rounded"
        )
    return _why(*met, first, wrong)


def same_value(given: Expression, other: Expression) -> bool:
    """Whether two formulas are the same function, in whatever form.

    Raises AnswerError where that takes too long to work out.
    """
    pair = matched(given, other)
    if pair is None or compare(*pair, enough=1).same is False:  # most differ at the first point
        return False
    return compare(*pair).same is True


def _formed(given: Expression, form: Sequence[str]) -> ExpressionJudgement:
    for demand in form:
        remark = missing_form(given.typed, demand)
        if remark:
            return ExpressionJudgement("imprecise", f"The value is right. {remark}", demand)
    return ExpressionJudgement("right")


def _listed(
    given: Expression, wrong: Mapping[str, tuple[Expression, str]] | None
) -> ExpressionJudgement | None:
    for slip, (form, says) in (wrong or {}).items():
        if same_value(given, form):
            return ExpressionJudgement("wrong", says, slip)
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
