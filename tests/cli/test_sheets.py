"""`studykit sheet` and `studykit mark` from a shell: files out, marks back, errors in words."""

from __future__ import annotations

import json
from pathlib import Path

from studykit.problems import draw
from tests.cli.run import studykit
from tests.sheets.filling import right

CHOICE = ("sheet", "--topic", "softmax", "--count", "3", "--seed", "7")


def test_a_sheet_is_handed_out_with_its_key_apart_and_marked(tmp_path: Path) -> None:
    page, key, machine, marks = (
        tmp_path / name for name in ("s.html", "k.html", "s.json", "m.html")
    )
    made = studykit(*CHOICE, "--format", "html", "-o", str(page), "--key", str(key))
    assert made.code == 0 and made.out == ""
    assert "Key" in key.read_text("utf-8") and "<h1>Key</h1>" not in page.read_text("utf-8")
    assert studykit(*CHOICE, "--format", "json", "-o", str(machine)).code == 0
    tickets = [one["ticket"] for one in json.loads(machine.read_bytes())["problems"]]
    assert all(ticket in page.read_text("utf-8") for ticket in tickets)
    answers = tmp_path / "class.csv"
    cells = ",".join('"' + right(draw(ticket)) + '"' for ticket in tickets)
    answers.write_text(f"learner,1,2,3\nAda,{cells}\nBen,((,,\n", encoding="utf-8")
    marked = studykit("mark", str(machine), str(answers), "--html", str(marks))
    assert marked.code == 2, "one answer could not be read"
    shown = marks.read_text("utf-8")
    assert "Ada: 3 of 3 points" in shown and "To be looked at by a person" in shown


def test_paper_is_a4_unless_letter_is_asked_for(tmp_path: Path) -> None:
    for paper in ("a4", "letter"):
        page = tmp_path / f"{paper}.html"
        studykit(*CHOICE, "--format", "html", "--paper", paper, "-o", str(page))
        assert f"@page {{ size: {paper};" in page.read_text("utf-8")


def test_what_cannot_be_had_is_refused_in_words(tmp_path: Path) -> None:
    key = studykit(*CHOICE, "--format", "moodle", "--key", str(tmp_path / "k.xml"))
    assert key.code == 2 and "leave out the key" in key.err
    place = studykit(*CHOICE, "-o", str(tmp_path / "no" / "where.md"))
    assert place.code == 2 and "Cannot write" in place.err
