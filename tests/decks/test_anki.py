"""Packages for Anki, held against Anki itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from studykit.decks.anki import Note, NoteDeck, PackageError, cloze_html, write_package
from studykit.typeset.mathjax import mathjax_html
from tests.anki import Imported, is_sound, open_anki, take

LAST_YEAR, YESTERDAY = 1_760_000_000, 1_796_000_000


def notes(back: str = "rows add to 1") -> list[Note]:
    return [
        Note("sfm-01", "What does softmax do?", back, more="why", tags=("softmax", "two words")),
        Note("sfm-02", cloze_html("The {{rows}} of $A$ sum to {{$\\frac{1}{1}$}}."), cloze=True),
        Note("sfm-03", mathjax_html("$a<b$"), mathjax_html("$$x$$")),
    ]


def test_anki_takes_every_note_once_and_only_what_was_edited_again(tmp_path: Path) -> None:
    first, second = tmp_path / "first.apkg", tmp_path / "second.apkg"
    write_package(first, [NoteDeck("studykit::Softmax", notes())], LAST_YEAR)
    write_package(second, [NoteDeck("studykit::Softmax", notes("every row adds to 1"))], YESTERDAY)
    with open_anki(tmp_path / "anki") as anki:
        assert take(anki, first) == Imported(3, 0, 0, 0)
        assert anki.card_count() == 3
        before = anki.find_cards("")
        assert take(anki, first) == Imported(0, 0, 3, 0)
        assert take(anki, second).new == 0
        assert anki.find_cards("") == before
        assert anki.find_cards('"every row adds to 1"')
        assert not anki.find_cards('"Back:rows add to 1"')
        assert anki.find_cards("tag:two_words deck:studykit::Softmax")
        assert is_sound(anki)


def test_two_packages_of_one_moment_do_not_get_into_each_others_way(tmp_path: Path) -> None:
    with open_anki(tmp_path / "anki") as anki:
        for name in ("a", "b"):
            package = tmp_path / f"{name}.apkg"
            write_package(package, [NoteDeck(name, [Note(name, name, "same time")])], LAST_YEAR)
            assert take(anki, package).new == 1
        assert anki.card_count() == 2
        assert is_sound(anki)


def test_the_same_notes_and_time_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one.apkg", "two.apkg"):
        write_package(tmp_path / name, [NoteDeck("d", notes())], LAST_YEAR)
    assert (tmp_path / "one.apkg").read_bytes() == (tmp_path / "two.apkg").read_bytes()


def test_a_formula_with_double_braces_stays_inside_its_blank(tmp_path: Path) -> None:
    text = r"It is {{$\frac{1}{\sqrt{d_{k}}}$}}, not {{`a::b`}}; $\frac{{a}}{b}$ stands."
    write_package(
        tmp_path / "c.apkg", [NoteDeck("d", [Note("c", cloze_html(text), cloze=True)])], LAST_YEAR
    )
    with open_anki(tmp_path / "anki") as anki:
        take(anki, tmp_path / "c.apkg")
        (card,) = (anki.get_card(found) for found in anki.find_cards(""))
        asked, told = card.question(), card.answer()
    assert asked.count("[...]") == 2
    assert "sqrt" not in asked.split("data-cloze")[0]
    assert r"\frac{{a}}{b}" in asked
    assert r"\(\frac{1}{\sqrt{d_{k} } }\)" in told
    assert "a:<!-- -->:b" in told


def test_what_anki_would_run_is_only_shown(tmp_path: Path) -> None:
    text = "<script>alert(1)</script> [sound:x.mp3] [latex]\\write18[/latex] [$$]x[/$$]"
    html = mathjax_html(text)
    assert "<script" not in html
    write_package(tmp_path / "s.apkg", [NoteDeck("d", [Note("s", html, html)])], LAST_YEAR)
    with open_anki(tmp_path / "anki") as anki:
        take(anki, tmp_path / "s.apkg")
        (card,) = (anki.get_card(found) for found in anki.find_cards(""))
        assert not card.question_av_tags()
        assert "<img" not in card.question()
        assert "&lt;script&gt;" in card.question()


def test_lists_code_and_headings_become_html() -> None:
    text = "# Head\n\n- one\n- two\n\n3. three\n\n```\na < b\n```\n\n*it* **bold**"
    html = mathjax_html(text)
    for part in (
        "<h1>Head</h1>",
        "<ul>\n<li>one</li>",
        '<ol start="3">',
        "<pre><code>a &lt; b</code></pre>",
        "<p><i>it</i> <b>bold</b></p>",
    ):
        assert part in html


def test_a_package_that_cannot_be_written_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(PackageError, match="cannot be written"):
        write_package(tmp_path / "no" / "x.apkg", [NoteDeck("d", notes())], LAST_YEAR)
