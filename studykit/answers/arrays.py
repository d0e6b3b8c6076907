"""What the functions of whole vectors and matrices compute: softmax, sums along an axis, norm, inv.

They work on object arrays, in whichever arithmetic the entries are.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from .arithmetic import Scalar, Undefined
from .tree import Call

if TYPE_CHECKING:
    from .evaluation import Evaluator

Value = Any
"""A scalar of the kit or an object array of them."""


def is_array(value: Value) -> bool:
    """Whether a value is a vector or matrix rather than one number."""
    return hasattr(value, "ndim")


def aligned(a: Value, b: Value) -> tuple[Value, Value]:
    """Stand a vector up beside a column, so that it is added row by row.

    A number of mpmath beside an array becomes an array itself: left of one it would print the whole
    array into an exception before it gave way.
    """
    if not is_array(a) and is_array(b):
        return (a if isinstance(a, float | complex) else _alone(a)), b
    if is_array(a) and is_array(b):
        if a.ndim == 2 and b.ndim == 1 and a.shape[1] == 1:
            b = b.reshape(-1, 1)
        elif b.ndim == 2 and a.ndim == 1 and b.shape[1] == 1:
            a = a.reshape(-1, 1)
    return a, b


def _alone(value: Scalar) -> Value:
    import numpy as np

    out = np.empty((), dtype=object)
    out[()] = value
    return out


def matmul(a: Value, b: Value) -> Value:
    """The matrix product; a 1×1 result is a number."""
    if a.ndim == 1 and b.ndim == 2 and b.shape[0] == 1:
        a = a.reshape(-1, 1)
    result = a @ b
    if is_array(result) and result.size == 1:
        return result.reshape(-1)[0]
    return result


def stack(values: list[Value]) -> Value:
    """Numbers as a vector, vectors as the rows of a matrix."""
    import numpy as np

    if values and is_array(values[0]):
        return np.stack(values)
    out = np.empty(len(values), dtype=object)
    out[:] = values
    return out


def _softmax(run: Evaluator, node: Call, arguments: list[Value]) -> Value:
    x = arguments[0]
    axis = 0 if x.ndim == 1 or node.axis == 0 else 1
    top = max(_part(v) for v in x.flat)
    raised = run.each(lambda v: run.kit.call("exp", v - top), x)
    total = raised.sum(axis=axis, keepdims=True)
    if node.name == "logsoftmax":
        return x - top - run.each(lambda v: run.kit.call("ln", v), total)
    return raised / total


def _part(v: Scalar) -> Scalar:
    """The real part, by which complex entries are ordered."""
    return v.real if hasattr(v, "real") else v


def _reduce(run: Evaluator, node: Call, arguments: list[Value]) -> Value:
    x = arguments[0]
    if len(arguments) > 1:
        return _entrywise(run, node.name, arguments)
    if node.axis is None or x.ndim == 1:
        return _gather(run, node.name, list(x.flat))
    rows = x if node.axis == 1 else x.T
    values = stack([_gather(run, node.name, list(row)) for row in rows])
    if node.flat:
        return values
    return values.reshape(-1, 1) if node.axis == 1 else values.reshape(1, -1)


def _gather(run: Evaluator, name: str, values: list[Scalar]) -> Scalar:
    if name == "logsumexp":
        top = max(_part(v) for v in values)
        total = sum(
            (run.kit.call("exp", v - top) for v in values[1:]),
            start=run.kit.call("exp", values[0] - top),
        )
        return top + run.kit.call("ln", total)
    if name in {"var", "std"}:
        mean = run.gathered("mean", values)
        spread = run.gathered("mean", [(v - mean) * (v - mean) for v in values])
        return spread if name == "var" else run.kit.call("sqrt", spread)
    return run.gathered(name, values)


def _entrywise(run: Evaluator, name: str, arguments: list[Value]) -> Value:
    import numpy as np

    choose = max if name == "max" else min
    real = run.kit.real

    def two(x: Scalar, y: Scalar) -> Scalar:
        return choose(real(x), real(y))

    result = arguments[0]
    for other in arguments[1:]:
        a, b = aligned(result, other)
        result = np.frompyfunc(two, 2, 1)(a, b) if is_array(a) or is_array(b) else two(a, b)
    return result


def _norm(run: Evaluator, node: Call, arguments: list[Value]) -> Scalar:
    sizes = [abs(v) for v in arguments[0].flat]
    if node.name == "norm1":
        return sum(sizes[1:], start=sizes[0])
    return run.kit.call("sqrt", sum((s * s for s in sizes[1:]), start=sizes[0] * sizes[0]))


def _diag(run: Evaluator, _: Call, arguments: list[Value]) -> Value:
    x = arguments[0]
    if x.ndim == 2 and 1 not in x.shape:
        return stack([x[k, k] for k in range(x.shape[0])])
    entries = list(x.flat)
    zero = run.kit.number(Fraction(0))
    return stack(
        [stack([v if i == j else zero for j in range(len(entries))]) for i, v in enumerate(entries)]
    )


def _trace(run: Evaluator, _: Call, arguments: list[Value]) -> Scalar:
    x = arguments[0]
    return run.gathered("sum", [x[k, k] for k in range(x.shape[0])])


def _inverse(run: Evaluator, node: Call, arguments: list[Value]) -> Value:
    rows = [list(row) for row in arguments[0]]
    n = len(rows)
    run.work.spend(node.at, run.kit.cost.entry * 2 * n**3)
    one, zero = run.kit.number(Fraction(1)), run.kit.number(Fraction(0))
    if node.name == "inv":
        rows = [[*row, *(one if i == j else zero for j in range(n))] for i, row in enumerate(rows)]
    det = one
    for k in range(n):
        pivot = max(range(k, n), key=lambda i: abs(rows[i][k]))
        if abs(rows[pivot][k]) == 0:
            if node.name == "det":
                return zero
            raise Undefined
        if pivot != k:
            rows[k], rows[pivot] = rows[pivot], rows[k]
            det = -det
        head = rows[k][k]
        det = det * head
        for i in range(n):
            if i == k or (node.name == "det" and i < k):
                continue
            factor = rows[i][k] / head
            rows[i] = [a - factor * b for a, b in zip(rows[i], rows[k], strict=True)]
    if node.name == "det":
        return det
    return stack([stack([v / rows[i][i] for v in rows[i][n:]]) for i in range(n)])


def _made(run: Evaluator, node: Call, _: list[Value]) -> Value:
    sizes = [run.whole(argument) for argument in node.arguments]
    one, zero = run.kit.number(Fraction(1)), run.kit.number(Fraction(0))
    if node.name == "eye":
        n = sizes[0]
        return stack([stack([one if i == j else zero for j in range(n)]) for i in range(n)])
    entry = one if node.name == "ones" else zero
    if len(sizes) == 1:
        return stack([entry] * sizes[0])
    return stack([stack([entry] * sizes[1])] * sizes[0])


_Whole = Callable[["Evaluator", Call, list[Value]], Value]

WHOLE: dict[str, _Whole] = {
    "softmax": _softmax,
    "logsoftmax": _softmax,
    "norm": _norm,
    "norm1": _norm,
    "diag": _diag,
    "tr": _trace,
    "inv": _inverse,
    "det": _inverse,
    "ones": _made,
    "zeros": _made,
    "eye": _made,
    "sum": _reduce,
    "mean": _reduce,
    "prod": _reduce,
    "max": _reduce,
    "min": _reduce,
    "var": _reduce,
    "std": _reduce,
    "logsumexp": _reduce,
}
"""By name; every other function is applied to each entry."""
