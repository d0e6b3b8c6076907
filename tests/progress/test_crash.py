"""However the program ends, what it acknowledged is stored, whole, and nothing else is."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from studykit.progress.check import check
from tests.progress.desk import answer, open_desk


def child(folder: Path, seed: int, *more: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.progress.answering", str(folder), str(seed), *more],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )


def test_every_acknowledged_answer_survives_kill_9_at_any_moment(tmp_path: Path) -> None:
    draw = random.Random(20261120)
    answered: list[str] = []
    undone: set[str] = set()
    for run in range(10):
        with child(tmp_path, run) as process:
            assert process.stdout is not None
            lines = [process.stdout.readline() for _ in range(draw.randint(1, 120))]
            process.send_signal(signal.SIGKILL)
            lines += process.stdout.readlines()
        for line in lines:
            # The kill may cut the last line, never an earlier one.
            what, _, id_ = line.partition(" ")
            if what == "answer" and line.endswith("\n"):
                answered.append(id_.strip())
            elif what == "undo" and line.endswith("\n"):
                undone.add(id_.strip())
        with open_desk(tmp_path) as store:
            stored = [review.id for review in store.reviews(undone_too=True)]
            # One answer may have been stored and killed before it was acknowledged.
            assert stored[: len(answered)] == answered
            assert len(stored) <= len(answered) + 1
            cancelled = set(stored) - {review.id for review in store.reviews()}
            assert undone <= cancelled
            assert len(cancelled) <= len(undone) + 1
            assert check(store).sound
            answered, undone = stored, cancelled


@pytest.mark.parametrize("seed", [1, 2])
def test_a_file_that_cannot_grow_ends_in_one_sentence_and_loses_no_answer(
    tmp_path: Path, seed: int
) -> None:
    with child(tmp_path, seed, str(400_000)) as process:
        assert process.stdout is not None
        lines = process.stdout.read().splitlines()
    assert process.returncode == 0
    *before, last = lines
    assert last.startswith("error")
    assert "was not saved" in last
    with open_desk(tmp_path) as store:
        said = [line.split()[1] for line in before if line.startswith("answer")]
        assert [review.id for review in store.reviews(undone_too=True)] == said
        assert check(store).sound
        answer(store, "d0-0", 3)


def test_the_lock_of_a_killed_program_does_not_stay(tmp_path: Path) -> None:
    with child(tmp_path, 1) as process:
        assert process.stdout is not None
        process.stdout.readline()
        os.kill(process.pid, signal.SIGKILL)
        process.stdout.read()
    with open_desk(tmp_path) as store:
        assert next(store.reviews(undone_too=True)).card is not None
