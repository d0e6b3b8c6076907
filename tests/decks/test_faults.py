"""How a fault is shown: place, source line, caret, suggestion; nothing that a terminal obeys."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studykit.decks.crossings import check
from studykit.decks.faults import CODES, Fault, render_fault, render_faults, visible
from studykit.decks.lint import Objection
from tests.decks.conftest import Write


def test_a_fault_shows_its_place_its_line_a_caret_and_a_suggestion() -> None:
    fault = Fault("d.yaml", 3, 5, "alias", "no aliases", "Quote it.")
    assert render_fault(fault, "a: *b") == ("d.yaml:3:5: no aliases\n  a: *b\n      ^\n  Quote it.")


def test_the_caret_stands_under_wide_letters_too() -> None:
    shown = render_fault(Fault("d.yaml", 1, 4, "alias", "m"), "注意力*b")
    assert shown.split("\n")[2] == "  " + " " * 6 + "^"


def test_a_long_line_is_cut_around_the_place() -> None:
    line = "x" * 500 + "*" + "y" * 500
    head, shown, caret = render_fault(Fault("d.yaml", 1, 501, "alias", "m"), line).split("\n")
    assert head == "d.yaml:1:501: m"
    assert len(shown) <= 78
    assert shown[caret.index("^")] == "*"


def test_control_characters_of_a_deck_never_reach_the_terminal() -> None:
    fault = Fault("d\x1b[2J.yaml", 1, 1, "alias", "bad \x9b31m", "do\x07 this\n\x1b]0;x\x07")
    shown = render_fault(fault, "a\x1b]52;c;AAAA\x07\u202e\tb")
    assert all(part.isprintable() for part in shown.split("\n"))


@settings(derandomize=True, deadline=None)
@given(st.text(), st.text(), st.integers(1, 60))
def test_any_fault_on_any_line_is_shown_in_printable_letters(
    message: str, line: str, column: int
) -> None:
    shown = render_fault(Fault("d.yaml", 1, column, "yaml", message, message), line)
    assert all(part.isprintable() for part in shown.split("\n"))
    assert len(visible(line)) == len(line)


def test_a_fault_needs_a_code_that_is_in_the_table() -> None:
    with pytest.raises(ValueError, match="no such fault code"):
        Fault("d.yaml", 1, 1, "nonsense", "m")


def test_faults_of_several_files_are_shown_with_their_lines(write: Write) -> None:
    one, two = write("a: *b\n", "one.yaml"), write("c: &d e\n", "two.yaml")
    shown = render_faults(check([one, two]))
    assert f"{one}:1:4:" in shown
    assert "  c: &d e\n     ^" in shown


def test_a_fault_of_a_file_that_is_gone_is_shown_without_its_line(tmp_path: Path) -> None:
    fault = Fault(str(tmp_path / "gone.yaml"), 2, 1, "unreadable", "cannot be read")
    assert render_faults([fault]) == f"{tmp_path}/gone.yaml:2:1: cannot be read"


HEAD = "title: T\ncards:\n"
FINE = "- {front: what, back: that}\n"
OBJECTED = "- {kind: formula, front: a, back: b, accepts: ['1+']}\n"
EXAMPLES: dict[str, str | bytes] = {
    "not-utf-8": b"title: \xff\n",
    "line-separator": HEAD + "- {front: a\u2028b, back: c}\n",
    "yaml": HEAD + "- front: @x\n",
    "tex-in-double-quotes": HEAD + '- front: "\\frac"\n  back: b\n',
    "duplicate-key": HEAD + "- {front: a, front: b, back: c}\n",
    "anchor": HEAD + "- {front: &a b, back: c}\n",
    "alias": HEAD + "- {front: *a , back: c}\n",
    "tag": HEAD + "- {front: !a b, back: c}\n",
    "merge-key": HEAD + "- {front: a, back: b, <<: c}\n",
    "complex-key": HEAD + "- {front: a, back: b, [c]: d}\n",
    "second-document": HEAD + FINE + "---\na: b\n",
    "too-deep": HEAD + "- " + "[" * 40,
    "too-long": HEAD + "- {front: a, back: " + "b" * 20_001 + "}\n",
    "unsafe-character": HEAD + "- {front: a\u202eb, back: c}\n",
    "empty-deck": "title: T\n",
    "wrong-type": HEAD + "- {front: [a], back: b}\n",
    "unknown-field": HEAD + "- {front: a, back: b, bcak: c}\n",
    "missing-field": HEAD + "- {front: a}\n",
    "unknown-kind": HEAD + "- {kind: clze, front: a}\n",
    "empty-text": HEAD + "- {front: a, back: ''}\n",
    "not-a-number": HEAD + "- {front: a, back: b, difficulty: hard}\n",
    "not-true-or-false": "off: maybe\n" + HEAD + FINE,
    "unknown-word": HEAD + "- {kind: formula, front: a, back: b, form: [short]}\n",
    "out-of-range": HEAD + "- {front: a, back: b, difficulty: 6}\n",
    "wrong-length": HEAD + "- {kind: choice, front: a, answer: b, wrong: []}\n",
    "bad-id": HEAD + "- {id: A B, front: a, back: b}\n",
    "duplicate-id": HEAD + "- {id: x, front: a, back: b}\n- {id: x, front: c, back: d}\n",
    "dangling-prerequisite": HEAD + "- {front: a, back: b, requires: [none]}\n",
    "prerequisite-cycle": HEAD + "- {id: x, front: a, back: b, requires: [x]}\n",
    "near-duplicate": HEAD + FINE + FINE,
    "cloze-without-blank": HEAD + "- {kind: cloze, cloze: a}\n",
    "unbalanced-cloze": HEAD + "- {kind: cloze, cloze: 'a {{b}} {{c'}\n",
    "empty-blank": HEAD + "- {kind: cloze, cloze: 'a {{ }}'}\n",
    "equal-options": HEAD + "- {kind: choice, front: a, answer: b, wrong: [{text: b, why: c}]}\n",
    "unknown-family": HEAD + "- {kind: problem, family: nothing}\n",
    "unknown-level": HEAD + "- {kind: problem, family: softmax-row, level: 3}\n",
    "unreadable-answer": HEAD + OBJECTED,
    "unmet-form": HEAD + OBJECTED,
    "right-as-wrong": HEAD + OBJECTED,
    "missing-source": "title: T\nsources: {n: N}\ncards:\n" + FINE,
    "unknown-source": "title: T\nsources: {n: N}\ncards:\n- {front: a, back: b, sources: [m §1]}\n",
    "unbalanced-math": HEAD + "- {front: a $b, back: c}\n",
    "unbalanced-braces": HEAD + "- {front: '$\\frac{a}{b$', back: c}\n",
    "formula-falls-back": HEAD + "- {front: '$\\nosuchcommand{a}$', back: c}\n",
    "text-after-hash": HEAD + "- front: a #b\n  back: c\n",
}


@pytest.mark.parametrize("code", [code for code in CODES if code in EXAMPLES])
def test_a_deck_with_one_thing_wrong_gets_just_that_code(write: Write, code: str) -> None:
    found = check(
        [write(EXAMPLES[code])],
        families={"softmax-row": (1, 2)},
        reads=lambda card: [Objection(code, "m")] if card.accepts == ("1+",) else [],
    )
    assert [fault.code for fault in found] == [code]


def test_every_code_has_an_example_here_or_a_test_of_its_own() -> None:
    elsewhere = {"unreadable", "too-large", "duplicate-deck", "family-file", "family-promise"}
    assert set(EXAMPLES) | elsewhere == set(CODES)


def test_every_code_is_explained_in_one_sentence() -> None:
    for code, entry in CODES.items():
        assert code == code.lower().replace(" ", "-")
        assert entry.means.endswith(".")
