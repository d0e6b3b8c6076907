"""The golden tickets: what a ticket draws must never change while its family's version stands.

`python -m tests.problems.golden` writes the file anew; look at the difference before committing it.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from studykit.problems import draw, families, problem_json

PATH = Path(__file__).parent / "golden.jsonl"
SEEDS = (0, 1, 1821)


def lines() -> list[str]:
    """One line of JSON for each golden ticket: its givens, what is asked and the answer."""
    return [
        json.dumps(_line(name, level, seed), ensure_ascii=False, sort_keys=True)
        for name, family in families().items()
        for level in family.levels
        for seed in SEEDS
    ]


def _line(name: str, level: int, seed: int) -> dict[str, Any]:
    problem = draw(family=name, level=level, seed=seed)
    shown = problem_json(problem)
    return {
        "ticket": problem.ticket,
        "asked": problem.asked,
        "givens": _rounded(shown["givens"]),
        "answer": _rounded(shown["answer"]),
    }


def _rounded(value: Any) -> Any:
    """Ten significant digits: the last bits of exp may differ between machines."""
    if isinstance(value, float):
        return float(f"{value:.10g}")
    if isinstance(value, list):
        return [_rounded(x) for x in value]
    if isinstance(value, dict):
        return {name: _rounded(x) for name, x in value.items()}
    return value


if __name__ == "__main__":
    text = "\n".join(lines()) + "\n"
    if "--print" in sys.argv:
        sys.stdout.write(text)
    else:
        PATH.write_text(text, encoding="utf-8")
