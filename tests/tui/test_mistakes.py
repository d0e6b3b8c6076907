"""The mistake log on the screen: looking at mistakes, at their answers, and practising them."""

from __future__ import annotations

import pytest

from studykit.memory import Grade
from studykit.progress import Review
from studykit.study import Collection
from studykit.study.practice import Exercise, Practice
from studykit.study.start import Start
from studykit.tui.app import StudyApp
from studykit.tui.screens.home import HomeScreen
from studykit.tui.screens.mistakes import MadeScreen, MistakesScreen, spark, steps_of
from studykit.tui.screens.reading import Reading
from studykit.tui.screens.study import StudyScreen
from tests.study.desk import Desk
from tests.study.test_mistakes import make, problem_with
from tests.tui.screens import screen_text, settle, slowly
from tests.tui.test_goldens import compare
from tests.tui.test_poison import MARKUP, safe
from tests.tui.test_poison import POISON as UNSTORABLE

POISON = UNSTORABLE.replace("\ud800", "")
"""Without the lone surrogate: no terminal can send one, and SQLite stores none."""


@pytest.fixture(autouse=True)
def few_families(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three families, so that a family more changes no picture."""
    names = ("scaled-dot", "attention-output", "cross-entropy")
    monkeypatch.setattr("studykit.problems.registry.FAMILIES", names)


def some_mistakes(desk: Desk, collection: Collection) -> None:
    make(collection, problem_with("no-scale", "scaled-dot", 2), "no-scale")
    desk.clock.days(12)
    for number in range(3):
        make(collection, problem_with("no-scale", "scaled-dot", 2, 5 + number))
    make(collection, problem_with("times-root", "scaled-dot", 2), "times-root")
    desk.clock.days(3)


async def test_an_empty_log_says_what_will_stand_there(desk: Desk) -> None:
    desk.deck()
    with desk.open() as collection:
        app = StudyApp(collection, Start())
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            await pilot.press("m")
            await settle(pilot)
            assert "No mistake was diagnosed yet." in screen_text(app)
            assert not app.screen.query_one("#pane").display
            assert "avoided" not in screen_text(app), "an empty list has no heads"
            await pilot.resize_terminal(40, 12)
            await settle(pilot)
            said = " ".join(screen_text(app).split())
            assert "what a known mistake gives, it is noted here" in said
            await pilot.press("enter", "p", "a", "j", "escape")
            await settle(pilot)
            assert isinstance(app.screen, HomeScreen)


async def test_a_mistake_opens_on_its_answers_and_those_on_the_problem(desk: Desk) -> None:
    desk.deck()
    with desk.open() as collection:
        some_mistakes(desk, collection)
        app = StudyApp(collection, Start())
        async with app.run_test(size=(120, 40)) as pilot:
            await settle(pilot)
            await pilot.press("m")
            await settle(pilot)
            text = screen_text(app)
            assert "1 open · 1 mended" in text
            assert "You multiplied by" in text
            await pilot.press("j", "enter")
            await settle(pilot)
            assert isinstance(app.screen, MadeScreen)
            text = screen_text(app)
            assert "2026-03-02" in text
            assert "✗ Wrong" in text
            assert "You left out the scale" in text
            await pilot.press("enter")
            await settle(pilot)
            assert isinstance(app.screen, Reading)
            assert "Answer" in screen_text(app)
            await pilot.press("escape", "escape", "escape")
            await settle(pilot)
            assert isinstance(app.screen, HomeScreen)


async def test_practice_begins_from_the_log_and_leads_back_to_it(desk: Desk) -> None:
    desk.deck()
    with desk.open() as collection:
        some_mistakes(desk, collection)
        before = len(list(collection.store.reviews()))
        app = StudyApp(collection, Start())
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            await pilot.press("m")
            for key in ("p", "a"):
                await slowly(pilot, key)
                await settle(pilot)
                assert isinstance(app.screen, StudyScreen)
                await slowly(pilot, "f3", "1", "escape", "escape")
                await settle(pilot)
                assert isinstance(app.screen, MistakesScreen)
            assert len(list(collection.store.reviews())) == before + 2


@pytest.mark.parametrize("size", [(40, 12), (80, 24), (200, 60)])
async def test_the_mistake_log_looks_like_this(desk: Desk, size: tuple[int, int]) -> None:
    desk.deck()
    with desk.open() as collection:
        some_mistakes(desk, collection)
        app = StudyApp(collection, Start())
        async with app.run_test(size=size) as pilot:
            await settle(pilot)
            await pilot.press("m")
            await settle(pilot)
            compare(f"mistakes-{size[0]}x{size[1]}", screen_text(app))
            await pilot.press("enter")
            await settle(pilot)
            compare(f"mistake-made-{size[0]}x{size[1]}", screen_text(app))


async def test_a_typed_answer_is_plain_text_in_the_log_too(desk: Desk) -> None:
    desk.deck()
    with desk.open() as collection:
        session = collection.session(practice=_One(Exercise("scaled-dot", 1, 1)))
        question = session.next()
        assert question is not None
        for ticket in (question.ticket, POISON):
            review = Review(
                card=None,
                day=collection.day,
                at_ms=collection.clock(),
                grade=int(Grade.AGAIN),
                due=None,
                kind="cram",
                ticket=ticket,
                answer=POISON,
                result="wrong",
                mistakes=(POISON,),
            )
            collection.store.record(review, None)
        app = StudyApp(collection, Start())
        async with app.run_test(size=(200, 60), notifications=True) as pilot:
            await settle(pilot)
            await pilot.press("m")
            await settle(pilot)
            seen = [screen_text(app)]
            await pilot.press("enter")
            await settle(pilot)
            seen.append(screen_text(app))
            await pilot.press("j")
            await settle(pilot)
            seen.append(screen_text(app))
            await pilot.press("p")
            await settle(pilot)
            assert safe(screen_text(app))
        for text in seen:
            assert MARKUP in text
            assert safe(text)


class _One(Practice):
    """Practice of a single exercise."""

    def __init__(self, exercise: Exercise) -> None:
        self._exercise = exercise

    def next(self) -> Exercise:
        return self._exercise


def test_a_trend_shows_every_week_that_had_one() -> None:
    assert spark((0, 0, 0, 0, 0, 0, 1, 8)) == "······▁█"
    assert spark((0,) * 8) == "········"
    assert "·" not in spark((1, 100, 1, 1, 1, 1, 1, 1))


@pytest.mark.parametrize("detail", [None, "", "{", "[]", '{"steps": 3}', '{"steps": [1]}'])
def test_a_strange_detail_hides_no_answer(detail: str | None) -> None:
    assert steps_of(Review(card=None, day=1, at_ms=0, grade=1, due=None, detail=detail)) == []
