"""A sheet as a Jupyter notebook: answers are texts in cells, checked where studykit is installed.

The cells run with any Python, since an answer stands between quotes: `1 2; 3 4` is no Python.
`studykit mark` reads the saved notebook, by the metadata of its cells.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from studykit.sheets.formats import Part
from studykit.sheets.markdown import asked, head, solved
from studykit.sheets.sheet import Item, Sheet
from studykit.typeset.markdown import markdown_line

_SETUP = """\
# Run this cell first. Answers go between the quotes, as you would write them: 3/4, 1 2; 3 4.
answers, steps = {{}}, {{}}
tickets = {tickets}


def check(number):
    try:
        from studykit.problems import draw, mark
    except ImportError:
        print("To check here, install studykit; or have this notebook marked by `studykit mark`.")
        return
    problem = draw(tickets[number])
    earlier = {{}}
    for (of, step), text in steps.items():
        text = str(text)
        if of == number and text.strip():
            found = mark(problem, text, step=step, earlier=dict(earlier))
            print(f"{{step}}: {{found.result}}. {{found.cause or found.says}}")
            earlier[step] = text
    text = str(answers.get(number, ""))
    if text.strip():
        found = mark(problem, text, earlier=earlier)
        print(f"Answer: {{found.result}}. {{found.cause or found.says}}")
    elif not earlier:
        print("Nothing is filled in yet.")"""


def write(sheet: Sheet, part: Part, worked: bool) -> bytes:
    """The notebook, in version 4.5 of its format: JSON with sorted keys, UTF-8 with LF."""
    cells = [_text("title", f"# {markdown_line(sheet.title)}\n\n{sheet.about}.")]
    if part != "key":
        tickets = {item.number: item.ticket for item in sheet.items}
        cells.append(_code("setup", _SETUP.format(tickets=_listed(tickets))))
        cells += [cell for item in sheet.items for cell in _problem(item)]
    if part != "problems":
        cells.append(_text("key", "# Key"))
        for item in sheet.items:
            cells.append(_text(f"key-{item.number}", f"{head(item)}\n\n{solved(item, worked)}"))
    book = {
        "cells": cells,
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return (json.dumps(book, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def _problem(item: Item) -> Iterator[dict[str, Any]]:
    n = item.number
    yield _text(f"problem-{n}", asked(item))
    for at, step in enumerate(item.steps, 1):
        yield _text(
            f"about-{n}-{at}",
            f"On the way, if you like: {markdown_line(step.title)}, ${step.symbol}$",
        )
        yield _code(
            f"step-{n}-{at}", _room(f"steps[{n}, {step.name!r}]"), {"answer": n, "step": step.name}
        )
    yield _code(f"answer-{n}", _room(f"answers[{n}]"), {"answer": n})
    yield _code(f"check-{n}", f"check({n})")


def _room(name: str) -> str:
    return f'{name} = r"""\n\n"""'


def _listed(tickets: dict[int, str]) -> str:
    inside = "".join(f"    {number}: {ticket!r},\n" for number, ticket in tickets.items())
    return f"{{\n{inside}}}"


def _text(name: str, source: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "id": name, "metadata": {}, "source": _lines(source)}


def _code(name: str, source: str, marked: dict[str, Any] | None = None) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": name,
        "metadata": {"studykit": marked} if marked else {},
        "outputs": [],
        "source": _lines(source),
    }


def _lines(source: str) -> list[str]:
    return source.splitlines(keepends=True)
