"""Keys that reach a field which was left by the key before them.

Textual sends a key to the field that has the focus when it is typed; what that field does with the
key before may take the focus away.
"""

from __future__ import annotations

from textual import events
from textual.widget import Widget


def handed_on(field: Widget, event: events.Key) -> bool:
    """Hand on a key that reached a field already left: it was pressed right after the one that
    settled the question, and is meant for what came of that."""
    if field.screen.focused is field:
        return False
    field.app.post_message(events.Key(event.key, event.character))
    return True
