"""Rectangles of characters with a baseline, and the few ways to put them together.

Every row of a box has the same width. The *core* is the part that brackets must cover: a
superscript sticks out of it, a fraction does not.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from studykit.typeset.width import centred, columns, padded


class Box(NamedTuple):
    """`lines` of `width` columns; `base` is the row that stands on the text line."""

    lines: tuple[str, ...]
    width: int
    base: int = 0
    top: int = 0
    bottom: int = 0
    """First and last row of the core."""

    @property
    def below(self) -> int:
        """Rows under the baseline."""
        return len(self.lines) - 1 - self.base

    @property
    def tall(self) -> bool:
        """Whether the core is more than one row."""
        return self.bottom > self.top


def text_box(text: str) -> Box:
    """One row."""
    return Box((text,), columns(text))


def block(lines: Sequence[str], base: int) -> Box:
    """A box that is core from top to bottom."""
    return Box(tuple(lines), columns(lines[0]), base, 0, len(lines) - 1)


NOTHING = text_box("")


def beside(boxes: Sequence[Box]) -> Box:
    """Boxes side by side on one baseline."""
    boxes = [box for box in boxes if box.width]
    if not boxes:
        return NOTHING
    if len(boxes) == 1:
        return boxes[0]
    above = max(box.base for box in boxes)
    below = max(box.below for box in boxes)
    if above == below == 0:
        return text_box("".join(box.lines[0] for box in boxes))
    rows: list[list[str]] = [[] for _ in range(above + 1 + below)]
    for box in boxes:
        blank = " " * box.width
        first = above - box.base
        for index, row in enumerate(rows):
            inside = 0 <= index - first < len(box.lines)
            row.append(box.lines[index - first] if inside else blank)
    return Box(
        tuple("".join(row) for row in rows),
        sum(box.width for box in boxes),
        above,
        min(above - box.base + box.top for box in boxes),
        max(above - box.base + box.bottom for box in boxes),
    )


def stacked(boxes: Sequence[Box], base_box: int) -> Box:
    """Boxes one under another, centred; the baseline and core are those of `boxes[base_box]`."""
    width = max(box.width for box in boxes)
    lines = [centred(line, width) for box in boxes for line in box.lines]
    above = sum(len(box.lines) for box in boxes[:base_box])
    base = boxes[base_box]
    return Box(tuple(lines), width, above + base.base, above + base.top, above + base.bottom)


def covered(box: Box) -> Box:
    """The same box, all of it core."""
    return Box(box.lines, box.width, box.base, 0, len(box.lines) - 1)


def fraction(over: Box, under: Box) -> Box:
    """A bar on the baseline, one column longer than what it carries on either side."""
    bar = "─" * (max(over.width, under.width) + 2)
    return covered(stacked((over, text_box(bar), under), 1))


def root(body: Box) -> Box:
    """A root sign whose line covers all of `body`."""
    if not body.tall and not body.base:
        lines = [" " + "_" * body.width, "√" + body.lines[0]]
        lines.extend(" " + line for line in body.lines[1:])
        return Box(tuple(lines), body.width + 1, 1, 1, 1)
    height = body.bottom + 1
    left = height + 1
    rows = [" " * left + "_" * body.width]
    for index, line in enumerate(body.lines):
        sign = " " * (height - index) + "╱" + " " * index if index < height else " " * left
        if index == height - 1:
            sign = "╲╱" + " " * (left - 2)
        rows.append(sign + line)
    return Box(tuple(rows), left + body.width, body.base + 1, 0, height)


_TALL = {
    # top, middle, bottom, and the extension between them
    "(": "⎛⎜⎝⎜",
    ")": "⎞⎟⎠⎟",
    "[": "⎡⎢⎣⎢",
    "]": "⎤⎥⎦⎥",
    "{": "⎧⎨⎩⎪",
    "}": "⎫⎬⎭⎪",
    "⌊": "⎢⎢⎣⎢",
    "⌋": "⎥⎥⎦⎥",
    "⌈": "⎡⎢⎢⎢",
    "⌉": "⎤⎥⎥⎥",
    "|": "││││",
    "‖": "‖‖‖‖",
}


def bracket(sign: str, height: int) -> tuple[str, ...]:
    """A bracket of `height` rows. A brace has a point only from three rows on."""
    if height == 1 or not sign:
        return (sign,) * height
    if sign in "⟨⟩":
        # ╱ over ╲, as deep as it is high, with the sign itself at the point of an odd height.
        half = height // 2
        opening = [" " * (half - 1 - i) + "╱" + " " * i for i in range(half)]
        closing = [" " * i + "╲" + " " * (half - 1 - i) for i in range(half)]
        point = [("⟨" + " " * (half - 1)) if sign == "⟨" else " " * (half - 1) + "⟩"]
        upper, lower = (opening, closing) if sign == "⟨" else (closing, opening)
        return (*upper, *(point if height % 2 else []), *lower)
    top, middle, bottom, link = tuple(_TALL.get(sign, sign * 4))
    rows = [top, *[link] * (height - 2), bottom]
    if height > 2:
        rows[(height - 1) // 2] = middle
    return tuple(rows)


def fenced(left: str, body: Box, right: str) -> Box:
    """Brackets around the core of `body`; what sticks out of the core stays outside them."""
    if {left, right} & set("{}⟨⟩") and body.bottom - body.top == 1:
        body = _opened(body)
    height = body.bottom - body.top + 1
    base = body.base - body.top
    sides = []
    for sign in (left, right):
        rows = bracket(sign, height)
        sides.append(Box(rows, columns(rows[0]), base, 0, height - 1))
    return beside((sides[0], body, sides[1]))


def _opened(body: Box) -> Box:
    """Room for the point of a brace: a blank row between the two rows of the core."""
    blank = " " * body.width
    at = body.top + 1
    lines = (*body.lines[:at], blank, *body.lines[at:])
    return Box(lines, body.width, at, body.top, body.bottom + 1)


def table(cells: Sequence[Sequence[Box]], align: str, gaps: Sequence[int]) -> Box:
    """Rows of boxes in aligned columns; a blank row between rows when one of them is tall.

    `align` has a letter a column (l, c, r), `gaps` the blanks before each column but the first.
    """
    widths = [max(row[j].width for row in cells) for j in range(len(align))]
    rows: list[Box] = []
    for cell_row in cells:
        parts: list[Box] = []
        for j, box in enumerate(cell_row):
            if j:
                parts.append(text_box(" " * gaps[j - 1]))
            parts.append(_set(box, widths[j], align[j]))
        rows.append(beside(parts))
    airy = any(len(row.lines) > 1 for row in rows)
    width = max(row.width for row in rows)
    lines: list[str] = []
    for index, row in enumerate(rows):
        if airy and index:
            lines.append(" " * width)
        lines.extend(padded(line, width) for line in row.lines)
    base = rows[0].base if len(rows) == 1 else (len(lines) - 1) // 2
    return Box(tuple(lines), width, base, 0, len(lines) - 1)


def _set(box: Box, width: int, side: str) -> Box:
    spare = width - box.width
    left = {"l": 0, "r": spare, "c": spare // 2}[side]
    lines = tuple(" " * left + line + " " * (spare - left) for line in box.lines)
    return Box(lines, width, box.base, box.top, box.bottom)
