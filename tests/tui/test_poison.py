"""A deck full of markup and escape sequences is plain text on every screen and sends nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from studykit.decks.faults import Fault
from studykit.study.question import Slip
from studykit.tui.screens.summary import SummaryScreen, written
from studykit.tui.text import block, lines, tell, word, wrapped
from tests.tui.fakes import FakeSession, Scripted, outcome, question
from tests.tui.screens import app_for, fake_of, screen_text, settle, slowly, type_text

MARKUP = "[/nope] [@click=app.quit]x[/] [b"
ESCAPES = "\x1b]52;c;aGk=\x07 \x9b31m \u202e \ud800"
POISON = f"{MARKUP} {ESCAPES} end"
FORBIDDEN = ("\x1b", "\x07", "\x9b", "\u202e", "\ud800")


def safe(text: str) -> bool:
    return not any(one in text for one in FORBIDDEN)


@pytest.mark.parametrize("make", [word, block])
def test_a_word_is_shown_as_it_is_without_control_characters(make: object) -> None:
    assert callable(make)
    shown = make(POISON)
    assert MARKUP in shown.plain
    assert safe(shown.plain)
    assert all("@click" not in str(span.style) for span in shown.spans)


def test_a_number_stays_with_its_unit_at_the_end_of_a_line() -> None:
    said = "It took 8 h 55 min in all, and 91 % of 12\N{NO-BREAK SPACE}345 answers were right."
    for width in range(14, 60):
        rows = [row.plain for row in wrapped(said, width)]
        assert " ".join(rows) == said.replace("\N{NO-BREAK SPACE}", " ")
        assert any("8 h 55 min" in row for row in rows), width
        assert any("91 %" in row for row in rows), width
        assert any("12 345" in row for row in rows), width


def test_card_text_and_messages_are_cleaned_too() -> None:
    for rows in (lines(POISON, 200), wrapped(POISON, 200)):
        text = "".join(row.plain for row in rows)
        assert "[/nope]" in text
        assert safe(text)


CARDS = [
    Scripted(
        question("basic", text=POISON, deck_title=POISON),
        outcome(back=POISON, explain=POISON, says=POISON),
    ),
    Scripted(
        question("choice", kind="choice", asks="choice", text=POISON, options=(POISON, POISON)),
        chosen=[outcome("wrong", picked=0, right_option=1, option_notes=(POISON, ""), says=POISON)],
    ),
    Scripted(
        question("line", kind="problem", asks="line", text=POISON, expects=POISON, hints=1),
        answers={
            "1": outcome("unreadable", back="", says=POISON, position=1, intervals=()),
            "*": outcome(
                "partly",
                says=POISON,
                reading=POISON,
                slips=(Slip("m", "s", POISON),),
                cells=((True, False),),
                given=((POISON, POISON),),
                has_solution=True,
            ),
        },
        hints=(POISON,),
        worked=POISON,
    ),
    Scripted(
        question("matrix", kind="problem", asks="matrix", expects=POISON, shape=(2, 2)),
        outcome(back=POISON),
    ),
    Scripted(
        question("open", kind="open", asks="rubric", text=POISON, rubric=(POISON, POISON)),
        outcome(back=POISON),
    ),
]


async def test_no_study_screen_reads_markup_or_passes_an_escape(tmp_path: Path) -> None:
    app = app_for(tmp_path, CARDS)
    seen: list[str] = []
    async with app.run_test(size=(200, 60), notifications=True) as pilot:

        async def look(*keys: str) -> None:
            await slowly(pilot, *keys)
            await settle(pilot)
            seen.append(screen_text(app))
            assert "[/nope] [@click=app.quit]x[/] [b" in seen[-1], (keys, seen[-1])

        await look()
        await look("space")
        await look("3")
        await look("1")
        await slowly(pilot, "3")
        await look("f2")
        await type_text(pilot, "1\n")
        await look()
        await type_text(pilot, "2\n")
        await look()
        await look("w")
        await slowly(pilot, "escape")
        await look("3")
        await look("f3")
        await look("3")
        await look("space")
        tell(app, POISON, "error")
        await look("1")
        await slowly(pilot, "enter", "3")
        assert isinstance(app.screen, SummaryScreen)
    for text in seen:
        assert safe(text), [ascii(row) for row in text.split("\n") if not safe(row)]


async def test_no_other_screen_reads_markup_or_passes_an_escape(tmp_path: Path) -> None:
    app = app_for(tmp_path, CARDS, study=False)
    fake = fake_of(app)
    fake.rows[0].title = POISON
    path = tmp_path / "bad.yaml"
    path.write_text(MARKUP, encoding="utf-8")
    fake.rows.append(SimpleNamespace(**{**vars(fake.rows[0]), "broken": True, "path": path}))
    fake.faults = (Fault(str(path), 1, 2, "yaml", POISON, POISON),)
    fake.asked = [
        SimpleNamespace(
            deck="d", deck_title=POISON, old_text=POISON, new_text=POISON, likeness=0.5, reviews=3
        )
    ]
    async with app.run_test(size=(200, 60)) as pilot:
        seen = []
        await settle(pilot)
        seen.append(screen_text(app))
        await pilot.press("escape")
        await settle(pilot)
        seen.append(screen_text(app))
        await pilot.press("down", "enter")
        await settle(pilot)
        seen.append(screen_text(app))
    for text in seen:
        assert "[/nope]" in text
        assert safe(text)


def test_a_poisoned_summary_is_plain_text() -> None:
    summary = replace(FakeSession([]).summary(), reviews=1, mistakes=((POISON, 2),))
    shown = "".join(row.plain for row in written(summary, "", 90))
    assert "[/nope]" in shown
    assert safe(shown)
