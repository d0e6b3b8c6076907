"""Line mode over the same session: what is printed, what can be typed, and how it ends."""

from __future__ import annotations

import json

from tests.cli.run import own_deck, studykit

DECK = """\
title: Two cards
sources: {n: A note}
order: 0
cards:
  - {id: first, kind: basic, front: "What is first?", back: The one before., sources: [n]}
  - id: second
    kind: choice
    front: Which is even?
    answer: two
    wrong: [{text: three, why: Three is odd.}]
    sources: [n]
  - {id: third, kind: problem, family: attention-scores, sources: [n]}
  - id: fourth
    kind: open
    front: Explain it.
    back: Like this.
    rubric: [scores, weights, output]
    sources: [n]
"""

WEIGHTS = """\
title: Weights
sources: {n: A note}
cards:
  - {id: w, kind: problem, family: attention-output, level: 2, sources: [n]}
"""


def study(typed: str, *arguments: str) -> str:
    path = own_deck(DECK, "two.yaml")
    ran = studykit("study", str(path), "two", "--plain", *arguments, typed=typed)
    assert ran.code == 0, ran.err
    return ran.out


def test_a_run_without_a_terminal_is_line_mode() -> None:
    ran = studykit(typed="q\n")
    assert ran.code == 0 and "\x1b" not in ran.out and "Decks:" in ran.out


def test_cards_are_asked_graded_and_saved() -> None:
    out = study("\n3\n:q\n")
    assert "What is first?" in out and "The one before." in out
    assert "3 Good (2 d)" in out
    decks = json.loads(studykit("decks", "--json").out)
    assert next(deck for deck in decks if deck["id"] == "two")["new"] == 3


def test_the_end_of_the_input_saves_what_was_graded() -> None:
    assert "Everything you graded is saved" in study("\n3\n")


def test_undo_takes_the_last_grade_back() -> None:
    out = study("\n3\n:u\n\n1\n:q\n")
    assert "Taken back." in out
    assert out.count("What is first?") == 2


def test_a_problem_is_typed_over_several_lines_and_an_unreadable_one_costs_nothing() -> None:
    out = study("\n3\n1\n\n1 2; 3 x\n:h\n9 9\n9 9\n\n1\n:q\n")
    assert "^" in out
    assert "Begin with" in out
    assert "✗ Wrong" in out


def test_a_problem_is_taken_step_by_step_after_a_wrong_answer() -> None:
    out = study("\n3\n1\n\n9 9; 9 9\n:steps\n:h\n1 1; x\n:s\n7 7; 7 7\n1\n:q\n", "--limit", "3")
    assert "`:steps` finds the step where it went wrong." in out
    assert "Step 1 of 2" in out and "Step 2 of 2" in out
    assert "Begin with" not in out and "^" in out and "Step shown:" in out
    assert "went wrong. " in out and "Shown and not answered: step 1." in out
    assert out.count("Enter: Again") >= 2


def test_the_scratchpad_calculates_with_the_numbers_of_the_problem() -> None:
    out = study("\n3\n1\n\n:=\n:= s = 2^3 + 1\n:= [s, 2s]\n:= Q[9]\n:s\n1\n", "--limit", "3")
    assert "Known: Q (2×" in out
    assert "s = 9" in out and "= 9  18" in out
    assert "^" in out and "9 is outside: the entries are 0 to 1." in out


def test_the_weights_of_a_problem_are_shown_as_text_after_the_answer() -> None:
    path = own_deck(WEIGHTS, "w.yaml")
    ran = studykit("study", str(path), "w", "--plain", typed=":m\n:s\n:m\n1\n:q\n")
    assert "The weights are shown after the answer." in ran.out
    rows = ran.out.split("\n")
    head = next(n for n, row in enumerate(rows) if "key 1" in row)
    for row in rows[head + 1 : head + 3]:
        assert row.strip().startswith("query")
        numbers = [float(word) for word in row.split() if word[:2] in ("0.", "1.")]
        assert len(numbers) > 1 and abs(sum(numbers) - 1) < 0.002


def test_steps_can_be_left_for_the_whole_answer() -> None:
    out = study("\n3\n1\n\n:steps\n:whole\n:s\n1\n:q\n", "--limit", "3")
    assert "Step 1 of 2" in out and "Answer:" in out and "3 reviews" in out


def test_an_open_card_is_ticked() -> None:
    out = study("\n3\n1\n\n:s\n1\n\n1 2\n\n", "--limit", "4")
    assert "1. scores" in out
    assert "Enter: Hard" in out
    assert "4 reviews" in out


def test_help_lists_what_can_be_typed() -> None:
    assert ":u  undo" in study(":?\n:q\n")


def test_a_poisoned_deck_prints_as_plain_text() -> None:
    own_deck(
        "title: 'Evil [/nope]'\nsources: {n: N}\ncards:\n"
        "  - {id: evil, kind: basic, front: 'a\u202eb [@click=app.quit]c', back: '[/nope]',"
        " sources: [n]}\n"
        '  - {id: worse, kind: basic, front: "\\e]52;c;aGk=\\a", back: x, sources: [n]}\n',
        "evil.yaml",
    )
    ran = studykit("study", "evil", "--plain", typed="\n3\n")
    assert "ab [@click=app.quit]c" in ran.out and "[/nope]" in ran.out
    assert not set(ran.out + ran.err) & {"\x1b", "\x07", "\u202e", "\x9b"}
    assert "evil.yaml:5:" in ran.err


def test_a_deck_file_given_by_path_is_the_only_one_asked() -> None:
    path = own_deck(DECK, "two.yaml")
    elsewhere = path.parent.parent / "elsewhere.yaml"
    path.rename(elsewhere)
    ran = studykit("study", str(elsewhere), "--plain", typed="\n3\n1\n4\n:s\n3\n\n1 2 3\n4\n")
    assert ran.code == 0 and "4 reviews" in ran.out and "Linear" not in ran.out
