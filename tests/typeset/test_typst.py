"""Card text as Typst: it compiles whatever it says, and nothing in it is a command."""

from __future__ import annotations

import io

import pypdf
import pytest
import typst as compiler
from hypothesis import given, settings
from hypothesis import strategies as st

from studykit.typeset.typst import equation, text, typst
from tests.typeset.golden import FORMULAS, SHAPES

BARE = "#set page(width: auto, height: auto)\n"


def shown(source: str) -> str:
    """The text of the PDF that a Typst source makes."""
    made = compiler.compile((BARE + source).encode(), format="pdf", ignore_system_fonts=True)
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(made)).pages)


def test_every_formula_compiles() -> None:
    made = "\n\n".join(
        equation(source, display=at % 2 == 0) for at, source in enumerate((*SHAPES, *FORMULAS))
    )
    assert len(shown(made)) > 1000


@pytest.mark.parametrize(
    "hostile",
    [
        "#panic()",
        '"; #panic(); "',
        "$ #panic() $x",
        "```#panic()```",
        "*_@<label>= - + /",
        "\\u{41}",
    ],
)
def test_a_text_is_shown_and_never_run(hostile: str) -> None:
    plain = "".join(shown(f"{text(hostile)}.len()").split())
    assert plain == "".join(f"{hostile}.len()".split())
    assert ("panic" in hostile) == ("panic" in shown(equation(rf"\text{{{hostile}}}")))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(max_size=60), min_size=20, max_size=20))
def test_whatever_a_card_says_it_compiles(texts: list[str]) -> None:
    assert compiler.compile(
        (BARE + "\n\n".join(map(typst, texts))).encode(), format="pdf", ignore_system_fonts=True
    )


def test_marks_and_formulas_are_laid_out() -> None:
    made = shown(typst("A **bold** word, `code` and $a_1 = 2$:\n\n- one\n- two\n\n3. three"))
    for part in ("bold", "code", "one", "two", "3."):
        assert part in made
