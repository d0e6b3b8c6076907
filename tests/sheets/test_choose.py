"""The same wishes give the same sheet; families take turns; no two problems are alike."""

from __future__ import annotations

from collections import Counter

import pytest

from studykit.problems import families
from studykit.sheets.choose import Pick, Wishes, choose, picks_of
from studykit.sheets.errors import SheetError


def tickets(**wishes: object) -> list[str]:
    chosen = {"picks": picks_of(), "count": 30, "seed": 1, **wishes}
    return [problem.ticket for problem in choose(Wishes(**chosen))]  # type: ignore[arg-type]


def test_the_same_wishes_give_the_same_tickets_and_another_seed_others() -> None:
    assert tickets() == tickets()
    assert tickets() != tickets(seed=2)
    assert tickets(count=40)[:30] == tickets()


def test_no_two_problems_are_alike_and_families_take_turns() -> None:
    chosen = tickets(picks=picks_of(["scaled-dot", "attention-output", "kv-cache"]), count=30)
    assert len(set(chosen)) == 30
    counts = Counter(ticket.partition("@")[0] for ticket in chosen)
    assert set(counts.values()) == {10}


def test_every_family_comes_once_before_one_comes_twice() -> None:
    names = [ticket.partition("@")[0] for ticket in tickets(count=len(families()))]
    assert len(set(names)) == len(families())


def test_levels_come_by_their_shares() -> None:
    chosen = tickets(picks=picks_of(["attention-scores"]), levels=((1, 1.0), (2, 3.0)), count=60)
    levels = Counter(ticket.partition("/")[2][0] for ticket in chosen)
    assert set(levels) == {"1", "2"}
    assert 35 <= levels["2"] <= 54


def test_a_topic_is_meant_by_a_part_of_its_name() -> None:
    known = families()
    assert {known[pick.family].topic for pick in picks_of(topics=["masks"])} == {"masks"}


def test_time_decides_how_many_there_are() -> None:
    chosen = tickets(levels=((1, 1.0),), count=0, minutes=20.0)
    assert len(chosen) == 10


def test_a_mistake_that_is_aimed_at_is_possible_in_every_problem() -> None:
    pick = Pick("attention-output", 2, "no-scale")
    for problem in choose(Wishes(picks=(pick,), count=5)):
        assert "no-scale" in {wrong.mistake.name for wrong in problem.wrongs}


def test_more_than_there_is_is_refused_with_the_number_there_is() -> None:
    with pytest.raises(SheetError, match=r"Only \d+ different problems"):
        tickets(picks=(Pick("receptive-field", 3),), count=500)


@pytest.mark.parametrize(
    ("names", "topics", "says"),
    [
        (["attention-outptu"], [], "did you mean attention-output"),
        ([], ["astrology"], "no topic “astrology”"),
    ],
)
def test_what_there_is_not_is_named(names: list[str], topics: list[str], says: str) -> None:
    with pytest.raises(SheetError, match=says):
        picks_of(names, topics)
