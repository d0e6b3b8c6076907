"""What people read in two ways (`1/2x`, `ln 2 x`, `e^2x`, `√2x`): refused instead of chosen.

Each function here looks at the parser's stack before an operator is entered.
"""

from __future__ import annotations

from math import isqrt

from .errors import AnswerError
from .lexer import Token
from .stack import HADAMARD, PRODUCT, Entry, State
from .tree import Constant, Literal, Negate


def applying(state: State) -> bool:
    """Whether a function written without brackets still takes its argument."""
    return any(entry.kind == "apply" for entry in state.since_open())


def digits_before_bracket(state: State, token: Token) -> None:
    """`0.1(6)` and `1.23(4)`: a recurring digit, an uncertainty or a product?"""
    last = state.before
    decimal = last.kind == "number" and "." in last.text and not token.spaced
    if decimal and state.peek().kind == "number" and state.peek(2).kind == "close":
        raise AnswerError(
            "This looks like a repeating decimal: write it as a fraction, or put * before the"
            " bracket for a product.",
            token.at,
        )


def side_by_side(state: State, token: Token) -> AnswerError:
    """The refusal of a number right behind another value: `1 2`, `x2`, `1 1/2`."""
    last = state.before
    if last.text == "'" and not token.spaced:
        return AnswerError("An apostrophe cannot group digits; leave it out.", last.at)
    if last.kind == "number" and last.literal is not None:
        if state.peek().text == "/" and state.peek(2).kind == "number":
            top, bottom = token.text, state.peek(2).text
            return AnswerError(
                f"Is this {last.text} + {top}/{bottom} or {last.text}·{top}/{bottom}?"
                " Write it with + or *.",
                token.at,
            )
        return AnswerError(
            "Two numbers stand side by side; one number is read at a time.", token.at
        )
    if last.text == "%":
        return AnswerError("% means percent here; write what you mean with mod in full.", last.at)
    return AnswerError(
        f"A number follows {last.text} directly: write *{token.text}, or ^{token.text} for a"
        " power.",
        token.at,
    )


def inside_function(state: State, token: Token, fresh: bool) -> bool:
    """Whether the product belongs inside a function written without brackets: `ln 2x`."""
    entry = next(
        (e for e in reversed(state.since_open()) if e.kind == "apply"),
        None,
    )
    if entry is None or fresh:
        return False
    if state.before.kind == "close" and token.spaced and token.kind == "open":
        return False
    if token.spaced or token.kind != "atom":
        raise AnswerError(
            f"How far does {entry.token.text} reach? Put its argument in brackets.", entry.at
        )
    return True


def after_power(state: State, token: Token, last: Token) -> None:
    """`e^2x` and `x^yz`: what else stands in the exponent?"""
    if not ((state.ops and state.ops[-1].mark in {"^", "**"}) or signed_power(state)):
        return
    if token.spaced or last.kind not in {"number", "atom"}:
        return
    entry = next(e for e in reversed(state.ops) if e.mark in {"^", "**"})
    unclear = token.joined
    if last.kind == "number":
        base = state.values[-2] if len(state.values) > 1 else None
        unclear = isinstance(base, Constant | Literal)
    if unclear:
        raise AnswerError("How far does the exponent reach? Put it in brackets.", entry.at)


def signed_power(state: State) -> bool:
    """Whether a signed exponent is being read, as in x^-2."""
    return len(state.ops) > 1 and state.ops[-1].mark == "neg" and state.ops[-2].mark in {"^", "**"}


def after_division(state: State, token: Token, begins: str) -> bool:
    """`1/2 x` and `1/n Σ…` are read left to right; `a/b c` only if c is a matrix."""
    top, bottom = state.values[-2], state.values[-1]
    plain = isinstance(top, Literal | Negate) and isinstance(bottom, Literal)
    closed = state.before.kind == "close" and state.before.text != "|"
    if token.spaced and (plain or closed or begins == "big"):
        return False
    if state.names.has_arrays:
        return True
    raise AnswerError(
        "What is divided here? Write (a/b)*c or a/(b*c) with brackets.", state.ops[-1].at
    )


def entrywise(state: State, token: Token) -> None:
    """`A .* B C`: .* comes first in MATLAB and ⊙ last, so no other product may stand beside."""
    for entry in state.since_open():
        other = entry.kind == "infix" and entry.bp in {HADAMARD, PRODUCT}
        if other and (entry.token.text == ".*") != (token.text == ".*"):
            raise AnswerError("Which product comes first here? Put brackets around it.", token.at)


def fraction(state: State) -> None:
    """`2^1/2` and `√4/9`: nobody writes a power of 1 or √4 for its own sake."""
    value = state.values[-1]
    top = state.ops[-1] if state.ops else None
    if top is None or not isinstance(value, Literal) or state.before.kind != "number":
        return
    raised = top.mark in {"^", "**"} or signed_power(state)
    if raised and value.value == 1:
        raise AnswerError("How far does the exponent reach? Put it in brackets.", value.at)
    if top.kind == "root" and value.value.denominator == 1:
        whole_root = isqrt(value.value.numerator)
        if whole_root * whole_root == value.value:
            raise AnswerError("How far does the root reach? Put brackets after √.", top.at)


def applied_fraction(state: State, token: Token, following: Token) -> None:
    """`ln 2/3` is unclear; `ln 2 / 3` and `ln x*ln y` are not."""
    entry = next((e for e in state.since_open() if e.kind == "apply"), None)
    if entry is None or token.spaced:
        return
    if following.atom is not None and following.atom.kind == "function":
        return
    if state.before.kind == "close" and state.before.text != "}":
        return
    raise AnswerError(
        f"How far does {entry.token.text} reach? Put its argument in brackets.", entry.at
    )


def divided_sum(state: State, entry: Entry) -> None:
    """`1/Σ_i x_i·y`: does the product belong under the fraction?"""
    place = state.ops.index(entry)
    if place and state.ops[place - 1].mark == "/" and state.ops[place - 1].kind == "infix":
        raise AnswerError("How far does this sum reach? Put it in brackets.", entry.at)


def bars_closed(state: State) -> bool:
    """Whether a pair of bars was closed before and something stands between: |a|b|c|."""
    return state.before.kind not in {"bar", "norm"} and any(
        t.kind == "bar" for t in state.tokens[: state.k]
    )


def mixed(state: State, command: Entry) -> None:
    r"""`2\frac{1}{3}`: 2 + 1/3 or 2·1/3?"""
    place = state.tokens.index(command.token)
    plain = all(isinstance(a, Literal) for a in command.arguments)
    if plain and place > 0 and state.tokens[place - 1].kind == "number":
        raise AnswerError(
            "Is this a mixed number or a product? Write + or * before the fraction.", command.at
        )
