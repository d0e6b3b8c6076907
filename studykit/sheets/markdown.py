"""A sheet as Markdown: readable as it is, with a block to fill in under every problem.

`studykit mark` reads the filled blocks: ```answer 3``` holds the answer to problem 3, and
```step 3 scores``` a step of it.
"""

from __future__ import annotations

from collections.abc import Iterator

from studykit.sheets.formats import Part
from studykit.sheets.sheet import Item, Sheet


def write(sheet: Sheet, part: Part, worked: bool) -> bytes:
    """UTF-8 with LF."""
    about = f"{sheet.about}. Fill in the blocks; `studykit mark` reads them."
    lines = [f"# {sheet.title}", "", about]
    if part != "key":
        for item in sheet.items:
            lines += problem(item)
    if part != "problems":
        lines += ["", "# Key"]
        for item in sheet.items:
            lines += key(item, worked)
    return ("\n".join(lines) + "\n").encode()


def problem(item: Item) -> Iterator[str]:
    """A problem with room for its answer and its steps."""
    yield from ("", f"## {item.number}. {item.title}", "", f"`{item.ticket}`", "", item.question)
    yield from ("", f"```answer {item.number}", "", "```")
    if item.steps:
        yield from ("", "Steps, if you like (each is marked from your own numbers):")
    for step in item.steps:
        yield from ("", f"{step.title}, ${step.symbol}$:")
        yield from ("", f"```step {item.number} {step.name}", "", "```")


def key(item: Item, worked: bool) -> Iterator[str]:
    """The answer, or the whole way to it."""
    yield from ("", f"## {item.number}. {item.title}", "")
    yield item.worked if worked else f"${item.symbol} = {item.answer}$"
