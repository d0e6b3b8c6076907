"""Every card and every family at hand, to be looked through by a query at each key.

Columns instead of objects: a term walks one list, so that 100 000 cards are filtered while a key
is still down. Decks and log are read once; what is rarely asked for (mistakes, recall) is looked up
at the first term that needs it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from difflib import get_close_matches
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, TypeVar, assert_never

from studykit.memory.days import elapsed_days
from studykit.progress import Standing
from studykit.study.query import All, Any, Between, Chosen, Named, Node, Not, Words

if TYPE_CHECKING:
    from studykit.decks.schema import Card
    from studykit.problems import Family
    from studykit.study.collection import Collection

Value = TypeVar("Value", bound=Hashable)
PART = 4000
"""Cards taken in at a time, about 40 ms."""
FEW = 5
"""Families loaded at a time: each is a module of its own."""
UNTOUCHED = Standing(None)
"""A card that was never answered nor set aside."""


class Catalogue:
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
        self._tags: list[tuple[str, ...]] = []
        self._sources: list[tuple[str, ...]] = []
        self._texts: list[str] = []
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
        self._in_state("due", ())
        yield
        self._numbers("due")

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
                self._tags.append(card.tags)
                self._sources.append(card.sources)
                self._texts.append(text_of(name, front, card).casefold())
                yield

    def _take_family(self, family: Family) -> None:
        self.ids.append(family.name)
        self.fronts.append(family.title)
        self.decks.append("")
        self.kinds.append("problem")
        self.families.append(family.name)
        self.levels.append(family.levels)
        self._tags.append(())
        self._sources.append(())
        names = " ".join(dict.fromkeys(mistake.name for mistake in family.mistakes))
        self._texts.append(
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
        for name in ("_entries", "_remembered", "_states", "_mistakes"):
            self.__dict__.pop(name, None)

    # Looking through.

    def find(self, query: Node, among: Sequence[int] | None = None) -> Sequence[int]:
        """The entries for which a query holds, in their order."""
        entries: Sequence[int] = range(len(self)) if among is None else among
        match query:
            case All(parts):
                for part in parts:
                    entries = self.find(part, entries)
                return entries
            case Any(parts):
                hits = {entry for part in parts for entry in self.find(part, entries)}
                return [entry for entry in entries if entry in hits]
            case Not(part):
                held = set(self.find(part, entries))
                return [entry for entry in entries if entry not in held]
            case Words(text):
                texts = self._texts
                return [entry for entry in entries if text in texts[entry]]
            case Chosen("kind", value):
                kinds = self.kinds
                return [entry for entry in entries if kinds[entry] == value]
            case Chosen(_, value):
                return self._in_state(value, entries)
            case Named():
                return self._named(query, entries)
            case Between():
                return self._between(query, entries)
            case _:
                assert_never(query)

    def nothing(self, query: Node) -> str:
        """Why a query finds nothing: the first part that alone finds nothing, or the whole."""
        parts = query.parts if isinstance(query, All) else (query,)
        for part in parts:
            if self.find(part):
                continue
            match part:
                case Words(text):
                    return f"Nothing holds “{text}”."
                case Named(field, value, _):
                    near = get_close_matches(value, self._names(field), n=1)
                    hint = f" Did you mean {near[0]}?" if near else ""
                    return f"There is no {field} “{value}” here.{hint}"
                case Chosen("is", value):
                    return f"No card is {value} today."
                case Between(field):
                    return f"No card has such a value of {field}."
                case _:
                    break
        return "Nothing fits all of this. Take a part away."

    def _named(self, query: Named, entries: Sequence[int]) -> Sequence[int]:
        wanted, exact = query.value, query.exact

        def fits(name: str) -> bool:
            return name == wanted if exact else wanted in name

        match query.field:
            case "id":
                return [entry for entry in entries if fits(self.ids[entry].casefold())]
            case "deck":
                decks = {
                    deck
                    for deck, title in self.titles.items()
                    if fits(deck.casefold()) or fits(title.casefold())
                }
                return [entry for entry in entries if self.decks[entry] in decks]
            case "family":
                return _where(entries, self.families, lambda name: bool(name) and fits(name))
            case "topic":
                return _where(entries, self.families, lambda name: fits(_topic(name)))
            case "tag":
                column = self._tags
            case "source":
                column = self._sources
            case _:
                column = self._mistakes
        return _where(entries, column, lambda names: any(fits(name.casefold()) for name in names))

    def _names(self, field: str) -> Iterable[str]:
        """The names that a field can have here, to suggest one."""
        match field:
            case "deck":
                return self.titles
            case "topic":
                return {one.topic for one in _families().values()}
            case "id":
                return self.ids if len(self) < 5000 else ()
            case "family":
                return set(self.families)
        columns = {"tag": self._tags, "source": self._sources, "mistake": self._mistakes}
        return {name for names in set(columns[field]) for name in names}

    def _in_state(self, state: str, entries: Sequence[int]) -> Sequence[int]:
        states = self._states
        if state == "new":
            touched = {entry for entry, held in states.items() if "new" not in held}
            return [entry for entry in entries if entry < self.cards and entry not in touched]
        return [entry for entry in entries if state in states.get(entry, ())]

    def _between(self, query: Between, entries: Sequence[int]) -> Sequence[int]:
        low, high, open_low, open_high = query.low, query.high, query.open_low, query.open_high

        def fits(number: float) -> bool:
            return (low < number if open_low else low <= number) and (
                number < high if open_high else number <= high
            )

        if query.field == "level":
            return _where(entries, self.levels, lambda levels: any(map(fits, levels)))
        numbers = self._numbers(query.field)
        if query.field in ("reps", "lapses") and fits(0):
            # Cards without a memory count as well: never answered is answered 0 times.
            other = {entry for entry, number in numbers.items() if not fits(number)}
            return [entry for entry in entries if entry < self.cards and entry not in other]
        return [entry for entry in entries if entry in numbers and fits(numbers[entry])]

    def _numbers(self, field: str) -> dict[int, float]:
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
    def _states(self) -> dict[int, tuple[str, ...]]:
        """The states of every card that was touched."""
        leech_at = self._collection.scheduling.leech_at
        return {
            entry: tuple(_states_of(one, self.day, leech_at))
            for entry, one in self._remembered.items()
        }

    @cached_property
    def _mistakes(self) -> list[tuple[str, ...]]:
        made = self._collection.store.mistakes_by_card()
        cards = [made.get(name, ()) for name in self.ids[: self.cards]]
        known = [
            tuple(dict.fromkeys(mistake.name for mistake in family.mistakes))
            for family in islice(_each_family(), len(self) - self.cards)
        ]
        return [*cards, *known]


def _where(
    entries: Sequence[int], column: Sequence[Value], fits: Callable[[Value], bool]
) -> Sequence[int]:
    """The entries whose value fits; each different value is judged once."""
    judged: dict[Value, bool] = {}
    found = []
    for entry in entries:
        value = column[entry]
        hit = judged.get(value)
        if hit is None:
            hit = judged[value] = fits(value)
        if hit:
            found.append(entry)
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


def _topic(family: str) -> str:
    """The topic of a family; none where a card names none, or one that there is not."""
    from studykit.problems import ProblemError, family_named

    try:
        return family_named(family).topic.casefold() if family else ""
    except ProblemError:
        return ""


def _each_family() -> Iterator[Family]:
    from studykit.problems import each_family

    return each_family()


def _families() -> dict[str, Family]:
    from studykit.problems import families

    return dict(families())
