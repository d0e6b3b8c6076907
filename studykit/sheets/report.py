"""Marks as one web page: a class at a glance, then each learner, or the one there is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from studykit.sheets.grading import Overview, ProblemMark, SheetMark
from studykit.typeset.html import html_line
from studykit.typeset.page import escaped, page

RESULTS = ("right", "partly", "wrong", "unreadable", "blank")
SYMBOLS = dict(zip(RESULTS, "✓◐✗?–", strict=True))
MOST = 12
"""Mistakes listed for a class."""


def report(marked: Sequence[SheetMark], whole: Overview, title: str = "Marks") -> bytes:
    """The page, UTF-8 with LF."""
    parts = [f"<h1>{escaped(title)}</h1>"]
    if len(marked) > 1:
        parts += _overview(marked, whole)
    for sheet in marked:
        parts += _sheet(sheet, alone=len(marked) == 1)
    return page(title, "\n".join(parts)).encode()


def _overview(marked: Sequence[SheetMark], whole: Overview) -> Iterator[str]:
    yield (
        f'<p class="about">{whole.learners} learners; mean {whole.mean:.2f}, median '
        f"{whole.median:.2f} of {whole.of} points; {whole.unreadable} not readable.</p>"
    )
    yield "<h2>Problems</h2>"
    tickets = {one.number: one.ticket for one in marked[0].marks}
    yield _table(
        ("#", "problem", "mean", ""),
        (
            (str(number), _ticket(tickets[number]), f"{mean:.0%}", _bar(mean))
            for number, mean in whole.by_problem.items()
        ),
        numbers=(0, 2),
    )
    if whole.mistakes:
        yield "<h2>Most common mistakes</h2>"
        yield _table(
            ("learners", "mistake", "what was said"),
            ((str(n), escaped(name), html_line(says)) for name, says, n in whole.mistakes[:MOST]),
            numbers=(0,),
        )
    yield "<h2>Learners</h2>"
    yield _table(
        ("learner", "points", *RESULTS),
        (
            (
                escaped(sheet.learner),
                f"{sheet.points:g}",
                *(str(sum(one.result == name for one in sheet.marks)) for name in RESULTS),
            )
            for sheet in marked
        ),
        numbers=range(1, 7),
    )
    unread = [(sheet, one) for sheet in marked for one in sheet.unreadable]
    if unread:
        yield "<h2>To be looked at by a person</h2>"
        yield _table(
            ("learner", "#", "why it could not be read"),
            (
                (escaped(sheet.learner), str(one.number), html_line(one.says))
                for sheet, one in unread
            ),
            numbers=(1,),
        )


def _sheet(sheet: SheetMark, *, alone: bool) -> Iterator[str]:
    """One learner's marks. Only what was not right is explained."""
    points = f"{sheet.points:g} of {len(sheet.marks)} points"
    if sheet.unreadable:
        points += f"; not readable: {', '.join(str(one.number) for one in sheet.unreadable)}"
    if alone:
        yield f'<p class="about">{points}</p>'
    else:
        yield f"<h2>{escaped(sheet.learner)}: {points}</h2>"
    yield _table(
        ("", "#", "problem", "points", "what was said"),
        (_problem(one) for one in sheet.marks if alone or one.result != "right"),
        numbers=(1, 3),
    )


def _problem(one: ProblemMark) -> tuple[str, ...]:
    said = [html_line(one.says)] if one.says else []
    said += [html_line(d.says) for d in one.diagnosis if d.says not in one.says]
    for step in one.steps:
        own = " (from your own numbers)" if step.own else ""
        says = f": {html_line(step.says)}" if step.says and step.result != "right" else ""
        said.append(f"{_sign(step.result)} {escaped(step.name)}{own}{says}")
    return (
        _sign(one.result),
        str(one.number),
        _ticket(one.ticket),
        f"{one.points:.2f}",
        "<br>".join(said),
    )


def _table(
    heads: Sequence[str], rows: Iterator[tuple[str, ...]], *, numbers: Sequence[int] = ()
) -> str:
    """A table of HTML cells; columns of numbers stand to the right."""

    def row(tag: str, row: Sequence[str]) -> str:
        kinds = (' class="n"' if at in numbers else "" for at in range(len(row)))
        cells = (f"<{tag}{kind}>{cell}</{tag}>" for kind, cell in zip(kinds, row, strict=True))
        return f"<tr>{''.join(cells)}</tr>"

    body = "\n".join(row("td", one) for one in rows)
    return f'<div class="wide"><table>\n{row("th", heads)}\n{body}\n</table></div>'


def _sign(result: str) -> str:
    kind = result if result in ("right", "partly", "wrong") else "about"
    return f'<span class="{kind}" title="{escaped(result)}">{SYMBOLS.get(result, "?")}</span>'


def _ticket(ticket: str) -> str:
    return f'<span class="ticket">{escaped(ticket)}</span>'


def _bar(share: float) -> str:
    return f'<meter min="0" max="1" value="{share:.3f}"></meter>'
