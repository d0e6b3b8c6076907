"""Which reader takes a file, by its ending."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from studykit.exchange.errors import ExchangeError
from studykit.exchange.incoming import Incoming

ENDINGS = {
    ".apkg": "anki",
    ".colpkg": "anki",
    ".csv": "table",
    ".tsv": "table",
    ".tab": "table",
    ".txt": "table",
    ".md": "markdown",
    ".markdown": "markdown",
}


def read_file(path: Path, study_day: Callable[[int], int]) -> Incoming:
    """Everything in a foreign file. `study_day` takes ms since 1970. Raises ExchangeError."""
    sort = ENDINGS.get(path.suffix.lower())
    if sort is None:
        raise ExchangeError(
            f"{path.name} is of no known sort: studykit imports {', '.join(ENDINGS)} files."
        )
    if not path.is_file():
        raise ExchangeError(f"There is no file {path}.")
    if sort == "anki":
        from studykit.exchange.anki_import import read_anki

        return read_anki(path, study_day)
    if sort == "table":
        from studykit.exchange.table import read_table

        return read_table(path)
    from studykit.exchange.markdown_file import read_markdown

    return read_markdown(path)
