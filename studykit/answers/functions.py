"""The functions a learner may write, as one table: spellings, arity, how they are typeset.

What a function computes is in `arithmetic` and `arrays`; here it is only known and named.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Function:
    """One function: `whole` ones see a vector or matrix at once, the others each entry alone."""

    name: str
    tex: str
    spellings: tuple[str, ...] = ()
    least: int = 1
    most: int = 1
    whole: bool = False


_ALL = (
    Function("exp", r"\exp"),
    Function("ln", r"\ln", ("log", "loge", "log_e")),
    Function("log2", r"\log_{2}", ("lb", "ld", "log_2")),
    Function("log10", r"\log_{10}", ("lg", "log_10"), 1, 2),
    Function("logb", r"\log", (), 2, 2),
    Function("log1p", r"\operatorname{log1p}"),
    Function("expm1", r"\operatorname{expm1}"),
    Function("sqrt", r"\sqrt"),
    Function("rsqrt", r"\operatorname{rsqrt}"),
    Function("cbrt", r"\sqrt[3]"),
    Function("root", r"\sqrt", ("nroot",), 1, 2),
    Function("abs", r"\operatorname{abs}"),
    Function("sign", r"\operatorname{sign}", ("sgn", "signum")),
    Function("sin", r"\sin"),
    Function("cos", r"\cos"),
    Function("tan", r"\tan"),
    Function("cot", r"\cot"),
    Function("sec", r"\sec"),
    Function("csc", r"\csc", ("cosec",)),
    Function("acot", r"\operatorname{arccot}", ("arccot",)),
    Function("asec", r"\operatorname{arcsec}", ("arcsec",)),
    Function("acsc", r"\operatorname{arccsc}", ("arccsc",)),
    Function("asin", r"\arcsin", ("arcsin",)),
    Function("acos", r"\arccos", ("arccos",)),
    Function("atan", r"\arctan", ("arctan",)),
    Function("sinh", r"\sinh"),
    Function("cosh", r"\cosh"),
    Function("tanh", r"\tanh"),
    Function("sech", r"\operatorname{sech}"),
    Function("csch", r"\operatorname{csch}", ("cosech",)),
    Function("coth", r"\coth"),
    Function("asinh", r"\operatorname{arsinh}", ("arcsinh", "arsinh")),
    Function("acosh", r"\operatorname{arcosh}", ("arccosh", "arcosh")),
    Function("atanh", r"\operatorname{artanh}", ("arctanh", "artanh")),
    Function("sigmoid", r"\sigma", ("sigm", "logistic", "expit", "σ")),
    Function("relu", r"\operatorname{ReLU}", ("ReLU",)),
    Function("softplus", r"\operatorname{softplus}"),
    Function("silu", r"\operatorname{SiLU}", ("swish", "SiLU")),
    Function("gelu", r"\operatorname{GELU}", ("GELU",)),
    Function("erf", r"\operatorname{erf}"),
    Function("step", r"\operatorname{step}", ("heaviside",)),
    Function("floor", r"\operatorname{floor}"),
    Function("ceil", r"\operatorname{ceil}", ("ceiling",)),
    Function("round", r"\operatorname{round}"),
    Function("factorial", r"\operatorname{factorial}"),
    Function("max", r"\max", (), 1, 8, whole=True),
    Function("min", r"\min", (), 1, 8, whole=True),
    Function("delta", r"\delta", ("kron", "kronecker"), 2, 2),
    Function("softmax", r"\operatorname{softmax}", whole=True),
    Function("logsoftmax", r"\operatorname{logsoftmax}", ("log_softmax",), whole=True),
    Function("logsumexp", r"\operatorname{logsumexp}", ("lse", "LSE"), whole=True),
    Function("sum", r"\operatorname{sum}", whole=True),
    Function("prod", r"\operatorname{prod}", ("product",), whole=True),
    Function("mean", r"\operatorname{mean}", ("avg", "average"), whole=True),
    Function("var", r"\operatorname{var}", whole=True),
    Function("std", r"\operatorname{std}", whole=True),
    Function("rowsum", r"\operatorname{rowsum}", ("row_sum", "sum_rows"), whole=True),
    Function("colsum", r"\operatorname{colsum}", ("col_sum", "sum_columns"), whole=True),
    Function("rowmean", r"\operatorname{rowmean}", ("row_mean",), whole=True),
    Function("colmean", r"\operatorname{colmean}", ("col_mean",), whole=True),
    Function("rowmax", r"\operatorname{rowmax}", ("row_max",), whole=True),
    Function("colmax", r"\operatorname{colmax}", ("col_max",), whole=True),
    Function("diag", r"\operatorname{diag}", ("diagonal",), whole=True),
    Function("tr", r"\operatorname{tr}", ("trace",), whole=True),
    Function("norm", r"\operatorname{norm}", ("frobenius",), whole=True),
    Function("norm1", r"\operatorname{norm1}", whole=True),
    Function("transpose", r"\operatorname{transpose}", whole=True),
    Function("inv", r"\operatorname{inv}", ("inverse",), whole=True),
    Function("det", r"\det", whole=True),
    Function("ones", r"\operatorname{ones}", (), 1, 2, whole=True),
    Function("zeros", r"\operatorname{zeros}", (), 1, 2, whole=True),
    Function("eye", r"\operatorname{eye}", ("identity",), whole=True),
    Function("dot", r"\operatorname{dot}", ("inner",), 2, 2, whole=True),
    Function("outer", r"\operatorname{outer}", (), 2, 2, whole=True),
    Function("matmul", r"\operatorname{matmul}", ("mm",), 2, 2, whole=True),
    Function("hadamard", r"\operatorname{hadamard}", ("multiply",), 2, 2, whole=True),
)

FUNCTIONS: Final = {function.name: function for function in _ALL}

SPELLINGS: Final = {
    spelling: function.name
    for function in _ALL
    for spelling in (function.name, *function.spellings)
    if function.name not in {"logb"}
}

CONSTANTS: Final = {
    "pi": "pi",
    "Pi": "pi",
    "PI": "pi",
    "π": "pi",
    "e": "e",
}

WORDS: Final = {
    "inf": "inf",
    "Inf": "inf",
    "INF": "inf",
    "infinity": "inf",
    "Infinity": "inf",
    "infty": "inf",
    "oo": "inf",
    "nan": "undefined",
    "NaN": "undefined",
    "undefined": "undefined",
    "undef": "undefined",
}
"""Read only where they stand alone, never as part of a run of letters."""

_GREEK = [
    "alpha",
    "α",
    "beta",
    "β",
    "gamma",
    "γ",
    "delta",
    "δ",
    "epsilon",
    "ε",
    "zeta",
    "ζ",
    "eta",
    "η",
    "theta",
    "θ",
    "iota",
    "ι",
    "kappa",
    "κ",
    "lambda",
    "λ",
    "mu",
    "μ",
    "nu",
    "ν",
    "xi",
    "ξ",
    "rho",
    "ρ",
    "sigma",
    "σ",
    "tau",
    "τ",
    "upsilon",
    "υ",
    "phi",
    "φ",
    "chi",
    "χ",
    "psi",
    "ψ",
    "omega",
    "ω",
    "Gamma",
    "Γ",
    "Delta",
    "Δ",
    "Theta",
    "Θ",
    "Lambda",
    "Λ",
    "Xi",
    "Ξ",
    "Sigma",
    "Σ",
    "Phi",
    "Φ",
    "Psi",
    "Ψ",
    "Omega",
    "Ω",
]

GREEK: Final = dict(zip(_GREEK[::2], _GREEK[1::2], strict=True))
"""Greek letters by name; π is a constant, and ∏ is not Π."""
