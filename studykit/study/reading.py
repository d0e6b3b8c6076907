"""What a text that is being typed reads as so far: the line under an answer field.

A text that stops short is no error yet: it has a place where the reading stopped, and no message.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from studykit.answers import AnswerError


@dataclass(frozen=True, slots=True)
class Reading:
    """What was understood, as Markdown; or the place and the reason where it was not."""

    says: str = ""
    position: int | None = None
    cause: str = ""
    """Empty where the text only ends too early."""


NOTHING = Reading()


def stopped(text: str, error: AnswerError) -> Reading:
    """A reading that stopped; in the last word of the text there is simply more to come.

    Shapes that do not fit are no matter of reading: they are told of an answer, as a hint.
    """
    from studykit.answers import ShapesError, tex

    if isinstance(error, ShapesError) and error.tree is not None:
        return Reading(f"${tex(error)}$")
    rest = text.rstrip()[error.position :]
    return NOTHING if not rest or rest.isalnum() else Reading("", error.position, error.cause)


def read_cell(text: str, *, decimal_comma: bool = False) -> Reading:
    """One cell of a matrix: "1/3 = 0.3333" for what is more than a plain number."""
    from studykit.answers import AnswerError, echo, read_number

    if not text.strip():
        return NOTHING
    try:
        number = read_number(text, decimal_comma=decimal_comma)
    except AnswerError as error:
        return Reading("", error.position, error.cause)
    shown = echo(number)
    plain = number.places is not None or (
        number.exact is not None and number.exact.denominator == 1
    )
    if plain and shown.replace("−", "-") == text.strip().replace("−", "-"):
        return NOTHING
    return Reading(shown if plain else f"{shown} = {number.value:.6g}")
