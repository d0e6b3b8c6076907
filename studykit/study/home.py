"""Where a learner's files lie. Looking is free: nothing is created until something is written."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

from studykit.study.errors import StudyError


class Home(NamedTuple):
    """The folder that holds everything of one learner."""

    root: Path

    @classmethod
    def find(cls, given: str | Path | None = None) -> Home:
        """`given` wins over STUDYKIT_HOME, which wins over the system's folder for user data."""
        chosen = given or os.environ.get("STUDYKIT_HOME")
        if chosen:
            return cls(Path(chosen).expanduser().absolute())
        import platformdirs

        return cls(Path(platformdirs.user_data_dir("studykit", appauthor=False)))

    @property
    def db(self) -> Path:
        """Progress: the one file that cannot be made again."""
        return self.root / "studykit.db"

    @property
    def cache(self) -> Path:
        """Parsed decks; deleting it costs a second."""
        return self.root / "cache.db"

    @property
    def decks(self) -> Path:
        """The learner's own decks."""
        return self.root / "decks"

    @property
    def families(self) -> Path:
        """The learner's own families of problems, which are code."""
        return self.root / "families"

    @property
    def config(self) -> Path:
        return self.root / "config.toml"

    @property
    def drafts(self) -> Path:
        """What was typed and not graded yet; deleting it loses no answer."""
        return self.root / "drafts.json"

    @property
    def backups(self) -> Path:
        return self.root / "backups"

    def make(self) -> None:
        """Create the folder and the place for own decks.

        Raises StudyError where that is impossible.
        """
        try:
            self.decks.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StudyError(
                f"Cannot create {self.decks}: {error.strerror or error}. "
                "Choose another folder with --home or STUDYKIT_HOME."
            ) from error
