"""A ticket is a promise: the same problem on every machine, in every process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.problems.golden import drawn, kept

ROOT = Path(__file__).parents[2]


def test_golden_tickets_draw_what_they_always_drew() -> None:
    assert drawn() == kept()


@pytest.mark.parametrize("hash_seed", ["1", "4242"])
def test_a_fresh_process_with_another_hash_seed_draws_the_same(hash_seed: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.problems.golden", "--print"],
        cwd=ROOT,
        env=os.environ | {"PYTHONHASHSEED": hash_seed, "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(done.stdout) == kept()
