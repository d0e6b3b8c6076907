"""The loop: ask, answer, grade, undo, with every answer on the disk first."""

from __future__ import annotations

import sqlite3

import pytest

from studykit.memory import Grade
from studykit.study import Session, StudyError
from studykit.study.plan import basis
from tests.study.desk import Desk


def ask(session: Session, card: str) -> None:
    """Go through the session until this card is asked, grading others Easy."""
    while (question := session.next()) is not None:
        if question.card == card:
            return
        session.reveal()
        session.grade(Grade.EASY)
    raise AssertionError(f"{card} was never asked")


def logged(desk: Desk) -> list[tuple[str, int]]:
    with sqlite3.connect(desk.home.db) as connection:
        rows = connection.execute("SELECT card, grade FROM review ORDER BY id").fetchall()
    connection.close()
    return rows


def test_an_answer_is_on_the_disk_before_the_next_card_is_drawn(desk: Desk) -> None:
    desk.deck()
    with desk.open() as collection:
        session = collection.session()
        first = session.next()
        assert first is not None and first.card == "one"
        session.reveal()
        session.grade(Grade.GOOD)
        assert logged(desk) == [("one", 3)]


def test_the_interval_shown_is_the_interval_set(desk: Desk) -> None:
    desk.deck()
    with desk.open() as collection:
        session = collection.session()
        for grade in (Grade.GOOD, Grade.HARD, Grade.EASY):
            question = session.next()
            assert question is not None
            outcome = session.reveal()
            days = {interval.grade: interval.days for interval in outcome.intervals}
            assert days[Grade.AGAIN] == 0 < days[Grade.HARD] < days[Grade.GOOD] < days[Grade.EASY]
            session.grade(grade)
            memory = collection.store.standing(question.card).memory
            assert memory is not None
            assert memory.due == collection.day + days[grade]


def test_nothing_is_graded_before_its_answer_was_shown(desk: Desk) -> None:
    desk.deck()
    with desk.open() as collection:
        session = collection.session()
        session.next()
        with pytest.raises(StudyError, match="after its answer"):
            session.grade(Grade.GOOD)
    assert logged(desk) == []


def test_a_second_answer_to_the_same_question_is_refused(desk: Desk) -> None:
    desk.deck()
    with desk.open() as collection:
        session = collection.session()
        session.next()
        session.reveal()
        with pytest.raises(StudyError, match="answered already"):
            session.reveal()


def test_undo_asks_the_same_card_again_and_cancels_its_row(desk: Desk) -> None:
    desk.deck()
    with desk.open() as collection:
        session = collection.session()
        session.next()
        session.reveal()
        session.grade(Grade.EASY)
        following = session.next()
        assert following is not None and following.card == "two"
        question = session.undo()
        assert question is not None and question.card == "one"
        assert question.status == "new"
        assert collection.store.standing("one").memory is None
        assert session.summary().reviews == 0
        session.reveal()
        session.grade(Grade.GOOD)
        after = session.next()
        assert after is not None and after.card == "two"


def test_the_last_card_of_a_session_can_be_taken_back_after_a_restart(desk: Desk) -> None:
    desk.deck()
    with desk.open() as collection:
        session = collection.session()
        session.next()
        session.reveal()
        session.grade(Grade.EASY)
    desk.clock.days(1)
    with desk.open() as collection:
        question = collection.session().undo()
        assert question is not None and question.card == "one"
        assert [deck.new for deck in collection.decks()] == [7]


def test_undo_with_nothing_done_changes_nothing(desk: Desk) -> None:
    desk.deck()
    with desk.open() as collection:
        session = collection.session()
        assert session.undo() is None
        question = session.next()
        assert question is not None and question.card == "one"


def test_a_suspended_card_is_not_asked_and_undo_brings_it_back(desk: Desk) -> None:
    desk.deck()
    with desk.open() as collection:
        session = collection.session()
        session.next()
        session.suspend()
        question = session.next()
        assert question is not None and question.card == "two"
        assert [deck.suspended for deck in collection.decks()] == [1]
        back = session.undo()
        assert back is not None and back.card == "one"
        assert [deck.suspended for deck in collection.decks()] == [0]


def test_a_buried_card_comes_back_tomorrow(desk: Desk) -> None:
    desk.deck()
    with desk.open() as collection:
        session = collection.session()
        session.next()
        session.bury()
        question = session.next()
        assert question is not None and question.card == "two"
    desk.clock.days(1)
    with desk.open() as collection:
        question = collection.session().next()
        assert question is not None and question.card == "one"


def test_a_card_graded_again_comes_back_in_the_same_session(desk: Desk) -> None:
    desk.deck()
    with desk.open() as collection:
        session = collection.session()
        session.next()
        session.reveal()
        session.grade(Grade.AGAIN)
        seen: list[tuple[str, str]] = []
        while (question := session.next()) is not None and len(seen) < 20:
            seen.append((question.card, question.status))
            session.reveal()
            session.grade(Grade.EASY)
        assert seen.count(("one", "learning")) == 1
        assert seen.index(("one", "learning")) >= 5


def test_what_is_due_comes_back_on_its_day_and_not_before(desk: Desk) -> None:
    desk.deck()
    with desk.open() as collection:
        session = collection.session(limit=1)
        session.next()
        outcome = session.reveal()
        days = next(one.days for one in outcome.intervals if one.grade is Grade.GOOD)
        session.grade(Grade.GOOD)
        assert session.next() is None
    desk.clock.days(days - 1)
    with desk.open(new_per_day=0) as collection:
        assert collection.session().next() is None
    desk.clock.days(1)
    with desk.open(new_per_day=0) as collection:
        question = collection.session().next()
        assert question is not None
        assert (question.card, question.status) == ("one", "review")


def test_new_cards_stop_at_the_daily_limit_across_sessions(desk: Desk) -> None:
    desk.deck()
    with desk.open(new_per_day=2) as collection:
        for _ in range(2):
            session = collection.session(limit=1)
            session.next()
            session.reveal()
            session.grade(Grade.EASY)
        assert collection.session().next() is None
        assert collection.today().new_left == 0


def test_a_choice_is_judged_and_names_the_misconception(desk: Desk) -> None:
    desk.deck()
    with desk.open() as collection:
        session = collection.session()
        ask(session, "two")
        question = session.question
        assert question is not None and set(question.options) == {"one", "two", "three"}
        outcome = session.choose(question.options.index("three"))
        assert outcome.result == "wrong"
        assert outcome.says == "Three is odd."
        assert outcome.right_option == question.options.index("two")
        assert outcome.suggested is Grade.AGAIN


def test_the_order_of_options_changes_between_showings_but_not_on_undo(desk: Desk) -> None:
    desk.deck()
    with desk.open() as collection:
        session = collection.session()
        ask(session, "two")
        assert session.question is not None
        first = session.question.options
        session.choose(0)
        session.grade(Grade.EASY)
        again = session.undo()
        assert again is not None and again.options == first


def test_a_cloze_hides_its_blanks_and_fills_them(desk: Desk) -> None:
    desk.deck()
    with desk.open() as collection:
        session = collection.session()
        ask(session, "three")
        assert session.question is not None
        assert "sqrt" not in session.question.text
        assert "key width" not in session.question.text
        outcome = session.reveal()
        assert r"**$\sqrt{d_k}$**" in outcome.back
        assert outcome.suggested is None


def test_what_a_note_claims_is_told_on_request_beside_what_is_right(desk: Desk) -> None:
    desk.deck()
    with desk.open() as collection:
        session = collection.session()
        ask(session, "four")
        assert session.question is not None and "sum to two" in session.question.text
        outcome = session.reveal()
        assert outcome.back == "They sum to one."
        assert outcome.explain.endswith("*Source:* A note")
        assert outcome.corrects and "It says they sum to two." not in outcome.explain
        page = session.correction()
        assert page.index("It says they sum to two.") < page.index("They sum to one.")


OPEN = """\
title: Open
id: open
sources: {note: A note}
cards:
  - {id: aloud, kind: open, front: Explain attention., back: A mean., rubric: [weights, mean],
     sources: [note]}
"""


def test_what_was_noted_on_an_open_question_is_shown_with_the_next_answer(desk: Desk) -> None:
    desk.deck(OPEN)
    with desk.open() as collection:
        for before, notes in (("", "rows are queries"), ("rows are queries", "")):
            session = collection.session()
            assert session.next() is not None
            session.note(notes)
            assert session.reveal().noted_before == before
            assert session.tick({0}).noted_before == before
            session.grade(Grade.AGAIN)


def test_an_open_answer_is_graded_by_its_rubric(desk: Desk) -> None:
    desk.deck()
    with desk.open() as collection:
        session = collection.session()
        ask(session, "five")
        with pytest.raises(StudyError, match="Reveal"):
            session.tick({0})
        session.reveal()
        assert session.tick({0}).suggested is Grade.AGAIN
        assert session.tick({0, 1}).suggested is Grade.HARD
        outcome = session.tick({0, 1, 2})
        assert outcome.suggested is Grade.GOOD
        assert outcome.intervals
        session.grade(Grade.GOOD)


def test_a_forgotten_scale_is_named_and_the_answer_marked_wrong(desk: Desk) -> None:
    from studykit.problems import draw

    desk.deck()
    with desk.open() as collection:
        session = collection.session()
        ask(session, "six")
        assert session.question is not None
        problem = draw(session.question.ticket)
        unscaled = next(w.answer for w in problem.wrongs if w.mistake.name == "no-scale")
        rows = unscaled if isinstance(unscaled[0], list) else [unscaled]
        text = "; ".join(" ".join(str(cell) for cell in row) for row in rows)
        outcome = session.answer(text)
        assert outcome.result in ("wrong", "partly")
        assert [slip.mistake for slip in outcome.slips] == ["no-scale"]
        assert outcome.suggested is Grade.AGAIN
        assert r"\sqrt" in session.solution()


def test_an_unreadable_answer_costs_nothing(desk: Desk) -> None:
    desk.deck()
    with desk.open() as collection:
        session = collection.session()
        ask(session, "six")
        outcome = session.answer("banana")
        assert outcome.result == "unreadable"
        assert not outcome.settled
        assert outcome.says
        assert session.outcome is None
        session.reveal()
        session.grade(Grade.AGAIN)
    assert logged(desk)[-1] == ("six", 1)


def test_a_problem_changes_between_showings_and_stays_on_undo(desk: Desk) -> None:
    desk.deck()
    with desk.open() as collection:
        session = collection.session()
        ask(session, "six")
        assert session.question is not None
        first = session.question.ticket
        session.reveal()
        session.grade(Grade.EASY)
        again = session.undo()
        assert again is not None and again.ticket == first
        session.reveal()
        session.grade(Grade.AGAIN)
        ask(session, "six")
        assert session.question.ticket != first


def test_hints_are_given_in_order_and_make_a_right_answer_hard(desk: Desk) -> None:
    from studykit.problems import draw

    desk.deck()
    with desk.open() as collection:
        session = collection.session()
        ask(session, "six")
        assert session.question is not None and session.question.hints > 0
        assert session.hint()
        problem = draw(session.question.ticket)
        rows = problem.answer if isinstance(problem.answer[0], list) else [problem.answer]
        text = "; ".join(" ".join(str(cell) for cell in row) for row in rows)
        outcome = session.answer(text)
        assert outcome.result == "right"
        assert outcome.suggested is Grade.HARD


def test_cram_leaves_the_schedule_as_it_is(desk: Desk) -> None:
    desk.deck()
    with desk.open() as collection:
        session = collection.session(cram=True)
        count = 0
        while session.next() is not None:
            session.reveal()
            session.grade(Grade.EASY)
            count += 1
        assert count == 7
        assert [deck.new for deck in collection.decks()] == [7]


def test_a_tag_narrows_the_session(desk: Desk) -> None:
    desk.deck()
    with desk.open() as collection:
        session = collection.session(tag="parity")
        question = session.next()
        assert question is not None and question.card == "two"
        session.reveal()
        session.grade(Grade.EASY)
        assert session.next() is None
        with pytest.raises(StudyError, match="No card has the tag"):
            collection.session(tag="nothing")


def test_an_unknown_deck_is_named_with_its_nearest(desk: Desk) -> None:
    desk.deck()
    with desk.open() as collection, pytest.raises(StudyError, match="Did you mean small"):
        collection.session(decks=["smal"])


def test_the_time_of_an_answer_ends_when_it_is_settled(desk: Desk) -> None:
    desk.deck()
    with desk.open() as collection:
        session = collection.session()
        session.next()
        desk.clock.seconds(12)
        session.reveal()
        desk.clock.seconds(50)
        session.grade(Grade.GOOD)
        assert session.summary().seconds == 12


def test_a_forgotten_card_is_called_a_leech(desk: Desk) -> None:
    desk.deck()
    with desk.open() as collection:
        session = collection.session(decks=["small"])
        session.next()
        session.reveal()
        session.grade(Grade.GOOD)
        for _ in range(8):
            assert session.notice == ""
            desk.clock.days(400)
            ask_again = collection.session()
            ask_again.next()
            assert ask_again.question is not None and ask_again.question.card == "one"
            ask_again.reveal()
            ask_again.grade(Grade.AGAIN)
            notice = ask_again.notice
            ask(ask_again, "one")
            ask_again.reveal()
            ask_again.grade(Grade.GOOD)
        assert "Forgotten 8 times" in notice


def test_why_a_card_is_due_is_told_with_its_own_numbers(desk: Desk) -> None:
    desk.deck()
    with desk.open() as collection:
        session = collection.session()
        session.next()
        assert "New." in session.why()
        session.reveal()
        session.grade(Grade.GOOD)
        told = collection.info("one")
        assert "2.3" in told and "2026-03-04" in told and "Good" in told
        assert (
            "**Due on 2026-03-04, in 2 days.** Answered once, last today; never forgotten." in told
        )
        desk.clock.days(2)
        assert "**Due today.**" in collection.info("one")
        desk.clock.days(2)
        assert "**Due since 2026-03-04.**" in collection.info("one")
        assert "note: A note" in told


LATER = """\
title: Later
id: later
order: 1
sources: {n: N}
cards:
  - {id: late-two, kind: basic, front: Second?, back: b, requires: [late-one, early], sources: [n]}
  - {id: late-one, kind: basic, front: First?, back: b, sources: [n]}
"""
EARLY = """\
title: Early
id: early-deck
order: 2
sources: {n: N}
cards:
  - {id: early, kind: basic, front: Early?, back: b, sources: [n]}
"""


def test_a_new_card_waits_for_its_prerequisites_across_decks(desk: Desk) -> None:
    desk.deck(LATER, "later.yaml")
    desk.deck(EARLY, "early.yaml")
    with desk.open() as collection:
        session = collection.session()
        order = []
        while (question := session.next()) is not None:
            order.append(question.card)
            session.reveal()
            session.grade(Grade.EASY)
        assert order == ["late-one", "early", "late-two"]


PAIR = """\
title: {id}
id: {id}
order: {order}
sources: {{n: N}}
cards:
  - {{id: {id}-1, kind: basic, front: One?, back: b, sources: [n]}}
  - {{id: {id}-2, kind: basic, front: Two?, back: b, requires: [{id}-1], sources: [n]}}
"""


@pytest.mark.parametrize(
    ("new_from", "expected"),
    [("turn", ["x-1", "y-1", "x-2", "y-2"]), ("course", ["x-1", "x-2", "y-1", "y-2"])],
)
def test_new_cards_come_from_the_decks_in_turn_or_deck_after_deck(
    desk: Desk, new_from: str, expected: list[str]
) -> None:
    for order, name in enumerate("xy", 1):
        desk.deck(PAIR.format(id=name, order=order), f"{name}.yaml")
    with desk.open(new_from=new_from) as collection:
        asked = []
        for _ in range(2):  # a session begins where the last one stopped
            session = collection.session(limit=2)
            while (question := session.next()) is not None:
                asked.append(question.card)
                session.reveal()
                session.grade(Grade.EASY)
        assert asked == expected


def test_a_plan_learns_new_cards_in_the_order_in_which_they_will_come(desk: Desk) -> None:
    for order, name in enumerate("xy", 1):
        desk.deck(PAIR.format(id=name, order=order), f"{name}.yaml")
    with desk.open(new_from="turn") as collection:
        assert [row.id for row in basis(collection).rows] == ["x-1", "y-1", "x-2", "y-2"]
    with desk.open(new_from="course") as collection:
        assert [row.id for row in basis(collection).rows] == ["x-1", "x-2", "y-1", "y-2"]


def test_a_deck_studied_alone_does_not_wait_for_another(desk: Desk) -> None:
    desk.deck(LATER, "later.yaml")
    desk.deck(EARLY, "early.yaml")
    with desk.open() as collection:
        session = collection.session(decks=["later"])
        order = []
        while (question := session.next()) is not None:
            order.append(question.card)
            session.reveal()
            session.grade(Grade.EASY)
        assert order == ["late-one", "late-two"]


def test_a_buried_prerequisite_does_not_end_the_day(desk: Desk) -> None:
    desk.deck(LATER, "later.yaml")
    with desk.open() as collection:
        session = collection.session()
        question = session.next()
        assert question is not None and question.card == "late-one"
        session.bury()
        question = session.next()
        assert question is not None and question.card == "late-two"


FORMULAS = """\
title: Formulas
id: formulas
sources: {n: N}
cards:
  - id: grad
    kind: formula
    front: Differentiate $(wx+b-y)^2$ by $w$.
    back: $2(wx+b-y)x$
    accepts: ['2*(w*x + b - y)*x']
    names: {w: real, x: real, b: real, y: real}
    sources: [n]
  - id: scores
    kind: formula
    front: Write the scaled scores.
    back: $QK^\\top/\\sqrt{d_k}$
    accepts: ['Q @ K.T / sqrt(d_k)']
    names: {Q: n×d_k, K: m×d_k}
    sources: [n]
"""


def formula(desk: Desk, card: str, text: str) -> tuple[str, str]:
    desk.deck(FORMULAS, "formulas.yaml")
    with desk.open() as collection:
        session = collection.session()
        ask(session, card)
        assert session.question is not None and session.question.asks == "line"
        outcome = session.answer(text)
        said = " ".join([outcome.says, *(slip.says for slip in outcome.slips)])
        return outcome.result, said


@pytest.mark.parametrize(
    "text", ["2(wx+b-y)x", "2x(w x + b - y)", r"2\,(wx+b-y)\,x", "2*x*(w*x+b-y)", "2x·(wx+b−y)"]
)
def test_a_formula_is_right_in_every_notation(desk: Desk, text: str) -> None:
    assert formula(desk, "grad", text)[0] == "right"


@pytest.mark.parametrize(
    ("card", "text", "said"),
    [
        ("grad", "(wx+b-y)x", "2"),
        ("grad", "-2(wx+b-y)x", "sign"),
        ("scores", "Q K^T", "√"),
    ],
)
def test_a_slip_in_a_formula_is_named(desk: Desk, card: str, text: str, said: str) -> None:
    result, told = formula(desk, card, text)
    assert result == "wrong" and said in told


LISTED = FORMULAS.replace(
    "    sources: [n]\n  - id: scores",
    "    form: [factored]\n"
    "    wrong: [{formula: '2*(w*x + b - y)*w', why: That is the way to $x$.}]\n"
    "    sources: [n]\n  - id: scores",
)


def test_a_wrong_formula_that_the_card_lists_gets_what_the_card_says_of_it(desk: Desk) -> None:
    desk.deck(LISTED, "formulas.yaml")
    with desk.open() as collection:
        session = collection.session()
        ask(session, "grad")
        assert session.question is not None
        assert "*Give it* as a product." in session.question.text
        outcome = session.answer("2w(wx+b-y)")
        assert outcome.result == "wrong"
        assert [slip.says for slip in outcome.slips] == ["That is the way to $x$."]


def test_a_right_value_in_another_form_is_asked_for_again(desk: Desk) -> None:
    desk.deck(LISTED, "formulas.yaml")
    with desk.open() as collection:
        session = collection.session()
        ask(session, "grad")
        outcome = session.answer("2wx^2 + 2bx - 2yx")
        assert outcome.result == "imprecise" and "product" in outcome.says
        assert session.answer("2(wx+b-y)x").result == "right"


def test_a_formula_that_does_not_multiply_is_told_and_counts_as_a_hint(desk: Desk) -> None:
    desk.deck(FORMULAS, "formulas.yaml")
    with desk.open() as collection:
        session = collection.session()
        ask(session, "scores")
        outcome = session.answer("Q @ K / sqrt(d_k)")
        assert outcome.result == "unreadable" and outcome.helped
        assert "with Kᵀ it would" in outcome.says and "a hint, not as an attempt" in outcome.says
        assert session.answer("Q @ K / sqrt(d_k)") == outcome, "sent twice, it tells nothing more"
        assert session.answer("Q @ K.T / sqrt(d_k)").suggested is Grade.HARD
        session.grade(Grade.HARD)
        assert collection.store.history("scores")[-1].hints == 1


def test_a_formula_being_typed_is_shown_and_its_shapes_are_not_told(desk: Desk) -> None:
    desk.deck(FORMULAS, "formulas.yaml")
    with desk.open() as collection:
        session = collection.session()
        ask(session, "scores")
        reading = session.reading("Q K/√d_k")
        assert reading.says == r"$\frac{Q K}{\sqrt{d_{k}}}$"
        assert (reading.position, reading.cause) == (None, "")


def test_an_unreadable_formula_is_no_hint(desk: Desk) -> None:
    desk.deck(FORMULAS, "formulas.yaml")
    with desk.open() as collection:
        session = collection.session()
        ask(session, "scores")
        assert not session.answer("Q @ K.T / sqrt(d_k").helped
        assert session.answer("Q @ K.T / sqrt(d_k)").suggested is Grade.GOOD


def test_a_formula_that_takes_too_long_to_work_out_costs_nothing(desk: Desk) -> None:
    endless = "sum_{i=1}^{99999} sum_{j=1}^{99999} i*j*x"
    result, told = formula(desk, "grad", endless)
    assert result == "unreadable" and "too long" in told


def test_the_decimal_comma_of_the_settings_is_read_in_answers(desk: Desk) -> None:
    desk.deck(FORMULAS, "formulas.yaml")
    with desk.open(decimal_comma=True) as collection:
        session = collection.session()
        ask(session, "grad")
        assert session.answer("2,0*(w*x + b - y)*x").result == "right"


def test_a_card_whose_own_formula_is_broken_says_so_and_costs_nothing(desk: Desk) -> None:
    desk.deck(FORMULAS.replace("2*(w*x + b - y)*x", "2*(w*x + b - y"), "formulas.yaml")
    with desk.open() as collection:
        session = collection.session()
        ask(session, "grad")
        outcome = session.answer("2(wx+b-y)x")
        assert outcome.result == "unreadable" and "card itself" in outcome.says
        assert session.reveal().back


def test_the_left_side_that_the_answer_has_may_be_typed_and_another_may_not(desk: Desk) -> None:
    deck = FORMULAS.replace(
        "back: $2(wx+b-y)x$", r"back: $\frac{\partial L}{\partial w} = 2(wx+b-y)x$"
    )
    desk.deck(deck, "formulas.yaml")
    with desk.open() as collection:
        session = collection.session()
        ask(session, "grad")
        refused = session.answer("dL/db = 2(wx+b-y)x")
        assert refused.result == "unreadable" and "right-hand side" in refused.says
        assert session.answer("dL/dw = 2(wx+b-y)x").result == "right"


def test_a_reached_limit_is_told_and_not_praised(desk: Desk) -> None:
    desk.deck()
    with desk.open(new_per_day=2) as collection:
        first = collection.session(limit=2)
        for _ in range(2):
            first.next()
            first.reveal()
            first.grade(Grade.EASY)
        session = collection.session()
        assert session.next() is None
        assert "2 new cards are done; 5 more wait" in session.nothing()
        assert "or now if you raise `new_per_day` in the settings or run" in session.nothing()
    for limit, said in ((1, "Today's new card is done;"), (0, "No new card is asked today;")):
        with desk.open(new_per_day=limit) as collection:
            assert said in collection.session().nothing()
    with desk.open(new_per_day=50) as collection:
        session = collection.session()
        while session.next() is not None:
            session.reveal()
            session.grade(Grade.EASY)
        assert "Nothing here is due" in collection.session().nothing()
