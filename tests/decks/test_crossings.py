"""What only shows across cards and files."""

from __future__ import annotations

from pathlib import Path

from studykit.decks.crossings import check
from tests.decks.conftest import Write


def deck(*cards: str) -> str:
    return "title: T\ncards:\n" + "".join(f"- {{{card}}}\n" for card in cards)


def test_an_id_in_two_files_is_told_with_both_places(write: Write, tmp_path: Path) -> None:
    one = write(deck("id: x, front: a, back: b"), "one.yaml")
    two = write(deck("front: c, back: d", "id: x, front: e, back: f"), "two.yaml")
    (fault,) = check([tmp_path])
    assert (fault.file, fault.line, fault.column) == (str(two), 4, 8)
    assert f"{one}:3" in fault.message


def test_two_files_of_one_deck_id_are_told(write: Write, tmp_path: Path) -> None:
    write(deck("front: a, back: b"), "a/same.yaml")
    write(deck("front: c, back: d"), "b/same.yaml")
    (fault,) = check([tmp_path])
    assert fault.code == "duplicate-deck"


def test_a_copy_in_another_folder_may_take_a_decks_place(write: Write, tmp_path: Path) -> None:
    write(deck("id: x, front: a, back: b"), "a/same.yaml")
    write(deck("id: x, front: a, back: mine"), "b/same.yaml")
    assert check([tmp_path / "a", tmp_path / "b"]) == []
    assert check([tmp_path / "a"], beside=[tmp_path / "b"]) == []


def test_a_prerequisite_in_another_deck_is_found(write: Write, tmp_path: Path) -> None:
    write(deck("id: x, front: a, back: b"), "one.yaml")
    write(deck("front: c, back: d, requires: [x]"), "two.yaml")
    assert check([tmp_path]) == []


def test_decks_beside_count_for_prerequisites_but_are_not_checked(write: Write) -> None:
    beside = write(deck("id: x, front: a, back: b, requires: [nothing]"), "one.yaml")
    path = write(deck("front: c, back: d, requires: [x]"), "two.yaml")
    assert [fault.code for fault in check([path])] == ["dangling-prerequisite"]
    assert check([path], beside=[beside]) == []


def test_a_prerequisite_that_is_there_but_broken_does_not_dangle(write: Write) -> None:
    path = write(deck("id: x, front: a", "front: c, back: d, requires: [x]"))
    assert [fault.code for fault in check([path])] == ["missing-field"]


def test_a_circle_across_files_is_told_once_with_its_way(write: Write, tmp_path: Path) -> None:
    write(deck("id: a, front: 1, back: x, requires: [b]"), "one.yaml")
    write(
        deck("id: b, front: 2, back: x, requires: [c]", "id: c, front: 3, back: x, requires: [a]"),
        "two.yaml",
    )
    (fault,) = check([tmp_path])
    assert fault.code == "prerequisite-cycle"
    assert "a → b → c → a" in fault.message


def test_two_circles_are_both_told_and_a_diamond_is_none(write: Write) -> None:
    path = write(
        deck(
            "id: a, front: 1, back: x, requires: [b]",
            "id: b, front: 2, back: x, requires: [a]",
            "id: c, front: 3, back: x, requires: [c]",
            "id: d, front: 4, back: x, requires: [e, f]",
            "id: e, front: 5, back: x, requires: [g]",
            "id: f, front: 6, back: x, requires: [g]",
            "id: g, front: 7, back: x",
        )
    )
    assert [fault.code for fault in check([path])] == ["prerequisite-cycle"] * 2


def test_a_knot_of_many_circles_is_told_once(write: Write) -> None:
    names = [f"c{i}" for i in range(60)]
    all_of_them = ", ".join(names)
    path = write(
        deck(
            *(f"id: {name}, front: {name}, back: b, requires: [{all_of_them}]" for name in names),
            "id: free, front: f, back: b, requires: [c1]",
        )
    )
    (fault,) = check([path])
    assert (fault.line, fault.code) == (3, "prerequisite-cycle")


def test_a_chain_of_ten_thousand_prerequisites_is_no_trouble(write: Write) -> None:
    cards = [f"id: c{i}, front: f {i}, back: b, requires: [c{i + 1}]" for i in range(10_000)]
    path = write(deck(*cards, "id: c10000, front: end, back: b"))
    assert check([path]) == []


def test_fronts_that_differ_in_a_word_are_nearly_the_same(write: Write) -> None:
    path = write(
        deck(
            "front: Why is the score divided by the root of the width of the keys $d_k$, back: a",
            "front: Why is the score divided by the root of the width of all keys $d_k$, back: b",
        )
    )
    (fault,) = check([path])
    assert (fault.line, fault.code) == (4, "near-duplicate")


def test_fronts_that_differ_in_a_symbol_are_two_questions(write: Write) -> None:
    shape = "front: What is the shape of the matrix ${}$ in one attention head, back: a"
    path = write(deck(*(shape.replace("{}", name) for name in ("Q", "q", "K", "d_k", "d_v"))))
    assert check([path]) == []


def test_clozes_of_one_sentence_with_other_blanks_are_two_questions(write: Write) -> None:
    path = write(
        deck(
            "kind: cloze, cloze: 'The {{query}} meets the key in a dot product'",
            "kind: cloze, cloze: 'The query meets the {{key}} in a dot product'",
        )
    )
    assert check([path]) == []


def test_a_skill_is_trained_once_in_a_deck(write: Write, tmp_path: Path) -> None:
    problem = "kind: problem, family: softmax-row"
    write(deck(problem), "one.yaml")
    write(deck(problem, f"{problem}, level: 2"), "two.yaml")
    assert check([tmp_path]) == []
    write(deck(problem, problem), "two.yaml")
    assert [fault.code for fault in check([tmp_path])] == ["near-duplicate"]


def test_a_path_that_does_not_exist_is_told(tmp_path: Path) -> None:
    (fault,) = check([tmp_path / "nowhere"])
    assert fault.code == "unreadable"


def test_faults_come_by_file_and_place(write: Write, tmp_path: Path) -> None:
    write(deck("front: a", "front: b, bakc: c"), "b.yaml")
    write(deck("front: $a, back: b"), "a.yaml")
    places = [(Path(fault.file).name, fault.line) for fault in check([tmp_path])]
    assert places == [("a.yaml", 3), ("b.yaml", 3), ("b.yaml", 4)]
