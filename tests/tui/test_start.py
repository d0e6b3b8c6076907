"""What is loaded before the first frame, and the collector that rests until then."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

FORBIDDEN = (
    "numpy",
    "sympy",
    "click",
    "fsrs",
    "yaml",
    "msgspec",
    "plotext",
    "textual_plotext",
    "markdown_it",
    "textual.widgets._markdown",
    "textual.widgets._text_area",
    "studykit.problems",
    "studykit.answers",
    "studykit.tui.plots",
    "TeXicode",
    "pylatexenc",
)
FIRST_FRAME = """
import gc, json, sys
from studykit.study.home import Home
from studykit.study.settings import load
from studykit.study.start import Start
import studykit.tui
loaded_by_the_door = "textual" in sys.modules
collecting = []
def ready(self):
    found["modules"] = sorted(sys.modules)
    found["resting"] = not gc.isenabled()
    kept(self)
    found["collecting"] = gc.isenabled()
    self.exit()
found = {"door": loaded_by_the_door}
from textual.app import App
real_run = App.run
App.run = lambda self: real_run(self, headless=True, size=(80, 24))
from studykit.tui.app import StudyApp
kept = StudyApp.on_ready
StudyApp.on_ready = ready
home = Home.find()
studykit.tui.run_app(home, load(home), Start())
print(json.dumps(found))
"""


def first_frame(home: Path) -> dict[str, object]:
    done = subprocess.run(
        [sys.executable, "-c", FIRST_FRAME],
        env={**os.environ, "STUDYKIT_HOME": str(home)},
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_nothing_heavy_is_loaded_before_the_first_frame(tmp_path: Path) -> None:
    first_frame(tmp_path)
    found = first_frame(tmp_path)
    modules = found["modules"]
    assert isinstance(modules, list)
    assert [one for one in FORBIDDEN if one in modules] == []
    assert found["door"] is False, "the package alone loads no Textual"


def test_the_collector_rests_until_the_first_frame(tmp_path: Path) -> None:
    found = first_frame(tmp_path)
    assert (found["resting"], found["collecting"]) == (True, True)
