"""A sheet as PDF, on A4 or letter, made by Typst from source written here.

Only the fonts in the package are used and no clock is read, so the same sheet gives the same bytes.
Needs the package typst (extra `pdf`), loaded on use.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from studykit.sheets.errors import SheetError
from studykit.sheets.formats import Part
from studykit.sheets.sheet import PAPERS, Item, Sheet
from studykit.typeset.typst import equation, string, text, typst, typst_line

MADE = datetime(2026, 1, 1, tzinfo=UTC)
"""The date in every file: its bytes depend on its content alone."""
SIZES = dict(zip(PAPERS, ("a4", "us-letter"), strict=True))
"""Typst's names."""
ROOM = {"number": 2.2, "shape": 2.2, "vector": 3.5, "formula": 3.5, "matrix": 5.0}
"""Centimetres for an answer, by its kind; a step on the way adds some."""
STEP = 0.9
LEAD = 0.6
"""What the line above the steps takes of them."""


def write(sheet: Sheet, part: Part, worked: bool) -> bytes:
    """The PDF. Raises SheetError without the package typst."""
    typst = _typst()
    source = "\n\n".join(source_of(sheet, part, worked))
    try:
        made: bytes = typst.compile(
            source.encode(), format="pdf", ignore_system_fonts=True, timestamp=int(MADE.timestamp())
        )
    except RuntimeError as error:
        raise SheetError(f"Typst refused the sheet: {error}.") from error
    return made


def source_of(sheet: Sheet, part: Part, worked: bool) -> Iterator[str]:
    """The Typst source, part by part."""
    title = string(sheet.title)
    yield f"#set document(title: {title}, author: (), date: none)"
    yield (
        f'#set page(paper: "{SIZES[sheet.paper]}", margin: (x: 2.2cm, y: 2.2cm), '
        f"footer: context [#set text(size: 9pt); {text(sheet.title)} #h(1fr) "
        f'#{string(f"seed {sheet.seed}")}; #h(1fr) #counter(page).display("1 / 1", both: true)])'
    )
    yield '#set text(font: "Libertinus Serif", size: 11pt, lang: "en")'
    yield "#set par(leading: 0.7em, spacing: 1em)"
    yield "#show heading: set block(above: 1.8em, below: 0.7em)"
    yield "#set math.mat(column-gap: 0.8em, row-gap: 0.35em)"
    yield "#show raw: set text(size: 9pt)"
    yield f"#align(center)[#text(size: 17pt, weight: {string('bold')})[{text(sheet.title)}]]"
    yield f"#align(center)[{text(sheet.about)}]"
    if part != "key":
        yield "Name: #box(width: 1fr, line(length: 100%, stroke: 0.4pt)) #h(1em) Date: " + (
            "#box(width: 4cm, line(length: 100%, stroke: 0.4pt))"
        )
        for item in sheet.items:
            yield from _problem(item)
    if part != "problems":
        yield "#pagebreak()" if part == "both" else ""
        yield "= Key"
        for item in sheet.items:
            yield from _key(item, worked)


def _problem(item: Item) -> Iterator[str]:
    """A problem on one page: heading, ticket, question, steps, room."""
    room = ROOM[item.kind] + STEP * len(item.steps) - LEAD * bool(item.steps)
    yield "#block(breakable: false, width: 100%, above: 2em)["
    yield _head(item)
    yield typst(item.question)
    if item.steps:
        steps = "".join(f"[{typst_line(s.title)}, {equation(s.symbol)}]," for s in item.steps)
        yield f"#text(size: 9.5pt)[Steps on the way, if you like: #list({steps})]"
    yield f"#rect(width: 100%, height: {room:.1f}cm, stroke: 0.4pt + luma(60%), radius: 2pt)"
    yield "]"


def _key(item: Item, worked: bool) -> Iterator[str]:
    if worked:
        yield _head(item)
        yield typst(item.worked)
        return
    yield "#block(breakable: false, width: 100%, above: 1.6em)["
    yield _head(item)
    yield f"#align(left)[{equation(f'{item.symbol} = {item.answer}', display=True)}]"
    yield "]"


def _head(item: Item) -> str:
    ticket = f"#text(size: 8.5pt, fill: luma(35%))[#raw({string(item.ticket)})]"
    return f"== {item.number}. {typst_line(item.title)}\n\n{ticket}"


def _typst() -> Any:
    try:
        import typst
    except ImportError:
        raise SheetError(
            "A PDF needs the package typst: install studykit with its extra, `studykit[pdf]`."
        ) from None
    return typst
