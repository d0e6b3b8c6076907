"""What Anki exports comes in whole: held against Anki itself, in each of its forms."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from anki.collection import Collection, ExportAnkiPackageOptions
from anki.consts import CARD_TYPE_REV, QUEUE_TYPE_REV
from anki.notes import Note

from studykit.decks import Cloze, load_deck
from studykit.decks.anki import Note as OurNote
from studykit.decks.anki import NoteDeck, write_package
from studykit.exchange.anki_import import read_anki
from studykit.exchange.incoming import Incoming
from studykit.exchange.plan import Plan, plan
from studykit.exchange.reading import read_file
from studykit.exchange.taking import take
from studykit.memory.days import study_day
from studykit.progress import Store
from studykit.progress.check import check
from studykit.progress.exchange import logged_ids
from tests.anki import open_anki
from tests.anki import take as take_into_anki
from tests.progress.desk import open_desk

MORNING = 1_780_000_000_000
DAY_MS = 86_400_000
FORMS = ("collection.anki2", "collection.anki21", "collection.anki21b", "colpkg")


@pytest.fixture
def anki(tmp_path: Path) -> Iterator[Collection]:
    with open_anki(tmp_path / "anki") as collection:
        collection.set_config("fsrs", True)
        yield collection


def add(anki: Collection, kind: str, deck: str, *fields: str, tags: str = "") -> Note:
    model = anki.models.by_name(kind)
    assert model is not None
    note = anki.new_note(model)
    note.fields = [*fields, *[""] * (len(note.fields) - len(fields))]
    note.tags = tags.split()
    chosen = anki.decks.id(deck)
    assert chosen is not None
    anki.add_note(note, chosen)
    return note


def answered(anki: Collection, card: int, at_ms: int, grade: int, interval: int, kind: int) -> None:
    """A line of Anki's log, as its scheduler writes it."""
    assert anki.db is not None
    anki.db.execute(
        "INSERT INTO revlog VALUES (?, ?, -1, ?, ?, 0, ?, 4000, ?)",
        *(at_ms, card, grade, interval, 2500 if grade else 0, kind),
    )


def export(anki: Collection, folder: Path, form: str = "collection.anki21b") -> Path:
    path = folder / ("out.colpkg" if form == "colpkg" else "out.apkg")
    if form == "colpkg":
        anki.export_collection_package(str(path), include_media=False, legacy=False)
        anki.reopen()
        return path
    options = ExportAnkiPackageOptions(
        with_scheduling=True,
        with_deck_configs=False,
        with_media=False,
        legacy=form != "collection.anki21b",
    )
    anki.export_anki_package(out_path=str(path), options=options, limit=None)
    if form == "collection.anki2":
        # The oldest form has the same tables under another name.
        import zipfile

        with zipfile.ZipFile(path) as archive:
            data = archive.read("collection.anki21")
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("collection.anki2", data)
            archive.writestr("media", "{}")
    return path


def planned(
    path: Path, folder: Path, store: Store | None = None, known: tuple[str, ...] = ()
) -> Plan:
    logged = logged_ids(store) if store else ()
    return plan(path, read_anki(path, study_day), folder=folder, known=known, logged=logged)


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_export_keeps_cards_texts_tags_and_decks(
    anki: Collection, tmp_path: Path, form: str
) -> None:
    add(anki, "Basic", "Maths::Softmax", r"What is \(p\)?", "<b>weights</b>", tags="ml x::y")
    add(anki, "Basic (and reversed card)", "Maths::Softmax", "query", "key")
    add(anki, "Cloze", "Maths", r"{{c1::Rows}} sum to {{c2::one::a number}}", "of A")
    made = planned(export(anki, tmp_path, form), tmp_path / "decks")
    assert not made.refused
    assert {deck.path.name: len(deck.drafts) for deck in made.decks} == {
        "maths-softmax.yaml": 3,
        "maths.yaml": 2,
    }
    with open_desk(tmp_path / "desk") as store:
        assert take(made, store, MORNING).cards == anki.card_count() == 5
    softmax = load_deck(tmp_path / "decks" / "maths-softmax.yaml")
    sides = {(getattr(card, "front", ""), getattr(card, "back", "")) for card in softmax.cards}
    assert sides == {("What is $p$?", "**weights**"), ("query", "key"), ("key", "query")}
    assert softmax.cards[0].tags == ("ml", "x::y")
    maths = load_deck(tmp_path / "decks" / "maths.yaml")
    blanks = {card.cloze for card in maths.cards if isinstance(card, Cloze)}
    assert blanks == {"{{Rows}} sum to one", "Rows sum to {{one}} (a number)"}
    assert {card.explain for card in maths.cards} == {"of A"}


def test_the_history_comes_with_its_memory_which_is_ankis_own(
    anki: Collection, tmp_path: Path
) -> None:
    chance = random.Random(7)
    cards = {}
    for number in range(12):
        note = add(anki, "Basic", "d", f"card {number}", "back")
        card = note.cards()[0]
        at_ms, interval = MORNING + number * 7_919, 1
        for step in range(chance.randrange(1, 9)):
            grade = chance.choice((1, 2, 3, 3, 3, 4))
            interval = chance.randrange(1, 40) if step or grade > 1 else -600
            answered(anki, card.id, at_ms, grade, interval, 0 if step == 0 else 1)
            if grade == 1:
                # Relearned some minutes later on the same day.
                at_ms += 600_000
                answered(anki, card.id, at_ms, 3, 1, 2)
            at_ms += chance.choice((1, 2, 5, 9, 30)) * DAY_MS
        card.type, card.queue = CARD_TYPE_REV, QUEUE_TYPE_REV
        card.ivl = max(1, interval)
        anki.update_card(card)
        cards[note.guid] = card.id
    path = export(anki, tmp_path)
    made = planned(path, tmp_path / "decks")
    assert anki.db is not None
    assert made.answers == anki.db.scalar("SELECT count() FROM revlog")
    with open_desk(tmp_path / "desk") as store:
        done = take(made, store, MORNING + 400 * DAY_MS)
        assert done.backup is not None
        assert done.backup.exists()
        names = {draft.front: draft.id for deck in made.decks for draft in deck.drafts}
        for card_id in cards.values():
            theirs = anki.compute_memory_state(card_id)
            card = anki.get_card(card_id)
            ours = store.standing(names[card.note().fields[0]]).memory
            assert ours is not None
            assert ours.stability == pytest.approx(theirs.stability, rel=1e-3)
            assert ours.difficulty == pytest.approx(theirs.difficulty, rel=1e-3)
        assert check(store).sound
        again = planned(path, tmp_path / "decks", store, tuple(names.values()))
        assert again.empty
        assert again.known == 12
        assert again.known_rows == made.answers


def test_cram_answers_resets_and_set_days_keep_their_meaning(
    anki: Collection, tmp_path: Path
) -> None:
    note = add(anki, "Basic", "d", "front", "back")
    card = note.cards()[0]
    answered(anki, card.id, MORNING, 3, 2, 0)
    answered(anki, card.id, MORNING + DAY_MS, 3, 2, 1)
    assert anki.db is not None
    anki.db.execute(
        "INSERT INTO revlog VALUES (?, ?, -1, 1, 2, 2, 0, 4000, 3)", MORNING + 2 * DAY_MS, card.id
    )
    made = planned(export(anki, tmp_path), tmp_path / "decks")
    assert [row["kind"] for row in made.rows] == ["study", "study", "cram"]
    anki.db.execute(
        "INSERT INTO revlog VALUES (?, ?, -1, 0, 9, 2, 2500, 0, 4)", MORNING + 3 * DAY_MS, card.id
    )
    made = planned(export(anki, tmp_path), tmp_path / "decks")
    due = study_day(MORNING + 3 * DAY_MS) + 9
    with open_desk(tmp_path / "desk") as store:
        take(made, store, MORNING)
        memory = store.standing(made.decks[0].drafts[0].id).memory
        assert memory is not None
        assert date.fromordinal(memory.due) == date.fromordinal(due)
        assert memory.reps == 2
    anki.sched.schedule_cards_as_new([card.id])
    made = planned(export(anki, tmp_path), tmp_path / "other")
    with open_desk(tmp_path / "new") as store:
        take(made, store, MORNING)
        assert store.standing(made.decks[0].drafts[0].id).memory is None


def test_a_suspended_card_comes_suspended(anki: Collection, tmp_path: Path) -> None:
    note = add(anki, "Basic", "d", "front", "back")
    answered(anki, note.cards()[0].id, MORNING, 3, 2, 0)
    anki.sched.suspend_cards([note.cards()[0].id])
    made = planned(export(anki, tmp_path), tmp_path / "decks")
    with open_desk(tmp_path / "desk") as store:
        take(made, store, MORNING)
        assert store.standing(made.decks[0].drafts[0].id).suspended


def test_a_card_of_ours_comes_home_with_the_answers_given_in_anki(
    anki: Collection, tmp_path: Path
) -> None:
    package = tmp_path / "ours.apkg"
    notes = [OurNote("d0-0", "q", "a"), OurNote("d0-1#2", "frozen", "a"), OurNote("gone", "q", "a")]
    write_package(package, [NoteDeck("studykit::d", notes)], 1_700_000_000)
    take_into_anki(anki, package)
    for at, card in enumerate(anki.find_cards("")):
        answered(anki, card, MORNING + at, 3, 4, 0)
    with open_desk(tmp_path / "desk") as store:
        path = export(anki, tmp_path)
        made = planned(path, tmp_path / "decks", store, ("d0-0", "d0-1"))
        assert made.known == 1
        assert [draft.id for deck in made.decks for draft in deck.drafts] == ["gone"]
        take(made, store, MORNING + 9)
        (home,) = store.history("d0-0")
        assert (home.grade, home.kind, home.machine) == (3, "study", "anki")
        (frozen,) = store.history("d0-1")
        assert frozen.kind == "cram"
        assert store.standing("d0-1").memory is None
        # Nobody here gave these answers, so an undo here leaves them.
        assert store.undo_last(739_500, MORNING + 10) is None


def test_what_cannot_be_taken_is_listed_with_its_reason(anki: Collection, tmp_path: Path) -> None:
    add(anki, "Basic", "d", "<img src='a.png'>", "back")
    add(anki, "Basic", "d", "front only")
    add(anki, "Cloze", "d", "{{c1::image-occlusion:rect:left=.1}}<br>")
    add(anki, "Basic", "d", "long", "x" * 30_000)
    add(anki, "Basic", "d", "kept <img src='b.png'><script>alert(1)</script>", "back [sound:c.mp3]")
    made = planned(export(anki, tmp_path), tmp_path / "decks")
    whys = " / ".join(one.why for one in made.refused)
    assert len(made.refused) == 4
    for part in ("only a picture", "answer is empty", "hides parts of a picture", "longer than"):
        assert part in whys
    (draft,) = made.decks[0].drafts
    assert draft.front == "kept (b.png)"
    assert draft.back == "back (c.mp3)"
    assert any("scripts" in what for what in made.left)
    assert any("picture or a sound" in what for what in made.left)


def test_a_blank_inside_a_formula_becomes_question_and_answer(
    anki: Collection, tmp_path: Path
) -> None:
    add(anki, "Cloze", "d", r"We have \(a = {{c1::\frac{1}{2} }}\).")
    made = planned(export(anki, tmp_path), tmp_path / "decks")
    (draft,) = made.decks[0].drafts
    assert not draft.cloze
    assert draft.front == "We have $a = […]$."
    assert draft.back == r"We have $a = \frac{1}{2}$."


def test_own_templates_with_conditions_and_hints_are_filled_in(
    anki: Collection, tmp_path: Path
) -> None:
    basic = anki.models.by_name("Basic")
    assert basic is not None
    kind = anki.models.copy(basic, add=False)
    kind["name"] = "Mine"
    kind["tmpls"][0]["qfmt"] = "{{#Back}}Say: {{Front}}{{/Back}}{{^Back}}never{{/Back}}"
    kind["tmpls"][0]["afmt"] = "{{FrontSide}}<hr id=answer>{{hint:Back}} <i>{{Tags}}</i>"
    anki.models.add(kind)
    add(anki, "Mine", "d", "front", "back", tags="t")
    made = planned(export(anki, tmp_path), tmp_path / "decks")
    (draft,) = made.decks[0].drafts
    assert (draft.front, draft.back) == ("Say: front", "back *t*")


def test_reading_changes_nothing(anki: Collection, tmp_path: Path) -> None:
    add(anki, "Basic", "d", "front", "back")
    path = export(anki, tmp_path)
    before = path.read_bytes()
    found: Incoming = read_anki(path, study_day)
    assert len(found.drafts) == 1
    assert path.read_bytes() == before


@pytest.mark.parametrize("html", [True, False])
def test_notes_exported_as_text_get_the_cards_and_ids_of_the_package(
    anki: Collection, tmp_path: Path, html: bool
) -> None:
    add(anki, "Basic", "Maths::Softmax", r"What is \(p &lt; 1\)?", "weights", tags="ml x::y")
    add(anki, "Cloze", "Maths", r"{{c1::Rows}} sum to {{c2::one}}", "of A")
    path = tmp_path / "notes.txt"
    anki.export_note_csv(
        out_path=str(path),
        limit=None,
        with_html=html,
        with_tags=True,
        with_deck=True,
        with_notetype=True,
        with_guid=True,
    )
    incoming = read_file(path, study_day)
    assert not incoming.refused
    package = read_anki(export(anki, tmp_path), study_day)
    told = [draft._replace(where="") for draft in incoming.drafts]
    if html:
        assert sorted(told) == sorted(draft._replace(where="") for draft in package.drafts)
    else:
        assert {draft.id for draft in told} == {draft.id for draft in package.drafts}


def test_the_media_of_every_form_are_counted(anki: Collection, tmp_path: Path) -> None:
    add(anki, "Basic", "d", "see <img src='a.png'> here", "back")
    anki.media.write_data("a.png", b"no picture")
    for legacy in (True, False):
        path = tmp_path / f"{legacy}.apkg"
        options = ExportAnkiPackageOptions(with_media=True, legacy=legacy)
        anki.export_anki_package(out_path=str(path), options=options, limit=None)
        assert read_anki(path, study_day).left["pictures and sounds in the file"] == 1
