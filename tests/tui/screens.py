"""Opening the app in a test, and reading what stands on its screen."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any, cast

from textual import events
from textual.pilot import Pilot

from studykit.study.settings import Settings
from studykit.study.start import Start
from studykit.tui.app import StudyApp
from studykit.tui.screens.study import StudyScreen
from tests.tui.fakes import FakeCollection, FakeSession, Scripted

SIZES = ((40, 12), (60, 20), (80, 24), (200, 60))


def app_for(
    root: Path,
    cards: Sequence[Scripted] = (),
    *,
    study: bool = True,
    settings: Settings | None = None,
) -> StudyApp:
    """The app over a scripted collection, on the study screen or on the decks."""
    collection = FakeCollection(root, cards)
    collection.settings = settings or collection.settings
    return StudyApp(cast(Any, collection), Start(study=study))


def session_of(app: StudyApp) -> FakeSession:
    """The scripted session that is being studied."""
    assert app.sitting is not None
    return cast(FakeSession, app.sitting.session)


def fake_of(app: StudyApp) -> FakeCollection:
    return cast(FakeCollection, app.collection)


def screen_text(app: StudyApp) -> str:
    """The screen as rows of text, without the spaces at their ends."""
    strips = app.screen._compositor.render_strips()
    return "\n".join("".join(part.text for part in strip).rstrip() for strip in strips)


async def burst(app: StudyApp, pilot: Pilot[None], *keys: str) -> None:
    """Keys that arrive together, before anything is drawn between them."""
    for key in keys:
        app.post_message(events.Key(key, key if len(key) == 1 else None))
    await settle(pilot)


async def settle(pilot: Pilot[None]) -> None:
    """Until every message is handled and the screen is drawn."""
    await pilot.pause()
    await pilot.pause()


async def slowly(pilot: Pilot[None], *keys: str) -> None:
    """Keys with more than a double press between them, by a clock that is moved on."""
    for key in keys:
        screen = pilot.app.screen
        if isinstance(screen, StudyScreen):
            screen.clock = partial(float, screen.clock() + 10)
        await pilot.press(key)
        await pilot.pause()


async def type_text(pilot: Pilot[None], text: str) -> None:
    """Each character of `text`, as it is typed."""
    for character in text:
        pilot.app.post_message(events.Key("enter" if character == "\n" else character, character))
    await settle(pilot)
