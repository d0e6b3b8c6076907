"""What the parser holds while it reads: the values so far, and what waits for its right side.

The stack is a list, so no input can exhaust Python's own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from . import calls
from .errors import AnswerError
from .lexer import Token
from .names import Names
from .tree import Add, Call, Divide, Multiply, Negate, Node, Power

DEPTH_CAP = 60
STACK_CAP = 150

SUM, HADAMARD, BODY, PRODUCT, APPLY, TIGHT, SIGN, ROOT, POWER = range(10, 19)
"""How tightly operators bind, loosest first. BODY is what follows Σ, APPLY an argument without
brackets, TIGHT a product inside it."""


@dataclass(slots=True)
class Entry:
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


@dataclass(slots=True)
class State:
    """`read` reads a text within the text, such as the bound of a sum, over more index letters."""

    tokens: list[Token]
    names: Names
    read: Callable[[str, frozenset[str]], Node]
    values: list[Node] = field(default_factory=list)
    ops: list[Entry] = field(default_factory=list)
    k: int = 0
    """The token at hand."""
    depth: int = 0

    @property
    def before(self) -> Token:
        """The token before the one at hand."""
        return self.tokens[self.k - 1]

    def peek(self, ahead: int = 1) -> Token:
        """A later token; the "end" beyond the last."""
        return self.tokens[min(self.k + ahead, len(self.tokens) - 1)]

    def innermost(self) -> Entry | None:
        """The bracket that is open."""
        return next((e for e in reversed(self.ops) if e.kind in {"open", "group"}), None)

    def since_open(self) -> list[Entry]:
        """The entries above the innermost bracket, lowest first."""
        k = len(self.ops)
        while k and self.ops[k - 1].kind not in {"open", "group", "command"}:
            k -= 1
        return self.ops[k:]

    def open(self, token: Token) -> None:
        """Open a bracket, or the part of a LaTeX command."""
        self.depth += 1
        if self.depth > DEPTH_CAP:
            raise AnswerError("This is nested too deeply.", token.at)
        kind = "group" if self.ops and self.ops[-1].kind == "command" else "open"
        self.ops.append(Entry(kind, token.text, 0, token.at, token))

    def push(self, token: Token, mark: str, bp: int, doubt: bool = False) -> None:
        """Enter an operator, after working off all that bind at least as tightly."""
        while self.ops and self.ops[-1].bp >= bp:
            self.reduce()
        self.ops.append(Entry("infix", mark, bp, token.at, token, doubt=doubt))

    def reduce(self) -> None:
        """Give the topmost entry its right side."""
        entry = self.ops.pop()
        right = self.values.pop()
        match entry.kind:
            case "prefix":
                self.values.append(Negate(right, entry.at))
            case "root":
                self.values.append(Call("sqrt", (right,), at=entry.at))
            case "apply":
                entry.arguments = [right]
                self.values.append(calls.call(self, entry))
            case "big":
                self.values.append(calls.summed(self, entry, right))
            case "command":
                raise AnswerError(f"\\{entry.mark} lacks a part.", entry.at)
            case _:
                self.values.append(_join(entry, self.values.pop(), right))


def _join(entry: Entry, left: Node, right: Node) -> Node:
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
