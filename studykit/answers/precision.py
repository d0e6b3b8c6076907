"""How precisely a question wants its number: exactly, to decimal places, or to significant figures.

Precision says what is asked for; the tolerance that follows from it is worked out in `judging`.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Exact:
    """The value itself: an integer, a fraction, √2/2."""


@dataclass(frozen=True, slots=True)
class Places:
    """Rounded to `n` digits after the point."""

    n: int


@dataclass(frozen=True, slots=True)
class Figures:
    """Rounded to `n` significant figures."""

    n: int


Precision = Exact | Places | Figures


def in_words(precision: Precision) -> str:
    """The precision as a request to the learner: "give 2 decimal places"."""
    match precision:
        case Places(0):
            return "give the nearest whole number"
        case Places(n):
            return f"give {n} decimal place{'s' if n != 1 else ''}"
        case Figures(n):
            return f"give {n} significant figure{'s' if n != 1 else ''}"
        case _:
            return "give the exact value, such as a fraction or a root"
