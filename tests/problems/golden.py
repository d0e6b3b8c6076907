"""The golden tickets: what a ticket draws must never change while its family's version stands.

`python -m tests.problems.golden` writes the files anew, one a family; look at the difference before
committing it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from studykit.problems import draw, families, problem_json

FOLDER = Path(__file__).parent / "golden_tickets"
SEEDS = (0, 1, 1821)


def drawn() -> dict[str, str]:
    """For each family its golden tickets: lines of JSON with givens, what is asked, the answer."""
    return {name: "".join(_lines(name)) for name in families()}


def kept() -> dict[str, str]:
    """What they drew when their version was made."""
    return {path.stem: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.jsonl")}


def _lines(name: str) -> Iterator[str]:
    for level in families()[name].levels:
        for seed in SEEDS:
            yield json.dumps(_line(name, level, seed), ensure_ascii=False, sort_keys=True) + "\n"


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
    if "--print" in sys.argv:
        json.dump(drawn(), sys.stdout, ensure_ascii=False)
    else:
        for family, text in drawn().items():
            (FOLDER / f"{family}.jsonl").write_text(text, encoding="utf-8")
