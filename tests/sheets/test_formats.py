"""Every format is written from the same sheet, with the same bytes every time."""

from __future__ import annotations

import json

import pytest

from studykit.sheets.errors import SheetError
from studykit.sheets.formats import FORMATS, write
from studykit.sheets.grading import grade
from studykit.sheets.machine import tickets
from studykit.sheets.responses import read
from tests.sheets.filling import right, sheet_of

SHEET = sheet_of(count=15)


@pytest.mark.parametrize("form", FORMATS)
def test_the_same_sheet_gives_the_same_bytes(form: str) -> None:
    again = sheet_of(count=15)
    assert write(SHEET, form, worked=True) == write(again, form, worked=True)


def test_the_key_is_in_its_own_file_where_that_is_wanted() -> None:
    problems = json.loads(write(SHEET, "json", "problems"))
    assert all("answer" not in one and "steps" not in one for one in problems["problems"])
    key = json.loads(write(SHEET, "json", "key"))
    assert all("answer" in one and "response" not in one for one in key["problems"])
    text = write(SHEET, "md", "problems").decode()
    assert "# Key" not in text and "```answer 15" in text


def test_a_sheet_names_its_tickets() -> None:
    assert tickets(write(SHEET, "json")) == [(item.number, item.ticket) for item in SHEET.items]


def test_a_filled_json_sheet_is_marked() -> None:
    data = json.loads(write(SHEET, "json", "problems"))
    for problem, item in zip(data["problems"], SHEET.items, strict=True):
        problem["response"] = right(item.problem)
    filled = read(json.dumps(data).encode(), "set.json")
    (marked,) = grade(tickets(write(SHEET, "json")), filled)
    assert marked.points == len(SHEET.items)


def test_a_filled_markdown_sheet_is_marked() -> None:
    text = write(SHEET, "md", "problems").decode()
    for item in SHEET.items:
        block = f"```answer {item.number}\n"
        text = text.replace(f"{block}\n```", f"{block}{right(item.problem)}\n```")
    (marked,) = grade(tickets(write(SHEET, "json")), read(text.encode(), "set.md"))
    assert marked.points == len(SHEET.items)


def test_a_class_in_csv_is_marked_row_by_row() -> None:
    rows = "learner,1,2\nAda,x,1\nBen,,\n\n"
    filled = list(read(rows.encode("utf-8-sig"), "class.csv"))
    assert [one.learner for one in filled] == ["Ada", "Ben"]
    assert filled[0].responses[2].answer == "1"


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("a.csv", b"", "is empty"),
        ("a.csv", b"learner,height\nAda,3\n", "column .height."),
        ("a.csv", b"learner\nAda\n", "no column is a problem"),
        ("a.json", b"{", "is not JSON"),
        ("a.json", b'{"x": "1"}', "no number of a problem"),
        ("a.json", b'{"1": true}', "a text, a number or a list"),
        ("a.ipynb", b"[]", "no notebook"),
        ("a.xlsx", b"PK", r"\.json, \.md"),
        ("a.md", b"\xff\xfe", "not UTF-8"),
    ],
)
def test_files_that_cannot_be_read_are_refused_with_what_is_wrong(
    name: str, data: bytes, says: str
) -> None:
    with pytest.raises(SheetError, match=says):
        list(read(data, name))


@pytest.mark.parametrize("data", [b"{", b"[]", b'{"format": "x"}', b'{"format": "studykit-sheet"}'])
def test_what_is_no_sheet_is_refused(data: bytes) -> None:
    with pytest.raises(SheetError):
        tickets(data)
