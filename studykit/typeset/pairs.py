"""Brackets and bars that belong together: `(a+b)^2` is a fence with a script, not three signs."""

from __future__ import annotations

from collections.abc import Sequence

from studykit.typeset.tree import Atom, Fenced, Node, Row, Scripted

_CLOSES = {"(": ")", "[": "]", "{": "}", "⟨": "⟩", "⌊": "⌋", "⌈": "⌉", "‖": "‖", "|": "|"}
_BARS = 8
"""Bars within bars or brackets of one row; deeper ones are single signs."""


def paired(children: Sequence[Node]) -> tuple[Node, ...]:
    """Brackets and bars that match on one level, joined with what stands between them.

    A script after the closing sign belongs to the whole: `(a+b)^2`. A lone bar, as in `p(x|y)`,
    stays what it is.
    """
    stack: list[tuple[Atom, list[Node]]] = [(Atom("", ""), [])]

    def give_up() -> None:
        """What was opened last is no pair: put it back as single signs."""
        opened, inside = stack.pop()
        stack[-1][1].extend((opened, *inside))

    for node in children:
        atom = node.base if isinstance(node, Scripted) else node
        if not isinstance(atom, Atom) or atom.role not in {"open", "close", "bar"}:
            stack[-1][1].append(node)
            continue
        if atom.role == "close":
            while stack[-1][0].role == "bar":
                give_up()
        opened = stack[-1][0]
        if opened.role == "open" and atom.role == "close" and not _fits(opened.text, atom.text):
            give_up()
            stack[-1][1].append(node)
        elif (opened.role, atom.role) == ("open", "close") or (
            opened.role == atom.role == "bar" and opened.text == atom.text
        ):
            inside = stack.pop()[1]
            fence = Fenced(opened.text, Row(tuple(inside)), atom.text)
            stack[-1][1].append(node._replace(base=fence) if isinstance(node, Scripted) else fence)
        elif atom is node and (atom.role == "open" or (atom.role == "bar" and len(stack) < _BARS)):
            stack.append((atom, []))
        else:
            stack[-1][1].append(node)
    while len(stack) > 1:
        give_up()
    return tuple(stack[0][1])


def _fits(left: str, right: str) -> bool:
    """Matching brackets; a half-open interval `[0, 1)` counts."""
    return _CLOSES.get(left) == right or (left in "([" and right in ")]")
