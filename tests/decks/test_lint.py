"""What the content rules say, and what they leave alone."""

from __future__ import annotations

from studykit.decks.crossings import check
from studykit.decks.lint import Objection
from studykit.decks.schema import Formula
from tests.decks.conftest import Write

HEAD = "title: T\ncards:\n"


def test_a_formula_fault_is_told_where_the_formula_stands(write: Write) -> None:
    path = write(
        HEAD
        + "- front: |\n    First $x$ and\n\n    then $\\nosuch{a}$ here\n"
        + "  back: 'see $y'\n  explain: >\n    folded text with \\(a+b\n    more\n"
    )
    assert [(f.line, f.column, f.code) for f in check([path])] == [
        (6, 10, "formula-falls-back"),
        (7, 14, "unbalanced-math"),
        (9, 22, "unbalanced-math"),
    ]


def test_a_missing_brace_is_told_at_the_brace(write: Write) -> None:
    (fault,) = check([write(HEAD + "- front: |\n    a $x^{2$ b\n  back: c\n")])
    assert (fault.line, fault.column, fault.code) == (4, 10, "unbalanced-braces")


def test_prices_escapes_and_code_are_no_formulas(write: Write) -> None:
    text = "- front: |\n    It costs $5 or 6$, \\$x, `$y`, a $ alone\n\n    ```\n    $z\n    ```\n"
    assert check([write(HEAD + text + "  back: c\n")]) == []


def test_a_formula_in_every_text_of_a_card_is_looked_at(write: Write) -> None:
    bad = "'$\\nosuch{x}$'"
    path = write(
        f"title: T\nabout: {bad}\ncards:\n"
        f"- kind: open\n  front: {bad}\n  back: {bad}\n  explain: {bad}\n  note: {bad}\n"
        f"  rubric: [{bad}, one]\n  follow_ups: [{{ask: {bad}, answer: {bad}}}]\n"
        f"- kind: choice\n  front: q\n  answer: {bad}\n  wrong: [{{text: x, why: {bad}}}]\n"
    )
    assert [f.code for f in check([path])] == ["formula-falls-back"] * 10


def test_the_place_of_each_equal_formula_is_its_own(write: Write) -> None:
    path = write(HEAD + "- front: |\n    $\\no{x}$ a\n    $\\no{x}$ b\n  back: c\n")
    assert [(f.line, f.column) for f in check([path])] == [(4, 5), (5, 5)]


def test_a_deck_that_lists_no_sources_asks_for_none(write: Write) -> None:
    assert check([write(HEAD + "- {front: a, back: b}\n")]) == []


def test_a_source_beyond_the_list_is_fine_when_it_says_so(write: Write) -> None:
    text = "title: T\nsources: {'001': Note}\ncards:\n"
    text += "- {front: a, back: b, sources: ['beyond: X', '001 §5']}\n"
    assert check([write(text)]) == []


def test_an_unknown_source_gets_the_nearest_one_suggested(write: Write) -> None:
    text = "title: T\nsources: {note: N}\ncards:\n- {front: a, back: b, sources: [noet §1]}\n"
    (fault,) = check([write(text)])
    assert fault.suggestion == "Did you mean `note`?"


def test_an_unknown_family_gets_the_nearest_one_suggested(write: Write) -> None:
    path = write(HEAD + "- {kind: problem, family: sofmax-row}\n")
    (fault,) = check([path], families={"softmax-row": (1,)})
    assert fault.suggestion == "Did you mean `softmax-row`?"
    assert check([path]) == []


def test_the_answer_reader_sees_formula_cards_and_its_objection_is_told(write: Write) -> None:
    seen: list[Formula] = []

    def reads(card: Formula) -> list[Objection]:
        seen.append(card)
        return [Objection("unreadable-answer", "not a formula")]

    path = write(
        HEAD + "- kind: formula\n  front: a\n  back: b\n  accepts: ['1+']\n- {front: c, back: d}\n"
    )
    (fault,) = check([path], reads=reads)
    assert (fault.line, fault.code, fault.message) == (6, "unreadable-answer", "not a formula")
    assert [card.accepts for card in seen] == [("1+",)]


def test_an_objection_is_told_at_the_very_formula(write: Write) -> None:
    text = HEAD + "- kind: formula\n  front: a\n  back: b\n  accepts:\n  - '1'\n  - '2'\n  wrong:\n"
    text += "  - {formula: '3', why: c}\n  - why: d\n    formula: '4'\n"
    objections = [
        Objection("unreadable-answer", "m", "accepts", 1),
        Objection("right-as-wrong", "m", "wrong", 1),
        Objection("unreadable-answer", "m", "names"),
    ]
    found = check([write(text)], reads=lambda card: objections)
    assert [(fault.line, fault.column) for fault in found] == [(3, 3), (8, 5), (12, 14)]


def test_a_form_that_does_not_exist_gets_the_nearest_one_suggested(write: Write) -> None:
    path = write(HEAD + "- {kind: formula, front: a, back: b, accepts: ['1'], form: [simplifed]}\n")
    (fault,) = check([path])
    assert fault.code == "unknown-word"
    assert fault.suggestion.startswith("Did you mean `simplified`?")


def test_options_that_differ_only_in_case_are_two(write: Write) -> None:
    text = "- {kind: choice, front: a, answer: $Q$, wrong: [{text: $q$, why: c}]}\n"
    assert check([write(HEAD + text)]) == []


def test_two_wrong_options_that_are_equal_are_told_at_the_second(write: Write) -> None:
    text = "- kind: choice\n  front: a\n  answer: b\n"
    text += "  wrong:\n  - {text: c, why: d}\n  - {text: c, why: e}\n"
    (fault,) = check([write(HEAD + text)])
    assert (fault.line, fault.message) == (8, "this option is the same as wrong option 1")
