"""CSV and TSV → drafts: the delimiter and the columns are found out, and said.

Columns are named by the first line (front, back, and perhaps cloze, explain, tags, deck, id), or
without such a line are front, back and tags. Cells are the Markdown of cards.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from studykit.exchange.anki_text import anki_columns, take_anki_row
from studykit.exchange.dialect import DELIMITERS, Dialect, dialect_of
from studykit.exchange.errors import ExchangeError
from studykit.exchange.incoming import Draft, Incoming
from studykit.exchange.text_file import read_text

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
_GUARD = "'"
"""Written before a cell that a spreadsheet would take for a formula."""


def read_table(path: Path) -> Incoming:
    """The cards of a CSV or TSV file, or of a text file of Anki. Raises ExchangeError."""
    try:
        dialect = dialect_of(read_text(path), tabs=path.suffix.lower() in (".tsv", ".tab"))
        rows = list(_rows(dialect))
    except csv.Error as error:
        raise ExchangeError(f"{path.name} is no table: {error}.") from error
    if not rows:
        raise ExchangeError(f"{path.name} holds no rows.")
    width = max(len(row) for _, row in rows)
    columns, headed = (anki_columns(dialect, width), 0) if dialect.anki else _columns(rows[0][1])
    sort = "text file of Anki" if dialect.anki else "table"
    said = ", ".join(name or "–" for name in columns)
    parted = DELIMITERS.get(dialect.delimiter, f"“{dialect.delimiter}”")
    incoming = Incoming(f"{sort} with {parted}; columns: {said}")
    filled = Counter(at for _, row in rows[headed:] for at, cell in enumerate(row) if cell)
    names = rows[0][1] if headed else []
    for at in sorted(filled):
        if at >= len(columns):
            incoming.left["cells beyond the last column"] += filled[at]
        elif not columns[at]:
            called = f"the column “{names[at][:40]}”" if names else f"column {at + 1}"
            incoming.left[f"cells of {called}"] = filled[at]
    for line, row in rows[headed:]:
        cells = {column: cell for column, cell in zip(columns, row, strict=False) if column}
        draft = Draft(cells.pop("deck", "") or dialect.deck or path.stem, "", tags=dialect.tags,
                      where=f"line {line}")  # fmt: skip
        if dialect.anki:
            take_anki_row(incoming, draft, cells, html=dialect.html)
        else:
            _take(incoming, draft, cells)
    return incoming


def _rows(dialect: Dialect) -> Iterator[tuple[int, list[str]]]:
    """The rows that hold anything, each with the number of its first line."""
    lines = dialect.text.splitlines(keepends=True)
    reader = csv.reader(lines, delimiter=dialect.delimiter, strict=False)
    line = 1
    for row in reader:
        cells = [cell.strip() for cell in row]
        if any(cells):
            yield dialect.skipped + line, cells
        line = reader.line_num + 1


def _columns(first: Sequence[str]) -> tuple[list[str], int]:
    """The column of each cell ("" for one that is left), and 1 if the first row names them."""
    named = [_NAMED.get(cell.strip().lower().lstrip("#"), "") for cell in first]
    found = [column for column in named if column]
    if len(found) == len(set(found)) and ({"front", "back"} <= set(found) or "cloze" in found):
        return named, 1
    return ["front", "back", "tags", *[""] * len(first)][: len(first)], 0


def _take(incoming: Incoming, draft: Draft, cells: Mapping[str, str]) -> None:
    """The card of a row."""
    told = {column: unguarded(cell) for column, cell in cells.items()}
    cloze, front, back = (told.get(column, "") for column in ("cloze", "front", "back"))
    if not cloze and not (front and back):
        missing = "front" if not front else "back"
        incoming.refuse(draft.where, front or back, f"its {missing} is empty")
        return
    tags = told.get("tags", "").replace(",", " ").replace(";", " ").split()
    incoming.drafts.append(
        draft._replace(
            front=cloze or front,
            back="" if cloze else back,
            cloze=bool(cloze),
            explain=told.get("explain", ""),
            tags=tuple(dict.fromkeys((*draft.tags, *tags))),
            id=told.get("id", ""),
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
