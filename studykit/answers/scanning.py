"""The text of a matrix while it is taken apart: spans without blanks, and closing brackets."""

from __future__ import annotations

from dataclasses import dataclass

from .errors import AnswerError

ROW_CAP = 64

Span = tuple[int, int]
OPENS = {"[": "]", "(": ")", "{": "}"}


@dataclass(frozen=True, slots=True)
class Expected:
    """What is known of a matrix before it is read.

    `decimal_comma` states that a comma between digits is the decimal point; `shape` holds the rows
    and columns asked for; `listed` tells that one list is asked, which commas part.
    """

    decimal_comma: bool = False
    shape: tuple[int, int] | None = None
    listed: bool = False


@dataclass(frozen=True, slots=True)
class Text:
    """The characters, and what is known of the matrix they write."""

    body: str
    expected: Expected = Expected()

    def strip(self, start: int, end: int) -> Span:
        """The span without blanks at its ends."""
        while start < end and self.body[start].isspace():
            start += 1
        while end > start and self.body[end - 1].isspace():
            end -= 1
        return start, end

    def closing(self, opened: int) -> int:
        """The offset of the bracket that closes the one at `opened`."""
        stack = []
        for k in range(opened, len(self.body)):
            char = self.body[k]
            if char in OPENS:
                stack.append((OPENS[char], k))
                if len(stack) > ROW_CAP:
                    raise AnswerError("This is nested too deeply.", k)
            elif char in ")]}":
                if not stack or stack[-1][0] != char:
                    raise AnswerError(f"This {char} closes nothing that was opened.", k)
                stack.pop()
                if not stack:
                    return k
        raise AnswerError(f"This {self.body[stack[-1][1]]} is never closed.", stack[-1][1])

    def cut(self, start: int, end: int, marks: str) -> list[Span]:
        """Split at marks outside inner brackets."""
        parts = []
        depth = 0
        cell = start
        for k in range(start, end):
            char = self.body[k]
            if char in OPENS:
                depth += 1
            elif char in ")]}":
                depth -= 1
                if depth < 0:
                    raise AnswerError(f"This {char} was never opened.", k)
            elif depth == 0 and char in marks:
                parts.append(self.strip(cell, k))
                cell = k + 1
        if depth:
            raise AnswerError("A bracket is never closed here.", start)
        parts.append(self.strip(cell, end))
        return parts
