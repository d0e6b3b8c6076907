"""A formula typed for a question, whose own left-hand side may stand before an =.

Formula cards and drawn problems read their answers in the same way.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

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

    left = text.partition("=")[0] if text.count("=") == 1 else ""
    if left and _bare(left) not in {_bare(side) for side in lefts}:
        cause = "Write the right-hand side alone: what stands after the =."
        raise AnswerError(cause, len(left))
    return read_expression(text, names, answer=left or None, decimal_comma=decimal_comma)


def left_sides(text: str) -> list[str]:
    """What stands before the = in each formula of a card's text: `dV` in "$dV = A^T dO$"."""
    return re.findall(r"\$\s*([^$=]+?)\s*=", text)


def _bare(side: str) -> str:
    """A left-hand side without its notation: dL/dw, ∂L/∂w and its TeX are one."""
    return re.sub(r"\\(?:frac|mathrm|,|;)|[\s\\{}_^/]", "", re.sub(r"\\partial|∂", "d", side))
