"""Whatever is written as YAML reads back as it was meant, or is not written at all."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.decks import Basic, check, load_deck
from studykit.exchange.deck_file import deck_text, tidy, write_deck
from studykit.exchange.errors import ExchangeError
from studykit.exchange.incoming import Draft, Incoming
from studykit.exchange.plan import plan
from tests.progress.desk import LAW

TEXT = st.text(
    alphabet=st.one_of(
        st.sampled_from("ab \n\t#:-?|>'\"{}[]&*!%@`$\\,~=<.1é汉\u2028\x85\x1b\u202e\ufeff"),
        st.characters(codec="utf-8"),
    ),
    min_size=1,
    max_size=60,
)


@LAW
@given(front=TEXT, back=TEXT, explain=TEXT, tags=st.lists(TEXT, max_size=3), title=TEXT)
def test_any_texts_read_back_as_they_were_written(
    tmp_path_factory: pytest.TempPathFactory,
    front: str,
    back: str,
    explain: str,
    tags: list[str],
    title: str,
) -> None:
    path = tmp_path_factory.mktemp("deck") / "d.yaml"
    draft = tidy(Draft("d", front, back, explain=explain, tags=tuple(tags), id="x-1"))
    kept, refused = write_deck(path, title, "", [draft])
    assert len(kept) + len(refused) == 1
    if not kept:
        assert not path.exists()
        assert not draft.front or not draft.back
        return
    (card,) = load_deck(path).cards
    assert isinstance(card, Basic)
    assert (card.front, card.back, card.explain) == (draft.front, draft.back, draft.explain)


def test_the_yaml_reads_as_if_written_by_hand() -> None:
    drafts = [
        Draft("d", "What is $p$?\n\nSay it.", "weights", tags=("ml", "a b"), id="q-1"),
        Draft("d", "  indented {{blank}}", cloze=True, explain="it's so", id="d.x.0123456789"),
    ]
    assert deck_text("It's: a deck", "From there.", drafts) == (
        "title: 'It''s: a deck'\n"
        "about: 'From there.'\n"
        "cards:\n"
        "  - id: q-1\n"
        "    tags: [ml, 'a b']\n"
        "    front: |\n"
        "      What is $p$?\n"
        "\n"
        "      Say it.\n"
        "    back: |\n"
        "      weights\n"
        "\n"
        "  - id: d.x.0123456789\n"
        "    kind: cloze\n"
        "    cloze: |2\n"
        "        indented {{blank}}\n"
        "    explain: |\n"
        "      it's so\n\n"
    )


def test_a_card_that_cannot_be_held_is_left_out_with_its_reason(tmp_path: Path) -> None:
    good = Draft("d", "front", "back", id="good", where="line 1")
    bad = Draft("d", "x" * 30_000, "back", id="bad", where="line 2")
    kept, refused = write_deck(tmp_path / "d.yaml", "d", "", [good, bad])
    assert kept == [good]
    assert [(one.where, "20,000" in one.why) for one in refused] == [("line 2", True)]
    assert [card.id for card in load_deck(tmp_path / "d.yaml").cards] == ["good"]
    assert write_deck(tmp_path / "e.yaml", "e", "", [bad])[0] == []
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["d.yaml"]


def test_no_file_is_ever_written_over(tmp_path: Path) -> None:
    (tmp_path / "maths.yaml").write_text("mine")
    incoming = Incoming("test", drafts=[Draft("Maths", "q", "a"), Draft("maths", "r", "b")])
    made = plan(tmp_path / "x.csv", incoming, folder=tmp_path)
    assert [deck.path.name for deck in made.decks] == ["maths-2.yaml", "maths-3.yaml"]
    with pytest.raises(ExchangeError, match="not written over"):
        plan(tmp_path / "x.csv", incoming, folder=tmp_path, to=tmp_path / "maths.yaml")


def test_what_is_written_has_nothing_to_mend(tmp_path: Path) -> None:
    drafts = [Draft("d", f"What is number {word}?", word) for word in ("one", "two", "three")]
    made = plan(tmp_path / "x.csv", Incoming("test", drafts=drafts), folder=tmp_path)
    write_deck(made.decks[0].path, made.decks[0].title, "", made.decks[0].drafts)
    assert check([tmp_path]) == []


def test_the_same_text_always_gets_the_same_id(tmp_path: Path) -> None:
    drafts = [
        Draft("d", "q", "a"),
        Draft("d", "q", "b"),
        Draft("d", "q", "a"),
        Draft("e", "q", "a"),
    ]
    made = [plan(tmp_path / "x.csv", Incoming("t", drafts=drafts), folder=tmp_path) for _ in "ab"]
    ids = [[draft.id for deck in one.decks for draft in deck.drafts] for one in made]
    assert ids[0] == ids[1]
    assert len(set(ids[0])) == 3
    (double,) = made[0].refused
    assert "says the same" in double.why
