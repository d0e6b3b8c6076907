"""The drawings of every formula of the card plan, as text.

`python -m tests.typeset.golden` rewrites them; the difference is read before it is committed.
"""

from __future__ import annotations

from pathlib import Path

from studykit.typeset import Drawing, draw

HERE = Path(__file__).parent
FORMULAS = tuple(filter(None, (HERE / "formulas.txt").read_text("utf-8").split("\n")))
"""Every distinct formula of the plan of all cards, one a line."""
SHAPES = tuple(filter(None, (HERE / "shapes.txt").read_text("utf-8").split("\n")))
"""One formula for each thing that the layout can do."""
GOLDEN = HERE / "drawings.txt"


def drawings() -> str:
    """All formulas with their display form and, where it differs, their form in a sentence."""
    return "\n".join(map(_entry, (*SHAPES, *FORMULAS))) + "\n"


def _entry(tex: str) -> str:
    shown, inline = draw(tex), draw(tex, inline=True)
    parts = [tex, *_rows(shown, "»")]
    if inline.lines != shown.lines:
        parts.extend(_rows(inline, "›"))
    return "\n".join(parts)


def _rows(drawing: Drawing, mark: str) -> list[str]:
    mark = mark if drawing.how == "drawn" else f"{drawing.how}:"
    rows = enumerate(drawing.lines)
    return [f"    {mark if i == drawing.baseline else ' '} {line}".rstrip() for i, line in rows]


if __name__ == "__main__":
    GOLDEN.write_text(drawings(), "utf-8")
