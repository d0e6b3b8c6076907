"""The wheel and the sdist carry everything: the decks, the migrations, the styles."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from studykit.decks import Library

ROOT = Path(__file__).parents[2]
SHIPPED = sorted(path.name for path in (ROOT / "decks").glob("*.yaml"))


def build(target: str, source: Path, folder: Path) -> Path:
    """A wheel or sdist of the project in `source`, without the network."""
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", str(folder)],
        cwd=source,
        check=True,
        capture_output=True,
        timeout=120,
    )
    (made,) = folder.glob("*.whl" if target == "wheel" else "*.tar.gz")
    return made


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build("sdist", ROOT, tmp_path_factory.mktemp("sdist"))


@pytest.fixture(scope="module")
def wheel(sdist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from the unpacked sdist, as a packager would."""
    unpacked = tmp_path_factory.mktemp("unpacked")
    with tarfile.open(sdist) as archive:
        archive.extractall(unpacked, filter="data")
    (source,) = unpacked.iterdir()
    return build("wheel", source, tmp_path_factory.mktemp("wheel"))


def test_the_sdist_holds_decks_tests_and_make(sdist: Path) -> None:
    with tarfile.open(sdist) as archive:
        names = {name.split("/", 1)[1] for name in archive.getnames() if "/" in name}
    assert {f"decks/{name}" for name in SHIPPED} <= names
    assert {"Makefile", "README.md", "constraints.txt", "pyproject.toml"} <= names


def test_the_wheel_serves_its_decks_from_inside(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    assert {f"studykit/shipped/{name}" for name in SHIPPED} <= names
    assert {"studykit/py.typed", "studykit/tui/studykit.tcss"} <= names
    assert any(name.endswith(".sql") for name in names)
    installed = tmp_path / "site"
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"),
            *("--disable-pip-version-check", "--target", str(installed), str(wheel)),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    ran = subprocess.run(
        [sys.executable, "-m", "studykit", "decks", "--json"],
        cwd=elsewhere,
        env={**os.environ, "PYTHONPATH": str(installed), "PYTHONSAFEPATH": "1"},
        check=True,
        capture_output=True,
        text=True,
        timeout=120,
    )
    where = subprocess.run(
        [sys.executable, "-c", "from studykit.decks import shipped_decks; print(shipped_decks())"],
        cwd=elsewhere,
        env={**os.environ, "PYTHONPATH": str(installed), "PYTHONSAFEPATH": "1"},
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert where.stdout.strip() == str(installed / "studykit" / "shipped")
    served = {deck.id for deck in Library([ROOT / "decks"]).decks()}
    assert {deck["id"] for deck in json.loads(ran.stdout)} == served


def test_a_checkout_serves_its_decks_from_beside_the_package() -> None:
    from studykit.decks import shipped_decks

    assert shipped_decks() == ROOT / "decks"
