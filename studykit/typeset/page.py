"""A web page that needs nothing but itself: no script, no request, light or dark as one likes.

Its content policy allows only the style written into it; it prints on A4 or letter.
"""

from __future__ import annotations

import base64
import hashlib
from html import escape

from studykit.typeset.clean import clean

STYLE = """\
:root { color-scheme: light dark; --ink: #1b1b1f; --paper: #fff; --line: #b9bcc4; --soft: #5a5e69;
  --box: #f4f5f7; --right: #146c2e; --partly: #8a5a00; --wrong: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e6ea; --paper: #17181c; --line: #4a4e59;
  --soft: #a3a8b4; --box: #22242a; --right: #7bd88f; --partly: #e5c07b; --wrong: #ff8a80; } }
* { box-sizing: border-box; }
body { font: 1.05rem/1.5 "Libertinus Serif", "STIX Two Text", Georgia, serif; color: var(--ink);
  background: var(--paper); max-width: 46rem; margin: 0 auto; padding: 2rem 1.25rem; }
h1, h2, h3 { line-height: 1.25; }
h1 { font-size: 1.7rem; margin: 0 0 .25rem; }
h2 { font-size: 1.2rem; margin: 2.2rem 0 .4rem; }
h3 { font-size: 1.05rem; }
a { color: inherit; }
code, .ticket { font-family: ui-monospace, "DejaVu Sans Mono", monospace; font-size: .85em; }
pre { overflow-x: auto; background: var(--box); padding: .7rem; }
.about, .ticket, .step { color: var(--soft); }
.step { font-size: .92em; margin: .4rem 0; }
ul.step { padding-left: 1.2rem; }
.ticket { margin: 0; overflow-wrap: anywhere; }
.formula { overflow-x: auto; overflow-y: hidden; margin: .8rem 0; padding: .15rem 0; }
math { font-size: 1.08em; }
.prime { font-family: Georgia, "DejaVu Serif", serif; }
mtd { padding: .15em .4em; }
mtd.l { text-align: left; }
mtd.r { text-align: right; }
mtd.l, mtd.r { padding-left: .15em; padding-right: .15em; }
.space { border: 1px solid var(--line); border-radius: 4px; margin: .6rem 0 1rem; }
.low { height: 4.5rem; }
.middle { height: 8rem; }
.high { height: 12rem; }
.key { border-top: 2px solid var(--line); margin-top: 3rem; padding-top: 1.5rem; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
.wide { overflow-x: auto; }
th, td { text-align: left; padding: .25rem .6rem .25rem 0; border-bottom: 1px solid var(--line);
  vertical-align: top; }
td .ticket { white-space: nowrap; }
th.n, td.n { text-align: right; }
.right { color: var(--right); }
.partly { color: var(--partly); }
.wrong { color: var(--wrong); }
meter { width: 8rem; height: .8rem; }
@media print { :root { --ink: #000; --paper: #fff; --line: #888; --soft: #444; --box: #fff;
  --right: #000; --partly: #000; --wrong: #000; }
  body { max-width: none; padding: 0; font-size: 11pt; }
  .problem { break-inside: avoid; }
  h2, h3 { break-after: avoid; }
  .formula { overflow: visible; }
  .key { break-before: page; border: 0; margin: 0; padding: 0; } }
"""


def escaped(text: str) -> str:
    """A text as HTML that shows it as it stands."""
    return escape(clean(text))


def page(title: str, body: str, *, paper: str = "", language: str = "en") -> str:
    """A whole page around `body`, which is HTML; `title` is text. `paper` is a size for print."""
    sized = f"@page {{ size: {paper}; margin: 18mm; }}\n" if paper else ""
    style = STYLE + sized
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    return (
        f'<!DOCTYPE html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="referrer" content="no-referrer">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escaped(title)}</title>\n<style>{style}</style>\n</head>\n<body>\n"
        f"{body}\n</body>\n</html>\n"
    )
