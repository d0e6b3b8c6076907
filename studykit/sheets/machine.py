"""A sheet as JSON, for other programs and for marking.

Each problem holds its ticket, givens, what is asked, and room for a response; the key (steps and
answer) is there where it is wanted. A ticket rebuilds the problem, so marking needs no key.
"""

from __future__ import annotations

import json
from typing import Any

from studykit.sheets.errors import SheetError
from studykit.sheets.formats import Part
from studykit.sheets.sheet import Item, Sheet

FORMAT = "studykit-sheet"
VERSION = 1
KEYED = ("steps", "answer", "answer_exact")


def write(sheet: Sheet, part: Part, worked: bool) -> bytes:
    """One JSON object with sorted keys, UTF-8 with LF."""
    data = {
        "format": FORMAT,
        "version": VERSION,
        "title": sheet.title,
        "seed": sheet.seed,
        "problems": [_problem(item, part, worked) for item in sheet.items],
    }
    return (json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def _problem(item: Item, part: Part, worked: bool) -> dict[str, Any]:
    data: dict[str, Any] = {"number": item.number, "title": item.title, **item.data}
    data["step_names"] = [step.name for step in item.steps]
    if part == "problems":
        for name in KEYED:
            data.pop(name, None)
    elif worked:
        data["worked"] = item.worked
    if part != "key":
        data["response"] = ""
        data["step_responses"] = {step.name: "" for step in item.steps}
    return data


def tickets(data: bytes) -> list[tuple[int, str]]:
    """(number, ticket) of every problem of a sheet in JSON. Raises SheetError."""
    try:
        sheet = json.loads(data)
    except ValueError as error:
        raise SheetError(f"The sheet is not JSON: {error}.") from error
    if not isinstance(sheet, dict) or sheet.get("format") != FORMAT:
        raise SheetError("This is no sheet: studykit sheet --format json makes one.")
    if sheet.get("version") != VERSION:
        raise SheetError(f"This sheet is of version {sheet.get('version')}, not {VERSION}.")
    found = []
    for at, problem in enumerate(sheet.get("problems") or ()):
        number = problem.get("number") if isinstance(problem, dict) else None
        ticket = problem.get("ticket") if isinstance(problem, dict) else None
        if not isinstance(number, int) or not isinstance(ticket, str):
            raise SheetError(f"Problem {at + 1} of the sheet has no number or no ticket.")
        found.append((number, ticket))
    if not found:
        raise SheetError("The sheet has no problems.")
    return found
