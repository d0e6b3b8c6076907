"""The parser after a value: operators, brackets that close, and products that nobody wrote."""

from __future__ import annotations

import re

from . import calls, doubts
from .errors import AnswerError
from .functions import SPELLINGS
from .lexer import Token
from .operands import open_bar, operand
from .stack import HADAMARD, POWER, PRODUCT, SUM, TIGHT, Entry, State
from .tree import Call, Divide, Factorial, Index, Listing, Node, Percent, Transpose

_INFIX = {
    "+": SUM,
    "-": SUM,
    "⊙": HADAMARD,
    ".*": HADAMARD,
    "*": PRODUCT,
    "·": PRODUCT,
    "×": PRODUCT,
    "@": PRODUCT,
    "/": PRODUCT,
    "^": POWER,
    "**": POWER,
}
_CLOSES = {"(": ")", "[": "]", "{": "}", "|": "|", "‖": "‖"}


def operator(state: State, token: Token) -> bool:
    """Take a token after a value; True if another value is due then."""
    match token.kind:
        case "number":
            raise doubts.side_by_side(state, token)
        case "atom" | "command" | "big":
            _juxtapose(state, token)
            return operand(state, token)
        case "open":
            doubts.digits_before_bracket(state, token)
            if token.text == "[" and not token.spaced and state.before.kind == "atom":
                raise AnswerError("Square brackets do not index here; write z_i.", token.at)
            _juxtapose(state, token)
            return operand(state, token)
        case "op":
            if token.text == "√":
                _juxtapose(state, token)
                return operand(state, token)
            _infix(state, token)
            return True
        case "post":
            _postfix(state, token)
            return False
        case "method":
            return _method(state, token)
        case "subscript":
            _subscript(state, token)
            return False
        case "close":
            _close(state, token)
            return bool(state.ops and state.ops[-1].kind == "command")
        case "bar" | "norm":
            return _bar(state, token)
        case "comma":
            _comma(state, token)
            return True
        case "semi":
            raise AnswerError("A semicolon separates rows of a matrix; none is due here.", token.at)
        case "equals":
            raise AnswerError("Give the value or formula alone, without =.", token.at)
        case _:
            raise AnswerError(f"{token.text} is not understood here.", token.at)


def _method(state: State, token: Token) -> bool:
    """`A.sum(-1, keepdims=True)`, `A.dot(B)`: what NumPy writes behind a value."""
    unclear = state.before.joined or doubts.signed_power(state)
    if unclear or (state.ops and state.ops[-1].mark in {"^", "**", "√"}) or doubts.applying(state):
        raise AnswerError(
            f"How far back does {token.text.partition('(')[0]} reach? Put brackets before it.",
            token.at,
        )
    name, _, options = token.text[1:].partition("(")
    value = state.values.pop()
    if name in {"dot", "matmul", "mm"}:
        state.open(Token("open", "(", token.at + len(name) + 1, False))
        state.ops[-1].call = "matmul"
        state.ops[-1].arguments.append(value)
        return True
    axis = re.search(r"-?[012]", options)
    number = None
    if axis is not None:
        if axis.group() == "2":
            raise AnswerError("A matrix has the axes 0 and 1.", token.at)
        number = 1 if axis.group() in {"-1", "1"} else 0
    flat = number is not None and "True" not in options
    state.values.append(Call(SPELLINGS[name], (value,), number, flat, token.at))
    return False


def _juxtapose(state: State, token: Token) -> None:
    """Enter an unwritten product before `token`, unless it could be read in two ways."""
    last = state.before
    if last.text == "%":
        raise AnswerError(
            "% means percent here, so nothing may follow it directly; use *.", last.at
        )
    begins = token.atom.kind if token.atom is not None else token.kind
    fresh = begins in {"function", "big"} or token.kind == "command" or token.text == "√"
    if doubts.inside_function(state, token, fresh):
        state.push(token, "", TIGHT)
        return
    if state.ops and state.ops[-1].kind == "root" and not fresh and not token.spaced:
        raise AnswerError("How far does the root reach? Put brackets after √.", state.ops[-1].at)
    doubts.after_power(state, token, last)
    doubts.entrywise(state, token)
    while state.ops and state.ops[-1].bp > PRODUCT:
        state.reduce()
    doubt = False
    if state.ops and state.ops[-1].mark == "/" and state.ops[-1].kind == "infix":
        doubt = doubts.after_division(state, token, begins)
    state.push(token, "", PRODUCT, doubt)


def _infix(state: State, token: Token) -> None:
    mark = token.text
    bp = _INFIX[mark]
    if bp == POWER:
        if state.ops and state.ops[-1].kind == "root":
            raise AnswerError("Is the power under the root? Put brackets after √.", token.at)
        state.ops.append(Entry("infix", mark, bp, token.at, token))
        return
    following = state.peek()
    if mark == "/" and following.text == "/":
        raise AnswerError("// is not read here; write one /.", token.at)
    if mark == "/" and not token.spaced:
        doubts.fraction(state)
    if bp in {PRODUCT, HADAMARD}:
        doubts.entrywise(state, token)
        doubts.applied_fraction(state, token, following)
        for entry in state.since_open():
            if entry.kind == "big":
                doubts.divided_sum(state, entry)
    while state.ops and state.ops[-1].bp >= bp:
        state.reduce()
    mark = {".*": "⊙", "×": "·"}.get(mark, mark)
    state.ops.append(Entry("infix", mark, bp, token.at, token))


def _postfix(state: State, token: Token) -> None:
    value = state.values.pop()
    if state.ops and state.ops[-1].kind == "root":
        raise AnswerError("Does this belong under the root? Put brackets after √.", token.at)
    if token.text == "!":
        if state.before.text == "!" or state.peek().text == "!":
            raise AnswerError("Double factorials are not read here.", token.at)
        if state.peek().kind == "equals":
            raise AnswerError("An inequality is not asked here.", token.at)
        state.values.append(Factorial(value, token.at))
    elif token.text == "%":
        if state.before.text == "%":
            raise AnswerError("One % is enough.", token.at)
        if state.ops and state.ops[-1].mark in {"/", "^", "**"} and state.before.kind != "close":
            raise AnswerError("Percent of what? Put brackets around it.", token.at)
        if state.peek().kind in {"number", "atom", "open"}:
            raise AnswerError("% means percent here, so nothing may follow it directly.", token.at)
        state.values.append(Percent(value, token.at))
    else:
        if state.ops and state.ops[-1].mark in {"^", "**"} and state.ops[-1].kind == "infix":
            state.values.append(value)
            state.reduce()
            value = state.values.pop()
        if isinstance(value, Transpose) and isinstance(value.body, Transpose):
            raise AnswerError("One transpose sign is enough.", token.at)
        state.values.append(Transpose(value, token.at))


def _subscript(state: State, token: Token) -> None:
    text = token.text[1:].strip("{} ")
    value = state.values.pop()
    if isinstance(value, Call) and value.name == "norm" and state.before.kind == "norm":
        if text not in {"1", "2", "F"}:
            raise AnswerError("Only the norms _1, _2 and _F are read.", token.at)
        name = "norm1" if text == "1" else "norm"
        state.values.append(Call(name, value.arguments, at=value.at))
        return
    if state.before.kind != "close":
        raise AnswerError("This index belongs to nothing that has entries.", token.at)
    state.values.append(Index(value, calls.indices(text, token.at, 0), token.at))


def _comma(state: State, token: Token) -> None:
    entry = state.innermost()
    if entry is None:
        raise AnswerError("A comma stands here; one value is read at a time.", token.at)
    while state.ops[-1] is not entry:
        state.reduce()
    if not entry.call and entry.mark != "[":
        raise AnswerError("A comma stands here; these brackets hold one value.", token.at)
    entry.arguments.append(state.values.pop())
    entry.commas += 1


def _close(state: State, token: Token) -> None:
    entry = state.innermost()
    if entry is None:
        raise AnswerError(f"This {token.text} was never opened.", token.at)
    if _CLOSES[entry.mark] != token.text:
        raise AnswerError(
            f"This {token.text} does not close the {entry.token.text} opened before it.",
            token.at,
        )
    _close_entry(state, entry)


def _bar(state: State, token: Token) -> bool:
    entry = state.innermost()
    text = "‖" if token.kind == "norm" else "|"
    if entry is not None and entry.mark == text:
        _close_entry(state, entry)
        return False
    if token.text == "||" and entry is not None and entry.mark == "|":
        _close_entry(state, entry)
        outer = state.innermost()
        after = state.peek()
        if outer is not None and outer.mark == "|" and after.kind not in {"atom", "number"}:
            _close_entry(state, outer)
            return False
        single = Token("bar", "|", token.at, False)
        _juxtapose(state, single)
        open_bar(state, single)
        return True
    if text == "|" and doubts.bars_closed(state):
        raise AnswerError("These bars can be paired in two ways; use abs(…).", token.at)
    _juxtapose(state, token)
    open_bar(state, token)
    return True


def _close_entry(state: State, entry: Entry) -> None:
    while state.ops[-1] is not entry:
        state.reduce()
    state.ops.pop()
    state.depth -= 1
    value = state.values.pop()
    if entry.kind == "group":
        _fill_command(state, value)
        return
    if entry.mark == "|":
        value = Call("abs", (value,), at=entry.at)
    elif entry.mark == "‖":
        value = Call("norm", (value,), at=entry.at)
    elif entry.call:
        entry.arguments.append(value)
        value = calls.call(state, entry)
    elif entry.mark == "[" and (entry.commas or isinstance(value, Listing)):
        value = Listing((*entry.arguments, value), entry.at)
    state.values.append(value)


def _fill_command(state: State, value: Node) -> None:
    command = state.ops[-1]
    command.arguments.append(value)
    if command.mark != "sqrt" and len(command.arguments) < 2:
        return
    state.ops.pop()
    one, *rest = command.arguments
    if command.mark == "frac":
        doubts.mixed(state, command)
        value = Divide(one, rest[0], command.at)
    elif command.mark == "root":
        value = Call("root", (rest[0], one), at=command.at)
    else:
        value = Call("sqrt", (one,), at=command.at)
    state.values.append(value)
