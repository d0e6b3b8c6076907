"""What is painted straight is what Textual's own rendering gives."""

from __future__ import annotations

import pytest
from rich.segment import Segment
from textual.app import App, ComposeResult
from textual.content import Content, Span
from textual.style import Style
from textual.widgets import Static

from studykit.tui.widgets.painted import paint, rich

LINES = [
    Content(""),
    Content("plain"),
    Content("bold at once", [Span(0, 4, "bold")]),
    Content("one and two", [Span(0, 3, "bold red"), Span(8, 11, "italic on $surface")]),
    Content("touching", [Span(0, 5, "bold"), Span(5, 8, "$primary")]),
    Content("to the end", [Span(3, 10, "underline")]),
    Content("empty span", [Span(2, 2, "bold"), Span(4, 6, "dim")]),
    Content("overlaps", [Span(0, 6, "bold"), Span(3, 8, "red")]),
    Content("out of order", [Span(6, 12, "bold"), Span(0, 3, "red")]),
    Content("clicked", [Span(0, 7, Style.from_meta({"act": "choose(1)"}))]),
    Content("wide 模型 text", [Span(5, 7, "$accent")]),
]


class Plain(App[None]):
    def compose(self) -> ComposeResult:
        yield Static()


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.plain)
async def test_a_line_is_painted_as_textual_renders_it(line: Content) -> None:
    app = Plain()
    async with app.run_test():
        widget = app.query_one(Static)
        pieces = line.render(widget.visual_style, "", app.stylesheet.parse_style)
        expected = [Segment(text, rich(style)) for text, style in pieces if text]
        found = paint(widget, line)
        assert list(Segment.simplify(found)) == list(Segment.simplify(expected))
        assert found.cell_length == line.cell_length
