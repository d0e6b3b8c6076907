"""What a learner can set, in one table: name, default, bounds and meaning.

A flag beats STUDYKIT_* in the environment, which beats config.toml, which beats the default.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, cast

from studykit.own_families import allow
from studykit.study.config import KEYS, change_config, read_config
from studykit.study.errors import StudyError
from studykit.study.home import Home
from studykit.study.week import read_week

if TYPE_CHECKING:
    from tomlkit import TOMLDocument

Value = int | float | bool | str
Level = Literal["flag", "environment", "file", "default"]
"""Where a value comes from, the strongest first."""


def _setting(
    default: Any,
    says: str,
    more: str = "",
    *,
    low: float | None = None,
    high: float | None = None,
    choices: tuple[str, ...] = (),
    check: Callable[[str], object] | None = None,
) -> Any:
    """`says` is one line, `more` what else helps to choose. `check` raises ValueError."""
    metadata = {"says": says, "more": more, "low": low, "high": high}
    return field(default=default, metadata={**metadata, "choices": choices, "check": check})


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be set."""

    new_per_day: int = _setting(
        10,
        "new cards introduced a day",
        "Their reviews follow in the days after; 0 lets you catch up.",
        low=0,
        high=9999,
    )
    reviews_per_day: int = _setting(
        200,
        "reviews asked a day",
        "What is left over waits; it is not lost.",
        low=0,
        high=99999,
    )
    retention: float = _setting(
        0.9,
        "share of due cards you want to recall",
        "Higher means more reviews: intervals for 0.95 are 0.4 times those for 0.9.",
        low=0.7,
        high=0.97,
    )
    rollover: int = _setting(
        4,
        "hour at which a study day begins",
        "Until then late studying belongs to the evening before.",
        low=0,
        high=23,
    )
    maximum_interval: int = _setting(3650, "longest interval in days", low=3, high=36500)
    easy_days: str = _setting(
        "",
        "days of the week with fewer reviews: sat sun, or sat=0.5 sun=0",
        "A day without a share gets half. Intervals of three days and more are moved to the days "
        "around it, from the next grade on; what is due stays due.",
        check=read_week,
    )
    new_order: str = _setting(
        "mixed",
        "where new cards stand: mixed, first or last",
        choices=("mixed", "first", "last"),
    )
    new_from: str = _setting(
        "turn",
        "where the next new card comes from: turn (each deck in turn) or course (deck after deck)",
        "A card waits for those that it builds on either way. The list of decks is the course.",
        choices=("turn", "course"),
    )
    due_order: str = _setting(
        "day",
        "which due card comes first: day (longest due) or retrievability (likeliest forgotten)",
        "After a long break retrievability saves more of what you know.",
        choices=("day", "retrievability"),
    )
    theme: str = _setting(
        "",
        "name of a theme; empty: the app's own",
        "studykit-dark, studykit-light, two of high contrast, the terminal's own colours with "
        "ansi-dark or ansi-light, and more.",
    )
    editor: str = _setting(
        "",
        "command that edits a deck; empty: $VISUAL, $EDITOR, any found",
        "With its arguments, such as: code --wait.",
    )
    decimal_comma: bool = _setting(False, "a comma in the numbers you type is the decimal point")
    plain: bool = _setting(
        False,
        "line mode instead of the full screen",
        "For screen readers; from the next start on.",
    )
    tour: bool = _setting(True, "the tour at the first start")
    own_families: bool = _setting(
        False,
        "load families/*.py from your folder: code that runs with all your rights",
        "From the next start on. Leave it off unless you wrote or read those files.",
    )


class Held(NamedTuple):
    """The value of one setting that is in force, and where it comes from."""

    value: Value
    level: Level
    where: str
    """The flag or the variable by name, the path of the file, or "default"."""
    in_file: Value | None = None
    """What the file says, also where something stronger is in force."""


def names() -> tuple[str, ...]:
    """Every setting, in the order of the table."""
    return tuple(one.name for one in fields(Settings))


def _about(name: str) -> Mapping[str, Any]:
    return next(one for one in fields(Settings) if one.name == name).metadata


def says(name: str) -> str:
    """One line on what a setting does."""
    return str(_about(name)["says"])


def more(name: str) -> str:
    """What else helps to choose a value; may be empty."""
    return str(_about(name)["more"])


def default(name: str) -> Value:
    """The value where nothing is set."""
    return cast(Value, getattr(Settings(), name))


def choices(name: str) -> tuple[str, ...]:
    """The values that a setting can have, where they are few: words, or true and false."""
    if isinstance(default(name), bool):
        return ("false", "true")
    return tuple(_about(name)["choices"])


def takes(name: str) -> str:
    """What values a setting takes, in words."""
    about, value = _about(name), default(name)
    if isinstance(value, bool):
        return "true or false"
    if choices(name):
        return f"one of {', '.join(choices(name))}"
    if about["low"] is not None:
        kind = "a whole number" if isinstance(value, int) else "a number"
        return f"{kind} from {about['low']} to {about['high']}"
    return "text"


def shown(value: Value) -> str:
    """A value as config.toml spells it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return f'"{value}"' if isinstance(value, str) else str(value)


def parse(name: str, value: object, where: str) -> Value:
    """`value` as the setting's own type, checked against its bounds.

    Text is accepted for every type, as the environment and the command line have nothing else.
    Raises StudyError naming `where` the value stands.
    """
    _known(name, where)
    about = _about(name)
    try:
        read = _typed(value, default(name))
    except ValueError:
        raise StudyError(f"{where}: {name} takes {takes(name)}, not {value!r}.") from None
    low, high = about["low"], about["high"]
    if low is not None and not isinstance(read, str) and not low <= read <= high:
        raise StudyError(f"{where}: {name} must lie between {low} and {high}, not {read}.")
    if about["choices"] and read not in about["choices"]:
        raise StudyError(f"{where}: {name} is one of {', '.join(about['choices'])}, not {read!r}.")
    if about["check"] is not None:
        try:
            about["check"](read)
        except ValueError as error:
            raise StudyError(f"{where}: {name}: {error}.") from None
    return read


def _known(name: str, where: str) -> None:
    if name not in names():
        from difflib import get_close_matches

        near = get_close_matches(name, names(), n=1, cutoff=0.7)
        hint = f" Did you mean {near[0]}?" if near else f" Known: {', '.join(names())}."
        raise StudyError(f"{where}: there is no setting called {name}.{hint}")


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


def held(home: Home, flags: Mapping[str, object] | None = None) -> dict[str, Held]:
    """Every setting with the value in force and its source, in the order of the table.

    `flags` holds what was typed on the command line, None where nothing was. Raises StudyError for
    a file or a value that cannot be used.
    """
    found = {name: Held(default(name), "default", "default") for name in names()}
    for name, value in read_config(home).items():
        if name != KEYS:
            read = parse(name, value, str(home.config))
            found[name] = Held(read, "file", str(home.config), read)
    for name in names():
        variable = f"STUDYKIT_{name.upper()}"
        if variable in os.environ:
            read = parse(name, os.environ[variable], variable)
            found[name] = Held(read, "environment", variable, found[name].in_file)
    for name, value in (flags or {}).items():
        if value is not None:
            flag = FLAGS.get(name, f"--{name.replace('_', '-')}")
            read = parse(name, value, flag)
            found[name] = Held(read, "flag", flag, found[name].in_file)
    return found


FLAGS = {"new_per_day": "--new"}
"""Flags that are not called like their setting."""


def load(home: Home, flags: Mapping[str, object] | None = None) -> Settings:
    """The settings in force; see `held`.

    This also decides whether own families may be loaded, and from where.
    """
    values = {name: one.value for name, one in held(home, flags).items()}
    found = Settings(**values)  # type: ignore[arg-type]  # each parsed as its own type
    allow(home.families if found.own_families else None)
    return found


def store(home: Home, name: str, value: object) -> Value:
    """Write one setting to config.toml and keep everything else in it; returns it as read."""
    read = parse(name, value, "config set")

    def change(document: TOMLDocument) -> None:
        if name in document or KEYS not in document:
            document[name] = read
            return
        # A plain value after a table would belong to that table.
        keys = document.pop(KEYS)
        document[name] = read
        document[KEYS] = keys

    change_config(home, change)
    return read


def forget(home: Home, name: str) -> bool:
    """Take a setting out of config.toml, so that its default holds; whether it stood there."""
    _known(name, "config unset")
    if name not in read_config(home):
        return False
    change_config(home, lambda document: cast(None, document.remove(name)))
    return True
