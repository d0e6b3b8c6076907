"""Machines that share a folder agree, in whatever order and however often they merge."""

from __future__ import annotations

import json
import shutil
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.exchange.errors import ExchangeError
from studykit.exchange.merge import merge
from studykit.progress import Standing, Store
from studykit.progress.check import check
from studykit.progress.exchange import lines_out, logged_ids
from tests.progress.desk import DAY, LAW, NOON, answer, open_desk

CARDS = [f"d{deck}-{card}" for deck in range(2) for card in range(3)]


def states(store: Store) -> list[Standing]:
    return [store.standing(card) for card in CARDS]


DEEDS = st.lists(
    st.tuples(
        st.integers(0, 1),
        st.sampled_from(
            ["answer", "answer", "answer", "undo", "redo", "suspend", "reset", "merge"]
        ),
        st.sampled_from(CARDS),
        st.integers(1, 4),
        st.integers(0, 9),
    ),
    max_size=24,
)


def act(store: Store, deed: tuple[int, str, str, int, int], clock: int) -> None:
    _, what, card, grade, later = deed
    day, at_ms = DAY + later, NOON + later * 86_400_000 + clock
    match what:
        case "answer":
            answer(store, card, grade, day, at_ms)
        case "undo":
            store.undo_last(day, at_ms)
        case "redo":
            store.redo_last(day, at_ms)
        case "suspend":
            store.suspend(card, day, at_ms)
        case "reset":
            store.reset(card, day, at_ms)


@LAW
@given(deeds=DEEDS, skew=st.sampled_from([0, -(10**10), 10**10, 3]), first=st.integers(0, 1))
def test_two_machines_agree_whatever_they_did_and_whenever_they_merged(
    tmp_path_factory: pytest.TempPathFactory,
    deeds: list[tuple[int, str, str, int, int]],
    skew: int,
    first: int,
) -> None:
    root = tmp_path_factory.mktemp("merge")
    shared = root / "shared"
    shared.mkdir()
    with ExitStack() as stack:
        stores = [stack.enter_context(open_desk(root / name, cards=3)) for name in "ab"]
        for deed in deeds:
            store = stores[deed[0]]
            if deed[1] == "merge":
                merge(store, shared, NOON)
            else:
                act(store, deed, skew * deed[0])
        for store in (stores[first], stores[1 - first], stores[first]):
            merge(store, shared, NOON)
        assert states(stores[0]) == states(stores[1])
        assert list(lines_out(stores[0])) == list(lines_out(stores[1]))
        for store in stores:
            again = merge(store, shared, NOON)
            assert (again.added, again.written, again.cards) == (0, 0, 0)
            assert check(store).sound
    shutil.rmtree(root)


def test_each_machine_writes_its_own_file_alone_and_only_adds_to_it(tmp_path: Path) -> None:
    with open_desk(tmp_path / "a") as here, open_desk(tmp_path / "b") as there:
        answer(here, "d0-0")
        answer(there, "d0-1")
        merge(here, tmp_path, NOON)
        mine = tmp_path / "log" / f"{here.machine}.jsonl"
        before = mine.read_bytes()
        merge(there, tmp_path, NOON)
        assert mine.read_bytes() == before
        answer(here, "d0-2", at_ms=NOON + 1)
        done = merge(here, tmp_path, NOON)
        assert (done.added, done.written) == (1, 1)
        assert mine.read_bytes().startswith(before)
        assert {path.name for path in (tmp_path / "log").iterdir()} == {
            f"{here.machine}.jsonl",
            f"{there.machine}.jsonl",
        }
        assert logged_ids(here) > logged_ids(there)


def test_a_third_machine_gets_everything_from_the_folder_alone(tmp_path: Path) -> None:
    with open_desk(tmp_path / "a") as here, open_desk(tmp_path / "b") as there:
        answer(here, "d0-0", 2)
        answer(there, "d0-0", 4, DAY + 3, NOON - 10**9)
        merge(here, tmp_path, NOON)
        merge(there, tmp_path, NOON)
        with open_desk(tmp_path / "c") as third:
            assert merge(third, tmp_path, NOON).added == 2
            merge(here, tmp_path, NOON)
            assert states(third) == states(here)


def test_a_file_that_is_still_arriving_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    with open_desk(tmp_path / "a") as here, open_desk(tmp_path / "b") as there:
        for number in range(3):
            answer(here, f"d0-{number}", at_ms=NOON + number)
        merge(here, tmp_path, NOON)
        file = tmp_path / "log" / f"{here.machine}.jsonl"
        whole = file.read_bytes()
        file.write_bytes(whole[:-20])
        done = merge(there, tmp_path, NOON)
        assert done.added == 2
        assert [one.torn for one in done.files if one.path == file] == [True]
        file.write_bytes(whole)
        done = merge(there, tmp_path, NOON)
        assert done.added == 1
        assert not any(one.torn for one in done.files)
        assert states(here) == states(there)


def test_what_a_broken_off_merge_left_is_finished_by_the_next(tmp_path: Path) -> None:
    with open_desk(tmp_path / "a") as here, open_desk(tmp_path / "b") as there:
        for number in range(3):
            answer(here, f"d0-{number}", at_ms=NOON + number)
        merge(here, tmp_path, NOON)
        file = tmp_path / "log" / f"{here.machine}.jsonl"
        whole = file.read_bytes()
        for cut in (0, 5, len(whole) // 2, len(whole) - 1):
            file.write_bytes(whole[:cut])
            merge(here, tmp_path, NOON)
            assert sorted(file.read_bytes().splitlines()) == sorted(whole.splitlines())
        assert merge(there, tmp_path, NOON).added == 3


def test_a_copy_that_a_sync_program_put_aside_is_read_too(tmp_path: Path) -> None:
    with open_desk(tmp_path / "a") as here, open_desk(tmp_path / "b") as there:
        answer(here, "d0-0")
        merge(here, tmp_path, NOON)
        file = tmp_path / "log" / f"{here.machine}.jsonl"
        file.rename(file.with_name(f"{here.machine}.sync-conflict-20261128.jsonl"))
        assert merge(there, tmp_path, NOON).added == 1


def test_a_backup_is_made_before_anything_is_joined(tmp_path: Path) -> None:
    with open_desk(tmp_path / "a") as here, open_desk(tmp_path / "b") as there:
        answer(here, "d0-0")
        assert merge(here, tmp_path, NOON).backup is None
        done = merge(there, tmp_path, NOON)
        assert done.backup is not None
        assert done.backup.exists()


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b'{"hello": 1}\n', "no log of studykit"),
        (b"PK\3\4 not lines\n", "no log of studykit"),
        (b'{"file": "studykit log", "format": 2}\n', "newer studykit"),
        (b'{"file": "studykit log", "format": 1}\n{"row": "mood", "id": "x"}\n', "line 2"),
        (
            b'{"file": "studykit log", "format": 1}\n{"row": "review", "mood": 1}\n',
            "newer studykit",
        ),
        (b'{"file": "studykit log", "format": 1}\n\xff\xfe\n', "line 2 is no UTF-8"),
        (b"[" * 100_000 + b"\n", "no log of studykit"),
    ],
)
def test_a_foreign_or_newer_file_is_refused_in_a_sentence(
    tmp_path: Path, data: bytes, says: str
) -> None:
    (tmp_path / "log").mkdir()
    (tmp_path / "log" / "x.jsonl").write_bytes(data)
    with open_desk(tmp_path / "a") as here:
        answer(here, "d0-0")
        before = states(here)
        with pytest.raises(ExchangeError, match=says):
            merge(here, tmp_path, NOON)
        assert states(here) == before


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with open_desk(tmp_path / "a") as here, pytest.raises(ExchangeError, match="no folder"):
        merge(here, tmp_path / "nowhere", NOON)


def test_the_head_of_a_file_says_what_it_is(tmp_path: Path) -> None:
    with open_desk(tmp_path / "a") as here:
        merge(here, tmp_path, NOON)
        (line,) = (tmp_path / "log" / f"{here.machine}.jsonl").read_text().splitlines()
        assert json.loads(line) == {"file": "studykit log", "format": 1, "machine": here.machine}
