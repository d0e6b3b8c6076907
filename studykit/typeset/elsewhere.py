"""Formulas outside our subset: TeXicode in two dimensions, else pylatexenc on one row.

Both are young or lossy in places, so each result must pass the proof of letters and digits; what
fails it is not shown.
"""

from __future__ import annotations

import importlib
import re
import threading
from typing import Any

from studykit.typeset import symbols
from studykit.typeset.proof import known_signs, letters_only, signs_of
from studykit.typeset.width import columns, padded

MAX_LENGTH = 400
"""TeXicode takes 0.3 s for a formula of 200 nested roots."""

_LOCK = threading.Lock()
_REWRITES = (
    (re.compile(r"\\operatorname\*?"), r"\\mathrm"),
    (re.compile(r"\\(?:l|r)Vert(?![a-zA-Z])"), r"\\|"),
    (re.compile(r"\\(?:bm|boldsymbol)(?![a-zA-Z])"), r"\\mathbf"),
    (re.compile(r"\\\\(?=\\)"), r"\\\\ "),
)
_COMMAND = re.compile(r"\\([a-zA-Z]+)")
_GROUPED = re.compile(r"[\^_]\s*\{[^{}]{2,}\}|\{[^{}]*\{|\\(?:[dt]?frac|sqrt|begin|binom|over)")
_SAFE = frozenset(" 0123456789+-−=()in")
_RARE = re.compile("[\u1d2c-\u1d3f\u1d41-\u1d42\u2c7d\ua700-\ua7ff\u1dbf]")


def two_dimensional(source: str) -> tuple[str, ...] | None:
    """TeXicode's rows, of one width, or None where it refuses or loses a letter or digit."""
    if len(source) > MAX_LENGTH:
        return None
    for pattern, instead in _REWRITES:
        source = pattern.sub(instead, source)
    pipeline: Any = importlib.import_module("texicode.pipeline")
    arts: Any = importlib.import_module("texicode.arts")
    with _LOCK:
        arts.font = arts.font_normal
        rows = _attempt(pipeline, source)
        if not _faithful(rows, source):
            generous = arts.unicode_scripts
            strict = {letter: pair for letter, pair in generous.items() if letter in _SAFE}
            arts.unicode_scripts = strict
            try:
                rows = _attempt(pipeline, source)
            finally:
                arts.unicode_scripts = generous
    if rows is None or not _faithful(rows, source):
        return None
    width = max(map(columns, rows))
    return tuple(padded(row, width) for row in rows)


def _faithful(rows: list[str] | None, source: str) -> bool:
    """Whether nothing is lost and no capital is drawn with a small, rare glyph."""
    return rows is not None and _whole(rows, source) and not any(map(_RARE.search, rows))


def _attempt(pipeline: Any, source: str) -> list[str] | None:
    try:
        rows = list(pipeline.render_tex_rows(source, False))
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError):
        return None
    if not rows or rows[0].startswith("TeXicode:") or ("?" in "".join(rows) and "?" not in source):
        return None
    return rows


def one_row(source: str) -> str | None:
    """pylatexenc's text, or None where it would be ambiguous or would drop a command.

    It loses the braces of groups, so a source with groups is refused.
    """
    if len(source) > MAX_LENGTH or _GROUPED.search(source):
        return None
    text = _flat(source)
    if not text or not _whole([text], source):
        return None
    # A command that it does not know is dropped without a word: \cancel{y} would become y.
    foreign = set(_COMMAND.findall(source)) - symbols.SYMBOLS.keys() - symbols.NAMES
    return text if all(len(_flat(f"\\{name}") or "") == 1 for name in foreign) else None


def _flat(source: str) -> str | None:
    from pylatexenc.latex2text import LatexNodes2Text
    from pylatexenc.latexwalker import LatexWalkerError

    try:
        text = LatexNodes2Text().latex_to_text(source, tolerant_parsing=False)
    except (LatexWalkerError, ValueError, TypeError, IndexError, RecursionError):
        return None
    return " ".join(str(text).split())


def _whole(rows: list[str], source: str) -> bool:
    """Whether the letters and digits drawn are those of the source, no more and no fewer.

    A command that is not known here stands for none, so one drawn by its name is refused.
    """
    return letters_only(signs_of("".join(rows))) == letters_only(known_signs(source))
