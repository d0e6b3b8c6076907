"""Tokens to tree: operator precedence with an explicit stack, so no input can exhaust Python's.

It refuses what people read in two ways instead of choosing (`doubts`); the tree it builds is the
ordinary left-to-right one.
"""

from __future__ import annotations

from .characters import Source
from .errors import AnswerError
from .lexer import Lexer, Token
from .names import NO_NAMES, Names
from .operands import operand
from .operators import operator
from .stack import DEPTH_CAP, STACK_CAP, State
from .tree import Node, children


def parse(source: Source, names: Names = NO_NAMES, *, bound: frozenset[str] = frozenset()) -> Node:
    """The tree of one expression. Raises AnswerError."""
    state = State(
        Lexer(source, names, bound).run(),
        names,
        lambda text, more: parse(Source(text), names, bound=more),
    )
    due = True
    while True:
        token = state.tokens[state.k]
        if token.kind == "end":
            return _finish(state, token, due)
        due = operand(state, token) if due else operator(state, token)
        state.k += 1
        if len(state.ops) > STACK_CAP:
            raise AnswerError("This is nested too deeply.", token.at)


def _finish(state: State, token: Token, due: bool) -> Node:
    if due:
        if len(state.tokens) == 1:
            raise AnswerError("There is nothing to read.", 0)
        last = state.before
        if last.kind == "op":
            raise AnswerError(f"Something is missing after {last.text}.", last.at)
        if last.kind == "atom" and last.atom is not None and last.atom.kind == "function":
            raise AnswerError(f"{last.text} lacks its argument.", last.at)
        if last.kind != "open":
            raise AnswerError("The answer breaks off here.", token.at)
    while state.ops:
        if state.ops[-1].kind in {"open", "group"}:
            entry = state.ops[-1]
            raise AnswerError(f"This {entry.token.text} is never closed.", entry.token.at)
        state.reduce()
    tree = state.values.pop()
    if len(state.tokens) > DEPTH_CAP and _depth(tree) > STACK_CAP:
        raise AnswerError("This is nested too deeply.", 0)
    return tree


def _depth(tree: Node) -> int:
    deepest = 0
    pending = [(tree, 1)]
    while pending:
        node, depth = pending.pop()
        deepest = max(deepest, depth)
        pending.extend((child, depth + 1) for child in children(node))
    return deepest
