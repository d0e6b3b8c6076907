"""LaTeX brought to the ordinary notation the lexer reads, command by command, offsets kept.

Only the commands in these tables exist; any other is refused by name. Nothing is expanded, so no
input can grow.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from .characters import THIN, Source
from .errors import AnswerError
from .functions import GREEK, SPELLINGS

DEPTH_CAP = 60

_SPACE = {
    ",",
    ";",
    ":",
    "!",
    " ",
    "quad",
    "qquad",
    "displaystyle",
    "textstyle",
    "limits",
    "nolimits",
}
_DROPPED = {
    "left", "right", "big", "Big", "bigg", "Bigg", "bigl", "bigr", "Bigl", "Bigr", "biggl", "biggr",
    "Biggl", "Biggr", "mathopen", "mathclose",
}  # fmt: skip
_SIGNS = {
    "cdot": "·", "times": "×", "ast": "*", "div": "/", "odot": "⊙", "circ": "⊙", "top": "⊤",
    "intercal": "⊤", "infty": "∞", "sum": "∑", "prod": "∏", "lvert": "|", "rvert": "|", "vert": "|",
    "mid": "|", "lVert": "‖", "rVert": "‖", "Vert": "‖", "|": "‖", "{": "{", "}": "}", "%": "%",
    "lbrace": "{", "rbrace": "}", "lbrack": "[", "rbrack": "]", "lparen": "(", "rparen": ")",
    "prime": "'", "pi": "π", "ne": "≠", "neq": "≠", "in": "∈", "&": "&", "_": "_", "ell": "ℓ",
    "varepsilon": "ε", "varphi": "φ", "vartheta": "θ", "varsigma": "ς", "cdots": "…", "ldots": "…",
    "dots": "…", "vdots": "…",
}  # fmt: skip
_FONTS = {
    "mathbf", "mathrm", "mathit", "mathsf", "mathcal", "mathtt", "boldsymbol", "bm", "text",
    "textrm", "textbf", "textit", "operatorname", "vec", "boxed", "mbox", "rm", "mathnormal",
}  # fmt: skip
_HATS = {
    "hat": "hat", "widehat": "hat", "bar": "bar", "overline": "bar", "tilde": "tilde",
    "widetilde": "tilde",
}  # fmt: skip
_FRACTIONS = {"frac", "dfrac", "tfrac", "cfrac"}
_FUNCTIONS: Final = {s for s in SPELLINGS if s.isalpha() and s.isascii()}

_COMMAND = re.compile(r"\\([A-Za-z]+\*?|.)", re.DOTALL)
_WRAPPERS = (("$$", "$$"), ("$", "$"), (r"\(", r"\)"), (r"\[", r"\]"))


def from_latex(source: Source) -> Source:
    r"""`\frac{1}{2}\alpha x` → `\frac{1}{2}αx`: only `\frac`, `\sqrt` and `\root` stay commands.

    Raises AnswerError for a command that is not read here.
    """
    text = source.text
    start, end = unwrapped(text)
    if "\\" not in text[start:end] and "{,}" not in text:
        if (start, end) == (0, len(text)):
            return source
        return Source(text[start:end], tuple(source.place(k) for k in range(start, end)))
    return _Rewriter(source, start, end).run()


def unwrapped(text: str) -> tuple[int, int]:
    """The span inside `$…$`, `$$…$$`, `\\(…\\)` or `\\[…\\]`, or the whole text."""
    start, end = 0, len(text)
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    for left, right in _WRAPPERS:
        if (
            text.startswith(left, start)
            and text.endswith(right, start, end)
            and end - start >= len(left) + len(right)
        ):
            return start + len(left), end - len(right)
    return 0, len(text)


class _Rewriter:
    def __init__(self, source: Source, start: int, end: int) -> None:
        self.source = source
        self.text = source.text
        self.k = start
        self.end = end
        self.out: list[str] = []
        self.places: list[int] = []
        self.depth = 0
        self.upright = -1
        """Where an upright d ended that has not been followed by anything."""

    def run(self) -> Source:
        while self.k < self.end:
            self.step()
        return Source("".join(self.out), tuple(self.places))

    def put(self, piece: str, at: int) -> None:
        self.out.extend(piece)
        self.places.extend([self.source.place(at)] * len(piece))

    def fail(self, cause: str, at: int) -> AnswerError:
        return AnswerError(cause, self.source.place(at))

    def step(self) -> None:
        char = self.text[self.k]
        if char == "\\":
            self.command()
            return
        if char == "~":
            char = " "
        if char == "^" and re.compile(r"\^\d\d").match(self.text, self.k):
            raise self.fail(
                "In LaTeX this raises only the first digit; put the exponent in braces.", self.k
            )
        if char == "{" and self.text.startswith("{,}", self.k):
            # 0{,}5 is LaTeX's way to write a decimal comma.
            self.put(",", self.k)
            self.k += 3
            return
        self.put(char, self.k)
        self.k += 1

    def command(self) -> None:
        at = self.k
        m = _COMMAND.match(self.text, at)
        if m is None or m.end() > self.end:
            raise self.fail("There is a lone backslash at the end.", at)
        word = m[1].rstrip("*")
        self.k = m.end()
        if word in _SPACE:
            # 12\,345 groups thousands; the lexer checks that it does.
            self.put(THIN if word == "," and self._between_digits(at) else " ", at)
        elif word in _DROPPED:
            self._skip_delimiter(word, at)
        elif word in _SIGNS:
            self.put(_SIGNS[word], at)
        elif word in GREEK:
            self.put(GREEK[word], at)
        elif word in _FRACTIONS:
            self.put(r"\frac", at)
            self._group(at)
            self._group(at)
        elif word == "sqrt":
            self._root(at)
        elif word in _HATS:
            self._hat(_HATS[word], at)
        elif word in _FONTS:
            self._font(at)
        elif word in _FUNCTIONS:
            self._function(word, at)
        else:
            raise self.fail(f"The command \\{m[1]} is not read here.", at)

    def _between_digits(self, at: int) -> bool:
        return self.text[at - 1 : at].isdigit() and self.text[self.k : self.k + 1].isdigit()

    def _skip_delimiter(self, word: str, at: int) -> None:
        self._blank()
        if self.text.startswith(".", self.k):
            raise self.fail(f"An empty delimiter after \\{word} is not read here.", at)

    def _blank(self) -> None:
        while self.k < self.end and self.text[self.k].isspace():
            self.k += 1

    def _group(self, at: int) -> None:
        """One TeX argument: a braced group, a command or a single character, put in braces."""
        self._blank()
        if self.k >= self.end:
            raise self.fail("This command lacks an argument.", at)
        char = self.text[self.k]
        if char == "{":
            self._braced(self.put_rest)
            return
        self.put("{", self.k)
        if char == "\\":
            self.depth += 1
            if self.depth > DEPTH_CAP:
                raise self.fail("This is nested too deeply.", self.k)
            self.command()
            self.depth -= 1
        else:
            self.put(char, self.k)
            self.k += 1
        self.put("}", self.k - 1)

    def put_rest(self, stop: int) -> None:
        self.depth += 1
        if self.depth > DEPTH_CAP:
            raise self.fail("This is nested too deeply.", self.k)
        while self.k < stop:
            self.step()
        self.depth -= 1

    def _braced(self, inside: Callable[[int], None]) -> None:
        """Copy `{…}`, handing the inside to a function that must read up to the given offset."""
        opened = self.k
        stop = self._closing(opened)
        self.put("{", opened)
        self.k = opened + 1
        inside(stop)
        self.put("}", stop)
        self.k = stop + 1

    def _closing(self, opened: int) -> int:
        depth = 0
        k = opened
        while k < self.end:
            char = self.text[k]
            if char == "\\":
                k += 2
                continue
            depth += (char == "{") - (char == "}")
            if depth == 0:
                return k
            k += 1
        raise self.fail("This { is never closed.", opened)

    def _root(self, at: int) -> None:
        self._blank()
        if self.text.startswith("[", self.k):
            stop = self.text.find("]", self.k, self.end)
            if stop < 0:
                raise self.fail("This [ is never closed.", self.k)
            self.put(r"\root{", at)
            self.k += 1
            self.put_rest(stop)
            self.put("}", stop)
            self.k = stop + 1
        else:
            self.put(r"\sqrt", at)
        self._group(at)

    def _plain_argument(self, at: int) -> str:
        """A group of letters as text; used for names, so nothing but letters may stand in it."""
        self._blank()
        if self.k < self.end and self.text[self.k] == "{":
            stop = self._closing(self.k)
            inside = self.text[self.k + 1 : stop]
            self.k = stop + 1
        else:
            m = re.compile(r"\\[A-Za-z]+|.", re.DOTALL).match(self.text, self.k)
            if m is None:
                raise self.fail("This command lacks an argument.", at)
            inside = m.group()
            self.k = m.end()
        plain = inside.strip().lstrip("\\")
        return GREEK.get(plain, plain)

    def _hat(self, mark: str, at: int) -> None:
        inside = self._plain_argument(at)
        if not inside.isalpha():
            raise self.fail(f"A {mark} is read over a single name only.", at)
        self.put(f"{inside}_{mark}", at)

    def _font(self, at: int) -> None:
        raised = "".join(self.out[-1:]) in {"_", "^"}
        self._blank()
        opened = self.k
        if self.k < self.end and self.text[self.k] == "{" and not raised:
            stop = self._closing(opened)
            if not re.fullmatch(r"[^\W\d_]+(?:_?\w+)?", self.text[opened + 1 : stop].strip()):
                if self.text[opened + 1 : stop].strip().isdigit():
                    raise self.fail("For a vector of ones write ones(n).", at)
                self.k = opened + 1
                self.put("(", opened)
                self.put_rest(stop)
                self.put(")", stop)
                self.k = stop + 1
                return
        inside = self._plain_argument(at)
        if not re.fullmatch(r"\w[\w ,]*", inside):
            raise self.fail("Only a plain name can stand in this command.", at)
        inside = inside.replace(" ", "_") if " " in inside else inside
        if raised:
            self.put("{" + inside + "}", at)
            return
        # d\mathbf{O} may be the gradient dO; the names tell whether it is a product.
        gradient = len(inside) == 1 and self.out[-1:] == ["d"]
        if self.out and self.out[-1].isalnum() and self.upright != at and not gradient:
            self.put(" ", at)
        self.put(inside, at)
        if inside == "d":
            # An upright d belongs to what follows: \mathrm{d}O is dO.
            self._blank()
            self.upright = self.k
            if self.text[self.k : self.k + 1].isalpha() or self.text.startswith("\\", self.k):
                return
        if self.k < self.end and self.text[self.k] not in "_^'":
            self.put(" ", at)

    def _function(self, word: str, at: int) -> None:
        if self.out and self.out[-1].isalnum():
            self.put(" ", at)
        self.put(word, at)
        m = re.compile(r"\s*_").match(self.text, self.k)
        if m:
            self.k = m.end() - 1
        elif not re.compile(r"\s*[({\\]?\\?(?:left)?\(").match(self.text, self.k):
            self.put(" ", at)
