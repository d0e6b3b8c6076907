"""The rules by which shapes go together: entry by entry, and as a matrix product."""

from __future__ import annotations

from .declarations import Dim, Shape


def broadcast(a: Shape, b: Shape) -> Shape | None:
    """The shape of an entry-by-entry operation; a vector beside a matrix is one of its rows."""
    if not a or a == b:
        return b
    if not b:
        return a
    if len(a) == 1 and len(b) == 1:
        return None
    if len(a) == 1 or len(b) == 1:
        (n,), matrix = (a, b) if len(a) == 1 else (b, a)
        if matrix in {(n, 1), (1, n)}:
            return matrix
        return matrix if matrix[1] == n else None
    joint: list[Dim] = []
    for p, q in zip(a, b, strict=True):
        if p != q and 1 not in (p, q):
            return None
        joint.append(q if p == 1 else p)
    return tuple(joint)


def product(a: Shape, b: Shape) -> Shape | None:
    """The shape of a matrix product; 1×1 counts as a number."""
    shape: Shape | None = None
    match a, b:
        case (n,), (m,):
            shape = () if n == m else None
        case (n,), (m, p):
            # x y^T is an outer product, x W a row times a matrix.
            shape = (p,) if n == m else (n, p) if m == 1 else None
        case (n, m), (p,):
            shape = (n,) if m == p else None
        case (n, m), (p, q):
            shape = (n, q) if m == p else None
    if shape is not None and shape and all(d == 1 for d in shape):
        return ()
    return shape


def turned(shape: Shape) -> Shape:
    return (1, shape[0]) if len(shape) == 1 else shape[::-1]
