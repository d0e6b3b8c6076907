"""What a session may ask: the limits of the day, and the cards of a tag."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from studykit.memory import DueOrder, NewFrom, NewOrder, Order, Source
from studykit.study.errors import StudyError

if TYPE_CHECKING:
    from studykit.study.collection import Collection


def order_of(
    collection: Collection, source: Source, decks: tuple[str, ...], new: int | None
) -> Order:
    """Today's limits: those of the plan that is followed, or of the settings. `new` is what was
    asked for by the way."""
    settings, plan = collection.settings, collection.plan
    if plan is not None and plan.covers(decks):
        order = plan.order(settings, source, collection.day)
        return order if new is None else replace(order, new_a_day=new)
    return Order(
        new_a_day=settings.new_per_day if new is None else new,
        reviews_a_day=settings.reviews_per_day,
        new=NewOrder(settings.new_order),
        new_from=NewFrom(settings.new_from),
        due=DueOrder(settings.due_order),
    )


def tagged(collection: Collection, decks: tuple[str, ...], tag: str) -> list[str]:
    """The cards of these decks (none: all) that have the tag. Raises StudyError for none."""
    library = collection.shelf.library
    found = [
        name
        for info in library.decks()
        if not decks or info.id in decks
        for name, card in library.cards(info.id)
        if tag in card.tags
    ]
    if not found:
        raise StudyError(f"No card has the tag {tag}. Leave --tag out to study all of them.")
    return found
