"""Markdown of hashcards and of Obsidian gives the cards that those programs see."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.exchange.incoming import Incoming
from studykit.exchange.markdown_file import read_markdown
from tests.progress.desk import LAW


def read(tmp_path: Path, text: str) -> Incoming:
    path = tmp_path / "notes.md"
    path.write_text(text, encoding="utf-8")
    return read_markdown(path)


def test_hashcards_gives_its_cards_and_the_name_of_its_deck(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        '---\nname = "Cities"\n---\n\nQ: Capital of\nFrance?\nA:\n\n- Paris\n\n'
        "C: [Paris] lies on the [Seine], $x[1]$ `a[0]` \\[no\\] [link](u).\n\n---\n\n"
        "Q: last\nA: one\n",
    )
    assert "hashcards" in found.kind
    assert {draft.deck for draft in found.drafts} == {"Cities"}
    assert [(d.front, d.back) for d in found.drafts if not d.cloze] == [
        ("Capital of\nFrance?", "- Paris"),
        ("last", "one"),
    ]
    rest = "$x[1]$ `a[0]` \\[no\\] [link](u)."
    assert [d.front for d in found.drafts if d.cloze] == [
        f"{{{{Paris}}}} lies on the Seine, {rest}",
        f"Paris lies on the {{{{Seine}}}}, {rest}",
    ]
    assert not found.refused


def test_hashcards_with_faults_says_them_line_by_line(tmp_path: Path) -> None:
    found = read(tmp_path, "words\n\nQ: alone\n\nQ: q\nA: a\n\n---\nA: orphan\nC: none\nQ: end\n")
    assert [(one.where, one.why) for one in found.refused] == [
        ("line 1", "text outside of a card"),
        ("line 3", "it has no answer (A:)"),
        ("line 9", "an answer (A:) without a question (Q:)"),
        ("line 10", "a cloze (C:) without [blanks]"),
        ("line 11", "it has no answer (A:)"),
    ]
    assert len(found.drafts) == 1


def test_a_tag_inside_code_begins_no_card(tmp_path: Path) -> None:
    found = read(tmp_path, "Q: q\nA: a\n```\nQ: code\n```\n")
    assert [draft.back for draft in found.drafts] == ["a\n```\nQ: code\n```"]


def test_obsidian_gives_its_cards_decks_and_tags(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        "---\ntags: [x]\n---\n#flashcards/ml/deep\n\nProse.\n\na::b #easy\nc:::d\n"
        "<!--SR:!2024-01-01,3,250-->\n\nlong\nfront\n?\nlong\nback\n\ne\n??\nf\n\n"
        "The ==rows== sum to ==one==.\n",
    )
    assert "Obsidian" in found.kind
    assert {draft.deck for draft in found.drafts} == {"ml::deep"}
    assert [(d.front, d.back, d.tags) for d in found.drafts if not d.cloze] == [
        ("a", "b", ("easy",)),
        ("c", "d", ()),
        ("d", "c", ()),
        ("long\nfront", "long\nback", ()),
        ("e", "f", ()),
        ("f", "e", ()),
    ]
    assert [d.front for d in found.drafts if d.cloze] == [
        "The {{rows}} sum to one.",
        "The rows sum to {{one}}.",
    ]
    assert found.left["schedules of the plug-in (they hold no answers)"] == 1
    assert found.left["paragraphs of notes that hold no card"] == 1


def test_colons_in_code_and_formulas_part_no_card(tmp_path: Path) -> None:
    found = read(tmp_path, "`a::b` is\n\n$x::y$ is\n\n```\nc::d\n```\n\n$$\ne :: f\n$$\n")
    assert not found.drafts
    assert not found.refused


def test_pictures_and_links_of_a_vault_keep_their_words(tmp_path: Path) -> None:
    found = read(tmp_path, "See [[Page|the page]] and [[Other]]::![[pic.png]] ![alt](b.png)\n")
    (draft,) = found.drafts
    assert (draft.front, draft.back) == ("See the page and Other", "(pic.png) (b.png)")
    assert sum(found.left.values()) == 1


def test_an_empty_side_is_refused(tmp_path: Path) -> None:
    found = read(tmp_path, "a::\n\n::b\n\n?\nc\n")
    assert [one.where for one in found.refused] == ["line 1", "line 3", "line 5"]


@LAW
@given(st.text(alphabet="QAC:?=[]#$`-{}()!\n ab\\<>", max_size=150))
def test_no_text_makes_it_raise(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    read(tmp_path_factory.mktemp("md"), text)


@pytest.mark.parametrize(
    "text", ["==a" * 200_000, "$$" * 200_000, "C: " + "[" * 200_000, "#1" * 200_000, "a::" * 90_000]
)
@pytest.mark.timeout(20)
def test_hostile_texts_end(tmp_path: Path, text: str) -> None:
    read(tmp_path, text)
