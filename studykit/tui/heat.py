"""The map of attention weights on the screen: shaded cells with their numbers, in three sizes."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from studykit.study.heat import SHADES, WeightMap, shade
from studykit.tui.text import EMPTY, Part, joined, lines, word, wrapped

STYLES = (
    "$quiet",
    "on $chosen 15%",
    "on $chosen 30%",
    "$chosen-text on $chosen 85%",
    "bold $chosen-text on $chosen",
)
"""Of a cell, by its shade: as far apart as leaves its number readable in every theme."""
ABOUT = "Rows are queries, columns keys; every row sums to 1."


def heat_lines(maps: Sequence[WeightMap], width: int, *, roomy: bool) -> list[Content]:
    """Every map under its title. `roomy`: cells three rows high."""
    found: list[Content] = []
    for one in maps:
        found += [*lines(f"**{one.title}:** ${one.symbol}$", width), EMPTY]
        found += [*drawn(one, width, roomy=roomy), EMPTY]
    about = [*wrapped(ABOUT, width), word(f"0 {' '.join(SHADES)} 1, a fifth each")]
    return [*found, *(row.stylize_before("$quiet") for row in about)]


def drawn(one: WeightMap, width: int, *, roomy: bool) -> list[Content]:
    """One map, in cells as wide as there is room for: 6, 10 or 14."""
    names = [word(name).plain for name in one.row_names]
    left = max(map(len, names)) + 2
    room = (width - left) // len(one.column_names)
    size = 14 if roomy and room >= 14 else 10 if room >= 10 else 7
    places = 2 if size == 7 else 3
    head: list[Part] = [" " * left]
    head += [(_short(name, size).center(size), "$quiet") for name in one.column_names]
    found = [joined(*head)]
    for name, row in zip(names, one.rows, strict=True):
        cells = [_cell(x, size, places) for x in row]
        blank = [(" " * size, STYLES[shade(x)]) for x in row]
        above = [joined(" " * left, *blank)] if roomy else []
        found += [*above, joined((name.ljust(left), "$quiet"), *cells), *above]
    return found


def _cell(weight: float, size: int, places: int) -> tuple[str, str]:
    """Shade sign and number: never the colour alone."""
    step = shade(weight)
    return f"{SHADES[step]} {weight:.{places}f}".center(size), STYLES[step]


def _short(name: str, size: int) -> str:
    """ "key 3", or "k3" where that is too wide."""
    return name if len(name) < size - 1 else name[:1] + name.rpartition(" ")[2]
