"""Answers that are not one number: a list or set of numbers, a shape, a word from a given few.

They share the number reader; only what stands between the numbers is settled here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from .characters import clean
from .declarations import Dim
from .errors import AnswerError
from .judging import Judgement, MatrixJudgement, same_number
from .matrices import read_expected
from .numbers import Number
from .precision import Precision
from .scanning import Expected


@dataclass(frozen=True, slots=True)
class Listed:
    """Numbers in the order they were written; `braces` tells that it was written as a set."""

    items: tuple[Number, ...]
    braces: bool = False


_EMPTY = re.compile(r"\s*(?:\[\s*\]|\(\s*\)|\{\s*\}|∅|none|empty)\s*")
_TIMES = re.compile(r"\s*[×*,;x]\s*|\s+by\s+|\s+x\s+|\s+")
_DIM = re.compile(r"[^\W\d_][\w]*|\d{1,9}")
_TEX = re.compile(r"\\(?:times|left|right)(?![a-zA-Z])|\\[ ,;:!]")


def read_list(text: str, *, decimal_comma: bool = False) -> Listed:
    """A list or set of numbers: `1, 2, 3`, `[1 2 3]`, `{1, 2}`, one a line, or none at all.

    Raises AnswerError for anything that has rows and columns.
    """
    source = clean(text)
    braces = source.text.strip()[:1] == "{"
    if _EMPTY.fullmatch(source.text):
        return Listed((), braces or source.text.strip() == "∅")
    matrix = read_expected(text, Expected(decimal_comma, listed=True))
    if 1 not in matrix.shape:
        raise AnswerError("A list is asked here, not a matrix.", 0)
    return Listed(tuple(cell for row in matrix.rows for cell in row), braces)


def same_list(
    given: Listed,
    expected: Sequence[Fraction | float],
    precision: Precision,
    slack: float = 0.0,
    *,
    ordered: bool = True,
) -> MatrixJudgement:
    """Judge a list item by item; unordered, each item may match any that is still free.

    A set written with braces counts each value once, as sets do.
    """
    items = list(given.items)
    if given.braces and not ordered:
        items = [n for k, n in enumerate(items) if all(n.value != m.value for m in items[:k])]
    if len(items) != len(expected):
        said = f"{_count(len(expected))} expected, yours has {_count(len(items))}."
        return MatrixJudgement("wrong", None, said[0].upper() + said[1:])
    keys = list(expected)
    judged: list[Judgement] = []
    for place, item in enumerate(items):
        if ordered:
            judged.append(same_number(item, expected[place], precision, slack))
            continue
        verdicts = [same_number(item, key, precision, slack) for key in keys]
        best = min(range(len(keys)), key=lambda k: _RANK[verdicts[k].result], default=None)
        if best is not None and verdicts[best].result != "wrong":
            keys.pop(best)
            judged.append(verdicts[best])
        else:
            judged.append(Judgement("wrong"))
    return _summed(judged)


_RANK = {"right": 0, "imprecise": 1, "wrong": 2}


def _summed(judged: list[Judgement]) -> MatrixJudgement:
    cells = (tuple(one.result == "right" for one in judged),)
    right = sum(cells[0])
    if right == len(judged):
        return MatrixJudgement("right", cells)
    if all(one.result != "wrong" for one in judged):
        says = next(one.says for one in judged if one.says)
        return MatrixJudgement("imprecise", cells, says)
    if right:
        return MatrixJudgement("partly", cells, f"{right} of {len(judged)} are right.")
    return MatrixJudgement("wrong", cells)


def _count(n: int) -> str:
    return "one item" if n == 1 else f"{n} items" if n else "no items"


def read_shape(text: str, sizes: Iterable[str] = ()) -> tuple[Dim, ...]:
    """A shape: `3×2`, `(3, 2)`, `3 by 2`, `[8, n, d_k]`, `torch.Size([3, 2])`; `()` for a number.

    `sizes` are the names that may stand in it. Raises AnswerError for anything else.
    """
    source = clean(text)
    # Of the same length, so that a fault still has its place.
    body = _TEX.sub(lambda m: ("×" if m[0] == r"\times" else "").ljust(len(m[0])), source.text)
    m = re.fullmatch(r"\s*(?:torch\.)?(?:Size|shape)?\s*(.*?)\s*", body, re.DOTALL)
    inside = m[1] if m else body
    start = m.start(1) if m else 0
    while (
        inside and inside[0] in "([{" and inside[-1:] == {"(": ")", "[": "]", "{": "}"}[inside[0]]
    ):
        stripped = inside[1:-1]
        start += 1 + len(stripped) - len(stripped.lstrip())
        inside = stripped.strip()
    if not inside:
        if source.text.strip():
            return ()
        raise AnswerError("There is nothing to read.", 0)
    known = set(sizes)
    dims: list[Dim] = []
    k = 0
    while k < len(inside):
        found = _DIM.match(inside, k)
        word = _size_at(inside, k, known) if found and not found.group().isdigit() else found
        if word is None:
            raise AnswerError("A size is due here, such as 3 or n.", source.place(start + k))
        piece = word if isinstance(word, str) else word.group()
        dims.append(int(piece) if piece.isdigit() else piece)
        k += len(piece)
        if k == len(inside) or inside[k:].strip() == ",":
            break
        between = _TIMES.match(inside, k)
        if between is None or between.end() == len(inside):
            raise AnswerError("Write a shape as 3×2 or (3, 2).", source.place(start + k))
        k = between.end()
    return tuple(dims)


def _size_at(text: str, k: int, known: set[str]) -> str | None:
    """The longest known size at an offset, so that `nxd` is n×d."""
    fitting = [name for name in known if text.startswith(name, k)]
    return max(fitting, key=len, default=None)


def read_label(text: str, choices: Sequence[str]) -> str:
    """One of the given words, whatever its case, spacing or hyphens. Raises AnswerError else."""
    source = clean(text)
    said = _plain(source.text)
    if not said:
        raise AnswerError("There is nothing to read.", 0)
    exact = [choice for choice in choices if _plain(choice) == said]
    if len(exact) == 1:
        return exact[0]
    if len(exact) > 1:
        raise AnswerError(f"Which is meant: {', '.join(exact)}?", 0)
    begun = [choice for choice in choices if _plain(choice).startswith(said)]
    if len(begun) == 1 and len(said) > 1:
        return begun[0]
    raise AnswerError(f"Answer with one of: {', '.join(choices)}.", 0)


def _plain(text: str) -> str:
    return re.sub(r"[\s_.\-]+", " ", text).strip().casefold()
