"""Going through a log in plain floats gives what the scheduler itself computed."""

from __future__ import annotations

import pytest
from hypothesis import given

from studykit.memory import Model
from studykit.memory.replay import Replay
from tests.memory.laws import LAW, histories

OTHER = (
    *(0.4, 1.1, 3.0, 15.0, 7.0, 0.5, 2.0, 0.01, 1.5, 0.2, 1.0),
    *(1.9, 0.1, 0.3, 2.2, 0.3, 2.5, 0.4, 0.4, 0.1, 0.3),
)


@pytest.mark.parametrize("model", [Model(), Model(OTHER)])
@LAW
@given(history=histories)
def test_any_history_is_replayed_as_it_was_scheduled(
    model: Model, history: list[tuple[int, int]]
) -> None:
    replay = Replay(model.weights)
    (grade, _), *rest = history
    scheduled, replayed = model.first(grade), replay.first(grade)
    for grade, gap in rest:
        recall = replay.recall(replayed[0], gap)
        assert recall == pytest.approx(model.retrievability(scheduled.stability, gap), rel=1e-9)
        scheduled = model.next(scheduled, grade, gap)
        replayed = replay.next(*replayed, grade, gap, recall)
    assert replayed == pytest.approx(tuple(scheduled), rel=1e-9)
