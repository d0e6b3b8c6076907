"""A sheet as web page and as PDF: all problems, tickets and page numbers, the key apart."""

from __future__ import annotations

import builtins
import io
import re
from collections.abc import Mapping, Sequence
from typing import Any

import pypdf
import pytest

from studykit.sheets.errors import SheetError
from studykit.sheets.formats import write
from studykit.sheets.sheet import make_sheet
from tests.sheets.filling import sheet_of

SHEET = sheet_of(count=8)


def pages(data: bytes) -> list[str]:
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages]


def test_a_pdf_names_every_ticket_and_numbers_its_pages() -> None:
    found = pages(write(SHEET, "pdf", "problems"))
    whole = "\n".join(found)
    assert all(item.ticket in whole for item in SHEET.items)
    for number, page in enumerate(found, 1):
        assert f"{number} / {len(found)}" in page and "seed 5" in page
    assert "Key" not in whole


def test_the_key_of_a_pdf_begins_a_page_of_its_own() -> None:
    found = pages(write(SHEET, "pdf", "both"))
    begins = [at for at, page in enumerate(found) if page.startswith("Key")]
    assert len(begins) == 1 and "Answer:" not in "".join(found[begins[0] :])
    alone = pages(write(SHEET, "pdf", "key"))
    assert "Answer:" not in "".join(alone) and any("Key" in page for page in alone)


def test_worked_solutions_stand_in_the_key_that_asks_for_them() -> None:
    plain, worked = (
        "".join(pages(write(SHEET, "pdf", "key", worked=one))) for one in (False, True)
    )
    assert len(worked) > 2 * len(plain)


def test_a_pdf_is_made_for_the_paper_asked_for() -> None:
    sizes = {}
    for paper in ("a4", "letter"):
        sheet = make_sheet((item.problem for item in SHEET.items[:2]), seed=5, paper=paper)
        box = pypdf.PdfReader(io.BytesIO(write(sheet, "pdf"))).pages[0].mediabox
        sizes[paper] = (round(box.width), round(box.height))
    assert sizes == {"a4": (595, 842), "letter": (612, 792)}


def test_without_typst_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(
        name: str,
        globals: Mapping[str, object] | None = None,  # noqa: A002 - the signature of import
        locals: Mapping[str, object] | None = None,  # noqa: A002
        fromlist: Sequence[str] | None = (),
        level: int = 0,
    ) -> Any:
        if name == "typst":
            raise ImportError(name)
        return real(name, globals, locals, fromlist or (), level)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(SheetError, match=r"studykit\[pdf\]"):
        write(SHEET, "pdf")


def test_a_web_page_holds_every_problem_and_its_key_apart() -> None:
    problems = write(SHEET, "html", "problems").decode()
    assert problems.count('<section class="problem">') == 8 == problems.count('class="space ')
    assert all(item.ticket in problems for item in SHEET.items) and "<h1>Key</h1>" not in problems
    both = write(SHEET, "html", "both").decode()
    assert '<section class="key">\n<h1>Key</h1>' in both
    key = write(SHEET, "html", "key").decode()
    assert "<h1>Key</h1>" in key and 'class="space ' not in key
    assert not re.search(r"https?:|<script|src=|href=", both)
