"""import, export and merge as a learner types them."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from tests.cli.run import own_deck, studykit
from tests.terminal import Terminal

CARDS = "front,back,tags\nWhat is one?,1,a b\nWhat is two?,2,\n,3,\n"
DECK = """\
title: Own
cards:
  - id: own-1
    front: What is one?
    back: '1'
  - id: own-2
    kind: cloze
    cloze: It is {{one}}.
"""


def home() -> Path:
    return Path(os.environ["STUDYKIT_HOME"])


def test_an_import_shows_first_and_writes_only_when_agreed(tmp_path: Path) -> None:
    file = tmp_path / "numbers.csv"
    file.write_text(CARDS)
    dry = studykit("import", str(file), "--dry-run")
    assert dry.code == 0
    assert "2 cards to write" in dry.out
    assert "line 4 “3”: its front is empty" in dry.out
    refused = studykit("import", str(file), typed="n\n")
    assert refused.code == 1
    assert not list((home() / "decks").iterdir())
    done = studykit("import", str(file), typed="y\n")
    assert done.code == 0, done.err
    assert (home() / "decks" / "numbers.yaml").exists()
    assert studykit("check", str(home() / "decks")).code == 0
    again = studykit("import", str(file), "--yes")
    assert "0 cards to write" in again.out
    assert "2 cards in your decks already" in again.out
    listed = json.loads(studykit("decks", "--json").out)
    assert [deck["total"] for deck in listed if deck["id"] == "numbers"] == [2]


def imported(file: Path, columns: int) -> str:
    """What a terminal of so many columns shows of an import that nobody agrees to."""
    env = {
        name: os.environ[name] for name in ("PATH", "LANG", "STUDYKIT_HOME") if name in os.environ
    }
    command = [sys.executable, "-m", "studykit", "import", str(file), "--dry-run"]
    with Terminal(command, env=env, columns=columns, rows=40) as terminal:
        shown = terminal.wait_for("Nothing was written.")
        assert terminal.wait() == 0
    return shown


def test_the_report_of_an_import_fits_a_narrow_terminal(tmp_path: Path) -> None:
    file = tmp_path / "attention and softmax.csv"
    file.write_text("front,back\nWhy is there a softmax at all in attention?,Weights.\n")
    assert "deck file" in imported(file, 100)
    shown = imported(file, 40)
    assert "deck file" not in shown
    assert "attention-and-softmax.yaml: 1 card, 0" in shown and "Why is there a" in shown


def test_a_large_import_says_what_it_is_doing(tmp_path: Path) -> None:
    file = tmp_path / "large.csv"
    rows = (f"Question {number} {'x' * 400},Answer {number}\n" for number in range(2600))
    file.write_text("front,back\n" + "".join(rows))
    assert "Reading large.csv …" in imported(file, 80)
    assert "Reading" not in studykit("import", str(file), "--dry-run").err


def test_an_import_as_json_writes_only_with_yes(tmp_path: Path) -> None:
    file = tmp_path / "numbers.csv"
    file.write_text(CARDS)
    target = tmp_path / "out.yaml"
    looked = json.loads(studykit("import", str(file), "--json", "-o", str(target)).out)
    assert not looked["written"]
    assert not target.exists()
    done = json.loads(studykit("import", str(file), "--json", "--yes", "-o", str(target)).out)
    assert done["written"]
    assert len(done["decks"][0]["cards"]) == 2
    assert done["refused"][0]["why"] == "its front is empty"
    assert target.exists()


def test_a_file_that_cannot_be_read_is_said_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "bad.apkg").write_bytes(b"no zip")
    for name, says in (("bad.apkg", "damaged"), ("x.docx", "no known sort"), ("no.csv", "no file")):
        ran = studykit("import", str(tmp_path / name))
        assert ran.code == 2
        assert says in ran.err
        assert "Traceback" not in ran.err


def test_decks_go_out_in_every_format(tmp_path: Path) -> None:
    own_deck(DECK)
    for name, begins in (("own.csv", b"front,back"), ("own.md", b"# Own"), ("own.apkg", b"PK")):
        ran = studykit("export", "own", "-o", str(tmp_path / name))
        assert ran.code == 0, ran.err
        assert (tmp_path / name).read_bytes().startswith(begins)
    assert "C: It is [one]." in studykit("export", "own", "--format", "md").out
    assert studykit("export", "own").code == 2
    assert studykit("export", "own", "--format", "anki").code == 2
    ran = studykit("export", "onw", "--format", "csv")
    assert ran.code == 1
    assert "Did you mean own?" in ran.err
    path = tmp_path / "elsewhere.yaml"
    path.write_text(DECK.replace("own", "far"))
    assert "far-1" in studykit("export", str(path), "--format", "csv").out


def test_progress_and_statistics_go_out(tmp_path: Path) -> None:
    assert studykit("export", "--progress", "csv").out.startswith("id,at,day,")
    assert studykit("export", "--progress", "jsonl", "-o", str(tmp_path / "p.jsonl")).code == 0
    assert (tmp_path / "p.jsonl").read_text() == ""
    shown = json.loads(studykit("export", "--statistics").out)
    assert shown == json.loads(studykit("stats", "--json").out)
    assert studykit("export", "own", "--progress", "csv").code == 2
    assert studykit("export", "--progress", "csv", "--statistics").code == 2


def test_two_homes_merge_through_a_folder(tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    first = studykit("--home", str(tmp_path / "a"), "merge", str(shared))
    assert first.code == 0, first.err
    second = studykit("--home", str(tmp_path / "b"), "merge", str(shared), "--json")
    assert second.code == 0, second.err
    shown = json.loads(second.out)
    assert (shown["added"], shown["written"]) == (0, 0)
    assert len(list((shared / "log").iterdir())) == 2
    lost = studykit("merge", str(tmp_path / "nowhere"))
    assert lost.code == 1
    assert "no folder" in lost.err
