"""Content to strips without detours: one rich style for each style, looked up once.

Textual's own way makes new style objects for every run of text at every paint, so that text can be
selected with the mouse, and leads every line through borders, tints and opacity. A card is
repainted at every key, so this is what a key waits for.
"""

from __future__ import annotations

from collections.abc import Hashable
from functools import lru_cache
from itertools import pairwise
from typing import cast

from rich.segment import Segment
from rich.style import Style as RichStyle
from textual import events
from textual.content import Content
from textual.filter import ANSIToTruecolor
from textual.geometry import Region
from textual.strip import Strip
from textual.style import Style
from textual.widget import Widget


@lru_cache(maxsize=2048)
def rich(style: Style) -> RichStyle:
    return style.rich_style


@lru_cache(maxsize=2048)
def over(base: Style, style: Style) -> RichStyle:
    return rich(base + style)


def paint(widget: Widget, content: Content, width: int = 0) -> Strip:
    """One line of `content` on the widget's background, at least `width` cells wide."""
    base, parse = widget.visual_style, widget.app.stylesheet.parse_style
    spans = content.spans
    if any(after.start < before.end for before, after in pairwise(spans)):
        pieces = content.render(base, "", parse)
        strip = Strip([Segment(text, rich(style)) for text, style in pieces], content.cell_length)
        return strip.extend_cell_length(width, rich(base))
    # Most lines have one style after another: nothing there to be sorted and stacked.
    text, plain, at = content.plain, rich(base), 0
    segments = []
    for start, end, style in spans:
        if at < start:
            segments.append(Segment(text[at:start], plain))
        if start < end:
            segments.append(Segment(text[start:end], over(base, parse(style))))
        at = end
    length = content.cell_length
    if at < len(text) or length < width:
        segments.append(Segment(text[at:] + " " * (width - length), plain))
    return Strip(segments, max(length, width))


class Painted:
    """For a widget whose lines are shown as they are painted, without border, tint or opacity."""

    def strips(self, rows: range) -> list[Strip]:
        """These of its lines, each as wide as the widget."""
        raise NotImplementedError

    def render_lines(self, crop: Region) -> list[Strip]:
        widget = cast(Widget, self)
        found = self.strips(crop.line_range)
        if crop.column_span != (0, widget.outer_size.width):
            found = [strip.crop(*crop.column_span) for strip in found]
        for one in widget.get_line_filters():
            # What is painted here has true colours already.
            if not isinstance(one, ANSIToTruecolor):
                background = widget.background_colors[1]
                found = [strip.apply_filter(one, background) for strip in found]
        return found


class Acting:
    """Runs the action of what is clicked in a widget, where `text.acting` gave it one."""

    async def on_click(self, event: events.Click) -> None:
        action = event.style.meta.get("act")
        widget = cast(Widget, self)
        # What ends a selection is no click on what lies under it.
        if action and widget.text_selection is None:
            event.stop()
            # Textual would select the whole text at a double click.
            event.prevent_default()
            await widget.run_action(action if action.startswith("app.") else f"screen.{action}")


class Rows(Acting, Painted, Widget):
    """A few lines of fixed height from the top, painted again only when what they say changes.

    A line made by `text.acting` runs its action when clicked.
    """

    ALLOW_SELECT = False

    def __init__(self) -> None:
        super().__init__()
        self._painted: dict[Hashable, list[Strip]] = {}

    def says(self) -> Hashable:
        """Whatever the lines depend on, besides the width."""
        raise NotImplementedError

    def rows(self, width: int) -> list[Content]:
        """The lines for a width."""
        raise NotImplementedError

    def strips(self, rows: range) -> list[Strip]:
        width, whole = self.size.width, self.outer_size.width
        key = (self.says(), width, whole)
        found = self._painted.get(key)
        if found is None:
            if len(self._painted) > 64:
                self._painted.clear()
            left = self.styles.padding.left
            found = self._painted[key] = [
                paint(self, row.truncate(width).pad_left(left), whole) for row in self.rows(width)
            ]
        blank = Strip.blank(whole, rich(self.visual_style))
        return [found[y] if y < len(found) else blank for y in rows]

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._painted.clear()
