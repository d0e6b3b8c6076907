"""The fields of the query language: what may stand before a colon, and what it means.

The reader, the help and the search go by this one table.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

Sort: TypeAlias = Literal["name", "number", "choice"]


@dataclass(frozen=True, slots=True)
class Field:
    """What may stand before a colon."""

    name: str
    sort: Sort
    says: str
    example: str
    choices: tuple[str, ...] = ()


FIELDS = {
    one.name: one
    for one in (
        Field("deck", "name", "cards of decks that have this in id or title", "deck:scaling"),
        Field(
            "kind",
            "choice",
            "cards of one kind",
            "kind:problem",
            ("basic", "cloze", "choice", "formula", "problem", "flaw", "open"),
        ),
        Field("tag", "name", "cards with this tag", "tag:interview"),
        Field("id", "name", "cards with this in their id", "id:softmax"),
        Field("family", "name", "cards that draw from families of this name", "family:attention"),
        Field("level", "number", "problems of this level, 1 to 3", "level:2"),
        Field("topic", "name", "problems on this topic", "topic:mask"),
        Field(
            "mistake",
            "name",
            "cards on which you made this mistake, families that know it",
            "mistake:no-scale",
        ),
        Field("source", "name", "cards from this source", 'source:"001 §5"'),
        Field(
            "is",
            "choice",
            "cards in this state",
            "is:leech",
            ("new", "learning", "review", "due", "suspended", "buried", "leech"),
        ),
        Field("due", "number", "cards due in so many days; below 0 is overdue", "due:<3"),
        Field("seen", "number", "cards last answered so many days ago", "seen:>30"),
        Field("recall", "number", "cards recalled today with this probability", "recall:<80%"),
        Field("stability", "number", "cards of this stability, in days", "stability:>21"),
        Field("difficulty", "number", "cards of this difficulty, 1 to 10", "difficulty:>7"),
        Field("reps", "number", "cards answered so often", "reps:0"),
        Field("lapses", "number", "cards forgotten so often", "lapses:>=3"),
    )
}


_COMPARED = re.compile(r"(\w+)(=|[<>]=?)(.+)")


def compared(word: str) -> str:
    """The term that `difficulty>7` or `reps=0` was meant for, or nothing: a colon is left out."""
    match = _COMPARED.fullmatch(word)
    if match is None or match[1] not in FIELDS:
        return ""
    return f"{match[1]}:{match[2].removeprefix('=')}{match[3]}"


def query_help() -> str:
    """The language in Markdown, for help on the screen and on the command line."""
    fields = "\n".join(
        f"- `{one.example}`: {one.says}" + (f" ({', '.join(one.choices)})" if one.choices else "")
        for one in FIELDS.values()
    )
    return (
        "**The filter.** Words are looked for anywhere in a card, in any order. Terms side by side "
        "must all hold.\n"
        "\n"
        '- `"exact phrase"`: these words in this order\n'
        "- `-word`: all that does not hold it; `-` may stand before any term\n"
        "- `softmax or mask`: either of them; brackets group, as in `(softmax or mask) is:due`\n"
        f"{fields}\n\n"
        "Numbers may follow `<`, `<=`, `>`, `>=`, or be a range: `level:2..3`. Of a name a part is "
        'enough; in quotes it must be the whole name: `deck:"softmax"`.'
    )
