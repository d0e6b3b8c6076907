"""The parser where a value must begin: numbers, names, signs, opening brackets, functions, Σ."""

from __future__ import annotations

from . import calls
from .errors import AnswerError
from .functions import FUNCTIONS
from .lexer import Token
from .spellings import Atom
from .stack import APPLY, BODY, ROOT, SIGN, Entry, State
from .tree import Call, Constant, Index, Name, Node


def operand(state: State, token: Token) -> bool:
    """Take a token where a value must begin; True while one is still due."""
    group = state.ops[-1] if state.ops and state.ops[-1].kind == "command" else None
    if group is not None and token.text != "{":
        raise AnswerError(f"\\{group.mark} needs its parts in braces.", token.at)
    match token.kind:
        case "number":
            assert token.literal is not None  # noqa: S101 - the lexer sets it
            state.values.append(token.literal)
            return False
        case "atom":
            return _atom(state, token)
        case "open":
            state.open(token)
            return True
        case "bar" | "norm":
            open_bar(state, token)
            return True
        case "command":
            need = token.text[1:]
            state.ops.append(Entry("command", need, 0, token.at, token))
            return True
        case "big":
            assert token.bounds is not None  # noqa: S101 - the lexer sets it
            state.ops.append(Entry("big", token.text, BODY, token.at, token))
            return True
        case "op":
            return _prefix(state, token)
        case "option":
            return _option(state, token)
        case "close":
            if state.before.kind in {"open", "comma"} and state.k:
                what = "Nothing stands in these brackets."
                if state.before.kind == "comma":
                    what = "Something is missing after this comma."
                raise AnswerError(what, state.before.at)
            raise AnswerError(f"Something is missing before this {token.text}.", token.at)
        case "comma":
            raise AnswerError("Something is missing before this comma.", token.at)
        case "equals":
            raise AnswerError("Give the value or formula alone, without =.", token.at)
        case _:
            raise AnswerError(f"Something is missing before this {token.text}.", token.at)


def _prefix(state: State, token: Token) -> bool:
    if token.text in {"-", "+"}:
        inner = state.ops and state.ops[-1].kind in {"infix", "apply", "root", "prefix"}
        loose = not inner or state.ops[-1].mark in {"+", "-"}
        if token.text == "-":
            # −a·b is −(a·b) at the start of a term; in 2/−a·b the sign holds a alone.
            bp = BODY if loose else SIGN
            state.ops.append(Entry("prefix", "neg", bp, token.at, token))
        elif not loose:
            raise AnswerError("There is a + right after another sign.", token.at)
        return True
    if token.text == "√":
        following = state.peek()
        if following.kind == "open" and following.text == "(" and not following.spaced:
            state.k += 1
            state.open(following)
            state.ops[-1].call = "sqrt"
        else:
            state.ops.append(Entry("root", "√", ROOT, token.at, token))
        return True
    if token.text in {"·", "×"} and state.k == 0:
        raise AnswerError("A product sign cannot begin an answer; the minus sign is -.", token.at)
    raise AnswerError(f"Something is missing before this {token.text}.", token.at)


def _atom(state: State, token: Token) -> bool:
    atom = token.atom
    assert atom is not None  # noqa: S101 - the lexer sets it
    match atom.kind:
        case "name" | "index":
            if atom.name in state.names and _unknown_function(state, atom, token):
                return True
            state.values.append(Name(atom.name, token.at))
        case "constant":
            state.values.append(Constant(atom.name, token.at))
        case "indexed":
            rank = len(state.names.shape(atom.name))
            indices = calls.indices(atom.subscript, token.at, rank)
            state.values.append(Index(Name(atom.name, token.at), indices, token.at))
        case "delta":
            indices = calls.indices(atom.subscript, token.at, 2)
            if len(indices) != 2:
                raise AnswerError("δ needs two indices, as in δ_ij.", token.at)
            state.values.append(Call("delta", indices, at=token.at))
        case _:
            return _function(state, atom, token)
    return False


def _unknown_function(state: State, atom: Atom, token: Token) -> bool:
    if state.names.declared[atom.name].role != "function":
        return False
    following = state.peek()
    if following.text != "(":
        raise AnswerError(f"{atom.name} is a function; write {atom.name}(…).", token.at)
    state.k += 1
    state.open(following)
    state.ops[-1].call = f"?{atom.name}"
    return True


def _function(state: State, atom: Atom, token: Token) -> bool:
    entry = Entry("apply", atom.name, APPLY, token.at, token, call=atom.name)
    if atom.subscript.startswith("axis="):
        entry.axis = int(atom.subscript[-1])
    elif atom.name == "logb":
        entry.base = state.read(atom.subscript, frozenset())
    if state.peek().text in {"^", "**"}:
        entry.power = _function_power(state, token)
    following = state.peek()
    if following.kind == "open" and following.text in "({":
        state.k += 1
        state.open(following)
        opened = state.ops[-1]
        opened.call, opened.power, opened.base = entry.call, entry.power, entry.base
        opened.axis, opened.at = entry.axis, entry.at
        return True
    if FUNCTIONS[atom.name].whole or FUNCTIONS[atom.name].least > 1:
        raise AnswerError(f"Put the argument of {token.text} in brackets.", token.at)
    if following.kind in {"post", "close", "comma", "end"} or following.text in {
        "*",
        "/",
        "·",
        "×",
    }:
        raise AnswerError(f"{token.text} lacks its argument.", token.at)
    state.ops.append(entry)
    return True


def _function_power(state: State, token: Token) -> Node:
    """The 2 of `sin^2 x`; leaves the cursor on its last token."""
    braced = state.peek(2).text == "{"
    number = state.peek(3 if braced else 2)
    if number.text == "-":
        raise AnswerError(
            f"Is {token.text}^-1 the inverse function or 1/{token.text}? Write it out.",
            token.at,
        )
    if number.literal is None or (braced and state.peek(4).text != "}"):
        raise AnswerError(f"Write ({token.text}(…))^… with brackets.", token.at)
    state.k += 4 if braced else 2
    return number.literal


def open_bar(state: State, token: Token) -> None:
    text = "‖" if token.kind == "norm" else "|"
    later = any(t.kind == "norm" for t in state.tokens[state.k + 1 :])
    if token.text == "||" and not (later and state.names.has_arrays):
        # ||x|-1|: two single bars.
        state.open(Token("open", "|", token.at, token.spaced))
        text = "|"
    state.open(Token("open", text, token.at, token.spaced))


def _option(state: State, token: Token) -> bool:
    entry = state.innermost()
    if entry is None or not entry.call or state.before.kind != "comma":
        raise AnswerError("An option such as axis= belongs inside a function's brackets.", token.at)
    key, _, value = token.text.replace(" ", "").partition("=")
    if key in {"axis", "dim"}:
        if value not in {"-1", "1", "0", "-2"}:
            raise AnswerError(f"{key}={value} is not an axis of a matrix.", token.at)
        entry.axis = 1 if value in {"-1", "1"} else 0
        entry.flat = not entry.keep
    elif value == "True":
        entry.keep, entry.flat = True, False
    if state.peek().kind not in {"comma", "close"}:
        raise AnswerError("A comma or a closing bracket is due after this option.", token.at)
    # The option stands for no value: drop its comma.
    entry.commas -= 1
    state.values.append(entry.arguments.pop())
    return False
