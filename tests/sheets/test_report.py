"""Marks as a page: a class at a glance, everything escaped, what nobody could read listed."""

from __future__ import annotations

from xml.etree import ElementTree

from studykit.problems import draw
from studykit.sheets.grading import grade, overview
from studykit.sheets.report import report
from studykit.sheets.responses import Filled, Response
from tests.problems.support import typed
from tests.sheets.filling import key_of, sheet_of

SHEET = sheet_of(count=6)
TICKETS = [(item.number, item.ticket) for item in SHEET.items]


def made(*filled: Filled) -> str:
    marked = list(grade(TICKETS, filled))
    return report(marked, overview(marked), "Marks <of> a class").decode()


def text(page: str) -> str:
    body = page.partition("<body>")[2].partition("</body>")[0]
    tree = ElementTree.fromstring(f"<div>{body.replace('<br>', '<br/>')}</div>")  # noqa: S314
    return "\n".join("".join(one.itertext()) for one in tree.iter() if one.tag in ("tr", "h2"))


def test_a_class_is_shown_with_its_mistakes_and_what_could_not_be_read() -> None:
    problem = draw(SHEET.items[0].ticket)
    wrong = problem.wrongs[0]
    page = made(
        key_of(SHEET, "Ada <script>"),
        Filled("Ben", {1: Response(typed(wrong.answer, problem.asks)), 2: Response("((")}),
    )
    shown = text(page)
    assert "Ada <script>" in shown and "<script" not in page
    assert "Ada <script>: 6 of 6 points" in shown
    assert wrong.mistake.name in shown
    assert "To be looked at by a person" in shown and "never closed" in shown
    assert all(ticket in shown for _, ticket in TICKETS)


def test_one_learner_gets_every_problem_and_no_class() -> None:
    page = made(key_of(SHEET))
    assert "6 of 6 points" in page and "Learners" not in page and page.count("✓") == 6
