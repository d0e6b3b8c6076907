"""Tables of any dialect give their cards; what is empty or double is named with its line."""

from __future__ import annotations

import csv
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.exchange.dialect import DELIMITERS
from studykit.exchange.errors import ExchangeError
from studykit.exchange.plan import plan
from studykit.exchange.table import guarded, read_table, unguarded
from tests.progress.desk import LAW


def written(path: Path, data: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(data.encode(encoding))
    return path


@pytest.mark.parametrize("delimiter", DELIMITERS)
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_every_dialect_is_found_out(
    tmp_path: Path, delimiter: str, ends: str, encoding: str
) -> None:
    rows = [("Question", "Answer", "Tags"), ("a, b; c?", "d\te", "x y"), ("ü", "„ß“", "")]
    held = StringIO(newline="")
    csv.writer(held, delimiter=delimiter, lineterminator=ends).writerows(rows)
    found = read_table(written(tmp_path / "t.csv", held.getvalue(), encoding))
    fronts = [(draft.front, draft.tags) for draft in found.drafts]
    assert fronts == [("a, b; c?", ("x", "y")), ("ü", ())]
    assert found.drafts[1].back == "„ß“"
    assert DELIMITERS[delimiter] in found.kind


def test_columns_are_known_by_name_in_any_order(tmp_path: Path) -> None:
    text = "id,deck,explain,back,front,mood\nq1,Maths,why,b,f,good\n,,,b2,f2,\n"
    found = read_table(written(tmp_path / "t.csv", text))
    first, second = found.drafts
    assert (first.id, first.deck, first.explain, first.front, first.back) == (
        *("q1", "Maths", "why", "f", "b"),
    )
    assert (second.deck, second.where) == ("t", "line 3")
    assert found.left == {"cells of the column “mood”": 1}


def test_without_a_head_the_columns_are_front_back_and_tags(tmp_path: Path) -> None:
    found = read_table(written(tmp_path / "t.tsv", "one\ttwo\ta b\tmore\nthree\tfour\n"))
    assert [(d.front, d.back, d.tags) for d in found.drafts] == [
        ("one", "two", ("a", "b")),
        ("three", "four", ()),
    ]
    assert found.left == {"cells of column 4": 1}


def test_a_line_that_only_names_the_delimiter_is_no_card(tmp_path: Path) -> None:
    found = read_table(written(tmp_path / "t.csv", "sep=;\nfront;back\na;b\n"))
    assert [(d.front, d.back) for d in found.drafts] == [("a", "b")]


def test_what_is_no_card_is_named_with_its_line(tmp_path: Path) -> None:
    text = 'front,back\na,"two\nlines"\n,b\nc,\na,"two\nlines"\n\n'
    made = plan(tmp_path / "t.csv", read_table(written(tmp_path / "t.csv", text)), folder=tmp_path)
    assert made.cards == 1
    assert [(one.where, one.why) for one in made.refused] == [
        ("line 4", "its front is empty"),
        ("line 5", "its back is empty"),
        ("line 6", "it says the same as line 2"),
    ]


@pytest.mark.parametrize(
    ("data", "says"),
    [(b"", "no rows"), (b"\xff\xfea", "not UTF-8"), (b"a,b\n\xe9,c\n", "not UTF-8")],
)
def test_what_is_no_table_is_refused(tmp_path: Path, data: bytes, says: str) -> None:
    (tmp_path / "t.csv").write_bytes(data)
    with pytest.raises(ExchangeError, match=says):
        read_table(tmp_path / "t.csv")


@LAW
@given(st.text(max_size=30))
def test_guarding_a_cell_for_a_spreadsheet_loses_nothing(cell: str) -> None:
    kept = guarded(cell)
    assert unguarded(kept) == cell
    assert kept[:1] not in ("=", "+", "@") or kept == cell


@pytest.mark.parametrize("number", ["-1", "+2.5", "-3e8"])
def test_numbers_are_never_altered(number: str) -> None:
    assert guarded(number) == number


@LAW
@given(st.binary(max_size=200))
def test_no_bytes_make_it_raise_anything_else(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    path = tmp_path_factory.mktemp("t") / "t.csv"
    path.write_bytes(data)
    try:
        read_table(path)
    except ExchangeError as error:
        assert str(error)


@pytest.mark.parametrize(
    "text",
    [
        '#separator:"\n#html:true\na\tb\n',
        "#separator:tab\n#tags column:99999999999999999999\na\tb\n",
        "#separator:tab\n#guid column:0\na\tb\n",
        "#html:true\n" * 40 + "a,b\n",
    ],
)
def test_a_head_that_makes_no_sense_is_passed_over(tmp_path: Path, text: str) -> None:
    found = read_table(written(tmp_path / "t.txt", text))
    assert ("a", "b") in {(draft.front, draft.back) for draft in found.drafts}


@pytest.mark.timeout(30)
def test_a_table_of_a_million_columns_ends(tmp_path: Path) -> None:
    found = read_table(written(tmp_path / "t.csv", "a,b\n" * 100_000 + "," * 1_000_000 + "x\n"))
    assert found.left["cells beyond the last column"] == 1
    assert len(found.drafts) == 100_000
