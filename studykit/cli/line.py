"""Where line mode reads from and writes to: lines of text, nothing redrawn."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import fill
from typing import TextIO

from studykit.typeset import clean, plain

MEASURE = 88
"""Columns at most: longer lines are hard to read."""


class Leave(Exception):  # noqa: N818  (a learner leaving is no error)
    """The learner asked to stop, or the input ended."""


@dataclass
class Line:
    """A place to read lines from and to write them to."""

    source: TextIO
    target: TextIO
    width: int = 80

    def say(self, text: str = "") -> None:
        """One line or several, as they are."""
        self.target.write(text + "\n")
        self.target.flush()

    def tell(self, text: str) -> None:
        """A paragraph of our own words, broken between words."""
        self.say(fill(text, min(self.width, MEASURE), break_long_words=False))

    def show(self, markdown: str) -> None:
        """Card text, laid out for this width."""
        self.say(plain(markdown, width=min(self.width, MEASURE)))

    def ask(self, prompt: str) -> str:
        """What is typed after the prompt, cleaned. Raises Leave at the end of the input."""
        self.target.write(prompt)
        self.target.flush()
        try:
            text = self.source.readline()
        except KeyboardInterrupt:
            self.say()
            raise Leave from None
        if not text:
            self.say()
            raise Leave
        return clean(text).rstrip("\n")
