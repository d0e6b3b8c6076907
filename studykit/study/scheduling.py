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
        self.settings = settings
        self.weights = ""

    def change(self, settings: Settings) -> None:
        """Go by other settings from here on."""
        self.settings = settings
        self.__dict__.pop("policy", None)

    @cached_property
    def policy(self) -> Policy:
        """Retention, weights and longest interval."""
        from studykit.memory import DEFAULT_WEIGHTS, weights_from_json
        from studykit.memory import Settings as Policy
        from studykit.study.week import read_week

        return Policy(
            retention=self.settings.retention,
            maximum_interval=self.settings.maximum_interval,
            easy=read_week(self.settings.easy_days),
            weights=weights_from_json(self.weights) if self.weights else DEFAULT_WEIGHTS,
        )

    def fold(self, answers: Sequence[Answered]) -> Memory | None:
        """The memory that logged answers of one card leave."""
        from studykit.memory import fold

        return fold(answers, self.policy.model)
