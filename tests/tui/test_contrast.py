"""Every text stands out from what it lies on, in each of our themes."""

from __future__ import annotations

import pytest
from rich.color_triplet import ColorTriplet

from studykit.study.practice import Exercise, Practice
from studykit.study.settings import store
from studykit.study.start import Start
from studykit.tui.app import StudyApp
from studykit.tui.screens.reading import Reading
from studykit.tui.themes import CONTRAST, DARK, LIGHT
from tests.study.desk import Desk
from tests.tui.screens import settle, slowly

LEAST = {DARK: 4.5, LIGHT: 4.5, **dict.fromkeys(CONTRAST, 7.0)}
"""By WCAG 2: 4.5 is its level AA, 7 is AAA."""


def luminance(colour: ColorTriplet) -> float:
    """Relative luminance of sRGB, as WCAG 2 defines it."""
    linear = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4
        for part in (channel / 255 for channel in colour)
    )
    return sum(share * part for share, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def ratio(one: ColorTriplet, other: ColorTriplet) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def faint(app: StudyApp, least: float) -> set[tuple[str, float]]:
    """The texts with letters or digits that stand out less, and by how much."""
    found = set()
    for strip in app.screen._compositor.render_strips():
        for part in strip:
            style = part.style
            if style is None or style.color is None or style.bgcolor is None:
                continue
            stands_out = ratio(style.color.get_truecolor(), style.bgcolor.get_truecolor())
            if stands_out < least and any(letter.isalnum() for letter in part.text):
                found.add((part.text.strip(), round(stands_out, 1)))
    return found


class Once(Practice):
    """One problem with attention weights."""

    def __init__(self) -> None:
        self._left = [Exercise.of("attention-output@1/2#3")]

    def next(self) -> Exercise | None:
        return self._left.pop() if self._left else None


@pytest.mark.parametrize("theme", LEAST)
async def test_every_text_of_a_theme_can_be_read(desk: Desk, theme: str) -> None:
    desk.deck()
    store(desk.home, "theme", theme)
    with desk.open(theme=theme) as collection:
        app = StudyApp(collection, Start())
        async with app.run_test(size=(100, 30)) as pilot:
            await settle(pilot)
            found = {"home": faint(app, LEAST[theme])}
            for key in ("b", "o", "p", "v", "s", "m", "question_mark", "f10"):
                await slowly(pilot, key)
                await settle(pilot)
                found[key] = faint(app, LEAST[theme])
                await slowly(pilot, "escape")
                await settle(pilot)
            app.practise(Once())
            await settle(pilot)
            found["grid"] = faint(app, LEAST[theme])
            for key in ("f6", "f9", "f3", "f9", "f3", "l"):
                await slowly(pilot, key)
                await settle(pilot)
                found[key] = found.get(key, set()) | faint(app, LEAST[theme])
            assert isinstance(app.screen, Reading), "the map"
        assert not any(found.values()), {where: what for where, what in found.items() if what}
