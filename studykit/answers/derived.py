"""Names that are short for a formula, as A for softmax(Q K^T) where the question says so.

Such a name is worked out from the values that are drawn for the others, so that the name and its
formula, written out wholly or in part, are the same answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from .errors import AnswerError
from .expressions import Expression, read_expression
from .names import Names
from .tree import Node, walk

MOST, LONGEST = 12, 120
"""Definitions in one question, and nodes in all of them: each is worked out inside another."""


def definitions(names: Names, used: Iterable[str]) -> Mapping[str, Node]:
    """The formula of each derived name among those used, and among what these are made of.

    Raises AnswerError for a definition that cannot be read, does not fit, or needs itself, and for
    too many of them.
    """
    found: dict[str, Node] = {}
    todo: list[tuple[str, tuple[str, ...]]] = [(name, ()) for name in sorted(used)]
    while todo:
        name, within = todo.pop()
        if name in within:
            raise AnswerError(f"The definition of {name} needs {name} itself.", 0)
        if name in found or name not in names or not names.declared[name].definition:
            continue
        made = _definition(names, name)
        found[name] = made.tree
        if len(found) > MOST or sum(1 for tree in found.values() for _ in walk(tree)) > LONGEST:
            raise AnswerError("The definitions are too long, taken together.", 0)
        todo += [(part, (*within, name)) for part in sorted(made.used)]
    return found


def primitives(names: Names, used: Iterable[str]) -> frozenset[str]:
    """The names whose values are given, out of which all of those used can be worked out."""
    derived = definitions(names, used)
    parts = frozenset(used).union(*(_definition(names, name).used for name in derived))
    return parts - derived.keys()


@lru_cache(maxsize=512)
def _definition(names: Names, name: str) -> Expression:
    one = names.declared[name]
    made = read_expression(one.definition, names)
    if made.shape != one.shape or made.free:
        raise AnswerError(f"{one.definition} has another shape than {name}.", 0)
    return made
