"""What to say, and what to leave out, where a deck is not YAML at all.

The parser's own messages speak of tokens and nodes; here they are told in the words of somebody who
writes cards. The card around an error is cut out, so that the rest of the file can be read.
"""

from __future__ import annotations

import re

import yaml

from .faults import Fault
from .quoting import eaten_tex
from .source import Source


def error_index(error: yaml.MarkedYAMLError) -> int:
    """The most telling place: where what is not closed began, else where the parser stumbled."""
    context, problem = error.context or "", error.problem or ""
    quote = "quoted scalar" in context and not _is_escape(problem)
    # A bracket left open runs on to the colon of the next key, which is not at fault.
    unclosed = quote or ("flow" in context and "expected ','" in problem)
    mark = error.context_mark if unclosed else error.problem_mark
    mark = mark or error.problem_mark or error.context_mark
    return 0 if mark is None else int(mark.index)


def _is_escape(problem: str) -> bool:
    return "escape" in problem or "hex" in problem


# What libyaml says → what an author understands, and what to do.
_SAYINGS = (
    (
        "mapping values are not allowed",
        "a colon and a space in the middle of a plain text (or a wrong indentation)",
        "Write the text in single quotes or as a | block:\nfront: |\n  your text",
    ),
    (
        "found character that cannot start any token",
        "a text cannot begin with this character",
        "Write the text in single quotes or as a | block.",
    ),
    (
        "found a tab character",
        "a tab where only spaces may indent",
        "Indent with spaces.",
    ),
    (
        "found unexpected end of stream",
        "a quotation mark that is never closed",
        "Close it, or write the text as a | block.",
    ),
    (
        "did not find expected alphabetic or numeric character",
        "a text cannot begin with * or &",
        "Write the text in single quotes or as a | block.",
    ),
    (
        "did not find expected key",
        "a key was expected here; the indentation is wrong, or a quote or bracket ended too early",
        "Line the keys of a card up under each other.",
    ),
    (
        "did not find expected '-' indicator",
        "a list entry was expected here: `- ` at the same indentation as the others",
        "Line the entries up under each other.",
    ),
    (
        "could not find expected ':'",
        "a key without a colon, or a text that is not indented",
        "Write `key: text`, and indent every line of a block.",
    ),
    (
        "did not find expected ',' or",
        "a bracket that is not closed, or text after it",
        "Close it; a text that begins with [ or { is written in single quotes or as a | block.",
    ),
    (
        "did not find expected node content",
        "a bracket with nothing readable in it",
        "A text that begins with [ or { is written in single quotes or as a | block.",
    ),
    (
        "invalid leading UTF-8",
        "the file is not UTF-8 text",
        "Save the file as UTF-8.",
    ),
)


def yaml_fault(source: Source, error: yaml.MarkedYAMLError, at: int) -> Fault:
    """The fault for a parser error, in an author's words."""
    problem = error.problem or "not well-formed YAML"
    if _is_escape(problem):
        return eaten_tex(source, at)
    # The pure-Python parser words two of them otherwise.
    problem = problem.replace("expected <block end>, but found", "did not find expected key,")
    for start, says, suggestion in _SAYINGS:
        if problem.startswith(start):
            return source.fault(at, "yaml", says, suggestion)
    return source.fault(at, "yaml", f"not well-formed YAML: {problem}")


_SECTION = re.compile(r"^[^\s#\-][^\n]*", re.MULTILINE)
_LIST = re.compile(r"^(['\"]?)(?:cards|terms)\1[ ]*:[ ]*(?:#[^\n]*)?$", re.MULTILINE)
_DASH = re.compile(r"^( *)- ", re.MULTILINE)


def broken_part(text: str, at: int) -> tuple[int, int] | None:
    """The entry (or header field) around an offset, as the stretch to leave out; None if unclear.

    Entries are what stands under `cards` and `terms`.
    """
    sections = [match.start() for match in _SECTION.finditer(text)]
    lists = {match.start(): match.end() for match in _LIST.finditer(text)}
    begun = [start for start in lists if at > lists[start]]
    if not begun:
        found = _stretch(text, at, sections)
        return None if found is None or found[0] in lists else found
    first = lists[begun[-1]]
    dash = _DASH.search(text, first)
    if dash is None:
        return None
    every = re.compile(f"^{dash[1]}- ", re.MULTILINE)
    entries = [match.start() for match in every.finditer(text, first)]
    # The last entry of one list ends where the next list begins.
    return _stretch(text, at, sorted([*entries, *(start for start in lists if start > first)]))


def _stretch(text: str, at: int, starts: list[int]) -> tuple[int, int] | None:
    # An error is often noticed at the first character of what follows the broken part.
    before = [start for start in starts if start < at]
    if not before:
        return None
    start = before[-1]
    after = [other for other in starts if other > start]
    end = after[0] if after else len(text)
    return (start, end) if text[start:end].strip() else None
