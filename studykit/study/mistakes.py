"""The mistakes that were diagnosed, from the log: how often, how lately, and which are mended.

A mistake is mended once `MENDED_AFTER` problems on which it was possible were answered right,
without a hint, since it was last made; a wrong answer for another reason counts for neither side.
`weights` is what practice and sheets draw by.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from studykit.progress import Review

if TYPE_CHECKING:
    from studykit.problems import Family, Problem
    from studykit.progress.reading import Reading

MENDED_AFTER = 3
"""Right answers in spite of the chance to make it, after which a mistake counts as mended."""
HALF_LIFE = 14
"""Days after which having made a mistake weighs half."""
MENDED_SHARE = 0.1
"""What a mended mistake weighs, beside the same one not mended."""
OTHERS_SHARE = 1 / 3
"""Of a mistake's weight, what goes to other families and levels that know it by the same name."""
WEEKS = 8
"""Weeks that a trend looks back."""
ANYWHERE: Mapping[str, Callable[[Problem], bool]] = {
    "transposed": lambda problem: problem.asks.kind == "matrix",
    "rows-swapped": lambda problem: problem.asks.kind == "matrix",
    "axes-reversed": lambda problem: problem.asks.kind == "shape",
    "rounded-early": lambda problem: _to_places(problem),
    "cut-off": lambda problem: _to_places(problem),
    "minus-dropped": lambda problem: problem.asks.kind != "shape",
    "percent": lambda problem: problem.asks.kind != "shape",
    "power-of-ten": lambda problem: problem.asks.kind != "shape",
}
"""Slips in writing an answer down, which no family need declare: where each can happen."""


@dataclass(frozen=True, slots=True)
class Group:
    """One mistake with all the answers in which it was made."""

    mistake: str
    made: tuple[Review, ...]
    """The latest first."""
    avoided: int
    """Right answers, since it was last made, to problems on which it was possible."""
    weeks: tuple[int, ...]
    """How often in each of the last weeks, the present one last."""
    weight: float
    """How recent and frequent it is, from 0."""

    @property
    def mended(self) -> bool:
        return self.avoided >= MENDED_AFTER

    @property
    def families(self) -> tuple[str, ...]:
        """Names of the families in which it was made."""
        tickets = (one.ticket for one in self.made if one.ticket)
        return tuple(dict.fromkeys(ticket.partition("@")[0] for ticket in tickets))

    @property
    def cards(self) -> tuple[str, ...]:
        """Cards without a drawn problem on which it was made: formulas."""
        return tuple(dict.fromkeys(one.card for one in self.made if one.card and not one.ticket))


@dataclass(frozen=True, slots=True)
class Weight:
    """How much one mistake speaks for problems of one family and level."""

    family: str
    level: int
    mistake: str
    weight: float


def groups(store: Reading, day: int) -> tuple[Group, ...]:
    """Every mistake of the log on study day `day`: what weighs most first, mended ones last."""
    made: dict[str, list[Review]] = defaultdict(list)
    for review in store.mistaken():
        for mistake in dict.fromkeys(review.mistakes):
            made[mistake].append(review)
    if not made:
        return ()
    right = store.right_answers(min(reviews[-1].id for reviews in made.values()))
    found = [_group(mistake, reviews, right, day) for mistake, reviews in made.items()]
    return tuple(sorted(found, key=lambda one: (one.mended, -one.weight, one.mistake)))


def _group(mistake: str, made: list[Review], right: Sequence[Review], day: int) -> Group:
    weeks = [0] * WEEKS
    for review in made:
        back = max(0, day - review.day) // 7
        if back < WEEKS:
            weeks[WEEKS - 1 - back] += 1
    avoided = 0
    cards = {one.card for one in made if not one.ticket}
    for review in right:
        if avoided == MENDED_AFTER:
            break
        if review.id > made[-1].id and avoids(mistake, review, cards):
            avoided += 1
    weight = sum(_faded(day - review.day) for review in made)
    if avoided >= MENDED_AFTER:
        weight *= MENDED_SHARE
    return Group(mistake, tuple(reversed(made)), avoided, tuple(weeks), weight)


def _faded(days: int) -> float:
    return float(0.5 ** (max(0, days) / HALF_LIFE))


def avoids(mistake: str, review: Review, cards: Iterable[str | None] = ()) -> bool:
    """Whether this answer was right without a hint although the mistake was possible.

    `cards`: those without a drawn problem on which the mistake was made before.
    """
    if review.result != "right" or review.hints or mistake in review.mistakes:
        return False
    if review.ticket is None:
        return review.card in cards
    return possible(mistake, review.ticket)


@lru_cache(maxsize=4096)
def possible(mistake: str, ticket: str) -> bool:
    """Whether the problem of this ticket gives the chance to make this mistake."""
    from studykit.problems import ProblemError, draw, family_named, read_ticket

    try:
        name, _, level, _ = read_ticket(ticket)
        family = family_named(name)
        if not may_happen(mistake, family, level):
            return False
        problem = draw(ticket)
    except ProblemError:
        # A ticket of an earlier version is not drawn any more: it says nothing.
        return False
    if any(wrong.mistake.name == mistake for wrong in problem.wrongs):
        return True
    return mistake in ANYWHERE and ANYWHERE[mistake](problem)


def may_happen(mistake: str, family: Family, level: int) -> bool:
    """Whether some problem of this family and level may give the chance to make this mistake."""
    return mistake in ANYWHERE or declares(family, level, mistake)


def declares(family: Family, level: int, mistake: str) -> bool:
    """Whether the family knows the mistake by this name on this level."""
    return any(one.name == mistake for one in family.mistakes_at(level))


def weights(store: Reading, day: int) -> tuple[Weight, ...]:
    """What the log speaks for practising: each mistake in the families and levels where it was
    made, by how recently and how often, and to a third in all others that know it by that name.

    Mended mistakes weigh a tenth. The sum over one mistake is its `Group.weight`, less what was
    made on formulas, which no family draws.
    """
    return tuple(one for group in groups(store, day) for one in weights_of(group, day))


def weights_of(group: Group, day: int) -> tuple[Weight, ...]:
    """The same for one mistake."""
    from studykit.problems import ProblemError, families, family_named, read_ticket

    share = MENDED_SHARE if group.mended else 1.0
    own: dict[tuple[str, int], float] = defaultdict(float)
    for review in group.made:
        if review.ticket is None:
            continue
        try:
            name, _, level, _ = read_ticket(review.ticket)
            family = family_named(name)
        except ProblemError:
            continue
        if level in family.levels and may_happen(group.mistake, family, level):
            own[name, level] += share * _faded(day - review.day)
    others = [
        (family.name, level)
        for family in families().values()
        for level in family.levels
        if (family.name, level) not in own and declares(family, level, group.mistake)
    ]
    total = sum(own.values())
    given = total * OTHERS_SHARE if others else 0.0
    kept = (total - given) / total if total else 0.0
    return (
        *(Weight(*at, group.mistake, weight * kept) for at, weight in own.items()),
        *(Weight(*at, group.mistake, given / len(others)) for at in others if given),
    )


def sentence(group: Group, remark: Callable[[Review], Sequence[tuple[str, str]]]) -> str:
    """What went wrong, for the learner, in Markdown.

    From the family where it was made last; `remark` marks an answer again, (mistake, sentence)
    for each slip, for those slips that no family declares.
    """
    from studykit.problems import ProblemError, family_named

    for name in group.families:
        try:
            declared = family_named(name).mistakes
        except ProblemError:
            continue
        for one in declared:
            if one.name == group.mistake:
                return one.says
    for review in group.made[:3]:
        for name, says in remark(review):
            if name == group.mistake:
                return says
    return group.mistake.replace("-", " ").capitalize() + "."


def _to_places(problem: Problem) -> bool:
    from studykit.answers import Places

    return isinstance(problem.asks.precision, Places)
