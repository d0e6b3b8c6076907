"""One function for mathematics: a formula in TeX → the rows that show it in a terminal.

Our own layout comes first; a formula outside its subset goes to TeXicode, then to a pylatexenc
one-liner, then is shown as its source. Every drawing is proved against the source before it is
shown, so that a lost letter becomes a plain formula and never a wrong one.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from studykit.typeset.clean import clean
from studykit.typeset.width import columns

CACHED = 4096
MAX_ROWS = 200


class Drawing(NamedTuple):
    """The rows of a formula, all `width` columns wide; row `baseline` stands on the text line.

    `how` is "drawn", "line" (a one-row fallback) or "source" (the TeX as written).
    """

    lines: tuple[str, ...]
    baseline: int
    width: int
    how: str


@lru_cache(maxsize=CACHED)
def draw(tex: str, *, inline: bool = False) -> Drawing:
    """`tex`, without its dollars, in two dimensions; `inline` prefers an exact one-row form.

    Never raises. Safe to call from several threads.
    """
    tex = " ".join(clean(tex).split())
    return _ours(tex, inline=inline) or _borrowed(tex) or _source(tex)


def why_not_drawn(tex: str) -> str:
    """What keeps our own layout from drawing `tex`, in one sentence; "" where nothing does."""
    from studykit.typeset.tex import TeXError, parse_tex

    try:
        parse_tex(" ".join(clean(tex).split()))
    except TeXError as error:
        return str(error)
    return "" if draw(tex).how == "drawn" else "the drawing does not hold every sign of the source"


def _ours(tex: str, *, inline: bool) -> Drawing | None:
    from studykit.typeset.display import box, sentence_box
    from studykit.typeset.linear import NotLinear, line
    from studykit.typeset.proof import proves, signs_of_source
    from studykit.typeset.tex import TeXError, parse_tex

    wanted = signs_of_source(tex)
    if wanted is None:
        return None
    try:
        row = parse_tex(tex)
    except TeXError:
        return None
    if inline:
        try:
            text = line(row)
        except NotLinear:
            pass
        else:
            if proves((text,), wanted):
                return Drawing((text,), 0, columns(text), "drawn")
    drawn = sentence_box(row) if inline else box(row, display=True)
    if len(drawn.lines) > MAX_ROWS or not proves(drawn.lines, wanted):
        return None
    return Drawing(drawn.lines, drawn.base, drawn.width, "drawn")


def _borrowed(tex: str) -> Drawing | None:
    from studykit.typeset.elsewhere import one_row, two_dimensional
    from studykit.typeset.tex import BrokenTeX, UnknownTeX, parse_tex

    try:
        parse_tex(tex)
    except BrokenTeX:
        return None
    except UnknownTeX:
        pass
    rows = two_dimensional(tex)
    if rows is not None:
        return Drawing(rows, (len(rows) - 1) // 2, columns(rows[0]), "drawn")
    text = one_row(tex)
    return None if text is None else Drawing((text,), 0, columns(text), "line")


def _source(tex: str) -> Drawing:
    return Drawing((tex,), 0, columns(tex), "source")
