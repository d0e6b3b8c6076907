"""A sheet as Markdown: readable as it is, with a block to fill in under every problem.

`studykit mark` reads the filled blocks: ```answer 3``` holds the answer to problem 3, and
```step 3 scores``` a step of it.
"""

from __future__ import annotations

from collections.abc import Iterator

from studykit.sheets.formats import Part
from studykit.sheets.sheet import Item, Sheet
from studykit.typeset.markdown import markdown, markdown_line


def write(sheet: Sheet, part: Part, worked: bool) -> bytes:
    """UTF-8 with LF."""
    about = f"{sheet.about}. Fill in the blocks; `studykit mark` reads them."
    lines = [f"# {markdown_line(sheet.title)}", "", about]
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
    yield from ("", asked(item))
    yield from ("", f"```answer {item.number}", "", "```")
    if item.steps:
        yield from ("", "Steps, if you like (each is marked from your own numbers):")
    for step in item.steps:
        yield from ("", f"{markdown_line(step.title)}, ${step.symbol}$:")
        yield from ("", f"```step {item.number} {step.name}", "", "```")


def asked(item: Item) -> str:
    """Heading, ticket and question."""
    return f"{head(item)}\n\n`{item.ticket}`\n\n{markdown(item.question)}"


def key(item: Item, worked: bool) -> Iterator[str]:
    """The answer, or the whole way to it."""
    yield from ("", head(item), "", solved(item, worked))


def head(item: Item) -> str:
    return f"## {item.number}. {markdown_line(item.title)}"


def solved(item: Item, worked: bool) -> str:
    return markdown(item.worked if worked else f"${item.symbol} = {item.answer}$")
