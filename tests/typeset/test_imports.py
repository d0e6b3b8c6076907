"""What loading the room costs: nothing heavy, and only the door before a card is shown."""

from __future__ import annotations

import subprocess
import sys

HEAVY = {"texicode", "pylatexenc", "textual", "rich", "numpy", "sympy", "yaml", "msgspec", "click"}


def loaded_after(code: str) -> set[str]:
    script = f"import sys\n{code}\nprint('\\n'.join(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


def test_cleaning_a_deck_loads_only_the_door() -> None:
    loaded = loaded_after("from studykit.typeset import clean, stains; clean('x'); stains('x')")
    assert {name for name in loaded if name.startswith("studykit.typeset.")} == {
        "studykit.typeset.clean"
    }
    assert not loaded & HEAVY


def test_showing_a_card_with_mathematics_loads_no_other_library() -> None:
    code = r"from studykit.typeset import *; lay_out('# a $\\frac{a}{b}$ **c** $$\\sqrt{x}$$', 40)"
    assert not loaded_after(code) & HEAVY


def test_every_public_name_is_found_and_stays_what_it_is() -> None:
    code = """
import studykit.typeset as t
import studykit.typeset.clean, studykit.typeset.inline, studykit.typeset.plaintext
assert all(callable(getattr(t, name)) or name in {"Block", "Line", "Span"} for name in t.__all__)
try:
    t.nothing
except AttributeError:
    pass
else:
    raise SystemExit(1)
"""
    loaded_after(code)
