"""Anki takes a sheet, takes it again without a change, and shares problems between two sheets."""

from __future__ import annotations

from pathlib import Path

from studykit.sheets.formats import write
from studykit.sheets.sheet import make_sheet
from tests.anki import is_sound, open_anki, take
from tests.sheets.filling import sheet_of

SHEET = sheet_of(count=12)


def test_anki_takes_a_sheet_once_however_often_it_comes(tmp_path: Path) -> None:
    first, second = tmp_path / "one.apkg", tmp_path / "two.apkg"
    first.write_bytes(write(SHEET, "anki"))
    shared = [item.problem for item in SHEET.items[:5]]
    second.write_bytes(write(make_sheet(shared, seed=9, title="Another"), "anki"))
    with open_anki(tmp_path / "anki") as anki:
        assert take(anki, first).new == 12
        assert take(anki, first).same == 12
        assert take(anki, second).new == 0
        assert anki.note_count() == 12 and is_sound(anki)
        for item in SHEET.items:
            (note,) = anki.find_notes(f'"studykit:{item.ticket}"')
            front, back, more, _ = anki.get_note(note).fields
            assert r"\(" in front + back + more and "$" not in back
            assert "Answer:" in more
