"""Every card and every family in columns, with how the cards stand.

Columns instead of objects, so that a search walks one list. Decks and log are read once; what is
rarely asked for (mistakes, recall) is looked up at the first search that needs it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING

from studykit.memory.days import elapsed_days
from studykit.progress import Standing

if TYPE_CHECKING:
    from studykit.decks.schema import Card
    from studykit.problems import Family
    from studykit.study.collection import Collection

PART = 4000
"""Cards taken in at a time, about 40 ms."""
FEW = 5
"""Families loaded at a time: each is a module of its own."""
UNTOUCHED = Standing(None)
"""A card that was never answered nor set aside."""


class Columns:
    """Cards in the order of decks, then families; an entry is a number from 0.

    `fill` it first, in one go or a part at a time; `note` which cards were suspended, reset or
    answered since.
    """

    def __init__(self, collection: Collection) -> None:
        self._collection = collection
        self.ids: list[str] = []
        """Card ids, and names of families."""
        self.fronts: list[str] = []
        self.decks: list[str] = []
        self.kinds: list[str] = []
        self.families: list[str] = []
        self.levels: list[tuple[int, ...]] = []
        self.tags: list[tuple[str, ...]] = []
        self.sources: list[tuple[str, ...]] = []
        self.texts: list[str] = []
        self.day = collection.day
        self.titles = {info.id: info.title for info in collection.shelf.library.decks()}
        self.cards = 0
        """How many entries are cards; the others are families."""
        self._standings = collection.store.standings()
        self._values: dict[str, dict[int, float]] = {}

    def fill(self) -> Iterator[None]:
        """Take in the cards, stopping after every few thousand, and then the families."""
        for number, _ in enumerate(self._take_cards(), 1):
            if number % PART == 0:
                self.cards = len(self.ids)
                self._forget()
                yield
        self.cards = len(self.ids)
        self._forget()
        yield
        for number, family in enumerate(_each_family(), 1):
            self._take_family(family)
            if number % FEW == 0:
                self._forget()
                yield
        self._forget()
        yield
        # What most filters ask for, so that the first key does not wait for it.
        _ = self.states
        yield
        self.numbers("due")

    def _take_cards(self) -> Iterator[None]:
        from studykit.decks.schema import ProblemCard, front_of

        library = self._collection.shelf.library
        kinds: dict[type, str] = {}
        level: dict[int, tuple[int, ...]] = {number: (number,) for number in range(1, 4)}
        for info in library.decks():
            for name, card in library.cards(info.id):
                kind = kinds.get(type(card))
                if kind is None:
                    kind = kinds[type(card)] = str(type(card).__struct_config__.tag)
                problem = card if isinstance(card, ProblemCard) else None
                front = front_of(card)
                self.ids.append(name)
                self.fronts.append(front)
                self.decks.append(info.id)
                self.kinds.append(kind)
                self.families.append(problem.family if problem else "")
                self.levels.append(level[problem.level] if problem else ())
                self.tags.append(card.tags)
                self.sources.append(card.sources)
                self.texts.append(text_of(name, front, card).casefold())
                yield

    def _take_family(self, family: Family) -> None:
        self.ids.append(family.name)
        self.fronts.append(family.title)
        self.decks.append("")
        self.kinds.append("problem")
        self.families.append(family.name)
        self.levels.append(family.levels)
        self.tags.append(())
        self.sources.append(())
        names = " ".join(dict.fromkeys(mistake.name for mistake in family.mistakes))
        self.texts.append(
            f"{family.name} {family.title} {family.topic} {family.says} {names}".casefold()
        )

    def __len__(self) -> int:
        return len(self.ids)

    # What one entry is.

    def is_card(self, entry: int) -> bool:
        """Whether the entry is a card, not a family."""
        return entry < self.cards

    def standing(self, entry: int) -> Standing:
        """The memory of a card and whether it is set aside."""
        return self._standings.get(self.ids[entry], UNTOUCHED)

    def state(self, entry: int) -> str:
        """How a card stands, in a word or two: new, learning, today, 3 d, 2 d late, suspended."""
        memory, suspended, buried_until = self.standing(entry)
        if suspended:
            return "suspended"
        if buried_until > self.day:
            return "buried"
        if memory is None:
            return "new"
        if memory.learning:
            return "learning"
        left = memory.due - self.day
        if left == 0:
            return "today"
        return f"{left} d" if left > 0 else f"{-left} d late"

    def note(self, cards: Iterable[str]) -> None:
        """Look up again how these cards stand."""
        self.day = self._collection.day
        for card in cards:
            standing = self._collection.store.standing(card)
            if standing == UNTOUCHED:
                self._standings.pop(card, None)
            else:
                self._standings[card] = standing
        self._forget()

    def _forget(self) -> None:
        """What was worked out from standings and log is worked out again when it is asked for."""
        self._values.clear()
        for name in ("_entries", "_remembered", "states", "mistakes"):
            self.__dict__.pop(name, None)

    # Looked up when first needed.

    @cached_property
    def _entries(self) -> dict[str, int]:
        return {name: entry for entry, name in enumerate(self.ids[: self.cards])}

    @cached_property
    def _remembered(self) -> dict[int, Standing]:
        """How the cards stand that were ever touched."""
        entries = self._entries
        return {
            entries[card]: standing for card, standing in self._standings.items() if card in entries
        }

    @cached_property
    def states(self) -> dict[int, tuple[str, ...]]:
        """The states of every card that was touched."""
        leech_at = self._collection.scheduling.leech_at
        return {
            entry: tuple(_states_of(one, self.day, leech_at))
            for entry, one in self._remembered.items()
        }

    @cached_property
    def mistakes(self) -> list[tuple[str, ...]]:
        made = self._collection.store.mistakes_by_card()
        cards = [made.get(name, ()) for name in self.ids[: self.cards]]
        known = [
            tuple(dict.fromkeys(mistake.name for mistake in family.mistakes))
            for family in islice(_each_family(), len(self) - self.cards)
        ]
        return [*cards, *known]

    def numbers(self, field: str) -> dict[int, float]:
        """The value of a field for every card that has been answered."""
        found = self._values.get(field)
        if found is None:
            held = [(entry, one.memory) for entry, one in self._remembered.items() if one.memory]
            memories = [memory for _, memory in held]
            numbers: Sequence[float]
            match field:
                case "due":
                    numbers = [memory.due - self.day for memory in memories]
                case "seen":
                    numbers = [elapsed_days(memory.last, self.day) for memory in memories]
                case "recall":
                    from studykit.memory.forecast import recall_on

                    weights = self._collection.scheduling.weights
                    numbers = recall_on(self.day, memories, weights)
                case _:
                    numbers = [getattr(memory, field) for memory in memories]
            entries = (entry for entry, _ in held)
            found = self._values[field] = dict(zip(entries, numbers, strict=True))
        return found


def _states_of(standing: Standing, day: int, leech_at: int) -> Iterable[str]:
    memory, suspended, buried_until = standing
    buried = buried_until > day
    if suspended:
        yield "suspended"
    if buried:
        yield "buried"
    if memory is None:
        if not suspended:
            yield "new"
        return
    yield "learning" if memory.learning else "review"
    if memory.lapses >= leech_at:
        yield "leech"
    if not suspended and not buried and memory.due <= day:
        yield "due"


def text_of(name: str, front: str, card: Card) -> str:
    """Everything of a card in which words are looked for."""
    from studykit.decks.schema import Choice, Cloze, Open, ProblemCard

    match card:
        case Cloze() | ProblemCard():
            parts: tuple[str, ...] = ()
        case Choice():
            parts = (card.answer, *(f"{one.text}\n{one.why}" for one in card.wrong))
        case Open():
            parts = (
                card.back,
                *card.rubric,
                *(f"{one.ask}\n{one.answer}" for one in card.follow_ups),
            )
        case _:
            parts = (card.back,)
    return "\n".join((name, front, *parts, card.explain, card.note, " ".join(card.tags)))


def _each_family() -> Iterator[Family]:
    from studykit.problems import each_family

    return each_family()
