"""Marking through the door a learner uses: typed text in, verdict and explanation out."""

from __future__ import annotations

import pytest

from studykit.problems import Problem, ProblemError, draw, mark
from studykit.problems.rounding import rounded
from studykit.problems.values import cells, mapped
from tests.problems.support import typed

OUTPUT = draw("attention-output@1/2#7")
EXACT = draw("attention-output@1/1#3")
SHAPE = draw("attention-shapes@1/2#3")
ONE = draw("scaled-dot@1/2#3")


def wrong_answer(problem: Problem, name: str) -> str:
    return typed(next(w.answer for w in problem.wrongs if w.mistake.name == name), problem.asks)


def test_a_forgotten_scale_is_named_not_marked_right() -> None:
    marking = mark(OUTPUT, wrong_answer(OUTPUT, "no-scale"))
    assert marking.result == "wrong"
    assert [(d.mistake, d.step) for d in marking.diagnosis] == [("no-scale", "scaled")]
    assert "scale" in marking.says


def test_text_that_cannot_be_read_is_unreadable_with_place_and_cause() -> None:
    marking = mark(OUTPUT, "[[1, 2], [3, oops]]")
    assert marking.result == "unreadable"
    assert marking.position == 13
    assert marking.cause
    assert marking.diagnosis == ()


def test_a_fraction_and_a_matrix_in_other_notation_are_right() -> None:
    first, second = EXACT.answer[0]
    assert mark(EXACT, f"{first} {second}").result == "right"
    assert mark(EXACT, f"[{first}; {second}]").result == "right"  # a column for a row


def test_the_place_of_a_wrong_sign_is_said_in_words() -> None:
    problem = draw("sinusoidal-position@1/2#3")
    turned = [*problem.answer[:-1], -problem.answer[-1]]
    says = mark(problem, typed(turned, problem.asks)).says
    assert says == f"The sign in entry {len(turned)} is wrong, all else is right."


@pytest.mark.parametrize("other", ["1200", "-1/7"])
def test_the_typed_cells_of_a_wrong_column_stand_in_the_rows_of_their_marks(other: str) -> None:
    first, _ = EXACT.answer[0]
    for text in (f"[{first}; {other}]", f"{first}\n{other}", f"[{first}, {other}]"):
        marking = mark(EXACT, text)
        assert marking.cells == ((True, False),), text
        assert marking.given == ((str(first), other),), text


def test_too_few_digits_are_imprecise_and_cost_nothing() -> None:
    short = typed(mapped(lambda x: round(x, 1), OUTPUT.answer), OUTPUT.asks)
    marking = mark(OUTPUT, short.replace("00", ""))
    assert marking.result == "imprecise"
    assert "3 decimal places" in marking.says


def test_a_transposed_matrix_is_told_by_its_shape() -> None:
    problem = next(
        p
        for p in (draw(family="attention-scores", level=1, seed=s) for s in range(20))
        if len(p.answer) == 2 and len(p.answer[0]) == 3
    )
    turned = [list(column) for column in zip(*problem.answer, strict=True)]
    marking = mark(problem, typed(turned, problem.asks))
    assert marking.result == "wrong"
    assert marking.cells is None
    assert "key-with-query" in [d.mistake for d in marking.diagnosis]


def test_single_wrong_cells_are_pointed_at() -> None:
    rows = [list(row) for row in OUTPUT.answer]
    rows[0][1] += 0.3
    marking = mark(OUTPUT, typed(rows, OUTPUT.asks))
    assert marking.result == "partly"
    assert marking.cells is not None
    assert [flag for row in marking.cells for flag in row].count(False) == 1
    assert marking.cells[0][1] is False
    assert marking.diagnosis[0].mistake == "arithmetic-slip"
    assert "row 1, column 2 of $O$" in marking.says


def test_intermediates_rounded_to_one_more_digit_are_accepted() -> None:
    for seed in range(200):
        problem = draw(family="attention-output", level=2, seed=seed)
        pool = dict(problem.floats)
        for stage in problem.pipeline.stages:
            pool[stage.step.name] = rounded(stage.value(pool), 4)
        assert mark(problem, typed(pool["output"], problem.asks)).result == "right"


def test_rounding_too_early_is_told_from_a_wrong_method() -> None:
    told = 0
    for seed in range(100):
        problem = draw(family="attention-output", level=2, seed=seed)
        pool = dict(problem.floats)
        for stage in problem.pipeline.stages:
            value = stage.value(pool)
            pool[stage.step.name] = value if stage.step.name == "output" else rounded(value, 1)
        marking = mark(problem, typed(pool["output"], problem.asks))
        if marking.result == "right":
            continue
        told += marking.diagnosis != () and marking.diagnosis[0].mistake == "rounded-early"
    assert told >= 90


@pytest.mark.parametrize(
    ("change", "name"),
    [
        (lambda x: -x, "minus-dropped"),
        (lambda x: 100 * x, "percent"),
        (lambda x: 10 * x, "power-of-ten"),
        (lambda x: x / 1000, "power-of-ten"),
    ],
)
def test_slips_in_writing_the_answer_are_named(change: object, name: str) -> None:
    assert callable(change)
    marking = mark(ONE, typed(change(ONE.answer), ONE.asks))
    assert marking.result == "wrong"
    assert [d.mistake for d in marking.diagnosis] == [name]


def test_digits_cut_off_are_named() -> None:
    problem = next(
        p
        for p in (draw(family="scaled-dot", level=2, seed=s) for s in range(50))
        if abs(p.answer) * 1000 % 1 > 0.6
    )
    cut = int(problem.answer * 1000) / 1000
    assert mark(problem, f"{cut:.3f}").diagnosis[0].mistake == "cut-off"


def test_a_square_matrix_transposed_is_named() -> None:
    problem = next(
        p
        for p in (draw(family="softmax-row", level=3, seed=s) for s in range(50))
        if len(p.answer) == len(p.answer[0]) == 2
    )
    turned = [list(column) for column in zip(*problem.answer, strict=True)]
    marking = mark(problem, typed(turned, problem.asks))
    assert marking.diagnosis[0].mistake == "transposed"


def test_two_mistakes_together_are_found_when_one_does_not_explain_it() -> None:
    found = 0
    for seed in range(40):
        problem = draw(family="attention-output", level=2, seed=seed)
        way = problem.pipeline
        slips = {slip.mistake.name: slip for slip in way.slips}
        between = way.mistaken(slips["no-scale"], problem.floats)
        assert between is not None
        both = way.with_mistake(slips["softmax-over-columns"], between)
        marking = mark(problem, typed(both, problem.asks))
        found += {d.mistake for d in marking.diagnosis} == {"no-scale", "softmax-over-columns"}
    assert found >= 36


def test_steps_are_marked_one_by_one() -> None:
    for step in OUTPUT.pipeline.names:
        asks = OUTPUT.asks_at(step)
        marking = mark(OUTPUT, typed(OUTPUT.values[step], asks), step=step)
        assert marking.result == "right", step
    marking = mark(OUTPUT, typed(OUTPUT.values["scores"], OUTPUT.asks_at("scaled")), step="scaled")
    assert "no-scale" in [d.mistake for d in marking.diagnosis]


def test_a_step_with_logarithms_on_the_way_to_an_exact_answer_need_not_be_rounded() -> None:
    problem = draw("softmax-row@1/1#848317")  # s = (1, 1 + ln 6, 1 + ln 2)
    asks = problem.asks_at("shifted")
    assert asks.words.endswith("to 4 decimal places; logarithms and roots may stand as they are")
    assert mark(problem, "-ln 6, 0, -ln 3", step="shifted").result == "right"
    assert "may stand" not in problem.asks_at("powers").words
    assert "may stand" not in OUTPUT.asks_at("scaled").words


def test_a_step_that_does_not_exist_or_cannot_be_typed_is_refused() -> None:
    with pytest.raises(ProblemError, match="the steps are scores"):
        mark(OUTPUT, "1", step="softmax")
    causal = draw("attention-output@1/3#5")
    with pytest.raises(ProblemError, match="cannot be typed"):
        mark(causal, "1", step="masked")


@pytest.mark.parametrize("text", ["{}", "({})", "[{}]", "({},)"])
def test_shapes_are_read_in_any_common_notation(text: str) -> None:
    sizes = SHAPE.answer
    for between in (", ", ",", "×", " x ", " "):
        assert mark(SHAPE, text.format(between.join(map(str, sizes)))).result == "right"


@pytest.mark.parametrize(
    ("text", "position"), [("", 0), ("(2, b)", 4), ("2,,3", 2), ("2.5", 1), ("-2, 3", 0)]
)
def test_shapes_that_are_none_are_unreadable(text: str, position: int) -> None:
    marking = mark(SHAPE, text)
    assert (marking.result, marking.position) == ("unreadable", position)


def test_a_shape_with_too_few_axes_is_wrong_and_says_so() -> None:
    marking = mark(SHAPE, "(2, 3)")
    assert marking.result == "wrong"
    assert "axes expected" in marking.says


def test_sizes_in_reverse_order_are_named() -> None:
    reverse = ", ".join(map(str, reversed(SHAPE.answer)))
    assert mark(SHAPE, reverse).diagnosis[0].mistake == "axes-reversed"


def test_the_right_answer_to_more_digits_is_right() -> None:
    rows = [[f"{x:.8f}" for x in row] for row in OUTPUT.answer]
    text = "; ".join(" ".join(row) for row in rows)
    assert mark(OUTPUT, text).result == "right"
    assert len(cells(OUTPUT.answer)) == sum(map(len, rows))


def test_too_few_digits_are_not_called_right_so_far_where_a_mistake_gives_just_them() -> None:
    problem = draw("output-spread@1/2#0")
    short = next(w for w in problem.wrongs if w.mistake.name == "strong-key-only")
    assert (f"{problem.answer:.3f}", f"{short.answer:.3f}") == ("2.104", "2.100")
    assert mark(problem, "2.1").says.startswith("So few digits would fit a mistake too: give 3")
    assert mark(problem, "2.1").result == "imprecise"
    assert mark(problem, "2.100").diagnosis[0].mistake == "strong-key-only"
