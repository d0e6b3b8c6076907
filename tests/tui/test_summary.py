"""The end of a session: what it came to, today in all, and the week ahead."""

from __future__ import annotations

from pathlib import Path

import pytest

from studykit.tui.screens.summary import SummaryScreen
from tests.tui.fakes import Scripted, done_today, outlook, question
from tests.tui.screens import SIZES, app_for, fake_of, screen_text, settle, slowly


@pytest.mark.parametrize("size", SIZES)
async def test_the_summary_looks_ahead_on_every_size(tmp_path: Path, size: tuple[int, int]) -> None:
    app = app_for(tmp_path, [Scripted(question("one"))])
    async with app.run_test(size=size) as pilot:
        await slowly(pilot, "space", "3")
        await app.workers.wait_for_complete()
        await settle(pilot)
        assert isinstance(app.screen, SummaryScreen)
        assert "Interview in 12 days" in screen_text(app)
        await pilot.press("end")
        await settle(pilot)
        shown = screen_text(app)
        assert "12 reviews" in shown, "more was done today than in this session"
        assert "Week   " in shown and "26" in shown
        assert all(len(row) <= size[0] for row in shown.split("\n"))


async def test_todays_only_session_is_not_told_twice(tmp_path: Path) -> None:
    app = app_for(tmp_path, [Scripted(question("one"))])
    fake_of(app).done = done_today(reviews=1)
    fake_of(app).ahead = outlook(interview=None)
    async with app.run_test(size=(80, 24)) as pilot:
        await slowly(pilot, "space", "3")
        await settle(pilot)
        assert "1 review in" in screen_text(app)
        assert "Today  " not in screen_text(app)
        assert "Interview" not in screen_text(app)
