"""A card as two sides of text, for programs that know nothing else.

Every kind is turned into a question, an answer and what is shown under it, all Markdown. A problem
card becomes frozen instances: drawn from tickets that follow from the card's id, so that they are
the same each time.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from string import ascii_uppercase
from typing import NamedTuple

from studykit.decks.schema import Basic, Card, Choice, Cloze, Flaw, Formula, Open, ProblemCard
from studykit.exchange.errors import ExchangeError

FLAW_LEAD = "What is wrong here? Correct it."


class Face(NamedTuple):
    """One question. `front` of a cloze is its sentence with `{{blanks}}`, and `back` is empty."""

    key: str
    """The card's id; of a frozen instance with `#` and its number."""
    front: str
    back: str
    more: str
    tags: tuple[str, ...]
    cloze: bool = False


def faces(name: str, card: Card, instances: int) -> Iterator[Face]:
    """What a card with the id `name` becomes; a problem card `instances` faces, others one.

    Raises ExchangeError for a family that does not exist.
    """
    more = card.explain.strip()
    match card:
        case ProblemCard():
            for number in range(1, instances + 1):
                yield _instance(name, card, number)
        case Cloze():
            yield Face(name, card.cloze, "", more, card.tags, cloze=True)
        case Choice():
            yield _choice(name, card)
        case Flaw():
            yield Face(name, f"{FLAW_LEAD}\n\n{card.front}", card.back, more, card.tags)
        case Open():
            yield _open(name, card)
        case Basic() | Formula():
            yield Face(name, card.front, card.back, more, card.tags)


def _choice(name: str, card: Choice) -> Face:
    options = [(card.answer, ""), *((wrong.text, wrong.why) for wrong in card.wrong)]
    # By chance, yet the same in every export.
    options.sort(key=lambda option: sha256(f"{name}/{option[0]}".encode()).digest())
    letters = dict(zip((text for text, _ in options), ascii_uppercase, strict=False))
    listed = [f"- **{letters[text]}** {_inside(text)}" for text, _ in options]
    whys = [f"- **{letters[text]}** {_inside(why)}" for text, why in options if why]
    back = f"**{letters[card.answer]}** {card.answer}"
    more = _joined(card.explain, "Why not the others:", "\n".join(whys))
    return Face(name, _joined(card.front, "\n".join(listed)), back, more, card.tags)


def _open(name: str, card: Open) -> Face:
    rubric = "\n".join(f"- {_inside(point)}" for point in card.rubric)
    asked = "\n".join(f"- **{_inside(one.ask)}** {_inside(one.answer)}" for one in card.follow_ups)
    more = _joined(
        card.explain,
        *(("A full answer:", card.model) if card.model else ()),
        *(("What may be asked next:", asked) if asked else ()),
    )
    return Face(
        name, card.front, _joined(card.back, "A good answer says:", rubric), more, card.tags
    )


def _instance(name: str, card: ProblemCard, number: int) -> Face:
    from studykit.problems import ProblemError, draw, families
    from studykit.problems.worked import answer, solution

    family = families().get(card.family)
    if family is None:
        raise ExchangeError(
            f"The card {name} asks for the family {card.family}, which is not here."
        )
    key = f"{name}#{number}"
    seed = int.from_bytes(sha256(key.encode()).digest()[:4]) % 1_000_000
    try:
        problem = draw(f"{family.name}@{family.version}/{card.level}#{seed}")
    except ProblemError as error:
        raise ExchangeError(f"The card {name} cannot be drawn: {error}.") from error
    front = _joined(card.front, problem.question)
    back = f"${problem.steps[-1].symbol} = {answer(problem)}$"
    more = _joined(solution(problem), card.explain)
    return Face(key, front, back, more, card.tags)


def _joined(*parts: str) -> str:
    return "\n\n".join(part.strip() for part in parts if part.strip())


def _inside(text: str) -> str:
    """A text as an entry of a list, its further lines indented under it."""
    return text.strip().replace("\n", "\n  ")
