"""Card text → HTML: its formulas as MathML, or as whatever a caller makes of them.

Every text is escaped here; no mark of ours gives an attribute, a link or a script.
"""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import NamedTuple

from studykit.typeset.inline import Display, Formula, Span, Words
from studykit.typeset.marks import Block, Code, Heading, Listing, Paragraph, parse
from studykit.typeset.mathml import mathml

_TAGS = {"strong": "b", "emphasis": "i", "code": "code", "dim": "small"}


class Writer(NamedTuple):
    """How formulas and texts become HTML."""

    formula: Callable[[str], str]
    display: Callable[[str], str]
    """A displayed formula, as content of a block of its own."""
    text: Callable[[str], str]
    """Escapes a text."""
    top: int = 1
    """The level of the highest heading."""

    def blocks(self, blocks: tuple[Block, ...]) -> str:
        """Blocks, each on lines of its own."""
        return "\n".join(map(self.block, blocks))

    def block(self, block: Block) -> str:
        match block:
            case Paragraph(spans=spans):
                return f"<p>{self.line(spans)}</p>"
            case Heading(level=level, spans=spans):
                level = min(6, level + self.top - 1)
                return f"<h{level}>{self.line(spans)}</h{level}>"
            case Display(tex=tex):
                return self.display(tex)
            case Code(lines=lines):
                return f"<pre><code>{self.text(chr(10).join(lines))}</code></pre>"
            case Listing(start=start, items=entries):
                tag = "ul" if start is None else "ol"
                first = "" if start in (None, 1) else f' start="{start}"'
                inside = "\n".join(f"<li>{self.entry(entry)}</li>" for entry in entries)
                return f"<{tag}{first}>\n{inside}\n</{tag}>"

    def entry(self, blocks: tuple[Block, ...]) -> str:
        """An entry of a list; its first paragraph stands on the line of its mark."""
        first, rest = blocks[:1], blocks[1:]
        lead = [self.line(b.spans) if isinstance(b, Paragraph) else self.block(b) for b in first]
        return "\n".join([*lead, *map(self.block, rest)])

    def line(self, spans: tuple[Span, ...]) -> str:
        return "".join(
            self.formula(span.tex) if isinstance(span, Formula) else self.styled(span)
            for span in spans
        )

    def styled(self, words: Words) -> str:
        html = self.text(words.text).replace("\n", "<br>")
        for style in words.style.split():
            html = f"<{_TAGS[style]}>{html}</{_TAGS[style]}>"
        return html


_MATHML = Writer(
    formula=mathml,
    display=lambda tex: f'<div class="formula">{mathml(tex, display=True)}</div>',
    text=escape,
)


def html(text: str, *, top: int = 1) -> str:
    """`text` as HTML with MathML; its highest heading is of the level `top`."""
    return _MATHML._replace(top=top).blocks(parse(text))


def html_line(text: str) -> str:
    """`text` as HTML to stand within a line; what is more than a paragraph stays a block."""
    blocks = parse(text)
    if len(blocks) == 1 and isinstance(blocks[0], Paragraph):
        return _MATHML.line(blocks[0].spans)
    return _MATHML.blocks(blocks)
