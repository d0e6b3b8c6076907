"""The log of answers for other programs: JSON lines, complete and ready to be joined again, or a
table of answers for a spreadsheet.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from io import StringIO

from studykit.exchange.table import guarded
from studykit.progress import Review, Store
from studykit.progress.exchange import lines_out

COLUMNS = {
    "id": "name of the answer, the same on every machine",
    "at": "when it was given, UTC",
    "day": "study day",
    "card": "id of the card; empty for a problem outside the decks",
    "deck": "id of its deck",
    "kind": "study, cram, interview, rapid; only study forms memory",
    "was": "why it was asked: new, learning, due, early; missed: an interview missed it",
    "grade": "1 Again, 2 Hard, 3 Good, 4 Easy",
    "due": "day that the answer set",
    "elapsed_ms": "time until the answer, in ms",
    "result": "right, partly, wrong, or empty where you judged yourself",
    "answer": "what was typed",
    "ticket": "rebuilds the problem that was shown",
    "mistakes": "names of the mistakes that were found, with blanks between",
    "hints": "how many hints were shown",
    "suggested": "grade that was proposed",
    "session": "answers of one sitting have the same",
    "machine": "where it was given",
    "undone": "yes when it was taken back",
}
"""Column of the table → what it holds."""


def progress_lines(store: Store) -> Iterator[str]:
    """Every row of the log, one JSON object a line."""
    for line in lines_out(store):
        yield f"{line}\n"


def progress_table(store: Store) -> Iterator[str]:
    """Every answer, one line each, after a line with the names of the columns."""
    standing = {review.id for review in store.reviews()}
    yield _line(list(COLUMNS))
    for review in store.reviews(undone_too=True):
        yield _line([guarded(cell) for cell in _cells(review, review.id not in standing)])


def _cells(review: Review, undone: bool) -> list[str]:
    at = datetime.fromtimestamp(review.at_ms / 1000, UTC).isoformat(timespec="milliseconds")
    values = {
        **review._asdict(),
        "at": at.replace("+00:00", "Z"),
        "day": date.fromordinal(review.day).isoformat(),
        "due": _date(review.due),
        "mistakes": " ".join(review.mistakes),
        "undone": "yes" if undone else "",
    }
    return ["" if values[name] is None else str(values[name]) for name in COLUMNS]


def _date(day: int | None) -> str:
    return "" if day is None else date.fromordinal(min(day, date.max.toordinal())).isoformat()


def _line(cells: list[str]) -> str:
    held = StringIO()
    csv.writer(held, lineterminator="\n").writerow(cells)
    return held.getvalue()


def as_text(value: object) -> str:
    """A JSON document for a file."""
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"
