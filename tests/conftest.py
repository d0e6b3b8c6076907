"""What every test gets: a home of its own, and no settings of the person who runs the tests."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("studykit", deadline=None, derandomize=True, database=None)
settings.load_profile("studykit")


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A temporary STUDYKIT_HOME; nothing of the environment reaches the program."""
    for name in list(os.environ):
        if name.startswith("STUDYKIT_"):
            monkeypatch.delenv(name)
    for name in ("NO_COLOR", "TEXTUAL_THEME", "EDITOR", "VISUAL"):
        monkeypatch.delenv(name, raising=False)
    home = tmp_path / "home"
    monkeypatch.setenv("STUDYKIT_HOME", str(home))
    return home
