"""Ways to write a name or a function: `dk`, `d_{k}` for d_k, `yhat` for ŷ, `log_2`, `sum_rows`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from .functions import GREEK, SPELLINGS

_WORD_OF = {glyph: word for word, glyph in GREEK.items()}
_MARKS = {"\u0302": "hat", "\u0304": "bar", "\u0303": "tilde"}


@dataclass(frozen=True, slots=True)
class Atom:
    """A piece of a run: "name", "constant", "function", "index", "indexed" or "delta"."""

    kind: str
    name: str
    start: int
    subscript: str = ""


def function_named(run: str) -> Atom | None:
    """A function's spelling, plainly or with a capital; `log_b` carries its base."""
    for spelling in (run, run[:1].lower() + run[1:], run.lower() if run.isupper() else run):
        if spelling in SPELLINGS:
            return Atom("function", SPELLINGS[spelling], 0)
    if m := re.fullmatch(r"log_(?:\{([^{}]+)\}|(\w+))", run):
        base = (m[1] or m[2]).strip()
        known = {"2": "log2", "10": "log10", "e": "ln"}.get(base)
        return Atom("function", known, 0) if known else Atom("function", "logb", 0, base)
    if m := re.fullmatch(r"(softmax|sum|mean|max)_(?:\{)?(rows?|cols?|columns?)\}?", run):
        axis = "1" if m[2].startswith("row") else "0"
        return Atom("function", m[1], 0, f"axis={axis}")
    return None


def subscripts(run: str, k: int, rank: int) -> Iterator[tuple[int, str]]:
    """Subscripts that can start at offset k: `_{i,j}`, `_ij`, `_12`."""
    if not run.startswith("_", k) or k + 1 >= len(run):
        return
    if run[k + 1] == "{":
        end = run.find("}", k)
        if end > 0:
            yield end + 1 - k, run[k + 2 : end]
        return
    if rank == 1 and (m := re.compile(r"\d+").match(run, k + 1)):
        yield m.end() - k, m.group()
        return
    piece = run[k + 1 : k + 1 + rank]
    if len(piece) == rank and "_" not in piece:
        yield rank + 1, piece
    if rank == 2 and len(run) == k + 2:
        yield 2, run[k + 1]


def spellings(name: str) -> Iterator[str]:
    """Other ways to write a declared name: `dk`, `d_{k}`, `sigma` for σ, `yhat` for ŷ."""
    if "{" in name:
        yield name.replace(" ", "")
        return
    bases = {name}
    parts = name.split("_")
    for variants in _products([list(_part_variants(part)) for part in parts]):
        head, rest = variants[0], variants[1:]
        bases.add("_".join(variants))
        if rest:
            bases.add(f"{head}_{{{'_'.join(rest)}}}")
            bases.add(f"{head}_{{{','.join(rest)}}}")
            bases.add("".join(variants))
            if rest[-1] in {"hat", "bar", "tilde"} and len(rest) > 1:
                bases.add(f"{head}_{rest[-1]}_{'_'.join(rest[:-1])}")
    # A word of one letter less than two characters must not shadow a constant.
    yield from bases - {"e"}


def _products(choices: list[list[str]]) -> Iterator[list[str]]:
    if not choices:
        yield []
        return
    for head in choices[0]:
        for tail in _products(choices[1:]):
            yield [head, *tail]


def _part_variants(part: str) -> Iterator[str]:
    yield part
    if part in GREEK:
        yield GREEK[part]
    elif part in _WORD_OF:
        yield _WORD_OF[part]
    apart = unicodedata.normalize("NFD", part)
    if len(apart) == 2 and apart[1] in _MARKS:
        yield f"{apart[0]}_{_MARKS[apart[1]]}"
        yield f"{apart[0]}{_MARKS[apart[1]]}"
    m = re.fullmatch(r"(.)_?(hat|bar|tilde)", part)
    if m:
        mark = next(c for c, word in _MARKS.items() if word == m[2])
        yield unicodedata.normalize("NFC", m[1] + mark)


def distance(one: str, other: str) -> int:
    """How many letters must be put in, left out or changed to make one word the other."""
    row: list[int] = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        above, row[0] = row[0], i
        for j, b in enumerate(other, 1):
            above, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, above + (a != b))
    return row[-1]
