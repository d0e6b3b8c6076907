"""Moodle XML as Moodle's documentation describes it, accepting what studykit accepts."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from studykit.answers import Exact
from studykit.problems import draw, mark
from studykit.problems.values import cells
from studykit.sheets.errors import SheetError
from studykit.sheets.formats import write
from studykit.sheets.moodle import field, held
from tests.sheets.filling import sheet_of

SHEET = sheet_of(count=60)
NUMBER = r"-?(?:[0-9]+[.,]?[0-9]*|[.,][0-9]+)(?:[eE][-+]?[0-9]+)?"
FIELD = re.compile(r"\{([0-9]*):NUMERICAL:=(" + NUMBER + "):(" + NUMBER + r")\}")
"""As Moodle's own reader of cloze questions has it."""


def questions() -> list[ElementTree.Element]:
    quiz = ElementTree.fromstring(write(SHEET, "moodle", worked=True))  # noqa: S314 - our own
    assert quiz.tag == "quiz" and quiz[0].get("type") == "category"
    assert (quiz[0].findtext("category/text") or "").startswith("$course$/top/")
    return quiz[1:]


def test_every_question_has_what_moodle_asks_of_its_type() -> None:
    found = questions()
    assert len(found) == len(SHEET.items)
    names = [one.findtext("name/text") or "" for one in found]
    assert all(names) and len({one.findtext("idnumber") for one in found}) == len(found)
    for one in found:
        assert one.find("questiontext[@format='html']/text") is not None
        assert one.find("generalfeedback/text") is not None and one.findtext("hidden") == "0"
        match one.get("type"):
            case "numerical":
                answers = one.findall("answer")
                assert [a.get("fraction") for a in answers].count("100") == 1
                for answer in answers:
                    assert re.fullmatch(NUMBER, answer.findtext("text") or "")
                    assert re.fullmatch(NUMBER, answer.findtext("tolerance") or "")
            case "cloze":
                assert FIELD.search(one.findtext("questiontext/text") or "")
                assert one.find("answer") is None
            case "essay":
                assert one.findtext("graderinfo/text")
            case other:
                pytest.fail(f"no such type: {other}")
    assert {one.get("type") for one in found} == {"numerical", "cloze", "essay"}


def test_a_cloze_question_has_a_field_for_each_cell_and_no_other() -> None:
    for one, item in zip(questions(), SHEET.items, strict=True):
        if one.get("type") == "cloze":
            text = one.findtext("questiontext/text") or ""
            values = [float(match[2]) for match in FIELD.finditer(text)]
            assert values == pytest.approx([float(x) for x in cells(item.problem.answer)])
            assert len(values) == len(re.findall(r"\{[0-9]*:", text))


def test_what_moodle_accepts_studykit_accepts_and_no_named_mistake() -> None:
    for one, item in zip(questions(), SHEET.items, strict=True):
        if one.get("type") != "numerical":
            continue
        problem = draw(item.ticket)
        right, *wrong = [
            (float(a.findtext("text") or ""), float(a.findtext("tolerance") or ""))
            for a in one.findall("answer")
        ]
        if not isinstance(problem.asks.precision, Exact):
            assert mark(problem, f"{right[0] + 0.9 * right[1]:.10f}").result == "right"
        for value, _ in wrong:
            assert abs(value - right[0]) > right[1], item.ticket
            assert mark(problem, f"{value:.10f}").result != "right"


def test_the_signs_that_end_a_field_are_escaped() -> None:
    assert held('a~b=c#d{e}/"\\') == r"a\~b\=c\#d\{e\}\/\"" + "\\\\"
    assert field("-1.5", "0.005") == "{1:NUMERICAL:=-1.5:0.005}"


@pytest.mark.parametrize("form", ["moodle", "anki"])
def test_there_is_no_key_apart_where_questions_carry_it(form: str) -> None:
    with pytest.raises(SheetError, match="leave out the key"):
        write(SHEET, form, "key")
