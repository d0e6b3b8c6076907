"""A sheet as Moodle XML, for the question bank of a class: questions that Moodle marks by itself.

A number is a `numerical` question, with our mistakes as answers that earn nothing and say why; a
row, a matrix or a shape is a `cloze` question with a field for each cell. A formula is an `essay`,
since Moodle cannot judge it: the teacher sees the key. What is accepted is what studykit accepts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from studykit.answers import Exact
from studykit.problems.problem import allowances
from studykit.problems.values import Value, cells, finite, grid
from studykit.sheets.formats import Part
from studykit.sheets.sheet import Item, Sheet
from studykit.typeset import clean
from studykit.typeset.mathjax import mathjax_html

DECIMALS = "Type a fraction or a root as a decimal number with at least 3 places."
PENALTY = "0.3333333"
_FIELD = re.compile(r"\{(?=[0-9]*:)")


def write(sheet: Sheet, _part: Part, worked: bool) -> bytes:
    """XML in UTF-8 with LF."""
    quiz = Element("quiz")
    category = SubElement(quiz, "question", type="category")
    # A slash in a name would make a category within a category; Moodle doubles it.
    name = clean(sheet.title).replace("/", "//")
    _text(SubElement(category, "category"), f"$course$/top/studykit/{name}")
    for item in sheet.items:
        _question(quiz, item, worked)
    indent(quiz, " ")
    body: str = tostring(quiz, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n'.encode()


def _question(quiz: Element, item: Item, worked: bool) -> None:
    kind = _kind(item)
    question = SubElement(quiz, "question", type=kind)
    _text(SubElement(question, "name"), f"{item.number:03}. {clean(item.title)}")
    # Only what is written here makes a field to fill in.
    asked = _FIELD.sub("&#123;", _asked(item))
    if kind == "cloze":
        asked += f"\n{_fields(item)}"
    _html(question, "questiontext", asked)
    shown = item.worked if worked else f"${item.symbol} = {item.answer}$"
    _html(question, "generalfeedback", mathjax_html(shown))
    if kind != "cloze":
        SubElement(question, "defaultgrade").text = "1"
    SubElement(question, "penalty").text = "0" if kind == "essay" else PENALTY
    SubElement(question, "hidden").text = "0"
    SubElement(question, "idnumber").text = item.ticket
    if kind == "numerical":
        _numerical(question, item)
    elif kind == "essay":
        SubElement(question, "responseformat").text = "editor"
        SubElement(question, "responserequired").text = "1"
        SubElement(question, "responsefieldlines").text = "5"
        SubElement(question, "attachments").text = "0"
        _html(question, "graderinfo", mathjax_html(f"${item.symbol} = {item.answer}$"))


def _kind(item: Item) -> str:
    if item.kind == "formula" or not finite(item.problem.answer):
        return "essay"
    return "numerical" if item.kind == "number" else "cloze"


def _asked(item: Item) -> str:
    html = mathjax_html(item.question)
    exact = isinstance(item.problem.asks.precision, Exact)
    fractions = any(x != round(x) for x in map(float, cells(item.problem.answer)))
    if _kind(item) != "essay" and exact and fractions:
        html += f"\n<p>{escape(DECIMALS)}</p>"
    return html


def _numerical(question: Element, item: Item) -> None:
    """The right answer, then each wrong one that has a name."""
    ((right, allowed),) = _accepted(item, item.problem.answer)
    _answer(question, "100", right, allowed, "")
    for wrong in item.problem.wrongs:
        if finite(wrong.answer):
            ((value, allowed),) = _accepted(item, wrong.answer)
            _answer(question, "0", value, allowed, mathjax_html(wrong.mistake.says))


def _answer(question: Element, fraction: str, value: str, allowed: str, says: str) -> None:
    answer = SubElement(question, "answer", fraction=fraction, format="moodle_auto_format")
    SubElement(answer, "text").text = value
    SubElement(answer, "tolerance").text = allowed
    _html(answer, "feedback", says)


def _fields(item: Item) -> str:
    """A table with a field for each cell."""
    accepted = _accepted(item, item.problem.answer)
    rows = []
    for row in grid(item.problem.answer):
        inside = "".join(f"<td>{field(*next(accepted))}</td>" for _ in row)
        rows.append(f"<tr>{inside}</tr>")
    return f"<table>{''.join(rows)}</table>"


def field(right: str, allowed: str) -> str:
    """A field of a cloze question."""
    return f"{{1:NUMERICAL:={held(right)}:{held(allowed)}}}"


def held(text: str) -> str:
    """A text inside a field, where these signs would end it."""
    return re.sub(r"[\\~=#{}/\"]", lambda sign: "\\" + sign[0], text)


def _accepted(item: Item, value: Value) -> Iterator[tuple[str, str]]:
    """Each cell as a number with what it may be off."""
    problem = item.problem
    allowed = allowances(value, problem.asks.precision, problem.slack)
    for cell, off in zip(cells(value), allowed, strict=True):
        yield f"{float(cell):.12g}", f"{float(off):.6g}"


def _text(parent: Element, text: str) -> None:
    SubElement(parent, "text").text = text


def _html(parent: Element, tag: str, html: str) -> None:
    """HTML as text of XML, escaped once more, so that nothing can end it."""
    _text(SubElement(parent, tag, format="html"), html)
