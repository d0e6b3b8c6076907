"""What a process loads: a command line without Textual, a first frame without NumPy."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = ("numpy", "sympy", "click", "fsrs", "TeXicode", "pylatexenc", "plotext", "mpmath")


def loaded(code: str) -> set[str]:
    """The top-level modules, and studykit's and Textual's own, that are loaded after `code`."""
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys\nprint('\\n'.join(sys.modules))"],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return set(done.stdout.split())


@pytest.mark.parametrize(
    "module",
    [
        "studykit.cli.group",
        "studykit.cli.decks",
        "studykit.cli.problem",
        "studykit.cli.check",
        "studykit.cli.plain",
        "studykit.cli.stats",
        "studykit.cli.doctor",
        "studykit.study.session",
    ],
)
def test_nothing_but_the_app_loads_textual(module: str) -> None:
    assert not {name for name in loaded(f"import {module}") if name.startswith("textual")}


def test_the_version_needs_neither_click_nor_textual() -> None:
    modules = loaded(
        "import sys; sys.argv = ['studykit', '--version']\n"
        "from studykit.__main__ import main\nmain()"
    )
    assert not modules & {"click", "textual", "msgspec", "yaml", "sqlite3", "dataclasses"}


def test_opening_a_collection_with_a_warm_cache_loads_no_library() -> None:
    code = (
        "from studykit.study import Collection, Home\n"
        "with Collection.open(Home.find()) as collection:\n"
        "    collection.decks(), collection.today()\n"
    )
    loaded(code)
    assert not loaded(code) & {*HEAVY, "yaml", "msgspec", "platformdirs"}


def test_reading_typed_answers_needs_neither_numpy_nor_sympy() -> None:
    code = (
        "from studykit.answers import read_matrix, read_number\n"
        "read_number('sqrt(2)/2'), read_matrix('1 2; 3 4')"
    )
    assert not loaded(code) & {"numpy", "sympy", "mpmath"}


def test_a_rapid_round_begins_without_loading_every_family() -> None:
    modules = loaded(
        "import os\n"
        "from pathlib import Path\n"
        "from studykit.study.collection import Collection\n"
        "from studykit.study.home import Home\n"
        "from studykit.study.interview.rapid import rapid_fire\n"
        "with Collection.open(Home(Path(os.environ['STUDYKIT_HOME']))) as collection:\n"
        "    assert rapid_fire(collection).next() is not None"
    )
    assert not [name for name in modules if name.startswith("studykit.problems.families.")]


def test_a_first_formula_is_judged_with_what_was_loaded_while_it_was_read() -> None:
    before = "from studykit.study.warm import load, missing\nload(missing(formula=True))\n"
    judged = (
        "from studykit.answers import read_expression as read, same_expression as same\n"
        "names = {'W': 'm×n', 'x': 'n×1', 'b': 'm×1'}\n"
        "assert not missing(formula=True)\n"
        "same(read('W x', names), read('W x + b', names))\n"
    )
    late = loaded(before + judged) - loaded(before)
    assert not {name for name in late if not name.startswith(("studykit.answers.", "_"))} - {
        "random"
    }
