"""What a deck may hold: one struct a card kind, and the deck around them.

The structs are validator, type and JSON Schema in one. Every YAML scalar reaches them as text, so a
field's type alone decides how it is read. None can be part of a cycle, so the garbage collector
passes them over (`gc=False`). Text fields hold the small Markdown of `typeset`. After a
change here raise `version.SCHEMA_VERSION`.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

ID_PATTERN = r"^[a-z0-9][a-z0-9._-]{0,63}$"
CardId = Annotated[str, msgspec.Meta(extra_json_schema={"pattern": ID_PATTERN})]
"""Held against its pattern when a deck is read, not each time a card comes from the cache."""
Filled = Annotated[str, msgspec.Meta(min_length=1)]
Difficulty = Annotated[int, msgspec.Meta(ge=1, le=5)]
Seniority = Literal["junior", "mid", "senior", "research"]


class Base(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    omit_defaults=True,
    gc=False,
):
    """What every card carries, whatever its kind."""

    id: CardId | None = None
    """Stable name, unique in the collection; progress hangs on it."""
    difficulty: Difficulty = 2
    """1 (a definition) to 5 (what only a hard interview asks)."""
    sources: tuple[Filled, ...] = ()
    """Where it is from: a key of the deck's `sources` and a section ("001 §5"), or "beyond: …"."""
    covers: tuple[Filled, ...] = ()
    """Items of the notes' knowledge map that the card teaches ("N1.26")."""
    requires: tuple[CardId, ...] = ()
    """Cards to know first; they may stand in another deck."""
    tags: tuple[Filled, ...] = ()
    """Words to choose cards by: `studykit study --tag …`."""
    explain: str = ""
    """Shown after the answer: why it is so."""
    note: str = ""
    """What the source note claims, in our words, when the card corrects it."""


class Basic(Base, frozen=True, kw_only=True, gc=False, tag_field="kind", tag="basic"):
    """Question and answer, revealed and graded by oneself. A card without `kind` is of this one."""

    front: Filled
    back: Filled


class Cloze(Base, frozen=True, kw_only=True, gc=False, tag_field="kind", tag="cloze"):
    """A sentence with `{{blanks}}`; all blanks are asked at once."""

    cloze: Filled
    """The sentence, with {{ and }} around what is to be recalled."""


class Wrong(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """A distractor: a real misconception, and one line on why it is wrong."""

    text: Filled
    why: Filled


class Choice(Base, frozen=True, kw_only=True, gc=False, tag_field="kind", tag="choice"):
    """One right answer among misconceptions; the order is drawn at each showing."""

    front: Filled
    answer: Filled
    wrong: Annotated[tuple[Wrong, ...], msgspec.Meta(min_length=1, max_length=8)]


Form = Literal["simplified", "factored", "expanded", "no-decimals"]
"""What may be demanded of the form of a formula."""


class WrongFormula(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """A formula that a known misconception gives, and what to tell the learner who typed it."""

    formula: Filled
    why: Filled


class Formula(Base, frozen=True, kw_only=True, gc=False, tag_field="kind", tag="formula"):
    """A formula to derive. `back` is shown; `accepts` holds expressions that count as right."""

    front: Filled
    back: Filled
    accepts: tuple[Filled, ...] = ()
    names: dict[str, str] = {}
    """Each name in `accepts` with its domain or shape: "positive", "real", "integer", "n×d_k"."""
    form: tuple[Form, ...] = ()
    """Demands on the form; a right value in another form is asked for again."""
    wrong: Annotated[tuple[WrongFormula, ...], msgspec.Meta(max_length=12)] = ()
    """Wrong formulas worth telling apart. Signs, factors and transposes are recognised anyway."""


class ProblemCard(Base, frozen=True, kw_only=True, gc=False, tag_field="kind", tag="problem"):
    """A skill: each showing draws a fresh problem of the family."""

    family: Filled
    level: Annotated[int, msgspec.Meta(ge=1, le=3)] = 1
    front: str = ""
    """An optional lead above the drawn question."""


class Flaw(Base, frozen=True, kw_only=True, gc=False, tag_field="kind", tag="flaw"):
    """A statement with an error to find; `back` is the corrected statement, `explain` says why."""

    front: Filled
    back: Filled


class FollowUp(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """What an interviewer asks next, and what a good answer holds."""

    ask: Filled
    answer: Filled


class Weak(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """What is often answered instead, and what is missing in it."""

    says: Filled
    missing: Filled


class Open(Base, frozen=True, kw_only=True, gc=False, tag_field="kind", tag="open"):
    """Explained aloud or in writing, then ticked off against a rubric. An interview asks these."""

    front: Filled
    back: Filled
    """The heart of the answer, in a sentence or two."""
    rubric: Annotated[tuple[Filled, ...], msgspec.Meta(min_length=2, max_length=12)]
    follow_ups: tuple[FollowUp, ...] = ()
    model: str = ""
    """A full answer as one would say it, in at most 150 words."""
    weak: tuple[Weak, ...] = ()
    """Common weak answers."""
    seniority: Seniority = "mid"
    """From whom an interviewer expects it."""
    topic: str = ""
    """The deck whose matter it is; its own deck unless given."""


Card = Basic | Cloze | Choice | Formula | ProblemCard | Flaw | Open


class Term(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    omit_defaults=True,
    gc=False,
):
    """A term of a glossary. Its cards are made from it, see `terms`: what it means, and its name in
    the other languages."""

    en: Filled
    """The term in English, as the field says it."""
    means: Filled
    """What it means, in one sentence."""
    ru: str = ""
    """The term in Russian."""
    zh: str = ""
    """The term in Chinese."""
    id: CardId | None = None
    """Name of its first card; `term-` and the English words unless given. The second card's ends
    in `-notes`."""
    also: tuple[Filled, ...] = ()
    """Other English names of the same thing."""
    sources: tuple[Filled, ...] = ()
    """Where it is from, as on a card."""
    requires: tuple[CardId, ...] = ()
    """Cards to know before the meaning is asked."""
    tags: tuple[Filled, ...] = ()
    """Words to choose its cards by."""


class Deck(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    omit_defaults=True,
    gc=False,
):
    """One YAML file: cards, terms to make cards from, or both."""

    title: Filled
    id: CardId | None = None
    """The file's name without its ending, unless given."""
    language: Filled = "en"
    titles: dict[str, str] = {}
    """The title in other languages, by language code."""
    about: str = ""
    order: Annotated[int, msgspec.Meta(ge=0)] = 1000
    """Where the deck stands in the suggested order of study."""
    off: bool = False
    """True for a deck that is studied only when it is chosen by name, and listed last."""
    sources: dict[str, str] = {}
    """Short key of a source → its full name, for the cards' `sources`."""
    cards: tuple[Card, ...] = ()
    terms: tuple[Term, ...] = ()
    """A glossary; the cards made from it stand after the others."""


def front_of(card: Card) -> str:
    """The text that identifies a card and heads it in lists."""
    match card:
        case Cloze():
            return card.cloze
        case ProblemCard():
            return card.front or f"{card.family} level {card.level}"
        case _:
            return card.front
