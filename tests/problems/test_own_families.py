"""A learner's own families: never without leave, never in the place of a shipped one, and held to
what every family promises. The page on writing them tells the truth.
"""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from studykit import own_families
from studykit.problems import ProblemError, draw, families, mark, own
from tests.cli.run import own_deck, studykit

PAGE = (Path(__file__).parents[2] / "docs" / "writing-families.md").read_text(encoding="utf-8")

DECK = """\
title: Mine
cards:
  - id: one
    kind: problem
    family: score-of-two
    level: 1
"""


@pytest.fixture(autouse=True)
def forgotten_afterwards() -> Iterator[None]:
    yield
    own_families.allow(None)


@pytest.fixture
def folder(own_home: Path) -> Path:
    found = own_home / "families"
    found.mkdir(parents=True)
    return found


def example(number: int = 0) -> str:
    return re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)[number]  # type: ignore[no-any-return]


def allowed(folder: Path, text: str, name: str = "mine.py") -> None:
    (folder / name).write_text(textwrap.dedent(text), encoding="utf-8")
    own_families.allow(folder)


def test_nothing_of_ones_own_is_loaded_unless_the_settings_say_so(folder: Path) -> None:
    trap = folder / "trap.py"
    trap.write_text(f"open({str(folder / 'ran')!r}, 'w').close()", encoding="utf-8")
    assert "score-of-two" not in studykit("families").out
    assert "config set own_families true" in studykit("problem", "score-of-two").err
    assert studykit("check").code == 0
    assert not (folder / "ran").exists()


def test_the_example_of_the_page_is_short_and_works_as_the_page_says(folder: Path) -> None:
    assert len(example().splitlines()) <= 40
    (folder / "score_of_two.py").write_text(example(), encoding="utf-8")
    assert studykit("config", "set", "own_families", "true").code == 0
    checked = studykit("check")
    assert checked.code == 0, checked.out
    listed = json.loads(studykit("families", "--json").out)
    assert listed[-1]["name"] == "score-of-two"
    assert listed[-1]["file"] == str(folder / "score_of_two.py")
    shown = studykit("problem", "score-of-two", "--level", "1", "--seed", "4", "--json")
    problem = json.loads(shown.out)
    right = studykit("problem", problem["ticket"], "--answer", f"{problem['answer']:.1f}")
    assert right.code == 0, right.out
    assert studykit("problem", problem["ticket"], "--answer", "-5").code == 1


def test_the_pages_example_of_a_name_with_a_formula_works_as_the_page_says(folder: Path) -> None:
    (folder / "slope.py").write_text(example(1), encoding="utf-8")
    studykit("config", "set", "own_families", "true")
    checked = studykit("check")
    assert checked.code == 0, checked.out
    own_families.allow(folder)
    tickets = (draw(family="slope-of-a-square", level=1, seed=seed) for seed in range(999))
    problem = next(problem for problem in tickets if problem.givens["c"] == 7)
    for right in ("2(p - y)·7x", "14x(7wx - y)", "(p - y)(14x)"):
        assert mark(problem, right).result == "right", right
    assert mark(problem, "14x(w x - y)").result == "wrong"


def test_a_definition_that_cannot_be_read_is_told_by_check(folder: Path) -> None:
    (folder / "slope.py").write_text(example(1).replace("{c} w x", "{c} w q"), encoding="utf-8")
    studykit("config", "set", "own_families", "true")
    checked = studykit("check")
    assert checked.code == 1
    assert "q” is not a name known here" in checked.out


def test_an_own_family_is_asked_by_a_deck(folder: Path) -> None:
    deck = own_deck(DECK, "mine.yaml")
    assert "no problem family `score-of-two`" in studykit("check", str(deck)).out
    (folder / "score_of_two.py").write_text(example(), encoding="utf-8")
    studykit("config", "set", "own_families", "true")
    assert studykit("check", str(deck)).code == 0
    asked = studykit("study", str(deck), "--plain", typed="0\nq\n")
    assert "Give the scaled score" in asked.out, asked.err


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("x = 1\ndef broken(:\n", 2, "This is not Python"),
        ("\nraise RuntimeError('no')\n", 2, "Running it raised RuntimeError: no"),
        ("import sys\nsys.exit(3)\n", 2, "SystemExit"),
        ("FAMILY = 1\n", 1, "must define FAMILIES"),
        ("FAMILIES = (3,)\n", 1, "no Family"),
    ],
)
def test_a_file_that_cannot_be_used_is_told_with_its_place_and_harms_no_other(
    folder: Path, text: str, line: int, says: str
) -> None:
    allowed(folder, text, "broken.py")
    (folder / "score_of_two.py").write_text(example(), encoding="utf-8")
    (fault,) = own().faults
    assert (fault.file.name, fault.line) == ("broken.py", line)
    assert says in fault.message
    assert "score-of-two" in families()


def test_a_shipped_name_cannot_be_taken(folder: Path) -> None:
    allowed(folder, example().replace("score-of-two", "scaled-dot"))
    shipped = families()["scaled-dot"]
    (fault,) = own().faults
    assert "scaled-dot is the name of a family that studykit has" in fault.message
    assert shipped.title != "A scaled score"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("lambda score: score / 4", "lambda score: score / 2 + 0 * 1", "separates its mistakes"),
        ("q[0] * k[0]", "missing", "NameError"),
        ("lambda q, k: q[0] * k[0]", "lambda q, z: q[0]", "never applies"),
    ],
)
def test_a_family_that_breaks_its_promises_is_told_by_check(
    folder: Path, old: str, new: str, says: str
) -> None:
    (folder / "mine.py").write_text(example().replace(old, new), encoding="utf-8")
    studykit("config", "set", "own_families", "true")
    checked = studykit("check", "--json")
    assert checked.code == 1
    problems = json.loads(checked.out)["problems"]
    assert {p["code"] for p in problems} == {"family-promise"}
    assert [p["file"] for p in problems] == [str(folder / "mine.py")] * len(problems)
    assert any(says in p["message"] for p in problems), problems


def test_a_family_that_fails_while_drawing_is_told_and_does_not_end_the_program(
    folder: Path,
) -> None:
    allowed(folder, example().replace("sum(a * b", "sum(a * c"))
    with pytest.raises(ProblemError, match=r"mine\.py, line 16: drawing score-of-two raised Name"):
        draw(family="score-of-two")
