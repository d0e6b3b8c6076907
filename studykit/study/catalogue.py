"""The cards and families that a query finds, looked up at each key.

A term walks one column, so that 100 000 cards are filtered while a key is still down.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING, TypeVar, assert_never

from studykit.study.columns import Columns
from studykit.study.fields import compared
from studykit.study.query import All, Any, Between, Chosen, Named, Node, Not, Words

if TYPE_CHECKING:
    from studykit.problems import Family

Value = TypeVar("Value", bound=Hashable)


class Catalogue(Columns):
    """Take it from a collection, `fill` it, then `find`."""

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
                texts = self.texts
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
                    meant = compared(text)
                    hint = f" Did you mean {meant}?" if meant else ""
                    return f"Nothing holds “{text}”.{hint}"
                case Named(field, value, _):
                    near = get_close_matches(value, self._names(field), n=1)
                    hint = f" Did you mean {near[0]}?" if near else ""
                    return f"There is no {field} “{value}” here.{hint}"
                case Chosen("is", value):
                    return f"No card is {value} today."
                case Between(field, typed=typed):
                    return f"No card has {field}:{typed}."
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
                column = self.tags
            case "source":
                column = self.sources
            case _:
                column = self.mistakes
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
        columns = {"tag": self.tags, "source": self.sources, "mistake": self.mistakes}
        return {name for names in set(columns[field]) for name in names}

    def _in_state(self, state: str, entries: Sequence[int]) -> Sequence[int]:
        states = self.states
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
        numbers = self.numbers(query.field)
        if query.field in ("reps", "lapses") and fits(0):
            # Cards without a memory count as well: never answered is answered 0 times.
            other = {entry for entry, number in numbers.items() if not fits(number)}
            return [entry for entry in entries if entry < self.cards and entry not in other]
        return [entry for entry in entries if entry in numbers and fits(numbers[entry])]


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


def _topic(family: str) -> str:
    """The topic of a family; none where a card names none, or one that there is not."""
    from studykit.problems import ProblemError, family_named

    try:
        return family_named(family).topic.casefold() if family else ""
    except ProblemError:
        return ""


def _families() -> dict[str, Family]:
    from studykit.problems import families

    return dict(families())
