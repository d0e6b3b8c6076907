"""What was begun is there again when the app is, and is never taken for an answer."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st

from studykit.memory import Grade
from studykit.study import Session
from studykit.study.collection import Collection
from studykit.study.drafts import EMPTY, MOST, Draft, Drafts
from tests.study.desk import Desk
from tests.study.test_steps import text, values

DECK = """\
title: Problems
id: problems
sources: {note: A note}
cards:
  - {id: whole, kind: problem, family: attention-output, level: 2, sources: [note]}
"""
FORMULA = """\
title: Formulas
id: formulas
sources: {note: A note}
cards:
  - id: scores
    kind: formula
    front: Write the scores.
    back: $Q K^T$
    accepts: [Q K^T]
    names: {Q: n×d, K: m×d}
    sources: [note]
"""


def at_its_question(collection: Collection) -> Session:
    session = collection.session()
    assert session.next() is not None
    return session


def test_steps_and_what_is_typed_for_the_next_one_survive_a_crash(desk: Desk) -> None:
    desk.deck(DECK)
    with desk.open() as collection:
        session = at_its_question(collection)
        session.put_down({"": "0.5 0.5"})
        session.begin_steps()
        first = text(values(session)["scores"])
        verdict = session.answer(first)
        session.put_down({"": "0.5 0.5", "scaled": "1 2; ? ?"})
    with desk.open() as collection:
        session = at_its_question(collection)
        assert [one.typed for one in session.steps_done] == [first]
        assert session.steps_done[0].outcome == verdict
        assert session.step is not None and session.step.name == "scaled"
        assert session.draft == "1 2; ? ?"
        session.leave_steps()
        assert session.draft == "0.5 0.5"
        assert session.outcome is None and not collection.store.latest_id


def test_a_step_is_put_down_when_it_is_taken(desk: Desk) -> None:
    desk.deck(DECK)
    with desk.open() as collection:
        session = at_its_question(collection)
        session.begin_steps()
        session.reveal()
    with desk.open() as collection:
        session = at_its_question(collection)
        assert [one.outcome.result for one in session.steps_done] == ["self"]


def test_an_answer_that_was_judged_and_not_graded_stands_in_its_field_again(desk: Desk) -> None:
    desk.deck(DECK)
    with desk.open() as collection:
        session = at_its_question(collection)
        session.answer("1 1; 1 1")
        session.put_down({"": "1 1; 1 1"})
    with desk.open() as collection:
        session = at_its_question(collection)
        assert (session.draft, session.outcome) == ("1 1; 1 1", None)


def test_a_hint_still_counts_after_a_crash(desk: Desk) -> None:
    desk.deck(DECK)
    with desk.open() as collection:
        assert at_its_question(collection).hint()
    with desk.open() as collection:
        session = at_its_question(collection)
        session.answer(text(values(session)["output"]))
        assert session.outcome is not None and session.outcome.suggested is Grade.HARD


def test_notes_are_put_down_with_the_rest(desk: Desk) -> None:
    desk.deck(FORMULA)
    with desk.open() as collection:
        session = at_its_question(collection)
        session.note("rows are queries")
        session.put_down({})
    with desk.open() as collection:
        assert at_its_question(collection).notes == "rows are queries"


def test_a_graded_answer_leaves_no_draft(desk: Desk) -> None:
    desk.deck(FORMULA)
    with desk.open() as collection:
        session = at_its_question(collection)
        session.put_down({"": "Q K"})
        session.answer("Q K^T")
        session.grade(Grade.GOOD)
    desk.clock.days(30)
    with desk.open() as collection:
        assert at_its_question(collection).draft == ""
    assert Drafts(desk.home.drafts)._read() == {}


def test_a_draft_that_outlived_its_grade_is_not_shown_at_the_next_showing(desk: Desk) -> None:
    desk.deck(FORMULA)
    with desk.open() as collection:
        session = at_its_question(collection)
        session.put_down({"": "Q K"})
        left = desk.home.drafts.read_bytes()
        session.reveal()
        session.grade(Grade.GOOD)
    desk.home.drafts.write_bytes(left)  # killed between the grade and the draft
    desk.clock.days(30)
    with desk.open() as collection:
        assert at_its_question(collection).draft == ""


def test_another_wording_of_a_card_begins_empty(desk: Desk) -> None:
    desk.deck(FORMULA)
    with desk.open() as collection:
        at_its_question(collection).put_down({"": "Q K"})
    desk.deck(FORMULA.replace("Write the scores.", "Write the gradient."))
    with desk.open() as collection:
        assert at_its_question(collection).draft == ""


def test_a_file_that_cannot_be_read_is_no_draft_and_is_made_anew(desk: Desk) -> None:
    desk.deck(FORMULA)
    for rubbish in (b"", b"{", b"[]", b'{"a": {"typed": 3}}', b"\xff\xfe", b'{"a": null}'):
        desk.home.drafts.write_bytes(rubbish)
        with desk.open() as collection:
            session = at_its_question(collection)
            assert session.draft == ""
            session.put_down({"": "Q"})
        with desk.open() as collection:
            assert at_its_question(collection).draft == "Q"


def test_a_folder_that_cannot_be_written_costs_the_draft_alone(tmp_path: Path) -> None:
    drafts = Drafts(tmp_path / "gone" / "drafts.json")
    drafts.keep("one", Draft(notes="here"))
    assert drafts.of("one").notes == "here"


def test_the_same_draft_again_writes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "drafts.json"
    Drafts(path).keep("one", EMPTY)
    assert not path.exists()
    drafts = Drafts(path)
    drafts.keep("one", Draft(notes="here"))
    path.unlink()
    drafts.keep("one", Draft(notes="here"))
    drafts.drop("another")
    assert not path.exists()


def test_only_the_questions_touched_last_are_kept(tmp_path: Path) -> None:
    drafts = Drafts(tmp_path / "drafts.json")
    for number in range(MOST + 3):
        drafts.keep(f"question {number}", Draft(notes=str(number)))
    again = Drafts(tmp_path / "drafts.json")
    kept = [number for number in range(MOST + 3) if again.of(f"question {number}") != EMPTY]
    assert kept == list(range(3, MOST + 3))


DRAFTS = st.builds(
    Draft,
    typed=st.dictionaries(st.sampled_from(["", "scores", "output"]), st.text(max_size=20)),
    notes=st.text(max_size=40),
    steps=st.lists(st.text(max_size=10), max_size=4).map(tuple),
    walking=st.booleans(),
    hints=st.integers(0, 9),
)


@given(DRAFTS)
def test_whatever_was_typed_comes_back_as_it_was(draft: Draft) -> None:
    with TemporaryDirectory() as folder:
        Drafts(Path(folder) / "drafts.json").keep("one", draft)
        assert Drafts(Path(folder) / "drafts.json").of("one") == draft
