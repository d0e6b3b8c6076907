"""What a learner can set, in one table: name, default, bounds and meaning.

A flag beats STUDYKIT_* in the environment, which beats config.toml, which beats the default. The
file is read with tomllib and written with tomlkit, which keeps the learner's comments.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

from studykit.own_families import allow
from studykit.study.errors import StudyError
from studykit.study.home import Home

Value = int | float | bool | str


def _setting(
    default: Any, says: str, *, low: float | None = None, high: float | None = None
) -> Any:
    return field(default=default, metadata={"says": says, "low": low, "high": high})


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be set; immutable while a program runs."""

    new_per_day: int = _setting(10, "new cards introduced a day", low=0, high=9999)
    reviews_per_day: int = _setting(200, "reviews asked a day", low=0, high=99999)
    retention: float = _setting(0.9, "share of due cards you want to recall", low=0.7, high=0.97)
    rollover: int = _setting(4, "hour at which a study day begins", low=0, high=23)
    maximum_interval: int = _setting(3650, "longest interval in days", low=1, high=36500)
    new_order: str = _setting("mixed", "where new cards stand: mixed, first or last")
    theme: str = _setting("", "name of a theme; empty: the app's own")
    editor: str = _setting("", "command that edits a deck; empty: $VISUAL, $EDITOR, any found")
    decimal_comma: bool = _setting(False, "a comma in the numbers you type is the decimal point")
    plain: bool = _setting(False, "line mode instead of the full screen")
    own_families: bool = _setting(
        False, "load families/*.py from your folder: code that runs with all your rights"
    )


def _choices() -> Mapping[str, tuple[str, ...]]:
    return {"new_order": ("mixed", "first", "last")}


def names() -> tuple[str, ...]:
    """Every setting, in the order of the table."""
    return tuple(one.name for one in fields(Settings))


def says(name: str) -> str:
    """One line on what a setting does."""
    return str(next(one for one in fields(Settings) if one.name == name).metadata["says"])


def parse(name: str, value: object, where: str) -> Value:
    """`value` as the setting's own type, checked against its bounds.

    Text is accepted for every type, as the environment and the command line have nothing else.
    Raises StudyError naming `where` the value stands.
    """
    known = {one.name: one for one in fields(Settings)}
    if name not in known:
        from difflib import get_close_matches

        near = get_close_matches(name, known, n=1)
        hint = f" Did you mean {near[0]}?" if near else f" Known: {', '.join(known)}."
        raise StudyError(f"{where}: there is no setting called {name}.{hint}")
    default: Value = known[name].default  # type: ignore[assignment]
    try:
        read = _typed(value, default)
    except ValueError:
        kind = {bool: "true or false", int: "a whole number", float: "a number", str: "text"}
        raise StudyError(f"{where}: {name} takes {kind[type(default)]}, not {value!r}.") from None
    low, high = known[name].metadata["low"], known[name].metadata["high"]
    if low is not None and not isinstance(read, str) and not low <= read <= high:
        raise StudyError(f"{where}: {name} must lie between {low} and {high}, not {read}.")
    allowed = _choices().get(name)
    if allowed and read not in allowed:
        raise StudyError(f"{where}: {name} is one of {', '.join(allowed)}, not {read!r}.")
    return read


def _typed(value: object, default: Value) -> Value:
    if isinstance(default, bool):
        words = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
        key = str(value).strip().lower()
        if key not in words:
            raise ValueError(value)
        return words[key]
    if isinstance(value, bool):
        raise ValueError(value)
    if isinstance(default, int):
        return int(value) if isinstance(value, (int, str)) else _refuse(value)
    if isinstance(default, float):
        return float(value) if isinstance(value, (int, float, str)) else _refuse(value)
    return value if isinstance(value, str) else _refuse(value)


def _refuse(value: object) -> Value:
    raise ValueError(value)


def load(home: Home, flags: Mapping[str, object] | None = None) -> Settings:
    """The settings in force. `flags` holds what was typed on the command line, None where nothing
    was. This also decides whether own families may be loaded, and from where.

    Raises StudyError for a file or a value that cannot be used.
    """
    values: dict[str, Any] = {}
    for name, value in _file(home).items():
        values[name] = parse(name, value, str(home.config))
    for name in names():
        variable = f"STUDYKIT_{name.upper()}"
        if variable in os.environ:
            values[name] = parse(name, os.environ[variable], variable)
    for name, value in (flags or {}).items():
        if value is not None:
            values[name] = parse(name, value, f"--{name.replace('_', '-')}")
    found = replace(Settings(), **values)
    allow(home.families if found.own_families else None)
    return found


def _file(home: Home) -> dict[str, object]:
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
        raise StudyError(f"{home.config} is not valid TOML: {error}.") from error


def store(home: Home, name: str, value: object) -> Value:
    """Write one setting to config.toml and keep everything else in it; returns it as read."""
    import tomlkit

    read = parse(name, value, "config set")
    _file(home)
    text = home.config.read_text(encoding="utf-8") if home.config.exists() else ""
    document = tomlkit.parse(text)
    if name not in document and not text:
        document.add(tomlkit.comment("studykit settings; `studykit config show` lists them all."))
    document[name] = read
    home.make()
    beside = home.config.with_suffix(".toml.part")
    try:
        beside.write_text(tomlkit.dumps(document), encoding="utf-8")
        beside.replace(home.config)
    except OSError as error:
        raise StudyError(f"Cannot write {home.config}: {error.strerror or error}.") from error
    return read
