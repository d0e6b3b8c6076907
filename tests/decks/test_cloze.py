"""Blanks with formulas in them, formulas with braces in them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studykit.decks.cloze import parts, slips


@pytest.mark.parametrize(
    ("text", "blanks"),
    [
        ("a {{b}} c {{d e}}", ["b", "d e"]),
        (r"{{$\sqrt{d_k}$}} is the divisor", [r"$\sqrt{d_k}$"]),
        (r"{{$e^{x^{2}}$}}, {{two}}", [r"$e^{x^{2}}$", "two"]),
        (r"{{\(e^{x^{2}}\)}}", [r"\(e^{x^{2}}\)"]),
        (r"{{$$\frac{{a}}{{b}}$$}}", [r"$$\frac{{a}}{{b}}$$"]),
        ("{{ {a} }}", ["{a}"]),
        ("{{a {b}}}", ["a {b}"]),
        ("{{$5}} and {{$6}}", ["$5", "$6"]),
        ("costs {{\\$5}} each", ["\\$5"]),
        (r"$\frac{{a}}{b}$ and {{c}}", ["c"]),
        ("`{{x}}` and {{y}}", ["y"]),
        ("{{one}}{{two}}", ["one", "two"]),
    ],
)
def test_blanks_are_found(text: str, blanks: list[str]) -> None:
    assert [part.text for part in parts(text) if part.blank] == blanks
    assert slips(text) == ()


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("no blank", [(0, "cloze-without-blank")]),
        (r"only $\frac{{a}}{b}$", [(0, "cloze-without-blank")]),
        ("a {{b", [(2, "unbalanced-cloze")]),
        ("a }} b {{c}}", [(2, "unbalanced-cloze")]),
        ("{{a {{b}}", [(0, "unbalanced-cloze")]),
        ("x {{}} y", [(2, "empty-blank")]),
        ("{{" + "a" * 1001 + "}}", [(0, "unbalanced-cloze"), (1003, "unbalanced-cloze")]),
    ],
)
def test_slips_are_found_at_their_place(text: str, places: list[tuple[int, str]]) -> None:
    assert [(slip.start, slip.code) for slip in slips(text)] == places


@settings(derandomize=True, deadline=None, max_examples=200)
@given(st.text(st.sampled_from("{}$\\`ab 5\n"), max_size=60))
def test_no_text_is_lost_between_the_blanks(text: str) -> None:
    found = parts(text)
    rest = text
    for part in found:
        assert part.text in rest
        rest = rest[rest.index(part.text) + len(part.text) :]
    if not slips(text):
        assert any(part.blank for part in found)


def test_a_long_hostile_sentence_is_read_in_no_time() -> None:
    for unit in ("{{", "{{$", "}}", "{{$}}", "`", "\\(", "$ ", "{"):
        parts(unit * (20_000 // len(unit)))
