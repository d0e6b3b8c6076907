"""Any sequence of answers, undos and decisions equals replaying the log, on any machine."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from studykit.memory import DEFAULT_WEIGHTS, Grade, Memory, Settings, choices, fold
from studykit.progress.check import check, rebuild
from studykit.progress.exchange import lines_in, lines_out
from tests.progress.desk import (
    DAY,
    LAW,
    NOON,
    SCHEDULE,
    answer,
    open_desk,
    remembered,
    row_of,
)

OTHERS = DEFAULT_WEIGHTS[4:]
CARDS = ["d0-0", "d0-1", "d1-0"]
cards = st.sampled_from(CARDS)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("answer"), cards, st.integers(1, 4), st.integers(-2, 9)),
        st.tuples(st.just("cram"), cards, st.integers(1, 4), st.just(0)),
        st.tuples(st.sampled_from(["undo", "redo", "reopen"]), cards, st.just(0), st.just(0)),
        st.tuples(st.sampled_from(["suspend", "reset"]), cards, st.just(0), st.just(0)),
        st.tuples(st.just("bury"), cards, st.integers(0, 3), st.just(0)),
    ),
    max_size=25,
)

Step = tuple[str, str, int, int]


class Expected:
    """What a person would keep on paper: a list of what was done, a stack of what was undone."""

    def __init__(self) -> None:
        self.done: list[tuple[str, str, int, int]] = []
        self.undone: list[tuple[str, str, int, int]] = []

    def apply(self, kind: str, card: str, value: int, day: int) -> None:
        if kind == "undo":
            if self.done:
                self.undone.append(self.done.pop())
        elif kind == "redo":
            if self.undone:
                self.done.append(self.undone.pop())
        else:
            self.done.append((kind, card, value, day))
            self.undone.clear()

    def state(self, card: str) -> tuple[Memory | None, bool, int]:
        memory: Memory | None = None
        suspended, buried_until = False, 0
        for kind, of, value, day in self.done:
            if of != card:
                continue
            if kind == "answer":
                memory = choices(memory, card, day, SCHEDULE)[Grade(value)].memory
            elif kind == "suspend":
                suspended = True
            elif kind == "bury":
                buried_until = day + value
            elif kind == "reset":
                memory = None
        return memory, suspended, buried_until


@LAW
@given(steps)
def test_whatever_is_done_and_undone_the_state_is_that_of_a_plain_replay(
    sequence: list[Step],
) -> None:
    expected = Expected()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        store = open_desk(folder, cards=2)
        try:
            day = DAY
            for number, (kind, card, value, gap) in enumerate(sequence):
                at_ms = NOON + number * 1000
                day += gap
                if kind == "reopen":
                    store.close()
                    store = open_desk(folder)
                    continue
                if kind in ("answer", "cram"):
                    answer(store, card, value, day, at_ms, "study" if kind == "answer" else kind)
                elif kind == "undo":
                    store.undo_last(day, at_ms)
                elif kind == "redo":
                    store.redo_last(day, at_ms)
                elif kind == "suspend":
                    store.suspend(card, day, at_ms)
                elif kind == "bury":
                    store.bury(card, day + value, day, at_ms)
                elif kind == "reset":
                    store.reset(card, day, at_ms)
                expected.apply(kind, card, value, day)
            for card in CARDS:
                memory, suspended, buried_until = expected.state(card)
                assert store.standing(card) == (row_of(memory), suspended, buried_until)
            assert check(store).sound
            states = {card: store.standing(card) for card in CARDS}
            lines = list(lines_out(store))
        finally:
            store.close()
        with open_desk(folder / "elsewhere", cards=2) as other:
            lines_in(other, reversed(lines))
            lines_in(other, lines)
            assert {card: other.standing(card) for card in CARDS} == states
            assert check(other).sound
            assert list(lines_out(other)) == lines


def test_a_spoiled_memory_is_found_rebuilt_and_not_found_again(tmp_path: Path) -> None:
    with open_desk(tmp_path) as store:
        for number in range(12):
            answer(store, f"d{number % 2}-{number % 3}", 1 + number % 4, day=DAY + number)
        store.suspend("d1-2", DAY, NOON)
        good = {card: store.standing(card) for card in ("d0-0", "d0-1", "d0-2", "d1-2")}
        with store.database.write() as connection:
            connection.execute("UPDATE memory SET stability = stability + 1 WHERE card = 'd0-0'")
            connection.execute("DELETE FROM memory WHERE card = 'd0-1'")
            connection.execute("UPDATE memory SET lapses = 7 WHERE card = 'd0-2'")
            connection.execute(
                "UPDATE memory SET suspended = 0, ready = max(due, buried_until) "
                "WHERE card = 'd1-2'"
            )
            connection.execute("UPDATE card SET fresh = 0 WHERE id = 'd0-5'")
        found = check(store)
        assert sorted(found.stale) == ["d0-0", "d0-1", "d0-2", "d0-5", "d1-2"]
        assert not found.sound
        assert sorted(rebuild(store)) == sorted(found.stale)
        assert {card: store.standing(card) for card in good} == good
        assert check(store).sound
        assert rebuild(store) == []
        assert remembered(store, "d0-5") is None


def test_other_weights_change_what_is_remembered_and_no_day_that_was_promised(
    tmp_path: Path,
) -> None:
    fitted = Settings(weights=(*(weight * 1.1 for weight in DEFAULT_WEIGHTS[:4]), *OTHERS))
    with open_desk(tmp_path) as store:
        for number in range(8):
            answer(store, "d0-0", 3, DAY + 5 * number)
        before = remembered(store, "d0-0")
        store.adopt(lambda answers: fold(answers, fitted.model))
        assert rebuild(store) == ["d0-0"]
        after = remembered(store, "d0-0")
        assert before is not None
        assert after is not None
        assert after.stability > before.stability
        assert after.due == before.due
        assert check(store).sound
