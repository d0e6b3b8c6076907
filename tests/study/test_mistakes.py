"""The mistake log: what was made, when it is mended, and what practice draws."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from studykit.memory import Grade
from studykit.problems import Problem, draw, families
from studykit.study import Collection, StudyError
from studykit.study.mending import Mending
from studykit.study.mistakes import (
    MENDED_AFTER,
    MENDED_SHARE,
    OTHERS_SHARE,
    Group,
    groups,
    may_happen,
    possible,
    sentence,
    weights,
    weights_of,
)
from studykit.study.practice import Exercise, Practice
from studykit.study.preview import reopen
from tests.study.desk import Desk


def typed(value: Any) -> str:
    """A value as a learner would type it, with digits enough."""
    if isinstance(value, list):
        return (
            "; ".join(typed(row) for row in value)
            if isinstance(value[0], list)
            else " ".join(map(typed, value))
        )
    return f"{float(value):.6f}"


class One(Practice):
    """Practice of given exercises."""

    def __init__(self, *exercises: Exercise) -> None:
        self.exercises = list(exercises)

    def next(self) -> Exercise | None:
        return self.exercises.pop(0) if self.exercises else None

    def left(self) -> int:
        return len(self.exercises)


def problem_with(mistake: str, family: str, level: int, number: int = 0) -> Problem:
    """A problem of this family on which the mistake is possible."""
    found = (draw(family=family, level=level, seed=seed) for seed in range(1000))
    with_it = (one for one in found if any(w.mistake.name == mistake for w in one.wrongs))
    for _ in range(number):
        next(with_it)
    return next(with_it)


def make(collection: Collection, problem: Problem, mistake: str = "", *, hints: int = 0) -> None:
    """Answer a problem with this mistake, or right."""
    wrongs = {wrong.mistake.name: wrong.answer for wrong in problem.wrongs}
    session = collection.session(
        practice=One(Exercise(problem.family.name, problem.level, problem.seed))
    )
    session.next()
    for _ in range(hints):
        session.hint()
    outcome = session.answer(typed(wrongs[mistake] if mistake else problem.answer))
    assert outcome.result == ("wrong" if mistake else "right"), outcome
    if mistake:
        assert mistake in {slip.mistake for slip in outcome.slips}
    session.grade(Grade.GOOD)


def the_group(collection: Collection, mistake: str = "no-scale") -> Group:
    return next(one for one in groups(collection.store, collection.day) if one.mistake == mistake)


def test_a_mistake_is_mended_after_right_answers_where_it_was_possible(desk: Desk) -> None:
    with desk.open() as collection:
        make(collection, problem_with("no-scale", "scaled-dot", 2), "no-scale")
        assert the_group(collection).avoided == 0
        make(collection, draw("cross-entropy@1/1#3"))
        assert the_group(collection).avoided == 0, "it was not possible there"
        make(collection, problem_with("no-scale", "scaled-dot", 2, 1), hints=1)
        assert the_group(collection).avoided == 0, "a hint helped"
        make(collection, problem_with("no-scale", "scaled-dot", 2, 2), "times-root")
        assert the_group(collection).avoided == 0, "wrong for another reason is no avoiding"
        for number in range(MENDED_AFTER):
            assert not the_group(collection).mended
            make(collection, problem_with("no-scale", "attention-output", 2, number))
        assert the_group(collection).mended
        make(collection, problem_with("no-scale", "scaled-dot", 2, 3), "no-scale")
        again = the_group(collection)
        assert (again.avoided, len(again.made)) == (0, 2), "making it again begins anew"


def test_an_undone_answer_is_in_no_log_of_mistakes(desk: Desk) -> None:
    with desk.open() as collection:
        make(collection, problem_with("no-scale", "scaled-dot", 2), "no-scale")
        collection.store.undo_last(collection.day, collection.clock())
        assert groups(collection.store, collection.day) == ()
        assert weights(collection.store, collection.day) == ()


def test_the_trend_counts_by_week_and_recent_mistakes_stand_first(desk: Desk) -> None:
    with desk.open() as collection:
        for number in range(2):
            make(collection, problem_with("no-scale", "scaled-dot", 2, number), "no-scale")
        desk.clock.days(30)
        make(collection, problem_with("times-root", "scaled-dot", 2), "times-root")
        first, second = groups(collection.store, collection.day)[:2]
        assert (first.mistake, second.mistake) == ("times-root", "no-scale")
        assert first.weeks == (0, 0, 0, 0, 0, 0, 0, 1)
        assert second.weeks == (0, 0, 0, 2, 0, 0, 0, 0)
        assert first.weight == 1
        assert second.weight == pytest.approx(2 * 0.5 ** (30 / 14))


def test_weights_go_to_where_it_was_made_and_to_a_third_to_its_namesakes(desk: Desk) -> None:
    with desk.open() as collection:
        make(collection, problem_with("no-scale", "scaled-dot", 2), "no-scale")
        group = the_group(collection)
        found = weights_of(group, collection.day)
        own = [one for one in found if (one.family, one.level) == ("scaled-dot", 2)]
        others = [one for one in found if one not in own]
        assert sum(one.weight for one in found) == pytest.approx(1)
        assert own[0].weight == pytest.approx(1 - OTHERS_SHARE)
        known = families()
        assert others
        for one in others:
            assert may_happen("no-scale", known[one.family], one.level)
        for number in range(MENDED_AFTER):
            make(collection, problem_with("no-scale", "scaled-dot", 2, number))
        assert sum(one.weight for one in weights(collection.store, collection.day)) == (
            pytest.approx(MENDED_SHARE)
        )


def test_practice_draws_problems_on_which_the_mistake_is_possible_and_mends_it(
    desk: Desk,
) -> None:
    with desk.open() as collection:
        make(collection, problem_with("no-scale", "scaled-dot", 2), "no-scale")
        mending = Mending(collection.store, lambda: collection.day, seed=5, only="no-scale")
        session = collection.session(practice=mending)
        seen: Counter[str] = Counter()
        said = []
        for _ in range(MENDED_AFTER):
            question = session.next()
            assert question is not None
            assert possible("no-scale", question.ticket)
            seen[question.ticket] += 1
            outcome = session.answer(typed(draw(question.ticket).answer))
            assert outcome.result == "right"
            session.grade(Grade.GOOD)
            said.append(session.notice)
        assert max(seen.values()) == 1, "fresh problems"
        assert said[0] == "Avoided: no-scale, 1 of 3."
        assert said[-1].startswith("Mended: no-scale")
        assert session.next() is not None, "it goes on until the learner stops"
        assert the_group(collection).mended


def test_practice_without_mistakes_asks_nothing(desk: Desk) -> None:
    with desk.open() as collection:
        mending = Mending(collection.store, lambda: collection.day, seed=5)
        assert mending.next() is None
        assert collection.session(practice=mending).next() is None


def test_a_slip_in_a_formula_is_practised_on_its_card(desk: Desk) -> None:
    desk.deck(
        "title: F\nid: f\nsources: {note: A note}\ncards:\n"
        "  - id: halves\n    kind: formula\n    front: Half of x?\n    back: $x/2$\n"
        "    accepts: [x/2]\n    names: {x: real}\n    sources: [note]\n"
    )
    with desk.open() as collection:
        session = collection.session()
        session.next()
        outcome = session.answer("-x/2")
        assert [slip.mistake for slip in outcome.slips] == ["sign"]
        session.grade(Grade.AGAIN)
        (group,) = groups(collection.store, collection.day)
        assert (group.cards, weights_of(group, collection.day)) == (("halves",), ())
        mending = Mending(collection.store, lambda: collection.day, seed=1)
        assert mending.next() == "halves"

        def remark(review: Any) -> list[tuple[str, str]]:
            return [(slip.mistake, slip.says) for slip in reopen(collection, review)[1].slips]

        assert sentence(group, remark) == "The sign is wrong."


def test_the_sentence_comes_from_the_family_and_else_from_marking_again(desk: Desk) -> None:
    with desk.open() as collection:
        problem = problem_with("no-scale", "scaled-dot", 2)
        make(collection, problem, "no-scale")
        group = the_group(collection)
        assert "left out the scale" in sentence(group, lambda _: [])
        question, outcome = reopen(collection, group.made[0])
        assert question.ticket == problem.ticket
        assert outcome.result == "wrong"
        unknown = Group("fell-asleep", (), 0, (0,) * 8, 0.0)
        assert sentence(unknown, lambda _: []) == "Fell asleep."


def test_what_cannot_be_drawn_any_more_says_so(desk: Desk) -> None:
    with desk.open() as collection:
        make(collection, problem_with("no-scale", "scaled-dot", 2), "no-scale")
        review = the_group(collection).made[0]
        old = review._replace(ticket="scaled-dot@99/2#1")
        with pytest.raises(StudyError, match="not drawn any more"):
            reopen(collection, old)
        assert not possible("no-scale", "scaled-dot@99/2#1")
        assert not possible("no-scale", "nonsense")
        with pytest.raises(StudyError, match="in no deck any more"):
            reopen(collection, review._replace(ticket=None, card="gone"))


def test_slips_in_writing_down_are_possible_where_there_is_something_to_slip_on() -> None:
    assert possible("transposed", "attention-scores@1/2#1")
    assert not possible("transposed", "scaled-dot@1/2#1")
    assert possible("axes-reversed", "attention-shapes@1/1#1")
