"""TeX of our subset → a tree that the layouts walk.

Linear in the length of the source, with caps on length and depth. What is outside the subset is
refused: `UnknownTeX` for a command we do not have (another renderer may), `BrokenTeX` for a formula
that is not well formed. Nothing is guessed.
"""

from __future__ import annotations

import re

from studykit.typeset import symbols
from studykit.typeset.pairs import paired
from studykit.typeset.tree import (
    EMPTY,
    Atom,
    Fenced,
    Fraction,
    Grid,
    Marked,
    Node,
    Root,
    Row,
    Ruled,
    Scripted,
    Space,
    Stacked,
)

MAX_LENGTH = 6000
MAX_DEPTH = 24


class TeXError(ValueError):
    """A formula that our own layout does not draw; `str(error)` says why, in one sentence."""


class BrokenTeX(TeXError):  # noqa: N818 - it names the formula, not the exception
    """Unbalanced, empty where an argument is due, too long or too deep."""


class UnknownTeX(TeXError):  # noqa: N818
    """Well formed as far as read, but with a command outside the subset."""


_TOKEN = re.compile(r"\\[a-zA-Z]+|\\.|\s+|[0-9]+(?:\.[0-9]+)?|.", re.DOTALL)
_SKIP_AFTER_ROW = re.compile(r"\[\s*-?[0-9.]+\s*(?:pt|em|ex|mm|cm|px)\s*\]")
_DELIMITERS = {
    "(": "(",
    ")": ")",
    "[": "[",
    "]": "]",
    "|": "|",
    "/": "/",
    ".": "",
    "<": "⟨",
    ">": "⟩",
}


def parse_tex(source: str) -> Row:
    """The tree of `source`, given without its dollars."""
    if len(source) > MAX_LENGTH:
        raise BrokenTeX(f"the formula is longer than {MAX_LENGTH} characters")
    return _Parser(source).whole()


class _Parser:
    def __init__(self, source: str) -> None:
        self.tokens: list[str] = _TOKEN.findall(source)
        self.at = 0
        self.depth = 0

    # -- reading tokens ------------------------------------------------------------------------

    def peek(self) -> str:
        """The next token that is no blank, or "" at the end."""
        tokens = self.tokens
        while self.at < len(tokens) and tokens[self.at].isspace():
            self.at += 1
        return tokens[self.at] if self.at < len(tokens) else ""

    def take(self) -> str:
        piece = self.peek()
        self.at += 1
        return piece

    def whole(self) -> Row:
        return self.row(frozenset({""}))

    # -- rows and arguments --------------------------------------------------------------------

    def row(self, ends: frozenset[str]) -> Row:
        """Everything up to one of `ends`, which stays unread."""
        outside = self.depth
        self.deeper()
        children: list[Node] = []
        while (piece := self.peek()) not in ends:
            if piece in {"", "}", "&", "\\\\", "\\right", "\\end"}:
                raise BrokenTeX(f"unexpected {piece}" if piece else "the formula ends too early")
            if piece in {"^", "_", "'"}:
                children.append(self.scripts(children.pop() if children else EMPTY))
            else:
                node = self.one(ends)
                if node is not None:
                    children.append(node)
                if isinstance(node, Atom) and node.role == "open":
                    self.deeper()
                elif isinstance(node, Atom) and node.role == "close":
                    self.depth = max(outside + 1, self.depth - 1)
        self.depth = outside
        return Row(paired(children))

    def deeper(self) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise BrokenTeX(f"the formula is nested deeper than {MAX_DEPTH} levels")

    def group(self) -> Row:
        """An argument: a braced group, or one token."""
        piece = self.peek()
        if piece == "{":
            self.at += 1
            row = self.row(frozenset({"}"}))
            self.at += 1
            return row
        if piece in {"", "}", "&", "\\\\", "^", "_", "\\right", "\\end"}:
            raise BrokenTeX("an argument is missing")
        if piece[0].isdigit() and len(piece) > 1:
            # TeX takes one digit as an argument: \frac12 is one half.
            self.tokens[self.at] = piece[1:]
            return Row((Atom(piece[0]),))
        self.deeper()
        node = self.one(frozenset())
        self.depth -= 1
        return EMPTY if node is None else Row((node,))

    def optional(self) -> Row | None:
        if self.peek() != "[":
            return None
        self.at += 1
        row = self.row(frozenset({"]"}))
        self.at += 1
        return row

    def raw(self) -> str:
        """A braced argument as it is written, blanks kept, braces inside balanced."""
        if self.peek() != "{":
            piece = self.take()
            if not piece or piece in {"}", "&"} or piece.startswith("\\"):
                raise BrokenTeX("an argument is missing")
            return piece
        self.at += 1
        start, depth = self.at, 1
        while self.at < len(self.tokens):
            piece = self.tokens[self.at]
            depth += (piece == "{") - (piece == "}")
            self.at += 1
            if depth == 0:
                return "".join(self.tokens[start : self.at - 1])
        raise BrokenTeX("a brace is not closed")

    # -- one thing -----------------------------------------------------------------------------

    def one(self, ends: frozenset[str]) -> Node | None:
        piece = self.take()
        if piece.startswith("\\"):
            return self.command(piece[1:], ends)
        if piece == "{":
            self.at -= 1
            inner = self.group()
            if len(inner.children) != 1:
                return inner
            only = inner.children[0]
            # Braces make a sign ordinary: 1{,}000 has no space after the comma.
            return Atom(only.text) if isinstance(only, Atom) and only.role != "word" else only
        if piece == "~":
            return Space(1)
        if piece in {"%", "#", "$"}:
            raise BrokenTeX(f"unexpected {piece}")
        sign = symbols.SIGNS.get(piece)
        return Atom(*sign) if sign else Atom(piece)

    def scripts(self, base: Node) -> Node:
        sub: Row | None = None
        sup: Row | None = None
        primes = 0
        limits = _takes_limits(base)
        while (piece := self.peek()) in {"^", "_", "'"} or piece in {"\\limits", "\\nolimits"}:
            self.at += 1
            if piece == "'":
                primes += 1
            elif piece == "^":
                if sup is not None:
                    raise BrokenTeX("two superscripts on one base")
                sup = self.group()
            elif piece == "_":
                if sub is not None:
                    raise BrokenTeX("two subscripts on one base")
                sub = self.group()
            else:
                limits = piece == "\\limits"
        if primes:
            sup = Row((Atom("′" * primes), *(sup.children if sup else ())))
        if isinstance(base, Space):
            return Row((base, Scripted(EMPTY, sub, sup, limits=False)))
        return Scripted(base, sub, sup, limits)

    def command(self, name: str, ends: frozenset[str]) -> Node | None:
        if name in symbols.SYMBOLS:
            return Atom(*symbols.SYMBOLS[name])
        if name in symbols.ESCAPED:
            return Atom(*symbols.ESCAPED[name])
        if name in symbols.SPACES:
            return Space(symbols.SPACES[name]) if symbols.SPACES[name] else None
        if name in symbols.NAMES:
            return Atom(name, "word")
        if name in {"frac", "dfrac", "tfrac", "cfrac"}:
            return Fraction(self.group(), self.group())
        if name in {"binom", "dbinom", "tbinom"}:
            return Fraction(self.group(), self.group(), choose=True)
        if name == "sqrt":
            degree = self.optional()
            return Root(self.group(), degree)
        if name in symbols.UPRIGHT:
            return self.upright(name)
        if name in symbols.TEXTS:
            return _words(self.raw())
        if name in symbols.FONTS:
            return _styled(symbols.FONTS[name], self.group())
        if name in symbols.MARKS or name in symbols.RULES:
            return self.marked(name)
        if name == "left":
            return self.fenced()
        if name in symbols.SIZES:
            return self.sized(name)
        if name in {"overset", "stackrel"}:
            over = self.group()
            return Stacked(self.group(), over=over)
        if name == "underset":
            under = self.group()
            return Stacked(self.group(), under=under)
        if name in {"xrightarrow", "xleftarrow"}:
            below = self.optional()
            arrow = Atom("⟶" if name == "xrightarrow" else "⟵", "rel")
            return Stacked(Row((arrow,)), over=self.group(), under=below)
        if name == "substack":
            return self.substack()
        if name == "begin":
            return self.environment()
        if name == "boxed":
            return Fenced("[", self.group(), "]")
        if name in {"mathop", "mathbin", "mathrel", "mathord"}:
            return self.group()
        if name in {"pmod", "pod"}:
            inside = Row((Atom("mod", "word"), *self.group().children))
            return Row((Space(1), Fenced("(", inside, ")")))
        if name == "not":
            return self.negated(ends)
        if name in symbols.IGNORED:
            return None
        raise UnknownTeX(f"\\{name} is not in the subset of TeX drawn here")

    def upright(self, name: str) -> Node:
        if name == "operatorname" and self.peek() == "*":
            self.at += 1
        body = self.group()
        letters = "".join(c.text if isinstance(c, Atom) else "?" for c in body.children)
        if letters.replace("−", "").isalnum() and all(c.isascii() or c.isalpha() for c in letters):
            # \mathrm{row-sum} is one word; a single letter is an ordinary sign.
            return Atom(letters.replace("−", "-"), "word" if len(letters) > 1 else "ord")
        return body

    def marked(self, name: str) -> Node:
        body = self.group()
        if name in symbols.MARKS and len(body.children) == 1:
            inner = body.children[0]
            if _one_letter(inner):
                return Marked(body, symbols.MARKS[name])
            if isinstance(inner, Scripted) and _one_letter(inner.base) and name != "overline":
                return inner._replace(base=Marked(Row((inner.base,)), symbols.MARKS[name]))
        if name not in symbols.RULES:
            raise UnknownTeX(f"\\{name} over more than one letter")
        return Ruled(body, symbols.RULES[name])

    def delimiter(self) -> str:
        piece = self.take()
        if piece in _DELIMITERS:
            return _DELIMITERS[piece]
        name = piece[1:]
        if piece.startswith("\\") and name in symbols.ESCAPED:
            return symbols.ESCAPED[name][0]
        if piece.startswith("\\") and name in symbols.SYMBOLS:
            return symbols.SYMBOLS[name][0]
        raise BrokenTeX("a delimiter is missing")

    def fenced(self) -> Node:
        left = self.delimiter()
        body = self.row(frozenset({"\\right"}))
        self.at += 1
        return Fenced(left, body, self.delimiter())

    def sized(self, name: str) -> Node:
        sign = self.delimiter()
        if name.endswith("l") or (not name.endswith(("r", "m")) and sign in "([{⟨⌊⌈"):
            return Atom(sign, "open")
        if name.endswith("r") or (not name.endswith("m") and sign in ")]}⟩⌋⌉"):
            return Atom(sign, "close")
        return Atom(sign, "bar" if sign in "|‖" else "ord")

    def negated(self, ends: frozenset[str]) -> Node:
        node = self.one(ends)
        struck = {"=": "≠", "∈": "∉", "<": "≮", ">": "≯", "≤": "≰", "≥": "≱", "⊂": "⊄", "⊆": "⊈"}
        if isinstance(node, Atom) and node.text in struck:
            return Atom(struck[node.text], "rel")
        raise UnknownTeX("\\not before this sign")

    def substack(self) -> Node:
        if self.take() != "{":
            raise BrokenTeX("an argument is missing")
        cells = self.cells(frozenset({"}"}))
        self.at += 1
        return Grid(cells, "", "", "c")

    def environment(self) -> Node:
        name = self.raw().strip()
        if name == "array":
            letters = re.sub(r"[^lcr]", "", self.raw()) or "c"
        elif name == "alignat":
            self.raw()
            letters = "rl"
        elif name in symbols.FENCED_GRIDS:
            letters = "l" if name == "cases" else "c"
        elif name in symbols.ALIGNED_GRIDS:
            letters = "c" if name.startswith("gather") else "rl"
        else:
            raise UnknownTeX(f"the environment {name} is not in the subset of TeX drawn here")
        cells = self.cells(frozenset({"\\end"}))
        self.at += 1
        if self.raw().strip() != name:
            raise BrokenTeX(f"\\begin{{{name}}} is closed by another \\end")
        left, right = symbols.FENCED_GRIDS.get(name, ("", ""))
        return Grid(cells, left, right, letters)

    def cells(self, ends: frozenset[str]) -> tuple[tuple[Row, ...], ...]:
        rows: list[tuple[Row, ...]] = []
        current: list[Row] = []
        stops = ends | {"&", "\\\\"}
        while True:
            current.append(self.row(stops))
            piece = self.peek()
            if piece in ends:
                break
            self.at += 1
            if piece == "\\\\":
                self.skip_row_gap()
                rows.append(tuple(current))
                current = []
        if current != [EMPTY] or not rows:
            rows.append(tuple(current))
        return tuple(rows)

    def skip_row_gap(self) -> None:
        """The optional length after a row's end: `\\\\[2pt]`."""
        if self.peek() != "[":
            return
        match = _SKIP_AFTER_ROW.match("".join(self.tokens[self.at : self.at + 8]))
        if match:
            length = 0
            while length < match.end():
                length += len(self.tokens[self.at])
                self.at += 1


def _takes_limits(base: Node) -> bool:
    match base:
        case Atom(text=text, role="big"):
            return text not in symbols.INTEGRALS
        case Atom(text=text, role="word"):
            return text in symbols.LIMIT_NAMES
        case Ruled(place=place):
            return place.endswith("brace")
        case _:
            return False


def _one_letter(node: Node) -> bool:
    return isinstance(node, Atom) and len(node.text) == 1 and node.text.isalnum()


def _words(text: str) -> Node:
    """The content of \\text: blanks kept, TeX's own escapes undone."""
    if "\\" in text or "$" in text:
        text = re.sub(r"\\([#$%&_{} ])", r"\1", text)
        if "\\" in text or "$" in text:
            raise UnknownTeX("a command inside \\text")
    text = re.sub(r"\s+", " ", text.replace("~", " "))
    return Atom(text, "word" if len(text) > 1 and text.isalpha() else "text")


def _styled(font: str, body: Row) -> Node:
    """Every letter and digit of `body` in another alphabet."""

    def restyle(node: Node) -> Node:
        match node:
            case Atom(text=text, role="ord") if text.isalnum():
                letters = [symbols.in_font(font, letter) for letter in text]
                if None in letters:
                    raise UnknownTeX(f"{text} has no {font[4:]} form that terminals have")
                return Atom("".join(letter or "" for letter in letters))
            case Row(children=children):
                return Row(tuple(map(restyle, children)))
            case Scripted(base=base):
                return node._replace(base=restyle(base))
            case _:
                return node

    whole = restyle(body)
    if isinstance(whole, Row) and len(whole.children) == 1:
        return whole.children[0]
    return whole
