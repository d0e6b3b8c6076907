"""What line mode shows beside a problem: the scratchpad and the map of attention weights."""

from __future__ import annotations

from studykit.cli.line import Line
from studykit.study.session import Session


def work_out(line: Line, text: str, session: Session) -> None:
    """One line of the scratchpad; without a formula, the names that it knows."""
    from studykit.study.scratch import shape_words

    pad = session.scratchpad()
    if not text:
        known = ", ".join(f"{name} ({shape_words(one)})" for name, one in pad.names.items())
        line.say(f"Known: {known or 'no names'}. Entries count from 0: Q[0] @ K[1].")
        return
    worked = pad.enter(text)
    if worked.cause:
        line.say(f"  {text}\n  {' ' * worked.position}^\n{worked.cause}")
        return
    lead = f"{worked.name} = " if worked.name else "= "
    for number, row in enumerate(worked.cells):
        line.say((" " * len(lead) if number else lead) + "  ".join(row))


def show_weights(line: Line, session: Session) -> None:
    """The attention weights, each with its number and a shade. Raises StudyError too early."""
    from studykit.study.heat import as_text

    maps = session.weights()
    for one in maps:
        line.show(f"{one.title}: ${one.symbol}$")
        for row in as_text(one):
            line.say(row)
    if not maps:
        line.say("This card has no attention weights.")
