"""Which slip turns the right formula into this one? Found by computing, not by comparing texts.

First the ratio of the two values is looked at (−1, 2, √d_k …), then small changes of the learner's
own formula are tried: if one of them makes it right, that was the slip. Last come parts that were
left out or put in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from .arithmetic import FLOATS, Undefined
from .arrays import Value, is_array
from .equality import Comparison, compare, fits
from .errors import AnswerError
from .evaluation import Evaluator
from .expressions import Expression
from .omissions import omission
from .point import Work
from .shapes import Check
from .tree import (
    ONE,
    TWO,
    Add,
    Big,
    Call,
    Divide,
    Literal,
    Multiply,
    Name,
    Negate,
    Node,
    Power,
    Transpose,
    replaced,
)

MUTANT_CAP = 60
SLIP_WORK = 30_000


@dataclass(frozen=True, slots=True)
class Slip:
    """A recognised slip: a short name, and a sentence for the learner."""

    name: str
    says: str


def find_slip(given: Expression, expected: Expression, found: Comparison) -> Slip | None:
    """The slip that explains a wrong formula, if a single one does."""
    try:
        if not fits(given.shape, expected.shape):
            return _shape_slip(given, expected)
        return (
            _reciprocal(found)
            or _ratio_slip(given, found)
            or _changed(given, expected)
            or _omitted(given, expected)
        )
    except AnswerError:
        # The search ran out of its budget; an unexplained wrong answer is still wrong.
        return None


def _same(given: Expression, tree: Node, expected: Expression, work: Work) -> bool:
    """Whether a changed tree is right: most are not at the first two points already."""
    try:
        check = Check(given.names)
        settled, shape = check.run(tree)
    except AnswerError:
        return False
    if not fits(shape, expected.shape):
        return False
    free = tuple((index, check.ranges[index]) for index in check.free)
    changed = replace(given, tree=settled, shape=shape, free=free)
    quick = compare(changed, expected, work=work, enough=2).same is True
    return quick and compare(changed, expected, work=work).same is True


def _shape_slip(given: Expression, expected: Expression) -> Slip | None:
    if given.shape != expected.shape[::-1] or len(given.shape) != 2:
        return None
    work = Work(SLIP_WORK)
    if _same(given, Transpose(given.typed), expected, work):
        return Slip("transpose", "This is the transpose of what is asked.")
    return None


# The ratio of the two values.


def _ratio_slip(given: Expression, found: Comparison) -> Slip | None:
    samples = [(place, _ratio(a, b)) for place, a, b in found.pairs if a is not None]
    ratios = [(place, r) for place, r in samples if r is not None]
    if len(ratios) < 2 or len(ratios) < len(found.pairs) - 1:
        return None
    first = ratios[0][1]
    if all(abs(r - first) <= 1e-8 * abs(first) for _, r in ratios):
        return _constant(first)
    for name in sorted(given.used | {n for (p, _), _ in ratios for n in p.sizes}):
        slip = _named(name, ratios)
        if slip is not None:
            return slip
    return None


def _ratio(a: Value, b: Value) -> Any:
    """given / expected where that is one real number, else None."""
    if a is None or b is None or is_array(a) != is_array(b):
        return None
    pairs = list(zip(a.flat, b.flat, strict=True)) if is_array(a) else [(a, b)]
    ratio: Any = None
    for x, y in pairs:
        if y == 0 or x == 0:
            if x == y:
                continue
            return None
        here = x / y
        if isinstance(here, complex):
            if abs(here.imag) > 1e-9 * abs(here.real):
                return None
            here = here.real
        if ratio is not None and abs(here - ratio) > 1e-8 * abs(ratio):
            return None
        ratio = here
    return ratio


def _constant(ratio: float) -> Slip | None:
    if abs(ratio + 1) < 1e-8:
        return Slip("sign", "The sign is wrong.")
    for size, words in ((0.5, "A factor 2 is missing."), (2.0, "There is a factor 2 too many.")):
        if abs(abs(ratio) - size) < 1e-8:
            also = " The sign is wrong too." if ratio < 0 else ""
            return Slip("factor-two", words + also)
    near = Fraction(ratio).limit_denominator(24)
    if near not in {0, 1} and abs(near) < 1000 and abs(ratio - float(near)) < 1e-8 * abs(ratio):
        return Slip("factor", f"Off by a constant factor: yours is {near} times the right one.")
    for base, size in (("2", 0.6931471805599453), ("10", 2.302585092994046)):
        if abs(abs(ratio) - size) < 1e-8 or abs(abs(ratio) - 1 / size) < 1e-8:
            return Slip("log-base", f"Natural logarithm or base {base}? The bases are mixed up.")
    return None


_POWERS = ((1.0, ""), (-1.0, ""), (0.5, "√"), (-0.5, "√"), (2.0, "²"), (-2.0, "²"))


def _named(name: str, ratios: list[tuple[Any, Any]]) -> Slip | None:
    """Whether the ratio is a power of one name at every point: a factor lost or doubled."""
    values = []
    for (point, indices), ratio in ratios:
        try:
            value = Evaluator(FLOATS, point, indices=dict(indices)).value(Name(name))
        except Undefined:
            return None
        if not isinstance(value, int | float) or value == 0 or value == 1:
            return None
        values.append((float(value), ratio))
    for power, mark in _POWERS:
        for sign in (1, -1):
            if any(power % 1 and v < 0 for v, _ in values):
                continue
            if all(abs(r - sign * v**power) <= 1e-8 * abs(r) for v, r in values):
                return _factor(name, power, mark, sign, is_size=name in ratios[0][0][0].sizes)
    return None


def _factor(name: str, power: float, mark: str, sign: int, *, is_size: bool) -> Slip:
    shown = f"√{name}" if mark == "√" else f"{name}{mark}"
    also = " The sign is wrong too." if sign < 0 else ""
    counting = is_size or name in {"n", "m", "N", "B", "T", "batch"}
    if abs(power) == 1 and counting:
        if power > 0:
            return Slip(
                "sum-for-mean", f"A sum where the mean is asked: 1/{name} is missing.{also}"
            )
        return Slip(
            "mean-for-sum", f"A mean where the sum is asked: 1/{name} does not belong.{also}"
        )
    if mark == "√":
        if power > 0:
            return Slip("scale", f"The scale 1/{shown} is missing.{also}")
        return Slip("scale", f"The scale 1/{shown} is there once too often.{also}")
    if power > 0:
        return Slip("factor", f"Yours is {shown} times the right one.{also}")
    return Slip("factor", f"The factor {shown} is missing.{also}")


def _reciprocal(found: Comparison) -> Slip | None:
    products = []
    for _, a, b in found.pairs:
        if a is None or b is None or is_array(a) or is_array(b):
            return None
        products.append(a * b)
    if len(products) >= 2 and all(abs(p - 1) < 1e-8 for p in products):
        return Slip("reciprocal", "This is the reciprocal of the right answer.")
    return None


# Small changes of the learner's formula.


def _changed(given: Expression, expected: Expression) -> Slip | None:
    work = Work(SLIP_WORK)
    tried = 0
    if given.shape and _same(given, Transpose(given.typed), expected, work):
        return Slip("transpose", "This is the transpose of what is asked.")
    unscaled = _unscaled(expected.used - given.used, given)
    for change, name, says in (*unscaled, *_CHANGES):
        for tree in replaced(given.typed, change):
            tried += 1
            if tried > MUTANT_CAP:
                return None
            if _same(given, tree, expected, work):
                return Slip(name, says)
    for tree in _signs(given.typed):
        tried += 1
        if tried > MUTANT_CAP:
            return None
        if _same(given, tree, expected, work):
            return Slip("sign", "The sign of one term is wrong.")
    return None


def _turn(node: Node) -> Node | None:
    if isinstance(node, Transpose):
        return node.body
    return Transpose(node) if isinstance(node, Name) else None


def _swap(node: Node) -> Node | None:
    if isinstance(node, Multiply) and len(node.factors) == 2:
        return Multiply(node.factors[::-1], node.mark)
    return None


def _root(node: Node) -> Node | None:
    """√x where x stands, and the other way round."""
    if isinstance(node, Call) and node.name == "sqrt":
        return node.arguments[0]
    if isinstance(node, Divide) and not (
        isinstance(node.bottom, Call) and node.bottom.name == "sqrt"
    ):
        return Divide(node.top, Call("sqrt", (node.bottom,)))
    return None


def _axis(node: Node) -> Node | None:
    if isinstance(node, Call):
        if node.name in {"softmax", "logsoftmax"}:
            return replace(node, axis=1 if node.axis == 0 else 0)
        other = {"rowsum": "colsum", "colsum": "rowsum", "rowmean": "colmean", "colmean": "rowmean"}
        if node.name in other:
            return replace(node, name=other[node.name])
    return None


def _mean(node: Node) -> Node | None:
    if isinstance(node, Call) and node.name in {"sum", "mean"}:
        return replace(node, name="mean" if node.name == "sum" else "sum")
    if isinstance(node, Big) and node.kind in {"sum", "mean"}:
        return replace(node, kind="mean" if node.kind == "sum" else "sum")
    return None


def _square(node: Node) -> Node | None:
    if isinstance(node, Power) and node.exponent == TWO:
        return node.base
    return None


def _minus(node: Node) -> Node | None:
    """e^x for e^−x, in a power or a call of exp."""
    if isinstance(node, Power) and not isinstance(node.exponent, Literal):
        other = node.exponent.body if isinstance(node.exponent, Negate) else Negate(node.exponent)
        return Power(node.base, other, node.mark)
    if isinstance(node, Call) and node.name == "exp":
        inner = node.arguments[0]
        return Call("exp", (inner.body if isinstance(inner, Negate) else Negate(inner),))
    return None


def _over(node: Node) -> Node | None:
    if isinstance(node, Divide) and node.top != ONE:
        return Divide(node.bottom, node.top)
    return None


def _double(node: Node) -> Node | None:
    return Multiply((TWO, node), "*") if isinstance(node, Multiply | Power) else None


_Change = Callable[[Node], Node | None]

_CHANGES: tuple[tuple[_Change, str, str], ...] = (
    (_turn, "transpose", "A transpose is missing, or one is too many."),
    (_swap, "order", "The order of two factors is swapped."),
    (_axis, "axis", "Rows and columns are confused: the other axis would be right."),
    (_mean, "sum-for-mean", "Sum and mean are confused."),
    (_root, "scale", "A square root is missing, or one is too many."),
    (_minus, "sign", "The sign of an exponent is wrong."),
    (_over, "reciprocal", "A fraction is upside down."),
    (_square, "square", "There is a square too many."),
    (_double, "factor-two", "A factor 2 is missing in one term."),
)


def _omitted(given: Expression, expected: Expression) -> Slip | None:
    work = Work(SLIP_WORK)

    def right(tree: Node, key: Node) -> bool:
        if tree is given.typed:
            return _same(expected, key, given, work)
        return _same(given, tree, expected, work)

    found = omission(given.typed, expected.typed, right)
    return None if found is None else Slip(*found)


def _unscaled(missing: frozenset[str], given: Expression) -> tuple[tuple[_Change, str, str], ...]:
    """For every number of the key that the learner never wrote: divide by its root somewhere."""

    def scale(name: str) -> _Change:
        root = Call("sqrt", (Name(name),))

        def change(node: Node) -> Node | None:
            if isinstance(node, Call) and node.name in {"softmax", "exp"}:
                return replace(node, arguments=(Divide(node.arguments[0], root),))
            return Divide(node, root) if isinstance(node, Multiply) else None

        return change

    return tuple(
        (scale(name), "scale", f"The scale 1/√{name} is missing.")
        for name in sorted(missing)
        if not given.names.shape(name)
    )


def _signs(tree: Node) -> Iterator[Node]:
    """Every tree with the sign of one term turned."""

    def flips(node: Node) -> Iterator[Node]:
        if isinstance(node, Add):
            for k, term in enumerate(node.terms):
                turned = term.body if isinstance(term, Negate) else Negate(term)
                yield Add((*node.terms[:k], turned, *node.terms[k + 1 :]))

    for width in range(8):

        def flip(node: Node, width: int = width) -> Node | None:
            return next((t for k, t in enumerate(flips(node)) if k == width), None)

        yield from replaced(tree, flip)
