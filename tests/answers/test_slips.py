"""Wrong formulas: the slip is named where computing shows it, and never on a right answer."""

from __future__ import annotations

import pytest

from studykit.answers import AnswerError, read_expression, same_expression

LOSS = {"x": "real", "w": "real", "b": "real", "y": "real", "η": "positive"}
VECTOR = {"z": "vector n", "p": "positive vector n", "y": "vector n"}
ATTENTION = {
    "Q": "n×d_k",
    "K": "n×d_k",
    "V": "n×d_v",
    "P": "n×n",
    "dP": "n×n",
    "dO": "n×d_v",
    "dS": "n×n",
    "X": "n×d",
    "dQ": "n×d_k",
    "W": "d×d_k",
    "d_k": "positive",
}

SLIPS: list[tuple[dict[str, str], str, str, str, str]] = [
    (LOSS, "-2(wx+b-y)x", "2(wx+b-y)x", "sign", "sign"),
    (LOSS, "2(y-wx-b)x", "2(wx+b-y)x", "sign", "sign"),
    (LOSS, "2(wx-b-y)x", "2(wx+b-y)x", "sign", "one term"),
    (LOSS, "2(wx+b+y)x", "2(wx+b-y)x", "sign", "one term"),
    (LOSS, "(wx+b-y)x", "2(wx+b-y)x", "factor-two", "2 is missing"),
    (LOSS, "4(wx+b-y)x", "2(wx+b-y)x", "factor-two", "2 too many"),
    (LOSS, "-(wx+b-y)x", "2(wx+b-y)x", "factor-two", "sign is wrong too"),
    (LOSS, "2(wx+b-y)", "2(wx+b-y)x", "factor", "x is missing"),
    (LOSS, "2(wx+b-y)x^2", "2(wx+b-y)x", "factor", "x times"),
    (LOSS, "6(wx+b-y)x", "2(wx+b-y)x", "factor", "3 times"),
    (LOSS, "2(wx+b-y)^2x", "2(wx+b-y)x", "square", "square"),
    (LOSS, "w - 2(wx+b-y)x", "w - η*2(wx+b-y)x", "", ""),
    (LOSS, "w + η x", "w - η x", "sign", "one term"),
    (LOSS, "x/y", "y/x", "reciprocal", "reciprocal"),
    (LOSS, "1/(1+e^x)", "1/(1+e^-x)", "sign", "exponent"),
    (LOSS, "1+e^-x", "1/(1+e^-x)", "reciprocal", "reciprocal"),
    (LOSS, "log2(1+x^2)", "ln(1+x^2)", "log-base", "bases"),
    (LOSS, "0.33x", "x/3", "rounded", "exactly"),
    (LOSS, "√(x/w) √(w/x)", "1", "", ""),
    (VECTOR, "Σ_i z_i^2", "1/n Σ_i z_i^2", "sum-for-mean", "mean is asked"),
    (VECTOR, "mean(z)", "sum(z)", "mean-for-sum", "sum is asked"),
    (VECTOR, "y_i - p_i", "p_i - y_i", "sign", "sign"),
    (VECTOR, "y - p", "p_i - y_i", "sign", "sign"),
    (VECTOR, "Σ_i y_i ln p_i", "-Σ_i y_i ln p_i", "sign", "sign"),
    (VECTOR, "-Σ_i y_i log2(p_i)", "-Σ_i y_i ln p_i", "log-base", "bases"),
    (VECTOR, "p_i(δ_ij + p_j)", "p_i(δ_ij - p_j)", "sign", "one term"),
    (VECTOR, "softmax(-z)", "softmax(z)", "", ""),
    (ATTENTION, "Q K^T", "Q K^T/√d_k", "scale", "1/√d_k is missing"),
    (ATTENTION, "softmax(Q K^T) V", "softmax(Q K^T/√d_k) V", "scale", "1/√d_k is missing"),
    (ATTENTION, "Q K^T/d_k", "Q K^T/√d_k", "scale", "once too often"),
    (ATTENTION, "softmax(Q K^T/d_k) V", "softmax(Q K^T/√d_k) V", "scale", "root"),
    (ATTENTION, "P dO", "P^T dO", "transpose", "transpose"),
    (ATTENTION, "dO^T P", "P^T dO", "transpose", "transpose of what is asked"),
    (ATTENTION, "dS^T K/√d_k", "dS K/√d_k", "transpose", "transpose"),
    (ATTENTION, "dS K", "dS K/√d_k", "scale", "1/√d_k is missing"),
    (ATTENTION, "K Q^T/√d_k", "Q K^T/√d_k", "transpose", "transpose of what is asked"),
    (ATTENTION, "softmax(Q K^T/√d_k, axis=0) V", "softmax(Q K^T/√d_k) V", "axis", "other axis"),
    (ATTENTION, "P*(dP - colsum(P*dP))", "P*(dP - rowsum(P*dP))", "axis", "other axis"),
    (ATTENTION, "P*(dP + rowsum(P*dP))", "P*(dP - rowsum(P*dP))", "sign", "one term"),
    (ATTENTION, "P V", "P^T dO", "", ""),
    (ATTENTION, "V^T P", "P^T dO", "", ""),
    (LOSS, "w x", "w x + b", "missing-term", "The term $b$ is missing."),
    (LOSS, "2(wx-y)x", "2(wx+b-y)x", "missing-term", "The term $b$ is missing."),
    (LOSS, "2(wx+b)x", "2(wx+b-y)x", "missing-term", "The term $y$ is missing."),
    (LOSS, "w x + b - y", "w x + b", "extra-term", "The term $y$ does not belong here."),
    (LOSS, "x(1-x)y", "x(1-x)", "factor", "Yours is y times"),
    (LOSS, "y x", "x(1-x)y", "missing-factor", r"The factor $1 - x$ is missing."),
    (LOSS, "w - x", "w - η x", "missing-factor", r"The factor $\eta$ is missing."),
    (LOSS, "w - η x (w-y)", "w - η x", "extra-factor", "The factor $w - y$ does not belong here."),
    (LOSS, "x", "sigmoid(x)", "missing-function", r"The function $\sigma$ is missing."),
    (
        LOSS,
        "wx + b",
        "(wx + b)/(1+y^2)",
        "missing-factor",
        r"The division by $1 + y^{2}$ is missing.",
    ),
    (LOSS, "x - y", "(x - y)^2", "missing-power", "The exponent $2$ is missing."),
    (VECTOR, "p_i δ_ij", "p_i(δ_ij - p_j)", "missing-term", "The term $p_j$ is missing."),
    (ATTENTION, "Q K^T/√d_k V", "softmax(Q K^T/√d_k) V", "missing-function", "softmax"),
    (ATTENTION, "softmax(Q K^T/√d_k)", "softmax(Q K^T/√d_k) V", "shape", "n×d_v"),
    (ATTENTION, "P*dP", "P*(dP - rowsum(P*dP))", "missing-term", "is missing."),
    (
        ATTENTION,
        "dP - rowsum(P*dP)",
        "P*(dP - rowsum(P*dP))",
        "missing-factor",
        "The factor $P$ is missing.",
    ),
    (ATTENTION, "Q", "P^T dO", "shape", "The answer is n×d_v, yours is n×d_k."),
    (ATTENTION, "tr(P)", "P^T dO", "shape", "yours is a number"),
]


@pytest.mark.parametrize(("names", "typed", "key", "slip", "words"), SLIPS)
def test_a_slip_is_named(
    names: dict[str, str], typed: str, key: str, slip: str, words: str
) -> None:
    judged = same_expression(read_expression(typed, names), read_expression(key, names))
    assert judged.result == ("imprecise" if slip == "rounded" else "wrong")
    if slip:
        assert judged.slip == slip
    assert words in judged.says


@pytest.mark.parametrize("key", sorted({key for _, _, key, _, _ in SLIPS}))
def test_a_right_answer_is_never_flagged(key: str) -> None:
    names = next(n for n, _, k, _, _ in SLIPS if k == key)
    judged = same_expression(read_expression(key, names), read_expression(key, names))
    assert (judged.result, judged.says, judged.slip) == ("right", "", "")


def test_a_listed_wrong_form_is_named_before_the_general_slips() -> None:
    key = read_expression("2(wx+b-y)x", LOSS)
    wrong = {"no-chain-rule": (read_expression("2(wx+b-y)", LOSS), "The inner derivative lacks.")}
    judged = same_expression(read_expression("2(b-y+xw)", LOSS), key, wrong=wrong)
    assert (judged.result, judged.slip) == ("wrong", "no-chain-rule")
    assert judged.says == "The inner derivative lacks."


def test_any_of_several_accepted_forms_is_right() -> None:
    keys = [read_expression("x+y", LOSS), read_expression("x-y", LOSS)]
    assert same_expression(read_expression("y+x", LOSS), keys).result == "right"
    assert same_expression(read_expression("x-y", LOSS), keys).result == "right"
    assert same_expression(read_expression("x y", LOSS), keys).result == "wrong"


def test_a_tolerance_accepts_rounded_constants() -> None:
    key = read_expression("x/3", LOSS)
    given = read_expression("0.3333x", LOSS)
    assert same_expression(given, key).result == "imprecise"
    assert same_expression(given, key, tolerance=1e-3).result == "right"
    assert same_expression(read_expression("0.35x", LOSS), key, tolerance=1e-3).result == "wrong"


@pytest.mark.parametrize(
    ("text", "result"),
    [("1.414", "imprecise"), ("1.41", "imprecise"), ("1.42", "wrong"), ("-1.414", "wrong")],
)
def test_a_number_that_is_the_rounded_key_is_asked_for_exactly(text: str, result: str) -> None:
    judged = same_expression(read_expression(text, {}), read_expression("sqrt(2)", {}))
    assert judged.result == result


def test_a_key_given_to_many_digits_is_met_to_those_digits() -> None:
    key = read_expression("-1.7099759466", {})
    assert same_expression(read_expression("(-5)^(1/3)", {}), key).result == "right"
    assert same_expression(read_expression("-(5.0001)^(1/3)", {}), key).result != "right"


def test_values_too_large_to_be_worked_out_are_no_wrong_answer() -> None:
    given = read_expression("175!/174!", {})
    with pytest.raises(AnswerError, match="too large"):
        same_expression(given, read_expression("175", {}))


FORMS: list[tuple[str, str, bool]] = [
    ("simplified", "2x/3", True),
    ("simplified", "4x/6", False),
    ("simplified", "x + x", False),
    ("simplified", "2*3*x", False),
    ("simplified", "x*x", False),
    ("simplified", "x^2", True),
    ("simplified", "x^1", False),
    ("simplified", "x + 1 + 2", False),
    ("simplified", "x + 0", False),
    ("simplified", "1*x", False),
    ("simplified", "√8 x", False),
    ("simplified", "√2 x", True),
    ("simplified", "(x/2)/3", False),
    ("simplified", "e^x/(1+e^x)", True),
    ("simplified", "2x + 3y", True),
    ("simplified", "2x + 3x", False),
    ("factored", "(x-1)(x+1)", True),
    ("factored", "x^2 - 1", False),
    ("factored", "(x+1)^2", True),
    ("factored", "2x(w+b)", True),
    ("factored", "x(2w+2b)", False),
    ("factored", "2(x w + x b)", False),
    ("factored", "x^2 + 1", True),
    ("factored", "x^2 - 2", True),
    ("factored", "x^3 - x + 1", True),
    ("factored", "x^3 - x", False),
    ("factored", "x^4 + 2x^2 + 1", False),
    ("factored", "2x^2 + 2", False),
    ("factored", "3(x^2 - 4x + 4)", False),
    ("factored", "x(x^2 - 2x - 8)", False),
    ("factored", "x(x - 4 + 4/x)", False),
    ("factored", "(x^2 + 1)(x - 3/2)", True),
    ("factored", "(w x + b)(w x - b)", True),
    ("expanded", "x^2 - 1", True),
    ("expanded", "(x-1)(x+1)", False),
    ("expanded", "(x+1)^2", False),
    ("no-decimals", "x/2", True),
    ("no-decimals", "0.5x", False),
]


@pytest.mark.parametrize(("form", "text", "fits"), FORMS)
def test_a_demanded_form_is_told_apart_from_a_wrong_value(form: str, text: str, fits: bool) -> None:
    given = read_expression(text, LOSS)
    judged = same_expression(given, given, form=[form])
    assert judged.result == ("right" if fits else "imprecise")
    assert bool(judged.says) is not fits
