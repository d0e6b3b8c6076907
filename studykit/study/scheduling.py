"""How one learner is scheduled, worked out when the first interval is needed.

A list of decks needs no memory model; the model's package is not loaded for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from studykit.memory import Memory
    from studykit.memory import Settings as Policy
    from studykit.progress import Answered
    from studykit.study.settings import Settings


class Scheduling:
    """Settings and fitted weights (JSON text, or none) in the form that the memory room takes."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.weights = ""

    @cached_property
    def policy(self) -> Policy:
        """Retention, weights and longest interval."""
        from studykit.memory import DEFAULT_WEIGHTS, weights_from_json
        from studykit.memory import Settings as Policy

        return Policy(
            retention=self._settings.retention,
            maximum_interval=self._settings.maximum_interval,
            weights=weights_from_json(self.weights) if self.weights else DEFAULT_WEIGHTS,
        )

    def fold(self, answers: Sequence[Answered]) -> Memory | None:
        """The memory that logged answers of one card leave."""
        from studykit.memory import fold

        return fold(answers, self.policy.model)
