r"""Card text → the HTML of an Anki field, its formulas left as TeX for Anki's MathJax.

Every text is escaped here, and what Anki itself would act on in a field (`[sound:…]`, `[latex]`) is
broken up: what a card says is shown, never run.
"""

from __future__ import annotations

import re
from html import escape

from studykit.typeset.inline import Display, Formula, Span, Words
from studykit.typeset.marks import Block, Code, Heading, Listing, Paragraph, parse

_ACTED_ON = re.compile(r"\[(?=/?(?:latex|\$\$?)\]|sound:|anki:)", re.IGNORECASE)
_TAGS = {"strong": "b", "emphasis": "i", "code": "code", "dim": "small"}


def mathjax_html(text: str) -> str:
    r"""`text` as HTML: inline formulas in `\( \)`, displayed ones in `\[ \]`.

    A single paragraph stands bare, so that it reads well in Anki's list of cards.
    """
    blocks = parse(text)
    if len(blocks) == 1 and isinstance(blocks[0], Paragraph):
        return _line(blocks[0].spans)
    return "\n".join(map(_block, blocks))


def _block(block: Block) -> str:
    match block:
        case Paragraph(spans=spans):
            return f"<p>{_line(spans)}</p>"
        case Heading(level=level, spans=spans):
            return f"<h{level}>{_line(spans)}</h{level}>"
        case Display(tex=tex):
            return rf"<p>\[{_text(tex)}\]</p>"
        case Code(lines=lines):
            return f"<pre><code>{_text(chr(10).join(lines))}</code></pre>"
        case Listing(start=start, items=entries):
            tag = "ul" if start is None else "ol"
            first = "" if start in (None, 1) else f' start="{start}"'
            inside = "\n".join(f"<li>{_entry(entry)}</li>" for entry in entries)
            return f"<{tag}{first}>\n{inside}\n</{tag}>"


def _entry(blocks: tuple[Block, ...]) -> str:
    """An entry of a list; its first paragraph stands on the line of its mark."""
    first, rest = blocks[:1], blocks[1:]
    lead = [_line(one.spans) if isinstance(one, Paragraph) else _block(one) for one in first]
    return "\n".join([*lead, *map(_block, rest)])


def _line(spans: tuple[Span, ...]) -> str:
    return "".join(map(_span, spans))


def _span(span: Span) -> str:
    if isinstance(span, Formula):
        return rf"\({_text(span.tex)}\)"
    return _styled(span)


def _styled(words: Words) -> str:
    html = _text(words.text).replace("\n", "<br>")
    for style in words.style.split():
        html = f"<{_TAGS[style]}>{html}</{_TAGS[style]}>"
    return html


def _text(text: str) -> str:
    return _ACTED_ON.sub("&#91;", escape(text, quote=False))
