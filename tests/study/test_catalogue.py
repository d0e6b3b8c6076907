"""What a query finds among the cards and families, and what is decided about them."""

from __future__ import annotations

import pytest

from studykit.memory import Grade
from studykit.study import Collection, StudyError
from studykit.study.catalogue import Catalogue
from studykit.study.decisions import Decisions
from studykit.study.preview import example, preview
from studykit.study.query import Unread, read_query
from tests.study.desk import Desk


def filled(collection: Collection) -> Catalogue:
    catalogue = Catalogue(collection)
    for _ in catalogue.fill():
        pass
    return catalogue


def found(catalogue: Catalogue, text: str, *, families: bool = False) -> list[str]:
    node = read_query(text)
    assert not isinstance(node, Unread), node
    return [
        catalogue.ids[entry]
        for entry in catalogue.find(node)
        if catalogue.is_card(entry) is not families
    ]


def learn(collection: Collection, card: str, grade: Grade) -> None:
    """Answer new cards until this one was asked, and grade it so; the others stay new."""
    session = collection.session()
    while (question := session.next()) is not None and question.card != card:
        session.bury()
    assert question is not None
    session.reveal()
    session.grade(grade)
    day, at_ms = collection.day, collection.clock()
    for other in collection.store.standings():
        if other != card:
            collection.store.unbury(other, day, at_ms)


def test_words_are_looked_for_in_question_answer_and_explanation(desk: Desk) -> None:
    desk.deck()
    with desk.open() as collection:
        catalogue = filled(collection)
        assert found(catalogue, "") == ["one", "two", "three", "four", "five", "six", "seven"]
        assert found(catalogue, "TWICE") == ["two"]
        assert found(catalogue, "even odd") == ["two"]
        assert found(catalogue, '"weighted mean"') == ["five"]
        assert found(catalogue, '"mean weighted"') == []
        assert found(catalogue, "kind:basic or kind:flaw") == ["one", "four"]
        assert found(catalogue, "-kind:basic -two -tag:parity kind:choice") == []
        assert found(catalogue, "tag:par") == ["two"]
        assert found(catalogue, "deck:small -(one or is)") == ["three", "five", "six", "seven"]
        assert found(catalogue, 'deck:"smal"') == []
        assert found(catalogue, "level:1 family:scores") == ["six"]
        assert found(catalogue, "source:note id:se") == ["seven"]


def test_states_and_numbers_follow_the_log(desk: Desk) -> None:
    desk.deck()
    with desk.open() as collection:
        learn(collection, "one", Grade.GOOD)
        learn(collection, "two", Grade.AGAIN)
        catalogue = filled(collection)
        assert found(catalogue, "is:learning") == ["two"]
        assert "one" not in found(catalogue, "is:new")
        assert found(catalogue, "is:due") == ["two"]
        assert found(catalogue, "due:>0") == ["one"]
        assert found(catalogue, "reps:>0") == ["one", "two"]
        assert "three" in found(catalogue, "reps:0")
        assert found(catalogue, "recall:100%") == ["one", "two"]
        assert catalogue.state(0).endswith(" d")
        desk.clock.days(40)
        later = filled(collection)
        assert "one" in found(later, "is:due recall:<90% seen:40")
        assert later.state(0).endswith(" d late")


def test_a_mistake_finds_the_cards_it_was_made_on_and_the_families_that_know_it(
    desk: Desk,
) -> None:
    from studykit.problems import draw

    desk.deck()
    with desk.open() as collection:
        session = collection.session()
        while (question := session.next()) is not None and question.card != "six":
            session.bury()
        assert question is not None
        problem = draw(question.ticket)
        wrong = next(one for one in problem.wrongs if one.mistake.name == "no-scale")
        rows = "; ".join(" ".join(str(float(x)) for x in row) for row in wrong.answer)
        outcome = session.answer(rows)
        assert "no-scale" in {slip.mistake for slip in outcome.slips}
        session.grade(Grade.AGAIN)
        catalogue = filled(collection)
        assert found(catalogue, "mistake:no-scale") == ["six"]
        assert "attention-output" in found(catalogue, "mistake:no-scale", families=True)
        assert "cross-entropy" not in found(catalogue, "mistake:no-scale", families=True)
        assert found(catalogue, "topic:mask", families=True)


def test_what_finds_nothing_says_which_part_and_what_may_be_meant(desk: Desk) -> None:
    desk.deck()
    with desk.open() as collection:
        catalogue = filled(collection)
        for text, said in (
            ("one zzz", "Nothing holds “zzz”."),
            ("difficulty>5", "Nothing holds “difficulty>5”. Did you mean difficulty:>5?"),
            ("reps=0", "Did you mean reps:0?"),
            ("deck:smalll", "Did you mean small?"),
            ("tag:pairty", "Did you mean parity?"),
            ("is:leech", "No card is leech today."),
            ("due:<3", "No card has due:<3."),
            ("one tag:parity", "Nothing fits all of this."),
        ):
            node = read_query(text)
            assert not isinstance(node, Unread)
            assert said in catalogue.nothing(node), text


def test_decisions_act_on_several_cards_and_are_taken_back_together(desk: Desk) -> None:
    desk.deck()
    with desk.open() as collection:
        learn(collection, "one", Grade.GOOD)
        catalogue, decisions = filled(collection), Decisions(collection)
        assert decisions.suspend(("one", "two")) == "Suspended: 2 cards."
        catalogue.note(("one", "two"))
        assert found(catalogue, "is:suspended") == ["one", "two"]
        says, cards = decisions.undo()
        assert (says, cards) == ("Taken back: suspended, 2 cards.", ("one", "two"))
        catalogue.note(cards)
        assert found(catalogue, "is:suspended") == []
        decisions.suspend(("two",))
        assert "Taken back into study" in decisions.suspend(("two",))
        decisions.bury(("three",))
        catalogue.note(("three",))
        assert catalogue.state(2) == "buried"


def test_a_reset_keeps_the_answers_and_can_be_undone(desk: Desk) -> None:
    desk.deck()
    with desk.open() as collection:
        learn(collection, "one", Grade.GOOD)
        before = collection.store.standing("one")
        decisions = Decisions(collection)
        decisions.reset(("one", "two"))
        assert collection.store.standing("one").memory is None
        assert len(collection.store.history("one")) == 1
        decisions.undo()
        assert collection.store.standing("one") == before
        with pytest.raises(StudyError, match="never answered"):
            decisions.reset(("two",))


def test_an_undo_never_reaches_a_grade(desk: Desk) -> None:
    desk.deck()
    with desk.open() as collection:
        learn(collection, "one", Grade.GOOD)
        with pytest.raises(StudyError, match="Nothing was changed here"):
            Decisions(collection).undo()
        assert collection.store.standing("one").memory is not None


def test_a_preview_shows_the_answer_and_logs_nothing(desk: Desk) -> None:
    desk.deck()
    with desk.open() as collection:
        question, outcome = preview(collection, "two")
        assert question.text == "Which one is even?"
        assert outcome.back == "two"
        shown, _ = preview(collection, "six")
        session = collection.session(tag="")
        while (asked := session.next()) is not None and asked.card != "six":
            session.bury()
        assert asked is not None
        assert shown.ticket != asked.ticket, "the example is not what comes next"
        assert not list(collection.store.reviews())
        with pytest.raises(StudyError, match="no deck any more"):
            preview(collection, "gone")
    assert example("softmax-row", 2).ticket == "softmax-row@1/2#0"
