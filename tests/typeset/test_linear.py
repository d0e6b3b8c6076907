"""The one-row form is exact: whoever reads it, in either convention, finds the same value.

Random expressions are set in TeX, drawn on one row and read back by a small reader of this file,
once with products written side by side binding like any product, once binding more tightly than a
slash.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from studykit.typeset import draw

VALUES = {"a": 1.7, "b": 0.6, "c": 2.3, "x": 1.1, "Q": 0.9}


@dataclass(frozen=True)
class Made:
    """An expression as TeX, with its value; `kind` says what may stand beside it unbracketed."""

    tex: str
    value: float
    kind: str = "atom"


def bracketed(made: Made, *, product: bool = False) -> str:
    loose = made.kind == "sum" or (made.kind == "product" and not product)
    return f"({made.tex})" if loose else made.tex


def power(base: Made, exponent: Made) -> Made:
    tex = bracketed(base) if base.kind in {"sum", "product"} else f"{{{base.tex}}}"
    return Made(f"{tex}^{{{exponent.tex}}}", abs(base.value) ** exponent.value, "product")


def product(one: Made, two: Made, sign: str) -> Made:
    if sign == "" and two.tex[0].isdigit():
        sign = r"\cdot "
    tex = bracketed(one, product=True) + sign + bracketed(two, product=True)
    return Made(tex, one.value * two.value, "product")


ATOMS = st.sampled_from([Made(name, value) for name, value in VALUES.items()]) | st.integers(
    2, 12
).map(lambda n: Made(str(n), float(n)))


def grown(inner: st.SearchStrategy[Made]) -> st.SearchStrategy[Made]:
    return st.one_of(
        st.builds(lambda p, q: Made(f"{p.tex}+{q.tex}", p.value + q.value, "sum"), inner, inner),
        st.builds(
            lambda p, q: Made(f"{p.tex}-{bracketed(q)}", p.value - q.value, "sum"), inner, inner
        ),
        st.builds(product, inner, inner, st.sampled_from(["", r"\cdot ", r"\,"])),
        st.builds(
            lambda p, q: Made(f"\\frac{{{p.tex}}}{{{q.tex}}}", p.value / q.value, "fraction"),
            inner,
            inner.filter(lambda made: made.value != 0),
        ),
        st.builds(lambda p: Made(f"\\sqrt{{{p.tex}}}", math.sqrt(abs(p.value))), inner),
        st.builds(power, inner, ATOMS),
    )


EXPRESSIONS = st.recursive(ATOMS, grown, max_leaves=7)


def read(row: str, *, side_by_side_first: bool) -> float:
    return Reader(row, side_by_side_first=side_by_side_first).whole()


def _spelled(raised: re.Match[str]) -> str:
    return f"^({unicodedata.normalize('NFKC', raised[0])})"


class Reader:
    """Sums, products, quotients from left to right, roots and powers, over one row of text."""

    def __init__(self, row: str, *, side_by_side_first: bool) -> None:
        spelled = re.sub(r"[⁰¹²³⁴-⁹ᵃᵇˣ]+", _spelled, row)
        self.tokens: list[str] = re.findall(r"\d+|[½⅓⅔¼¾⅛⅜⅝⅞]|[^\s\d]", spelled)
        self.at = 0
        self.tight = side_by_side_first

    def peek(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self) -> str:
        self.at += 1
        return self.tokens[self.at - 1]

    def whole(self) -> float:
        value = self.sum()
        assert self.peek() == "", self.tokens
        return value

    def sum(self) -> float:
        value = self.product()
        while self.peek() in {"+", "−"}:
            value += self.product() if self.take() == "+" else -self.product()
        return value

    def product(self) -> float:
        factor: Callable[[], float] = self.run if self.tight else self.power
        value = factor()
        while (sign := self.peek()) and sign not in "+−)":
            if sign == "/":
                self.take()
                value /= factor()
            else:
                if sign == "·":
                    self.take()
                value *= factor()
        return value

    def run(self) -> float:
        value = self.power()
        while (sign := self.peek()) and sign not in "+−)/·":
            value *= self.power()
        return value

    def power(self) -> float:
        value = self.atom()
        while self.peek() == "^":
            self.take()
            value = abs(value) ** self.atom()
        return value

    def atom(self) -> float:
        sign = self.take()
        if sign == "(":
            value = self.sum()
            assert self.take() == ")"
            return value
        if sign == "√":
            return math.sqrt(abs(self.atom()))
        if sign in VALUES:
            return VALUES[sign]
        return unicodedata.numeric(sign) if len(sign) == 1 else float(sign)


@given(EXPRESSIONS)
@settings(derandomize=True, deadline=None, max_examples=500)
def test_a_formula_on_one_row_is_read_only_one_way(made: Made) -> None:
    assume(abs(made.value) < 1e9)
    drawing = draw(made.tex, inline=True)
    assume(len(drawing.lines) == 1)
    assert drawing.how == "drawn"
    for side_by_side_first in (False, True):
        found = read(drawing.lines[0], side_by_side_first=side_by_side_first)
        assert math.isclose(found, made.value, rel_tol=1e-9, abs_tol=1e-9), made.tex
