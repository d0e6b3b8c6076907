"""The README tells the truth: its commands run, and its deck is a good deck."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from tests.cli.run import studykit

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def examples() -> list[tuple[str, list[str]]]:
    found: list[tuple[str, list[str]]] = []
    for block in blocks("console"):
        for line in block.splitlines():
            if line.startswith("$ "):
                found.append((line[2:], []))
            else:
                found[-1][1].append(line)
    return found


@pytest.mark.parametrize(("command", "shown"), examples(), ids=lambda value: str(value)[:40])
def test_an_example_prints_what_it_shows(command: str, shown: list[str]) -> None:
    name, *arguments = shlex.split(command)
    assert name == "studykit"
    ran = studykit(*arguments)
    assert ran.code == 0, ran.err
    pattern = "\n".join(re.escape(line).replace("…", r"[\s\S]*") for line in shown)
    assert re.match(pattern, ran.out), ran.out


def test_make_study_and_make_test_come_first() -> None:
    commands = blocks("sh")[0].splitlines()
    assert [line.split("#")[0].strip() for line in commands] == ["make study", "make test"]


def test_the_example_deck_has_nothing_to_mend(tmp_path: Path) -> None:
    deck = tmp_path / "my-deck.yaml"
    deck.write_text(blocks("yaml")[0], encoding="utf-8")
    ran = studykit("check", str(deck))
    assert ran.code == 0, ran.out
