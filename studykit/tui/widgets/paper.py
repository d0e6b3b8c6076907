"""Text on the screen. Takes nothing but `Content`, so no card text is ever read as markup."""

from __future__ import annotations

from textual import events
from textual.content import Content
from textual.widgets import Static


class Paper(Static):
    """Laid-out text; lines made by `text.acting` run their action when clicked."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  (Textual's name)
        super().__init__(Content(""), id=id, markup=False)
        self._shown = Content("")

    def show(self, content: Content) -> None:
        """Show `content`; nothing is drawn when it is what stands there already."""
        if content.is_same(self._shown):
            return
        self._shown = content
        self.update(content)

    @property
    def shown(self) -> str:
        """What stands there, as plain text."""
        return self._shown.plain

    async def on_click(self, event: events.Click) -> None:
        action = event.style.meta.get("act")
        if action:
            event.stop()
            await self.run_action(f"screen.{action}")
