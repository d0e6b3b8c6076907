"""Look at what the cards say: blanks, formulas, options, sources, answers, families.

Each rule takes one card and yields its faults; `RULES` is the list of them. What needs several
cards at once is in `crossings`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import TypeAlias

from .cloze import slips
from .events import Spot, Value, start_of
from .faults import Fault
from .loader import Placed, Reading
from .mathtext import braces_off, formulas
from .schema import Choice, Cloze, Formula, ProblemCard
from .source import Source
from .walk import keys_of, nearest, spot_of

Families: TypeAlias = Mapping[str, Collection[int]]


@dataclass(frozen=True, slots=True)
class Objection:
    """What the answer reader has against one entry of a formula card's field."""

    code: str
    says: str
    field: str = "accepts"
    entry: int = 0


Reads: TypeAlias = Callable[[Formula], Iterable[Objection]]
"""All that the answer reader objects to in a formula card."""

BEYOND = "beyond"
"""How a source begins that lies outside the deck's list."""

MOST = 10
"""So many faults of formulas are told of one text."""

_TEXTS = frozenset(
    {
        *("front", "back", "cloze", "explain", "note", "answer", "text", "why", "ask", "rubric"),
        *("about", "en", "ru", "zh", "means", "also"),
    }
)
_NESTED = frozenset({"wrong", "follow_ups"})


@dataclass(frozen=True, slots=True)
class Context:
    """What a rule may look at beside the card: its file, and what the caller knows."""

    reading: Reading
    source: Source
    families: Families | None
    reads: Reads | None


Rule: TypeAlias = Callable[[Context, Placed], Iterator[Fault]]


def lint_deck(reading: Reading, families: Families | None, reads: Reads | None) -> list[Fault]:
    """All that the content rules find in one file."""
    if reading.source is None or reading.tree is None:
        return []
    context = Context(reading, reading.source, families, reads)
    faults = [fault for card in reading.cards for rule in RULES for fault in rule(context, card)]
    value = reading.tree.value
    if isinstance(value, dict) and isinstance(value.get("about"), str):
        spot = spot_of(value, reading.tree.spot, "about")
        faults += islice(_maths(context.source, str(value["about"]), start_of(spot)), MOST)
    return faults


def _blanks(context: Context, placed: Placed) -> Iterator[Fault]:
    if isinstance(placed.card, Cloze):
        start = _at(placed, "cloze")
        text = placed.card.cloze
        for slip in slips(text)[:MOST]:
            place = seek(context.source, start, text, slip.start)
            hint = "Put {{ and }} around what is to be recalled."
            yield context.source.fault(place, slip.code, slip.message, hint)


def _math(context: Context, placed: Placed) -> Iterator[Fault]:
    for text, spot in texts_of(placed.value, placed.spot):
        yield from islice(_maths(context.source, text, start_of(spot)), MOST)


def _maths(source: Source, text: str, start: int) -> Iterator[Fault]:
    from studykit.typeset import draw, why_not_drawn

    found, alone = formulas(text)
    for offset in alone:
        mark = "$" if text[offset] == "$" else text[offset : offset + 2]
        yield source.fault(
            seek(source, start, text, offset),
            "unbalanced-math",
            f"this {mark} has no partner, so what follows is not read as a formula",
            f"Close the formula, or write \\{mark} for the sign itself." if mark == "$" else "",
        )
    for formula in found:
        place = seek(source, start, text, formula.start)
        brace = braces_off(formula.tex)
        if brace is not None:
            said = f"this {formula.tex[brace]} has no partner inside the formula"
            inner = formula.end - formula.start - len(formula.tex)
            offset = formula.start + inner // 2 + brace
            yield source.fault(seek(source, start, text, offset), "unbalanced-braces", said)
            continue
        how = draw(formula.tex).how
        if how != "drawn":
            shown = "on one line only" if how == "line" else "only as its source"
            why = why_not_drawn(formula.tex)
            yield source.fault(
                place,
                "formula-falls-back",
                f"this formula can be shown {shown}{': ' + why if why else ''}",
                "Write it with the commands that other decks use.",
            )


def _options(context: Context, placed: Placed) -> Iterator[Fault]:
    if not isinstance(placed.card, Choice):
        return
    seen = {" ".join(placed.card.answer.split()): "the answer"}
    spot = spot_of(placed.value, placed.spot, "wrong")
    for i, wrong in enumerate(placed.card.wrong):
        same = seen.setdefault(" ".join(wrong.text.split()), f"wrong option {i + 1}")
        if same != f"wrong option {i + 1}":
            place = spot[i + 1] if isinstance(spot, list) else spot
            yield context.source.fault(
                start_of(place), "equal-options", f"this option is the same as {same}"
            )


def _sources(context: Context, placed: Placed) -> Iterator[Fault]:
    """A deck that lists its sources wants one for every card."""
    known = context.reading.header.sources
    if not known:
        return
    if not placed.card.sources:
        yield context.source.fault(
            start_of(placed.spot),
            "missing-source",
            "the card names no source",
            f"Add `sources: [{next(iter(known))} …]`, or `sources: ['beyond: …']`.",
        )
    spot = spot_of(placed.value, placed.spot, "sources")
    for i, named in enumerate(placed.card.sources):
        key = named.split(maxsplit=1)[0].rstrip(":")
        if key != BEYOND and key not in known:
            place = spot[i + 1] if isinstance(spot, list) else spot
            near = nearest(key, known)
            yield context.source.fault(
                start_of(place),
                "unknown-source",
                f"the deck lists no source `{key}`",
                f"Did you mean `{near}`?" if near else f"It lists {', '.join(known)}.",
            )


def _family(context: Context, placed: Placed) -> Iterator[Fault]:
    card, families = placed.card, context.families
    if not isinstance(card, ProblemCard) or families is None:
        return
    if card.family not in families:
        near = nearest(card.family, list(families))
        yield context.source.fault(
            _at(placed, "family"),
            "unknown-family",
            f"there is no problem family `{card.family}`",
            f"Did you mean `{near}`?" if near else f"There are {', '.join(families)}.",
        )
    elif card.level not in families[card.family]:
        levels = ", ".join(str(level) for level in sorted(families[card.family]))
        yield context.source.fault(
            _at(placed, "level"),
            "unknown-level",
            f"`{card.family}` has no level {card.level}",
            f"It has {levels}.",
        )


def _answers(context: Context, placed: Placed) -> Iterator[Fault]:
    if isinstance(placed.card, Formula) and context.reads is not None:
        for one in context.reads(placed.card):
            value, spot = placed.value, spot_of(placed.value, placed.spot, one.field)
            inner = value.get(one.field) if isinstance(value, dict) else None
            if isinstance(inner, list) and isinstance(spot, list):
                spot = spot_of(inner[one.entry], spot[one.entry + 1], "formula")
            yield context.source.fault(start_of(spot), one.code, one.says)


RULES: tuple[Rule, ...] = (_blanks, _math, _options, _sources, _family, _answers)


def _at(placed: Placed, key: str) -> int:
    keys = keys_of(placed.value, placed.spot)
    return start_of(keys[key][1]) if key in keys else start_of(placed.spot)


def texts_of(value: Value, spot: Spot) -> Iterator[tuple[str, Spot]]:
    """Every Markdown text of a card, with its place."""
    for key, (_, inner) in keys_of(value, spot).items():
        item = value[key] if isinstance(value, dict) else ""
        if key in _NESTED and isinstance(item, list) and isinstance(inner, list):
            for entry, at in zip(item, inner[1:], strict=True):
                yield from texts_of(entry, at)
        elif key in _TEXTS:
            if isinstance(item, str):
                yield item, inner
            elif isinstance(item, list) and isinstance(inner, list):
                for entry, at in zip(item, inner[1:], strict=True):
                    if isinstance(entry, str):
                        yield entry, at


def seek(source: Source, start: int, text: str, offset: int) -> int:
    """Where in the file the character at `offset` of a text stands that begins at `start`.

    Quoting, folding and indentation lie between the two but change no word, so the word at the
    offset is looked for; where it is not found as written, the beginning of the text must do.
    """
    words = text[offset : offset + 200].split(maxsplit=1)
    if not words:
        return start
    word = words[0]
    at = start - len(word)
    for _ in range(text.count(word, 0, offset) + 1):
        at = source.text.find(word, at + len(word), start + 2 * len(text) + 1000)
        if at < 0:
            return start
    return at
