"""What a question says of one name: "real", "positive n×d_k", "vector n", "index n", "(0, 1)".

A name that is computed from others says so: "n×m = softmax(Q K^T)".
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from .errors import AnswerError

Dim = str | int
Shape = tuple[Dim, ...]
"""() a number, (n,) a vector without orientation, (n, m) a matrix."""


@dataclass(frozen=True, slots=True)
class Domain:
    """Where a name's values lie. `low` and `high` are open ends."""

    low: float = float("-inf")
    high: float = float("inf")
    integer: bool = False
    complex: bool = False
    shares: bool = False
    """Whether each row (a vector is one) holds positive numbers that sum to 1."""


DOMAINS = {
    "real": Domain(),
    "number": Domain(),
    "scalar": Domain(),
    "positive": Domain(0.0),
    "nonnegative": Domain(0.0),
    "non-negative": Domain(0.0),
    "negative": Domain(high=0.0),
    "nonzero": Domain(),
    "integer": Domain(integer=True),
    "natural": Domain(0.0, integer=True),
    "size": Domain(0.0, integer=True),
    "count": Domain(0.0, integer=True),
    "probability": Domain(0.0, 1.0),
    "complex": Domain(complex=True),
    "stochastic": Domain(0.0, 1.0, shares=True),
}


@dataclass(frozen=True, slots=True)
class Declared:
    """One name: `role` is "value", "size", "index" or "function".

    `definition` is the formula that it stands for, "" where its value is given.
    """

    name: str
    role: str = "value"
    shape: Shape = ()
    domain: Domain = Domain()
    definition: str = ""


_DIMS = re.compile(r"^[\w*·+\- ]+(?:\s*[×x]\s*[\w*·+\- ]+)+$")
_SPLIT_DIMS = re.compile(r"\s*×\s*|\s+x\s+|(?<=\d)x(?=\d)")
_INTERVAL = re.compile(
    r"^[(\[\]]\s*(-?[\d.]+|-?inf|-?∞)\s*[,;]\s*(-?[\d.]+|-?inf|-?∞|\+?∞)\s*[)\]\[]$"
)
_BOUND = re.compile(r"^([<>]=?|≥|≤)\s*(-?\d+(?:\.\d+)?)$")
_SIZE = re.compile(r"size(?:\s*(?:>=|≥)\s*(\d+))?")
_DEFINED = re.compile(r"(?<![<>])=")


def size_names(dim: str) -> list[str]:
    """The names inside a dimension: "h*d_k" → h, d_k."""
    return re.findall(r"[^\W\d]\w*", dim)


def declaration(name: str, text: str) -> Declared:
    """What a declaration says. Raises AnswerError if it says none of the known things."""
    said, *formula = (part.strip() for part in _DEFINED.split(text, maxsplit=1))
    if not re.fullmatch(r"[^\W\d_](?:[\w^]|_\{[^{}]+\})*|\W", name):
        raise AnswerError(f"“{name}” cannot be a name; use letters, digits and _.", 0)
    if formula:
        one = declaration(name, said)
        if one.role != "value" or not formula[0]:
            raise AnswerError(f"“{text}” is no declaration of {name}: a formula follows the =.", 0)
        return replace(one, definition=formula[0])
    if m := _SIZE.fullmatch(said):
        least = int(m[1] or 1)
        return Declared(name, "size", (), Domain(least - 1, integer=True))
    if said == "function":
        return Declared(name, "function")
    if m := re.fullmatch(r"index(?:\s+(?:in\s+|over\s+|of\s+)?(\w+))?", said):
        shape: Shape = (_dim(m[1]),) if m[1] else ()
        return Declared(name, "index", shape)
    domain, rest = _take_domain(said)
    if rest == "":
        return Declared(name, "value", (), domain)
    if m := re.fullmatch(r"vector[\s(]+([\w*·]+)\)?", rest):
        return Declared(name, "value", (_dim(m[1]),), domain)
    if _DIMS.match(rest):
        dims = [d for d in _SPLIT_DIMS.split(rest) if d]
        if len(dims) == 2:
            return Declared(name, "value", tuple(_dim(d) for d in dims), domain)
    raise AnswerError(
        f"“{text}” is no declaration of {name}: give a domain (real, positive, integer …), size,"
        " index n, vector n or a shape such as n×d_k.",
        0,
    )


def _take_domain(said: str) -> tuple[Domain, str]:
    """The domain words of a declaration and what is left of it."""
    domain = Domain()
    if m := _INTERVAL.match(said):
        low, high = (float(v.replace("∞", "inf")) for v in m.groups())
        return Domain(low, high), ""
    if m := _BOUND.match(said):
        value = float(m[2])
        return (Domain(value) if m[1][0] in ">≥" else Domain(high=value)), ""
    left = []
    for word in said.replace(",", " ").split():
        known = DOMAINS.get(word)
        if known is None:
            if word != "matrix":
                left.append(word)
            continue
        domain = Domain(
            max(domain.low, known.low),
            min(domain.high, known.high),
            domain.integer or known.integer,
            domain.complex or known.complex,
            domain.shares or known.shares,
        )
    return domain, " ".join(left)


def _dim(text: str) -> Dim:
    text = text.strip().replace("·", "*").replace(" ", "")
    return int(text) if text.isdigit() else text
