"""Readings of single numbers: what is understood, what is refused, and where."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest

from studykit.answers import AnswerError, echo, read_number

EXACT: dict[str, Fraction | int] = {
    "7": 7,
    "-3": -3,
    "−3": -3,
    "– 3": -3,
    "+4": 4,
    "--3": 3,
    "3 - -2": 5,
    "3+-2": 1,
    "1/3": Fraction(1, 3),
    "2/4": Fraction(1, 2),
    "-2/6": Fraction(-1, 3),
    "1 / 8": Fraction(1, 8),
    "1÷8": Fraction(1, 8),
    "1⁄8": Fraction(1, 8),
    "0.5": Fraction(1, 2),
    ".5": Fraction(1, 2),
    "5.": 5,
    "0.50": Fraction(1, 2),
    "0.1+0.2": Fraction(3, 10),
    "0,5": Fraction(1, 2),
    "3,14": Fraction(157, 50),
    "0,125": Fraction(1, 8),
    "-0,25": Fraction(-1, 4),
    "1,234.5": Fraction(2469, 2),
    "1,234,567": 1234567,
    "12\u2009345": 12345,
    "12\u202f345\u202f678": 12345678,
    "1e-3": Fraction(1, 1000),
    "1E3": 1000,
    "1.5e+2": 150,
    "6.1×10^-2": Fraction(61, 1000),
    "6.1 ×10^2": 610,
    "6.1*10^-2": Fraction(61, 1000),
    "3x10^2": 300,
    "3 x 10^-1": Fraction(3, 10),
    r"12\,345": 12345,
    "6.1·10⁻²": Fraction(61, 1000),
    "2*10**3": 2000,
    "10^{-2}": Fraction(1, 100),
    "s = -4/3": Fraction(-4, 3),
    "x₁ = 2": 2,
    "d_k=0,5": Fraction(1, 2),
    "$L = \\frac{1}{2}$": Fraction(1, 2),
    "y = tensor(0.5)": Fraction(1, 2),
    "50%": Fraction(1, 2),
    "12.5 %": Fraction(1, 8),
    "12,5%": Fraction(1, 8),
    "½": Fraction(1, 2),
    "-¾": Fraction(-3, 4),
    "1½": Fraction(3, 2),
    "2 ⅔": Fraction(8, 3),
    "1 + 1/2": Fraction(3, 2),
    "2²": 4,
    "2⁻¹": Fraction(1, 2),
    "2^10": 1024,
    "2**10": 1024,
    "-2^2": -4,
    "(-2)^2": 4,
    "2^3^2": 512,
    "2^-3": Fraction(1, 8),
    "(1/2)^3": Fraction(1, 8),
    "5!": 120,
    "2·3!": 12,
    "√4": 2,
    "√(9/16)": Fraction(3, 4),
    "sqrt(0.25)": Fraction(1, 2),
    "sqrt 16": 4,
    "4^(1/2)": 2,
    "8^(1/3)": 2,
    "(-8)^(1/3)": -2,
    "(-8)^(2/3)": 4,
    "cbrt(-8)": -2,
    "|-3|": 3,
    "|2-5|": 3,
    "2|3|": 6,
    "||2|-5|": 3,
    "abs(-1/2)": Fraction(1, 2),
    "max(1, 3, 2)": 3,
    "2(3)": 6,
    "(2)(3)": 6,
    "2(3+4)": 14,
    "6/2*3": 9,
    "1/2/2": Fraction(1, 4),
    "1-1/2": Fraction(1, 2),
    "log2(8)": 3,
    "log_2 8": 3,
    "log_{10} 100": 2,
    "log10(0.01)": -2,
    "lg(1000)": 3,
    "ln 1": 0,
    "exp(0)": 1,
    "e^0": 1,
    "sin 0": 0,
    "floor(2.7)": 2,
    "ceil(2.1)": 3,
    r"\frac{1}{2}": Fraction(1, 2),
    r"\frac12": Fraction(1, 2),
    r"-\frac{3}{4}": Fraction(-3, 4),
    r"\dfrac{2}{8}": Fraction(1, 4),
    r"$\frac{1}{2}$": Fraction(1, 2),
    r"\(0.5\)": Fraction(1, 2),
    r"2 \cdot 3": 6,
    r"2 \times 10^{3}": 2000,
    r"\left(1+2\right)\cdot 2": 6,
    r"50\%": Fraction(1, 2),
    r"0{,}5": Fraction(1, 2),
    "sum_{k=1}^{4} k^2": 30,
    r"\sum_{k=1}^{10} k": 55,
    "∏_{k=1}^{4} k": 24,
    "tensor(0.5)": Fraction(1, 2),
    "np.float64(0.25)": Fraction(1, 4),
    "array([0.5])": Fraction(1, 2),
    "[0.5]": Fraction(1, 2),
    " 7 \n": 7,
    "010": 10,
    "1.e3": 1000,
}

ROUGH: dict[str, float] = {
    "√2/2": math.sqrt(2) / 2,
    "sqrt(2)/2": math.sqrt(2) / 2,
    "√2/√3": math.sqrt(2 / 3),
    "1/√2": 1 / math.sqrt(2),
    "√2√3": math.sqrt(6),
    "2√3": 2 * math.sqrt(3),
    "√2 π": math.sqrt(2) * math.pi,
    "pi": math.pi,
    "π/4": math.pi / 4,
    "2π": 2 * math.pi,
    "2 pi": 2 * math.pi,
    "3/2 π": 1.5 * math.pi,
    "e": math.e,
    "2e": 2 * math.e,
    "e^2": math.e**2,
    "e²": math.e**2,
    "e^(-1/2)": math.exp(-0.5),
    "e^-1": math.exp(-1),
    "e/(1+e)": math.e / (1 + math.e),
    "ln 3": math.log(3),
    "ln(3)": math.log(3),
    "log(3)": math.log(3),
    "ln 2 / 3": math.log(2) / 3,
    "ln(2)/ln(3)": math.log(2) / math.log(3),
    "exp(2)": math.exp(2),
    "exp(-0.5)": math.exp(-0.5),
    "exp(1)/(exp(1)+exp(2))": math.e / (math.e + math.e**2),
    "sigmoid(2)": 1 / (1 + math.exp(-2)),
    "σ(0.5)": 1 / (1 + math.exp(-0.5)),
    "tanh(1)": math.tanh(1),
    "cos 2": math.cos(2),
    "sin^2(1)": math.sin(1) ** 2,
    "2^0.5": math.sqrt(2),
    r"\sqrt{2}/2": math.sqrt(2) / 2,
    r"\frac{\sqrt{2}}{2}": math.sqrt(2) / 2,
    r"\sqrt[3]{5}": 5 ** (1 / 3),
    r"\ln 2": math.log(2),
    r"e^{-\frac{1}{2}}": math.exp(-0.5),
    r"\frac{e}{1+e}": math.e / (1 + math.e),
    "np.exp(1)": math.e,
    "math.sqrt(2)": math.sqrt(2),
    "inf": math.inf,
    "-inf": -math.inf,
    "∞": math.inf,
}

REFUSED: dict[str, tuple[int, str]] = {
    "": (0, "nothing"),
    "   ": (0, "nothing"),
    "1 1/2": (2, "1 + 1/2"),
    "1 2 3": (2, "side by side"),
    "12 345": (3, "Write 12345 without spaces."),
    "1 771 008": (2, "Write 1771008 without spaces."),
    "-1 771 008": (3, "Write 1771008 without spaces."),
    "1 771 08": (2, "side by side"),
    "1 771 008 tokens": (2, "Write 1771008 without spaces."),
    "3.75 GiB": (5, "Write the number alone, without the unit: 3.75."),
    "3.75GiB": (4, "without the unit: 3.75."),
    "77 sequences": (3, "without the unit: 77."),
    "9/4 bits": (4, "without the unit: 9/4."),
    "-2 nats": (3, "without the unit: -2."),
    "√2/2 bits": (5, "without the unit: √2/2."),
    "2^10 bytes": (5, "without the unit: 2^10."),
    "12 percent": (3, "without the unit: 12."),
    "4e9 FLOPs": (4, "without the unit: 4e9."),
    "1.5 tokens per second": (4, "without the unit: 1.5."),
    "900 GB/s": (4, "without the unit: 900."),
    "5 s": (2, "without the unit: 5."),
    "2x": (1, "not a name"),
    "2 x": (2, "not a name"),
    "bits": (0, "not a name"),
    "π bits": (2, "not a name"),
    "-1.(3)": (3, "a repeating decimal: write it as a fraction"),
    "1,234": (1, "thousands"),
    "12,345": (2, "thousands"),
    "1_000": (1, "underscore"),
    "0x1F": (0, "0x"),
    "0b101": (0, "0x"),
    "1..2": (1, "dots"),
    "1.2.3": (3, "two decimal points"),
    "2**": (1, "missing after"),
    "1+": (1, "missing after"),
    "*3": (0, "missing before"),
    "(1,2)": (2, "comma"),
    "1, 2": (1, "comma"),
    "1;2": (1, "semicolon"),
    "(1": (0, "never closed"),
    "1)": (1, "never opened"),
    "(1]": (2, "does not close"),
    "()": (0, "brackets"),
    "1<2": (1, "inequality"),
    "x": (0, "not a name"),
    "sqroot(2)": (0, "sqrt"),
    "=3": (0, "without ="),
    "x =": (0, "not a name"),
    "x == 3": (0, "not a name"),
    "x = y = 3": (4, "not a name"),
    "2 = 2": (2, "without ="),
    "e = 3": (2, "without ="),
    "x + 1 = 3": (0, "not a name"),
    "x = 1/0": (5, "zero"),
    "loss = 3.75 GiB": (12, "without the unit: 3.75."),
    "1/0": (1, "zero"),
    "0/0": (1, "zero"),
    "0^0": (1, "undefined"),
    "ln 0": (0, "undefined"),
    "ln(-1)": (0, "undefined"),
    "√(-1)": (1, "not real"),
    "(-8)^0.5": (4, "not real"),
    "9^9^9": (1, "too large"),
    "2^100000": (1, "too large"),
    "171!": (3, "170"),
    "2.5!": (3, "whole"),
    "1e999": (0, "too large"),
    "3!!": (1, "Double"),
    "5%3": (1, "percent"),
    "5 % 3": (2, "percent"),
    "7//2": (1, "//"),
    "1/2π": (1, "divided"),
    "6÷2(3)": (1, "divided"),
    "√2π": (0, "root"),
    "√2²": (2, "root"),
    "ln 2/3": (0, "ln"),
    "ln 2 π": (0, "ln"),
    "ln2": (0, "ln(2)"),
    "sin^-1(1)": (0, "inverse"),
    "e^2π": (1, "exponent"),
    "2 e -3": (1, "power of ten"),
    "2e - 3": (1, "power of ten"),
    "(2)3": (3, "number follows"),
    "π2": (0, "unclear"),
    "1\\frac{1}{2}": (1, "mixed"),
    "5 ± 1": (2, "±"),
    "≈0.5": (0, "≈"),
    "1\u200b2": (1, "invisible"),
    "1\x00": (1, "NUL"),
    "\x1b[31m1": (0, "escape"),
    "1\u202e2": (1, "invisible"),
    "１２": (0, "0–9"),
    "٣": (0, "0–9"),
    "'1'": (0, "missing before"),
    '"1"': (0, "Quotation"),
    "1 or 2": (2, "not a name"),
    "None": (0, "not a name"),
    "3 apples": (2, "without the unit: 3."),
    r"\input{x}": (0, r"\input"),
    "1...3": (1, "dots"),
    "0.333...": (4, "dots"),
    "1/3%": (3, "Percent of what"),
    "√1/2": (0, "root"),
    "√4/9": (0, "root"),
    "2^1/2": (2, "exponent"),
    "e^-1/2": (3, "exponent"),
    "1'000": (1, "apostrophe"),
    "12''": (3, "transpose"),
    "0.1(6)": (3, "repeating decimal"),
    "exp(-1000)": (0, "too small"),
    "1^inf": (1, "infinity"),
}


@pytest.mark.parametrize("text", EXACT)
def test_an_exact_number_is_read_exactly(text: str) -> None:
    number = read_number(text)
    assert number.exact == EXACT[text]
    assert number.value == float(EXACT[text])


@pytest.mark.parametrize("text", ROUGH)
def test_a_rough_number_is_read_to_full_precision(text: str) -> None:
    number = read_number(text)
    assert number.exact is None
    assert number.value == pytest.approx(ROUGH[text], rel=1e-14)


@pytest.mark.parametrize("text", REFUSED)
def test_unclear_text_is_refused_with_place_and_reason(text: str) -> None:
    position, words = REFUSED[text]
    with pytest.raises(AnswerError) as refusal:
        read_number(text)
    assert words in refusal.value.cause
    assert refusal.value.position == position


@pytest.mark.parametrize("text", [*EXACT, *ROUGH])
def test_an_echo_reads_back_to_the_same_number(text: str) -> None:
    number = read_number(text)
    again = read_number(echo(number))
    assert again.exact == number.exact
    assert again.value == number.value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0,5", 0.5),
        ("1,234", 1.234),
        ("1.234,5", 1234.5),
        ("1.5", 1.5),
        ("1.234.567,25", 1234567.25),
    ],
)
def test_a_stated_decimal_comma_is_taken_at_its_word(text: str, value: float) -> None:
    assert read_number(text, decimal_comma=True).value == value


@pytest.mark.parametrize(
    ("text", "value"),
    [("1.234,5", 1234.5), ("1.234.567,89", 1234567.89), ("1,234.5", 1234.5), ("-1,234.0", -1234)],
)
def test_two_sorts_of_marks_show_which_one_groups(text: str, value: float) -> None:
    assert read_number(text).value == value
    assert read_number(text, decimal_comma=True).value == value


@pytest.mark.parametrize("text", ["1.234", "12.345.678"])
def test_a_point_that_may_group_thousands_is_refused_where_commas_are_decimal(text: str) -> None:
    with pytest.raises(AnswerError):
        read_number(text, decimal_comma=True)


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("0.50", 2),
        ("0.5", 1),
        ("3", None),
        ("1/3", None),
        ("6.1e-2", 3),
        ("6.1*10^-2", 3),
        ("-0.250", 3),
        ("12.5%", 3),
        ("0.2+0.3", None),
        ("√2", None),
    ],
)
def test_the_digits_written_after_the_point_are_counted(text: str, places: int | None) -> None:
    assert read_number(text).places == places


def test_undefined_is_a_word_of_its_own() -> None:
    assert math.isnan(read_number("undefined").value)
    assert echo(read_number("nan")) == "undefined"
