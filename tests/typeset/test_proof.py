"""The proof: a lost, doubled, shrunk or changed sign is found."""

from __future__ import annotations

import pytest

from studykit.typeset.proof import proves, signs_of_source

SOURCE = r"\frac{W_V^\top x_i-2}{\sqrt{\hat y}}\le\sum_{j=1}^n\text{softmax}(s_j)\cdot\beta"
RIGHT = ["Wᵥᵀ".replace("ᵥ", "_V"), "xᵢ − 2 √ŷ ≤ ∑ⱼ₌₁ⁿ", "softmax(sⱼ)·β"]


def proved(lines: list[str]) -> bool:
    wanted = signs_of_source(SOURCE)
    assert wanted is not None
    return proves(lines, wanted)


def test_small_forms_and_brackets_of_any_size_are_no_difference() -> None:
    assert proved(RIGHT)
    assert proved([line.replace("(", "⎛") for line in RIGHT])
    assert proved(["x_i - 2", "W_V^T", "y\u0302≤∑", "j=1", "n", "softmaxs_j", "·β", "────"])


@pytest.mark.parametrize(
    ("sign", "instead"),
    [
        ("V", ""),
        ("V", "v"),
        ("ᵀ", ""),
        ("−", "+"),
        ("−", ""),
        ("ŷ", "y"),
        ("ŷ", "ỹy"),
        ("≤", "<"),
        ("∑", ""),
        ("ⱼ", ""),
        ("ⁿ", "ⁿⁿ"),
        ("·", ""),
        ("β", "b"),
        ("2", "²3"),
        ("₁", "₂"),
        ("√", "√?"),
    ],
)
def test_a_lost_or_changed_sign_is_found(sign: str, instead: str) -> None:
    assert not proved([line.replace(sign, instead, 1) for line in RIGHT])


def test_an_unknown_command_cannot_be_proved() -> None:
    assert signs_of_source(r"\unknown{x}") is None
