"""The first door for typed text: which characters may pass, and which stand for others.

The result keeps, for every character, its offset in what was typed, so that a refusal can point at
it. Nothing is transliterated beyond the tables below.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from .errors import AnswerError

TEXT_CAP = 2_000
MATRIX_CAP = 60_000

Put = Callable[[str, int], None]

THIN = "\u2009"
"""Left in place between digits, where it groups thousands; elsewhere it is a space."""

_SAME = {
    "-": "−–—‐‑‒",
    "×": "✕✖⨯",
    "·": "⋅∙•‧",
    "*": "∗",
    "/": "÷∕⁄",
    "'": "′’",
    "⊤": "⊺",
    "⊙": "∘◦⨀",
    "‖": "∥",
    "|": "∣",
    "π": "ℼ",
    "μ": "µ",
    "ε": "ϵ",
    "φ": "ϕ",
    "θ": "ϑ",
    "∑": "⅀",
    " ": "\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u200a\u205f\u3000",
    THIN: "\u202f",
    "e": "ℯ",
    "\n": "\u2028\u2029\x85",
}
_TABLE = {ord(other): one for one, others in _SAME.items() for other in others}

_RAISED = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ⁿⁱˣʸᵏʲᵐᵃᵇᵗ", "0123456789+-()nixykjmabt", strict=True))
_LOWERED = dict(zip("₀₁₂₃₄₅₆₇₈₉₊₋ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", "0123456789+-aehijklmnoprstuvx", strict=True))
_MARKS = {"\u0302": "hat", "\u0304": "bar", "\u0303": "tilde"}

_BAD_ASCII = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

_NAMED = {
    "\x1b": "an escape character",
    "\x00": "a NUL character",
    "\ufeff": "a byte-order mark",
    "\u00ad": "a soft hyphen",
}


@dataclass(frozen=True, slots=True)
class Source:
    """Cleaned text, and where each of its characters stood in the typed text."""

    text: str
    places: tuple[int, ...] | None = None
    """None where cleaning moved nothing."""

    def place(self, offset: int) -> int:
        """The typed offset of a cleaned offset; the end of the text is allowed."""
        if self.places is None:
            return offset
        if offset < len(self.places):
            return self.places[offset]
        return self.places[-1] + 1 if self.places else 0


def clean(text: str, cap: int = TEXT_CAP) -> Source:
    """Refuse what cannot be typed mathematics and bring lookalikes to one spelling.

    Raises AnswerError for text over the cap, and for control, invisible or foreign characters.
    """
    if len(text) > cap:
        raise AnswerError(
            f"That is {len(text):,} characters long; at most {cap:,} are read.".replace(",", " "),
            cap,
        )
    if text.isascii():
        bad = _BAD_ASCII.search(text)
        if bad:
            raise AnswerError(_unseen(bad.group()), bad.start())
        if "\r" in text:
            # Same length, so offsets stay true.
            text = text.replace("\r\n", " \n").replace("\r", "\n")
        return Source(text)
    return _clean_unicode(text)


def _clean_unicode(text: str) -> Source:
    out: list[str] = []
    places: list[int] = []

    def put(piece: str, place: int) -> None:
        out.extend(piece)
        places.extend([place] * len(piece))

    i, end = 0, len(text)
    while i < end:
        char = text[i]
        if char in _RAISED or char == "ᵀ":
            i = _raised(text, i, put)
            continue
        if char in _LOWERED:
            start = i
            while i < end and text[i] in _LOWERED:
                i += 1
            put("_{" + "".join(_LOWERED[c] for c in text[start:i]) + "}", start)
            continue
        following = text[i + 1] if i + 1 < end else ""
        if following in _MARKS and char.isalpha():
            put(unicodedata.normalize("NFC", char + following), i)
            i += 2
            continue
        put(_one(char, i), i)
        i += 1
    for k, char in enumerate(out):
        beside = "".join(out[max(k - 1, 0) : k] + out[k + 1 : k + 2])
        if char == THIN and not (len(beside) == 2 and beside.isdigit()):
            out[k] = " "
    joined = "".join(out)
    if "\r" in joined:
        joined = joined.replace("\r\n", " \n").replace("\r", "\n")
    return Source(joined, tuple(places))


def _raised(text: str, i: int, put: Put) -> int:
    """Superscripts become `^{…}`; a raised T is the transpose sign."""
    if text[i] == "ᵀ":
        put("⊤", i)
        return i + 1
    start = i
    while i < len(text) and text[i] in _RAISED:
        i += 1
    put("^{" + "".join(_RAISED[c] for c in text[start:i]) + "}", start)
    return i


def _one(char: str, place: int) -> str:
    if char.isascii():
        if _BAD_ASCII.match(char):
            raise AnswerError(_unseen(char), place)
        return char
    same = _TABLE.get(ord(char))
    if same is not None:
        return same
    if "\U0001d400" <= char <= "\U0001d7ff":
        plain = unicodedata.normalize("NFKC", char)
        if plain.isdigit():
            raise AnswerError(f"Write the digit {plain} plainly rather than as {char}.", place)
        return _TABLE.get(ord(plain), plain)
    if char.isdecimal():
        raise AnswerError(f"Write digits as 0–9 rather than {char}.", place)
    kind = unicodedata.category(char)
    if kind in {"Cc", "Cf", "Cs", "Co", "Cn"}:
        raise AnswerError(_unseen(char), place)
    if kind.startswith("M"):
        raise AnswerError("There is a loose accent here; write the name plainly.", place)
    if "\uff01" <= char <= "\uff5e":
        raise AnswerError(
            f"{char} is a full-width character; write {unicodedata.normalize('NFKC', char)}.", place
        )
    return char


def _unseen(char: str) -> str:
    what = _NAMED.get(char) or f"an invisible or control character (U+{ord(char):04X})"
    return f"There is {what} in the text; delete it and type the answer again."
