"""The lint finds exactly the formulas that are shown as formulas."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studykit.decks.lint import texts_of
from studykit.decks.loader import read_deck
from studykit.decks.mathtext import braces_off, formulas
from studykit.decks.places import deck_files, shipped_decks
from studykit.typeset import Block, Code, Display, Formula, Listing, Words, parse


def shown(blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Display):
            yield block.tex
        elif isinstance(block, Listing):
            for item in block.items:
                yield from shown(item)
        elif not isinstance(block, Code):
            for span in block.spans:
                if isinstance(span, Formula):
                    yield span.tex
                else:
                    assert isinstance(span, Words)


def same(text: str) -> bool:
    found, _ = formulas(text)
    return [one.tex.split() for one in found] == [tex.split() for tex in shown(parse(text))]


def test_in_the_shipped_decks_the_lint_and_the_screen_see_the_same_formulas() -> None:
    count = 0
    for file in deck_files([shipped_decks()]):
        for placed in read_deck(file).cards:
            for text, _ in texts_of(placed.value, placed.spot):
                assert same(text), text
                count += len(formulas(text)[0])
    assert count > 100


@pytest.mark.parametrize(
    ("text", "tex"),
    [
        ("a $x$ b", ["x"]),
        ("$$x$$", ["x"]),
        (r"\(x\) and \[y\]", ["x", "y"]),
        ("$5 and 6$ and $7", []),
        ("$ x $", []),
        (r"\$x$ y$", []),
        ("`$x$` $y$", ["y"]),
        ("```\n$x$\n```\n$y$", ["y"]),
        ("a $x\n\ny$ b", []),
        (r"$\text{cost \$5}$", [r"\text{cost \$5}"]),
        ("$x$$y$", ["x"]),
        ("$$ $$", []),
    ],
)
def test_formulas_are_found(text: str, tex: list[str]) -> None:
    assert [one.tex for one in formulas(text)[0]][: len(tex)] == tex


@pytest.mark.parametrize(
    ("text", "alone"),
    [
        ("a $x b", [2]),
        (r"a \(x", [2]),
        (r"a x\)", [3]),
        ("$$x", [0]),
        ("$x$ y $z", [6]),
        ("costs $5", []),
        (r"\$ and \\(", []),
    ],
)
def test_lonely_delimiters_are_found(text: str, alone: list[int]) -> None:
    assert formulas(text)[1] == alone


@settings(derandomize=True, deadline=None, max_examples=300)
@given(st.text(st.sampled_from("$ax5 \\{}"), max_size=16))
def test_on_one_line_dollars_pair_up_as_on_the_screen(text: str) -> None:
    if "\\" not in text:
        assert same(text)


@pytest.mark.parametrize(
    ("tex", "place"), [("{a}", None), (r"\{a", None), ("a{b", 1), ("a}b", 1), ("{{a}", 0)]
)
def test_a_brace_without_a_partner_is_found(tex: str, place: int | None) -> None:
    assert braces_off(tex) == place
