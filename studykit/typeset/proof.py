"""The proof that a drawing lost nothing: its signs are those of the source, no more and no fewer.

The source is read here by one regular expression, apart from the parser, so that a fault of the
parser or of a foreign renderer cannot hide. Letters keep their case; small and raised forms count
as the letter they stand for.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

from studykit.typeset import symbols

_READ = re.compile(
    r"""\\(?:left|right|middle)\s*\.          # an invisible delimiter
      | \\(?:begin|end)\s*\{[^{}]*\}(?:\s*\{[lcr|\s]*\})?
      | \\\\\s*(?:\[\s*-?[0-9.]+\s*(?:pt|em|ex|mm|cm|px)\s*\])?
      | \\(?P<name>[a-zA-Z]+)\*?
      | \\(?P<escaped>.)
      | (?P<sign>.)""",
    re.VERBOSE | re.DOTALL,
)
_SILENT = (
    symbols.UPRIGHT
    | symbols.TEXTS
    | symbols.IGNORED
    | symbols.SIZES
    | set(symbols.RULES)
    | set(symbols.SPACES)
    | symbols.words(
        """frac dfrac tfrac cfrac binom dbinom tbinom sqrt left right overset underset stackrel
        substack boxed mathop mathbin mathrel mathord"""
    )
)
_STRUCTURE = frozenset('()[]{}⟨⟩⌊⌋⌈⌉|‖/√∣∥_^~&\\"∛∜')
_COUNTED = (
    frozenset(unicodedata.normalize("NFKD", "".join(sign for sign, _ in symbols.SYMBOLS.values())))
    | frozenset("+−=<>,:;!.∗′%$#?")
) - (_STRUCTURE | {"\u0338"})
_SAME = str.maketrans(
    {"-": "−", "⊤": "T", "*": "∗", "'": "′", "⋅": "·", "ı": "i", "ȷ": "j", "ϵ": "ε"}
)


def signs_of(text: str) -> Counter[str]:
    """The letters, digits and mathematical signs of `text`, small forms made ordinary."""
    plain = unicodedata.normalize("NFKD", text.translate(_SAME)).translate(_SAME)
    counted = Counter(c for c in plain if c.isalnum() or c in _COUNTED)
    # A line over a letter is drawn as a mark or as a rule of its own: it proves nothing.
    marks = sum(unicodedata.category(c) == "Mn" and c != "\u0304" for c in plain)
    if marks:
        counted["accent"] = marks
    return counted


def signs_of_source(source: str) -> Counter[str] | None:
    """The same of a formula in TeX, or None where it has a command that is not known here."""
    counted, unknown = _read(source)
    return None if unknown else counted


def known_signs(source: str) -> Counter[str]:
    """The same, taking a command that is not known here for none."""
    return _read(source)[0]


def _read(source: str) -> tuple[Counter[str], bool]:
    parts: list[str] = []
    accents, unknown = 0, False
    for match in _READ.finditer(source):
        name = match["name"]
        if name is None:
            parts.append(_typed(match["sign"] or "", match["escaped"] or ""))
        elif name in symbols.SYMBOLS:
            parts.append(symbols.SYMBOLS[name][0])
        elif name in symbols.NAMES:
            parts.append(name)
        elif name == "not" or (name in symbols.MARKS and name not in symbols.RULES):
            accents += 1
        elif name in {"pmod", "pod"}:
            parts.append("mod")
        elif name in {"xrightarrow", "xleftarrow"}:
            parts.append("⟶" if name == "xrightarrow" else "⟵")
        elif name not in _SILENT and name not in symbols.FONTS:
            unknown = True
    counted = signs_of("".join(parts))
    if accents:
        counted["accent"] += accents
    return counted, unknown


def letters_only(counted: Counter[str]) -> Counter[str]:
    """The letters and digits among `counted`."""
    return Counter({sign: n for sign, n in counted.items() if sign.isalnum() and sign != "accent"})


def proves(lines: Iterable[str], wanted: Counter[str]) -> bool:
    """Whether the drawing `lines` holds exactly the signs of `wanted`."""
    return signs_of("".join(lines)) == wanted


def _typed(sign: str, escaped: str) -> str:
    if escaped:
        return symbols.ESCAPED[escaped][0] if escaped in symbols.ESCAPED else ""
    return "" if sign in _STRUCTURE else sign
