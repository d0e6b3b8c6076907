"""An interview killed at any moment goes on with every answer that was given."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from studykit.study.collection import Collection
from studykit.study.home import Home
from studykit.study.interview import conduct

HEAD = "— Interview · "


@pytest.mark.parametrize("questions", [1, 3, 6])
def test_every_answer_that_led_to_the_next_question_survives_a_kill(
    own_home: Path, questions: int
) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "studykit", "interview", "--plain", "--seed", "5"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=os.environ | {"STUDYKIT_HOME": str(own_home), "PYTHONUTF8": "1"},
    )
    assert process.stdin is not None and process.stdout is not None
    # Whatever is asked: a number, a point of the rubric, a grade; or an empty line to see it.
    process.stdin.write(b"1\n\n" * 400)
    process.stdin.flush()
    asked = 0
    for line in process.stdout:
        asked += HEAD in line.decode()
        if asked > questions:
            break
    process.kill()
    process.wait()
    process.stdin.close()
    process.stdout.close()
    with Collection.open(Home(own_home)) as collection:
        interviewer = conduct.take_up(collection)
        assert len(interviewer.marks) >= questions
        assert interviewer.terms.seed == 5
        session = collection.session(practice=interviewer)
        question = session.next()
        assert question is not None
        asked_again = {mark.card for mark in interviewer.marks if mark.follow_up is None}
        assert question.card not in asked_again or "What if" in session.heading().title()
