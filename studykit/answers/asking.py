"""A formula typed for a question, whose own left-hand side may stand before an =.

Formula cards and drawn problems read their answers in the same way.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING
from unicodedata import normalize

from .errors import AnswerError

if TYPE_CHECKING:
    from .expressions import Expression


def read_asked(
    text: str, names: Mapping[str, str], lefts: Iterable[str], *, decimal_comma: bool = False
) -> Expression:
    """The formula typed for a question; one of the left-hand sides it has may stand before an =.

    `lefts` are TeX. Raises AnswerError, as `read_expression` does, and for any other left side.
    """
    from .expressions import read_expression
    from .latex import unwrapped

    start, end = unwrapped(text)
    left = _before_equals(text[start:end])
    if left and _bare(left) not in {_bare(side) for side in lefts}:
        cause = "Write the right-hand side alone: what stands after the =."
        raise AnswerError(cause, start + len(left))
    return read_expression(text, names, answer=left or None, decimal_comma=decimal_comma)


def _before_equals(text: str) -> str:
    """What stands before an = outside all brackets, as `dim=-1` and `sum_{j=1}` do not."""
    depth = 0
    for place, char in enumerate(text):
        depth += (char in "([{") - (char in ")]}")
        if char == "=" and depth == 0:
            return text[:place]
    return ""


def left_sides(text: str) -> list[str]:
    """What stands before the = in each formula of a card's text: `dV` in "$dV = A^T dO$"."""
    return re.findall(r"\$\s*([^$=]+?)\s*=", text)


_NOTATION = re.compile(
    r"\\(?:(?:frac|cdot|left|right|mathrm|mathbf|boldsymbol|bm|operatorname|text)(?![a-zA-Z])|[,;!])"
    r"|[\s\\{}_^/·*&:]"
)
"""What a left-hand side may be dressed in; `&` and `:` are of the signs `&=` and `:=`."""


def _bare(side: str) -> str:
    """A left-hand side without its notation: dL/dw, ∂L/∂w, dw and their TeX are one; so is an entry
    of it, dw_i, and y₁ is y_1."""
    side = normalize("NFKC", side)
    side = re.sub(r"_\{?[ijkl]{1,2}\}*\s*$", "", re.sub(r"\\partial|∂", "d", side))
    return re.sub(r"^dLd", "d", _NOTATION.sub("", side))
