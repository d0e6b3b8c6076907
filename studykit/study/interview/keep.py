"""Keeping a scorecard: in the learner's folder, and where it was asked for."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from studykit.study.errors import StudyError
from studykit.study.interview.report import markdown
from studykit.study.interview.scorecard import Scorecard, history

if TYPE_CHECKING:
    from studykit.study.collection import Collection


def keep(collection: Collection, card: Scorecard, report: Path | None = None) -> list[Path]:
    """Write the scorecard into the folder `interviews`, and to `report`; where it stands.

    It is Markdown, or a web page where the name of `report` ends in .html.
    Raises StudyError for a place that cannot be written.
    """
    begun = datetime.fromtimestamp(card.terms.begun_ms / 1000).astimezone()
    name = re.sub(r"[^0-9-]", "-", begun.strftime("%Y-%m-%d-%H%M%S")) + ".md"
    places = [collection.home.root / "interviews" / name, *([report] if report else [])]
    text = markdown(card, history(collection))
    for place in places:
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(_web(text) if place.suffix == ".html" else text, encoding="utf-8")
        except OSError as error:
            raise StudyError(
                f"Cannot write {place}: {error.strerror or error}. Choose another place."
            ) from error
    return places


def _web(text: str) -> str:
    from studykit.typeset.html import html
    from studykit.typeset.page import page

    return page("Mock interview", html(text))
