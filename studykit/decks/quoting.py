"""What YAML's quoting does to mathematics, seen in the source between the marks.

In double quotes a backslash begins an escape: `"\\frac"` is a form feed and `rac`. Plain text ends
at ` #`. Both lose text without an error, so they are looked for where the author wrote them.
"""

from __future__ import annotations

import re

from studykit.typeset import stains

from .faults import Fault
from .source import Source, article

_ESCAPE = re.compile(r"\\(?:x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.|\n)", re.DOTALL)
_COMMAND = re.compile(r"\\[A-Za-z]+")
_HARMLESS = frozenset('"\\/ \n\t')
_WHITE = frozenset("nrt")

# TeX commands that begin with the escapes of a line break, a return or a tab. After those escapes
# a word may follow in earnest ("one\ntwo"); after the others (\a \b \e \f \v …) never.
_COMMANDS = frozenset(
    re.findall(
        r"\w+",
        """
        nabla nu neq ne neg not notin nonumber newline nolimits nmid nexists ngeq nleq
        nparallel norm nearrow nwarrow natural ni
        rho right rangle rceil rfloor rVert rvert rm root rightarrow rtimes
        theta tau times text textbf textit textrm texttt tanh tan tfrac tilde top to
        triangle therefore trace tr triangleq thinspace twoheadrightarrow
        """,
    )
)
_BLOCK = "Write it as a | block, where a backslash is a backslash:"


def escape_faults(source: Source, start: int, end: int) -> list[Fault]:
    """Faults for the escapes of one double-quoted text, given the offsets of its two marks."""
    inner = source.text[start + 1 : end - 1]
    for match in _ESCAPE.finditer(inner):
        escape = match.group()
        letter = escape[1]
        if letter in _HARMLESS:
            continue
        if letter.isalpha() and len(escape) == 2:
            command = _COMMAND.match(inner, match.start())
            if letter in _WHITE and command and command.group()[1:] not in _COMMANDS:
                continue
            return [eaten_tex(source, start + 1 + match.start())]
        unsafe = _unsafe(source, start + 1 + match.start(), escape)
        if unsafe is not None:
            return [unsafe]
    return []


def _unsafe(source: Source, index: int, escape: str) -> Fault | None:
    if escape[1] in "xuU":
        found = stains(chr(int(escape[2:], 16)))
        if not found:
            return None
        said = found[0].says
    elif escape[1] == "0":
        said = stains("\0")[0].says
    else:
        return None
    return source.fault(
        index,
        "unsafe-character",
        f"{article(said)} was removed",
        f"Delete the escape {escape}.",
    )


def eaten_tex(source: Source, index: int) -> Fault:
    """The fault for a TeX command that stands in double quotes; `index` is at its backslash."""
    text = source.text
    if text[index : index + 1] != "\\":
        index = max(text.rfind("\\", 0, index + 1), 0)
    command = _COMMAND.match(text, index)
    named = command.group() if command else "this"
    line_start = text.rfind("\n", 0, index) + 1
    return source.fault(
        index,
        "tex-in-double-quotes",
        f"in double quotes YAML reads the backslash of {named} as an escape",
        f"{_BLOCK}\n{_as_block(text, line_start, index)}",
    )


def _as_block(text: str, line_start: int, index: int) -> str:
    """The quoted text around an offset, rewritten as a block scalar with its key."""
    line = text[line_start : text.find("\n", index) if "\n" in text[index:] else len(text)]
    found = re.match(r"\s*(?:- )?\s*([\w-]+:)\s+\"(.*?)\"?\s*$", line)
    if found is None:
        return "front: |\n  " + line.strip().strip('"- ')
    return f"{found[1]} |\n  {found[2]}"


def too_bare(source: Source, end: int) -> Fault | None:
    """The fault for ` #word` after a plain text: YAML drops it as a comment.

    A comment with a space after its # ("# like this") is taken to be meant.
    """
    found = re.compile(r" +#(?=[^\s#])").match(source.text, end)
    if found is None:
        return None
    return source.fault(
        found.end() - 1,
        "text-after-hash",
        "YAML reads this # and what follows it as a comment",
        "Write the text in quotes or as a | block; or put a space after the # of a comment.",
    )
