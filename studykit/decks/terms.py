"""A glossary's terms into cards: what a term means, and how it is said in the other languages.

The cards have ids of their own, made from the term's, so progress hangs on them as on written ones.
"""

from __future__ import annotations

import re

from .schema import Basic, Term

LANGUAGES = {"ru": "Russian", "zh": "Chinese"}
"""The fields of a term that hold its name in another language."""

_ENDING = "-notes"
_LONGEST = 64


def term_id(term_id: str | None, english: str) -> str | None:
    """The id of a term's first card: the one given, else from the English words."""
    if term_id is not None:
        return term_id
    slug = re.sub(r"[^a-z0-9]+", "-", english.lower()).strip("-")
    return f"term-{slug}"[: _LONGEST - len(_ENDING)].rstrip("-") if slug else None


def notes_id(first: str | None) -> str | None:
    """The id of the card that asks for the other languages."""
    return None if first is None else first[: _LONGEST - len(_ENDING)].rstrip("-._") + _ENDING


def made_from(term: Term) -> tuple[Basic, ...]:
    """The cards of one term; the second only if it has a name in another language."""
    first = term_id(term.id, term.en)
    names = {language: getattr(term, field) for field, language in LANGUAGES.items()}
    said = [f"{language}: **{name}**" for language, name in names.items() if name]
    also = [f"Also called {', '.join(f'*{name}*' for name in term.also)}."] if term.also else []
    meaning = Basic(
        id=first,
        difficulty=1,
        sources=term.sources,
        requires=term.requires,
        tags=(*term.tags, "meaning"),
        front=f"What does **{term.en}** mean?",
        back=term.means,
        explain="\n\n".join([*also, *said]),
    )
    if not said:
        return (meaning,)
    asked = " and ".join(language for language, name in names.items() if name)
    translation = Basic(
        id=notes_id(first),
        difficulty=1,
        sources=term.sources,
        requires=(first,) if first else (),
        tags=(*term.tags, "translation"),
        front=f"**{term.en}** in {asked}?",
        back="\n\n".join(said),
        explain="\n\n".join([*also, term.means]),
    )
    return meaning, translation
