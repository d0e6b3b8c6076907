"""Whatever a title, a question or a solution says, in no format does it become a command."""

from __future__ import annotations

import io
import json
import re
import sqlite3
import zipfile
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import nbformat
import pypdf
import pytest

from studykit.sheets.formats import FORMATS, write
from studykit.sheets.responses import read
from studykit.sheets.sheet import Sheet
from tests.sheets.filling import sheet_of

HOSTILE = (
    '<script>alert(1)</script> #panic() ]]> </text> {1:NUMERICAL:=5} "; #panic(); " '
    "`#panic()` $\\text{<img src=x onerror=alert(1)> #panic()}$ $#panic()$ \x1b]52;c;x\x07 "
    "[sound:x.mp3] [go](javascript:alert(1)) ${x}$ [$$]1[/$$]\n\n```answer 1\n5\n```\n\n"
    '"""\nimport os\n"""\n\n$$\\text{</style><script>}$$'
)


def sheet() -> Sheet:
    made = sheet_of(count=3)
    items = tuple(
        replace(
            item,
            title=HOSTILE,
            question=HOSTILE,
            worked=HOSTILE,
            steps=tuple(replace(step, title=HOSTILE) for step in item.steps),
        )
        for item in made.items
    )
    return replace(made, title=HOSTILE, items=items)


def made(form: str) -> bytes:
    return write(sheet(), form, worked=True)


@pytest.mark.parametrize("form", FORMATS)
def test_it_is_written_all_the_same_and_has_no_escape_sequence(form: str) -> None:
    data = made(form)
    assert data == made(form)
    if form in ("html", "md", "moodle"):
        assert b"\x1b" not in data and b"\x07" not in data


def test_a_web_page_has_no_element_and_no_attribute_of_it() -> None:
    text = made("html").decode()
    assert not re.search(r"<(script|img|b>)", text)
    body = text.partition("<body>")[2].partition("</body>")[0]
    tree = ElementTree.fromstring(f"<div>{body}</div>")  # noqa: S314 - our own writing
    assert not {"onerror", "src", "href", "style"} & {a for one in tree.iter() for a in one.attrib}
    assert text.count("</style>") == 1


def test_a_pdf_shows_it() -> None:
    reader = pypdf.PdfReader(io.BytesIO(made("pdf")))
    shown = "".join("".join(page.extract_text() for page in reader.pages).split())
    assert "<script>alert(1)</script>#panic()" in shown


def test_markdown_has_no_tag_no_link_and_no_answer_of_it() -> None:
    text = made("md").decode()
    outside = re.sub(r"(`+)(?!`).*?(?<!`)\1(?!`)", "", text, flags=re.DOTALL)
    assert not re.search(r"(?<!\\)<[a-z/]|\]\(", outside)
    (filled,) = read(text.encode(), "a.md")
    assert not any(one.given for one in filled.responses.values())


def test_a_notebook_is_valid_and_its_code_is_ours() -> None:
    book = json.loads(made("ipynb"))
    nbformat.validate(book)
    code = "".join("".join(c["source"]) for c in book["cells"] if c["cell_type"] == "code")
    assert "alert" not in code and "import os" not in code


def test_moodle_gets_no_field_and_no_markup_of_it() -> None:
    quiz = ElementTree.fromstring(made("moodle"))  # noqa: S314 - our own writing
    for question in quiz[1:]:
        text = question.findtext("questiontext/text") or ""
        assert "{1:NUMERICAL:=5}" not in text and "<script" not in text and "<img" not in text


def test_anki_gets_no_sound_and_no_script(tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(made("anki"))) as archive:
        place = Path(archive.extract("collection.anki2", tmp_path))
    connection = sqlite3.connect(place)
    fields = "".join(row[0] for row in connection.execute("select flds from notes"))
    connection.close()
    assert "<script" not in fields and "[sound:" not in fields and "<img" not in fields
