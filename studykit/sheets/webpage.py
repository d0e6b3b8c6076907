"""A sheet as one web page with MathML: to read, to print and to keep, without a network."""

from __future__ import annotations

from collections.abc import Iterator

from studykit.sheets.formats import Part
from studykit.sheets.sheet import Item, Sheet
from studykit.typeset.html import html, html_line
from studykit.typeset.mathml import mathml
from studykit.typeset.page import escaped, page

ROOM = {"number": "low", "shape": "low", "vector": "middle", "formula": "middle", "matrix": "high"}
"""How much room an answer gets, by its kind."""


def write(sheet: Sheet, part: Part, worked: bool) -> bytes:
    """UTF-8 with LF."""
    parts = [f"<h1>{escaped(sheet.title)}</h1>", f'<p class="about">{escaped(sheet.about)}</p>']
    if part != "key":
        parts += [one for item in sheet.items for one in _problem(item)]
    if part != "problems":
        apart = ' class="key"' if part == "both" else ""
        parts.append(f"<section{apart}>\n<h1>Key</h1>")
        parts += [one for item in sheet.items for one in _key(item, worked)]
        parts.append("</section>")
    return page(sheet.title, "\n".join(parts), paper=sheet.paper).encode()


def _problem(item: Item) -> Iterator[str]:
    yield f'<section class="problem">\n<h2>{_head(item)}</h2>'
    yield f'<p class="ticket">{escaped(item.ticket)}</p>'
    yield html(item.question, top=3)
    if item.steps:
        yield '<p class="step">Steps on the way, if you like:</p>\n<ul class="step">'
        for step in item.steps:
            yield f"<li>{html_line(step.title)}, {mathml(step.symbol)}</li>"
        yield "</ul>"
    yield f'<div class="space {ROOM[item.kind]}"></div>\n</section>'


def _key(item: Item, worked: bool) -> Iterator[str]:
    yield f'<section class="problem">\n<h2>{_head(item)}</h2>'
    if worked:
        yield html(item.worked, top=3)
    else:
        yield f'<div class="formula">{mathml(f"{item.symbol} = {item.answer}", display=True)}</div>'
    yield "</section>"


def _head(item: Item) -> str:
    return f"{item.number}. {html_line(item.title)}"
