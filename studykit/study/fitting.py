"""Fitting the memory model to a learner's own answers, and taking the fit only if it is better.

The answers are split in time: what came before fits the weights, what came after judges them, four
times over. Only weights that predict those later answers better than the present ones are put in
force; they can be taken back. The fitting itself is done by the optional package fsrs-rs-python.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from studykit.memory import DEFAULT_WEIGHTS, weights_from_json, weights_to_json
from studykit.memory.replay import Replay
from studykit.memory.weights import Weights
from studykit.progress import ProgressError
from studykit.progress.backup import back_up
from studykit.progress.check import rebuild
from studykit.progress.tally import Step, steps
from studykit.study.errors import StudyError
from studykit.study.statistics.recalls import Calibration, Scores
from studykit.study.words import counted

if TYPE_CHECKING:
    from studykit.study.collection import Collection

LEAST = 1000
"""Answers below which fitted weights predict worse than the defaults more often than not."""
PARTS = 5
"""The log is cut into so many; each but the first judges what was fitted on those before it."""
BEFORE = "weights before"
"""Under this name the progress file keeps the weights that a fit replaced; "" are the defaults."""

History = tuple[tuple[int, int], ...]
"""One card up to an answer: (grade, days since the answer before), oldest first."""
Trainer = Callable[[Sequence[History]], Weights]


@dataclass(frozen=True, slots=True)
class Tried:
    """What fitting came to. Calibrations are of held-out answers, with the weights named."""

    answers: int
    """That the log holds, first ones included."""
    judged: int
    """Held-out answers."""
    before: Calibration | None
    """With the present weights."""
    after: Calibration | None
    """With weights fitted on what came before each part."""
    weights: Weights | None
    """Fitted on the whole log, where they are better."""
    adopted: bool
    says: str


def fit(collection: Collection, *, adopt: bool = True, trainer: Trainer | None = None) -> Tried:
    """Fit, judge on held-out answers, and put the weights in force if they are better.

    Raises StudyError where the package is missing or the log is too short to be split.
    """
    train = trainer or _trainer()
    log = list(steps(collection.store.database))
    histories = list(targets(log))
    answers = sum(step[2] > 0 for step in log)
    if answers < LEAST:
        return Tried(
            answers, 0, None, None, None, False,
            f"{counted(answers, 'answer')} so far; from {LEAST} on a fit is worth trying. "
            "Nothing changed.",
        )  # fmt: skip
    present = present_weights(collection)
    before, after = Scores(), Scores()
    cuts = [len(histories) * part // PARTS for part in range(1, PARTS + 1)]
    for start, end in pairwise(cuts):
        fitted = train(histories[:start])
        held_out = histories[start:end]
        judge(held_out, present, before)
        judge(held_out, fitted, after)
    old, new = before.result(), after.result()
    better = (new.log_loss or 0.0) < (old.log_loss or 0.0)
    weights = train(histories) if better else None
    if weights is not None and adopt:
        put_in_force(collection, weights)
    return Tried(
        answers=answers,
        judged=old.of,
        before=old,
        after=new,
        weights=weights,
        adopted=better and adopt,
        says=_says(old, new, better, adopt),
    )


def targets(log: Sequence[Step]) -> list[History]:
    """For every answer on a later day than the one before, the history that ends with it."""
    cards: dict[str, tuple[int, History]] = {}
    found = []
    for card, day, grade, *_ in log:
        if not grade:
            cards.pop(card, None)
            continue
        last, history = cards.get(card, (day, ()))
        passed = max(0, day - last) if history else 0
        history = (*history, (grade, passed))
        cards[card] = day, history
        if passed:
            found.append(history)
    return found


def judge(histories: Sequence[History], weights: Weights, scores: Scores) -> None:
    """Predict the last answer of every history, and add what happened."""
    replay = Replay(weights)
    for history in histories:
        S, D = replay.first(history[0][0])
        for grade, days in history[1:-1]:
            S, D = replay.next(S, D, grade, days, replay.recall(S, days))
        grade, days = history[-1]
        scores.add(replay.recall(S, days), grade > 1)


def present_weights(collection: Collection) -> Weights:
    """The weights in force."""
    text = collection.store.setting("weights")
    return weights_from_json(text) if text else DEFAULT_WEIGHTS


def put_in_force(collection: Collection, weights: Weights | None) -> None:
    """Schedule with these weights (None: the defaults) from here on; the old ones are kept.

    What is remembered of every card is made again from its answers. Backed up before.
    """
    store = collection.store
    old = store.setting("weights") or ""
    text = weights_to_json(weights) if weights is not None else ""
    try:
        back_up(store, collection.clock(), force=True)
        store.set_setting(BEFORE, old)
        store.set_setting("weights", text)
        collection.use_weights(text)
        rebuild(store)
    except ProgressError as error:
        raise StudyError(str(error)) from error


def take_back(collection: Collection) -> None:
    """Put the weights before the last fit in force again. Raises StudyError without any."""
    kept = collection.store.setting(BEFORE)
    if kept is None:
        raise StudyError("No fit was ever put in force.")
    put_in_force(collection, weights_from_json(kept) if kept else None)


def _says(old: Calibration, new: Calibration, better: bool, adopt: bool) -> str:
    both = f"log-loss {new.log_loss:.4f} fitted, {old.log_loss:.4f} as it is, on {old.of} answers"
    if not better:
        return f"Not better: {both} that the fit had not seen. Nothing changed."
    if not adopt:
        return f"Better: {both} that the fit had not seen. Not put in force, as you asked."
    return (
        f"Better: {both} that the fit had not seen. The fitted weights are in force; "
        "`studykit fit --undo` takes them back."
    )


def _trainer() -> Trainer:
    try:
        import fsrs_rs_python as fsrs
    except ImportError:
        raise StudyError(
            "Fitting needs the package fsrs-rs-python: install studykit with its extra, "
            "`studykit[fit]`."
        ) from None

    def train(histories: Sequence[History]) -> Weights:
        items = [
            fsrs.FSRSItem([fsrs.FSRSReview(grade, days) for grade, days in history])
            for history in histories
        ]
        fitted = fsrs.FSRS(list(DEFAULT_WEIGHTS)).compute_parameters(items)
        # In 32 bits 0.8 is a little more than the 0.8 that bounds it.
        return tuple(round(float(weight), 4) for weight in fitted)

    return train
