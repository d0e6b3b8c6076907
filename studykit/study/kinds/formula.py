"""A formula card: derived, typed, and judged by evaluating it beside the accepted formulas.

The answer reader is loaded when the first formula is typed, not when it is asked. A card without
accepted formulas is revealed and judged by oneself.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from studykit.decks.schema import Form, Formula
from studykit.study.kinds.asked import Asked, Showing, Shown, explanation, unread
from studykit.study.question import Outcome, Result, Slip
from studykit.study.reading import NOTHING, Reading, stopped
from studykit.typeset.naming import names_line

if TYPE_CHECKING:
    from studykit.answers import Expression
    from studykit.decks.lint import Objection

FORMS: dict[Form, str] = {
    "simplified": "simplified",
    "factored": "as a product",
    "expanded": "multiplied out",
    "no-decimals": "without decimals",
}
"""How the question asks for each form."""


class AskedFormula(Shown):
    """The accepted formulas, and the names an answer may use."""

    def __init__(self, card: Formula, showing: Showing) -> None:
        self._card = card
        self._decimal_comma = showing.decimal_comma
        typed = bool(card.accepts)
        question = showing.ask(
            "formula",
            "line" if typed else "reveal",
            "\n\n".join([card.front.rstrip(), *_conditions(card)]) if typed else card.front,
            formula=typed,
        )
        super().__init__(question, card.back, explanation(card, showing), card.note)

    def answer(self, text: str) -> Outcome:
        if not self._card.accepts:
            return super().answer(text)
        from studykit.answers import AnswerError, ShapesError, same_expression, tex

        try:
            accepted, wrong = _read(self._card)
        except AnswerError as error:
            return _broken(error)
        try:
            given = self._given(text)
            judged = same_expression(given, accepted, form=self._card.form, wrong=wrong)
        except AnswerError as error:
            return unread(error.cause, error.position, helped=isinstance(error, ShapesError))
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

    def reading(self, text: str) -> Reading:
        if not self._card.accepts:
            return NOTHING
        from studykit.answers import AnswerError, tex

        try:
            given = self._given(text)
        except AnswerError as error:
            return stopped(text, error)
        return Reading(f"$${tex(given)}$$")

    def _given(self, text: str) -> Expression:
        from studykit.answers.asking import left_sides, read_asked

        lefts = left_sides(self._card.back)
        return read_asked(text, self._card.names, lefts, decimal_comma=self._decimal_comma)


def ask_formula(card: Formula, showing: Showing) -> Asked:
    return AskedFormula(card, showing)


def _read(card: Formula) -> tuple[list[Expression], dict[str, tuple[Expression, str]]]:
    """The accepted formulas and the wrong ones, these by the names under which they are logged."""
    from studykit.answers import read_expression

    accepted = [read_expression(text, card.names) for text in card.accepts]
    wrong = {
        f"wrong-{number}": (read_expression(one.formula, card.names), one.why)
        for number, one in enumerate(card.wrong, 1)
    }
    return accepted, wrong


def _broken(error: Exception) -> Outcome:
    return Outcome(
        result="unreadable",
        back="",
        says=f"The card itself is at fault: a formula of it cannot be read ({error}). Show the "
        "answer and grade yourself; `studykit check` says where to mend it.",
    )


def _conditions(card: Formula) -> Iterator[str]:
    """The lines under the question: the names to write with, and the form that is asked."""
    if card.names:
        yield names_line(card.names)
    if card.form:
        yield f"*Give it* {' and '.join(FORMS[form] for form in card.form)}."


def objections(card: Formula) -> Iterator[Objection]:
    """All that is wrong with the formulas of a card: unreadable, without the form that the card
    demands, or listed as wrong though right."""
    from studykit.answers import AnswerError, Names, read_expression, same_expression
    from studykit.answers.derived import definitions
    from studykit.answers.forms import missing_form
    from studykit.decks.lint import Objection

    try:
        names = Names(card.names)
        definitions(names, names.declared)
    except AnswerError as error:
        yield Objection("unreadable-answer", str(error), "names")
        return
    told: dict[str, list[Expression]] = {}
    for field, texts in (("accepts", card.accepts), ("wrong", [w.formula for w in card.wrong])):
        known = told.setdefault(field, [])
        for entry, text in enumerate(texts):
            try:
                read = read_expression(text, names)
            except AnswerError as error:
                yield Objection("unreadable-answer", str(error), field, entry)
                continue
            if field == "accepts":
                for form in card.form:
                    if remark := missing_form(read.typed, form):
                        yield Objection("unmet-form", f"not {form}: {remark}", field, entry)
            elif any(same_expression(read, one).result != "wrong" for one in told["accepts"]):
                yield Objection("right-as-wrong", "this formula is right", field, entry)
            elif any(same_expression(read, one).result != "wrong" for one in known):
                yield Objection("right-as-wrong", "this formula stands here twice", field, entry)
            known.append(read)
