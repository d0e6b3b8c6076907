"""What is painted straight is what Textual's own rendering gives."""

from __future__ import annotations

import pytest
from rich.segment import Segment
from textual.app import App, ComposeResult
from textual.content import Content, Span
from textual.geometry import Region
from textual.strip import Strip
from textual.style import Style
from textual.widget import Widget
from textual.widgets import Static

from studykit.tui.themes import meanings
from studykit.tui.widgets.board import Board
from studykit.tui.widgets.buttons import Button, Buttons
from studykit.tui.widgets.painted import paint, rich
from studykit.tui.widgets.table import Table

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


def seen(strip: Strip) -> list[tuple[str, object]]:
    """Every character with its style; of a blank only the ground shows."""
    return [
        (character, style if character != " " or style is None else style.bgcolor)
        for text, style, _ in strip
        for character in text
    ]


class Ours(App[None]):
    CSS = """
    Board { height: 5; }
    Buttons { height: 2; }
    Table { height: 3; }
    """

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return meanings(dark=True, ansi=False)

    def compose(self) -> ComposeResult:
        yield Board()
        yield Buttons()
        yield Table(lambda number, width: Content(f"row {number} of {width}"))

    def on_mount(self) -> None:
        self.query_one(Board).show([*LINES, Content("too wide " * 20)])
        self.query_one(Buttons).show((Button("1", "Again", "grade(1)", "soon"),))
        self.query_one(Table).fill(40, at=1)


@pytest.mark.parametrize("no_color", [False, True], ids=["in colour", "without colours"])
@pytest.mark.parametrize("kind", [Board, Buttons, Table])
@pytest.mark.parametrize("scrolled", [False, True], ids=["at the top", "at the end"])
async def test_lines_shown_as_painted_are_what_textual_makes_of_them(
    kind: type[Board | Buttons | Table],
    no_color: bool,
    scrolled: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    if no_color:
        monkeypatch.setenv("NO_COLOR", "1")
    app = Ours()
    async with app.run_test(size=(60, 14)) as pilot:
        widget = app.query_one(kind)
        if scrolled and not isinstance(widget, Buttons):
            widget.move("end")
            await pilot.pause()
        size = widget.outer_size
        monkeypatch.setattr(kind, "render_line", lambda self, y: self.strips(range(y, y + 1))[0])
        for crop in (size.region, Region(3, 1, size.width - 9, 1)):
            found = widget.render_lines(crop)
            expected = Widget.render_lines(widget, crop)
            assert [strip.cell_length for strip in found] == [crop.width] * crop.height
            assert [seen(strip) for strip in found] == [seen(strip) for strip in expected]


async def test_rows_stand_within_their_padding() -> None:
    app = Ours()
    async with app.run_test(size=(60, 14)) as pilot:
        buttons = app.query_one(Buttons)
        alone = buttons.strips(range(1))[0].text
        buttons.styles.padding = (0, 6, 1, 2)
        await pilot.pause()
        padded, blank = (strip.text for strip in buttons.strips(range(2)))
        assert len(padded) == len(alone) == buttons.outer_size.width
        assert padded.index("1") == alone.index("1") - 2
        assert not blank.strip()
