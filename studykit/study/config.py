"""The file config.toml: read with tomllib, and changed with tomlkit so that comments stay.

What stands in it is settings, and the table `keys`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from studykit.study.errors import StudyError
from studykit.study.home import Home

if TYPE_CHECKING:
    from tomlkit import TOMLDocument

KEYS = "keys"
"""The table of keys by command."""


def read_config(home: Home) -> dict[str, object]:
    """Everything in the file; empty where there is none. Raises StudyError."""
    try:
        data = home.config.read_bytes()
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise StudyError(
            f"Cannot read {home.config}: {error.strerror or error}. "
            "Choose another folder with --home or STUDYKIT_HOME."
        ) from error
    import tomllib

    try:
        return tomllib.loads(data.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise StudyError(
            f"{home.config} is not valid TOML: {error}. Mend that line, or move the file away."
        ) from error


def change_config(home: Home, change: Callable[[TOMLDocument], None]) -> None:
    """Change the file and keep everything else in it. It is replaced whole, or not at all.

    Raises StudyError.
    """
    import tomlkit

    read_config(home)
    text = home.config.read_text(encoding="utf-8") if home.config.exists() else ""
    document = tomlkit.parse(text)
    if not text:
        document.add(tomlkit.comment("studykit settings; `studykit config show` lists them all."))
    change(document)
    home.make()
    beside = home.config.with_suffix(".toml.part")
    try:
        beside.write_text(tomlkit.dumps(document), encoding="utf-8")
        beside.replace(home.config)
    except OSError as error:
        raise StudyError(
            f"Cannot write {home.config}: {error.strerror or error}. Make it writable, or choose "
            "another folder with --home or STUDYKIT_HOME."
        ) from error
