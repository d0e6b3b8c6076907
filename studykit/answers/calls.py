"""From a function's bracket, a Σ or an index to its node, once the parts are read."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING

from .errors import AnswerError
from .functions import FUNCTIONS
from .names import Names
from .tree import Add, Big, Call, Factorial, Index, Literal, Name, Node, Power, walk, whole

if TYPE_CHECKING:
    from .stack import Entry, State


def indices(text: str, at: int, rank: int) -> tuple[Node, ...]:
    """`i`, `ij`, `i,j`, `12`, `t-1` as index nodes; rank 0 when it is not known."""
    pieces = [p.strip() for p in text.split(",")] if "," in text else [text.strip()]
    pair = len(pieces) == 1 and rank != 1 and re.fullmatch(r"[^\W_]{2}", pieces[0])
    if pair and (rank == 2 or not pieces[0].isdigit()):
        pieces = list(pieces[0])
    found: list[Node] = []
    for piece in pieces:
        m = re.fullmatch(r"([^\W\d_])?\s*(?:([+-]?)\s*(\d{1,6}))?", piece)
        if m is None or not piece or (m[1] and m[3] and not m[2]):
            raise AnswerError("This index is not understood; write x_i, x_3 or x_{i-1}.", at)
        letter, sign, digits = m.groups()
        if letter is None:
            found.append(whole(int((sign or "") + digits), at))
        elif digits is None:
            found.append(Name(letter, at))
        else:
            found.append(Add((Name(letter, at), whole(int(sign + digits), at)), at))
    if rank and len(found) > rank:
        raise AnswerError("There are too many indices here.", at)
    return tuple(found)


def call(state: State, entry: Entry) -> Node:
    """The node of a function with its arguments; `sum(x_i, i)` and `sum(k, k, 1, n)` are sums."""
    arguments = tuple(entry.arguments)
    name = entry.call
    if name.startswith("?"):
        if len(arguments) != 1:
            raise AnswerError(f"{name[1:]} takes one argument.", entry.at)
        return Call(name, arguments, at=entry.at)
    if name in {"sum", "prod", "mean", "max", "min"} and len(arguments) in {2, 4}:
        index = arguments[1]
        letters = {t.bounds[0] for t in state.tokens if t.bounds}
        # The index of sum(k^2, k, 1, n) may bear the name of a number that is declared.
        whole_range = len(arguments) == 4 and isinstance(index, Name)
        fresh = isinstance(index, Name) and (
            index.name not in state.names or (whole_range and not state.names.shape(index.name))
        )
        if isinstance(index, Name) and fresh and index.name not in letters:
            lower, upper = arguments[2:] if len(arguments) == 4 else (None, None)
            return Big(name, index.name, arguments[0], lower, upper, at=entry.at)
    if name == "logb" and entry.base is not None:
        arguments = (*arguments, entry.base)
    if name in {"ln", "log10"} and len(arguments) == 2:
        # log(x, 2), as Python writes another base.
        name = "logb"
    if name == "root" and len(arguments) == 1:
        name = "sqrt"
    if name == "factorial" and len(arguments) == 1:
        return Factorial(arguments[0], entry.at)
    if name == "abs":
        # Bars around a vector may mean its length; abs(…) may not.
        entry.flat = True
    function = FUNCTIONS[name]
    if not function.least <= len(arguments) <= function.most:
        due = str(function.least) if function.least == function.most else "fewer"
        raise AnswerError(
            f"{entry.token.text if entry.token.kind == 'atom' else name} takes"
            f" {due} argument{'' if due == '1' else 's'}, not {len(arguments)}.",
            entry.at,
        )
    value: Node = Call(name, arguments, entry.axis, entry.flat, entry.at)
    return Power(value, entry.power, at=entry.at) if entry.power is not None else value


def summed(state: State, entry: Entry, body: Node) -> Node:
    """The node of Σ, ∏, max_i … with its body."""
    assert entry.token.bounds is not None  # noqa: S101 - the lexer sets it
    index, lower, upper = entry.token.bounds
    if not index:
        found = sorted(_loose_indices(body, state.names))
        if len(found) != 1:
            raise AnswerError("Write the index of this sum, as in sum_j.", entry.at)
        index = found[0]
    if lower.startswith("≠"):
        return Big(entry.mark, index, body, without=lower[1:].strip("= "), at=entry.at)
    ends = [_bound(state, text, entry.at) for text in (lower, upper)]
    if (ends[0] is None) != (ends[1] is None):
        if ends[0] is None or ends[0] != Literal(Fraction(1), "1", 0):
            raise AnswerError("Give both ends of this sum, or none.", entry.at)
        ends[0] = None
    return Big(entry.mark, index, body, ends[0], ends[1], at=entry.at)


def _bound(state: State, text: str, at: int) -> Node | None:
    if not text.strip():
        return None
    known = frozenset(t.bounds[0] for t in state.tokens if t.bounds)
    try:
        return state.read(text, known)
    except AnswerError as error:
        raise AnswerError(error.cause, at) from None


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
