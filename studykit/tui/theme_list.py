"""The list of themes: our own first, then the others by name, the one in force marked."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from textual.command import CommandPalette
from textual.theme import ThemeProvider

from studykit.tui.themes import themes


class Themes(ThemeProvider):
    """Textual lists themes by name alone, where ours would stand at the end."""

    @property
    def commands(self) -> list[tuple[str, Callable[[], None]]]:
        own = [theme.name for theme in themes()]
        others = sorted(set(self.app.available_themes) - set(own))
        return [(self._said(name), partial(self._choose, name)) for name in (*own, *others)]

    def _said(self, name: str) -> str:
        return f"{name} ✓ in force" if name == self.app.theme else name

    def _choose(self, name: str) -> None:
        self.app.theme = name


def theme_list() -> CommandPalette:
    """The screen to choose one on."""
    return CommandPalette(providers=[Themes], placeholder="Search for themes…")
