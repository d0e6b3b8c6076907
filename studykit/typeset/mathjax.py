r"""Card text → the HTML of an Anki field, its formulas left as TeX for Anki's MathJax.

What Anki itself would act on in a field (`[sound:…]`, `[latex]`) is broken up: what a card says is
shown, never run. Moodle reads the same.
"""

from __future__ import annotations

import re
from html import escape

from studykit.typeset.html import Writer
from studykit.typeset.marks import Paragraph, parse

_ACTED_ON = re.compile(r"\[(?=/?(?:latex|\$\$?)\]|sound:|anki:)", re.IGNORECASE)


def mathjax_html(text: str) -> str:
    r"""`text` as HTML: inline formulas in `\( \)`, displayed ones in `\[ \]`.

    A single paragraph stands bare, so that it reads well in Anki's list of cards.
    """
    blocks = parse(text)
    if len(blocks) == 1 and isinstance(blocks[0], Paragraph):
        return _MATHJAX.line(blocks[0].spans)
    return _MATHJAX.blocks(blocks)


def _text(text: str) -> str:
    return _ACTED_ON.sub("&#91;", escape(text, quote=False))


_MATHJAX = Writer(
    formula=lambda tex: rf"\({_text(tex)}\)",
    display=lambda tex: rf"<p>\[{_text(tex)}\]</p>",
    text=_text,
)
