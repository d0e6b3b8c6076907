"""Decks and cards by id: discovery, precedence, broken decks, edits, identity, and the cache."""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from studykit.decks.cache import APPLICATION_ID, Cache
from studykit.decks.identity import Found, Known, ids_of, match
from studykit.decks.library import Library
from studykit.decks.schema import Basic, front_of
from tests.decks.conftest import Write

GOOD = "title: Good\norder: 2\ncards:\n- {id: g-1, front: a, back: b}\n- {front: c, back: d}\n"
FIRST = "title: First\norder: 1\nsources: {n: Note}\ncards:\n- id: f-1\n  front: e\n  back: f\n"
BROKEN = "title: Broken\ncards:\n- {front: fine, back: b}\n- {front: a, bcak: b}\n"


def old(path: Path) -> Path:
    """Give a file a time stamp that is trusted."""
    os.utime(path, (1_000_000_000, 1_000_000_000))
    return path


@pytest.fixture
def folder(write: Write, tmp_path: Path) -> Path:
    for name, text in (("good", GOOD), ("first", FIRST), ("broken", BROKEN)):
        old(write(text, f"decks/{name}.yaml"))
    return tmp_path / "decks"


@pytest.fixture
def parses(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The files that were parsed, by name."""
    from studykit.decks import loader

    seen: list[str] = []
    real = loader.read_deck

    def counted(path: Path) -> loader.Reading:
        seen.append(path.name)
        return real(path)

    monkeypatch.setattr(loader, "read_deck", counted)
    yield seen


def fronts(library: Library, deck: str) -> list[str]:
    return [front_of(card) for _, card in library.cards(deck)]


def test_decks_come_in_the_order_of_study(folder: Path) -> None:
    library = Library([folder])
    assert [(d.id, d.title, d.cards, d.broken) for d in library.decks()] == [
        ("first", "First", 1, False),
        ("good", "Good", 2, False),
        ("broken", "Broken", 1, True),
    ]


def test_a_card_is_served_with_its_place_and_deck(folder: Path) -> None:
    library = Library([folder])
    assert library.card("f-1") == Basic(id="f-1", front="e", back="f")
    assert library.line("f-1") == (folder / "first.yaml", 5)
    assert library.deck_of("g-1") == "good"
    assert library.header("first").sources == {"n": "Note"}
    for name in ("none", ""):
        with pytest.raises(KeyError):
            library.card(name)
        with pytest.raises(KeyError):
            library.line(name)
    with pytest.raises(KeyError):
        library.header("none")


def test_a_card_without_an_id_is_served_under_a_derived_one(folder: Path) -> None:
    library = Library([folder])
    first, second = library.ids("good")
    assert first == "g-1"
    assert second.startswith("good.c.")
    assert library.card(second) == Basic(front="c", back="d")
    assert [name for name, _ in library.cards("good")] == [first, second]


def test_a_broken_deck_serves_its_good_cards_and_names_its_faults(folder: Path) -> None:
    library = Library([folder])
    assert fronts(library, "broken") == ["fine"]
    (path,) = library.faults
    assert path == folder / "broken.yaml"
    assert [fault.code for fault in library.faults[path]] == ["unknown-field"]


def test_a_file_that_is_no_deck_at_all_stops_nothing(folder: Path, write: Write) -> None:
    write(b"\x00\xff\xfe", "decks/noise.yaml")
    write("", "decks/empty.yml")
    library = Library([folder])
    assert {d.id: d.cards for d in library.decks() if d.broken} == {
        "broken": 1,
        "empty": 0,
        "noise": 0,
    }
    assert library.deck_of("g-1")


def test_files_folders_and_hidden_ones(folder: Path, write: Write, tmp_path: Path) -> None:
    write(GOOD, "decks/.git/x.yaml")
    write(GOOD, "decks/.hidden.yaml")
    write("{}", "decks/deck.schema.json")
    write(FIRST.replace("f-1", "n-1"), "decks/sub/nested.yml")
    single = write(FIRST.replace("f-1", "s-1"), "single.yaml")
    library = Library([single, folder, folder / "good.yaml", tmp_path / "nowhere"])
    assert sorted(d.id for d in library.decks()) == ["broken", "first", "good", "nested", "single"]


def test_a_named_file_that_is_missing_is_told(folder: Path, tmp_path: Path) -> None:
    missing = tmp_path / "missing.yaml"
    library = Library([missing, folder])
    assert [fault.code for fault in library.faults[missing]] == ["unreadable"]
    assert library.deck_of("f-1")


def test_the_learners_copy_takes_the_place_of_a_shipped_deck(folder: Path, write: Write) -> None:
    own = write(GOOD.replace("front: a", "front: mine"), "own/good.yaml")
    library = Library([own.parent, folder])
    assert fronts(library, "good") == ["mine", "c"]
    assert library.line("g-1")[0] == own
    assert folder / "good.yaml" not in library.faults


def test_two_files_of_one_deck_id_in_one_folder_are_told(folder: Path, write: Write) -> None:
    other = write(GOOD.replace("title: Good", "title: Also\nid: good"), "decks/zoo.yaml")
    library = Library([folder])
    assert library.deck("good").path == folder / "good.yaml"
    assert [fault.code for fault in library.faults[other]] == ["duplicate-deck"]


def test_of_two_cards_with_one_id_the_first_is_served(folder: Path, write: Write) -> None:
    path = write(
        "title: Z\ncards:\n- {front: x, back: y}\n- {id: g-1, front: twin, back: b}\n", "z.yaml"
    )
    library = Library([folder, path])
    assert library.card("g-1") == Basic(id="g-1", front="a", back="b")
    assert fronts(library, "z") == ["x"]
    assert len(library.ids("z")) == library.deck("z").cards == 1
    (fault,) = library.faults[path]
    assert (fault.line, fault.code) == (4, "duplicate-id")
    assert str(folder / "good.yaml") in fault.message


def test_a_twin_is_served_when_the_first_is_gone(
    folder: Path, write: Write, tmp_path: Path
) -> None:
    path = old(write("title: Z\ncards:\n- {id: g-1, front: twin, back: b}\n", "z.yaml"))
    cache = tmp_path / "cache.db"
    assert front_of(Library([folder, path], cache).card("g-1")) == "a"
    assert front_of(Library([path], cache).card("g-1")) == "twin"
    assert front_of(Library([folder, path], cache).card("g-1")) == "a"


def test_an_edit_is_seen_by_refresh_and_only_that_file_is_read(
    folder: Path, tmp_path: Path, parses: list[str]
) -> None:
    library = Library([folder], tmp_path / "cache.db")
    parses.clear()
    path = folder / "good.yaml"
    path.write_text(GOOD.replace("back: b", "back: new"))
    old(path)
    library.refresh(str(path))
    assert parses == ["good.yaml"]
    assert library.card("g-1") == Basic(id="g-1", front="a", back="new")


def test_an_edit_that_breaks_a_card_keeps_the_others(folder: Path) -> None:
    library = Library([folder])
    path = folder / "good.yaml"
    path.write_text(GOOD.replace("front: c", "front: *c"))
    library.refresh(path)
    assert library.ids("good") == ["g-1"]
    assert library.deck("good").broken
    path.write_text(GOOD)
    library.refresh(path)
    assert len(library.ids("good")) == 2
    assert path not in library.faults


def test_a_deck_that_is_deleted_is_gone_after_refresh(folder: Path) -> None:
    library = Library([folder])
    (folder / "good.yaml").unlink()
    library.refresh(folder / "good.yaml")
    assert [d.id for d in library.decks()] == ["first", "broken"]
    with pytest.raises(KeyError):
        library.card("g-1")


def test_a_named_file_that_is_deleted_is_told(folder: Path, tmp_path: Path) -> None:
    path = folder / "good.yaml"
    library = Library([path], tmp_path / "cache.db")
    path.unlink()
    library.refresh(path)
    assert [fault.code for fault in library.faults[path]] == ["unreadable"]
    assert library.ids("good") == []
    assert Library([path], tmp_path / "cache.db").deck("good").broken


# The cache.


def test_nothing_is_parsed_twice(folder: Path, tmp_path: Path, parses: list[str]) -> None:
    cache = tmp_path / "cache.db"
    before = Library([folder], cache)
    assert len(parses) == 3
    after = Library([folder], cache)
    assert len(parses) == 3
    assert after.decks() == before.decks()
    assert after.faults == before.faults
    assert list(after.cards("good")) == list(before.cards("good"))


def test_a_touched_file_is_hashed_but_not_parsed(
    folder: Path, tmp_path: Path, parses: list[str]
) -> None:
    Library([folder], tmp_path / "cache.db").close()
    parses.clear()
    os.utime(folder / "good.yaml", (1_100_000_000, 1_100_000_000))
    Library([folder], tmp_path / "cache.db").close()
    assert parses == []


def test_a_change_under_the_same_stamp_is_seen_when_the_file_is_fresh(
    folder: Path, tmp_path: Path
) -> None:
    path = folder / "good.yaml"
    path.write_text(GOOD)
    stamp = path.stat().st_mtime_ns
    Library([folder], tmp_path / "cache.db").close()
    path.write_text(GOOD.replace("front: a", "front: z"))
    os.utime(path, ns=(stamp, stamp))
    assert front_of(Library([folder], tmp_path / "cache.db").card("g-1")) == "z"


def test_a_changed_file_is_parsed_at_the_next_opening(
    folder: Path, tmp_path: Path, parses: list[str]
) -> None:
    Library([folder], tmp_path / "cache.db").close()
    parses.clear()
    (folder / "good.yaml").write_text(GOOD.replace("front: a", "front: longer"))
    library = Library([folder], tmp_path / "cache.db")
    assert parses == ["good.yaml"]
    assert front_of(library.card("g-1")) == "longer"


@pytest.mark.parametrize(
    "content", [b"", b"no database at all " * 100, b"SQLite format 3\0" + b"x" * 5000]
)
def test_a_damaged_cache_is_made_anew_without_a_word(
    folder: Path, tmp_path: Path, content: bytes, parses: list[str]
) -> None:
    cache = tmp_path / "cache.db"
    cache.write_bytes(content)
    assert front_of(Library([folder], cache).card("g-1")) == "a"
    parses.clear()
    library = Library([folder], cache)
    assert parses == []
    assert library.cached


def test_a_cache_damaged_in_the_middle_is_made_anew(folder: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache.db"
    Library([folder], cache).close()
    data = bytearray(cache.read_bytes())
    for start in range(4096, len(data), 4096):
        data[start : start + 3000] = b"\xa5" * 3000
    cache.write_bytes(data)
    assert fronts(Library([folder], cache), "good") == ["a", "c"]


@pytest.mark.parametrize("column", ["body", "header"])
def test_rows_that_are_no_cards_are_made_anew(folder: Path, tmp_path: Path, column: str) -> None:
    cache = tmp_path / "cache.db"
    Library([folder], cache).close()
    table = {"body": "card", "header": "deck"}[column]
    with sqlite3.connect(cache) as connection:
        connection.execute(f"UPDATE {table} SET {column} = x'ff00'")  # noqa: S608
    connection.close()
    library = Library([folder], cache)
    assert library.header("good").title == "Good"
    assert fronts(library, "good") == ["a", "c"]
    assert front_of(library.card("g-1")) == "a"


@pytest.mark.parametrize("faults", ["[{}]", '[{"code": "gone"}]', "no JSON", "[1]"])
def test_stored_faults_that_are_none_are_made_anew(
    folder: Path, tmp_path: Path, faults: str
) -> None:
    cache = tmp_path / "cache.db"
    expected = Library([folder], cache).faults
    connection = sqlite3.connect(cache)
    connection.execute("UPDATE deck SET faults = ?", (faults,))
    connection.commit()
    connection.close()
    assert Library([folder], cache).faults == expected


def test_another_process_with_other_decks_does_not_change_what_this_one_serves(
    folder: Path, write: Write, tmp_path: Path
) -> None:
    cache = tmp_path / "cache.db"
    library = Library([folder], cache)
    path = write("title: Z\ncards:\n- {id: g-1, front: twin, back: b}\n", "z.yaml")
    other = Library([path, folder], cache)
    assert front_of(other.card("g-1")) == "twin"
    assert front_of(library.card("g-1")) == "a"
    assert library.ids("good")[0] == "g-1"


def test_a_missing_table_is_made_anew(folder: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache.db"
    Library([folder], cache).close()
    connection = sqlite3.connect(cache)
    connection.execute("DROP TABLE card")
    connection.commit()
    connection.close()
    library = Library([folder], cache)
    assert library.deck_of("g-1")
    assert library.cached


def test_a_cache_of_another_version_is_made_anew(
    folder: Path, tmp_path: Path, parses: list[str]
) -> None:
    cache = tmp_path / "cache.db"
    Library([folder], cache).close()
    connection = sqlite3.connect(cache)
    connection.execute("PRAGMA user_version = 7")
    connection.close()
    parses.clear()
    assert front_of(Library([folder], cache).card("g-1")) == "a"
    assert len(parses) == 3


def test_a_database_of_another_program_is_left_alone(folder: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache.db"
    connection = sqlite3.connect(cache)
    connection.execute("CREATE TABLE precious (thing)")
    connection.commit()
    connection.close()
    before = cache.read_bytes()
    library = Library([folder], cache)
    assert library.deck_of("g-1")
    assert not library.cached
    assert cache.read_bytes() == before


def test_a_cache_held_by_another_process_is_done_without(folder: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache.db"
    Library([folder], cache).close()
    (folder / "good.yaml").write_text(GOOD.replace("front: a", "front: z"))
    holder = sqlite3.connect(cache, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    library = Library([folder], cache)
    holder.execute("ROLLBACK")
    holder.close()
    assert front_of(library.card("g-1")) == "z"
    assert not library.cached
    assert Library([folder], cache).cached


def test_a_place_where_nothing_can_be_written_works_without_a_cache(
    folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("no folder")
    library = Library([folder], tmp_path / "file" / "cache.db")
    assert library.deck_of("g-1")
    assert not library.cached


def test_a_cache_that_may_only_be_read_serves_what_it_holds(folder: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache.db"
    Library([folder], cache).close()
    cache.chmod(stat.S_IREAD)
    library = Library([folder], cache)
    assert fronts(library, "good") == ["a", "c"]
    assert library.cached


def test_a_large_deck_is_served_in_order(write: Write, tmp_path: Path) -> None:
    cards = "".join(f"- {{id: c-{i}, front: f {i}, back: b}}\n" for i in range(1234))
    write(f"title: Large\ncards:\n{cards}", "decks/large.yaml")
    library = Library([tmp_path / "decks"], tmp_path / "cache.db")
    assert [name for name, _ in library.cards("large")] == [f"c-{i}" for i in range(1234)]
    assert library.ids("large") == [f"c-{i}" for i in range(1234)]


def test_the_cache_file_is_ours(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache.db", 1)
    cache.close()
    connection = sqlite3.connect(tmp_path / "cache.db")
    assert connection.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
    connection.close()


# Identity.


class Memory:
    """What progress remembers, as the study floor would keep it."""

    def __init__(self) -> None:
        self.known: dict[str, Known] = {}
        self.calls: list[str] = []
        self.asked: list[tuple[str, str]] = []

    def identify(self, deck_id: str, found: Sequence[Found]) -> Sequence[str]:
        self.calls.append(deck_id)
        matching = match(list(self.known.values()), found)
        ids = ids_of(deck_id, found, matching.assigned, self.known)
        self.asked += [(ids[question.at], question.old_id) for question in matching.questions]
        return ids

    def learn(self, library: Library, deck: str) -> None:
        for name, card in library.cards(deck):
            self.known[name] = Known(name, front_of(card), card.id is not None)


NAMELESS = "title: N\ncards:\n- {front: What does a query vector express, back: b}\n"


def test_identify_is_asked_for_parsed_decks_only(folder: Path, tmp_path: Path) -> None:
    memory = Memory()
    Library([folder], tmp_path / "cache.db", identify=memory.identify).close()
    assert sorted(memory.calls) == ["broken", "first", "good"]
    Library([folder], tmp_path / "cache.db", identify=memory.identify).close()
    assert len(memory.calls) == 3


def test_a_deck_parsed_without_identify_is_asked_about_later(folder: Path, tmp_path: Path) -> None:
    Library([folder], tmp_path / "cache.db").close()
    memory = Memory()
    memory.known = {"kept": Known("kept", "c")}
    library = Library([folder], tmp_path / "cache.db", identify=memory.identify)
    assert library.ids("good") == ["g-1", "kept"]
    assert Library([folder], tmp_path / "cache.db").ids("good") == ["g-1", "kept"]


def test_an_explicit_id_stays_whatever_identify_says(folder: Path) -> None:
    library = Library(
        [folder], identify=lambda deck, found: [f"{deck}-{i}" for i, _ in enumerate(found)]
    )
    assert library.ids("good") == ["g-1", "good-1"]


def test_an_edited_card_keeps_its_id_after_the_answer_yes(write: Write, tmp_path: Path) -> None:
    path = write(NAMELESS, "n.yaml")
    memory = Memory()
    library = Library([path], tmp_path / "cache.db", identify=memory.identify)
    memory.learn(library, "n")
    (name,) = library.ids("n")
    path.write_text(NAMELESS.replace("express", "really express"))
    library.refresh(path)
    (other,) = library.ids("n")
    assert other != name
    assert memory.asked == [(other, name)]
    memory.known[name] = Known(name, front_of(library.card(other)))
    library.reidentify("n")
    assert library.ids("n") == [name]
    assert front_of(library.card(name)) == "What does a query vector really express"
    assert len(memory.asked) == 1


def test_a_file_that_another_takes_the_place_of_raises_no_questions(
    folder: Path, write: Write
) -> None:
    own = write(GOOD.replace("front: c", "front: mine"), "own/good.yaml")
    memory = Memory()
    Library([own.parent, folder], identify=memory.identify)
    assert memory.calls.count("good") == 1


def test_what_identify_raises_comes_through_and_leaves_the_cache_sound(
    folder: Path, tmp_path: Path
) -> None:
    def identify(deck_id: str, found: Sequence[Found]) -> Sequence[str]:
        raise RuntimeError(f"{deck_id}: {len(found)}")

    with pytest.raises(RuntimeError):
        Library([folder], tmp_path / "cache.db", identify=identify)
    assert Library([folder], tmp_path / "cache.db").cached
