"""CSV and TSV → drafts: the delimiter and the columns are found out, and said.

Columns are named by the first line (front, back, and perhaps cloze, explain, tags, deck, id), or
without such a line are front, back and tags. Cells are the Markdown of cards.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

from studykit.exchange.errors import ExchangeError
from studykit.exchange.incoming import Draft, Incoming
from studykit.exchange.text_file import read_text

DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
COLUMNS = {
    "front": ("front", "question", "q", "term", "word", "prompt", "вопрос", "问题"),
    "back": ("back", "answer", "a", "definition", "meaning", "ответ", "答案"),
    "cloze": ("cloze", "text", "sentence"),
    "explain": ("explain", "explanation", "extra", "more", "note", "notes", "comment"),
    "tags": ("tags", "tag", "topic", "topics", "labels"),
    "deck": ("deck", "category", "notebook"),
    "id": ("id", "key", "guid"),
}
"""Our column → what it may be called."""
_NAMED = {name: column for column, names in COLUMNS.items() for name in names}
_LOOKED_AT = 50
_GUARD = "'"
"""Written before a cell that a spreadsheet would take for a formula."""


def read_table(path: Path) -> Incoming:
    """The cards of a CSV or TSV file. Raises ExchangeError."""
    text = read_text(path)
    delimiter, text = _delimiter(text, path)
    try:
        reader = csv.reader(text.splitlines(keepends=True), delimiter=delimiter, strict=False)
        rows, line = list[tuple[int, list[str]]](), 1
        for row in reader:
            rows.append((line, [cell.strip() for cell in row]))
            line = reader.line_num + 1
    except csv.Error as error:
        raise ExchangeError(f"{path.name} is no table: {error}.") from error
    rows = [
        (line, [cell.strip() for cell in row]) for line, row in rows if any(map(str.strip, row))
    ]
    if not rows:
        raise ExchangeError(f"{path.name} holds no rows.")
    columns, headed = _columns(rows[0][1])
    said = ", ".join(name or "–" for name in columns)
    incoming = Incoming(f"table with {DELIMITERS[delimiter]}; columns: {said}")
    for at, (column, name) in enumerate(zip(columns, rows[0][1], strict=False)):
        filled = sum(bool(row[at : at + 1] and row[at]) for _, row in rows[headed:])
        if not column and filled:
            called = f"the column “{name[:40]}”" if headed else f"column {at + 1}"
            incoming.left[f"cells of {called}"] = filled
    for line, row in rows[headed:]:
        _take(incoming, f"line {line}", row, columns, path.stem)
    return incoming


def _delimiter(text: str, path: Path) -> tuple[str, str]:
    """The sign between cells, and the text without a line that only names it (`sep=;`)."""
    first, _, rest = text.partition("\n")
    if first.lower().startswith("sep=") and first[4:5] in DELIMITERS:
        return first[4], rest
    if path.suffix.lower() in (".tsv", ".tab"):
        return "\t", text
    lines = text.splitlines(keepends=True)[:_LOOKED_AT]

    def agreement(delimiter: str) -> tuple[int, int]:
        """How many rows have as many cells as the first, and how many cells that is."""
        sizes = [len(row) for row in csv.reader(lines, delimiter=delimiter)]
        most = sizes[0] if sizes else 0
        return (sum(size == most for size in sizes) if most > 1 else 0), most

    try:
        return max(DELIMITERS, key=agreement), text
    except csv.Error as error:
        raise ExchangeError(f"{path.name} is no table: {error}.") from error


def _columns(first: Sequence[str]) -> tuple[list[str], int]:
    """The column of each cell ("" for one that is left), and 1 if the first row names them."""
    named = [_NAMED.get(cell.strip().lower().lstrip("#"), "") for cell in first]
    found = [column for column in named if column]
    if len(found) == len(set(found)) and ({"front", "back"} <= set(found) or "cloze" in found):
        return named, 1
    return ["front", "back", "tags", *[""] * len(first)][: len(first)], 0


def _take(incoming: Incoming, where: str, row: list[str], columns: list[str], deck: str) -> None:
    cells = {column: unguarded(cell) for column, cell in zip(columns, row, strict=False) if column}
    unnamed = [cell for cell in row[len(columns) :] if cell]
    if unnamed:
        incoming.left["cells beyond the last column"] += len(unnamed)
    cloze = cells.get("cloze", "")
    front, back = cells.get("front", ""), cells.get("back", "")
    if not cloze and not (front and back):
        missing = "front" if not front else "back"
        incoming.refuse(where, front or back or " ".join(row), f"its {missing} is empty")
        return
    tags = cells.get("tags", "").replace(",", " ").replace(";", " ").split()
    incoming.drafts.append(
        Draft(
            cells.get("deck", "") or deck,
            cloze or front,
            "" if cloze else back,
            bool(cloze),
            cells.get("explain", ""),
            tuple(dict.fromkeys(tags)),
            cells.get("id", ""),
            where,
        )
    )


def guarded(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula; a number stays as it is."""
    if cell[:1] not in ("=", "+", "-", "@", _GUARD):
        return cell
    try:
        float(cell)
    except ValueError:
        return _GUARD + cell
    return cell


def unguarded(cell: str) -> str:
    """What `guarded` was given."""
    return cell[1:] if cell[:1] == _GUARD and cell[1:2] in ("=", "+", "-", "@", _GUARD) else cell
