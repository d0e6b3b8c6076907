"""Cleaned text to tokens, in one pass of one pattern. It knows what a number looks like and which
letters are declared; it refuses what mathematics does not write (strings, hex, attributes).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from .characters import THIN, Source
from .errors import AnswerError
from .names import Names
from .spellings import Atom
from .tree import Literal

TOKEN_CAP = 400
DIGIT_CAP = 400
EXPONENT_CAP = 400


@dataclass(slots=True)
class Token:
    """One token. `joined` tells that it was written in one run of letters with the token before.

    Kinds: number, atom, op, open, close, bar, norm, comma, semi, post, method, command, big,
    subscript, option, equals, end.
    """

    kind: str
    text: str
    at: int
    spaced: bool = False
    joined: bool = False
    literal: Literal | None = None
    atom: Atom | None = None
    bounds: tuple[str, str, str] | None = None


_HALVES = {
    "½": (1, 2), "⅓": (1, 3), "⅔": (2, 3), "¼": (1, 4), "¾": (3, 4), "⅕": (1, 5), "⅖": (2, 5),
    "⅗": (3, 5), "⅘": (4, 5), "⅙": (1, 6), "⅚": (5, 6), "⅐": (1, 7), "⅛": (1, 8), "⅜": (3, 8),
    "⅝": (5, 8), "⅞": (7, 8), "⅑": (1, 9), "⅒": (1, 10),
}  # fmt: skip

_PATTERN = re.compile(
    rf"""
    (?P<space>\s+)
  | (?P<mixed>(?:\d+[ ]?)?[{"".join(_HALVES)}])
  | (?P<number>(?:\d{{1,3}}(?:{THIN}\d{{3}})+(?!\d)|\d+)(?:\.\d*)?(?:[eE][+-]?\d+)?
              |\.\d+(?:[eE][+-]?\d+)?)
  | (?P<big>(?:sum|prod|mean|max|min|Σ|∑|∏)\s*_\s*
              (?:\{{(?:[^{{}}]|\{{[^{{}}]*\}})*\}}|[h-v]{{2}}(?=\s)|\w(?!\w*\())
           |[∑∏])
  | (?P<raised_t>\^\s*(?:\{{\s*[T⊤]\s*\}}|⊤|'))
  | (?P<option>(?:axis|dim|keepdims?)\s*=\s*(?:-?\d+|True|False))
  | (?P<run>[^\W\d_](?:[^\W_]|_\{{[^{{}}]*\}}|_(?=\w))*)
  | (?P<transposed>\.(?:mT|T)\b|\.t\(\)
      |\.transpose\(\s*(?:-1\s*,\s*-2|-2\s*,\s*-1|0\s*,\s*1|1\s*,\s*0)?\s*\))
  | (?P<method>\.(?:sum|mean|max|min|prod|var|std|softmax)
      \((?:\s*(?:(?:axis|dim)\s*=\s*)?-?[012]\s*(?:,\s*keepdims?\s*=\s*(?:True|False)\s*)?)?\)
      |\.(?:exp|log|sqrt|abs|tanh|sigmoid|relu)\(\)
      |\.(?:dot|matmul|mm)\()
  | (?P<entrywise>\.\*(?!\*))
  | (?P<command>\\(?:frac|sqrt|root))
  | (?P<op>\*\*|[-+*/^@⊙·×√])
  | (?P<norm>\|\||‖)
  | (?P<bar>\|)
  | (?P<open>[(\[{{])
  | (?P<close>[)\]}}])
  | (?P<comma>,)
  | (?P<semi>;)
  | (?P<post>[!%'⊤])
  | (?P<infinity>∞)
  | (?P<subscript>_(?!_)(?:\{{[^{{}}]*\}}|\w+))
  | (?P<equals>==|=)
    """,
    re.VERBOSE,
)

_PREFIXES = re.compile(r"(?:np|numpy|math|torch|F|jnp|cmath|sp|sympy)\.(?=[a-z])")
_UPPER = re.compile(r"\s*\^\s*(?:\{((?:[^{}]|\{[^{}]*\})*)\}|(\w+))")
_RAISED_NAME = re.compile(r"\^(?:\{(\w+)\}|(\w+))")
_HEX = re.compile(r"0[xXbBoO][0-9a-fA-F]")
_SPLIT_POWER = re.compile(r"\d\s*[eE]\s*[+-]?\s*\d")

_INDEX = re.compile(r"([^\W\d_])\s*(?:(=|≠|!=|<|∈)\s*(.+))?$|([^\W\d_])\s*,?\s*([^\W\d_])$")
_LISTED_SUM = re.compile(r"\b(?:sum|prod|mean|max|min)\s*\(")
_LISTED_INDEX = re.compile(r",\s*([h-tv])\s*(?=[,)])")

_REFUSALS = {
    '"': "Quotation marks are not mathematics here; leave them out.",
    "`": "Backquotes are not mathematics here; leave them out.",
    "±": "± stands for two answers; give one.",
    "≈": "Leave out ≈ and give the value alone.",
    "~": "Leave out ~ and give the value alone.",
    "<": "An inequality is not asked here; give a value or a formula.",
    ">": "An inequality is not asked here; give a value or a formula.",
    "≤": "An inequality is not asked here; give a value or a formula.",
    "≥": "An inequality is not asked here; give a value or a formula.",
    "≠": "An inequality is not asked here; give a value or a formula.",
    "∂": "Write the finished formula, without ∂.",
    "∇": "Write the finished formula, without ∇.",
    "∫": "Write the finished formula, without ∫.",
    "⊗": "⊗ is not read here; use ⊙ for entry by entry, or x y^T for an outer product.",
    "…": "The dots leave something out; write it in full.",
    ":": "A colon has no meaning here.",
    "#": "A # has no meaning here.",
    "&": "An & has no meaning here.",
    "$": "A $ has no meaning here; dollar signs may only enclose the whole answer.",
    "?": "A question mark has no meaning here.",
    "\\": "This backslash starts nothing that is read here.",
    "_": "An underscore must join a name and its index, as in x_i.",
    ".": "This point has no number beside it; only .T may follow a name.",
}


class Lexer:
    """Tokens of one text. `bound` grows with the index of every sum met on the way."""

    def __init__(self, source: Source, names: Names, bound: frozenset[str] = frozenset()) -> None:
        self.source = source
        self.text = source.text
        self.names = names
        self.bound = set(bound)
        self.tokens: list[Token] = []
        if _LISTED_SUM.search(self.text):
            self.bound.update(i for i in _LISTED_INDEX.findall(self.text) if i not in names)

    def fail(self, cause: str, k: int) -> AnswerError:
        return AnswerError(cause, self.source.place(k))

    def run(self) -> list[Token]:
        """All tokens and a final "end"; raises AnswerError at the first character not read."""
        text, k, end, spaced = self.text, 0, len(self.text), False
        while k < end:
            m = _PATTERN.match(text, k)
            if m is None:
                raise self._refuse(k)
            kind = m.lastgroup
            if kind == "space":
                k, spaced = m.end(), True
                continue
            k = self._take(kind or "", m, spaced)
            spaced = False
            if len(self.tokens) > TOKEN_CAP:
                raise self.fail(f"This has more than {TOKEN_CAP} parts; it is too long.", k - 1)
        self.tokens.append(Token("end", "", self.source.place(end), spaced))
        return self.tokens

    def _take(self, kind: str, m: re.Match[str], spaced: bool) -> int:
        text, at = m.group(), self.source.place(m.start())
        if kind == "number":
            self.tokens.append(Token("number", text, at, spaced, literal=self._number(m, at)))
        elif kind == "run":
            return self._run(m, spaced)
        elif kind == "mixed":
            top, bottom = _HALVES[text[-1]]
            whole = int(text[:-1]) if text[:-1].strip() else 0
            value = whole + Fraction(top, bottom)
            shown = f"{value.numerator}/{value.denominator}"
            self.tokens.append(
                Token("number", text, at, spaced, literal=Literal(value, shown, None, at))
            )
        elif kind == "big":
            return self._big(m, spaced)
        elif kind == "raised_t" and "T" in text and "T" in self.names:
            self.tokens.append(Token("op", "^", at, spaced))
            return m.start() + 1
        elif kind in {"transposed", "raised_t"}:
            self.tokens.append(Token("post", "⊤", at, spaced))
        elif kind == "entrywise":
            self.tokens.append(Token("op", ".*", at, spaced))
        elif kind == "infinity":
            atom = Atom("constant", "inf", 0)
            self.tokens.append(Token("atom", text, at, spaced, atom=atom))
        else:
            self.tokens.append(Token(kind, text, at, spaced))
        return m.end()

    def _number(self, m: re.Match[str], at: int) -> Literal:
        text, after = m.group().replace(THIN, ""), self.text[m.end() : m.end() + 2]
        if _HEX.match(self.text, m.start()):
            raise self.fail("Only decimal digits are read, no 0x, 0o or 0b.", m.start())
        if after[:1] == "_" and after[1:].isdigit():
            raise self.fail("An underscore cannot group digits; leave it out.", m.end())
        if after == ".." or (text.endswith(".") and after[:1] == "."):
            raise self.fail("The dots leave something out; give a fraction or round.", m.end() - 1)
        if after[:1] == ".":
            raise self.fail("There are two decimal points in this number.", m.end())
        if text.endswith(".") and after[:1].isalpha():
            raise self.fail("Is this point a decimal point or a product? Write 2*x.", m.end() - 1)
        split = _SPLIT_POWER.match(self.text, m.end() - 1)
        if split and split.end() > m.end() and " " in split.group():
            raise self.fail(
                "Is this a power of ten or a product with e? Write 2e-3 together, or 2*e-3.",
                m.end(),
            )
        digits, _, power = text.lower().partition("e")
        if len(digits) > DIGIT_CAP:
            raise self.fail(f"This number has more than {DIGIT_CAP} digits.", m.start())
        if power and (len(power) > 5 or abs(int(power)) > EXPONENT_CAP):
            raise self.fail("The power of ten is too large to be read.", m.start())
        ten = int(power) if power else 0
        head, point, tail = digits.partition(".")
        value = Fraction(int(head + tail or "0")) * Fraction(10) ** (ten - len(tail))
        last = ten - len(tail) if point or power else 0
        return Literal(value, text, last, at)

    def _run(self, m: re.Match[str], spaced: bool) -> int:
        k, end = m.start(), m.end()
        prefix = _PREFIXES.match(self.text, k)
        if prefix and prefix.group()[:-1] not in self.names:
            again = _PATTERN.match(self.text, prefix.end())
            if again is not None and again.lastgroup == "run":
                m, k, end = again, again.start(), again.end()
        run = re.sub(r"\s+", "", m.group())
        if raised := _RAISED_NAME.match(self.text, end):
            found = self.names.raised(run, raised[1] or raised[2])
            if found is not None:
                before, name = found
                if before:
                    self._atoms(before, k, end, spaced)
                atom = Atom("name", name, 0)
                at = self.source.place(k + len(before))
                self.tokens.append(
                    Token("atom", name, at, spaced and not before, joined=bool(before), atom=atom)
                )
                return raised.end()
        if self._after_caret() and run[0] == "T" and self._transposing(run):
            self.tokens.append(Token("post", "⊤", self.source.place(k), spaced))
            del self.tokens[-2]
            if len(run) == 1:
                return end
            run, k, spaced = run[1:], k + 1, False
        self._atoms(run, k, end, spaced)
        return end

    def _atoms(self, run: str, k: int, end: int, spaced: bool) -> None:
        """The atoms of a run that began at k, as tokens."""
        called = self.text[end : end + 1] == "(" or run in {"σ"}
        try:
            atoms = self.names.split(run, called=called, bound=self.bound)
        except AnswerError as error:
            raise self.fail(error.cause, k + error.position) from None
        ends = [*(atom.start for atom in atoms[1:]), len(run)]
        for number, atom in enumerate(atoms):
            shift = atom.start if len(run) == end - k else 0
            self.tokens.append(
                Token(
                    "atom",
                    run[atom.start : ends[number]] if atom.kind == "function" else atom.name,
                    self.source.place(k + shift),
                    spaced and number == 0,
                    joined=number > 0,
                    atom=atom,
                )
            )

    def _after_caret(self) -> bool:
        return bool(self.tokens) and self.tokens[-1].text == "^"

    def _transposing(self, run: str) -> bool:
        """Whether `^T…` means the transpose: T is no name of the question."""
        return "T" not in self.names and run not in self.names

    def _big(self, m: re.Match[str], spaced: bool) -> int:
        text, at, end = m.group(), self.source.place(m.start()), m.end()
        word = re.split(r"[\s_]", text, maxsplit=1)[0]
        if word in self.names:
            m2 = _PATTERN.fullmatch(word)
            again = re.compile(r"[^\W\d_](?:[^\W_]|_\{[^{}]*\}|_(?=\w))*").match(
                self.text, m.start()
            )
            if again is not None and m2 is not None:
                return self._run(again, spaced)
        kind = {"Σ": "sum", "∑": "sum", "∏": "prod"}.get(word, word)
        below = text[len(word) :].strip().removeprefix("_").strip()
        below = below[1:-1].strip() if below.startswith("{") else below
        if below in {"row", "rows", "col", "cols", "F"}:
            raise self.fail(f"Write row{kind} or col{kind} for sums over a matrix.", m.start())
        upper = ""
        if below and (above := _UPPER.match(self.text, end)):
            upper = (above[1] or above[2] or "").strip()
            end = above.end()
        head = _INDEX.match(below)
        if below and head is None:
            raise self.fail(
                "The index of this sum is not understood; write sum_{j=1}^{n}.", m.start()
            )
        indices: list[tuple[str, str, str]] = []
        if head is None:
            indices.append(("", "", ""))
        elif head[4]:
            indices += [(head[4], "", ""), (head[5], "", "")]
        elif head[2] in {"≠", "!="}:
            indices.append((head[1], "≠" + head[3].strip(), ""))
        elif head[2] in {"<", "∈"}:
            raise self.fail("Give the range of this sum as j=1 below and n above.", m.start())
        else:
            lower, dots, far = (head[3] or "").partition("..")
            indices.append((head[1], lower, far.lstrip(".") if dots else upper))
        for index, lower, far in indices:
            known = self.names.declared.get(index)
            if known is not None and known.shape and known.role != "index":
                raise self.fail(f"{index} is a name here; choose another index.", m.start())
            if index:
                self.bound.add(index)
            self.tokens.append(Token("big", kind, at, spaced, bounds=(index, lower, far)))
        return end

    def _refuse(self, k: int) -> AnswerError:
        char = self.text[k]
        if char == "." and k > 0 and (self.text[k - 1].isalnum() or self.text[k - 1] == ")"):
            return self.fail(
                "Only .T may follow a name; nothing else is looked up with a point.", k
            )
        if char == "_" and k + 1 < len(self.text) and self.text[k + 1] == "_":
            return self.fail("Names with double underscores are not mathematics.", k)
        return self.fail(_REFUSALS.get(char, f"The character {char} is not read here."), k)
