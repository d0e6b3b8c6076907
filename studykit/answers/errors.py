"""The exception of this room: text that cannot be read, with the place and the reason.

An unreadable answer is not a wrong one, so the message speaks to the learner who typed it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .tree import Node


class AnswerError(ValueError):
    """Typed text that was refused: `position` is a 0-based offset into it, `cause` one sentence."""

    def __init__(self, cause: str, position: int = 0) -> None:
        super().__init__(cause)
        self.cause = cause
        self.position = position

    def __str__(self) -> str:
        return self.cause


class ShapesError(AnswerError):
    """A formula that could be read, but whose shapes do not fit.

    Its sentence names both shapes and, where one thing mends it, that thing: "with Aᵀ it would". An
    interviewer says as much and lets one go on, so it is no verdict and costs no attempt. But it
    is an error in the mathematics and not in the writing, and the sentence has helped: whoever
    asked the question counts it as a hint, and does not say it before the answer is given. `tree`
    is what was read.
    """

    tree: Node | None = None
