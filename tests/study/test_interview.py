"""Mock interviews: what is asked follows from the answers, and nothing that was given is lost."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from itertools import pairwise

import pytest

from studykit.memory import Grade
from studykit.problems import draw
from studykit.study.collection import Collection
from studykit.study.errors import StudyError
from studykit.study.interview import conduct, scorecard
from studykit.study.interview.interviewer import Interviewer, target
from studykit.study.interview.keep import keep
from studykit.study.interview.marks import mark_of
from studykit.study.interview.pool import pool
from studykit.study.interview.report import markdown
from studykit.study.interview.terms import ALLOWED
from studykit.study.session import Session
from studykit.study.start import Booking
from studykit.study.turn import LONGEST_MS
from tests.problems.support import typed
from tests.study.desk import Desk

TOPICS = {"roles": 2, "scale": 3}


def deck_text(topic: str, number: int) -> str:
    cards = [
        f"title: About {topic}\nid: {topic}\norder: {number}\nsources: {{note: A note}}\ncards:"
    ]
    for level in range(1, 6):
        cards.append(
            f"  - {{id: {topic}-choice-{level}, kind: choice, difficulty: {level}, "
            f"front: Choice {level} on {topic}?, answer: yes, "
            f"wrong: [{{text: no, why: Because it is yes.}}]}}"
        )
        cards.append(
            f"  - {{id: {topic}-flaw-{level}, kind: flaw, difficulty: {level}, "
            f"front: Flaw {level} on {topic}., back: Mended.}}"
        )
        seniority = ("junior", "junior", "mid", "senior", "research")[level - 1]
        cards.append(
            f"""\
  - id: {topic}-open-{level}
    kind: open
    difficulty: {level}
    seniority: {seniority}
    requires: [{topic}-flaw-{level}]
    front: Explain {level} on {topic}.
    back: In short.
    rubric: [one, two, three, four]
    model: The long answer {level} on {topic}.
    follow_ups:
      - {{ask: First after {topic} {level}?, answer: So.}}
      - {{ask: Second after {topic} {level}?, answer: So too.}}
      - {{ask: Third after {topic} {level}?, answer: Also.}}"""
        )
    return "\n".join(cards) + "\n"


@pytest.fixture
def interviewed(desk: Desk) -> Desk:
    for topic, number in TOPICS.items():
        desk.deck(deck_text(topic, number), f"{topic}.yaml")
    return desk


Answer = Callable[[Session], None]


def well(session: Session) -> None:
    answer(session, good=True)


def badly(session: Session) -> None:
    answer(session, good=False)


def answer(session: Session, *, good: bool) -> None:
    """Answer what stands on the table and have it graded."""
    question = session.question
    assert question is not None
    match question.asks:
        case "choice":
            session.choose(question.options.index("yes" if good else "no"))
        case "rubric":
            session.reveal()
            session.tick(range(4) if good else ())
        case _:
            session.reveal()
    assert session.outcome is not None
    proposed = session.outcome.suggested
    session.grade(proposed or (Grade.GOOD if good else Grade.AGAIN))


def run(
    desk: Desk,
    collection: Collection,
    interviewer: Interviewer,
    how: Answer,
    *,
    seconds: int = 60,
    most: int = 99,
) -> list[tuple[str, str]]:
    """Go on with an interview; (phase, question) in order."""
    session = collection.session(practice=interviewer)
    asked: list[tuple[str, str]] = []
    while len(asked) < most and (question := session.next()) is not None:
        phase = session.heading().split(" · ")[1]
        asked.append((phase, question.text.removeprefix("*What is wrong here? Correct it.*\n\n")))
        desk.clock.seconds(seconds)
        how(session)
    return asked


def test_it_goes_from_the_warm_up_to_the_deep_dive_and_ends_with_its_time(
    interviewed: Desk,
) -> None:
    with interviewed.open() as collection:
        interviewer = conduct.begin(collection, minutes=20, seed=3)
        asked = run(interviewed, collection, interviewer, well)
    phases = [phase for phase, _ in asked]
    assert phases[0] == "warm-up"
    order = [phase for phase in phases if phase != "what if"]
    assert order == sorted(order, key=["warm-up", "core", "deep dive"].index)
    assert set(phases) == {"warm-up", "core", "deep dive", "what if"}
    used = sum(mark.seconds for mark in interviewer.marks)
    assert 15 * 60 <= used <= 20 * 60


def test_the_same_seed_and_answers_give_the_same_interview(interviewed: Desk) -> None:
    runs = []
    for seed in (5, 5, 6):
        with interviewed.open() as collection:
            interviewer = conduct.begin(collection, minutes=15, seed=seed)
            runs.append(run(interviewed, collection, interviewer, well))
        interviewed.clock.days(3)
    assert runs[0] == runs[1]
    assert runs[0] != runs[2]


def test_good_answers_make_it_harder_and_poor_ones_easier(interviewed: Desk) -> None:
    levels = []
    for how in (well, badly):
        with interviewed.open() as collection:
            interviewer = conduct.begin(collection, minutes=30, seed=1)
            run(interviewed, collection, interviewer, how)
            core = [mark.difficulty for mark in interviewer.marks if mark.phase == "core"]
            levels.append(sum(core) / len(core))
    assert levels[0] > levels[1] + 0.5


@pytest.mark.parametrize(
    ("seniority", "how", "difficulties"),
    [("junior", well, {1, 2, 3, 4}), ("senior", badly, {2, 3, 4}), ("research", badly, {3, 4, 5})],
)
def test_answers_move_the_difficulty_within_reach_of_the_level(
    interviewed: Desk, seniority: str, how: Answer, difficulties: set[int]
) -> None:
    with interviewed.open() as collection:
        interviewer = conduct.begin(collection, minutes=60, seniority=seniority, seed=1)
        run(interviewed, collection, interviewer, how)
        terms, marks = interviewer.terms, interviewer.marks
    assert {target(terms, marks[:at]) for at in range(len(marks))} <= difficulties


def test_a_good_open_answer_is_followed_up_and_a_poor_one_is_not(interviewed: Desk) -> None:
    with interviewed.open() as collection:
        interviewer = conduct.begin(collection, minutes=30, seed=2)
        asked = run(interviewed, collection, interviewer, well)
        at = next(i for i, (phase, _) in enumerate(asked) if phase == "what if")
        assert asked[at - 1][1].startswith("Explain")
        assert asked[at][1].startswith("First after")
        assert asked[at + 1][1].startswith("Second after")
        again = conduct.begin(collection, minutes=30, seed=2)
        assert "what if" not in dict(run(interviewed, collection, again, badly))


def test_the_deep_dive_goes_down_to_what_a_missed_question_presumes(interviewed: Desk) -> None:
    with interviewed.open() as collection:
        interviewer = conduct.begin(collection, minutes=40, seed=4)
        run(interviewed, collection, interviewer, badly)
        marks = interviewer.marks
    steps = [
        (before.card, after.card)
        for before, after in pairwise(marks)
        if after.phase == "deep dive" and "-open-" in before.card
    ]
    asked_before = {mark.card for mark in marks if mark.phase != "deep dive"}
    assert all(
        after == before.replace("-open-", "-flaw-")
        for before, after in steps
        if before.replace("-open-", "-flaw-") not in asked_before
    )


def test_follow_ups_are_not_given_away_with_the_answer(interviewed: Desk) -> None:
    with interviewed.open() as collection:
        session = collection.session(practice=conduct.begin(collection, minutes=30, seed=2))
        while (question := session.next()) is not None:
            if question.asks == "rubric":
                outcome = session.reveal()
                assert "First after" not in outcome.explain
                assert "The long answer" in outcome.explain
                return
            well(session)
    pytest.fail("no open question was asked")


def test_a_crash_loses_no_answer_and_it_goes_on_where_it_stood(interviewed: Desk) -> None:
    with interviewed.open() as collection:
        whole = conduct.begin(collection, minutes=20, seed=9)
        expected = run(interviewed, collection, whole, well)
    with interviewed.open() as collection:
        broken = conduct.begin(collection, minutes=20, seed=9)
        first = run(interviewed, collection, broken, well, most=5)
    with interviewed.open() as collection:
        resumed = conduct.booked(collection, Booking())
        assert resumed.marks == broken.marks
        assert first + run(interviewed, collection, resumed, well) == expected
        conduct.finish(collection, resumed.terms)
        assert conduct.unfinished(collection) is None


def test_a_question_that_was_left_goes_on_with_its_time_its_notes_and_its_verdict(
    interviewed: Desk,
) -> None:
    def go_on(collection: Collection) -> Session:
        session = collection.session(practice=conduct.booked(collection, Booking()))
        session.next()
        return session

    with interviewed.open() as collection:
        conduct.begin(collection, minutes=30, seed=2)
        session = go_on(collection)
        while session.question is not None and session.question.asks != "rubric":
            well(session)
            session.next()
        asked = session.question
        interviewed.clock.seconds(100)
        session.note("variance, then saturation")
        session.put_down(session.typed)
    interviewed.clock.days(1)  # A night is no time to think.
    with interviewed.open() as collection:
        session = go_on(collection)
        assert session.question == asked and session.outcome is None
        assert session.notes == "variance, then saturation"
        assert " · 1:40 of " in session.heading()
        interviewed.clock.seconds(20)
        session.reveal()
    with interviewed.open() as collection:
        session = go_on(collection)
        assert session.outcome is not None, "what was shown cannot be asked again"
        session.tick(range(4))
        session.grade(Grade.GOOD)
        last = list(collection.store.reviews())[-1]
        assert last.elapsed_ms == 120_000
        session.next()
        assert session.notes == "", "the next question begins afresh"


def test_ticks_that_were_not_confirmed_are_there_again_after_leaving(interviewed: Desk) -> None:
    with interviewed.open() as collection:
        session = collection.session(practice=conduct.begin(collection, minutes=30, seed=2))
        while (question := session.next()) is not None and question.asks != "rubric":
            well(session)
        session.reveal()
        session.tick({0, 2, 3})
        session.tick({0, 2})
    with interviewed.open() as collection:
        session = collection.session(practice=conduct.booked(collection, Booking()))
        assert session.next() == question
        assert session.ticks == {0, 2}
        assert session.outcome is not None and session.outcome.says == "2 of 4 points."


def test_a_choice_that_was_judged_stays_judged_when_the_interview_is_left(
    interviewed: Desk,
) -> None:
    with interviewed.open() as collection:
        session = collection.session(practice=conduct.begin(collection, minutes=30, seed=2))
        while (question := session.next()) is not None and question.asks != "choice":
            badly(session)
        assert question is not None
        session.choose(question.options.index("no"))
    with interviewed.open() as collection:
        session = collection.session(practice=conduct.booked(collection, Booking()))
        assert session.next() == question
        assert session.outcome is not None and session.outcome.result == "wrong"


def test_no_question_of_an_interview_is_put_away(interviewed: Desk) -> None:
    with interviewed.open() as collection:
        session = collection.session(practice=conduct.begin(collection, seed=3))
        session.next()
        for put_away in (session.bury, session.suspend):
            with pytest.raises(StudyError, match="have the answer shown"):
                put_away()
        assert [deck.suspended for deck in collection.decks()] == [0, 0]


def test_reading_the_verdict_takes_none_of_the_time(interviewed: Desk) -> None:
    with interviewed.open() as collection:
        session = collection.session(practice=conduct.begin(collection, seed=3))
        session.next()
        interviewed.clock.seconds(10)
        session.reveal()
        interviewed.clock.seconds(30)
        assert " · 0:10 of " in session.heading()


def test_an_interview_that_is_open_is_told_from_those_of_the_past(interviewed: Desk) -> None:
    with interviewed.open() as collection:
        interviewer = conduct.begin(collection, minutes=15, seed=8)
        run(interviewed, collection, interviewer, well, most=2)
        assert [past.open for past in scorecard.history(collection)] == [True]
        conduct.finish(collection, interviewer.terms)
        assert [past.open for past in scorecard.history(collection)] == [False]


def test_an_open_interview_is_not_silently_given_up(interviewed: Desk) -> None:
    with interviewed.open() as collection:
        conduct.begin(collection, minutes=20, seed=1)
        with pytest.raises(StudyError, match="still open"):
            conduct.booked(collection, Booking(minutes=30))
        fresh = conduct.booked(collection, Booking(minutes=30, fresh=True))
        assert fresh.terms.minutes == 30


def test_an_interview_that_was_given_up_for_another_does_not_count_as_held(
    interviewed: Desk,
) -> None:
    with interviewed.open() as collection:
        dropped = conduct.begin(collection, minutes=20, seed=1)
        run(interviewed, collection, dropped, badly, most=2)
        interviewed.clock.seconds(60)
        fresh = conduct.booked(collection, Booking(seed=2, fresh=True))
        run(interviewed, collection, fresh, well)
        conduct.finish(collection, fresh.terms)
        first, second = scorecard.history(collection)
        assert (first.given_up, first.open, first.held) == (True, False, False)
        assert (second.given_up, second.open, second.held) == (False, False, True)
        card = scorecard.scorecard(collection, fresh.terms.id)
        assert "Trend" not in markdown(card, scorecard.history(collection))


def test_answers_move_no_due_day_and_misses_are_due_tomorrow(interviewed: Desk) -> None:
    with interviewed.open() as collection:
        interviewer = conduct.begin(collection, minutes=15, seed=8)
        run(interviewed, collection, interviewer, badly)
        assert not any(one.memory for one in collection.store.standings().values())
        missed = conduct.finish(collection, interviewer.terms)
        assert missed
        tomorrow = collection.day + 1
        for card in missed:
            memory = collection.store.standing(card).memory
            assert memory is not None and memory.due == tomorrow
        conduct.finish(collection, interviewer.terms)
        assert len(list(collection.store.reviews())) == len(interviewer.marks) + len(missed)


def test_a_miss_of_a_deck_that_is_off_comes_tomorrow_without_the_rest_of_the_deck(
    desk: Desk,
) -> None:
    name = next(iter(TOPICS))
    text = deck_text(name, 1)
    desk.deck(text.replace(f"id: {name}\n", f"id: {name}\noff: true\n", 1), f"{name}.yaml")
    with desk.open() as collection:
        interviewer = conduct.begin(collection, minutes=15, seed=8)
        run(desk, collection, interviewer, badly)
        missed = conduct.finish(collection, interviewer.terms)
        assert collection.today().new_left == collection.settings.new_per_day
        assert collection.session().next() is None
        desk.clock.days(1)
        session = collection.session()
        asked = set()
        while (question := session.next()) is not None:
            asked.add(question.card)
            if question.asks == "choice":
                session.choose(0)
            else:
                session.reveal()
            session.grade(Grade.GOOD)
        assert asked == set(missed)
        assert "Nothing here is due today" in session.nothing()
        (deck,) = collection.decks()
        assert deck.off
        assert collection.session(decks=[name]).next() is not None


def test_undo_takes_a_miss_back_and_the_card_is_new_again(interviewed: Desk) -> None:
    with interviewed.open() as collection:
        interviewer = conduct.begin(collection, minutes=15, seed=8)
        run(interviewed, collection, interviewer, badly)
        missed = conduct.finish(collection, interviewer.terms)
        question = collection.session().undo()
        assert question is not None and question.card == missed[-1]
        assert question.status == "new"


def test_an_answer_is_slow_from_its_own_allowed_time_on(interviewed: Desk) -> None:
    for late, slow in ((0, False), (1, True)):
        with interviewed.open() as collection:
            session = collection.session(practice=conduct.begin(collection, seed=3))
            session.next()
            allowed = re.search(r"of (\d+):(\d+) ", session.heading())
            assert allowed is not None
            interviewed.clock.seconds(60 * int(allowed[1]) + int(allowed[2]) + late)
            badly(session)
            marks = conduct.answers(collection, session.id)
            assert [mark_of(review).slow for review in marks] == [slow]


def test_every_question_can_be_slow() -> None:
    assert max(max(times) for times in ALLOWED.values()) * 1000 < LONGEST_MS


def test_hints_and_slowness_cost_and_are_noted(interviewed: Desk) -> None:
    with interviewed.open() as collection:
        interviewer = conduct.begin(collection, minutes=60, seed=3)
        run(interviewed, collection, interviewer, well, seconds=590, most=1)
        mark = interviewer.marks[0]
        assert mark.slow and mark.score == pytest.approx(0.9)
        card = scorecard.scorecard(collection, interviewer.terms.id)
        assert "slow" in card.entries[0].noted


def test_an_answer_stands_once_it_is_graded(interviewed: Desk) -> None:
    with interviewed.open() as collection:
        session = collection.session(practice=conduct.begin(collection, seed=3))
        session.next()
        well(session)
        with pytest.raises(StudyError, match="stands"):
            session.undo()


def test_the_scorecard_names_strengths_and_holds_every_model_answer(interviewed: Desk) -> None:
    def half(session: Session) -> None:
        assert session.question is not None
        answer(session, good=session.question.deck == "roles")

    with interviewed.open() as collection:
        interviewer = conduct.begin(collection, minutes=30, seed=11)
        run(interviewed, collection, interviewer, half)
        card = scorecard.scorecard(collection, interviewer.terms.id)
        assert card.strongest is not None and card.strongest.topic == "roles"
        assert card.weakest is not None and card.weakest.topic == "scale"
        assert 0 < card.score < 1
        text = markdown(card, scorecard.history(collection))
        assert re.search(r"Question \d+, About (roles|scale), ", text)
        assert not re.search(r"Question \d+[,:] (roles|scale),", text), "an id, not a title"
        assert "About roles" in text and "**A good answer.**" in text and "Not covered" in text
        assert " %" not in text, "a share is not broken before its sign"
        places = keep(collection, card, interviewed.home.root / "mine" / "card.md")
        assert [place.read_text(encoding="utf-8") for place in places] == [text, text]
        (_, page) = keep(collection, card, interviewed.home.root / "mine" / "card.html")
        web = page.read_text(encoding="utf-8")
        assert web.startswith("<!DOCTYPE html>") and "<h1>Mock interview, " in web
        assert "<b>A good answer.</b>" in web and "<script" not in web
        assert [past.score for past in scorecard.history(collection)] == [card.score]


def test_the_scorecard_says_what_was_asked_chosen_and_noted_as_it_was(interviewed: Desk) -> None:
    with interviewed.open() as collection:
        session = collection.session(practice=conduct.begin(collection, minutes=30, seed=2))
        kinds = set[str]()
        while (question := session.next()) is not None and len(kinds) < 3:
            kinds.add(question.kind)
            if question.asks == "rubric":
                session.note("A = $QK^T$\n\n**bold** <b>`")
            badly(session)
        text = markdown(scorecard.scorecard(collection, session.id))
    assert "*What is wrong here? Correct it.*\n\nFlaw " in text
    assert "- no\n- yes\n\n**Your answer.** no\n\n**What went wrong.** Because it is yes." in text
    assert "- `A = $QK^T$`\n- `**bold** <b>`" in text


def test_a_problem_that_went_wrong_is_noted_with_its_mistake(desk: Desk) -> None:
    desk.deck(
        "title: Problems\nid: problems\ncards:\n"
        "  - {id: p, kind: problem, family: attention-scores, level: 2, difficulty: 3}\n",
        "problems.yaml",
    )
    with desk.open() as collection:
        session = collection.session(
            practice=conduct.begin(collection, minutes=30, topics=["problems"])
        )
        question = session.next()
        assert question is not None
        problem = draw(question.ticket)
        wrong = next(one for one in problem.wrongs if one.mistake.name == "no-scale")
        rows = typed(wrong.answer, problem.asks).strip("[]").split("], [")
        assert session.answer("\n".join(rows)).result == "wrong"
        session.grade(Grade.AGAIN)
        text = markdown(scorecard.scorecard(collection, session.id))
    assert f"**What went wrong.** {wrong.mistake.says}" in text
    assert f"**Your answer.** `{'; '.join(rows)}`" in text


def test_notes_are_kept_with_the_answer(interviewed: Desk) -> None:
    with interviewed.open() as collection:
        session = collection.session(practice=conduct.begin(collection, minutes=30, seed=2))
        while (question := session.next()) is not None and question.asks != "rubric":
            well(session)
        session.note("variance, then saturation")
        well(session)
        last = list(collection.store.reviews())[-1]
        assert json.loads(last.detail or "")["notes"] == "variance, then saturation"


def test_topics_can_be_chosen_and_unknown_ones_are_named(interviewed: Desk) -> None:
    with interviewed.open() as collection:
        assert pool(collection, ["scale"]).topics == ("scale",)
        with pytest.raises(StudyError, match=r"about tides\. There is about: roles, scale"):
            conduct.begin(collection, topics=["tides"])
        with pytest.raises(StudyError, match="5 to 180 minutes"):
            conduct.begin(collection, minutes=1)
