"""The desk at which the tests of screens sit that need a real collection."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.study.desk import Desk


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    return Desk(tmp_path, monkeypatch)
