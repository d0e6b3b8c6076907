"""Tokens to tree: operator precedence with an explicit stack, so no input can exhaust Python's.

It refuses what people read in two ways (`1/2x`, `ln 2 x`, `e^2x`, `√2x`) instead of choosing; the
tree it builds is the ordinary left-to-right one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fractions import Fraction
from math import isqrt

from .characters import Source
from .errors import AnswerError
from .functions import FUNCTIONS
from .lexer import Lexer, Token
from .names import NO_NAMES, Atom, Names
from .tree import (
    Add,
    Big,
    Call,
    Constant,
    Divide,
    Factorial,
    Index,
    Listing,
    Literal,
    Multiply,
    Name,
    Negate,
    Node,
    Percent,
    Power,
    Transpose,
    children,
    walk,
    whole,
)

DEPTH_CAP = 60
STACK_CAP = 150

_SUM, _HADAMARD, _BODY, _PRODUCT, _APPLY, _TIGHT, _SIGN, _ROOT, _POWER = range(10, 19)
_INFIX = {
    "+": _SUM,
    "-": _SUM,
    "⊙": _HADAMARD,
    ".*": _HADAMARD,
    "*": _PRODUCT,
    "·": _PRODUCT,
    "@": _PRODUCT,
    "/": _PRODUCT,
    "^": _POWER,
    "**": _POWER,
}
_CLOSES = {"(": ")", "[": "]", "{": "}", "|": "|", "‖": "‖"}


@dataclass(slots=True)
class _Entry:
    """Something that waits for its right side: an operator, a bracket, a function."""

    kind: str
    mark: str
    bp: int
    at: int
    token: Token
    call: str = ""
    power: Node | None = None
    base: Node | None = None
    axis: int | None = None
    flat: bool = False
    keep: bool = False
    arguments: list[Node] = field(default_factory=list)
    commas: int = 0
    doubt: bool = False
    extended: bool = False


def parse(source: Source, names: Names = NO_NAMES, *, bound: frozenset[str] = frozenset()) -> Node:
    """The tree of one expression. Raises AnswerError."""
    return _Parser(Lexer(source, names, bound).run(), names, source).run()


class _Parser:
    def __init__(self, tokens: list[Token], names: Names, source: Source) -> None:
        self.tokens = tokens
        self.names = names
        self.source = source
        self.values: list[Node] = []
        self.ops: list[_Entry] = []
        self.k = 0
        self.depth = 0

    def fail(self, cause: str, at: int) -> AnswerError:
        return AnswerError(cause, at)

    @property
    def before(self) -> Token:
        return self.tokens[self.k - 1]

    def peek(self, ahead: int = 1) -> Token:
        return self.tokens[min(self.k + ahead, len(self.tokens) - 1)]

    def run(self) -> Node:
        operand = True
        while True:
            token = self.tokens[self.k]
            if token.kind == "end":
                return self._finish(token, operand)
            operand = self._operand(token) if operand else self._operator(token)
            self.k += 1
            if len(self.ops) > STACK_CAP:
                raise self.fail("This is nested too deeply.", token.at)

    def _finish(self, token: Token, operand: bool) -> Node:
        if operand:
            if len(self.tokens) == 1:
                raise self.fail("There is nothing to read.", 0)
            last = self.before
            if last.kind == "op":
                raise self.fail(f"Something is missing after {last.text}.", last.at)
            if last.kind == "atom" and last.atom is not None and last.atom.kind == "function":
                raise self.fail(f"{last.text} lacks its argument.", last.at)
            if last.kind != "open":
                raise self.fail("The answer breaks off here.", token.at)
        while self.ops:
            if self.ops[-1].kind in {"open", "group"}:
                entry = self.ops[-1]
                raise self.fail(f"This {entry.token.text} is never closed.", entry.token.at)
            self._reduce()
        tree = self.values.pop()
        if len(self.tokens) > DEPTH_CAP and _depth(tree) > STACK_CAP:
            raise self.fail("This is nested too deeply.", 0)
        return tree

    # Where an operand is due.

    def _operand(self, token: Token) -> bool:
        """Take a token where a value must begin; True while one is still due."""
        group = self.ops[-1] if self.ops and self.ops[-1].kind == "command" else None
        if group is not None and token.text != "{":
            raise self.fail(f"\\{group.mark} needs its parts in braces.", token.at)
        match token.kind:
            case "number":
                assert token.literal is not None  # noqa: S101 - the lexer sets it
                self.values.append(token.literal)
                return False
            case "atom":
                return self._atom(token)
            case "open":
                self._open(token)
                return True
            case "bar" | "norm":
                self._open_bar(token)
                return True
            case "command":
                need = token.text[1:]
                self.ops.append(_Entry("command", need, 0, token.at, token))
                return True
            case "big":
                assert token.bounds is not None  # noqa: S101 - the lexer sets it
                self.ops.append(_Entry("big", token.text, _BODY, token.at, token))
                return True
            case "op":
                return self._prefix(token)
            case "option":
                return self._option(token)
            case "close":
                if self.before.kind in {"open", "comma"} and self.k:
                    what = "Nothing stands in these brackets."
                    if self.before.kind == "comma":
                        what = "Something is missing after this comma."
                    raise self.fail(what, self.before.at)
                raise self.fail(f"Something is missing before this {token.text}.", token.at)
            case "comma":
                raise self.fail("Something is missing before this comma.", token.at)
            case "equals":
                raise self.fail("Give the value or formula alone, without =.", token.at)
            case _:
                raise self.fail(f"Something is missing before this {token.text}.", token.at)

    def _prefix(self, token: Token) -> bool:
        if token.text in {"-", "+"}:
            inner = self.ops and self.ops[-1].kind in {"infix", "apply", "root", "prefix"}
            loose = not inner or self.ops[-1].mark in {"+", "-"}
            if token.text == "-":
                # −a·b is −(a·b) at the start of a term; in 2/−a·b the sign holds a alone.
                bp = _BODY if loose else _SIGN
                self.ops.append(_Entry("prefix", "neg", bp, token.at, token))
            elif not loose:
                raise self.fail("There is a + right after another sign.", token.at)
            return True
        if token.text == "√":
            following = self.peek()
            if following.kind == "open" and following.text == "(" and not following.spaced:
                self.k += 1
                self._open(following)
                self.ops[-1].call = "sqrt"
            else:
                self.ops.append(_Entry("root", "√", _ROOT, token.at, token))
            return True
        if token.text == "·" and self.k == 0:
            raise self.fail("A product sign cannot begin an answer; the minus sign is -.", token.at)
        raise self.fail(f"Something is missing before this {token.text}.", token.at)

    def _atom(self, token: Token) -> bool:
        atom = token.atom
        assert atom is not None  # noqa: S101 - the lexer sets it
        match atom.kind:
            case "name" | "index":
                if atom.name in self.names and self._unknown_function(atom, token):
                    return True
                self.values.append(Name(atom.name, token.at))
            case "constant":
                self.values.append(Constant(atom.name, token.at))
            case "indexed":
                rank = len(self.names.shape(atom.name))
                indices = self._indices(atom.subscript, token.at, rank)
                self.values.append(Index(Name(atom.name, token.at), indices, token.at))
            case "delta":
                indices = self._indices(atom.subscript, token.at, 2)
                if len(indices) != 2:
                    raise self.fail("δ needs two indices, as in δ_ij.", token.at)
                self.values.append(Call("delta", indices, at=token.at))
            case _:
                return self._function(atom, token)
        return False

    def _unknown_function(self, atom: Atom, token: Token) -> bool:
        if self.names.declared[atom.name].role != "function":
            return False
        following = self.peek()
        if following.text != "(":
            raise self.fail(f"{atom.name} is a function; write {atom.name}(…).", token.at)
        self.k += 1
        self._open(following)
        self.ops[-1].call = f"?{atom.name}"
        return True

    def _function(self, atom: Atom, token: Token) -> bool:
        entry = _Entry("apply", atom.name, _APPLY, token.at, token, call=atom.name)
        if atom.subscript.startswith("axis="):
            entry.axis = int(atom.subscript[-1])
        elif atom.name == "logb":
            entry.base = parse(Source(atom.subscript), self.names)
        if self.peek().text == "^":
            entry.power = self._function_power(token)
        following = self.peek()
        if following.kind == "open" and following.text in "({":
            self.k += 1
            self._open(following)
            opened = self.ops[-1]
            opened.call, opened.power, opened.base = entry.call, entry.power, entry.base
            opened.axis, opened.at = entry.axis, entry.at
            return True
        if FUNCTIONS[atom.name].whole or FUNCTIONS[atom.name].least > 1:
            raise self.fail(f"Put the argument of {token.text} in brackets.", token.at)
        if following.kind in {"post", "close", "comma", "end"} or following.text in {"*", "/", "·"}:
            raise self.fail(f"{token.text} lacks its argument.", token.at)
        self.ops.append(entry)
        return True

    def _function_power(self, token: Token) -> Node:
        """The 2 of `sin^2 x`; leaves the cursor on its last token."""
        braced = self.peek(2).text == "{"
        number = self.peek(3 if braced else 2)
        if number.text == "-":
            raise self.fail(
                f"Is {token.text}^-1 the inverse function or 1/{token.text}? Write it out.",
                token.at,
            )
        if number.literal is None or (braced and self.peek(4).text != "}"):
            raise self.fail(f"Write ({token.text}(…))^… with brackets.", token.at)
        self.k += 4 if braced else 2
        return number.literal

    def _open(self, token: Token) -> None:
        self.depth += 1
        if self.depth > DEPTH_CAP:
            raise self.fail("This is nested too deeply.", token.at)
        kind = "group" if self.ops and self.ops[-1].kind == "command" else "open"
        self.ops.append(_Entry(kind, token.text, 0, token.at, token))

    def _open_bar(self, token: Token) -> None:
        text = "‖" if token.kind == "norm" else "|"
        later = any(t.kind == "norm" for t in self.tokens[self.k + 1 :])
        if token.text == "||" and not (later and self.names.has_arrays):
            # ||x|-1|: two single bars.
            self._open(Token("open", "|", token.at, token.spaced))
            text = "|"
        self._open(Token("open", text, token.at, token.spaced))

    def _option(self, token: Token) -> bool:
        entry = self._innermost()
        if entry is None or not entry.call or self.before.kind != "comma":
            raise self.fail(
                "An option such as axis= belongs inside a function's brackets.", token.at
            )
        key, _, value = token.text.replace(" ", "").partition("=")
        if key in {"axis", "dim"}:
            if value not in {"-1", "1", "0", "-2"}:
                raise self.fail(f"{key}={value} is not an axis of a matrix.", token.at)
            entry.axis = 1 if value in {"-1", "1"} else 0
            entry.flat = not entry.keep
        elif value == "True":
            entry.keep, entry.flat = True, False
        if self.peek().kind not in {"comma", "close"}:
            raise self.fail("A comma or a closing bracket is due after this option.", token.at)
        # The option stands for no value: drop its comma.
        entry.commas -= 1
        self.values.append(entry.arguments.pop())
        return False

    # Where an operator is due.

    def _operator(self, token: Token) -> bool:
        """Take a token after a value; True if another value is due then."""
        match token.kind:
            case "number":
                raise self._side_by_side(token)
            case "atom" | "command" | "big":
                self._juxtapose(token)
                return self._operand(token)
            case "open":
                self._guard_digits(token)
                if token.text == "[" and not token.spaced and self.before.kind == "atom":
                    raise self.fail("Square brackets do not index here; write z_i.", token.at)
                self._juxtapose(token)
                return self._operand(token)
            case "op":
                if token.text == "√":
                    self._juxtapose(token)
                    return self._operand(token)
                self._infix(token)
                return True
            case "post":
                self._postfix(token)
                return False
            case "method":
                return self._method(token)
            case "subscript":
                self._subscript(token)
                return False
            case "close":
                self._close(token)
                return bool(self.ops and self.ops[-1].kind == "command")
            case "bar" | "norm":
                return self._bar(token)
            case "comma":
                self._comma(token)
                return True
            case "semi":
                raise self.fail(
                    "A semicolon separates rows of a matrix; none is due here.", token.at
                )
            case "equals":
                raise self.fail("Give the value or formula alone, without =.", token.at)
            case _:
                raise self.fail(f"{token.text} is not understood here.", token.at)

    def _method(self, token: Token) -> bool:
        """`A.sum(-1, keepdims=True)`, `A.dot(B)`: what NumPy writes behind a value."""
        unclear = self.before.joined or self._signed_power()
        if unclear or (self.ops and self.ops[-1].mark in {"^", "**", "√"}) or self._applying():
            raise self.fail(
                f"How far back does {token.text.partition('(')[0]} reach? Put brackets before it.",
                token.at,
            )
        name, _, options = token.text[1:].partition("(")
        value = self.values.pop()
        if name in {"dot", "matmul", "mm"}:
            self._open(Token("open", "(", token.at + len(name) + 1, False))
            self.ops[-1].call = "matmul"
            self.ops[-1].arguments.append(value)
            return True
        axis = re.search(r"-?[012]", options)
        number = None
        if axis is not None:
            if axis.group() == "2":
                raise self.fail("A matrix has the axes 0 and 1.", token.at)
            number = 1 if axis.group() in {"-1", "1"} else 0
        flat = number is not None and "True" not in options
        self.values.append(Call(name, (value,), number, flat, token.at))
        return False

    def _applying(self) -> bool:
        return any(entry.kind == "apply" for entry in self._since_open())

    def _guard_digits(self, token: Token) -> None:
        """`0.1(6)` and `1.23(4)`: a recurring digit, an uncertainty or a product?"""
        last = self.before
        decimal = last.kind == "number" and "." in last.text and not token.spaced
        if decimal and self.peek().kind == "number" and self.peek(2).kind == "close":
            raise self.fail(
                "This looks like a repeating decimal: write it as a fraction, or put * before the"
                " bracket for a product.",
                token.at,
            )

    def _side_by_side(self, token: Token) -> AnswerError:
        last = self.before
        if last.text == "'" and not token.spaced:
            return self.fail("An apostrophe cannot group digits; leave it out.", last.at)
        if last.kind == "number" and last.literal is not None:
            if self.peek().text == "/" and self.peek(2).kind == "number":
                top, bottom = token.text, self.peek(2).text
                return self.fail(
                    f"Is this {last.text} + {top}/{bottom} or {last.text}·{top}/{bottom}?"
                    " Write it with + or *.",
                    token.at,
                )
            return self.fail(
                "Two numbers stand side by side; one number is read at a time.", token.at
            )
        if last.text == "%":
            return self.fail("% means percent here; write what you mean with mod in full.", last.at)
        return self.fail(
            f"A number follows {last.text} directly: write *{token.text}, or ^{token.text} for a"
            " power.",
            token.at,
        )

    def _juxtapose(self, token: Token) -> None:
        """Enter an unwritten product before `token`, unless it could be read in two ways."""
        last = self.before
        if last.text == "%":
            raise self.fail(
                "% means percent here, so nothing may follow it directly; use *.", last.at
            )
        begins = token.atom.kind if token.atom is not None else token.kind
        fresh = begins in {"function", "big"} or token.kind == "command" or token.text == "√"
        if self._applied(token, fresh):
            self._push(token, "", _TIGHT)
            return
        if self.ops and self.ops[-1].kind == "root" and not fresh and not token.spaced:
            raise self.fail("How far does the root reach? Put brackets after √.", self.ops[-1].at)
        self._after_power(token, last)
        self._guard_entrywise(token)
        while self.ops and self.ops[-1].bp > _PRODUCT:
            self._reduce()
        doubt = False
        if self.ops and self.ops[-1].mark == "/" and self.ops[-1].kind == "infix":
            doubt = self._after_division(token, begins)
        self._push(token, "", _PRODUCT, doubt)

    def _applied(self, token: Token, fresh: bool) -> bool:
        """Whether the product belongs inside a function written without brackets: `ln 2x`."""
        entry = next(
            (e for e in reversed(self._since_open()) if e.kind == "apply"),
            None,
        )
        if entry is None or fresh:
            return False
        if self.before.kind == "close" and token.spaced and token.kind == "open":
            return False
        if token.spaced or token.kind != "atom":
            raise self.fail(
                f"How far does {entry.token.text} reach? Put its argument in brackets.", entry.at
            )
        return True

    def _after_power(self, token: Token, last: Token) -> None:
        if not ((self.ops and self.ops[-1].mark in {"^", "**"}) or self._signed_power()):
            return
        if token.spaced or last.kind not in {"number", "atom"}:
            return
        entry = next(e for e in reversed(self.ops) if e.mark in {"^", "**"})
        unclear = token.joined
        if last.kind == "number":
            base = self.values[-2] if len(self.values) > 1 else None
            unclear = isinstance(base, Constant | Literal)
        if unclear:
            raise self.fail("How far does the exponent reach? Put it in brackets.", entry.at)

    def _signed_power(self) -> bool:
        return len(self.ops) > 1 and self.ops[-1].mark == "neg" and self.ops[-2].mark in {"^", "**"}

    def _after_division(self, token: Token, begins: str) -> bool:
        """`1/2 x` and `1/n Σ…` are read left to right; `a/b c` only if c is a matrix."""
        top, bottom = self.values[-2], self.values[-1]
        plain = isinstance(top, Literal | Negate) and isinstance(bottom, Literal)
        closed = self.before.kind == "close" and self.before.text != "|"
        if token.spaced and (plain or closed or begins == "big"):
            return False
        if self.names.has_arrays:
            return True
        raise self.fail(
            "What is divided here? Write (a/b)*c or a/(b*c) with brackets.", self.ops[-1].at
        )

    def _push(self, token: Token, mark: str, bp: int, doubt: bool = False) -> None:
        while self.ops and self.ops[-1].bp >= bp:
            self._reduce()
        self.ops.append(_Entry("infix", mark, bp, token.at, token, doubt=doubt))

    def _infix(self, token: Token) -> None:
        mark = token.text
        bp = _INFIX[mark]
        if bp == _POWER:
            if self.ops and self.ops[-1].kind == "root":
                raise self.fail("Is the power under the root? Put brackets after √.", token.at)
            self.ops.append(_Entry("infix", mark, bp, token.at, token))
            return
        following = self.peek()
        if mark == "/" and following.text == "/":
            raise self.fail("// is not read here; write one /.", token.at)
        if mark == "/" and not token.spaced:
            self._guard_fraction()
        if bp in {_PRODUCT, _HADAMARD}:
            self._guard_entrywise(token)
            self._guard_apply(token, following)
            for entry in self._since_open():
                if entry.kind == "big":
                    entry.extended = True
                    self._guard_sum(entry)
        while self.ops and self.ops[-1].bp >= bp:
            self._reduce()
        mark = "⊙" if mark == ".*" else mark
        self.ops.append(_Entry("infix", mark, bp, token.at, token))

    def _guard_entrywise(self, token: Token) -> None:
        """`A .* B C`: .* comes first in MATLAB and ⊙ last, so no other product may stand beside."""
        for entry in self._since_open():
            other = entry.kind == "infix" and entry.bp in {_HADAMARD, _PRODUCT}
            if other and (entry.token.text == ".*") != (token.text == ".*"):
                raise self.fail("Which product comes first here? Put brackets around it.", token.at)

    def _guard_fraction(self) -> None:
        """`2^1/2` and `√4/9`: nobody writes a power of 1 or √4 for its own sake."""
        value = self.values[-1]
        top = self.ops[-1] if self.ops else None
        if top is None or not isinstance(value, Literal) or self.before.kind != "number":
            return
        raised = top.mark in {"^", "**"} or self._signed_power()
        if raised and value.value == 1:
            raise self.fail("How far does the exponent reach? Put it in brackets.", value.at)
        if top.kind == "root" and value.value.denominator == 1:
            whole_root = isqrt(value.value.numerator)
            if whole_root * whole_root == value.value:
                raise self.fail("How far does the root reach? Put brackets after √.", top.at)

    def _guard_apply(self, token: Token, following: Token) -> None:
        """`ln 2/3` is unclear; `ln 2 / 3` and `ln x*ln y` are not."""
        entry = next((e for e in self._since_open() if e.kind == "apply"), None)
        if entry is None or token.spaced:
            return
        if following.atom is not None and following.atom.kind == "function":
            return
        if self.before.kind == "close" and self.before.text != "}":
            return
        raise self.fail(
            f"How far does {entry.token.text} reach? Put its argument in brackets.", entry.at
        )

    def _guard_sum(self, entry: _Entry) -> None:
        place = self.ops.index(entry)
        if place and self.ops[place - 1].mark == "/" and self.ops[place - 1].kind == "infix":
            raise self.fail("How far does this sum reach? Put it in brackets.", entry.at)

    def _postfix(self, token: Token) -> None:
        value = self.values.pop()
        if self.ops and self.ops[-1].kind == "root":
            raise self.fail("Does this belong under the root? Put brackets after √.", token.at)
        if token.text == "!":
            if self.before.text == "!" or self.peek().text == "!":
                raise self.fail("Double factorials are not read here.", token.at)
            if self.peek().kind == "equals":
                raise self.fail("An inequality is not asked here.", token.at)
            self.values.append(Factorial(value, token.at))
        elif token.text == "%":
            if self.before.text == "%":
                raise self.fail("One % is enough.", token.at)
            if self.ops and self.ops[-1].mark in {"/", "^", "**"} and self.before.kind != "close":
                raise self.fail("Percent of what? Put brackets around it.", token.at)
            if self.peek().kind in {"number", "atom", "open"}:
                raise self.fail(
                    "% means percent here, so nothing may follow it directly.", token.at
                )
            self.values.append(Percent(value, token.at))
        else:
            if self.ops and self.ops[-1].mark in {"^", "**"} and self.ops[-1].kind == "infix":
                self.values.append(value)
                self._reduce()
                value = self.values.pop()
            if isinstance(value, Transpose) and isinstance(value.body, Transpose):
                raise self.fail("One transpose sign is enough.", token.at)
            self.values.append(Transpose(value, token.at))

    def _subscript(self, token: Token) -> None:
        text = token.text[1:].strip("{} ")
        value = self.values.pop()
        if isinstance(value, Call) and value.name == "norm" and self.before.kind == "norm":
            if text not in {"1", "2", "F"}:
                raise self.fail("Only the norms _1, _2 and _F are read.", token.at)
            name = "norm1" if text == "1" else "norm"
            self.values.append(Call(name, value.arguments, at=value.at))
            return
        if self.before.kind != "close":
            raise self.fail("This index belongs to nothing that has entries.", token.at)
        self.values.append(Index(value, self._indices(text, token.at, 0), token.at))

    def _indices(self, text: str, at: int, rank: int) -> tuple[Node, ...]:
        """`i`, `ij`, `i,j`, `12`, `t-1` as index nodes; rank 0 when it is not known."""
        pieces = [p.strip() for p in text.split(",")] if "," in text else [text.strip()]
        pair = len(pieces) == 1 and rank != 1 and re.fullmatch(r"[^\W_]{2}", pieces[0])
        if pair and (rank == 2 or not pieces[0].isdigit()):
            pieces = list(pieces[0])
        found: list[Node] = []
        for piece in pieces:
            m = re.fullmatch(r"([^\W\d_])?\s*(?:([+-]?)\s*(\d{1,6}))?", piece)
            if m is None or not piece or (m[1] and m[3] and not m[2]):
                raise self.fail("This index is not understood; write x_i, x_3 or x_{i-1}.", at)
            letter, sign, digits = m.groups()
            if letter is None:
                found.append(whole(int((sign or "") + digits), at))
            elif digits is None:
                found.append(Name(letter, at))
            else:
                found.append(Add((Name(letter, at), whole(int(sign + digits), at)), at))
        if rank and len(found) > rank:
            raise self.fail("There are too many indices here.", at)
        return tuple(found)

    def _comma(self, token: Token) -> None:
        entry = self._innermost()
        if entry is None:
            raise self.fail("A comma stands here; one value is read at a time.", token.at)
        while self.ops[-1] is not entry:
            self._reduce()
        if not entry.call and entry.mark != "[":
            raise self.fail("A comma stands here; these brackets hold one value.", token.at)
        entry.arguments.append(self.values.pop())
        entry.commas += 1

    def _close(self, token: Token) -> None:
        entry = self._innermost()
        if entry is None:
            raise self.fail(f"This {token.text} was never opened.", token.at)
        if _CLOSES[entry.mark] != token.text:
            raise self.fail(
                f"This {token.text} does not close the {entry.token.text} opened before it.",
                token.at,
            )
        self._close_entry(entry)

    def _bar(self, token: Token) -> bool:
        entry = self._innermost()
        text = "‖" if token.kind == "norm" else "|"
        if entry is not None and entry.mark == text:
            self._close_entry(entry)
            return False
        if token.text == "||" and entry is not None and entry.mark == "|":
            self._close_entry(entry)
            outer = self._innermost()
            after = self.peek()
            if outer is not None and outer.mark == "|" and after.kind not in {"atom", "number"}:
                self._close_entry(outer)
                return False
            single = Token("bar", "|", token.at, False)
            self._juxtapose(single)
            self._open_bar(single)
            return True
        if text == "|" and self._bars_closed():
            raise self.fail("These bars can be paired in two ways; use abs(…).", token.at)
        self._juxtapose(token)
        self._open_bar(token)
        return True

    def _bars_closed(self) -> bool:
        """Whether a pair of bars was closed before and something stands between: |a|b|c|."""
        return self.before.kind not in {"bar", "norm"} and any(
            t.kind == "bar" for t in self.tokens[: self.k]
        )

    def _close_entry(self, entry: _Entry) -> None:
        while self.ops[-1] is not entry:
            self._reduce()
        self.ops.pop()
        self.depth -= 1
        value = self.values.pop()
        if entry.kind == "group":
            self._fill_command(value)
            return
        if entry.mark == "|":
            value = Call("abs", (value,), at=entry.at)
        elif entry.mark == "‖":
            value = Call("norm", (value,), at=entry.at)
        elif entry.call:
            entry.arguments.append(value)
            value = self._call(entry)
        elif entry.mark == "[" and (entry.commas or isinstance(value, Listing)):
            value = Listing((*entry.arguments, value), entry.at)
        self.values.append(value)

    def _fill_command(self, value: Node) -> None:
        command = self.ops[-1]
        command.arguments.append(value)
        if command.mark != "sqrt" and len(command.arguments) < 2:
            return
        self.ops.pop()
        one, *rest = command.arguments
        if command.mark == "frac":
            if self._digit_before(command):
                raise self.fail(
                    "Is this a mixed number or a product? Write + or * before the fraction.",
                    command.at,
                )
            value = Divide(one, rest[0], command.at)
        elif command.mark == "root":
            value = Call("root", (rest[0], one), at=command.at)
        else:
            value = Call("sqrt", (one,), at=command.at)
        self.values.append(value)

    def _digit_before(self, command: _Entry) -> bool:
        place = self.tokens.index(command.token)
        plain = all(isinstance(a, Literal) for a in command.arguments)
        return plain and place > 0 and self.tokens[place - 1].kind == "number"

    def _call(self, entry: _Entry) -> Node:
        arguments = tuple(entry.arguments)
        name = entry.call
        if name.startswith("?"):
            if len(arguments) != 1:
                raise self.fail(f"{name[1:]} takes one argument.", entry.at)
            return Call(name, arguments, at=entry.at)
        if name in {"sum", "prod", "mean", "max", "min"} and len(arguments) in {2, 4}:
            index = arguments[1]
            letters = {t.bounds[0] for t in self.tokens if t.bounds}
            fresh = isinstance(index, Name) and index.name not in self.names
            if isinstance(index, Name) and fresh and index.name not in letters:
                lower, upper = arguments[2:] if len(arguments) == 4 else (None, None)
                return Big(name, index.name, arguments[0], lower, upper, at=entry.at)
        if name == "logb" and entry.base is not None:
            arguments = (*arguments, entry.base)
        if name == "ln" and len(arguments) == 2:
            # log(x, 2), as Python writes another base.
            name = "logb"
        if name == "abs":
            # Bars around a vector may mean its length; abs(…) may not.
            entry.flat = True
        function = FUNCTIONS[name]
        if not function.least <= len(arguments) <= function.most:
            due = str(function.least) if function.least == function.most else "fewer"
            raise self.fail(
                f"{entry.token.text if entry.token.kind == 'atom' else name} takes"
                f" {due} argument{'' if due == '1' else 's'}, not {len(arguments)}.",
                entry.at,
            )
        value: Node = Call(name, arguments, entry.axis, entry.flat, entry.at)
        return Power(value, entry.power, at=entry.at) if entry.power is not None else value

    # The stack.

    def _innermost(self) -> _Entry | None:
        return next((e for e in reversed(self.ops) if e.kind in {"open", "group"}), None)

    def _since_open(self) -> list[_Entry]:
        """The entries above the innermost bracket, lowest first."""
        k = len(self.ops)
        while k and self.ops[k - 1].kind not in {"open", "group", "command"}:
            k -= 1
        return self.ops[k:]

    def _reduce(self) -> None:
        entry = self.ops.pop()
        right = self.values.pop()
        match entry.kind:
            case "prefix":
                self.values.append(Negate(right, entry.at))
            case "root":
                self.values.append(Call("sqrt", (right,), at=entry.at))
            case "apply":
                entry.arguments = [right]
                self.values.append(self._call(entry))
            case "big":
                self.values.append(self._sum(entry, right))
            case "command":
                raise self.fail(f"\\{entry.mark} lacks a part.", entry.at)
            case _:
                self.values.append(_join(entry, self.values.pop(), right))

    def _sum(self, entry: _Entry, body: Node) -> Node:
        assert entry.token.bounds is not None  # noqa: S101 - the lexer sets it
        index, lower, upper = entry.token.bounds
        if not index:
            found = sorted(_loose_indices(body, self.names))
            if len(found) != 1:
                raise self.fail("Write the index of this sum, as in sum_j.", entry.at)
            index = found[0]
        if lower.startswith("≠"):
            return Big(entry.mark, index, body, without=lower[1:].strip("= "), at=entry.at)
        ends = [self._bound(text, entry.at) for text in (lower, upper)]
        if (ends[0] is None) != (ends[1] is None):
            if ends[0] is None or ends[0] != Literal(Fraction(1), "1", 0):
                raise self.fail("Give both ends of this sum, or none.", entry.at)
            ends[0] = None
        return Big(entry.mark, index, body, ends[0], ends[1], at=entry.at)

    def _bound(self, text: str, at: int) -> Node | None:
        if not text.strip():
            return None
        known = frozenset(t.bounds[0] for t in self.tokens if t.bounds)
        try:
            return parse(Source(text), self.names, bound=known)
        except AnswerError as error:
            raise self.fail(error.cause, at) from None


def _join(entry: _Entry, left: Node, right: Node) -> Node:
    at = entry.at
    match entry.mark:
        case "+" | "-":
            right = Negate(right, at) if entry.mark == "-" else right
            terms = left.terms if isinstance(left, Add) else (left,)
            return Add((*terms, right), at)
        case "/":
            return Divide(left, right, at)
        case "^" | "**":
            return Power(left, right, entry.mark, at)
        case mark:
            if isinstance(left, Multiply) and left.mark == mark and not (entry.doubt or left.doubt):
                return Multiply((*left.factors, right), mark, False, left.at)
            return Multiply((left, right), mark, entry.doubt, at)


def _loose_indices(body: Node, names: Names) -> set[str]:
    """Index letters used in a body that nothing declares or binds."""
    bound = {n.index for n in walk(body) if isinstance(n, Big)}
    return {
        inner.name
        for node in walk(body)
        if isinstance(node, Index)
        for index in node.indices
        for inner in walk(index)
        if isinstance(inner, Name) and inner.name not in names and inner.name not in bound
    }


def _depth(tree: Node) -> int:
    deepest = 0
    pending = [(tree, 1)]
    while pending:
        node, depth = pending.pop()
        deepest = max(deepest, depth)
        pending.extend((child, depth + 1) for child in children(node))
    return deepest
