"""Weights are written with the name of their model, and read back only as what they are."""

from __future__ import annotations

import json

import pytest

from studykit.memory import DEFAULT_WEIGHTS, ScheduleError, weights_from_json, weights_to_json


def test_weights_come_back_as_they_were_written() -> None:
    written = weights_to_json(DEFAULT_WEIGHTS)
    assert json.loads(written)["model"] == "fsrs-6"
    assert weights_from_json(written) == DEFAULT_WEIGHTS


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        '{"model": "fsrs-7", "w": []}',
        '{"model": "fsrs-6"}',
        '{"model": "fsrs-6", "w": [1, 2]}',
        '{"model": "fsrs-6", "w": ["1"]}',
        '{"model": "fsrs-6", "w": [true]}',
        json.dumps({"model": "fsrs-6", "w": [float("nan")] * 21}),
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ScheduleError):
        weights_from_json(text)
