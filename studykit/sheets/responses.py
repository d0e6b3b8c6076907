"""Filled sheets, read back: JSON, Markdown, a notebook, or CSV with one row a learner.

What comes out is text, as it was typed; judging it is the work of `grading`. A class is read row by
row, so its size does not matter.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from studykit.sheets.errors import SheetError

BLOCK = re.compile(
    r"^(?P<fence>`{3,}|~{3,})[ \t]*(?:answer[ \t]+(?P<answer>\d+)|step[ \t]+(?P<of>\d+)[ \t]+"
    r"(?P<step>[\w-]+))[ \t]*\n(?P<text>.*?)^(?P=fence)[ \t]*$",
    re.MULTILINE | re.DOTALL,
)
CELL = re.compile(
    r"""\s*(?:answers|steps)\[[^\]\n]*\]\s*=\s*"""
    r"""(?:r?(?P<quote>\"{3}|'{3}|"|')(?P<quoted>.*?)(?P=quote)|(?P<bare>.*?))\s*""",
    re.DOTALL,
)
"""A cell of a notebook as it is handed out: the answer stands in quotes, or as a list of Python."""
COLUMN = re.compile(r"(\d+)(?:\.([\w-]+))?")
NAMES = ("learner", "name", "student", "id")
"""Heads of the column that names the learner."""


@dataclass(frozen=True, slots=True)
class Response:
    """What was given for one problem; empty texts where nothing was."""

    answer: str = ""
    steps: Mapping[str, str] = field(default_factory=dict)

    @property
    def given(self) -> bool:
        return bool(self.answer.strip()) or any(text.strip() for text in self.steps.values())


@dataclass(frozen=True, slots=True)
class Filled:
    """One learner's sheet: number of the problem → response."""

    learner: str
    responses: Mapping[int, Response]


def read(data: bytes, name: str) -> Iterator[Filled]:
    """The filled sheets of a file; its ending says what it is. Raises SheetError."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SheetError(f"{name} is not UTF-8 text: byte {error.start}.") from error
    ending = name.rpartition(".")[2].lower()
    match ending:
        case "csv" | "tsv":
            yield from read_table(io.StringIO(text, newline=""), name, tab=ending == "tsv")
        case "ipynb":
            yield Filled("", _blocks(_cells(text, name)))
        case "json":
            yield _from_json(text, name)
        case "md" | "markdown" | "txt":
            yield Filled("", _blocks([text]))
        case _:
            raise SheetError(
                f"{name}: answers are read from .json, .md, .ipynb, .csv or .tsv files."
            )


def read_table(lines: Iterable[str], name: str, *, tab: bool = False) -> Iterator[Filled]:
    """One learner a row: columns "1", "2" … for answers, "2.scores" for a step of problem 2."""
    rows = csv.reader(lines, delimiter="\t" if tab else ",")
    try:
        head = next(rows, None)
        if head is None:
            raise SheetError(f"{name} is empty.")
        who, columns = _columns([one.strip() for one in head], name)
        for row in rows:
            if any(cell.strip() for cell in row):
                learner = row[who].strip() if who is not None and who < len(row) else ""
                yield Filled(learner or f"line {rows.line_num}", _row(row, columns))
    except csv.Error as error:
        raise SheetError(f"{name}, line {rows.line_num}: {error}.") from error


def _columns(head: list[str], name: str) -> tuple[int | None, dict[int, tuple[int, str]]]:
    who = next((at for at, one in enumerate(head) if one.lower() in NAMES), None)
    columns: dict[int, tuple[int, str]] = {}
    for at, one in enumerate(head):
        found = COLUMN.fullmatch(one)
        if found is not None:
            columns[at] = int(found[1]), found[2] or ""
        elif at != who and one:
            raise SheetError(
                f"{name}: column “{one}” is neither a problem (1, 2, 2.scores) nor the learner."
            )
    if not columns:
        raise SheetError(f"{name}: no column is a problem; heads are learner, 1, 2, 2.scores …")
    return who, columns


def _row(row: list[str], columns: Mapping[int, tuple[int, str]]) -> dict[int, Response]:
    answers: dict[int, str] = {}
    steps: dict[int, dict[str, str]] = {}
    for at, (number, step) in columns.items():
        text = row[at] if at < len(row) else ""
        if step:
            steps.setdefault(number, {})[step] = text
        else:
            answers[number] = text
    return {
        number: Response(answers.get(number, ""), steps.get(number, {}))
        for number in {*answers, *steps}
    }


def _blocks(texts: Iterable[str]) -> dict[int, Response]:
    answers: dict[int, str] = {}
    steps: dict[int, dict[str, str]] = {}
    for text in texts:
        for found in BLOCK.finditer(text.replace("\r\n", "\n")):
            if found["answer"]:
                answers[int(found["answer"])] = found["text"].strip("\n")
            else:
                steps.setdefault(int(found["of"]), {})[found["step"]] = found["text"].strip("\n")
    return {
        number: Response(answers.get(number, ""), steps.get(number, {}))
        for number in sorted({*answers, *steps})
    }


def _cells(text: str, name: str) -> Iterator[str]:
    """The cells of a notebook that belong to a problem, as blocks; their metadata says to which."""
    try:
        book = json.loads(text)
        cells = book["cells"]
    except (ValueError, KeyError, TypeError) as error:
        raise SheetError(f"{name} is no notebook.") from error
    for cell in cells:
        source = cell.get("source", "")
        source = "".join(source) if isinstance(source, list) else str(source)
        marked = (cell.get("metadata") or {}).get("studykit") or {}
        number, step = marked.get("answer"), marked.get("step", "")
        if not isinstance(number, int):
            continue
        head = f"step {number} {step}" if step else f"answer {number}"
        yield f"~~~{head}\n{_quoted(source)}\n~~~\n"


def _quoted(source: str) -> str:
    """The answer in a cell, without the name it is given there and without comments."""
    text = "\n".join(line for line in source.splitlines() if not line.lstrip().startswith("#"))
    found = CELL.fullmatch(text)
    if found is None:
        return text
    return found["bare"] if found["quote"] is None else found["quoted"]


def _from_json(text: str, name: str) -> Filled:
    """A filled sheet, or an object with a response for each number."""
    try:
        data = json.loads(text)
    except ValueError as error:
        raise SheetError(f"{name} is not JSON: {error}.") from error
    if not isinstance(data, dict):
        raise SheetError(f"{name}: expected a filled sheet, or an object with an answer a number.")
    learner = str(data.get("learner", ""))
    responses: dict[int, Response] = {}
    if isinstance(data.get("problems"), list):
        for problem in data["problems"]:
            steps = problem.get("step_responses") or {}
            responses[int(problem["number"])] = _response(
                {"answer": problem.get("response", ""), "steps": steps}, name
            )
        return Filled(learner, responses)
    listed = data.get("answers", data)
    for number, given in listed.items():
        if number == "learner":
            continue
        if not str(number).isdecimal():
            raise SheetError(f"{name}: “{number}” is no number of a problem.")
        responses[int(number)] = _response(given, name)
    return Filled(learner, responses)


def _response(given: Any, name: str) -> Response:
    if isinstance(given, str):
        return Response(given)
    if isinstance(given, dict):
        steps = given.get("steps") or {}
        return Response(
            str(given.get("answer") or ""), {str(step): str(text) for step, text in steps.items()}
        )
    if isinstance(given, int | float | list) and not isinstance(given, bool):
        return Response(json.dumps(given))
    if given is None:
        return Response()
    raise SheetError(f"{name}: an answer is a text, a number or a list, not {given!r}.")
