"""Where decks are found, and what may be imported to find them."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import studykit.decks
from studykit.decks.faults import CODES, codes_as_markdown
from studykit.decks.jsonschema import SCHEMA_FILE, deck_schema, schema_text
from studykit.decks.places import deck_files, shipped_decks
from studykit.decks.version import SCHEMA_VERSION
from tests.decks.conftest import Write

PACKAGE = Path(studykit.decks.__file__).parent.parent


def test_a_checkout_finds_its_decks_beside_the_package() -> None:
    assert shipped_decks() == PACKAGE.parent / "decks"
    assert any(path.name == "scaling.yaml" for path in deck_files([shipped_decks()]))


def test_an_installed_package_finds_its_decks_inside(tmp_path: Path) -> None:
    installed = tmp_path / "site" / "studykit"
    shutil.copytree(PACKAGE, installed, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(shipped_decks(), installed / "shipped")
    said = run("from studykit.decks import shipped_decks; print(shipped_decks())", installed.parent)
    assert said.strip() == str(installed / "shipped")


def test_importing_the_room_and_opening_a_cached_library_loads_nothing_heavy(
    write: Write, tmp_path: Path
) -> None:
    write("title: T\ncards:\n- {id: a, front: b, back: c}\n", "decks/t.yaml")
    code = f"""
import json, os, sys
heavy = lambda: sorted({{"yaml", "msgspec", "textual", "numpy", "difflib"}} & set(sys.modules))
import studykit.decks
from studykit.decks import DeckError, Fault, Library, shipped_decks
seen = [heavy()]
from pathlib import Path
places, cache = [Path({str(tmp_path / "decks")!r})], Path({str(tmp_path / "cache.db")!r})
os.utime(places[0] / "t.yaml", (1e9, 1e9))
Library(places, cache).close()
print(json.dumps(seen))
"""
    assert json.loads(run(code)) == [[]]
    again = code.replace(
        "Library(places, cache).close()", "Library(places, cache); seen.append(heavy())"
    )
    assert json.loads(run(again)) == [[], []]


def run(code: str, path: Path = PACKAGE.parent) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=path,
        env={"PYTHONPATH": str(path), "PYTHONDONTWRITEBYTECODE": "1"},
    )
    return done.stdout


def test_every_public_name_is_there() -> None:
    for name in studykit.decks.__all__:
        assert getattr(studykit.decks, name) is not None
    assert set(studykit.decks.__all__) <= set(dir(studykit.decks))


def test_the_committed_schema_for_editors_is_the_one_in_force() -> None:
    written = (PACKAGE.parent / "decks" / SCHEMA_FILE).read_text(encoding="utf-8")
    assert written == schema_text()


def test_a_change_of_the_schema_raises_its_version() -> None:
    assert (SCHEMA_VERSION, fingerprint()) == (4, "3d8058cf5170")


def fingerprint() -> str:
    shape = json.dumps(without_words(deck_schema()), sort_keys=True)
    return hashlib.sha256(shape.encode()).hexdigest()[:12]


def without_words(node: Any) -> Any:
    if isinstance(node, list):
        return [without_words(item) for item in node]
    if isinstance(node, dict):
        return {key: without_words(item) for key, item in node.items() if key != "description"}
    return node


def test_the_schema_lets_a_basic_card_leave_out_its_kind() -> None:
    schema = deck_schema()
    assert schema["$defs"]["Basic"]["required"] == ["front", "back"]
    assert schema["$defs"]["Cloze"]["required"] == ["kind", "cloze"]
    assert schema["$defs"]["Cloze"]["properties"]["kind"] == {"const": "cloze"}


def test_the_schema_tells_editors_what_each_field_is_for() -> None:
    for kind in ("Basic", "Open"):
        told = deck_schema()["$defs"][kind]["properties"]["id"]["description"]
        assert told == "Stable name, unique in the collection; progress hangs on it."


def test_the_schema_takes_any_scalar_as_text_as_the_reader_does() -> None:
    fields = deck_schema()["$defs"]["Choice"]["properties"]
    assert fields["answer"]["type"] == ["string", "number", "boolean"]
    assert fields["difficulty"]["type"] == "integer"


def test_every_code_stands_in_the_table_for_the_documentation() -> None:
    rows = codes_as_markdown().splitlines()
    assert len(rows) == len(CODES) + 2
    assert rows[2] == "| `unreadable` | yes | The file cannot be opened or is too large. |"
