"""Matrices of plain cells, drawn with columns aligned on the decimal point.

Q (2×3) = ⎡ 1    −0.5  1/2⎤
          ⎣10.25  0    x  ⎦
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from studykit.typeset.boxes import bracket
from studykit.typeset.width import centred, columns

_NUMBER = re.compile(r"([+\-−±]?(?:[0-9]+(?:/[0-9]+)?|∞)?)((?:[.,][0-9]+)?(?:[eE][+\-−]?[0-9]+)?)")
GAP = 2
"""Blanks between two columns."""
WIDE_GAP = 4
"""The same where a cell holds blanks of its own, so that [0    ln 6 + 1] is plainly two cells."""


def matrix_lines(
    rows: Sequence[Sequence[str]],
    *,
    name: str = "",
    shape: bool = False,
    left: str = "[",
    right: str = "]",
) -> tuple[str, ...]:
    """The rows of a matrix of one-row cells, all of one width.

    Numbers of a column are aligned on the decimal point, signs and fractions to the left of it;
    other cells stand in the middle of their column. Short rows are filled with blanks. `name` and
    `shape` put `Q (3×4) = ` before the row that stands on the text line, which is row
    `(len(rows) - 1) // 2`.
    """
    count = max((len(row) for row in rows), default=0)
    filled = [[*row, *[""] * (count - len(row))] for row in rows]
    done = [_column([row[j] for row in filled]) for j in range(count)]
    gap = WIDE_GAP if any(" " in cell for row in filled for cell in row) else GAP
    body = [(" " * gap).join(column[i] for column in done) for i in range(len(filled))] or [""]
    height = len(body)
    sides = zip(bracket(left, height), body, bracket(right, height), strict=True)
    lines = tuple("".join(parts) for parts in sides)
    size = f"({len(rows)}×{count})" if shape else ""
    label = " ".join(part for part in (name, size) if part)
    if not label:
        return lines
    label += " = "
    blank = " " * columns(label)
    base = (height - 1) // 2
    return tuple((label if i == base else blank) + line for i, line in enumerate(lines))


def _column(cells: Sequence[str]) -> list[str]:
    """The cells of one column, all of one width."""
    parts = [_NUMBER.fullmatch(cell) if cell else None for cell in cells]
    whole = max((columns(part[1]) for part in parts if part), default=0)
    rest = max((columns(part[2]) for part in parts if part), default=0)
    width = max(
        [whole + rest, *(columns(c) for c, part in zip(cells, parts, strict=True) if not part)]
    )
    lead = (width - whole - rest) // 2
    done = []
    for cell, part in zip(cells, parts, strict=True):
        if part is None:
            done.append(centred(cell, width))
            continue
        before = " " * (lead + whole - columns(part[1]))
        done.append(before + cell + " " * (width - len(before) - columns(cell)))
    return done
