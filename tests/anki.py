"""Anki itself, without its windows: what our packages are held against."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from anki.collection import Collection, ImportAnkiPackageOptions, ImportAnkiPackageRequest


class Imported(NamedTuple):
    """How many notes Anki added, updated and left as they were."""

    new: int
    updated: int
    same: int
    refused: int


@contextmanager
def open_anki(folder: Path) -> Iterator[Collection]:
    """A collection of Anki in a folder, made where there is none."""
    folder.mkdir(parents=True, exist_ok=True)
    collection = Collection(str(folder / "collection.anki2"))
    try:
        yield collection
    finally:
        collection.close()


def take(collection: Collection, package: Path) -> Imported:
    """Import a package as a learner who changes no option would."""
    request = ImportAnkiPackageRequest(
        package_path=str(package), options=ImportAnkiPackageOptions()
    )
    log = collection.import_anki_package(request).log
    refused = len(log.conflicting) + len(log.missing_notetype) + len(log.missing_deck)
    refused += len(log.empty_first_field)
    return Imported(len(log.new), len(log.updated), len(log.duplicate), refused)


def is_sound(collection: Collection) -> bool:
    """Whether Anki's own check finds nothing to mend."""
    said, fine = collection.fix_integrity()
    return fine and said == "Database rebuilt and optimized."
