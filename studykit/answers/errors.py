"""The one exception of this room: text that cannot be read, with the place and the reason.

An unreadable answer is not a wrong one, so the message speaks to the learner who typed it.
"""

from __future__ import annotations


class AnswerError(ValueError):
    """Typed text that was refused: `position` is a 0-based offset into it, `cause` one sentence."""

    def __init__(self, cause: str, position: int = 0) -> None:
        super().__init__(cause)
        self.cause = cause
        self.position = position

    def __str__(self) -> str:
        return self.cause
