"""A learner's own families: `families/*.py` in their folder, loaded once when they are allowed.

A file that cannot be used is left out and told with its place; the others are served. Names of the
shipped families cannot be taken.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from traceback import extract_tb
from typing import Any

from studykit.problems.family import Family, needs

NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class FileFault:
    """What is wrong with a file of families, and where."""

    file: Path
    line: int
    message: str


@dataclass(frozen=True, slots=True)
class Own:
    """The families of a folder with the file of each, and what kept others out."""

    families: dict[str, Family] = field(default_factory=dict)
    files: dict[str, Path] = field(default_factory=dict)
    faults: tuple[FileFault, ...] = ()


NONE = Own()


@cache
def load(folder: Path, taken: Collection[str]) -> Own:
    """All families of a folder's files. This runs the files; `taken` are names they cannot have."""
    families: dict[str, Family] = {}
    files: dict[str, Path] = {}
    faults: list[FileFault] = []
    for path in sorted(folder.glob("*.py")):
        found = _run(path)
        if isinstance(found, FileFault):
            faults.append(found)
            continue
        for family in found:
            said = next(_objections(family, taken), "")
            if not said and family.name in families:
                said = f"{family.name} is in {files[family.name].name} already"
            if said:
                faults.append(FileFault(path, 1, f"{said}."))
                continue
            families[family.name] = family
            files[family.name] = path
    return Own(families, files, tuple(faults))


def _run(path: Path) -> tuple[Any, ...] | FileFault:
    """The FAMILIES that a file defines, or what keeps it from being run."""
    name = f"studykit_own_families_{path.stem}"
    spec = spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        return FileFault(path, 1, "This is no Python file.")
    module = module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except SyntaxError as error:
        return FileFault(path, error.lineno or 1, f"This is not Python: {error.msg}.")
    except (Exception, SystemExit) as error:
        return FileFault(path, line_in(path, error), f"Running it raised {told(error)}")
    found = getattr(module, "FAMILIES", None)
    if not isinstance(found, tuple) or not found:
        return FileFault(path, 1, "The file must define FAMILIES, a tuple of Family.")
    return found


def line_in(path: Path, error: BaseException) -> int:
    """The last line of the file that an error came through; 1 if none did."""
    lines = [
        frame.lineno for frame in extract_tb(error.__traceback__) if frame.filename == str(path)
    ]
    return lines[-1] or 1 if lines else 1


def told(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}" if str(error) else f"{type(error).__name__}."


def _objections(family: Any, taken: Collection[str]) -> Iterator[str]:
    """What keeps a family from being served."""
    if not isinstance(family, Family):
        yield f"FAMILIES holds {family!r}, which is no Family"
        return
    name: Any = family.name
    version: Any = family.version
    if not isinstance(name, str) or not NAME.fullmatch(name):
        yield f"“{name}” cannot be a family's name: small letters, digits and single hyphens"
        return
    if name in taken:
        yield f"{name} is the name of a family that studykit has; choose another"
    if not family.precision or not set(family.precision) <= {1, 2, 3}:
        yield f"{name}: the levels, which are the keys of precision, are 1, 2 and 3"
        return
    if not isinstance(version, int) or not 1 <= version <= 9999:
        yield f"{name}: the version is a whole number from 1"
    for level in family.levels:
        if level not in family.question:
            yield f"{name}: level {level} has no question"
        steps = {step.name for step in family.steps_at(level)}
        if not steps:
            yield f"{name}: level {level} has no steps"
        for step in family.asked.get(level, ()):
            if step not in steps:
                yield f"{name}: level {level} asks for “{step}”, which is no step of it"
    everywhere = {step.name for step in family.steps}
    for mistake in family.mistakes:
        if mistake.step not in everywhere:
            yield f"{name}: the mistake {mistake.name} is at “{mistake.step}”, which is no step"
    for does in (*(s.does for s in family.steps), *(m.does for m in family.mistakes)):
        try:
            needs(does)
        except AttributeError:
            yield f"{name}: {does!r} is no function; a step and a mistake need a def or a lambda"
