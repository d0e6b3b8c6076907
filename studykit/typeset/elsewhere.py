"""Formulas outside our subset: TeXicode in two dimensions, else pylatexenc on one row.

Both are young or lossy in places, so each result must pass the proof of letters and digits; what
fails it is not shown.
"""

from __future__ import annotations

import importlib
import re
import threading
from typing import Any

from studykit.typeset.proof import letters_only, signs_of
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
_GROUPED = re.compile(r"[\^_]\s*\{[^{}]{2,}\}|\{[^{}]*\{|\\(?:[dt]?frac|sqrt|begin|binom|over)")
# A command's own letters may or may not be drawn; what is no command must be.
_COMMANDS = re.compile(r"\\(?:begin|end)\s*\{[^{}]*\}|\\[a-zA-Z]+\*?|\\.")


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
        if rows is None or not _whole(rows, source):
            generous = arts.unicode_scripts
            arts.unicode_scripts = {
                letter: pair if pair[0].strip() and pair[1].strip() and letter in _SAFE else "  "
                for letter, pair in generous.items()
            }
            try:
                rows = _attempt(pipeline, source)
            finally:
                arts.unicode_scripts = generous
    if rows is None or not _whole(rows, source) or _shrinks_capitals(rows):
        return None
    width = max(map(columns, rows))
    return tuple(padded(row, width) for row in rows)


_SAFE = frozenset("0123456789+-−=()in")
_RARE = re.compile("[\u1d2c-\u1d3f\u1d41-\u1d42\u2c7d\ua700-\ua7ff\u1dbf]")


def _shrinks_capitals(rows: list[str]) -> bool:
    return any(_RARE.search(row) for row in rows)


def _attempt(pipeline: Any, source: str) -> list[str] | None:
    try:
        rows = list(pipeline.render_tex_rows(source, False))
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError):
        return None
    if not rows or rows[0].startswith("TeXicode:") or ("?" in "".join(rows) and "?" not in source):
        return None
    return rows


def one_row(source: str) -> str | None:
    """pylatexenc's text, or None where the source has groups, which it would make ambiguous."""
    if len(source) > MAX_LENGTH or _GROUPED.search(source):
        return None
    from pylatexenc.latex2text import LatexNodes2Text
    from pylatexenc.latexwalker import LatexWalkerError

    try:
        text = str(
            LatexNodes2Text(keep_comments=True).latex_to_text(source, tolerant_parsing=False)
        )
    except (LatexWalkerError, ValueError, TypeError, IndexError, RecursionError):
        return None
    text = " ".join(text.split())
    return text if text and _whole([text], source) else None


def _whole(rows: list[str], source: str) -> bool:
    """Whether every letter and digit that stands in the source outside commands is drawn."""
    wanted = letters_only(signs_of(_COMMANDS.sub(" ", source)))
    drawn = letters_only(signs_of("".join(rows)))
    return not wanted - drawn
