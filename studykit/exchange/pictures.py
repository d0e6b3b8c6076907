"""Pictures and files that Markdown shows: a terminal has none of them, so their names stay."""

from __future__ import annotations

import re

from studykit.exchange.incoming import Incoming

PICTURES = "cards that mention a picture or a sound, of which only the name is taken"
_EMBED = re.compile(r"!\[\[([^\[\]\n]{1,200})\]\]|!\[[^\[\]\n]{0,200}\]\(([^()\s]{1,200})\)")


def named(incoming: Incoming, text: str) -> str:
    """The text with the name of each picture in brackets, which is noted."""
    told, count = _EMBED.subn(lambda found: f"({found[1] or found[2]})", text)
    if count:
        incoming.left[
            "cards that mention a picture or a sound, of which only the name is taken"
        ] += 1
    return told
