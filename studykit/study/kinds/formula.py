"""A formula card: derived, typed, and judged by evaluating it beside the accepted formulas.

The answer reader is loaded when the first formula is typed, not when it is asked. A card without
accepted formulas is revealed and judged by oneself.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from studykit.decks.schema import Formula
from studykit.study.kinds.asked import Asked, Showing, Shown, explanation
from studykit.study.question import Outcome, Result, Slip

if TYPE_CHECKING:
    from studykit.answers import Expression


class AskedFormula(Shown):
    """The accepted formulas, and the names an answer may use."""

    def __init__(self, card: Formula, showing: Showing) -> None:
        self._card = card
        typed = bool(card.accepts)
        question = showing.ask(
            "formula",
            "line" if typed else "reveal",
            f"{card.front.rstrip()}\n\n{names_line(card.names)}" if typed else card.front,
        )
        super().__init__(question, card.back, explanation(card, showing), card.note)

    def answer(self, text: str) -> Outcome:
        if not self._card.accepts:
            return super().answer(text)
        from studykit.answers import AnswerError, read_expression, same_expression, tex

        try:
            accepted = _accepted(self._card)
        except AnswerError as error:
            return _broken(error)
        left = text.partition("=")[0] if text.count("=") == 1 else ""
        if left and not _names_the_same(left, self._card.back):
            return Outcome(
                result="unreadable",
                back="",
                says="Write the right-hand side alone: what stands after the =.",
                position=len(left),
            )
        try:
            given = read_expression(text, self._card.names, answer=left or None)
        except AnswerError as error:
            return Outcome(result="unreadable", back="", says=error.cause, position=error.position)
        judged = same_expression(given, accepted)
        reading = f"${tex(given)}$"
        if judged.result == "imprecise":
            return Outcome(result="imprecise", back="", says=judged.says, reading=reading)
        result: Result = "right" if judged.result == "right" else "wrong"
        slips = (Slip(judged.slip, "formula", judged.says),) if judged.slip else ()
        return Outcome(
            result=result,
            back=self._back,
            explain=self._explain,
            says="" if slips else judged.says,
            reading=reading,
            slips=slips,
        )


def ask_formula(card: Formula, showing: Showing) -> Asked:
    return AskedFormula(card, showing)


def _accepted(card: Formula) -> list[Expression]:
    from studykit.answers import read_expression

    return [read_expression(text, card.names) for text in card.accepts]


def _broken(error: Exception) -> Outcome:
    return Outcome(
        result="unreadable",
        back="",
        says=f"The card itself is at fault: what it accepts cannot be read ({error}). Show the "
        "answer and grade yourself; `studykit check` says where to mend it.",
    )


def _names_the_same(left: str, back: str) -> bool:
    """Whether a typed left-hand side is one that the answer itself has: `dV` for "$dV = …$"."""
    sides = re.findall(r"\$\s*([^$=]+?)\s*=", back)
    return _bare(left) in {_bare(side) for side in sides}


def _bare(side: str) -> str:
    """A left-hand side without its notation: dL/dw, ∂L/∂w and its TeX are one."""
    return re.sub(r"\\(?:frac|mathrm|,|;)|[\s\\{}_^/]", "", re.sub(r"\\partial|∂", "d", side))


def names_line(names: dict[str, str]) -> str:
    """What an answer may be written with: "Write it with `Q` (n×d_k), `d_k`."."""
    if not names:
        return ""
    shown = ", ".join(
        f"`{name}` ({declared})" if "×" in declared else f"`{name}`"
        for name, declared in names.items()
    )
    return f"*Write it with* {shown}."


def objection(card: Formula) -> str | None:
    """What keeps the accepted formulas of a card from being read; None when all is well."""
    from studykit.answers import AnswerError

    try:
        _accepted(card)
    except AnswerError as error:
        return str(error)
    return None
