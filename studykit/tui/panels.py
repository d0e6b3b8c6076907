"""What the first screen says beside the decks: the week ahead, half a year behind, what is weak.

Loaded once the decks stand. Every panel is a heading and lines of text; a bar or a shade never
stands without its number or its name.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from textual.content import Content

from studykit.study.outlook import WEEKS_BACK, Outlook
from studykit.tui.text import EMPTY, counted, fitted, in_a_row, joined, word, wrapped

BARS = "▁▂▃▄▅▆▇█"
SHADES = "·░▒▓█"
"""From no answer at all to as many as on the busiest day."""
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
LONGEST = 30
"""Cells of the longest bar."""
LEAST_LIST = 3
"""Rows from which a list is worth its place: a heading and two lines."""

COMING = (
    "The cards due this week, the decks you remember least, a calendar of your answers and your "
    "latest mistakes are shown here."
)
Panel = Callable[[Outlook, int], list[Content]]
"""From a width to its lines; none where there is nothing to say."""


def countdown(outlook: Outlook) -> str:
    """Days until the interview, in words; empty without one."""
    left = outlook.days_left
    if left is None:
        return ""
    says = {0: "Interview today", 1: "Interview tomorrow"}.get(left, f"Interview in {left} days")
    return f"{says}, a mock one today" if outlook.mock else says


def week_line(outlook: Outlook, width: int) -> Content:
    """Cards due on seven days in one line, the longest form that fits."""
    lead = ("Week   ", "$quiet")
    if not any(outlook.week):
        return joined(lead, ("nothing is due on these seven days", "$quiet"))
    most = max(outlook.week)
    names = [weekday(outlook.day + ahead) for ahead in range(1, len(outlook.week))]
    for letters, gap in ((3, 2), (3, 1), (1, 2), (1, 1), (0, 2), (0, 1)):
        said = [f"{name[:letters]} " if letters else "" for name in names]
        parts = [
            joined((name, "$quiet"), f"{count}", (bar(count, most), "$due"))
            for name, count in zip(("today ", *said), outlook.week, strict=True)
        ]
        line = joined(lead, in_a_row(parts, gap))
        if line.cell_length <= width:
            return line
    return EMPTY


def begin(outlook: Outlook, width: int) -> list[Content]:
    """For somebody who has answered nothing yet: what will stand here."""
    if outlook.answers or any(outlook.week):
        return []
    return [joined(("Once you study", "bold")), *wrapped(COMING, width)]


def week(outlook: Outlook, width: int) -> list[Content]:
    """Cards due on each of seven days, with bars."""
    if not outlook.answers and not any(outlook.week):
        return []
    most = max(outlook.week) or 1
    room = min(LONGEST, width - 14)
    found = [joined(("Due this week", "bold"))]
    for ahead, count in enumerate(outlook.week):
        name = "today" if not ahead else weekday(outlook.day + ahead)
        length = -(-room * count // most)
        found.append(joined((f"{name:<6}", "$quiet"), f"{count:>5}  ", ("█" * length, "$due")))
    return found


def calendar(outlook: Outlook, width: int) -> list[Content]:
    """A column a week, a row a weekday, shaded by the number of answers."""
    weeks = min(WEEKS_BACK, (width - 4) // 2)
    if not outlook.answers or weeks < 8:
        return []
    first = outlook.day - (outlook.day - 1) % 7 - 7 * (weeks - 1)
    most = max(outlook.answers.values())
    studied = counted(sum(day >= first for day in outlook.answers), "study day")
    heading = "Answers a day"
    long = f"{studied} in {weeks} weeks"
    said = long if len(heading) + 2 + len(long) <= width else studied
    found = [
        joined((heading, "bold"), (f"  {said}", "$quiet")),
        joined(("    " + months(first, weeks), "$quiet")),
    ]
    for row, name in enumerate(DAYS):
        cells = [(f"{name:<4}", "$quiet")]
        for column in range(weeks):
            day = first + 7 * column + row
            count = outlook.answers.get(day, 0)
            shade = " " if day > outlook.day else SHADES[-(-4 * count // most)]
            cells.append((f"{shade} ", "$right" if count else "$quiet"))
        found.append(joined(*cells))
    found.append(
        joined(
            ("    · none   ", "$quiet"),
            ("░ ▒ ▓ █", "$right"),
            (f"   up to {most}", "$quiet"),
        )
    )
    return found


def weak(outlook: Outlook, width: int) -> list[Content]:
    """The decks that are remembered least today."""
    if not outlook.weak:
        return []
    room = width - 8
    head = joined(fitted(joined(("Weakest today", "bold")), room), (f"{'recall':>8}", "$quiet"))
    return [
        head,
        *(
            joined(fitted(word(one.title), room - 1), f"{f'{100 * one.recall:.0f} %':>9}")
            for one in outlook.weak
        ),
    ]


def slips(outlook: Outlook, width: int) -> list[Content]:
    """The most frequent mistakes of late, with the family of problems."""
    if not outlook.slips:
        return []
    room = width - 6
    found = [joined(("Mistakes lately", "bold"))]
    for one in outlook.slips:
        mistake = word(one.mistake.replace("-", " "))
        name = joined(mistake, ("  ", ""), word(one.family or "formula", "$quiet"))
        found.append(joined((f"{one.times:>3} × ", "$wrong"), fitted(name, room)))
    return found


PANELS: tuple[Panel, ...] = (begin, week, weak, calendar, slips)
"""In the order in which they are left out where there is no room."""
LISTS = (weak, slips)
"""Panels that may be cut: what they say first matters most."""


def stacked(outlook: Outlook, width: int, height: int, *, with_week: bool = True) -> list[Content]:
    """As many panels as fit below one another, an empty line between; without the week where it
    stands elsewhere."""
    found: list[Content] = []
    for panel in PANELS:
        if panel is week and not with_week:
            continue
        lines = panel(outlook, width)
        room = height - len(found) - bool(found)
        if panel in LISTS and room >= LEAST_LIST:
            lines = lines[:room]
        if lines and len(lines) <= room:
            found += [EMPTY, *lines] if found else lines
    return found


def weekday(day: int) -> str:
    return DAYS[(day - 1) % 7]


def bar(count: int, most: int) -> str:
    """One cell, as high as the share of the most."""
    return BARS[-(-7 * count // most)] if count else " "


def months(first: int, weeks: int) -> str:
    """The names of months above the weeks in which they begin, two cells a week."""
    line = ""
    for column in range(weeks):
        begins = date.fromordinal(first + 7 * column)
        if begins.day <= 7 and len(line) <= 2 * column and column <= weeks - 2:
            line = f"{line:<{2 * column}}{begins:%b}"
    return line
