"""Where decks lie: the shipped ones beside the package or inside it, and any folder of YAML."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

ENDINGS = (".yaml", ".yml")


PACKAGE = Path(__file__).resolve().parent.parent


def shipped_decks() -> Path:
    """The folder of the decks that come with studykit: in the wheel, or beside a checkout."""
    return installed_decks() or PACKAGE.parent / "decks"


def installed_decks() -> Path | None:
    """That folder where it is a part of the installed program; None in a checkout."""
    installed = PACKAGE / "shipped"
    return installed if installed.is_dir() else None


def deck_files(places: Iterable[str | os.PathLike[str]]) -> list[Path]:
    """Every deck file of these folders (with what is below them) and files, each once, in order.

    A folder that does not exist holds no decks; a file is listed even if it does not exist, so
    that someone is told. Hidden files and folders are passed over.
    """
    return [file for file, _ in placed_files(places)]


def placed_files(places: Iterable[str | os.PathLike[str]]) -> list[tuple[Path, int]]:
    """`deck_files`, each with the number of the place that it was found in."""
    found: dict[str, tuple[Path, int]] = {}
    folders: dict[str, str] = {}
    for number, place in enumerate(places):
        path = Path(place).absolute()
        files = _below(path) if path.is_dir() else [path] if _is_file(path) else []
        for file in files:
            found.setdefault(_real(file, folders), (file, number))
    return list(found.values())


def _real(file: Path, folders: dict[str, str]) -> str:
    """The file without links on the way to it; `folders` holds what was found out already."""
    if file.is_symlink():
        return os.path.realpath(file)
    folder = str(file.parent)
    if folder not in folders:
        folders[folder] = os.path.realpath(folder).rstrip(os.sep)
    return f"{folders[folder]}{os.sep}{file.name}"


def _is_file(path: Path) -> bool:
    return path.suffix.lower() in ENDINGS or path.exists()


def _below(folder: Path) -> list[Path]:
    files = []
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        files += [
            Path(parent, name)
            for name in sorted(names)
            if name.lower().endswith(ENDINGS) and not name.startswith(".")
        ]
    return files
