"""Two machines' logs join to the same state, in whatever order and however often."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from studykit.progress import ProgressError, Standing, Store
from studykit.progress.check import check
from studykit.progress.exchange import lines_in, lines_out
from tests.progress.desk import DAY, NOON, answer, open_desk, sync


def states(store: Store, cards: int = 6) -> list[Standing]:
    return [store.standing(f"d{deck}-{card}") for deck in range(2) for card in range(cards)]


def test_two_machines_that_join_each_others_logs_agree(tmp_path: Path) -> None:
    with open_desk(tmp_path / "a") as here, open_desk(tmp_path / "b") as there:
        for number in range(20):
            # The other machine's clock is a year behind.
            answer(here, f"d0-{number % 6}", 1 + number % 4, DAY + number, NOON + number)
            answer(there, f"d{number % 2}-{number % 4}", 3, DAY + number, NOON - 10**10 + number)
        here.undo_last(DAY, NOON)
        there.suspend("d1-1", DAY, NOON)
        joined = lines_in(here, list(lines_out(there)))
        assert joined[:2] == (21, 0)
        assert lines_in(there, list(lines_out(here)))[:2] == (21, 21)
        assert states(here) == states(there)
        assert list(lines_out(here)) == list(lines_out(there))
        assert lines_in(here, list(lines_out(there)))[:2] == (0, 42)
        assert check(here).sound
        assert check(there).sound
        # What follows comes after everything joined, whatever the clock says.
        assert answer(there, "d0-0", 3, DAY, NOON - 10**10) > max(
            json.loads(line)["id"] for line in lines_out(here)
        )


def test_an_undo_of_one_machine_never_takes_back_the_others_answer(tmp_path: Path) -> None:
    with open_desk(tmp_path / "a") as here, open_desk(tmp_path / "b") as there:
        answer(here, "d0-0", 3, at_ms=NOON)
        answer(there, "d0-1", 3, at_ms=NOON + 5000)
        lines_in(here, list(lines_out(there)))
        undone = here.undo_last(DAY, NOON + 9000)
        assert undone is not None
        assert undone.card == "d0-0"
        assert here.undo_last(DAY, NOON + 9000) is None


def test_only_what_a_machine_added_since_is_written_for_it(tmp_path: Path) -> None:
    with open_desk(tmp_path / "a") as here, open_desk(tmp_path / "b") as there:
        first = answer(here, "d0-0")
        lines_in(there, list(lines_out(here)))
        answer(there, "d0-0", 4, at_ms=NOON + 1)
        second = answer(here, "d0-1", at_ms=NOON + 2)
        mine = [
            json.loads(line)["id"] for line in lines_out(here, after=first, machine=here.machine)
        ]
        assert mine == [second]
        assert len(list(lines_out(there, machine=there.machine))) == 1


def test_answers_to_a_deck_that_is_not_here_wait_for_it(tmp_path: Path) -> None:
    with open_desk(tmp_path / "a") as here, open_desk(tmp_path / "b", decks=1) as there:
        answer(here, "d1-3", 3)
        lines_in(there, list(lines_out(here)))
        assert there.counts(DAY).keys() == {"d0"}
        assert there.source().due(DAY + 99, 9) == []
        sync(there, "d1", ["d1-3", "d1-4"], 1)
        assert there.source().due(DAY + 99, 9) == ["d1-3"]
        assert there.counts(DAY)["d1"].new == 1
        assert check(there).sound


def test_a_renamed_card_is_renamed_on_the_other_machine_too(tmp_path: Path) -> None:
    with open_desk(tmp_path / "a") as here, open_desk(tmp_path / "b") as there:
        answer(here, "d0-0", 3, at_ms=NOON)
        answer(there, "d0-0", 4, DAY + 2, at_ms=NOON + 1)
        sync(here, "d0", ["better-name", *(f"d0-{n}" for n in range(1, 6))])
        here.rename("d0-0", "better-name", DAY, NOON + 2)
        lines_in(here, list(lines_out(there)))
        lines_in(there, list(lines_out(here)))
        assert here.standing("better-name") == there.standing("better-name")
        assert len(there.history("better-name")) == 2
        assert check(here).sound
        assert check(there).sound


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{", "line 2 is not JSON"),
        ("[" * 100_000, "line 2 is not JSON"),
        ("[]", "line 2 is no row"),
        ('{"row": "card"}', "line 2 is no row"),
        ('{"row": "review", "id": "x"}', "line 2 has no proper id"),
        ('{"row": "review", "mood": 3}', "newer studykit"),
        (
            '{"row": "review", "id": "fa134f6a-f816-79d3-86c5-cfa958cc555f"}',
            "line 2 has no proper id",
        ),
        (
            '{"row": "review", "id": "0a134f6a-f816-79d3-86c5-cfa958cc555f", "card": "d0-0"}',
            "line 2 holds a row",
        ),
        (
            '{"row": "review", "id": "0a134f6a-f816-79d3-86c5-cfa958cc555f", "card": {"a": 1}}',
            "line 2 holds a row",
        ),
        (
            '{"row": "action", "id": "0a134f6a-f816-79d3-86c5-cfa958cc555f", "machine": "m", '
            '"day": 1e99, "at_ms": 1, "kind": "bury"}',
            "line 2 holds a row",
        ),
    ],
)
def test_a_line_that_cannot_be_read_is_named_and_nothing_is_joined(
    tmp_path: Path, line: str, says: str
) -> None:
    with open_desk(tmp_path / "a") as here, open_desk(tmp_path / "b") as there:
        answer(here, "d0-0")
        with pytest.raises(ProgressError, match=says) as caught:
            lines_in(there, [*lines_out(here), line], "other.jsonl")
        assert str(caught.value).startswith("other.jsonl, line 2")
        assert list(there.reviews()) == []
        assert there.standing("d0-0").memory is None
