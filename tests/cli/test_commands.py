"""Every command as people and scripts call it: data on stdout, messages on stderr, exit codes."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from studykit import __version__
from studykit.cli.group import COMMANDS
from tests.cli.run import own_deck, studykit


def test_the_version_is_printed_with_either_flag() -> None:
    assert studykit("--version").out == f"studykit {__version__}\n"
    assert studykit("-V").out == f"studykit {__version__}\n"


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_every_command_has_help(command: str) -> None:
    ran = studykit(*([command] if command else []), "--help")
    assert ran.code == 0 and "Usage: studykit" in ran.out


def test_an_unknown_command_is_a_usage_error() -> None:
    ran = studykit("studdy")
    assert ran.code == 2 and ran.out == "" and "studdy" in ran.err


def test_decks_are_listed_as_json_on_an_empty_home() -> None:
    ran = studykit("decks", "--json")
    decks = json.loads(ran.out)
    assert ran.code == 0
    by_id = {deck["id"]: deck for deck in decks}
    assert {"qkv-roles", "scaling"} <= set(by_id)
    for deck in decks:
        assert list(deck) == ["id", "title", "total", "new", "learning", "due", "suspended", "off"]
        assert deck["new"] == deck["total"] > 0


def test_decks_are_listed_for_people() -> None:
    ran = studykit("decks")
    assert ran.code == 0 and "qkv-roles" in ran.out and "total" in ran.out


def test_a_deck_that_is_off_says_so_in_the_list() -> None:
    rows = {row.split()[0]: row for row in studykit("decks").out.splitlines()}
    assert rows["interview"].endswith("  off")
    assert not rows["softmax"].endswith("off")
    by_id = {deck["id"]: deck["off"] for deck in json.loads(studykit("decks", "--json").out)}
    assert by_id["interview"] is True and by_id["softmax"] is False


def test_shipped_decks_have_nothing_to_mend() -> None:
    ran = studykit("check", "--json")
    assert json.loads(ran.out) == {"ok": True, "problems": []}
    assert ran.code == 0


def test_a_faulty_deck_fails_the_check_with_file_line_and_column() -> None:
    path = own_deck("title: T\ncards:\n  - kind: basic\n    frnt: a\n    back: b\n")
    ran = studykit("check", str(path))
    assert ran.code == 1
    assert f"{path}:4:5:" in ran.out and "^" in ran.out and "front" in ran.out
    found = json.loads(studykit("check", str(path), "--json").out)
    assert found["ok"] is False
    first = found["problems"][0]
    assert {"file", "line", "column", "code", "message"} <= set(first)


def test_the_committed_schema_is_the_one_the_command_writes() -> None:
    committed = Path(__file__).parents[2] / "decks" / "deck.schema.json"
    assert json.loads(studykit("check", "--schema").out) == json.loads(committed.read_text())


def test_every_fact_of_the_notes_has_a_card() -> None:
    ran = studykit("check", "--coverage")
    assert ran.code == 0 and "0 uncovered" in ran.out


def test_families_are_listed_with_steps_and_mistakes() -> None:
    found = json.loads(studykit("families", "--json").out)
    by_name = {family["name"]: family for family in found}
    assert {"attention-scores", "softmax-row", "attention-output"} <= set(by_name)
    for family in found:
        assert {"name", "version", "title", "topic", "levels", "steps", "mistakes"} <= set(family)
        assert all({"name", "step", "says"} <= set(one) for one in family["mistakes"])
        assert family["steps"] and family["mistakes"]


def test_a_ticket_prints_the_same_problem_every_time() -> None:
    one = studykit("problem", "attention-output@1/2#7", PYTHONHASHSEED="1")
    two = studykit("problem", "attention-output@1/2#7", PYTHONHASHSEED="2")
    assert one.code == 0 and one.out == two.out and "attention-output@1/2#7" in one.out


def test_a_problem_as_json_has_the_promised_shape() -> None:
    shown = json.loads(studykit("problem", "softmax-row", "--seed", "3", "--json").out)
    assert {"ticket", "question", "givens", "asks", "steps", "answer"} <= set(shown)
    assert {"kind", "shape", "precision"} <= set(shown["asks"])
    assert all({"name", "title", "value"} <= set(step) for step in shown["steps"])


def test_the_printed_answer_is_marked_right_and_another_wrong() -> None:
    shown = json.loads(studykit("problem", "attention-output@1/2#7", "--json").out)
    answer = json.dumps(shown["answer"])
    right = studykit("problem", "attention-output@1/2#7", "--answer", answer, "--json")
    assert right.code == 0
    assert json.loads(right.out)["verdict"]["result"] == "right"
    wrong = studykit("problem", "attention-output@1/2#7", "--answer", "1 2; 3 4")
    assert wrong.code == 1 and "Wrong" in wrong.out
    unread = studykit("problem", "attention-output@1/2#7", "--answer", "1 2; 3 x", "--json")
    assert unread.code == 2
    verdict = json.loads(unread.out)["verdict"]
    assert verdict["result"] == "unreadable"
    assert verdict["position"] == 7 and verdict["cause"]


def test_an_answer_can_come_from_stdin() -> None:
    ran = studykit("problem", "attention-output@1/2#7", "--answer", "-", typed="1 2\n3 4\n")
    assert ran.code == 1


def test_a_wrong_ticket_says_what_a_ticket_looks_like() -> None:
    ran = studykit("problem", "attention-output@1")
    assert ran.code == 2 and "attention-output@1/2#7" in ran.err
    near = studykit("problem", "attention-ouput")
    assert near.code == 2 and "attention-output" in near.err


def test_a_worked_solution_ends_with_the_answer() -> None:
    ran = studykit("problem", "attention-scores", "--seed", "1", "--worked")
    assert "Answer:" in ran.out.rsplit("\n\n", 1)[-1]


def test_settings_are_shown_set_and_refused() -> None:
    assert studykit("config", "path").out.strip().endswith("config.toml")
    assert studykit("config", "set", "new_per_day", "5").code == 0
    assert json.loads(studykit("config", "show", "--json").out)["new_per_day"] == 5
    for value, said in (("-1", "between 0 and 9999, not -1"), ("ten", "from 0 to 9999, not 'ten'")):
        ran = studykit("config", "set", "new_per_day", value)
        assert (ran.code, said in ran.err) == (1, True), ran
    ran = studykit("config", "set", "retention", "3")
    assert ran.code == 1 and "between" in ran.err


def test_a_setting_shows_where_it_comes_from_and_is_taken_back() -> None:
    studykit("config", "set", "new_per_day", "5")
    ran = studykit("config", "show", STUDYKIT_RETENTION="0.8")
    rows = {row.split()[0]: row for row in ran.out.splitlines()}
    assert "config.toml" in rows["new_per_day"]
    assert "STUDYKIT_RETENTION" in rows["retention"]
    assert "default" in rows["rollover"]
    ran = studykit("config", "set", "retention", "0.9", STUDYKIT_RETENTION="0.8")
    assert ran.code == 0 and "in force as long as it is set" in ran.err
    sources = json.loads(studykit("config", "show", "--json").out)["sources"]
    assert sources["retention"]["level"] == "file"
    ran = studykit("config", "unset", "new_per_day")
    assert ran.code == 0 and "it is 10" in ran.err
    assert studykit("config", "unset", "nothing").code == 1


def test_a_search_finds_cards_and_families_and_says_what_it_cannot_read() -> None:
    own_deck(
        "title: Own\nid: own\nsources: {n: N}\ncards:\n"
        "  - {id: own-1, kind: basic, front: 'Zebra $d_k$?', back: b, sources: [n]}\n"
    )
    found = json.loads(studykit("search", "zebra", "is:new", "--json").out)
    assert [card["id"] for card in found["cards"]] == ["own-1"]
    assert found["cards"][0]["due_in"] is None
    assert "Zebra dₖ?" in studykit("search", "deck:own").out
    assert "attention-output" in studykit("search", "mistake:no-scale").out
    ran = studykit("search", "zebra", "is:nwe")
    assert ran.code == 2 and "did you mean new?" in ran.err
    assert ran.err.splitlines()[1].index("^") == 2 + len("zebra is:")
    ran = studykit("search", "qqqqq")
    assert ran.code == 1 and "Nothing holds" in ran.err
    assert "deck:scaling" in studykit("search", "--fields").out


def test_keys_are_listed_by_command_and_what_cannot_be_used_is_said() -> None:
    rows = json.loads(studykit("keys", "--json").out)
    assert {"reveal", "undo", "browse"} <= {row["id"] for row in rows}
    config = Path(os.environ["STUDYKIT_HOME"]) / "config.toml"
    config.parent.mkdir(parents=True, exist_ok=True)
    config.write_text('[keys]\nreveal = "x"\nrevael = "y"\n')
    ran = studykit("keys")
    assert ran.code == 1
    assert "There is no command revael" in ran.err
    assert any(row.startswith("reveal ") and "x (was" in row for row in ran.out.splitlines())
