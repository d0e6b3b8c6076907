"""Slips in a mask: any mask of 0 and 1, and the causal one, between `scaled` and `masked`.

`past` is the number of cached keys: query i may see key j ≤ i + past. Multiplying the scores by a
0/1 mask is the same as setting the closed scores to 0: one mistake. A large negative number in
place of −∞ gives the same weights to every digit we ask for, before or after scaling: that is no
mistake here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from studykit.problems.arithmetic import NEVER, Matrix, masked, softmax, softmax_rows
from studykit.problems.family import Mistake


def closed(S: Matrix, open_to: Callable[[int, int], bool], fill: Callable[[Any], Any]) -> Matrix:
    """S with every pair (query i, key j) that is not open replaced by fill(score)."""
    return [[s if open_to(i, j) else fill(s) for j, s in enumerate(row)] for i, row in enumerate(S)]


def causal(scaled: Matrix, past: int) -> Matrix:
    """−∞ where key j comes after query i: j > i + past."""
    return closed(scaled, lambda i, j: j <= i + past, lambda _: NEVER)


def _filled(scores: Any, may: Any, fill: Callable[[Any], Any]) -> Any:
    if isinstance(scores, list):
        return [_filled(s, m, fill) for s, m in zip(scores, may, strict=True)]
    return scores if may else fill(scores)


def _flipped(may: Any) -> Any:
    return [_flipped(m) for m in may] if isinstance(may, list) else 1 - may


def _softmax(scores: Any) -> Any:
    return softmax_rows(scores) if isinstance(scores[0], list) else softmax(scores)


BY_MASK = (
    Mistake(
        "mask-ignored",
        "masked",
        lambda scores: scores,
        "You left out the mask: closed keys got weight.",
        cause="mask",
    ),
    Mistake(
        "polarity-flipped",
        "masked",
        lambda scores, may: masked(scores, _flipped(may)),
        "You exchanged open and closed keys.",
        cause="mask",
    ),
    Mistake(
        "closed-scores-zero",
        "masked",
        lambda scores, may: _filled(scores, may, lambda _: 0),
        r"You set closed scores to 0 (or multiplied by the mask); $e^0=1$ still gets weight.",
        cause="mask",
    ),
    Mistake(
        "minus-one",
        "masked",
        lambda scores, may: _filled(scores, may, lambda s: s - 1),
        r"You added $-1$ to closed scores; only $-\infty$ takes away all the weight.",
        cause="mask",
    ),
    Mistake(
        "not-renormalised",
        "weights",
        lambda scores, may: _filled(_softmax(scores), may, lambda _: 0),
        "You set closed weights to 0 after the softmax; then a row no longer sums to 1.",
        cause="mask",
    ),
)
"""For a row or matrix `scores` and a mask `may` of the same form, in which 1 means open."""

CAUSAL = (
    Mistake(
        "mask-ignored",
        "masked",
        lambda scaled: scaled,
        "You left out the causal mask: queries saw keys that come after them.",
        cause="mask",
    ),
    Mistake(
        "wrong-triangle",
        "masked",
        lambda scaled, past: closed(scaled, lambda i, j: j >= i + past, lambda _: NEVER),
        "You closed the past and opened the future: the triangle is the wrong one.",
        cause="mask",
    ),
    Mistake(
        "own-key-closed",
        "masked",
        lambda scaled, past: closed(scaled, lambda i, j: j < i + past, lambda _: NEVER),
        "You closed the diagonal too; a query may see the key at its own position.",
        cause="mask",
    ),
    Mistake(
        "one-key-ahead",
        "masked",
        lambda scaled, past: closed(scaled, lambda i, j: j <= i + past + 1, lambda _: NEVER),
        "You let every query see one key ahead of its own position.",
        when=lambda scaled: len(scaled) > 2,  # with two queries this opens everything
        cause="mask",
    ),
    Mistake(
        "polarity-flipped",
        "masked",
        lambda scaled, past: closed(scaled, lambda i, j: j > i + past, lambda _: NEVER),
        "You exchanged open and closed: only the keys to come were visible.",
        cause="mask",
    ),
    Mistake(
        "closed-scores-zero",
        "masked",
        lambda scaled, past: closed(scaled, lambda i, j: j <= i + past, lambda _: 0),
        r"You set closed scores to 0 (or multiplied by a 0/1 mask); $e^0=1$ still gets weight.",
        cause="mask",
    ),
    Mistake(
        "minus-one",
        "masked",
        lambda scaled, past: closed(scaled, lambda i, j: j <= i + past, lambda s: s - 1),
        r"You added $-1$ to closed scores; only $-\infty$ takes away all the weight.",
        cause="mask",
    ),
    Mistake(
        "not-renormalised",
        "weights",
        lambda scaled, past: closed(softmax_rows(scaled), lambda i, j: j <= i + past, lambda _: 0),
        "You set closed weights to 0 after the softmax; then the rows no longer sum to 1.",
        cause="mask",
    ),
    Mistake(
        "aligned-top-left",
        "masked",
        lambda scaled: closed(scaled, lambda i, j: j <= i, lambda _: NEVER),
        "You counted the queries from the first key; with a cache they come after the cached keys.",
        when=lambda past: past > 0,
        cause="mask",
    ),
)
