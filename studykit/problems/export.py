"""Families, problems and markings as plain dicts, for `--json` and for other programs.

A number is a JSON number, a formula its text. Where a value has an exact form that no decimal shows
(3/4, ln 2), the same place under "exact" holds it as text.
"""

from __future__ import annotations

from typing import Any

from studykit.problems.diagnosis import Diagnosis
from studykit.problems.family import Family
from studykit.problems.formula import Formula
from studykit.problems.marking import Marking
from studykit.problems.problem import Asks, Problem, precision_words
from studykit.problems.registry import families, own
from studykit.problems.values import Value, cells, exact_text, mapped


def families_json() -> list[dict[str, Any]]:
    """One dict for each family, in their fixed order."""
    return [family_json(family) for family in families().values()]


def family_json(family: Family) -> dict[str, Any]:
    mistakes = {(m.name, m.step): m for m in family.mistakes}
    file = own().files.get(family.name)
    return {
        "name": family.name,
        "version": family.version,
        "title": family.title,
        "topic": family.topic,
        "says": family.says,
        "levels": list(family.levels),
        "steps": list(dict.fromkeys(step.name for step in family.steps)),
        "mistakes": [{"name": m.name, "step": m.step, "says": m.says} for m in mistakes.values()],
        "items": list(family.items),
        **({} if file is None else {"file": str(file)}),
    }


def problem_json(problem: Problem) -> dict[str, Any]:
    """The question, what it asks for, the steps and the answer."""
    shown: dict[str, Any] = {
        "ticket": problem.ticket,
        "family": problem.family.name,
        "level": problem.level,
        "question": problem.question,
        "givens": {name: _plain(value) for name, value in problem.givens.items()},
        "asks": _asks_json(problem.asks),
        "steps": [
            {"name": s.name, "title": s.title, **_value_json("value", s.value)}
            for s in problem.steps
        ],
        **_value_json("answer", problem.answer),
    }
    exact = {name: _exact(value) for name, value in problem.givens.items()}
    exact = {name: value for name, value in exact.items() if value is not None}
    if exact:
        shown["givens_exact"] = exact
    return shown


def step_json(problem: Problem, step: str) -> dict[str, Any]:
    """Which step is asked for, and in what form. Raises ProblemError for one that does not exist
    or cannot be typed."""
    asks = problem.asks_at(step)
    title = next(one.title for one in problem.steps if one.name == step)
    return {"step": {"name": step, "title": title, "asks": _asks_json(asks)}}


def marking_json(marking: Marking) -> dict[str, Any]:
    """The reading, the verdict and the diagnosis."""
    # Right but too coarse is no verdict either: to a program it is an answer to be given again.
    open_still = marking.result == "imprecise"
    verdict: dict[str, Any] = {"result": "unreadable" if open_still else marking.result}
    if open_still:
        verdict |= {"imprecise": True, "cause": marking.says, "position": None}
    elif marking.cells is not None:
        verdict["cells"] = [list(row) for row in marking.cells]
    if marking.cause is not None:
        verdict |= {"cause": marking.cause, "position": marking.position}
    if marking.says and not open_still:
        verdict["says"] = marking.says
    if marking.follow_through:
        verdict["follow_through"] = True
    return {
        "reading": marking.reading,
        "verdict": verdict,
        "diagnosis": [_found_json(one) for one in marking.diagnosis],
    }


def _found_json(found: Diagnosis) -> dict[str, Any]:
    """`besides` where it was made together with the one before it, and is no alternative."""
    shown: dict[str, Any] = {"mistake": found.mistake, "step": found.step, "says": found.says}
    return shown | {"besides": True} if found.besides else shown


def _asks_json(asks: Asks) -> dict[str, Any]:
    return {
        "kind": asks.kind,
        "shape": list(asks.shape),
        "precision": precision_words(asks.precision),
        "words": asks.words,
        **({"names": dict(asks.names)} if asks.kind == "formula" else {}),
    }


def _value_json(key: str, value: Value) -> dict[str, Any]:
    exact = _exact(value)
    return {key: _plain(value)} | ({} if exact is None else {f"{key}_exact": exact})


def _plain(value: Value) -> Any:
    """Numbers, texts, lists and lists of lists; −∞ is null, which is all JSON has."""
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, str):
        return value
    return value.text if isinstance(value, Formula) else mapped(_number, value)


def _number(x: Any) -> int | float | None:
    if isinstance(x, int):
        return x
    as_float = float(x)
    if as_float in (float("inf"), float("-inf")):
        return None
    return int(as_float) if as_float == int(as_float) and not isinstance(x, float) else as_float


def _exact(value: Value) -> Any:
    """The same in exact texts, if some number needs one and all have one."""
    if isinstance(value, tuple | str | Formula):
        return None
    numbers = cells(value)
    if all(isinstance(x, int | float) for x in numbers) or any(
        isinstance(x, float) for x in numbers
    ):
        return None
    return mapped(exact_text, value)
