"""A formula card: derived, typed, and judged by evaluating it beside the accepted formulas.

A card without accepted formulas, or whose formulas cannot be read, is revealed and judged by
oneself; `studykit check` names the latter.
"""

from __future__ import annotations

from studykit.answers import AnswerError, Expression, echo, read_expression, same_expression
from studykit.decks.schema import Formula
from studykit.study.kinds.asked import Asked, Showing, Shown, explanation
from studykit.study.question import Outcome, Question, Result, Slip


class AskedFormula(Shown):
    """The accepted formulas, read once, and the names an answer may use."""

    def __init__(self, card: Formula, showing: Showing, accepted: tuple[Expression, ...]) -> None:
        self._names = card.names
        self._accepted = accepted
        question = Question(
            card=showing.card,
            deck=showing.deck,
            deck_title=showing.deck_title,
            kind="formula",
            asks="line" if accepted else "reveal",
            text=f"{card.front.rstrip()}\n\n{names_line(card.names)}" if accepted else card.front,
            status=showing.status,
            expects="a formula" if accepted else "",
        )
        super().__init__(question, card.back, explanation(card, showing))

    def answer(self, text: str) -> Outcome:
        if not self._accepted:
            return super().answer(text)
        try:
            given = read_expression(text, self._names)
        except AnswerError as error:
            return Outcome(result="unreadable", back="", says=error.cause, position=error.position)
        judged = same_expression(given, self._accepted)
        reading = echo(given)
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
    try:
        accepted = tuple(read_expression(text, card.names) for text in card.accepts)
    except AnswerError:
        accepted = ()
    return AskedFormula(card, showing, accepted)


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
    for text in card.accepts:
        try:
            read_expression(text, card.names)
        except AnswerError as error:
            return f"{text}: {error.cause}"
    return None
