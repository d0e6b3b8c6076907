"""docs/keys.md from the commands of the app: `python -m tests.key_table` (or `make keys`)."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from studykit.tui.command import Command
from studykit.tui.commands import EVERYWHERE
from studykit.tui.keymap import PAGES
from studykit.tui.screens.base import Page

FILE = Path(__file__).parents[1] / "docs" / "keys.md"
TITLES = {"Decks": "The decks", "Text": "A text: help, worked solution, map, scorecard"}
HEAD = """\
# Keys

Made from the app's own table of commands by `make keys`. `?` shows those of the screen you are on,
`Ctrl+P` finds any of them by name. Where several stand, each does the same. A key that means two
things does the one that makes sense: `Enter` checks an answer, then accepts the grade.

In an answer field letters are letters; the function keys and those with Ctrl work there too.

`K` in the settings changes them, and so does a table `[keys]` in `config.toml`, by the names in the
last column: see [settings, keys and the filter](settings-and-keys.md#keys).
"""


def pages() -> dict[str, type[Page[None]]]:
    """Every screen with commands, by what it is called."""
    return {
        name: getattr(import_module(f"studykit.tui.screens.{module}"), cls)
        for name, (module, cls) in PAGES.items()
    }


def text() -> str:
    """The whole page, in Markdown."""
    parts = [HEAD, _section("Everywhere", EVERYWHERE)]
    parts += [_section(TITLES.get(name, name), page.does) for name, page in pages().items()]
    return "\n".join(parts)


def _section(title: str, commands: Sequence[Command]) -> str:
    rows = [f"| {_keys(one)} | {_says(one)} | `{one.id}` |" for one in commands]
    return "\n".join(
        [f"## {title}\n", "| keys | what it does | command |", "|---|---|---|", *rows, ""]
    )


def _keys(command: Command) -> str:
    """Every key of a command; a bar would end the cell."""
    return " ".join(f"`{key}`" for key in command.shown({})).replace("|", "\\|")


def _says(command: Command) -> str:
    return f"{command.says}. {command.more}".strip() if command.more else command.says


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
