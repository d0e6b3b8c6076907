"""Why a card is asked on a day, with the learner's own numbers, and where it comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from studykit.memory import Grade, Memory, Settings, day_text, elapsed_days
from studykit.progress import Store
from studykit.study.words import counted

if TYPE_CHECKING:
    from studykit.decks import Library


def why(store: Store, card: str, day: int, settings: Settings, *, planned: bool) -> str:
    """Markdown: what is remembered of the card, the formula, and its last answers. `planned`:
    whether a plan that is followed decides, in place of the settings."""
    row = store.standing(card).memory
    history = store.history(card)
    if row is None:
        return (
            "**New.** This card was not answered yet. New cards come in the order of their deck, "
            f"as many a day as {'your plan' if planned else 'the setting `new_per_day`'} allows."
        )
    memory = Memory(*row)
    days = elapsed_days(memory.last, day)
    recall = settings.model.retrievability(memory.stability, days)
    lines = [
        f"**{due_on(memory.due, day)}.** Answered {times(memory.reps)}, last {ago(days)}; "
        f"{f'forgotten {times(memory.lapses)}' if memory.lapses else 'never forgotten'}.",
        f"Stability $S = {memory.stability:.1f}$ days: after that many days you recall it with "
        f"90 %. Difficulty {memory.difficulty:.1f} of 10.",
        f"Recall today, $t = {days}$ days after the last answer:",
        f"$$R(t,S) = \\left(1 + F\\cdot\\frac{{t}}{{S}}\\right)^{{-w}} = {recall:.3f}$$",
        f"It is asked when $R$ falls to {settings.retention:.2f}, the retention "
        f"{'of your plan' if planned else 'you chose'}.",
    ]
    if memory.learning:
        lines.insert(0, "**Learning.** You graded it Again, so it comes back until you know it.")
    recent = "\n".join(
        f"- {day_text(one.day)}: {Grade(one.grade).name.title()}"
        + (f", next on {day_text(one.due)}" if one.due is not None else "")
        for one in history[-5:]
        if one.grade is not None
    )
    return "\n\n".join([*lines, f"Last answers:\n\n{recent}"])


def whence(library: Library, card: str) -> tuple[str, ...]:
    """Where it comes from, as paragraphs of Markdown; none where its deck names no source."""
    try:
        names = library.header(library.deck_of(card)).sources
        cited = library.card(card).sources
    except KeyError:
        return ()
    where = [f"- {source}: {names.get(source.split()[0], '')}".rstrip(": ") for source in cited]
    return ("Where it comes from:", "\n".join(where)) if where else ()


def due_on(due: int, day: int) -> str:
    """When it is asked, seen from study day `day`."""
    if due == day:
        return "Due today"
    if due < day:
        return f"Due since {day_text(due)}"
    return f"Due on {day_text(due)}, in {counted(due - day, 'day')}"


def times(number: int) -> str:
    """Once, 2 times."""
    return "once" if number == 1 else f"{number} times"


def ago(days: int) -> str:
    """Days back, in words."""
    if days == 0:
        return "today"
    return "yesterday" if days == 1 else f"{days} days ago"
